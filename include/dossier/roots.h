/* SPDX-License-Identifier: ISC */
/*
 * X.509 roots that somebody trusts, and what a certificate is worth to them.
 * Source: docs/FORMAT.md 5.4, after RFC 5280 section 6.
 */
#ifndef DOSSIER_ROOTS_H
#define DOSSIER_ROOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "dossier/certificate.h"
#include "dossier/error.h"

struct dsr_roots;

int dsr_roots_new(struct dsr_roots **out, struct dsr_error *err);
void dsr_roots_free(struct dsr_roots *roots);
/*
 * Adds every certificate of a PEM file as a root, and every revocation list in
 * it as evidence.
 * DSR_EIO, DSR_EINPUT (no certificate and no list), DSR_ELIMIT
 */
int dsr_roots_read(struct dsr_roots *roots, const char *path,
    struct dsr_error *err);
/* Adds certificate i of a list, whose subject's source is called from. */
int dsr_roots_add(struct dsr_roots *roots, const struct dsr_certificates *list,
    size_t i, const char *from, struct dsr_error *err);
/* Adds, for judging, the roots that the system trusts. */
void dsr_roots_use_system(struct dsr_roots *roots);
size_t dsr_roots_count(const struct dsr_roots *roots);

enum dsr_path_state {
	DSR_PATH_TRUSTED,
	DSR_PATH_UNKNOWN, /* it leads to no root */
	DSR_PATH_EXPIRED, /* a certificate of it was not valid at the time */
	DSR_PATH_REVOKED, /* ... or was revoked */
	DSR_PATH_BAD      /* it breaks another rule */
};

enum dsr_path_purpose { DSR_PATH_FOR_SIGNING, DSR_PATH_FOR_TIME };

struct dsr_path {
	enum dsr_path_state state;
	const char *from; /* file of the root, or NULL; lives as long as roots */
	bool has_crl;     /* a revocation list was there for the first one */
	char why[120];    /* when it is not trusted: in OpenSSL's words */
};

/*
 * Looks for a path from certificate `leaf` of a list, over the others in it,
 * to a root, valid at a time. chain may be NULL; else it is set to the path,
 * leaf first and root last, when it is trusted (free: dsr_certificates_free).
 *
 * A certificate counts as revoked when a list that its issuer signed says so
 * for that time, or for any time when a key was compromised.
 *
 * DSR_ENOMEM
 */
int dsr_roots_judge(const struct dsr_roots *roots,
    const struct dsr_certificates *list, size_t leaf,
    enum dsr_path_purpose purpose, time_t at, struct dsr_path *path,
    struct dsr_certificates **chain, struct dsr_error *err);

#endif
