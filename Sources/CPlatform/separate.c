#define _GNU_SOURCE
#include "separate.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "running.h"

// How long a process that has told its status may take to end. Unit: milliseconds.
enum { PATIENCE = 200 };

_Noreturn static void end_as(pid_t child, int report) {
    int status = 0;
    ssize_t got;
    while ((got = read(report, &status, sizeof status)) < 0 && errno == EINTR) {}
    if (got == sizeof status) {
        int pidfd = syscall(SYS_pidfd_open, child, 0);
        if (pidfd >= 0) hostelry_pidfd_poll(pidfd, PATIENCE);
        waitpid(child, NULL, WNOHANG);
        _exit(status);
    }
    pid_t ended;
    while ((ended = waitpid(child, &status, 0)) < 0 && errno == EINTR) {}
    if (ended < 0) _exit(1);
    if (WIFSIGNALED(status)) {
        signal(WTERMSIG(status), SIG_DFL);
        raise(WTERMSIG(status));
        _exit(128 + WTERMSIG(status));
    }
    _exit(WEXITSTATUS(status));
}

int hostelry_begin_separate(void) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return -1;
    // Whoever started us may have had no use for its children's ends; we have.
    signal(SIGCHLD, SIG_DFL);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0) {
        int code = errno;
        close(ends[0]);
        close(ends[1]);
        errno = code;
        return -1;
    }
    if (child > 0) {
        close(ends[1]);
        end_as(child, ends[0]);
    }
    close(ends[0]);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(128 + SIGTERM);
    return ends[1];
}

_Noreturn void hostelry_end_separate(int report, int status) {
    while (write(report, &status, sizeof status) < 0 && errno == EINTR) {}
    syscall(SYS_close_range, 0, UINT_MAX, 0);
    _exit(status);
}
