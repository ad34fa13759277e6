/* SPDX-License-Identifier: ISC */
/* Unpacks the current member piece by piece: FORMAT.md 2.5. */
#include "zip_reader.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

void
dsr_zip_content_fini(struct dsr_zip_content *c)
{
	if (c->ready)
		inflateEnd(&c->stream);
	c->ready = false;
}

static int
start_content(struct dsr_zip_reader *r, struct dsr_error *err)
{
	struct dsr_zip_content *c = &r->content;

	c->started = true;
	c->ended = r->entry.method != DSR_ZIP_STORED &&
	    r->entry.method != DSR_ZIP_DEFLATED; /* zip/method was found */
	c->size = 0;
	c->crc32 = 0;
	if (r->entry.method != DSR_ZIP_DEFLATED)
		return 0;
	if (c->ready)
		return inflateReset(&c->stream) == Z_OK ? 0 :
		    dsr_fail(err, DSR_EBUG, "inflate");
	memset(&c->stream, 0, sizeof(c->stream));
	if (inflateInit2(&c->stream, -MAX_WBITS) != Z_OK)
		return dsr_fail(err, DSR_ENOMEM, "inflate");
	c->ready = true;
	return 0;
}

static void
end_content(struct dsr_zip_reader *r)
{
	const struct dsr_zip_entry *e = &r->entry;
	struct dsr_zip_content *c = &r->content;

	c->ended = true;
	if (c->size == e->size && c->crc32 != e->crc32)
		dsr_findings_add(r->findings, DSR_F_ZIP_CRC, e->name, NULL,
		    "%08" PRIx32 " instead of %08" PRIx32, c->crc32, e->crc32);
}

static void
break_content(struct dsr_zip_reader *r, const char *why)
{
	dsr_findings_add(r->findings, DSR_F_ZIP_DEFLATE, r->entry.name, NULL,
	    "%s", why);
	r->content.ended = true;
}

static int64_t
read_stored(struct dsr_zip_reader *r, uint8_t *buf, size_t len,
    struct dsr_error *err)
{
	struct dsr_zip_content *c = &r->content;
	uint64_t rest = r->entry.size - c->size;
	int64_t n;

	if (len > rest)
		len = (size_t)rest; /* FORMAT.md 2.2: zip/size was found */
	if ((n = dsr_zip_reader_packed(r, buf, len, err)) < 0)
		return -1;
	c->crc32 = dsr_crc32(c->crc32, buf, (size_t)n);
	c->size += (uint64_t)n;
	if (c->size == r->entry.size || r->left == 0)
		end_content(r);
	return n;
}

/*
 * One step of inflate from what is ready, into len bytes at buf. Returns
 * zlib's answer; *n is what it made. Z_ERRNO when the system failed: zlib's
 * window is allocated on the way.
 */
static int
inflate_some(struct dsr_zip_reader *r, uint8_t *buf, size_t len, size_t *n,
    struct dsr_error *err)
{
	z_stream *s = &r->content.stream;
	int64_t ready = dsr_zip_reader_ready(r, err);
	uInt given, room = len < UINT_MAX ? (uInt)len : UINT_MAX;
	int rc;

	*n = 0;
	if (ready < 0)
		return Z_ERRNO;
	given = ready < (int64_t)UINT_MAX ? (uInt)ready : UINT_MAX;
	s->next_in = (z_const Bytef *)(uintptr_t)dsr_zip_input_bytes(r->input);
	s->avail_in = given;
	s->next_out = buf;
	s->avail_out = room;
	rc = inflate(s, Z_NO_FLUSH);
	dsr_zip_reader_take(r, given - s->avail_in);
	*n = room - s->avail_out;
	if (rc != Z_MEM_ERROR)
		return rc;
	(void)dsr_fail(err, DSR_ENOMEM, "inflate");
	return Z_ERRNO;
}

/* The stream must end here, and the packed bytes with it. */
static int
end_stream(struct dsr_zip_reader *r, int rc, struct dsr_error *err)
{
	uint8_t beyond;
	size_t n = 0;

	while (rc == Z_OK && n == 0)
		rc = inflate_some(r, &beyond, 1, &n, err);
	if (rc == Z_ERRNO)
		return -1;
	if (r->state == DSR_ZIP_STOPPED)
		r->content.ended = true;
	else if (n > 0)
		break_content(r, "more content than declared");
	else if (rc != Z_STREAM_END)
		break_content(r, "a damaged stream");
	else if (r->left > 0)
		break_content(r, "bytes behind the end of the stream");
	else if (r->content.size < r->entry.size)
		break_content(r, "less content than declared");
	else
		end_content(r);
	return 0;
}

static int64_t
read_deflated(struct dsr_zip_reader *r, uint8_t *buf, size_t len,
    struct dsr_error *err)
{
	struct dsr_zip_content *c = &r->content;
	uint64_t rest = r->entry.size - c->size;
	size_t done = 0, n = 0;
	int rc = Z_OK;

	if (len > rest)
		len = (size_t)rest;
	while (done < len && rc == Z_OK) {
		rc = inflate_some(r, buf + done, len - done, &n, err);
		done += n;
	}
	if (rc == Z_ERRNO)
		return -1;
	c->crc32 = dsr_crc32(c->crc32, buf, done);
	c->size += done;
	if ((rc != Z_OK || c->size == r->entry.size) &&
	    end_stream(r, rc, err) < 0)
		return -1;
	return (int64_t)done;
}

int64_t
dsr_zip_reader_read(struct dsr_zip_reader *r, void *buf, size_t len,
    struct dsr_error *err)
{
	if (!r->content.started && start_content(r, err) < 0)
		return -1;
	if (r->content.ended || len == 0)
		return 0;
	return r->entry.method == DSR_ZIP_DEFLATED ?
	    read_deflated(r, buf, len, err) : read_stored(r, buf, len, err);
}
