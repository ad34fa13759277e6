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

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_fixture, free_fixture)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_large_kinds_have_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
