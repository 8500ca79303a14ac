// Unix sockets that have a name in a folder.
#ifndef HOSTELRY_LOCAL_H
#define HOSTELRY_LOCAL_H

/// Listens at `name` in `folder` in place of whatever has the name; only the owner (and root) may connect. Non-blocking,
/// closes on exec; -1 with errno. The folder's path may be longer than a socket address takes.
int hostelry_local_listen(const char *folder, const char *name, int backlog);
/// The same where everybody may connect whom the folder lets in; only a socket is replaced (else EEXIST).
int hostelry_public_listen(const char *folder, const char *name, int backlog);
/// Connects, waiting at most `timeout` milliseconds, and is non-blocking then; -1 with errno.
int hostelry_local_connect(const char *folder, const char *name, int timeout);
/// The same without waiting: EAGAIN where the listener's queue is full.
int hostelry_local_begin_connect(const char *folder, const char *name);
/// Waits until there is something to read, or room to write where `output` is set; 1, or 0 after `timeout` milliseconds
/// (-1: for ever).
int hostelry_wait(int number, int output, int timeout);

#endif
