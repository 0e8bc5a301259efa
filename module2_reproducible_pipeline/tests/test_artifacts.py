"""Artifacts: found by version, alias or digest, checked before use, safe for two at once."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rentals.artifacts import Store
from rentals.errors import ArtifactError
from rentals.index import transaction


@pytest.fixture(name="store")
def store_fixture(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store")


def _put(store, text, name="a.csv"):
    source = store.folder.parent / "source"
    source.write_text(text, encoding="utf-8")
    return store.put(name, source)


def test_each_new_content_is_a_new_version_and_the_same_again_is_not(store):
    assert [_put(store, text).number for text in ("one", "one", "two", "two", "one")] == [
        1, 1, 2, 2, 3]
    assert store.find("a.csv:v1").digest == store.find("a.csv:v3").digest


def test_versions_are_found_by_every_kind_of_reference(store):
    one, two = _put(store, "one"), _put(store, "two")
    store.set_alias("a.csv", "reference", 1)
    for reference, expected in (("a.csv", two), ("a.csv:latest", two), ("a.csv:v1", one),
                                ("a.csv:reference", one), (f"a.csv:{one.digest}", one),
                                (f"a.csv:{two.digest[:8]}", two)):
        assert store.get(reference) == expected, reference
    assert one.path.read_text(encoding="utf-8") == "one"


@pytest.mark.parametrize(("reference", "said"), [
    ("b.csv", "no artifact 'b.csv' yet"),
    ("a.csv:v2", "no version or alias 'v2'"),
    ("a.csv:prod", "no version or alias 'prod'"),
    ("a.csv:00000000", "no version or alias '00000000'"),
    ("a.csv:abc", "no version or alias 'abc'"),
])
def test_an_unknown_reference_is_named_with_what_there_is(store, reference, said):
    _put(store, "one")
    with pytest.raises(ArtifactError, match=said):
        store.get(reference)


def test_a_changed_artifact_is_noticed_before_use(store):
    artifact = _put(store, "one")
    artifact.path.chmod(0o600)
    artifact.path.write_text("One", encoding="utf-8")
    with pytest.raises(ArtifactError, match=r"a\.csv:v1: .* was changed or deleted"):
        store.get("a.csv")


def test_a_deleted_artifact_is_noticed_before_use(store):
    artifact = _put(store, "one")
    shutil.rmtree(artifact.path.parent)
    with pytest.raises(ArtifactError, match="was changed or deleted"):
        store.get("a.csv")


def test_an_alias_moves_or_stays_as_asked(store):
    _put(store, "one")
    _put(store, "two")
    assert store.set_alias("a.csv", "reference", 1)
    assert not store.set_alias("a.csv", "reference", 2, only_if_free=True)
    assert store.find("a.csv:reference").number == 1
    assert store.set_alias("a.csv", "reference", 2)
    assert store.find("a.csv:reference").number == 2


@pytest.mark.parametrize("alias", ["latest", "v3", "deadbeef", "", "With Space", "a:b"])
def test_a_word_that_means_something_else_cannot_be_an_alias(store, alias):
    _put(store, "one")
    with pytest.raises(ArtifactError, match="cannot be an alias"):
        store.set_alias("a.csv", alias, 1)


def test_an_alias_of_a_version_that_is_not_there_is_refused(store):
    _put(store, "one")
    with pytest.raises(ArtifactError, match="no artifact a.csv:v2"):
        store.set_alias("a.csv", "prod", 2)


@pytest.mark.parametrize("name", ["../x", "", "a:b", "a/b", ".hidden", "x" * 101])
def test_a_name_that_is_no_name_is_refused(store, name):
    with pytest.raises(ArtifactError, match="cannot be the name"):
        _put(store, "one", name)


def test_an_earlier_content_can_be_the_newest_again(store):
    one = _put(store, "one")
    _put(store, "two")
    with transaction(store.folder) as index:
        again = store.bring_back(index, "a.csv", one.digest)
        same = store.bring_back(index, "a.csv", one.digest)
    assert (again.number, same.number, again.digest) == (3, 3, one.digest)


def test_every_flipped_byte_of_200_is_noticed_before_use(store, say):
    """In files and in folders, at evenly spread places, one bit each."""
    folder = store.folder.parent / "made"
    (folder / "deep").mkdir(parents=True)
    for number, name in enumerate(("a.csv", "deep/b.png", "c")):
        (folder / name).write_bytes(bytes(range(256)) * (number + 1))
    kept = {"folder": store.put("folder", folder), "file": store.put("file", folder / "a.csv")}
    files = [path for one in kept.values() for path in (
        sorted(one.path.rglob("*")) if one.path.is_dir() else [one.path]) if path.is_file()]
    found = 0
    for count in range(200):
        path = files[count % len(files)]
        content = path.read_bytes()
        place = count * 7919 % len(content)
        path.chmod(0o600)
        path.write_bytes(content[:place] + bytes([content[place] ^ 1 << count % 8])
                         + content[place + 1:])
        name = "file" if path == kept["file"].path else "folder"
        with pytest.raises(ArtifactError, match="was changed or deleted"):
            store.get(name)
        found += 1
        path.write_bytes(content)
        assert store.get(name) == kept[name]
    say(f"artifacts: {found} of 200 flipped bytes noticed")


_WRITER = """
import sys
from pathlib import Path
from rentals.artifacts import Store
store, source = Store(Path(sys.argv[1])), Path(sys.argv[2])
for number in range(15):
    source.write_text(f"{sys.argv[3]} {number}")
    made = store.put("a.csv", source)
    store.set_alias("a.csv", "newest", made.number)
    store.put("same.csv", Path(sys.argv[4]))
"""


def test_two_writers_at_once_lose_nothing(store, tmp_path):
    common = tmp_path / "common"
    common.write_text("the same for both", encoding="utf-8")
    commands = [[sys.executable, "-c", _WRITER, store.folder, tmp_path / f"source {name}", name,
                 common] for name in ("x", "y", "z")]
    # pylint: disable-next=consider-using-with  # three at once
    writers = [subprocess.Popen(command) for command in commands]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    with transaction(store.folder) as index:
        rows = index.execute("SELECT number FROM versions WHERE name = 'a.csv' ORDER BY number"
                             ).fetchall()
    assert [number for number, in rows] == list(range(1, 46))
    texts = {store.get(f"a.csv:v{number}").path.read_text("utf-8") for number in range(1, 46)}
    assert texts == {f"{name} {number}" for name in "xyz" for number in range(15)}
    assert store.find("same.csv").number == 1
    assert store.get("a.csv:newest")
    assert not list(store.folder.rglob(".draft-*"))
