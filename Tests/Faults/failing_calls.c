// Makes the n-th system call of a program that writes something fail, or ends the program there (LD_PRELOAD).
//
//     FAULT_AT      the number of the call, from 1; 0 lets all succeed
//     FAULT_KIND    "fail" (errno ENOSPC or EIO), or "kill" (SIGKILL right before the call)
//     FAULT_COUNT   a file that receives how many such calls there were
//
// Only calls about files below FAULT_BELOW count where they name a path or a descriptor of one; so the program's start
// and its output are left alone.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_int calls;
static int at = -1;
static int kills;
static const char *below;

static void setUp(void) {
    if (at >= 0) return;
    const char *number = getenv("FAULT_AT");
    const char *kind = getenv("FAULT_KIND");
    below = getenv("FAULT_BELOW");
    kills = kind && strcmp(kind, "kill") == 0;
    at = number ? atoi(number) : 0;
}

static int concerns(int file, const char *path) {
    char place[4096] = "";
    setUp();
    if (!below) return 0;
    if (path && path[0] == '/') return strncmp(path, below, strlen(below)) == 0;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, place, sizeof place - 1);
    return length > 0 && strncmp(place, below, strlen(below)) == 0;
}

// Whether the call is to fail.
static int fails(int file, const char *path, int code) {
    if (!concerns(file, path)) return 0;
    if (atomic_fetch_add(&calls, 1) + 1 != at) return 0;
    if (kills) raise(SIGKILL);
    errno = code;
    return 1;
}

static void tell(void) {
    const char *file = getenv("FAULT_COUNT");
    FILE *output = file ? fopen(file, "w") : NULL;
    if (!output) return;
    fprintf(output, "%d\n", atomic_load(&calls));
    fclose(output);
}

// As programs end whose threads may still be at work.
_Noreturn void _exit(int status) {
    tell();
    syscall(SYS_exit_group, status);
    __builtin_unreachable();
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t count) {
    return fails(file, NULL, ENOSPC) ? -1 : REAL(write)(file, bytes, count);
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    return fails(file, NULL, ENOSPC) ? -1 : REAL(pwrite)(file, bytes, count, offset);
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    return fails(file, NULL, ENOSPC) ? -1 : REAL(pwrite64)(file, bytes, count, offset);
}
int fsync(int file) { return fails(file, NULL, EIO) ? -1 : REAL(fsync)(file); }
int fdatasync(int file) { return fails(file, NULL, EIO) ? -1 : REAL(fdatasync)(file); }
int ftruncate(int file, off_t size) { return fails(file, NULL, EIO) ? -1 : REAL(ftruncate)(file, size); }
int ftruncate64(int file, off64_t size) { return fails(file, NULL, EIO) ? -1 : REAL(ftruncate64)(file, size); }
int fchmod(int file, mode_t mode) { return fails(file, NULL, EPERM) ? -1 : REAL(fchmod)(file, mode); }
int fchown(int file, uid_t user, gid_t group) { return fails(file, NULL, EPERM) ? -1 : REAL(fchown)(file, user, group); }
int unlinkat(int folder, const char *path, int flags) {
    return fails(folder, path, EIO) ? -1 : REAL(unlinkat)(folder, path, flags);
}
int renameat(int from, const char *one, int to, const char *other) {
    return fails(from, one, EIO) ? -1 : REAL(renameat)(from, one, to, other);
}
int renameat2(int from, const char *one, int to, const char *other, unsigned flags) {
    return fails(from, one, EIO) ? -1 : REAL(renameat2)(from, one, to, other, flags);
}
int mkdir(const char *path, mode_t mode) { return fails(-1, path, ENOSPC) ? -1 : REAL(mkdir)(path, mode); }

#define OPENING(name, call)                                                                                            \
    va_list rest;                                                                                                      \
    va_start(rest, flags);                                                                                             \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;                                                          \
    va_end(rest);                                                                                                      \
    return (flags & O_CREAT) && fails(folder, path, ENOSPC) ? -1 : call

int open(const char *path, int flags, ...) {
    int folder = AT_FDCWD;
    OPENING(open, REAL(open)(path, flags, mode));
}
int open64(const char *path, int flags, ...) {
    int folder = AT_FDCWD;
    OPENING(open64, REAL(open64)(path, flags, mode));
}
int openat(int folder, const char *path, int flags, ...) { OPENING(openat, REAL(openat)(folder, path, flags, mode)); }
int openat64(int folder, const char *path, int flags, ...) {
    OPENING(openat64, REAL(openat64)(folder, path, flags, mode));
}
