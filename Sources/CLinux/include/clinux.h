/* CLinux: the only place where Holdfast reads errno.

   Every function is one system call, or one that belongs together with its flags, made fit for Swift: no
   variadic calls, no macros, no GNU-only names.
   Results below zero are -errno. EINTR is retried here. EAGAIN is returned as -EAGAIN and told apart by
   `hf_is_again`. Nothing here allocates unless its comment says so. */
#pragma once
#include "clinux_file.h"
#include "clinux_watchdog.h"
#include "clinux_network.h"
#include "clinux_process.h"
#include "clinux_event.h"
