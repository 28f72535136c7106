# What people and CI run. `make help` lists it. Another Python: make demo PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
SAMPLE := sample_videos/clips/squat_side.mp4

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test app lint format lock machine

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed  ## Set up, fetch the pose model, score a sample video and show the result
	@$(BIN)/formdrift models fetch
	@mkdir -p build/demo
	@$(BIN)/formdrift score $(SAMPLE) --overlay "$(CURDIR)/build/demo/annotated.mp4"

test: lint  ## Set up the developer tools, check the code and run the tests
	@$(BIN)/formdrift models fetch
	@$(BIN)/python -m pytest -rs

app: $(VENV)/.installed  ## Open the app in the browser
	@$(BIN)/formdrift app

lint: $(VENV)/.installed-dev  ## Check style, formatting and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@mkdir -p .types && ln -sfn .. .types/formdrift
	@cd .types && ../$(BIN)/mypy --config-file ../pyproject.toml --cache-dir ../.mypy_cache \
		$$(../$(BIN)/python -c "import tomllib; print(*('-p ' + room for room in tomllib.load(open('../pyproject.toml', 'rb'))['tool']['setuptools']['package-dir']))")

format: $(VENV)/.installed-dev  ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# uv reads the package index as it is; the machine's own pip settings have no say in the hashes.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-config \
	--custom-compile-command "make lock"

lock: $(VENV)/.installed-dev  ## Pin the requirements of pyproject.toml anew
	@$(LOCK) pyproject.toml --group build --output-file requirements.lock
	@$(LOCK) --group dev --constraints requirements.lock --output-file requirements-dev.lock

# The environment. Each stamp is as old as the installation it stands for; a newer lock installs again.

machine:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here; install Python 3.11 or newer." >&2; exit 1; }
	@$(PYTHON) setup/machine.py

$(VENV)/.created: | machine
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: requirements.lock pyproject.toml $(VENV)/.created | machine
	@$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@
