#define _GNU_SOURCE
#include "opening.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

// From <linux/magic.h> and the file systems' own sources, where they are not there.
static const unsigned long remote_file_systems[] = {
    0x65735546, // FUSE
    0x6969,     // NFS
    0xFF534D42, // CIFS
    0xFE534D42, // SMB 2 and later
    0x517B,     // SMB
    0x01021997, // 9P
    0x00C36400, // Ceph
    0x5346414F, // OpenAFS
    0x6B414653, // AFS
    0x73757245, // Coda
};

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

int hostelry_is_remote(const char *path) {
    struct statfs status;
    if (statfs(path, &status) < 0)
        return 0;
    unsigned long type = (unsigned long)status.f_type & 0xFFFFFFFF;
    for (size_t index = 0; index < sizeof remote_file_systems / sizeof *remote_file_systems; index++)
        if (type == remote_file_systems[index])
            return 1;
    return 0;
}

int hostelry_open_place(int folder, const char *name) {
    struct open_how how = {.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, folder, name, &how, sizeof how);
}

ssize_t hostelry_read_at(int file, const struct iovec *part, int64_t offset, int waits) {
    return preadv2(file, part, 1, offset, waits ? 0 : RWF_NOWAIT);
}
