#ifndef HOSTELRY_ACCOUNTS_H
#define HOSTELRY_ACCOUNTS_H

#include <stddef.h>
#include <sys/types.h>

/// Has the calling thread alone reach files as that user, with these groups and without root's privileges over files; 0, or
/// -1 with errno and nothing changed but perhaps the groups. Only root may; the way back is the same call.
int hostelry_reach_files_as(uid_t user, gid_t group, const gid_t *groups, size_t count);

/// As whom the calling thread reaches files now, but for the groups.
uid_t hostelry_file_user(void);
gid_t hostelry_file_group(void);

#endif
