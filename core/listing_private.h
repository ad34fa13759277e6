/* SPDX-License-Identifier: ISC */
/*
 * What a walk over a folder leaves behind: rows in spools, in the one order.
 * Private to core/listing*.c.
 */
#ifndef DOSSIER_LISTING_PRIVATE_H
#define DOSSIER_LISTING_PRIVATE_H

#include <stdint.h>
#include <sys/stat.h>

#include "dossier/error.h"
#include "dossier/file.h"

#define LISTING_MAX_PATH 4095u /* bytes: PATH_MAX of the system */

/* Why something is no file of the archive; FORMAT.md 4.4 has the words. */
enum listing_reason {
	LISTING_NONE,
	LISTING_LINK,
	LISTING_SOCKET,
	LISTING_FIFO,
	LISTING_DEVICE,
	LISTING_UNREADABLE,
	LISTING_LONG
};

/* Of something that is no path too long and can be looked at. */
enum listing_reason listing_reason_of(const struct stat *st);

/* What stands in a spool before each path. */
struct listing_row {
	uint64_t size;   /* bytes of a file, at most UINT32_MAX */
	uint32_t len;    /* bytes of the path */
	uint32_t reason; /* enum listing_reason */
};

struct listing_spools {
	struct dsr_spool *files;   /* files that keep their path, and gaps */
	struct dsr_spool *renamed; /* files that do not */
	struct dsr_spool *empty;   /* empty folders */
	uint64_t file_count, renamed_count, empty_count;
};

/*
 * Walks everything below root; prefix_len is that of NAME/data/files/, and
 * the file that leave_out describes is passed over.
 */
int dsr_listing_walk(struct listing_spools *out, int root, size_t prefix_len,
    const struct stat *leave_out, struct dsr_error *err);

#endif
