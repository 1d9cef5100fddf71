#define _GNU_SOURCE
#include "clinux_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
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

static int unix_address(const char *path, struct sockaddr_un *address, socklen_t *length) {
    size_t count = strlen(path);
    if (count >= sizeof address->sun_path) return -ENAMETOOLONG;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, count + 1);
    *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + count + 1);
    /* systemd writes abstract names with @. */
    if (path[0] == '@') {
        address->sun_path[0] = 0;
        *length -= 1;
    }
    return 0;
}

int hf_unix_listen(const char *path, int backlog, unsigned mode) {
    struct sockaddr_un address;
    socklen_t length;
    int result = unix_address(path, &address, &length);
    if (result < 0) return result;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    /* The mode is set before listen: nobody can connect in between. */
    if (bind(fd, (struct sockaddr *)&address, length) < 0 || chmod(path, (mode_t)mode) < 0 || listen(fd, backlog) < 0) {
        result = -errno;
        close(fd);
        return result;
    }
    return fd;
}

int hf_unix_accept(int listener) {
    int fd;
    do {
        fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    } while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
    return fd < 0 ? -errno : fd;
}

int hf_unix_connect(const char *path, int timeout_milliseconds) {
    struct sockaddr_un address;
    socklen_t length;
    int result = unix_address(path, &address, &length);
    if (result < 0) return result;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    /* A full backlog lets connect(2) of a Unix socket wait for the send time-out. */
    struct timeval limit = {
        .tv_sec = timeout_milliseconds / 1000, .tv_usec = timeout_milliseconds % 1000 * 1000 + 1};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    do {
        result = connect(fd, (struct sockaddr *)&address, length);
    } while (result < 0 && errno == EINTR);
    if (result < 0) result = errno == EAGAIN ? -ETIMEDOUT : -errno;
    if (result == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) < 0) result = -errno;
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}

int hf_unix_peer(int fd, struct hf_credentials *credentials) {
    struct ucred found;
    socklen_t length = sizeof found;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &found, &length) < 0) return -errno;
    credentials->pid = found.pid;
    credentials->user = found.uid;
    credentials->group = found.gid;
    return 0;
}

long hf_receive(int fd, void *buffer, size_t count) {
    ssize_t result;
    do {
        result = recv(fd, buffer, count, MSG_DONTWAIT);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : result;
}

long hf_send(int fd, const void *buffer, size_t count) {
    ssize_t result;
    do {
        result = send(fd, buffer, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : result;
}

int hf_notify(const char *socket_path, const char *text, int passed) {
    struct sockaddr_un address;
    socklen_t length;
    int result = unix_address(socket_path, &address, &length);
    if (result < 0) return result;
    if (socket_path[0] != '@') length -= 1;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    struct iovec data = {.iov_base = (void *)text, .iov_len = strlen(text)};
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {.msg_name = &address, .msg_namelen = length, .msg_iov = &data, .msg_iovlen = 1};
    if (passed >= 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = sizeof control.room;
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.header), &passed, sizeof(int));
    }
    ssize_t sent;
    do {
        sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    result = sent < 0 ? -errno : 0;
    close(fd);
    return result;
}
