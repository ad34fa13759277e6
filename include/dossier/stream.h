/* SPDX-License-Identifier: ISC */
/*
 * Bytes that come and bytes that go, one after the other: what stands between
 * a descriptor and those who need not know that it is one.
 */
#ifndef DOSSIER_STREAM_H
#define DOSSIER_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "dossier/error.h"

/* Where bytes come from: up to len of them; 0 at the end; -1 on failure. */
struct dsr_source {
	int64_t (*read)(void *ctx, void *buf, size_t len,
	    struct dsr_error *err);
	void *ctx;
};

/* Where bytes go: all of them; -1 on failure. */
struct dsr_sink {
	int (*write)(void *ctx, const void *data, size_t len,
	    struct dsr_error *err);
	void *ctx;
};

/* A descriptor as one or the other; fd must live as long. */
void dsr_source_of_fd(struct dsr_source *out, int *fd);
void dsr_sink_of_fd(struct dsr_sink *out, int *fd);

/* Reads until len bytes or the end; returns the count, or -1. */
int64_t dsr_source_read_full(const struct dsr_source *s, void *buf, size_t len,
    struct dsr_error *err);

#endif
