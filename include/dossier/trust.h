/* SPDX-License-Identifier: ISC */
/*
 * The keys that a reader of archives trusts: given by name, or found in the
 * folders for it. Trust never comes out of an archive, and is by the whole key:
 * ids can be forged. Source: docs/FORMAT.md 5.4.
 */
#ifndef DOSSIER_TRUST_H
#define DOSSIER_TRUST_H

#include <stddef.h>

#include "dossier/buffer.h"
#include "dossier/error.h"
#include "dossier/minisign.h"

struct dsr_trust;

int dsr_trust_new(struct dsr_trust **out, struct dsr_error *err);
void dsr_trust_free(struct dsr_trust *t);

/*
 * Adds the public key in a file (minisign's format, one key). A key that is
 * there already stays under its first path.
 * DSR_EIO     it cannot be read
 * DSR_EINPUT  it is not a public key
 * DSR_ELIMIT  more than DSR_MAX_TRUSTED_KEYS
 */
int dsr_trust_add_file(struct dsr_trust *t, const char *path,
    struct dsr_error *err);
/*
 * Adds every file NAME.pub of a folder, in the order of their names (bytes);
 * hidden ones are left out. A bad one is an error that names it; files with
 * other names are not looked at.
 */
int dsr_trust_add_folder(struct dsr_trust *t, const char *path,
    struct dsr_error *err);
/* What --trust takes: the one when path is a folder, else the other. */
int dsr_trust_add(struct dsr_trust *t, const char *path,
    struct dsr_error *err);
/*
 * Adds $XDG_CONFIG_HOME/dossier/trusted (else ~/.config/dossier/trusted) and
 * /etc/dossier/trusted; a relative XDG_CONFIG_HOME is ignored, as its rules
 * demand. A folder that is not there is no error.
 */
int dsr_trust_add_defaults(struct dsr_trust *t, struct dsr_error *err);

/* Keys so far. */
size_t dsr_trust_count(const struct dsr_trust *t);
/*
 * The path of the file that this key (32 bytes) came from; NULL when it is not
 * trusted. Lives as long as t.
 */
const char *dsr_trust_find(const struct dsr_trust *t,
    const uint8_t key[DSR_PUBLIC_KEY_BYTES]);
/*
 * What was wanted, for a message when no key matched: "one of 2 trusted keys:
 * 0807060504030201, ..." (the first eight ids), or "no key is trusted".
 */
int dsr_trust_describe(const struct dsr_trust *t, struct dsr_buffer *out,
    struct dsr_error *err);

#endif
