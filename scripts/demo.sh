#!/usr/bin/env bash
# Plays the demo: pulls the plug, the storage cable and the network cable of a pool on this machine.
#
# usage: scripts/demo.sh BINARIES      (make demo)
#   BINARIES   the folder with the release build
#
# As root each host is a network namespace with links to pull; else the pool lives on loopback addresses.
# Exit status: that of the demo: not 0 when a guest ran twice or did not come back.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lab-access.sh

binaries=${1:?usage: scripts/demo.sh BINARIES}
lab=$binaries/holdfast-lab
[ -x "$lab" ] || { echo "demo: no $lab; run 'make build' first" >&2; exit 2; }

mode=netns
if reason=$(lab_obstacle); then
    mode=loopback
    echo "demo: loopback mode, where the lab plays the cables itself: $reason."
fi
exec "$lab" demo --mode "$mode"
