/* SPDX-License-Identifier: ISC */
/*
 * Inflate of members that do not fit in memory, by all threads where the stream
 * allows it: deflate_stream.h makes rows of blocks that need nothing before
 * them, and marks where they end. The content and the fault that is found are
 * those of zlib, whatever the number of threads.
 */
#ifndef DOSSIER_INFLATE_STREAM_H
#define DOSSIER_INFLATE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "dossier/error.h"

struct dsr_inflate_stream;

/* Takes content as it comes, in order, in the caller's thread. */
typedef int dsr_content_fn(void *ctx, const void *content, size_t len,
    struct dsr_error *err);

/* What takes a stream; copied, but ctx must live until end was called. */
struct dsr_inflate_sink {
	dsr_content_fn *content;
	/*
	 * All content was handed out; fault (static) says what is wrong with
	 * the stream, or is NULL. Content before the fault was handed out.
	 */
	int (*end)(void *ctx, const char *fault, struct dsr_error *err);
	void *ctx;
};

/* threads at least 1. DSR_ENOMEM, DSR_EIO (no thread) */
int dsr_inflate_stream_new(struct dsr_inflate_stream **out,
    unsigned int threads, struct dsr_error *err);
void dsr_inflate_stream_free(struct dsr_inflate_stream *s);
/*
 * A stream begins that makes size bytes; no more than that go to the sink. Of
 * the streams before it there may be content to come: sinks are called in
 * order, one stream after the other, by the three functions below. Those fail
 * as a sink does, or DSR_ENOMEM; then there is only dsr_inflate_stream_free.
 */
void dsr_inflate_stream_begin(struct dsr_inflate_stream *s, uint64_t size,
    const struct dsr_inflate_sink *sink);
/* More packed bytes. */
int dsr_inflate_stream_write(struct dsr_inflate_stream *s, const void *packed,
    size_t len, struct dsr_error *err);
/* There are no more; content may still be to come. */
int dsr_inflate_stream_end(struct dsr_inflate_stream *s,
    struct dsr_error *err);
/* Waits until all content of every stream that ended was handed out. */
int dsr_inflate_stream_flush(struct dsr_inflate_stream *s,
    struct dsr_error *err);

#endif
