/* SPDX-License-Identifier: ISC */
/* Content of one member that comes in pieces: all of it, to a sink. */
#include "check.h"

#define PIECE 65536u /* bytes; less is not worth more than one thread */

/* To the sink, and summed up on the way. */
struct summed {
	dsr_content_fn *sink;
	void *ctx;
	uint32_t crc32;
};

static int
sum_piece(void *ctx, const void *content, size_t len, struct dsr_error *err)
{
	struct summed *s = ctx;

	s->crc32 = dsr_crc32(s->crc32, content, len);
	return s->sink(s->ctx, content, len, err);
}

static int
inflate_pieces(struct check *c, const struct dsr_zip_entry *e,
    dsr_content_fn *sink, void *ctx, struct dsr_error *err)
{
	struct summed s = { sink, ctx, 0 };
	const char *fault = NULL;
	uint8_t piece[PIECE];
	uint64_t got = 0;
	int64_t n;

	dsr_inflate_stream_begin(c->stream, e->size, sum_piece, &s);
	while ((n = dsr_zip_reader_packed(c->zip, piece, sizeof(piece), err)) >
	    0) {
		got += (uint64_t)n;
		if (dsr_inflate_stream_write(c->stream, piece, (size_t)n,
			err) != 0)
			return -1;
	}
	if (n < 0 || dsr_inflate_stream_end(c->stream, &fault, err) != 0)
		return -1;
	if (got < e->packed_size) /* a finding says that the file ended */
		return 0;
	if (fault != NULL)
		dsr_findings_add(c->findings, DSR_F_ZIP_DEFLATE, e->name, NULL,
		    "%s", fault);
	else if (s.crc32 != e->crc32)
		dsr_findings_add(c->findings, DSR_F_ZIP_CRC, e->name, NULL,
		    "%08x instead of %08x", s.crc32, e->crc32);
	return 0;
}

static int
read_pieces(struct check *c, dsr_content_fn *sink, void *ctx,
    struct dsr_error *err)
{
	uint8_t piece[PIECE];
	int64_t n;

	while ((n = c->origin.read(c->origin.ctx, piece, sizeof(piece), err)) >
	    0)
		if (sink(ctx, piece, (size_t)n, err) != 0)
			return -1;
	return (int)n;
}

int
pieces_read(struct check *c, const struct dsr_zip_entry *e,
    dsr_content_fn *sink, void *ctx, struct dsr_error *err)
{
	if (c->crew == NULL || c->zip == NULL ||
	    e->method != DSR_ZIP_DEFLATED || e->packed_size < PIECE)
		return read_pieces(c, sink, ctx, err);
	if (c->stream == NULL && dsr_inflate_stream_new(&c->stream,
		c->options->jobs, err) != 0)
		return -1;
	return inflate_pieces(c, e, sink, ctx, err);
}
