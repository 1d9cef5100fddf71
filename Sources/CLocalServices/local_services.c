#define _GNU_SOURCE
#include "local_services.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define RETRY(result, call)             \
    do {                                \
        result = (call);                \
    } while (result < 0 && errno == EINTR)

static int fill(const char *path, struct sockaddr_un *address, socklen_t *length) {
    size_t count = strlen(path);
    if (count == 0 || count >= sizeof address->sun_path) return -ENAMETOOLONG;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, count);
    bool is_abstract = path[0] == '@';
    if (is_abstract) address->sun_path[0] = 0;
    *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + count + (is_abstract ? 0 : 1));
    return 0;
}

int ls_listen(const char *path, int backlog, unsigned mode) {
    struct sockaddr_un address;
    socklen_t length;
    int error = fill(path, &address, &length);
    if (error) return error;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    if (bind(fd, (struct sockaddr *)&address, length) < 0 || chmod(path, mode) < 0 ||
        listen(fd, backlog) < 0) {
        error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int ls_accept(int listener) {
    int fd;
    RETRY(fd, accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (fd >= 0) return fd;
    return errno == ECONNABORTED ? -EAGAIN : -errno;
}

int ls_connect(const char *path) {
    struct sockaddr_un address;
    socklen_t length;
    int error = fill(path, &address, &length);
    if (error) return error;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    if (connect(fd, (struct sockaddr *)&address, length) < 0) {
        error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

long ls_receive(int fd, void *buffer, size_t count) {
    ssize_t got;
    RETRY(got, recv(fd, buffer, count, MSG_DONTWAIT));
    return got < 0 ? -errno : got;
}

long ls_send(int fd, const void *buffer, size_t offset, size_t count) {
    ssize_t sent;
    RETRY(sent, send(fd, (const char *)buffer + offset, count, MSG_DONTWAIT | MSG_NOSIGNAL));
    return sent < 0 ? -errno : sent;
}

int ls_close(int fd) { return close(fd) < 0 ? -errno : 0; }

int ls_unlink(const char *path) { return unlink(path) < 0 ? -errno : 0; }

int ls_peer(int fd, struct ls_credentials *credentials) {
    struct ucred found;
    socklen_t size = sizeof found;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &found, &size) < 0) return -errno;
    credentials->process = found.pid;
    credentials->user = found.uid;
    return 0;
}

int ls_wait(struct ls_waiting *list, int count, int timeout_milliseconds) {
    struct pollfd polled[64];
    if (count < 0 || count > 64) return -EINVAL;
    for (int index = 0; index < count; index++) {
        polled[index].fd = list[index].fd;
        polled[index].events = list[index].for_writing ? POLLOUT : POLLIN;
        polled[index].revents = 0;
        list[index].is_ready = false;
    }
    int ready = poll(polled, (nfds_t)count, timeout_milliseconds);
    if (ready < 0) return errno == EINTR ? 0 : -errno;
    for (int index = 0; index < count; index++) list[index].is_ready = polled[index].revents != 0;
    return ready;
}

int ls_wake_pipe(int32_t ends[2]) {
    int made[2];
    if (pipe2(made, O_CLOEXEC | O_NONBLOCK) < 0) return -errno;
    ends[0] = made[0];
    ends[1] = made[1];
    return 0;
}

void ls_wake(int fd) {
    ssize_t sent;
    /* A full pipe wakes as well. */
    RETRY(sent, write(fd, "w", 1));
}

void ls_drain(int fd) {
    char bytes[256];
    ssize_t got;
    do {
        RETRY(got, read(fd, bytes, sizeof bytes));
    } while (got == (ssize_t)sizeof bytes);
}

int ls_send_datagram(const char *path, const void *bytes, size_t count, int fd) {
    struct sockaddr_un address;
    socklen_t length;
    int error = fill(path, &address, &length);
    if (error) return error;
    int from = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (from < 0) return -errno;
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct msghdr message = {.msg_name = &address, .msg_namelen = length, .msg_iov = &part, .msg_iovlen = 1};
    if (fd >= 0) {
        message.msg_control = control.room;
        message.msg_controllen = sizeof control.room;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &fd, sizeof fd);
    }
    ssize_t sent;
    RETRY(sent, sendmsg(from, &message, MSG_NOSIGNAL));
    error = sent < 0 ? errno : 0;
    close(from);
    return -error;
}

void ls_write_error(const void *bytes, size_t count) {
    const char *rest = bytes;
    while (count > 0) {
        ssize_t sent;
        RETRY(sent, write(STDERR_FILENO, rest, count));
        if (sent <= 0) return;
        rest += sent;
        count -= (size_t)sent;
    }
}

int ls_stop_signals(void) {
    signal(SIGPIPE, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (error) return -error;
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int ls_next_signal(int fd) {
    struct signalfd_siginfo information;
    ssize_t got;
    RETRY(got, read(fd, &information, sizeof information));
    if (got < 0) return -errno;
    return got == (ssize_t)sizeof information ? (int)information.ssi_signo : -EAGAIN;
}

void ls_error_text(int code, void *text, size_t size) {
    const char *name = strerrorname_np(code);
    const char *words = strerrordesc_np(code);
    snprintf(text, size, "%s (%s)", words ? words : "unknown error", name ? name : "E?");
}

uint32_t ls_own_user(void) { return geteuid(); }

int32_t ls_own_process(void) { return getpid(); }
