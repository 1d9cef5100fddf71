// A boot clock that runs too fast or too slow, for the programs of one host of the lab: CLOCK_BOOTTIME as the
// page says that HOLDFAST_LAB_CLOCK names. Every other clock is the machine's.
#define _GNU_SOURCE
#include "clab_clock.h"
#include "clab_clock_shim.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { watched = 4096 };

static const struct clab_clock_page *shared;
static int (*real_gettime)(clockid_t, struct timespec *);
static int (*real_nanosleep)(clockid_t, int, const struct timespec *, struct timespec *);
static int (*real_timer_create)(int, int);
static int (*real_timer_set)(int, int, const struct itimerspec *, struct itimerspec *);
/// Descriptors of timers on CLOCK_BOOTTIME; a number used anew for something else is never asked.
static char is_boot_timer[watched];

__attribute__((constructor)) static void prepare(void) {
    real_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    real_nanosleep = (int (*)(clockid_t, int, const struct timespec *, struct timespec *))dlsym(
        RTLD_NEXT, "clock_nanosleep");
    real_timer_create = (int (*)(int, int))dlsym(RTLD_NEXT, "timerfd_create");
    real_timer_set = (int (*)(int, int, const struct itimerspec *, struct itimerspec *))dlsym(
        RTLD_NEXT, "timerfd_settime");
    const char *path = getenv("HOLDFAST_LAB_CLOCK");
    if (!path) return;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) abort(); // a lab that believes in a wrong clock must not run with a right one
    void *page = mmap(NULL, sizeof *shared, PROT_READ, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (page == MAP_FAILED) abort();
    shared = page;
}

/// A copy of the page that no writer was at.
static struct clab_clock_page look(void) {
    struct clab_clock_page copy;
    uint64_t before, after;
    do {
        before = __atomic_load_n(&shared->version, __ATOMIC_ACQUIRE);
        copy = *(const volatile struct clab_clock_page *)shared;
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        after = __atomic_load_n(&shared->version, __ATOMIC_RELAXED);
    } while (before != after || before % 2 != 0);
    return copy;
}

static int64_t nanoseconds(const struct timespec *time) {
    return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

static struct timespec as_timespec(int64_t time) {
    if (time < 1) time = 1; // zero would disarm a timer
    return (struct timespec){.tv_sec = time / 1000000000, .tv_nsec = time % 1000000000};
}

static struct timespec as_real(const struct timespec *shown) {
    struct clab_clock_page page = look();
    return as_timespec(clab_clock_real(&page, nanoseconds(shown)));
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = real_gettime(clock, time);
    if (result == 0 && clock == CLOCK_BOOTTIME && shared) {
        struct clab_clock_page page = look();
        *time = as_timespec(clab_clock_shown(&page, nanoseconds(time)));
    }
    return result;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left) {
    if (clock != CLOCK_BOOTTIME || !(flags & TIMER_ABSTIME) || !shared)
        return real_nanosleep(clock, flags, until, left);
    struct timespec real = as_real(until);
    return real_nanosleep(clock, flags, &real, left);
}

int timerfd_create(int clock, int flags) {
    int descriptor = real_timer_create(clock, flags);
    if (descriptor >= 0 && descriptor < watched) is_boot_timer[descriptor] = clock == CLOCK_BOOTTIME;
    return descriptor;
}

int timerfd_settime(int descriptor, int flags, const struct itimerspec *value, struct itimerspec *old) {
    int is_ours = shared && descriptor >= 0 && descriptor < watched && is_boot_timer[descriptor];
    int disarms = value->it_value.tv_sec == 0 && value->it_value.tv_nsec == 0;
    if (!is_ours || disarms || !(flags & TFD_TIMER_ABSTIME))
        return real_timer_set(descriptor, flags, value, old);
    struct itimerspec real = *value;
    real.it_value = as_real(&value->it_value);
    return real_timer_set(descriptor, flags, &real, old);
}
