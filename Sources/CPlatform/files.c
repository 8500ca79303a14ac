#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/statfs.h>
#include <sys/xattr.h>

int hostelry_exchange(int folder, const char *one, const char *other) {
    return renameat2(folder, one, folder, other, RENAME_EXCHANGE);
}

int hostelry_rename_to_free_name(int folder, const char *from, const char *to) {
    return renameat2(folder, from, folder, to, RENAME_NOREPLACE);
}

int hostelry_try_lock(int file) { return flock(file, LOCK_EX | LOCK_NB); }

int hostelry_unlock(int file) { return flock(file, LOCK_UN); }

int hostelry_probe_for_writers(int file) {
    if (fcntl(file, F_SETLEASE, F_RDLCK) < 0) return -1;
    return fcntl(file, F_SETLEASE, F_UNLCK);
}

ssize_t hostelry_attribute_names(int file, char *names, size_t size) { return flistxattr(file, names, size); }

ssize_t hostelry_attribute(int file, const char *name, void *value, size_t size) {
    return fgetxattr(file, name, value, size);
}

int hostelry_set_attribute(int file, const char *name, const void *value, size_t size) {
    return fsetxattr(file, name, value, size, 0);
}

int hostelry_remove_attribute(int file, const char *name) { return fremovexattr(file, name); }

static void name_place(int place, char *path, size_t size) { snprintf(path, size, "/proc/self/fd/%d", place); }

ssize_t hostelry_place_attribute(int place, const char *name, void *value, size_t size) {
    char path[32];
    name_place(place, path, sizeof path);
    return getxattr(path, name, value, size);
}

int hostelry_set_place_attribute(int place, const char *name, const void *value, size_t size) {
    char path[32];
    name_place(place, path, sizeof path);
    return setxattr(path, name, value, size, 0);
}

const char *hostelry_next_name(DIR *folder) {
    errno = 0;
    struct dirent *entry = readdir(folder);
    return entry ? entry->d_name : NULL;
}

unsigned hostelry_file_system_kind(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (unsigned)status.f_type : 0;
}
