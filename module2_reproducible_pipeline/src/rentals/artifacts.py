"""The only door between steps: artifacts by name, version, alias or digest.

In: what a step made. Out: what the next step reads, checked byte for byte before it is used.
Steps know no paths of each other, so each can be run, cached and repeated by itself.
"""

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from rentals.contents import Content, is_intact, keep, place_of
from rentals.errors import ArtifactError
from rentals.index import transaction

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}")
_ALIAS = re.compile(r"(?!latest$|v[0-9]+$|[0-9a-f]{8,64}$)[a-z][a-z0-9_.-]{0,49}")
_DIGEST = re.compile(r"[0-9a-f]{8,64}")
_COLUMNS = "name, number, digest, kind, size, run"


@dataclass(frozen=True)
class Artifact:
    """One version of a name: digest and place of what it holds, and the run that made it."""

    name: str
    number: int
    digest: str
    path: Path
    run: str

    @property
    def reference(self) -> str:
        """The name with its version, such as ``sample.csv:v1``."""
        return f"{self.name}:v{self.number}"


@dataclass(frozen=True)
class Store:
    """Artifacts in one folder."""

    folder: Path

    def put(self, name: str, source: Path, run: str = "") -> Artifact:
        """Store a file or folder as the newest version of ``name``.

        Parameters
        ----------
        name : str
            Letters, digits, ``_``, ``.``, ``-``.
        source : Path
            Is copied.
        run : str
            The run that made it.

        Returns
        -------
        Artifact
            The newest version itself, when that holds the same.

        Raises
        ------
        ArtifactError, InputError, OutputError, BusyError
        """
        content = keep(self.folder, source)
        with transaction(self.folder) as index:
            return self.add_version(index, name, content, run)

    def add_version(self, index: sqlite3.Connection, name: str, content: Content, run: str
                    ) -> Artifact:
        """Make kept ``content`` the newest version of ``name``, within a transaction."""
        if not _NAME.fullmatch(name):
            raise ArtifactError(f"{name!a} cannot be the name of an artifact")
        row = index.execute(f"SELECT {_COLUMNS} FROM versions WHERE name = ? "
                            "ORDER BY number DESC LIMIT 1", (name,)).fetchone()
        if row and row[2] == content.digest:
            return self._artifact(row)
        row = (name, row[1] + 1 if row else 1, content.digest, content.kind, content.size, run)
        index.execute("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?)", row)
        return self._artifact(row)

    def bring_back(self, index: sqlite3.Connection, name: str, digest: str) -> Artifact:
        """Make an earlier version's content the newest again, within a transaction."""
        kind, size, run = index.execute("SELECT kind, size, run FROM versions WHERE name = ? AND "
                                        "digest = ?", (name, digest)).fetchone()
        return self.add_version(index, name, Content(digest, kind, size), run)

    def find(self, reference: str) -> Artifact:
        """Return the artifact of a reference, without looking at its content.

        Parameters
        ----------
        reference : str
            ``name``, ``name:latest``, ``name:v3``, ``name:alias`` or ``name:digest`` (from 8
            digits on).

        Returns
        -------
        Artifact

        Raises
        ------
        ArtifactError
            There is none.
        """
        name, _, wanted = reference.partition(":")
        with transaction(self.folder) as index:
            rows = index.execute(f"SELECT {_COLUMNS} FROM versions WHERE name = ? "
                                 "ORDER BY number", (name,)).fetchall()
            aliases = dict(index.execute("SELECT alias, number FROM aliases WHERE name = ?",
                                         (name,)).fetchall())
        if not rows:
            raise ArtifactError(f"there is no artifact {name!a} yet; run the step that makes it")
        if wanted in ("", "latest"):
            return self._artifact(rows[-1])
        found = [row for row in rows if _is_meant(wanted, row, aliases)]
        if not found:
            known = ", ".join(["latest", *aliases, f"v1 to v{rows[-1][1]}"])
            raise ArtifactError(f"artifact {name} has no version or alias {wanted!a}; "
                                f"there are: {known}")
        if len({row[2] for row in found}) > 1:
            raise ArtifactError(f"artifact {name}: {wanted} begins several digests; "
                                "give more digits")
        return self._artifact(found[-1])

    def get(self, reference: str) -> Artifact:
        """Return the artifact of a reference after checking every byte of it.

        Parameters
        ----------
        reference : str
            As for `find`.

        Returns
        -------
        Artifact
            Its ``path`` may be read and must not be written.

        Raises
        ------
        ArtifactError
            There is none, or its content was changed or deleted.
        """
        artifact = self.find(reference)
        if not is_intact(artifact.path, artifact.digest):
            raise ArtifactError(f"{artifact.reference}: {artifact.path} was changed or deleted "
                                "after it was stored; run the step that makes it again")
        return artifact

    def set_alias(self, name: str, alias: str, number: int, *, only_if_free: bool = False
                  ) -> bool:
        """Let ``name:alias`` mean version ``number``; return whether it does now.

        Parameters
        ----------
        name, alias : str
        number : int
            A version that exists.
        only_if_free : bool
            Leave an alias alone that is set already.

        Returns
        -------
        bool

        Raises
        ------
        ArtifactError
            The version does not exist, or the word cannot be an alias.
        """
        if not _ALIAS.fullmatch(alias):
            raise ArtifactError(f"{alias!a} cannot be an alias: it is no word, or means a version")
        verb = "INSERT OR IGNORE" if only_if_free else "INSERT OR REPLACE"
        with transaction(self.folder) as index:
            if not index.execute("SELECT 1 FROM versions WHERE name = ? AND number = ?",
                                 (name, number)).fetchone():
                raise ArtifactError(f"there is no artifact {name}:v{number}")
            index.execute(f"{verb} INTO aliases VALUES (?, ?, ?)", (name, alias, number))
            row = index.execute("SELECT number FROM aliases WHERE name = ? AND alias = ?",
                                (name, alias)).fetchone()
        return bool(row[0] == number)

    def has(self, reference: str) -> bool:
        """Is there an artifact of this reference?"""
        try:
            self.find(reference)
        except ArtifactError:
            return False
        return True

    def _artifact(self, row: tuple[str, int, str, str, int, str]) -> Artifact:
        return Artifact(row[0], row[1], row[2], place_of(self.folder, row[2]), row[5])


def _is_meant(wanted: str, row: tuple[str, int, str, str, int, str], aliases: dict[str, int]
              ) -> bool:
    return (wanted == f"v{row[1]}" or aliases.get(wanted) == row[1]
            or bool(_DIGEST.fullmatch(wanted) and row[2].startswith(wanted)))
