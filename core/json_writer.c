/* SPDX-License-Identifier: ISC */
/* Writes canonical JSON (RFC 8785). */
#include "dossier/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/text.h"
#include "json_private.h"

/* An object or array that has no end yet. */
struct level {
	bool object;
	bool empty;
	bool key_given;  /* object: the next value has its key */
	size_t last_key; /* offset in the buffer of the last key's text */
	size_t last_key_len;
	bool last_key_escaped;
};

struct dsr_json_writer {
	struct dsr_buffer *buf; /* borrowed */
	struct dsr_error err;
	bool failed;            /* err is filled */
	size_t depth;
	struct level level[DSR_MAX_JSON_DEPTH];
};

int
dsr_json_writer_new(struct dsr_json_writer **out, struct dsr_buffer *buf,
    struct dsr_error *err)
{
	struct dsr_json_writer *w;

	*out = NULL;
	w = malloc(sizeof(*w));
	if (w == NULL)
		return dsr_fail(err, DSR_ENOMEM, "JSON writer");
	w->buf = buf;
	w->failed = false;
	w->depth = 0;
	*out = w;
	return 0;
}

void
dsr_json_writer_free(struct dsr_json_writer *w)
{
	free(w);
}

/* Lines are made of small pieces: most go where there is room already. */
static inline void
put(struct dsr_json_writer *w, const void *s, size_t len)
{
	struct dsr_buffer *b = w->buf;

	if (w->failed)
		return;
	if (len < b->cap - b->len && len <= b->max - b->len) {
		memcpy(b->data + b->len, s, len);
		b->len += len;
		b->data[b->len] = '\0';
	} else {
		w->failed = dsr_buffer_append(b, s, len, &w->err) != 0;
	}
}

void
dsr_json_writer_fail(struct dsr_json_writer *w, const struct dsr_error *err)
{
	if (!w->failed)
		w->err = *err;
	w->failed = true;
}

static void
latch(struct dsr_json_writer *w, enum dsr_code code, const char *what)
{
	if (!w->failed)
		dsr_fail(&w->err, code, "JSON writer: %s", what);
	w->failed = true;
}

/* What comes before any value: a comma between elements. */
static void
begin_value(struct dsr_json_writer *w)
{
	struct level *top;

	if (w->depth == 0 || w->failed)
		return;
	top = &w->level[w->depth - 1];
	if (top->object) {
		assert(top->key_given);
		top->key_given = false;
	} else if (!top->empty) {
		put(w, ",", 1);
	}
	top->empty = false;
}

static void
open_level(struct dsr_json_writer *w, bool object)
{
	begin_value(w);
	if (w->depth == DSR_MAX_JSON_DEPTH)
		latch(w, DSR_ELIMIT, "nested too deeply");
	if (w->failed)
		return;
	w->level[w->depth++] = (struct level){ .object = object,
		.empty = true };
	put(w, object ? "{" : "[", 1);
}

void
dsr_json_write_object(struct dsr_json_writer *w)
{
	open_level(w, true);
}

void
dsr_json_write_array(struct dsr_json_writer *w)
{
	open_level(w, false);
}

void
dsr_json_write_end(struct dsr_json_writer *w)
{
	if (w->failed)
		return; /* the level may never have been opened */
	assert(w->depth > 0);
	assert(!w->level[w->depth - 1].key_given);
	w->depth--;
	put(w, w->level[w->depth].object ? "}" : "]", 1);
}

/* RFC 8785 3.2.2.2: the short escapes, else \u00xx in lower case. */
static void
put_escape(struct dsr_json_writer *w, uint8_t c)
{
	static const char shorts[] = "\b\t\n\f\r\"\\", letters[] = "btnfr\"\\";
	static const char digits[] = "0123456789abcdef";
	const char *found = c == '\0' ? NULL : strchr(shorts, c);
	char out[6] = { '\\', 'u', '0', '0', digits[c >> 4], digits[c & 15] };

	if (found != NULL) {
		out[1] = letters[found - shorts];
		put(w, out, 2);
	} else {
		put(w, out, sizeof(out));
	}
}

static void
put_string(struct dsr_json_writer *w, const char *text, size_t len)
{
	const uint8_t *s = (const uint8_t *)text;
	size_t start = 0, i = 0, n;
	uint32_t code;

	put(w, "\"", 1);
	for (;;) {
		i += dsr_json_plain_run(s + i, len - i);
		if (i == len)
			break;
		if (s[i] < 0x80) {
			put(w, s + start, i - start);
			put_escape(w, s[i++]);
			start = i;
		} else if ((n = dsr_utf8_next(s + i, len - i, &code)) > 0) {
			i += n;
		} else {
			latch(w, DSR_EFORMAT, "text is not UTF-8");
			return;
		}
	}
	put(w, s + start, len - start);
	put(w, "\"", 1);
}

/* Canonical order. No key is compared with an escaped one: records have none. */
static bool
key_ascends(const struct dsr_json_writer *w, const struct level *top,
    const char *key, size_t len)
{
	const char *last = (const char *)w->buf->data + top->last_key;

	return top->empty || top->last_key_escaped ||
	    dsr_json_key_compare(last, top->last_key_len, key, len) < 0;
}

static void
put_key(struct dsr_json_writer *w, const char *key, size_t len)
{
	struct level *top;
	bool ascends;

	if (w->failed)
		return;
	assert(w->depth > 0);
	top = &w->level[w->depth - 1];
	ascends = key_ascends(w, top, key, len);
	assert(top->object && !top->key_given && ascends);
	(void)ascends;
	if (!top->empty)
		put(w, ",", 1);
	top->empty = false;
	top->key_given = true;
	top->last_key = w->buf->len + 1;
	put_string(w, key, len);
	if (w->failed)
		return;
	top->last_key_len = w->buf->len - top->last_key - 1;
	top->last_key_escaped = top->last_key_len != len;
	put(w, ":", 1);
}

void
dsr_json_write_key(struct dsr_json_writer *w, const char *key)
{
	put_key(w, key, strlen(key));
}

void
dsr_json_write_text(struct dsr_json_writer *w, const char *s, size_t len)
{
	begin_value(w);
	put_string(w, s, len);
}

void
dsr_json_write_string(struct dsr_json_writer *w, const char *s)
{
	if (s == NULL)
		dsr_json_write_null(w);
	else
		dsr_json_write_text(w, s, strlen(s));
}

void
dsr_json_write_integer(struct dsr_json_writer *w, int64_t value)
{
	char text[24], *p = text + sizeof(text);
	uint64_t left;

	if (value > DSR_MAX_JSON_INTEGER || value < -DSR_MAX_JSON_INTEGER) {
		latch(w, DSR_ELIMIT, "a number is beyond 2^53 - 1");
		return;
	}
	left = (uint64_t)(value < 0 ? -value : value);
	begin_value(w);
	do {
		*--p = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (value < 0)
		*--p = '-';
	put(w, p, (size_t)(text + sizeof(text) - p));
}

void
dsr_json_write_boolean(struct dsr_json_writer *w, bool value)
{
	begin_value(w);
	put(w, value ? "true" : "false", value ? 4 : 5);
}

void
dsr_json_write_null(struct dsr_json_writer *w)
{
	begin_value(w);
	put(w, "null", 4);
}

int
dsr_json_writer_finish(struct dsr_json_writer *w, struct dsr_error *err)
{
	bool failed = w->failed;

	assert(failed || w->depth == 0);
	w->failed = false;
	w->depth = 0;
	if (failed)
		*err = w->err;
	return failed ? -1 : 0;
}

/* A container of a value being written. */
struct walk {
	const struct dsr_json_value *next;    /* child to write */
	const struct dsr_json_value **sorted; /* NULL: as they stand */
	size_t count;                         /* of sorted */
	size_t done;                          /* of sorted */
};

static void
write_scalar(struct dsr_json_writer *w, const struct dsr_json_value *v)
{
	const char *text;
	size_t len;
	int64_t n;

	if (v->type == DSR_JSON_NULL)
		dsr_json_write_null(w);
	else if (v->type != DSR_JSON_STRING && v->type != DSR_JSON_NUMBER)
		dsr_json_write_boolean(w, v->type == DSR_JSON_TRUE);
	else if (dsr_json_integer(v, &n))
		dsr_json_write_integer(w, n);
	else if ((text = dsr_json_string(v, &len)) != NULL)
		dsr_json_write_text(w, text, len);
	else if (v->type == DSR_JSON_NUMBER)
		latch(w, DSR_EFORMAT, "a number is not an integer within "
		    "+-(2^53 - 1)");
	else
		latch(w, DSR_EFORMAT, "a string has a lone surrogate");
}

/* Writes a scalar, or the beginning of a container: then true. */
static bool
enter_value(struct dsr_json_writer *w, struct walk *walk,
    const struct dsr_json_value *v)
{
	if (v->type != DSR_JSON_OBJECT && v->type != DSR_JSON_ARRAY) {
		write_scalar(w, v);
		return false;
	}
	*walk = (struct walk){ .next = dsr_json_first(v) };
	open_level(w, v->type == DSR_JSON_OBJECT);
	if (v->type == DSR_JSON_OBJECT && !w->failed &&
	    !dsr_json_keys_ascend(v)) {
		walk->count = v->count;
		w->failed = dsr_json_sort_members(&walk->sorted, v,
		                &w->err) != 0;
	}
	return !w->failed;
}

/* The next child of a container, in canonical order; NULL at the end. */
static const struct dsr_json_value *
next_child(struct dsr_json_writer *w, struct walk *walk)
{
	const struct dsr_json_value *v = walk->next;

	if (walk->sorted == NULL) {
		walk->next = dsr_json_next(v);
		return v;
	}
	if (walk->done == walk->count)
		return NULL;
	v = walk->sorted[walk->done];
	if (walk->done > 0 &&
	    dsr_json_key_is_same(walk->sorted[walk->done - 1], v))
		latch(w, DSR_EFORMAT, "a key is there twice");
	walk->done++;
	return v;
}

static void
write_key_of(struct dsr_json_writer *w, const struct dsr_json_value *v)
{
	size_t len;
	const char *key = dsr_json_key(v, &len);

	if (v->key == NULL)
		return; /* of an array */
	if (key == NULL)
		latch(w, DSR_EFORMAT, "a key has a lone surrogate");
	else
		put_key(w, key, len);
}

void
dsr_json_write_value(struct dsr_json_writer *w, const struct dsr_json_value *v)
{
	struct walk walk[DSR_MAX_JSON_DEPTH];
	size_t depth;

	depth = enter_value(w, &walk[0], v);
	while (depth > 0) {
		v = w->failed ? NULL : next_child(w, &walk[depth - 1]);
		if (v != NULL && !w->failed) {
			write_key_of(w, v);
			/* no deeper than what dsr_json_parse let pass */
			depth += enter_value(w, &walk[depth], v);
		} else {
			free(walk[--depth].sorted);
			dsr_json_write_end(w);
		}
	}
}
