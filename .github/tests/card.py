"""What a line of the card is; each module's lines stand in its own ``card_<package>.py``."""

from dataclasses import dataclass

IMPORT_NAMES = {"scikit-learn": "sklearn", "hydra-core": "hydra"}


@dataclass(frozen=True)
class Entry:
    """A line of the card; ``behaviour`` is Python that fails when the package does its job badly.

    It runs in the module's own environment, in an empty folder. It may stay empty as long as
    the module is not there.
    """

    package: str
    file: str
    behaviour: str = ""

    @property
    def import_name(self) -> str:
        """Name under which the package is imported."""
        return IMPORT_NAMES.get(self.package, self.package)
