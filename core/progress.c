/* SPDX-License-Identifier: ISC */
#include "dossier/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "dossier/language.h"
#include "dossier/text.h"

struct dsr_progress {
	const char *what;
	bool off;
	bool terminal;
	bool shown;        /* a line stands on the terminal */
	unsigned int skip; /* updates until the next look at the clock */
	struct timespec started, last;
	/* the part */
	const char *part;
	uint64_t part_done, part_total;
	uint64_t part_from;       /* done when it was first shown */
	struct timespec part_started;
};

int
dsr_progress_new(struct dsr_progress **out, const char *what, bool off,
    struct dsr_error *err)
{
	struct dsr_progress *p = calloc(1, sizeof(*p));

	*out = NULL;
	if (p == NULL)
		return dsr_fail(err, DSR_ENOMEM, "progress");
	p->what = what;
	p->off = off;
	p->terminal = isatty(STDERR_FILENO) == 1;
	(void)clock_gettime(CLOCK_MONOTONIC, &p->started);
	p->last = p->started;
	*out = p;
	return 0;
}

static void
clear_line(struct dsr_progress *p)
{
	if (p->shown)
		(void)fputs("\r\033[K", stderr);
	p->shown = false;
}

void
dsr_progress_free(struct dsr_progress *p)
{
	if (p == NULL)
		return;
	clear_line(p);
	free(p);
}

static double
seconds_between(const struct timespec *a, const struct timespec *b)
{
	return (double)(b->tv_sec - a->tv_sec) +
	    (double)(b->tv_nsec - a->tv_nsec) / 1e9;
}

static int
terminal_width(void)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	uint64_t n;

	if (columns != NULL &&
	    dsr_parse_u64(columns, strlen(columns), 1000, &n) && n >= 20)
		return (int)n;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
		return size.ws_col;
	return 79;
}

static void
format_left(char *out, size_t size, double elapsed, uint64_t done,
    uint64_t total)
{
	double left;

	out[0] = '\0';
	if (done == 0 || total <= done || elapsed < 1)
		return;
	left = elapsed / (double)done * (double)(total - done);
	(void)snprintf(out, size, _(", %.0f:%02.0f left"),
	    (double)((long)left / 60), (double)((long)left % 60));
}

void
dsr_progress_part(struct dsr_progress *p, const char *name, uint64_t done,
    uint64_t total)
{
	if (name != p->part) {
		p->part = name;
		p->part_from = done;
		(void)clock_gettime(CLOCK_MONOTONIC, &p->part_started);
	}
	p->part_done = done;
	p->part_total = total;
}

/* "; runs 12/40, 3/s, 0:09 left" */
static void
format_part(char *out, size_t size, const struct dsr_progress *p)
{
	double elapsed = seconds_between(&p->part_started, &p->last);
	uint64_t done = p->part == NULL ? 0 : p->part_done - p->part_from;
	char left[64];

	out[0] = '\0';
	if (p->part == NULL)
		return;
	format_left(left, sizeof(left), elapsed, done,
	    p->part_total - p->part_from);
	(void)snprintf(out, size, "; %s %llu/%llu, %.0f/s%s", p->part,
	    (unsigned long long)p->part_done,
	    (unsigned long long)p->part_total,
	    elapsed > 0 ? (double)done / elapsed : 0, left);
}

static void
show(struct dsr_progress *p, double elapsed, uint64_t done, uint64_t total,
    uint64_t bytes)
{
	char line[512], count[64], left[64], part[192];
	double rate = elapsed > 0 ? (double)done / elapsed : 0;

	if (total > 0)
		(void)snprintf(count, sizeof(count), "%llu/%llu",
		    (unsigned long long)done, (unsigned long long)total);
	else
		(void)snprintf(count, sizeof(count), "%llu",
		    (unsigned long long)done);
	format_left(left, sizeof(left), elapsed, done, total);
	format_part(part, sizeof(part), p);
	(void)snprintf(line, sizeof(line), "%s %s, %.1f MB, %.0f/s%s%s",
	    count, p->what, (double)bytes / 1e6, rate, left, part);
	if (p->terminal) {
		(void)fputs("\r\033[K", stderr);
		(void)dsr_print(stderr, "%.*s", terminal_width() - 1, line);
		p->shown = true;
	} else {
		(void)dsr_print(stderr, "%s\n", line);
	}
	(void)fflush(stderr);
}

void
dsr_progress_update(struct dsr_progress *p, uint64_t done, uint64_t total,
    uint64_t bytes)
{
	struct timespec now;

	if (p->off || p->skip-- > 0)
		return;
	p->skip = 15;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	if (seconds_between(&p->last, &now) < (p->terminal ? 0.1 : 30.0))
		return;
	p->last = now;
	show(p, seconds_between(&p->started, &now), done, total, bytes);
}
