/* SPDX-License-Identifier: ISC */
/*
 * A receipt case: the case of an erasure. It holds the plan (one line a
 * resource), the exchanges of the erasure, and what became of each line; it has
 * no documents. `dossier pack` makes a receipt of it: FORMAT.md 4.10.
 *
 * Order of calls. dsr_case_create (case_writer.h), dsr_case_receipt_begin. In
 * one transaction: connectors, endpoints, dsr_case_erasure_add with its
 * documents for each line, dsr_case_erasure_planned. Then dsr_case_receipt_execute
 * and, line by line, what follows. From dsr_case_receipt_begin on a commit waits
 * for the disk: what was sent is known after a loss of power.
 *
 * A deletion must be on the disk before it is sent: dsr_case_erasure_exchange_add
 * with no answer and an error text, commit, send, then
 * dsr_case_erasure_exchange_replace with what came back. A run that finds such
 * an exchange resolves it by reading, and adds what it reads.
 */
#ifndef DOSSIER_CASE_ERASURE_H
#define DOSSIER_CASE_ERASURE_H

#include "dossier/case_writer.h"

/* Is the case that of an erasure? */
bool dsr_case_is_receipt(const struct dsr_case *c);

/*
 * Makes an empty case the case of an erasure of export, in a transaction of its
 * own. When it is one already, of the same archive, nothing happens.
 * DSR_EINPUT  it is the case of a collection, or of the erasure of another
 */
int dsr_case_receipt_begin(struct dsr_case *c,
    const struct dsr_export *export, struct dsr_error *err);
/* From now on it is more than a plan. (In a transaction, or in its own.) */
int dsr_case_receipt_execute(struct dsr_case *c, struct dsr_error *err);
/* Has the plan been made wholly? Was execution begun? 1, 0 or -1. */
int dsr_case_receipt_is_planned(struct dsr_case *c, struct dsr_error *err);
int dsr_case_receipt_is_executed(struct dsr_case *c, struct dsr_error *err);

/* ---- the plan ------------------------------------------------------------ */

struct dsr_erasure_plan {
	uint64_t number;      /* of the line, from 1; set by the case */
	int64_t endpoint;     /* id of dsr_case_endpoint_add */
	const char *item;     /* or NULL */
	const char *method;   /* DELETE, POST; NULL: no deletion of its own */
	const char *template; /* as the connector declares it; with method */
	const char *url;      /* as FORMAT.md 4.3 allows, or NULL */
	const char *params;   /* for the engine alone: what makes the request
	                       * again; no secret; never in a receipt; or NULL */
	uint64_t with;        /* number of the line that takes it along: the last
	                       * one before it that has none; or DSR_NONE */
	const char *step;     /* what a person must do, with manual; or NULL */
	const char *outcome;  /* planned, held, manual, no-way, not-attempted,
	                       * absent; later what became of it */
	const char *reason;   /* identifier, or NULL */
	const char *detail;   /* one sentence, English, or NULL */
	uint64_t hold;        /* entry of the request's legal_hold, from 1; or
	                       * DSR_NONE */
};

/* Adds a line behind the last; *number is set. */
int dsr_case_erasure_add(struct dsr_case *c,
    const struct dsr_erasure_plan *plan, uint64_t *number,
    struct dsr_error *err);
/* A document of the export that is the resource, or a part of it: at least one
 * a line, in the order of the archive. */
int dsr_case_erasure_document_add(struct dsr_case *c, uint64_t number,
    const char *path, const char *sha256, struct dsr_error *err);
/* The plan is whole; in the transaction of its last line. */
int dsr_case_erasure_planned(struct dsr_case *c, struct dsr_error *err);

/*
 * The lines above after, in ascending order, at most limit; open: only those
 * that are still "planned". Strings live for the call of fn, which may not
 * write to the case.
 */
typedef int dsr_case_erasure_fn(void *ctx,
    const struct dsr_erasure_plan *plan, struct dsr_error *err);
int dsr_case_erasure_plans(struct dsr_case *c, uint64_t after, size_t limit,
    bool open, dsr_case_erasure_fn *fn, void *ctx, struct dsr_error *err);
/*
 * The last line before a number (DSR_NONE: of all) with this deletion, for fn:
 * 1, 0 when there is none, -1. params NULL: whatever they are. It is sought
 * from the end: quick for lines that were added lately.
 */
int dsr_case_erasure_find(struct dsr_case *c, uint64_t before,
    const char *method, const char *url, const char *params,
    dsr_case_erasure_fn *fn, void *ctx, struct dsr_error *err);
typedef int dsr_case_erasure_document_fn(void *ctx, const char *path,
    const char *sha256, struct dsr_error *err);
int dsr_case_erasure_documents(struct dsr_case *c, uint64_t number,
    dsr_case_erasure_document_fn *fn, void *ctx, struct dsr_error *err);

/* ---- what was asked, and what became of it ------------------------------- */

/* Exchanges of a line are numbered role by role, in each as they were added. */
enum dsr_erasure_role {
	DSR_ERASURE_READ,   /* before: is it as it was exported? */
	DSR_ERASURE_DELETE,
	DSR_ERASURE_POLL,   /* has the service finished? */
	DSR_ERASURE_VERIFY  /* after: is it gone? */
};

/* Number, connector, endpoint and template of the record are not used. */
int dsr_case_erasure_exchange_add(struct dsr_case *c, uint64_t number,
    enum dsr_erasure_role role, const struct dsr_exchange *record, int64_t *id,
    struct dsr_error *err);
/* Puts record in the place of the exchange id of the same line and role. */
int dsr_case_erasure_exchange_replace(struct dsr_case *c, uint64_t number,
    enum dsr_erasure_role role, int64_t id, const struct dsr_exchange *record,
    struct dsr_error *err);
/*
 * The last exchange of a line in a role: 1 and its id and status (DSR_NONE when
 * no answer was recorded), 0 when there is none, -1.
 */
int dsr_case_erasure_last(struct dsr_case *c, uint64_t number,
    enum dsr_erasure_role role, int64_t *id, uint64_t *status,
    struct dsr_error *err);

struct dsr_erasure_result {
	const char *outcome; /* a word of dossier/erasure.h */
	const char *reason;  /* identifier, or NULL */
	const char *detail;  /* one sentence, English, or NULL */
	uint64_t status;     /* HTTP status that decided, or DSR_NONE */
	const char *by;      /* manual-done: who ... */
	const char *done;    /* ... and when (RFC 3339); else NULL */
};
/* What became of a line. A later call overrides an earlier one. */
int dsr_case_erasure_settle(struct dsr_case *c, uint64_t number,
    const struct dsr_erasure_result *result, struct dsr_error *err);

/* ---- out ------------------------------------------------------------------ */

/* statement.erasure; what it points to lives as long as a. */
int dsr_case_erasure_summary(struct dsr_case *c, struct dsr_arena *a,
    struct dsr_erasure_summary **out, struct dsr_error *err);

/* Lines by number, as the receipt will have them. */
struct dsr_case_erasures;
int dsr_case_erasures_new(struct dsr_case_erasures **out, struct dsr_case *c,
    struct dsr_error *err);
int dsr_case_erasures_next(struct dsr_case_erasures *e,
    struct dsr_erasure *record, struct dsr_error *err);
void dsr_case_erasures_free(struct dsr_case_erasures *e);

#endif
