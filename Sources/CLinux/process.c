#define _GNU_SOURCE
#include "clinux_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <linux/close_range.h>
#include <unistd.h>

int hf_pidfd_open(int32_t pid) {
    long fd = syscall(SYS_pidfd_open, pid, 0);
    return fd < 0 ? -errno : (int)fd;
}

int hf_pidfd_signal(int pidfd, int signal) {
    return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) < 0 ? -errno : 0;
}

int hf_reap(int32_t pid, int32_t *status) {
    int found = 0;
    pid_t result;
    do {
        result = waitpid(pid, &found, WNOHANG);
    } while (result < 0 && errno == EINTR);
    if (result < 0) return -errno;
    *status = found;
    return result == pid;
}

int32_t hf_own_pid(void) { return getpid(); }
uint32_t hf_own_user(void) { return geteuid(); }

/* The first PID namespace has a fixed inode number (PROC_PID_INIT_INO of include/linux/proc_ns.h). */
int hf_in_pid_namespace(void) {
    struct stat found;
    if (stat("/proc/self/ns/pid", &found) < 0) return -errno;
    return found.st_ino != 0xEFFFFFFCu;
}

int hf_signalfd_create(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM), sigaddset(&set, SIGINT), sigaddset(&set, SIGHUP);
    int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (error) return -error;
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int hf_signalfd_read(int fd) {
    struct signalfd_siginfo information;
    ssize_t result;
    do {
        result = read(fd, &information, sizeof information);
    } while (result < 0 && errno == EINTR);
    if (result < 0) return -errno;
    return (int)information.ssi_signo;
}

void hf_ignore_broken_pipes(void) { signal(SIGPIPE, SIG_IGN); }

/* In the child of a fork of a program with threads: only async-signal-safe calls from here on. */
static void run_child(const struct hf_spawn *spawn, int report) {
    int error = 0;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int wanted[3] = {spawn->standard_input, spawn->standard_output, spawn->standard_error};
    if (spawn->new_session) setsid();
    if (spawn->cgroup >= 0) {
        int processes = openat(spawn->cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC);
        if (processes < 0 || write(processes, "0", 1) < 0) error = errno;
    }
    /* First out of the way of 0..2, then into place. */
    for (int index = 0; index < 3 && !error; index++) {
        wanted[index] = fcntl(wanted[index] < 0 ? null : wanted[index], F_DUPFD_CLOEXEC, 3);
        if (wanted[index] < 0) error = errno;
    }
    for (int index = 0; index < 3 && !error; index++) {
        if (dup2(wanted[index], index) < 0) error = errno;
    }
    if (!error && syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC) < 0) error = errno;
    if (!error) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        signal(SIGPIPE, SIG_DFL);
        execve(spawn->path, spawn->arguments, spawn->environment ? spawn->environment : environ);
        error = errno;
    }
    if (write(report, &error, sizeof error) < 0) _exit(126);
    _exit(127);
}

int32_t hf_spawn_process(const struct hf_spawn *spawn, int *pidfd) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) < 0) return -errno;
    pid_t child = fork();
    if (child < 0) {
        int error = errno;
        close(report[0]), close(report[1]);
        return -error;
    }
    if (child == 0) run_child(spawn, report[1]);
    close(report[1]);
    int error = 0;
    ssize_t got;
    do {
        got = read(report[0], &error, sizeof error);
    } while (got < 0 && errno == EINTR);
    close(report[0]);
    if (got == (ssize_t)sizeof error) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        return -error;
    }
    *pidfd = hf_pidfd_open(child);
    return child;
}
