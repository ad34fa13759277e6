/* SPDX-License-Identifier: ISC */
/* A connector from its file: parsed, checked, or everything wrong with it. */
#include "connector.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/text.h"

/* ---- complaints ---------------------------------------------------------- */

void
complaints_fini(struct complaints *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->items[i].text);
	free(c->items);
	(void)memset(c, 0, sizeof(*c));
}

static int
compare_complaints(const void *a, const void *b)
{
	const struct complaint *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->text, y->text);
}

void
complaints_sort(struct complaints *c)
{
	if (c->count > 0)
		qsort(c->items, c->count, sizeof(*c->items),
		    compare_complaints);
}

static void
add_complaint(struct complaints *c, size_t line, size_t column, bool warning,
    const char *text)
{
	struct complaint *more =
	    realloc(c->items, (c->count + 1) * sizeof(*more));

	if (more == NULL) {
		c->failed = true;
		return;
	}
	c->items = more;
	more[c->count].line = line;
	more[c->count].column = column;
	more[c->count].warning = warning;
	more[c->count].text = strdup(text);
	if (more[c->count].text == NULL) {
		c->failed = true;
		return;
	}
	c->count++;
	c->errors += !warning;
}

static void
complain_at(struct reading *r, const struct dsr_json_value *at, bool warning,
    const char *text)
{
	size_t offset, len, line, column;

	/* a member is named by its key, which stands before its value */
	if (!dsr_json_key_span(at, &offset, &len))
		dsr_json_span(at, &offset, &len);
	dsr_json_position(r->k->json, offset, &line, &column);
	add_complaint(r->complaints, line, column, warning, text);
}

void
complain(struct reading *r, const struct dsr_json_value *at, const char *fmt,
    ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	complain_at(r, at, false, text);
}

void
warn(struct reading *r, const struct dsr_json_value *at, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	complain_at(r, at, true, text);
}

void *
reading_alloc(struct reading *r, size_t len)
{
	void *p =
	    r->failed ? NULL : dsr_arena_alloc(r->k->arena, len, r->err);

	r->failed = p == NULL;
	return p;
}

char *
reading_copy(struct reading *r, const char *s, size_t len)
{
	char *p = r->failed ? NULL
	                    : dsr_arena_copy(r->k->arena, s, len, r->err);

	r->failed = p == NULL;
	return p;
}

/* ---- reading ------------------------------------------------------------- */

/* "…: line 3, column 5": the place goes where a complaint has it. */
static void
complain_of_json(struct complaints *c, const char *message)
{
	const char *place = strstr(message, "line ");
	size_t line = 1, column = 1;

	while (place != NULL &&
	    sscanf(place, "line %zu, column %zu", &line, &column) != 2)
		place = strstr(place + 1, "line ");
	add_complaint(c, line, column, false, message);
}

static int
fail_of_complaints(const struct complaints *c, const char *file,
    struct dsr_error *err)
{
	const struct complaint *first = NULL;

	for (size_t i = 0; i < c->count && first == NULL; i++)
		if (!c->items[i].warning)
			first = &c->items[i];
	if (first == NULL)
		return dsr_fail(err, DSR_ENOMEM, "connector %s", file);
	return dsr_fail(err, DSR_EINPUT, "%s:%zu:%zu: %s", file, first->line,
	    first->column, first->text);
}

int
connector_read(struct connector **out, const char *file,
    struct dsr_buffer *text, struct complaints *complaints,
    struct dsr_error *err)
{
	struct connector *k = calloc(1, sizeof(*k));
	struct reading r = { k, complaints, err, false };
	uint8_t digest[DSR_SHA256_BYTES];
	struct dsr_error json;

	*out = NULL;
	if (k == NULL) {
		dsr_buffer_fini(text);
		return dsr_fail(err, DSR_ENOMEM, "connector %s", file);
	}
	k->text = *text;
	dsr_buffer_init(text, 0);
	if (dsr_arena_new(&k->arena, err) != 0)
		goto fail;
	if (dsr_json_parse(&k->json, k->text.data, k->text.len, false,
	        &json) != 0) {
		if (json.code == DSR_ENOMEM) {
			*err = json;
			goto fail;
		}
		complain_of_json(complaints, json.msg);
	} else {
		read_object(&r, &connector_kind, dsr_json_root(k->json), k);
		if (!r.failed)
			connector_check(&r);
	}
	if (r.failed)
		goto fail;
	complaints_sort(complaints);
	if (complaints->errors > 0 || complaints->failed) {
		(void)fail_of_complaints(complaints, file, err);
		goto fail;
	}
	dsr_sha256(digest, k->text.data, k->text.len);
	dsr_hex_encode(k->sha256, digest, sizeof(digest));
	*out = k;
	return 0;
fail:
	connector_free(k);
	return -1;
}

void
connector_free(struct connector *k)
{
	if (k == NULL)
		return;
	dsr_json_free(k->json);
	dsr_buffer_fini(&k->text);
	dsr_arena_free(k->arena);
	free(k);
}

/* ---- finding ------------------------------------------------------------- */

int
connector_load(struct connector **out, const char *word,
    struct complaints *complaints, struct dsr_error *err)
{
	struct dsr_buffer text;
	char path[4096];

	*out = NULL;
	dsr_buffer_init(&text, DSR_MAX_CONNECTOR);
	if (connector_open(word, path, sizeof(path), &text, err) != 0) {
		dsr_buffer_fini(&text);
		if (err->code == DSR_ELIMIT)
			err->code = DSR_EINPUT;
		return -1;
	}
	return connector_read(out, path, &text, complaints, err);
}

/* ---- asking -------------------------------------------------------------- */

const char *
connector_text(const struct dsr_json_value *text)
{
	const char *s = dsr_json_string(text, NULL);

	if (s == NULL)
		s = dsr_json_string(dsr_json_get(text, "en"), NULL);
	return s != NULL ? s : "";
}

const char *
connector_local_text(const struct dsr_json_value *text)
{
	const char *language = dsr_language_get();
	const char *s = language == NULL
	    ? NULL
	    : dsr_json_string(dsr_json_get(text, language), NULL);

	return s != NULL ? s : connector_text(text);
}

size_t
connector_find(const struct connector *k, const char *name)
{
	const struct endpoint *e = k->endpoints.items;

	for (size_t i = 0; i < k->endpoints.count; i++)
		if (e[i].name != NULL && strcmp(e[i].name, name) == 0)
			return i;
	return NO_ENDPOINT;
}

const struct endpoint *
connector_endpoint(const struct connector *k, size_t index)
{
	return (const struct endpoint *)k->endpoints.items + index;
}

const struct parameter *
parameter_find(const struct dsr_list *list, const char *name)
{
	const struct parameter *p = list->items;

	for (size_t i = 0; i < list->count; i++)
		if (p[i].name != NULL && strcmp(p[i].name, name) == 0)
			return &p[i];
	return NULL;
}

bool
endpoint_inherits(const struct connector *k, const struct endpoint *endpoint,
    const char *name)
{
	/* parents stand above their children: this ends */
	while (endpoint != NULL) {
		const struct param_value *p = endpoint->dimensions.items;

		for (size_t i = 0; i < endpoint->dimensions.count; i++)
			if (p[i].name != NULL && strcmp(p[i].name, name) == 0)
				return true;
		endpoint = endpoint->parent == NO_ENDPOINT
		    ? NULL
		    : connector_endpoint(k, endpoint->parent);
	}
	return false;
}
