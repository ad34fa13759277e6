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
sentence(const struct proof_result *r)
{
	if (!r->has_verdict)
		return N_("This proof is of a format version that this "
			  "program does not know.");
	if (r->exit_status == 0)
		return N_("Proved: the document belongs to an archive that "
			  "was sealed by a key that you trust.");
	if (r->verdict == VERDICT_NOT_INTACT)
		return N_("This proves nothing: a part of it was changed or "
			  "is missing.");
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
	if (!r->seal_is_valid)
		return;
	(void)dsr_print(stdout,
	    P_("Archive: %s, %" PRIu64 " document.\n",
		"Archive: %s, %" PRIu64 " documents.\n",
		r->seal.documents),
	    r->seal.id, r->seal.documents);
	if (strcmp(r->seal.request, "-") != 0)
		(void)dsr_print(stdout, _("Request: %s.\n"), r->seal.request);
	if (r->trusted_from != NULL)
		(void)dsr_print(stdout, _("Sealed by key %s (trusted: %s).\n"),
		    r->key_id, r->trusted_from);
	else
		(void)dsr_print(stdout,
		    _("Sealed by key %s, SHA-256 %s.\n"
		      "If that is whom you expect, get the key from them and "
		      "say --trust FILE.pub.\n"),
		    r->key_id, r->key_sha256);
}

int
proof_print_text(const char *folder, const struct proof_result *r,
    const struct dsr_findings *findings, const struct dsr_common *common,
    struct dsr_error *err)
{
	bool color = dsr_color_is_on(common, stdout);

	(void)dsr_print(stdout, "%s: ", folder);
	if (color) /* our own bytes: past the function that escapes */
		(void)fputs(result_color(r->exit_status), stdout);
	(void)dsr_print(stdout, "%s", _(sentence(r)));
	(void)fputs(color ? "\033[0m\n" : "\n", stdout);
	print_document(r);
	print_archive(r);
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
	result_put_bytes(w, "path", has ? r->path : NULL);
	result_put_bytes(w, "sha256", has ? r->sha256 : NULL);
	dsr_json_write_end(w);
}

static void
put_signer(struct dsr_json_writer *w, const struct proof_result *r)
{
	dsr_json_write_key(w, "signer");
	dsr_json_write_object(w);
	result_put_bytes(w, "fingerprint_sha256",
	    r->has_key ? r->key_sha256 : NULL);
	result_put_bytes(w, "key_id", r->has_key ? r->key_id : NULL);
	result_put_bytes(w, "trusted_from", r->trusted_from);
	dsr_json_write_key(w, "valid");
	dsr_json_write_boolean(w, r->seal_is_valid);
	dsr_json_write_end(w);
}

int
proof_print_summary(const char *folder, const struct proof_result *r,
    const struct dsr_findings *findings, struct dsr_error *err)
{
	struct dsr_json_writer *w = NULL;
	struct dsr_buffer line;
	bool sealed = r->seal_is_valid;
	int rc = -1;

	dsr_buffer_init(&line, 1048576);
	if (dsr_json_writer_new(&w, &line, err) != 0)
		goto out;
	dsr_json_write_object(w);
	put_document(w, r);
	put_count(w, "documents", sealed, r->seal.documents);
	put_count(w, "exit", true, (uint64_t)r->exit_status);
	result_put_bytes(w, "file", folder);
	result_put_findings(w, findings);
	result_put_bytes(w, "id", sealed ? r->seal.id : NULL);
	result_put_bytes(w, "request",
	    sealed && strcmp(r->seal.request, "-") != 0 ? r->seal.request
							: NULL);
	put_signer(w, r);
	result_put_bytes(w, "type", "summary");
	result_put_bytes(w, "verdict",
	    r->has_verdict ? verdict_name(r->verdict) : NULL);
	result_put_bytes(w, "version", dsr_version());
	dsr_json_write_end(w);
	rc = result_print_line(w, &line, err);
out:
	dsr_json_writer_free(w);
	dsr_buffer_fini(&line);
	return rc;
}
