// Unix sockets with names in a folder, and a process that becomes another program.
#ifndef HOSTELRY_RENDEZVOUS_H
#define HOSTELRY_RENDEZVOUS_H

#include <stddef.h>

/// A Unix stream socket bound to `name` in the open folder, for its owner alone, non-blocking and close-on-exec; it does
/// not listen. -1 with errno. The folder's path may be of any length.
int hostelry_bind_local(int folder, const char *name);
/// A connection to whoever listens at `name` in the open folder, without waiting; -1 with errno.
int hostelry_connect_local(int folder, const char *name);
/// The next connection of a listening Unix socket; -1 with errno.
int hostelry_accept_local(int listener);

/// Lets a descriptor stay open in the program that `hostelry_execute` runs, or not any more. 0 or -1 with errno.
int hostelry_keep_on_exec(int descriptor, int keeps);
/// Becomes another program, with one more variable in its environment. Returns an errno when it cannot.
int hostelry_execute(const char *path, char *const *arguments, const char *name, const char *value);

#endif
