/* SPDX-License-Identifier: ISC */
/*
 * Where the documents of an archive come from: a folder or a case. Items come
 * in the one order (docs/FORMAT.md 3.2), each as a document or as a gap.
 */
#ifndef PACKER_SOURCE_H
#define PACKER_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "dossier/case_erasure.h"
#include "dossier/error.h"
#include "dossier/records.h"

enum source_kind {
	SOURCE_FILE,   /* a file of the folder, not read yet */
	SOURCE_MEMORY, /* a body in memory */
	SOURCE_BLOB,   /* a body in a file that is open */
	SOURCE_GAP     /* something that cannot be had */
};

/* Strings and bodies live in the arena that was given to next. */
struct source_item {
	enum source_kind kind;
	struct dsr_document record; /* path and what is known of it */
	struct dsr_gap gap;         /* of a SOURCE_GAP */
	const char *file;           /* below the folder; any bytes */
	uint64_t size;              /* bytes, as far as known */
	const void *body;
	int blob;                   /* closed by whoever holds the item */
};

struct source; /* a folder or a case, behind one face */

/*
 * Opens the folder or case at path. What has the given device and inode is
 * left out: the output may stand in the folder. secret: nothing of it may be
 * written to a disk in the clear.
 * DSR_EIO, DSR_EINPUT, DSR_ENOMEM
 */
int source_open(struct source **out, const char *path, const char *name,
    const struct stat *output, bool secret, struct dsr_error *err);
void source_free(struct source *s);

/* NULL for a folder. */
struct dsr_case *source_case(const struct source *s);

/* Documents in all, as far as known: for the progress line. */
uint64_t source_count(const struct source *s);

/* 1 with an item, 0 at the end, -1 on failure. One thread. */
int source_next(struct source *s, struct dsr_arena *arena,
    struct source_item *item, struct dsr_error *err);

/*
 * Opens the file of a SOURCE_FILE; links are not followed. May be called by
 * any thread. -1 with errno when it cannot be had.
 */
int source_open_file(const struct source *s, const char *file,
    struct stat *st);

/* What a folder's statement says (empty folders); arena as above. */
int source_folder_summary(struct source *s, struct dsr_arena *arena,
    struct dsr_folder **out, struct dsr_error *err);

#endif
