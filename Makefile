# The two commands are `make verify` and `make test`; `make` alone lists the rest.
# Written for GNU make 3.81 and later. To choose the Python: make verify PYTHON=python3.12

PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin
# One stamp per PYTHON: naming another Python makes the environment anew.
INSTALLED := .venv/installed-for-$(subst /,-,$(PYTHON))
# Processes are started by the hundred: each would compile SymPy anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help verify test test-all lab site notebooks student instructor bench format environment.yml lock clean

help: ## list these commands
	@awk -F ' *## ' '/^[a-z.-]+:.* ## / { split($$1, name, ":"); printf "make %-16s %s\n", name[1], $$2 }' Makefile

verify: $(INSTALLED) ## prove every line, check every kernel; the report is build/verify.html
	@mkdir -p build
	@$(BIN)/gradbook verify --fresh --json build/verify.json --html build/verify.html

test: $(INSTALLED) ## format, lint, types, environment.yml, tests and notebooks
test-all: $(INSTALLED) ## the same, with the thorough tests
test-all: WITH_THOROUGH := -m ""
test test-all:
	@echo "==> ruff format --check" && $(BIN)/ruff format --check --quiet
	@echo "==> ruff check" && $(BIN)/ruff check --quiet
	@echo "==> mypy" && $(BIN)/mypy
	@echo "==> environment.yml" && $(BIN)/python tools/environment_yml.py --check
	@echo "==> pytest: tests and notebooks" && $(BIN)/pytest -n 2 $(WITH_THOROUGH)

lab: $(INSTALLED) ## open the course in JupyterLab
	@JUPYTER_CONFIG_PATH=tools/jupyter $(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb

site: $(INSTALLED) ## the course, the pages and the documents as a web site; build/site/index.html
	@$(BIN)/sphinx-build --quiet --fail-on-warning -c tools/site -d build/site-read . build/site

notebooks: $(INSTALLED) ## run every notebook and save what it shows
	@$(BIN)/python tools/execute_notebooks.py

# Tags of cells say what is whose: `solution`, and `exercise` for a cell that is to be filled in.
HANDED = $(BIN)/jupyter nbconvert --log-level=WARN --to notebook notebooks/*.ipynb --output-dir build/$@/notebooks \
	--TagRemovePreprocessor.enabled=True --ClearMetadataPreprocessor.enabled=True \
	--ClearMetadataPreprocessor.preserve_cell_metadata_mask=tags \
	--ClearMetadataPreprocessor.preserve_nb_metadata_mask=kernelspec
student: $(INSTALLED) ## the course to hand out, without its solutions; build/student
	@$(HANDED) --TagRemovePreprocessor.remove_cell_tags=solution --TagRemovePreprocessor.remove_all_outputs_tags=exercise
	@cp -r derivation docs build/$@
instructor: $(INSTALLED) ## the course with its solutions and points, to grade by; build/instructor
	@$(HANDED) --TagRemovePreprocessor.remove_cell_tags=exercise
	@cp -r derivation docs build/$@

bench: $(INSTALLED) ## measure the emitted kernels and their rivals, as ratios; build/benchmarks
	@$(BIN)/python -m benchmarks --violated most half --sweep --costs

format: $(INSTALLED) ## format the code and mend what ruff can mend
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

environment.yml: $(INSTALLED) ## make environment.yml from pyproject.toml
	@$(BIN)/python tools/environment_yml.py

# This needs uv alone, so that it can mend a constraints.txt that no longer fits.
LOCKER := $(if $(UV),$(UV),$(BIN)/uv)
lock: | $(LOCKER) ## choose the newest releases that fit pyproject.toml: constraints.txt
	@$(LOCKER) pip compile pyproject.toml --universal --all-extras --python-version 3.11 \
		--fork-strategy fewest --upgrade --no-annotate --quiet \
		--custom-compile-command "make lock" --output-file constraints.txt

$(BIN)/uv:
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

clean: ## remove what was built, but keep the environment in .venv
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name .venv -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -print0 | xargs -0 rm -rf

# The environment, with every extra, as constraints.txt has it. It is made again only when what it is made of has changed.
VERSION := import sys; print(*sys.version_info[:2])
TOO_OLD := import sys; sys.exit(sys.version_info < (3, 11) and "gradbook needs Python 3.11 or later and $(PYTHON) is " \
	+ ".".join(map(str, sys.version_info[:3])) + ": name a newer one, as in make verify PYTHON=python3.12")

$(INSTALLED): pyproject.toml constraints.txt
	@command -v "$(PYTHON)" >/dev/null || { echo "there is no $(PYTHON) on the path"; exit 1; }
	@"$(PYTHON)" -c '$(TOO_OLD)'
	@rm -f .venv/installed-for-*
ifdef UV
	@echo "==> installing gradbook into .venv (uv)"
	@test "$$($(BIN)/python -c '$(VERSION)' 2>&1)" = "$$($(PYTHON) -c '$(VERSION)')" \
		|| $(UV) venv --quiet --seed --clear --python "$(PYTHON)" .venv
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --constraints constraints.txt --editable '.[dev]'
else
	@echo "==> installing gradbook into .venv (pip; about a minute)"
	@test "$$($(BIN)/python -c '$(VERSION)' 2>&1)" = "$$($(PYTHON) -c '$(VERSION)')" \
		|| $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
endif
	@$(BIN)/python -m compileall -q src derivation
	@touch $@
