/* SPDX-License-Identifier: ISC */
/* Values as text: what has none, what is too long, and what memory is asked. */
#include "../../collector/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/faults.h"

static struct dsr_error err;

#define OK(call) assert_int_equal(call, 0)

static const char *const keys[] = { "id" };
static const struct path at = { keys, 1, "id" };

/* Of an item {"id": ID}. */
static void
ids_take_no_memory(void **state)
{
	static const struct {
		const char *body, *id, *why;
	} rows[] = {
		{ "{\"id\": \"a\\u0062\"}", "ab", "decoded" },
		{ "{\"id\": 1.50}", "1.50", "as it is written" },
		{ "{\"id\": true}", "true", "a word" },
		{ "{\"id\": \"\"}", NULL, "empty" },
		{ "{\"id\": null}", NULL, "nothing" },
		{ "{\"id\": [1]}", NULL, "no text" },
		{ "{\"id\": \"a\\u0000b\"}", NULL, "no text either" },
		{ "{}", NULL, "missing" },
	};
	char out[PATH_ID_SIZE];
	struct dsr_json *json;
	const char *id;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		OK(dsr_json_parse(&json, rows[i].body, strlen(rows[i].body),
		    false, &err));
		(void)fail_allocation_after(0);
		id = path_id(dsr_json_root(json), &at, rows[i].body, out);
		(void)fail_allocation_after(-1);
		if (rows[i].id == NULL ? id != NULL
		                       : id == NULL || strcmp(id, rows[i].id) != 0)
			fail_msg("%s: %s", rows[i].why, id == NULL ? "none" : id);
		dsr_json_free(json);
	}
}

static void
ids_are_short(void **state)
{
	const size_t most = DSR_MAX_IDENTIFIER;
	char out[PATH_ID_SIZE], body[2 * PATH_ID_SIZE];
	struct dsr_json *json;
	const char *id;

	(void)state;
	for (size_t len = most - 1; len <= most + 1; len++) {
		(void)snprintf(body, sizeof(body), "{\"id\": \"%0*d\"}",
		    (int)len, 7);
		OK(dsr_json_parse(&json, body, strlen(body), false, &err));
		id = path_id(dsr_json_root(json), &at, body, out);
		assert_int_equal(id == NULL ? 0 : strlen(id),
		    len <= most ? len : 0);
		dsr_json_free(json);
	}
	assert_null(path_id(NULL, &at, "", out));
	assert_null(path_id(NULL, NULL, "", out));
}

/* What is too long is none; memory that is refused is not. */
static void
texts(void **state)
{
	const char *body = "{\"id\": \"abc\"}";
	struct dsr_json *json;
	struct dsr_buffer text;
	const struct dsr_json_value *v;

	(void)state;
	OK(dsr_json_parse(&json, body, strlen(body), false, &err));
	v = path_find(dsr_json_root(json), &at);
	dsr_buffer_init(&text, 3);
	if (fail_allocation_after(0)) {
		assert_int_equal(path_text(v, body, &text, &err), -1);
		assert_int_equal(err.code, DSR_ENOMEM);
	}
	(void)fail_allocation_after(-1);
	assert_int_equal(path_text(v, body, &text, &err), 1);
	assert_string_equal(dsr_buffer_str(&text), "abc");
	assert_int_equal(path_text(v, body, &text, &err), 0);
	assert_int_equal(path_text(dsr_json_root(json), body, &text, &err), 0);
	assert_int_equal(path_text(NULL, body, &text, &err), 0);
	dsr_buffer_fini(&text);
	dsr_json_free(json);
}

/* What another reader may not find: it takes the first of two, or the last. */
static void
finds_keys_that_stand_twice(void **state)
{
	static const char *const by[] = { "by", "id" };
	static const char *const any[] = { "*", "id" };
	static const struct path one = { by, 2, "by.id" };
	static const struct path all = { any, 2, "*.id" };
	static const struct path whole = { NULL, 0, "" };
	static const struct {
		const struct path *path;
		const char *body, *why;
		int doubled;
	} rows[] = {
		{ &one, "{\"by\":{\"id\":1}}", "once", 0 },
		{ &one, "{\"by\":{\"id\":1},\"by\":{\"id\":2}}", "above", 1 },
		{ &one, "{\"by\":{\"id\":1,\"id\":2}}", "at the end", 1 },
		{ &one, "{\"by\":{\"id\":1,\"\\u0069d\":2}}", "escaped", 1 },
		{ &one, "{\"by\":{\"id\":1,\"x\":0,\"id\":1}}", "the same", 0 },
		{ &one, "{\"by\":{\"id\":1},\"by\":{}}", "nothing then", 1 },
		{ &one, "{\"by\":{\"x\":1,\"x\":2,\"id\":1}}", "beside", 0 },
		{ &one, "{\"by\":[{\"id\":1},{\"id\":2}]}", "two things", 0 },
		{ &one, "{\"by\":[{\"id\":1},{\"id\":2,\"id\":3}]}",
		    "in the second", 1 },
		{ &one, "[{\"by\":{\"id\":1}},{\"by\":{\"id\":2}}]", "a list",
		    0 },
		{ &one, "{\"by\":{\"id\":[{\"a\":1,\"a\":2}]}}", "below", 0 },
		{ &all, "{\"a\":{\"id\":1},\"b\":{\"id\":2}}", "all", 0 },
		{ &all, "{\"b\":{\"id\":1},\"a\":{},\"b\":{\"id\":2}}",
		    "one of all", 1 },
		{ &all, "{\"a\":{\"id\":1,\"id\":2}}", "in one of all", 1 },
		{ &all, "[{\"b\":1,\"b\":2}]", "of a list", 1 },
		{ &whole, "{\"a\":1,\"a\":2}", "no step", 0 },
		{ &one, "7", "no object", 0 },
	};
	struct dsr_json *json;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		OK(dsr_json_parse(&json, rows[i].body, strlen(rows[i].body),
		    false, &err));
		if (path_each_is_doubled(dsr_json_root(json), rows[i].path,
		        rows[i].body, &err) != rows[i].doubled)
			fail_msg("%s: %s", rows[i].why, rows[i].body);
		dsr_json_free(json);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_take_no_memory),
		cmocka_unit_test(ids_are_short),
		cmocka_unit_test(texts),
		cmocka_unit_test(finds_keys_that_stand_twice),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
