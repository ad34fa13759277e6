/* SPDX-License-Identifier: ISC */
/*
 * Digests by one of the three methods that a time stamp may name: SHA-256,
 * SHA-384, SHA-512. Source: docs/FORMAT.md 5.6.
 */
#ifndef DOSSIER_IMPRINT_H
#define DOSSIER_IMPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/error.h"

#define DSR_IMPRINT_MAX 64 /* bytes of the longest */

/* clang-format off */
/* identifier, name, bytes, last byte of 2.16.840.1.101.3.4.2.x */
#define DSR_IMPRINTS(X)                                                       \
	X(DSR_IMPRINT_SHA256, "sha256", 32, 1)                                \
	X(DSR_IMPRINT_SHA384, "sha384", 48, 2)                                \
	X(DSR_IMPRINT_SHA512, "sha512", 64, 3)

enum dsr_imprint_kind {
#define X(id, name, bytes, arc) id,
	DSR_IMPRINTS(X)
#undef X
	DSR_IMPRINT_KINDS
};
/* clang-format on */

struct dsr_imprint {
	enum dsr_imprint_kind kind;
	uint8_t digest[DSR_IMPRINT_MAX]; /* the rest is zero */
};

const char *dsr_imprint_name(enum dsr_imprint_kind kind);
size_t dsr_imprint_bytes(enum dsr_imprint_kind kind);
/* The kind with this name; false when there is none. */
bool dsr_imprint_find(enum dsr_imprint_kind *out, const char *name);
bool dsr_imprint_equals(const struct dsr_imprint *a,
    const struct dsr_imprint *b);

/* Of bytes in memory. DSR_ENOMEM. */
int dsr_imprint_data(struct dsr_imprint *out, enum dsr_imprint_kind kind,
    const void *data, size_t len, struct dsr_error *err);
/*
 * Of the first len bytes of a file, which stays where it stands.
 * DSR_EIO (also when it is shorter), DSR_ENOMEM
 */
int dsr_imprint_file(struct dsr_imprint *out, enum dsr_imprint_kind kind,
    int fd, uint64_t len, struct dsr_error *err);

#endif
