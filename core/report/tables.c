/* SPDX-License-Identifier: ISC */
/*
 * tables/: the list of the documents of a kind, where there are more than the
 * page lists. Lines of documents.jsonl are taken apart, not parsed: they are
 * canonical, and there may be millions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/name.h"
#include "dossier/text.h"
#include "page_parts.h"
#include "table_values.h"

#define COLUMNS  5u
#define ROW_MOST 8388608u /* bytes: a line, and the values of a document */

/* Columns of the tables; keys of documents.jsonl, the first that is there. */
static const struct {
	const char *title;
	const char *key, *other;
} columns[COLUMNS] = {
	{ "file", "path", NULL },
	{ "name", "name", "item" },
	{ "obtained", "retrieved", NULL },
	{ "type", "media_type", NULL },
	{ "bytes", "size", NULL },
};

/* A value of a line as it is written there; start is NULL when there is none. */
struct slice {
	const char *start;
	size_t len;
};

struct table {
	const struct dsr_page *page;
	const struct page_kind *kind;
	struct dsr_spool *csv, *json;
	struct table_values *values; /* or NULL */
	struct dsr_buffer line, csv_row, json_row, text, scratch;
};

/* ---- a canonical line ------------------------------------------------------- */

/* Behind the string that begins at s (a quote). */
static const char *
skip_string(const char *s, const char *end)
{
	for (s++; s < end && *s != '"'; s++)
		if (*s == '\\')
			s++;
	return s < end ? s + 1 : end;
}

/* Behind the value that begins at s: where a comma or a bracket closes it. */
static const char *
skip_value(const char *s, const char *end)
{
	size_t depth = 0;

	while (s < end) {
		if (*s == '"') {
			s = skip_string(s, end);
			continue;
		}
		if (depth == 0 && (*s == ',' || *s == '}'))
			break;
		depth += *s == '[' || *s == '{';
		depth -= depth > 0 && (*s == ']' || *s == '}');
		s++;
	}
	return s;
}

static bool
is_key(const char *start, size_t len, const char *key)
{
	return key != NULL && len == strlen(key) + 2 &&
	    memcmp(start + 1, key, len - 2) == 0;
}

static bool
is_null(const struct slice *v)
{
	return v->start == NULL || (v->len == 4 &&
	    memcmp(v->start, "null", 4) == 0);
}

static void
take_member(struct slice value[COLUMNS], const char *key, size_t key_len,
    const struct slice *v)
{
	size_t i;

	for (i = 0; i < COLUMNS; i++)
		if (is_key(key, key_len, columns[i].key) ||
		    (is_key(key, key_len, columns[i].other) &&
		    is_null(&value[i])))
			if (!is_null(v))
				value[i] = *v;
}

static void
take_apart(const struct dsr_buffer *line, struct slice value[COLUMNS])
{
	const char *s = dsr_buffer_str(line), *end = s + line->len, *key;
	struct slice v;
	size_t key_len;

	memset(value, 0, COLUMNS * sizeof(value[0]));
	for (s++; s < end && *s == '"'; s++) {
		key = s;
		s = skip_string(s, end);
		key_len = (size_t)(s - key);
		v.start = s < end ? ++s : end;
		s = skip_value(s, end);
		v.len = (size_t)(s - v.start);
		take_member(value, key, key_len, &v);
		if (s >= end || *s != ',')
			break;
	}
}

/* ---- CSV ---------------------------------------------------------------------- */

/* A string of canonical JSON: few escapes, all of ASCII. */
static int
decode(struct dsr_buffer *out, const struct slice *v, struct dsr_error *err)
{
	static const char escape[] = "bfnrt", meaning[] = "\b\f\n\r\t";
	const char *s = v->start + 1, *end = v->start + v->len - 1, *found;
	uint8_t byte;

	dsr_buffer_reset(out);
	if (memchr(s, '\\', (size_t)(end - s)) == NULL)
		return dsr_buffer_append(out, s, (size_t)(end - s), err);
	for (; s < end; s++) {
		byte = (uint8_t)*s;
		if (*s == '\\' && s + 1 < end) {
			s++;
			byte = (uint8_t)*s;
			if ((found = strchr(escape, *s)) != NULL)
				byte = (uint8_t)meaning[found - escape];
			else if (*s == 'u' && end - s > 4 && dsr_hex_decode(
			    &byte, 1, s + 3, 2))
				s += 4;
		}
		if (dsr_buffer_append(out, &byte, 1, err) != 0)
			return -1;
	}
	return 0;
}

static int
put_cell(struct table *t, const struct slice *v, struct dsr_error *err)
{
	if (is_null(v))
		return 0;
	if (v->start[0] != '"')
		return dsr_buffer_append(&t->csv_row, v->start, v->len, err);
	if (decode(&t->text, v, err) != 0)
		return -1;
	return dsr_csv_text(&t->csv_row, &t->scratch, dsr_buffer_str(&t->text),
	    t->text.len, err);
}

static int
put_cells(struct table *t, const struct slice value[COLUMNS],
    struct dsr_error *err)
{
	size_t i;

	dsr_buffer_reset(&t->csv_row);
	for (i = 0; i < COLUMNS; i++)
		if ((i > 0 && dsr_buffer_putc(&t->csv_row, ',', err) != 0) ||
		    put_cell(t, &value[i], err) != 0)
			return -1;
	return 0;
}

/* ---- JSON --------------------------------------------------------------------- */

static int
put_members(struct table *t, const struct slice value[COLUMNS], bool first,
    struct dsr_error *err)
{
	size_t i;

	dsr_buffer_reset(&t->json_row);
	if (dsr_buffer_puts(&t->json_row, first ? "[\n{" : ",\n{", err) != 0)
		return -1;
	for (i = 0; i < COLUMNS; i++) {
		if (dsr_buffer_printf(&t->json_row, err, "%s\"%s\":",
		    i > 0 ? "," : "", columns[i].title) != 0)
			return -1;
		if (is_null(&value[i]) ?
		    dsr_buffer_puts(&t->json_row, "null", err) != 0 :
		    dsr_buffer_append(&t->json_row, value[i].start,
		    value[i].len, err) != 0)
			return -1;
	}
	return 0;
}

/* ---- one kind -------------------------------------------------------------------- */

/* The byte order mark tells programs for tables that it is UTF-8. */
static int
write_head(struct table *t, struct dsr_error *err)
{
	size_t i;

	dsr_buffer_reset(&t->csv_row);
	if (dsr_buffer_puts(&t->csv_row, "\xef\xbb\xbf", err) != 0)
		return -1;
	for (i = 0; i < COLUMNS; i++)
		if (dsr_buffer_printf(&t->csv_row, err, "%s%s",
		    i > 0 ? "," : "", columns[i].title) != 0)
			return -1;
	if (dsr_table_values_head(t->values, &t->csv_row, err) != 0 ||
	    dsr_buffer_puts(&t->csv_row, "\r\n", err) != 0)
		return -1;
	return dsr_spool_write(t->csv, t->csv_row.data, t->csv_row.len, err);
}

static int
write_row(struct table *t, bool first, struct dsr_error *err)
{
	struct slice value[COLUMNS];

	take_apart(&t->line, value);
	if (put_cells(t, value, err) != 0 ||
	    put_members(t, value, first, err) != 0 ||
	    dsr_table_values_next(t->values, &t->csv_row, &t->json_row,
	    err) != 0 ||
	    dsr_buffer_puts(&t->csv_row, "\r\n", err) != 0 ||
	    dsr_buffer_putc(&t->json_row, '}', err) != 0 ||
	    dsr_spool_write(t->csv, t->csv_row.data, t->csv_row.len,
	    err) != 0)
		return -1;
	return dsr_spool_write(t->json, t->json_row.data, t->json_row.len,
	    err);
}

static int
write_rows(struct table *t, struct dsr_error *err)
{
	uint64_t i;

	if (dsr_table_values_find(t->values, t->kind, err) != 0 ||
	    write_head(t, err) != 0 ||
	    dsr_spool_seek(t->page->documents, t->kind->offset, err) != 0)
		return -1;
	for (i = 0; i < t->kind->count; i++)
		if (dsr_spool_line(t->page->documents, &t->line, err) != 1 ||
		    write_row(t, i == 0, err) != 0)
			return -1;
	return dsr_spool_write(t->json, "\n]\n", 3, err);
}

void
dsr_page_table_name(char out[PAGE_TABLE_NAME], const struct page_kind *k,
    const char *extension)
{
	if (k->connector[0] == '\0')
		(void)snprintf(out, PAGE_TABLE_NAME, "tables/folder.files.%s",
		    extension);
	else
		(void)snprintf(out, PAGE_TABLE_NAME, "tables/%.64s.%.64s.%s",
		    k->connector, k->endpoint, extension);
}

static int
make_table(const struct dsr_page *page, const struct page_kind *k,
    struct table_values *values, dsr_table_fn *add, void *ctx,
    struct dsr_error *err)
{
	struct table t = { .page = page, .kind = k, .values = values };
	char name[PAGE_TABLE_NAME];
	int rc = -1;

	dsr_buffer_init(&t.line, DSR_MAX_LINE);
	dsr_buffer_init(&t.text, DSR_MAX_LINE);
	dsr_buffer_init(&t.scratch, 4 * (size_t)DSR_MAX_LINE);
	dsr_buffer_init(&t.csv_row, ROW_MOST);
	dsr_buffer_init(&t.json_row, ROW_MOST);
	if (dsr_spool_new_like(&t.csv, page->documents, err) != 0 ||
	    dsr_spool_new_like(&t.json, page->documents, err) != 0 ||
	    write_rows(&t, err) != 0)
		goto out;
	dsr_page_table_name(name, k, "csv");
	if (add(ctx, name, t.csv, err) != 0)
		goto out;
	dsr_page_table_name(name, k, "json");
	rc = add(ctx, name, t.json, err);
out:
	dsr_spool_free(t.csv);
	dsr_spool_free(t.json);
	dsr_buffer_fini(&t.line);
	dsr_buffer_fini(&t.text);
	dsr_buffer_fini(&t.scratch);
	dsr_buffer_fini(&t.csv_row);
	dsr_buffer_fini(&t.json_row);
	return rc;
}

/* FORMAT.md 3.2 */
static int
compare_names(const void *a, const void *b)
{
	char x[PAGE_TABLE_NAME], y[PAGE_TABLE_NAME];

	dsr_page_table_name(x, a, "csv");
	dsr_page_table_name(y, b, "csv");
	return dsr_name_compare(x, strlen(x), y, strlen(y));
}

int
dsr_page_tables(const struct dsr_page *page, dsr_table_fn *add, void *ctx,
    struct dsr_error *err)
{
	struct page_survey survey;
	struct table_values *values = NULL;
	uint64_t most;
	size_t i;
	int rc;

	rc = dsr_page_survey(&survey, page, err);
	most = dsr_page_share(&survey);
	if (rc == 0 && survey.count > 0)
		qsort(survey.kinds, survey.count, sizeof(*survey.kinds),
		    compare_names);
	if (rc == 0)
		rc = dsr_table_values_new(&values, page, &survey, most, err);
	for (i = 0; rc == 0 && i < survey.count; i++)
		if (survey.kinds[i].count > most)
			rc = make_table(page, &survey.kinds[i], values, add,
			    ctx, err);
	dsr_table_values_free(values);
	dsr_page_survey_fini(&survey);
	return rc;
}
