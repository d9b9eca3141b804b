# Everything that is done to this project by hand or by a machine. `make` alone lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
PYTEST := $(BIN)/python -m pytest -q
# Tests run side by side, as many as there are processors.
JOBS ?= auto
# What cannot come out differently on another database: tests that show no more than on one, and those that ask for no
# database at all, which tests/conftest.py marks by itself.
ONCE := once or browser or packaging or real_history or thorough
# What `make check` leaves for `make test`.
SLOW := by_hand or long or browser or packaging or faults or committing or real_history or thorough

.DEFAULT_GOAL := help
.PHONY: help install demo run test check lint format migrate bench looks oracle lighthouse screenshots messages lock policy figures

help:  ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(VENV)/.run  ## Make .venv with what the program needs

demo: $(VENV)/.run  ## Try it: a made-up municipality on http://127.0.0.1:8000
	$(BIN)/servicedesk demo $(ARGS)

run: $(VENV)/.run  ## Serve with the settings of the environment (docs/settings.md)
	$(BIN)/servicedesk run

test: $(VENV)/.test  ## Every test, on SQLite and then on PostgreSQL
	$(PYTEST) -n $(JOBS) -ra --hypothesis-profile thorough --database sqlite -m "not by_hand"
	$(PYTEST) -n $(JOBS) -ra --database postgres -m "not ($(ONCE))"

check: lint  ## Before a commit: format, lint, types, layers, fast tests
	$(PYTEST) -n $(JOBS) -m "not ($(SLOW))"

lint: $(VENV)/.dev  ## What is seen without running anything: format, lint, types, layers
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(VENV)/.dev  ## Put code into its usual form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

migrate: $(VENV)/.dev  ## Write a migration from the models: make migrate NAME="due dates"
	@test -n "$(NAME)" || { echo 'make migrate NAME="what it does"'; exit 2; }
	next=$$(awk '{ printf "%04d", $$1 + 1 }' migrations/.current-head) && \
	export SERVICEDESK_DATA_DIR=$$(mktemp -d) SERVICEDESK_DATABASE_URL= && \
	$(BIN)/flask --app servicedesk db upgrade && \
	$(BIN)/flask --app servicedesk db migrate --rev-id $$next -m "$(NAME)" && \
	echo $$next > migrations/.current-head && rm -r "$$SERVICEDESK_DATA_DIR"
	$(BIN)/ruff format -q migrations

bench: $(VENV)/.dev  ## A table of what pages cost at 10,000 to 1,000,000 tickets: make bench SIZES="10000 100000"
	$(BIN)/python -m bench $(if $(SIZES),--sizes $(SIZES)) $(ARGS)
	$(BIN)/python -m bench sweep
	$(BIN)/python -m bench poll
	$(BIN)/python -m bench routing
	$(BIN)/python -m bench training
	$(BIN)/python -m bench competence
	$(BIN)/python -m bench figures $(if $(SIZES),--sizes $(SIZES))
	$(BIN)/python -m bench suggest $(if $(SIZES),--sizes $(SIZES))

looks: $(VENV)/.test  ## axe on every page: all rules, widths, languages, light and dark; needs Chromium, half an hour
	SERVICEDESK_TEST_LOOKS=every $(PYTEST) -n $(JOBS) --database sqlite tests/pages/test_looks.py

oracle: $(VENV)/.test  ## The SLA engine against a slow one that looks at every minute, 100,000 random cases
	$(PYTEST) -n $(JOBS) -m "thorough or by_hand" tests/sla/test_against_oracle.py

lighthouse: $(VENV)/.test  ## Lighthouse on the main pages, phone and desktop; needs Node and Chromium
	$(BIN)/python tools/lighthouse/run.py $(ARGS)

screenshots: $(VENV)/.test  ## Pictures of the main pages for the README; needs Chromium
	$(BIN)/python tools/screenshots.py $(ARGS)

messages: $(VENV)/.run  ## Bring the English catalogue up to date with the texts in code and templates
	$(BIN)/pybabel -q extract -F pyproject.toml -k lazy -k lazy_gettext -k lazy_ngettext:1,2 -k gettext_noop \
		--sort-by-file --add-location=file --project=servicedesk -o $(VENV)/messages.pot .
	$(BIN)/pybabel -q update -i $(VENV)/messages.pot -d servicedesk/translations \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel compile -d servicedesk/translations --statistics

policy: $(VENV)/.dev  ## Accept the present permissions as the expected ones
	UPDATE_POLICY=1 $(PYTEST) tests/architecture/test_policy.py

figures: $(VENV)/.test  ## Write docs/figures.md from the definitions of figures
	UPDATE_FIGURES=1 $(PYTEST) tests/figures/test_page.py

# What the program needs here holds the extra `pdf`: `make demo` and `make run` offer PDFs where the machine has Pango.
lock: $(VENV)/.dev  ## Pin the dependencies of pyproject.toml anew
	$(BIN)/uv pip compile -q pyproject.toml --extra pdf --universal --generate-hashes --no-header -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra test --universal --generate-hashes --no-header -o requirements-test.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra dev --universal --generate-hashes --no-header -o requirements-dev.lock

# Each stamp is as new as the lock that was installed last; the larger sets hold the smaller ones.

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is missing: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.project: pyproject.toml | $(VENV)/pyvenv.cfg
	$(PIP) install --no-deps -e .
	@touch $@

$(VENV)/.run: requirements.lock $(VENV)/.project
	$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.project
	$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@ $(VENV)/.run

$(VENV)/.dev: requirements-dev.lock $(VENV)/.project
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.test $(VENV)/.run
