/* SPDX-License-Identifier: ISC */
/* Exchanges with services, summed up for auditors. */
#include "page_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dossier/language.h"

static void
write_status_rows(const struct page_writer *w,
    const struct dsr_page_exchanges *x)
{
	static const char *const columns[] = { N_("Status of the answer"),
		N_("How often"), NULL };
	char status[PAGE_WORD_SIZE];
	uint64_t most = 0;
	size_t i;

	for (i = 0; i < x->status_count; i++)
		if (x->status[i].count > most)
			most = x->status[i].count;
	dsr_page_table(w, "bars", "statuses",
	    _("How the services answered"), columns);
	for (i = 0; i < x->status_count; i++) {
		(void)snprintf(status, sizeof(status), "%" PRIu64,
		    x->status[i].status);
		dsr_page_row(w, x->status[i].status == DSR_NONE ?
		    _("no answer") : status);
		dsr_page_cell_bar(w, x->status[i].count, most);
		dsr_html_close(w->html, "tr");
	}
	dsr_page_table_end(w);
}

static void
write_certificate_rows(const struct page_writer *w,
    const struct dsr_page_exchanges *x)
{
	static const char *const columns[] = {
		N_("SHA-256 of the certificate"), N_("Protocol"),
		N_("Exchanges"), NULL };
	char groups[PAGE_WORD_SIZE];
	size_t i;

	if (x->certificate_count == 0)
		return;
	dsr_page_table(w, NULL, "certificates",
	    _("Certificates that the services showed"), columns);
	for (i = 0; i < x->certificate_count; i++) {
		dsr_page_fingerprint(groups, x->certificate[i].sha256, 64);
		dsr_html_open(w->html, "tr");
		dsr_html_open(w->html, "th");
		dsr_html_attr(w->html, "scope", "row");
		dsr_html_simple(w->html, "code", groups);
		dsr_html_close(w->html, "th");
		dsr_page_cell(w, NULL);
		dsr_html_foreign(w->html, x->certificate[i].version,
		    strlen(x->certificate[i].version));
		dsr_html_close(w->html, "td");
		dsr_page_cell_number(w, x->certificate[i].count);
		dsr_html_close(w->html, "tr");
	}
	dsr_page_table_end(w);
	if (x->more_certificates)
		dsr_page_paragraph(w, NULL, _("And more: they stand in "
		    "dossier/exchanges.jsonl."));
}

void
dsr_page_exchanges(const struct page_writer *w)
{
	const struct dsr_page_exchanges *x = w->page->verdict->exchanges;
	char count[PAGE_WORD_SIZE], repeated[PAGE_WORD_SIZE];
	char size[PAGE_WORD_SIZE];

	if (x == NULL || x->count == 0)
		return;
	dsr_page_section(w, "exchanges", _("Exchanges with services"));
	dsr_page_number(count, w, x->count);
	dsr_page_number(repeated, w, x->repeated);
	dsr_page_size(size, w, x->bytes);
	dsr_html_open(w->html, "p");
	dsr_html_format(w->html, _("%s exchanges are recorded, %s more "
	    "attempts before them failed; the answers have %s."), count,
	    repeated, size);
	dsr_html_close(w->html, "p");
	write_status_rows(w, x);
	write_certificate_rows(w, x);
	dsr_html_close(w->html, "section");
}
