# make demo, make reference, make validate, make fit, make test, make test-slow, make test-browser, make lint, make clean: each
# works alone on a fresh clone. All that is needed beforehand is Python 3.11 or later with venv; for test-browser also Chromium or Chrome,
# in PATH or named in PATHSIM_BROWSER: without one its tests are not run, and it says so.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check
STRATEGIES := cart_first bispecific_first gprc5d_then_cart standard_only
DEMO_SIZE := --replications 20
DEMO := $(BIN)/pathsim compare $(STRATEGIES) $(DEMO_SIZE) --report

# What is kept in results/reference: the same bytes each time on one machine, so it bears a date of its own (2026-11-23).
REFERENCE := results/reference
REBUILT := results/rebuilt
STUDIES := uncertainty-of-first-therapy what-each-number-does what-survival-depends-on
SIZE := size-slots-and-beds
QUESTIONS := $(filter-out base,$(basename $(notdir $(wildcard scenarios/*.yaml))))
HERE := --quiet --out $(REBUILT) --store results/store
reference: export SOURCE_DATE_EPOCH := 1795392000

.PHONY: demo reference validate fit test test-slow test-browser lint clean

demo: $(READY)
	@$(DEMO)

reference: $(READY)
	@rm -rf $(REBUILT)
	@$(BIN)/pathsim compare $(STRATEGIES) --replications 20 $(HERE)
	@for study in $(STUDIES); do $(BIN)/pathsim sweep $$study $(HERE) || exit 1; done
	@$(BIN)/pathsim size $(SIZE) $(HERE)
	@$(BIN)/pathsim sweep $(QUESTIONS) --vary curves=as_fitted --replications 10 --no-figures $(HERE) \
	  >$(REBUILT)/scenarios.txt
	@$(BIN)/python tools/reference.py $(REBUILT) $(REFERENCE)
	@$(BIN)/pathsim report $(REBUILT)/compare_* $(STUDIES:%=$(REBUILT)/%) $(REBUILT)/$(SIZE) $(REFERENCE)/validation \
	  --title "Four ways to sequence CAR T cells and bispecific antibodies" --out $(REFERENCE)/report.html

validate: $(READY)
	@$(BIN)/pathsim validate --out results/reference/validation --store results/store
	@rm -f results/reference/validation/*.png

fit: $(READY)
	@$(BIN)/pathsim fit --write

test: $(READY)
	@$(BIN)/python -m pytest -n auto -m "not slow and not browser"

test-slow: $(READY)
	@$(BIN)/python -m pytest -n auto -m slow

test-browser: $(READY)
	@$(BIN)/python -m pytest tests/browser -m browser -ra

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

clean:
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find pathsim tests -name __pycache__ -type d -prune -exec rm -rf {} +

# What keeps the environment from being made, in a few words; empty if nothing does.
define TROUBLE
$(shell if ! command -v $(PYTHON) >/dev/null 2>&1; then echo "no '$(PYTHON)' was found"; \
  elif ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
  then echo "'$(PYTHON)' is older, so name another with PYTHON=..."; \
  elif ! $(PYTHON) -c 'import ensurepip, venv' >/dev/null 2>&1; \
  then echo "'$(PYTHON)' lacks venv, which Debian keeps in the package python3-venv"; fi)
endef

$(READY): requirements.lock pyproject.toml
	$(if $(TROUBLE),$(error pathsim needs Python 3.11 or later with venv: $(TROUBLE)))
	@echo "Setting up $(VENV): this takes a minute or two, once."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
