"""The environment of a submission: built of wheels alone, once, and a failure says what failed."""

import hashlib
import subprocess
import threading
import time

import pytest
from small_rubric import LIBRARY, TESTS, needs_bubblewrap, write_rubric, write_submission
from wheelhouse import Index, sdist, wheel

from coursekit import environment, grading
from coursekit.report_page import page
from coursekit.rubric import load_rubric

pytestmark = [needs_bubblewrap, pytest.mark.xdist_group("environment")]
#: Writes where a build may write, so that it would be seen.
HARM = "import os\nopen(os.environ['UV_CACHE_DIR'] + '/harm', 'w').write('the code ran')\n"
FOUND = '    expect(submission.problems + contract.missing(), [], "the mapping")\n'
ASKED = "    if not environment.built:\n        fail('a build', 'built', environment.log)\n"
#: `pytest` is what the build adds by itself.
FILES = (wheel("pytest", "9.2.0"), wheel("numberlib", "1.5"),
         wheel("doubling", "2.0", ("numberlib>=1",)), sdist("oldpin", "0.1", HARM),
         wheel("oldpin", "0.2"))


@pytest.fixture(name="index")
def _index(monkeypatch):
    for name in environment.PASSED_ON:
        monkeypatch.delenv(name, raising=False)
    with Index(*FILES).serve() as index:
        monkeypatch.setenv("UV_DEFAULT_INDEX", index.address)
        yield index


@pytest.fixture(name="build")
def _build(tmp_path):
    """Return a function that builds the environment that some files ask for."""
    (tmp_path / "cache").mkdir()

    def build(**files):
        folder = tmp_path / "submission"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
        return environment.own_environment(folder, tmp_path / "cache")

    return build


def versions(found):
    """Return what the interpreter of an environment imports."""
    code = "import doubling, numberlib, pytest; print(doubling.VERSION, numberlib.VERSION)"
    return subprocess.run([found.python, "-c", code], capture_output=True, text=True, check=True,
                          timeout=30).stdout.split()


def locked(name, version):
    """Return a pin with its hash, as a lock has it."""
    digest = hashlib.sha256(dict(FILES)[f"{name}-{version}-py3-none-any.whl"]).hexdigest()
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n    # via something\n"


SOURCES = {
    "requirements__txt": "# ours\n-e .\n./here\ndoubling>=2  # the newest\n",
    "requirements__lock": locked("doubling", "2.0") + locked("numberlib", "1.5"),
    "pyproject__toml": "[project]\nname = 'x'\nversion = '1'\ndependencies = ['doubling']\n"
                       "[project.optional-dependencies]\nmore = ['numberlib <2']\n",
    "setup__cfg": "[options]\ninstall_requires =\n    doubling\n    numberlib\n\n[other]\n"}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.usefixtures("index")
def test_each_kind_of_list_is_built(build, source):
    found = build(**{source: SOURCES[source]})
    assert (found.name, found.built) == (f"from {source.replace('__', '.')}", True), found.log
    assert versions(found) == ["2.0", "1.5"]


def test_the_second_time_nobody_is_asked(build, index):
    first = build(requirements__txt="doubling\n")
    assert any("doubling" in path for path in index.asked)
    index.asked.clear()
    second = build(requirements__txt="doubling\n")
    assert second == first and index.asked == [] and versions(second)
    assert build(requirements__txt="numberlib\n").python != first.python and index.asked


def test_an_old_pin_without_a_wheel_is_named_and_its_code_never_runs(build, index, tmp_path):
    found = build(requirements__txt="doubling\noldpin==0.1\n")
    assert not list(tmp_path.rglob("harm"))
    assert not found.built and found.python is None
    assert "oldpin" in found.log and "no usable wheels" in " ".join(found.log.split())
    assert not any("oldpin-0.1" in path for path in index.asked)
    assert build(requirements__txt="oldpin==0.2\n").built


@pytest.mark.usefixtures("index")
def test_a_package_that_nobody_has_is_named(build):
    found = build(requirements__txt="doubling\nnobody-has-this==3\n")
    assert not found.built and "nobody-has-this" in found.log and "not found" in found.log


@pytest.mark.parametrize("line", [
    "git+https://host.example/x.git", "--index-url https://host.example/simple", "-r other.txt",
    "x @ https://host.example/x-1-py3-none-any.whl", "x @ file:///submission", "--find-links ."])
def test_only_names_and_versions_are_installed(build, index, line):
    found = build(requirements__txt=f"doubling\n{line}\n")
    assert found == environment.Environment(
        "from requirements.txt", False, f"only names and versions are installed, not: {line}",
        None)
    assert index.asked == []


@pytest.mark.parametrize(("source", "text"), [
    ("pyproject__toml", "[project"), ("pyproject__toml", "project = 1\n"),
    ("pyproject__toml", "[project]\ndependencies = [1]\n"),
    ("pyproject__toml", "[project]\ndependencies = 'doubling'\n"),
    ("pyproject__toml", "[dependency-groups]\na = 'doubling'\n")])
def test_a_list_that_cannot_be_read_is_told_in_a_line(build, index, source, text):
    found = build(**{source: text})
    assert not found.built and index.asked == []
    assert "pyproject.toml cannot be read" in found.log and len(found.log.splitlines()) == 1


def test_without_a_list_there_is_no_environment(build):
    assert build(setup__cfg="[metadata]\nname = x\n", pyproject__toml="[tool.x]\ny = 1\n") is None


@pytest.mark.usefixtures("index")
def test_a_build_that_broke_off_is_built_anew(build, tmp_path):
    first = build(requirements__txt="doubling\n")
    folder = first.python.parents[2]
    (folder / "done").unlink()
    (folder / "half").write_text("x", encoding="utf-8")
    first.python.unlink()
    second = build(requirements__txt="doubling\n")
    assert (second.built, second.python) == (True, first.python) and versions(second)
    assert not (folder / "half").exists() and folder.is_relative_to(tmp_path)


@pytest.mark.usefixtures("index")
def test_two_at_once_build_once(build, monkeypatch):
    builds, really = [], environment._made  # pylint: disable=protected-access
    monkeypatch.setattr(environment, "_made", lambda *given: builds.append(1) or really(*given))
    found = []
    threads = [threading.Thread(target=lambda: found.append(build(
        requirements__txt="doubling\n"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(builds) == 1 and len(found) == 2 and found[0] == found[1] and versions(found[0])


def test_the_build_learns_no_login(build, index, monkeypatch):
    seen, really = [], environment.sandbox.run_inside
    monkeypatch.setattr(environment.sandbox, "run_inside", lambda view, *more: seen.append(
        dict(view.variables)) or really(view, *more))
    monkeypatch.setenv("HTTPS_PROXY", "http://name:password@127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "name:password@127.0.0.1:9")
    monkeypatch.setenv("PIP_INDEX_URL", "https://token@host.example/simple")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("COURSEKIT_SECRET", "password")
    assert build(requirements__txt="doubling\n").built
    assert seen and "password" not in repr(seen) and "token" not in repr(seen)
    assert seen[0]["NO_PROXY"] == "127.0.0.1,localhost"
    assert seen[0]["UV_DEFAULT_INDEX"] == index.address


def test_a_build_that_hangs_is_ended(build, index, monkeypatch):
    monkeypatch.setattr(environment, "BUILD_SECONDS", 2)
    index.is_silent = True
    begun = time.monotonic()
    found = build(requirements__txt="doubling\n")
    assert not found.built and "not ready after 2 s" in found.log
    assert time.monotonic() - begun < 10


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize(("needs", "expected"), [
    ("doubling\n", {"M1-01": "pass", "M1-02": "pass"}),
    ("oldpin==0.1\n", {"M1-01": "fail", "M1-02": "not_checked"})])
def test_what_needs_a_failed_environment_is_not_checked(tmp_path, needs, expected):
    text = TESTS.replace("test_found(contract, submission", "test_found(environment").replace(
        "import expect,", "import expect, fail,").replace(FOUND, ASKED)
    rubric = load_rubric(write_rubric(tmp_path, test_rubric_small__py=text))
    library = LIBRARY.replace("return", "import doubling\n    return")
    source = write_submission(tmp_path / "s", {"requirements.txt": needs,
                                               "numbers_library.py": library})
    found = grading.grade(str(source), rubric, grading.Options(1, ("M1-02",),
                                                               cache=tmp_path / "cache"))
    assert {entry["id"]: entry["state"] for entry in found["criteria"]} == expected
    is_built = expected["M1-01"] == "pass"
    assert (found["environment"]["name"], found["environment"]["built"], found["faults"]) == (
        "from requirements.txt", is_built, [])
    if not is_built:
        assert "oldpin" in found["environment"]["log"]
        assert "oldpin" in found["criteria"][0]["failures"][0]["got"]
        assert "from requirements.txt: not built" in page(found)
