/* SPDX-License-Identifier: ISC */
/*
 * Bodies packed with gzip, any bytes: how they are cut on the way changes
 * neither the verdict nor the content, and zlib told to unpack all at once
 * says the same of the first member. The first byte is the length of a piece.
 */
#include "../../collector/gunzip.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define ROOM 262144u /* more content is not looked at: bombs */
#define GZIP (15 + 16)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct unpacked {
	char content[ROOM];
	size_t len;
	bool full, good, whole;
};

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static bool
take(void *ctx, const char *data, size_t len)
{
	struct unpacked *u = ctx;

	require(len > 0);
	u->full = len > ROOM - u->len;
	if (u->full)
		return false;
	memcpy(u->content + u->len, data, len);
	u->len += len;
	return true;
}

static void
unpack(struct unpacked *u, const uint8_t *data, size_t size, size_t piece)
{
	struct gunzip *g = gunzip_new();
	const char *why = NULL;
	size_t at, now;
	char *copy;

	require(g != NULL);
	u->len = 0;
	u->full = false;
	u->good = true;
	for (at = 0; u->good && at < size; at += now) {
		now = size - at < piece ? size - at : piece;
		/* exactly as large: a sanitizer sees a byte too many */
		require((copy = malloc(now)) != NULL);
		memcpy(copy, data + at, now);
		u->good = gunzip_take(g, copy, now, take, u, &why);
		free(copy);
	}
	u->whole = gunzip_is_whole(g);
	require(u->good == (why == NULL && !u->full));
	gunzip_free(g);
}

/* The first member of a whole body begins its content. */
static void
compare_with_zlib(const struct unpacked *u, const uint8_t *data, size_t size)
{
	static char content[ROOM];
	z_stream s;

	memset(&s, 0, sizeof(s));
	require(inflateInit2(&s, GZIP) == Z_OK);
	s.next_in = (unsigned char *)(void *)(uintptr_t)data;
	s.avail_in = (uInt)size;
	s.next_out = (unsigned char *)content;
	s.avail_out = ROOM;
	require(inflate(&s, Z_FINISH) == Z_STREAM_END);
	require(s.total_out <= u->len);
	require(memcmp(content, u->content, s.total_out) == 0);
	require(s.avail_in > 0 || s.total_out == u->len);
	inflateEnd(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct unpacked at_once, cut;

	if (size < 2)
		return 0;
	unpack(&at_once, data + 1, size - 1, size);
	unpack(&cut, data + 1, size - 1, (size_t)data[0] + 1);
	if (at_once.full || cut.full)
		return 0;
	require(at_once.good == cut.good);
	if (!at_once.good)
		return 0;
	require(at_once.whole == cut.whole && at_once.len == cut.len);
	require(memcmp(at_once.content, cut.content, cut.len) == 0);
	if (cut.whole)
		compare_with_zlib(&cut, data + 1, size - 1);
	return 0;
}
