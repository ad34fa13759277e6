/* SPDX-License-Identifier: ISC */
/*
 * What a walk over a folder leaves behind: rows in spools, in the one order.
 * Private to folder.c and folder_walk.c.
 */
#ifndef PACKER_FOLDER_WALK_H
#define PACKER_FOLDER_WALK_H

#include <stdint.h>
#include <sys/stat.h>

#include "dossier/error.h"
#include "dossier/file.h"

#define FOLDER_MAX_PATH 4095u /* bytes: PATH_MAX of the system */

/* Why something is no file of the archive; FORMAT.md 4.4 has the words. */
enum folder_reason {
	FOLDER_NONE,
	FOLDER_LINK,
	FOLDER_SOCKET,
	FOLDER_FIFO,
	FOLDER_DEVICE,
	FOLDER_UNREADABLE,
	FOLDER_LONG
};

/* What stands in a spool before each path. */
struct folder_row {
	uint64_t size;   /* bytes of a file, at most UINT32_MAX */
	uint32_t len;    /* bytes of the path */
	uint32_t reason; /* enum folder_reason */
};

struct folder_spools {
	struct dsr_spool *files;   /* files that keep their path, and gaps */
	struct dsr_spool *renamed; /* files that do not */
	struct dsr_spool *empty;   /* empty folders */
	uint64_t file_count, renamed_count, empty_count;
};

/*
 * Walks everything below root; prefix_len is that of NAME/data/files/, and
 * the file that leave_out describes is passed over.
 */
int folder_walk(struct folder_spools *out, int root, size_t prefix_len,
    const struct stat *leave_out, struct dsr_error *err);

#endif
