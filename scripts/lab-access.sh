# Tells whether the lab's netns mode can run here. Sourced by the other scripts.

# lab_obstacle: prints what is missing and succeeds, or prints nothing and fails when the lab can run.
lab_obstacle() {
    if [ "$(id -u)" -ne 0 ]; then
        printf 'netns mode needs root (uid 0), this is uid %s' "$(id -u)"
    elif [ ! -c /dev/fuse ]; then
        printf 'netns mode needs /dev/fuse for its watchdogs and disks, and this machine has none'
    elif ! unshare --net true 2>/dev/null; then
        printf 'this machine refuses a new network namespace (unshare --net); is CAP_SYS_ADMIN dropped?'
    elif ! command -v ip >/dev/null 2>&1; then
        printf "netns mode needs 'ip' of iproute2; run 'make deps'"
    else
        return 1
    fi
}
