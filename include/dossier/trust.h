/* SPDX-License-Identifier: ISC */
/*
 * The keys that a reader of archives trusts: given by name, or found in the
 * folders for it. Trust never comes out of an archive, and is by the whole key:
 * ids can be forged. Source: docs/FORMAT.md 5.4.
 */
#ifndef DOSSIER_TRUST_H
#define DOSSIER_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "dossier/buffer.h"
#include "dossier/clock.h"
#include "dossier/error.h"
#include "dossier/minisign.h"

struct dsr_trust;

int dsr_trust_new(struct dsr_trust **out, struct dsr_error *err);
void dsr_trust_free(struct dsr_trust *t);

/* For how long a key counts; a bound that is not set is none. */
struct dsr_bound {
	bool is_set;
	struct timespec when;
};
struct dsr_key_validity {
	struct dsr_bound not_before, not_after, revoked_at;
};

/*
 * Adds the public key in a file (minisign's format, one key; lines behind it
 * may bound it in time). A key that is there already stays under its first
 * path, within the bounds of both.
 * DSR_EIO     it cannot be read
 * DSR_EINPUT  it is not a public key, or a bound is not well formed
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
enum dsr_trust_state {
	DSR_TRUST_UNKNOWN, /* not among the keys */
	DSR_TRUST_GOOD,
	DSR_TRUST_EXPIRED, /* outside not_before and not_after */
	DSR_TRUST_REVOKED
};
/*
 * What a key (32 bytes) is worth for something that it signed and that is
 * proved to have existed at a time. proved NULL: nothing proves one; then the
 * present counts, and a revoked key counts never. path (may be NULL) is set to
 * the file that it came from unless it is unknown; lives as long as t.
 */
enum dsr_trust_state dsr_trust_judge(const struct dsr_trust *t,
    const uint8_t key[DSR_PUBLIC_KEY_BYTES], const struct timespec *proved,
    const char **path);
/*
 * Which bound of a key that is expired or revoked does not hold for such a
 * thing, as its file writes it: "not_after: 2026-01-31T23:59:59Z"; "" without.
 */
#define DSR_TRUST_BOUND (16 + DSR_TIME_SIZE)
void dsr_trust_bound(const struct dsr_trust *t,
    const uint8_t key[DSR_PUBLIC_KEY_BYTES], const struct timespec *proved,
    char out[DSR_TRUST_BOUND]);
/*
 * The path of the file that this key came from; NULL when it is not good
 * without any proof of time. Lives as long as t.
 */
const char *dsr_trust_find(const struct dsr_trust *t,
    const uint8_t key[DSR_PUBLIC_KEY_BYTES]);
/*
 * What was wanted, for a message when no key matched: "one of 2 trusted keys:
 * 0807060504030201, ..." (the first eight ids), or "a trusted key; none was
 * given, and none lies in the folders for them".
 */
int dsr_trust_describe(const struct dsr_trust *t, struct dsr_buffer *out,
    struct dsr_error *err);

#endif
