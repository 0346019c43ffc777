# Each target calls one tool. What needs more than a line is a script in bin/.
export PATH := $(CURDIR)/end2end/node_modules/.bin:$(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: build ## build, and serve http://127.0.0.1:3000 with its data in ./data
	target/release/hubbub

build: tools ## build the release binary, target/release/hubbub, with the site inside
	bin/build

dev: tools ## rebuild and reload while you edit
	cargo leptos watch

test: ## run everything: format, lint, tests, the release build, the browser tests
	bin/test

e2e: build browser ## run the browser tests alone; ARGS='rooms.spec.ts -g "back button"' runs some of them
	npm --prefix end2end test -- $(ARGS)

bench: build ## measure Hubbub and comparable servers, as a table and as JSON
	bin/bench $(ARGS)

bench-transports: build ## measure the cost of each transport; writes docs/transports.md and its picture
	bin/bench transports --page docs $(ARGS)

bench-idle: build ## measure 1,000, 10,000 and as many open connections as allowed, and one message to all
	bin/bench idle $(ARGS)

fuzz: ## give made-up frames, texts, markup, forms and WebSocket bytes to the code that reads them, for 60 s
	bin/fuzz

tools: ## install the tools that a build needs
	bin/tools

browser: ## install the tools that the browser tests need
	bin/tools browser

fmt: ## format the code
	cargo fmt --all

lint: ## run clippy, for the server and for the browser
	bin/lint

.PHONY: help run build dev test e2e bench bench-transports bench-idle fuzz tools browser fmt lint
