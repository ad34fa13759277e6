/* SPDX-License-Identifier: ISC */
/*
 * Findings: what verification found. It never stops at the first.
 */
#ifndef DOSSIER_FINDING_H
#define DOSSIER_FINDING_H

#include <stddef.h>
#include <stdint.h>

#include "dossier/error.h"
#include "dossier/findings.h"

enum dsr_severity { DSR_INFO, DSR_WARNING, DSR_ERROR };

enum dsr_finding_id {
#define X(name, severity, id, rule, text) name,
	DSR_FINDINGS(X)
#undef X
	DSR_FINDING_COUNT
};

struct dsr_finding {
	enum dsr_finding_id id;
	const char *member; /* name inside the archive, or NULL; any bytes */
	const char *wanted; /* or NULL; any bytes */
	const char *found;  /* or NULL; any bytes */
};

const char *dsr_finding_name(enum dsr_finding_id id);     /* "zip/…" */
const char *dsr_finding_rule(enum dsr_finding_id id);     /* "FORMAT.md 2.3" */
const char *dsr_finding_text(enum dsr_finding_id id);     /* translated */
enum dsr_severity dsr_finding_severity(enum dsr_finding_id id);
const char *dsr_severity_name(enum dsr_severity s);

/*
 * Where findings go: each is told to the listener as it comes, counted, and
 * the first DSR_MAX_FINDINGS_KEPT are kept (copied).
 */
struct dsr_findings;
typedef void dsr_finding_fn(void *ctx, const struct dsr_finding *f);

int dsr_findings_new(struct dsr_findings **out, dsr_finding_fn *listener,
    void *ctx, struct dsr_error *err);
void dsr_findings_free(struct dsr_findings *f);
/*
 * Adds one; the strings are borrowed for the call. fmt makes "found" and may
 * be NULL. It cannot fail: without memory a kept finding has no words.
 */
void dsr_findings_add(struct dsr_findings *f, enum dsr_finding_id id,
    const char *member, const char *wanted, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/*
 * Before one is added fn is called, which adds those that stand before it and
 * that threads have not told yet: findings come in one order, however many there
 * are. It is called for these, too. NULL: nobody is.
 */
typedef void dsr_settle_fn(void *ctx);
void dsr_findings_settle(struct dsr_findings *f, dsr_settle_fn *fn,
    void *ctx);
/* Findings of this severity so far. */
uint64_t dsr_findings_count(const struct dsr_findings *f,
    enum dsr_severity s);
/* Was this one found? */
uint64_t dsr_findings_count_of(const struct dsr_findings *f,
    enum dsr_finding_id id);
/* The kept ones, in the order they came; i < dsr_findings_kept. */
size_t dsr_findings_kept(const struct dsr_findings *f);
const struct dsr_finding *dsr_findings_get(const struct dsr_findings *f,
    size_t i);

#endif
