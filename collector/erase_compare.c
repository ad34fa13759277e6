/* SPDX-License-Identifier: ISC */
/*
 * Is a resource still what was exported? By bytes, after the same redactions;
 * where the connector declares members that change by themselves, by values,
 * these aside.
 */
#include "erase.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/text.h"
#include "path.h"

/* ---- values that change by themselves ------------------------------------ */

struct aside {
	const struct dsr_json_value **items;
	size_t count, size;
};

static int
set_aside(void *ctx, const struct dsr_json_value *v, struct dsr_error *err)
{
	struct aside *a = ctx;

	if (a->count == a->size) {
		size_t size = a->size * 2 + 16;
		const struct dsr_json_value **more =
		    realloc(a->items, size * sizeof(*more));

		if (more == NULL)
			return dsr_fail(err, DSR_ENOMEM, "comparison");
		a->items = more;
		a->size = size;
	}
	a->items[a->count++] = v;
	return 0;
}

static int
compare_pointers(const void *a, const void *b)
{
	const struct dsr_json_value *const *x = a, *const *y = b;

	return (*x > *y) - (*x < *y);
}

static int
find_aside(struct aside *a, const struct dsr_list *paths,
    const struct dsr_json_value *root, struct dsr_error *err)
{
	const struct path *const *p = paths->items;

	for (size_t i = 0; i < paths->count; i++) {
		const struct dsr_json_value *whole = path_find(root, p[i]);

		/* the array itself, too, not its elements alone */
		if ((whole != NULL && set_aside(a, whole, err) != 0) ||
		    path_each(root, p[i], set_aside, a, err) != 0)
			return -1;
	}
	if (a->count > 0)
		qsort(a->items, a->count, sizeof(*a->items),
		    compare_pointers);
	return 0;
}

static bool
is_aside(const struct aside *a, const struct dsr_json_value *v)
{
	return a->count > 0 &&
	    bsearch(&v, a->items, a->count, sizeof(*a->items),
	        compare_pointers) != NULL;
}

/* ---- two values ---------------------------------------------------------- */

struct side {
	const void *text;
	struct aside aside;
};

struct frame {
	const struct dsr_json_value *a, *b; /* objects, or arrays */
	const struct dsr_json_value *next;  /* child of a */
	const struct dsr_json_value *beside; /* element of b */
};

struct comparison {
	struct side a, b;
	struct frame stack[DSR_MAX_JSON_DEPTH + 1];
	size_t depth;
};

static const struct dsr_json_value *
skip(const struct side *s, const struct dsr_json_value *v)
{
	while (v != NULL && is_aside(&s->aside, v))
		v = dsr_json_next(v);
	return v;
}

static size_t
count_kept(const struct side *s, const struct dsr_json_value *v)
{
	size_t count = 0;

	for (v = skip(s, dsr_json_first(v)); v != NULL;
	     v = skip(s, dsr_json_next(v)))
		count++;
	return count;
}

static bool
is_container(const struct dsr_json_value *v)
{
	return dsr_json_type_of(v) == DSR_JSON_OBJECT ||
	    dsr_json_type_of(v) == DSR_JSON_ARRAY;
}

/* Scalars: strings by their text, numbers as they are written. */
static bool
same_scalar(const struct comparison *c, const struct dsr_json_value *x,
    const struct dsr_json_value *y)
{
	size_t at, len, other, other_len, n, m;
	const char *s = dsr_json_string(x, &n), *t = dsr_json_string(y, &m);

	if (s != NULL && t != NULL)
		return n == m && memcmp(s, t, n) == 0;
	dsr_json_span(x, &at, &len);
	dsr_json_span(y, &other, &other_len);
	return len == other_len &&
	    memcmp((const char *)c->a.text + at,
	        (const char *)c->b.text + other, len) == 0;
}

/* Compares two values; containers wait on the stack for their children. */
static bool
meet(struct comparison *c, const struct dsr_json_value *x,
    const struct dsr_json_value *y)
{
	struct frame *f;

	if (x == NULL || y == NULL ||
	    dsr_json_type_of(x) != dsr_json_type_of(y))
		return false;
	if (!is_container(x))
		return same_scalar(c, x, y);
	if (c->depth > DSR_MAX_JSON_DEPTH ||
	    count_kept(&c->a, x) != count_kept(&c->b, y))
		return false;
	f = &c->stack[c->depth++];
	f->a = x;
	f->b = y;
	f->next = skip(&c->a, dsr_json_first(x));
	f->beside = skip(&c->b, dsr_json_first(y));
	return true;
}

/*
 * The member of b that v, of a, is to be compared with; NULL. A name that
 * stands twice stands for nothing: it could pass for two members.
 */
static const struct dsr_json_value *
find_same_key(const struct dsr_json_value *a, const struct dsr_json_value *v,
    const struct dsr_json_value *b)
{
	const char *key = dsr_json_key(v, NULL);

	return key == NULL || dsr_json_get(a, key) != v
	    ? NULL
	    : dsr_json_get(b, key);
}

static bool
same_values(struct comparison *c, const struct dsr_json_value *x,
    const struct dsr_json_value *y)
{
	if (!meet(c, x, y))
		return false;
	while (c->depth > 0) {
		struct frame *f = &c->stack[c->depth - 1];
		const struct dsr_json_value *v = f->next, *w = f->beside;

		if (v == NULL) {
			c->depth--;
			continue;
		}
		if (dsr_json_type_of(f->a) == DSR_JSON_OBJECT)
			w = find_same_key(f->a, v, f->b);
		f->next = skip(&c->a, dsr_json_next(v));
		if (f->beside != NULL)
			f->beside = skip(&c->b, dsr_json_next(f->beside));
		if (w == NULL || is_aside(&c->b.aside, w) || !meet(c, v, w))
			return false;
	}
	return true;
}

int
erase_is_same(const struct dsr_list *paths, const struct dsr_json_value *x,
    const void *x_text, const struct dsr_json_value *y, const void *y_text,
    struct dsr_error *err)
{
	struct comparison *c = calloc(1, sizeof(*c));
	int result = -1;

	if (c == NULL)
		return dsr_fail(err, DSR_ENOMEM, "comparison");
	c->a.text = x_text;
	c->b.text = y_text;
	if (find_aside(&c->a.aside, paths, x, err) == 0 &&
	    find_aside(&c->b.aside, paths, y, err) == 0)
		result = same_values(c, x, y);
	free(c->a.aside.items);
	free(c->b.aside.items);
	free(c);
	return result;
}

/* ---- the archived document ----------------------------------------------- */

struct archived {
	char *path;
	char sha256[DSR_SHA256_HEX];
	struct dsr_buffer body;
	struct dsr_json *json;
};

/* The first document of a line is the resource; it ends the search. */
static int
take_first(void *ctx, const char *path, const char *sha256,
    struct dsr_error *err)
{
	struct archived *a = ctx;

	if (a->path != NULL)
		return 0;
	a->path = strdup(path);
	(void)snprintf(a->sha256, sizeof(a->sha256), "%s", sha256);
	return a->path == NULL ? dsr_fail(err, DSR_ENOMEM, "document") : 0;
}

static int
archived_parse(struct archived *a, const struct erasure *x,
    struct dsr_error *err)
{
	return exported_read(&x->exported, a->path, &a->body, err) == 0
	    ? dsr_json_parse(&a->json, a->body.data, a->body.len, false, err)
	    : -1;
}

/* The item of that id: the document itself, or one on the page it is. */
static const struct dsr_json_value *
find_item(const struct endpoint *e, const struct archived *a,
    const char *item_id)
{
	const struct dsr_json_value *root = dsr_json_root(a->json), *item;
	const struct dsr_json_value *found = NULL;
	char id[PATH_ID_SIZE];
	const char *text = erase_item_id(e, root, a->body.data, id);
	size_t count;

	if (text != NULL && item_id != NULL && strcmp(text, item_id) == 0)
		found = root;
	item = erase_items(e, root, false, &count);
	for (size_t i = 0; i < count && found == NULL;
	     i++, item = dsr_json_next(item)) {
		text = erase_item_id(e, item, a->body.data, id);
		if (text != NULL && item_id != NULL &&
		    strcmp(text, item_id) == 0)
			found = item;
	}
	return found;
}

static void
archived_fini(struct archived *a)
{
	dsr_json_free(a->json);
	dsr_buffer_fini(&a->body);
	free(a->path);
}

/* ---- the two ------------------------------------------------------------- */

/* What the archive would hold of the fresh one. */
static int
redact_fresh(struct redacted *out, const struct endpoint *e,
    const struct job *j, const struct dsr_json_value *item,
    struct dsr_arena *arena, struct dsr_error *err)
{
	const struct page *p = &j->page;
	size_t offset = 0, len = p->body.len;

	if (item != NULL)
		dsr_json_span(item, &offset, &len);
	if (redact(out, &e->redact, p->body.data, offset, len,
	        item != NULL ? item : p->first, item != NULL ? 1 : p->items,
	        arena, err) != 0)
		return -1;
	/* what came without a body has no place to count from */
	return out->list.count > 0 || len == 0
	    ? 0
	    : dsr_buffer_append(&out->bytes, p->body.data + offset, len, err);
}

static bool
has_digest(const struct dsr_buffer *bytes, const char *sha256)
{
	uint8_t digest[DSR_SHA256_BYTES];
	char hex[DSR_SHA256_HEX];

	dsr_sha256(digest, bytes->data, bytes->len);
	dsr_hex_encode(hex, digest, sizeof(digest));
	return strcmp(hex, sha256) == 0;
}

static int
compare_values(const struct erasure *x, const struct endpoint *e,
    struct archived *a, const char *item_id, const struct dsr_buffer *fresh,
    bool is_item, struct dsr_error *err)
{
	const struct dsr_list *paths = &e->requests.erase->unstable;
	const struct dsr_json_value *old;
	struct dsr_json *json = NULL;
	size_t at, len;
	int result = -1;

	if (archived_parse(a, x, err) != 0 ||
	    dsr_json_parse(&json, fresh->data, fresh->len, false, err) != 0)
		goto out;
	old = is_item ? find_item(e, a, item_id) : dsr_json_root(a->json);
	result = 0;
	if (old == NULL)
		goto out;
	dsr_json_span(old, &at, &len);
	if (is_item && len == fresh->len &&
	    memcmp(a->body.data + at, fresh->data, len) == 0)
		result = 1;
	else if (paths->count > 0)
		result = erase_is_same(paths, old, a->body.data,
		    dsr_json_root(json), fresh->data, err);
out:
	dsr_json_free(json);
	return result;
}

int
erase_is_unchanged(const struct erasure *x, size_t endpoint,
    uint64_t number, const char *item_id, struct job *j,
    const struct dsr_json_value *item, struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(x->c.k, endpoint);
	struct archived a = { .path = NULL };
	struct redacted fresh = { .list = { NULL, 0 } };
	struct dsr_arena *arena = NULL;
	int result = -1;

	dsr_buffer_init(&a.body, DSR_MAX_BODY_MEMORY);
	dsr_buffer_init(&fresh.bytes, 2 * DSR_MAX_BODY_MEMORY);
	if (dsr_case_erasure_documents(x->c.store, number, take_first, &a,
	        err) != 0 ||
	    dsr_arena_new(&arena, err) != 0)
		goto out;
	if (j->request->bytes) {
		result = strcmp(j->page.sha256, a.sha256) == 0;
		goto out;
	}
	if (redact_fresh(&fresh, e, j, item, arena, err) != 0)
		goto out;
	if (has_digest(&fresh.bytes, a.sha256))
		result = 1;
	else if (fresh.bytes.len == 0 ||
	    (item == NULL && e->requests.erase->unstable.count == 0))
		result = 0;
	else
		result = compare_values(x, e, &a, item_id, &fresh.bytes,
		    item != NULL, err);
out:
	dsr_buffer_fini(&fresh.bytes);
	dsr_arena_free(arena);
	archived_fini(&a);
	return result;
}
