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
write_text_cell(const struct page_writer *w, const char *text)
{
	if (text != NULL)
		dsr_page_cut(w, text, strlen(text), TEXT_SHOWN);
	else
		dsr_html_text(w->html, "-");
}

static void
write_fact(const struct page_writer *w, const char *head, const char *text)
{
	dsr_html_open(w->html, "tr");
	dsr_html_open(w->html, "th");
	dsr_html_attr(w->html, "scope", "row");
	dsr_html_text(w->html, head);
	dsr_html_close(w->html, "th");
	dsr_page_cell(w, NULL);
	write_text_cell(w, text);
	dsr_html_close(w->html, "td");
	dsr_html_close(w->html, "tr");
}

/* Whole digests: an auditor compares them with the archive itself. */
static void
write_export(const struct page_writer *w)
{
	const struct dsr_export *x = w->statement->erasure->export;
	char size[32];

	dsr_page_table(w, "cover", "export-table",
	    _("The archive that the erasure followed from"), NULL);
	write_fact(w, _("Number of this file"), x->id);
	write_fact(w, _("Request number"), x->request);
	write_fact(w, _("SHA-256 of its body"), x->body_sha256);
	(void)snprintf(size, sizeof(size), "%" PRIu64, x->body_size);
	write_fact(w, _("Bytes of its body"), size);
	write_fact(w, _("SHA-256 of the key of its seal"), x->key_sha256);
	dsr_page_table_end(w);
}

static void
write_resource(const struct page_writer *w, const struct dsr_erasure *r)
{
	dsr_page_cell(w, NULL);
	write_text_cell(w, r->connector);
	dsr_html_text(w->html, "/");
	write_text_cell(w, r->endpoint);
	if (r->item != NULL) {
		dsr_html_text(w->html, " ");
		write_text_cell(w, r->item);
	}
	dsr_html_close(w->html, "td");
}

static void
write_deletion(const struct page_writer *w, const struct dsr_erasure *r)
{
	dsr_page_cell(w, NULL);
	write_text_cell(w, r->method);
	if (r->template != NULL) {
		dsr_html_text(w->html, " ");
		write_text_cell(w, r->template);
	}
	dsr_html_close(w->html, "td");
}

static void
write_line(const struct page_writer *w, const struct dsr_erasure *r)
{
	char status[32] = "-";

	dsr_html_open(w->html, "tr");
	dsr_page_cell_number(w, r->number);
	dsr_page_cell(w, NULL);
	write_text_cell(w, r->outcome);
	dsr_html_close(w->html, "td");
	write_resource(w, r);
	dsr_page_cell(w, NULL);
	write_text_cell(w, r->reason);
	dsr_html_close(w->html, "td");
	write_deletion(w, r);
	if (r->status != DSR_NONE)
		(void)snprintf(status, sizeof(status), "%" PRIu64, r->status);
	dsr_page_cell(w, NULL);
	write_text_cell(w, status);
	dsr_html_close(w->html, "td");
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
	if (!w->statement->erasure->executed)
		dsr_page_paragraph(w, "note",
		    _("This is a plan. Nothing was erased yet; the page says "
		      "what would be."));
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
