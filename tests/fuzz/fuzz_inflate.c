/* SPDX-License-Identifier: ISC */
/*
 * Inflate of whole members on any bytes, against zlib itself: the same verdict
 * and the same content. The first two bytes say how much content is declared.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "dossier/zip.h"

#define ROOM 65536u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bytes of content; SIZE_MAX when zlib refuses the stream or ends early. */
static size_t
zlib_inflate(uint8_t out[ROOM], uint8_t *packed, size_t len)
{
	z_stream s;
	size_t made;
	int rc;

	memset(&s, 0, sizeof(s));
	if (inflateInit2(&s, -MAX_WBITS) != Z_OK)
		abort();
	s.next_in = packed;
	s.avail_in = (uInt)len;
	s.next_out = out;
	s.avail_out = ROOM;
	rc = inflate(&s, Z_FINISH);
	made = ROOM - s.avail_out;
	if (rc != Z_STREAM_END || s.avail_in > 0)
		made = SIZE_MAX;
	inflateEnd(&s);
	return made;
}

static void
compare_with_zlib(struct dsr_inflater *i, uint8_t *packed, size_t len,
    size_t declared)
{
	static uint8_t wanted[ROOM];
	size_t made = zlib_inflate(wanted, packed, len);
	size_t sizes[3] = { made, made + 1, declared }, k;
	uint8_t *out;

	for (k = made < ROOM ? 0 : 2; k < 3; k++) {
		/* exactly as large: a sanitizer sees a byte too many */
		if ((out = malloc(sizes[k] > 0 ? sizes[k] : 1)) == NULL)
			abort();
		if (dsr_inflate(i, out, sizes[k], packed, len) !=
		    (sizes[k] == made && made <= ROOM))
			abort();
		if (sizes[k] == made && memcmp(out, wanted, made) != 0)
			abort();
		memset(out, 0xA5, sizes[k]);
		if (dsr_inflate_alone(i, out, sizes[k], packed, len) !=
		    (sizes[k] == made && made <= ROOM))
			abort();
		if (sizes[k] == made && memcmp(out, wanted, made) != 0)
			abort();
		free(out);
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
	if ((packed = malloc(size)) == NULL ||
	    dsr_inflater_new(&i, &err) < 0)
		abort();
	memcpy(packed, data + 2, size - 2);
	compare_with_zlib(i, packed, size - 2, declared);
	dsr_inflater_free(i);
	free(packed);
	return 0;
}
