# Each target is one call of the real tool; what takes more than a line stands in bin/.
export PATH := $(CURDIR)/end2end/node_modules/.bin:$(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: build ## build what is missing and serve http://127.0.0.1:3000 with its data in ./data
	target/release/hubbub

build: tools ## the release binary, target/release/hubbub, with the site inside
	bin/build

dev: tools ## rebuild and reload while you edit
	cargo leptos watch

test: ## everything: format, lint, tests, the release build, the browser
	bin/test

e2e: build browser ## the browser tests alone; ARGS='rooms.spec.ts -g "back button"' runs some of them
	npm --prefix end2end test -- $(ARGS)

bench: build ## what it costs, beside its peers, as a table and as JSON
	bin/bench $(ARGS)

bench-transports: build ## what each transport costs; draws docs/transports.md and its picture anew
	bin/bench transports --page docs $(ARGS)

bench-idle: build ## what 1,000, 10,000 and as many open connections as allowed hold, and one message to all
	bin/bench idle $(ARGS)

fuzz: ## feed made-up frames, texts, forms and WebSockets to what reads them, for 60 s
	bin/fuzz

tools: ## install what building needs and isn't there
	bin/tools

browser: ## install what the browser tests need and isn't there
	bin/tools browser

fmt: ## format
	cargo fmt --all

lint: ## clippy, for the server and for the browser
	bin/lint

.PHONY: help run build dev test e2e bench bench-transports bench-idle fuzz tools browser fmt lint
