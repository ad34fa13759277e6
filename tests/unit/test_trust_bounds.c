/* SPDX-License-Identifier: ISC */
/* For how long a trusted key counts: FORMAT.md 5.4. */
#include "dossier/trust.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/scratch.h"
#include "dossier/clock.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct dsr_public_key key;

/* 2023-11-14T22:13:20Z */
static void
known_time(struct timespec *now)
{
	now->tv_sec = 1700000000;
	now->tv_nsec = 0;
}

static int
make_key(void **state)
{
	struct dsr_secret_key *secret;
	struct dsr_error err;

	(void)state;
	if (sodium_init() < 0 || dsr_secret_key_generate(&secret, &err) != 0)
		return -1;
	dsr_secret_key_public(secret, &key);
	dsr_secret_key_free(secret);
	dsr_clock_set(known_time);
	return 0;
}

static void
write_key(const char *path, const char *bounds)
{
	struct dsr_buffer text;
	struct dsr_error err;

	dsr_buffer_init(&text, 1024);
	assert_int_equal(dsr_public_key_write(&key, &text, &err), 0);
	assert_int_equal(dsr_buffer_puts(&text, bounds, &err), 0);
	scratch_write(path, text.data, text.len, 0644);
	dsr_buffer_fini(&text);
}

#define PAST   "2020-01-01T00:00:00Z\n"
#define FUTURE "2040-01-01T00:00:00Z\n"

static void
bounds_hold(void **state)
{
	static const time_t early = 1500000000, late = 2500000000;
	static const struct {
		const char *bounds;
		time_t proved; /* 0: nothing */
		enum dsr_trust_state wanted;
		const char *why;
	} row[] = {
		{ "", 0, DSR_TRUST_GOOD, "no bound" },
		{ "not_before: " PAST, 0, DSR_TRUST_GOOD, "began" },
		{ "not_before: " FUTURE, 0, DSR_TRUST_EXPIRED, "not yet" },
		{ "not_before: " PAST, early, DSR_TRUST_EXPIRED,
		    "not yet, then" },
		{ "not_after: " FUTURE, 0, DSR_TRUST_GOOD, "still" },
		{ "not_after: " PAST, 0, DSR_TRUST_EXPIRED, "no longer" },
		{ "not_after: " PAST, early, DSR_TRUST_GOOD, "still, then" },
		{ "revoked_at: " PAST, 0, DSR_TRUST_REVOKED, "revoked" },
		{ "revoked_at: " FUTURE, 0, DSR_TRUST_REVOKED,
		    "from then on, but nothing proves when" },
		{ "revoked_at: " FUTURE, early, DSR_TRUST_GOOD, "before" },
		{ "revoked_at: " PAST, late, DSR_TRUST_REVOKED, "afterwards" },
		{ "revoked_at: 2017-07-14T02:40:00Z\n", early,
		    DSR_TRUST_REVOKED, "at that second" },
		{ "not_after: " PAST "revoked_at: " PAST "not_before: " PAST,
		    0, DSR_TRUST_REVOKED, "all three" },
		{ "not_after: 2040-01-01T00:00:00Z", 0, DSR_TRUST_GOOD,
		    "the last LF may be missing" },
	};
	struct dsr_trust *t;
	struct dsr_error err;
	const char *path;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(row); i++) {
		const struct timespec proved = { row[i].proved, 0 };

		write_key("k.pub", row[i].bounds);
		assert_int_equal(dsr_trust_new(&t, &err), 0);
		if (dsr_trust_add(t, "k.pub", &err) != 0)
			fail_msg("row %zu: %s", i, err.msg);
		path = NULL;
		if (dsr_trust_judge(t, key.key, row[i].proved == 0 ? NULL
			: &proved, &path) != row[i].wanted)
			fail_msg("row %zu: %s", i, row[i].why);
		assert_string_equal(path, "k.pub");
		assert_true((dsr_trust_find(t, key.key) != NULL) ==
		    (dsr_trust_judge(t, key.key, NULL, NULL) ==
			DSR_TRUST_GOOD));
		dsr_trust_free(t);
	}
}

static void
lines_that_are_refused(void **state)
{
	static const struct {
		const char *bounds, *why;
	} row[] = {
		{ "\n", "an empty line" },
		{ "hello\n", "another line" },
		{ "not_after: soon\n", "no time" },
		{ "not_after: 2023-02-29T00:00:00Z\n", "no day" },
		{ "not_after:2040-01-01T00:00:00Z\n", "no space" },
		{ "not_after: " FUTURE "not_after: " PAST, "twice" },
		{ "revoked: " PAST, "a bound that would be ignored" },
		{ "untrusted comment: another key\n", "a second key" },
	};
	struct dsr_trust *t;
	struct dsr_error err;
	size_t i;

	(void)state;
	assert_int_equal(dsr_trust_new(&t, &err), 0);
	for (i = 0; i < COUNT(row); i++) {
		write_key("k.pub", row[i].bounds);
		if (dsr_trust_add(t, "k.pub", &err) == 0 ||
		    err.code != DSR_EINPUT)
			fail_msg("row %zu: %s", i, row[i].why);
	}
	assert_int_equal(dsr_trust_count(t), 0);
	dsr_trust_free(t);
}

/* A file that bounds a key cannot be undone by another that does not. */
static void
the_strictest_bounds_hold(void **state)
{
	struct dsr_trust *t;
	struct dsr_error err;
	const char *path = NULL;

	(void)state;
	write_key("a.pub", "not_after: " FUTURE);
	write_key("b.pub", "not_after: " PAST);
	write_key("c.pub", "");
	write_key("d.pub", "revoked_at: " FUTURE);
	assert_int_equal(dsr_trust_new(&t, &err), 0);
	assert_int_equal(dsr_trust_add(t, "c.pub", &err), 0);
	assert_int_equal(dsr_trust_judge(t, key.key, NULL, &path),
	    DSR_TRUST_GOOD);
	assert_int_equal(dsr_trust_add(t, "a.pub", &err), 0);
	assert_int_equal(dsr_trust_judge(t, key.key, NULL, &path),
	    DSR_TRUST_GOOD);
	assert_int_equal(dsr_trust_add(t, "b.pub", &err), 0);
	assert_int_equal(dsr_trust_add(t, "a.pub", &err), 0);
	assert_int_equal(dsr_trust_judge(t, key.key, NULL, &path),
	    DSR_TRUST_EXPIRED);
	assert_int_equal(dsr_trust_add(t, "d.pub", &err), 0);
	assert_int_equal(dsr_trust_judge(t, key.key, NULL, &path),
	    DSR_TRUST_REVOKED);
	assert_string_equal(path, "c.pub");
	assert_int_equal(dsr_trust_count(t), 1);
	dsr_trust_free(t);
}

#define IN_SCRATCH(test)                                                      \
	cmocka_unit_test_setup_teardown(test, scratch_enter, scratch_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(bounds_hold),
		IN_SCRATCH(lines_that_are_refused),
		IN_SCRATCH(the_strictest_bounds_hold),
	};

	return cmocka_run_group_tests(tests, make_key, NULL);
}
