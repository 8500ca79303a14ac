#define _GNU_SOURCE
#include "contents.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

ssize_t hostelry_copy_range(int from, int to, int64_t offset, size_t count) {
    off_t in = offset, out = offset;
    return copy_file_range(from, &in, to, &out, count, 0);
}

int64_t hostelry_next_data(int file, int64_t offset) { return lseek(file, offset, SEEK_DATA); }

int64_t hostelry_next_hole(int file, int64_t offset) { return lseek(file, offset, SEEK_HOLE); }

int hostelry_sync_file_system(int folder) { return syncfs(folder); }

int64_t hostelry_free_space(int file) {
    struct statvfs status;
    if (fstatvfs(file, &status) != 0)
        return -1;
    return (int64_t)status.f_bavail * (int64_t)status.f_frsize;
}
