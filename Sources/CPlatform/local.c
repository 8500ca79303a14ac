#define _GNU_SOURCE
#include "local.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int close_failed(int number) {
    int code = errno;
    if (number >= 0) close(number);
    errno = code;
    return -1;
}

// The name by way of the open folder, so that the folder's path may have any length.
static int address_of(int folder, const char *name, struct sockaddr_un *address) {
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    int length = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", folder, name);
    if (length > 0 && (size_t)length < sizeof address->sun_path) return 0;
    errno = ENAMETOOLONG;
    return -1;
}

// Linux applies the umask when a socket is bound. The name is followed nowhere, for the folder may be another user's.
static int open_to_everybody(int folder, const char *name) {
    int file = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) return -1;
    struct stat present;
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (fstat(file, &present) < 0) return close_failed(file);
    if (!S_ISSOCK(present.st_mode) || present.st_uid != geteuid()) {
        errno = EEXIST;
        return close_failed(file);
    }
    if (chmod(path, 0666) < 0) return close_failed(file);
    close(file);
    return 0;
}

static int is_no_socket(int folder, const char *name) {
    struct stat present;
    return fstatat(folder, name, &present, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISSOCK(present.st_mode);
}

static int listen_at(int folder, const char *name, const char *fresh, int is_public, int backlog) {
    struct sockaddr_un address;
    if (address_of(folder, fresh, &address) < 0) return -1;
    int number = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (number < 0) return -1;
    // The file takes the socket's mode from its first moment on.
    if (fchmod(number, is_public ? 0666 : 0600) < 0) return close_failed(number);
    if (unlinkat(folder, fresh, 0) < 0 && errno != ENOENT) return close_failed(number);
    if (bind(number, (struct sockaddr *)&address, sizeof address) < 0) return close_failed(number);
    if (listen(number, backlog) < 0 || (is_public && open_to_everybody(folder, fresh) < 0) ||
        renameat(folder, fresh, folder, name) < 0) {
        int failed = close_failed(number), code = errno;
        unlinkat(folder, fresh, 0);
        errno = code;
        return failed;
    }
    return number;
}

static int listen_in(const char *path, const char *name, int is_public, int backlog) {
    char fresh[64];
    int length = snprintf(fresh, sizeof fresh, "%s.new", name);
    if (length < 0 || (size_t)length >= sizeof fresh) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return -1;
    // In a folder that is not the server's own, sockets alone are replaced.
    if (is_public && (is_no_socket(folder, name) || is_no_socket(folder, fresh))) {
        errno = EEXIST;
        return close_failed(folder);
    }
    int number = listen_at(folder, name, fresh, is_public, backlog);
    return number < 0 ? close_failed(folder) : (close(folder), number);
}

int hostelry_local_listen(const char *path, const char *name, int backlog) {
    return listen_in(path, name, 0, backlog);
}

int hostelry_public_listen(const char *path, const char *name, int backlog) {
    return listen_in(path, name, 1, backlog);
}

static int connect_to(int folder, const char *name, int timeout) {
    struct sockaddr_un address;
    if (address_of(folder, name, &address) < 0) return -1;
    int number = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (number < 0) return -1;
    // A listener whose queue is full is waited for, and this limits the wait.
    struct timeval patience = {timeout / 1000, timeout % 1000 * 1000};
    if (setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) < 0) return close_failed(number);
    if (connect(number, (struct sockaddr *)&address, sizeof address) < 0) return close_failed(number);
    if (fcntl(number, F_SETFL, O_NONBLOCK) < 0) return close_failed(number);
    return number;
}

int hostelry_local_connect(const char *path, const char *name, int timeout) {
    int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return -1;
    int number = connect_to(folder, name, timeout);
    return number < 0 ? close_failed(folder) : (close(folder), number);
}

int hostelry_local_begin_connect(const char *path, const char *name) {
    int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return -1;
    struct sockaddr_un address;
    if (address_of(folder, name, &address) < 0) return close_failed(folder);
    int number = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (number < 0) return close_failed(folder);
    if (connect(number, (struct sockaddr *)&address, sizeof address) < 0) {
        int failed = close_failed(number), code = errno;
        close(folder);
        errno = code;
        return failed;
    }
    close(folder);
    return number;
}

int hostelry_wait(int number, int output, int timeout) {
    struct pollfd descriptor = {.fd = number, .events = output ? POLLOUT : POLLIN};
    int count;
    do count = poll(&descriptor, 1, timeout);
    while (count < 0 && errno == EINTR);
    return count == 1;
}
