/* SPDX-License-Identifier: ISC */
/*
 * Threads read pieces of a stream as if nothing stood before them. A piece
 * counts when the one before it ended where it begins, between two blocks: then
 * it makes what it would make in the stream. All others zlib reads, in order,
 * with the content before them as its window.
 */
#include "dossier/inflate_stream.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "deflate_chunk.h"
#include "dossier/pool.h"
#include "dossier/zip.h"

#define MAX_SLOTS   24u   /* pieces under way: they bound the memory */
#define MAX_THREADS (MAX_SLOTS - 2)
#define SCANNED     65536u /* bytes that are searched for a mark at a time */
#define PIECE_MIN   512u  /* bytes: marks in less are passed over */

struct piece {
	bool first; /* of a stream, that is: */
	uint64_t stream_size;
	struct dsr_inflate_sink sink;
	bool last;  /* of it */
	bool alone; /* begins and ends where it may be read alone */
	bool good;  /* it was, and made what was found: */
	struct dsr_blocks found;
	size_t packed_len;
	uint8_t packed[DEFLATE_PACKED];
	uint8_t content[DEFLATE_UNPACKED];
};

struct dsr_inflate_stream {
	struct dsr_pool *pool;
	void *workers[MAX_THREADS]; /* struct dsr_inflater */
	unsigned int threads;       /* of them are ready */
	struct piece *idle[MAX_SLOTS];
	size_t idle_count;

	/* the stream that is handed in */
	struct dsr_inflate_sink sink;
	uint64_t size;
	bool begins;  /* its first piece is to come */
	bool aligned; /* what is being filled begins behind a mark */
	struct piece *filling;

	/* the stream that is handed out */
	struct dsr_inflate_sink to;
	uint64_t left;     /* bytes of content to come */
	const char *fault; /* or NULL */
	bool ended;        /* the last block was read */
	bool between;      /* two blocks, at a whole byte */
	z_stream zlib;     /* where it is not */
	bool has_zlib;
	uint8_t window[DEFLATE_WINDOW];
	size_t window_len;
};

/* In a worker. */
static void
read_alone(void *job, void *worker)
{
	struct piece *p = job;

	p->good = p->alone && dsr_inflate_blocks(worker, p->content,
	    sizeof(p->content), p->packed, p->packed_len, &p->found);
}

int
dsr_inflate_stream_new(struct dsr_inflate_stream **out, unsigned int threads,
    struct dsr_error *err)
{
	struct dsr_inflate_stream *s = calloc(1, sizeof(*s));
	struct dsr_inflater *i = NULL;
	size_t slots;

	*out = NULL;
	if (s == NULL)
		return dsr_fail(err, DSR_ENOMEM, "inflate");
	if (threads > MAX_THREADS)
		threads = MAX_THREADS;
	slots = threads == 1 ? 1 : dsr_pool_slots(threads, 4, MAX_SLOTS);
	for (; s->threads < threads; s->threads++) {
		if (dsr_inflater_new(&i, err) != 0)
			goto out;
		s->workers[s->threads] = i;
	}
	for (; s->idle_count < slots; s->idle_count++)
		/* not calloc: most pages are never touched */
		if ((s->idle[s->idle_count] = malloc(sizeof(struct piece))) ==
		    NULL) {
			dsr_fail(err, DSR_ENOMEM, "inflate");
			goto out;
		}
	if (dsr_pool_new(&s->pool, threads, slots, read_alone, s->workers,
		err) != 0)
		goto out;
	*out = s;
	return 0;
out:
	dsr_inflate_stream_free(s);
	return -1;
}

void
dsr_inflate_stream_free(struct dsr_inflate_stream *s)
{
	struct piece *p;

	if (s == NULL)
		return;
	while (s->pool != NULL && (p = dsr_pool_collect(s->pool)) != NULL)
		free(p);
	dsr_pool_free(s->pool);
	free(s->filling);
	while (s->idle_count > 0)
		free(s->idle[--s->idle_count]);
	while (s->threads > 0)
		dsr_inflater_free(s->workers[--s->threads]);
	if (s->has_zlib)
		(void)inflateEnd(&s->zlib);
	free(s);
}

/* ---- in order ------------------------------------------------------------------ */

/* The last bytes of content, for what looks back at them. */
static void
remember(struct dsr_inflate_stream *s, const uint8_t *content, size_t len)
{
	size_t keep;

	if (len > DEFLATE_WINDOW) {
		content += len - DEFLATE_WINDOW;
		len = DEFLATE_WINDOW;
	}
	keep = s->window_len < DEFLATE_WINDOW - len ? s->window_len
						    : DEFLATE_WINDOW - len;
	memmove(s->window, s->window + s->window_len - keep, keep);
	memcpy(s->window + keep, content, len);
	s->window_len = keep + len;
}

static int
give(struct dsr_inflate_stream *s, const uint8_t *content, size_t len,
    struct dsr_error *err)
{
	if (len > s->left) {
		len = (size_t)s->left;
		s->fault = "more content than declared";
	}
	s->left -= len;
	remember(s, content, len);
	return len > 0 ? s->to.content(s->to.ctx, content, len, err) : 0;
}

/* zlib goes on where the pieces before ended. */
static int
start_zlib(struct dsr_inflate_stream *s, struct dsr_error *err)
{
	int rc;

	s->between = false;
	if (!s->has_zlib && inflateInit2(&s->zlib, -MAX_WBITS) != Z_OK)
		return dsr_fail(err, DSR_ENOMEM, "inflate");
	s->has_zlib = true;
	if ((rc = inflateReset(&s->zlib)) == Z_OK && s->window_len > 0)
		rc = inflateSetDictionary(&s->zlib, s->window,
		    (uInt)s->window_len);
	return rc == Z_OK ? 0 : dsr_fail(err, DSR_ENOMEM, "inflate");
}

/* All that zlib makes of the piece; its last answer. */
static int
inflate_all(struct dsr_inflate_stream *s, struct piece *p, int *answer,
    struct dsr_error *err)
{
	z_stream *z = &s->zlib;
	int rc = Z_OK;

	z->next_in = p->packed;
	z->avail_in = (uInt)p->packed_len;
	z->avail_out = 0;
	while (rc == Z_OK && s->fault == NULL &&
	    (z->avail_in > 0 || z->avail_out == 0)) {
		z->next_out = p->content;
		z->avail_out = sizeof(p->content);
		rc = inflate(z, Z_NO_FLUSH);
		if (rc == Z_MEM_ERROR)
			return dsr_fail(err, DSR_ENOMEM, "inflate");
		if (give(s, p->content, sizeof(p->content) - z->avail_out,
			err) != 0)
			return -1;
	}
	*answer = rc;
	return 0;
}

static int
read_by_zlib(struct dsr_inflate_stream *s, struct piece *p,
    struct dsr_error *err)
{
	z_stream *z = &s->zlib;
	int rc = Z_OK;

	if ((s->between && start_zlib(s, err) != 0) ||
	    inflate_all(s, p, &rc, err) != 0)
		return -1;
	s->ended = rc == Z_STREAM_END;
	/* 128: between blocks; below 32: bits left of a byte */
	s->between = (z->data_type & 128) != 0 && (z->data_type & 31) == 0;
	if (s->fault != NULL)
		return 0;
	if (s->ended && z->avail_in > 0)
		s->fault = "bytes behind the end of the stream";
	else if (!s->ended && rc != Z_OK && rc != Z_BUF_ERROR)
		s->fault = "a damaged stream";
	return 0;
}

static void
begin_in_order(struct dsr_inflate_stream *s, const struct piece *p)
{
	s->to = p->sink;
	s->left = p->stream_size;
	s->fault = NULL;
	s->ended = false;
	s->between = true;
	s->window_len = 0;
}

static int
end_in_order(struct dsr_inflate_stream *s, struct dsr_error *err)
{
	if (s->fault == NULL && !s->ended)
		s->fault = "a damaged stream";
	if (s->fault == NULL && s->left > 0)
		s->fault = "less content than declared";
	return s->to.end(s->to.ctx, s->fault, err);
}

static int
read_in_order(struct dsr_inflate_stream *s, struct piece *p,
    struct dsr_error *err)
{
	if (s->fault != NULL || p->packed_len == 0)
		return 0;
	if (s->ended) {
		s->fault = "bytes behind the end of the stream";
		return 0;
	}
	if (!p->good || !s->between)
		return read_by_zlib(s, p, err);
	s->ended = p->found.ended;
	return give(s, p->content, p->found.size, err);
}

/* The oldest piece: 1, 0 when there is none, -1 on failure. */
static int
finish_oldest(struct dsr_inflate_stream *s, struct dsr_error *err)
{
	struct piece *p = dsr_pool_collect(s->pool);
	int rc;

	if (p == NULL)
		return 0;
	if (p->first)
		begin_in_order(s, p);
	rc = read_in_order(s, p, err);
	if (rc == 0 && p->last)
		rc = end_in_order(s, err);
	s->idle[s->idle_count++] = p;
	return rc != 0 ? -1 : 1;
}

/* ---- pieces ------------------------------------------------------------------------ */

void
dsr_inflate_stream_begin(struct dsr_inflate_stream *s, uint64_t size,
    const struct dsr_inflate_sink *sink)
{
	s->sink = *sink;
	s->size = size;
	s->begins = s->aligned = true;
}

/* Makes room for packed bytes. */
static int
begin_piece(struct dsr_inflate_stream *s, struct dsr_error *err)
{
	struct piece *p;

	if (s->filling != NULL)
		return 0;
	if (s->idle_count == 0 && finish_oldest(s, err) < 0)
		return -1;
	p = s->filling = s->idle[--s->idle_count];
	p->packed_len = 0;
	p->first = s->begins;
	p->last = false;
	p->sink = s->sink;
	p->stream_size = s->size;
	s->begins = false;
	return 0;
}

/* Behind the bytes 00 00 FF FF, or 0: an empty stored block may end there. */
static size_t
find_mark(const uint8_t *packed, size_t from, size_t len)
{
	const uint8_t *at, *end = packed + len;

	if (from < PIECE_MIN)
		from = PIECE_MIN;
	for (; from < len; from = (size_t)(at - packed) + 1) {
		at = memchr(packed + from, 0xff, len - from);
		if (at == NULL)
			return 0;
		if (at + 1 < end && at[1] == 0xff && at[-1] == 0 && at[-2] == 0)
			return (size_t)(at - packed) + 2;
	}
	return 0;
}

static void
submit(struct dsr_inflate_stream *s, bool marked, bool last)
{
	s->filling->last = last;
	s->filling->alone = s->aligned && (marked || last);
	s->aligned = marked;
	dsr_pool_submit(s->pool, s->filling);
	s->filling = NULL;
}

/* Adds what fits, to a mark at most; the number of bytes. */
static size_t
fill(struct dsr_inflate_stream *s, const uint8_t *packed, size_t len)
{
	struct piece *p = s->filling;
	size_t before = p->packed_len, mark;

	if (len > SCANNED)
		len = SCANNED;
	if (len > sizeof(p->packed) - before)
		len = sizeof(p->packed) - before;
	memcpy(p->packed + before, packed, len);
	p->packed_len += len;
	/* one byte back: the mark may begin in what was there */
	mark = find_mark(p->packed, before > 0 ? before - 1 : 0,
	    p->packed_len);
	if (mark > before) {
		p->packed_len = mark;
		len = mark - before;
	}
	if (mark > before || p->packed_len == sizeof(p->packed))
		submit(s, mark > before, false);
	return len;
}

int
dsr_inflate_stream_write(struct dsr_inflate_stream *s, const void *packed,
    size_t len, struct dsr_error *err)
{
	const uint8_t *p = packed;
	size_t n;

	for (; len > 0; p += n, len -= n) {
		if (begin_piece(s, err) != 0)
			return -1;
		n = fill(s, p, len);
	}
	return 0;
}

int
dsr_inflate_stream_end(struct dsr_inflate_stream *s, struct dsr_error *err)
{
	/* an empty one where nothing is left: somebody must end the stream */
	if (begin_piece(s, err) != 0)
		return -1;
	submit(s, false, true);
	return 0;
}

int
dsr_inflate_stream_flush(struct dsr_inflate_stream *s, struct dsr_error *err)
{
	int more;

	while ((more = finish_oldest(s, err)) > 0)
		continue;
	return more;
}
