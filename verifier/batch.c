/* SPDX-License-Identifier: ISC */
#include "batch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dossier/file.h"
#include "dossier/limits.h"

#define MAX_UNDER_WAY 128u /* started, and not passed on yet */

/* ---- the list --------------------------------------------------------------- */

void
batch_list_init(struct batch_list *list)
{
	memset(list, 0, sizeof(*list));
	dsr_buffer_init(&list->text, DSR_MAX_BATCH_LIST);
}

void
batch_list_fini(struct batch_list *list)
{
	free(list->paths);
	dsr_buffer_fini(&list->text);
}

static int
add_path(struct batch_list *list, const char *path, struct dsr_error *err)
{
	const char **grown;
	size_t cap;

	if (list->count == DSR_MAX_BATCH)
		return dsr_fail(err, DSR_ELIMIT, "more than %u files",
		    DSR_MAX_BATCH);
	if (list->count == list->cap) {
		cap = list->cap == 0 ? 64 : list->cap * 2;
		grown = reallocarray(list->paths, cap, sizeof(*grown));
		if (grown == NULL)
			return dsr_fail(err, DSR_ENOMEM, "list of files");
		list->paths = grown;
		list->cap = cap;
	}
	list->paths[list->count++] = path;
	return 0;
}

int
batch_list_add(struct batch_list *list, char *const *paths, size_t count,
    struct dsr_error *err)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (add_path(list, paths[i], err) != 0)
			return -1;
	return 0;
}

/* Ends each line with a NUL, where it stands. */
static int
split_lines(struct batch_list *list, struct dsr_error *err)
{
	char *at = (char *)list->text.data, *end = at + list->text.len, *lf;

	for (; at < end; at = lf + 1) {
		lf = memchr(at, '\n', (size_t)(end - at));
		if (lf == NULL)
			lf = end;
		*lf = '\0';
		if (lf > at && lf[-1] == '\r')
			lf[-1] = '\0';
		if (at[0] != '\0' && add_path(list, at, err) != 0)
			return -1;
	}
	return 0;
}

int
batch_list_read(struct batch_list *list, const char *file,
    struct dsr_error *err)
{
	int rc = strcmp(file, "-") == 0
	    ? dsr_fd_read(&list->text, STDIN_FILENO, err)
	    : dsr_file_read(&list->text, file, err);

	return rc != 0 ? -1 : list->text.len == 0 ? 0
						  : split_lines(list, err);
}

/* ---- processes ----------------------------------------------------------------- */

struct child {
	pid_t pid;
	const char *file;
	int out; /* what it prints */
	bool done; /* it has closed it: it ends */
};

/* A ring: children stand in the order of the list. */
struct batch {
	const struct batch_work *work;
	struct child ring[MAX_UNDER_WAY];
	size_t first, count;
	unsigned int running, processes;
	char last; /* byte passed on */
};

static struct child *
at(struct batch *b, size_t i)
{
	return &b->ring[(b->first + i) % MAX_UNDER_WAY];
}

static void
be_child(struct batch *b, const char *file, int out)
{
	size_t i;
	int status;

	/* not to go on for nobody */
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	for (i = 0; i < b->count; i++)
		(void)close(at(b, i)->out);
	if (dup2(out, STDOUT_FILENO) < 0)
		_exit(dsr_exit_status(DSR_EIO));
	(void)close(out);
	status = b->work->judge(b->work->judge_ctx, file);
	(void)fflush(stdout);
	_exit(status);
}

static int
start_child(struct batch *b, const char *file, struct dsr_error *err)
{
	struct child *c = at(b, b->count);
	int ends[2];

	if (pipe2(ends, 0) != 0)
		return dsr_fail_sys(err, "pipe");
	(void)fflush(stdout); /* or the child would print it once more */
	c->pid = fork();
	if (c->pid == 0) {
		(void)close(ends[0]);
		be_child(b, file, ends[1]);
	}
	(void)close(ends[1]);
	if (c->pid < 0) {
		(void)dsr_fail_sys(err, "cannot start a process");
		(void)close(ends[0]);
		return -1;
	}
	c->file = file;
	c->out = ends[0];
	c->done = false;
	b->count++;
	b->running++;
	return 0;
}

/* Passes on what the oldest printed so far; it is done when that was all. */
static int
pass_on(struct batch *b, struct dsr_error *err)
{
	struct child *c = at(b, 0);
	char piece[65536];
	ssize_t n;

	do
		n = read(c->out, piece, sizeof(piece));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return dsr_fail_sys(err, "pipe");
	if (n > 0) {
		b->last = piece[n - 1];
		return dsr_write_all(STDOUT_FILENO, piece, (size_t)n, err);
	}
	if (!c->done)
		b->running--;
	c->done = true;
	return 1;
}

/* Takes the oldest, which printed its last, out of the ring. */
static int
retire(struct batch *b, struct dsr_error *err)
{
	struct child *c = at(b, 0);
	int status = 0, rc;

	(void)close(c->out);
	do
		rc = waitpid(c->pid, &status, 0);
	while (rc < 0 && errno == EINTR);
	if (rc < 0)
		return dsr_fail_sys(err, "waiting for a process");
	b->first = (b->first + 1) % MAX_UNDER_WAY;
	b->count--;
	/* what was cut off does not spoil the next line */
	if (b->last != '\n' && b->last != '\0' &&
	    dsr_write_all(STDOUT_FILENO, "\n", 1, err) != 0)
		return -1;
	b->last = '\0';
	status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				     : WEXITSTATUS(status);
	b->work->ended(b->work->ended_ctx, c->file, status);
	return 0;
}

/*
 * Waits until the oldest prints or ends, or a younger one ends, which keeps
 * what it printed in its pipe until its turn.
 */
static int
wait_for_some(struct batch *b, struct dsr_error *err)
{
	struct pollfd fds[MAX_UNDER_WAY];
	size_t i;
	int rc;

	for (i = 0; i < b->count; i++) {
		fds[i].fd = i > 0 && at(b, i)->done ? -1 : at(b, i)->out;
		fds[i].events = i == 0 ? POLLIN : 0;
		fds[i].revents = 0;
	}
	if (poll(fds, b->count, -1) < 0)
		return errno == EINTR ? 0 : dsr_fail_sys(err, "poll");
	for (i = 1; i < b->count; i++)
		if (!at(b, i)->done && (fds[i].revents & POLLHUP) != 0) {
			at(b, i)->done = true;
			b->running--;
		}
	if (fds[0].revents == 0)
		return 0;
	if ((rc = pass_on(b, err)) < 0)
		return -1;
	return rc == 1 ? retire(b, err) : 0;
}

static void
end_children(struct batch *b)
{
	for (; b->count > 0; b->count--, b->first++) {
		(void)close(at(b, 0)->out);
		(void)waitpid(at(b, 0)->pid, NULL, 0);
	}
}

int
batch_run(const struct batch_list *list, unsigned int processes,
    const struct batch_work *work, struct dsr_error *err)
{
	struct batch b = { .work = work, .processes = processes };
	size_t next = 0;
	int rc = 0;

	while (rc == 0 && (next < list->count || b.count > 0)) {
		while (rc == 0 && next < list->count &&
		    b.running < processes && b.count < MAX_UNDER_WAY)
			rc = start_child(&b, list->paths[next++], err);
		if (rc == 0)
			rc = wait_for_some(&b, err);
	}
	end_children(&b);
	return rc;
}
