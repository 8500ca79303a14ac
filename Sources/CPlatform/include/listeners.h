#ifndef HOSTELRY_LISTENERS_H
#define HOSTELRY_LISTENERS_H

#include <stdbool.h>
#include <stdint.h>

/// A TCP socket that listens, as the kernel tells of it.
struct hostelry_listener {
    /// The address' words, each with its first byte highest; the first alone for IPv4.
    uint32_t words[4];
    bool is_v6;
    /// Of IPv6: takes no connections of IPv4.
    bool is_v6_only;
    uint32_t uid;
    uint32_t inode;
};

/// A socket at which the kernel answers questions about sockets; -1 with errno.
int hostelry_listener_question(void);

/// The sockets that listen at a TCP port, of IPv4 and IPv6: their number, at most `capacity`; -1 with errno where the
/// kernel does not tell. Reads no more than the kernel's table of listeners.
int hostelry_tcp_listeners(int question, uint16_t port, struct hostelry_listener *listeners, int capacity);

/// The number of the Unix socket that listens and is bound to the file with that path: 0 where there is none, -1 with errno
/// where there is no such file or the kernel does not tell.
int64_t hostelry_local_listener(int question, const char *path);

#endif
