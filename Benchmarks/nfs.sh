#!/usr/bin/env bash
# What a statefile round costs over NFS: requests, bytes on the wire and time, for pools of 3, 16 and 64 hosts.
#
# The server is nfs-ganesha in a network namespace of its own, on this machine's disk, behind one virtual cable.
# Needs root, nfs-ganesha, nfs-ganesha-vfs and rpcbind. usage: Benchmarks/nfs.sh [further arguments of swift test]
set -euo pipefail
cd "$(dirname "$0")/.."

echo "| hosts | what | requests | bytes sent | bytes received | median | 99 % | longest |"
echo "|---|---|---|---|---|---|---|---|"
HOLDFAST_BENCH=1 swift test -c release -Xswiftc -enable-testing --filter RoundCostTests "$@" 2>&1 | sed -n '/^| [0-9]/p'
