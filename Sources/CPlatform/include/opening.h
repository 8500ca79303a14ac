#ifndef HOSTELRY_OPENING_H
#define HOSTELRY_OPENING_H

#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

// Opens `path` below `folder` for reading, without waiting for a FIFO's writer
// (openat2, RESOLVE_BENEATH: no symbolic link leads out of the folder).
// -1 and errno on failure.
int hostelry_open_beneath(const char *folder, const char *path);

// The same, and EAGAIN where the way there is not in memory (RESOLVE_CACHED).
int hostelry_open_cached_beneath(const char *folder, const char *path);

// Whether the kernel knows what `path` names, or that it names nothing, without looking at a disk;
// 1 as well where it does not say.
int hostelry_is_path_cached(const char *path);

// The same without opening it for reading (O_PATH): a device or a pipe is not touched.
int hostelry_find_beneath(const char *folder, const char *path);

// What `name` in `folder` is, a symbolic link itself included, without opening it
// for reading (openat2, O_PATH | O_NOFOLLOW, RESOLVE_NO_SYMLINKS: no link leads there). -1 and errno on failure.
int hostelry_open_place(int folder, const char *name);

// preadv2 into one buffer; only what is in memory when `waits` is 0 (RWF_NOWAIT:
// EAGAIN when nothing of it is).
ssize_t hostelry_read_at(int file, const struct iovec *part, int64_t offset, int waits);

#endif
