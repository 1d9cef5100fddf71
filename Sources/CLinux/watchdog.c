#include "clinux_watchdog.h"

#include <errno.h>
#include <linux/watchdog.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>

_Static_assert(HF_WATCHDOG_SETTIMEOUT == WDIOF_SETTIMEOUT, "linux/watchdog.h");
_Static_assert(HF_WATCHDOG_MAGICCLOSE == WDIOF_MAGICCLOSE, "linux/watchdog.h");
_Static_assert(HF_WATCHDOG_KEEPALIVE == WDIOF_KEEPALIVEPING, "linux/watchdog.h");
_Static_assert(HF_WATCHDOG_CARDRESET == WDIOF_CARDRESET, "linux/watchdog.h");

static int control(int fd, unsigned long request, void *argument) {
    int result;
    do {
        result = ioctl(fd, request, argument);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : 0;
}

int hf_watchdog_support(int fd, struct hf_watchdog_info *info) {
    struct watchdog_info found;
    memset(&found, 0, sizeof found);
    int result = control(fd, WDIOC_GETSUPPORT, &found);
    if (result < 0) return result;
    info->options = found.options;
    info->firmware = found.firmware_version;
    memcpy(info->identity, found.identity, sizeof found.identity);
    info->identity[32] = 0;
    return 0;
}

int hf_watchdog_set_timeout(int fd, int32_t *seconds) { return control(fd, WDIOC_SETTIMEOUT, seconds); }
int hf_watchdog_timeout(int fd, int32_t *seconds) { return control(fd, WDIOC_GETTIMEOUT, seconds); }
int hf_watchdog_set_pretimeout(int fd, int32_t *seconds) { return control(fd, WDIOC_SETPRETIMEOUT, seconds); }
int hf_watchdog_pretimeout(int fd, int32_t *seconds) { return control(fd, WDIOC_GETPRETIMEOUT, seconds); }
int hf_watchdog_boot_status(int fd, int32_t *bits) { return control(fd, WDIOC_GETBOOTSTATUS, bits); }

int hf_watchdog_feed(int fd) {
    int unused = 0;
    return control(fd, WDIOC_KEEPALIVE, &unused);
}

int hf_reset_host(void) { return reboot(RB_AUTOBOOT) < 0 ? -errno : 0; }
