#!/usr/bin/env bash
# Runs every benchmark that this machine can run; prints what it skipped and why.
#
# usage: Benchmarks/run.sh BINARIES      (make bench)
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lab-access.sh
binaries=${1:?usage: Benchmarks/run.sh BINARIES}
if reason=$(lab_obstacle); then
    echo "bench: skipped: $reason" >&2
    exit 2
fi
Benchmarks/idle.sh "$binaries"
echo
if command -v python3 >/dev/null 2>&1; then
    Benchmarks/flood.sh "$binaries"
else
    echo "flood: skipped: it needs python3 to send"
fi
