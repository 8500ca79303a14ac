// Sending a file's bytes without a copy through this process.
#ifndef HOSTELRY_SENDING_H
#define HOSTELRY_SENDING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// `sendfile` that raises no SIGPIPE in a process that ignores it; the bytes sent, 0 at the file's end, -1 with errno.
ssize_t hostelry_send_file(int socket, int file, int64_t offset, size_t count);

/// 1 for a regular file, 0 for anything else, -1 with errno. A file's server is not asked.
int hostelry_is_regular(int file);

/// 1 when no name leads to the file any more, so that its last closing frees what it holds, 0 otherwise, -1 with errno.
int hostelry_is_nameless(int file);

/// Reads one byte if it can be had without waiting; 1, 0 beyond the end, -1 with errno (`EAGAIN`: it must be waited
/// for; `EOPNOTSUPP`: nobody can tell).
ssize_t hostelry_peek(int file, int64_t offset);

#endif
