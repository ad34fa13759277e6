/* SPDX-License-Identifier: ISC */
#include "zip_reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "zip_format.h"
#include "zip_header.h"

/* Reads from fd when there is no source. */
static int
new_reader(struct dsr_zip_reader **out, int fd,
    const struct dsr_source *source, struct dsr_findings *findings,
    struct dsr_error *err)
{
	struct dsr_zip_reader *r;
	struct dsr_source file;

	*out = NULL;
	if ((r = calloc(1, sizeof(*r))) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "ZIP reader");
	r->fd = fd;
	r->findings = findings;
	r->state = DSR_ZIP_AT_MEMBERS;
	r->rebuilt = true;
	dsr_source_of_fd(&file, &r->fd);
	if (dsr_zip_input_new(&r->input, source != NULL ? source : &file,
		err) < 0 ||
	    dsr_sha256_new(&r->directory, err) < 0) {
		dsr_zip_reader_free(r);
		return -1;
	}
	*out = r;
	return 0;
}

int
dsr_zip_reader_new(struct dsr_zip_reader **out, int fd,
    struct dsr_findings *findings, struct dsr_error *err)
{
	return new_reader(out, fd, NULL, findings, err);
}

int
dsr_zip_reader_new_source(struct dsr_zip_reader **out,
    const struct dsr_source *source, struct dsr_findings *findings,
    struct dsr_error *err)
{
	return new_reader(out, -1, source, findings, err);
}

void
dsr_zip_reader_free(struct dsr_zip_reader *r)
{
	if (r == NULL)
		return;
	dsr_zip_content_fini(&r->content);
	dsr_zip_names_free(r->names);
	dsr_zip_input_free(r->input);
	dsr_sha256_free(r->directory);
	free(r);
}

int
dsr_zip_reader_watch_names(struct dsr_zip_reader *r, struct dsr_error *err)
{
	return r->names != NULL ? 0 : dsr_zip_names_new(&r->names, err);
}

uint64_t
dsr_zip_reader_count(const struct dsr_zip_reader *r)
{
	return r->count;
}

uint64_t
dsr_zip_reader_offset(const struct dsr_zip_reader *r)
{
	return dsr_zip_input_offset(r->input);
}

void
dsr_zip_reader_digest(const struct dsr_zip_reader *r,
    uint8_t out[DSR_SHA256_BYTES])
{
	dsr_zip_input_digest(r->input, out);
}

void
dsr_zip_reader_stop(struct dsr_zip_reader *r, enum dsr_finding_id id,
    const char *where)
{
	dsr_findings_add(r->findings, id, NULL, where, "offset %" PRIu64,
	    dsr_zip_input_offset(r->input));
	r->state = DSR_ZIP_STOPPED;
	r->left = 0;
}

int64_t
dsr_zip_reader_ready(struct dsr_zip_reader *r, struct dsr_error *err)
{
	int64_t n;

	if (r->left == 0)
		return 0;
	if ((n = dsr_zip_input_need(r->input, 1, err)) < 0)
		return -1;
	if (n == 0) {
		dsr_findings_add(r->findings, DSR_F_ZIP_TRUNCATED,
		    r->entry.name, NULL, "%" PRIu64 " bytes of it are missing",
		    r->left);
		r->state = DSR_ZIP_STOPPED;
		r->left = 0;
		return 0;
	}
	return (uint64_t)n < r->left ? n : (int64_t)r->left;
}

void
dsr_zip_reader_take(struct dsr_zip_reader *r, size_t len)
{
	dsr_zip_input_take(r->input, len);
	r->left -= len;
}

int64_t
dsr_zip_reader_packed(struct dsr_zip_reader *r, void *buf, size_t len,
    struct dsr_error *err)
{
	size_t done = 0, piece;
	int64_t n;

	while (done < len) {
		if ((n = dsr_zip_reader_ready(r, err)) < 0)
			return -1;
		if (n == 0)
			break;
		piece = (size_t)n < len - done ? (size_t)n : len - done;
		memcpy((uint8_t *)buf + done,
		    dsr_zip_input_bytes(r->input), piece);
		dsr_zip_reader_take(r, piece);
		done += piece;
	}
	return (int64_t)done;
}

static int
skip_rest(struct dsr_zip_reader *r, struct dsr_error *err)
{
	int64_t n;

	while ((n = dsr_zip_reader_ready(r, err)) > 0)
		dsr_zip_reader_take(r, (size_t)n);
	return (int)n;
}

/*
 * What stands here? True when it is a member; else the directory, or nothing
 * that could be read on from.
 */
static bool
find_record(struct dsr_zip_reader *r, int64_t ready)
{
	uint32_t signature = ready < 4 ? 0 :
	    dsr_zip_get32(dsr_zip_input_bytes(r->input));

	if (signature == DSR_ZIP_LOCAL_SIGNATURE)
		return true;
	if (r->count == 0)
		dsr_zip_reader_stop(r, DSR_F_ZIP_NOT_ZIP, "a member");
	else if (ready < 4)
		dsr_zip_reader_stop(r, DSR_F_ZIP_TRUNCATED,
		    "a member or the directory");
	else if (signature == DSR_ZIP_CENTRAL_SIGNATURE ||
	    signature == DSR_ZIP_END64_SIGNATURE ||
	    signature == DSR_ZIP_END_SIGNATURE)
		r->state = DSR_ZIP_AT_DIRECTORY;
	else
		dsr_zip_reader_stop(r, DSR_F_ZIP_SIGNATURE,
		    "a member or the directory");
	return false;
}

/* FORMAT.md 2.6; what passes can be read without any other bound. */
static bool
is_within_limits(struct dsr_zip_reader *r)
{
	const struct dsr_zip_entry *e = &r->entry;

	if (r->count > DSR_MAX_MEMBERS || e->size > DSR_MAX_MEMBER_BYTES ||
	    e->packed_size > DSR_MAX_MEMBER_BYTES ||
	    e->size > DSR_MAX_TOTAL_BYTES - r->total)
		return false;
	return e->method != DSR_ZIP_DEFLATED ||
	    e->size / DSR_MAX_INFLATE_X <= e->packed_size;
}

/* Adds the member to the directory that must follow. */
static void
rebuild_central(struct dsr_zip_reader *r)
{
	uint8_t header[DSR_ZIP_CENTRAL_MAX];
	size_t len = dsr_zip_central_encode(header, &r->entry);

	dsr_sha256_update(r->directory, header, len);
}

static int
watch_name(struct dsr_zip_reader *r, struct dsr_error *err)
{
	bool seen = false;

	if (r->names == NULL)
		return 0;
	if (dsr_zip_names_add(r->names, r->entry.name, r->entry.name_len,
	    &seen, err) < 0)
		return -1;
	if (seen)
		dsr_findings_add(r->findings, DSR_F_ZIP_DUPLICATE,
		    r->entry.name, NULL, NULL);
	return 0;
}

/* The header that stands here. 1; 0 when the file ends in it. */
static int
need_header(struct dsr_zip_reader *r, size_t *size, struct dsr_error *err)
{
	size_t fixed = dsr_zip_header_fixed(DSR_ZIP_LOCAL);
	int64_t n = dsr_zip_input_need(r->input, fixed, err);

	if (n >= (int64_t)fixed) {
		*size = dsr_zip_header_size(DSR_ZIP_LOCAL,
		    dsr_zip_input_bytes(r->input));
		n = dsr_zip_input_need(r->input, *size, err);
		if (n >= (int64_t)*size)
			return 1;
	}
	if (n < 0)
		return -1;
	dsr_zip_reader_stop(r, DSR_F_ZIP_TRUNCATED, "a whole local header");
	return 0;
}

/*
 * Reads one local header: 1 when the member can be handed out, 0 when it
 * cannot (a finding says why; state says whether others may follow).
 */
static int
read_member(struct dsr_zip_reader *r, struct dsr_error *err)
{
	enum dsr_zip_header_use use;
	size_t size = 0;
	int rc;

	dsr_zip_input_mark(r->input);
	if ((rc = need_header(r, &size, err)) <= 0)
		return rc;
	use = dsr_zip_header_judge(DSR_ZIP_LOCAL,
	    dsr_zip_input_bytes(r->input), dsr_zip_input_offset(r->input),
	    &r->entry, r->findings);
	dsr_zip_input_take(r->input, size);
	r->count++;
	if (use == DSR_ZIP_UNUSABLE) {
		r->state = DSR_ZIP_STOPPED;
		return 0;
	}
	if (!is_within_limits(r)) {
		dsr_zip_reader_stop(r, DSR_F_ZIP_LIMIT, NULL);
		return 0;
	}
	r->total += r->entry.size;
	r->left = r->entry.packed_size;
	if (use == DSR_ZIP_NAMELESS) {
		r->rebuilt = false;
		return 0;
	}
	rebuild_central(r);
	return watch_name(r, err) < 0 ? -1 : 1;
}

int
dsr_zip_reader_next(struct dsr_zip_reader *r, struct dsr_zip_entry *e,
    struct dsr_error *err)
{
	int64_t n;
	int rc = 0;

	while (r->state == DSR_ZIP_AT_MEMBERS && rc == 0) {
		if (skip_rest(r, err) < 0)
			return -1;
		if (r->state != DSR_ZIP_AT_MEMBERS)
			break;
		if ((n = dsr_zip_input_need(r->input, 4, err)) < 0)
			return -1;
		if (find_record(r, n))
			rc = read_member(r, err);
	}
	if (rc > 0) {
		r->content.started = false;
		*e = r->entry;
	}
	return rc;
}
