/* SPDX-License-Identifier: ISC */
/*
 * Inflate of whole members.
 *
 * zlib in every build: libdeflate 1.14, twice as fast, accepts streams that
 * zlib refuses (reserved symbols, code lengths past their end), and nothing
 * cheaper than decoding finds them.
 */
#include "dossier/zip.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

struct dsr_inflater {
	z_stream stream;
};

int
dsr_inflater_new(struct dsr_inflater **out, struct dsr_error *err)
{
	struct dsr_inflater *i = calloc(1, sizeof(*i));

	*out = NULL;
	if (i == NULL || inflateInit2(&i->stream, -MAX_WBITS) != Z_OK) {
		free(i);
		return dsr_fail(err, DSR_ENOMEM, "inflate");
	}
	*out = i;
	return 0;
}

void
dsr_inflater_free(struct dsr_inflater *i)
{
	if (i == NULL)
		return;
	inflateEnd(&i->stream);
	free(i);
}

/*
 * One call with Z_FINISH: then zlib needs no window of its own, so that
 * nothing but the stream can make it fail.
 */
bool
dsr_inflate(struct dsr_inflater *i, uint8_t *out, size_t size,
    const uint8_t *packed, size_t packed_size)
{
	z_stream *s = &i->stream;
	uint8_t nowhere = 0;

	assert(size <= UINT_MAX && packed_size <= UINT_MAX);
	if (inflateReset(s) != Z_OK)
		return false;
	s->next_in = (z_const Bytef *)(uintptr_t)packed;
	s->avail_in = (uInt)packed_size;
	s->next_out = size > 0 ? out : &nowhere;
	s->avail_out = (uInt)size;
	return inflate(s, Z_FINISH) == Z_STREAM_END && s->avail_in == 0 &&
	    s->avail_out == 0;
}
