#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

struct failure {
    enum hostelry_step step;
    int code;
};

// Runs in the child: only calls that are safe between fork and exec of a program with threads.
static void fail(int pipe_end, enum hostelry_step step) {
    struct failure failure = {step, errno};
    ssize_t ignored = write(pipe_end, &failure, sizeof failure);
    (void)ignored;
    _exit(127);
}

static bool is_inherited(const struct hostelry_spawn *what, int number) {
    for (size_t i = 0; i < what->inherited_count; i++)
        if (what->inherited[i].theirs == number) return true;
    return false;
}

// Gives every inherited descriptor its number. All are moved above the highest target first, so that no target
// overwrites a source. `scratch` has room for them. Answers where the pipe went, or -1.
static int map_descriptors(const struct hostelry_spawn *what, int *scratch, int pipe_end) {
    int highest = 2;
    for (size_t i = 0; i < what->inherited_count; i++)
        if (what->inherited[i].theirs > highest) highest = what->inherited[i].theirs;
    int moved_pipe = fcntl(pipe_end, F_DUPFD_CLOEXEC, highest + 1);
    if (moved_pipe < 0) return -1;
    for (size_t i = 0; i < what->inherited_count; i++) {
        scratch[i] = fcntl(what->inherited[i].ours, F_DUPFD_CLOEXEC, highest + 1);
        if (scratch[i] < 0) return -1;
    }
    for (size_t i = 0; i < what->inherited_count; i++)
        if (dup2(scratch[i], what->inherited[i].theirs) < 0) return -1;
    for (int number = 0; number <= highest; number++) {
        if (is_inherited(what, number)) continue;
        close(number);
        // The standard streams are never left free for the next file the program opens.
        if (number <= 2 && open("/dev/null", O_RDWR) != number) return -1;
    }
    // Everything else closes at exec, the pipe too: its end tells the parent that exec succeeded.
    if (syscall(SYS_close_range, (unsigned)highest + 1, ~0u, CLOSE_RANGE_CLOEXEC) < 0) return -1;
    return moved_pipe;
}

static void reset_signals(void) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// Before the descriptors are rearranged, which may close these, and with the rights of the parent.
static void join_groups(const struct hostelry_spawn *what, int pipe_end) {
    for (size_t i = 0; i < what->joined_count; i++)
        if (write(what->joined[i], "0", 1) != 1) fail(pipe_end, HOSTELRY_STEP_GROUP);
    if (what->processors == 0) return;
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int number = 0; number < 64; number++)
        if (what->processors >> number & 1) CPU_SET(number, &set);
    if (sched_setaffinity(0, sizeof set, &set) < 0) fail(pipe_end, HOSTELRY_STEP_PROCESSORS);
}

static void run_child(const struct hostelry_spawn *what, int *scratch, int pipe_end, pid_t parent) {
    if (what->new_session && setsid() < 0) fail(pipe_end, HOSTELRY_STEP_SETSID);
    if (what->new_group && setpgid(0, 0) < 0) fail(pipe_end, HOSTELRY_STEP_SETPGID);
    join_groups(what, pipe_end);
    int moved = map_descriptors(what, scratch, pipe_end);
    if (moved < 0) fail(pipe_end, HOSTELRY_STEP_DESCRIPTORS);
    pipe_end = moved;
    for (size_t i = 0; i < what->limit_count; i++) {
        struct rlimit limit = {what->limits[i].soft, what->limits[i].hard};
        if (setrlimit(what->limits[i].resource, &limit) < 0) fail(pipe_end, HOSTELRY_STEP_SETRLIMIT);
    }
    int program = -1;
    if (what->changes_identity) {
        // The new user need not be able to reach the program's folder.
        program = open(what->path, O_PATH | O_CLOEXEC);
        if (program < 0) fail(pipe_end, HOSTELRY_STEP_EXEC);
        if (setgroups(what->group_count, what->groups) < 0) fail(pipe_end, HOSTELRY_STEP_SETGROUPS);
        if (setresgid(what->gid, what->gid, what->gid) < 0) fail(pipe_end, HOSTELRY_STEP_SETGID);
        if (setresuid(what->uid, what->uid, what->uid) < 0) fail(pipe_end, HOSTELRY_STEP_SETUID);
    }
    if (what->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) fail(pipe_end, HOSTELRY_STEP_PRCTL);
    // After the change of user, which clears it; a parent that died before is noticed by its number.
    if (what->parent_death_signal) {
        if (prctl(PR_SET_PDEATHSIG, what->parent_death_signal) < 0) fail(pipe_end, HOSTELRY_STEP_PRCTL);
        if (getppid() != parent) raise(what->parent_death_signal);
    }
    if (what->adopts_descendants && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0) fail(pipe_end, HOSTELRY_STEP_PRCTL);
    if (what->file_mask >= 0) umask((mode_t)what->file_mask);
    if (what->directory && chdir(what->directory) < 0) fail(pipe_end, HOSTELRY_STEP_CHDIR);
    reset_signals();
    if (program >= 0)
        syscall(SYS_execveat, program, "", what->arguments, what->environment, AT_EMPTY_PATH);
    else
        execve(what->path, what->arguments, what->environment);
    fail(pipe_end, HOSTELRY_STEP_EXEC);
}

static int reap(pid_t pid, int code) {
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    return code;
}

// What a child may take until it executes its program. Unit: milliseconds.
enum { PATIENCE = 10000, PAUSE = 20 };

// Waits until the pipe of a child says something or ends; 0, or why the child will come to nothing. From its change of user
// on it can be stopped by whoever runs as that user already, who shall not keep its parent waiting.
static int await(int pipe_end, pid_t child) {
    struct pollfd waited = {.fd = pipe_end, .events = POLLIN};
    for (int passed = 0; passed < PATIENCE; passed += PAUSE) {
        int count = poll(&waited, 1, PAUSE);
        if (count > 0) return 0;
        if (count < 0 && errno != EINTR) return errno;
        siginfo_t info = {0};
        if (waitid(P_PID, child, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child) return ECANCELED;
    }
    return ETIMEDOUT;
}

int hostelry_spawn(const struct hostelry_spawn *what, pid_t *pid, int *pidfd, enum hostelry_step *failed) {
    int ends[2];
    *failed = HOSTELRY_STEP_PIPE;
    if (pipe2(ends, O_CLOEXEC) < 0) return errno;
    int *scratch = calloc(what->inherited_count + 1, sizeof *scratch);
    if (!scratch) {
        close(ends[0]);
        close(ends[1]);
        return ENOMEM;
    }
    // No handler of ours may run in the child.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    pid_t child = fork();
    int fork_error = errno;
    if (child == 0) run_child(what, scratch, ends[1], parent);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    free(scratch);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        *failed = HOSTELRY_STEP_FORK;
        return fork_error;
    }
    int problem = await(ends[0], child);
    if (problem) {
        close(ends[0]);
        kill(child, SIGKILL);
        *failed = HOSTELRY_STEP_EXEC;
        return reap(child, problem);
    }
    struct failure failure;
    ssize_t count;
    do count = read(ends[0], &failure, sizeof failure);
    while (count < 0 && errno == EINTR);
    close(ends[0]);
    if (count == sizeof failure) {
        *failed = failure.step;
        return reap(child, failure.code);
    }
    // The child is ours and not reaped, so its number cannot be another's yet.
    *pidfd = syscall(SYS_pidfd_open, child, 0);
    if (*pidfd < 0) {
        int code = errno;
        kill(child, SIGKILL);
        *failed = HOSTELRY_STEP_FORK;
        return reap(child, code);
    }
    *pid = child;
    return 0;
}

int hostelry_pidfd_signal(int pidfd, int signal) { return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0); }

int hostelry_pidfd_signal_group(int pidfd, int pid, int signal) {
    // PIDFD_SIGNAL_PROCESS_GROUP, since Linux 6.9.
    if (syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 1 << 2) == 0) return 0;
    if (errno != EINVAL) return -1;
    // Without it the number is the leader's as long as the leader has not ended.
    if (hostelry_pidfd_poll(pidfd, 0) != 0) return -1;
    return kill(-pid, signal);
}

int hostelry_pidfd_wait(int pidfd, bool wait, int *code, int *status) {
    siginfo_t info = {0};
    while (waitid(P_PIDFD, pidfd, &info, WEXITED | (wait ? 0 : WNOHANG)) < 0)
        if (errno != EINTR) return -1;
    if (info.si_pid == 0) return 0;
    *code = info.si_code;
    *status = info.si_status;
    return 1;
}

int hostelry_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING); }

int hostelry_seal(int descriptor) {
    return fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
}
