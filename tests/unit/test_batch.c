/* SPDX-License-Identifier: ISC */
/* Many files, a process each: what they print, and how they end. */
#include "../../verifier/batch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/scratch.h"

/* What a process of the test does is the name of its file. */
static int
do_as_named(void *ctx, const char *file)
{
	const struct rlimit no_core = { 0, 0 };
	int i;

	(void)ctx;
	(void)setrlimit(RLIMIT_CORE, &no_core);
	if (strcmp(file, "crash") == 0) {
		(void)fputs("half a li", stdout);
		(void)fflush(stdout);
		(void)signal(SIGSEGV, SIG_DFL);
		(void)raise(SIGSEGV);
	}
	if (strcmp(file, "kill") == 0)
		(void)raise(SIGKILL);
	if (strcmp(file, "sleep") == 0)
		(void)usleep(300000);
	for (i = 0; strcmp(file, "much") == 0 && i < 20000; i++)
		(void)printf("line %d of much\n", i);
	(void)printf("%s\n", file);
	return strcmp(file, "fail") == 0 ? 10 : 0;
}

struct ends {
	size_t count;
	const char *files[64];
	int statuses[64];
};

static void
note(void *ctx, const char *file, int status)
{
	struct ends *e = ctx;

	e->files[e->count] = file;
	e->statuses[e->count++] = status;
}

/* Runs the batch with stdout in the file "out". */
static void
run(char *const *files, size_t count, unsigned int processes, struct ends *e)
{
	const struct batch_work work = { do_as_named, NULL, note, e };
	struct batch_list list;
	struct dsr_error err;
	int saved, rc;
	FILE *out;

	memset(e, 0, sizeof(*e));
	batch_list_init(&list);
	assert_int_equal(batch_list_add(&list, files, count, &err), 0);
	(void)fflush(stdout);
	assert_true((saved = dup(STDOUT_FILENO)) >= 0);
	assert_non_null(out = fopen("out", "we"));
	assert_true(dup2(fileno(out), STDOUT_FILENO) >= 0);
	rc = batch_run(&list, processes, &work, &err);
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	(void)close(saved);
	(void)fclose(out);
	batch_list_fini(&list);
	assert_int_equal(rc, 0);
}

static char *
printed(void)
{
	static char text[1048576];
	FILE *f = fopen("out", "re");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	(void)fclose(f);
	text[n] = '\0';
	return text;
}

static char word_good[] = "good", word_crash[] = "crash", word_kill[] = "kill",
	    word_fail[] = "fail", word_sleep[] = "sleep", word_much[] = "much";

static void
survives_crashes(void **state)
{
	char *const files[] = { word_good, word_crash, word_good, word_kill,
		word_fail, word_good };
	const int statuses[] = { 0, 128 + SIGSEGV, 0, 128 + SIGKILL, 10, 0 };
	unsigned int processes;
	struct ends e;
	size_t i;

	(void)state;
	for (processes = 1; processes < 4; processes++) {
		run(files, 6, processes, &e);
		assert_int_equal(e.count, 6);
		for (i = 0; i < 6; i++) {
			assert_string_equal(e.files[i], files[i]);
			assert_int_equal(e.statuses[i], statuses[i]);
		}
		assert_string_equal(printed(),
		    "good\nhalf a li\ngood\nfail\ngood\n");
	}
}

static void
keeps_the_order(void **state)
{
	char *const files[] = { word_sleep, word_good, word_good, word_sleep,
		word_good };
	struct ends e;

	(void)state;
	run(files, 5, 5, &e);
	assert_string_equal(printed(), "sleep\ngood\ngood\nsleep\ngood\n");
}

/* More than a pipe holds, from one whose turn it is not. */
static void
passes_much_on(void **state)
{
	char *const files[] = { word_sleep, word_much, word_much, word_good };
	const char *text, *at;
	size_t lines = 0;
	struct ends e;

	(void)state;
	run(files, 4, 4, &e);
	text = printed();
	for (at = text; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_int_equal(lines, 2 * 20001 + 2);
	assert_string_equal(text + strlen(text) - 10, "much\ngood\n");
}

static void
goes_on_past_what_is_under_way(void **state)
{
	char *files[60];
	struct ends e;
	size_t i;

	(void)state;
	for (i = 0; i < 60; i++)
		files[i] = i % 20 == 0 ? word_sleep : word_good;
	run(files, 60, 3, &e);
	assert_int_equal(e.count, 60);
	run(files, 0, 3, &e);
	assert_int_equal(e.count, 0);
}

static void
reads_lists(void **state)
{
	static const char text[] = "one\n\ntwo\r\n with blanks \nlast";
	struct batch_list list;
	struct dsr_error err;

	(void)state;
	scratch_write("list", text, sizeof(text) - 1, 0600);
	batch_list_init(&list);
	assert_int_equal(batch_list_read(&list, "list", &err), 0);
	assert_int_equal(list.count, 4);
	assert_string_equal(list.paths[0], "one");
	assert_string_equal(list.paths[1], "two");
	assert_string_equal(list.paths[2], " with blanks ");
	assert_string_equal(list.paths[3], "last");
	batch_list_fini(&list);
	batch_list_init(&list);
	assert_int_equal(batch_list_read(&list, "none", &err), -1);
	assert_int_equal(err.code, DSR_EIO);
	scratch_write("list", "", 0, 0600);
	assert_int_equal(batch_list_read(&list, "list", &err), 0);
	assert_int_equal(list.count, 0);
	batch_list_fini(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(survives_crashes,
		    scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(keeps_the_order,
		    scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(passes_much_on, scratch_enter,
		    scratch_leave),
		cmocka_unit_test_setup_teardown(goes_on_past_what_is_under_way,
		    scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(reads_lists, scratch_enter,
		    scratch_leave),
	};

	return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
