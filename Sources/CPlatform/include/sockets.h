#ifndef HOSTELRY_SOCKETS_H
#define HOSTELRY_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// An internet address and port; the halves of sixteen bytes, IPv4 in its mapped form.
struct hostelry_address {
    uint64_t high;
    uint64_t low;
    uint16_t port;
};

/// A listening TCP socket, non-blocking; -1 with errno. `::` takes IPv4 too.
int hostelry_listen(const struct hostelry_address *address, int backlog);
/// The next connection, non-blocking and without delay; -1 with errno.
int hostelry_accept(int listener, struct hostelry_address *remote);
/// A connection made by waiting for it, non-blocking then; -1 with errno.
int hostelry_connect(const struct hostelry_address *address);
/// A connection that is being made: non-blocking, without delay; -1 with errno. That it failed is told when it is used.
int hostelry_begin_connect(const struct hostelry_address *address);
/// Whether nothing waits to be read of the socket and its other end is still there.
bool hostelry_is_quiet(int socket);
/// The address that the socket is bound to; 0 or -1 with errno.
int hostelry_local_address(int socket, struct hostelry_address *address);
/// How many bytes of a TCP socket's output the other end has not acknowledged; 0 where it is not known.
int hostelry_unacknowledged(int socket);
/// Lets the system take no more of a TCP socket's output than about `count` bytes that cannot be sent yet.
void hostelry_limit_unsent(int socket, int count);
/// Lets the system find out that the other end of a TCP connection is gone, `idle` seconds after the last sign of it.
void hostelry_keep_alive(int socket, int idle);
/// The user and process at the other end of a Unix socket; 0 or -1 with errno.
int hostelry_peer(int socket, pid_t *pid, uid_t *uid, gid_t *gid);

/// The groups that the other end of a Unix socket was in when it connected, its effective one aside: their number, and as
/// many of them as `capacity` has room for; -1 with errno.
int hostelry_peer_groups(int socket, gid_t *groups, int capacity);

/// The most descriptors that one message carries.
#define HOSTELRY_DESCRIPTORS 16

/// Sends bytes and, with the first of them, descriptors; the number of bytes sent, or -1 with errno.
/// `more`: what follows at once may share a packet.
ssize_t hostelry_send(
    int socket, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count, bool more);
/// Receives bytes and descriptors (room for HOSTELRY_DESCRIPTORS), which close on exec; -1 with errno. EMSGSIZE when
/// descriptors were lost; those that came are the caller's all the same.
ssize_t hostelry_receive(int socket, void *bytes, size_t count, int *descriptors, size_t *descriptor_count);

#endif
