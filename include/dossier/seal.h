/* SPDX-License-Identifier: ISC */
/*
 * The seal: a minisign signature over the tag manifest whose trusted comment
 * binds version, archive, request, content, container and tree.
 * Source: docs/FORMAT.md 5.1.
 */
#ifndef DOSSIER_SEAL_H
#define DOSSIER_SEAL_H

#include <stdint.h>

#include "dossier/buffer.h"
#include "dossier/digest.h"
#include "dossier/error.h"
#include "dossier/random.h"

#define DSR_SEAL_UNTRUSTED "dossier/1 seal"

struct dsr_seal {
	char format[16];            /* "dossier/1" */
	char id[DSR_UUID_SIZE];
	char request[65];           /* identifier, or "-" */
	uint64_t members;           /* members in the body */
	uint64_t body_len;          /* bytes of the body */
	uint8_t body_sha256[DSR_SHA256_BYTES];
	uint64_t documents;         /* leaves of the tree */
	uint8_t tree_root[DSR_SHA256_BYTES];
};

/* Appends the trusted comment. */
int dsr_seal_write(const struct dsr_seal *seal, struct dsr_buffer *out,
    struct dsr_error *err);
/*
 * Parses a trusted comment; what it accepts, written again, is the same.
 * DSR_EVERSION  it begins with dossier/N for another N
 * DSR_EFORMAT   anything else that dsr_seal_write does not write
 */
int dsr_seal_parse(struct dsr_seal *out, const char *comment,
    struct dsr_error *err);

#endif
