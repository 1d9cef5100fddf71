/* Counts the heap allocations of this program by standing in front of malloc and its relatives. */
#pragma once
#include <stdint.h>

/* How many blocks were asked for since the start: malloc, calloc, realloc, aligned_alloc, memalign,
   posix_memalign. */
uint64_t allocation_count(void);
/* How many bytes were asked for. */
uint64_t allocation_bytes(void);
/* Ends the program at the next allocation of this thread, with a core at the place: for finding it in a
   debugger. */
void allocation_trap(int on);
