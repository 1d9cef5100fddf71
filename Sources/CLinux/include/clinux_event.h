/* Clock, epoll, eventfd, timerfd, threads, memory locking. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CLOCK_BOOTTIME in nanoseconds: suspend counts, wall-clock steps do not. */
int64_t hf_boot_clock(void);
/* CLOCK_REALTIME in nanoseconds since 1970. */
int64_t hf_wall_clock(void);
/* Sleeps until this point of CLOCK_BOOTTIME. */
void hf_sleep_until(int64_t boot_clock);

int hf_epoll_create(void);
/* EPOLLIN, level-triggered; `token` comes back from hf_epoll_wait. */
int hf_epoll_add(int epoll, int fd, uint64_t token, bool readable, bool writable);
int hf_epoll_modify(int epoll, int fd, uint64_t token, bool readable, bool writable);
int hf_epoll_remove(int epoll, int fd);
/* Waits; returns the number of tokens stored. EINTR counts as 0 tokens, so that callers look at their
   clock. */
int hf_epoll_wait(int epoll, uint64_t *tokens, int capacity, int timeout_milliseconds);
/* Waits for one descriptor: 1 = ready (or failed: the next call tells), 0 = the time is over. */
int hf_poll(int fd, bool readable, bool writable, int timeout_milliseconds);

int hf_eventfd_create(void);
/* Adds one; never blocks, a full counter is as good as a wake. */
void hf_eventfd_signal(int fd);
void hf_eventfd_drain(int fd);

/* timerfd on CLOCK_BOOTTIME. */
int hf_timerfd_create(void);
/* One expiry at this absolute point; 0 disarms. Takes back an expiry that was not read yet. */
int hf_timerfd_set(int fd, int64_t boot_clock);

/* The body of a thread; `context` is its own to release. */
typedef void (*hf_thread_body)(void *context);

struct hf_thread {
    uint64_t handle;
    int32_t realtime_error; /* 0: SCHED_RR granted, or none was asked for; else the errno of the refusal */
};

/* Starts a thread with its stack touched before the body runs. priority 1..99: SCHED_RR with
   SCHED_RESET_ON_FORK; 0: ordinary. A refused priority is reported, the thread runs all the same. All
   signals are blocked in it. Returns once the thread has tried to set its priority. Allocates. */
int hf_thread_start(hf_thread_body body, void *context, const char *name, int priority, size_t stack_size,
                    struct hf_thread *thread);
/* Waits for the end of the thread. */
int hf_thread_join(uint64_t handle);
/* Raises this thread to SCHED_RR|SCHED_RESET_ON_FORK. */
int hf_thread_set_realtime(int priority);
void hf_thread_set_name(const char *name);

/* mlockall(MCL_CURRENT | MCL_FUTURE). */
int hf_lock_memory(void);
/* Locked memory of this process in KiB, from /proc/self/status (VmLck); -errno. */
long hf_locked_memory(void);
