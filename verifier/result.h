/* SPDX-License-Identifier: ISC */
/* What verification found, for people and for programs. */
#ifndef VERIFIER_RESULT_H
#define VERIFIER_RESULT_H

#include "dossier/finding.h"
#include "dossier/options.h"
#include "verify.h"

/* The verdict in at most fifteen lines on stdout. */
int result_print_text(const char *file, const struct verify_result *r,
    const struct dsr_findings *findings, const struct dsr_common *common,
    struct dsr_error *err);

/* One line of JSON on stdout: a finding, or the summary of a file. */
int result_print_finding(const struct dsr_finding *f, struct dsr_error *err);
int result_print_summary(const char *file, const struct verify_result *r,
    const struct dsr_findings *findings, struct dsr_error *err);

#endif
