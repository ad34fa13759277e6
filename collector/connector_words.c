/* SPDX-License-Identifier: ISC */
/* Readers of single values: strings, names, numbers, words, paths. */
#include "connector_values.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/name.h"
#include "dossier/nearest.h"

#define SLOT(type) (*(type *)(void *)((char *)object + key->offset))

static const char alphabet[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
#define LOWER   "abcdefghijklmnopqrstuvwxyz"
#define UPPER   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS  "0123456789"

/* The string of v, or NULL after a complaint. */
static const char *
string_of(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, size_t min)
{
	const char *s = dsr_json_string(v, NULL);

	if (dsr_json_type_of(v) != DSR_JSON_STRING)
		complain(r, v, "\"%s\" must be a string, not %s", key->name,
		    dsr_json_type_name(v));
	else if (s == NULL)
		complain(r, v, "\"%s\" is not text", key->name);
	else if (strlen(s) < min)
		complain(r, v, "\"%s\" must not be empty", key->name);
	else
		return s;
	return NULL;
}

void
read_string(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const char *s = string_of(r, key, v, (size_t)key->min);

	if (s != NULL)
		SLOT(const char *) = s;
}

/* A name: its first byte of one set, the rest of another, at most max. */
static const char *
name_of(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, const char *first, const char *rest,
    size_t max, const char *form)
{
	const char *s = string_of(r, key, v, 0);

	if (s == NULL)
		return NULL;
	if (s[0] == '\0' || strchr(first, s[0]) == NULL ||
	    strspn(s, rest) != strlen(s) || strlen(s) > max) {
		complain(r, v, "\"%s\" must be of the form %s", key->name,
		    form);
		return NULL;
	}
	return s;
}

void
read_endpoint_name(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const char *s = name_of(r, key, v, LOWER DIGITS, LOWER DIGITS "-",
	    DSR_MAX_SEGMENT, "[a-z0-9][a-z0-9-]{0,63}");

	if (s != NULL && !dsr_segment_is_safe(s, strlen(s)))
		complain(r, v, "\"%s\" is a name that Windows keeps for a "
		    "device", key->name);
	else if (s != NULL)
		SLOT(const char *) = s;
}

void
read_placeholder(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const char *s = name_of(r, key, v, alphabet,
	    LOWER UPPER DIGITS "_-", 64, "[A-Za-z][A-Za-z0-9_-]{0,63}");

	if (s != NULL)
		SLOT(const char *) = s;
}

void
read_credential(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const char *s = name_of(r, key, v, LOWER UPPER DIGITS,
	    LOWER UPPER DIGITS "._-", 64, "[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

	if (s != NULL)
		SLOT(const char *) = s;
}

void
read_category(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const char *s = name_of(r, key, v, LOWER, LOWER DIGITS "-", 32,
	    "[a-z][a-z0-9-]{0,31}");

	if (s != NULL)
		SLOT(const char *) = s;
}

void
read_reason(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const char *s = name_of(r, key, v, LOWER, LOWER "-", 32,
	    "[a-z][a-z-]{0,31}");

	if (s != NULL)
		SLOT(const char *) = s;
}

void
read_header_name(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const char *s = name_of(r, key, v, LOWER UPPER DIGITS,
	    LOWER UPPER DIGITS "!#$%&'*+-.^_`|~", 256, "a header name");

	if (s != NULL)
		SLOT(const char *) = s;
}

void
read_pattern(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const char *s = string_of(r, key, v, 0);
	regex_t regex;
	int result;

	if (s == NULL)
		return;
	result = regcomp(&regex, s, REG_EXTENDED | REG_NOSUB);
	if (result == REG_ESPACE) {
		(void)dsr_fail(r->err, DSR_ENOMEM, "connector");
		r->failed = true;
		return;
	}
	if (result != 0) {
		complain(r, v, "\"%s\" is no POSIX extended regular expression",
		    key->name);
		return;
	}
	regfree(&regex);
	SLOT(const char *) = s;
}

static bool
is_language_tag(const char *tag)
{
	size_t first = strspn(tag, LOWER UPPER);

	return first >= 2 && first <= 8 &&
	    (tag[first] == '\0' ||
	        (tag[first] == '-' &&
	            strspn(tag, LOWER UPPER DIGITS "-") == strlen(tag)));
}

void
read_text(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const struct dsr_json_value *m;

	if (dsr_json_type_of(v) == DSR_JSON_STRING) {
		if (string_of(r, key, v, 1) == NULL)
			return;
	} else if (dsr_json_type_of(v) != DSR_JSON_OBJECT) {
		complain(r, v, "\"%s\" must be a text: a string, or an object "
		    "of languages to strings", key->name);
		return;
	} else if (dsr_json_get(v, "en") == NULL) {
		complain(r, v, "\"%s\" must have an English text, \"en\"",
		    key->name);
	}
	for (m = dsr_json_first(v); m != NULL; m = dsr_json_next(m)) {
		const struct key inner = { dsr_json_key(m, NULL), false, NULL,
			0, NULL, 1 };

		if (!is_language_tag(inner.name))
			complain(r, m, "\"%s\" is not a language tag",
			    inner.name);
		(void)string_of(r, &inner, m, 1);
	}
	SLOT(const struct dsr_json_value *) = v;
}

void
read_labels(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const struct dsr_json_value *m, *text;

	(void)object;
	if (dsr_json_type_of(v) != DSR_JSON_OBJECT) {
		complain(r, v, "\"%s\" must be an object", key->name);
		return;
	}
	for (m = dsr_json_first(v); m != NULL; m = dsr_json_next(m)) {
		const struct key inner = { dsr_json_key(m, NULL), false, NULL,
			0, NULL, 0 };

		read_text(r, &inner, m, &text);
	}
}

void
read_any(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	(void)r;
	SLOT(const struct dsr_json_value *) = v;
}

void
read_scalar(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	enum dsr_json_type type = dsr_json_type_of(v);

	if (type == DSR_JSON_OBJECT || type == DSR_JSON_ARRAY ||
	    type == DSR_JSON_NULL) {
		complain(r, v, "\"%s\" must be a string, number or boolean",
		    key->name);
		return;
	}
	SLOT(const struct dsr_json_value *) = v;
}

void
read_flag(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	enum dsr_json_type type = dsr_json_type_of(v);

	if (type != DSR_JSON_TRUE && type != DSR_JSON_FALSE) {
		complain(r, v, "\"%s\" must be true or false", key->name);
		return;
	}
	SLOT(bool) = type == DSR_JSON_TRUE;
}

void
read_optional_flag(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const struct key inner = { key->name, false, NULL, 0, NULL, 0 };
	bool *flag = reading_alloc(r, sizeof(*flag));

	if (flag == NULL)
		return;
	read_flag(r, &inner, v, flag);
	SLOT(const bool *) = flag;
}

void
read_count(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	int64_t n;

	if (!dsr_json_integer(v, &n) || n < 0 || (uint64_t)n < key->min) {
		complain(r, v, "\"%s\" must be an integer of at least %llu",
		    key->name, (unsigned long long)key->min);
		return;
	}
	SLOT(uint64_t) = (uint64_t)n;
}

/* The index of a string in words, which end with NULL; -1 and a complaint. */
static int
index_of_word(struct reading *r, const struct key *key,
    const struct dsr_json_value *v)
{
	const char *const *words = key->extra;
	const char *s = string_of(r, key, v, 0), *near;
	size_t count = 0;

	if (s == NULL)
		return -1;
	for (; words[count] != NULL; count++)
		if (strcmp(words[count], s) == 0)
			return (int)count;
	near = dsr_nearest(s, words, count);
	if (near != NULL)
		complain(r, v, "\"%s\" cannot be \"%s\"; did you mean \"%s\"?",
		    key->name, s, near);
	else
		complain(r, v, "\"%s\" cannot be \"%s\"", key->name, s);
	return -1;
}

void
read_word(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	int index = index_of_word(r, key, v);

	if (index >= 0)
		SLOT(int) = index;
}

void
read_bool_word(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	int index = index_of_word(r, key, v);

	if (index >= 0)
		SLOT(bool) = index == 1;
}

void
read_choice(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	int index = index_of_word(r, key, v);

	if (index >= 0)
		SLOT(const char *) = ((const char *const *)key->extra)[index];
}

/* Splits "a.b" or takes ["a", "b"]; complains about empty keys. */
static size_t
split_path(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, const char **keys)
{
	const struct dsr_json_value *m;
	const char *s = dsr_json_string(v, NULL), *end;
	size_t count = 0;

	if (s != NULL) {
		for (; *s != '\0' && count < MAX_PATH_KEYS; s = end) {
			end = s + strcspn(s, ".");
			keys[count++] =
			    reading_copy(r, s, (size_t)(end - s));
			if (end == s || (*end == '.' && end[1] == '\0'))
				complain(r, v, "\"%s\" has an empty key",
				    key->name);
			end += *end == '.';
		}
		if (*s != '\0')
			complain(r, v, "\"%s\" has more than %u keys",
			    key->name, MAX_PATH_KEYS);
		return count;
	}
	for (m = dsr_json_first(v); m != NULL && count < MAX_PATH_KEYS;
	     m = dsr_json_next(m)) {
		keys[count] = string_of(r, key, m, 1);
		count += keys[count] != NULL;
	}
	if (m != NULL)
		complain(r, v, "\"%s\" has more than %u keys", key->name,
		    MAX_PATH_KEYS);
	return count;
}

static const char *
join_path(struct reading *r, const char *const *keys, size_t count)
{
	char *text;
	size_t len = 1, at = 0;

	for (size_t i = 0; i < count; i++)
		len += strlen(keys[i]) + 1;
	text = reading_alloc(r, len);
	for (size_t i = 0; text != NULL && i < count; i++) {
		size_t n = strlen(keys[i]);

		if (i > 0)
			text[at++] = '.';
		(void)memcpy(text + at, keys[i], n);
		at += n;
	}
	/* it stands in records: no byte that would divide them */
	for (size_t i = 0; i < at; i++)
		if ((unsigned char)text[i] < ' ')
			text[i] = '?';
	return text;
}

void
read_path(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const char *keys[MAX_PATH_KEYS];
	const char **kept;
	struct path *path;
	enum dsr_json_type type = dsr_json_type_of(v);

	if (type != DSR_JSON_STRING && type != DSR_JSON_ARRAY) {
		complain(r, v, "\"%s\" must be a path: a string, or an array "
		    "of keys", key->name);
		return;
	}
	path = reading_alloc(r, sizeof(*path));
	if (path == NULL)
		return;
	path->count = split_path(r, key, v, keys);
	kept = reading_alloc(r, (path->count + 1) * sizeof(*kept));
	if (kept == NULL || r->failed)
		return;
	(void)memcpy(kept, keys, path->count * sizeof(*kept));
	path->keys = kept;
	path->text = join_path(r, kept, path->count);
	SLOT(const struct path *) = path;
}
