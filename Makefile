# The front door of Holdfast. `make help` lists what there is.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# Where SwiftPM builds. Two checkouts of one tree at work need two.
SCRATCH ?= .build
# Where `make install` puts things. DESTDIR is put in front of every path, for packagers.
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR ?=
# How many random faults `make storm` plays, and from which seed; an empty seed lets the lab draw and print one.
FAULTS ?= 50
SEED ?=
# When `make exhaust` ends at the latest.
MINUTES ?= 60

swift_build := swift build --scratch-path $(SCRATCH)
release_build := $(swift_build) -c release --static-swift-stdlib
binaries = $(SCRATCH)/release

.PHONY: help deps build debug demo test lint format storm exhaust bench install uninstall clean

help:  ## Say what each target does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12
	@echo
	@echo "Settings: SCRATCH=$(SCRATCH) PREFIX=$(PREFIX) SYSCONFDIR=$(SYSCONFDIR) DESTDIR=$(DESTDIR) FAULTS=$(FAULTS) SEED=$(SEED)"

deps:  ## Install the Debian packages that are missing (apt, with sudo where not root)
	@scripts/install-deps.sh

build: deps  ## Build everything for release
	$(release_build)

debug: deps  ## Build everything for debugging, with the tests
	$(swift_build) --build-tests

demo: build  ## Pull the plug, the storage cable and the network cable of a pool on this machine
	@scripts/demo.sh $(binaries)

test: deps  ## Run every test that this machine can run, and say which it cannot
	@scripts/test.sh $(SCRATCH)

lint:  ## Check the formatting and the documentation comments (changes nothing)
	swift format lint --strict --parallel --recursive Sources Tests

format:  ## Format the sources in place
	swift format format --in-place --parallel --recursive Sources Tests

storm: build  ## Play FAULTS random faults from SEED against a pool of three hosts (root)
	@scripts/storm.sh $(binaries) $(FAULTS) $(SEED)

exhaust: build  ## Search all interleavings of the rules, and of whole engines within bounds (MINUTES, and up to 5 GiB)
	@$(binaries)/holdfast-sim exhaust --minutes $(MINUTES)

bench: build  ## Measure the idle cost of the daemon and the heartbeat flood
	@Benchmarks/run.sh $(binaries)

install:  ## Install binaries, units, sample configuration, completions and manual pages (after make build)
	@scripts/install.sh install $(binaries) "$(DESTDIR)" "$(PREFIX)" "$(SYSCONFDIR)"

uninstall:  ## Remove what make install installed; configuration, keys and state stay
	@scripts/install.sh uninstall $(binaries) "$(DESTDIR)" "$(PREFIX)" "$(SYSCONFDIR)"

clean:  ## Remove everything that was built
	rm -rf $(SCRATCH) $(SCRATCH)-test
