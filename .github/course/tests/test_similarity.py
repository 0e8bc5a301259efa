"""A copy with other names is alike; another program is not."""

from pathlib import Path

from coursekit import contract, report, suites
from coursekit.similarity import compare_files, shape


def test_a_copy_with_other_names_is_alike():
    text = Path(contract.__file__).read_text(encoding="utf-8")
    renamed = text.replace("found", "discovered").replace("# ", "# no ").replace("100_000", "7")
    found = compare_files({"mine.py": renamed}, {
        "contract.py": text, "suites.py": Path(suites.__file__).read_text(encoding="utf-8")})
    assert [(entry["reference"], entry["share"]) for entry in found] == [("contract.py", 1.0)]


def test_other_programs_short_files_and_other_texts_are_not():
    texts = {"a.py": Path(report.__file__).read_text(encoding="utf-8"), "b.py": "x = 1\n",
             "c.py": "not python ("}
    reference = {"contract.py": Path(contract.__file__).read_text(encoding="utf-8")}
    assert compare_files(texts, reference) == []
    assert shape("x = 1\n") == set() == shape("(")
