/* SPDX-License-Identifier: ISC */
/*
 * An archive as it was delivered, plain or in a file of age (FORMAT.md 5.5):
 * a source of the archive's own bytes, in one forward pass.
 */
#ifndef VERIFIER_DELIVERY_H
#define VERIFIER_DELIVERY_H

#include <stdbool.h>

#include "dossier/age.h"
#include "dossier/finding.h"
#include "dossier/stream.h"

struct delivery;

/*
 * Looks at how fd (borrowed) begins: is it encrypted, and are there keys
 * (borrowed; NULL: none were given)? What is wrong with an encrypted file, now
 * or while it is read, goes to findings.
 *   DSR_EUSAGE  it is encrypted, and there are no keys
 *   DSR_EIO, DSR_ENOMEM
 */
int delivery_new(struct delivery **out, int fd,
    const struct dsr_age_identities *keys, struct dsr_findings *findings,
    struct dsr_error *err);
void delivery_free(struct delivery *d);
/*
 * Opens it with the keys when it is encrypted: the first that parses anything.
 */
int delivery_open(struct delivery *d, struct dsr_error *err);

bool delivery_is_encrypted(const struct delivery *d);
/* Can it be read? Else a finding has said why not ... */
bool delivery_is_open(const struct delivery *d);
/* ... perhaps that it is encrypted to other keys than those given. */
bool delivery_is_locked(const struct delivery *d);
/* The bytes of the archive; d must live as long. */
void delivery_source(struct delivery *d, struct dsr_source *out);

#endif
