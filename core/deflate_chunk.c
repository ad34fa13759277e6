/* SPDX-License-Identifier: ISC */
#include "deflate_chunk.h"

#include <stdlib.h>

#if DSR_WITH_LIBDEFLATE

#include <libdeflate.h>

#include "deflate_level.h"

struct chunk_deflater {
	struct libdeflate_compressor *compressor;
	struct dsr_inflater *inflater;
	uint8_t unpacked[DEFLATE_UNPACKED];
};

struct chunk_deflater *
chunk_deflater_new(int level)
{
	struct chunk_deflater *d = calloc(1, sizeof(*d));
	struct dsr_error err;

	if (d == NULL)
		return NULL;
	d->compressor = libdeflate_alloc_compressor(libdeflate_level(level,
	    DEFLATE_CHUNK));
	if (d->compressor == NULL || dsr_inflater_new(&d->inflater, &err) != 0) {
		chunk_deflater_free(d);
		return NULL;
	}
	return d;
}

void
chunk_deflater_free(struct chunk_deflater *d)
{
	if (d == NULL)
		return;
	if (d->compressor != NULL)
		libdeflate_free_compressor(d->compressor);
	dsr_inflater_free(d->inflater);
	free(d);
}

/* Whole streams, which do not look back: the window is not used. */
void
deflate_chunk_pack(struct deflate_chunk *c, struct chunk_deflater *d)
{
	c->packed_len = libdeflate_deflate_compress(d->compressor, c->content,
	    c->len, c->packed, sizeof(c->packed));
	if (c->packed_len > 0 && !c->last)
		c->packed_len = deflate_unfinish(d->inflater, d->unpacked,
		    c->packed, c->packed_len, c->content, c->len);
	c->failed = c->packed_len == 0;
}

#else

#include <zlib.h>

struct chunk_deflater {
	z_stream stream;
};

struct chunk_deflater *
chunk_deflater_new(int level)
{
	struct chunk_deflater *d = calloc(1, sizeof(*d));

	if (d != NULL &&
	    deflateInit2(&d->stream,
		level > Z_BEST_COMPRESSION ? Z_BEST_COMPRESSION : level,
		Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) !=
		Z_OK) {
		free(d);
		return NULL;
	}
	return d;
}

void
chunk_deflater_free(struct chunk_deflater *d)
{
	if (d == NULL)
		return;
	(void)deflateEnd(&d->stream);
	free(d);
}

/* Each chunk is primed with the end of the one before, as pigz does. */
void
deflate_chunk_pack(struct deflate_chunk *c, struct chunk_deflater *d)
{
	z_stream *z = &d->stream;
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

#endif
