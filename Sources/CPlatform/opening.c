#define _GNU_SOURCE
#include "opening.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_beneath(const char *folder, const char *path, int flags, unsigned long long resolve) {
    int root = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return -1;
    struct open_how how = {
        .flags = flags | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | resolve,
    };
    int file = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    int failure = errno;
    close(root);
    errno = failure;
    return file;
}

int hostelry_open_beneath(const char *folder, const char *path) {
    return open_beneath(folder, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
}

int hostelry_open_cached_beneath(const char *folder, const char *path) {
    int file = open_beneath(folder, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, RESOLVE_CACHED);
    // Kernels before 5.12 do not know the flag.
    return file < 0 && errno == EINVAL ? hostelry_open_beneath(folder, path) : file;
}

int hostelry_find_beneath(const char *folder, const char *path) { return open_beneath(folder, path, O_PATH, 0); }

int hostelry_is_path_cached(const char *path) {
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_CACHED};
    int file = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
    if (file < 0)
        return errno != EAGAIN;
    close(file);
    return 1;
}

int hostelry_open_place(int folder, const char *name) {
    struct open_how how = {.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, folder, name, &how, sizeof how);
}

ssize_t hostelry_read_at(int file, const struct iovec *part, int64_t offset, int waits) {
    return preadv2(file, part, 1, offset, waits ? 0 : RWF_NOWAIT);
}
