"""The modules share one skeleton, and each stands on its own."""

import ast
import re
import resource

import pytest

from street import (MODULE_NAMES, MODULES, ROOT, block, copy_tracked, folder_name, package_of,
                    read_toml, run, tracked_files)

HEADINGS = ["In one minute", "Measured", "The rooms", "Change it", "Lessons", "Rubric",
            "When it goes wrong"]
TOP_LEVEL = {"README.md", "pyproject.toml", "Makefile", ".github", "LICENSE", ".gitignore", ".ci",
             "requirements.lock", ".pre-commit-config.yaml", ".editorconfig", *MODULE_NAMES}
REQUIRED = {"README.md", "Makefile", "pyproject.toml", "requirements.lock", "src", "tests"}
ALLOWED = REQUIRED | {"config", "deploy", "benchmarks", "lessons", "rubric"}
#: What the tools of a module want at its top, beside the common skeleton.
OWN = {"module2_reproducible_pipeline": {"MLproject"},
       "module3_scalable_deployment": {"dvc.yaml", "dvc.lock", "params.yaml", ".dvc",
                                       ".dvcignore", "model_card.md"}}
IMPORT_ALL = """
import importlib, json, logging, os, pkgutil, sys, threading
sys.dont_write_bytecode = True
name, cache, faults = sys.argv[1], sys.argv[2], []
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen"):
        faults.append(f"{event} {arguments}")
        raise RuntimeError(f"importing must not reach out: {event}")
    if event == "open":
        path, mode, flags = arguments
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) if flags else "w" in str(mode)
        if writes and not str(path).startswith((cache, os.devnull)):
            faults.append(f"writes {path}")
sys.addaudithook(watch)
package = importlib.import_module(name)
names = [info.name for info in pkgutil.walk_packages(package.__path__, name + ".")]
for inner in names:
    if not inner.endswith(".__main__"):
        importlib.import_module(inner)
own = [logging.getLogger(other) for other in [name, *names]]
faults += [f"handler on {log.name}" for log in [logging.getLogger(), *own] if log.handlers]
faults += [f"level on {log.name}" for log in own if log.level]
if "matplotlib.pyplot" in sys.modules:
    faults.append("matplotlib.pyplot is loaded")
if threading.active_count() > 1:
    faults.append("a thread runs")
print(json.dumps({"modules": len(names), "faults": faults}))
"""

each_module = pytest.mark.parametrize("module", MODULES, ids=folder_name)


def imported_names(text: str) -> set[str]:
    """Return the top-level names that a Python text imports."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).split(".", maxsplit=1)[0])
    return found


def test_the_top_level_holds_nothing_but_the_street():
    found = {name.parts[0] for name in tracked_files()}
    # A module in the making may lack the Makefile that makes it part of the street.
    assert {name for name in found if not re.fullmatch(r"module[1-4]_[a-z_]+", name)} <= TOP_LEVEL
    assert (ROOT / "README.md").is_file()


@each_module
def test_the_skeleton(module):
    here = {name.parts[1] for name in tracked_files() if name.parts[0] == module.name}
    assert REQUIRED <= here
    extra = {name for name in here - ALLOWED if not re.fullmatch(r"requirements-.+\.lock", name)}
    assert extra <= OWN.get(module.name, set())
    assert (module / "src" / package_of(module) / "__init__.py").is_file()


@each_module
def test_the_readme_has_the_same_headings_in_the_same_order(module):
    text = (module / "README.md").read_text(encoding="utf-8")
    assert [head for head in re.findall(r"^## (.+)$", text, re.M) if head in HEADINGS] == HEADINGS


@each_module
def test_the_shared_blocks_of_the_makefiles_are_the_same_text(module):
    environment = block(ROOT / "Makefile", "environment")
    assert block(module / "Makefile", "environment") == environment
    assert block(module / "Makefile", "verbs") == block(MODULES[0] / "Makefile", "verbs")
    assert "FIND_PYTHON" in environment


@each_module
def test_the_pyproject_names_the_module_and_its_laws(module):
    content = read_toml(module / "pyproject.toml")
    package = package_of(module)
    assert content["project"]["name"] == f"mlops-capstone-{package}"
    assert content["tool"]["mypy"]["strict"] is True
    assert content["tool"]["importlinter"]["root_package"] == package
    assert content["tool"]["importlinter"]["contracts"]
    assert content["tool"]["pytest"]["ini_options"]["xfail_strict"] is True


def test_no_module_imports_another():
    packages = {module.name: package_of(module) for module in MODULES}
    for name in tracked_files():
        if name.suffix != ".py":
            continue
        foreign = {package for module, package in packages.items() if module != name.parts[0]}
        found = imported_names((ROOT / name).read_text(encoding="utf-8")) & foreign
        assert not found, f"{name} imports {found}"


def test_imports_are_found_wherever_they_stand():
    text = "import a.b\ndef f():\n    from c.d import e\n    from . import g\n"
    assert imported_names(text) == {"a", "c"}


@each_module
def test_importing_every_file_does_nothing(module, tmp_path):
    folders = [tmp_path / name for name in ("empty", "home", "cache")]
    for folder in folders:
        folder.mkdir()
    empty, home, cache = folders
    python = str(module / ".venv" / "bin" / "python")
    places = {"HOME": str(home), "MPLCONFIGDIR": str(cache), "XDG_CACHE_HOME": str(cache)}
    # matplotlib lists the fonts of a machine once, by a program of its own.
    run([python, "-c", "import matplotlib.font_manager"], cache, **places)
    done = run([python, "-W", "ignore", "-c", IMPORT_ALL, package_of(module), str(cache)], empty,
               **places)
    assert done.returncode == 0, done.stderr
    assert '"faults": []' in done.stdout
    assert '"modules": 0' not in done.stdout
    assert not list(empty.iterdir()) + list(home.iterdir())


@each_module
def test_help_answers_within_half_a_second_of_work(module, tmp_path):
    program = str(module / ".venv" / "bin" / package_of(module))
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = run([program, "--help"], tmp_path)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode == 0, done.stderr
        assert "usage" in done.stdout
        spent.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    assert min(spent) < 0.5


@pytest.mark.slow
@each_module
def test_a_module_that_is_copied_out_alone_works(module, tmp_path):
    alone = copy_tracked(tmp_path / "a b" / "alone", under=module.name)
    assert run(["make", "setup", "UV_COMPILE_BYTECODE=0"], alone).returncode == 0
    files = (alone / "src" / package_of(module)).glob("*.py")
    shortest = sorted(files, key=lambda path: path.stat().st_size)[:5]
    code = " ".join(str(path.relative_to(alone)) for path in shortest)
    linted = run(["make", "lint", f"CODE={code}"], alone)
    assert linted.returncode == 0, linted.stdout + linted.stderr
    tested = run(["make", "test", "PYTEST_ARGS=tests/test_schema.py"], alone)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert (alone / "build" / "junit.xml").is_file()
