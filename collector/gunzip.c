/* SPDX-License-Identifier: ISC */
#include "gunzip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define ANY_WINDOW   15
#define GZIP_WRAPPER 16
#define PIECE        65536u /* bytes unpacked at a time */

struct gunzip {
	z_stream z;
	bool whole;
	unsigned char piece[PIECE];
};

struct gunzip *
gunzip_new(void)
{
	struct gunzip *g = calloc(1, sizeof(*g));

	if (g == NULL || inflateInit2(&g->z, ANY_WINDOW + GZIP_WRAPPER) !=
	                     Z_OK) {
		free(g);
		return NULL;
	}
	return g;
}

void
gunzip_free(struct gunzip *g)
{
	if (g == NULL)
		return;
	(void)inflateEnd(&g->z);
	free(g);
}

bool
gunzip_is_whole(const struct gunzip *g)
{
	return g->whole;
}

bool
gunzip_take(struct gunzip *g, const char *data, size_t len, gunzip_fn *fn,
    void *ctx, const char **why)
{
	int result;

	/* libcurl hands over at most 10 MiB */
	g->z.next_in = (unsigned char *)(void *)(size_t)data;
	g->z.avail_in = (uInt)len;
	do {
		/* several members follow each other: RFC 1952 section 2.2 */
		if (g->whole && g->z.avail_in > 0 &&
		    inflateReset(&g->z) == Z_OK)
			g->whole = false;
		g->z.next_out = g->piece;
		g->z.avail_out = PIECE;
		result = inflate(&g->z, Z_NO_FLUSH);
		if (result != Z_OK && result != Z_STREAM_END &&
		    result != Z_BUF_ERROR) {
			*why = "the packed body is damaged";
			return false;
		}
		g->whole = result == Z_STREAM_END;
		if (g->z.avail_out < PIECE &&
		    !fn(ctx, (const char *)g->piece, PIECE - g->z.avail_out))
			return false;
	} while (g->z.avail_in > 0 || g->z.avail_out == 0);
	return true;
}
