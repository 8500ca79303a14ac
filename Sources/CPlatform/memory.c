#define _GNU_SOURCE
#include "memory.h"

#include <malloc.h>
#include <string.h>

const void *hostelry_find(const void *hay, size_t size, const void *needle, size_t length) {
    return memmem(hay, size, needle, length);
}

void hostelry_release_memory(void) { malloc_trim(0); }

void hostelry_share_heap(size_t large) {
    mallopt(M_ARENA_MAX, 1);
    // Setting it keeps the allocator from raising it.
    mallopt(M_MMAP_THRESHOLD, (int)large);
}
