// The few calls of the lab that Swift cannot make: fork with work before exec, namespaces, mounts, signals.
// Each returns 0 (or a number >= 0) for success and a negated errno for failure; none touches Swift memory
// after its return.
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// What the child does between fork and exec, in this order.
struct clab_spawn {
    const char *path;             // the program, absolute
    const char *const *arguments; // argv, ends with NULL
    const char *const *environment; // envp, ends with NULL
    const char *cgroup_procs;     // cgroup.procs file to enter first, or NULL
    const char *directory;        // working directory, or NULL
    int input;                    // becomes descriptor 0; -1: /dev/null
    int output;                   // becomes descriptor 1; -1: /dev/null
    int error;                    // becomes descriptor 2; -1: /dev/null
    bool new_session;             // setsid
    bool die_with_parent;         // SIGKILL when the parent thread ends
    bool drop_reboot;             // no CAP_SYS_BOOT: reboot(2) fails for it and its children
};

/// Forks and executes; the pid, or a negated errno when fork or exec failed.
pid_t clab_spawn(const struct clab_spawn *options);

/// setns(2) by path; `kind` is "net", "mnt" or "pid".
int clab_enter_namespace(const char *path, const char *kind);
/// unshare(2) of the mount namespace and of the PID namespace of the children to come.
int clab_unshare_mount_and_pid(void);
/// Makes every mount of this namespace private, so that nothing done here shows elsewhere.
int clab_private_mounts(void);
/// A new /proc for the PID namespace this process is in.
int clab_mount_proc(void);
/// A new /sys for this process's network namespace, which keeps /sys/fs/cgroup; `stage` is an empty folder.
int clab_renew_sys(const char *stage);
/// Binds `source` over `target`.
int clab_bind(const char *source, const char *target);
/// umount2(2) with MNT_DETACH.
int clab_detach(const char *target);
/// prctl(PR_SET_CHILD_SUBREAPER).
int clab_become_subreaper(void);
/// prctl(PR_SET_PDEATHSIG, SIGKILL), and an answer whether `parent` is still the parent.
int clab_die_with_parent(pid_t parent);
/// SCHED_RR with `priority`, not inherited by children.
int clab_realtime(int priority);
/// Blocks SIGCHLD, SIGTERM, SIGINT, SIGHUP and ignores SIGPIPE; a non-blocking signalfd for them.
int clab_signal_descriptor(void);
/// The next signal of that descriptor, 0 when there is none.
int clab_next_signal(int descriptor);
/// The next ended child: its pid, 0 when there is none, and its wait status.
pid_t clab_reap(int *status);
/// Nanoseconds of CLOCK_BOOTTIME, the clock of events and records.
int64_t clab_boottime(void);
/// O_RDWR past the page cache, each write on the medium before it returns: flags that need _GNU_SOURCE.
int clab_direct_flags(void);
/// Nanoseconds of CLOCK_REALTIME.
int64_t clab_walltime(void);
/// The ioctl(2) of one int, as the watchdog's test needs it.
int clab_ioctl_int(int descriptor, unsigned long command, int *value);
