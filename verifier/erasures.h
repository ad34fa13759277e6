/* SPDX-License-Identifier: ISC */
/*
 * A receipt: the lines of erasure.jsonl, and what must agree with them.
 * FORMAT.md 4.10. Memory does not grow: exchanges and gaps, which stand before
 * the lines, are compared with them by running digests.
 */
#ifndef VERIFIER_ERASURES_H
#define VERIFIER_ERASURES_H

#include "check.h"

struct dsr_request;
struct erasures;

int erasures_new(struct erasures **out, struct dsr_error *err);
void erasures_free(struct erasures *e);

/* Each exchange and each gap, in their order. */
void erasures_note_exchange(struct erasures *e, const struct dsr_exchange *x);
void erasures_note_gap(struct erasures *e, const struct dsr_gap *g);
/* The next line; exchanges: how many there are. */
void erasures_add(struct check *c, const struct dsr_erasure *r,
    uint64_t number);
/* Against the statement and the request (or NULL), when all is read. */
void erasures_check(struct check *c, const struct dsr_request *request);

#endif
