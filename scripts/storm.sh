#!/usr/bin/env bash
# Plays random faults against a pool of three hosts in network namespaces.
#
# usage: scripts/storm.sh BINARIES FAULTS [SEED]      (make storm FAULTS=50 SEED=7)
#
# Without a seed the lab draws one and prints it; the same seed plays the same faults.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lab-access.sh

binaries=${1:?usage: scripts/storm.sh BINARIES FAULTS [SEED]}
faults=${2:?usage: scripts/storm.sh BINARIES FAULTS [SEED]}
seed=${3:-}
if reason=$(lab_obstacle); then
    echo "storm: $reason" >&2
    exit 2
fi
exec "$binaries/holdfast-lab" storm --faults "$faults" ${seed:+--seed "$seed"}
