// Counts this process's heap allocations by thread, by standing in for malloc and its kin.
#ifndef BUSBAR_ALLOCATION_COUNT_H
#define BUSBAR_ALLOCATION_COUNT_H

#include <stdint.h>

// One thread that has allocated. Threads that ended stay in the list under the name they had.
typedef struct allocation_count {
    char name[16];
    int64_t calls;  // of malloc, calloc, realloc, aligned_alloc and posix_memalign
} allocation_count;

// Fills up to `capacity` entries and returns how many threads there are. Any thread may call it; the counts of running
// threads are read without stopping them.
int allocation_counts(allocation_count *counts, int capacity);

// Counts the calling thread under this name from here on; at most 15 bytes are kept.
void allocation_count_name(const char *name);

// Calls that the calling thread has made since it started, 0 for a thread beyond the 4096th.
int64_t allocation_calls(void);

#endif
