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

static void
put_count(struct dsr_json_writer *w, const char *key, uint64_t value)
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
	put_count(w, "bytes", r->size);
	put_count(w, "documents", r->documents);
	put_count(w, "exchanges", r->exchanges);
	put_count(w, "gaps", r->gaps);
	put_count(w, "members", r->members);
	put_count(w, "payload_bytes", r->bytes);
	dsr_json_write_end(w);
}

void
result_put_findings(struct dsr_json_writer *w,
    const struct dsr_findings *findings)
{
	dsr_json_write_key(w, "findings");
	dsr_json_write_object(w);
	put_count(w, "error", dsr_findings_count(findings, DSR_ERROR));
	put_count(w, "info", dsr_findings_count(findings, DSR_INFO));
	put_count(w, "warning", dsr_findings_count(findings, DSR_WARNING));
	dsr_json_write_end(w);
}

/* trusted_from is a PEM file with a root here, not a key. */
static void
put_certificate(struct dsr_json_writer *w, const struct verify_result *r)
{
	dsr_json_write_object(w);
	result_put_bytes(w, "fingerprint_sha256", r->certificate_sha256);
	result_put_bytes(w, "kind", "cms");
	result_put_bytes(w, "subject", r->subject);
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
	if (r->has_key) {
		dsr_json_write_object(w);
		result_put_bytes(w, "fingerprint_sha256", r->key_sha256);
		result_put_bytes(w, "key_id", r->key_id);
		result_put_bytes(w, "kind", "minisign");
		result_put_bytes(w, "trusted_from", r->trusted_from);
		dsr_json_write_key(w, "valid");
		dsr_json_write_boolean(w, r->seal_is_valid);
		dsr_json_write_end(w);
	}
	if (r->has_sshsig) {
		dsr_json_write_object(w);
		result_put_bytes(w, "fingerprint_sha256", r->key_sha256);
		result_put_bytes(w, "key_id", r->key_id);
		result_put_bytes(w, "kind", "sshsig");
		result_put_bytes(w, "trusted_from", r->trusted_from);
		dsr_json_write_key(w, "valid");
		dsr_json_write_boolean(w, true);
		dsr_json_write_end(w);
	}
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

static const char *
text_or_null(const char *s)
{
	return s[0] == '\0' ? NULL : s;
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
		put_count(w, "sequence", r->sequence);
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
