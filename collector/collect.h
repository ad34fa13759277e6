/* SPDX-License-Identifier: ISC */
/* What the verb collect wants, and gets. */
#ifndef COLLECTOR_COLLECT_H
#define COLLECTOR_COLLECT_H

#include <signal.h>

#include "dossier/case_store.h"
#include "fetch.h"

struct collect_options {
	const char *case_path;
	const char *connector;
	const char *const *params;
	size_t param_count;
	const char *const *identities;
	size_t identity_count;
	const char *const *credentials;
	size_t credential_count;
	struct fetch_options fetch;
	uint64_t rate_us;
	const char *what; /* for the progress line, translated */
	bool no_progress;
	const volatile sig_atomic_t *ending; /* a signal, or 0 */
};
struct collect_result {
	struct dsr_counts counts;
	uint64_t pending;
	bool refused;
	bool unreachable; /* no host answered */
	char credential[80];  /* that was refused ... */
	char audience[512];   /* ... and what it must be for, or "" */
};
int collect(const struct collect_options *o, struct collect_result *result,
    struct dsr_error *err);
/* Tells the plan; nothing is asked, no case is made. */
typedef int dry_fn(void *ctx, const char *endpoint, const char *method,
    const char *url, const char *parent, struct dsr_error *err);
int collect_dry(const struct collect_options *o, dry_fn *fn, void *ctx,
    struct dsr_error *err);

#endif
