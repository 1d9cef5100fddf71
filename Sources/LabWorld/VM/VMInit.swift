/// The first program of a virtual machine: a script that does what a distribution's init would do for
/// Holdfast.
///
/// It loads the modules, brings up the network, starts daemon and manager anew whenever they end, and
/// carries out the
/// commands that come over the second serial line. What it says about itself on the console begins with
/// `LAB:`.
enum VMInit {
    /// The mark of a boot on the console; the boot id follows.
    static let bootMark = "LAB: boot "

    /// The script, for busybox.
    static let text = #"""
        #!/bin/sh
        export PATH=/bin:/lab/bin HOME=/ LANG=C.UTF-8 SWIFT_BACKTRACE=enable=no
        mount -t proc proc /proc
        mount -t sysfs sys /sys
        mount -t devtmpfs dev /dev
        mount -t tmpfs run /run
        mount -t cgroup2 cgroup /sys/fs/cgroup
        mkdir -p /sys/fs/cgroup/guests /run/holdfast /state /lab/shared/guests
        for word in $(cat /proc/cmdline); do
            case $word in lab.*=*) eval "lab_${word#lab.}" ;; esac
        done
        while read -r module; do
            # shellcheck disable=SC2086
            insmod $module || echo "LAB: cannot load $module"
        done </lab/modules.list
        hostname "$lab_host"
        echo "$lab_host" >/lab/name
        cat /proc/sys/kernel/random/boot_id >/lab/boot_id
        cp "/lab/hosts/$lab_host.toml" /lab/holdfast.toml
        chmod 600 /lab/pool.key
        ip link set lo up
        ip addr add "$lab_address/24" dev eth0
        ip link set eth0 up
        mount -t ext4 /dev/vdb /state || echo "LAB: no state disk"
        mkdir -p /state/holdfast
        letter=c
        for disk in $(echo "$lab_disks" | tr , ' '); do
            ln -s "/dev/vd$letter" "/lab/shared/guests/$disk.disk"
            letter=$(echo "$letter" | tr a-y b-z)
        done
        echo "LAB: boot $(cat /lab/boot_id)"

        # Where a lab wants sysrq and reboot(2) to do nothing, the daemon may not reset: what is left is the watchdog.
        cage=
        [ "$lab_caged" = yes ] && cage="/lab/bin/setpriv --bounding-set=-sys_boot --inh-caps=-sys_boot"

        keep() {
            while :; do
                "$@" >/dev/console 2>&1 </dev/null
                echo "LAB: $1 ended with $?" >/dev/console
                sleep 0.2
            done
        }
        # The kernel's answer to missing memory is not to end the daemon, as in the unit.
        (echo -1000 >/proc/self/oom_score_adj; keep $cage holdfastd --config /lab/holdfast.toml) &
        (keep holdfast-manager --config /lab/holdfast.toml) &

        stty -F /dev/ttyS1 raw -echo
        while :; do
            while read -r mark number command; do
                [ "$mark" = LAB ] || continue
                eval "$command" 2>&1 </dev/null
                status=$?
                printf '\nLAB-DONE %s %s\n' "$number" "$status"
            done </dev/ttyS1 >/dev/ttyS1
        done

        """#
}
