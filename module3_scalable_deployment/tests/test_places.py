"""Paths stand below the folder of results, each in a folder of its own."""

from pathlib import Path

from census.places import Places


def test_every_place_is_below_the_folder_of_results():
    places = Places(Path("somewhere"))
    found = [getattr(places, name) for name, kind in vars(Places).items()
             if isinstance(kind, property)]
    assert len(found) >= 9 and len(set(found)) == len(found)
    assert all(path.parts[0] == "somewhere" for path in found)
