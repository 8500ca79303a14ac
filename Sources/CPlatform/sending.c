#define _GNU_SOURCE
#include "sending.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>

ssize_t hostelry_send_file(int socket, int file, int64_t offset, size_t count) {
    off_t position = offset;
    ssize_t sent;
    do sent = sendfile(socket, file, &position, count);
    while (sent < 0 && errno == EINTR);
    return sent;
}

int hostelry_is_regular(int file) {
    struct statx status;
    if (statx(file, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &status) < 0) return -1;
    return (status.stx_mode & S_IFMT) == S_IFREG;
}

int hostelry_is_nameless(int file) {
    struct statx status;
    if (statx(file, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_NLINK, &status) < 0) return -1;
    return status.stx_nlink == 0;
}

ssize_t hostelry_peek(int file, int64_t offset) {
    char byte;
    struct iovec part = {&byte, 1};
    return preadv2(file, &part, 1, offset, RWF_NOWAIT);
}
