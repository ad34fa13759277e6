/* SPDX-License-Identifier: ISC */
/* JSON in: what is found in a text, and where it stands. */
#include "dossier/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/faults.h"

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

/* No memory is no sign that a text is something else. */
static void
something_else_is_no_failure(void **state)
{
	static const char *const others[] = { "", "a,b\n", "{\"a\":1", "\xff" };
	struct dsr_json *json = NULL;
	struct dsr_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_int_equal(dsr_json_parse_if(&json, others[i],
				     strlen(others[i]), &err), 0);
		assert_null(json);
	}
	assert_null(dsr_json_root(NULL));
	assert_int_equal(dsr_json_parse_if(&json, T("{\"a\":1}"), &err), 0);
	assert_non_null(dsr_json_root(json));
	dsr_json_free(json);
	if (!fail_allocation_after(0))
		return;
	assert_int_equal(dsr_json_parse_if(&json, T("{\"a\":1}"), &err), -1);
	fail_allocation_after(-1);
	assert_int_equal(err.code, DSR_ENOMEM);
	assert_null(json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_where_values_stand),
		cmocka_unit_test(knows_where_the_last_number_stands),
		cmocka_unit_test(finds_by_key_and_path),
		cmocka_unit_test(decodes_strings),
		cmocka_unit_test(has_no_text_for_lone_surrogates),
		cmocka_unit_test(reads_integers_only_as_such),
		cmocka_unit_test(survives_running_out_of_memory),
		cmocka_unit_test(something_else_is_no_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
