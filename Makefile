# Everything the project does, one plain command each; `make` alone lists them.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made
FLOORS := .venv-floors

# What runs on the lowest releases: every package is met, and no file takes long.
# Config and its errors (ruamel.yaml, pydantic), both stores (SQLAlchemy, alembic,
# psycopg), the life (transitions), command lines and the prompt (click,
# prompt_toolkit, wcwidth), workbooks (calamine, xlsxwriter), the service
# (apscheduler), the desk (starlette, uvicorn, multipart), programs and commands of
# the tutorials.
FLOOR_TESTS := tests/settings/test_config.py tests/store/core/test_contract.py \
	tests/states/test_table.py tests/flow/core/test_typed.py tests/shell/core/test_chinese.py \
	tests/shell/core/test_misuse.py tests/shell/core/test_bad_input.py tests/shell/core/test_prompt.py \
	tests/shell/test_words_of_screens.py tests/exchange/core/test_workbooks.py \
	tests/timetable/test_service.py tests/desk/test_guards.py tests/test_docs.py::test_the_embedders_tutorial_runs \
	tests/test_docs.py::test_the_operators_tutorial_runs

.DEFAULT_GOAL := help
.PHONY: help demo pictures test faults installed workloads browsers hosts floors pythons ceilings check count nightly bench growth docs messages wheel sbom python clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# A machine without ensurepip makes the environment bare and lends its own pip.
PIP = pip() { if [ -x $(BIN)/pip ]; then $(BIN)/python -m pip "$$@"; return; fi; \
	for p in "$(PYTHON)" python3 python; do \
		if "$$p" -m pip --version >/dev/null 2>&1; then "$$p" -m pip --python $(BIN)/python "$$@"; return; fi; done; \
	echo "$(PYTHON) has neither ensurepip nor pip, and no other Python here has pip: install one of them (python3-venv or python3-pip), or name another Python: make PYTHON=..." >&2; return 1; }; pip

$(STAMP): pyproject.toml constraints.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Python >= 3.11 is needed; name one: make PYTHON=..."; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); "$(PYTHON)" -m venv --without-pip $(VENV); }
	@$(PIP) install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

$(FLOORS)/.made: BIN := $(FLOORS)/bin
$(FLOORS)/.made: pyproject.toml tests/floors.py
	@rm -rf $(FLOORS)
	@"$(PYTHON)" -m venv $(FLOORS) 2>/dev/null || { rm -rf $(FLOORS); "$(PYTHON)" -m venv --without-pip $(FLOORS); }
	@"$(PYTHON)" tests/floors.py > $(FLOORS)/floors.txt
	@$(PIP) install --quiet --disable-pip-version-check -r $(FLOORS)/floors.txt -e .
	@touch $@

demo: $(STAMP)  ## take the real 2023 list through the nine states, into out/demo
	$(BIN)/huimin demo --into out/demo --yes

pictures: demo  ## draw the pictures of the READMEs; needs tmux and Chromium
	$(BIN)/python tests/pictures.py out/demo docs/pictures

# Compiled tests and modules are kept, whatever the environment says: each of the
# many processes that tests start would compile them anew.
test faults installed workloads browsers hosts nightly: export PYTHONDONTWRITEBYTECODE :=

# One worker more than cores: a quarter of the time, tests wait for servers and processes.
test: $(STAMP)  ## run the tests; what needs a missing system package says so
	$(BIN)/python -m pytest -n $$(( $$($(BIN)/python -c 'import os; print(os.cpu_count())') + 1 )) --dist loadfile --no-loadscope-reorder --ignore tests/faults --ignore tests/installed --ignore tests/browser --ignore tests/bench --ignore tests/hosts

faults: $(STAMP)  ## kill programs, fill disks, flip bits: what was written stays whole
	$(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder tests/faults

installed: $(STAMP)  ## install for a bureau with its accounts, as the how-to says; as root, on Linux
	$(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder tests/installed

workloads: $(STAMP)  ## run each workload of the bench at its tiniest size
	$(BIN)/python -m pytest -n logical tests/bench

browsers: $(STAMP)  ## run the tests of pages in Chromium: site and desk
	$(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder tests/browser

$(VENV)/.hosts: $(STAMP)
	@$(PIP) install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,hosts]'
	@touch $@

hosts: $(VENV)/.hosts  ## run the examples, each a program of its own with the engine inside
	$(BIN)/mypy $$(git ls-files 'examples/*.py' 'tests/hosts/*.py')
	$(BIN)/basedpyright --level error examples
	$(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder tests/hosts

floors: $(FLOORS)/.made  ## a part of the tests on the lowest releases that pyproject.toml allows
	$(FLOORS)/bin/python -m pytest -q $(FLOOR_TESTS)

pythons: wheel  ## those tests on the wheel with each newer Python of this machine
	$(BIN)/python tests/pythons.py newer $(FLOOR_TESTS)

ceilings: wheel  ## those tests on the wheel with the newest releases that pyproject.toml allows
	$(BIN)/python tests/pythons.py newest $(FLOOR_TESTS)

check: $(STAMP)  ## style, types, layers, generated documents, catalog, public API
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(BIN)/python docs/messages.py --check
	$(BIN)/python -m tests.flow.public_api --check

count: $(STAMP)  ## how heavy the package is, each figure beside its bound
	$(BIN)/python tests/count.py

# A browser's driver keeps an event loop in its process, where Django refuses to work.
nightly: $(VENV)/.hosts  ## all tests whole: full matrices, long runs of property tests
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder --ignore tests/browser
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder tests/browser

$(VENV)/.peers: $(STAMP)
	@$(PIP) install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]' || echo "not every peer is installed: the bench skips those that are missing"
	@touch $@

bench: $(VENV)/.peers  ## time each workload beside its bare limit and peers; SIZES=tiny, BLOCKS=9
	$(BIN)/python -m bench.harness

growth: $(STAMP)  ## measure how costs grow, into growth.json; ten minutes, 8 GB
	$(BIN)/python -m bench.growth

$(VENV)/.docs: $(STAMP)
	@$(PIP) install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,docs]'
	@touch $@

docs: $(VENV)/.docs  ## write the generated documents anew, and the site of all into out/docs
	$(BIN)/python docs/generate.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	$(BIN)/python docs/links.py out/docs

messages: $(STAMP)  ## take new texts into the English catalog, and compile it
	$(BIN)/python docs/messages.py

wheel: $(STAMP)  ## build the wheel into dist/
	@rm -f dist/huimin_flow-*.whl
	@$(PIP) wheel --quiet --no-deps --wheel-dir dist .

# What the licenses of parts may be: an embedder may use, change and sell what has them.
LICENSES := MIT;BSD;Apache;ISC;Python Software Foundation;PSF;Mozilla Public License 2.0;MPL-2.0;LGPL;Zope

sbom: wheel  ## list what the wheel brings along, with licenses, into dist/ (CycloneDX)
	@rm -rf out/parts out/sbom && mkdir -p out
	@"$(PYTHON)" -m venv out/parts && "$(PYTHON)" -m venv out/sbom
	@out/parts/bin/pip install --quiet --disable-pip-version-check -c constraints.txt "$$(ls dist/huimin_flow-*.whl)[all]"
	@out/sbom/bin/pip install --quiet --disable-pip-version-check -c constraints.txt 'cyclonedx-bom>=7,<8' 'pip-licenses>=5,<6'
	@out/parts/bin/pip uninstall --quiet --yes pip setuptools 2>/dev/null
	@out/sbom/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
		-o "$$(ls dist/huimin_flow-*.whl | sed 's/-py3.*/.cdx.json/')" out/parts/bin/python
	@out/sbom/bin/pip-licenses --python out/parts/bin/python --order license --partial-match --allow-only '$(LICENSES)'

python:  ## print the Python that everything runs on
	@echo "$(PYTHON)"

clean:  ## remove what was built; databases stay
	rm -rf $(VENV) $(FLOORS) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
