#define _GNU_SOURCE
#include "clinux_event.h"

#include <alloca.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int64_t clock_value(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static struct timespec as_timespec(int64_t nanoseconds) {
    if (nanoseconds < 0) nanoseconds = 0;
    return (struct timespec){.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
}

int64_t hf_boot_clock(void) { return clock_value(CLOCK_BOOTTIME); }
int64_t hf_wall_clock(void) { return clock_value(CLOCK_REALTIME); }

void hf_sleep_until(int64_t boot_clock) {
    struct timespec until = as_timespec(boot_clock);
    while (clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &until, NULL) == EINTR) {}
}

int hf_epoll_create(void) {
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static int epoll_change(int epoll, int operation, int fd, uint64_t token, bool readable, bool writable) {
    uint32_t events = (readable ? EPOLLIN : 0) | (writable ? EPOLLOUT : 0);
    struct epoll_event event = {.events = events, .data.u64 = token};
    return epoll_ctl(epoll, operation, fd, &event) < 0 ? -errno : 0;
}

int hf_epoll_add(int epoll, int fd, uint64_t token, bool readable, bool writable) {
    return epoll_change(epoll, EPOLL_CTL_ADD, fd, token, readable, writable);
}

int hf_epoll_modify(int epoll, int fd, uint64_t token, bool readable, bool writable) {
    return epoll_change(epoll, EPOLL_CTL_MOD, fd, token, readable, writable);
}

int hf_epoll_remove(int epoll, int fd) { return epoll_change(epoll, EPOLL_CTL_DEL, fd, 0, false, false); }

int hf_epoll_wait(int epoll, uint64_t *tokens, int capacity, int timeout_milliseconds) {
    struct epoll_event events[32];
    if (capacity > 32) capacity = 32;
    int count = epoll_wait(epoll, events, capacity, timeout_milliseconds);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int index = 0; index < count; index++) tokens[index] = events[index].data.u64;
    return count;
}

int hf_poll(int fd, bool readable, bool writable, int timeout_milliseconds) {
    struct pollfd wanted = {.fd = fd, .events = (short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0))};
    int64_t end = hf_boot_clock() + (int64_t)timeout_milliseconds * 1000000;
    for (;;) {
        int result = poll(&wanted, 1, timeout_milliseconds);
        if (result >= 0) return result > 0;
        if (errno != EINTR) return -errno;
        if (timeout_milliseconds < 0) continue;
        int64_t left = end - hf_boot_clock();
        timeout_milliseconds = left > 0 ? (int)((left + 999999) / 1000000) : 0;
    }
}

int hf_eventfd_create(void) {
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

void hf_eventfd_signal(int fd) {
    uint64_t one = 1;
    ssize_t result;
    do {
        result = write(fd, &one, sizeof one);
    } while (result < 0 && errno == EINTR);
}

void hf_eventfd_drain(int fd) {
    uint64_t count;
    ssize_t result;
    do {
        result = read(fd, &count, sizeof count);
    } while (result < 0 && errno == EINTR);
}

int hf_timerfd_create(void) {
    int fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int hf_timerfd_set(int fd, int64_t boot_clock) {
    struct itimerspec value = {.it_value = as_timespec(boot_clock)};
    return timerfd_settime(fd, TFD_TIMER_ABSTIME, &value, NULL) < 0 ? -errno : 0;
}

struct start {
    hf_thread_body body;
    void *context;
    char name[16];
    int priority;
    size_t stack_size;
    int realtime_error;
    sem_t started;
};

/* Touches the stack once, so that no page fault comes later: 64 KiB stay for the frames above. */
static __attribute__((noinline)) void touch_stack(size_t stack_size) {
    if (stack_size <= 128 * 1024) return;
    size_t size = stack_size - 96 * 1024;
    volatile char *stack = alloca(size);
    for (size_t offset = 0; offset < size; offset += 1024) stack[offset] = 0;
}

int hf_thread_set_realtime(int priority) {
    struct sched_param parameters = {.sched_priority = priority};
    return sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &parameters) < 0 ? -errno : 0;
}

void hf_thread_set_name(const char *name) {
    char text[16];
    snprintf(text, sizeof text, "%s", name);
    pthread_setname_np(pthread_self(), text);
}

static void *trampoline(void *argument) {
    struct start *start = argument;
    hf_thread_set_name(start->name);
    if (start->priority > 0) start->realtime_error = -hf_thread_set_realtime(start->priority);
    hf_thread_body body = start->body;
    void *context = start->context;
    size_t stack_size = start->stack_size;
    sem_post(&start->started);
    touch_stack(stack_size);
    body(context);
    return NULL;
}

int hf_thread_start(hf_thread_body body, void *context, const char *name, int priority, size_t stack_size,
                    struct hf_thread *thread) {
    struct start *start = calloc(1, sizeof *start);
    if (!start) return -ENOMEM;
    start->body = body;
    start->context = context;
    snprintf(start->name, sizeof start->name, "%s", name);
    start->priority = priority;
    start->stack_size = stack_size;
    sem_init(&start->started, 0, 0);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    int error = pthread_attr_setstacksize(&attributes, stack_size);
    sigset_t all, before;
    sigfillset(&all);
    /* The faults stay open: a trap must stop the process. */
    sigdelset(&all, SIGSEGV), sigdelset(&all, SIGBUS), sigdelset(&all, SIGILL), sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGABRT), sigdelset(&all, SIGTRAP), sigdelset(&all, SIGSYS);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t handle;
    if (!error) error = pthread_create(&handle, &attributes, trampoline, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (!error) {
        while (sem_wait(&start->started) < 0 && errno == EINTR) {}
        thread->handle = (uint64_t)handle;
        thread->realtime_error = start->realtime_error;
    }
    sem_destroy(&start->started);
    free(start);
    return -error;
}

int hf_thread_join(uint64_t handle) { return -pthread_join((pthread_t)handle, NULL); }

int hf_lock_memory(void) { return mlockall(MCL_CURRENT | MCL_FUTURE) < 0 ? -errno : 0; }

long hf_locked_memory(void) {
    FILE *file = fopen("/proc/self/status", "re");
    if (!file) return -errno;
    char line[256];
    long found = -ENOENT;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "VmLck: %ld", &found) == 1) break;
    }
    fclose(file);
    return found;
}
