/* SPDX-License-Identifier: ISC */
/*
 * The bytes of documents that the page shows, set aside while the payload
 * passes by: JSON documents whole, other texts by their beginning, all in a
 * spool. What is kept follows from names, sizes and order alone, so that the
 * same archive makes the same page.
 */
#ifndef DOSSIER_SHOWCASE_H
#define DOSSIER_SHOWCASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/error.h"
#include "dossier/zip.h"

struct dsr_showcase;

/* secret: nothing of it may reach a disk unencrypted. DSR_EIO, DSR_ENOMEM */
int dsr_showcase_new(struct dsr_showcase **out, bool secret,
    struct dsr_error *err);
void dsr_showcase_free(struct dsr_showcase *s);

/*
 * How many bytes of the document at path (size bytes in all) are wanted; 0
 * when it is not to be kept. Documents come in the order of the payload.
 */
size_t dsr_showcase_wants(const struct dsr_showcase *s, const char *path,
    uint64_t size);
/*
 * Keeps the first len bytes of it (as many as are wanted; fewer are not
 * kept).
 */
int dsr_showcase_add(struct dsr_showcase *s, const char *path,
    const void *bytes, size_t len, struct dsr_error *err);

/*
 * The two at once, for a member that is in memory as it is packed in the
 * archive. DSR_EBUG when it is not what the entry says.
 */
int dsr_showcase_add_packed(struct dsr_showcase *s, const char *path,
    const struct dsr_zip_entry *e, const void *packed,
    struct dsr_error *err);
/*
 * For a document that comes in pieces: begin, its bytes in order (restart when
 * they come anew from the first), end.
 */
int dsr_showcase_begin(struct dsr_showcase *s, const char *path,
    uint64_t size, struct dsr_error *err);
void dsr_showcase_feed(struct dsr_showcase *s, const void *bytes, size_t len);
void dsr_showcase_restart(struct dsr_showcase *s);
int dsr_showcase_end(struct dsr_showcase *s, const char *path,
    struct dsr_error *err);

/*
 * Goes to the first document that was kept of a kind: the folder of its
 * documents (dsr_kind_length). Nothing can be added any more.
 */
int dsr_showcase_find(struct dsr_showcase *s, const char *kind, size_t len,
    struct dsr_error *err);
/*
 * The bytes of the document at path, if they were kept: 1; else 0. They live
 * until the next call. Paths of one kind are asked for in ascending order.
 */
int dsr_showcase_get(struct dsr_showcase *s, const char *path,
    const void **bytes, size_t *len, struct dsr_error *err);

/* All that were kept, in order: goes to the first; then 1, or 0 at the end. */
int dsr_showcase_first(struct dsr_showcase *s, struct dsr_error *err);
int dsr_showcase_next(struct dsr_showcase *s, const char **path,
    const void **bytes, size_t *len, struct dsr_error *err);

/*
 * Length of what names the kind of a document in its path:
 * data/documents/CONNECTOR/ENDPOINT, or data/files.
 */
size_t dsr_kind_length(const char *path, size_t len);

#endif
