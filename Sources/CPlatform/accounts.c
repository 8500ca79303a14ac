#include "accounts.h"

#include <errno.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

int hostelry_reach_files_as(uid_t user, gid_t group, const gid_t *groups, size_t count) {
    // setgroups(3) would change all threads; the system call changes this one.
    int failed = syscall(SYS_setgroups, count, groups) < 0 ? errno : 0;
    // The rest is done whatever came of it: the way back must lead as far as it can. These two answer what was before, never an error.
    setfsgid(group);
    setfsuid(user);
    if (hostelry_file_group() == group && hostelry_file_user() == user && !failed) return 0;
    errno = failed ? failed : EPERM;
    return -1;
}

// An impossible number changes nothing.

uid_t hostelry_file_user(void) { return (uid_t)setfsuid((uid_t)-1); }

gid_t hostelry_file_group(void) { return (gid_t)setfsgid((gid_t)-1); }
