/* SPDX-License-Identifier: ISC */
/* tables/: CSV that no program takes for formulas, and JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/page_fixture.h"
#include "dossier/json.h"

struct tables {
	char names[4][200];
	struct dsr_buffer text[4];
	size_t count;
};

static int
keep(void *ctx, const char *path, struct dsr_spool *content,
    struct dsr_error *err)
{
	struct tables *t = ctx;
	struct dsr_buffer line;
	int more;

	assert_true(t->count < 4);
	(void)snprintf(t->names[t->count], sizeof(t->names[0]), "%s", path);
	dsr_buffer_init(&t->text[t->count], 10000000);
	dsr_buffer_init(&line, 1000000);
	assert_int_equal(dsr_spool_rewind(content, err), 0);
	while ((more = dsr_spool_line(content, &line, err)) == 1)
		assert_int_equal(dsr_buffer_append(&t->text[t->count],
		    line.data, line.len, err), 0);
	dsr_buffer_fini(&line);
	t->count++;
	return more;
}

static void
free_tables(struct tables *t)
{
	while (t->count > 0)
		dsr_buffer_fini(&t->text[--t->count]);
}

static void
only_large_kinds_have_tables(void **state)
{
	static const char *const items[] = { "=1+1", "+cmd", "-2", "@SUM",
		"|x", "a\"b,c", "line\nbreak", "\xe2\x80\xae" "x", "plain" };
	struct fixture *f = *state;
	struct tables t = { .count = 0 };
	struct dsr_json *json = NULL;
	const char *csv;
	unsigned int i;

	for (i = 0; i < 600; i++)
		add_document(f, "leaf", i, items[i % 9]);
	add_document(f, "root", i, "few");
	assert_int_equal(dsr_page_tables(&f->page, keep, &t, &f->err), 0);
	assert_int_equal(t.count, 2);
	assert_string_equal(t.names[0], "tables/plants.leaf.csv");
	assert_string_equal(t.names[1], "tables/plants.leaf.json");
	csv = dsr_buffer_str(&t.text[0]);
	has(csv, "\xef\xbb\xbf" "file,name,obtained,type,bytes\r\n");
	has(csv, ",\"'=1+1\",");
	has(csv, ",\"'+cmd\",");
	has(csv, ",\"'-2\",");
	has(csv, ",\"'@SUM\",");
	has(csv, ",\"'|x\",");
	has(csv, ",\"a\"\"b,c\",");
	has(csv, ",\"line\\x0abreak\",");
	has(csv, ",\"\\u202ex\",");
	has(csv, "/000000008.json\",\"plain\",\"2026-03-01T07:05:00.123Z\","
	    "\"application/json\",1234567\r\n");
	assert_int_equal(count_of(csv, "\r\n"), 601);
	assert_int_equal(dsr_json_parse(&json, t.text[1].data, t.text[1].len,
	    true, &f->err), 0);
	assert_int_equal(dsr_json_count(dsr_json_root(json)), 600);
	dsr_json_free(json);
	has(render(f, "en"), "the list of all is <bdi>tables/plants.leaf.csv"
	    "</bdi>");
	free_tables(&t);
}

/* ---- values ---------------------------------------------------------------- */

#define MANY 600u

struct bodies {
	unsigned int at;
	int width; /* of the long one */
	char path[DSR_MAX_NAME + 1];
	struct dsr_buffer text;
};

/* The first ones are odd; the text behind them brings one column each. */
static const char *const odd[] = {
	"{\"a\":\"x\",\"b\":{\"c\":-7,\"d\":{\"e\":{\"f\":1,\"g\":{\"h\":2}}}}}",
	"{\"b\":{\"c\":1.50e3},\"a\":\"=cmd\",\"a\":\"second\",\"n\":null}",
	"{\"list\":[\"p\",2,true,\"q\\\"r\"],\"deep\":[1,[2]],\"none\":[]}",
	"{\"a\":\"\\ud800\",\"=k\":\"\\u0001 line\\nend\",\"\":\"no name\"}",
	"not JSON at all",
	"[1,2]",
	NULL,
};
#define ODD (sizeof(odd) / sizeof(odd[0]))

static int
next_body(void *ctx, const char **path, const void **bytes, size_t *len,
    struct dsr_error *err)
{
	struct bodies *b = ctx;
	unsigned int i = b->at++;

	if (i == MANY + 1)
		return 0;
	(void)snprintf(b->path, sizeof(b->path),
	    "data/documents/plants/%s/%06u/%09u.json",
	    i == MANY ? "root" : "leaf", i / 1000, i);
	*path = b->path;
	dsr_buffer_reset(&b->text);
	if (i < ODD)
		*bytes = odd[i];
	else if (dsr_buffer_printf(&b->text, err, "{\"only%u\":%u}", i,
	    i) == 0)
		*bytes = dsr_buffer_str(&b->text);
	*len = *bytes == NULL ? 0 : strlen(*bytes);
	return 1;
}

static const char *
value_of(const struct dsr_json *json, size_t row, const char *name)
{
	const struct dsr_json_value *v = dsr_json_first(dsr_json_root(json));

	while (row-- > 0)
		v = dsr_json_next(v);
	return dsr_json_string(dsr_json_get(dsr_json_get(v, "values"), name),
	    NULL);
}

static void
tables_of_a_case_have_values(void **state)
{
	struct fixture *f = *state;
	struct tables t = { .count = 0 };
	struct bodies b = { .at = 0 };
	struct dsr_page_bodies bodies = { next_body, &b };
	struct dsr_json *json = NULL;
	const char *csv;
	unsigned int i;

	dsr_buffer_init(&b.text, 1000);
	for (i = 0; i < MANY; i++)
		add_document(f, "leaf", i, "id");
	add_document(f, "root", MANY, "few");
	f->page.bodies = &bodies;
	if (dsr_page_tables(&f->page, keep, &t, &f->err) != 0)
		fail_msg("%s", f->err.msg);
	csv = dsr_buffer_str(&t.text[0]);
	has(csv, "bytes,\"values.a\",\"values.b.c\",\"values.b.d.e.f\","
	    "\"values.list\",\"values.deep\",\"values.none\",\"values.=k\","
	    "\"values.only7\",");
	has(csv, ",1234567,\"x\",-7,1,,");
	has(csv, ",1234567,\"'=cmd\",1.50e3,,");
	has(csv, ",1234567,,,,\"p; 2; true; q\"\"r\",,");
	has(csv, ",1234567,\"\"\"\\ud800\"\"\",,,,,,\"\\x01 line\\x0aend\",,");
	lacks(csv, "second");
	lacks(csv, "no name");
	lacks(csv, "values.only200"); /* there is a most of columns */
	/* every line has as many cells as the first */
	assert_int_equal(count_of(csv, "\r\n"), MANY + 1);
	assert_int_equal(dsr_json_parse(&json, t.text[1].data, t.text[1].len,
	    true, &f->err), 0);
	assert_int_equal(dsr_json_count(dsr_json_root(json)), MANY);
	assert_string_equal(value_of(json, 0, "a"), "x");
	assert_string_equal(value_of(json, 1, "a"), "=cmd");
	assert_string_equal(value_of(json, 2, "list"), "p; 2; true; q\"r");
	assert_string_equal(value_of(json, 3, "=k"), "\x01 line\nend");
	assert_null(value_of(json, 4, "a"));
	dsr_json_free(json);
	dsr_buffer_fini(&b.text);
	free_tables(&t);
}

static void
bodies_that_are_other_documents_are_a_bug(void **state)
{
	struct fixture *f = *state;
	struct tables t = { .count = 0 };
	struct bodies b = { .at = 1 };
	struct dsr_page_bodies bodies = { next_body, &b };
	unsigned int i;

	dsr_buffer_init(&b.text, 1000);
	for (i = 0; i < MANY; i++)
		add_document(f, "leaf", i, "id");
	add_document(f, "root", MANY, "few");
	f->page.bodies = &bodies;
	assert_int_equal(dsr_page_tables(&f->page, keep, &t, &f->err), -1);
	assert_int_equal(f->err.code, DSR_EBUG);
	dsr_buffer_fini(&b.text);
	free_tables(&t);
}

/* A list that is longer than a cell, where all cells are nearly full. */
static int
next_long_body(void *ctx, const char **path, const void **bytes, size_t *len,
    struct dsr_error *err)
{
	struct bodies *b = ctx;
	const char *before = "{";
	unsigned int i;

	if (next_body(ctx, path, bytes, len, err) == 0)
		return 0;
	if (b->at > 1)
		return 1;
	for (i = 0; i < 9; i++) {
		assert_int_equal(dsr_buffer_printf(&b->text, err,
		    "%s\"k%u\":\"%0*u\"", before, i, i < 8 ? 32000 : 6143,
		    i), 0);
		before = ",";
	}
	assert_int_equal(dsr_buffer_printf(&b->text, err,
	    ",\"last\":[\"%0*u\",\"a\",\"b\"],\"more\":1}", b->width, 7u), 0);
	*bytes = dsr_buffer_str(&b->text);
	*len = b->text.len;
	return 1;
}

static void
check_cut(struct fixture *f, int width)
{
	struct tables t = { .count = 0 };
	struct bodies b = { .at = 0, .width = width };
	struct dsr_page_bodies bodies = { next_long_body, &b };
	struct dsr_json *json = NULL;
	const char *last;

	dsr_buffer_init(&b.text, 1000000);
	f->page.bodies = &bodies;
	if (dsr_page_tables(&f->page, keep, &t, &f->err) != 0)
		fail_msg("%s", f->err.msg);
	assert_int_equal(dsr_json_parse(&json, t.text[1].data, t.text[1].len,
	    true, &f->err), 0);
	assert_int_equal(strlen(value_of(json, 0, "k7")), 32000);
	assert_int_equal(strlen(value_of(json, 0, "k8")), 6143);
	last = value_of(json, 0, "last");
	assert_int_equal(strlen(last), 32003);
	assert_string_equal(last + 32000, "\xe2\x80\xa6");
	assert_null(value_of(json, 0, "more")); /* no room left at all */
	dsr_json_free(json);
	dsr_buffer_fini(&b.text);
	free_tables(&t);
}

static void
cells_that_are_cut_say_so(void **state)
{
	struct fixture *f = *state;
	unsigned int i;

	for (i = 0; i < MANY; i++)
		add_document(f, "leaf", i, "id");
	add_document(f, "root", MANY, "few");
	check_cut(f, 32000);
	check_cut(f, 40000);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_fixture, free_fixture)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_large_kinds_have_tables),
		TEST(tables_of_a_case_have_values),
		TEST(cells_that_are_cut_say_so),
		TEST(bodies_that_are_other_documents_are_a_bug),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
