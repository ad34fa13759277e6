/* SPDX-License-Identifier: ISC */
/* A file of trust: a public key, and for how long it counts. */
#ifndef DOSSIER_CORE_TRUST_FILE_H
#define DOSSIER_CORE_TRUST_FILE_H

#include "dossier/trust.h"

/* FORMAT.md 5.4. DSR_EIO, DSR_EINPUT */
int dsr_trust_file_read(struct dsr_public_key *key,
    struct dsr_key_validity *validity, const char *path,
    struct dsr_error *err);
/* The stricter of both, bound by bound, into a. */
void dsr_key_validity_narrow(struct dsr_key_validity *a,
    const struct dsr_key_validity *b);

#endif
