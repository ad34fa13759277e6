/* SPDX-License-Identifier: ISC */
#include "result.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dossier/language.h"
#include "dossier/text.h"
#include "result_fold.h"

#define WORD_SHOWN  4096u /* bytes */
#define FOUND_SHOWN 120u
#define SHOWN 7u /* findings of the short text: fifteen lines in all */

static const char *
sentence(const struct verify_result *r)
{
	if (r->layer_zip)
		return r->exit_status == 0
		    ? N_("The container obeys the format; what is in it was "
			 "not judged.")
		    : N_("The container does not obey the format.");
	if (r->locked)
		return N_("This file is encrypted, and no key that was given "
			  "opens it.");
	if (r->container_only)
		return N_("Nothing is wrong with container and seal; what the "
			  "members hold was not checked.");
	if (r->content_only)
		return N_("The content is whole and agrees with its seal; "
			  "the archive as one file was not checked.");
	if (!r->has_verdict)
		return N_("This archive is of a format version that this "
			  "program does not know.");
	switch (r->verdict) {
	case VERDICT_TRUSTED:
		if (r->trusted_from == NULL)
			return N_("Intact: nothing has changed since it was "
				  "sealed, as a certificate that you trust "
				  "confirms.");
		return N_("Intact: nothing has changed since it was sealed, "
			  "by a key that you trust.");
	case VERDICT_UNKNOWN:
		if (r->lacks_required)
			return N_("Intact, but something that you asked for "
				  "is missing: see below.");
		if (r->key_is_barred)
			return N_("Intact, but the key that sealed it no "
				  "longer counts: see below.");
		return N_("Intact, but we cannot say who sealed it: the key "
			  "is not among your trusted keys.");
	case VERDICT_UNSIGNED:
		return N_("Nobody has signed this archive: it agrees with "
			  "itself, no more.");
	case VERDICT_NOT_INTACT:
		if (r->no_archive)
			return N_("This is no archive of Dossier.");
		return N_("This archive has been changed or damaged. Do not "
			  "rely on it.");
	}
	return "";
}

const char *
result_color(int exit_status)
{
	if (exit_status == 0)
		return "\033[32m";
	return exit_status == 1 ? "\033[31m" : "\033[33m";
}

static void
print_verdict(const char *file, const struct verify_result *r,
    const struct dsr_common *common)
{
	bool color = dsr_color_is_on(common, stdout);

	(void)dsr_print(stdout, "%s: ", file);
	if (color) /* our own bytes: past the function that escapes */
		(void)fputs(result_color(r->exit_status), stdout);
	(void)dsr_print(stdout, "%s", _(sentence(r)));
	if (color)
		(void)fputs("\033[0m", stdout);
	if (r->no_archive && r->looks_like != NULL)
		(void)dsr_print(stdout, _(" It looks like %s."),
		    _(r->looks_like));
	(void)fputs("\n", stdout);
}

int
result_print_verdict(const char *file, const struct verify_result *r,
    const struct dsr_common *common, struct dsr_error *err)
{
	print_verdict(file, r, common);
	return fflush(stdout) != 0 || ferror(stdout)
	    ? dsr_fail_sys(err, "stdout")
	    : 0;
}

static void
print_signer(const struct verify_result *r)
{
	if (!r->has_key)
		return;
	if (!r->seal_is_valid)
		(void)dsr_print(stdout,
		    _("It names the key %s, whose seal does not verify.\n"),
		    r->key_id);
	else if (r->trusted_from != NULL)
		(void)dsr_print(stdout, _("Sealed by key %s (trusted: %s).\n"),
		    r->key_id, r->trusted_from);
	else if (r->root_from != NULL)
		(void)dsr_print(stdout, _("Sealed by key %s.\n"), r->key_id);
	else
		(void)dsr_print(stdout,
		    _("Sealed by key %s, SHA-256 %s.\n"
		      "If that is whom you expect, get the key from them and "
		      "say --trust FILE.pub.\n"),
		    r->key_id, r->key_sha256);
}

static void
print_certificate(const struct verify_result *r)
{
	if (!r->cms_is_valid)
		return;
	if (r->root_from != NULL)
		(void)dsr_print(stdout,
		    _("Certified: %s (root: %s).\n"), r->subject,
		    r->root_from);
	else
		(void)dsr_print(stdout,
		    _("It also names %s, which no root of yours confirms.\n"),
		    r->subject);
}

/* The earliest time that counts; else that there is one that does not. */
static void
print_time(const struct verify_result *r)
{
	const struct verify_time *best = NULL;
	size_t i;

	for (i = 0; i < r->time_count; i++) {
		const struct verify_time *t = &r->times[i];

		if (t->is_valid && t->trusted_from != NULL &&
		    (best == NULL || strcmp(t->gen_time, best->gen_time) < 0))
			best = t;
	}
	if (best != NULL)
		(void)dsr_print(stdout,
		    _("It existed not later than %s, says %s (root: %s).\n"),
		    best->gen_time, best->authority, best->trusted_from);
	else if (r->time_count > 0 && r->times[0].is_valid)
		(void)dsr_print(stdout,
		    _("It is stamped %s by %s, which no root of yours "
		      "confirms.\n"),
		    r->times[0].gen_time, r->times[0].authority);
}

void
result_print_signers(const struct verify_result *r)
{
	print_signer(r);
	print_certificate(r);
	print_time(r);
}

/* Only what was done is claimed: a broken container is not read to its end. */
static void
print_checked(const struct verify_result *r)
{
	if (!r->has_statement || r->exit_status == 1 || r->container_only) {
		(void)dsr_print(stdout,
		    _("Looked at: %" PRIu64 " members, %" PRIu64 " bytes.\n"),
		    r->members, r->size);
		return;
	}
	(void)dsr_print(stdout,
	    P_("Checked: %" PRIu64 " document, %" PRIu64 " members, %" PRIu64
	       " bytes; every digest and the tree.\n",
		"Checked: %" PRIu64 " documents, %" PRIu64 " members, %" PRIu64
		" bytes; every digest and the tree.\n",
		r->documents),
	    r->documents, r->members, r->size);
}

static void
print_facts(const struct verify_result *r)
{
	if (r->has_statement)
		(void)dsr_print(stdout, _("Packed %s, archive %s%s%s.\n"),
		    r->packed, r->id, r->request[0] == '\0' ? "" : ", request ",
		    r->request);
	if (r->previous_id[0] != '\0')
		(void)dsr_print(stdout,
		    _("Archive %" PRIu64 " for this request; the one before it "
		      "is %s.\n"),
		    r->sequence, r->previous_id);
	print_checked(r);
}

/* What a receipt counts as a gap is a thing that was not erased. */
static void
print_gaps(const struct verify_result *r)
{
	bool receipt = strcmp(r->kind, "receipt") == 0;

	if (r->gaps == 0)
		return;
	(void)dsr_print(stdout,
	    receipt
		? P_("The receipt itself states that %" PRIu64
		     " thing is not erased, or not known to be: see "
		     "START-HERE.html.\n",
		      "The receipt itself states that %" PRIu64
		      " things are not erased, or not known to be: see "
		      "START-HERE.html.\n",
		      r->gaps)
		: P_("The archive itself states that %" PRIu64
		     " thing is missing: see START-HERE.html.\n",
		      "The archive itself states that %" PRIu64
		      " things are missing: see START-HERE.html.\n",
		      r->gaps),
	    r->gaps);
}

void
result_print_word(FILE *out, const char *s)
{
	(void)dsr_print_word(out, s, WORD_SHOWN);
}

void
result_text_line(FILE *out, const struct dsr_finding *f)
{
	(void)dsr_print(out, "%s: %s", dsr_finding_name(f->id),
	    dsr_finding_text(f->id));
	(void)fputs(" (", out);
	result_print_word(out, f->member == NULL ? "-" : f->member);
	(void)fputs(")", out);
	if (f->found != NULL) {
		(void)dsr_print(out, "; %s ", _("found"));
		(void)dsr_print_word(out, f->found, FOUND_SHOWN);
	}
	if (f->wanted != NULL) {
		(void)dsr_print(out, "; %s ", _("wanted"));
		(void)dsr_print_word(out, f->wanted, FOUND_SHOWN);
	}
	(void)dsr_print(out, " [%s]\n", dsr_finding_rule(f->id));
}

static void
print_finding(const struct dsr_finding *f)
{
	(void)dsr_print(stdout, "  %s ",
	    dsr_severity_name(dsr_finding_severity(f->id)));
	result_text_line(stdout, f);
}

static void
print_rest(uint64_t followed, uint64_t others)
{
	if (followed > 0)
		(void)dsr_print(stdout,
		    P_("  and %" PRIu64 " finding that follows from these: "
		       "see -v\n",
			"  and %" PRIu64 " findings that follow from these: "
			"see -v\n",
			followed),
		    followed);
	if (others > 0)
		(void)dsr_print(stdout,
		    _("  and %" PRIu64 " more findings: see --json\n"),
		    others);
}

void
result_print_findings(const struct dsr_findings *findings,
    const struct dsr_common *common)
{
	size_t most = common->verbose > 0 ? SIZE_MAX : SHOWN, shown = 0, i;
	uint64_t all = 0, followed = 0;
	int severity;

	for (severity = DSR_ERROR; severity >= DSR_INFO; severity--) {
		/* what is merely worth knowing was said above */
		if (severity == DSR_INFO && common->verbose == 0)
			continue;
		all += dsr_findings_count(findings,
		    (enum dsr_severity)severity);
		for (i = 0; i < dsr_findings_kept(findings) && shown < most;
		     i++) {
			const struct dsr_finding *f =
			    dsr_findings_get(findings, i);

			if ((int)dsr_finding_severity(f->id) != severity)
				continue;
			if (common->verbose == 0 &&
			    result_follows(findings, i)) {
				followed++;
				continue;
			}
			print_finding(f);
			shown++;
		}
	}
	print_rest(followed, all - shown - followed);
}

int
result_print_text(const char *file, const struct verify_result *r,
    const struct dsr_findings *findings, const struct dsr_common *common,
    struct dsr_error *err)
{
	print_verdict(file, r, common);
	print_gaps(r);
	result_print_signers(r);
	print_facts(r);
	result_print_findings(findings, common);
	return fflush(stdout) != 0 || ferror(stdout)
	    ? dsr_fail_sys(err, "stdout")
	    : 0;
}
