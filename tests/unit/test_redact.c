/* SPDX-License-Identifier: ISC */
/* Paths into bodies, and secrets taken out: just their bytes, nothing else. */
#include "../../collector/collection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../collector/path.h"

static struct dsr_error err;

#define MOST_KEYS 8
#define R "\"[redacted: credential]\""

/* A path from its text; "" is the starting value. */
static void
make_path(struct path *path, const char *text, char *copy,
    const char *keys[MOST_KEYS])
{
	(void)memcpy(copy, text, strlen(text) + 1);
	path->keys = keys;
	path->count = 0;
	path->text = text;
	for (char *s = copy; *s != '\0' && path->count < MOST_KEYS;) {
		keys[path->count++] = s;
		s += strcspn(s, ".");
		if (*s == '.')
			*s++ = '\0';
	}
}

struct list {
	const char *body;
	char text[256];
};

static int
list_value(void *ctx, const struct dsr_json_value *v, struct dsr_error *e)
{
	struct list *l = ctx;
	size_t offset, len, at = strlen(l->text);

	(void)e;
	dsr_json_span(v, &offset, &len);
	(void)snprintf(l->text + at, sizeof(l->text) - at, "%.*s|", (int)len,
	    l->body + offset);
	return 0;
}

static void
paths_find_values(void **state)
{
	static const struct {
		const char *body, *path, *wanted, *why;
	} rows[] = {
		{ "{\"a\": 1}", "a", "1|", "a member" },
		{ "{\"a\": {\"b\": \"x\"}}", "a.b", "\"x\"|", "below" },
		{ "{\"a\": 1}", "b", "", "not there" },
		{ "{\"a\": 1}", "a.b", "", "no object" },
		{ "{\"a\": [1, 2]}", "a", "1|2|", "each of an array" },
		{ "{\"a\": [{\"b\": 1}, {\"c\": 2}, {\"b\": 3}]}", "a.b",
		    "1|3|", "through an array" },
		{ "{\"a\": [[1], [2, [3]]]}", "a", "1|2|3|",
		    "arrays in arrays" },
		{ "{\"a\": {\"x\": 1, \"y\": [2]}}", "a.*", "1|2|", "star" },
		{ "{\"a\": {\"x\": {\"b\": 1}, \"y\": {\"b\": 2}}}", "a.*.b",
		    "1|2|", "star in the middle" },
		{ "{\"a\": 1, \"a\": 2}", "a", "1|2|", "a doubled key" },
		{ "\"x\"", "", "\"x\"|", "the value itself" },
		{ "[\"x\", \"y\"]", "", "\"x\"|\"y\"|", "an array itself" },
		{ "{\"a\": []}", "a", "", "an empty array" },
		{ "{\"a\": {}}", "a", "{}|", "an object at the end" },
		{ "{\"a\": [{}]}", "a", "{}|", "objects in an array" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct list found = { rows[i].body, "" };
		struct dsr_json *json;
		const char *keys[MOST_KEYS];
		struct path path;
		char copy[64];

		make_path(&path, rows[i].path, copy, keys);
		assert_int_equal(dsr_json_parse(&json, rows[i].body,
		                     strlen(rows[i].body), false, &err),
		    0);
		assert_int_equal(path_each(dsr_json_root(json), &path,
		                     list_value, &found, &err),
		    0);
		if (strcmp(found.text, rows[i].wanted) != 0)
			fail_msg("%s: %s", rows[i].why, found.text);
		dsr_json_free(json);
	}
}

/* Redacts the items of "value", or the whole, by up to three paths. */
static void
secrets_are_replaced(void **state)
{
	static const struct {
		const char *body;
		const char *paths[3];
		const char *wanted, *why;
	} rows[] = {
		{ "{\"token\" : \"x\", \"a\":1}", { "token" },
		    "{\"token\" : " R ", \"a\":1}", "spaces stay" },
		{ "{\"token\": null, \"b\": \"\"}", { "token", "b" },
		    "{\"token\": null, \"b\": \"\"}", "nothing to hide" },
		{ "{\"token\": 12, \"b\": true, \"c\": {\"d\": [1]}}",
		    { "token", "b", "c" },
		    "{\"token\": " R ", \"b\": " R ", \"c\": " R "}",
		    "of any type" },
		{ "{\"token\": \"x\", \"token\": \"y\"}", { "token" },
		    "{\"token\": " R ", \"token\": " R "}",
		    "both of a doubled key" },
		{ "{\"a\": {\"b\": \"x\", \"c\": 1}}", { "a.b", "a", "a.c" },
		    "{\"a\": " R "}", "the outer one counts" },
		{ "{\"f\": {\"p\": \"x\", \"q\": \"y\"}}", { "f.*" },
		    "{\"f\": {\"p\": " R ", \"q\": " R "}}", "every member" },
		{ "\"https://x/?sig=1\"", { "" }, R, "the whole" },
		{ "{\"a\": \"\\u0041\\\"}\"}", { "a" }, "{\"a\": " R "}",
		    "escapes" },
		{ "{\"to\\u006ben\": \"x\"}", { "token" },
		    "{\"to\\u006ben\": " R "}", "an escaped key" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *keys[3][MOST_KEYS];
		char copies[3][64];
		struct path paths[3];
		struct redaction_rule rules[3];
		struct dsr_list list = { rules, 0 };
		struct redacted out = { .list = { NULL, 0 } };
		struct dsr_arena *arena;
		struct dsr_json *json;
		const char *got = rows[i].body;

		for (; list.count < 3 && rows[i].paths[list.count] != NULL;
		     list.count++) {
			size_t n = list.count;

			make_path(&paths[n], rows[i].paths[n], copies[n],
			    keys[n]);
			rules[n] = (struct redaction_rule){ NULL, &paths[n],
				"credential" };
		}
		assert_int_equal(dsr_arena_new(&arena, &err), 0);
		dsr_buffer_init(&out.bytes, 4096);
		assert_int_equal(dsr_json_parse(&json, rows[i].body,
		                     strlen(rows[i].body), false, &err),
		    0);
		assert_int_equal(redact(&out, &list, rows[i].body, 0,
		                     strlen(rows[i].body),
		                     dsr_json_root(json), 1, arena, &err),
		    0);
		if (out.list.count > 0)
			got = dsr_buffer_str(&out.bytes);
		if (strcmp(got, rows[i].wanted) != 0)
			fail_msg("%s: %s", rows[i].why, got);
		for (size_t k = 0; k < out.list.count; k++) {
			const struct dsr_redaction *r =
			    (const struct dsr_redaction *)out.list.items + k;

			assert_int_equal(r->span.len, strlen(R));
			assert_memory_equal(got + r->span.offset, R,
			    strlen(R));
		}
		dsr_json_free(json);
		dsr_buffer_fini(&out.bytes);
		dsr_arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_find_values),
		cmocka_unit_test(secrets_are_replaced),
	};

	return cmocka_run_group_tests_name("redact", tests, NULL, NULL);
}
