/* SPDX-License-Identifier: ISC */
/* JSON out: RFC 8785, and nothing that is not canonical. */
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

static struct dsr_buffer buf;
static struct dsr_json_writer *w;

static int
set_up(void **state)
{
	struct dsr_error err;

	(void)state;
	dsr_buffer_init(&buf, 100000);
	return dsr_json_writer_new(&w, &buf, &err);
}

static int
tear_down(void **state)
{
	(void)state;
	dsr_json_writer_free(w);
	w = NULL;
	dsr_buffer_fini(&buf);
	return 0;
}

static void
assert_written(const char *want)
{
	struct dsr_error err;

	if (dsr_json_writer_finish(w, &err) != 0)
		fail_msg("%s", err.msg);
	assert_string_equal(dsr_buffer_str(&buf), want);
	dsr_buffer_reset(&buf);
}

static void
assert_failed(enum dsr_code want)
{
	struct dsr_error err;

	assert_int_equal(dsr_json_writer_finish(w, &err), -1);
	assert_int_equal(err.code, want);
	dsr_buffer_reset(&buf);
}

static void
escapes_as_rfc_8785_says(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *want, *why;
	} row[] = {
		{ T(""), "\"\"", "empty" },
		{ T("\b\t\n\f\r\"\\"), "\"\\b\\t\\n\\f\\r\\\"\\\\\"",
		    "short forms" },
		{ T("\0\x01\x0b\x0e\x1f"),
		    "\"\\u0000\\u0001\\u000b\\u000e\\u001f\"",
		    "lower case digits" },
		{ T("/\x7f"), "\"/\x7f\"", "slash and DEL stand as they are" },
		{ T("\xe2\x80\xa8\xc2\x85\xef\xbf\xbf"),
		    "\"\xe2\x80\xa8\xc2\x85\xef\xbf\xbf\"",
		    "so does all beyond ASCII" },
		{ T("\xe2\x82\xac$\x0f\nA'B\"\\\\\"/"),
		    "\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"",
		    "RFC 8785 3.2.2" },
		{ T("0123456789abcdef\n0123456789"),
		    "\"0123456789abcdef\\n0123456789\"",
		    "an escape between long runs" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(row); i++) {
		dsr_json_write_text(w, row[i].text, row[i].len);
		assert_written(row[i].want);
	}
	dsr_json_write_string(w, NULL);
	assert_written("null");
}

static void
writes_integers(void **state)
{
	static const struct {
		int64_t value;
		const char *want;
	} row[] = {
		{ 0, "0" },
		{ -1, "-1" },
		{ 10, "10" },
		{ DSR_MAX_JSON_INTEGER, "9007199254740991" },
		{ -DSR_MAX_JSON_INTEGER, "-9007199254740991" },
	};
	static const int64_t beyond[] = { DSR_MAX_JSON_INTEGER + 1,
		-DSR_MAX_JSON_INTEGER - 1, INT64_MAX, INT64_MIN };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(row); i++) {
		dsr_json_write_integer(w, row[i].value);
		assert_written(row[i].want);
	}
	for (i = 0; i < COUNT_OF(beyond); i++) {
		dsr_json_write_integer(w, beyond[i]);
		assert_failed(DSR_ELIMIT);
	}
}

static void
writes_containers(void **state)
{
	(void)state;
	dsr_json_write_object(w);
	dsr_json_write_key(w, "a");
	dsr_json_write_array(w);
	dsr_json_write_boolean(w, true);
	dsr_json_write_object(w);
	dsr_json_write_end(w);
	dsr_json_write_array(w);
	dsr_json_write_end(w);
	dsr_json_write_end(w);
	dsr_json_write_key(w, "aa");
	dsr_json_write_null(w);
	dsr_json_write_key(w, "b");
	dsr_json_write_boolean(w, false);
	dsr_json_write_end(w);
	assert_written("{\"a\":[true,{},[]],\"aa\":null,\"b\":false}");
}

static void
latches_the_first_failure(void **state)
{
	struct dsr_error mine = { .code = DSR_EBUG };
	size_t i;

	(void)state;
	dsr_json_write_object(w);
	dsr_json_write_key(w, "a");
	dsr_json_write_string(w, "\xff");
	dsr_json_write_key(w, "b");
	dsr_json_write_integer(w, INT64_MAX);
	dsr_json_write_end(w);
	assert_failed(DSR_EFORMAT);

	for (i = 0; i < DSR_MAX_JSON_DEPTH + 10; i++)
		dsr_json_write_array(w);
	for (i = 0; i < DSR_MAX_JSON_DEPTH + 10; i++)
		dsr_json_write_end(w);
	assert_failed(DSR_ELIMIT);

	for (i = 0; i < DSR_MAX_JSON_DEPTH; i++)
		dsr_json_write_array(w);
	dsr_json_writer_fail(w, &mine);
	assert_failed(DSR_EBUG);

	dsr_json_write_null(w);
	assert_written("null"); /* it can be used again */
}

static void
keeps_to_the_maximum_of_the_buffer(void **state)
{
	struct dsr_error err;

	(void)state;
	buf.max = 10;
	dsr_json_write_string(w, "12345678");
	assert_written("\"12345678\"");
	dsr_json_write_string(w, "123456789");
	assert_int_equal(dsr_json_writer_finish(w, &err), -1);
	assert_int_equal(err.code, DSR_ELIMIT);
	assert_in_range(buf.len, 0, 10);
}

static void
writes_parsed_values_canonically(void **state)
{
	static const struct {
		const char *text, *want, *why;
	} row[] = {
		{ " [ 1 , -0 , true , null ] ", "[1,0,true,null]",
		    "no white space" },
		{ "{\"b\":{\"d\":[{\"f\":1,\"e\":2}],\"c\":{}},\"a\":[]}",
		    "{\"a\":[],\"b\":{\"c\":{},\"d\":[{\"e\":2,\"f\":1}]}}",
		    "keys sorted at every depth" },
		{ "{\"aa\":1,\"a\":2,\"\":3}", "{\"\":3,\"a\":2,\"aa\":1}",
		    "shorter ones first" },
		/* RFC 8785 3.2.3, which sorts by UTF-16 */
		{ "{\"\\u20ac\":0,\"\\r\":1,\"\\ufb33\":2,\"1\":3,"
		  "\"\\ud83d\\ude00\":4,\"\\u0080\":5,\"\\u00f6\":6}",
		    "{\"\\r\":1,\"1\":3,\"\xc2\x80\":5,\"\xc3\xb6\":6,"
		    "\"\xe2\x82\xac\":0,\"\xf0\x9f\x98\x80\":4,"
		    "\"\xef\xac\xb3\":2}",
		    "the RFC's example" },
		{ "{\"\\ue000\":1,\"\\ud7ff\":2,\"\\udbff\\udfff\":3}",
		    "{\"\xed\x9f\xbf\":2,\"\xf4\x8f\xbf\xbf\":3,"
		    "\"\xee\x80\x80\":1}",
		    "surrogates stand between U+D7FF and U+E000" },
		{ "\"\\u00e9\\/\\u001F\"", "\"\xc3\xa9/\\u001f\"",
		    "escapes that need not be" },
	};
	struct dsr_error err;
	struct dsr_json *json;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(row); i++) {
		if (dsr_json_parse(&json, row[i].text, strlen(row[i].text),
		        true, &err) != 0)
			fail_msg("%s: %s", row[i].why, err.msg);
		dsr_json_write_value(w, dsr_json_root(json));
		assert_written(row[i].want);
		dsr_json_free(json);
	}
}

static void
refuses_values_that_have_no_canonical_form(void **state)
{
	static const struct {
		const char *text, *why;
	} row[] = {
		{ "[1.5]", "no integer" },
		{ "[{\"a\":9007199254740992}]", "beyond 2^53 - 1" },
		{ "[\"\\ud800\"]", "lone surrogate" },
		{ "{\"b\":1,\"\\ud800\":1}", "lone surrogate in a key" },
		{ "[{\"a\":1,\"a\":1}]", "key twice" },
	};
	struct dsr_error err;
	struct dsr_json *json;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(row); i++) {
		assert_int_equal(dsr_json_parse(&json, row[i].text,
		                     strlen(row[i].text), false, &err),
		    0);
		dsr_json_write_value(w, dsr_json_root(json));
		if (dsr_json_writer_finish(w, &err) == 0)
			fail_msg("row %zu: %s", i, row[i].why);
		assert_int_equal(err.code, DSR_EFORMAT);
		dsr_json_free(json);
	}
}

static void
writes_the_deepest_value(void **state)
{
	char text[2 * DSR_MAX_JSON_DEPTH + 1] = "";
	struct dsr_error err;
	struct dsr_json *json;

	(void)state;
	memset(text, '[', DSR_MAX_JSON_DEPTH);
	memset(text + DSR_MAX_JSON_DEPTH, ']', DSR_MAX_JSON_DEPTH);
	assert_int_equal(
	    dsr_json_parse(&json, text, sizeof(text) - 1, true, &err), 0);
	dsr_json_write_value(w, dsr_json_root(json));
	assert_written(text);
	dsr_json_free(json);
}

static void
survives_running_out_of_memory(void **state)
{
	static const char text[] = "{\"b\":[{\"d\":1,\"c\":1}],\"a\":1}";
	struct dsr_error err;
	struct dsr_json *json;
	bool failed = true;
	int calls, rc;

	(void)state;
	if (!fail_allocation_after(-1))
		skip();
	assert_int_equal(dsr_json_parse(&json, T(text), true, &err), 0);
	for (calls = 0; failed; calls++) {
		dsr_buffer_fini(&buf);
		fail_allocation_after(calls);
		dsr_json_write_value(w, dsr_json_root(json));
		rc = dsr_json_writer_finish(w, &err);
		failed = allocation_has_failed();
		fail_allocation_after(-1);
		assert_int_equal(rc == 0, !failed);
		assert_true(rc == 0 || err.code == DSR_ENOMEM);
	}
	assert_int_equal(calls, 4);
	dsr_json_free(json);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(escapes_as_rfc_8785_says),
		TEST(writes_integers),
		TEST(writes_containers),
		TEST(latches_the_first_failure),
		TEST(keeps_to_the_maximum_of_the_buffer),
		TEST(writes_parsed_values_canonically),
		TEST(refuses_values_that_have_no_canonical_form),
		TEST(writes_the_deepest_value),
		TEST(survives_running_out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
