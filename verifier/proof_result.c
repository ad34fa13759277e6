/* SPDX-License-Identifier: ISC */
/* What came of a proof, for people and for programs. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dossier/language.h"
#include "dossier/text.h"
#include "proof.h"
#include "result.h"

static const char *
sentence(const struct verify_result *r)
{
	if (!r->has_verdict)
		return N_("This proof is of a format version that this "
			  "program does not know.");
	if (r->verdict == VERDICT_TRUSTED && r->trusted_from == NULL)
		return N_("Proved: the document belongs to an archive that "
			  "was sealed, as a certificate that you trust "
			  "confirms.");
	if (r->verdict == VERDICT_TRUSTED)
		return N_("Proved: the document belongs to an archive that "
			  "was sealed by a key that you trust.");
	if (r->verdict == VERDICT_NOT_INTACT)
		return N_("This proves nothing: a part of it was changed or "
			  "is missing.");
	if (r->lacks_required)
		return N_("The document belongs to a sealed archive, but "
			  "something that you asked for is missing: see "
			  "below.");
	if (r->key_is_barred)
		return N_("The document belongs to a sealed archive, but the "
			  "key that sealed it no longer counts: see below.");
	return N_("The document belongs to a sealed archive, but we cannot "
		  "say who sealed it: the key is not among your trusted "
		  "keys.");
}

static void
print_document(const struct proof_result *r)
{
	if (!r->has_document)
		return;
	(void)dsr_print(stdout,
	    _("Document: %s, %" PRIu64 " bytes, SHA-256 %s.\n"), r->path,
	    r->size, r->sha256);
}

static void
print_archive(const struct proof_result *r)
{
	if (!r->has_seal)
		return;
	(void)dsr_print(stdout,
	    P_("Archive: %s, %" PRIu64 " document.\n",
		"Archive: %s, %" PRIu64 " documents.\n", r->documents),
	    r->judged.id, r->documents);
	if (r->judged.request[0] != '\0')
		(void)dsr_print(stdout, _("Request: %s.\n"),
		    r->judged.request);
}

int
proof_print_text(const char *folder, const struct proof_result *r,
    const struct dsr_findings *findings, const struct dsr_common *common,
    struct dsr_error *err)
{
	bool color = dsr_color_is_on(common, stdout);

	(void)dsr_print(stdout, "%s: ", folder);
	if (color) /* our own bytes: past the function that escapes */
		(void)fputs(result_color(r->judged.exit_status), stdout);
	(void)dsr_print(stdout, "%s", _(sentence(&r->judged)));
	(void)fputs(color ? "\033[0m\n" : "\n", stdout);
	print_document(r);
	print_archive(r);
	result_print_signers(&r->judged);
	result_print_findings(findings, common);
	return fflush(stdout) != 0 || ferror(stdout)
	    ? dsr_fail_sys(err, "stdout")
	    : 0;
}

static void
put_count(struct dsr_json_writer *w, const char *key, bool has,
    uint64_t value)
{
	dsr_json_write_key(w, key);
	if (has && value <= DSR_MAX_JSON_INTEGER)
		dsr_json_write_integer(w, (int64_t)value);
	else
		dsr_json_write_string(w, NULL);
}

static void
put_document(struct dsr_json_writer *w, const struct proof_result *r)
{
	bool has = r->has_document;

	dsr_json_write_key(w, "document");
	dsr_json_write_object(w);
	put_count(w, "bytes", has, r->size);
	put_count(w, "index", has, r->index);
	dsr_json_put_text(w, "path", has ? r->path : NULL);
	dsr_json_put_text(w, "sha256", has ? r->sha256 : NULL);
	dsr_json_write_end(w);
}

static void
put_summary(struct dsr_json_writer *w, const char *folder,
    const struct proof_result *r, const struct dsr_findings *findings)
{
	const struct verify_result *j = &r->judged;

	put_document(w, r);
	put_count(w, "documents", r->has_seal, r->documents);
	put_count(w, "exit", true, (uint64_t)j->exit_status);
	dsr_json_put_text(w, "file", folder);
	result_put_findings(w, findings);
	dsr_json_put_text(w, "id", r->has_seal ? j->id : NULL);
	dsr_json_put_text(w, "request",
	    j->request[0] != '\0' ? j->request : NULL);
	result_put_sandbox(w, &j->sandbox);
	result_put_signers(w, j);
	result_put_times(w, j);
	dsr_json_put_text(w, "type", "summary");
	dsr_json_put_text(w, "verdict",
	    j->has_verdict ? verdict_name(j->verdict) : NULL);
	dsr_json_put_text(w, "version", dsr_version());
}

int
proof_print_summary(const char *folder, const struct proof_result *r,
    const struct dsr_findings *findings, struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	put_summary(w, folder, r, findings);
	return dsr_json_line_end(&line, err);
}
