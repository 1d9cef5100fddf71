#!/usr/bin/env bash
# Floods a host's heartbeat port with garbage and measures what that costs. Prints a Markdown table.
#
# usage: Benchmarks/flood.sh BINARIES [SECONDS] [DATAGRAMS_A_SECOND]
#
# The flood comes from inside the host's own network namespace, over its loopback. Bounded in time by SECONDS.
set -euo pipefail
cd "$(dirname "$0")/.."
. Benchmarks/pool.sh
binaries=${1:?usage: Benchmarks/flood.sh BINARIES [SECONDS] [DATAGRAMS_A_SECOND]}
seconds=${2:-20}
rate=${3:-100000}
command -v python3 >/dev/null 2>&1 || { echo "flood: skipped: it needs python3 to send" >&2; exit 2; }

pool_up "$binaries"
victim=lab1
run=$lab_folder/$victim/run
pid=$(daemon_pid "$victim")
status() { "$binaries/holdfast" status --run-directory "$run" --json 2>/dev/null || true; }
address=$(status | python3 -c 'import json,sys; print(json.load(sys.stdin)["networks"][0]["bind"])')
rejected() { status | python3 -c 'import json,sys; print(sum(r["count"] for r in json.load(sys.stdin)["rejections"] if r["place"] == "heartbeat"))'; }
oldest() { status | python3 -c 'import json,sys; print(max(h.get("heartbeatAgeMilliseconds", 0) for h in json.load(sys.stdin)["hosts"]))'; }

sleep 5
rss_before=$(resident_kib "$pid"); ticks_before=$(cpu_ticks "$pid"); rejected_before=$(rejected)
nsenter --target "$pid" --net python3 Benchmarks/flood.py "$address" "$seconds" "$rate" >/tmp/holdfast-flood.$$ &
flood=$!
worst=0
while kill -0 "$flood" 2>/dev/null; do
    age=$(oldest || echo 0)
    [ "${age:-0}" -le "$worst" ] || worst=$age
    sleep 0.2
done
wait "$flood"
sent=$(cat /tmp/holdfast-flood.$$); rm -f /tmp/holdfast-flood.$$
used=$(($(cpu_ticks "$pid") - ticks_before))
lost=$("$binaries/holdfast" events --run-directory "$run" --last 200 --json | grep -c '"name":"peer-unheard"' || true)
echo "Flood of garbage on the heartbeat port of $victim, $seconds s, asked for $rate datagrams/s. $(machine)"
echo
echo "| sent | counted as refused | oldest heartbeat seen | peers unheard | resident before | resident after | CPU of one core |"
echo "|---|---|---|---|---|---|---|"
awk -v sent="$sent" -v refused="$(($(rejected) - rejected_before))" -v worst="$worst" -v lost="$lost" \
    -v before="$rss_before" -v after="$(resident_kib "$pid")" -v used="$used" -v hertz="$(getconf CLK_TCK)" \
    -v seconds="$seconds" 'BEGIN { printf "| %d (%.0f/s) | %d | %.1f s | %d | %.1f MiB | %.1f MiB | %.1f %% |\n",
        sent, sent/seconds, refused, worst/1000, lost, before/1024, after/1024, 100*used/hertz/seconds }'
