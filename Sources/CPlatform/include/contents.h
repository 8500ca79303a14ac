// Copying of files whole, and the room that there is for them.
#ifndef HOSTELRY_CONTENTS_H
#define HOSTELRY_CONTENTS_H

#include <stdint.h>
#include <sys/types.h>

/// Copies up to `count` bytes at `offset` of one file to the same place of another without taking them into the program.
/// Returns how many; 0 at the end of the file; -1 where the two file systems do not do it.
ssize_t hostelry_copy_range(int from, int to, int64_t offset, size_t count);

/// The next byte from `offset` on that is no hole; -1 with errno `ENXIO` where only holes follow.
int64_t hostelry_next_data(int file, int64_t offset);

/// The next hole from `offset` on; the end of the file counts as one.
int64_t hostelry_next_hole(int file, int64_t offset);

/// Everything of the file system that the folder lies on is on its disk when it returns.
int hostelry_sync_file_system(int folder);

/// The bytes that may still be written to the file system of an open file; -1 where it does not say.
int64_t hostelry_free_space(int file);

#endif
