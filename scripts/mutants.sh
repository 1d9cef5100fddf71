#!/usr/bin/env bash
# Breaks the protocol on purpose, one clause at a time, and sees that each break is caught (docs/MUTANTS.md).
#
# usage: scripts/mutants.sh [SCRATCH [OPTIONS...]]     (make mutants)
#        scripts/mutants.sh --absent-from BINARIES
#   SCRATCH    SwiftPM's build folder, default .build; this build goes to SCRATCH-mutants
#   OPTIONS    for `holdfast-sim mutants`, such as --only NAME --search --seconds 300
#   BINARIES   a folder of a normal build: no program in it may know the name of a mutant
#
# Exit status: 0 all caught, or none known; 1 otherwise.
set -euo pipefail
cd "$(dirname "$0")/.."

names() { sed -n 's/^        case \([A-Za-z]*\)$/\1/p' Sources/LivesetEngine/Mutation.swift; }

absent_from() {
    local program found=0 count=0
    for program in holdfastd holdfast-manager holdfast holdfast-sim holdfast-lab holdfast-alloc-check; do
        [ -x "$1/$program" ] || continue
        count=$((count + 1))
        if grep --quiet --text --fixed-strings --file=<(names) "$1/$program"; then
            echo "mutants: $1/$program knows a mutant by name" >&2
            found=1
        fi
    done
    [ "$(names | wc -l)" -ge 24 ] || { echo "mutants: Mutation.swift lists too few mutants" >&2; return 1; }
    [ "$count" -gt 0 ] || { echo "mutants: no programs in $1" >&2; return 1; }
    [ "$found" -eq 0 ] && echo "mutants: none of $(names | wc -l) names is in $count programs of $1"
}

if [ "${1:-}" = --absent-from ]; then
    absent_from "${2:?usage: scripts/mutants.sh --absent-from BINARIES}"
    exit
fi

scratch=${1:-.build}-mutants
swift build --scratch-path "$scratch" -c release -Xswiftc -DHOLDFAST_MUTANTS --product holdfast-sim
exec "$scratch/release/holdfast-sim" mutants "${@:2}"
