/* SPDX-License-Identifier: ISC */
/*
 * Tables of a case: the lines of the input are documents of one kind. Whatever
 * they hold, there is a row for each, of as many cells as the head has, and the
 * other table is JSON.
 */
#include "../../core/report/table_values.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/json.h"
#include "dossier/limits.h"
#include "dossier/records.h"

#define MOST 8u /* documents: the last one has the rest of the input */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bodies {
	const uint8_t *data;
	size_t size, at, count;
	char path[DSR_MAX_NAME + 1];
};

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
name_document(char path[DSR_MAX_NAME + 1], size_t number)
{
	(void)snprintf(path, DSR_MAX_NAME + 1,
	    "data/documents/a/b/000000/%09zu.json", number);
}

/* The next line of the input: of fixed bytes, as JSON is parsed in place. */
static bool
next_line(struct bodies *b, const void **bytes, size_t *len)
{
	const uint8_t *lf = NULL;

	if (b->at > b->size)
		return false;
	*bytes = b->data + b->at;
	if (b->at < b->size && b->count + 1 < MOST)
		lf = memchr(*bytes, '\n', b->size - b->at);
	*len = lf == NULL ? b->size - b->at
			  : (size_t)(lf - (b->data + b->at));
	b->at += *len + 1;
	b->count++;
	return true;
}

static int
next_body(void *ctx, const char **path, const void **bytes, size_t *len,
    struct dsr_error *err)
{
	struct bodies *b = ctx;

	(void)err;
	if (!next_line(b, bytes, len))
		return 0;
	name_document(b->path, b->count - 1);
	*path = b->path;
	return 1;
}

static void
add_document(struct dsr_spool *spool, size_t number)
{
	static const char digest[] =
	    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	struct dsr_document doc;
	struct dsr_buffer line;
	struct dsr_error err;
	char path[DSR_MAX_NAME + 1];

	memset(&doc, 0, sizeof(doc));
	name_document(path, number);
	doc.connector = "a";
	doc.endpoint = "b";
	doc.exchange = 1;
	doc.path = path;
	doc.salt = doc.sha256 = digest;
	dsr_buffer_init(&line, DSR_MAX_LINE);
	require(dsr_record_write_line(&dsr_document_type, &doc, &line,
	    &err) == 0);
	require(dsr_spool_write(spool, line.data, line.len, &err) == 0);
	dsr_buffer_fini(&line);
}

/* The cells of a row of CSV, each of which begins with a comma. */
static size_t
count_cells(const struct dsr_buffer *row)
{
	size_t count = 0, i;
	bool quoted = false;

	for (i = 0; i < row->len; i++) {
		require(row->data[i] != '\n' && row->data[i] != '\r');
		if (row->data[i] == '"')
			quoted = !quoted;
		count += row->data[i] == ',' && !quoted;
	}
	require(!quoted);
	return count;
}

static void
check_row(struct table_values *v, size_t cells)
{
	struct dsr_buffer csv, text;
	struct dsr_json *json = NULL;
	struct dsr_error err;

	dsr_buffer_init(&csv, 16777216);
	dsr_buffer_init(&text, 16777216);
	require(dsr_buffer_puts(&text, "{\"x\":1", &err) == 0);
	require(dsr_table_values_next(v, &csv, &text, &err) == 0);
	require(dsr_buffer_puts(&text, "}", &err) == 0);
	require(count_cells(&csv) == cells);
	require(dsr_json_parse(&json, text.data, text.len, true, &err) == 0);
	dsr_json_free(json);
	dsr_buffer_fini(&csv);
	dsr_buffer_fini(&text);
}

static void
check_table(const struct dsr_page *page, size_t count)
{
	struct table_values *v = NULL;
	struct page_survey survey;
	struct dsr_buffer head;
	struct dsr_error err;
	size_t i;

	dsr_buffer_init(&head, 1048576);
	require(dsr_page_survey(&survey, page, &err) == 0);
	require(dsr_table_values_new(&v, page, &survey, 0, &err) == 0);
	require(dsr_table_values_find(v, &survey.kinds[0], &err) == 0);
	require(dsr_table_values_head(v, &head, &err) == 0);
	for (i = 0; i < count; i++)
		check_row(v, count_cells(&head));
	dsr_table_values_free(v);
	dsr_page_survey_fini(&survey);
	dsr_buffer_fini(&head);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bodies b = { .data = data, .size = size };
	struct dsr_page_bodies bodies = { next_body, &b };
	struct dsr_statement statement;
	struct dsr_page page;
	struct dsr_error err;
	const void *bytes;
	size_t count, len;

	if (data == NULL)
		return 0;
	memset(&statement, 0, sizeof(statement));
	memset(&page, 0, sizeof(page));
	page.statement = &statement;
	page.bodies = &bodies;
	require(dsr_spool_new(&page.documents, &err) == 0);
	while (next_line(&b, &bytes, &len))
		add_document(page.documents, b.count - 1);
	count = b.count;
	b.at = b.count = 0;
	check_table(&page, count);
	dsr_spool_free(page.documents);
	return 0;
}
