/* SPDX-License-Identifier: ISC */
/* What verification found, for people and for programs. */
#ifndef VERIFIER_RESULT_H
#define VERIFIER_RESULT_H

#include <stdio.h>

#include "dossier/finding.h"
#include "dossier/json_print.h"
#include "dossier/options.h"
#include "dossier/sandbox.h"
#include "verify.h"

/* The verdict in at most fifteen lines on stdout. */
int result_print_text(const char *file, const struct verify_result *r,
    const struct dsr_findings *findings, const struct dsr_common *common,
    struct dsr_error *err);

/* The verdict alone, in one line. */
int result_print_verdict(const char *file, const struct verify_result *r,
    const struct dsr_common *common, struct dsr_error *err);

/* One finding for people, as one line, without its severity. */
void result_text_line(FILE *out, const struct dsr_finding *f);

/* Bytes from outside on a line of text for people. */
void result_print_word(FILE *out, const char *s);

/* One line of JSON on stdout: a finding, or the summary of a file. */
int result_print_finding(const struct dsr_finding *f, struct dsr_error *err);
int result_print_summary(const char *file, const struct verify_result *r,
    const struct dsr_findings *findings, struct dsr_error *err);

/* For the JSON of other verbs. */
/* "findings": how many of each severity. */
void result_put_findings(struct dsr_json_writer *w,
    const struct dsr_findings *findings);
/* "sandbox", and what it could not close in "sandbox_missing". */
void result_put_sandbox(struct dsr_json_writer *w,
    const struct dsr_sandbox *s);
/* "signers", "times". */
void result_put_signers(struct dsr_json_writer *w,
    const struct verify_result *r);
void result_put_times(struct dsr_json_writer *w,
    const struct verify_result *r);

/* For people: the findings, the worst first; at most seven without -v. */
void result_print_findings(const struct dsr_findings *findings,
    const struct dsr_common *common);
/* Who sealed it, who certifies that, and when that was at the latest. */
void result_print_signers(const struct verify_result *r);
/* Escape sequence that colours a verdict by its exit status. */
const char *result_color(int exit_status);

#endif
