// The page that tells a host of the lab how its boot clock runs; one file a host. The supervisor writes it,
// the programs of the host read it, through CLabClock, at each look at the clock.
#pragma once
#include <stdint.h>
#include <time.h>

/// shown = shown_anchor + (real - real_anchor) x (1 + parts_per_billion / 10^9), all of CLOCK_BOOTTIME.
struct clab_clock_page {
    uint64_t version;      // odd while the writer is at it
    int64_t real_anchor;   // nanoseconds of the machine's clock
    int64_t shown_anchor;  // what the host's clock showed then
    int64_t parts_per_billion;
};

/// The host's clock at this instant of the machine's.
static inline int64_t clab_clock_shown(const struct clab_clock_page *page, int64_t real) {
    int64_t passed = real - page->real_anchor;
    return page->shown_anchor + passed + (int64_t)((__int128)passed * page->parts_per_billion / 1000000000);
}

/// The machine's clock when the host's shows this; rounded up, so that a sleeper does not wake before.
static inline int64_t clab_clock_real(const struct clab_clock_page *page, int64_t shown) {
    __int128 passed = (__int128)(shown - page->shown_anchor) * 1000000000;
    int64_t rate = 1000000000 + page->parts_per_billion;
    return page->real_anchor + (int64_t)(passed / rate) + 1;
}

/// Lets the clock of this page's file run at another rate from now on; it does not jump. Makes the file where
/// there is none. 0, or a negated errno.
int clab_clock_set(const char *path, int64_t parts_per_billion);
