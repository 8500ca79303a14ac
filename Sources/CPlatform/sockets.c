#define _GNU_SOURCE
#include "CPlatform.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

union any_address {
    struct sockaddr base;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

#define MAPPED 0xffffull

static bool is_v4(const struct hostelry_address *address) {
    return address->high == 0 && address->low >> 32 == MAPPED;
}

static socklen_t to_system(const struct hostelry_address *address, union any_address *out) {
    memset(out, 0, sizeof *out);
    if (is_v4(address)) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons(address->port);
        out->v4.sin_addr.s_addr = htonl((uint32_t)address->low);
        return sizeof out->v4;
    }
    uint64_t halves[2] = {htobe64(address->high), htobe64(address->low)};
    out->v6.sin6_family = AF_INET6;
    out->v6.sin6_port = htons(address->port);
    memcpy(&out->v6.sin6_addr, halves, sizeof halves);
    return sizeof out->v6;
}

static void from_system(const union any_address *address, struct hostelry_address *out) {
    memset(out, 0, sizeof *out);
    if (address->base.sa_family == AF_INET) {
        out->low = MAPPED << 32 | ntohl(address->v4.sin_addr.s_addr);
        out->port = ntohs(address->v4.sin_port);
    } else if (address->base.sa_family == AF_INET6) {
        uint64_t halves[2];
        memcpy(halves, &address->v6.sin6_addr, sizeof halves);
        out->high = be64toh(halves[0]);
        out->low = be64toh(halves[1]);
        out->port = ntohs(address->v6.sin6_port);
    }
}

static int close_failed(int number) {
    int code = errno;
    close(number);
    errno = code;
    return -1;
}

int hostelry_listen(const struct hostelry_address *address, int backlog) {
    union any_address system;
    socklen_t length = to_system(address, &system);
    bool any = address->high == 0 && address->low == 0;
    int number = socket(system.base.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (number < 0 && any && errno == EAFNOSUPPORT) {
        // A machine without IPv6: every address is every IPv4 address.
        struct hostelry_address v4 = {0, MAPPED << 32, address->port};
        return hostelry_listen(&v4, backlog);
    }
    if (number < 0) return -1;
    int on = 1, v6_only = any ? 0 : 1;
    if (setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) return close_failed(number);
    if (system.base.sa_family == AF_INET6 &&
        setsockopt(number, IPPROTO_IPV6, IPV6_V6ONLY, &v6_only, sizeof v6_only) < 0)
        return close_failed(number);
    if (bind(number, &system.base, length) < 0 || listen(number, backlog) < 0) return close_failed(number);
    return number;
}

int hostelry_accept(int listener, struct hostelry_address *remote) {
    union any_address system;
    socklen_t length = sizeof system;
    int number = accept4(listener, &system.base, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (number < 0) return -1;
    int on = 1;
    setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    from_system(&system, remote);
    return number;
}

int hostelry_connect(const struct hostelry_address *address) {
    union any_address system;
    socklen_t length = to_system(address, &system);
    int number = socket(system.base.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (number < 0) return -1;
    if (connect(number, &system.base, length) < 0) return close_failed(number);
    if (fcntl(number, F_SETFL, O_NONBLOCK) < 0) return close_failed(number);
    return number;
}

int hostelry_begin_connect(const struct hostelry_address *address) {
    union any_address system;
    socklen_t length = to_system(address, &system);
    int number = socket(system.base.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (number < 0) return -1;
    int on = 1;
    setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(number, &system.base, length) < 0 && errno != EINPROGRESS) return close_failed(number);
    return number;
}

bool hostelry_is_quiet(int number) {
    char byte;
    return recv(number, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EINTR);
}

int hostelry_local_address(int number, struct hostelry_address *address) {
    union any_address system;
    socklen_t length = sizeof system;
    if (getsockname(number, &system.base, &length) < 0) return -1;
    from_system(&system, address);
    return 0;
}

int hostelry_peer(int number, pid_t *pid, uid_t *uid, gid_t *gid) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(number, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0) return -1;
    *pid = credentials.pid;
    *uid = credentials.uid;
    *gid = credentials.gid;
    return 0;
}

int hostelry_peer_groups(int number, gid_t *groups, int capacity) {
    socklen_t length = (socklen_t)capacity * sizeof *groups;
    // Too little room is an error that tells how much it takes.
    if (getsockopt(number, SOL_SOCKET, SO_PEERGROUPS, groups, &length) < 0 && errno != ERANGE) return -1;
    return (int)(length / sizeof *groups);
}

union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(HOSTELRY_DESCRIPTORS * sizeof(int))];
};

ssize_t hostelry_send(
    int number, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count, bool more) {
    struct iovec part = {(void *)bytes, count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    union control control;
    if (descriptor_count > HOSTELRY_DESCRIPTORS) {
        errno = EINVAL;
        return -1;
    }
    if (descriptor_count > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(descriptor_count * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(descriptor_count * sizeof(int));
        memcpy(CMSG_DATA(header), descriptors, descriptor_count * sizeof(int));
    }
    ssize_t sent;
    do sent = sendmsg(number, &message, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
    while (sent < 0 && errno == EINTR);
    return sent;
}

ssize_t hostelry_receive(int number, void *bytes, size_t count, int *descriptors, size_t *descriptor_count) {
    struct iovec part = {bytes, count};
    union control control;
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t received;
    *descriptor_count = 0;
    do received = recvmsg(number, &message, MSG_CMSG_CLOEXEC);
    while (received < 0 && errno == EINTR);
    if (received < 0) return -1;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t there = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(descriptors + *descriptor_count, CMSG_DATA(header), there * sizeof(int));
        *descriptor_count += there;
    }
    if (message.msg_flags & MSG_CTRUNC) {
        errno = EMSGSIZE;
        return -1;
    }
    return received;
}

int hostelry_unacknowledged(int socket) {
    int count = 0;
    return ioctl(socket, TIOCOUTQ, &count) == 0 ? count : 0;
}

void hostelry_limit_unsent(int socket, int count) {
    setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &count, sizeof count);
}

void hostelry_keep_alive(int socket, int idle) {
    int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
}
