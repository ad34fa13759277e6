/* SPDX-License-Identifier: ISC */
/*
 * Judging one header, local or central, by building it again from what it
 * says. Private to the container. Source: docs/FORMAT.md 2.2 to 2.4.
 */
#ifndef DOSSIER_CORE_ZIP_HEADER_H
#define DOSSIER_CORE_ZIP_HEADER_H

#include <stddef.h>
#include <stdint.h>

#include "dossier/finding.h"
#include "dossier/zip.h"

enum dsr_zip_header_kind { DSR_ZIP_LOCAL, DSR_ZIP_CENTRAL };

enum dsr_zip_header_use {
	DSR_ZIP_USABLE,   /* says what the entry holds; not always correctly */
	DSR_ZIP_NAMELESS, /* sizes are known, the name is not allowed */
	DSR_ZIP_UNUSABLE  /* nobody can know which sizes are meant */
};

/* Bytes of the part that every header of this kind has. */
size_t dsr_zip_header_fixed(enum dsr_zip_header_kind kind);

/* Bytes of the whole header, told from its fixed part. */
size_t dsr_zip_header_size(enum dsr_zip_header_kind kind,
    const uint8_t *fixed);

/*
 * Takes a whole header apart into e and tells findings all that is wrong with
 * it. offset is that of the local header (kind DSR_ZIP_LOCAL only; a central
 * header says it itself).
 */
enum dsr_zip_header_use dsr_zip_header_judge(enum dsr_zip_header_kind kind,
    const uint8_t *header, uint64_t offset, struct dsr_zip_entry *e,
    struct dsr_findings *findings);

#endif
