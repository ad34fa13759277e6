/* SPDX-License-Identifier: ISC */
/*
 * Inflate of whole members on any bytes, against zlib itself: the same verdict
 * and the same content. The first two bytes say how much content is declared.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "dossier/zip.h"

#define ROOM 65536u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What zlib makes of the bytes, and how it ends. */
struct wanted {
	uint8_t out[ROOM];
	size_t size;
	bool ended;  /* with the last block, and all the bytes */
	bool paused; /* all the bytes are blocks, to a whole byte */
};

static void
zlib_inflate(struct wanted *w, uint8_t *packed, size_t len)
{
	z_stream s;
	int rc;

	memset(&s, 0, sizeof(s));
	if (inflateInit2(&s, -MAX_WBITS) != Z_OK)
		abort();
	s.next_in = packed;
	s.avail_in = (uInt)len;
	s.next_out = w->out;
	s.avail_out = ROOM;
	rc = inflate(&s, Z_NO_FLUSH);
	w->size = ROOM - s.avail_out;
	w->ended = rc == Z_STREAM_END && s.avail_in == 0;
	/* 128: between blocks; the bits below 32: bits left of a byte */
	w->paused = rc == Z_OK && s.avail_in == 0 &&
	    (s.data_type & 128) != 0 && (s.data_type & 31) == 0;
	inflateEnd(&s);
}

static uint8_t *
new_bytes(size_t size)
{
	uint8_t *bytes = malloc(size > 0 ? size : 1);

	if (bytes == NULL)
		abort();
	return bytes;
}

static void
compare_whole(struct dsr_inflater *i, const struct wanted *w,
    const uint8_t *packed, size_t len, size_t size, size_t room)
{
	bool good = w->ended && size == w->size;
	/* exactly as large: a sanitizer sees a byte too many */
	uint8_t *out = new_bytes(room);

	if (dsr_inflate(i, out, room, size, packed, len) != good ||
	    (good && memcmp(out, w->out, size) != 0))
		abort();
	memset(out, 0xA5, room);
	if (dsr_inflate_alone(i, out, room, size, packed, len) != good ||
	    (good && memcmp(out, w->out, size) != 0))
		abort();
	free(out);
}

static void
compare_blocks(struct dsr_inflater *i, const struct wanted *w,
    const uint8_t *packed, size_t len, size_t room)
{
	bool good = (w->ended || w->paused) && w->size <= room;
	uint8_t *out = new_bytes(room);
	struct dsr_blocks found;

	if (dsr_inflate_blocks(i, out, room, packed, len, &found) != good)
		abort();
	if (good && (found.size != w->size || found.ended != w->ended ||
	    found.last > found.bits || (found.bits + 7) / 8 != len ||
	    memcmp(out, w->out, found.size) != 0))
		abort();
	free(out);
}

static void
compare_with_zlib(struct dsr_inflater *i, uint8_t *packed, size_t len,
    size_t declared)
{
	static struct wanted w;
	size_t sizes[3], k;

	zlib_inflate(&w, packed, len);
	sizes[0] = declared;
	sizes[1] = w.size;
	sizes[2] = w.size + 1;
	/* a stream that goes on behind ROOM: only the size that is too small */
	for (k = 0; k < (w.size < ROOM ? 3 : 1); k++) {
		compare_whole(i, &w, packed, len, sizes[k], sizes[k]);
		compare_whole(i, &w, packed, len, sizes[k],
		    sizes[k] + DSR_INFLATE_SLACK);
		if (w.size < ROOM)
			compare_blocks(i, &w, packed, len, sizes[k]);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dsr_inflater *i;
	struct dsr_error err;
	size_t declared;
	uint8_t *packed;

	if (size < 2)
		return 0;
	declared = (size_t)(data[0] << 8 | data[1]);
	packed = new_bytes(size - 2); /* exactly as large, too */
	if (dsr_inflater_new(&i, &err) < 0)
		abort();
	memcpy(packed, data + 2, size - 2);
	compare_with_zlib(i, packed, size - 2, declared);
	dsr_inflater_free(i);
	free(packed);
	return 0;
}
