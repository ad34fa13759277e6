/* SPDX-License-Identifier: ISC */
/* Progress on a terminal and elsewhere, with a clock that the test turns. */
#include "dossier/progress.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define LOOK 16 /* updates until the clock is looked at for certain */

static struct timespec now = { 1000, 0 };
static struct dsr_error err;

/* In place of the C library's: the program under test asks this one. */
int
clock_gettime(clockid_t clock, struct timespec *out)
{
	(void)clock;
	*out = now;
	return 0;
}

struct screen {
	int kept;    /* the stderr that was */
	int master;  /* of the terminal, or -1 */
	int written; /* what stands for stderr */
};

static void
turn_to(struct screen *s, bool terminal)
{
	s->kept = dup(STDERR_FILENO);
	s->master = -1;
	if (terminal) {
		s->master = posix_openpt(O_RDWR | O_NOCTTY);
		assert_true(s->master >= 0);
		assert_int_equal(grantpt(s->master), 0);
		assert_int_equal(unlockpt(s->master), 0);
		s->written = open(ptsname(s->master), O_RDWR | O_NOCTTY);
	} else {
		s->written = memfd_create("stderr", MFD_CLOEXEC);
	}
	assert_true(s->kept >= 0 && s->written >= 0);
	assert_int_equal(dup2(s->written, STDERR_FILENO), STDERR_FILENO);
}

/* What was written since; stderr is the old one again. */
static void
turn_back(struct screen *s, char *out, size_t size)
{
	int from = s->master < 0 ? s->written : s->master;
	size_t len = 0;
	ssize_t n;

	if (s->master < 0)
		assert_int_equal(lseek(from, 0, SEEK_SET), 0);
	assert_int_equal(fcntl(from, F_SETFL, O_NONBLOCK), 0);
	/* a terminal gives it in pieces */
	while ((n = read(from, out + len, size - 1 - len)) > 0)
		len += (size_t)n;
	out[len] = '\0';
	(void)dup2(s->kept, STDERR_FILENO);
	(void)close(s->kept);
	(void)close(s->written);
	if (s->master >= 0)
		(void)close(s->master);
}

static void
update(struct dsr_progress *p, uint64_t done)
{
	int i;

	for (i = 0; i < LOOK; i++)
		dsr_progress_update(p, done, 100, done * 1000000);
}

/* 20 of 100 after `seconds`, and once more at the same moment. */
static void
show(char *out, size_t size, bool terminal, bool off, int seconds)
{
	struct dsr_progress *p;
	struct screen s;

	turn_to(&s, terminal);
	assert_int_equal(dsr_progress_new(&p, "done", off, &err), 0);
	update(p, 1);
	now.tv_sec += seconds;
	update(p, 20);
	update(p, 21);
	dsr_progress_free(p);
	turn_back(&s, out, size);
}

static void
a_terminal_has_one_line_that_goes(void **state)
{
	char text[512];

	(void)state;
	show(text, sizeof(text), true, false, 20);
	assert_string_equal(text, "\r\033[K20/100 done, 20.0 MB, 1/s, "
	    "1:20 left\r\033[K");
}

static void
a_file_has_a_line_each_half_minute(void **state)
{
	char text[512];

	(void)state;
	show(text, sizeof(text), false, false, 29);
	assert_string_equal(text, "");
	show(text, sizeof(text), false, false, 40);
	assert_string_equal(text, "20/100 done, 20.0 MB, 0/s, 2:40 left\n");
}

static void
a_part_has_counts_of_its_own(void **state)
{
	struct dsr_progress *p;
	struct screen s;
	char text[512];
	int i;

	(void)state;
	turn_to(&s, false);
	assert_int_equal(dsr_progress_new(&p, "done", false, &err), 0);
	dsr_progress_part(p, "runs", 10, 50);
	update(p, 1);
	now.tv_sec += 40;
	for (i = 0; i < LOOK; i++) {
		dsr_progress_part(p, "runs", 30, 50);
		dsr_progress_update(p, 20, 100, 0);
	}
	now.tv_sec += 40;
	for (i = 0; i < LOOK; i++) {
		dsr_progress_part(p, NULL, 0, 0);
		dsr_progress_update(p, 20, 0, 0);
	}
	dsr_progress_free(p);
	turn_back(&s, text, sizeof(text));
	assert_string_equal(text,
	    "20/100 done, 0.0 MB, 0/s, 2:40 left; runs 30/50, 0/s, 0:40 left\n"
	    "20 done, 0.0 MB, 0/s\n");
}

static void
off_says_nothing(void **state)
{
	char text[512];

	(void)state;
	show(text, sizeof(text), true, true, 40);
	assert_string_equal(text, "");
	show(text, sizeof(text), false, true, 40);
	assert_string_equal(text, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_terminal_has_one_line_that_goes),
		cmocka_unit_test(a_file_has_a_line_each_half_minute),
		cmocka_unit_test(a_part_has_counts_of_its_own),
		cmocka_unit_test(off_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
