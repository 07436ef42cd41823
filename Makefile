# make demo, make test, make lint, make clean: each works alone on a fresh clone.
# All that is needed beforehand is Python 3.11 or later with venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
STRATEGIES := cart_first bispecific_first gprc5d_then_cart standard_only
DEMO_SIZE := --replications 20 --patients 1000
DEMO := $(BIN)/pathsim compare $(STRATEGIES) $(DEMO_SIZE)

.PHONY: demo test lint clean

demo: $(READY)
	@$(DEMO)

test: $(READY)
	@$(BIN)/python -m pytest -n auto

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

clean:
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find pathsim tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null 2>&1 \
	  || { echo "pathsim needs Python 3.11 or later: no '$(PYTHON)' was found." >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "pathsim needs Python 3.11 or later: '$(PYTHON)' is older; name another with make PYTHON=..." >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "pathsim needs Python's venv module: install it (on Debian, the package python3-venv)." >&2; exit 2; }
	@echo "Setting up $(VENV): this takes a minute or two, once."
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
