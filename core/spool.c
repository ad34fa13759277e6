/* SPDX-License-Identifier: ISC */
#include "dossier/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/language.h"
#include "dossier/random.h"

#define SPOOL_BUFFER 65536
#define CIPHER_BLOCK 64 /* bytes of ChaCha20 */
#define KEY_BYTES    crypto_stream_chacha20_KEYBYTES

_Static_assert(SPOOL_BUFFER % CIPHER_BLOCK == 0, "buffers of whole blocks");

/*
 * Written once, then read: one buffer serves both, one after the other. What
 * fits into it never becomes a file.
 */
struct dsr_spool {
	int fd; /* -1: everything is in the buffer */
	bool reading;
	uint64_t size;
	uint8_t *key;      /* sodium_malloc; NULL: not encrypted */
	uint64_t at;       /* bytes of the file before the next buffer */
	size_t start, end; /* of what the buffer holds */
	uint8_t buffer[SPOOL_BUFFER];
};

static int
open_unlinked(struct dsr_error *err)
{
	const char *folder = getenv("TMPDIR");
	char *name = NULL;
	int fd;

	if (folder == NULL || folder[0] != '/')
		folder = "/tmp";
	fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	if (asprintf(&name, "%s/dossier-spool-XXXXXX", folder) < 0)
		return dsr_fail(err, DSR_ENOMEM, "temporary file");
	if ((fd = mkostemp(name, O_CLOEXEC)) < 0)
		(void)dsr_fail_sys(err, "temporary file in %s", folder);
	else
		(void)unlink(name);
	free(name);
	return fd;
}

int
dsr_spool_new(struct dsr_spool **out, struct dsr_error *err)
{
	struct dsr_spool *s = malloc(sizeof(*s));

	*out = NULL;
	if (s == NULL)
		return dsr_fail(err, DSR_ENOMEM, "spool");
	s->reading = false;
	s->size = s->at = 0;
	s->key = NULL;
	s->start = s->end = 0;
	s->fd = -1;
	*out = s;
	return 0;
}

void
dsr_spool_free(struct dsr_spool *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		(void)close(s->fd);
	sodium_free(s->key);
	free(s);
}

int
dsr_spool_new_secret(struct dsr_spool **out, struct dsr_error *err)
{
	if (dsr_spool_new(out, err) != 0)
		return -1;
	if (((*out)->key = sodium_malloc(KEY_BYTES)) == NULL) {
		dsr_spool_free(*out);
		*out = NULL;
		return dsr_fail(err, DSR_ENOMEM, "key of a temporary file");
	}
	dsr_random_bytes((*out)->key, KEY_BYTES);
	return 0;
}

int
dsr_spool_make_file(struct dsr_spool *s, struct dsr_error *err)
{
	if (s->fd < 0 && (s->fd = open_unlinked(err)) < 0)
		return -1;
	return 0;
}

int
dsr_spool_new_like(struct dsr_spool **out, const struct dsr_spool *from,
    struct dsr_error *err)
{
	return from->key != NULL ? dsr_spool_new_secret(out, err)
				 : dsr_spool_new(out, err);
}

/*
 * Puts the key stream of this place in the file over the buffer, or takes it
 * off. The key serves one file, and no place in it is written twice: so the
 * nonce may be zero.
 */
static void
toggle_buffer(struct dsr_spool *s, size_t len)
{
	static const uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];

	if (s->key != NULL)
		(void)crypto_stream_chacha20_xor_ic(s->buffer, s->buffer, len,
		    nonce, s->at / CIPHER_BLOCK, s->key);
	s->at += len;
}

static int
flush_writes(struct dsr_spool *s, struct dsr_error *err)
{
	size_t len = s->end;

	if (dsr_spool_make_file(s, err) != 0)
		return -1;
	s->end = 0;
	toggle_buffer(s, len);
	if (dsr_write_all(s->fd, s->buffer, len, err) != 0)
		return dsr_wrap(err,
		    N_("temporary file (TMPDIR says where)"));
	return 0;
}

int
dsr_spool_write(struct dsr_spool *s, const void *data, size_t len,
    struct dsr_error *err)
{
	const uint8_t *p = data;
	size_t n;

	if (s->reading)
		return dsr_fail(err, DSR_EBUG, "a spool written after reading");
	s->size += len;
	while (len > 0) {
		n = SPOOL_BUFFER - s->end < len ? SPOOL_BUFFER - s->end : len;
		memcpy(s->buffer + s->end, p, n);
		s->end += n;
		p += n;
		len -= n;
		if (s->end == SPOOL_BUFFER && flush_writes(s, err) != 0)
			return -1;
	}
	return 0;
}

uint64_t
dsr_spool_size(const struct dsr_spool *s)
{
	return s->size;
}

int
dsr_spool_rewind(struct dsr_spool *s, struct dsr_error *err)
{
	if (s->fd >= 0 && !s->reading && flush_writes(s, err) != 0)
		return -1;
	s->reading = true;
	s->start = 0;
	if (s->fd < 0)
		return 0;
	s->end = 0;
	s->at = 0;
	if (lseek(s->fd, 0, SEEK_SET) != 0)
		return dsr_fail_sys(err, "temporary file");
	return 0;
}

/* Makes the buffer hold something; 0 at the end of the spool. */
static int
fill(struct dsr_spool *s, struct dsr_error *err)
{
	int64_t n;

	if (!s->reading)
		return dsr_fail(err, DSR_EBUG, "a spool read before rewinding");
	if (s->start < s->end)
		return 1;
	if (s->fd < 0)
		return 0;
	n = dsr_read_full(s->fd, s->buffer, SPOOL_BUFFER, err);
	if (n < 0)
		return dsr_wrap(err, "temporary file");
	s->start = 0;
	s->end = (size_t)n;
	toggle_buffer(s, s->end);
	return n > 0;
}

int64_t
dsr_spool_read(struct dsr_spool *s, void *buf, size_t len,
    struct dsr_error *err)
{
	int more = fill(s, err);

	if (more <= 0)
		return more;
	if (len > s->end - s->start)
		len = s->end - s->start;
	memcpy(buf, s->buffer + s->start, len);
	s->start += len;
	return (int64_t)len;
}

int
dsr_spool_read_all(struct dsr_spool *s, void *buf, size_t len,
    struct dsr_error *err)
{
	char *p = buf;
	int64_t n;

	while (len > 0) {
		if ((n = dsr_spool_read(s, p, len, err)) <= 0)
			return (int)n;
		p += n;
		len -= (size_t)n;
	}
	return 1;
}

int
dsr_spool_line(struct dsr_spool *s, struct dsr_buffer *line,
    struct dsr_error *err)
{
	const uint8_t *lf;
	size_t n;
	int more;

	dsr_buffer_reset(line);
	while ((more = fill(s, err)) > 0) {
		lf = memchr(s->buffer + s->start, '\n', s->end - s->start);
		n = lf == NULL ? s->end - s->start
		    : (size_t)(lf - (s->buffer + s->start)) + 1;
		if (dsr_buffer_append(line, s->buffer + s->start, n, err) != 0)
			return -1;
		s->start += n;
		if (lf != NULL)
			return 1;
	}
	return more < 0 ? -1 : line->len > 0;
}

int
dsr_spool_seek(struct dsr_spool *s, uint64_t offset, struct dsr_error *err)
{
	int more;

	if (dsr_spool_rewind(s, err) != 0)
		return -1;
	if (s->fd < 0) {
		if (offset > s->size)
			return dsr_fail(err, DSR_EBUG,
			    "a place behind a spool's end");
		s->start = (size_t)offset;
		return 0;
	}
	/* whole buffers, as they were encrypted */
	s->at = offset - offset % SPOOL_BUFFER;
	if (lseek(s->fd, (off_t)s->at, SEEK_SET) < 0)
		return dsr_fail_sys(err, "temporary file");
	if ((more = fill(s, err)) < 0)
		return -1;
	if (offset % SPOOL_BUFFER > s->end || (more == 0 && offset > s->size))
		return dsr_fail(err, DSR_EBUG, "a place behind a spool's end");
	s->start = (size_t)(offset % SPOOL_BUFFER);
	return 0;
}
