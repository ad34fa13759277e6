/* SPDX-License-Identifier: ISC */
/* The walk over DER, times, and sets in their order. */
#include "../../core/der.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/clock.h"
#include "dossier/limits.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define BYTES(s)     s, sizeof(s) - 1

static void
walk_knows_one_form(void **state)
{
	static const struct {
		const char *der;
		size_t len;
		bool sound;
		const char *why;
	} row[] = {
		{ BYTES("\x05\x00"), true, "NULL" },
		{ BYTES("\x05\x01\x00"), false, "a NULL with content" },
		{ BYTES(""), false, "nothing" },
		{ BYTES("\x30"), false, "a tag alone" },
		{ BYTES("\x30\x00"), true, "an empty sequence" },
		{ BYTES("\x30\x80\x00\x00"), false, "an indefinite length" },
		{ BYTES("\x30\x81\x00"), false, "a length of two bytes for 0" },
		{ BYTES("\x30\x81\x02\x05\x00"), false, "for 2" },
		{ BYTES("\x30\x02\x05\x00"), true, "and in its shortest form" },
		{ BYTES("\x30\x82\x00\x02\x05\x00"), false, "a leading zero" },
		{ BYTES("\x30\x85\x00\x00\x00\x00\x02\x05\x00"), false,
		    "a length of five bytes" },
		{ BYTES("\x30\x84\xff\xff\xff\xff"), false, "4 GiB" },
		{ BYTES("\x30\x03\x05\x00"), false, "longer than what is there" },
		{ BYTES("\x30\x02\x05\x00\x00"), false, "a byte behind it" },
		{ BYTES("\x30\x02\x05\x01"), false, "a child longer than it" },
		{ BYTES("\x00\x00"), false, "end of contents" },
		{ BYTES("\x1f\x81\x00\x00"), false, "a tag of several bytes" },
		{ BYTES("\x01\x01\xff"), true, "TRUE" },
		{ BYTES("\x01\x01\x00"), true, "FALSE" },
		{ BYTES("\x01\x01\x01"), false, "another TRUE" },
		{ BYTES("\x01\x00"), false, "a boolean without a value" },
		{ BYTES("\x02\x01\x00"), true, "0" },
		{ BYTES("\x02\x00"), false, "a number without a digit" },
		{ BYTES("\x02\x02\x00\x7f"), false, "127 with a zero" },
		{ BYTES("\x02\x02\x00\x80"), true, "128 needs it" },
		{ BYTES("\x02\x02\xff\x80"), false, "-128 in two bytes" },
		{ BYTES("\x02\x02\xff\x7f"), true, "-129 in two bytes" },
		{ BYTES("\x03\x02\x00\x01"), true, "eight bits" },
		{ BYTES("\x03\x02\x01\x02"), true, "seven bits" },
		{ BYTES("\x03\x02\x01\x01"), false, "an unused bit is set" },
		{ BYTES("\x03\x02\x08\x00"), false, "eight unused bits" },
		{ BYTES("\x03\x01\x00"), true, "no bits" },
		{ BYTES("\x03\x01\x01"), false, "no bits, one of them unused" },
		{ BYTES("\x03\x00"), false, "no count of unused bits" },
		{ BYTES("\x06\x01\x2a"), true, "an object identifier" },
		{ BYTES("\x06\x00"), false, "an empty one" },
		{ BYTES("\x06\x02\x2a\x86"), false, "one that goes on" },
		{ BYTES("\x06\x03\x2a\x80\x01"), false, "a padded number" },
		{ BYTES("\x24\x04\x04\x02hi"), false, "a string of strings" },
		{ BYTES("\x10\x00"), false, "a primitive sequence" },
		{ BYTES("\x11\x00"), false, "a primitive set" },
		{ BYTES("\x31\x00"), true, "a set" },
		{ BYTES("\xa0\x02\x05\x00"), true, "of the context's class" },
		{ BYTES("\xa0\x02\x05\x01"), false, "and what is in it" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(row); i++)
		if (dsr_der_is_sound(row[i].der, row[i].len) != row[i].sound)
			fail_msg("row %zu (%s): wanted %d", i, row[i].why,
			    row[i].sound);
}

/* depth sequences, one in the other */
static bool
nested_is_sound(size_t depth)
{
	struct dsr_der_writer w;
	struct dsr_buffer out;
	struct dsr_error err;
	size_t from[64], i;
	bool sound;

	dsr_buffer_init(&out, 1024);
	dsr_der_writer_init(&w, &out);
	for (i = 0; i < depth; i++)
		from[i] = dsr_der_begin(&w);
	while (i > 0)
		dsr_der_end(&w, from[--i], DSR_DER_SEQUENCE);
	assert_int_equal(dsr_der_writer_finish(&w, &err), 0);
	sound = dsr_der_is_sound(out.data, out.len);
	dsr_buffer_fini(&out);
	return sound;
}

static void
walk_has_a_depth(void **state)
{
	(void)state;
	assert_true(nested_is_sound(DSR_MAX_DER_DEPTH - 1));
	assert_false(nested_is_sound(DSR_MAX_DER_DEPTH));
	assert_false(nested_is_sound(64));
}

static void
times_are_of_the_calendar(void **state)
{
	static const struct {
		const char *der;
		size_t len;
		const char *time; /* NULL: none */
		const char *why;
	} row[] = {
		{ BYTES("\x17\x0d" "231114221320Z"), "2023-11-14T22:13:20Z",
		    "UTCTime" },
		{ BYTES("\x17\x0d" "500101000000Z"), "1950-01-01T00:00:00Z",
		    "UTCTime from 50 on" },
		{ BYTES("\x17\x0d" "491231235959Z"), "2049-12-31T23:59:59Z",
		    "UTCTime up to 49" },
		{ BYTES("\x17\x0b" "2311142213Z"), NULL, "without seconds" },
		{ BYTES("\x17\x0d" "231114221320+"), NULL, "another zone" },
		{ BYTES("\x18\x0f" "20231114221320Z"), "2023-11-14T22:13:20Z",
		    "GeneralizedTime" },
		{ BYTES("\x18\x11" "20231114221320.5Z"),
		    "2023-11-14T22:13:20Z", "a fraction" },
		{ BYTES("\x18\x12" "20231114221320.50Z"), NULL,
		    "a zero at the end of it" },
		{ BYTES("\x18\x10" "20231114221320.Z"), NULL, "an empty one" },
		{ BYTES("\x18\x0f" "20230229000000Z"), NULL, "29 February" },
		{ BYTES("\x18\x0f" "2023111422132xZ"), NULL, "a letter" },
		{ BYTES("\x18\x00"), NULL, "nothing" },
		{ BYTES("\x04\x0f" "20231114221320Z"), NULL, "a string" },
	};
	char text[DSR_TIME_SIZE];
	struct timespec when;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(row); i++) {
		struct dsr_der in = { (const uint8_t *)row[i].der,
			row[i].len };

		if (dsr_der_take_time(&in, &when) != (row[i].time != NULL))
			fail_msg("row %zu: %s", i, row[i].why);
		if (row[i].time == NULL)
			continue;
		dsr_time_format(text, &when, 0);
		assert_string_equal(text, row[i].time);
	}
}

static void
writer_chooses_the_form_of_time(void **state)
{
	struct dsr_der_writer w;
	struct dsr_buffer out;
	struct dsr_error err;

	(void)state;
	dsr_buffer_init(&out, 64);
	dsr_der_writer_init(&w, &out);
	dsr_der_put_time(&w, 2524607999);
	dsr_der_put_time(&w, 2524608000);
	assert_int_equal(dsr_der_writer_finish(&w, &err), 0);
	assert_string_equal(dsr_buffer_str(&out),
	    "\x17\x0d" "491231235959Z" "\x18\x0f" "20500101000000Z");
	dsr_buffer_fini(&out);
}

static void
sets_are_in_order(void **state)
{
	struct dsr_der_writer w;
	struct dsr_buffer out;
	struct dsr_error err;
	size_t from;

	(void)state;
	dsr_buffer_init(&out, 64);
	dsr_der_writer_init(&w, &out);
	from = dsr_der_begin(&w);
	dsr_der_put(&w, DSR_DER_OCTET_STRING, "zz", 2);
	dsr_der_put(&w, DSR_DER_OCTET_STRING, "b", 1);
	dsr_der_put(&w, DSR_DER_INTEGER, "\x05", 1);
	dsr_der_put(&w, DSR_DER_OCTET_STRING, "a", 1);
	dsr_der_end_set(&w, from, DSR_DER_SET);
	assert_int_equal(dsr_der_writer_finish(&w, &err), 0);
	assert_int_equal(out.len, 15);
	assert_memory_equal(out.data,
	    "\x31\x0d\x02\x01\x05\x04\x01" "a\x04\x01" "b\x04\x02" "zz", 15);
	dsr_buffer_fini(&out);
}

static void
writer_latches_a_failure(void **state)
{
	struct dsr_der_writer w;
	struct dsr_buffer out;
	struct dsr_error err;
	size_t from;

	(void)state;
	dsr_buffer_init(&out, 8);
	dsr_der_writer_init(&w, &out);
	from = dsr_der_begin(&w);
	dsr_der_put(&w, DSR_DER_OCTET_STRING, "too long", 8);
	dsr_der_end_set(&w, from, DSR_DER_SET);
	assert_int_equal(dsr_der_writer_finish(&w, &err), -1);
	assert_int_equal(err.code, DSR_ELIMIT);
	dsr_buffer_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walk_knows_one_form),
		cmocka_unit_test(walk_has_a_depth),
		cmocka_unit_test(times_are_of_the_calendar),
		cmocka_unit_test(writer_chooses_the_form_of_time),
		cmocka_unit_test(sets_are_in_order),
		cmocka_unit_test(writer_latches_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
