// Nothing is called by name: libholdfast-lab-clock.so is preloaded into the programs of a host of the lab and
// stands before the C library's clock_gettime, clock_nanosleep, timerfd_create and timerfd_settime.
#pragma once
