/* SPDX-License-Identifier: ISC */
/* A folder and everything in it, told one by one; never what is outside. */
#ifndef VERIFIER_BAG_WALK_H
#define VERIFIER_BAG_WALK_H

#include <stdint.h>

#include "dossier/error.h"
#include "dossier/finding.h"

enum bag_entry { BAG_ENTRY_FILE, BAG_ENTRY_FOLDER };

/* path is relative to the folder, and lives for the call. */
typedef int bag_entry_fn(void *ctx, const char *path, enum bag_entry kind,
    uint64_t size, struct dsr_error *err);

/*
 * Calls fn for each folder and each regular file below root, in no order. A
 * symbolic link that stays below root counts as the file it leads to
 * (bag/symbolic-link is told); one to a folder is not entered. Told, too: what
 * cannot be read, what leaves root, what is neither file nor folder.
 */
int bag_walk(int root, bag_entry_fn *fn, void *ctx,
    struct dsr_findings *findings, struct dsr_error *err);

#endif
