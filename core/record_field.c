/* SPDX-License-Identifier: ISC */
/* The kinds of fields of records: one row each in a table. */
#include "record_private.h"

#include <assert.h>
#include <string.h>

#include "dossier/clock.h"
#include "dossier/limits.h"
#include "dossier/name.h"
#include "dossier/random.h"

int
dsr_field_refuse(const struct dsr_field_reader *r)
{
	size_t offset, len;

	dsr_json_span(r->value, &offset, &len);
	return dsr_fail(r->err, DSR_EFORMAT,
	    "%s: \"%s\": wanted %s%s, found another %s at byte %zu",
	    r->type->name, r->field->key,
	    dsr_field_ops(r->field->kind)->wanted,
	    r->field->nullable ? " or null" : "",
	    dsr_json_type_name(r->value), offset);
}

/* Pointers of any type are moved as bytes: void * may not alias them. */
static const void *
get_pointer(const void *at)
{
	const void *p;

	memcpy(&p, at, sizeof(p));
	return p;
}

static void
set_pointer(void *at, const void *p)
{
	memcpy(at, &p, sizeof(p));
}

static void
set_pointer_null(void *at)
{
	set_pointer(at, NULL);
}

static bool
is_pointer_null(const void *at)
{
	return get_pointer(at) == NULL;
}

static bool
is_text(const char *text, size_t len)
{
	(void)text;
	(void)len;
	return true; /* reader and writer of JSON look at the UTF-8 */
}

static bool
is_uuid(const char *text, size_t len)
{
	return len == DSR_UUID_SIZE - 1 && dsr_uuid_is_valid(text);
}

static bool
is_time(const char *text, size_t len)
{
	struct timespec when;

	return dsr_time_parse(&when, text, len);
}

static bool
is_digest(const char *text, size_t len)
{
	return len == 64 && strspn(text, "0123456789abcdef") == len;
}

static int
copy_text(const struct dsr_field_reader *r, const struct dsr_json_value *v,
    void *at)
{
	const char *text = dsr_json_string(v, NULL), *copy;
	size_t len;

	if (text == NULL)
		return dsr_field_refuse(r);
	len = strlen(text);
	if (!dsr_field_ops(r->field->kind)->is_valid(text, len))
		return dsr_field_refuse(r);
	copy = dsr_arena_copy(r->arena, text, len, r->err);
	if (copy == NULL)
		return -1;
	set_pointer(at, copy);
	return 0;
}

static int
read_text(const struct dsr_field_reader *r, void *at)
{
	return copy_text(r, r->value, at);
}

static bool
write_text(struct dsr_json_writer *w, const struct dsr_field_ops *ops,
    const void *at)
{
	const char *text = get_pointer(at);
	size_t len;

	if (text == NULL)
		return false;
	len = strlen(text);
	if (!ops->is_valid(text, len))
		return false;
	dsr_json_write_text(w, text, len);
	return true;
}

static bool
get_count(const struct dsr_json_value *v, uint64_t *out)
{
	int64_t n;

	if (!dsr_json_integer(v, &n) || n < 0)
		return false;
	*out = (uint64_t)n;
	return true;
}

static bool
put_count(struct dsr_json_writer *w, uint64_t count)
{
	if (count > DSR_MAX_JSON_INTEGER)
		return false;
	dsr_json_write_integer(w, (int64_t)count);
	return true;
}

static int
read_count(const struct dsr_field_reader *r, void *at)
{
	return get_count(r->value, at) ? 0 : dsr_field_refuse(r);
}

static bool
write_count(struct dsr_json_writer *w, const struct dsr_field_ops *ops,
    const void *at)
{
	const uint64_t *count = at;

	(void)ops;
	return put_count(w, *count);
}

static void
set_count_null(void *at)
{
	uint64_t *count = at;

	*count = DSR_NONE;
}

static bool
is_count_null(const void *at)
{
	const uint64_t *count = at;

	return *count == DSR_NONE;
}

static int
read_flag(const struct dsr_field_reader *r, void *at)
{
	enum dsr_json_type type = dsr_json_type_of(r->value);
	bool *flag = at;

	if (type != DSR_JSON_TRUE && type != DSR_JSON_FALSE)
		return dsr_field_refuse(r);
	*flag = type == DSR_JSON_TRUE;
	return 0;
}

static bool
write_flag(struct dsr_json_writer *w, const struct dsr_field_ops *ops,
    const void *at)
{
	const bool *flag = at;

	(void)ops;
	dsr_json_write_boolean(w, *flag);
	return true;
}

static int
read_span(const struct dsr_field_reader *r, void *at)
{
	const struct dsr_json_value *offset = dsr_json_first(r->value);
	struct dsr_span *span = at;

	if (dsr_json_type_of(r->value) != DSR_JSON_ARRAY ||
	    dsr_json_count(r->value) != 2 ||
	    !get_count(offset, &span->offset) ||
	    !get_count(dsr_json_next(offset), &span->len))
		return dsr_field_refuse(r);
	span->set = true;
	return 0;
}

static bool
write_span(struct dsr_json_writer *w, const struct dsr_field_ops *ops,
    const void *at)
{
	const struct dsr_span *span = at;
	bool ok;

	(void)ops;
	dsr_json_write_array(w);
	ok = span->set && put_count(w, span->offset) &&
	    put_count(w, span->len);
	dsr_json_write_end(w);
	return ok;
}

static void
set_span_null(void *at)
{
	memset(at, 0, sizeof(struct dsr_span));
}

static bool
is_span_null(const void *at)
{
	const struct dsr_span *span = at;

	return !span->set;
}

int
dsr_field_new_list(const struct dsr_field_reader *r, void *list, size_t count,
    size_t size)
{
	struct dsr_list *l = list;

	*l = (struct dsr_list){ .count = count };
	if (count == 0)
		return 0;
	if (count > SIZE_MAX / size)
		return dsr_fail(r->err, DSR_ENOMEM, "list");
	l->items = dsr_arena_alloc(r->arena, count * size, r->err);
	return l->items == NULL ? -1 : 0;
}

static int
read_texts(const struct dsr_field_reader *r, void *at)
{
	const struct dsr_json_value *v = dsr_json_first(r->value);
	struct dsr_list *list = at;
	const char **text;

	if (dsr_json_type_of(r->value) != DSR_JSON_ARRAY)
		return dsr_field_refuse(r);
	if (dsr_field_new_list(r, list, dsr_json_count(r->value),
	        sizeof(*text)) != 0)
		return -1;
	for (text = list->items; v != NULL; v = dsr_json_next(v))
		if (copy_text(r, v, text++) != 0)
			return -1;
	return 0;
}

static bool
write_texts(struct dsr_json_writer *w, const struct dsr_field_ops *ops,
    const void *at)
{
	const struct dsr_list *list = at;
	const char *const *text = list->items;
	bool ok = true;
	size_t i;

	dsr_json_write_array(w);
	for (i = 0; i < list->count && ok; i++)
		ok = write_text(w, ops, &text[i]);
	dsr_json_write_end(w);
	return ok;
}

static int
read_counts(const struct dsr_field_reader *r, void *at)
{
	const struct dsr_json_value *v = dsr_json_first(r->value);
	struct dsr_list *list = at;
	uint64_t *count;

	if (dsr_json_type_of(r->value) != DSR_JSON_ARRAY)
		return dsr_field_refuse(r);
	if (dsr_field_new_list(r, list, dsr_json_count(r->value),
	        sizeof(*count)) != 0)
		return -1;
	for (count = list->items; v != NULL; v = dsr_json_next(v))
		if (!get_count(v, count++))
			return dsr_field_refuse(r);
	return 0;
}

static bool
write_counts(struct dsr_json_writer *w, const struct dsr_field_ops *ops,
    const void *at)
{
	const struct dsr_list *list = at;
	const uint64_t *count = list->items;
	bool ok = true;
	size_t i;

	(void)ops;
	dsr_json_write_array(w);
	for (i = 0; i < list->count && ok; i++)
		ok = put_count(w, count[i]);
	dsr_json_write_end(w);
	return ok;
}

#define STRING(what, check)                                              \
	{ what, check, read_text, write_text, set_pointer_null,          \
		is_pointer_null }

const struct dsr_field_ops *
dsr_field_ops(enum dsr_field_kind kind)
{
	static const struct dsr_field_ops ops[] = {
		[DSR_FIELD_TEXT] = STRING("text without NUL", is_text),
		[DSR_FIELD_NAME] = STRING("a safe path", dsr_name_is_safe),
		[DSR_FIELD_ID] =
		    STRING("an identifier", dsr_identifier_is_safe),
		[DSR_FIELD_UUID] = STRING("a lower-case UUID", is_uuid),
		[DSR_FIELD_TIME] = STRING("a time in UTC", is_time),
		[DSR_FIELD_DIGEST] =
		    STRING("64 lower-case hexadecimal digits", is_digest),
		[DSR_FIELD_COUNT] = { "an integer from 0 to 2^53 - 1", NULL,
		    read_count, write_count, set_count_null, is_count_null },
		[DSR_FIELD_FLAG] = { "a boolean", NULL, read_flag, write_flag,
		    NULL, NULL },
		[DSR_FIELD_SPAN] = { "an array of offset and length", NULL,
		    read_span, write_span, set_span_null, is_span_null },
		[DSR_FIELD_RECORD] = { "an object", NULL, NULL, NULL,
		    set_pointer_null, is_pointer_null },
		[DSR_FIELD_LIST] = { "an array of objects", NULL, NULL, NULL,
		    NULL, NULL },
		[DSR_FIELD_TEXTS] = { "an array of texts without NUL",
		    is_text, read_texts, write_texts, NULL, NULL },
		[DSR_FIELD_DIGESTS] = { "an array of digests", is_digest,
		    read_texts, write_texts, NULL, NULL },
		[DSR_FIELD_COUNTS] = {
		    "an array of integers from 0 to 2^53 - 1", NULL,
		    read_counts, write_counts, NULL, NULL },
	};

	assert((size_t)kind < sizeof(ops) / sizeof(ops[0]));
	return &ops[kind];
}
