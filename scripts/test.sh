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
release_flags=(-c release --static-swift-stdlib)

lab_smoke() {
    local lab=$scratch/release/holdfast-lab
    "$lab" storm --faults 2 --seed 1
}

step "build for debugging" swift build --scratch-path "$scratch" --build-tests
step "unit tests" swift test --scratch-path "$scratch" --skip-build
step "build for release" swift build --scratch-path "$scratch" "${release_flags[@]}"

if [ -x "$scratch/release/holdfast-alloc-check" ]; then
    step "no allocation in an engine turn" "$scratch/release/holdfast-alloc-check"
else
    skip "no allocation in an engine turn" "this build has no holdfast-alloc-check"
fi

if reason=$(lab_obstacle); then
    skip "lab smoke (netns)" "$reason"
elif [ ! -x "$scratch/release/holdfast-lab" ]; then
    skip "lab smoke (netns)" "this build has no holdfast-lab"
else
    step "lab smoke (netns)" lab_smoke
fi

finish
