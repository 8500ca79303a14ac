#define _GNU_SOURCE
#include "services.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

int hostelry_notify(const char *address, const char *text) {
    struct sockaddr_un target = {.sun_family = AF_UNIX};
    size_t length = strlen(address);
    if (length >= sizeof target.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(target.sun_path, address, length);
    if (address[0] == '@') target.sun_path[0] = 0;
    int number = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (number < 0) return -1;
    // A service manager that does not read is not waited for longer.
    struct timeval patience = {1, 0};
    setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    ssize_t sent = sendto(number, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&target, size);
    int code = errno;
    close(number);
    errno = code;
    return sent < 0 ? -1 : 0;
}
