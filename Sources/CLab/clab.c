#define _GNU_SOURCE
#include "clab.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int result(int value) { return value < 0 ? -errno : value; }

/// Gives `descriptor` (or /dev/null) the number `wanted`. Async-signal-safe.
static int place(int descriptor, int wanted, int flags) {
    if (descriptor < 0) {
        descriptor = open("/dev/null", flags);
        if (descriptor < 0) return -1;
    }
    if (descriptor == wanted) return fcntl(descriptor, F_SETFD, 0);
    return dup2(descriptor, wanted);
}

/// The child between fork and exec; only async-signal-safe calls. Returns only when something failed.
static void become(const struct clab_spawn *options, pid_t parent) {
    if (options->die_with_parent) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) return;
        // A parent in an outer PID namespace reads as 0; it is then known alive by the pipe it waits on.
        pid_t now = getppid();
        if (now != parent && now != 0) { errno = ESRCH; return; }
    }
    if (options->new_session && setsid() < 0) return;
    if (options->cgroup_procs) {
        int group = open(options->cgroup_procs, O_WRONLY | O_CLOEXEC);
        if (group < 0 || write(group, "0", 1) != 1) return;
        close(group);
    }
    if (options->drop_reboot && prctl(PR_CAPBSET_DROP, CAP_SYS_BOOT) < 0 && errno != EPERM) return;
    if (options->directory && chdir(options->directory) < 0) return;
    if (place(options->input, 0, O_RDONLY) < 0) return;
    if (place(options->output, 1, O_WRONLY) < 0) return;
    if (place(options->error, 2, O_WRONLY) < 0) return;
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    if (sigprocmask(SIG_SETMASK, &none, NULL) < 0) return;
    execve(options->path, (char *const *)options->arguments, (char *const *)options->environment);
}

pid_t clab_spawn(const struct clab_spawn *options) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) < 0) return -errno;
    // The report pipe must not sit where 0, 1 and 2 are placed.
    int high = fcntl(report[1], F_DUPFD_CLOEXEC, 64);
    if (high < 0) { int why = errno; close(report[0]); close(report[1]); return -why; }
    close(report[1]);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0) { int why = errno; close(report[0]); close(high); return -why; }
    if (child == 0) {
        // Descriptors from 3 on are closed at exec, whatever made them.
        syscall(SYS_close_range, 3, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */);
        become(options, parent);
        int why = errno ? errno : EINVAL;
        if (write(high, &why, sizeof why) < 0) _exit(126);
        _exit(127);
    }
    close(high);
    int why = 0;
    ssize_t got;
    do got = read(report[0], &why, sizeof why); while (got < 0 && errno == EINTR);
    close(report[0]);
    if (got == (ssize_t)sizeof why) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        return -why;
    }
    return child;
}

int clab_enter_namespace(const char *path, const char *kind) {
    int flag = !strcmp(kind, "net") ? CLONE_NEWNET : !strcmp(kind, "mnt") ? CLONE_NEWNS
        : !strcmp(kind, "pid") ? CLONE_NEWPID : 0;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return -errno;
    int outcome = result(setns(descriptor, flag));
    close(descriptor);
    return outcome;
}

int clab_unshare_mount_and_pid(void) { return result(unshare(CLONE_NEWNS | CLONE_NEWPID)); }
int clab_private_mounts(void) { return result(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)); }
int clab_mount_proc(void) {
    return result(mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
}
int clab_renew_sys(const char *stage) {
    char groups[4096];
    int length = snprintf(groups, sizeof groups, "%s/fs/cgroup", stage);
    if (length < 0 || length >= (int)sizeof groups) return -ENAMETOOLONG;
    if (mount("sysfs", stage, "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0) return -errno;
    if (mount("/sys/fs/cgroup", groups, NULL, MS_BIND | MS_REC, NULL) < 0) return -errno;
    return result(mount(stage, "/sys", NULL, MS_MOVE, NULL));
}
int clab_bind(const char *source, const char *target) {
    return result(mount(source, target, NULL, MS_BIND | MS_REC, NULL));
}
int clab_detach(const char *target) { return result(umount2(target, MNT_DETACH | UMOUNT_NOFOLLOW)); }
int clab_become_subreaper(void) { return result(prctl(PR_SET_CHILD_SUBREAPER, 1)); }
int clab_die_with_parent(pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) return -errno;
    return getppid() == parent ? 0 : -ESRCH;
}
int clab_realtime(int priority) {
    struct sched_param parameter = {.sched_priority = priority};
    return result(sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &parameter));
}

int clab_signal_descriptor(void) {
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &wanted, NULL) < 0) return -errno;
    return result(signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
}

int clab_next_signal(int descriptor) {
    struct signalfd_siginfo info;
    ssize_t got = read(descriptor, &info, sizeof info);
    if (got < 0) return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    return (int)info.ssi_signo;
}

pid_t clab_reap(int *status) {
    pid_t child = waitpid(-1, status, WNOHANG);
    return child < 0 ? (errno == ECHILD ? 0 : -errno) : child;
}

static int64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}
int clab_direct_flags(void) { return O_RDWR | O_DIRECT | O_DSYNC; }

int64_t clab_boottime(void) { return now(CLOCK_BOOTTIME); }
int64_t clab_walltime(void) { return now(CLOCK_REALTIME); }
int clab_ioctl_int(int descriptor, unsigned long command, int *value) {
    return result(ioctl(descriptor, command, value));
}
