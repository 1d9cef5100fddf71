# A pool of three hosts of the lab to measure, and how to measure a process. Sourced by the benchmarks.

lab_id=bench
lab_folder=/run/holdfast-lab/$lab_id
hosts=(lab1 lab2 lab3)

# pool_up BINARIES: builds the pool and waits until each host is protected; ends the benchmark when that fails.
pool_up() {
    local binaries=$1 host deadline=$((SECONDS + 90))
    "$binaries/holdfast-lab" down --id "$lab_id" >/dev/null 2>&1 || true
    trap 'pool_down "'"$binaries"'"' EXIT
    "$binaries/holdfast-lab" up --id "$lab_id" --hosts 3 --mode netns --profile fast >/dev/null \
        || { echo "bench: the lab did not come up" >&2; exit 1; }
    for host in "${hosts[@]}"; do
        until "$binaries/holdfast" status --run-directory "$lab_folder/$host/run" >/dev/null 2>&1; do
            if [ "$SECONDS" -ge "$deadline" ]; then
                echo "bench: $host is not protected after 90 s:" >&2
                "$binaries/holdfast" status --run-directory "$lab_folder/$host/run" --color never >&2 || true
                exit 1
            fi
            sleep 0.5
        done
    done
}

pool_down() { "$1/holdfast-lab" down --id "$lab_id" >/dev/null 2>&1 || true; }

# daemon_pid HOST: the holdfastd of a host of the lab, seen from outside of its PID namespace.
daemon_pid() {
    local file
    for file in /proc/[0-9]*/cmdline; do
        if tr '\0' ' ' <"$file" 2>/dev/null | grep -qE "^[^ ]*/holdfastd .*$lab_folder/$1/"; then
            file=${file#/proc/}
            printf '%s\n' "${file%/cmdline}"
            return 0
        fi
    done
    echo "bench: no holdfastd of $1 found" >&2
    return 1
}

# resident_kib PID, locked_kib PID: from /proc/PID/status.
resident_kib() { awk '/^VmRSS:/ {print $2}' "/proc/$1/status"; }
locked_kib() { awk '/^VmLck:/ {print $2}' "/proc/$1/status"; }

# cpu_ticks PID: user and system time of all threads so far. The program's name has no blanks.
cpu_ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }

# machine: what was measured on.
machine() {
    local model
    model=$(awk -F': ' '/^model name/ {print $2; exit}' /proc/cpuinfo)
    printf '%s, %s cores, Linux %s, %s, commit %s\n' "${model:-unknown processor}" "$(nproc)" "$(uname -r)" \
        "$(date -u +%Y-%m-%d)" "$(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
}
