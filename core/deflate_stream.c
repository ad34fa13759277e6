/* SPDX-License-Identifier: ISC */
#include "dossier/deflate_stream.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "deflate_chunk.h"
#include "dossier/pool.h"

#define MAX_SLOTS   24u /* chunks under way: they bound the memory */
#define MAX_THREADS (MAX_SLOTS - 2)

struct dsr_deflate_stream {
	struct dsr_pool *pool;
	void *workers[MAX_THREADS]; /* struct chunk_deflater */
	unsigned int threads;       /* of them are ready */
	struct deflate_chunk *idle[MAX_SLOTS];
	size_t idle_count;
	struct deflate_chunk *filling;
	dsr_packed_fn *sink;
	void *ctx;
};

/* In a worker. */
static void
work(void *job, void *worker)
{
	deflate_chunk_pack(job, worker);
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
	slots = threads == 1 ? 2 : dsr_pool_slots(threads, 2, MAX_SLOTS);
	for (; s->threads < threads; s->threads++)
		if ((s->workers[s->threads] = chunk_deflater_new(level)) ==
		    NULL) {
			dsr_fail(err, DSR_ENOMEM, "compressor");
			goto out;
		}
	for (; s->idle_count < slots; s->idle_count++)
		if ((s->idle[s->idle_count] = calloc(1,
			 sizeof(struct deflate_chunk))) == NULL) {
			dsr_fail(err, DSR_ENOMEM, "compressor");
			goto out;
		}
	if (dsr_pool_new(&s->pool, threads, slots, work, s->workers, err) !=
	    0)
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
	struct deflate_chunk *c;

	if (s == NULL)
		return;
	while (s->pool != NULL && (c = dsr_pool_collect(s->pool)) != NULL)
		free(c);
	dsr_pool_free(s->pool);
	free(s->filling);
	while (s->idle_count > 0)
		free(s->idle[--s->idle_count]);
	while (s->threads > 0)
		chunk_deflater_free(s->workers[--s->threads]);
	free(s);
}

/* Hands on the oldest chunk: 1, 0 when there is none, -1 on failure. */
static int
finish_oldest(struct dsr_deflate_stream *s, struct dsr_error *err)
{
	struct deflate_chunk *c = dsr_pool_collect(s->pool);
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
	struct deflate_chunk *full = s->filling, *c;

	if (s->idle_count == 0 && finish_oldest(s, err) < 0)
		return -1;
	c = s->idle[--s->idle_count];
	c->len = 0;
	c->last = false;
	c->window_len = 0;
	if (full != NULL) {
		/* only a full chunk is followed by another */
		c->window_len = DEFLATE_WINDOW;
		memcpy(c->window,
		    full->content + DEFLATE_CHUNK - DEFLATE_WINDOW,
		    DEFLATE_WINDOW);
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
		if ((s->filling == NULL || s->filling->len == DEFLATE_CHUNK) &&
		    next_chunk(s, err) != 0)
			return -1;
		n = DEFLATE_CHUNK - s->filling->len;
		if (n > len)
			n = len;
		memcpy(s->filling->content + s->filling->len, p, n);
		s->filling->len += n;
		p += n;
		len -= n;
	}
	return last ? end_stream(s, err) : 0;
}
