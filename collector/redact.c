/* SPDX-License-Identifier: ISC */
/* Secrets out of documents: just the bytes of a value, nothing else. */
#include "collection.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "path.h"

#define PIECE ((size_t)1 << 20) /* of a file, looked at at a time */

struct place {
	size_t offset, len;
	const struct redaction_rule *rule;
};

struct finder {
	const struct redaction_rule *rule;
	struct place *items;
	size_t count, size;
};

bool
holds_credential(const struct job *j, const struct dsr_buffer *b,
    size_t offset, size_t len)
{
	if (len > b->len - offset)
		len = b->len - offset;
	return len > 0 &&
	    credentials_are_in(&j->c->credentials, b->data + offset, len);
}

/* Looks at a file piece by piece; pieces overlap, so that none cuts one. */
static int
blob_holds_credential(const struct job *j, const struct dsr_blob *blob,
    struct dsr_error *err)
{
	uint8_t *piece = malloc(PIECE);
	uint64_t offset = 0;
	size_t got = PIECE;
	int found = 0;

	if (piece == NULL)
		return dsr_fail(err, DSR_ENOMEM, "answer");
	while (found == 0 && got == PIECE) {
		found = dsr_blob_read(blob, offset, piece, PIECE, &got, err);
		if (found == 0)
			found = credentials_are_in(&j->c->credentials, piece,
			    got);
		offset += PIECE - DSR_MAX_SECRET;
	}
	free(piece);
	return found;
}

int
body_holds_credential(const struct job *j, const struct dsr_buffer *body,
    const struct dsr_blob *blob, struct dsr_error *err)
{
	return blob != NULL ? blob_holds_credential(j, blob, err)
	                    : holds_credential(j, body, 0, SIZE_MAX);
}

/* A value is noted unless it is null or "": there is no secret in them. */
static int
note_value(void *ctx, const struct dsr_json_value *v, struct dsr_error *err)
{
	struct finder *f = ctx;
	size_t offset, len;

	dsr_json_span(v, &offset, &len);
	if (dsr_json_type_of(v) == DSR_JSON_NULL ||
	    (dsr_json_type_of(v) == DSR_JSON_STRING && len == 2))
		return 0;
	if (f->count == f->size) {
		size_t size = f->size * 2 + 16;
		struct place *more = realloc(f->items, size * sizeof(*more));

		if (more == NULL)
			return dsr_fail(err, DSR_ENOMEM, "redactions");
		f->items = more;
		f->size = size;
	}
	f->items[f->count++] = (struct place){ offset, len, f->rule };
	return 0;
}

static int
compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	/* the outer one first */
	return (x->len < y->len) - (x->len > y->len);
}

/* Of values that lie in others only the outer ones count. */
static size_t
drop_inner(struct place *items, size_t count)
{
	size_t kept = 0, end = 0;

	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && items[i].offset < end)
			continue;
		end = items[i].offset + items[i].len;
		items[kept++] = items[i];
	}
	return kept;
}

static int
replace_all(struct redacted *out, const struct finder *f, const char *body,
    size_t offset, size_t len, struct dsr_arena *arena,
    struct dsr_error *err)
{
	struct dsr_redaction *list =
	    dsr_arena_alloc(arena, f->count * sizeof(*list), err);
	size_t from = offset;

	if (list == NULL)
		return -1;
	for (size_t i = 0; i < f->count; i++) {
		const struct place *p = &f->items[i];

		if (dsr_buffer_append(&out->bytes, body + from,
		        p->offset - from, err) != 0)
			return -1;
		list[i].path = p->rule->path->text;
		list[i].reason = p->rule->reason;
		list[i].span.set = true;
		list[i].span.offset = out->bytes.len;
		if (dsr_buffer_printf(&out->bytes, err, "\"[redacted: %s]\"",
		        p->rule->reason) != 0)
			return -1;
		list[i].span.len = out->bytes.len - list[i].span.offset;
		from = p->offset + p->len;
	}
	out->list.items = list;
	out->list.count = f->count;
	return dsr_buffer_append(&out->bytes, body + from, offset + len - from,
	    err);
}

int
redact(struct redacted *out, const struct dsr_list *rules, const void *body,
    size_t offset, size_t len, const struct dsr_json_value *first,
    size_t count, struct dsr_arena *arena, struct dsr_error *err)
{
	const struct redaction_rule *rule = rules->items;
	struct finder f = { NULL, NULL, 0, 0 };
	int result = -1;

	for (size_t i = 0; i < rules->count; i++) {
		const struct dsr_json_value *item = first;

		f.rule = &rule[i];
		for (size_t k = 0; k < count; k++) {
			if (path_each(item, rule[i].path, note_value, &f,
			        err) != 0)
				goto out;
			item = dsr_json_next(item);
		}
	}
	result = 0;
	if (f.count == 0)
		goto out;
	qsort(f.items, f.count, sizeof(*f.items), compare_places);
	f.count = drop_inner(f.items, f.count);
	result = replace_all(out, &f, body, offset, len, arena, err);
out:
	free(f.items);
	return result;
}
