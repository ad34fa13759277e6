/* SPDX-License-Identifier: ISC */
/* Lines read by threads: in their order, and as one alone reads them. */
#include "../../verifier/line_crew.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/chance.h"
#include "dossier/limits.h"
#include "dossier/records.h"
#include "dossier/tree.h"

#define LINES 5000u

/* Which line is the next one, and how many were no record. */
struct taken {
	uint64_t next, bad;
	uint64_t refuse; /* the line at which it fails, or LINES */
};

/* A line of a length that differs; every seventh is no record. */
static size_t
make_line(char line[DSR_MAX_LINE], uint64_t number)
{
	return (size_t)snprintf(line, DSR_MAX_LINE,
	    "{\"connector\":\"c\",\"detail\":\"%.*s\",\"endpoint\":\"e\","
	    "\"exchange\":%llu,\"name\":\"n\",\"name_base64\":null,"
	    "\"reason\":\"http-status\",\"status\":404}%s\n",
	    (int)(number % 400),
	    "................................................................"
	    "................................................................"
	    "................................................................"
	    "................................................................"
	    "................................................................"
	    "................................................................"
	    "................",
	    (unsigned long long)number, number % 7 == 3 ? " " : "");
}

static int
take(void *ctx, const struct line_read *line, struct dsr_error *err)
{
	static char wanted[DSR_MAX_LINE];
	struct taken *t = ctx;
	const struct dsr_gap *gap = line->record;
	uint8_t leaf[DSR_SHA256_BYTES];
	size_t len = make_line(wanted, t->next);

	if (t->next == t->refuse)
		return dsr_fail(err, DSR_ENOSPACE, "taken enough");
	assert_int_equal(line->len, len);
	assert_memory_equal(line->text, wanted, len);
	dsr_tree_leaf(leaf, wanted, len);
	assert_memory_equal(line->leaf, leaf, sizeof(leaf));
	if (gap == NULL) {
		assert_int_equal(t->next % 7, 3);
		assert_int_equal(line->error->code, DSR_EFORMAT);
		t->bad++;
	} else {
		assert_int_equal(gap->exchange, t->next);
		assert_int_equal(strlen(gap->detail), t->next % 400);
	}
	t->next++;
	return 0;
}

/* Hands in lines from 0 on and waits for them. */
static int
hand_in(struct line_crew *w, struct taken *t, uint64_t count,
    struct dsr_error *err)
{
	static char line[DSR_MAX_LINE];
	uint64_t i;

	t->next = t->bad = 0;
	line_crew_begin(w, &dsr_gap_type, take, t);
	for (i = 0; i < count; i++)
		if (line_crew_add(w, line, make_line(line, i), err) != 0)
			return -1;
	return line_crew_flush(w, err);
}

static void
lines_are_taken_in_order(void **state)
{
	static const uint64_t counts[] = { 0, 1, 63, 64, 65, LINES, 2, 0 };
	static const unsigned int threads[] = { 1, 2, 3, 100 };
	struct line_crew *w = NULL;
	struct taken t = { .refuse = LINES };
	struct dsr_error err;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
		assert_int_equal(line_crew_new(&w, threads[i], &err), 0);
		for (k = 0; k < sizeof(counts) / sizeof(counts[0]); k++) {
			assert_int_equal(hand_in(w, &t, counts[k], &err), 0);
			assert_int_equal(t.next, counts[k]);
			assert_int_equal(t.bad, (counts[k] + 3) / 7);
		}
		line_crew_free(w);
	}
}

static void
what_cannot_be_taken_is_said(void **state)
{
	static const uint64_t counts[] = { 1, 300, LINES };
	struct line_crew *w = NULL;
	struct taken t = { 0 };
	struct dsr_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		t.refuse = chance(counts[i]);
		assert_int_equal(line_crew_new(&w, 2, &err), 0);
		assert_int_equal(hand_in(w, &t, counts[i], &err), -1);
		assert_int_equal(err.code, DSR_ENOSPACE);
		line_crew_free(w);
	}
}

/* A line of the greatest length has room wherever it stands in a job. */
static void
long_lines_have_room(void **state)
{
	static char line[DSR_MAX_LINE];
	struct line_crew *w = NULL;
	struct taken t = { .refuse = LINES };
	struct dsr_error err;

	(void)state;
	memset(line, 'a', sizeof(line));
	line[DSR_MAX_LINE - 1] = '\n';
	assert_int_equal(line_crew_new(&w, 2, &err), 0);
	line_crew_begin(w, &dsr_gap_type, take, &t);
	t.refuse = 0; /* what is taken is not looked at */
	assert_int_equal(line_crew_add(w, line, DSR_MAX_LINE - 1, &err), 0);
	assert_int_equal(line_crew_add(w, line, 1, &err), 0);
	assert_int_equal(line_crew_add(w, line, DSR_MAX_LINE, &err), 0);
	assert_int_equal(line_crew_flush(w, &err), -1);
	assert_int_equal(err.code, DSR_ENOSPACE);
	line_crew_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_taken_in_order),
		cmocka_unit_test(what_cannot_be_taken_is_said),
		cmocka_unit_test(long_lines_have_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
