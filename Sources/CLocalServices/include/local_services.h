/* The sockets, signals and streams by which this host's own programs talk: control sockets, journal, service
   manager. Every function returns -errno on failure, retries EINTR, and never raises SIGPIPE. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Unix stream sockets, close-on-exec, nonblocking. A path of more than 107 bytes gives -ENAMETOOLONG. */
int ls_listen(const char *path, int backlog, unsigned mode);
/* The next caller; -EAGAIN when there is none. */
int ls_accept(int listener);
/* Connects at once or not at all: a full queue gives -EAGAIN. */
int ls_connect(const char *path);
long ls_receive(int fd, void *buffer, size_t count);
/* Sends `count` bytes that begin at `offset` of `buffer`. */
long ls_send(int fd, const void *buffer, size_t offset, size_t count);
int ls_close(int fd);
int ls_unlink(const char *path);

struct ls_credentials {
    int32_t process;
    uint32_t user;
};
/* SO_PEERCRED */
int ls_peer(int fd, struct ls_credentials *credentials);

/* One descriptor to wait for. */
struct ls_waiting {
    int32_t fd;       /* -1: none */
    bool for_writing;
    bool is_ready;    /* set by ls_wait: readable, writable, closed or failed */
};
/* poll(2) over `count` descriptors, at most 64; EINTR counts as nothing ready. */
int ls_wait(struct ls_waiting *list, int count, int timeout_milliseconds);
/* A pipe that wakes a waiter: ends[0] is read. Nonblocking, close-on-exec. */
int ls_wake_pipe(int32_t ends[2]);
void ls_wake(int fd);
void ls_drain(int fd);

/* One datagram to a Unix socket, with a descriptor (SCM_RIGHTS) or -1. @ begins an abstract path. */
int ls_send_datagram(const char *path, const void *bytes, size_t count, int fd);
/* The whole text to standard error; a closed one loses it. */
void ls_write_error(const void *bytes, size_t count);

/* Blocks SIGTERM and SIGINT in this and all threads started later, ignores SIGPIPE, and gives a signalfd. */
int ls_stop_signals(void);
/* The next signal's number; -EAGAIN when there is none. */
int ls_next_signal(int fd);
/* The error's words, ended with 0. */
void ls_error_text(int code, void *text, size_t size);
uint32_t ls_own_user(void);
int32_t ls_own_process(void);
