/* SPDX-License-Identifier: ISC */
#include "sibling.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dossier/file.h"

#define MAX_ARGS     64  /* of a sibling */
#define OPEN_FOLDERS 16  /* at a time, while a tree is removed */
#define REMOVALS     100 /* tries, while a sibling that dies still writes */
#define BETWEEN_US   10000
#define NOT_RUN      127 /* exit status of a child that could not run it */

/* ---- siblings ------------------------------------------------------------ */

/* The path of dossier-PROGRAM beside this program; false: it is too long. */
static bool
find_sibling(char *path, size_t size, const char *program)
{
	ssize_t len = readlink("/proc/self/exe", path, size - 1);
	char *slash;
	int written;

	if (len <= 0)
		return false;
	path[len] = '\0';
	slash = strrchr(path, '/');
	if (slash == NULL)
		return false;
	written = snprintf(slash + 1, size - (size_t)(slash + 1 - path),
	    "dossier-%s", program);
	return written > 0 && (size_t)written < size - (size_t)(slash + 1 - path);
}

static void
become_sibling(const char *path, const char *const *args, bool keep_open,
    int out, pid_t parent)
{
	const char *argv[MAX_ARGS + 2] = { path };

	for (size_t i = 0; args[i] != NULL && i < MAX_ARGS; i++)
		argv[i + 1] = args[i];
	/* who is killed leaves nobody at work for it */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
	    dup2(out, STDOUT_FILENO) >= 0 &&
	    (keep_open || close_range(STDERR_FILENO + 1, UINT_MAX, 0) == 0))
		(void)execv(path, (char *const *)(uintptr_t)argv);
	_exit(NOT_RUN);
}

static int
wait_for(pid_t child, const char *program, int *status,
    struct dsr_error *err)
{
	int state = 0;

	while (waitpid(child, &state, 0) < 0)
		if (errno != EINTR)
			return dsr_fail_sys(err, "dossier-%s", program);
	if (!WIFEXITED(state))
		return dsr_fail(err, DSR_EFAILED, "dossier-%s was ended by "
		    "signal %d", program, WTERMSIG(state));
	*status = WEXITSTATUS(state);
	return *status != NOT_RUN ? 0
	                          : dsr_fail(err, DSR_EIO,
	                                "cannot run dossier-%s", program);
}

/* Everything until the other side closes it; a signal does not stop us. */
static int
read_output(struct dsr_buffer *out, int fd, struct dsr_error *err)
{
	char piece[4096];
	ssize_t n;

	for (;;) {
		n = read(fd, piece, sizeof(piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return dsr_fail_sys(err, "pipe");
		if (n == 0)
			return 0;
		if (dsr_buffer_append(out, piece, (size_t)n, err) != 0)
			return -1;
	}
}

int
sibling_run(const char *program, const char *const *args, bool keep_open,
    struct dsr_buffer *out, int *status, struct dsr_error *err)
{
	char path[PATH_MAX];
	struct dsr_error ignored;
	int fds[2], result;
	pid_t child, parent = getpid();

	if (!find_sibling(path, sizeof(path), program))
		return dsr_fail(err, DSR_EIO, "cannot find dossier-%s",
		    program);
	if (pipe2(fds, O_CLOEXEC) != 0)
		return dsr_fail_sys(err, "pipe");
	(void)fflush(NULL);
	child = fork();
	if (child == 0)
		become_sibling(path, args, keep_open, fds[1], parent);
	(void)close(fds[1]);
	if (child < 0) {
		(void)close(fds[0]);
		return dsr_fail_sys(err, "dossier-%s", program);
	}
	result = read_output(out, fds[0], err);
	(void)close(fds[0]);
	if (wait_for(child, program, status, result == 0 ? err : &ignored) != 0)
		return -1;
	return result;
}

/* ---- a private folder ---------------------------------------------------- */

struct private_folder {
	char path[PATH_MAX];
	int lifeline; /* the watcher sees it close */
	pid_t watcher;
};

static int
remove_one(const char *path, const struct stat *st, int kind,
    struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	(void)remove(path);
	return 0;
}

/* Waits until nobody holds the other end any more, then removes the folder. */
static void
watch_over(const char *path, int lifeline)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP };
	char byte;
	ssize_t n;

	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		(void)signal(ending[i], SIG_IGN);
	(void)setsid();
	if (dup2(lifeline, 0) < 0)
		_exit(1);
	(void)close_range(1, UINT_MAX, 0);
	do
		n = read(0, &byte, 1);
	while (n > 0 || (n < 0 && errno == EINTR));
	for (int i = 0; i < REMOVALS && access(path, F_OK) == 0; i++) {
		if (i > 0)
			(void)usleep(BETWEEN_US);
		(void)nftw(path, remove_one, OPEN_FOLDERS,
		    FTW_DEPTH | FTW_PHYS);
	}
	_exit(0);
}

int
private_folder_new(struct private_folder **out, struct dsr_error *err)
{
	struct private_folder *f = calloc(1, sizeof(*f));
	const char *root = getenv("TMPDIR");
	int fds[2];

	*out = NULL;
	if (f == NULL)
		return dsr_fail(err, DSR_ENOMEM, "folder");
	(void)snprintf(f->path, sizeof(f->path), "%s/dossier-XXXXXX",
	    root != NULL && root[0] == '/' ? root : "/tmp");
	if (pipe2(fds, O_CLOEXEC) != 0) {
		(void)dsr_fail_sys(err, "pipe");
		free(f);
		return -1;
	}
	if (mkdtemp(f->path) == NULL) {
		(void)dsr_fail_sys(err, "%s", f->path);
		(void)close(fds[0]);
		(void)close(fds[1]);
		free(f);
		return -1;
	}
	(void)fflush(NULL);
	f->watcher = fork();
	if (f->watcher == 0) {
		(void)close(fds[1]);
		watch_over(f->path, fds[0]);
	}
	(void)close(fds[0]);
	f->lifeline = fds[1];
	if (f->watcher < 0) {
		(void)dsr_fail_sys(err, "fork");
		(void)rmdir(f->path);
		(void)close(f->lifeline);
		free(f);
		return -1;
	}
	*out = f;
	return 0;
}

const char *
private_folder_path(const struct private_folder *f)
{
	return f->path;
}

void
private_folder_free(struct private_folder *f)
{
	if (f == NULL)
		return;
	(void)close(f->lifeline);
	while (waitpid(f->watcher, NULL, 0) < 0 && errno == EINTR)
		continue;
	free(f);
}
