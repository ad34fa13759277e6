/* SPDX-License-Identifier: ISC */
/* Records as lines: none that a verifier would take offence at. */
#ifndef PACKER_LINE_H
#define PACKER_LINE_H

#include "dossier/buffer.h"
#include "dossier/file.h"
#include "dossier/record.h"

/*
 * Appends the line of a record. DSR_EINPUT: its values are against a rule of
 * FORMAT.md, as in a case that was changed by hand.
 */
int line_write(const struct dsr_record_type *type, const void *record,
    struct dsr_buffer *out, struct dsr_error *err);
int line_put(struct dsr_spool *spool, const struct dsr_record_type *type,
    const void *record, struct dsr_error *err);

#endif
