/*
 * Lets one call in a process fail. Loaded with LD_PRELOAD into a Java virtual machine, it counts the
 * calls of libc that touch a place: a directory FAULTS_ROOT/N, what lies in it, and what was opened
 * there. The Nth call on place N goes wrong, so that many runs in one process, each with a place of its
 * own, try one call after the other. A line per call that went wrong is appended to FAULTS_LOG.
 *
 * FAULTS_MODE   once   the Nth call fails with FAULTS_ERROR, a number
 *               from   and so does each one after it: what is left on the disk is what a process leaves
 *                      that is killed at that point
 *               short  it moves half of the bytes, if it is one that writes
 *               kill   it kills the process
 *               count  nothing goes wrong, each call is logged
 *
 * FAULTS_ALONE  when it is set, no call of a program that the process starts goes wrong.
 *
 * close(2) always closes, whatever it returns.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PLACES 65536
#define DESCRIPTORS 65536
#define NOWHERE -1

enum outcome { WELL, FAILS, SHORT };

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static int calls[PLACES];
static int place_of[DESCRIPTORS]; /* one more than the place, so that 0 is nowhere */
static char root[4096];
static size_t root_length;
static const char *mode;
static int error;
static int (*real_open)(const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t);
static int log_descriptor;

static void *next(const char *name);

__attribute__((constructor)) static void begin(void)
{
    const char *given = getenv("FAULTS_ROOT");
    real_open = next("open");
    real_write = next("write");
    snprintf(root, sizeof root, "%s/", given ? given : "/nowhere");
    root_length = strlen(root);
    if (getenv("FAULTS_ALONE"))
        unsetenv("LD_PRELOAD");
    mode = getenv("FAULTS_MODE") ? getenv("FAULTS_MODE") : "count";
    error = getenv("FAULTS_ERROR") ? atoi(getenv("FAULTS_ERROR")) : EIO;
    log_descriptor = real_open(getenv("FAULTS_LOG") ? getenv("FAULTS_LOG") : "/dev/null",
                               O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static int of_descriptor(int descriptor)
{
    return descriptor >= 0 && descriptor < DESCRIPTORS ? place_of[descriptor] - 1 : NOWHERE;
}

static int of_path(int directory, const char *path)
{
    if (path == NULL || path[0] != '/')
        return of_descriptor(directory);
    if (strncmp(path, root, root_length) != 0)
        return NOWHERE;
    int place = atoi(path + root_length);
    return place > 0 && place < PLACES ? place : NOWHERE;
}

static long opened(long descriptor, int place)
{
    if (descriptor >= 0 && descriptor < DESCRIPTORS)
        place_of[descriptor] = place + 1;
    return descriptor;
}

static void log_call(int place, int call, const char *name)
{
    char line[128];
    int length = snprintf(line, sizeof line, "%d %d %s\n", place, call, name);
    real_write(log_descriptor, line, length);
}

/* To be asked once for each call, before it is made. */
static enum outcome outcome(int place, const char *name)
{
    if (place == NOWHERE)
        return WELL;
    pthread_mutex_lock(&guard);
    int call = ++calls[place];
    pthread_mutex_unlock(&guard);
    int counting = strcmp(mode, "count") == 0;
    int from = strcmp(mode, "from") == 0;
    if (counting || call == place)
        log_call(place, call, name);
    if (counting || call < place || (call > place && !from))
        return WELL;
    if (strcmp(mode, "kill") == 0)
        kill(getpid(), SIGKILL);
    if (strcmp(mode, "short") == 0)
        return SHORT;
    errno = error;
    return FAILS;
}

#define CALL(type, name, parameters, arguments, place, failure)       \
    type name parameters                                              \
    {                                                                 \
        static type(*real) parameters;                                \
        if (real == NULL)                                             \
            real = next(#name);                                       \
        return outcome(place, #name) == FAILS ? failure : real arguments; \
    }

#define WRITES(name, parameters, arguments, count)                    \
    ssize_t name parameters                                           \
    {                                                                 \
        static ssize_t(*real) parameters;                             \
        if (real == NULL)                                             \
            real = next(#name);                                       \
        switch (outcome(of_descriptor(to), #name)) {                  \
        case FAILS:                                                   \
            return -1;                                                \
        case SHORT:                                                   \
            count = count > 1 ? count / 2 : count;                    \
        default:                                                      \
            return real arguments;                                    \
        }                                                             \
    }

/* those that open */

static mode_t created(int flags, va_list more)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
}

#define OPENS(name, parameters, arguments, place)                     \
    int name parameters                                               \
    {                                                                 \
        static int(*real) parameters;                                 \
        va_list more;                                                 \
        va_start(more, flags);                                        \
        mode_t mode = created(flags, more);                           \
        va_end(more);                                                 \
        if (real == NULL)                                             \
            real = next(#name);                                       \
        int at = place;                                               \
        return outcome(at, #name) == FAILS ? -1 : opened(real arguments, at); \
    }

OPENS(open, (const char *path, int flags, ...), (path, flags, mode), of_path(NOWHERE, path))
OPENS(open64, (const char *path, int flags, ...), (path, flags, mode), of_path(NOWHERE, path))
OPENS(openat, (int directory, const char *path, int flags, ...), (directory, path, flags, mode),
      of_path(directory, path))
OPENS(openat64, (int directory, const char *path, int flags, ...), (directory, path, flags, mode),
      of_path(directory, path))

DIR *opendir(const char *path)
{
    static DIR *(*real)(const char *);
    if (real == NULL)
        real = next("opendir");
    int place = of_path(NOWHERE, path);
    if (outcome(place, "opendir") == FAILS)
        return NULL;
    DIR *directory = real(path);
    if (directory != NULL)
        opened(dirfd(directory), place);
    return directory;
}

int dup(int descriptor)
{
    static int (*real)(int);
    if (real == NULL)
        real = next("dup");
    int place = of_descriptor(descriptor);
    return outcome(place, "dup") == FAILS ? -1 : opened(real(descriptor), place);
}

/* those that close */

static int forget(int descriptor)
{
    int place = of_descriptor(descriptor);
    if (place != NOWHERE)
        place_of[descriptor] = 0;
    return place;
}

int close(int descriptor)
{
    static int (*real)(int);
    if (real == NULL)
        real = next("close");
    enum outcome what = outcome(forget(descriptor), "close");
    int why = errno;
    int closed = real(descriptor);
    if (what != FAILS)
        return closed;
    errno = why;
    return -1;
}

int closedir(DIR *directory)
{
    static int (*real)(DIR *);
    if (real == NULL)
        real = next("closedir");
    enum outcome what = outcome(forget(dirfd(directory)), "closedir");
    int closed = real(directory);
    if (what != FAILS)
        return closed;
    errno = error;
    return -1;
}

/* all others */

#define PATH of_path(NOWHERE, path)
#define AT of_path(directory, path)
#define OPEN of_descriptor(descriptor)

CALL(int, access, (const char *path, int how), (path, how), PATH, -1)
CALL(int, chmod, (const char *path, mode_t mode), (path, mode), PATH, -1)
CALL(int, chown, (const char *path, uid_t uid, gid_t gid), (path, uid, gid), PATH, -1)
CALL(int, lchown, (const char *path, uid_t uid, gid_t gid), (path, uid, gid), PATH, -1)
CALL(int, link, (const char *existing, const char *path), (existing, path), PATH, -1)
CALL(int, mkdir, (const char *path, mode_t mode), (path, mode), PATH, -1)
CALL(int, rename, (const char *existing, const char *path), (existing, path), PATH, -1)
CALL(int, rmdir, (const char *path), (path), PATH, -1)
CALL(int, remove, (const char *path), (path), PATH, -1)
CALL(int, unlink, (const char *path), (path), PATH, -1)
CALL(int, symlink, (const char *text, const char *path), (text, path), PATH, -1)
CALL(int, utimes, (const char *path, const struct timeval times[2]), (path, times), PATH, -1)
CALL(ssize_t, readlink, (const char *path, char *text, size_t size), (path, text, size), PATH, -1)
CALL(char *, realpath, (const char *path, char *real_path), (path, real_path), PATH, NULL)
CALL(int, statvfs64, (const char *path, struct statvfs64 *found), (path, found), PATH, -1)

CALL(int, fchmodat, (int directory, const char *path, mode_t mode, int flags),
     (directory, path, mode, flags), AT, -1)
CALL(int, fstatat64, (int directory, const char *path, struct stat64 *found, int flags),
     (directory, path, found, flags), AT, -1)
CALL(int, statx,
     (int directory, const char *path, int flags, unsigned mask, struct statx *found),
     (directory, path, flags, mask, found), AT, -1)
CALL(int, unlinkat, (int directory, const char *path, int flags), (directory, path, flags), AT, -1)
CALL(int, renameat, (int from, const char *existing, int directory, const char *path),
     (from, existing, directory, path), AT, -1)
CALL(int, utimensat, (int directory, const char *path, const struct timespec times[2], int flags),
     (directory, path, times, flags), AT, -1)

CALL(int, fchmod, (int descriptor, mode_t mode), (descriptor, mode), OPEN, -1)
CALL(int, fchown, (int descriptor, uid_t uid, gid_t gid), (descriptor, uid, gid), OPEN, -1)
CALL(int, fdatasync, (int descriptor), (descriptor), OPEN, -1)
CALL(int, fsync, (int descriptor), (descriptor), OPEN, -1)
CALL(int, ftruncate64, (int descriptor, off64_t size), (descriptor, size), OPEN, -1)
CALL(int, futimens, (int descriptor, const struct timespec times[2]), (descriptor, times), OPEN, -1)
CALL(off64_t, lseek64, (int descriptor, off64_t offset, int whence), (descriptor, offset, whence),
     OPEN, -1)
CALL(ssize_t, fgetxattr, (int descriptor, const char *name, void *value, size_t size),
     (descriptor, name, value, size), OPEN, -1)
CALL(int, fsetxattr,
     (int descriptor, const char *name, const void *value, size_t size, int flags),
     (descriptor, name, value, size, flags), OPEN, -1)
CALL(ssize_t, read, (int descriptor, void *bytes, size_t size), (descriptor, bytes, size), OPEN, -1)
CALL(ssize_t, readv, (int descriptor, const struct iovec *parts, int count),
     (descriptor, parts, count), OPEN, -1)
CALL(ssize_t, pread64, (int descriptor, void *bytes, size_t size, off64_t offset),
     (descriptor, bytes, size, offset), OPEN, -1)
CALL(DIR *, fdopendir, (int descriptor), (descriptor), OPEN, NULL)
CALL(struct dirent64 *, readdir64, (DIR * directory), (directory), of_descriptor(dirfd(directory)),
     NULL)

WRITES(write, (int to, const void *bytes, size_t size), (to, bytes, size), size)
WRITES(pwrite64, (int to, const void *bytes, size_t size, off64_t offset), (to, bytes, size, offset),
       size)
WRITES(writev, (int to, const struct iovec *parts, int parts_count), (to, parts, parts_count),
       parts_count)
WRITES(sendfile64, (int to, int from, off64_t *offset, size_t size), (to, from, offset, size), size)
WRITES(copy_file_range,
       (int from, off64_t *from_offset, int to, off64_t *to_offset, size_t size, unsigned flags),
       (from, from_offset, to, to_offset, size, flags), size)

int fcntl(int descriptor, int command, ...)
{
    static int (*real)(int, int, ...);
    if (real == NULL)
        real = next("fcntl");
    va_list more;
    va_start(more, command);
    void *argument = va_arg(more, void *);
    va_end(more);
    int place = OPEN;
    /* the end of a process unlocks, and nothing can fail there */
    int unlocks = command == F_SETLK && ((struct flock *) argument)->l_type == F_UNLCK;
    if (!unlocks && outcome(place, "fcntl") == FAILS)
        return -1;
    int result = real(descriptor, command, argument);
    return command == F_DUPFD || command == F_DUPFD_CLOEXEC ? opened(result, place) : result;
}

/* what the program calls by number */

static int place_of_syscall(long number, long a, long b, long c, long d)
{
    switch (number) {
    case SYS_lsetxattr:
        return of_path(NOWHERE, (const char *) a);
    case SYS_fchmodat: case SYS_fchownat: case SYS_mkdirat: case SYS_mknodat: case SYS_openat:
    case SYS_openat2: case SYS_renameat2: case SYS_unlinkat: case SYS_utimensat:
        return of_path(a, (const char *) b);
    case SYS_symlinkat:
        return of_path(b, (const char *) c);
    case SYS_linkat:
        return of_path(c, (const char *) d);
    case SYS_rt_sigaction:
        return NOWHERE;
    default: /* SYS_close, SYS_fsync and so on */
        return of_descriptor(a);
    }
}

long syscall(long number, ...)
{
    static long (*real)(long, ...);
    if (real == NULL)
        real = next("syscall");
    va_list more;
    va_start(more, number);
    long a = va_arg(more, long), b = va_arg(more, long), c = va_arg(more, long);
    long d = va_arg(more, long), e = va_arg(more, long), f = va_arg(more, long);
    va_end(more);
    char name[32];
    snprintf(name, sizeof name, "syscall-%ld", number);
    int place = place_of_syscall(number, a, b, c, d);
    enum outcome what = outcome(place, name);
    if (what == FAILS && number != SYS_close)
        return -1;
    if (what == SHORT && number == SYS_pwrite64 && c > 1)
        c /= 2;
    if (number == SYS_close)
        forget(a);
    long result = real(number, a, b, c, d, e, f);
    if (number == SYS_openat || number == SYS_openat2)
        opened(result, place);
    if (what != FAILS)
        return result;
    errno = error;
    return -1;
}

/* Java looks in libc itself for the functions that it calls by their addresses. */

static void *(*real_dlsym(void))(void *, const char *)
{
    static void *(*real)(void *, const char *);
    if (real == NULL) {
        real = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
        if (real == NULL)
            real = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    }
    return real;
}

static void *next(const char *name)
{
    return real_dlsym()(RTLD_NEXT, name);
}

void *dlsym(void *handle, const char *name)
{
    return strcmp(name, "syscall") == 0 ? (void *) syscall : real_dlsym()(handle, name);
}
