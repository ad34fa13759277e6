/* SPDX-License-Identifier: ISC */
#include "scratch.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

extern char **environ;

static char folder[4096];
static int before = -1;

int
scratch_enter(void **state)
{
	const char *base = getenv("TMPDIR");

	(void)state;
	(void)snprintf(folder, sizeof(folder), "%s/dossier-test-XXXXXX",
	    base != NULL ? base : "/tmp");
	before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (before < 0 || mkdtemp(folder) == NULL)
		return -1;
	return chdir(folder);
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st;
	(void)kind;
	(void)walk;
	return remove(path);
}

int
scratch_leave(void **state)
{
	(void)state;
	if (fchdir(before) != 0 || close(before) != 0)
		return -1;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void
scratch_write(const char *path, const void *data, size_t len,
    unsigned int mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), (ssize_t)len);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

int
run_program(const char *input, const char *const argv[])
{
	posix_spawn_file_actions_t actions;
	int status, rc;
	pid_t child;

	scratch_write(".input", input, strlen(input), 0600);
	assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
	(void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO,
	    ".input", O_RDONLY, 0);
	(void)posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO,
	    "/dev/null", O_WRONLY, 0);
	(void)posix_spawn_file_actions_addopen(&actions, STDERR_FILENO,
	    "/dev/null", O_WRONLY, 0);
	/* posix_spawn does not write to the arguments */
	rc = posix_spawnp(&child, argv[0], &actions, NULL,
	    (char *const *)(uintptr_t)argv, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)unlink(".input");
	if (rc != 0)
		return 127;
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status)
	    : 128 + WTERMSIG(status);
}
