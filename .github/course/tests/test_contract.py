"""A submission may be laid out in any way; what is wrong in its mapping is told in sentences."""

import pytest
from small_rubric import write_rubric, write_submission

from coursekit import contract
from coursekit.expect import GraderFault


@pytest.fixture(name="known")
def _known(tmp_path):
    return contract.load_contract(write_rubric(tmp_path / "rubric"))


def mapped(known, folder, text):
    """Return the mapping of a submission with this submission.toml."""
    return contract.map_submission(known, write_submission(folder, {"submission.toml": text}))


def test_without_a_file_the_defaults_are_taken(known, tmp_path):
    found = contract.map_submission(known, write_submission(tmp_path / "s"))
    assert found.functions == {"double": ["numbers_library:double"]}
    assert not found.problems and found.layout["tests"] == ["test_*.py"]


def test_the_first_pattern_of_tests_that_fits_is_taken_alone(known, tmp_path):
    root = write_submission(tmp_path / "s", {"tests/test_a.py": "", "tests/deep/test_b.py": ""})
    found = contract.map_submission(known, root)
    assert contract.test_files(found, contract.list_files(root)) \
        == ["tests/deep/test_b.py", "tests/test_a.py"]


def test_pytest_is_given_folders_and_files_but_no_patterns(known, tmp_path):
    root = write_submission(tmp_path / "s", {"checks/test_a.py": ""})
    found = contract.map_submission(known, root)
    assert contract.test_paths(found, root, contract.list_files(root)) == ["test_numbers.py"]
    found.layout["tests"] = ["checks", "test_*.py"]
    assert contract.test_paths(found, root, contract.list_files(root)) \
        == ["checks", "test_numbers.py"]


def test_code_and_tests_are_told_apart(known, tmp_path):
    root = write_submission(tmp_path / "s", {"src/a/b.py": "", "tests/test_a.py": "", "c.txt": ""})
    found = contract.map_submission(known, root)
    assert contract.code_files(found, contract.list_files(root)) \
        == ["numbers_library.py", "src/a/b.py"]


@pytest.mark.parametrize(("target", "file"), [
    ("mine.deep:double", "src/mine/bad.py"), ("numbers_library:double", "other.py")])
def test_no_file_beside_the_functions_can_be_left_out(known, tmp_path, target, file):
    files = {"src/mine/deep.py": "", "src/nice/a.py": "", file: "", "before/old.py": ""}
    root = write_submission(tmp_path / "s", {**files, "submission.toml":
                                             "[functions]\ndouble = '" + target + "'\n"
                                             "[layout]\ncode = ['src/nice']\n"})
    found = contract.map_submission(known, root)
    code = contract.code_files(found, contract.list_files(root))
    assert {"src/nice/a.py", file} <= set(code) and "before/old.py" not in code


def test_an_own_name_takes_the_place_of_the_default(known, tmp_path):
    found = mapped(known, tmp_path / "s", '[functions]\ndouble = "mine.deep:Class.twice"\n')
    assert found.functions["double"] == ["mine.deep:Class.twice"] and not found.problems


@pytest.mark.parametrize(("text", "said"), [
    ("[functions]\nduoble = 'a:b'", "knows double"),
    ("[functions]\ndouble = 3", "must be a str"),
    ("[functions]\ndouble = 'os.system'", "package.module:function"),
    ("[functions]\ndouble = 'a:b; import os'", "package.module:function"),
    ("[colours]\nred = 1", "no section"), ("functions = 3", "no section"),
    ("[layout]\ncode = ['../other']", "inside of the submission"),
    ("[layout]\ntests = ['/etc']", "inside of the submission"),
    ("[layout]\ntests = ['checks']", "no Python file fits"),
    ("[layout", "cannot be read"), ("\x00", "cannot be read")])
def test_a_wrong_mapping_is_told(known, tmp_path, text, said):
    found = mapped(known, tmp_path / "s", text)
    assert len(found.problems) == 1 and said in found.problems[0]
    # The defaults stay, so that the rest can be looked at.
    assert found.functions["double"] == ["numbers_library:double"]


def test_a_mapping_that_is_a_link_is_not_followed(known, tmp_path):
    root = write_submission(tmp_path / "s")
    (tmp_path / "other.toml").write_text("[functions]\ndouble = 'x:y'", encoding="utf-8")
    (root / "submission.toml").symlink_to(tmp_path / "other.toml")
    assert contract.map_submission(known, root).functions["double"] == ["numbers_library:double"]


def test_caches_environments_and_links_are_not_files(tmp_path):
    root = write_submission(tmp_path / "s", {"__pycache__/a.py": "", ".venv/lib/b.py": "",
                                             ".git/config": "", "a.egg-info/x.py": ""})
    (root / "link.py").symlink_to("/etc/passwd")
    assert contract.list_files(root) == ["numbers_library.py", "test_numbers.py"]


def test_names_that_lead_out_are_told():
    assert contract.is_below("a/b.txt") and contract.is_below("..a/b")
    assert not any(map(contract.is_below, ("", "/a", "../a", "a/../../b", "a\0b")))


def test_a_broken_contract_is_the_graders_fault(tmp_path):
    for text in ("[functions", "[functions.double]\nname = 'a:b'"):
        folder = write_rubric(tmp_path / str(len(text)), contract__toml=text)
        with pytest.raises(GraderFault):
            contract.load_contract(folder)
