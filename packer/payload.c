/* SPDX-License-Identifier: ISC */
#include "payload.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "dossier/limits.h"
#include "dossier/listing.h"
#include "dossier/pool.h"
#include "line.h"

#define MAX_JOBS  64u
#define MAX_SLOTS 24u /* batches under way: they bound the memory */

/* The pool with its batches and what each thread works with. */
struct crew {
	struct dsr_pool *pool;
	struct packing packing[MAX_JOBS];
	void *workers[MAX_JOBS];
	unsigned int jobs;
	struct batch *idle[MAX_SLOTS];
	size_t idle_count;
	size_t slots;
};

static void
crew_fini(struct crew *c)
{
	struct batch *b;
	unsigned int i;

	while (c->pool != NULL && (b = dsr_pool_collect(c->pool)) != NULL)
		batch_free(b);
	dsr_pool_free(c->pool);
	while (c->idle_count > 0)
		batch_free(c->idle[--c->idle_count]);
	for (i = 0; i < c->jobs; i++) {
		dsr_deflater_free(c->packing[i].deflater);
		free(c->packing[i].content);
	}
}

static int
crew_init(struct crew *c, const struct payload *p, struct dsr_error *err)
{
	struct packing *w;
	unsigned int jobs = p->jobs > MAX_JOBS ? MAX_JOBS : p->jobs;

	memset(c, 0, sizeof(*c));
	for (c->jobs = 0; c->jobs < jobs; c->jobs++) {
		w = &c->packing[c->jobs];
		w->source = p->source;
		w->secret = p->secret;
		c->workers[c->jobs] = w;
		if (dsr_deflater_new(&w->deflater, p->level, err) != 0)
			return -1;
		if ((w->content = malloc(LARGE_BYTES + 1)) == NULL) {
			dsr_deflater_free(w->deflater);
			return dsr_fail(err, DSR_ENOMEM, "packing");
		}
	}
	c->slots = dsr_pool_slots(jobs, 2, MAX_SLOTS);
	while (c->idle_count < c->slots) {
		if (batch_new(&c->idle[c->idle_count], err) != 0)
			return -1;
		c->idle_count++;
	}
	return dsr_pool_new(&c->pool, jobs, c->slots, batch_pack, c->workers,
	    err);
}

/* current: bytes of a document that is still on its way. */
static void
show_progress(struct payload *p, uint64_t current)
{
	dsr_progress_update(p->progress, p->document_count,
	    source_count(p->source), p->document_bytes + current);
}

static void
count_document(struct payload *p, const struct batch_item *i, uint64_t size)
{
	uint64_t exchange = i->source.record.exchange;

	dsr_tree_add_leaf(p->tree, i->leaf);
	p->document_count++;
	p->document_bytes += size;
	if (exchange != DSR_NONE && exchange > p->max_exchange)
		p->max_exchange = exchange;
}

static int
write_gap(struct payload *p, const struct dsr_gap *gap, struct dsr_error *err)
{
	p->gap_count++;
	return line_put(p->gaps, &dsr_gap_type, gap, err);
}

/* ---- documents that are streamed ------------------------------------------ */

/*
 * A large document as an archive_input: from a file, or from memory. What the
 * page shows of it is set aside on the way, so that it is what was packed.
 */
struct large {
	int fd; /* -1: memory */
	const uint8_t *body;
	uint64_t size, at;
	struct payload *p;
	const struct stat *before; /* of a file that may change; or NULL */
};

/* Bytes of two versions are no document, though they be as many. */
static int64_t
end_large(const struct large *l, struct dsr_error *err)
{
	struct stat after;

	if (l->before != NULL &&
	    (fstat(l->fd, &after) != 0 ||
		!dsr_listing_unchanged(l->before, &after)))
		return dsr_fail(err, DSR_EFAILED, "changed while it was read");
	return 0;
}

static int64_t
read_large(void *ctx, void *buf, size_t len, struct dsr_error *err)
{
	struct large *l = ctx;
	int64_t n = (int64_t)len;

	if (l->fd >= 0) {
		n = dsr_read_full(l->fd, buf, len, err);
		if (n <= 0)
			return n < 0 ? -1 : end_large(l, err);
	} else {
		if (len > l->size - l->at)
			n = (int64_t)(l->size - l->at);
		memcpy(buf, l->body + l->at, (size_t)n);
	}
	dsr_showcase_feed(l->p->showcase, buf, (size_t)n);
	l->at += (uint64_t)n;
	show_progress(l->p, l->at);
	return n;
}

static int
rewind_large(void *ctx, struct dsr_error *err)
{
	struct large *l = ctx;

	l->at = 0;
	dsr_showcase_restart(l->p->showcase);
	if (l->fd >= 0 && lseek(l->fd, 0, SEEK_SET) != 0)
		return dsr_fail_sys(err, "going back to the start");
	return 0;
}

static int
stream_large(struct payload *p, struct batch *b, struct batch_item *i,
    struct large *l, struct dsr_error *err)
{
	const struct archive_input in = { read_large, rewind_large, l,
		l->size };
	const char *path = i->source.record.path;

	if (dsr_showcase_begin(p->showcase, path, l->size, err) != 0 ||
	    archive_stream_payload(p->archive, path, &in, i->sha256, err) !=
		0 ||
	    batch_describe(b, i, p->secret, l->size, err) != 0)
		return -1;
	count_document(p, i, l->size);
	if (dsr_showcase_end(p->showcase, path, err) != 0)
		return -1;
	return dsr_spool_write(p->documents, b->lines.data + i->line,
	    i->line_len, err);
}

/* A file that cannot be read, or changes under our eyes, becomes a gap. */
static int
add_large_file(struct payload *p, struct batch *b, struct batch_item *i,
    struct dsr_error *err)
{
	struct stat before;
	struct large l = { -1, NULL, 0, 0, p, &before };
	int rc;

	l.fd = source_open_file(p->source, i->source.file, &before);
	if (l.fd < 0) {
		i->source.gap.reason = "unreadable";
		return write_gap(p, &i->source.gap, err);
	}
	l.size = (uint64_t)before.st_size;
	rc = stream_large(p, b, i, &l, err);
	(void)close(l.fd);
	if (rc != 0 && err->code == DSR_EFAILED) {
		i->source.gap.reason = "changed-while-read";
		return write_gap(p, &i->source.gap, err);
	}
	return rc;
}

static int
add_large(struct payload *p, struct batch *b, struct batch_item *i,
    struct dsr_error *err)
{
	struct large l = { i->source.blob, i->source.body, i->source.size, 0,
		p, NULL };

	if (i->source.kind == SOURCE_FILE)
		return add_large_file(p, b, i, err);
	if (stream_large(p, b, i, &l, err) == 0)
		return 0;
	if (err->code == DSR_EFAILED) {
		err->code = DSR_EINPUT;
		return dsr_wrap(err, "%s", i->source.record.path);
	}
	return -1;
}

/* ---- in order -------------------------------------------------------------- */

static int
add_packed(struct payload *p, struct batch *b, struct batch_item *i,
    struct dsr_error *err)
{
	const uint8_t *packed =
	    b->packed.data == NULL ? NULL : b->packed.data + i->packed;

	if (archive_add_payload(p->archive, i->source.record.path, i->sha256,
		&i->entry, packed, err) != 0)
		return -1;
	count_document(p, i, i->entry.size);
	if (dsr_showcase_add_packed(p->showcase, i->source.record.path,
		&i->entry, packed, err) != 0)
		return -1;
	return dsr_spool_write(p->documents, b->lines.data + i->line,
	    i->line_len, err);
}

static int
add_item(struct payload *p, struct batch *b, struct batch_item *i,
    struct dsr_error *err)
{
	switch (i->outcome) {
	case BATCH_PACKED:
		return add_packed(p, b, i, err);
	case BATCH_LARGE:
		return add_large(p, b, i, err);
	case BATCH_GAP:
		return write_gap(p, &i->source.gap, err);
	}
	return dsr_fail(err, DSR_EBUG, "outcome of packing");
}

static int
add_batch(struct payload *p, struct batch *b, struct dsr_error *err)
{
	size_t i;

	if (b->failed) {
		*err = b->err;
		return -1;
	}
	for (i = 0; i < b->count; i++)
		if (add_item(p, b, &b->items[i], err) != 0)
			return -1;
	show_progress(p, 0);
	return 0;
}

/* Takes the oldest batch out of the pool and adds it; 0 when there is none. */
static int
finish_oldest(struct payload *p, struct crew *c, struct dsr_error *err)
{
	struct batch *b = dsr_pool_collect(c->pool);
	int rc;

	if (b == NULL)
		return 0;
	rc = add_batch(p, b, err);
	batch_reset(b);
	c->idle[c->idle_count++] = b;
	return rc != 0 ? -1 : 1;
}

/* Fills a batch from the source; *more becomes false at its end. */
static int
fill_batch(struct payload *p, struct batch *b, bool *more,
    struct dsr_error *err)
{
	struct source_item *item;
	int rc;

	while (batch_has_room(b)) {
		item = &b->items[b->count].source;
		if ((rc = source_next(p->source, b->arena, item, err)) < 0)
			return -1;
		if (rc == 0) {
			*more = false;
			return 0;
		}
		b->count++;
		b->bytes += item->size <= LARGE_BYTES ? item->size : 0;
		if (item->kind == SOURCE_BLOB)
			return 0; /* few descriptors are open at one time */
	}
	return 0;
}

int
payload_add_all(struct payload *p, struct dsr_error *err)
{
	struct crew c;
	struct batch *b;
	bool more = true;
	int rc = -1, one;

	if (crew_init(&c, p, err) != 0)
		goto out;
	while (more) {
		if (c.idle_count == 0 && finish_oldest(p, &c, err) < 0)
			goto out;
		b = c.idle[--c.idle_count];
		if (fill_batch(p, b, &more, err) != 0) {
			c.idle[c.idle_count++] = b;
			goto out;
		}
		dsr_pool_submit(c.pool, b);
	}
	while ((one = finish_oldest(p, &c, err)) > 0)
		continue;
	rc = one;
out:
	crew_fini(&c);
	return rc;
}
