#!/usr/bin/env bash
# What a statefile round costs over iSCSI: commands, bytes on the wire and time, for pools of 3, 16 and 64 hosts; and how
# many heap allocations it makes.
#
# The target is Debian's tgt in a network namespace of its own, on this machine's disk, behind a virtual cable.
# Needs root and tgt. usage: Benchmarks/iscsi.sh [further arguments of swift]
set -euo pipefail
cd "$(dirname "$0")/.."

namespace="hfbench$$"
control=$((1000 + $$ % 30000))
folder=$(mktemp -d /tmp/holdfast-bench-XXXXXX)
target=""

finish() {
    [ -z "$target" ] || kill -KILL "$target" 2>/dev/null || true
    ip netns del "$namespace" 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT

echo "| hosts | what | commands | bytes sent | bytes received | median | 99 % | longest |"
echo "|---|---|---|---|---|---|---|---|"
HOLDFAST_BENCH=1 swift test -c release -Xswiftc -enable-testing --filter CostOfARoundTests "$@" 2>&1 | sed -n '/^| [0-9]/p'

# tgtd listens inside the namespace, and is reached through the namespace's loopback.
swift build -c release -Xswiftc -enable-testing --product holdfast-alloc-check "$@" >/dev/null
program=$(swift build -c release -Xswiftc -enable-testing --show-bin-path "$@")/holdfast-alloc-check
ip netns add "$namespace"
ip -n "$namespace" link set lo up
mkdir -p /var/run/tgtd
ip netns exec "$namespace" tgtd -f -C "$control" --iscsi portal=127.0.0.1:3260 >/dev/null 2>&1 &
target=$!
administer() { tgtadm -C "$control" --lld iscsi "$@"; }
for _ in $(seq 100); do
    administer --mode sys --op show >/dev/null 2>&1 && break
    sleep 0.1
done
truncate -s 16M "$folder/unit"
administer --mode target --op new --tid 1 -T iqn.2026-01.invalid.holdfast:bench
administer --mode logicalunit --op new --tid 1 --lun 1 -b "$folder/unit"
administer --mode target --op bind --tid 1 -I ALL
ip netns exec "$namespace" "$program" --iscsi iscsi://127.0.0.1/iqn.2026-01.invalid.holdfast:bench/1
