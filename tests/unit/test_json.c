/* SPDX-License-Identifier: ISC */
/* JSON in: what is refused, what is found, where it stands. */
#include "dossier/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/faults.h"
#include "dossier/limits.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define T(text)         text, sizeof(text) - 1

static struct dsr_json *
parse(const char *text, size_t len, bool strict)
{
	struct dsr_json *json;
	struct dsr_error err;

	if (dsr_json_parse(&json, text, len, strict, &err) != 0)
		fail_msg("%s", err.msg);
	return json;
}

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

static void
assert_span(const char *text, const struct dsr_json_value *v, const char *want)
{
	size_t offset, len;

	assert_non_null(v);
	dsr_json_span(v, &offset, &len);
	assert_int_equal(len, strlen(want));
	assert_memory_equal(text + offset, want, len);
}

static void
knows_where_values_stand(void **state)
{
	static const char text[] = " { \"a\\n\" : [ 1 , {\"x\":\"\\u00e9\"} ,"
	                           "\ttrue ] ,\n\"b\":{ } , \"c\" :-1.5e3\n} ";
	struct dsr_json *json = parse(T(text), true);
	const struct dsr_json_value *root = dsr_json_root(json), *a, *v;
	size_t offset, len, line, column;

	(void)state;
	dsr_json_span(root, &offset, &len);
	assert_int_equal(offset, 1);
	assert_int_equal(len, sizeof(text) - 3);
	assert_false(dsr_json_key_span(root, &offset, &len));

	a = dsr_json_get(root, "a\n");
	assert_span(text, a, "[ 1 , {\"x\":\"\\u00e9\"} ,\ttrue ]");
	assert_true(dsr_json_key_span(a, &offset, &len));
	assert_int_equal(len, 5);
	assert_memory_equal(text + offset, "\"a\\n\"", len);

	v = dsr_json_first(a);
	assert_span(text, v, "1");
	assert_false(dsr_json_key_span(v, &offset, &len));
	v = dsr_json_next(v);
	assert_span(text, v, "{\"x\":\"\\u00e9\"}");
	assert_span(text, dsr_json_get(v, "x"), "\"\\u00e9\"");
	v = dsr_json_next(v);
	assert_span(text, v, "true");
	assert_null(dsr_json_next(v));

	assert_span(text, dsr_json_get(root, "b"), "{ }");
	v = dsr_json_get(root, "c");
	assert_span(text, v, "-1.5e3");
	assert_true(dsr_json_key_span(v, &offset, &len));
	dsr_json_position(json, offset, &line, &column);
	assert_int_equal(line, 2);
	assert_int_equal(column, 11);
	dsr_json_free(json);
}

/* yajl tells of a number at the end when it counts from 0 again. */
static void
knows_where_the_last_number_stands(void **state)
{
	struct dsr_json *json = parse(T(" \n-120"), true);
	int64_t n;

	(void)state;
	assert_span(" \n-120", dsr_json_root(json), "-120");
	assert_true(dsr_json_integer(dsr_json_root(json), &n));
	assert_int_equal(n, -120);
	dsr_json_free(json);
}

static void
finds_by_key_and_path(void **state)
{
	static const char *const path[] = { "a", "b", "c" };
	struct dsr_json *json =
	    parse(T("{\"a\":{\"b\":{\"c\":7}},\"a\":1,\"k\\u0000\":2}"), false);
	const struct dsr_json_value *root = dsr_json_root(json), *v;
	size_t len;
	int64_t n;

	(void)state;
	assert_int_equal(dsr_json_count(root), 3);
	assert_string_equal(dsr_json_type_name(dsr_json_get(root, "a")),
	    "object"); /* the first of two */
	assert_null(dsr_json_get(root, "k"));
	assert_null(dsr_json_get(root, "z"));
	assert_null(dsr_json_get(NULL, "z"));
	assert_true(dsr_json_integer(dsr_json_get_path(root, path, 3), &n));
	assert_int_equal(n, 7);
	assert_ptr_equal(dsr_json_get_path(root, path, 0), root);
	assert_null(dsr_json_get_path(root, path + 1, 2));

	v = dsr_json_next(dsr_json_next(dsr_json_first(root)));
	assert_null(dsr_json_key(v, NULL)); /* holds a NUL */
	assert_memory_equal(dsr_json_key(v, &len), "k", 2);
	assert_int_equal(len, 2);
	assert_null(dsr_json_key(root, &len));
	assert_null(dsr_json_first(v));
	dsr_json_free(json);
}

static void
decodes_strings(void **state)
{
	static const struct {
		const char *text, *want;
		size_t len;
	} row[] = {
		{ "\"\"", T("") },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", T("\"\\/\b\f\n\r\t") },
		{ "\"a\\u0000b\"", T("a\0b") },
		{ "\"\\u00E9\\u20ac\\ud83d\\ude00\"",
		    T("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80") },
		{ "\"\\uffff\"", T("\xef\xbf\xbf") },
		{ "\"x\\\\u0041\"", T("x\\u0041") },
	};
	size_t i, len;

	(void)state;
	for (i = 0; i < COUNT_OF(row); i++) {
		struct dsr_json *json =
		    parse(row[i].text, strlen(row[i].text), true);
		const char *s = dsr_json_string(dsr_json_root(json), &len);

		assert_int_equal(len, row[i].len);
		assert_memory_equal(s, row[i].want, len + 1);
		assert_true((dsr_json_string(dsr_json_root(json), NULL) ==
		                NULL) == (strlen(s) != len));
		dsr_json_free(json);
	}
}

static void
has_no_text_for_lone_surrogates(void **state)
{
	struct dsr_json *json = parse(
	    T("{\"\\udc00\":[\"\\ud800n\",\"n\\ufffd\"],\"b\":\"c\"}"), false);
	const struct dsr_json_value *member, *v;
	size_t len;

	(void)state;
	member = dsr_json_first(dsr_json_root(json));
	assert_null(dsr_json_key(member, &len));
	assert_null(dsr_json_key(member, NULL));
	assert_true(dsr_json_key_span(member, &len, &len));
	v = dsr_json_first(member);
	assert_int_equal(dsr_json_type_of(v), DSR_JSON_STRING);
	assert_null(dsr_json_string(v, &len));
	assert_null(dsr_json_string(v, NULL));
	assert_string_equal(dsr_json_string(dsr_json_next(v), NULL),
	    "n\xef\xbf\xbd");
	assert_string_equal(
	    dsr_json_string(dsr_json_get(dsr_json_root(json), "b"), NULL),
	    "c");
	dsr_json_free(json);
}

static void
reads_integers_only_as_such(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t want;
		const char *why;
	} row[] = {
		{ "0", true, 0, "zero" },
		{ "-0", true, 0, "zero" },
		{ "9007199254740991", true, 9007199254740991, "2^53 - 1" },
		{ "-9007199254740991", true, -9007199254740991, "as well" },
		{ "9007199254740992", false, 0, "2^53" },
		{ "99999999999999999999999", false, 0, "no 64 bits" },
		{ "1.0", false, 0, "written with a fraction" },
		{ "1e2", false, 0, "written with an exponent" },
		{ "\"1\"", false, 0, "a string" },
		{ "true", false, 0, "a boolean" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(row); i++) {
		struct dsr_json *json =
		    parse(row[i].text, strlen(row[i].text), true);
		int64_t n = 0;

		if (dsr_json_integer(dsr_json_root(json), &n) != row[i].ok ||
		    n != row[i].want)
			fail_msg("row %zu: %s", i, row[i].why);
		dsr_json_free(json);
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

/* Fails each in turn. */
static int
count_allocations(const char *text, size_t len, bool strict)
{
	int calls, rc = -1;

	for (calls = 0; rc != 0; calls++) {
		struct dsr_json *json = NULL;
		struct dsr_error err;
		bool failed;

		fail_allocation_after(calls);
		rc = dsr_json_parse(&json, text, len, strict, &err);
		failed = allocation_has_failed();
		fail_allocation_after(-1);
		assert_int_equal(rc == 0, !failed);
		assert_true(rc == 0 || err.code == DSR_ENOMEM);
		dsr_json_free(json);
	}
	return calls - 1;
}

static void
survives_running_out_of_memory(void **state)
{
	static const char lone[] = "{\"b\":[1,\"\\ud800\\n\"],\"a\":0}";
	static const char unsorted[] = "{\"b\":{\"d\":0,\"c\":1},\"a\":2}";

	(void)state;
	if (!fail_allocation_after(-1))
		skip();
	assert_int_equal(count_allocations(T(lone), false), 3);
	assert_int_equal(count_allocations(T(unsorted), true), 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_json_and_nothing_else),
		cmocka_unit_test(keeps_to_the_limits),
		cmocka_unit_test(tells_where_the_mistake_is),
		cmocka_unit_test(knows_where_values_stand),
		cmocka_unit_test(knows_where_the_last_number_stands),
		cmocka_unit_test(finds_by_key_and_path),
		cmocka_unit_test(decodes_strings),
		cmocka_unit_test(has_no_text_for_lone_surrogates),
		cmocka_unit_test(reads_integers_only_as_such),
		cmocka_unit_test(finds_doubled_keys_in_large_objects),
		cmocka_unit_test(survives_running_out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
