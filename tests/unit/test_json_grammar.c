/* SPDX-License-Identifier: ISC */
/* JSON in: what is accepted, what is refused and where. */
#include "dossier/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/limits.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define T(text)         text, sizeof(text) - 1

static const struct row {
	const char *text;
	size_t len;
	enum dsr_code lenient, strict;
	const char *why;
} rows[] = {
	{ T("{}"), DSR_OK, DSR_OK, "empty object" },
	{ T(" \t\r\n[ ] "), DSR_OK, DSR_OK, "all four kinds of white space" },
	{ T("null"), DSR_OK, DSR_OK, "a text may be any value" },
	{ T("0"), DSR_OK, DSR_OK, "number at the very end" },
	{ T("-0.0e-0"), DSR_OK, DSR_OK, "all parts of a number" },
	{ T("1E+9"), DSR_OK, DSR_OK, "exponent with plus" },
	{ T("\"\""), DSR_OK, DSR_OK, "empty string" },
	{ T("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\""), DSR_OK, DSR_OK,
	    "every escape" },
	{ T("\"\x7f\""), DSR_OK, DSR_OK, "DEL is not a control to JSON" },
	{ T("\"\xf4\x8f\xbf\xbf\""), DSR_OK, DSR_OK, "U+10FFFF" },
	{ T("\"\\ud83d\\ude00\""), DSR_OK, DSR_OK, "surrogate pair" },
	{ T("\"\\uD83D\\uDE00\""), DSR_OK, DSR_OK, "capital digits" },
	{ T("{\"\":1}"), DSR_OK, DSR_OK, "empty key" },

	{ T(""), DSR_EFORMAT, DSR_EFORMAT, "nothing" },
	{ T("  "), DSR_EFORMAT, DSR_EFORMAT, "white space alone" },
	{ T("1 2"), DSR_EFORMAT, DSR_EFORMAT, "two values" },
	{ T("{}x"), DSR_EFORMAT, DSR_EFORMAT, "something behind" },
	{ T("{}\0"), DSR_EFORMAT, DSR_EFORMAT, "NUL behind" },
	{ T("\xef\xbb\xbf{}"), DSR_EFORMAT, DSR_EFORMAT, "byte order mark" },
	{ T("[1]\f"), DSR_EFORMAT, DSR_EFORMAT, "form feed: yajl lets it" },
	{ T("[\v1]"), DSR_EFORMAT, DSR_EFORMAT, "vertical tab: as well" },
	{ T("[1\xc2\xa0]"), DSR_EFORMAT, DSR_EFORMAT, "no-break space" },
	{ T("// \n1"), DSR_EFORMAT, DSR_EFORMAT, "comment" },
	{ T("/**/1"), DSR_EFORMAT, DSR_EFORMAT, "comment" },
	{ T("[1,]"), DSR_EFORMAT, DSR_EFORMAT, "comma behind the last" },
	{ T("[,1]"), DSR_EFORMAT, DSR_EFORMAT, "comma before the first" },
	{ T("[1,,2]"), DSR_EFORMAT, DSR_EFORMAT, "two commas" },
	{ T("{\"a\":1,}"), DSR_EFORMAT, DSR_EFORMAT, "comma in an object" },
	{ T("{\"a\" 1}"), DSR_EFORMAT, DSR_EFORMAT, "no colon" },
	{ T("{a:1}"), DSR_EFORMAT, DSR_EFORMAT, "key without quotes" },
	{ T("{1:1}"), DSR_EFORMAT, DSR_EFORMAT, "key is no string" },
	{ T("['a']"), DSR_EFORMAT, DSR_EFORMAT, "single quotes" },
	{ T("["), DSR_EFORMAT, DSR_EFORMAT, "no end" },
	{ T("]"), DSR_EFORMAT, DSR_EFORMAT, "no beginning" },
	{ T("[}"), DSR_EFORMAT, DSR_EFORMAT, "the other end" },
	{ T("[1]]"), DSR_EFORMAT, DSR_EFORMAT, "one end too many" },
	{ T("01"), DSR_EFORMAT, DSR_EFORMAT, "leading zero" },
	{ T("-01"), DSR_EFORMAT, DSR_EFORMAT, "leading zero" },
	{ T("+1"), DSR_EFORMAT, DSR_EFORMAT, "plus" },
	{ T("-"), DSR_EFORMAT, DSR_EFORMAT, "sign alone" },
	{ T("1."), DSR_EFORMAT, DSR_EFORMAT, "no digit after the point" },
	{ T(".1"), DSR_EFORMAT, DSR_EFORMAT, "no digit before the point" },
	{ T("1e"), DSR_EFORMAT, DSR_EFORMAT, "no exponent" },
	{ T("0x1"), DSR_EFORMAT, DSR_EFORMAT, "hexadecimal" },
	{ T("NaN"), DSR_EFORMAT, DSR_EFORMAT, "no number" },
	{ T("Infinity"), DSR_EFORMAT, DSR_EFORMAT, "no number" },
	{ T("True"), DSR_EFORMAT, DSR_EFORMAT, "capital" },
	{ T("nul"), DSR_EFORMAT, DSR_EFORMAT, "cut off" },
	{ T("[nullx]"), DSR_EFORMAT, DSR_EFORMAT, "a word too long" },
	{ T("\"abc"), DSR_EFORMAT, DSR_EFORMAT, "string without end" },
	{ T("\"abc\\"), DSR_EFORMAT, DSR_EFORMAT, "escape without end" },
	{ T("\"abc\\\""), DSR_EFORMAT, DSR_EFORMAT, "its quote is escaped" },
	{ T("\"\\u12"), DSR_EFORMAT, DSR_EFORMAT, "digits without end" },
	{ T("\"\\u12g4\""), DSR_EFORMAT, DSR_EFORMAT, "not hexadecimal" },
	{ T("\"\\x41\""), DSR_EFORMAT, DSR_EFORMAT, "unknown escape" },
	{ T("\"\\\0\""), DSR_EFORMAT, DSR_EFORMAT, "escaped NUL" },
	{ T("\"a\nb\""), DSR_EFORMAT, DSR_EFORMAT, "line feed in a string" },
	{ T("\"a\0b\""), DSR_EFORMAT, DSR_EFORMAT, "NUL in a string" },
	{ T("\"12345678\x1f\""), DSR_EFORMAT, DSR_EFORMAT,
	    "control behind eight plain bytes" },

	{ T("\"\xc0\xaf\""), DSR_EFORMAT, DSR_EFORMAT,
	    "overlong UTF-8: yajl lets it" },
	{ T("\"\xe0\x80\xaf\""), DSR_EFORMAT, DSR_EFORMAT, "overlong" },
	{ T("\"\xed\xa0\x80\""), DSR_EFORMAT, DSR_EFORMAT,
	    "surrogate in UTF-8: yajl lets it" },
	{ T("\"\xf4\x90\x80\x80\""), DSR_EFORMAT, DSR_EFORMAT,
	    "beyond U+10FFFF: yajl lets it" },
	{ T("\"\x80\""), DSR_EFORMAT, DSR_EFORMAT, "continuation alone" },
	{ T("\"\xe2\x82\""), DSR_EFORMAT, DSR_EFORMAT, "sequence cut off" },
	{ T("{\"\xff\":1}"), DSR_EFORMAT, DSR_EFORMAT, "in a key" },

	{ T("\"\\ud800\""), DSR_OK, DSR_EFORMAT, "high surrogate alone" },
	{ T("\"\\udc00\""), DSR_OK, DSR_EFORMAT, "low surrogate alone" },
	{ T("\"\\ude00\\ud83d\""), DSR_OK, DSR_EFORMAT, "pair turned round" },
	{ T("\"\\ud800\\u0041\""), DSR_OK, DSR_EFORMAT,
	    "high surrogate and a letter: yajl makes U+10041 of it" },
	{ T("\"\\ud800\\\\u\""), DSR_OK, DSR_EFORMAT,
	    "yajl reads past the text" },
	{ T("\"\\ud800\\ud83d\\ude00\""), DSR_OK, DSR_EFORMAT,
	    "high surrogate before a pair" },
	{ T("{\"\\ud800\":1}"), DSR_OK, DSR_EFORMAT, "in a key" },
	{ T("{\"a\":1,\"a\":2}"), DSR_OK, DSR_EFORMAT, "key twice" },
	{ T("{\"b\":1,\"a\":2,\"b\":3}"), DSR_OK, DSR_EFORMAT,
	    "key twice, not side by side" },
	{ T("{\"a\":1,\"\\u0061\":2}"), DSR_OK, DSR_EFORMAT,
	    "key twice, once escaped" },
	{ T("[{\"x\":{\"a\":1,\"a\":2}}]"), DSR_OK, DSR_EFORMAT,
	    "key twice, deep inside" },
	{ T("[{\"a\":1},{\"a\":1}]"), DSR_OK, DSR_OK,
	    "the same key in two objects" },
	{ T("{\"a\":1,\"a\\u0000\":2}"), DSR_OK, DSR_OK,
	    "keys that differ behind a NUL" },
};

static enum dsr_code
code_of(const char *text, size_t len, bool strict)
{
	struct dsr_json *json = NULL;
	struct dsr_error err = { .code = DSR_OK };
	/* exactly as long as the text: a sanitizer sees a byte too many */
	char *copy = malloc(len + (len == 0));
	int rc;

	assert_non_null(copy);
	memcpy(copy, text, len);
	rc = dsr_json_parse(&json, copy, len, strict, &err);
	assert_true((rc == 0) == (err.code == DSR_OK));
	assert_true((rc == 0) == (json != NULL));
	dsr_json_free(json);
	free(copy);
	return err.code;
}

static void
accepts_json_and_nothing_else(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++) {
		const struct row *r = &rows[i];

		if (code_of(r->text, r->len, false) != r->lenient ||
		    code_of(r->text, r->len, true) != r->strict)
			fail_msg("row %zu: %s", i, r->why);
	}
}

/* count times open, then middle, then count times end. */
static enum dsr_code
code_of_nested(const char *open, const char *middle, const char *end,
    size_t count)
{
	struct dsr_buffer text;
	struct dsr_error err;
	enum dsr_code code;
	size_t i;

	dsr_buffer_init(&text, 1000000);
	for (i = 0; i < count; i++)
		assert_int_equal(dsr_buffer_puts(&text, open, &err), 0);
	assert_int_equal(dsr_buffer_puts(&text, middle, &err), 0);
	for (i = 0; i < count; i++)
		assert_int_equal(dsr_buffer_puts(&text, end, &err), 0);
	code = code_of(dsr_buffer_str(&text), text.len, true);
	dsr_buffer_fini(&text);
	return code;
}

static void
keeps_to_the_limits(void **state)
{
	enum { depth = DSR_MAX_JSON_DEPTH, digits = DSR_MAX_JSON_NUMBER };
	static const struct {
		const char *open, *middle, *end;
		size_t count;
		enum dsr_code want;
		const char *why;
	} row[] = {
		{ "[", "", "]", depth, DSR_OK, "as deep as it may be" },
		{ "[", "", "]", depth + 1, DSR_ELIMIT, "one too deep" },
		{ "{\"a\":", "1", "}", depth, DSR_OK, "objects" },
		{ "{\"a\":", "1", "}", depth + 1, DSR_ELIMIT, "objects" },
		{ "[],", "", "", depth + 1, DSR_EFORMAT, "not deep" },
		{ "\"[\"", "", "", depth + 1, DSR_EFORMAT, "in strings" },
		{ "9", "", "", digits, DSR_OK, "a long number" },
		{ "9", "", "", digits + 1, DSR_ELIMIT, "one too long" },
		{ "9", ".5", "", digits - 1, DSR_ELIMIT, "with a fraction" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(row); i++)
		if (code_of_nested(row[i].open, row[i].middle, row[i].end,
		        row[i].count) != row[i].want)
			fail_msg("row %zu: %s", i, row[i].why);
}

static void
tells_where_the_mistake_is(void **state)
{
	static const struct {
		const char *text, *want;
	} row[] = {
		{ "[1,,2]", "line 1, column 4" },
		{ "[1 2]", "line 1, column 4" },
		{ "{\"a\" \"bc\"}", "line 1, column 6" },
		{ "{\n  \"a\": tru\n}", "line 2, column 8" },
		{ "[1,\n2", "line 2, column 2" },
		{ "{}\n{}", "line 2, column 1" },
		{ "[\"abc\\x\"]", "line 1, column 6" },
		{ "[\n\n\"\xff\"]", "line 3, column 2" },
		{ "{\"a\":1,\n\"b\":2,\"a\":3}", "line 2, column 7" },
		{ "[\"a\", \"\\ud800\"]", "line 1, column 8" },
		{ "", "line 1, column 1" },
	};
	struct dsr_json *json;
	struct dsr_error err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(row); i++) {
		const char *end;

		assert_int_equal(dsr_json_parse(&json, row[i].text,
		                     strlen(row[i].text), true, &err),
		    -1);
		end = strstr(err.msg, "line ");
		assert_non_null(end);
		assert_string_equal(end, row[i].want);
	}
}

/* 100,000 keys in descending order: a second, were it the square of that. */
static void
finds_doubled_keys_in_large_objects(void **state)
{
	struct dsr_json *json;
	struct dsr_buffer text;
	struct dsr_error err;
	unsigned int i;

	(void)state;
	dsr_buffer_init(&text, 10000000);
	assert_int_equal(dsr_buffer_puts(&text, "{", &err), 0);
	for (i = 100000; i > 0; i--)
		assert_int_equal(dsr_buffer_printf(&text, &err, "\"%06u\":1,",
		                     i),
		    0);
	assert_int_equal(dsr_buffer_puts(&text, "\"000000\":1}", &err), 0);
	assert_int_equal(code_of(dsr_buffer_str(&text), text.len, true),
	    DSR_OK);
	text.data[text.len - 5] = '7'; /* "000000" becomes "000007" */
	assert_int_equal(dsr_json_parse(&json, text.data, text.len, true, &err),
	    -1);
	assert_non_null(strstr(err.msg, "twice"));
	dsr_buffer_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_json_and_nothing_else),
		cmocka_unit_test(keeps_to_the_limits),
		cmocka_unit_test(tells_where_the_mistake_is),
		cmocka_unit_test(finds_doubled_keys_in_large_objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
