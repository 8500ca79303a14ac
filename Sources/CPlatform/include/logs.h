#ifndef HOSTELRY_LOGS_H
#define HOSTELRY_LOGS_H

// Opens `path` below the open folder (openat2: no symbolic link anywhere in it, nothing outside the folder), close on
// exec, without waiting for a FIFO. -1 and errno on failure.
int hostelry_open_below(int folder, const char *path, int flags, int mode);

// A pipe for a program's output, both ends closed on exec; reading it never waits. -1 and errno on failure.
int hostelry_make_output_pipe(int *reading, int *writing);

#endif
