#define _GNU_SOURCE
#include "memory.h"

#include <malloc.h>
#include <string.h>

const void *hostelry_find(const void *hay, size_t size, const void *needle, size_t length) {
    return memmem(hay, size, needle, length);
}

void hostelry_release_memory(void) { malloc_trim(0); }
