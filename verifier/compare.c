/* SPDX-License-Identifier: ISC */
#include "compare.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/digest.h"
#include "dossier/limits.h"
#include "dossier/text.h"

#define NONE SIZE_MAX

/* A line in as few bytes as possible: there may be millions. */
struct row {
	uint8_t key[DSR_SHA256_BYTES]; /* digest of where it comes from */
	uint8_t sha256[DSR_SHA256_BYTES]; /* of what may change of it */
	uint64_t offset;               /* of its line */
	bool matched;
};

struct rows {
	enum compared what;
	struct dsr_spool *spool;
	struct row *items;
	size_t count, cap;
};

struct difference {
	enum change kind;
	size_t old, new; /* rows, or NONE */
	uint64_t order;
};

struct comparison {
	struct rows old, new;
	struct difference *items;
	size_t count, cap;
	uint64_t counts[CHANGE_KINDS], same;
	struct dsr_arena *arenas[2];
};

/* ---- rows ------------------------------------------------------------------------- */

/* The digest of texts, with NULs between. */
static void
digest_parts(uint8_t digest[DSR_SHA256_BYTES], const char *const *parts,
    size_t count, struct dsr_sha256 *hash)
{
	for (size_t i = 0; i < count; i++)
		dsr_sha256_update(hash, parts[i] == NULL ? "" : parts[i],
		    parts[i] == NULL ? 1 : strlen(parts[i]) + 1);
	dsr_sha256_final(hash, digest);
}

/* What tells a document from all others. */
static int
take_document(struct row *r, const union compared_record *record,
    struct dsr_sha256 *hash, struct dsr_error *err)
{
	const struct dsr_document *d = &record->document;
	const char *parts[4] = { d->connector, d->endpoint, NULL, NULL };

	if (d->item != NULL) {
		parts[2] = "item";
		parts[3] = d->item;
	} else if (d->name != NULL || d->name_base64 != NULL) {
		parts[2] = d->name != NULL ? "name" : "base64";
		parts[3] = d->name != NULL ? d->name : d->name_base64;
	} else {
		parts[2] = d->source_url != NULL ? "url" : "path";
		parts[3] = d->source_url != NULL ? d->source_url : d->path;
	}
	digest_parts(r->key, parts, 4, hash);
	return dsr_hex_decode(r->sha256, sizeof(r->sha256), d->sha256,
		   strlen(d->sha256))
	    ? 0
	    : dsr_fail(err, DSR_EBUG, "a digest");
}

/* What tells a resource from others, and what became of it. */
static int
take_erasure(struct row *r, const union compared_record *record,
    struct dsr_sha256 *hash, struct dsr_error *err)
{
	const struct dsr_erasure *e = &record->erasure;
	const char *const key[] = { e->connector, e->endpoint,
		e->item != NULL ? "item" : "url",
		e->item != NULL ? e->item : e->url };
	const char *const state[] = { e->outcome, e->reason, e->by, e->done };

	(void)err;
	digest_parts(r->key, key, 4, hash);
	digest_parts(r->sha256, state, 4, hash);
	return 0;
}

static const struct {
	const struct dsr_record_type *type;
	int (*take)(struct row *r, const union compared_record *record,
	    struct dsr_sha256 *hash, struct dsr_error *err);
} kinds[COMPARED_KINDS] = {
	[COMPARED_DOCUMENTS] = { &dsr_document_type, take_document },
	[COMPARED_ERASURES] = { &dsr_erasure_type, take_erasure },
};

static struct row *
new_row(struct rows *rows, struct dsr_error *err)
{
	struct row *grown;
	size_t cap;

	if (rows->count == DSR_MAX_DIFF_DOCUMENTS) {
		dsr_fail(err, DSR_ELIMIT, "more than %u lines",
		    DSR_MAX_DIFF_DOCUMENTS);
		return NULL;
	}
	if (rows->count == rows->cap) {
		cap = rows->cap == 0 ? 256 : rows->cap * 2;
		grown = reallocarray(rows->items, cap, sizeof(*grown));
		if (grown == NULL) {
			dsr_fail(err, DSR_ENOMEM, "list of lines");
			return NULL;
		}
		rows->items = grown;
		rows->cap = cap;
	}
	return &rows->items[rows->count++];
}

static int
add_line(struct rows *rows, const struct dsr_buffer *line, uint64_t offset,
    struct dsr_arena *arena, struct dsr_sha256 *hash, struct dsr_error *err)
{
	union compared_record record;
	struct row *r;

	dsr_arena_reset(arena);
	if (dsr_record_read_line(kinds[rows->what].type, &record, arena,
		line->data, line->len, err) != 0 ||
	    (r = new_row(rows, err)) == NULL)
		return -1;
	memset(r, 0, sizeof(*r));
	r->offset = offset;
	return kinds[rows->what].take(r, &record, hash, err);
}

static int
compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = memcmp(x->key, y->key, sizeof(x->key));

	if (order == 0)
		order = memcmp(x->sha256, y->sha256, sizeof(x->sha256));
	if (order != 0)
		return order;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static int
read_rows(struct rows *rows, struct dsr_arena *arena, struct dsr_error *err)
{
	struct dsr_sha256 *hash = NULL;
	struct dsr_buffer line;
	uint64_t offset = 0;
	int more = -1;

	dsr_buffer_init(&line, DSR_MAX_LINE);
	if (dsr_sha256_new(&hash, err) != 0 ||
	    dsr_spool_rewind(rows->spool, err) != 0)
		goto out;
	while ((more = dsr_spool_line(rows->spool, &line, err)) == 1) {
		if (add_line(rows, &line, offset, arena, hash, err) != 0) {
			more = -1;
			break;
		}
		offset += line.len;
	}
	if (more == 0 && rows->count > 0)
		qsort(rows->items, rows->count, sizeof(*rows->items),
		    compare_rows);
out:
	dsr_sha256_free(hash);
	dsr_buffer_fini(&line);
	return more;
}

/* ---- comparing ---------------------------------------------------------------------- */

static int
add_difference(struct comparison *c, enum change kind, size_t old, size_t new,
    struct dsr_error *err)
{
	struct difference *grown, *d;
	size_t cap;

	if (c->count == c->cap) {
		cap = c->cap == 0 ? 64 : c->cap * 2;
		grown = reallocarray(c->items, cap, sizeof(*grown));
		if (grown == NULL)
			return dsr_fail(err, DSR_ENOMEM, "differences");
		c->items = grown;
		c->cap = cap;
	}
	d = &c->items[c->count++];
	d->kind = kind;
	d->old = old;
	d->new = new;
	d->order = new != NONE ? c->new.items[new].offset
			       : c->old.items[old].offset;
	c->counts[kind]++;
	return 0;
}

/* Where the rows of one key end. */
static size_t
group_end(const struct rows *rows, size_t start)
{
	size_t end = start;

	while (end < rows->count && memcmp(rows->items[end].key,
		rows->items[start].key, DSR_SHA256_BYTES) == 0)
		end++;
	return end;
}

static size_t
skip_matched(const struct rows *rows, size_t i, size_t end)
{
	while (i < end && rows->items[i].matched)
		i++;
	return i;
}

/* Of one key on both sides: equal digests first, the others in pairs. */
static int
compare_group(struct comparison *c, size_t old, size_t old_end, size_t new,
    size_t new_end, struct dsr_error *err)
{
	struct row *o = c->old.items, *n = c->new.items;
	size_t i = old, k = new;
	int order, rc = 0;

	while (i < old_end && k < new_end) {
		order = memcmp(o[i].sha256, n[k].sha256, DSR_SHA256_BYTES);
		if (order == 0) {
			o[i].matched = n[k].matched = true;
			c->same++;
		}
		i += order <= 0;
		k += order >= 0;
	}
	i = skip_matched(&c->old, old, old_end);
	k = skip_matched(&c->new, new, new_end);
	while (rc == 0 && (i < old_end || k < new_end)) {
		rc = add_difference(c,
		    i == old_end       ? CHANGE_ADDED
			: k == new_end ? CHANGE_REMOVED
				       : CHANGE_CHANGED,
		    i < old_end ? i : NONE, k < new_end ? k : NONE, err);
		i = skip_matched(&c->old, i < old_end ? i + 1 : i, old_end);
		k = skip_matched(&c->new, k < new_end ? k + 1 : k, new_end);
	}
	return rc;
}

static int
compare_all(struct comparison *c, struct dsr_error *err)
{
	const struct rows *o = &c->old, *n = &c->new;
	size_t i = 0, k = 0, i_end, k_end;
	int order;

	while (i < o->count || k < n->count) {
		order = i == o->count ? 1 : k == n->count ? -1
		    : memcmp(o->items[i].key, n->items[k].key,
			  DSR_SHA256_BYTES);
		i_end = order <= 0 ? group_end(o, i) : i;
		k_end = order >= 0 ? group_end(n, k) : k;
		if (compare_group(c, i, i_end, k, k_end, err) != 0)
			return -1;
		i = i_end;
		k = k_end;
	}
	return 0;
}

static int
compare_differences(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

int
comparison_new(struct comparison **out, enum compared what,
    struct dsr_spool *old, struct dsr_spool *new, struct dsr_error *err)
{
	struct comparison *c = calloc(1, sizeof(*c));

	*out = NULL;
	if (c == NULL)
		return dsr_fail(err, DSR_ENOMEM, "comparison");
	c->old.what = c->new.what = what;
	c->old.spool = old;
	c->new.spool = new;
	if (dsr_arena_new(&c->arenas[0], err) != 0 ||
	    dsr_arena_new(&c->arenas[1], err) != 0 ||
	    read_rows(&c->old, c->arenas[0], err) != 0 ||
	    read_rows(&c->new, c->arenas[0], err) != 0 ||
	    compare_all(c, err) != 0) {
		comparison_free(c);
		return -1;
	}
	if (c->count > 0)
		qsort(c->items, c->count, sizeof(*c->items),
		    compare_differences);
	*out = c;
	return 0;
}

void
comparison_free(struct comparison *c)
{
	if (c == NULL)
		return;
	dsr_arena_free(c->arenas[0]);
	dsr_arena_free(c->arenas[1]);
	free(c->old.items);
	free(c->new.items);
	free(c->items);
	free(c);
}

uint64_t
comparison_count(const struct comparison *c, enum change kind)
{
	return c->counts[kind];
}

uint64_t
comparison_same(const struct comparison *c)
{
	return c->same;
}

/* ---- telling ---------------------------------------------------------------------------- */

static int
read_record(const struct rows *rows, size_t row, struct dsr_arena *arena,
    union compared_record *record, struct dsr_error *err)
{
	struct dsr_buffer line;
	int rc = -1;

	dsr_buffer_init(&line, DSR_MAX_LINE);
	dsr_arena_reset(arena);
	if (dsr_spool_seek(rows->spool, rows->items[row].offset, err) == 0 &&
	    dsr_spool_line(rows->spool, &line, err) == 1)
		rc = dsr_record_read_line(kinds[rows->what].type, record,
		    arena, line.data, line.len, err);
	dsr_buffer_fini(&line);
	return rc;
}

int
comparison_each(const struct comparison *c, comparison_fn *fn, void *ctx,
    struct dsr_error *err)
{
	union compared_record old, new;
	size_t i;
	int rc = 0;

	for (i = 0; i < c->count && rc == 0; i++) {
		const struct difference *d = &c->items[i];

		if ((d->old != NONE && read_record(&c->old, d->old,
			c->arenas[0], &old, err) != 0) ||
		    (d->new != NONE && read_record(&c->new, d->new,
			c->arenas[1], &new, err) != 0))
			return -1;
		rc = fn(ctx, d->kind, d->old == NONE ? NULL : &old,
		    d->new == NONE ? NULL : &new, err);
	}
	return rc < 0 ? -1 : 0;
}
