# Keystead: thin, each line calls the real tool or a script. `make run` and `make test` need nothing
# but Rust, Node and, on Debian and Ubuntu, leave to install system packages.

# One build for every clone of this tree on this machine.
export CARGO_TARGET_DIR := $(abspath $(or $(CARGO_TARGET_DIR),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/keystead/target))

PROGRAM := $(CARGO_TARGET_DIR)/debug/keystead

# The same packages in every cargo step: cargo chooses the features of a shared library by the
# packages named, and another choice would compile the window's tree a second time. The window
# tests stand apart for that reason: their WebDriver client asks other features of what it shares.
TREE := --locked --workspace --exclude desktop-tests

# What the journeys in the browser are run against.
export KEYSTEAD_BRIDGE := $(CARGO_TARGET_DIR)/debug/bridge

# Folders too, for a file that was taken away.
SCREEN := $(shell find ui/src ui/public ui/*.html ui/*.js ui/*.ts ui/*.json 2>/dev/null)

.PHONY: run test browser bench conformance torture lint types trees shots fuzz clean run-floor test-floor bench-floor format screen clippy rust journeys
.NOTPARALLEL:
.DEFAULT_GOAL := run

# --with-parent ends the window with its parent, which must be make itself: exec leaves no shell between.
run: run-floor ui/dist/index.html
	cargo build --locked -p keystead
	exec "$(PROGRAM)" --profile sample --with-parent

test: test-floor format screen rust conformance fuzz journeys
	@echo "== passed"

# The official client against the fakes, our adapter beside it. A workspace of its own, built when its inputs changed.
conformance: test-floor
	@echo "== conformance"
	scripts/unless-passed conformance src-tauri/crates/simulators src-tauri/crates/providers src-tauri/crates/domain \
		tests/oracle Cargo.toml .clippy.toml .rustfmt.toml scripts/conformance -- scripts/conformance

# A rotation killed at every boundary, with every kind of answer; `test` has every boundary with answers that arrive.
torture: test-floor ui/dist/index.html
	KEYSTEAD_TORTURE=1 cargo test $(TREE) --features keystead/driver --test rotation_crash -- --nocapture

# The journeys in the browser alone. `make browser ONLY=keyboard` runs those of that name.
browser: test-floor ui/dist/index.html journeys

# How fast it is, beside what it could be at best: a table here, the rounds in bench/report.json beside the build. Fails
# where a limit is missed. `make bench ONLY="filter journal"` measures those.
bench: bench-floor ui/dist/index.html
	cargo build --release $(TREE) --features keystead/beacon --bin keystead --bin bare --bin bench
	scripts/bench $(ONLY)

lint: test-floor format ui/dist/index.html clippy
	cd ui && npm run lint
	cd ui && npm run check

# The TypeScript the screen imports, written from the command table.
types:
	KEYSTEAD_WRITE_TYPES=1 cargo test $(TREE) --test ipc_types

# What a screen reader is told of each screen, written anew after a change that is meant.
trees: test-floor ui/dist/index.html
	$(MAKE) journeys ONLY="looks --update-snapshots=all"

# Pictures of the real window, for looking at.
shots: test-floor ui/dist/index.html
	scripts/screenshots

# What no one thought of: a minute of each fuzz target, when what they read changed.
fuzz: test-floor
	@echo "== fuzz"
	KEYSTEAD_WRITE_SEEDS=1 cargo test $(TREE) --features keystead/driver --test hostile seeds
	scripts/unless-passed fuzz src-tauri/crates/providers src-tauri/crates/domain tests/fuzz tests/core/tests/hostile \
		Cargo.toml scripts/fuzz -- scripts/fuzz

# The build folder is shared with other clones of this tree; it goes too.
clean:
	rm -rf ui/dist ui/node_modules tests/ui/dist tests/ui/node_modules
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

bench-floor:
	@echo "== system packages, Rust and Node"
	@scripts/system-packages bench
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

# The real core in Chromium, by way of the bridge; see tests/ui.
journeys: tests/ui/node_modules/.installed tests/ui/dist/index.html
	@echo "== journeys in the browser"
	cargo build $(TREE) --all-targets --features keystead/driver
	cd tests/ui && npm run check
	cd tests/ui && npx playwright test $(ONLY)

ui/node_modules/.installed: ui/package.json ui/package-lock.json
	@echo "== screen: packages"
	cd ui && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

tests/ui/node_modules/.installed: tests/ui/package.json tests/ui/package-lock.json
	@echo "== journeys: packages"
	cd tests/ui && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

# The same screen with the transport of the bridge.
tests/ui/dist/index.html: ui/node_modules/.installed $(SCREEN)
	@echo "== journeys: screen"
	cd ui && VITE_TRANSPORT=http npm run build -- --outDir ../tests/ui/dist --emptyOutDir

ui/dist/index.html: ui/node_modules/.installed $(SCREEN)
	@echo "== screen: build"
	cd ui && npm run build
