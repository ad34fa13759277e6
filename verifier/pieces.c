/* SPDX-License-Identifier: ISC */
/*
 * Content of members that comes in pieces: to a sink, one member after the
 * other. Where threads inflate, the next one is read while they do.
 */
#include "check.h"

#define PIECE 65536u /* bytes; less is not worth more than one thread */

static int
take_inflated(void *ctx, const void *content, size_t len,
    struct dsr_error *err)
{
	struct passing *p = ctx;

	p->crc32 = dsr_crc32(p->crc32, content, len);
	return p->content(p->ctx, content, len, err);
}

static int
end_inflated(void *ctx, const char *fault, struct dsr_error *err)
{
	struct passing *p = ctx;
	const struct dsr_zip_entry *e = &p->entry;

	if (!p->is_cut && fault != NULL)
		dsr_findings_add(p->findings, DSR_F_ZIP_DEFLATE, e->name, NULL,
		    "%s", fault);
	else if (!p->is_cut && p->crc32 != e->crc32)
		dsr_findings_add(p->findings, DSR_F_ZIP_CRC, e->name, NULL,
		    "%08x instead of %08x", p->crc32, e->crc32);
	return p->end(p->ctx, err);
}

/* In all three of these, results of threads are entered. */
static int
write_packed(struct check *c, const uint8_t *piece, size_t len,
    struct dsr_error *err)
{
	int rc;

	c->in_content = true;
	rc = dsr_inflate_stream_write(c->stream, piece, len, err);
	c->in_content = false;
	return rc;
}

static int
end_packed(struct check *c, struct dsr_error *err)
{
	int rc;

	c->in_content = true;
	rc = dsr_inflate_stream_end(c->stream, err);
	c->in_content = false;
	return rc;
}

int
pieces_flush(struct check *c, struct dsr_error *err)
{
	int rc = 0;

	c->in_content = true;
	if (c->stream != NULL)
		rc = dsr_inflate_stream_flush(c->stream, err);
	c->in_content = false;
	return rc;
}

static int
send_packed(struct check *c, struct passing *p, struct dsr_error *err)
{
	const struct dsr_inflate_sink sink = { take_inflated, end_inflated, p };
	uint8_t piece[PIECE];
	uint64_t got = 0;
	int64_t n;

	p->findings = c->findings;
	dsr_inflate_stream_begin(c->stream, p->entry.size, &sink);
	while ((n = dsr_zip_reader_packed(c->zip, piece, sizeof(piece), err)) >
	    0) {
		got += (uint64_t)n;
		if (write_packed(c, piece, (size_t)n, err) != 0)
			return -1;
	}
	if (n < 0)
		return -1;
	p->is_cut = got < p->entry.packed_size;
	return end_packed(c, err);
}

/* In the caller's thread; those before must have ended. */
static int
read_here(struct check *c, struct passing *p, struct dsr_error *err)
{
	uint8_t piece[PIECE];
	int64_t n;

	if (pieces_flush(c, err) != 0)
		return -1;
	while ((n = c->origin.read(c->origin.ctx, piece, sizeof(piece), err)) >
	    0)
		if (p->content(p->ctx, piece, (size_t)n, err) != 0)
			return -1;
	return n < 0 ? -1 : p->end(p->ctx, err);
}

int
pieces_send(struct check *c, struct passing *p, struct dsr_error *err)
{
	if (c->crew == NULL || c->zip == NULL ||
	    p->entry.method != DSR_ZIP_DEFLATED ||
	    p->entry.packed_size < PIECE)
		return read_here(c, p, err);
	if (c->stream == NULL && dsr_inflate_stream_new(&c->stream,
		c->options->jobs, err) != 0)
		return -1;
	return send_packed(c, p, err);
}
