/* SPDX-License-Identifier: ISC */
/*
 * Raw deflate of members that do not fit in memory, by zlib, piece by piece.
 */
#ifndef DOSSIER_DEFLATE_STREAM_H
#define DOSSIER_DEFLATE_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "dossier/error.h"

struct dsr_deflate_stream;

/* Takes packed bytes as they come. */
typedef int dsr_packed_fn(void *ctx, const void *packed, size_t len,
    struct dsr_error *err);

/* level 1-9. DSR_ENOMEM */
int dsr_deflate_stream_new(struct dsr_deflate_stream **out, int level,
    dsr_packed_fn *sink, void *ctx, struct dsr_error *err);
void dsr_deflate_stream_free(struct dsr_deflate_stream *s);
/* More content; last ends the stream. Fails only as the sink does. */
int dsr_deflate_stream_write(struct dsr_deflate_stream *s, const void *data,
    size_t len, bool last, struct dsr_error *err);

#endif
