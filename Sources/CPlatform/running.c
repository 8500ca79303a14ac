#define _GNU_SOURCE
#include "running.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int hostelry_pidfd_open(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int hostelry_forbid_inspection(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

int hostelry_adopt_descendants(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int hostelry_pidfd_poll(int pidfd, int timeout) {
    struct pollfd descriptor = {.fd = pidfd, .events = POLLIN};
    int count;
    do count = poll(&descriptor, 1, timeout);
    while (count < 0 && errno == EINTR);
    return count == 1;
}

bool hostelry_has_ended_child(void) {
    siginfo_t info = {0};
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

int hostelry_usable_processors(void) {
    // A machine with more than 1024 processors makes the call fail with this size.
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return errno == EINVAL ? CPU_SETSIZE : 1;
    return CPU_COUNT(&set);
}

int hostelry_set_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

extern char **environ;

const char *hostelry_variable(size_t index) { return environ == NULL ? NULL : environ[index]; }
