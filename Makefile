# Two commands on a machine with python3 (3.11 or newer) and make:
#   make demo    set up, fill a store, run, print the address   (PORT=8050 SITE=wenling)
#   make test    set up and run all tests
# And for a machine without network:
#   make wheels  fill dist/wheels with the cockpit's wheel and those of everything that it needs
SITE ?= wenling
PORT ?= 8050
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Or each of the hundred processes that the tests start would compile the cockpit anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check torture screenshots matrix soak lock browser wheels

demo: $(VENV)/run.stamp
	$(BIN)/cockpit demo --site $(SITE) --port $(PORT)

test: $(VENV)/dev.stamp browser
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

torture: $(VENV)/dev.stamp
	COCKPIT_TORTURE=full $(BIN)/python -m pytest -m torture $(ARGS)

screenshots: $(VENV)/dev.stamp browser
	$(BIN)/python -m tests.screenshots

matrix: $(VENV)/dev.stamp browser
	$(BIN)/python -m tests.layout_matrix
	$(BIN)/python -m tests.layout_matrix --old

soak: $(VENV)/dev.stamp browser
	$(BIN)/python -m tests.soak

wheels: $(VENV)/run.stamp
	@rm -rf dist/wheels build
	$(BIN)/python -m pip download -q --disable-pip-version-check --only-binary :all: --no-deps --require-hashes -r requirements.lock -d dist/wheels
	$(BIN)/python -m pip wheel -q --disable-pip-version-check --no-deps --no-build-isolation -w dist/wheels .
	@rm -rf build

browser:
	@sh .ci/browser.sh
	@sh .ci/npm.sh

lock: $(VENV)/dev.stamp
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --extra dev pyproject.toml -o requirements-dev.lock

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: python3 3.11 or newer is needed (PYTHON=... names another one)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "make: python3 cannot make virtual environments; install its venv package (Debian: python3-venv)"; exit 1; }

# Nothing is compiled ahead: Python compiles what is imported, once, and keeps it.
$(VENV)/run.locked: requirements.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev.locked: requirements-dev.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-compile --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/%.stamp: $(VENV)/%.locked pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-compile --no-deps --no-build-isolation -e .
	@touch $@
