/* SPDX-License-Identifier: ISC */
/* In short: how much there is, and where it comes from. */
#include "page_parts.h"

#include <string.h>

#include "dossier/language.h"

#define ROWS_SHOWN 1000 /* endpoints in the table */

static void
write_total(const struct page_writer *w, const struct dsr_counts *c)
{
	char documents[PAGE_WORD_SIZE], services[PAGE_WORD_SIZE];
	char size[PAGE_WORD_SIZE];
	size_t count = w->statement->connectors.count;

	dsr_page_number(documents, w, c->documents);
	dsr_page_number(services, w, count);
	dsr_page_size(size, w, c->bytes);
	dsr_html_open(w->html, "p");
	dsr_html_attr(w->html, "class", "lead");
	dsr_html_format(w->html, P_("This file holds %s document",
	    "This file holds %s documents", dsr_page_plural(c->documents)),
	    documents);
	if (count > 0)
		dsr_html_format(w->html, P_(" from %s service",
		    " from %s services", dsr_page_plural(count)), services);
	dsr_html_format(w->html, _(", %s in all."), size);
	dsr_html_close(w->html, "p");
}

static void
write_gap_count(const struct page_writer *w, const struct dsr_counts *c)
{
	char number[PAGE_WORD_SIZE];

	if (c->gaps == 0) {
		dsr_page_paragraph(w, NULL,
		    _("Everything that was looked for was obtained."));
		return;
	}
	dsr_page_number(number, w, c->gaps);
	dsr_html_open(w->html, "p");
	dsr_html_attr(w->html, "class", "note");
	dsr_html_format(w->html, P_("%s thing that was looked for could not "
	    "be obtained.", "%s things that were looked for could not be "
	    "obtained.", dsr_page_plural(c->gaps)), number);
	dsr_html_text(w->html, " ");
	dsr_html_open_anchor(w->html, "missing");
	dsr_html_text(w->html, _("What is missing, and why"));
	dsr_html_close(w->html, "a");
	dsr_html_close(w->html, "p");
}

static void
write_endpoint_row(const struct page_writer *w,
    const struct dsr_endpoint_counts *e)
{
	dsr_html_open(w->html, "tr");
	dsr_html_open(w->html, "th");
	dsr_html_attr(w->html, "scope", "row");
	dsr_page_endpoint(w, e->connector, e->endpoint);
	dsr_html_close(w->html, "th");
	dsr_page_cell(w, NULL);
	dsr_page_connector(w, e->connector);
	dsr_html_close(w->html, "td");
	dsr_page_cell_number(w, e->documents);
	dsr_page_cell_number(w, e->gaps);
	dsr_page_cell_number(w, e->left_out);
	dsr_html_close(w->html, "tr");
}

static void
write_endpoints(const struct page_writer *w)
{
	static const char *const columns[] = { N_("What"), N_("From"),
		N_("Documents"), N_("Not obtained"), N_("About others"),
		NULL };
	const struct dsr_list *list = &w->statement->endpoints;
	const struct dsr_endpoint_counts *e = list->items;
	char number[PAGE_WORD_SIZE];
	size_t i;

	if (list->count == 0)
		return;
	dsr_page_table(w, "counts", "counts",
	    _("What was looked for, where, and how much was found. \"About "
	      "others\" was looked at and left out, because it names other "
	      "people."), columns);
	for (i = 0; i < list->count && i < ROWS_SHOWN; i++)
		write_endpoint_row(w, &e[i]);
	dsr_page_table_end(w);
	if (list->count > ROWS_SHOWN) {
		dsr_page_number(number, w, list->count - ROWS_SHOWN);
		dsr_html_open(w->html, "p");
		dsr_html_format(w->html, _("And %s more rows: they stand in "
		    "dossier/statement.json."), number);
		dsr_html_close(w->html, "p");
	}
}

void
dsr_page_summary(const struct page_writer *w)
{
	static const struct dsr_counts nothing;
	const struct dsr_counts *c = w->statement->counts;
	char number[PAGE_WORD_SIZE];

	if (c == NULL)
		c = &nothing;
	dsr_page_section(w, "summary", _("In short"));
	write_total(w, c);
	write_gap_count(w, c);
	if (w->statement->folder != NULL &&
	    w->statement->folder->empty_folder_count > 0) {
		dsr_page_number(number, w,
		    w->statement->folder->empty_folder_count);
		dsr_html_open(w->html, "p");
		dsr_html_format(w->html, P_("%s folder was empty.",
		    "%s folders were empty.", dsr_page_plural(
		    w->statement->folder->empty_folder_count)), number);
		dsr_html_close(w->html, "p");
	}
	write_endpoints(w);
	dsr_html_close(w->html, "section");
}
