#define _GNU_SOURCE
#include "activation.h"

#include <fcntl.h>
#include <sys/socket.h>

static int option(int number, int name) {
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(number, SOL_SOCKET, name, &value, &length) < 0 ? -1 : value;
}

int hostelry_take_listener(int number) {
    if (fcntl(number, F_SETFD, FD_CLOEXEC) < 0) return -1;
    int domain = option(number, SO_DOMAIN);
    if ((domain != AF_INET && domain != AF_INET6) || option(number, SO_TYPE) != SOCK_STREAM ||
        option(number, SO_ACCEPTCONN) != 1)
        return 0;
    int flags = fcntl(number, F_GETFL);
    return flags < 0 || fcntl(number, F_SETFL, flags | O_NONBLOCK) < 0 ? -1 : 1;
}
