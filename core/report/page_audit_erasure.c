/* SPDX-License-Identifier: ISC */
/*
 * A receipt for auditors: what became of each resource, in the words of
 * FORMAT.md 4.10, and the archive that the erasure followed from.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dossier/language.h"
#include "page_parts.h"

#define TEXT_SHOWN 300u /* bytes */

static void
write_text(const struct page_writer *w, const char *text)
{
	if (text != NULL)
		dsr_page_cut(w, text, strlen(text), TEXT_SHOWN);
	else
		dsr_html_text(w->html, "-");
}

/* Whole digests: an auditor compares them with the archive itself. */
static void
write_export(const struct page_writer *w)
{
	const struct dsr_export *x = w->statement->erasure->export;
	char size[32];

	dsr_page_table(w, "cover", "export-table",
	    _("The archive that the erasure followed from"), NULL);
	dsr_page_audit_row(w, _("Number of this file"), x->id);
	dsr_page_audit_row(w, _("Request number"), x->request);
	dsr_page_audit_row(w, _("SHA-256 of its body"), x->body_sha256);
	(void)snprintf(size, sizeof(size), "%" PRIu64, x->body_size);
	dsr_page_audit_row(w, _("Bytes of its body"), size);
	dsr_page_audit_row(w, _("SHA-256 of the key of its seal"),
	    x->key_sha256);
	dsr_page_table_end(w);
}

static void
write_resource(const struct page_writer *w, const struct dsr_erasure *r)
{
	dsr_page_cell(w, NULL);
	write_text(w, r->connector);
	dsr_html_text(w->html, "/");
	write_text(w, r->endpoint);
	if (r->item != NULL) {
		dsr_html_text(w->html, " ");
		write_text(w, r->item);
	}
	dsr_html_close(w->html, "td");
}

static void
write_deletion(const struct page_writer *w, const struct dsr_erasure *r)
{
	dsr_page_cell(w, NULL);
	write_text(w, r->method);
	if (r->template != NULL) {
		dsr_html_text(w->html, " ");
		write_text(w, r->template);
	}
	dsr_html_close(w->html, "td");
}

static void
write_line(const struct page_writer *w, const struct dsr_erasure *r)
{
	char status[32] = "-";

	dsr_html_open(w->html, "tr");
	dsr_page_cell_number(w, r->number);
	dsr_page_audit_cell(w, r->outcome);
	write_resource(w, r);
	dsr_page_audit_cell(w, r->reason == NULL ? "-" : r->reason);
	write_deletion(w, r);
	if (r->status != DSR_NONE)
		(void)snprintf(status, sizeof(status), "%" PRIu64, r->status);
	dsr_page_audit_cell(w, status);
	dsr_html_close(w->html, "tr");
}

static uint64_t
count_lines(const struct page_writer *w)
{
	const struct dsr_outcome_counts *n = w->statement->erasure->outcomes;
	uint64_t sum = 0;

#define X(member, word, gone, asked, plan) sum += n->member;
	DSR_OUTCOMES(X)
#undef X
	return sum;
}

int
dsr_page_audit_erasure(const struct page_writer *w, struct dsr_error *err)
{
	static const char *const columns[] = { N_("Line"), N_("Outcome"),
		N_("Resource"), N_("Reason"), N_("Deletion"), N_("Status"),
		NULL };

	if (dsr_page_is_changed(w) || w->statement->erasure == NULL ||
	    w->page->erasures == NULL)
		return 0;
	dsr_page_section(w, "erasure", _("What became of each"));
	dsr_page_outcomes(w);
	write_export(w);
	dsr_page_table(w, "data", "erasure-table",
	    _("Lines of dossier/erasure.jsonl"), columns);
	if (dsr_page_erasure_lines(w, NULL, write_line, err) != 0)
		return -1;
	dsr_page_table_end(w);
	dsr_page_erasures_beyond(w, count_lines(w));
	dsr_html_close(w->html, "section");
	return 0;
}
