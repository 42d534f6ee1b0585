# Keystead: thin, each line calls the real tool or a script. `make run` and `make test` need nothing
# but Rust, Node and, on Debian and Ubuntu, leave to install system packages.

# One build for every clone of this tree on this machine.
export CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/keystead/target

PROGRAM := $(CARGO_TARGET_DIR)/debug/keystead

# The same packages in every cargo step: cargo chooses the features of a shared library by the
# packages named, and another choice would compile the window's tree a second time. The window
# tests stand apart for that reason: their WebDriver client asks other features of what it shares.
TREE := --locked --workspace --exclude desktop-tests

# Folders too, for a file that was taken away.
SCREEN := $(shell find ui/src ui/public ui/*.html ui/*.js ui/*.ts ui/*.json 2>/dev/null)

.PHONY: run test conformance lint types shots clean run-floor test-floor format screen clippy rust
.NOTPARALLEL:
.DEFAULT_GOAL := run

# --with-parent ends the window with its parent, which must be make itself: exec leaves no shell between.
run: run-floor ui/dist/index.html
	cargo build --locked -p keystead
	exec "$(PROGRAM)" --profile sample --with-parent

test: test-floor format screen rust conformance
	@echo "== passed"

# The official client against the fakes, our adapter beside it. A workspace of its own, built when its inputs changed.
conformance: test-floor
	@echo "== conformance"
	scripts/conformance

lint: test-floor format ui/dist/index.html clippy
	cd ui && npm run lint
	cd ui && npm run check

# The TypeScript the screen imports, written from the command table.
types:
	KEYSTEAD_WRITE_TYPES=1 cargo test $(TREE) --test ipc_types

# Pictures of the real window, for looking at.
shots: test-floor ui/dist/index.html
	scripts/screenshots

# The build folder is shared with other clones of this tree; it goes too.
clean:
	rm -rf ui/dist ui/node_modules
	cargo clean

run-floor:
	@echo "== system packages, Rust and Node"
	@scripts/system-packages run
	@scripts/floor
	@scripts/display

test-floor:
	@echo "== system packages, Rust and Node"
	@scripts/system-packages test
	@scripts/floor

format:
	@echo "== format"
	cargo fmt --all --check

screen: ui/node_modules/.installed
	@echo "== screen: lint"
	cd ui && npm run lint
	@echo "== screen: types"
	cd ui && npm run check
	@echo "== screen: tests"
	cd ui && npm test
	@echo "== screen: build"
	cd ui && npm run build

clippy:
	@echo "== lint"
	cargo clippy $(TREE) --all-targets -- -D warnings
	cargo clippy $(TREE) --all-targets --features keystead/driver -- -D warnings
	cargo clippy --locked -p desktop-tests --all-targets -- -D warnings

# Clippy first: it checks the tree in a fraction of the time that building it takes, and shares the
# build scripts and macros with the build. The build then makes all that the tests use, with the
# window in its driver form, so that the test steps compile no library of it again.
rust: clippy
	@echo "== build"
	cargo build $(TREE) --all-targets --features keystead/driver
	@echo "== tests without a window"
	cargo test $(TREE) --features keystead/driver
	@echo "== tests in the real window"
	scripts/desktop-test

ui/node_modules/.installed: ui/package.json ui/package-lock.json
	@echo "== screen: packages"
	cd ui && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

ui/dist/index.html: ui/node_modules/.installed $(SCREEN)
	@echo "== screen: build"
	cd ui && npm run build
