/* SPDX-License-Identifier: ISC */
/*
 * Raw deflate of members that do not fit in memory: cut into chunks, which
 * threads deflate into one stream (as pigz does). The chunks, and so the
 * bytes, do not depend on the number of threads.
 */
#ifndef DOSSIER_DEFLATE_STREAM_H
#define DOSSIER_DEFLATE_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "dossier/error.h"

struct dsr_deflate_stream;

/* Takes packed bytes as they come, in the caller's thread. */
typedef int dsr_packed_fn(void *ctx, const void *packed, size_t len,
    struct dsr_error *err);

/* level 1-9, threads at least 1. DSR_ENOMEM, DSR_EIO (no thread) */
int dsr_deflate_stream_new(struct dsr_deflate_stream **out, int level,
    unsigned int threads, dsr_packed_fn *sink, void *ctx,
    struct dsr_error *err);
void dsr_deflate_stream_free(struct dsr_deflate_stream *s);
/*
 * More content; last ends the stream, and the next call begins another one.
 * Fails as the sink does, or DSR_EBUG: then it can only be freed.
 */
int dsr_deflate_stream_write(struct dsr_deflate_stream *s, const void *data,
    size_t len, bool last, struct dsr_error *err);

#endif
