/* SPDX-License-Identifier: ISC */
#include "path.h"

#include <string.h>

#include "dossier/limits.h"

const struct dsr_json_value *
path_find(const struct dsr_json_value *v, const struct path *path)
{
	return dsr_json_get_path(v, path->keys, path->count);
}

static bool
has_key_twice(const struct dsr_json_value *object, const char *key)
{
	const struct dsr_json_value *v = dsr_json_first(object);
	size_t count = 0;

	for (; v != NULL; v = dsr_json_next(v)) {
		const char *name = dsr_json_key(v, NULL);

		count += name != NULL && strcmp(name, key) == 0;
	}
	return count > 1;
}

bool
path_is_doubled(const struct dsr_json_value *v, const struct path *path)
{
	for (size_t i = 0; path != NULL && v != NULL && i < path->count; i++) {
		if (dsr_json_type_of(v) == DSR_JSON_OBJECT &&
		    has_key_twice(v, path->keys[i]))
			return true;
		v = dsr_json_get(v, path->keys[i]);
	}
	return false;
}

/* Where the walk stands: a value among its siblings, and how far the path. */
struct step {
	const struct dsr_json_value *v; /* the next one to look at */
	const char *wanted; /* key it must have; NULL: any */
	const struct dsr_json_value *found; /* the first that has it */
	size_t keys;        /* of the path, behind it */
};

static bool
is_wanted(const struct step *s)
{
	const char *key;

	if (s->wanted == NULL)
		return true;
	key = dsr_json_key(s->v, NULL);
	return key != NULL && strcmp(key, s->wanted) == 0;
}

/* What lies below v on the path; false when nothing can. */
static bool
step_down(const struct dsr_json_value *v, const struct path *path,
    size_t keys, struct step *below)
{
	enum dsr_json_type type = dsr_json_type_of(v);

	below->v = dsr_json_first(v);
	below->wanted = NULL;
	below->found = NULL;
	below->keys = keys;
	if (type == DSR_JSON_ARRAY)
		return true;
	if (type != DSR_JSON_OBJECT)
		return false;
	if (strcmp(path->keys[keys], "*") != 0)
		below->wanted = path->keys[keys];
	below->keys = keys + 1;
	return true;
}

/* The next value of the step that is on the path; NULL. */
static const struct dsr_json_value *
take_next(struct step *s)
{
	const struct dsr_json_value *here;

	while (s->v != NULL && !is_wanted(s))
		s->v = dsr_json_next(s->v);
	here = s->v;
	s->v = dsr_json_next(here);
	if (s->found == NULL)
		s->found = here;
	return here;
}

int
path_each(const struct dsr_json_value *v, const struct path *path,
    path_fn *fn, void *ctx, struct dsr_error *err)
{
	/* a text is no deeper than this */
	struct step stack[DSR_MAX_JSON_DEPTH + 1];
	size_t depth = 0;
	bool is_array = dsr_json_type_of(v) == DSR_JSON_ARRAY;
	int result;

	if (path->count == 0 && !is_array)
		return fn(ctx, v, err);
	if (!step_down(v, path, 0, &stack[0]))
		return 0;
	for (depth = 1; depth > 0;) {
		struct step *s = &stack[depth - 1];
		const struct dsr_json_value *here = take_next(s);

		if (here == NULL) {
			depth--;
			continue;
		}
		if (s->keys == path->count &&
		    dsr_json_type_of(here) != DSR_JSON_ARRAY) {
			result = fn(ctx, here, err);
			if (result != 0)
				return result;
		} else if (depth < DSR_MAX_JSON_DEPTH + 1 &&
		    step_down(here, path, s->keys, &stack[depth])) {
			depth++;
		}
	}
	return 0;
}

/* ---- keys that stand twice ---------------------------------------------------- */

static bool
is_same(const struct dsr_json_value *a, const struct dsr_json_value *b,
    const char *body)
{
	size_t at, len, other, other_len;

	dsr_json_span(a, &at, &len);
	dsr_json_span(b, &other, &other_len);
	return len == other_len && memcmp(body + at, body + other, len) == 0;
}

/* Of an object whose members are all on the path: 1, 0, -1. */
static int
has_any_twice(const struct dsr_json_value *v, const struct path *path,
    size_t keys, struct dsr_error *err)
{
	const struct dsr_json_value *doubled;

	if (dsr_json_type_of(v) != DSR_JSON_OBJECT || keys == path->count ||
	    strcmp(path->keys[keys], "*") != 0)
		return 0;
	if (dsr_json_find_doubled(v, &doubled, err) != 0)
		return -1;
	return doubled != NULL;
}

int
path_each_is_doubled(const struct dsr_json_value *v, const struct path *path,
    const void *body, struct dsr_error *err)
{
	struct step stack[DSR_MAX_JSON_DEPTH + 1];
	size_t depth = 0;
	int result = has_any_twice(v, path, 0, err);

	if (result != 0 || path->count == 0 ||
	    !step_down(v, path, 0, &stack[0]))
		return result;
	for (depth = 1; depth > 0 && result == 0;) {
		struct step *s = &stack[depth - 1];
		const struct dsr_json_value *here = take_next(s);

		if (here == NULL) {
			depth--;
			continue;
		}
		if (s->wanted != NULL && !is_same(s->found, here, body))
			return 1;
		if (s->keys == path->count || depth > DSR_MAX_JSON_DEPTH)
			continue;
		result = has_any_twice(here, path, s->keys, err);
		if (step_down(here, path, s->keys, &stack[depth]))
			depth++;
	}
	return result;
}

/* ---- texts ---------------------------------------------------------------------- */

/* The bytes of the value that are its text; NULL when it has none. */
static const char *
find_text(const struct dsr_json_value *v, const char *body, size_t *len)
{
	const char *s = NULL;
	size_t offset;

	*len = 0;
	if (v == NULL)
		return NULL;
	switch (dsr_json_type_of(v)) {
	case DSR_JSON_STRING:
		s = dsr_json_string(v, NULL);
		*len = s == NULL ? 0 : strlen(s);
		break;
	case DSR_JSON_NUMBER:
	case DSR_JSON_TRUE:
	case DSR_JSON_FALSE:
		dsr_json_span(v, &offset, len);
		s = body + offset;
		break;
	case DSR_JSON_NULL:
	case DSR_JSON_ARRAY:
	case DSR_JSON_OBJECT:
		break;
	}
	return s;
}

int
path_text(const struct dsr_json_value *v, const void *body,
    struct dsr_buffer *out, struct dsr_error *err)
{
	struct dsr_error why;
	size_t len;
	const char *s = find_text(v, body, &len);

	if (s == NULL)
		return 0;
	if (dsr_buffer_append(out, s, len, &why) == 0)
		return 1;
	if (why.code != DSR_ENOMEM)
		return 0;
	*err = why;
	return -1;
}

const char *
path_id_of(const struct dsr_json_value *v, const void *body,
    char out[PATH_ID_SIZE])
{
	size_t len;
	const char *s = find_text(v, body, &len);

	if (s == NULL || len == 0 || len >= PATH_ID_SIZE)
		return NULL;
	(void)memcpy(out, s, len);
	out[len] = '\0';
	return out;
}

const char *
path_id(const struct dsr_json_value *item, const struct path *path,
    const void *body, char out[PATH_ID_SIZE])
{
	return path == NULL || item == NULL
	    ? NULL
	    : path_id_of(path_find(item, path), body, out);
}
