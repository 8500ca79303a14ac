#ifndef HOSTELRY_SERVICES_H
#define HOSTELRY_SERVICES_H

/// Sends a text as one datagram to a Unix socket: a path, or a name in the abstract namespace behind `@`. 0 or -1 with
/// errno.
int hostelry_notify(const char *address, const char *text);

#endif
