#define _GNU_SOURCE
#include "memory.h"

#include <malloc.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

const void *hostelry_find(const void *hay, size_t size, const void *needle, size_t length) {
    return memmem(hay, size, needle, length);
}

void hostelry_release_memory(void) { malloc_trim(0); }

void hostelry_share_heap(size_t large) {
    mallopt(M_ARENA_MAX, 1);
    // Setting it keeps the allocator from raising it.
    mallopt(M_MMAP_THRESHOLD, (int)large);
}

int hostelry_page_out(int pidfd, unsigned long start, size_t size) {
    struct iovec range = {.iov_base = (void *)start, .iov_len = size};
    return syscall(SYS_process_madvise, pidfd, &range, 1, MADV_PAGEOUT, 0) < 0 ? -1 : 0;
}
