/* SPDX-License-Identifier: ISC */
/*
 * What the ZIP reader reads from: a source behind one big buffer, read
 * forward only, with a SHA-256 of everything before a mark. Private to the
 * container.
 */
#ifndef DOSSIER_CORE_ZIP_INPUT_H
#define DOSSIER_CORE_ZIP_INPUT_H

#include <stddef.h>
#include <stdint.h>

#include "dossier/digest.h"
#include "dossier/error.h"
#include "dossier/stream.h"

/* The largest record that must be seen whole: names, extra, comment. */
#define DSR_ZIP_INPUT_NEED_MAX 262144u

struct dsr_zip_input;

/* The source is copied; what it leads to is borrowed. */
int dsr_zip_input_new(struct dsr_zip_input **out,
    const struct dsr_source *source, struct dsr_error *err);
void dsr_zip_input_free(struct dsr_zip_input *in);
/* What the first offset is taken to be, before any reading: tests of ZIP64. */
void dsr_zip_input_start_at(struct dsr_zip_input *in, uint64_t base);

/*
 * Tries to have len (<= DSR_ZIP_INPUT_NEED_MAX) bytes ready in one piece.
 * Returns how many are ready: fewer than len only where the file ends. -1 when
 * the system failed.
 */
int64_t dsr_zip_input_need(struct dsr_zip_input *in, size_t len,
    struct dsr_error *err);
/* The ready bytes; borrowed until the next need. */
const uint8_t *dsr_zip_input_bytes(const struct dsr_zip_input *in);
/* Goes over len of the ready bytes. */
void dsr_zip_input_take(struct dsr_zip_input *in, size_t len);
/* Bytes gone over so far. */
uint64_t dsr_zip_input_offset(const struct dsr_zip_input *in);

/* Marks the place; digest is the SHA-256 of all bytes before it. */
void dsr_zip_input_mark(struct dsr_zip_input *in);
void dsr_zip_input_digest(struct dsr_zip_input *in,
    uint8_t out[DSR_SHA256_BYTES]);

#endif
