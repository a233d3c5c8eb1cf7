# 门牌 menpai. `make run` and `make test` are the two commands to know; both set up what is missing first.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
.PHONY: help setup pages build run test lint bench bless docs trial clean

TARGET := $(or $(CARGO_TARGET_DIR),target)
DOORPLATES ?= 100000
SEED ?= 1
STORE ?= city
LISTEN ?= 127.0.0.1:8080

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup: ## install what is missing, fetch the packages of the pages, make the glyph pack
	@bash docker/setup/setup.sh

pages: setup
	@bash docker/setup/pages.sh build

build: pages ## build the program (target/release/menpai)
	@cargo build --release

run: build ## build, generate the demo city (DOORPLATES=100000 SEED=1 STORE=city), serve it (LISTEN=127.0.0.1:8080)
	@exec $(TARGET)/release/menpai demo --doorplates $(DOORPLATES) --seed $(SEED) --store $(STORE) --listen $(LISTEN)

test: ## set up, lint, run every test
	@bash tests/all.sh

lint: pages ## formatting, clippy, the pages' linter and types
	@bash tests/lint.sh

bench: build ## measure beside the peers; results in docs/benchmarks.md
	@bash tests/bench/run.sh

bless: pages ## accept the pictures and snapshots that the tests now produce
	@export MENPAI_BLESS=1 INSTA_UPDATE=always INSTA_FORCE_PASS=1
	cargo test --workspace
	git status --short -- '*.snap' tests/golden styles tiler server/pages/e2e

docs: ## the documentation of the code (target/doc)
	@RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items

trial: build ## the long trials; reports in docs/trials
	@bash tests/trial/run.sh

clean: ## remove what was built (not the store, not the data)
	@cargo clean
	rm -rf server/pages/dist server/pages/node_modules server/pages/src/scene/pkg styles/glyphs
