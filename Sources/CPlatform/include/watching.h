#ifndef HOSTELRY_WATCHING_H
#define HOSTELRY_WATCHING_H

#include <sys/inotify.h>

/// An inotify instance, close-on-exec and non-blocking; -1 with errno (`EMFILE` where the user may have no more).
int hostelry_watch_new(void);

/// Watches a folder for what happens to its names; answers the watch's number, -1 with errno (`ENOSPC` where the user
/// may have no more).
int hostelry_watch_folder(int instance, const char *path);

#endif
