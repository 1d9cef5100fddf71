#!/usr/bin/env bash
# Keeps the limits on in a lab: a host that falls out three times within an hour stays out until it is cleared
# ([FAULT-7], [FAULT-8]), with its watchdog disarmed, and says so.
#
# usage: scripts/lab-limits.sh BINARIES      (root)
set -euo pipefail

binaries=$(realpath "${1:?usage: scripts/lab-limits.sh BINARIES}")
id=limits
run=/run/holdfast-lab/$id/lab1/run
lab() { "$binaries/holdfast-lab" "$@" --id "$id"; }
status() { "$binaries/holdfast" status --run-directory "$run" --json 2>/dev/null || true; }
phase_is() { status | grep -q "^  \"phase\" : \"$1\""; }
is_well() { phase_is member && status | grep -q '"netOK" : true'; }
boots() { lab status | sed -n 's/^  lab1 .*boot \([0-9]*\).*/\1/p'; }
has_booted_again() { [ "$(boots)" != "$before" ]; }
fail() { echo "lab-limits: $1" >&2; status >&2; exit 1; }

# within SECONDS CONDITION: waits until it holds.
within() {
    local deadline=$((SECONDS + $1))
    until "$2"; do
        [ "$SECONDS" -lt "$deadline" ] || fail "not within $1 s: $2"
        sleep 0.2
    done
}
is_member() { phase_is member; }
is_held_out() { phase_is held-out; }

trap 'lab down >/dev/null 2>&1 || true' EXIT
lab up --hosts 2 --keep-limits --no-guests
for fall in 1 2 3; do
    within 40 is_well
    before=$(boots)
    lab fault cut-network lab1
    within 30 has_booted_again
    lab fault restore-network lab1
    echo "lab1 fell out: $fall"
done
within 20 is_held_out
status | grep -q '"isArmed" : false' || fail "a host that stays out must not be armed"
"$binaries/holdfast" why lab1 --run-directory "$run" | grep -q 'clear-hold-out' || fail "it does not say what to do"
echo "lab1 stays out, disarmed, and says why"
"$binaries/holdfast" host clear-hold-out --by lab-limits --run-directory "$run"
within 20 is_member
echo "cleared, lab1 is a member again"
