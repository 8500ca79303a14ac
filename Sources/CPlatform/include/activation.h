// Sockets that a service manager opened for this process.
#ifndef HOSTELRY_ACTIVATION_H
#define HOSTELRY_ACTIVATION_H

/// Whether the inherited descriptor is a TCP socket that listens; it is non-blocking and closes on exec from then on.
/// 1, 0 where it is something else, -1 with errno.
int hostelry_take_listener(int number);

#endif
