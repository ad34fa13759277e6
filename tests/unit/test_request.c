/* SPDX-License-Identifier: ISC */
/* request.json: every mistake is found, with its place. */
#include "dossier/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/limits.h"

#define REST "\"articles\":[\"15\"],\"received\":\"2026-01-31\"," \
	"\"controller\":{\"name\":\"C\"}"
#define HEAD "\"format\":\"dossier-request/1\",\"request\":\"R-1\","
#define WHOLE "{" HEAD REST "}"

/* What the listener heard. */
struct heard {
	size_t count;
	char all[4000]; /* "1:2 message\n" … */
};

static void
hear(void *ctx, size_t line, size_t column, const char *message)
{
	struct heard *h = ctx;
	size_t used = strlen(h->all);

	h->count++;
	(void)snprintf(h->all + used, sizeof(h->all) - used, "%zu:%zu %s\n",
	    line, column, message);
}

static const struct {
	const char *text;
	const char *wanted; /* of what is heard; NULL: good */
	const char *why;
} rows[] = {
	{ WHOLE, NULL, "the least there must be" },
	{ "{" HEAD REST ",\"due\":null,\"processing\":null}", NULL,
	    "null is missing" },
	{ "{" HEAD REST ",\"due\":\"2026-01-31\"}", NULL, "the same day" },
	{ "{" HEAD REST ",\"processing\":{\"purposes\":[\"a\","
		"{\"en\":\"b\",\"nl\":\"c\"}]}}", NULL, "a list of texts" },
	{ "{" HEAD REST ",\"processing\":{\"purposes\":{\"en\":[\"a\",\"b\"],"
		"\"nl\":\"c\"}}}", NULL, "lists by language" },
	{ "{}", "\"format\" is missing\n", "nothing" },
	{ "{}", "\"controller.name\" is missing\n", "all that is missing" },
	{ "[]", "1:1 a request is an object, found array\n", "an array" },
	{ "", "1:1 ", "no JSON at all" },
	{ "{\n \"a\": }", "2:", "the line of a syntax error" },
	{ "{" HEAD REST ",\"due\":\"2026-01-31\",\"due\":\"2026-02-01\"}",
	    "a key is there twice\n", "a key twice" },
	{ "{\"format\":\"dossier-request/2\",\"request\":\"R-1\"," REST "}",
	    "1:11 \"format\" wants \"dossier-request/1\"\n", "version" },
	{ "{\"format\":\"dossier-request/1\",\"request\":\"J. Doe\"," REST
		"}", "\"request\" wants a pseudonym", "a name as pseudonym" },
	{ "{" HEAD REST ",\"deu\":\"2026-02-01\"}",
	    "unknown key \"deu\": did you mean \"due\"?\n", "a slip" },
	{ "{" HEAD REST ",\"zzzzzz\":1}", "unknown key \"zzzzzz\"\n",
	    "nothing is near" },
	{ "{" HEAD REST ",\"procesing\":{}}",
	    "did you mean \"processing\"?\n", "a section" },
	{ "{" HEAD REST ",\"processing\":{\"purpose\":\"x\"}}",
	    "did you mean \"purposes\"?\n", "inside a section" },
	{ "{" HEAD REST ",\"processing\":[]}",
	    "\"processing\" wants an object, found array\n", "its kind" },
	{ "{" HEAD REST ",\"due\":\"2026-02-30\"}",
	    "\"due\" wants a date", "a day that there is not" },
	{ "{" HEAD REST ",\"due\":\"2026-2-3\"}", "\"due\" wants a date",
	    "digits are missing" },
	{ "{" HEAD REST ",\"due\":20260203}",
	    "\"due\" wants a date like \"2026-01-31\", found number\n",
	    "a number" },
	{ "{" HEAD REST ",\"due\":\"2025-12-31\"}",
	    "\"due\" lies before \"received\"\n", "before it came" },
	{ "{" HEAD "\"articles\":[\"15\",\"99\"],"
		"\"received\":\"2026-01-31\",\"controller\":{\"name\":\"C\"}}",
	    "\"articles\" wants articles", "no such article" },
	{ "{" HEAD "\"articles\":\"15\",\"received\":\"2026-01-31\","
		"\"controller\":{\"name\":\"C\"}}",
	    "\"articles\" wants a list of articles", "no list" },
	{ "{" HEAD REST ",\"languages\":[]}",
	    "\"languages\" is empty: leave it out\n", "an empty list" },
	{ "{" HEAD REST ",\"languages\":[\"english\"]}",
	    "\"languages\" wants languages", "no code" },
	{ "{" HEAD REST ",\"legal_hold\":\" \"}",
	    "\"legal_hold\" is empty: leave it out\n", "blank" },
	{ "{" HEAD REST ",\"legal_hold\":{}}",
	    "\"legal_hold\" is empty: leave it out\n", "no language" },
	{ "{" HEAD REST ",\"legal_hold\":{\"English\":\"x\"}}",
	    "found key \"English\"", "not a language" },
	{ "{" HEAD REST ",\"legal_hold\":[\"x\"]}", "\"legal_hold\" wants a list of "
		"objects with a \"reason\", found string\n", "texts in a list" },
	{ "{" HEAD REST ",\"legal_hold\":[]}",
	    "\"legal_hold\" is empty: leave it out\n", "no entry" },
	{ "{" HEAD REST ",\"legal_hold\":[{\"reason\":{\"en\":\"a\"},"
		"\"until\":\"2030-01-01\"}]}", NULL, "all, until a day" },
	{ "{" HEAD REST ",\"legal_hold\":[{\"until\":null}]}",
	    "\"legal_hold.reason\" is missing\n", "no reason" },
	{ "{" HEAD REST ",\"legal_hold\":[{\"reason\":\"a\",\"endpoint\":\"e\"}]}",
	    "\"legal_hold.connector\" is missing\n", "of which connector?" },
	{ "{" HEAD REST ",\"legal_hold\":[{\"reason\":\"a\",\"connector\":\"c\","
		"\"items\":[\"7\"]}]}", "\"legal_hold.endpoint\" is missing\n",
	    "of which endpoint?" },
	{ "{" HEAD REST ",\"legal_hold\":[{\"reason\":\"a\",\"connector\":\"c\","
		"\"endpoint\":\"e\",\"items\":[7]}]}",
	    "\"items\" wants ids, found number\n", "no ids" },
	{ "{" HEAD REST ",\"legal_hold\":[{\"reason\":\"a\",\"untill\":1}]}",
	    "unknown key \"untill\": did you mean \"until\"?\n", "a slip" },
	{ "{" HEAD REST ",\"legal_hold\":[{\"reason\":\"a\","
		"\"until\":\"soon\"}]}", "\"until\" wants a date", "no date" },
	{ "{" HEAD REST ",\"legal_hold\":\"a\\u0000b\"}",
	    "found a text with a NUL\n", "NUL" },
	{ "{" HEAD REST ",\"processing\":{\"rights\":[[\"x\"]]}}",
	    "found array\n", "a list in a list" },
	{ "{" HEAD REST ",\"legal_hold\":\"\\ud800\"}", "1:",
	    "half a surrogate pair" },
};

static void
mistakes_are_found(void **state)
{
	struct dsr_request *r;
	struct dsr_error err;
	struct heard h;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(&h, 0, sizeof(h));
		rc = dsr_request_parse(&r, rows[i].text, strlen(rows[i].text),
		    hear, &h, &err);
		if ((rc == 0) != (rows[i].wanted == NULL) ||
		    (rc == 0) != (h.count == 0) || (rc == 0) != (r != NULL))
			fail_msg("row %zu (%s): %d: %s", i, rows[i].why, rc,
			    h.all);
		if (rc != 0 && (strstr(h.all, rows[i].wanted) == NULL ||
			err.code != DSR_EINPUT))
			fail_msg("row %zu (%s): %s", i, rows[i].why, h.all);
		dsr_request_free(r);
	}
}

static void
all_mistakes_are_told(void **state)
{
	static const char text[] = "{\"format\":1,\"request\":2,\n"
		"\"articles\":[3,4],\"controller\":{\"x\":5},\"y\":6}";
	struct dsr_request *r;
	struct dsr_error err;
	struct heard h;

	(void)state;
	memset(&h, 0, sizeof(h));
	assert_int_equal(dsr_request_parse(&r, text, strlen(text), hear, &h,
	    &err), -1);
	assert_int_equal(h.count, 8); /* two are missing */
	assert_non_null(strstr(h.all, "2:13 "));
	assert_non_null(strstr(h.all, "2:32 unknown key \"x\""));
	/* without a listener: the first one */
	assert_int_equal(dsr_request_parse(&r, text, strlen(text), NULL, NULL,
	    &err), -1);
	assert_non_null(strstr(err.msg, "line 1, column 11"));
}

static void
the_template_is_one(void **state)
{
	struct dsr_request *r;
	struct dsr_error err;
	size_t i;

	(void)state;
	assert_int_equal(dsr_request_parse(&r, dsr_request_template,
	    strlen(dsr_request_template), NULL, NULL, &err), 0);
	for (i = 0; i < DSR_REQUEST_FIELD_COUNT; i++)
		if (i != DSR_REQUEST_LEGAL_HOLD &&
		    i != DSR_REQUEST_RETAIN_UNTIL)
			assert_true(dsr_request_count(r,
			    (enum dsr_request_field)i, NULL) > 0);
	dsr_request_free(r);
}

static void
languages_are_chosen(void **state)
{
	static const char text[] = "{" HEAD REST ",\"processing\":{"
		"\"purposes\":{\"nl\":[\"n1\",\"n2\"],\"en\":\"e\"},"
		"\"source\":{\"fr\":\"f\",\"nl\":\"n\"},"
		"\"rights\":[\"plain\",{\"en\":\"e\",\"de\":\"d\"}]}}";
	struct dsr_request *r;
	struct dsr_error err;

	(void)state;
	assert_int_equal(dsr_request_parse(&r, text, strlen(text), NULL, NULL,
	    &err), 0);
	assert_int_equal(dsr_request_count(r, DSR_REQUEST_PURPOSES, "nl"), 2);
	assert_string_equal(dsr_request_item(r, DSR_REQUEST_PURPOSES, 1,
	    "nl"), "n2");
	assert_null(dsr_request_item(r, DSR_REQUEST_PURPOSES, 2, "nl"));
	assert_int_equal(dsr_request_count(r, DSR_REQUEST_PURPOSES, "de"), 1);
	assert_string_equal(dsr_request_text(r, DSR_REQUEST_PURPOSES, "de"),
	    "e");
	assert_string_equal(dsr_request_text(r, DSR_REQUEST_SOURCE, "de"),
	    "f"); /* no English: the first */
	assert_string_equal(dsr_request_text(r, DSR_REQUEST_RIGHTS, "de"),
	    "plain");
	assert_string_equal(dsr_request_item(r, DSR_REQUEST_RIGHTS, 1, "de"),
	    "d");
	assert_string_equal(dsr_request_item(r, DSR_REQUEST_RIGHTS, 1, NULL),
	    "e");
	assert_null(dsr_request_text(r, DSR_REQUEST_DUE, "de"));
	assert_null(dsr_request_text(NULL, DSR_REQUEST_ID, NULL));
	dsr_request_free(r);
}

static void
holds_name_what_they_keep(void **state)
{
	static const char text[] = "{" HEAD REST ",\"retain_until\":"
		"\"2026-03-01\",\"legal_hold\":["
		"{\"connector\":\"a\",\"endpoint\":\"e\",\"items\":[\"1\",\"2\"],"
		"\"reason\":{\"en\":\"court\",\"nl\":\"rechter\"}},"
		"{\"connector\":\"b\",\"reason\":\"tax\","
		"\"until\":\"2026-12-31\"}]}";
	static const char all[] = "{" HEAD REST ",\"legal_hold\":\"war\"}";
	static const struct {
		const char *connector, *endpoint, *item, *day;
		size_t by;
		const char *why;
	} row[] = {
		{ "a", "e", "2", "2026-12-31", 1, "an item" },
		{ "a", "e", "3", "2026-12-31", 0, "another item" },
		{ "a", "e", NULL, "2026-12-31", 0, "no item" },
		{ "a", "f", "2", "2026-12-31", 0, "another endpoint" },
		{ "b", "f", NULL, "2026-12-31", 2, "all of b, the last day" },
		{ "b", "f", "1", "2027-01-01", 0, "the day after" },
	};
	struct dsr_request *r;
	struct dsr_request_hold h;
	struct dsr_error err;
	size_t i;

	(void)state;
	assert_int_equal(dsr_request_parse(&r, text, strlen(text), NULL, NULL,
	    &err), 0);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		if (dsr_request_held_by(r, row[i].connector, row[i].endpoint,
			row[i].item, row[i].day) != row[i].by)
			fail_msg("row %zu: %s", i, row[i].why);
	assert_int_equal(dsr_request_hold_count(r), 2);
	assert_null(dsr_request_text(r, DSR_REQUEST_LEGAL_HOLD, NULL));
	dsr_request_hold(r, 0, "nl", &h);
	assert_string_equal(h.reason, "rechter");
	assert_int_equal(h.item_count, 2);
	assert_null(h.until);
	assert_string_equal(dsr_request_hold_item(r, 0, 1), "2");
	assert_true(dsr_request_is_retained(r, "2026-03-01"));
	assert_false(dsr_request_is_retained(r, "2026-03-02"));
	dsr_request_free(r);

	assert_int_equal(dsr_request_parse(&r, all, strlen(all), NULL, NULL,
	    &err), 0);
	assert_int_equal(dsr_request_held_by(r, "x", "y", "z", "2999-01-01"),
	    1);
	dsr_request_hold(r, 0, "nl", &h);
	assert_string_equal(h.reason, "war");
	assert_null(h.connector);
	assert_false(dsr_request_is_retained(r, "2026-03-01"));
	dsr_request_free(r);
	assert_int_equal(dsr_request_held_by(NULL, "x", "y", "z", "2999-01-01"),
	    0);
}

static void
too_long_is_a_limit(void **state)
{
	char *text = malloc(DSR_MAX_REQUEST + 1);
	struct dsr_request *r;
	struct dsr_error err;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', DSR_MAX_REQUEST + 1);
	memcpy(text, WHOLE, strlen(WHOLE));
	assert_int_equal(dsr_request_parse(&r, text, DSR_MAX_REQUEST, NULL,
	    NULL, &err), 0);
	dsr_request_free(r);
	assert_int_equal(dsr_request_parse(&r, text, DSR_MAX_REQUEST + 1,
	    NULL, NULL, &err), -1);
	assert_int_equal(err.code, DSR_ELIMIT);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes_are_found),
		cmocka_unit_test(all_mistakes_are_told),
		cmocka_unit_test(the_template_is_one),
		cmocka_unit_test(languages_are_chosen),
		cmocka_unit_test(holds_name_what_they_keep),
		cmocka_unit_test(too_long_is_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
