#ifndef HOSTELRY_PROCESSES_H
#define HOSTELRY_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// One limit of a new process, as setrlimit takes it.
struct hostelry_limit {
    int resource;
    uint64_t soft;
    uint64_t hard;
};

/// A descriptor of ours and the number it has in the new process.
struct hostelry_inherited {
    int ours;
    int theirs;
};

/// What a new process is made of.
struct hostelry_spawn {
    const char *path;
    char *const *arguments;
    char *const *environment;
    /// NULL keeps ours.
    const char *directory;
    bool changes_identity;
    uid_t uid;
    gid_t gid;
    const gid_t *groups;
    size_t group_count;
    const struct hostelry_limit *limits;
    size_t limit_count;
    const struct hostelry_inherited *inherited;
    size_t inherited_count;
    bool new_session;
    bool new_group;
    bool no_new_privileges;
    /// 0 for none.
    int parent_death_signal;
    /// Files that take a process in when its number is written (cgroup.procs).
    const int *joined;
    size_t joined_count;
    /// A bit for each processor it may run on; 0 for all of ours.
    uint64_t processors;
    /// Permissions that new files do not get; -1 keeps ours.
    int file_mask;
    /// Whether descendants whose parents end become its children.
    bool adopts_descendants;
};

/// The step at which a spawn failed; the order is the order of the steps.
enum hostelry_step {
    HOSTELRY_STEP_PIPE,
    HOSTELRY_STEP_FORK,
    HOSTELRY_STEP_SETSID,
    HOSTELRY_STEP_SETPGID,
    HOSTELRY_STEP_DESCRIPTORS,
    HOSTELRY_STEP_GROUP,
    HOSTELRY_STEP_PROCESSORS,
    HOSTELRY_STEP_SETRLIMIT,
    HOSTELRY_STEP_SETGROUPS,
    HOSTELRY_STEP_SETGID,
    HOSTELRY_STEP_SETUID,
    HOSTELRY_STEP_PRCTL,
    HOSTELRY_STEP_CHDIR,
    HOSTELRY_STEP_EXEC,
};

/// Forks and executes; answers 0 or an errno, with the step in `failed`. The child is reaped when it never got as far
/// as running the program.
int hostelry_spawn(const struct hostelry_spawn *what, pid_t *pid, int *pidfd, enum hostelry_step *failed);

/// Sends a signal to the process that `pidfd` names; 0 or -1 with errno.
int hostelry_pidfd_signal(int pidfd, int signal);
/// Sends a signal to the group of processes that `pidfd`'s, which has the number `pid`, leads.
int hostelry_pidfd_signal_group(int pidfd, int pid, int signal);

/// How the process that `pidfd` names ended: 1 when it ended, 0 while it runs (only when not `wait`), -1 with errno.
/// `code` is CLD_EXITED with the exit status, or CLD_KILLED or CLD_DUMPED with the signal.
int hostelry_pidfd_wait(int pidfd, bool wait, int *code, int *status);

/// An anonymous file in memory that can be sealed, close-on-exec.
int hostelry_memory_file(const char *name);
/// Forbids any further change of a memory file; 0 or -1 with errno.
int hostelry_seal(int descriptor);

#endif
