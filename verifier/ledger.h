/* SPDX-License-Identifier: ISC */
/*
 * What was found in the archive: path, digest and size of each payload member,
 * in the order in which they stand. Kept in a spool, for there may be millions;
 * read again to be compared with documents.jsonl and with the manifest.
 */
#ifndef VERIFIER_LEDGER_H
#define VERIFIER_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "dossier/digest.h"
#include "dossier/error.h"
#include "dossier/limits.h"

struct ledger_row {
	uint64_t size; /* bytes of content */
	uint8_t sha256[DSR_SHA256_BYTES];
	uint32_t len;  /* bytes of the path */
	char path[DSR_MAX_NAME + 1];
};

struct ledger;

/* secret: what is kept must not stand on a disk in the clear. */
int ledger_new(struct ledger **out, bool secret, struct dsr_error *err);
void ledger_free(struct ledger *l);
/* While files can still be made: before a sandbox is closed. */
int ledger_make_file(struct ledger *l, struct dsr_error *err);
int ledger_add(struct ledger *l, const char *path,
    const uint8_t sha256[DSR_SHA256_BYTES], uint64_t size,
    struct dsr_error *err);

/* Goes to the first row; nothing can be added any more. */
int ledger_rewind(struct ledger *l, struct dsr_error *err);
/* The row that comes next, or NULL at the end; lives until the step. */
const struct ledger_row *ledger_peek(const struct ledger *l);
int ledger_step(struct ledger *l, struct dsr_error *err);

#endif
