/* SPDX-License-Identifier: ISC */
#include "dossier/deflate_stream.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "dossier/pool.h"

#define CHUNK       262144u /* bytes of content that one thread takes */
#define WINDOW      32768u  /* bytes that deflate looks back */
#define MAX_THREADS 64u
#define MAX_SLOTS   24u /* chunks under way: they bound the memory */

struct chunk {
	uint8_t window[WINDOW]; /* the end of the chunk before */
	size_t window_len;
	uint8_t content[CHUNK];
	size_t len;
	bool last;
	bool failed;
	size_t packed_len;
	uint8_t packed[CHUNK + CHUNK / 64 + 1024]; /* deflateBound, and more */
};

struct dsr_deflate_stream {
	struct dsr_pool *pool;
	z_stream streams[MAX_THREADS];
	void *workers[MAX_THREADS];
	unsigned int threads; /* streams that are ready */
	struct chunk *idle[MAX_SLOTS];
	size_t idle_count;
	struct chunk *filling;
	dsr_packed_fn *sink;
	void *ctx;
};

/* In a worker: one chunk, which ends at a byte unless it is the last. */
static void
deflate_chunk(void *job, void *worker)
{
	struct chunk *c = job;
	z_stream *z = worker;
	int rc;

	c->failed = true;
	if (deflateReset(z) != Z_OK)
		return;
	if (c->window_len > 0 &&
	    deflateSetDictionary(z, c->window, (uInt)c->window_len) != Z_OK)
		return;
	z->next_in = c->content;
	z->avail_in = (uInt)c->len;
	z->next_out = c->packed;
	z->avail_out = sizeof(c->packed);
	rc = deflate(z, c->last ? Z_FINISH : Z_SYNC_FLUSH);
	c->packed_len = sizeof(c->packed) - z->avail_out;
	c->failed = rc != (c->last ? Z_STREAM_END : Z_OK) ||
	    z->avail_in > 0 || z->avail_out == 0;
}

static int
ready_streams(struct dsr_deflate_stream *s, int level, unsigned int threads,
    struct dsr_error *err)
{
	for (; s->threads < threads; s->threads++) {
		if (deflateInit2(&s->streams[s->threads], level > 9 ? 9 : level,
			Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL,
			Z_DEFAULT_STRATEGY) != Z_OK)
			return dsr_fail(err, DSR_ENOMEM, "compressor");
		s->workers[s->threads] = &s->streams[s->threads];
	}
	return 0;
}

int
dsr_deflate_stream_new(struct dsr_deflate_stream **out, int level,
    unsigned int threads, dsr_packed_fn *sink, void *ctx,
    struct dsr_error *err)
{
	struct dsr_deflate_stream *s = calloc(1, sizeof(*s));
	size_t slots;

	*out = NULL;
	if (s == NULL)
		return dsr_fail(err, DSR_ENOMEM, "compressor");
	if (threads > MAX_THREADS)
		threads = MAX_THREADS;
	s->sink = sink;
	s->ctx = ctx;
	slots = threads == 1 ? 2 : 2 * (size_t)threads + 2;
	if (slots > MAX_SLOTS)
		slots = MAX_SLOTS;
	if (ready_streams(s, level, threads, err) != 0)
		goto out;
	for (; s->idle_count < slots; s->idle_count++)
		if ((s->idle[s->idle_count] = calloc(1,
			 sizeof(struct chunk))) == NULL) {
			dsr_fail(err, DSR_ENOMEM, "compressor");
			goto out;
		}
	if (dsr_pool_new(&s->pool, threads, slots, deflate_chunk, s->workers,
		err) != 0)
		goto out;
	*out = s;
	return 0;
out:
	dsr_deflate_stream_free(s);
	return -1;
}

void
dsr_deflate_stream_free(struct dsr_deflate_stream *s)
{
	struct chunk *c;

	if (s == NULL)
		return;
	while (s->pool != NULL && (c = dsr_pool_collect(s->pool)) != NULL)
		free(c);
	dsr_pool_free(s->pool);
	free(s->filling);
	while (s->idle_count > 0)
		free(s->idle[--s->idle_count]);
	while (s->threads > 0)
		(void)deflateEnd(&s->streams[--s->threads]);
	free(s);
}

/* Hands on the oldest chunk: 1, 0 when there is none, -1 on failure. */
static int
finish_oldest(struct dsr_deflate_stream *s, struct dsr_error *err)
{
	struct chunk *c = dsr_pool_collect(s->pool);
	int rc;

	if (c == NULL)
		return 0;
	rc = c->failed ? dsr_fail(err, DSR_EBUG, "deflate did not end")
		       : s->sink(s->ctx, c->packed, c->packed_len, err);
	s->idle[s->idle_count++] = c;
	return rc != 0 ? -1 : 1;
}

/* A chunk to fill, primed with the end of the one that goes to work now. */
static int
next_chunk(struct dsr_deflate_stream *s, struct dsr_error *err)
{
	struct chunk *full = s->filling, *c;

	if (s->idle_count == 0 && finish_oldest(s, err) < 0)
		return -1;
	c = s->idle[--s->idle_count];
	c->len = 0;
	c->last = false;
	c->window_len = 0;
	if (full != NULL) {
		/* only a full chunk is followed by another */
		c->window_len = WINDOW;
		memcpy(c->window, full->content + CHUNK - WINDOW, WINDOW);
		dsr_pool_submit(s->pool, full);
	}
	s->filling = c;
	return 0;
}

static int
end_stream(struct dsr_deflate_stream *s, struct dsr_error *err)
{
	int more;

	if (s->filling == NULL && next_chunk(s, err) != 0)
		return -1;
	s->filling->last = true;
	dsr_pool_submit(s->pool, s->filling);
	s->filling = NULL;
	while ((more = finish_oldest(s, err)) > 0)
		continue;
	return more;
}

int
dsr_deflate_stream_write(struct dsr_deflate_stream *s, const void *data,
    size_t len, bool last, struct dsr_error *err)
{
	const uint8_t *p = data;
	size_t n;

	while (len > 0) {
		if ((s->filling == NULL || s->filling->len == CHUNK) &&
		    next_chunk(s, err) != 0)
			return -1;
		n = CHUNK - s->filling->len < len ? CHUNK - s->filling->len
						  : len;
		memcpy(s->filling->content + s->filling->len, p, n);
		s->filling->len += n;
		p += n;
		len -= n;
	}
	return last ? end_stream(s, err) : 0;
}
