/*
 * What a program in a container was given, in files below /out: argv, environ and dirs with a NUL behind each
 * item, cwd, ids, and done at the end. Where the image has /wait it then waits for a signal and leaves its
 * number in /out/signal.
 * Signals that end nobody are passed over: Go's runtime, and so runc, sends SIGURG about.
 *
 * dirs has what is below /run, /tmp, /srv and /var: type, mode, owner and path of each. ids are user, group and,
 * ascending, the other groups.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static FILE *out(const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/out/%s", name);
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(1);
    }
    return file;
}

static void strings(const char *name, char **all) {
    FILE *file = out(name);
    for (; *all; all++)
        fwrite(*all, 1, strlen(*all) + 1, file);
    fclose(file);
}

static void tree(FILE *file, const char *directory) {
    DIR *entries = opendir(directory);
    if (!entries)
        return;
    for (struct dirent *entry; (entry = readdir(entries));) {
        char path[4096];
        struct stat seen;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        if (lstat(path, &seen))
            continue;
        char type = S_ISDIR(seen.st_mode) ? 'd' : S_ISREG(seen.st_mode) ? 'f' : '?';
        fprintf(file, "%c %o %u:%u %s", type, seen.st_mode & 07777, seen.st_uid, seen.st_gid, path);
        fputc(0, file);
        if (type == 'd')
            tree(file, path);
    }
    closedir(entries);
}

static int ascending(const void *a, const void *b) {
    return *(const gid_t *)a < *(const gid_t *)b ? -1 : 1;
}

int main(int argc, char **argv, char **environment) {
    (void)argc;
    sigset_t all;
    sigfillset(&all);
    sigdelset(&all, SIGURG);
    sigdelset(&all, SIGCHLD);
    sigdelset(&all, SIGCONT);
    sigdelset(&all, SIGWINCH);
    sigprocmask(SIG_SETMASK, &all, NULL);
    umask(0);
    strings("argv", argv);
    strings("environ", environment);

    FILE *file = out("cwd");
    char *directory = get_current_dir_name();
    fputs(directory ? directory : "?", file);
    fclose(file);

    file = out("ids");
    gid_t groups[1024];
    int count = getgroups(1024, groups);
    qsort(groups, count, sizeof *groups, ascending);
    fprintf(file, "%u %u", getuid(), getgid());
    for (int i = 0; i < count; i++)
        if (groups[i] != getgid())
            fprintf(file, " %u", groups[i]);
    fputc('\n', file);
    fclose(file);

    file = out("dirs");
    tree(file, "/run");
    tree(file, "/tmp");
    tree(file, "/srv");
    tree(file, "/var");
    fclose(file);

    fclose(out("done"));
    if (!access("/wait", F_OK)) {
        int number = sigwaitinfo(&all, NULL);
        file = out("signal.new");
        fprintf(file, "%d\n", number);
        fclose(file);
        rename("/out/signal.new", "/out/signal");
    }
    return 0;
}
