#ifndef HOSTELRY_LOGS_H
#define HOSTELRY_LOGS_H

// Opens `path` below the open folder (openat2: no symbolic link anywhere in it, nothing outside the folder), close on
// exec, without waiting for a FIFO. -1 and errno on failure.
int hostelry_open_below(int folder, const char *path, int flags, int mode);

#endif
