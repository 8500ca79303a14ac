// File system calls that Swift's Glibc module does not carry.
#ifndef HOSTELRY_FILES_H
#define HOSTELRY_FILES_H

#include <dirent.h>
#include <stddef.h>
#include <sys/types.h>

/// Two names of one folder change places in one step.
int hostelry_exchange(int folder, const char *one, const char *other);

/// Renames unless the new name is taken (`EEXIST`).
int hostelry_rename_to_free_name(int folder, const char *from, const char *to);

/// `LOCK_EX | LOCK_NB`: the lock belongs to the open file and ends with it.
int hostelry_try_lock(int file);
int hostelry_unlock(int file);

/// Takes a read lease and gives it back. Returns 0 when nobody has the file
/// open for writing, else -1 with errno `EAGAIN` (somebody has) or another one
/// where leases are not to be had.
int hostelry_probe_for_writers(int file);

ssize_t hostelry_attribute_names(int file, char *names, size_t size);
ssize_t hostelry_attribute(int file, const char *name, void *value, size_t size);
int hostelry_set_attribute(int file, const char *name, const void *value, size_t size);
int hostelry_remove_attribute(int file, const char *name);

/// The same of a file held with O_PATH, which allows no other way (through /proc/self/fd).
ssize_t hostelry_place_attribute(int place, const char *name, void *value, size_t size);
int hostelry_set_place_attribute(int place, const char *name, const void *value, size_t size);

/// The next name in the folder, good until the next call; NULL at the end (errno
/// 0) and on an error (errno says which).
const char *hostelry_next_name(DIR *folder);

/// The kernel's number for the kind of file system that `path` lies on; 0 where it cannot be told.
unsigned hostelry_file_system_kind(const char *path);

#endif
