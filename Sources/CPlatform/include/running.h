#ifndef HOSTELRY_RUNNING_H
#define HOSTELRY_RUNNING_H

#include <stddef.h>
#include <stdbool.h>

/// A descriptor for the process with that number now, close-on-exec; -1 with errno (`ESRCH` where there is none).
int hostelry_pidfd_open(int pid);

/// Waits until the process that `pidfd` names has ended, at most `timeout` milliseconds: 1 when it has, 0 when not.
int hostelry_pidfd_poll(int pidfd, int timeout);

/// Whether a child has ended and nobody has asked how.
bool hostelry_has_ended_child(void);

/// PR_SET_NAME; 0 or -1 with errno.
int hostelry_set_name(const char *name);

/* The variable of this process's environment with that number, as NAME=VALUE; NULL behind the last. */
const char *hostelry_variable(size_t index);

/// How many processors this process may run on; 1 where that cannot be told.
int hostelry_usable_processors(void);

/// PR_SET_DUMPABLE 0, PR_SET_CHILD_SUBREAPER 1; 0 or -1 with errno.
int hostelry_forbid_inspection(void);
int hostelry_adopt_descendants(void);

#endif
