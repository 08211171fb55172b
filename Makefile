# make demo    install Earshot into .venv and walk the demonstration interviews through it
# make check   install what the tests need as well, and run everything that must pass
# make thorough   the same with the larger model and at length, and the benchmarks of words and faults; hours
# make mutants   change a line at a time and see that the tests notice (MODULES="study/store/seal.py …")
# make constraints   pin all dependencies anew (needs uv)

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p && break; done)
STUDY ?= demo-study-$(shell date +%Y%m%d-%H%M%S)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# A real speech model, 71 MB, fetched once. Where it cannot be had, one sentence says why and what to do.
GET := $(BIN)/earshot models get

.PHONY: demo check thorough mutants constraints

demo: .venv/installed
	@$(GET) tiny.en --if-missing
	@$(GET) voices --if-missing || echo "Without voices, the demonstration does not tell speakers apart."
	$(BIN)/earshot demo $(STUDY)

# Without the models the tests that need them skip, and say so.
check: .venv/checkable
	@$(GET) tiny.en --if-missing || true
	@$(GET) voices --if-missing || true
	.ci/check

thorough: .venv/checkable
	@$(GET) tiny.en --if-missing || true
	@$(GET) voices --if-missing || true
	@$(GET) base --if-missing || true
	EARSHOT_THOROUGH=1 .ci/check
	$(BIN)/python -m benchmarks words faults

mutants: .venv/checkable
	$(BIN)/python -m tools.mutants $(MODULES)

.venv/bin/python:
	.ci/venv "$(PYTHON)"

# Hashes are checked, and only wheels taken: nothing is built, nothing is unpinned.
.venv/installed: .venv/bin/python constraints.txt pyproject.toml
	$(PIP) install --require-hashes --only-binary :all: -r constraints.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

.venv/checkable: .venv/installed constraints-dev.txt .ci/debian
	.ci/debian
	$(PIP) install --require-hashes --only-binary :all: -r constraints-dev.txt
	touch $@

UV_COMPILE := uv pip compile --universal --only-binary :all: --generate-hashes --no-header --no-annotate \
	--python-version 3.11 --no-emit-index-url --no-emit-find-links --quiet pyproject.toml --group build

constraints:
	$(UV_COMPILE) --output-file constraints.txt
	$(UV_COMPILE) --group dev --output-file constraints-dev.txt
