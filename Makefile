# SPDX-License-Identifier: MIT
#
# The front door: `make build`, `make run`, `make test`. Everything else is CMake's and ctest's; the presets
# of CMakePresets.json can be used directly as well.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build

BUILD := build
JOBS ?= $(shell nproc)
# More tests than cores: they wait for blocks and processes more than they compute.
TEST_JOBS ?= 8
FUZZ_SECONDS ?= 60
ONE_THREAD := ^fuzz_|^tst_chips_|^tst_proving_(columns|faults|kill|outcomes)$$|^tst_recursion_kill$$
# Qt starts a child by clone(), behind which ThreadSanitizer ends the parent (a check of its own fails, LLVM 19).
STARTS_CHILDREN := ^tst_(data_folder|prover_(command|service)|stf_image|task_store|task_workers|usage|verify_file|wallet|zkvm_(cli|guests|isa|kernel|precompiles))$$

# ccache refuses precompiled headers unless told that neither their defines nor __TIME__ matter here; the base
# directory lets two clones of the tree share results.
export CCACHE_SLOPPINESS := pch_defines,time_macros,include_file_mtime,include_file_ctime
export CCACHE_BASEDIR := $(CURDIR)
# What a file includes is taken from the compiler's own list, instead of preprocessing every file once more.
export CCACHE_DEPEND := 1

# Tests keep their nodes' and wallets' folders in memory where there is room for them: every block of theirs is
# flushed to the disk otherwise, and a slow disk is nothing that they are about.
CTEST := tools/in_memory.sh ctest --test-dir $(BUILD) --output-on-failure --no-tests=error -j$(TEST_JOBS)

.PHONY: help setup configure build build-tests run test nightly sanitize bench fuzz lint format clean

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what the build needs (does nothing, offline, when all is there)
	@tools/setup/setup.sh

# CMake configures again by itself when a CMakeLists.txt changes, but not when the presets do.
configure: setup
	@if [ ! $(BUILD)/build.ninja -nt CMakePresets.json ]; then cmake --preset release; fi

build: configure ## build the programs, into build/bin
	@cmake --build $(BUILD) -j $(JOBS) --target bowline_user

build-tests: configure
	@cmake --build $(BUILD) -j $(JOBS)

run: build ## build, then start Bowline on a local regtest network
	@tools/run.sh

# The lints are tests of label lint, so that one closing line of ctest covers everything.
test: export BOWLINE_FUZZ_SECONDS ?= 30
test: build-tests ## build, then run every test but the nightly ones and the benchmarks
	@$(CTEST) -LE '^(nightly|bench)$$'

nightly: export BOWLINE_FUZZ_SECONDS ?= 120
nightly: export BOWLINE_RUST_IS_NEEDED := 1
# What passed is not run again by the same programs: a night that was cut off goes on.
nightly: configure ## every test, the long ones included, then the unit tests under the sanitizers
	@tools/setup/setup.sh --dev
	@cmake --preset release >/dev/null # finds what that brought
	@cmake --build $(BUILD) -j $(JOBS)
	@cmake --build $(BUILD) -j $(JOBS) --target bowline_nightly
	@tools/in_memory.sh python3 tools/night.py $(BUILD) -LE '^bench$$' -j$(TEST_JOBS)
	@$(MAKE) sanitize

# Real processes are left out: instrumented, they are slower than the waits of the flows allow. So are Go's tests, of
# which nothing is instrumented. ThreadSanitizer sees what two threads do: fuzz replays and matrices of faults have one.
sanitize: export BOWLINE_FUZZ_SECONDS := 10
sanitize: ## unit tests, vectors and fuzz replays with ASan and UBSan, then with TSan
	@tools/setup/setup.sh --dev
	@for preset in asan-ubsan tsan; do \
	    left_out='^(stf|guest)_'; [ $$preset = asan-ubsan ] || left_out="$$left_out|$(ONE_THREAD)|$(STARTS_CHILDREN)"; \
	    cmake --preset $$preset >/dev/null && cmake --build $(BUILD)/$$preset -j $(JOBS) --target bowline_units && \
	    tools/in_memory.sh python3 tools/night.py $(BUILD)/$$preset --preset $$preset -L '^(unit|vectors|fuzz)$$' \
	        -E "$$left_out" -j $(TEST_JOBS) || exit 1; \
	done

bench: configure ## the benchmarks, with their figures
	@cmake --build $(BUILD) -j $(JOBS) --target bowline_bench
	@ctest --test-dir $(BUILD) --no-tests=error -L '^bench$$' --verbose

fuzz: ## each fuzz target for FUZZ_SECONDS (60) with libFuzzer
	@tools/setup/setup.sh --dev
	@if [ ! $(BUILD)/fuzzing/build.ninja -nt CMakePresets.json ]; then cmake --preset fuzz; fi
	@cmake --build $(BUILD)/fuzzing -j $(JOBS)
	@ran=0; \
	for target in $(BUILD)/fuzzing/fuzz/*; do \
	    [ -x "$$target" ] && [ -f "$$target" ] || continue; \
	    name=$$(basename "$$target"); \
	    found=$(BUILD)/fuzzing/found/$$name; seeds=tests/fuzz/corpus/$$name; \
	    mkdir -p "$$found"; [ -d "$$seeds" ] || seeds=; \
	    echo "fuzz: $$name for $(FUZZ_SECONDS) s"; \
	    "$$target" -max_total_time=$(FUZZ_SECONDS) -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
	        -artifact_prefix="$$found.crash-" "$$found" $$seeds; \
	    ran=$$((ran + 1)); \
	done; \
	echo "fuzz: $$ran targets ran"; [ $$ran -gt 0 ]

lint: ## the layer, style and translation checks, and their self-tests
	@python3 tools/lint/run.py

format: ## clang-format and gofmt on every source
	@git ls-files -z -- '*.h' '*.cpp' '*.c' | xargs -0 -r clang-format -i --style=file
	@git ls-files -z -- '*.go' | xargs -0 -r gofmt -w

clean: ## remove what was built (.deps stays)
	@rm -rf $(BUILD)
