"""Turn a model into bytes that depend on nothing but the model, and such bytes into a model.

In: a fitted estimator, or bytes. Out: bytes that plain skops can read, or the estimator.
skops writes addresses of objects, random names and clock times into its files; here they are
replaced, so that equal models have equal digests and a stored model can be compared.

Immutable values (numbers, texts, types, tuples) carry no identity: whether Python shared two
of them is an accident. Arrays, lists and objects keep theirs, numbered as they are met.
"""

import hashlib
import io
import json
import re
from dataclasses import dataclass, field
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import numpy as np
import skops.io
from skops.io.exceptions import UntrustedTypesFoundException

from riskwatch.errors import ModelFileError
from riskwatch.trees import check_trees, count_trees

#: What our models hold beyond the types that skops trusts by itself. Trees are not trusted by
#: skops because a forged tree can crash its reader; `riskwatch.trees` looks at them.
TRUSTED_TYPES: tuple[str, ...] = (
    "numpy.dtype",
    "riskwatch.features.LogCounts",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)

_SCHEMA = "schema.json"
_VALUES = frozenset(("BytesNode", "DTypeNode", "FunctionNode", "JsonNode", "SliceNode",
                     "TupleNode", "TypeNode"))
_MEMBER = re.compile(r"schema\.json|[1-9][0-9]*\.(npy|bin)")


@dataclass
class _Renumbering:
    """Walks the states that skops wrote, in order, and gives them lasting names."""

    source: ZipFile
    members: dict[str, bytes] = field(default_factory=dict)
    _numbers: dict[int, int] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def walk(self, state: Any) -> Any:
        """Return ``state``, a piece of the parsed schema, in canonical form."""
        if isinstance(state, list):
            return [self.walk(item) for item in state]
        if not isinstance(state, dict):
            return state
        # A dictionary of a model may itself have such a key; its values are never texts.
        if not isinstance(state.get("__loader__"), str):
            return {key: self.walk(item) for key, item in state.items()}
        return self._walk_node(state)

    def _walk_node(self, state: dict[str, Any]) -> dict[str, Any]:
        loader, identity = state["__loader__"], state.pop("__id__")
        if loader in _VALUES or (loader == "NdArrayNode" and state["__class__"] != "ndarray"):
            known = {}
        elif identity in self._numbers:
            return {"__class__": state["__class__"], "__module__": state["__module__"],
                    "__loader__": "CachedNode", "__id__": self._numbers[identity]}
        else:
            # Counted from 1, because skops takes 0 for no identity.
            known = {"__id__": self._numbers.setdefault(identity, len(self._numbers) + 1)}
        node = {key: self.walk(item) for key, item in state.items()}
        if "file" in node:
            node["file"] = self._member(node["file"])
        if loader == "SetNode":
            node["content"] = sorted(node["content"], key=_text_of_member)
        return node | known

    def _member(self, name: str) -> str:
        content = self.source.read(name)
        if name.endswith(".npy"):
            content = _without_padding(content)
        # Equal arrays share a member; each node still reads an array of its own.
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self._names:
            self._names[digest] = f"{len(self._names) + 1}.{name.rpartition('.')[2]}"
            self.members[self._names[digest]] = content
        return self._names[digest]


def _text_of_member(state: dict[str, Any]) -> str:
    text = json.dumps(state)
    if '"__id__"' in text:
        # The order of such a set follows addresses, so no order of ours would last.
        raise ModelFileError("a set of objects cannot be stored")
    return text


def _without_padding(content: bytes) -> bytes:
    """Zero the gaps between the fields of a record: they hold whatever memory held."""
    records = np.load(io.BytesIO(content), allow_pickle=False)
    if records.dtype.names is None:
        return content
    clean = np.zeros(records.shape, records.dtype)
    for name in records.dtype.names:
        clean[name] = records[name]
    buffer = io.BytesIO()
    np.save(buffer, clean, allow_pickle=False)
    return buffer.getvalue()


def _canonical(model: Any) -> bytes:
    with ZipFile(io.BytesIO(skops.io.dumps(model))) as source:
        renumbering = _Renumbering(source)
        schema = renumbering.walk(json.loads(source.read(_SCHEMA)))
    members = {_SCHEMA: json.dumps(schema, separators=(",", ":")).encode(), **renumbering.members}
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as archive:
        for name, content in members.items():
            info = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def model_to_bytes(model: Any) -> bytes:
    """Return the canonical skops file of a model, after reading it back.

    Parameters
    ----------
    model : estimator
        A fitted estimator of scikit-learn, or a pipeline of such and our transformers.

    Returns
    -------
    bytes
        Equal for equal models, in any process.

    Raises
    ------
    ModelFileError
        The model holds something that could not be read back, or not as it was.
    """
    content = _canonical(model)
    if _canonical(model_from_bytes(content)) != content:
        raise ModelFileError("what is read back is not the model that was stored")
    return content


def model_from_bytes(content: bytes) -> Any:
    """Return the model of a canonical skops file, running no code of the file's choice.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    estimator

    Raises
    ------
    ModelFileError
        No such file, or a type that neither `TRUSTED_TYPES` nor skops allows, or a tree that
        points outside of itself.
    """
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive, len(content))
            tree_count = count_trees(json.loads(archive.read(_SCHEMA)))
        model = skops.io.loads(content, trusted=TRUSTED_TYPES)
        check_trees(model, tree_count)
        return model
    except UntrustedTypesFoundException as err:
        raise ModelFileError(str(err).splitlines()[0]) from err
    except ModelFileError:
        raise
    except Exception as err:  # pylint: disable=broad-exception-caught
        # A forged file can provoke any fault of three libraries: each is a verdict on it.
        raise ModelFileError(f"not a readable model ({type(err).__name__})") from err


def _check_archive(archive: ZipFile, size: int) -> None:
    """Refuse what `_canonical` never writes: packed members, which can swell, or odd names."""
    members = archive.infolist()
    if (not all(member.compress_type == ZIP_STORED and _MEMBER.fullmatch(member.filename)
                for member in members)
            or sum(member.file_size for member in members) > size):
        raise ModelFileError("not a canonical model file: its members are packed or misnamed")
