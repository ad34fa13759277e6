/* SPDX-License-Identifier: ISC */
/*
 * Deflate of one member at a time. A compressor is made once and used for
 * every member: making one costs more than packing a small document.
 */
#include "dossier/zip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#if DSR_WITH_LIBDEFLATE
#include <libdeflate.h>

#include "deflate_level.h"
#endif

#define SAMPLED_FROM   65536u  /* bytes; smaller content is simply tried */
#define SAMPLE_BYTES   4096u   /* of one sample */
#define SAMPLE_EVERY   262144u /* bytes of content for one more sample */
#define SAMPLES_MIN    4u
#define SAMPLES_MAX    16u
#define SAMPLE_PERCENT 98u     /* packed bytes below this are worth it */

#if DSR_WITH_LIBDEFLATE

struct dsr_deflater {
	struct libdeflate_compressor *small; /* NULL: level 0 */
	struct libdeflate_compressor *large; /* of more than SMALL_CONTENT */
};

static int
start_compressor(struct dsr_deflater *d, int level)
{
	d->small = libdeflate_alloc_compressor(libdeflate_level(level, 0));
	d->large = libdeflate_alloc_compressor(libdeflate_level(level,
	    SMALL_CONTENT + 1));
	return d->small != NULL && d->large != NULL ? 0 : -1;
}

static void
stop_compressor(struct dsr_deflater *d)
{
	if (d->small != NULL)
		libdeflate_free_compressor(d->small);
	if (d->large != NULL)
		libdeflate_free_compressor(d->large);
}

static bool
is_storing(const struct dsr_deflater *d)
{
	return d->small == NULL;
}

/* Packed bytes, or 0 when there are more than max. */
static size_t
compress_bytes(struct dsr_deflater *d, uint8_t *out, size_t max,
    const uint8_t *in, size_t len)
{
	return libdeflate_deflate_compress(
	    len <= SMALL_CONTENT ? d->small : d->large, in, len, out, max);
}

uint32_t
dsr_crc32(uint32_t crc, const void *data, size_t len)
{
	return len > 0 ? libdeflate_crc32(crc, data, len) : crc;
}

#else

struct dsr_deflater {
	z_stream stream;
	bool ready; /* false: level 0 */
};

static int
start_compressor(struct dsr_deflater *d, int level)
{
	if (level > Z_BEST_COMPRESSION)
		level = Z_BEST_COMPRESSION;
	if (deflateInit2(&d->stream, level, Z_DEFLATED, -MAX_WBITS,
	    MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
		return -1;
	d->ready = true;
	return 0;
}

static void
stop_compressor(struct dsr_deflater *d)
{
	if (d->ready)
		deflateEnd(&d->stream);
}

static bool
is_storing(const struct dsr_deflater *d)
{
	return !d->ready;
}

static uInt
take_piece(size_t *left)
{
	uInt piece = *left > 0x40000000 ? 0x40000000 : (uInt)*left;

	*left -= piece;
	return piece;
}

/* Packed bytes, or 0 when there are more than max. */
static size_t
compress_bytes(struct dsr_deflater *d, uint8_t *out, size_t max,
    const uint8_t *in, size_t len)
{
	size_t in_left = len, out_left = max;
	z_stream *s = &d->stream;
	int rc = Z_OK;

	deflateReset(s);
	s->next_in = (z_const Bytef *)(uintptr_t)in;
	s->next_out = out;
	s->avail_in = s->avail_out = 0;
	while (rc == Z_OK) {
		if (s->avail_in == 0)
			s->avail_in = take_piece(&in_left);
		if (s->avail_out == 0)
			s->avail_out = take_piece(&out_left);
		if (s->avail_out == 0)
			return 0;
		rc = deflate(s, in_left > 0 ? Z_NO_FLUSH : Z_FINISH);
	}
	return rc == Z_STREAM_END ? max - out_left - s->avail_out : 0;
}

uint32_t
dsr_crc32(uint32_t crc, const void *data, size_t len)
{
	return len > 0 ? (uint32_t)crc32_z(crc, data, len) : crc;
}

#endif

int
dsr_deflater_new(struct dsr_deflater **out, int level, struct dsr_error *err)
{
	struct dsr_deflater *d;

	*out = NULL;
	if ((d = calloc(1, sizeof(*d))) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "compressor");
	if (level > 0 && start_compressor(d, level) < 0) {
		dsr_deflater_free(d);
		return dsr_fail(err, DSR_ENOMEM, "compressor of level %d",
		    level);
	}
	*out = d;
	return 0;
}

void
dsr_deflater_free(struct dsr_deflater *d)
{
	if (d == NULL)
		return;
	stop_compressor(d);
	free(d);
}

/*
 * Deflating what does not shrink is most of the cost of packing images,
 * models and archives. Samples spread evenly over the content tell.
 */
bool
dsr_deflater_is_worthwhile(struct dsr_deflater *d, const uint8_t *content,
    size_t size)
{
	uint8_t packed[SAMPLE_BYTES];
	size_t count = size / SAMPLE_EVERY, sum = 0, step, n, i;

	if (is_storing(d) || size == 0)
		return false;
	if (size <= SAMPLED_FROM)
		return true;
	if (count < SAMPLES_MIN)
		count = SAMPLES_MIN;
	if (count > SAMPLES_MAX)
		count = SAMPLES_MAX;
	step = (size - SAMPLE_BYTES) / (count - 1);
	for (i = 0; i < count; i++) {
		n = compress_bytes(d, packed, sizeof(packed),
		    content + i * step, SAMPLE_BYTES);
		sum += n > 0 ? n : SAMPLE_BYTES;
	}
	return sum * 100 < count * SAMPLE_BYTES * SAMPLE_PERCENT;
}

void
dsr_deflater_pack(struct dsr_deflater *d, struct dsr_zip_entry *e,
    uint8_t *out, const uint8_t *content, size_t size)
{
	size_t packed = 0;

	if (dsr_deflater_is_worthwhile(d, content, size))
		packed = compress_bytes(d, out, size - 1, content, size);
	e->method = packed > 0 ? DSR_ZIP_DEFLATED : DSR_ZIP_STORED;
	e->crc32 = dsr_crc32(0, content, size);
	e->size = size;
	e->packed_size = packed > 0 ? packed : size;
	if (packed == 0 && size > 0)
		memcpy(out, content, size);
}
