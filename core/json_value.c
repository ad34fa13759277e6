/* SPDX-License-Identifier: ISC */
/* Values of a parsed JSON text: looking at them. */
#include "json_private.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/text.h"

enum dsr_json_type
dsr_json_type_of(const struct dsr_json_value *v)
{
	return v->type;
}

const char *
dsr_json_type_name(const struct dsr_json_value *v)
{
	static const char *const names[] = {
		[DSR_JSON_NULL] = "null",
		[DSR_JSON_FALSE] = "boolean",
		[DSR_JSON_TRUE] = "boolean",
		[DSR_JSON_NUMBER] = "number",
		[DSR_JSON_STRING] = "string",
		[DSR_JSON_ARRAY] = "array",
		[DSR_JSON_OBJECT] = "object",
	};

	return names[v->type];
}

size_t
dsr_json_count(const struct dsr_json_value *v)
{
	return v == NULL ? 0 : v->count;
}

const struct dsr_json_value *
dsr_json_first(const struct dsr_json_value *v)
{
	return v == NULL || v->count == 0 ? NULL : v + 1;
}

const struct dsr_json_value *
dsr_json_next(const struct dsr_json_value *v)
{
	return v == NULL || v->next == 0 ? NULL : v + v->next;
}

/* Hands out text that may be ill-formed or, for a C string, hold a NUL. */
static const char *
give_text(const char *text, uint32_t text_len, size_t *len)
{
	if (text_len == DSR_JSON_ILL_FORMED)
		return NULL;
	if (len != NULL)
		*len = text_len;
	else if (memchr(text, '\0', text_len) != NULL)
		return NULL;
	return text;
}

const char *
dsr_json_key(const struct dsr_json_value *v, size_t *len)
{
	if (v == NULL || v->key == NULL)
		return NULL;
	return give_text(v->key, v->key_len, len);
}

const struct dsr_json_value *
dsr_json_get(const struct dsr_json_value *v, const char *key)
{
	const struct dsr_json_value *member;
	size_t len = strlen(key);

	if (v == NULL || v->type != DSR_JSON_OBJECT)
		return NULL;
	for (member = dsr_json_first(v); member != NULL;
	     member = dsr_json_next(member))
		if (member->key_len == len &&
		    memcmp(member->key, key, len) == 0)
			return member;
	return NULL;
}

const struct dsr_json_value *
dsr_json_get_path(const struct dsr_json_value *v, const char *const *keys,
    size_t count)
{
	size_t i;

	for (i = 0; i < count && v != NULL; i++)
		v = dsr_json_get(v, keys[i]);
	return v;
}

const char *
dsr_json_string(const struct dsr_json_value *v, size_t *len)
{
	if (v == NULL || v->type != DSR_JSON_STRING)
		return NULL;
	return give_text(v->text, v->text_len, len);
}

bool
dsr_json_integer(const struct dsr_json_value *v, int64_t *out)
{
	size_t sign;
	uint64_t n;

	if (v == NULL || v->type != DSR_JSON_NUMBER)
		return false;
	sign = v->text[0] == '-';
	if (!dsr_parse_u64(v->text + sign, v->text_len - sign,
	        DSR_MAX_JSON_INTEGER, &n))
		return false;
	*out = sign ? -(int64_t)n : (int64_t)n;
	return true;
}

void
dsr_json_span(const struct dsr_json_value *v, size_t *offset, size_t *len)
{
	*offset = v->offset;
	*len = v->len;
}

bool
dsr_json_key_span(const struct dsr_json_value *v, size_t *offset, size_t *len)
{
	if (v->key == NULL)
		return false;
	*offset = v->key_offset;
	*len = v->key_span;
	return true;
}

/*
 * UTF-8 sorts as code points do, UTF-16 puts U+10000 and above (lead bytes F0
 * to F4) before U+E000 to U+FFFF (EE, EF): lead bytes are moved to there.
 */
static int
utf16_rank(char c)
{
	uint8_t u = (uint8_t)c;

	if (u >= 0xf0)
		return u - 2;
	return u >= 0xee ? u + 5 : u;
}

int
dsr_json_key_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t shorter = a_len < b_len ? a_len : b_len, i;

	for (i = 0; i < shorter && a[i] == b[i];)
		i++;
	if (i < shorter)
		return utf16_rank(a[i]) - utf16_rank(b[i]);
	return (a_len > b_len) - (a_len < b_len);
}

bool
dsr_json_keys_ascend(const struct dsr_json_value *object)
{
	const struct dsr_json_value *v = dsr_json_first(object), *next;

	for (; v != NULL; v = next) {
		next = dsr_json_next(v);
		if (v->key_len == DSR_JSON_ILL_FORMED)
			return false;
		if (next != NULL && next->key_len != DSR_JSON_ILL_FORMED &&
		    dsr_json_key_compare(v->key, v->key_len, next->key,
		        next->key_len) >= 0)
			return false;
	}
	return true;
}

bool
dsr_json_key_is_same(const struct dsr_json_value *a,
    const struct dsr_json_value *b)
{
	return a->key_len == b->key_len && a->key_len != DSR_JSON_ILL_FORMED &&
	    memcmp(a->key, b->key, a->key_len) == 0;
}

/* For qsort: see dsr_json_sort_members. */
static int
compare_members(const void *a, const void *b)
{
	const struct dsr_json_value *x =
	    *(const struct dsr_json_value *const *)a;
	const struct dsr_json_value *y =
	    *(const struct dsr_json_value *const *)b;
	bool x_bad = x->key_len == DSR_JSON_ILL_FORMED;
	bool y_bad = y->key_len == DSR_JSON_ILL_FORMED;
	int order = y_bad - x_bad;

	if (!x_bad && !y_bad)
		order = dsr_json_key_compare(x->key, x->key_len, y->key,
		    y->key_len);
	if (order == 0)
		order = (x->offset > y->offset) - (x->offset < y->offset);
	return order;
}

int
dsr_json_sort_members(const struct dsr_json_value ***out,
    const struct dsr_json_value *object, struct dsr_error *err)
{
	const struct dsr_json_value **member, *v;
	size_t i = 0;

	*out = NULL;
	member = malloc(object->count * sizeof(*member));
	if (member == NULL)
		return dsr_fail(err, DSR_ENOMEM, "members of a JSON object");
	for (v = dsr_json_first(object); v != NULL; v = dsr_json_next(v))
		member[i++] = v;
	qsort(member, object->count, sizeof(*member), compare_members);
	*out = member;
	return 0;
}

/* Sorts them, so that a large object does not take its square. */
int
dsr_json_find_doubled(const struct dsr_json_value *object,
    const struct dsr_json_value **out, struct dsr_error *err)
{
	const struct dsr_json_value **member = NULL;

	*out = NULL;
	if (dsr_json_keys_ascend(object))
		return 0;
	if (dsr_json_sort_members(&member, object, err) != 0)
		return -1;
	for (size_t i = 1; i < object->count && *out == NULL; i++)
		if (dsr_json_key_is_same(member[i - 1], member[i]))
			*out = member[i];
	free(member);
	return 0;
}
