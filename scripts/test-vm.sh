#!/usr/bin/env bash
# Proves fencing on real kernels: hosts that are virtual machines, and units under a really booted systemd.
#
# usage: scripts/test-vm.sh BINARIES [--short]      (make test-vm; root)
#   --short   one pool with softdog: sysrq, the watchdog alone, a crashed daemon; what CI runs
#
# Prints a table of trial, expected, seen and seconds. Exit status: 0 all as expected; 1 something was not.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

binaries=${1:?usage: scripts/test-vm.sh BINARIES [--short]}
lab=$binaries/holdfast-lab
[ -x "$lab" ] || { echo "test-vm: no $lab; run 'make build' first" >&2; exit 2; }

if [ "$(id -u)" -ne 0 ]; then
    skip "virtual machines" "they need root, for their disks and their network namespace"
    finish
fi
step "what the machines need" scripts/install-vm-deps.sh
if [ "${2:-}" = --short ]; then
    step "softdog, cloud kernel" "$lab" vm --id vmshort --trial sysrq --trial watchdog-only --trial daemon-killed
    finish
fi
step "softdog, cloud kernel" "$lab" vm --id vmcloud
step "i6300esb card, full kernel" "$lab" vm --id vmcard --kernel full --hosts 2 \
    --trial sysrq --trial daemon-stopped --trial cpu-starved --trial kernel-panic
step "units under systemd" scripts/systemd-test.sh "$binaries"
finish
