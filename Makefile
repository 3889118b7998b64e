# make demo   set up, then compare LinReg2D at every level; says where the report is
# make test   set up, then everything CI runs: lint, types, documentation, tests
# make docs   set up, then build the documentation site into out/site; any warning is an error
# make result the DNA of designs/linreg2d-minimal, as it is checked in: strands, orders, pictures, SBML
# make lowest the tests again, with the oldest libraries that pyproject.toml allows
# make fuzz   the readers of .crn, kernel notation, .pil, designs and dynamics, ten minutes each
# make soak   kills long commands at random moments, 56 times in all, and sees that nothing is lost
# make wheels sdist and wheel, installed and used in clean environments of the Pythons at hand
# make deps   the table of dependencies in CONTRIBUTING.md, from pyproject.toml
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: demo test lint types docs check result lowest fuzz soak wheels deps clean

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
	$(VENV)-lowest/bin/pip install --quiet --disable-pip-version-check --constraint tests/lowest.txt '.[test,bench]'
	$(VENV)-lowest/bin/pytest -n 2 -W ignore::DeprecationWarning $(LOWEST)

SECONDS_EACH ?= 600
fuzz: $(STAMP)
	set -e; for target in crn kernel pil design dynamics; do \
	    $(BIN)/python tests/fuzz/fuzz.py $$target --seconds $(SECONDS_EACH) < /dev/null; done

KILLS ?= 56
soak: $(STAMP)
	$(BIN)/python tests/soak/soak.py --kills $(KILLS)

# Those on the path, and those that pyenv has built; what is not there is named and left out.
PYTHONS ?= python3.11 python3.12 python3.13 $(wildcard $(HOME)/.pyenv/versions/3.1[1-3].*/bin/python)
wheels: $(STAMP)
	$(BIN)/python tests/wheels/check_wheels.py $(PYTHONS)

deps:
	$(PYTHON) tests/dependencies.py CONTRIBUTING.md

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(STAMP)

clean:
	rm -rf $(VENV) $(VENV)-lowest out
