/* SPDX-License-Identifier: ISC */
/*
 * The end of an archive that exists: which members stand last, and one more
 * behind them. What was there stays as it was, byte for byte; only directory
 * and end records follow anew. Source: docs/FORMAT.md section 2.
 */
#ifndef DOSSIER_ZIP_TAIL_H
#define DOSSIER_ZIP_TAIL_H

#include <stddef.h>
#include <stdint.h>

#include "dossier/buffer.h"
#include "dossier/error.h"
#include "dossier/zip.h"

struct dsr_zip_tail;

/*
 * Reads end records and directory of fd (a regular file; borrowed), all of
 * which must be as the format has them, and the members tile the file. Content
 * is not looked at. The members of the folder (below NAME/) are remembered.
 * DSR_EFORMAT, DSR_EIO, DSR_ELIMIT (more than 128 in the folder), DSR_ENOMEM
 */
int dsr_zip_tail_new(struct dsr_zip_tail **out, int fd, const char *folder,
    struct dsr_error *err);
void dsr_zip_tail_free(struct dsr_zip_tail *t);

/* Bytes before the directory: the offset that the next member will have. */
uint64_t dsr_zip_tail_offset(const struct dsr_zip_tail *t);
/* The members of the folder, in their order. */
size_t dsr_zip_tail_count(const struct dsr_zip_tail *t);
const struct dsr_zip_entry *dsr_zip_tail_entry(const struct dsr_zip_tail *t,
    size_t i);
/* Appends the content of such a member, which must be stored. DSR_EFORMAT */
int dsr_zip_tail_read(const struct dsr_zip_tail *t,
    const struct dsr_zip_entry *e, struct dsr_buffer *out,
    struct dsr_error *err);

/*
 * Writes into another file, which holds the bytes before the directory
 * already, what follows: a stored member of this name (NAME/ included),
 * directory and end records.
 */
int dsr_zip_tail_write(const struct dsr_zip_tail *t, int to, const char *name,
    const void *data, size_t len, struct dsr_error *err);

#endif
