/* SPDX-License-Identifier: ISC */
/* What counts as the same as what was exported, and what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../collector/erase.h"

static const char *const state_keys[] = { "state" };
static const char *const deep_keys[] = { "items", "seen", "at" };
static const char *const any_keys[] = { "tags", "*" };
static const struct path state_path = { state_keys, 1, "state" };
static const struct path deep_path = { deep_keys, 3, "items.seen.at" };
static const struct path any_path = { any_keys, 2, "tags.*" };
static const struct path *const paths[] = { &state_path, &deep_path,
	&any_path };
static const struct dsr_list aside = { (void *)(uintptr_t)paths, 3 };
static const struct dsr_list none = { NULL, 0 };

static int
compare(const struct dsr_list *list, const char *a, const char *b)
{
	struct dsr_json *x = NULL, *y = NULL;
	struct dsr_error err;
	int result;

	assert_int_equal(dsr_json_parse(&x, a, strlen(a), false, &err), 0);
	assert_int_equal(dsr_json_parse(&y, b, strlen(b), false, &err), 0);
	result = erase_is_same(list, dsr_json_root(x), a, dsr_json_root(y), b,
	    &err);
	assert_true(result >= 0);
	dsr_json_free(x);
	dsr_json_free(y);
	return result;
}

/* Both ways round, it is the same. */
static void
expect(const struct dsr_list *list, const char *a, const char *b, int same,
    const char *why)
{
	if (compare(list, a, b) != same || compare(list, b, a) != same)
		fail_msg("%s: %s and %s", why, a, b);
}

static void
tells_values_apart(void **state)
{
	static const struct {
		const char *a, *b;
		int same;
		const char *why;
	} rows[] = {
		{ "{}", "{ }", 1, "white space" },
		{ "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", 1, "order" },
		{ "{\"a\":1}", "{\"a\":2}", 0, "a value" },
		{ "{\"a\":1}", "{\"b\":1}", 0, "a name" },
		{ "{\"a\":1}", "{\"a\":1,\"b\":1}", 0, "a member more" },
		{ "{\"a\":1}", "{\"a\":1,\"a\":1}", 0, "a member twice" },
		{ "{\"a\":1,\"a\":2}", "{\"a\":1,\"b\":2}", 0,
		    "twice, and another" },
		{ "{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":9}", 0,
		    "twice the same, and another" },
		{ "{\"a\":1}", "{\"a\":1.0}", 0, "another number" },
		{ "{\"a\":1}", "{\"a\":\"1\"}", 0, "a string" },
		{ "{\"a\":null}", "{}", 0, "null is something" },
		{ "{\"a\":null}", "{\"a\":false}", 0, "null and false" },
		{ "{\"a\":true}", "{\"a\":false}", 0, "true and false" },
		{ "[1,2]", "[2,1]", 0, "the order of a list" },
		{ "[1,2]", "[1,2,2]", 0, "an element more" },
		{ "[]", "{}", 0, "another kind" },
		{ "[[],{}]", "[[],{}]", 1, "empty ones" },
		{ "\"\\u00e9\"", "\"\xc3\xa9\"", 1, "escapes" },
		{ "\"a\\u0000b\"", "\"a\\u0000c\"", 0, "behind a NUL" },
		{ "{\"a\\u0000b\":1}", "{\"a\\u0000b\":2}", 0,
		    "behind a NUL in a name" },
		{ "{\"a\":{\"b\":[{\"c\":1}]}}", "{\"a\":{\"b\":[{\"c\":2}]}}",
		    0, "far down" },
		{ "{\"state\":1}", "{\"state\":2}", 0, "nothing is aside" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(&none, rows[i].a, rows[i].b, rows[i].same,
		    rows[i].why);
}

static void
leaves_what_changes_by_itself_aside(void **state)
{
	static const struct {
		const char *a, *b;
		int same;
		const char *why;
	} rows[] = {
		{ "{\"a\":1,\"state\":1}", "{\"state\":[2],\"a\":1}", 1,
		    "another value" },
		{ "{\"a\":1,\"state\":1}", "{\"a\":1}", 1, "not there" },
		{ "{\"a\":1,\"state\":1}", "{\"a\":2,\"state\":1}", 0,
		    "something beside it" },
		{ "{\"a\":1,\"state\":1}", "{\"b\":1}", 0, "in its place" },
		{ "{\"a\":{\"state\":1}}", "{\"a\":{\"state\":2}}", 0,
		    "of that name elsewhere" },
		{ "[{\"state\":1}]", "[{\"state\":2}]", 1,
		    "in each of a list" },
		{ "{\"items\":[{\"seen\":{\"at\":1}},{\"seen\":{\"at\":2}}]}",
		    "{\"items\":[{\"seen\":{\"at\":3}},{\"seen\":{}}]}", 1,
		    "through a list" },
		{ "{\"items\":[{\"seen\":{\"at\":1}}]}",
		    "{\"items\":[{\"seen\":{\"at\":1}},{\"seen\":{}}]}", 0,
		    "an element more" },
		{ "{\"tags\":{\"x\":1}}", "{\"tags\":{\"y\":2,\"z\":3}}", 1,
		    "all members" },
		{ "{\"tags\":{\"x\":1}}", "{\"tags\":[]}", 0,
		    "what held them is another kind" },
		{ "{\"tags\":{\"x\":1}}", "{}", 0, "what held them is gone" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(&aside, rows[i].a, rows[i].b, rows[i].same,
		    rows[i].why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_values_apart),
		cmocka_unit_test(leaves_what_changes_by_itself_aside),
	};

	return cmocka_run_group_tests_name("erase_compare", tests, NULL, NULL);
}
