/* SPDX-License-Identifier: ISC */
#include "zip_header.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/name.h"
#include "zip_format.h"

#define FLAG_DESCRIPTOR 0x0008u /* sizes follow the data: APPNOTE 4.4.4 */
#define ZIP64_ID        0x0001u

/* Where the fields of a header stand: APPNOTE 4.3.7 and 4.3.12 */
static const struct layout {
	size_t fixed;   /* bytes of the fixed part */
	size_t common;  /* "version needed"; the next fields are shared */
	bool central;
} layouts[] = {
	[DSR_ZIP_LOCAL] = { DSR_ZIP_LOCAL_BYTES, 4, false },
	[DSR_ZIP_CENTRAL] = { DSR_ZIP_CENTRAL_BYTES, 6, true },
};

/* From `common` on, in both headers */
#define AT_NEEDED   0
#define AT_FLAGS    2
#define AT_METHOD   4
#define AT_TIME     6
#define AT_DATE     8
#define AT_CRC      10
#define AT_PACKED   14
#define AT_SIZE     18
#define AT_NAME_LEN 22
#define AT_EXTRA    24
/* From the start of a central header on */
#define AT_MADE_BY  4
#define AT_COMMENT  32
#define AT_DISK     34
#define AT_INTERNAL 36
#define AT_EXTERNAL 38
#define AT_OFFSET   42

/* One header on its way to an entry. */
struct judged {
	const struct layout *layout;
	const uint8_t *raw;
	const uint8_t *common;
	const uint8_t *extra;
	size_t name_len, extra_len; /* bytes */
	bool wide_sizes;  /* both 32-bit sizes are sentinels */
	bool wide_offset; /* so is the offset of a central header */
	bool clean;       /* nothing wrong with the extra field */
	struct dsr_zip_entry *e;
	struct dsr_findings *findings;
	const char *member; /* for the findings */
};

size_t
dsr_zip_header_fixed(enum dsr_zip_header_kind kind)
{
	return layouts[kind].fixed;
}

size_t
dsr_zip_header_size(enum dsr_zip_header_kind kind, const uint8_t *fixed)
{
	const struct layout *l = &layouts[kind];
	size_t size = l->fixed;

	size += dsr_zip_get16(fixed + l->common + AT_NAME_LEN);
	size += dsr_zip_get16(fixed + l->common + AT_EXTRA);
	if (l->central)
		size += dsr_zip_get16(fixed + AT_COMMENT);
	return size;
}

/* A field that should hold one value alone. */
struct field {
	size_t at;     /* bytes into the header */
	size_t width;  /* bytes */
	enum dsr_finding_id id;
	const char *label;
};

static uint32_t
get_field(const uint8_t *header, const struct field *f)
{
	return f->width == 2 ? dsr_zip_get16(header + f->at) :
	    dsr_zip_get32(header + f->at);
}

static bool
compare_field(const struct judged *j, const uint8_t *right,
    const struct field *f)
{
	uint32_t found = get_field(j->raw, f), wanted = get_field(right, f);
	int digits = (int)(2 * f->width);
	char text[64];

	if (found == wanted)
		return true;
	(void)snprintf(text, sizeof(text), "%s 0x%0*" PRIX32, f->label, digits,
	    wanted);
	dsr_findings_add(j->findings, f->id, j->member, text,
	    "%s 0x%0*" PRIX32, f->label, digits, found);
	return false;
}

static bool
compare_fields(const struct judged *j, const uint8_t *right,
    const struct field *fields, size_t count)
{
	bool same = true;
	size_t i;

	for (i = 0; i < count; i++)
		if (!compare_field(j, right, &fields[i]))
			same = false;
	return same;
}

/* What is the same in every header or follows from the rest: FORMAT.md 2.2 */
static bool
compare_local(const struct judged *j, const uint8_t *right)
{
	static const struct field fields[] = {
		{ 4, 2, DSR_F_ZIP_VERSION, "version needed" },
		{ 6, 2, DSR_F_ZIP_FLAGS, "flags" },
		{ 10, 2, DSR_F_ZIP_TIME, "time" },
		{ 12, 2, DSR_F_ZIP_TIME, "date" },
	};

	return compare_fields(j, right, fields,
	    sizeof(fields) / sizeof(fields[0]));
}

static bool
compare_central(const struct judged *j, const uint8_t *right)
{
	static const struct field fields[] = {
		{ AT_MADE_BY, 2, DSR_F_ZIP_VERSION, "version made by" },
		{ 6, 2, DSR_F_ZIP_VERSION, "version needed" },
		{ 8, 2, DSR_F_ZIP_FLAGS, "flags" },
		{ 12, 2, DSR_F_ZIP_TIME, "time" },
		{ 14, 2, DSR_F_ZIP_TIME, "date" },
		{ AT_COMMENT, 2, DSR_F_ZIP_COMMENT, "comment length" },
		{ AT_DISK, 2, DSR_F_ZIP_ATTRIBUTES, "disk" },
		{ AT_INTERNAL, 2, DSR_F_ZIP_ATTRIBUTES, "internal attributes" },
		{ AT_EXTERNAL, 4, DSR_F_ZIP_ATTRIBUTES, "external attributes" },
	};

	return compare_fields(j, right, fields,
	    sizeof(fields) / sizeof(fields[0]));
}

/* Is the extra field the ZIP64 one with this many numbers, and no other? */
static bool
is_zip64_extra(const struct judged *j, size_t numbers)
{
	return j->extra_len == 4 + 8 * numbers &&
	    dsr_zip_get16(j->extra) == ZIP64_ID &&
	    dsr_zip_get16(j->extra + 2) == 8 * numbers;
}

static void
take_zip64(struct judged *j)
{
	const uint8_t *p = j->extra + 4;

	if (j->wide_sizes) {
		j->e->size = dsr_zip_get64(p);
		j->e->packed_size = dsr_zip_get64(p + 8);
		p += 16;
	}
	if (j->wide_offset)
		j->e->offset = dsr_zip_get64(p);
}

static bool
has_zip64_id(const struct judged *j)
{
	return j->extra_len >= 2 && dsr_zip_get16(j->extra) == ZIP64_ID;
}

/* Sentinels stand in just those fields whose numbers do not fit. */
static bool
fits_zip64(const struct judged *j)
{
	const struct dsr_zip_entry *e = j->e;

	if (dsr_zip_sizes_need64(e->size, e->packed_size) != j->wide_sizes)
		return false;
	return !j->layout->central ||
	    (e->offset >= DSR_ZIP_MAX32) == j->wide_offset;
}

static void
add_zip64(struct judged *j, const char *what)
{
	dsr_findings_add(j->findings, DSR_F_ZIP_ZIP64, j->member, NULL,
	    "%s: size 0x%" PRIX64 ", packed 0x%" PRIX64 ", offset 0x%" PRIX64
	    ", extra field of %zu bytes", what, j->e->size, j->e->packed_size,
	    j->e->offset, j->extra_len);
	j->clean = false;
}

/*
 * Sizes and offset, by ZIP64 or not: FORMAT.md 2.3. False when it cannot be
 * known what they are.
 */
static bool
judge_sizes(struct judged *j)
{
	struct dsr_zip_entry *e = j->e;
	size_t numbers;

	e->packed_size = dsr_zip_get32(j->common + AT_PACKED);
	e->size = dsr_zip_get32(j->common + AT_SIZE);
	j->wide_sizes = e->size == DSR_ZIP_MAX32 &&
	    e->packed_size == DSR_ZIP_MAX32;
	j->wide_offset = j->layout->central && e->offset == DSR_ZIP_MAX32;
	numbers = (j->wide_sizes ? 2u : 0u) + (j->wide_offset ? 1u : 0u);
	if (numbers > 0 && is_zip64_extra(j, numbers)) {
		take_zip64(j);
	} else if (numbers > 0 || has_zip64_id(j) ||
	    dsr_zip_sizes_need64(e->size, e->packed_size)) {
		add_zip64(j, "unclear");
		return false;
	} else if (j->extra_len > 0) {
		dsr_findings_add(j->findings, DSR_F_ZIP_EXTRA, j->member,
		    "none", "%zu bytes", j->extra_len);
		j->clean = false;
	}
	if (!fits_zip64(j))
		add_zip64(j, "not needed");
	return true;
}

/* FORMAT.md 2.2 */
static void
judge_method(const struct judged *j)
{
	const struct dsr_zip_entry *e = j->e;

	if (e->method == DSR_ZIP_STORED) {
		if (e->size != e->packed_size)
			dsr_findings_add(j->findings, DSR_F_ZIP_SIZE,
			    j->member, NULL, "stored, %" PRIu64 " bytes as %"
			    PRIu64, e->size, e->packed_size);
	} else if (e->method == DSR_ZIP_DEFLATED) {
		if (e->packed_size >= e->size)
			dsr_findings_add(j->findings, DSR_F_ZIP_NOT_SMALLER,
			    j->member, NULL, "%" PRIu64 " bytes as %" PRIu64,
			    e->size, e->packed_size);
	} else {
		dsr_findings_add(j->findings, DSR_F_ZIP_METHOD, j->member,
		    "0 or 8", "%u", (unsigned int)e->method);
	}
}

/* FORMAT.md 2.4. A name that is too long is cut for the findings. */
static bool
judge_name(struct judged *j)
{
	const char *name = (const char *)j->raw + j->layout->fixed;
	struct dsr_zip_entry *e = j->e;

	e->name_len = j->name_len <= DSR_MAX_NAME ? j->name_len : DSR_MAX_NAME;
	memcpy(e->name, name, e->name_len);
	e->name[e->name_len] = '\0';
	if (dsr_name_is_safe(name, j->name_len))
		return true;
	dsr_findings_add(j->findings, DSR_F_ZIP_NAME, e->name, NULL,
	    "%zu bytes", j->name_len);
	return false;
}

/*
 * The last word: whatever was understood, the header must be the one that
 * follows from it, byte for byte.
 */
static void
judge_bytes(const struct judged *j)
{
	uint8_t right[DSR_ZIP_CENTRAL_MAX];
	bool same;
	size_t len;

	len = j->layout->central ? dsr_zip_central_encode(right, j->e) :
	    dsr_zip_local_encode(right, j->e);
	/* the fixed part first: it says that the rest is as long */
	if (j->clean && memcmp(right, j->raw, j->layout->fixed) == 0 &&
	    memcmp(right, j->raw, len) == 0)
		return;
	same = j->layout->central ? compare_central(j, right) :
	    compare_local(j, right);
	if (same && j->clean)
		dsr_findings_add(j->findings, DSR_F_ZIP_SIGNATURE, j->member,
		    NULL, "a header that does not follow from the member");
}

static void
start_judging(struct judged *j, const uint8_t *header, uint64_t offset)
{
	const struct layout *l = j->layout;

	memset(j->e, 0, sizeof(*j->e));
	j->raw = header;
	j->common = header + l->common;
	j->name_len = dsr_zip_get16(j->common + AT_NAME_LEN);
	j->extra_len = dsr_zip_get16(j->common + AT_EXTRA);
	j->extra = header + l->fixed + j->name_len;
	j->e->method = (enum dsr_zip_method)dsr_zip_get16(j->common +
	    AT_METHOD);
	j->e->crc32 = dsr_zip_get32(j->common + AT_CRC);
	j->e->offset = l->central ? dsr_zip_get32(header + AT_OFFSET) : offset;
	j->member = j->e->name;
}

enum dsr_zip_header_use
dsr_zip_header_judge(enum dsr_zip_header_kind kind, const uint8_t *header,
    uint64_t offset, struct dsr_zip_entry *e, struct dsr_findings *findings)
{
	struct judged j = { .layout = &layouts[kind], .e = e,
		.findings = findings, .clean = true };
	bool named;

	start_judging(&j, header, offset);
	named = judge_name(&j);
	if (!j.layout->central &&
	    (dsr_zip_get16(j.common + AT_FLAGS) & FLAG_DESCRIPTOR) != 0) {
		dsr_findings_add(findings, DSR_F_ZIP_FLAGS, j.member, NULL,
		    "sizes that follow the data");
		return DSR_ZIP_UNUSABLE;
	}
	if (!judge_sizes(&j))
		return DSR_ZIP_UNUSABLE;
	judge_method(&j);
	if (!named)
		return DSR_ZIP_NAMELESS;
	judge_bytes(&j);
	return DSR_ZIP_USABLE;
}
