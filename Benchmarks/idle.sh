#!/usr/bin/env bash
# Measures what an idle holdfastd costs in a pool of three. Prints a Markdown table.
#
# usage: Benchmarks/idle.sh BINARIES [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."
. Benchmarks/pool.sh
binaries=${1:?usage: Benchmarks/idle.sh BINARIES [SECONDS]}
seconds=${2:-60}

pool_up "$binaries"
sleep 5
declare -A pid before
for host in "${hosts[@]}"; do
    pid[$host]=$(daemon_pid "$host")
    before[$host]=$(cpu_ticks "${pid[$host]}")
done
sleep "$seconds"
echo "Idle, pool of three (netns, profile fast), $seconds s. $(machine)"
echo
echo "| host | resident | locked | CPU of one core |"
echo "|---|---|---|---|"
for host in "${hosts[@]}"; do
    used=$(($(cpu_ticks "${pid[$host]}") - before[$host]))
    awk -v host="$host" -v rss="$(resident_kib "${pid[$host]}")" -v locked="$(locked_kib "${pid[$host]}")" \
        -v used="$used" -v hertz="$(getconf CLK_TCK)" -v seconds="$seconds" 'BEGIN {
            printf "| %s | %.1f MiB | %.1f MiB | %.2f %% |\n", host, rss/1024, locked/1024, 100*used/hertz/seconds }'
done
