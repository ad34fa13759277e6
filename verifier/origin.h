/* SPDX-License-Identifier: ISC */
/* Where members come from: an archive, or a folder that it was unpacked to. */
#ifndef VERIFIER_ORIGIN_H
#define VERIFIER_ORIGIN_H

#include <stdint.h>

#include "dossier/error.h"
#include "dossier/zip.h"

struct origin {
	/* as dsr_zip_reader_next and dsr_zip_reader_read */
	int (*next)(void *ctx, struct dsr_zip_entry *e,
	    struct dsr_error *err);
	int64_t (*read)(void *ctx, void *buf, size_t len,
	    struct dsr_error *err);
	void *ctx;
};

#endif
