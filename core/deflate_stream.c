/* SPDX-License-Identifier: ISC */
#include "dossier/deflate_stream.h"

#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#define PIECE 65536

struct dsr_deflate_stream {
	z_stream z;
	dsr_packed_fn *sink;
	void *ctx;
	uint8_t out[PIECE];
};

int
dsr_deflate_stream_new(struct dsr_deflate_stream **out, int level,
    dsr_packed_fn *sink, void *ctx, struct dsr_error *err)
{
	struct dsr_deflate_stream *s = calloc(1, sizeof(*s));

	*out = NULL;
	if (s == NULL ||
	    deflateInit2(&s->z, level > 9 ? 9 : level, Z_DEFLATED, -MAX_WBITS,
		MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
		free(s);
		return dsr_fail(err, DSR_ENOMEM, "compressor");
	}
	s->sink = sink;
	s->ctx = ctx;
	*out = s;
	return 0;
}

void
dsr_deflate_stream_free(struct dsr_deflate_stream *s)
{
	if (s == NULL)
		return;
	(void)deflateEnd(&s->z);
	free(s);
}

int
dsr_deflate_stream_write(struct dsr_deflate_stream *s, const void *data,
    size_t len, bool last, struct dsr_error *err)
{
	const uint8_t *p = data;
	size_t left = len;
	int done = Z_OK;

	do {
		s->z.next_in = (z_const Bytef *)(uintptr_t)p;
		s->z.avail_in = left > PIECE ? PIECE : (uInt)left;
		p += s->z.avail_in;
		left -= s->z.avail_in;
		do {
			s->z.next_out = s->out;
			s->z.avail_out = PIECE;
			done = deflate(&s->z,
			    last && left == 0 ? Z_FINISH : Z_NO_FLUSH);
			if (s->z.avail_out < PIECE &&
			    s->sink(s->ctx, s->out, PIECE - s->z.avail_out,
				err) != 0)
				return -1;
		} while (s->z.avail_out == 0);
	} while (left > 0);
	return last && done != Z_STREAM_END
	    ? dsr_fail(err, DSR_EBUG, "deflate did not end")
	    : 0;
}
