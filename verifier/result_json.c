/* SPDX-License-Identifier: ISC */
#include "result.h"

#include <stdio.h>
#include <string.h>

#include "dossier/text.h"

static const char *
text_or_null(const char *s)
{
	return s[0] == '\0' ? NULL : s;
}

int
result_print_finding(const struct dsr_finding *f, struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	dsr_json_put_text(w, "found", f->found);
	dsr_json_put_text(w, "id", dsr_finding_name(f->id));
	dsr_json_put_text(w, "member", f->member);
	dsr_json_put_text(w, "rule", dsr_finding_rule(f->id));
	dsr_json_put_text(w, "severity",
	    dsr_severity_name(dsr_finding_severity(f->id)));
	dsr_json_put_text(w, "type", "finding");
	dsr_json_put_text(w, "wanted", f->wanted);
	return dsr_json_line_end(&line, err);
}

static void
put_checked(struct dsr_json_writer *w, const struct verify_result *r)
{
	dsr_json_write_key(w, "checked");
	dsr_json_write_object(w);
	dsr_json_put_count(w, "bytes", r->size);
	dsr_json_put_count(w, "documents", r->documents);
	dsr_json_put_count(w, "exchanges", r->exchanges);
	dsr_json_put_count(w, "gaps", r->gaps);
	dsr_json_put_count(w, "members", r->members);
	dsr_json_put_count(w, "payload_bytes", r->bytes);
	dsr_json_write_end(w);
}

static void
put_checks(struct dsr_json_writer *w, const struct verify_result *r,
    const struct dsr_findings *findings)
{
	size_t i;

	dsr_json_write_key(w, "checks");
	dsr_json_write_array(w);
	for (i = 0; i < CHECK_COUNT; i++) {
		enum coverage_check check = (enum coverage_check)i;

		dsr_json_write_object(w);
		dsr_json_put_text(w, "check", coverage_check_name(check));
		dsr_json_put_count(w, "count", r->coverage.checks[i].count);
		dsr_json_put_text(w, "result",
		    coverage_outcome(r, findings, check));
		dsr_json_put_text(w, "unit", coverage_check_unit(check));
		dsr_json_write_end(w);
	}
	dsr_json_write_end(w);
}

/* A folder, and a container by itself, have no classes. */
static void
put_coverage(struct dsr_json_writer *w, const struct verify_result *r,
    const struct dsr_findings *findings)
{
	size_t i;

	dsr_json_write_key(w, "coverage");
	dsr_json_write_array(w);
	for (i = 0; r->coverage.has_classes && i < CLASS_COUNT; i++) {
		enum coverage_class class = (enum coverage_class)i;

		if (r->coverage.bytes[i] == 0)
			continue;
		dsr_json_write_object(w);
		dsr_json_put_count(w, "bytes", r->coverage.bytes[i]);
		dsr_json_put_text(w, "class", coverage_class_name(class));
		dsr_json_put_text(w, "covered_by",
		    coverage_by(r, findings, class));
		dsr_json_write_end(w);
	}
	dsr_json_write_end(w);
}

void
result_put_findings(struct dsr_json_writer *w,
    const struct dsr_findings *findings)
{
	dsr_json_write_key(w, "findings");
	dsr_json_write_object(w);
	dsr_json_put_count(w, "error", dsr_findings_count(findings, DSR_ERROR));
	dsr_json_put_count(w, "info", dsr_findings_count(findings, DSR_INFO));
	dsr_json_put_count(w, "warning",
	    dsr_findings_count(findings, DSR_WARNING));
	dsr_json_write_end(w);
}

/*
 * When it was signed, at the latest: as a trusted time stamp shows; else as
 * the signer says.
 */
static void
put_signing_time(struct dsr_json_writer *w, const struct verify_result *r)
{
	const struct verify_time *best = NULL;
	size_t i;

	for (i = 0; i < r->time_count; i++)
		if (r->times[i].is_valid && r->times[i].trusted_from != NULL &&
		    (best == NULL ||
			strcmp(r->times[i].gen_time, best->gen_time) < 0))
			best = &r->times[i];
	dsr_json_put_text(w, "time",
	    best != NULL ? best->gen_time : text_or_null(r->packed));
	dsr_json_put_text(w, "time_from",
	    best != NULL             ? "time-stamp"
		: r->packed[0] != '\0' ? "statement"
				       : NULL);
}

/* The seal binds more than the tag manifest that it is a signature over. */
static void
put_covers(struct dsr_json_writer *w, bool seal)
{
	dsr_json_write_key(w, "covers");
	dsr_json_write_array(w);
	if (seal)
		dsr_json_write_string(w, "body");
	dsr_json_write_string(w, "tag-manifest");
	if (seal)
		dsr_json_write_string(w, "tree");
	dsr_json_write_end(w);
}

static void
put_key_signer(struct dsr_json_writer *w, const struct verify_result *r,
    const char *kind, bool valid)
{
	dsr_json_write_object(w);
	put_covers(w, strcmp(kind, "minisign") == 0);
	dsr_json_put_text(w, "fingerprint_sha256", r->key_sha256);
	dsr_json_put_text(w, "key_id", r->key_id);
	dsr_json_put_text(w, "kind", kind);
	put_signing_time(w, r);
	dsr_json_put_text(w, "trusted_from", r->trusted_from);
	dsr_json_write_key(w, "valid");
	dsr_json_write_boolean(w, valid);
	dsr_json_write_end(w);
}

/* trusted_from is a PEM file with a root here, not a key. */
static void
put_certificate(struct dsr_json_writer *w, const struct verify_result *r)
{
	dsr_json_write_object(w);
	put_covers(w, false);
	dsr_json_put_text(w, "fingerprint_sha256", r->certificate_sha256);
	dsr_json_put_text(w, "kind", "cms");
	dsr_json_put_text(w, "subject", r->subject);
	put_signing_time(w, r);
	dsr_json_put_text(w, "trusted_from", r->root_from);
	dsr_json_write_key(w, "valid");
	dsr_json_write_boolean(w, r->cms_is_valid);
	dsr_json_write_end(w);
}

void
result_put_signers(struct dsr_json_writer *w,
    const struct verify_result *r)
{
	dsr_json_write_key(w, "signers");
	dsr_json_write_array(w);
	if (r->has_key)
		put_key_signer(w, r, "minisign", r->seal_is_valid);
	if (r->has_sshsig)
		put_key_signer(w, r, "sshsig", true);
	if (r->has_certificate)
		put_certificate(w, r);
	dsr_json_write_end(w);
}

void
result_put_times(struct dsr_json_writer *w, const struct verify_result *r)
{
	size_t i;

	dsr_json_write_key(w, "times");
	dsr_json_write_array(w);
	for (i = 0; i < r->time_count; i++) {
		const struct verify_time *t = &r->times[i];

		dsr_json_write_object(w);
		dsr_json_put_text(w, "authority", t->authority);
		dsr_json_put_text(w, "digest", t->digest);
		dsr_json_put_text(w, "gen_time", t->gen_time);
		dsr_json_put_text(w, "member", t->member);
		dsr_json_write_key(w, "revocation_data");
		dsr_json_write_boolean(w, t->has_revocation);
		dsr_json_put_text(w, "trusted_from", t->trusted_from);
		dsr_json_write_key(w, "valid");
		dsr_json_write_boolean(w, t->is_valid);
		dsr_json_write_end(w);
	}
	dsr_json_write_end(w);
}

void
result_put_sandbox(struct dsr_json_writer *w, const struct dsr_sandbox *s)
{
	const struct {
		bool closed;
		const char *name;
	} row[] = { { s->files, "files" }, { s->programs, "programs" },
		{ s->sockets, "sockets" } };
	size_t i;

	dsr_json_put_text(w, "sandbox", dsr_sandbox_state(s));
	dsr_json_write_key(w, "sandbox_missing");
	dsr_json_write_array(w);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		if (!row[i].closed)
			dsr_json_write_string(w, row[i].name);
	dsr_json_write_end(w);
}

static void
put_previous(struct dsr_json_writer *w, const struct verify_result *r)
{
	if (r->previous_id[0] == '\0')
		return;
	dsr_json_write_key(w, "previous");
	dsr_json_write_object(w);
	dsr_json_put_text(w, "body_sha256", r->previous_sha256);
	dsr_json_put_text(w, "id", r->previous_id);
	dsr_json_write_end(w);
}

static void
put_summary(struct dsr_json_writer *w, const char *file,
    const struct verify_result *r, const struct dsr_findings *findings)
{
	put_checked(w, r);
	put_checks(w, r, findings);
	put_coverage(w, r, findings);
	dsr_json_put_text(w, "dss",
	    r->has_verdict ? verdict_word(r->verdict) : NULL);
	dsr_json_put_count(w, "exit", (uint64_t)r->exit_status);
	dsr_json_put_text(w, "file", file);
	result_put_findings(w, findings);
	dsr_json_put_text(w, "id", text_or_null(r->id));
	dsr_json_put_text(w, "kind", text_or_null(r->kind));
	dsr_json_put_text(w, "name", text_or_null(r->name));
	dsr_json_put_text(w, "packed", text_or_null(r->packed));
	put_previous(w, r);
	dsr_json_put_text(w, "request", text_or_null(r->request));
	result_put_sandbox(w, &r->sandbox);
	if (r->has_statement)
		dsr_json_put_count(w, "sequence", r->sequence);
	result_put_signers(w, r);
	result_put_times(w, r);
	dsr_json_put_text(w, "type", "summary");
	dsr_json_put_text(w, "verdict",
	    r->has_verdict ? verdict_name(r->verdict) : NULL);
	dsr_json_put_text(w, "version", dsr_version());
}

int
result_print_summary(const char *file, const struct verify_result *r,
    const struct dsr_findings *findings, struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	put_summary(w, file, r, findings);
	return dsr_json_line_end(&line, err);
}
