/* SPDX-License-Identifier: ISC */
/* UTF-8, what may stand in front of a person, hex, base64, numbers, times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/clock.h"
#include "dossier/random.h"
#include "dossier/text.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static void
test_utf8(void **state)
{
	static const struct {
		const char *s;
		int valid;
		const char *why;
	} row[] = {
		{ "", 1, "nothing" },
		{ "plain", 1, "ASCII" },
		{ "\xc3\xa9", 1, "two bytes" },
		{ "\xe2\x82\xac", 1, "three" },
		{ "\xf0\x9f\x98\x80", 1, "four" },
		{ "\xf4\x8f\xbf\xbf", 1, "the last one, U+10FFFF" },
		{ "\xf4\x90\x80\x80", 0, "past the last" },
		{ "\xc0\xaf", 0, "overlong slash" },
		{ "\xe0\x80\xaf", 0, "overlong, three bytes" },
		{ "\xed\xa0\x80", 0, "a surrogate" },
		{ "\x80", 0, "a continuation alone" },
		{ "\xc3", 0, "cut off" },
		{ "\xe2\x82", 0, "cut off later" },
		{ "\xff", 0, "no lead byte" },
		{ "a\xc3\x28", 0, "a wrong continuation" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(row); i++)
		if (dsr_utf8_is_valid(row[i].s, strlen(row[i].s)) !=
		    (row[i].valid != 0))
			fail_msg("%s: want %d", row[i].why, row[i].valid);
}

static void
test_escape(void **state)
{
	static const struct {
		const char *in, *out, *why;
	} row[] = {
		{ "caf\xc3\xa9", "caf\xc3\xa9", "letters stay" },
		{ "a\nb", "a\nb", "a newline stays when it may" },
		{ "\x1b[2J", "\\x1b[2J", "escape sequence" },
		{ "a\rb", "a\\x0db", "carriage return" },
		{ "\x7f", "\\x7f", "delete" },
		{ "\xc2\x9b", "\\u009b", "C1 control" },
		{ "\xe2\x80\xae", "\\u202e", "right-to-left override" },
		{ "\xe2\x81\xa6", "\\u2066", "bidi isolate" },
		{ "\xe2\x80\x8b", "\\u200b", "zero-width space" },
		{ "\xef\xbb\xbf", "\\ufeff", "byte order mark" },
		{ "\xf3\xa0\x81\x81", "\\U000e0041", "tag character" },
		{ "\xff" "a", "\\xffa", "ill-formed" },
		{ "\xef\xbf\xbf", "\\uffff", "no character" },
	};
	struct dsr_buffer b;
	struct dsr_error err;
	size_t i;

	(void)state;
	dsr_buffer_init(&b, 1000);
	for (i = 0; i < ROWS(row); i++) {
		dsr_buffer_reset(&b);
		assert_int_equal(dsr_text_escape(&b, row[i].in,
				     strlen(row[i].in), true, &err), 0);
		if (strcmp(dsr_buffer_str(&b), row[i].out) != 0)
			fail_msg("%s: %s", row[i].why, dsr_buffer_str(&b));
	}
	dsr_buffer_reset(&b);
	assert_int_equal(dsr_text_escape(&b, "a\nb", 3, false, &err), 0);
	assert_string_equal(dsr_buffer_str(&b), "a\\x0ab");
	dsr_buffer_fini(&b);
}

static void
test_print(void **state)
{
	struct dsr_buffer line;
	struct dsr_error err;
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	(void)state;
	assert_non_null(f);
	assert_int_equal(dsr_print(f, "%s %d\n", "\x1b]0;title\a", 7), 0);
	assert_int_equal(dsr_print_word(f, "a\nbc", 3), 0);
	assert_int_equal(dsr_print_word(f, "", 3), 0);
	dsr_buffer_init(&line, 100);
	assert_int_equal(dsr_buffer_puts(&line,
			     "{\"a\":\"\x7f\xe2\x80\xae\xf3\xa0\x81\x81\"}",
			     &err), 0);
	assert_int_equal(dsr_print_json(f, &line), 0);
	(void)fclose(f);
	assert_string_equal(text, "\\x1b]0;title\\x07 7\na\\x0ab"
	    "{\"a\":\"\\u007f\\u202e\\udb40\\udc41\"}\n");
	dsr_buffer_fini(&line);
	free(text);
}

static void
test_hex_and_numbers(void **state)
{
	uint8_t bytes[3];
	char hex[7];
	uint64_t n;
	const char *text;

	(void)state;
	assert_true(dsr_hex_decode(bytes, 3, "00ff7a", 6));
	dsr_hex_encode(hex, bytes, 3);
	assert_string_equal(hex, "00ff7a");
	assert_false(dsr_hex_decode(bytes, 3, "00FF7A", 6)); /* one form */
	assert_false(dsr_hex_decode(bytes, 3, "00ff7", 5));
	assert_false(dsr_hex_decode(bytes, 3, "00ff7g", 6));

	assert_true(dsr_parse_u64("0", 1, 9, &n) && n == 0);
	assert_true(dsr_parse_u64("18446744073709551615", 20, UINT64_MAX, &n));
	assert_false(dsr_parse_u64("18446744073709551616", 20, UINT64_MAX,
	    &n));
	assert_false(dsr_parse_u64("", 0, 9, &n));
	assert_false(dsr_parse_u64("01", 2, 9, &n));
	assert_false(dsr_parse_u64("-1", 2, 9, &n));
	assert_false(dsr_parse_u64("10", 2, 9, &n));
	text = "7 08 x";
	assert_true(dsr_take_u64(&text, 9, &n) && n == 7);
	assert_string_equal(text, "08 x");
	assert_false(dsr_take_u64(&text, 9, &n));
	assert_string_equal(text, "08 x");
	text = "7";
	assert_false(dsr_take_u64(&text, 9, &n));
}

static void
test_base64(void **state)
{
	static const struct {
		const char *s;
		int valid;
		const char *why;
	} row[] = {
		{ "", 1, "nothing" },
		{ "Zg==", 1, "one byte" },
		{ "Zm9v", 1, "three" },
		{ "Zh==", 0, "unused bits set" },
		{ "Zg=", 0, "half the padding" },
		{ "Zg", 0, "no padding" },
		{ "Zm9v\n", 0, "a line end" },
		{ "Zm 9v", 0, "a space" },
		{ "Zm9\xff", 0, "a byte outside the alphabet" },
		{ "Zm9-", 0, "the other alphabet" },
	};
	uint8_t out[16];
	size_t i, len;

	(void)state;
	for (i = 0; i < ROWS(row); i++)
		if (dsr_base64_decode(out, sizeof(out), &len, row[i].s,
			strlen(row[i].s)) != (row[i].valid != 0))
			fail_msg("%s: want %d", row[i].why, row[i].valid);
	assert_false(dsr_base64_decode(out, 2, &len, "Zm9v", 4)); /* no room */
}

static void
test_times(void **state)
{
	static const struct {
		const char *s;
		int valid;
		const char *why;
	} row[] = {
		{ "2026-01-31T23:59:59Z", 1, "seconds" },
		{ "2026-01-31T23:59:59.123Z", 1, "milliseconds" },
		{ "2026-01-31T23:59:59.123456789Z", 1, "nanoseconds" },
		{ "2024-02-29T00:00:00Z", 1, "a leap day" },
		{ "2026-02-29T00:00:00Z", 0, "no leap day" },
		{ "2026-01-31T24:00:00Z", 0, "hour 24" },
		{ "2026-01-31T23:59:60Z", 0, "a leap second" },
		{ "2026-01-31T23:59:59.12Z", 0, "two digits" },
		{ "2026-01-31 23:59:59Z", 0, "a space" },
		{ "2026-01-31T23:59:59+00:00", 0, "an offset" },
		{ "2026-01-31T23:59:59z", 0, "a small z" },
		{ "", 0, "nothing" },
	};
	struct timespec when;
	char again[DSR_TIME_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(row); i++)
		if (dsr_time_parse(&when, row[i].s, strlen(row[i].s)) !=
		    (row[i].valid != 0))
			fail_msg("%s: want %d", row[i].why, row[i].valid);
	assert_true(dsr_time_parse(&when, row[2].s, strlen(row[2].s)));
	dsr_time_format(again, &when, 9);
	assert_string_equal(again, row[2].s);
	dsr_time_format(again, &when, 3);
	assert_string_equal(again, row[1].s);
}

static void
fixed_time(struct timespec *now)
{
	now->tv_sec = 1700000000;
	now->tv_nsec = 5;
}

static void
fixed_random(void *out, size_t len)
{
	memset(out, 0xff, len);
}

/* Tests can set the one clock and the one source of randomness. */
static void
test_sources(void **state)
{
	struct timespec when;
	struct dsr_error err;
	char uuid[DSR_UUID_SIZE];

	(void)state;
	dsr_clock_set(fixed_time);
	dsr_clock_now(&when);
	assert_int_equal(when.tv_sec, 1700000000);
	assert_int_equal(setenv("SOURCE_DATE_EPOCH", "86400", 1), 0);
	assert_int_equal(dsr_clock_packing(&when, &err), 0);
	assert_int_equal(when.tv_sec, 86400);
	assert_int_equal(setenv("SOURCE_DATE_EPOCH", "1e5", 1), 0);
	assert_int_equal(dsr_clock_packing(&when, &err), -1);
	assert_int_equal(err.code, DSR_EUSAGE);
	assert_int_equal(unsetenv("SOURCE_DATE_EPOCH"), 0);
	dsr_clock_set(NULL);

	dsr_random_set(fixed_random);
	dsr_uuid_new(uuid);
	assert_string_equal(uuid, "ffffffff-ffff-4fff-bfff-ffffffffffff");
	assert_true(dsr_uuid_is_valid(uuid));
	assert_false(dsr_uuid_is_valid("FFFFFFFF-ffff-4fff-bfff-ffffffffffff"));
	assert_false(dsr_uuid_is_valid("ffffffff"));
	dsr_random_set(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_hex_and_numbers),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
