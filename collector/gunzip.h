/* SPDX-License-Identifier: ISC */
/*
 * Bodies that came packed with gzip (RFC 1952), as they arrive. Not libcurl's:
 * that one takes a stream that breaks off for a whole one.
 */
#ifndef COLLECTOR_GUNZIP_H
#define COLLECTOR_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>

struct gunzip;

/* NULL: not enough memory. */
struct gunzip *gunzip_new(void);
void gunzip_free(struct gunzip *g);

/* Gets what was unpacked; false: no more of it. */
typedef bool gunzip_fn(void *ctx, const char *data, size_t len);
/*
 * Unpacks the next len bytes. false when fn said so, or with *why set (static)
 * when they are not gzip.
 */
bool gunzip_take(struct gunzip *g, const char *data, size_t len,
    gunzip_fn *fn, void *ctx, const char **why);
/* Is it at the end of a member, its CRC and length compared? */
bool gunzip_is_whole(const struct gunzip *g);

#endif
