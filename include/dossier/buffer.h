/* SPDX-License-Identifier: ISC */
/*
 * A growing buffer that cannot be made without its maximum.
 *
 * data[len] is always a NUL once anything was appended, so text can be used as
 * a string; the NUL does not count.
 */
#ifndef DOSSIER_BUFFER_H
#define DOSSIER_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "dossier/error.h"

struct dsr_buffer {
	uint8_t *data; /* NULL while empty */
	size_t len;    /* bytes used */
	size_t cap;    /* bytes allocated */
	size_t max;    /* bytes at the most; appending past it is DSR_ELIMIT */
};

/* An empty buffer of at most max bytes; allocates nothing. */
void dsr_buffer_init(struct dsr_buffer *b, size_t max);
/* Frees what the buffer holds; it may be used again. */
void dsr_buffer_fini(struct dsr_buffer *b);
/* Forgets the content, keeps the memory. */
void dsr_buffer_reset(struct dsr_buffer *b);
/* Makes room for len more bytes. DSR_ELIMIT, DSR_ENOMEM. */
int dsr_buffer_reserve(struct dsr_buffer *b, size_t len,
    struct dsr_error *err);
int dsr_buffer_append(struct dsr_buffer *b, const void *data, size_t len,
    struct dsr_error *err);
int dsr_buffer_puts(struct dsr_buffer *b, const char *s,
    struct dsr_error *err);
int dsr_buffer_putc(struct dsr_buffer *b, char c, struct dsr_error *err);
/* The error object stands before the format: C wants the dots last. */
int dsr_buffer_printf(struct dsr_buffer *b, struct dsr_error *err,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The content as a string; "" while empty. Lives until the next change. */
const char *dsr_buffer_str(const struct dsr_buffer *b);
/* Moves the memory out (free() it); the buffer is empty afterwards. */
char *dsr_buffer_take(struct dsr_buffer *b);

#endif
