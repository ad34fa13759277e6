/* SPDX-License-Identifier: ISC */
#include "result.h"

#include <stdio.h>
#include <string.h>

#include "dossier/json.h"
#include "dossier/text.h"

void
result_put_bytes(struct dsr_json_writer *w, const char *key, const char *s)
{
	struct dsr_buffer escaped;
	struct dsr_error err;

	dsr_json_write_key(w, key);
	if (s == NULL || dsr_utf8_is_valid(s, strlen(s))) {
		dsr_json_write_string(w, s);
		return;
	}
	dsr_buffer_init(&escaped, 65536);
	(void)dsr_text_escape(&escaped, s, strlen(s), false, &err);
	dsr_json_write_string(w, dsr_buffer_str(&escaped));
	dsr_buffer_fini(&escaped);
}

static const char *
text_or_null(const char *s)
{
	return s[0] == '\0' ? NULL : s;
}

void
result_put_count(struct dsr_json_writer *w, const char *key, uint64_t value)
{
	dsr_json_write_key(w, key);
	dsr_json_write_integer(w, (int64_t)value);
}

int
result_print_line(struct dsr_json_writer *w, struct dsr_buffer *line,
    struct dsr_error *err)
{
	if (dsr_json_writer_finish(w, err) != 0)
		return -1;
	return dsr_print_json(stdout, line) != 0 ? dsr_fail_sys(err, "stdout")
						 : 0;
}

int
result_print_finding(const struct dsr_finding *f, struct dsr_error *err)
{
	struct dsr_json_writer *w = NULL;
	struct dsr_buffer line;
	int rc = -1;

	dsr_buffer_init(&line, 1048576);
	if (dsr_json_writer_new(&w, &line, err) != 0)
		goto out;
	dsr_json_write_object(w);
	result_put_bytes(w, "found", f->found);
	result_put_bytes(w, "id", dsr_finding_name(f->id));
	result_put_bytes(w, "member", f->member);
	result_put_bytes(w, "rule", dsr_finding_rule(f->id));
	result_put_bytes(w, "severity",
	    dsr_severity_name(dsr_finding_severity(f->id)));
	result_put_bytes(w, "type", "finding");
	result_put_bytes(w, "wanted", f->wanted);
	dsr_json_write_end(w);
	rc = result_print_line(w, &line, err);
out:
	dsr_json_writer_free(w);
	dsr_buffer_fini(&line);
	return rc;
}

static void
put_checked(struct dsr_json_writer *w, const struct verify_result *r)
{
	dsr_json_write_key(w, "checked");
	dsr_json_write_object(w);
	result_put_count(w, "bytes", r->size);
	result_put_count(w, "documents", r->documents);
	result_put_count(w, "exchanges", r->exchanges);
	result_put_count(w, "gaps", r->gaps);
	result_put_count(w, "members", r->members);
	result_put_count(w, "payload_bytes", r->bytes);
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
		result_put_bytes(w, "check", coverage_check_name(check));
		result_put_count(w, "count", r->coverage.checks[i].count);
		result_put_bytes(w, "result",
		    coverage_outcome(r, findings, check));
		result_put_bytes(w, "unit", coverage_check_unit(check));
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
		result_put_count(w, "bytes", r->coverage.bytes[i]);
		result_put_bytes(w, "class", coverage_class_name(class));
		result_put_bytes(w, "covered_by",
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
	result_put_count(w, "error", dsr_findings_count(findings, DSR_ERROR));
	result_put_count(w, "info", dsr_findings_count(findings, DSR_INFO));
	result_put_count(w, "warning", dsr_findings_count(findings, DSR_WARNING));
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
	result_put_bytes(w, "time",
	    best != NULL ? best->gen_time : text_or_null(r->packed));
	result_put_bytes(w, "time_from",
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
	result_put_bytes(w, "fingerprint_sha256", r->key_sha256);
	result_put_bytes(w, "key_id", r->key_id);
	result_put_bytes(w, "kind", kind);
	put_signing_time(w, r);
	result_put_bytes(w, "trusted_from", r->trusted_from);
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
	result_put_bytes(w, "fingerprint_sha256", r->certificate_sha256);
	result_put_bytes(w, "kind", "cms");
	result_put_bytes(w, "subject", r->subject);
	put_signing_time(w, r);
	result_put_bytes(w, "trusted_from", r->root_from);
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
		result_put_bytes(w, "authority", t->authority);
		result_put_bytes(w, "digest", t->digest);
		result_put_bytes(w, "gen_time", t->gen_time);
		result_put_bytes(w, "member", t->member);
		dsr_json_write_key(w, "revocation_data");
		dsr_json_write_boolean(w, t->has_revocation);
		result_put_bytes(w, "trusted_from", t->trusted_from);
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

	result_put_bytes(w, "sandbox", dsr_sandbox_state(s));
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
	result_put_bytes(w, "body_sha256", r->previous_sha256);
	result_put_bytes(w, "id", r->previous_id);
	dsr_json_write_end(w);
}

static void
put_summary(struct dsr_json_writer *w, const char *file,
    const struct verify_result *r, const struct dsr_findings *findings)
{
	dsr_json_write_object(w);
	put_checked(w, r);
	put_checks(w, r, findings);
	put_coverage(w, r, findings);
	result_put_bytes(w, "dss",
	    r->has_verdict ? verdict_word(r->verdict) : NULL);
	dsr_json_write_key(w, "exit");
	dsr_json_write_integer(w, r->exit_status);
	result_put_bytes(w, "file", file);
	result_put_findings(w, findings);
	result_put_bytes(w, "id", text_or_null(r->id));
	result_put_bytes(w, "kind", text_or_null(r->kind));
	result_put_bytes(w, "name", text_or_null(r->name));
	result_put_bytes(w, "packed", text_or_null(r->packed));
	put_previous(w, r);
	result_put_bytes(w, "request", text_or_null(r->request));
	result_put_sandbox(w, &r->sandbox);
	if (r->has_statement)
		result_put_count(w, "sequence", r->sequence);
	result_put_signers(w, r);
	result_put_times(w, r);
	result_put_bytes(w, "type", "summary");
	result_put_bytes(w, "verdict",
	    r->has_verdict ? verdict_name(r->verdict) : NULL);
	result_put_bytes(w, "version", dsr_version());
	dsr_json_write_end(w);
}

int
result_print_summary(const char *file, const struct verify_result *r,
    const struct dsr_findings *findings, struct dsr_error *err)
{
	struct dsr_json_writer *w = NULL;
	struct dsr_buffer line;
	int rc = -1;

	dsr_buffer_init(&line, 1048576);
	if (dsr_json_writer_new(&w, &line, err) != 0)
		goto out;
	put_summary(w, file, r, findings);
	rc = result_print_line(w, &line, err);
out:
	dsr_json_writer_free(w);
	dsr_buffer_fini(&line);
	return rc;
}
