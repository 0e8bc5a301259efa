# The root only fans out: every verb runs in each module folder, and the work is done there.
PACKAGE :=
EXTRAS :=
LOCK_SOURCES := --group dev

# ---- begin: environment (the same text in every Makefile) ----
.DEFAULT_GOAL := help
SHELL := /bin/sh
export UV_COMPILE_BYTECODE := 1
export MLFLOW_DISABLE_TELEMETRY := true
export DO_NOT_TRACK := 1
export DVC_NO_ANALYTICS := 1
# Caches of the tools stay in build/, not in the user's home.
export MYPY_CACHE_DIR := build/mypy
export PYLINTHOME := build/pylint
export HYPOTHESIS_STORAGE_DIRECTORY := build/hypothesis
# An activated environment must not leak into this one.
unexport PYTHONDONTWRITEBYTECODE VIRTUAL_ENV PYTHONPATH PYTHONHOME

READY := .venv/.ready
# Inside the monorepo all Makefiles share one copy of uv; copied out, a module has its own.
TOOLS := $(if $(wildcard ../.github/fan_out.py),../.tools,.tools)
UV_ON_PATH := $(shell uv --version >/dev/null 2>&1 && echo uv)
UV := $(or $(UV_ON_PATH),$(TOOLS)/bin/uv)
UV_FILE := $(if $(UV_ON_PATH),,$(UV))

# The stamp holds the folder the environment was made in and the PYTHON asked for. It is made
# afresh when set-up was broken off, the folder moved, the interpreter went, or PYTHON changed.
MADE_IN := $(shell test -x .venv/bin/python && sed -n 1p $(READY) 2>/dev/null)
MADE_BY := $(shell sed -n 2p $(READY) 2>/dev/null)
FRESH :=
ifneq "$(MADE_IN)" "$(CURDIR)"
FRESH := yes
endif
ifneq "$(or $(PYTHON),$(MADE_BY))" "$(MADE_BY)"
FRESH := yes
endif
ifdef FRESH
.PHONY: $(READY)
endif

# Shell text that sets $python to the real path of a fitting interpreter. A shim that answers
# nothing, or an interpreter of another version, is passed over.
define FIND_PYTHON
python=; for name in $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11); do \
  python=$$("$$name" -c 'import sys; (3, 11) <= sys.version_info[:2] <= (3, 13) and print(sys.executable)' 2>/dev/null) || python=; \
  if [ -n "$$python" ]; then break; fi; \
done; \
if [ -z "$$python" ] && [ -n "$(PYTHON)" ]; then \
  echo "PYTHON=$(PYTHON) is not a Python 3.11, 3.12 or 3.13" >&2; exit 2; \
fi; \
if [ -z "$$python" ]; then \
  python=$$(UV_PYTHON_DOWNLOADS=never $(UV) python find --system --no-project '>=3.11,<3.14' 2>/dev/null) || python=; \
fi; \
if [ -z "$$python" ] && [ "$$UV_PYTHON_DOWNLOADS" = never ]; then \
  echo "No Python 3.11, 3.12 or 3.13 found: install one, or name it with PYTHON=/path/to/python3" >&2; exit 2; \
fi; \
if [ -z "$$python" ]; then \
  echo "No Python 3.11, 3.12 or 3.13 found: downloading Python 3.12 into $(TOOLS) (about 35 MB)"; \
  UV_PYTHON_INSTALL_DIR="$(CURDIR)/$(TOOLS)/python"; export UV_PYTHON_INSTALL_DIR; \
  $(UV) python install --no-bin 3.12 && python=$$($(UV) python find --managed-python --no-project 3.12) || exit 2; \
fi
endef

$(READY): requirements.lock pyproject.toml | $(UV_FILE)
	@if [ -n "$(FRESH)" ]; then \
	  $(FIND_PYTHON); \
	  echo "Making .venv with $$python"; rm -f $(READY); \
	  $(UV) venv -q --clear --python "$$python" .venv || exit 2; \
	fi; rm -f $(READY)
	@$(UV) pip sync --python .venv/bin/python --require-hashes requirements.lock
	@$(if $(PACKAGE),$(UV) pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .)
	@printf '%s\n%s\n' "$(CURDIR)" "$(or $(PYTHON),$(if $(FRESH),,$(MADE_BY)))" > $(READY)

# uv is pinned and hashed in requirements.lock, like everything else: its lines are cut out.
$(TOOLS)/bin/uv:
	@echo "Fetching uv into $(TOOLS)"
	@rm -rf $(TOOLS)/part && mkdir -p $(TOOLS)/bin
	@for name in $(if $(PYTHON),"$(PYTHON)") python3 python3.13 python3.12 python3.11; do \
	  "$$name" -m venv $(TOOLS)/part >/dev/null 2>&1 && break; \
	done; test -x $(TOOLS)/part/bin/python || { \
	  echo "No python3 with venv and pip found: on Debian or Ubuntu, apt-get install python3-venv" >&2; exit 2; }
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(TOOLS)/part/uv.txt
	@$(TOOLS)/part/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r $(TOOLS)/part/uv.txt
	@mv $(TOOLS)/part/bin/uv $@ && rm -rf $(TOOLS)/part

# Each new lock is written beside the old one, so that no old pin is kept, and takes its place
# only when it names no address.
define WRITE_LOCKS
mkdir -p build; $(FIND_PYTHON); \
for extra in "" $(EXTRAS); do \
  new="build/requirements$${extra:+-$$extra}.lock"; rm -f "$$new"; \
  if [ -z "$$extra" ]; then set -- $(LOCK_SOURCES); else set -- --extra "$$extra" pyproject.toml; fi; \
  $(UV) pip compile -q --universal --python "$$python" --python-version 3.11 \
    --generate-hashes --no-header --no-annotate -o "$$new" "$$@" || exit 2; \
  if grep -n '://' "$$new"; then echo "$$new names an address" >&2; exit 1; fi; \
  mv "$$new" . || exit 2; \
done
endef

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile
# ---- end: environment ----

# ---- the street ----
# Programs beside Python that the tests of the whole can use.
NEEDS := chromium
MODULES := $(patsubst %/Makefile,%,$(wildcard module[0-9]_*/Makefile))
# The learning and grading tool, which is built like a module.
COURSE := $(patsubst %/Makefile,%,$(wildcard .github/course/Makefile))
# Verbs of every module; those of WHOLE_VERBS are also done for the tooling under .github, and
# those of COURSE_VERBS for the course.
VERBS := setup lint format test run bench soak lock clean
WHOLE_VERBS := setup lint format test lock clean
COURSE_VERBS := $(WHOLE_VERBS) bench soak
LEARN_VERBS := learn watch hint list skip reset solution check-all
ANY_PYTHON = $(shell for name in $(if $(PYTHON),"$(PYTHON)") python3 python3.13 python3.12 python3.11; do \
  "$$name" -c "" 2>/dev/null && echo "$$name" && break; done)
FAN_OUT = $(or $(ANY_PYTHON),python3) .github/fan_out.py --make "$(MAKE)"

.PHONY: help doctor screenshots $(VERBS) $(addsuffix -root,$(WHOLE_VERBS)) \
  $(addsuffix -course,$(COURSE_VERBS)) $(LEARN_VERBS) syllabus start grade
setup:   ## make the environment of every module (setup-1: of module 1 alone)
lint:    ## check style, types and the direction of imports
format:  ## let autopep8 rewrite the code in place
test:    ## run all tests: of the modules, and of the whole (test-root)
run:     ## run every module and build the report of all, build/report/index.html
bench:   ## measure speed and memory
soak:    ## run the long proofs in full
doctor:  ## say what this machine lacks, and the line that mends it (doctor-1: for module 1)
lock:    ## take the newest versions: write every requirements.lock anew
clean:   ## remove environments, outputs and caches; your work in lessons/ stays

$(VERBS):
	@$(FAN_OUT) $@ $(strip $(MODULES) $(if $(filter $@,$(COURSE_VERBS)),$(COURSE)) \
	  $(if $(filter $@,$(WHOLE_VERBS)),root))

$(addsuffix -course,$(COURSE_VERBS)):
	@$(MAKE) --no-print-directory -C $(COURSE) $(@:-course=)

# ---- learning and grading ----
COURSEKIT = .github/course/.venv/bin/coursekit
# Module of the lessons, of the capstone to start or to grade.
M ?= 1
.PHONY: course-ready
course-ready:
	@mkdir -p build; \
	test -f $(COURSE)/.venv/.ready || echo "Setting up, once: about half a minute ..."; \
	for folder in $(COURSE) module$(M)_*; do \
	  $(MAKE) --no-print-directory -C $$folder .venv/.ready >build/course.log 2>&1 || { cat build/course.log >&2; exit 2; }; \
	done

learn:      ## show the next task of the lessons (TASK=NAME: that one; so with every verb here)
watch:      ## check the task on every save
hint:       ## the next hint
list:       ## all tasks, and how far you are (make check-all checks all of them anew)
skip:       ## leave a task for later
reset:      ## begin a task afresh; your files are kept
solution:   ## how the capstone does it, after you did (TASK=NAME; before: GIVE_UP=1)
check-all:  ## check every task again
$(LEARN_VERBS): course-ready
	@LEARN_AS=make $(COURSEKIT) learn $(if $(filter learn,$@),next,$@) $(TASK) $(if $(GIVE_UP),--give-up)

syllabus: course-ready  ## outcome, capstone file, lesson, criterion
	@$(COURSEKIT) syllabus

start: course-ready  ## begin a capstone of your own (M=1 TO=FOLDER)
	@test -n "$(TO)" || { echo "where to? make start M=1 TO=../my-capstone" >&2; exit 2; }
	@$(COURSEKIT) start $(M) "$(TO)"

grade: course-ready  ## grade somebody's capstone (M=1 SUB=FOLDER|ZIP|ADDRESS)
	@test -n "$(SUB)" || { echo "of whom? make grade M=1 SUB=../my-capstone" >&2; exit 2; }
	@$(COURSEKIT) grade $(M) "$(SUB)" --out "$(or $(OUT),build/grade)" $(GRADE_ARGS)

doctor:
	@$(or $(ANY_PYTHON),python3) .github/doctor.py

screenshots:  ## take the README's pictures from the reports of the last run
	@$(or $(ANY_PYTHON),python3) .github/screenshots.py

# <verb>-<module folder> and <verb>-<number>, for every module that is here.
define MODULE_VERB
.PHONY: $(1)-$(2) $(1)-$(3)
$(1)-$(2) $(1)-$(3):
	@$$(MAKE) --no-print-directory -C $(2) $(1)
endef
define MODULE_DOCTOR
.PHONY: doctor-$(1) doctor-$(2)
doctor-$(1) doctor-$(2):
	@$$(or $$(ANY_PYTHON),python3) .github/doctor.py --module $(1)
endef
number = $(patsubst module%,%,$(firstword $(subst _, ,$(1))))
$(foreach module,$(MODULES),$(eval $(call MODULE_DOCTOR,$(module),$(call number,$(module)))) \
  $(foreach verb,$(VERBS),$(eval $(call MODULE_VERB,$(verb),$(module),$(call number,$(module))))))

$(addsuffix -%,$(VERBS) doctor):
	@echo "There is no module \"$*\" here; the modules are: $(MODULES)" >&2; exit 2

# ---- the tooling under .github ----
SCRIPTS := $(wildcard .github/*.py)
setup-root: $(READY)
	@echo "root: the environment is ready"

lint-root: $(READY)
	@mkdir -p build; failed=; \
	.venv/bin/python -m pylint --no-docstring-rgx='^(_|test_)' --recursive=y $(SCRIPTS) .github/tests || failed="$$failed pylint"; \
	.venv/bin/python -m autopep8 --diff --exit-code -r -a -a --max-line-length 99 $(SCRIPTS) .github/tests || failed="$$failed autopep8"; \
	.venv/bin/python -m mypy $(SCRIPTS) || failed="$$failed mypy"; \
	if [ -n "$$failed" ]; then echo "root: lint failed:$$failed" >&2; exit 1; fi; \
	echo "root: lint is clean"

format-root: $(READY)
	@.venv/bin/python -m autopep8 --in-place -r -a -a --max-line-length 99 $(SCRIPTS) .github/tests

# The tests of the whole use the environments of the modules.
test-root: $(READY)
	@for module in $(MODULES); do $(MAKE) --no-print-directory -C $$module setup || exit 2; done
	@mkdir -p build; rm -f build/junit.xml
	@.venv/bin/python -m pytest --junitxml=build/junit.xml $(PYTEST_ARGS)

lock-root: | $(UV_FILE)
	@$(WRITE_LOCKS)

clean-root:
	@rm -rf build .venv .mypy_cache .pytest_cache
	@find .github -name __pycache__ -type d -prune -exec rm -rf {} +
