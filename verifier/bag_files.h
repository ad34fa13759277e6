/* SPDX-License-Identifier: ISC */
/*
 * The files of a bag, found by walking it once, and looked up by path, by
 * normalized path, and by path in any case.
 */
#ifndef VERIFIER_BAG_FILES_H
#define VERIFIER_BAG_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/error.h"
#include "dossier/finding.h"

#define BAG_NONE SIZE_MAX

struct bag_file {
	uint64_t size;   /* bytes, as the walk found it */
	uint32_t name;   /* offset of its path in the names */
	uint16_t len;    /* bytes of the path */
	bool payload;    /* below data/ */
	uint32_t listed; /* one bit for each manifest that lists it */
};

struct bag_files;

/*
 * Walks the folder root. What is no file and no folder is told to findings;
 * symbolic links are followed to files that stay in the bag, never to folders.
 * DSR_EIO  root itself cannot be read
 */
int bag_files_new(struct bag_files **out, int root,
    struct dsr_findings *findings, struct dsr_error *err);
void bag_files_free(struct bag_files *f);

/* Those found, in the order of the bytes of their paths, i < count. */
size_t bag_files_count(const struct bag_files *f);
struct bag_file *bag_files_get(struct bag_files *f, size_t i);
/* With a NUL behind it; lives until a file is added. */
const char *bag_files_path(const struct bag_files *f, size_t i);
bool bag_files_has_data(const struct bag_files *f); /* the folder data */

/* Index of the file of this path (a NUL behind it), or BAG_NONE. */
size_t bag_files_find(const struct bag_files *f, const char *path);
/*
 * Index of the first file whose path is the same in normalization form D, in
 * *index; BAG_NONE when there is none.
 */
int bag_files_find_normal(struct bag_files *f, const char *path,
    size_t *index, struct dsr_error *err);
/* Adds one that the walk did not come by: behind a link to a folder. */
int bag_files_add(struct bag_files *f, const char *path, uint64_t size,
    size_t *index, struct dsr_error *err);

/*
 * Tells which payload files have names that differ in case or normalization
 * only.
 */
int bag_files_check_names(struct bag_files *f, struct dsr_findings *findings,
    struct dsr_error *err);

#endif
