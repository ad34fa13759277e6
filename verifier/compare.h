/* SPDX-License-Identifier: ISC */
/*
 * Two lists of the same kind, line by line: what is the same, what came, went
 * or changed? A document (documents.jsonl) is known again by where it comes
 * from (connector, endpoint, item; or its original name), and judged by its
 * digest; a resource of an erasure (erasure.jsonl) by the same, and judged by
 * what became of it, why, and by whom.
 */
#ifndef VERIFIER_COMPARE_H
#define VERIFIER_COMPARE_H

#include <stddef.h>
#include <stdint.h>

#include "dossier/error.h"
#include "dossier/file.h"
#include "dossier/records.h"

enum change { CHANGE_REMOVED, CHANGE_ADDED, CHANGE_CHANGED, CHANGE_KINDS };

enum compared { COMPARED_DOCUMENTS, COMPARED_ERASURES, COMPARED_KINDS };

/* A line of such a list. */
union compared_record {
	struct dsr_document document;
	struct dsr_erasure erasure;
};

struct comparison;

/*
 * The spools hold the lines of two lists that were verified, and must live as
 * long. DSR_ELIMIT: more than DSR_MAX_DIFF_DOCUMENTS.
 */
int comparison_new(struct comparison **out, enum compared what,
    struct dsr_spool *old, struct dsr_spool *new, struct dsr_error *err);
void comparison_free(struct comparison *c);

/* How many, and how many are the same. */
uint64_t comparison_count(const struct comparison *c, enum change kind);
uint64_t comparison_same(const struct comparison *c);

/*
 * Calls fn for each change: removed ones first, then added, then changed ones,
 * each in the order of its archive. old is NULL for what was added, new for
 * what was removed. fn may end it with 1.
 */
typedef int comparison_fn(void *ctx, enum change kind,
    const union compared_record *old, const union compared_record *new,
    struct dsr_error *err);
int comparison_each(const struct comparison *c, comparison_fn *fn, void *ctx,
    struct dsr_error *err);

#endif
