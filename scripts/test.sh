#!/usr/bin/env bash
# Runs every test that this machine can run: unit tests, the allocation check of the release build, the lab.
#
# usage: scripts/test.sh [SCRATCH]      (make test)
#   SCRATCH   SwiftPM's build folder, default .build
#
# Exit status: 0 nothing failed (what was skipped is named, with the reason); 1 something failed.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh
. scripts/lab-access.sh

scratch=${1:-.build}
# One optimised build serves the tests and the lab: the simulator's swarms take minutes unoptimised. Preconditions and
# overflow checks stay on in it. The folder is its own, so that these flags and those of `make build` never take turns.
tests=$scratch-test
flags=(--scratch-path "$tests" -c release -Xswiftc -enable-testing)

lab_smoke() {
    local lab=$tests/release/holdfast-lab
    "$lab" storm --faults 2 --seed 1
}

step "build, optimised, with the tests" swift build "${flags[@]}" --build-tests
step "unit tests" swift test "${flags[@]}" --skip-build

if [ -x "$tests/release/holdfast-alloc-check" ]; then
    step "no allocation in an engine turn" "$tests/release/holdfast-alloc-check"
else
    skip "no allocation in an engine turn" "this build has no holdfast-alloc-check"
fi

step "no mutant in the programs" scripts/mutants.sh --absent-from "$tests/release"
step "every mutant is caught" scripts/mutants.sh "$scratch"

if reason=$(lab_obstacle); then
    skip "lab smoke (netns)" "$reason"
elif [ ! -x "$tests/release/holdfast-lab" ]; then
    skip "lab smoke (netns)" "this build has no holdfast-lab"
else
    step "lab smoke (netns)" lab_smoke
    step "lab with the limits on" scripts/lab-limits.sh "$tests/release"
fi

# The hosts of a loopback lab are ordinary processes of an ordinary user; fusermount3 mounts for it.
if [ ! -c /dev/fuse ]; then
    skip "lab smoke (loopback, no root)" "the lab's watchdogs and disks need /dev/fuse, and this machine has none"
elif ! command -v fusermount3 >/dev/null 2>&1; then
    skip "lab smoke (loopback, no root)" "no fusermount3 (package fuse3); run 'make deps'"
elif [ ! -x "$tests/release/holdfast-lab" ]; then
    skip "lab smoke (loopback, no root)" "this build has no holdfast-lab"
else
    lab=$(realpath "$tests/release/holdfast-lab")
    if scripts/without-root.sh test -x "$lab"; then
        step "lab smoke (loopback, no root)" scripts/without-root.sh "$lab" \
            storm --mode loopback --faults 2 --seed 3 --id smoke
    else
        skip "lab smoke (loopback, no root)" "an ordinary user may not run $lab: a folder above it is closed"
    fi
fi

finish
