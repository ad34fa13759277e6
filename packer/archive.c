/* SPDX-License-Identifier: ISC */
#include "archive.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/bag.h"
#include "dossier/deflate_stream.h"
#include "dossier/limits.h"

#define IN_MEMORY 1048576u /* bytes of a tag file that is packed at once */
#define PIECE     262144u  /* bytes read at a time from an input */

struct archive {
	char name[DSR_MAX_ARCHIVE_NAME + 1];
	int level;
	unsigned int jobs;
	struct dsr_zip_writer *zip;
	struct dsr_deflater *deflater;
	struct dsr_deflate_stream *stream; /* of large members, from the first */
	struct dsr_sha256 *hash;           /* of streamed members */
	struct dsr_spool *manifest;   /* lines of the payload */
	struct dsr_buffer tagmanifest;
	struct dsr_buffer line;
	uint8_t *piece;
	uint64_t payload_bytes;
	uint64_t payload_files;
};

int
archive_new(struct archive **out, int fd, const struct dsr_sink *sink,
    const char *name, int level, unsigned int jobs, struct dsr_error *err)
{
	struct archive *a = calloc(1, sizeof(*a));

	*out = NULL;
	if (a == NULL || (a->piece = malloc(PIECE)) == NULL) {
		dsr_fail(err, DSR_ENOMEM, "archive");
		goto out;
	}
	assert(strlen(name) <= DSR_MAX_ARCHIVE_NAME);
	(void)strncpy(a->name, name, sizeof(a->name) - 1);
	a->level = level;
	a->jobs = jobs;
	dsr_buffer_init(&a->tagmanifest, DSR_MAX_TAGMANIFEST);
	dsr_buffer_init(&a->line, 2 * DSR_MAX_NAME + DSR_SHA256_HEX);
	if ((sink != NULL ? dsr_zip_writer_new_sink(&a->zip, sink, err)
			  : dsr_zip_writer_new(&a->zip, fd, 0, err)) != 0 ||
	    (sink != NULL ? dsr_spool_new_secret(&a->manifest, err)
			  : dsr_spool_new(&a->manifest, err)) != 0 ||
	    dsr_deflater_new(&a->deflater, level, err) != 0 ||
	    dsr_sha256_new(&a->hash, err) != 0)
		goto out;
	*out = a;
	return 0;
out:
	archive_free(a);
	return -1;
}

void
archive_free(struct archive *a)
{
	if (a == NULL)
		return;
	dsr_zip_writer_free(a->zip);
	dsr_deflater_free(a->deflater);
	dsr_deflate_stream_free(a->stream);
	dsr_sha256_free(a->hash);
	dsr_spool_free(a->manifest);
	dsr_buffer_fini(&a->tagmanifest);
	dsr_buffer_fini(&a->line);
	free(a->piece);
	free(a);
}

static int
set_name(const struct archive *a, struct dsr_zip_entry *e, const char *path,
    struct dsr_error *err)
{
	int n = snprintf(e->name, sizeof(e->name), "%s/%s", a->name, path);

	if (n < 0 || (size_t)n >= sizeof(e->name))
		return dsr_fail(err, DSR_EFORMAT,
		    "FORMAT.md 2.4: a member name of more than %u bytes",
		    DSR_MAX_NAME);
	e->name_len = (size_t)n;
	return 0;
}

static int
list_payload(struct archive *a, const char *path,
    const uint8_t sha256[DSR_SHA256_BYTES], uint64_t size,
    struct dsr_error *err)
{
	dsr_buffer_reset(&a->line);
	if (dsr_manifest_line_write(&a->line, sha256, path, err) != 0 ||
	    dsr_spool_write(a->manifest, a->line.data, a->line.len, err) != 0)
		return -1;
	a->payload_bytes += size;
	a->payload_files++;
	return 0;
}

int
archive_add_payload(struct archive *a, const char *path,
    const uint8_t sha256[DSR_SHA256_BYTES], struct dsr_zip_entry *e,
    const void *packed, struct dsr_error *err)
{
	if (set_name(a, e, path, err) != 0 ||
	    dsr_zip_writer_add(a->zip, e, packed, err) != 0)
		return -1;
	return list_payload(a, path, sha256, e->size, err);
}

static int
write_packed(void *ctx, const void *packed, size_t len, struct dsr_error *err)
{
	struct archive *a = ctx;

	return dsr_zip_writer_write(a->zip, packed, len, err);
}

static int
pour_piece(struct archive *a, enum dsr_zip_method method, size_t len,
    bool last, struct dsr_error *err)
{
	if (method == DSR_ZIP_STORED)
		return write_packed(a, a->piece, len, err);
	return dsr_deflate_stream_write(a->stream, a->piece, len, last, err);
}

/* Reads the input through hash and CRC into the member. */
static int
pour(struct archive *a, const struct archive_input *in,
    enum dsr_zip_method method, uint32_t *crc, struct dsr_error *err)
{
	uint64_t size = 0;
	int64_t n;

	*crc = 0;
	dsr_sha256_reset(a->hash);
	while ((n = in->read(in->ctx, a->piece, PIECE, err)) > 0) {
		size += (uint64_t)n;
		if (size > in->size)
			break;
		dsr_sha256_update(a->hash, a->piece, (size_t)n);
		*crc = dsr_crc32(*crc, a->piece, (size_t)n);
		if (pour_piece(a, method, (size_t)n, false, err) != 0)
			return -1;
	}
	if (n < 0)
		return -1;
	if (size != in->size)
		return dsr_fail(err, DSR_EFAILED, "changed while it was read");
	return pour_piece(a, method, 0, true, err);
}

/*
 * What broke off leaves a stream that no other member can go into. Where it
 * cannot be taken out, that is the error: the archive ends here.
 */
static void
drop_member(struct archive *a, struct dsr_error *err)
{
	dsr_deflate_stream_free(a->stream);
	a->stream = NULL;
	(void)dsr_zip_writer_cancel(a->zip, err);
}

/*
 * One try: the member as method says. *shrank tells whether packed bytes are
 * fewer than the content's; the member is not ended when they are not.
 */
static int
try_stream(struct archive *a, const char *name, enum dsr_zip_method method,
    const struct archive_input *in, bool *shrank, struct dsr_error *err)
{
	uint32_t crc;

	if (method == DSR_ZIP_DEFLATED && a->stream == NULL &&
	    dsr_deflate_stream_new(&a->stream, a->level, a->jobs, write_packed,
		a, err) != 0)
		return -1;
	if (dsr_zip_writer_begin(a->zip, name, method, in->size, err) != 0)
		return -1;
	if (pour(a, in, method, &crc, err) != 0) {
		drop_member(a, err);
		return -1;
	}
	*shrank = method == DSR_ZIP_STORED ||
	    dsr_zip_writer_packed(a->zip) < in->size;
	return *shrank ? dsr_zip_writer_end(a->zip, crc, in->size, err)
		       : dsr_zip_writer_cancel(a->zip, err);
}

/* Is deflate worth it? Judged by the first piece of the input. */
static int
choose_method(struct archive *a, const struct archive_input *in,
    enum dsr_zip_method *method, struct dsr_error *err)
{
	int64_t n = 0;

	*method = DSR_ZIP_STORED;
	if (a->level == 0)
		return 0;
	if (in->rewind(in->ctx, err) != 0 ||
	    (n = in->read(in->ctx, a->piece, PIECE, err)) < 0)
		return -1;
	if (dsr_deflater_is_worthwhile(a->deflater, a->piece, (size_t)n))
		*method = DSR_ZIP_DEFLATED;
	return 0;
}

static int
stream_member(struct archive *a, const char *path,
    const struct archive_input *in, uint8_t sha256[DSR_SHA256_BYTES],
    struct dsr_error *err)
{
	struct dsr_zip_entry e;
	enum dsr_zip_method method;
	bool done = false;

	if (set_name(a, &e, path, err) != 0 ||
	    choose_method(a, in, &method, err) != 0 ||
	    in->rewind(in->ctx, err) != 0 ||
	    try_stream(a, e.name, method, in, &done, err) != 0)
		return -1;
	if (!done &&
	    (in->rewind(in->ctx, err) != 0 ||
		try_stream(a, e.name, DSR_ZIP_STORED, in, &done, err) != 0))
		return -1;
	dsr_sha256_final(a->hash, sha256);
	return 0;
}

int
archive_stream_payload(struct archive *a, const char *path,
    const struct archive_input *in, uint8_t sha256[DSR_SHA256_BYTES],
    struct dsr_error *err)
{
	if (stream_member(a, path, in, sha256, err) != 0)
		return -1;
	return list_payload(a, path, sha256, in->size, err);
}

static int
list_tag(struct archive *a, const char *path,
    const uint8_t sha256[DSR_SHA256_BYTES], struct dsr_error *err)
{
	return dsr_manifest_line_write(&a->tagmanifest, sha256, path, err);
}

/* Packs a small member and adds it; level 0 where the format says stored. */
static int
add_small(struct archive *a, struct dsr_deflater *deflater, const char *path,
    const void *data, size_t len, struct dsr_error *err)
{
	struct dsr_zip_entry e;
	uint8_t *packed = malloc(len + 1);
	int rc = -1;

	if (packed == NULL)
		return dsr_fail(err, DSR_ENOMEM, "member of %zu bytes", len);
	if (set_name(a, &e, path, err) != 0)
		goto out;
	dsr_deflater_pack(deflater, &e, packed, data, len);
	rc = dsr_zip_writer_add(a->zip, &e, packed, err);
out:
	free(packed);
	return rc;
}

/* Text as an input. */
struct text {
	const uint8_t *data;
	size_t len, at;
};

static int64_t
read_text(void *ctx, void *buf, size_t len, struct dsr_error *err)
{
	struct text *t = ctx;

	(void)err;
	if (len > t->len - t->at)
		len = t->len - t->at;
	memcpy(buf, t->data + t->at, len);
	t->at += len;
	return (int64_t)len;
}

static int
rewind_text(void *ctx, struct dsr_error *err)
{
	struct text *t = ctx;

	(void)err;
	t->at = 0;
	return 0;
}

/* A large one in pieces, for threads that pack and for those that verify. */
static int
add_text(struct archive *a, const char *path, const void *data, size_t len,
    uint8_t sha256[DSR_SHA256_BYTES], struct dsr_error *err)
{
	struct text text = { data, len, 0 };
	const struct archive_input in = { read_text, rewind_text, &text, len };

	if (len > IN_MEMORY)
		return stream_member(a, path, &in, sha256, err);
	dsr_sha256(sha256, data, len);
	return add_small(a, a->deflater, path, data, len, err);
}

int
archive_add_tag(struct archive *a, const char *path, const void *data,
    size_t len, struct dsr_error *err)
{
	uint8_t sha256[DSR_SHA256_BYTES];

	if (add_text(a, path, data, len, sha256, err) != 0)
		return -1;
	return list_tag(a, path, sha256, err);
}

static int64_t
read_spool(void *ctx, void *buf, size_t len, struct dsr_error *err)
{
	return dsr_spool_read(ctx, buf, len, err);
}

static int
rewind_spool(void *ctx, struct dsr_error *err)
{
	return dsr_spool_rewind(ctx, err);
}

static int
add_spool(struct archive *a, const char *path, struct dsr_spool *spool,
    uint8_t sha256[DSR_SHA256_BYTES], struct dsr_error *err)
{
	const struct archive_input in = { read_spool, rewind_spool, spool,
		dsr_spool_size(spool) };
	struct dsr_buffer all;
	int64_t n;
	int rc = -1;

	if (in.size > IN_MEMORY)
		return stream_member(a, path, &in, sha256, err);
	dsr_buffer_init(&all, IN_MEMORY);
	if (dsr_spool_rewind(spool, err) != 0)
		goto out;
	while ((n = dsr_spool_read(spool, a->piece, PIECE, err)) > 0)
		if (dsr_buffer_append(&all, a->piece, (size_t)n, err) != 0)
			goto out;
	rc = n < 0 ? -1 : add_text(a, path, all.data, all.len, sha256, err);
out:
	dsr_buffer_fini(&all);
	return rc;
}

int
archive_add_tag_spool(struct archive *a, const char *path,
    struct dsr_spool *spool, struct dsr_error *err)
{
	uint8_t sha256[DSR_SHA256_BYTES];

	if (add_spool(a, path, spool, sha256, err) != 0)
		return -1;
	return list_tag(a, path, sha256, err);
}

int
archive_add_manifests(struct archive *a, struct dsr_error *err)
{
	if (archive_add_tag_spool(a, dsr_member_path(DSR_MEMBER_MANIFEST),
		a->manifest, err) != 0)
		return -1;
	return add_small(a, a->deflater,
	    dsr_member_path(DSR_MEMBER_TAGMANIFEST), a->tagmanifest.data,
	    a->tagmanifest.len, err);
}

const struct dsr_buffer *
archive_tagmanifest(const struct archive *a)
{
	return &a->tagmanifest;
}

int
archive_add_attestation(struct archive *a, const char *path, const void *data,
    size_t len, struct dsr_error *err)
{
	struct dsr_deflater *stored = NULL;
	int rc;

	/* stored: nothing may be free to vary behind the seal */
	if (dsr_deflater_new(&stored, 0, err) != 0)
		return -1;
	rc = add_small(a, stored, path, data, len, err);
	dsr_deflater_free(stored);
	return rc;
}

int
archive_body(struct archive *a, uint64_t *members, uint64_t *len,
    uint8_t sha256[DSR_SHA256_BYTES], struct dsr_error *err)
{
	*members = dsr_zip_writer_count(a->zip);
	*len = dsr_zip_writer_offset(a->zip);
	return dsr_zip_writer_digest(a->zip, sha256, err);
}

uint64_t
archive_payload_bytes(const struct archive *a)
{
	return a->payload_bytes;
}

uint64_t
archive_payload_files(const struct archive *a)
{
	return a->payload_files;
}

int
archive_finish(struct archive *a, struct dsr_error *err)
{
	return dsr_zip_writer_finish(a->zip, err);
}
