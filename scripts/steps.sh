# Runs the steps of a check one after the other, says what each came to, and sums up. Sourced by test.sh and .ci/run.
#
# A step that fails does not stop the later ones: a run shows everything that is wrong. `finish` gives the exit status.

steps_report=()
steps_failed=0

# step NAME COMMAND [ARGUMENT...]: runs the command and keeps its verdict.
step() {
    local name=$1 began=$SECONDS status=0
    shift
    printf '\n=== %s: %s\n' "$name" "$*"
    "$@" || status=$?
    if [ "$status" -eq 0 ]; then
        steps_report+=("passed   $name ($((SECONDS - began)) s)")
    else
        steps_report+=("FAILED   $name (exit status $status after $((SECONDS - began)) s)")
        steps_failed=$((steps_failed + 1))
    fi
    return 0
}

# skip NAME REASON: keeps that a step was not run, and why.
skip() {
    printf '\n=== %s: skipped: %s\n' "$1" "$2"
    steps_report+=("skipped  $1: $2")
}

# finish: prints the summary; exit status 1 when any step failed.
finish() {
    printf '\n--- summary\n'
    printf '%s\n' "${steps_report[@]}"
    [ "$steps_failed" -eq 0 ] || { printf '%s failed\n' "$steps_failed"; exit 1; }
    printf 'nothing failed\n'
    exit 0
}
