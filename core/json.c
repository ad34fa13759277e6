/* SPDX-License-Identifier: ISC */
/* Parses JSON: the only file that calls yajl. */
#include "dossier/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_parse.h>

#include "dossier/limits.h"
#include "json_private.h"

/* Bytes that yajl takes besides decoded strings: measured 3.4 KiB. */
#define YAJL_BYTES 8192u
/* What its buffer for decoded strings starts with, in bytes. */
#define YAJL_BUFFER 2048u

_Static_assert(sizeof(size_t) >= 8, "sums of 32-bit sizes fit a size_t");

struct dsr_json {
	const uint8_t *text; /* borrowed */
	size_t len;          /* bytes of text */
	size_t count;        /* values there are */
	size_t cap;          /* values there is room for */
	char *strings;       /* behind the values: len bytes are enough, since
	                      * NUL and decoded text are shorter than quotes
	                      * and text */
	struct dsr_json_value values[];
};

/* An object or array that has no end yet. */
struct open_container {
	struct dsr_json_value *value;
	struct dsr_json_value *last; /* child; NULL: none yet */
};

struct builder {
	struct dsr_json *json;
	const uint8_t *mended; /* see struct dsr_json_scan */
	yajl_handle yajl;
	struct dsr_error *err;
	bool strict;
	size_t end;         /* offset behind the last token */
	char *free_strings; /* where the next decoded string goes */
	struct dsr_json_value key; /* its key_ members wait for their value */
	size_t depth;
	struct open_container open[DSR_MAX_JSON_DEPTH];
	uint8_t *memory; /* yajl's */
	size_t memory_used, memory_size;
};

/*
 * yajl does not look whether it was given memory: it gets from here what was
 * set aside before it began.
 */
static void *
give_memory(void *ctx, size_t len)
{
	struct builder *b = ctx;
	uint8_t *p = b->memory + b->memory_used;
	size_t taken = sizeof(max_align_t) +
	    (len + sizeof(max_align_t) - 1) / sizeof(max_align_t) *
	        sizeof(max_align_t);

	assert(taken <= b->memory_size - b->memory_used);
	b->memory_used += taken;
	memcpy(p, &len, sizeof(len)); /* for give_more_memory */
	return p + sizeof(max_align_t);
}

static void *
give_more_memory(void *ctx, void *old, size_t len)
{
	void *p = give_memory(ctx, len);
	size_t old_len;

	if (old == NULL)
		return p;
	memcpy(&old_len, (uint8_t *)old - sizeof(max_align_t),
	    sizeof(old_len));
	return memcpy(p, old, old_len < len ? old_len : len);
}

static void
take_memory(void *ctx, void *p)
{
	(void)ctx; /* all of it goes with the builder */
	(void)p;
}

static bool
is_between_tokens(uint8_t c)
{
	return c == ',' || c == ':' || c == ' ' || c == '\n' || c == '\r' ||
	    c == '\t';
}

/* Sets b->end behind the token that yajl just read; returns its start. */
static size_t
next_token(struct builder *b, size_t end)
{
	size_t start = b->end;

	while (start < b->json->len &&
	    is_between_tokens(b->json->text[start]))
		start++;
	b->end = end;
	return start;
}

/* Hangs a new value into the tree; NULL when there is no more room. */
static struct dsr_json_value *
add_value(struct builder *b, enum dsr_json_type type, size_t start)
{
	struct dsr_json_value *v;
	struct open_container *top;

	if (b->json->count == b->json->cap) {
		dsr_fail(b->err, DSR_ELIMIT,
		    "JSON: more than %u values", DSR_MAX_JSON_NODES);
		return NULL;
	}
	v = &b->json->values[b->json->count++];
	*v = b->key;
	v->type = type;
	v->offset = (uint32_t)start;
	v->len = (uint32_t)(b->end - start);
	b->key.key = NULL;
	if (b->depth > 0) {
		top = &b->open[b->depth - 1];
		top->value->count++;
		if (top->last != NULL)
			top->last->next = (uint32_t)(v - top->last);
		top->last = v;
	}
	return v;
}

/* Keeps decoded text with a NUL behind it. */
static const char *
keep_string(struct builder *b, const unsigned char *s, size_t len)
{
	char *copy = b->free_strings;

	memcpy(copy, s, len);
	copy[len] = '\0';
	b->free_strings += len + 1;
	return copy;
}

/* Length of text, or the mark of text in which surrogates were mended. */
static uint32_t
text_len(const struct builder *b, size_t start, size_t len)
{
	if (b->mended != NULL && memcmp(b->mended + start,
	        b->json->text + start, b->end - start) != 0)
		return DSR_JSON_ILL_FORMED;
	return (uint32_t)len;
}

static int
on_null(void *ctx)
{
	struct builder *b = ctx;
	size_t start = next_token(b, yajl_get_bytes_consumed(b->yajl));

	return add_value(b, DSR_JSON_NULL, start) != NULL;
}

static int
on_boolean(void *ctx, int value)
{
	struct builder *b = ctx;
	size_t start = next_token(b, yajl_get_bytes_consumed(b->yajl));

	return add_value(b, value ? DSR_JSON_TRUE : DSR_JSON_FALSE, start) !=
	    NULL;
}

/* A number at the very end is told when yajl counts from 0 again. */
static int
on_number(void *ctx, const char *s, size_t len)
{
	struct builder *b = ctx;
	size_t start = next_token(b, 0);
	struct dsr_json_value *v;

	(void)s;
	b->end = start + len;
	v = add_value(b, DSR_JSON_NUMBER, start);
	if (v == NULL)
		return 0;
	v->text = (const char *)b->json->text + start;
	v->text_len = (uint32_t)len;
	return 1;
}

static int
on_string(void *ctx, const unsigned char *s, size_t len)
{
	struct builder *b = ctx;
	size_t start = next_token(b, yajl_get_bytes_consumed(b->yajl));
	struct dsr_json_value *v = add_value(b, DSR_JSON_STRING, start);

	if (v == NULL)
		return 0;
	v->text = keep_string(b, s, len);
	v->text_len = text_len(b, start, len);
	return 1;
}

static int
on_key(void *ctx, const unsigned char *s, size_t len)
{
	struct builder *b = ctx;
	size_t start = next_token(b, yajl_get_bytes_consumed(b->yajl));

	b->key.key = keep_string(b, s, len);
	b->key.key_len = text_len(b, start, len);
	b->key.key_offset = (uint32_t)start;
	b->key.key_span = (uint32_t)(b->end - start);
	return 1;
}

static int
open_container(struct builder *b, enum dsr_json_type type)
{
	size_t start = next_token(b, yajl_get_bytes_consumed(b->yajl));
	struct dsr_json_value *v = add_value(b, type, start);

	if (v == NULL)
		return 0;
	assert(b->depth < DSR_MAX_JSON_DEPTH); /* dsr_json_scan counted */
	b->open[b->depth++] = (struct open_container){ .value = v };
	return 1;
}

static int
on_object(void *ctx)
{
	return open_container(ctx, DSR_JSON_OBJECT);
}

static int
on_array(void *ctx)
{
	return open_container(ctx, DSR_JSON_ARRAY);
}

static int
close_container(void *ctx)
{
	struct builder *b = ctx;
	struct dsr_json_value *v = b->open[--b->depth].value;

	next_token(b, yajl_get_bytes_consumed(b->yajl));
	v->len = (uint32_t)(b->end - v->offset);
	return 1;
}

static int
fail_at(const struct dsr_json *json, struct dsr_error *err, const char *what,
    size_t offset)
{
	size_t line, column;

	dsr_json_position(json, offset, &line, &column);
	return dsr_fail(err, DSR_EFORMAT, "not JSON: %s: line %zu, column %zu",
	    what, line, column);
}

static int
refuse_doubled_key(const struct dsr_json *json,
    const struct dsr_json_value *object, struct dsr_error *err)
{
	const struct dsr_json_value *doubled;

	if (dsr_json_find_doubled(object, &doubled, err) != 0)
		return -1;
	return doubled == NULL
	    ? 0
	    : fail_at(json, err, "a key is there twice", doubled->key_offset);
}

static int
on_object_end(void *ctx)
{
	struct builder *b = ctx;
	const struct dsr_json_value *object = b->open[b->depth - 1].value;

	close_container(b);
	if (!b->strict)
		return 1;
	return refuse_doubled_key(b->json, object, b->err) == 0;
}

/* yajl knows what is wrong, but where only to the end of what it read. */
static void
fail_grammar(struct builder *b, size_t read)
{
	size_t start = next_token(b, 0);
	unsigned char *text = yajl_get_error(b->yajl, 0, NULL, 0);

	if (start >= read && read > 0)
		start = read - 1; /* a comma or colon too many */
	text[strcspn((const char *)text, ".\n")] = '\0';
	fail_at(b->json, b->err, (const char *)text, start);
	yajl_free_error(b->yajl, text);
}

static int
run_yajl(struct builder *b)
{
	static const yajl_callbacks callbacks = {
		.yajl_null = on_null,
		.yajl_boolean = on_boolean,
		.yajl_number = on_number,
		.yajl_string = on_string,
		.yajl_start_map = on_object,
		.yajl_map_key = on_key,
		.yajl_end_map = on_object_end,
		.yajl_start_array = on_array,
		.yajl_end_array = close_container,
	};
	yajl_alloc_funcs memory = { .malloc = give_memory,
		.realloc = give_more_memory, .free = take_memory, .ctx = b };
	yajl_status status;
	size_t read;

	b->yajl = yajl_alloc(&callbacks, &memory, b);
	status = yajl_parse(b->yajl,
	    b->mended != NULL ? b->mended : b->json->text, b->json->len);
	read = yajl_get_bytes_consumed(b->yajl);
	if (status == yajl_status_ok) {
		status = yajl_complete_parse(b->yajl);
		read = b->json->len + 1; /* a space that we do not see */
	}
	if (status == yajl_status_error)
		fail_grammar(b, read);
	yajl_free(b->yajl);
	return status == yajl_status_ok ? 0 : -1;
}

/* Room for all values and strings that the text can hold. */
static struct dsr_json *
new_json(const uint8_t *text, size_t len, const struct dsr_json_scan *scan)
{
	size_t cap = scan->values < DSR_MAX_JSON_NODES ? scan->values :
	                                                 DSR_MAX_JSON_NODES;
	struct dsr_json *json;

	json = malloc(sizeof(*json) + cap * sizeof(json->values[0]) + len);
	if (json == NULL)
		return NULL;
	json->text = text;
	json->len = len;
	json->count = 0;
	json->cap = cap;
	json->strings = (char *)&json->values[cap];
	return json;
}

static int
build(struct dsr_json *json, const struct dsr_json_scan *scan, bool strict,
    struct dsr_error *err)
{
	/* yajl doubles its buffer: as much again for the smaller ones */
	size_t size = YAJL_BYTES + YAJL_BUFFER + 4 * (scan->longest + 1);
	struct builder *b;
	int rc;

	b = malloc(sizeof(*b) + sizeof(max_align_t) + size);
	if (b == NULL)
		return dsr_fail(err, DSR_ENOMEM, "JSON");
	b->json = json;
	b->mended = scan->mended;
	b->err = err;
	b->strict = strict;
	b->end = 0;
	b->free_strings = json->strings;
	b->key = (struct dsr_json_value){ .key = NULL };
	b->depth = 0;
	b->memory = (uint8_t *)(b + 1);
	b->memory += -(uintptr_t)b->memory % sizeof(max_align_t);
	b->memory_used = 0;
	b->memory_size = size;
	rc = run_yajl(b);
	free(b);
	return rc;
}

int
dsr_json_parse(struct dsr_json **out, const void *text, size_t len,
    bool strict, struct dsr_error *err)
{
	struct dsr_json_scan scan = { .mended = NULL };
	struct dsr_json *json = NULL;
	int rc = -1;

	*out = NULL;
	if (text == NULL)
		text = ""; /* an empty buffer */
	if (len > DSR_MAX_JSON_TEXT) {
		dsr_fail(err, DSR_ELIMIT, "JSON: longer than %u bytes",
		    DSR_MAX_JSON_TEXT);
		goto out;
	}
	if (dsr_json_scan(&scan, text, len, strict, err) != 0)
		goto out;
	json = new_json(text, len, &scan);
	if (json == NULL) {
		dsr_fail(err, DSR_ENOMEM, "JSON");
		goto out;
	}
	if (build(json, &scan, strict, err) != 0)
		goto out;
	*out = json;
	json = NULL;
	rc = 0;
out:
	free(scan.mended);
	dsr_json_free(json);
	return rc;
}

int
dsr_json_parse_if(struct dsr_json **out, const void *text, size_t len,
    struct dsr_error *err)
{
	struct dsr_error why;

	if (dsr_json_parse(out, text, len, false, &why) == 0 ||
	    why.code == DSR_EFORMAT || why.code == DSR_ELIMIT)
		return 0;
	*err = why;
	return -1;
}

void
dsr_json_free(struct dsr_json *json)
{
	free(json);
}

const struct dsr_json_value *
dsr_json_root(const struct dsr_json *json)
{
	return json == NULL ? NULL : &json->values[0];
}

void
dsr_json_position(const struct dsr_json *json, size_t offset, size_t *line,
    size_t *column)
{
	dsr_json_text_position(json->text, offset, line, column);
}
