#!/usr/bin/env bash
# Runs the units under a really booted systemd: two hosts in containers (systemd-nspawn), whose watchdogs and sysrq are
# the lab's, so that nothing can reset this machine. Start, crash, upgrade, a journal that stands still, a reboot.
#
# usage: scripts/systemd-test.sh BINARIES      (root)
#   BINARIES   the folder with the release build
#
# The base system is made once with debootstrap and kept in the cache ($HOLDFAST_LAB_CACHE or /var/cache/holdfast-lab).
# Exit status: 0 every step passed; 1 one did not; 2 the test could not be set up.
set -euo pipefail
cd "$(dirname "$0")/.."

binaries=$(realpath "${1:?usage: scripts/systemd-test.sh BINARIES}")
cache=${HOLDFAST_LAB_CACHE:-/var/cache/holdfast-lab}
base=$cache/systemd-root
id=systemd
work=/run/holdfast-lab/$id
netns=hfsd
pids=()
failed=0

fail() { printf 'systemd-test: %s\n' "$1" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || fail "needs root, for containers and network namespaces"
for program in debootstrap systemd-nspawn; do
    command -v "$program" >/dev/null || fail "no '$program': apt-get install debootstrap systemd-container"
done
groups=$(awk '$3 == "cgroup2" {print $2; exit}' /proc/self/mounts)
[ -n "$groups" ] || fail "no cgroup v2 is mounted"
group=$groups/holdfast-lab-$id
named=$(awk '$3 == "cgroup" && $4 ~ /name=systemd/ {print $2; exit}' /proc/self/mounts)

# --- making and ending

clean_up() {
    exec 2>/dev/null
    [ ! -d "$group" ] || echo 1 >"$group/cgroup.kill" 2>/dev/null || true
    for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
    sleep 0.5
    for host in lab1 lab2; do umount -l "$work/$host/dev" 2>/dev/null || true; done
    for number in 1 2; do ip netns delete "$netns$number" 2>/dev/null || true; done
    find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    [ -z "$named" ] || rmdir "$named/holdfast-$id-lab"? 2>/dev/null || true
    [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$work"
}

make_base() {
    [ -x "$base/lib/systemd/systemd" ] && return 0
    echo "systemd-test: making the base system in $base (once, about two minutes)"
    debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,iproute2,procps bookworm "$base.new" \
        >/dev/null || fail "debootstrap failed"
    mv "$base.new" "$base"
}

# make_host NUMBER: a root of its own with the installed product, its libraries and its configuration.
make_host() {
    local host=lab$1 peer=lab$((3 - $1)) root=$work/lab$1/root
    mkdir -p "$work/$host/dev" "$work/$host/log"
    cp -a "$base" "$root"
    scripts/install.sh install "$binaries" "$root" /usr /etc >/dev/null
    local program library
    for program in holdfastd holdfast-manager holdfast; do
        for library in $(ldd "$binaries/$program" | grep -oE '/[^ ]+'); do
            [ -e "$root$library" ] || install -D "$library" "$root$library"
        done
    done
    install -m 600 "$work/pool.key" "$root/etc/holdfast/pool.key"
    printf '%s\n' "$host" >"$root/etc/hostname"
    rm -f "$root/etc/machine-id"
    ln -sf /dev/null "$root/etc/systemd/system/systemd-firstboot.service"
    cat >"$root/etc/holdfast/holdfast.toml" <<TOML
[host]
name = "$host"
# A container shows its machine's own; the lab's is renewed by each boot.
boot-id-file = "/run/boot_id"
[pool]
key-file = "/etc/holdfast/pool.key"
[timing]
profile = "default"
[[heartbeat.network]]
name = "mgmt"
bind = "10.89.0.$1"
interfaces = ["eth0"]
[heartbeat.network.peers]
$peer = "10.89.0.$((3 - $1))"
[statefile]
path = "/srv/statefile"
[fencing]
watchdog = "/dev/watchdog"
sysrq = "/dev/holdfast-sysrq"
[manager]
driver = "process"
memory = "1 GiB"
TOML
    local unit
    mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
    for unit in holdfastd holdfast-manager holdfast-leave; do
        ln -sf "/usr/lib/systemd/system/$unit.service" "$root/etc/systemd/system/multi-user.target.wants/"
    done
}

# start_hardware HOST: its watchdog and sysrq, whose expiry kills the host's cgroup and nothing else.
start_hardware() {
    (exec sleep infinity) | "$binaries/holdfast-lab-host" hardware "$work" "$1" >"$work/$1/log/hardware.log" 2>&1 &
    pids+=($!)
    for _ in $(seq 100); do [ -e "$work/$1/dev/watchdog" ] && return 0; sleep 0.1; done
    fail "the hardware of $1 did not come up: $(cat "$work/$1/log/hardware.log")"
}

# boot HOST: boots its systemd and waits until it runs.
boot() {
    local host=$1 number=${1#lab}
    mkdir -p "$group/$host"
    [ -z "$named" ] || mkdir -p "$named/holdfast-$id-$host"
    cat /proc/sys/kernel/random/uuid >"$work/$host/boot_id"
    rm -f "$work/$host/end"
    (
        echo $BASHPID >"$group/$host/cgroup.procs"
        [ -z "$named" ] || echo $BASHPID >"$named/holdfast-$id-$host/cgroup.procs"
        status=0
        systemd-nspawn -q -D "$work/$host/root" --boot --register=no --keep-unit --machine="$host" \
            --network-namespace-path="/run/netns/$netns$number" --console=pipe \
            --capability=CAP_IPC_LOCK,CAP_SYS_NICE --bind="$work/shared:/srv" \
            --bind="$work/$host/dev/watchdog:/dev/watchdog" --bind="$work/$host/dev/sysrq:/dev/holdfast-sysrq" \
            --bind="$work/$host/boot_id:/run/boot_id" \
            </dev/null >>"$work/$host/log/console.log" 2>&1 || status=$?
        echo "$status" >"$work/$host/end"
    ) >/dev/null 2>&1 &
    for _ in $(seq 600); do
        # It ends with 1 when a unit failed, which is none of ours here.
        case $(inside "$host" systemctl is-system-running 2>/dev/null || true) in running | degraded) return 0 ;; esac
        sleep 0.1
    done
    fail "$host did not boot: $(tail -n 5 "$work/$host/log/console.log")"
}

# The first process of the container.
leader() { pgrep -f -- "--machine=$1 " | head -n 1 | xargs -r -I{} pgrep -P {} -x systemd; }
inside() {
    local pid
    pid=$(leader "$1")
    [ -n "$pid" ] || return 1
    shift
    nsenter -t "$pid" -a -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"
}
status_of() { inside "$1" holdfast status --json 2>/dev/null || true; }
field() { status_of "$1" | sed -n "s/^  \"$2\" : \"\\{0,1\\}\\([^\",]*\\)\"\\{0,1\\},\\{0,1\\}\$/\\1/p"; }
is_member() { [ "$(field "$1" phase)" = member ]; }
both_members() { is_member lab1 && is_member lab2 && [ "$(field lab1 poolState)" = active ]; }

# within SECONDS CONDITION...: waits until it holds.
within() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.2
    done
}

# check NAME COMMAND...: one row of the table.
check() {
    local name=$1 began
    began=$(date +%s.%N)
    shift
    if "$@"; then mark="✓"; else mark="✗"; failed=1; fi
    printf '%s %-34s %5.1f s\n' "$mark" "$name" "$(echo "$(date +%s.%N) - $began" | bc -l 2>/dev/null || echo 0)"
}

# --- the steps

units_start() { within 90 both_members; }
status_text() { inside lab1 systemctl show -p StatusText holdfastd | grep -q 'member'; }

crash_restart() {
    local number pid
    number=$(status_of lab1 | grep -A3 '"incarnation"' | grep number)
    pid=$(inside lab1 systemctl show -p MainPID --value holdfastd)
    sleep 2
    inside lab1 systemctl kill -s KILL --kill-whom=main holdfastd
    within 10 is_member lab1 || return 1
    [ "$(inside lab1 systemctl show -p MainPID --value holdfastd)" != "$pid" ] || return 1
    [ "$(status_of lab1 | grep -A3 '"incarnation"' | grep number)" = "$number" ] || return 1
    status_of lab1 | grep -q '"wasInherited" : true' || { echo "  the watchdog was not taken up from the fd store"; return 1; }
    sleep 9
    [ ! -e "$work/lab1/end" ] && is_member lab1
}

upgrade() {
    local number epoch round
    number=$(status_of lab1 | grep -A3 '"incarnation"' | grep number)
    epoch=$(field lab1 epoch)
    for round in $(seq "${UPGRADES:-5}"); do
        inside lab1 systemctl restart holdfastd || return 1
        within 10 is_member lab1 || { echo "  not a member after restart $round"; return 1; }
        [ "$(status_of lab1 | grep -A3 '"incarnation"' | grep number)" = "$number" ] || return 1
        [ "$(field lab1 epoch)" = "$epoch" ] || { echo "  the view changed"; return 1; }
        sleep 1
    done
    status_of lab1 | grep -q '"wasInherited" : true' && [ ! -e "$work/lab1/end" ]
}

catalog() {
    inside lab1 journalctl --update-catalog || return 1
    local text
    text=$(inside lab1 journalctl -x -u holdfastd --no-pager)
    grep -q 'What to do:' <<<"$text" || { tail -n 5 <<<"$text"; return 1; }
}

journal_fields() {
    local text field
    text=$(inside lab1 journalctl -u holdfastd -o export --no-pager)
    for field in 'HOST=lab1' 'EPOCH=[0-9]+' 'LIVESET=.*lab2' 'LEASE_MS=[0-9]+' 'REASON=.+' 'MESSAGE_ID=[0-9a-f]{32}'; do
        grep -qE "^$field" <<<"$text" || { echo "  no $field"; return 1; }
    done
}

journal_stands_still() {
    inside lab1 systemctl kill -s STOP systemd-journald
    sleep 25
    is_member lab1 || { inside lab1 systemctl kill -s CONT systemd-journald; return 1; }
    inside lab1 systemctl kill -s CONT systemd-journald
    [ ! -e "$work/lab1/end" ]
}

reboot_leaves() {
    inside lab2 systemctl --no-block reboot
    within 60 test -e "$work/lab2/end" || { echo "  lab2 does not go down"; return 1; }
    [ "$(cat "$work/lab2/end")" = 133 ] || { echo "  lab2 ended with $(cat "$work/lab2/end"), not by a reboot"; return 1; }
    ! grep -q "event reset" "$work/lab2/log/hardware.log" || { echo "  it was reset by its watchdog"; return 1; }
    local events
    events=$(inside lab1 journalctl -u holdfastd --no-pager -o cat)
    grep -qE 'lab2 incarnation [0-9]+ \(left' <<<"$events" || { grep lab2 <<<"$events" | tail -n 4; return 1; }
    boot lab2
    within 90 both_members
}

trap clean_up EXIT
clean_up
make_base
mkdir -p "$work/shared"
od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$work/pool.key"; echo >>"$work/pool.key"; chmod 600 "$work/pool.key"
truncate -s 16M "$work/shared/statefile"
"$binaries/holdfast" statefile format "$work/shared/statefile" --host lab1 --host lab2 --profile default \
    --key-file "$work/pool.key" >/dev/null
cat >"$work/lab.json" <<JSON
{"id": "$id", "mode": "netns", "hostCount": 2, "profile": "default", "heartbeatNetworkCount": 1, "usesIPv6": false,
 "hasWitness": false, "bootDelayMilliseconds": 1000, "onStorageLoss": "stay", "onEvenPartition": "hold",
 "keepsLimits": true, "weights": [], "lateWriteMilliseconds": 0, "hostsHaveOwnClocks": false,
 "binaries": "$binaries", "directory": "$work", "cgroup": "$group", "guests": []}
JSON
for number in 1 2; do ip netns add "$netns$number"; ip -n "$netns$number" link set lo up; done
ip -n ${netns}1 link add eth0 type veth peer name eth0 netns ${netns}2
for number in 1 2; do
    ip -n "$netns$number" addr add "10.89.0.$number/24" dev eth0
    ip -n "$netns$number" link set eth0 up
    make_host "$number"
    mkdir -p "$group/lab$number"
    start_hardware "lab$number"
done
boot lab1
boot lab2
check "the units start, the pool forms" units_start
check "status text" status_text
check "crash: the same member" crash_restart
check "upgrade: systemctl restart" upgrade
check "journalctl -x explains" catalog
check "journal fields" journal_fields
check "a stopped journald stops nobody" journal_stands_still
check "systemctl reboot leaves first" reboot_leaves
exit "$failed"
