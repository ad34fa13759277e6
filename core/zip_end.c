/* SPDX-License-Identifier: ISC */
/*
 * Judges what stands behind the last member: the directory, as a running hash
 * against the headers rebuilt from the members, and the end records, built
 * again and compared. FORMAT.md 2.1 to 2.3.
 */
#include "zip_reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "zip_format.h"
#include "zip_header.h"

/* The directory as it stands in the file. */
struct directory {
	struct dsr_zip_ends ends; /* what the end records must say */
	uint64_t headers;
	bool readable;            /* every header could be taken apart */
	struct dsr_sha256 *hash;  /* of the headers as their fields want them */
};

static uint32_t
signature_here(struct dsr_zip_reader *r, int64_t ready)
{
	return ready < 4 ? 0 :
	    dsr_zip_get32(dsr_zip_input_bytes(r->input));
}

/*
 * len bytes in one piece: 1; 0 when the file ends before (a finding); -1 when
 * the system failed.
 */
static int
need_whole(struct dsr_zip_reader *r, size_t len, const char *what,
    struct dsr_error *err)
{
	int64_t n = dsr_zip_input_need(r->input, len, err);

	if (n < 0)
		return -1;
	if (n >= (int64_t)len)
		return 1;
	dsr_zip_reader_stop(r, DSR_F_ZIP_TRUNCATED, what);
	return 0;
}

/*
 * One central header. Its own faults are found here; whether it belongs to a
 * member is seen when all went through the hash.
 */
static int
read_central(struct dsr_zip_reader *r, struct directory *d,
    struct dsr_error *err)
{
	uint8_t right[DSR_ZIP_CENTRAL_MAX];
	struct dsr_zip_entry e;
	size_t size;
	int rc;

	rc = need_whole(r, dsr_zip_header_fixed(DSR_ZIP_CENTRAL),
	    "a whole central header", err);
	if (rc <= 0)
		return rc;
	size = dsr_zip_header_size(DSR_ZIP_CENTRAL,
	    dsr_zip_input_bytes(r->input));
	rc = need_whole(r, size, "a whole central header", err);
	if (rc <= 0)
		return rc;
	if (dsr_zip_header_judge(DSR_ZIP_CENTRAL,
	    dsr_zip_input_bytes(r->input), 0, &e, r->findings) ==
	    DSR_ZIP_USABLE)
		dsr_sha256_update(d->hash, right,
		    dsr_zip_central_encode(right, &e));
	else
		d->readable = false;
	dsr_zip_input_take(r->input, size);
	d->headers++;
	d->ends.directory_size += size;
	return 1;
}

static void
compare_directory(struct dsr_zip_reader *r, struct directory *d)
{
	uint8_t wanted[DSR_SHA256_BYTES], found[DSR_SHA256_BYTES];
	char text[64];

	if (d->headers != r->count) {
		(void)snprintf(text, sizeof(text), "%" PRIu64 " headers",
		    r->count);
		dsr_findings_add(r->findings, DSR_F_ZIP_DIRECTORY, NULL, text,
		    "%" PRIu64 " headers", d->headers);
		return;
	}
	if (!d->readable || !r->rebuilt)
		return; /* not comparable: findings have said why */
	dsr_sha256_final(r->directory, wanted);
	dsr_sha256_final(d->hash, found);
	if (memcmp(wanted, found, sizeof(wanted)) != 0)
		dsr_findings_add(r->findings, DSR_F_ZIP_DIRECTORY, NULL,
		    "each header as its member has it, in the same order",
		    "other headers or another order");
}

/* 1 when the directory was read to its end, right or wrong. */
static int
read_directory(struct dsr_zip_reader *r, struct directory *d,
    struct dsr_error *err)
{
	int64_t n;
	int rc;

	for (;;) {
		if ((n = dsr_zip_input_need(r->input, 4, err)) < 0)
			return -1;
		if (signature_here(r, n) != DSR_ZIP_CENTRAL_SIGNATURE)
			break;
		/* more headers than members is enough to know */
		if (d->headers > r->count) {
			dsr_zip_reader_stop(r, DSR_F_ZIP_DIRECTORY,
			    "the end of the directory");
			return 0;
		}
		if ((rc = read_central(r, d, err)) <= 0)
			return rc;
	}
	compare_directory(r, d);
	return 1;
}

/* A number of an end record. */
struct end_field {
	size_t at;    /* bytes into the record */
	size_t width; /* bytes */
	const char *label;
};

static uint64_t
get_end_field(const uint8_t *record, const struct end_field *f)
{
	switch (f->width) {
	case 2:
		return dsr_zip_get16(record + f->at);
	case 4:
		return dsr_zip_get32(record + f->at);
	default:
		return dsr_zip_get64(record + f->at);
	}
}

/* Every byte belongs to a field; but for the comment length: read_end. */
static void
compare_record(struct dsr_zip_reader *r, const uint8_t *right,
    const struct end_field *fields, size_t count)
{
	const uint8_t *here = dsr_zip_input_bytes(r->input);
	uint64_t wanted, found;
	char text[96];
	size_t i;

	for (i = 0; i < count; i++) {
		wanted = get_end_field(right, &fields[i]);
		found = get_end_field(here, &fields[i]);
		if (wanted == found)
			continue;
		(void)snprintf(text, sizeof(text), "%s %" PRIu64,
		    fields[i].label, wanted);
		dsr_findings_add(r->findings, DSR_F_ZIP_END, NULL, text,
		    "%s %" PRIu64, fields[i].label, found);
	}
}

/* APPNOTE 4.3.14 and, from 56 on, 4.3.15 */
static const struct end_field end64_fields[] = {
	{ 0, 4, "signature of the ZIP64 end record" },
	{ 4, 8, "size of the ZIP64 end record" },
	{ 12, 2, "version made by" },
	{ 14, 2, "version needed" },
	{ 16, 4, "disk" },
	{ 20, 4, "disk of the directory" },
	{ 24, 8, "members on this disk" },
	{ 32, 8, "members" },
	{ 40, 8, "directory size" },
	{ 48, 8, "directory offset" },
	{ 56, 4, "signature of the locator" },
	{ 60, 4, "disk of the ZIP64 end record" },
	{ 64, 8, "offset of the ZIP64 end record" },
	{ 72, 4, "disks" },
};

/* APPNOTE 4.3.16 */
static const struct end_field end_fields[] = {
	{ 0, 4, "signature of the end record" },
	{ 4, 2, "disk" },
	{ 6, 2, "disk of the directory" },
	{ 8, 2, "members on this disk" },
	{ 10, 2, "members" },
	{ 12, 4, "directory size" },
	{ 16, 4, "directory offset" },
};
#define COMMENT_LEN_AT 20u

#define END64_PAIR_BYTES (DSR_ZIP_END64_BYTES + DSR_ZIP_LOCATOR_BYTES)

/*
 * ZIP64 end record and locator, where they must stand or do stand. *right goes
 * on to what the next record must be.
 */
static int
read_end64(struct dsr_zip_reader *r, const uint8_t **right,
    struct dsr_error *err)
{
	bool wanted = dsr_zip_get32(*right) == DSR_ZIP_END64_SIGNATURE;
	int64_t n = dsr_zip_input_need(r->input, 4, err);
	bool found = signature_here(r, n) == DSR_ZIP_END64_SIGNATURE;
	int rc;

	if (n < 0)
		return -1;
	if (wanted != found)
		dsr_findings_add(r->findings, DSR_F_ZIP_ZIP64, NULL,
		    wanted ? "a ZIP64 end record" : "no ZIP64 end record",
		    "offset %" PRIu64, dsr_zip_input_offset(r->input));
	if (found) {
		rc = need_whole(r, END64_PAIR_BYTES,
		    "ZIP64 end record and locator", err);
		if (rc <= 0)
			return rc;
		if (wanted)
			compare_record(r, *right, end64_fields,
			    sizeof(end64_fields) / sizeof(end64_fields[0]));
		dsr_zip_input_take(r->input, END64_PAIR_BYTES);
	}
	if (wanted)
		*right += END64_PAIR_BYTES;
	return 1;
}

/* The end record: the last 22 bytes of the file. */
static int
read_end(struct dsr_zip_reader *r, const uint8_t *right,
    struct dsr_error *err)
{
	size_t comment;
	int64_t n;
	int rc;

	rc = need_whole(r, DSR_ZIP_END_BYTES, "a whole end record", err);
	if (rc <= 0)
		return rc;
	if (signature_here(r, 4) != DSR_ZIP_END_SIGNATURE) {
		dsr_zip_reader_stop(r, DSR_F_ZIP_SIGNATURE, "the end record");
		return 0;
	}
	compare_record(r, right, end_fields,
	    sizeof(end_fields) / sizeof(end_fields[0]));
	comment = dsr_zip_get16(dsr_zip_input_bytes(r->input) +
	    COMMENT_LEN_AT);
	dsr_zip_input_take(r->input, DSR_ZIP_END_BYTES);
	if (comment > 0) {
		dsr_findings_add(r->findings, DSR_F_ZIP_COMMENT, NULL, "none",
		    "%zu bytes behind the end record", comment);
		rc = need_whole(r, comment, "the whole comment", err);
		if (rc <= 0)
			return rc;
		dsr_zip_input_take(r->input, comment);
	}
	if ((n = dsr_zip_input_need(r->input, 1, err)) < 0)
		return -1;
	if (n > 0)
		dsr_findings_add(r->findings, DSR_F_ZIP_TRAILING, NULL, NULL,
		    "from offset %" PRIu64 " on",
		    dsr_zip_input_offset(r->input));
	return 1;
}

int
dsr_zip_reader_finish(struct dsr_zip_reader *r, struct dsr_error *err)
{
	uint8_t records[DSR_ZIP_ENDS_MAX];
	const uint8_t *right = records;
	struct directory d = { .readable = true };
	int rc;

	if (r->state == DSR_ZIP_STOPPED)
		return 0;
	if (r->state != DSR_ZIP_AT_DIRECTORY)
		return dsr_fail(err, DSR_EBUG, "members were not read");
	if (dsr_sha256_new(&d.hash, err) < 0)
		return -1;
	d.ends.directory_offset = dsr_zip_input_offset(r->input);
	rc = read_directory(r, &d, err);
	dsr_sha256_free(d.hash);
	/* a wrong count is found already: compare_directory */
	d.ends.members = d.headers;
	(void)dsr_zip_ends_encode(records, &d.ends);
	if (rc > 0)
		rc = read_end64(r, &right, err);
	if (rc > 0)
		rc = read_end(r, right, err);
	r->state = DSR_ZIP_STOPPED;
	return rc < 0 ? -1 : 0;
}
