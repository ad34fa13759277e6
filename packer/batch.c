/* SPDX-License-Identifier: ISC */
#include "batch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/bag.h"
#include "dossier/file.h"
#include "dossier/limits.h"
#include "dossier/listing.h"
#include "dossier/text.h"
#include "dossier/tree.h"
#include "line.h"

#define TRIES 3 /* at a file that changes while it is read */

int
batch_new(struct batch **out, struct dsr_error *err)
{
	struct batch *b = calloc(1, sizeof(*b));

	*out = NULL;
	if (b == NULL)
		return dsr_fail(err, DSR_ENOMEM, "batch");
	dsr_buffer_init(&b->packed, BATCH_BYTES + LARGE_BYTES);
	dsr_buffer_init(&b->lines, BATCH_ITEMS * (size_t)DSR_MAX_LINE);
	if (dsr_arena_new(&b->arena, err) != 0) {
		batch_free(b);
		return -1;
	}
	*out = b;
	return 0;
}

void
batch_free(struct batch *b)
{
	if (b == NULL)
		return;
	batch_reset(b);
	dsr_arena_free(b->arena);
	dsr_buffer_fini(&b->packed);
	dsr_buffer_fini(&b->lines);
	free(b);
}

void
batch_reset(struct batch *b)
{
	size_t i;

	for (i = 0; i < b->count; i++)
		if (b->items[i].source.blob >= 0)
			(void)close(b->items[i].source.blob);
	if (b->arena != NULL)
		dsr_arena_reset(b->arena);
	dsr_buffer_reset(&b->packed);
	dsr_buffer_reset(&b->lines);
	b->count = 0;
	b->bytes = 0;
	b->failed = false;
}

bool
batch_has_room(const struct batch *b)
{
	return b->count < BATCH_ITEMS && b->bytes < BATCH_BYTES;
}

int
batch_describe(struct batch *b, struct batch_item *i, const uint8_t *secret,
    uint64_t size, struct dsr_error *err)
{
	struct dsr_document *r = &i->source.record;

	dsr_hex_encode(i->sha256_hex, i->sha256, sizeof(i->sha256));
	if (r->sha256 != NULL && strcmp(r->sha256, i->sha256_hex) != 0)
		return dsr_fail(err, DSR_EINPUT,
		    "%s: not the bytes that were collected (wanted SHA-256 "
		    "%s, found %s)", r->path, r->sha256, i->sha256_hex);
	dsr_document_salt(i->salt, secret, r->path, i->sha256_hex);
	r->sha256 = i->sha256_hex;
	r->salt = i->salt;
	r->size = size;
	i->line = b->lines.len;
	if (dsr_member_kind_of(r->path) != DSR_MEMBER_DOCUMENT)
		return dsr_fail(err, DSR_EINPUT,
		    "FORMAT.md 3.1: %s: not the name of a document", r->path);
	if (line_write(&dsr_document_type, r, &b->lines, err) != 0)
		return -1;
	i->line_len = b->lines.len - i->line;
	if (i->line_len > DSR_MAX_LINE)
		return dsr_fail(err, DSR_ELIMIT,
		    "FORMAT.md 2.6: %s: a line of %zu bytes, wanted at most "
		    "%u", r->path, i->line_len, DSR_MAX_LINE);
	dsr_tree_leaf(i->leaf, b->lines.data + i->line, i->line_len);
	return 0;
}

static int
pack_content(struct batch *b, struct batch_item *i, struct packing *p,
    const uint8_t *content, size_t size, struct dsr_error *err)
{
	dsr_sha256(i->sha256, content, size);
	if (batch_describe(b, i, p->secret, size, err) != 0 ||
	    dsr_buffer_reserve(&b->packed, size, err) != 0)
		return -1;
	i->packed = b->packed.len;
	if (size == 0) { /* the buffer may be empty: no place to point to */
		static uint8_t nothing;

		dsr_deflater_pack(p->deflater, &i->entry, &nothing, &nothing,
		    0);
		i->packed = 0;
		return 0;
	}
	dsr_deflater_pack(p->deflater, &i->entry, b->packed.data + i->packed,
	    content, size);
	b->packed.len += (size_t)i->entry.packed_size;
	return 0;
}

static void
set_gap(struct batch_item *i, const char *reason)
{
	i->outcome = BATCH_GAP;
	i->source.gap.reason = reason;
}

/*
 * Reads the file into p->content: its bytes, -1 for a gap, -2 when it is too
 * large, -3 when it changed meanwhile.
 */
static int64_t
read_once(struct packing *p, struct batch_item *i)
{
	struct dsr_error err;
	struct stat before, after;
	int64_t n = -1;
	int fd = source_open_file(p->source, i->source.file, &before);

	if (fd < 0)
		return -1;
	if (before.st_size > LARGE_BYTES)
		n = -2;
	else if ((n = dsr_read_full(fd, p->content, LARGE_BYTES + 1, &err)) >=
		0 &&
	    (n != before.st_size || fstat(fd, &after) != 0 ||
		!dsr_listing_unchanged(&before, &after)))
		n = -3;
	(void)close(fd);
	return n;
}

static int
pack_file(struct batch *b, struct batch_item *i, struct packing *p,
    struct dsr_error *err)
{
	int64_t n = -3;
	int tries;

	for (tries = 0; tries < TRIES && n == -3; tries++)
		n = read_once(p, i);
	/* files that grew since they were listed may be too much for a batch */
	if (n >= 0 && (size_t)n <= b->packed.max - b->packed.len)
		return pack_content(b, i, p, p->content, (size_t)n, err);
	if (n >= 0 || n == -2)
		i->outcome = BATCH_LARGE;
	else
		set_gap(i, n == -3 ? "changed-while-read" : "unreadable");
	return 0;
}

static int
pack_item(struct batch *b, struct batch_item *i, struct packing *p,
    struct dsr_error *err)
{
	i->outcome = BATCH_PACKED;
	switch (i->source.kind) {
	case SOURCE_GAP:
		i->outcome = BATCH_GAP;
		return 0;
	case SOURCE_BLOB:
		i->outcome = BATCH_LARGE;
		return 0;
	case SOURCE_FILE:
		if (i->source.size <= LARGE_BYTES)
			return pack_file(b, i, p, err);
		i->outcome = BATCH_LARGE;
		return 0;
	case SOURCE_MEMORY:
		if (i->source.size <= LARGE_BYTES)
			return pack_content(b, i, p, i->source.body,
			    (size_t)i->source.size, err);
		i->outcome = BATCH_LARGE;
		return 0;
	}
	return dsr_fail(err, DSR_EBUG, "kind of source");
}

void
batch_pack(void *batch, void *packing)
{
	struct batch *b = batch;
	size_t i;

	for (i = 0; i < b->count && !b->failed; i++)
		if (pack_item(b, &b->items[i], packing, &b->err) != 0)
			b->failed = true;
}
