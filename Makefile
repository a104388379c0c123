# Tomoni's own commands. `make` alone lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PORT ?= 8501
WORKERS ?= 2
BIN := .venv/bin
# Some hosts tell Python to keep no compiled code: each of the tests' many processes would compile the product anew.
export PYTHONDONTWRITEBYTECODE :=
RUN := $(BIN)/streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT)

.PHONY: help demo demo-prometheus test test-packages test-fast check-code test-code screenshots docs bench audit sbom messages schemas format image test-image clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 26

.venv/.run: requirements.txt scripts/bootstrap.sh
	@sh scripts/bootstrap.sh requirements.txt && touch $@

.venv/.docs: requirements.txt requirements-docs.txt scripts/bootstrap.sh
	@sh scripts/bootstrap.sh requirements-docs.txt && touch $@ .venv/.run

.venv/.dev: requirements.txt requirements-docs.txt requirements-dev.txt scripts/bootstrap.sh
	@sh scripts/bootstrap.sh requirements-dev.txt && touch $@ .venv/.docs .venv/.run

demo: .venv/.run ## Set up and start the app on the demo source (PORT=8501)
	@echo "Tomoni starts on http://127.0.0.1:$(PORT)  (Ctrl-C ends it)"
	@TOMONI_DEMO_STORY=true $(RUN)

demo-prometheus: .venv/.run ## Start a real Prometheus beside the app and show live SLOs on it
	@sh scripts/system_packages.sh prometheus
	@echo "Tomoni starts on http://127.0.0.1:$(PORT)  (Ctrl-C ends it)"
	@$(BIN)/python examples/prometheus/demo.py -- $(RUN)

test: ## Set up and run every check and test, with a real Prometheus, VictoriaMetrics and browser
	@$(MAKE) --no-print-directory -j2 check-code test-code PACKAGES=test-packages

# Beside the set-up of Python, which takes as long.
test-packages:
	@sh scripts/system_packages.sh prometheus victoria-metrics chromium fonts-noto-cjk postgresql
	@sh scripts/system_packages.sh chromium-headless-shell || echo "The pages are tested in the whole Chromium, which takes longer."

# Rooms whose tests speak to servers, run commands or write files, which adds up; collecting them alone takes long.
FAST := $(addprefix --ignore=tests/,acceptance api assistants browser cli data_sources/prometheus pages \
	data_sources/cloud_monitoring snapshots use_cases/test_notifying.py use_cases/test_webhooks.py use_cases/test_collecting.py)
# Files that are marked as a whole: pytest would import them to find that out.
FAST += $(addprefix --ignore=,$(shell grep -rlE '^pytestmark = .*mark\.(slow|browser|prometheus|postgres|wheel)' --include='test_*.py' tests))

test-fast: .venv/.dev ## Run the maths, the ledger, the catalog and what else is quick: about a minute on two cores
	@$(BIN)/pytest -n auto --dist loadscope -m "not (slow or browser or prometheus or postgres or wheel)" --hypothesis-profile=few $(FAST) $(ARGS)

check-code: .venv/.dev ## Check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .

test-code: .venv/.dev $(PACKAGES) ## Run the tests alone (ARGS="-k words" narrows them, WORKERS=2 processes)
	@$(BIN)/pytest -n $(WORKERS) --dist loadscope $(ARGS)

screenshots: .venv/.dev ## Play the demo in a browser and write the pictures of README and docs
	@sh scripts/system_packages.sh chromium fonts-noto-cjk
	@$(BIN)/python -m tests.browser.screenshots docs/pictures

docs: .venv/.docs ## Build the documentation site, with the guide in every language
	@$(BIN)/python -m scripts.docs_site build/docs

bench: .venv/.dev ## Measure speed as ratios in one run (docs/performance.md)
	@sh scripts/system_packages.sh prometheus chromium
	@$(BIN)/python -m bench

build/audit/.done: requirements-audit.txt
	@python3 -m venv build/audit && build/audit/bin/pip install --quiet --disable-pip-version-check --requirement requirements-audit.txt && touch $@

audit: .venv/.run ## Look for known weaknesses of the dependencies; without a network in a list that is shipped
	@$(MAKE) --no-print-directory build/audit/.done || echo "pip-audit cannot be installed here."
	@$(BIN)/python -m scripts.audit

sbom: build/audit/.done ## Write what a release consists of as build/sbom.json (CycloneDX)
	@python3 -m venv --clear build/sbom && build/sbom/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@build/audit/bin/cyclonedx-py environment build/sbom/bin/python --pyproject pyproject.toml --output-reproducible --output-format JSON --output-file build/sbom.json
	@echo "build/sbom.json"

messages: .venv/.dev ## Gather the words of the program for translation
	@$(BIN)/pybabel -q extract -F babel.cfg -k _ -k n_:1,2 -k mark --no-location --sort-output --omit-header -o tomoni/words/locales/tomoni.pot .
	@$(BIN)/pybabel -q update -D tomoni -i tomoni/words/locales/tomoni.pot -d tomoni/words/locales --no-fuzzy-matching --omit-header

schemas: .venv/.run ## Write the JSON Schemas that editors use
	@$(BIN)/python cli.py schema --out schemas

image: ## Build the container's image without a container engine (KIND=slim: without printing)
	@sh scripts/image.sh build $(KIND)

test-image: ## Build the image and try it out: fetching, a page, every format of snapshots (KIND=slim)
	@sh scripts/image.sh test $(KIND)

format: .venv/.dev ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean: ## Remove what was built; the database under data/ stays
	@rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache
