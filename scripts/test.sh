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

if reason=$(lab_obstacle); then
    skip "lab smoke (netns)" "$reason"
elif [ ! -x "$tests/release/holdfast-lab" ]; then
    skip "lab smoke (netns)" "this build has no holdfast-lab"
else
    step "lab smoke (netns)" lab_smoke
fi

finish
