/* The kernel's watchdog device and the ways to reset this host. */
#pragma once
#include <stdint.h>

/* Option bits of struct watchdog_info that Holdfast looks at. */
enum { HF_WATCHDOG_SETTIMEOUT = 0x0080, HF_WATCHDOG_MAGICCLOSE = 0x0100, HF_WATCHDOG_KEEPALIVE = 0x8000 };
/* Bit of the boot status that says "the last reset came from the watchdog". */
enum { HF_WATCHDOG_CARDRESET = 0x0020 };

struct hf_watchdog_info {
    uint32_t options;
    uint32_t firmware;
    char identity[33]; /* ends with 0 */
};

/* WDIOC_GETSUPPORT */
int hf_watchdog_support(int fd, struct hf_watchdog_info *info);
/* WDIOC_SETTIMEOUT; the driver may write back another value. */
int hf_watchdog_set_timeout(int fd, int32_t *seconds);
/* WDIOC_GETTIMEOUT */
int hf_watchdog_timeout(int fd, int32_t *seconds);
/* WDIOC_SETPRETIMEOUT; the driver may write back another value. */
int hf_watchdog_set_pretimeout(int fd, int32_t *seconds);
/* WDIOC_GETPRETIMEOUT */
int hf_watchdog_pretimeout(int fd, int32_t *seconds);
/* WDIOC_KEEPALIVE, with a valid int: FUSE devices refuse NULL. */
int hf_watchdog_feed(int fd);
/* WDIOC_GETBOOTSTATUS */
int hf_watchdog_boot_status(int fd, int32_t *bits);

/* reboot(2) with RB_AUTOBOOT: resets the host (in a PID namespace: ends the namespace). Never call it in a
   test outside a PID namespace of one's own. Returns only when it failed. */
int hf_reset_host(void);
