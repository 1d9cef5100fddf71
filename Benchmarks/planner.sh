#!/usr/bin/env bash
# How long the failover planner takes, by hosts, machines and failures; the reading of the file is part of it.
#
# usage: Benchmarks/planner.sh BINARIES
set -euo pipefail

holdfast=${1:?usage: Benchmarks/planner.sh BINARIES}/holdfast
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# pool HOSTS MACHINES FILL FILE: random sizes of 1 to 16 GiB on hosts filled to FILL percent.
pool() {
    awk -v hosts="$1" -v machines="$2" -v fill="$3" 'BEGIN {
        srand(7); gib = 1073741824; total = 0
        for (m = 0; m < machines; m++) { size[m] = 1 + int(rand() * 16); total += size[m] }
        memory = int(total * 100 / fill / hosts) + 17
        printf "{\"hosts\":["
        for (h = 0; h < hosts; h++)
            printf "%s{\"id\":\"h%d\",\"memory_total_bytes\":%.0f}", h ? "," : "", h, memory * gib
        printf "],\"vms\":["
        for (m = 0; m < machines; m++) {
            for (h = m % hosts; used[h] + size[m] > memory; h = (h + 1) % hosts);
            used[h] += size[m]
            printf "%s{\"id\":\"vm%d\",\"memory_bytes\":%.0f,\"resident_on\":\"h%d\",\"ha_restart_priority\":\"restart\"}",
                m ? "," : "", m, size[m] * gib, h
        }
        printf "]}\n"
    }' >"$4"
}

printf '| hosts | machines | filled | failures | plan | seconds (median of 3) |\n|---|---|---|---|---|---|\n'
for case in "4 40 60 1" "8 120 70 1" "8 120 70 2" "16 400 80 2" "32 1000 85 2" "64 2000 85 1" "64 2000 85 2" "64 2000 97 2" \
    "64 2000 85 3"; do
    read -r hosts machines fill failures <<<"$case"
    pool "$hosts" "$machines" "$fill" "$folder/pool.json"
    times=()
    for _ in 1 2 3; do
        began=$(date +%s%N)
        answer=$("$holdfast" plan --from "$folder/pool.json" --failures "$failures" --json)
        times+=($((($(date +%s%N) - began) / 1000000)))
    done
    median=$(printf '%s\n' "${times[@]}" | sort -n | sed -n 2p)
    plan=$(grep -o '"plan_exists" : [a-z]*' <<<"$answer" | cut -d' ' -f3)
    printf '| %s | %s | %s %% | %s | %s | %d.%03d |\n' "$hosts" "$machines" "$fill" "$failures" "$plan" \
        $((median / 1000)) $((median % 1000))
done
