/* SPDX-License-Identifier: ISC */
#include "zip_input.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_BYTES (2 * DSR_ZIP_INPUT_NEED_MAX)

/*
 * Positions in the buffer: hashed <= mark <= start <= end while the mark is in
 * it. Hashing waits until the buffer is refilled or the digest is asked for,
 * so that a small member costs no call of its own.
 */
struct dsr_zip_input {
	struct dsr_source source;
	bool ended;      /* the file has no more than what is ready */
	uint64_t before; /* bytes of the file before buffer[0] */
	size_t start;    /* of the ready bytes */
	size_t end;      /* behind them */
	size_t hashed;   /* all before it went into the hash */
	size_t mark;     /* the marked place ... */
	bool mark_gone;  /* ... or it was before the buffer, then: */
	uint8_t mark_digest[DSR_SHA256_BYTES];
	struct dsr_sha256 *hash;
	uint8_t buffer[BUFFER_BYTES];
};

int
dsr_zip_input_new(struct dsr_zip_input **out, const struct dsr_source *source,
    struct dsr_error *err)
{
	struct dsr_zip_input *in;

	*out = NULL;
	/* not calloc: pages that are never reached need not be touched */
	if ((in = malloc(sizeof(*in))) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "ZIP reader");
	memset(in, 0, offsetof(struct dsr_zip_input, buffer));
	in->source = *source;
	if (dsr_sha256_new(&in->hash, err) < 0) {
		dsr_zip_input_free(in);
		return -1;
	}
	*out = in;
	return 0;
}

void
dsr_zip_input_free(struct dsr_zip_input *in)
{
	if (in == NULL)
		return;
	dsr_sha256_free(in->hash);
	free(in);
}

void
dsr_zip_input_start_at(struct dsr_zip_input *in, uint64_t base)
{
	in->before = base;
}

static void
hash_until(struct dsr_zip_input *in, size_t position)
{
	if (position <= in->hashed)
		return;
	dsr_sha256_update(in->hash, in->buffer + in->hashed,
	    position - in->hashed);
	in->hashed = position;
}

/* Moves the ready bytes to the front of the buffer. */
static void
make_room(struct dsr_zip_input *in)
{
	if (!in->mark_gone) {
		hash_until(in, in->mark);
		dsr_sha256_peek(in->hash, in->mark_digest);
		in->mark_gone = true;
	}
	hash_until(in, in->start);
	memmove(in->buffer, in->buffer + in->start, in->end - in->start);
	in->before += in->start;
	in->end -= in->start;
	in->start = in->hashed = 0;
}

int64_t
dsr_zip_input_need(struct dsr_zip_input *in, size_t len,
    struct dsr_error *err)
{
	int64_t n;

	assert(len <= DSR_ZIP_INPUT_NEED_MAX);
	if (in->end - in->start >= len || in->ended)
		return (int64_t)(in->end - in->start);
	make_room(in);
	n = dsr_source_read_full(&in->source, in->buffer + in->end,
	    sizeof(in->buffer) - in->end, err);
	if (n < 0)
		return dsr_wrap(err, "reading the archive");
	in->ended = (size_t)n < sizeof(in->buffer) - in->end;
	in->end += (size_t)n;
	return (int64_t)(in->end - in->start);
}

const uint8_t *
dsr_zip_input_bytes(const struct dsr_zip_input *in)
{
	return in->buffer + in->start;
}

void
dsr_zip_input_take(struct dsr_zip_input *in, size_t len)
{
	assert(len <= in->end - in->start);
	in->start += len;
}

uint64_t
dsr_zip_input_offset(const struct dsr_zip_input *in)
{
	return in->before + in->start;
}

void
dsr_zip_input_mark(struct dsr_zip_input *in)
{
	in->mark = in->start;
	in->mark_gone = false;
}

void
dsr_zip_input_digest(struct dsr_zip_input *in, uint8_t out[DSR_SHA256_BYTES])
{
	if (in->mark_gone) {
		memcpy(out, in->mark_digest, DSR_SHA256_BYTES);
		return;
	}
	hash_until(in, in->mark);
	dsr_sha256_peek(in->hash, out);
}
