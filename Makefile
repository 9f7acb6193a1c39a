# Each target does all the set-up it needs: one virtual environment, renewed when a lock changes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# So many tests run at once; each process may hold TensorFlow, a server and a browser.
PROCESSES ?= 2
PARALLEL := --numprocesses $(PROCESSES) --dist worksteal

.PHONY: help app test faults e2e check pictures bench data lock clean

help:  ## say what there is
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

app: $(VENV)/app.stamp data  ## open the dashboard
	$(BIN)/python -m streamlit run streamlit_app.py

test: $(VENV)/dev.stamp data  ## unit and page tests
	$(BIN)/python -m pytest $(PARALLEL) -m "not e2e and not faults"

faults: $(VENV)/dev.stamp data  ## real jobs, stopped, killed and starved (about ten minutes)
	$(BIN)/python -m pytest -m faults

e2e: $(VENV)/dev.stamp data  ## journeys in a real browser (needs Chromium)
	$(BIN)/python -m pytest $(PARALLEL) -m e2e

check: $(VENV)/dev.stamp  ## lint, format, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

pictures: $(VENV)/dev.stamp  ## take the README's pictures anew (needs Chromium)
	$(BIN)/python -m tests.e2e.take_pictures

bench: $(VENV)/dev.stamp data  ## the benchmarks (two need Chromium)
	$(BIN)/python -m fmnist_core bench

data: $(VENV)/app.stamp  ## find or fetch Fashion-MNIST; the rest works without it
	@$(BIN)/python -m fmnist_core data fetch || true

lock:  ## renew the locks from requirements.txt and requirements-dev.txt (needs uv)
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --upgrade \
		--custom-compile-command "make lock" requirements.txt --output-file requirements.lock
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --upgrade \
		--custom-compile-command "make lock" --constraints requirements.lock \
		requirements-dev.txt --output-file requirements-dev.lock

clean:  ## remove the environment and the caches; runs and data stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The development lock holds the app's lock, so it serves the app too.
$(VENV)/dev.stamp: requirements-dev.lock $(BIN)/python
	$(call install,requirements-dev.lock)
	@touch $(VENV)/app.stamp $@

$(VENV)/app.stamp: requirements.lock $(BIN)/python
	$(call install,requirements.lock)
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; (3, 11) <= v <= (3, 13) or sys.exit( \
	"Python must be 3.11 to 3.13 (TensorFlow has no other). Received: %d.%d. " % v + \
	"Name another, for example: make app PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

# uv where it is there, because it is faster; pip else. Both check the hashes in the lock.
define install
	@echo "Installing $(1)"
	@if uv --version >/dev/null 2>&1; \
	then uv pip install --quiet --python $(BIN)/python --requirement $(1); \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement $(1); fi
endef
