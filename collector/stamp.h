/* SPDX-License-Identifier: ISC */
/* Time stamps for archives: the parts of dossier stamp. */
#ifndef COLLECTOR_STAMP_H
#define COLLECTOR_STAMP_H

#include "dossier/imprint.h"
#include "dossier/timestamp.h"

/* An archive that gets its next stamp. */
struct stamp_target;

/*
 * Opens it and finds what the next stamp is: the first is over the seal, each
 * later one over the whole file. It is locked against another dossier stamp.
 * DSR_EIO      it cannot be read
 * DSR_EFORMAT  not an archive, not sealed, or its stamps are out of order
 * DSR_ELIMIT   it has all the stamps that it may have
 * DSR_EFAILED  another program is stamping it
 */
int stamp_target_open(struct stamp_target **out, const char *path,
    struct dsr_error *err);
void stamp_target_free(struct stamp_target *t);
/* The name that the stamp gets, below NAME/. */
const char *stamp_target_member(const struct stamp_target *t);
/* What it must be for; reads all of the file when it is not the first. */
int stamp_target_imprint(const struct stamp_target *t,
    enum dsr_imprint_kind kind, struct dsr_imprint *out,
    struct dsr_error *err);
/*
 * Puts it in: a copy of the file, with the stamp, takes its place when it is
 * whole and on the disk. DSR_EIO, DSR_ENOSPACE, DSR_ENOMEM, DSR_EFAILED (the
 * file changed meanwhile)
 */
int stamp_target_add(struct stamp_target *t, const struct dsr_buffer *stamp,
    struct dsr_error *err);

/*
 * Posts a query (DER) to an authority over HTTP or HTTPS and appends the body
 * of its answer. ca_file (PEM, or NULL) is trusted beside the system's roots.
 * DSR_ENETWORK  no answer
 * DSR_EAUTH     401, 403
 * DSR_EFAILED   another status, or not a reply by its media type
 * DSR_EUSAGE    not a URL of http or https
 * DSR_ELIMIT    longer than DSR_MAX_TIME_REPLY
 */
int stamp_post(const char *url, const char *ca_file,
    const struct dsr_buffer *query, struct dsr_buffer *reply,
    struct dsr_error *err);

#endif
