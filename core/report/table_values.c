/* SPDX-License-Identifier: ISC */
/*
 * One pass over all bodies, in which every document of a large kind becomes
 * two lines of a spool: its cells as CSV, behind their number (later documents
 * may bring further columns), and as JSON.
 */
#include "table_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/file.h"
#include "dossier/json.h"
#include "dossier/name.h"
#include "dossier/text.h"

#define COLUMNS_MOST 100u
#define NAME_MOST    128u    /* bytes: keys joined by dots */
#define DEPTH_MOST   4u      /* objects within each other */
#define CELL_MOST    32000u  /* bytes; Excel's cells end at 32,767 characters */
#define CELLS_MOST   262144u /* bytes of all cells of a document */
#define ROW_MOST     4194304u

/* The columns of one kind, in the order in which documents bring them. */
struct columns {
	const struct page_kind *kind;
	uint64_t offset; /* of its first line in the spool */
	uint64_t taken;  /* documents */
	size_t count;
	char name[COLUMNS_MOST][NAME_MOST + 1];
};

struct cell {
	size_t start, len; /* in the texts */
	bool is_there, is_text;
};

struct table_values {
	const struct dsr_page *page;
	struct columns **kinds;
	size_t count;
	struct columns *current;   /* while reading: the kind looked for */
	struct dsr_spool *spool;
	struct dsr_buffer line, scratch;
	/* the document in hand */
	struct cell cells[COLUMNS_MOST];
	size_t guess;              /* column behind the one found last */
	struct dsr_buffer texts;
	const char *bytes;
};

/* ---- the values of a document ---------------------------------------------- */

/* NULL when there is no room for another. */
static struct cell *
cell_of(struct table_values *v, const char *name)
{
	struct columns *c = v->current;
	size_t i, k;

	for (i = 0; i < c->count; i++) {
		k = (v->guess + i) % c->count;
		if (strcmp(c->name[k], name) == 0)
			break;
	}
	if (i == c->count) {
		if (c->count == COLUMNS_MOST)
			return NULL;
		k = c->count++;
		(void)snprintf(c->name[k], sizeof(c->name[k]), "%s", name);
	}
	v->guess = k + 1;
	return &v->cells[k];
}

/* At most room bytes of s, never half a character. */
static size_t
whole_characters(const char *s, size_t len, size_t room)
{
	if (len <= room)
		return len;
	while (room > 0 && ((unsigned char)s[room] & 0xc0) == 0x80)
		room--;
	return room;
}

/* The text of a scalar: decoded, or as it is written where that is ill-formed. */
static const char *
scalar_text(const struct table_values *v, const struct dsr_json_value *value,
    size_t *len)
{
	const char *text = dsr_json_string(value, len);
	size_t offset;

	if (text != NULL)
		return text;
	dsr_json_span(value, &offset, len);
	return v->bytes + offset;
}

/* 1 when it was cut (nothing may follow it), 0, or -1. */
static int
append_cut(struct table_values *v, size_t start, const char *s, size_t len,
    struct dsr_error *err)
{
	static const char mark[] = "\xe2\x80\xa6";
	size_t used = v->texts.len - start, room, kept;

	room = used < CELL_MOST ? CELL_MOST - used : 0;
	if (dsr_buffer_reserve(&v->texts, CELL_MOST, err) != 0)
		return -1;
	kept = whole_characters(s, len, room);
	if (dsr_buffer_append(&v->texts, s, kept, err) != 0)
		return -1;
	if (kept == len)
		return 0;
	return dsr_buffer_append(&v->texts, mark, sizeof(mark) - 1, err) != 0
	    ? -1 : 1;
}

static bool
is_nested(const struct dsr_json_value *value)
{
	return dsr_json_type_of(value) == DSR_JSON_ARRAY ||
	    dsr_json_type_of(value) == DSR_JSON_OBJECT;
}

/*
 * A list of scalars in one cell; what holds lists and objects has none. As
 * append_cut.
 */
static int
append_list(struct table_values *v, size_t start,
    const struct dsr_json_value *list, struct dsr_error *err)
{
	const struct dsr_json_value *e;
	const char *text;
	size_t len;
	int rc = 0;

	for (e = dsr_json_first(list); e != NULL; e = dsr_json_next(e))
		if (is_nested(e))
			return 0;
	for (e = dsr_json_first(list); rc == 0 && e != NULL;
	    e = dsr_json_next(e)) {
		if (v->texts.len > start)
			rc = append_cut(v, start, "; ", 2, err);
		text = scalar_text(v, e, &len);
		if (rc == 0)
			rc = append_cut(v, start, text, len, err);
	}
	return rc;
}

static int
take_value(struct table_values *v, const char *name,
    const struct dsr_json_value *value, struct dsr_error *err)
{
	enum dsr_json_type type = dsr_json_type_of(value);
	size_t start = v->texts.len, len;
	struct cell *cell;
	const char *text;
	int rc;

	if (type == DSR_JSON_NULL || start >= CELLS_MOST ||
	    (cell = cell_of(v, name)) == NULL || cell->is_there)
		return 0;
	if (type == DSR_JSON_ARRAY)
		rc = append_list(v, start, value, err);
	else {
		text = scalar_text(v, value, &len);
		rc = append_cut(v, start, text, len, err);
	}
	cell->start = start;
	cell->len = v->texts.len - start;
	cell->is_text = type == DSR_JSON_STRING || type == DSR_JSON_ARRAY;
	cell->is_there = type != DSR_JSON_ARRAY || cell->len > 0;
	return rc < 0 ? -1 : 0;
}

/* Appends a key to the name so far; false when it cannot be a column. */
static bool
extend_name(char name[NAME_MOST + 1], size_t used,
    const struct dsr_json_value *member)
{
	size_t len = 0;
	const char *key = dsr_json_key(member, &len);

	if (key == NULL || len == 0 || memchr(key, '\0', len) != NULL ||
	    used + 1 + len > NAME_MOST)
		return false;
	(void)snprintf(name + used, NAME_MOST + 1 - used, "%s%s",
	    used > 0 ? "." : "", key);
	return true;
}

/* All members of objects within objects, without recursion. */
static int
take_members(struct table_values *v, const struct dsr_json_value *root,
    struct dsr_error *err)
{
	const struct dsr_json_value *at[DEPTH_MOST] = { dsr_json_first(root) };
	size_t used[DEPTH_MOST] = { 0 }, depth = 0;
	char name[NAME_MOST + 1] = "";
	const struct dsr_json_value *m;

	if (dsr_json_type_of(root) != DSR_JSON_OBJECT)
		return 0;
	for (;;) {
		if ((m = at[depth]) == NULL) {
			if (depth-- == 0)
				return 0;
			continue;
		}
		at[depth] = dsr_json_next(m);
		if (!extend_name(name, used[depth], m))
			continue;
		if (dsr_json_type_of(m) != DSR_JSON_OBJECT) {
			if (take_value(v, name, m, err) != 0)
				return -1;
		} else if (depth + 1 < DEPTH_MOST) {
			used[depth + 1] = strlen(name);
			at[++depth] = dsr_json_first(m);
		}
	}
}

/* ---- two lines of the spool --------------------------------------------------- */

static int
write_csv_line(struct table_values *v, struct dsr_error *err)
{
	const struct columns *c = v->current;
	const struct cell *cell;
	const char *text;
	size_t i;

	dsr_buffer_reset(&v->line);
	if (dsr_buffer_printf(&v->line, err, "%zu", c->count) != 0)
		return -1;
	for (i = 0; i < c->count; i++) {
		cell = &v->cells[i];
		text = dsr_buffer_str(&v->texts) + cell->start;
		if (dsr_buffer_putc(&v->line, ',', err) != 0)
			return -1;
		if (cell->is_there && (cell->is_text ?
		    dsr_csv_text(&v->line, &v->scratch, text, cell->len, err) :
		    dsr_buffer_append(&v->line, text, cell->len, err)) != 0)
			return -1;
	}
	return dsr_buffer_putc(&v->line, '\n', err);
}

static int
put_json_text(struct dsr_buffer *out, const char *text, size_t len,
    struct dsr_error *err)
{
	struct dsr_json_writer *w = NULL;
	int rc = -1;

	if (dsr_json_writer_new(&w, out, err) == 0) {
		dsr_json_write_text(w, text, len);
		rc = dsr_json_writer_finish(w, err);
	}
	dsr_json_writer_free(w);
	return rc;
}

static int
write_json_line(struct table_values *v, struct dsr_error *err)
{
	const struct columns *c = v->current;
	const struct cell *cell;
	const char *text, *before = "{";
	size_t i;

	dsr_buffer_reset(&v->line);
	for (i = 0; i < c->count; i++) {
		cell = &v->cells[i];
		if (!cell->is_there)
			continue;
		text = dsr_buffer_str(&v->texts) + cell->start;
		if (dsr_buffer_puts(&v->line, before, err) != 0 ||
		    put_json_text(&v->line, c->name[i], strlen(c->name[i]),
		    err) != 0 || dsr_buffer_putc(&v->line, ':', err) != 0 ||
		    (cell->is_text ?
		    put_json_text(&v->line, text, cell->len, err) :
		    dsr_buffer_append(&v->line, text, cell->len, err)) != 0)
			return -1;
		before = ",";
	}
	return dsr_buffer_puts(&v->line, before[0] == '{' ? "{}\n" : "}\n",
	    err);
}

/* Anything but JSON that can be read has no values, and no cells. */
static int
take_document(struct table_values *v, const void *bytes, size_t len,
    struct dsr_error *err)
{
	struct dsr_json *json = NULL;
	int rc = 0;

	memset(v->cells, 0, sizeof(v->cells));
	dsr_buffer_reset(&v->texts);
	v->guess = 0;
	v->bytes = bytes;
	if (bytes != NULL && len <= DSR_MAX_SHOWN_DOCUMENT)
		rc = dsr_json_parse_if(&json, bytes, len, err);
	if (json != NULL)
		rc = take_members(v, dsr_json_root(json), err);
	dsr_json_free(json);
	if (rc != 0 || write_csv_line(v, err) != 0 || dsr_spool_write(v->spool,
	    v->line.data, v->line.len, err) != 0 ||
	    write_json_line(v, err) != 0)
		return -1;
	return dsr_spool_write(v->spool, v->line.data, v->line.len, err);
}

/* ---- all documents --------------------------------------------------------------- */

static int
add_kind(struct table_values *v, const struct page_kind *k,
    struct dsr_error *err)
{
	struct columns **grown, *c;

	grown = reallocarray(v->kinds, v->count + 1, sizeof(struct columns *));
	if (grown == NULL)
		return dsr_fail(err, DSR_ENOMEM, "tables");
	v->kinds = grown;
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "columns");
	c->kind = k;
	v->kinds[v->count++] = c;
	return 0;
}

static struct columns *
kind_of(const struct table_values *v, const char *folder, size_t len)
{
	size_t i;

	for (i = 0; i < v->count; i++)
		if (strncmp(v->kinds[i]->kind->folder, folder, len) == 0 &&
		    v->kinds[i]->kind->folder[len] == '\0')
			return v->kinds[i];
	return NULL;
}

/* Documents of a kind stand together: FORMAT.md 3.2. */
static int
take_all(struct table_values *v, struct dsr_error *err)
{
	const struct dsr_page_bodies *b = v->page->bodies;
	char folder[DSR_MAX_NAME + 1] = "";
	const char *path;
	const void *bytes;
	size_t len, kind_len;
	int more;

	while ((more = b->next(b->ctx, &path, &bytes, &len, err)) == 1) {
		kind_len = dsr_kind_length(path, strlen(path));
		if (strlen(folder) != kind_len ||
		    memcmp(folder, path, kind_len) != 0) {
			(void)snprintf(folder, sizeof(folder), "%.*s",
			    (int)kind_len, path);
			v->current = kind_of(v, path, kind_len);
			if (v->current != NULL)
				v->current->offset = dsr_spool_size(v->spool);
		}
		if (v->current == NULL)
			continue;
		if (take_document(v, bytes, len, err) != 0)
			return -1;
		v->current->taken++;
	}
	return more;
}

int
dsr_table_values_new(struct table_values **out, const struct dsr_page *page,
    const struct page_survey *survey, uint64_t most, struct dsr_error *err)
{
	struct table_values *v;
	size_t i;
	int rc = 0;

	*out = NULL;
	if (page->bodies == NULL)
		return 0;
	if ((v = calloc(1, sizeof(*v))) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "tables");
	v->page = page;
	dsr_buffer_init(&v->line, ROW_MOST);
	dsr_buffer_init(&v->scratch, ROW_MOST);
	dsr_buffer_init(&v->texts, CELLS_MOST + 2 * CELL_MOST);
	for (i = 0; rc == 0 && i < survey->count; i++)
		if (survey->kinds[i].count > most)
			rc = add_kind(v, &survey->kinds[i], err);
	if (rc == 0 && v->count > 0 &&
	    ((rc = dsr_spool_new_like(&v->spool, page->documents, err)) != 0 ||
	    (rc = take_all(v, err)) != 0))
		(void)dsr_wrap(err, "tables");
	if (rc == 0)
		*out = v;
	else
		dsr_table_values_free(v);
	return rc;
}

void
dsr_table_values_free(struct table_values *v)
{
	if (v == NULL)
		return;
	while (v->count > 0)
		free(v->kinds[--v->count]);
	free(v->kinds);
	dsr_spool_free(v->spool);
	dsr_buffer_fini(&v->line);
	dsr_buffer_fini(&v->scratch);
	dsr_buffer_fini(&v->texts);
	free(v);
}

/* ---- reading ---------------------------------------------------------------------- */

int
dsr_table_values_find(struct table_values *v, const struct page_kind *k,
    struct dsr_error *err)
{
	if (v == NULL)
		return 0;
	v->current = kind_of(v, k->folder, strlen(k->folder));
	if (v->current == NULL || v->current->taken != k->count)
		return dsr_fail(err, DSR_EBUG, "%s: bodies of other documents",
		    k->folder);
	return dsr_spool_seek(v->spool, v->current->offset, err);
}

int
dsr_table_values_head(struct table_values *v, struct dsr_buffer *out,
    struct dsr_error *err)
{
	char title[NAME_MOST + sizeof("values.")];
	size_t i;

	for (i = 0; v != NULL && i < v->current->count; i++) {
		(void)snprintf(title, sizeof(title), "values.%s",
		    v->current->name[i]);
		if (dsr_buffer_putc(out, ',', err) != 0 || dsr_csv_text(out,
		    &v->scratch, title, strlen(title), err) != 0)
			return -1;
	}
	return 0;
}

static int
next_line(struct table_values *v, struct dsr_error *err)
{
	int more = dsr_spool_line(v->spool, &v->line, err);

	if (more == 0)
		return dsr_fail(err, DSR_EBUG, "a document without values");
	if (more == 1)
		v->line.len--; /* the LF */
	return more < 0 ? -1 : 0;
}

int
dsr_table_values_next(struct table_values *v, struct dsr_buffer *csv,
    struct dsr_buffer *json, struct dsr_error *err)
{
	const char *text, *comma;
	size_t columns;

	if (v == NULL)
		return 0;
	if (next_line(v, err) != 0)
		return -1;
	text = dsr_buffer_str(&v->line);
	columns = strtoul(text, NULL, 10);
	comma = memchr(text, ',', v->line.len);
	if (comma != NULL && dsr_buffer_append(csv, comma,
	    v->line.len - (size_t)(comma - text), err) != 0)
		return -1;
	for (; columns < v->current->count; columns++)
		if (dsr_buffer_putc(csv, ',', err) != 0)
			return -1;
	if (next_line(v, err) != 0 ||
	    dsr_buffer_puts(json, ",\"values\":", err) != 0)
		return -1;
	return dsr_buffer_append(json, v->line.data, v->line.len, err);
}
