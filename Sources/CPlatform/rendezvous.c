#define _GNU_SOURCE
#include "rendezvous.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

// Through the open folder, since a socket's path has room for 107 bytes only.
static int address_of(int folder, const char *name, struct sockaddr_un *address) {
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    int length = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", folder, name);
    if (length > 0 && (size_t)length < sizeof address->sun_path) return 0;
    errno = ENAMETOOLONG;
    return -1;
}

static int close_failed(int number) {
    int code = errno;
    close(number);
    errno = code;
    return -1;
}

static int stream_socket(void) { return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

int hostelry_bind_local(int folder, const char *name) {
    struct sockaddr_un address;
    if (address_of(folder, name, &address) < 0) return -1;
    int number = stream_socket();
    if (number < 0) return -1;
    if (bind(number, (struct sockaddr *)&address, sizeof address) < 0) return close_failed(number);
    // Nobody can connect before it listens.
    if (fchmodat(folder, name, S_IRUSR | S_IWUSR, 0) < 0) return close_failed(number);
    return number;
}

int hostelry_connect_local(int folder, const char *name) {
    struct sockaddr_un address;
    if (address_of(folder, name, &address) < 0) return -1;
    int number = stream_socket();
    if (number < 0) return -1;
    if (connect(number, (struct sockaddr *)&address, sizeof address) < 0) return close_failed(number);
    return number;
}

int hostelry_accept_local(int listener) {
    int number;
    do number = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    while (number < 0 && errno == EINTR);
    return number;
}

int hostelry_keep_on_exec(int descriptor, int keeps) { return fcntl(descriptor, F_SETFD, keeps ? 0 : FD_CLOEXEC); }

int hostelry_execute(const char *path, char *const *arguments, const char *name, const char *value) {
    if (setenv(name, value, 1) < 0) return errno;
    execv(path, arguments);
    int code = errno;
    unsetenv(name);
    return code;
}
