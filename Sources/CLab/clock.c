#define _GNU_SOURCE
#include "clab_clock.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static int64_t boot_clock(void) {
    struct timespec time;
    clock_gettime(CLOCK_BOOTTIME, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int clab_clock_set(const char *path, int64_t parts_per_billion) {
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) return -errno;
    struct clab_clock_page *page = MAP_FAILED;
    if (ftruncate(descriptor, sizeof *page) == 0)
        page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    int error = page == MAP_FAILED ? -errno : 0;
    close(descriptor);
    if (error) return error;
    int64_t now = boot_clock();
    // A page of zeros is the machine's own clock: shown = real.
    int64_t shown = clab_clock_shown(page, now);
    __atomic_fetch_add(&page->version, 1, __ATOMIC_ACQ_REL);
    page->real_anchor = now;
    page->shown_anchor = shown;
    page->parts_per_billion = parts_per_billion;
    __atomic_fetch_add(&page->version, 1, __ATOMIC_RELEASE);
    munmap(page, sizeof *page);
    return 0;
}
