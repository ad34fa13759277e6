/* SPDX-License-Identifier: ISC */
/* The page of verify --report and of dossier report. */
#ifndef VERIFIER_REPORT_H
#define VERIFIER_REPORT_H

#include <stdbool.h>

#include "dossier/error.h"
#include "dossier/finding.h"
#include "material.h"
#include "verify.h"

struct report_options {
	const char *output;   /* path of the page */
	const char *language; /* NULL: the first of the archive */
	const char *audience; /* NULL or "person"; "auditor" */
	bool force;           /* replace what is there */
};

/* A report on its way: its file is open before the archive is looked at. */
struct report;

/* Is what the options say possible? DSR_EUSAGE */
int report_check(const struct report_options *o, struct dsr_error *err);
/* DSR_EEXISTS, DSR_EIO, DSR_ENOMEM. o must live as long. */
int report_open(struct report **out, const struct report_options *o,
    struct dsr_error *err);
void report_free(struct report *r);
/* What verification keeps for it, and what its sandbox leaves open. */
void report_set_options(struct report *r, struct verify_options *o);
/*
 * Writes the page, when the result is one that a page can be made of: exit
 * status 0, 5 (the whole page) or 1 (the verdict alone); *written says so.
 */
int report_write(struct report *r, const char *file,
    const struct verify_result *result, const struct dsr_findings *findings,
    bool *written, struct dsr_error *err);

#endif
