#ifndef HOSTELRY_MEMORY_H
#define HOSTELRY_MEMORY_H

#include <stddef.h>

/// The first place of `needle` in `hay`; null where it is not there.
const void *hostelry_find(const void *hay, size_t size, const void *needle, size_t length);

/// Gives freed memory back to the system.
void hostelry_release_memory(void);

/// From now on all threads share one heap, and blocks of `large` bytes or more are mappings of their own.
void hostelry_share_heap(size_t large);

/// Asks the kernel to write these bytes of the process that `pidfd` names out to swap; 0, or -1 with errno.
int hostelry_page_out(int pidfd, unsigned long start, size_t size);

#endif
