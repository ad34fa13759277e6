/* SPDX-License-Identifier: ISC */
#include "zip_format.h"

#include <string.h>

/* The constants of the profile: FORMAT.md 2.2 */
#define MADE_BY             0x032Du /* Unix, 4.5: APPNOTE 4.4.2 */
#define NEEDED_STORED       10u     /* APPNOTE 4.4.3.2 */
#define NEEDED_DEFLATED     20u
#define NEEDED_ZIP64        45u
#define FIXED_DATE          0x0021u /* 1980-01-01, the first there is */
#define EXTERNAL_ATTRIBUTES 0x81A40000u /* regular file, 0644 */
#define ZIP64_ID            0x0001u /* of the extra field: APPNOTE 4.5.3 */
#define END64_REST          44u     /* bytes behind its own size field */

static uint8_t *
put16(uint8_t *p, unsigned int v)
{
	*p++ = (uint8_t)(v & 0xFF);
	*p++ = (uint8_t)(v >> 8 & 0xFF);
	return p;
}

static uint8_t *
put32(uint8_t *p, uint32_t v)
{
	return put16(put16(p, v & 0xFFFF), v >> 16);
}

static uint8_t *
put64(uint8_t *p, uint64_t v)
{
	return put32(put32(p, (uint32_t)(v & 0xFFFFFFFF)), (uint32_t)(v >> 32));
}

static uint8_t *
put_name(uint8_t *p, const struct dsr_zip_entry *e)
{
	memcpy(p, e->name, e->name_len);
	return p + e->name_len;
}

static uint32_t
or_sentinel(uint64_t v)
{
	return v >= DSR_ZIP_MAX32 ? DSR_ZIP_MAX32 : (uint32_t)v;
}

bool
dsr_zip_sizes_need64(uint64_t size, uint64_t packed_size)
{
	return size >= DSR_ZIP_MAX32 || packed_size >= DSR_ZIP_MAX32;
}

static bool
sizes_need64(const struct dsr_zip_entry *e)
{
	return dsr_zip_sizes_need64(e->size, e->packed_size);
}

/*
 * One version for both headers, so the offset counts for the local header
 * too, although only the central header can say it.
 */
static unsigned int
version_needed(const struct dsr_zip_entry *e)
{
	if (sizes_need64(e) || e->offset >= DSR_ZIP_MAX32)
		return NEEDED_ZIP64;
	return e->method == DSR_ZIP_DEFLATED ? NEEDED_DEFLATED : NEEDED_STORED;
}

/* The fields that both headers share, in both one behind the other. */
static uint8_t *
put_common(uint8_t *p, const struct dsr_zip_entry *e, size_t extra_len)
{
	bool wide = sizes_need64(e);

	p = put16(p, version_needed(e));
	p = put16(p, 0); /* flags */
	p = put16(p, e->method);
	p = put16(p, 0); /* time */
	p = put16(p, FIXED_DATE);
	p = put32(p, e->crc32);
	p = put32(p, wide ? DSR_ZIP_MAX32 : (uint32_t)e->packed_size);
	p = put32(p, wide ? DSR_ZIP_MAX32 : (uint32_t)e->size);
	p = put16(p, (unsigned int)e->name_len);
	return put16(p, (unsigned int)extra_len);
}

/* APPNOTE 4.3.7, 4.5.3; FORMAT.md 2.2, 2.3 */
size_t
dsr_zip_local_encode(uint8_t out[DSR_ZIP_LOCAL_MAX],
    const struct dsr_zip_entry *e)
{
	bool wide = sizes_need64(e);
	uint8_t *p = out;

	p = put32(p, DSR_ZIP_LOCAL_SIGNATURE);
	p = put_common(p, e, wide ? DSR_ZIP_SIZES_EXTRA : 0);
	p = put_name(p, e);
	if (wide) {
		p = put16(p, ZIP64_ID);
		p = put16(p, DSR_ZIP_SIZES_EXTRA - 4);
		p = put64(p, e->size);
		p = put64(p, e->packed_size);
	}
	return (size_t)(p - out);
}

static size_t
central_extra_len(const struct dsr_zip_entry *e)
{
	size_t len = sizes_need64(e) ? 16 : 0;

	if (e->offset >= DSR_ZIP_MAX32)
		len += 8;
	return len > 0 ? len + 4 : 0;
}

/* APPNOTE 4.5.3; FORMAT.md 2.3 */
static uint8_t *
put_central_extra(uint8_t *p, const struct dsr_zip_entry *e)
{
	size_t len = central_extra_len(e);

	if (len == 0)
		return p;
	p = put16(p, ZIP64_ID);
	p = put16(p, (unsigned int)(len - 4));
	if (sizes_need64(e)) {
		p = put64(p, e->size);
		p = put64(p, e->packed_size);
	}
	if (e->offset >= DSR_ZIP_MAX32)
		p = put64(p, e->offset);
	return p;
}

/* APPNOTE 4.3.12, 4.5.3; FORMAT.md 2.2, 2.3 */
size_t
dsr_zip_central_encode(uint8_t out[DSR_ZIP_CENTRAL_MAX],
    const struct dsr_zip_entry *e)
{
	uint8_t *p = out;

	p = put32(p, DSR_ZIP_CENTRAL_SIGNATURE);
	p = put16(p, MADE_BY);
	p = put_common(p, e, central_extra_len(e));
	p = put16(p, 0); /* comment length */
	p = put16(p, 0); /* disk */
	p = put16(p, 0); /* internal attributes */
	p = put32(p, EXTERNAL_ATTRIBUTES);
	p = put32(p, or_sentinel(e->offset));
	p = put_name(p, e);
	p = put_central_extra(p, e);
	return (size_t)(p - out);
}

/* APPNOTE 4.3.14, 4.3.15; FORMAT.md 2.3 */
static uint8_t *
put_end64(uint8_t *p, const struct dsr_zip_ends *ends)
{
	p = put32(p, DSR_ZIP_END64_SIGNATURE);
	p = put64(p, END64_REST);
	p = put16(p, MADE_BY);
	p = put16(p, NEEDED_ZIP64);
	p = put32(p, 0); /* this disk */
	p = put32(p, 0); /* disk of the directory */
	p = put64(p, ends->members);
	p = put64(p, ends->members);
	p = put64(p, ends->directory_size);
	p = put64(p, ends->directory_offset);

	p = put32(p, DSR_ZIP_LOCATOR_SIGNATURE);
	p = put32(p, 0); /* disk of the ZIP64 end record */
	p = put64(p, ends->directory_offset + ends->directory_size);
	return put32(p, 1); /* disks */
}

/* APPNOTE 4.3.16; FORMAT.md 2.2, 2.3 */
size_t
dsr_zip_ends_encode(uint8_t out[DSR_ZIP_ENDS_MAX],
    const struct dsr_zip_ends *ends)
{
	unsigned int members = ends->members >= DSR_ZIP_MAX16 ?
	    DSR_ZIP_MAX16 : (unsigned int)ends->members;
	uint8_t *p = out;

	if (members == DSR_ZIP_MAX16 ||
	    ends->directory_size >= DSR_ZIP_MAX32 ||
	    ends->directory_offset >= DSR_ZIP_MAX32)
		p = put_end64(p, ends);
	p = put32(p, DSR_ZIP_END_SIGNATURE);
	p = put16(p, 0); /* this disk */
	p = put16(p, 0); /* disk of the directory */
	p = put16(p, members);
	p = put16(p, members);
	p = put32(p, or_sentinel(ends->directory_size));
	p = put32(p, or_sentinel(ends->directory_offset));
	p = put16(p, 0); /* comment length */
	return (size_t)(p - out);
}
