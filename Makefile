# make demo   set up, then compare LinReg2D at every level; says where the report is
# make test   set up, then everything CI runs: lint, types, documentation, tests
# make docs   set up, then build the documentation site into out/site; any warning is an error
# make result the DNA of designs/linreg2d-minimal, as it is checked in: strands, orders, pictures, SBML
# make lowest the tests again, with the oldest libraries that pyproject.toml allows
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: demo test lint types docs check result lowest clean

demo: $(STAMP)
	$(BIN)/strandgrad compare linreg2d -o out/demo

test: lint types docs check

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

docs: $(STAMP)
	$(BIN)/mkdocs build --strict --quiet

check: $(STAMP)
	$(BIN)/pytest -n 2 --dist worksteal

RESULT := linreg2d-minimal -o designs/linreg2d-minimal/dna
result: $(STAMP)
	$(BIN)/strandgrad export $(RESULT) -f pil -f sbml -f sequences -f fasta -f order -f protocol --seed 1 --candidates 1
	$(BIN)/strandgrad draw $(RESULT)

# Old libraries warn about newer ones beneath them, so deprecations are no errors here.
lowest:
	$(PYTHON) -m venv $(VENV)-lowest
	$(VENV)-lowest/bin/pip install --quiet --disable-pip-version-check --constraint tests/lowest.txt '.[test]'
	$(VENV)-lowest/bin/pytest -n 2 -W ignore::DeprecationWarning

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(STAMP)

clean:
	rm -rf $(VENV) $(VENV)-lowest out
