/* SPDX-License-Identifier: ISC */
/* In short: how much there is, and where it comes from. */
#include "page_parts.h"

#include <stdio.h>
#include <string.h>

#include "dossier/language.h"

#define ROWS_SHOWN 1000 /* endpoints in the table */

static void
write_fact(const struct page_writer *w, const char *name, const char *value)
{
	dsr_html_open(w->html, "div");
	dsr_html_simple(w->html, "dt", name);
	dsr_html_simple(w->html, "dd", value);
	dsr_html_close(w->html, "div");
}

/* How much there is, at one glance. */
static void
write_facts(const struct page_writer *w, const struct dsr_counts *c)
{
	char word[PAGE_WORD_SIZE];
	size_t services = w->statement->connectors.count;

	dsr_html_open(w->html, "dl");
	dsr_html_attr(w->html, "class", "facts");
	dsr_page_number(word, w, c->documents);
	write_fact(w, P_("document", "documents",
	    dsr_page_plural(c->documents)), word);
	dsr_page_number(word, w, services);
	if (services > 0)
		write_fact(w, P_("service was asked", "services were asked",
		    dsr_page_plural(services)), word);
	dsr_page_size(word, w, c->bytes);
	write_fact(w, _("in all"), word);
	dsr_page_number(word, w, c->gaps);
	write_fact(w, P_("thing not obtained", "things not obtained",
	    dsr_page_plural(c->gaps)), word);
	dsr_html_close(w->html, "dl");
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

/* ---- what there is, by category --------------------------------------------- */

static uint64_t
count_category(const struct page_survey *s, size_t first, size_t *next)
{
	uint64_t sum = 0;
	size_t i;

	for (i = first; i < s->count && strcmp(s->kinds[i].category,
	    s->kinds[first].category) == 0; i++)
		sum += s->kinds[i].count;
	*next = i;
	return sum;
}

static void
write_category_row(const struct page_writer *w, const char *category,
    uint64_t n, uint64_t most)
{
	dsr_html_open(w->html, "tr");
	dsr_html_open(w->html, "th");
	dsr_html_attr(w->html, "scope", "row");
	dsr_page_category(w, category);
	dsr_html_close(w->html, "th");
	dsr_page_cell_bar(w, n, most);
	dsr_html_close(w->html, "tr");
}

static void
write_categories(const struct page_writer *w)
{
	static const char *const columns[] = { N_("What it is about"),
		N_("Documents"), NULL };
	const struct page_survey *s = &w->survey;
	uint64_t most = 0, n;
	size_t i, next;

	if (s->count == 0 || s->kinds[0].connector[0] == '\0')
		return;
	for (i = 0; i < s->count; i = next)
		if ((n = count_category(s, i, &next)) > most)
			most = n;
	dsr_page_table(w, "bars", "categories",
	    _("Your documents by what they are about"), columns);
	for (i = 0; i < s->count; i = next) {
		n = count_category(s, i, &next);
		write_category_row(w, s->kinds[i].category, n, most);
	}
	dsr_page_table_end(w);
}

/* ---- what was looked for ------------------------------------------------------ */

/* With several services each row says which. */
static bool
names_services(const struct page_writer *w)
{
	return w->statement->connectors.count > 1;
}

/* Leads to the documents of the endpoint, if there are any. */
static void
write_endpoint_link(const struct page_writer *w,
    const struct dsr_endpoint_counts *e)
{
	const struct page_kind *k = w->survey.kinds;
	char id[PAGE_WORD_SIZE];
	size_t i;

	for (i = 0; i < w->survey.count; i++)
		if (strcmp(k[i].endpoint, e->endpoint) == 0 &&
		    strcmp(k[i].connector, e->connector) == 0)
			break;
	if (i < w->survey.count) {
		(void)snprintf(id, sizeof(id), "kind-%zu", i + 1);
		dsr_html_open_anchor(w->html, id);
	}
	dsr_page_endpoint(w, e->connector, e->endpoint);
	if (i < w->survey.count)
		dsr_html_close(w->html, "a");
}

static void
write_endpoint_row(const struct page_writer *w,
    const struct dsr_endpoint_counts *e)
{
	dsr_html_open(w->html, "tr");
	dsr_html_open(w->html, "th");
	dsr_html_attr(w->html, "scope", "row");
	write_endpoint_link(w, e);
	dsr_html_close(w->html, "th");
	if (names_services(w)) {
		dsr_page_cell(w, NULL);
		dsr_page_connector(w, e->connector);
		dsr_html_close(w->html, "td");
	}
	dsr_page_cell_number(w, e->documents);
	dsr_page_cell_number(w, e->gaps);
	dsr_page_cell_number(w, e->left_out);
	dsr_html_close(w->html, "tr");
}

static void
write_endpoint_rows(const struct page_writer *w)
{
	static const char *const with_service[] = { N_("What"), N_("From"),
		N_("Documents"), N_("Not obtained"), N_("About others"),
		NULL };
	static const char *const columns[] = { N_("What"), N_("Documents"),
		N_("Not obtained"), N_("About others"), NULL };
	const struct dsr_list *list = &w->statement->endpoints;
	const struct dsr_endpoint_counts *e = list->items;
	size_t i;

	dsr_page_table(w, "counts", "counts",
	    _("What was looked for, where, and how much was found. \"About "
	      "others\" was looked at and left out, because it names other "
	      "people."), names_services(w) ? with_service : columns);
	for (i = 0; i < list->count && i < ROWS_SHOWN; i++)
		write_endpoint_row(w, &e[i]);
	dsr_page_table_end(w);
}

static void
write_endpoints(const struct page_writer *w)
{
	const struct dsr_list *list = &w->statement->endpoints;
	char number[PAGE_WORD_SIZE];

	if (list->count == 0)
		return;
	dsr_html_simple(w->html, "h3", _("What was looked for"));
	write_endpoint_rows(w);
	if (list->count > ROWS_SHOWN) {
		dsr_page_number(number, w, list->count - ROWS_SHOWN);
		dsr_html_open(w->html, "p");
		dsr_html_format(w->html, _("And %s more rows: they stand in "
		    "dossier/statement.json."), number);
		dsr_html_close(w->html, "p");
	}
}

static void
write_services(const struct page_writer *w)
{
	const struct dsr_list *list = &w->statement->connectors;
	const struct dsr_connector_use *use = list->items;
	const char *text;
	size_t i;

	if (list->count == 0)
		return;
	dsr_html_open(w->html, "dl");
	dsr_html_attr(w->html, "class", "services");
	for (i = 0; i < list->count && i < ROWS_SHOWN; i++) {
		dsr_html_open(w->html, "dt");
		dsr_page_connector(w, use[i].key);
		dsr_html_close(w->html, "dt");
		text = dsr_words_connector(w->page->words, use[i].key,
		    w->language);
		dsr_html_open(w->html, "dd");
		if (text != NULL)
			dsr_page_cut(w, text, strlen(text), 1000);
		dsr_html_close(w->html, "dd");
	}
	dsr_html_close(w->html, "dl");
}

static void
write_empty_folders(const struct page_writer *w)
{
	const struct dsr_folder *folder = w->statement->folder;
	char number[PAGE_WORD_SIZE];

	if (folder == NULL || folder->empty_folder_count == 0)
		return;
	dsr_page_number(number, w, folder->empty_folder_count);
	dsr_html_open(w->html, "p");
	dsr_html_format(w->html, P_("%s folder was empty.",
	    "%s folders were empty.",
	    dsr_page_plural(folder->empty_folder_count)), number);
	dsr_html_close(w->html, "p");
}

int
dsr_page_summary(const struct page_writer *w, struct dsr_error *err)
{
	static const struct dsr_counts nothing;
	const struct dsr_counts *c = w->statement->counts;

	if (c == NULL)
		c = &nothing;
	dsr_page_section(w, "summary", _("In short"));
	write_facts(w, c);
	write_gap_count(w, c);
	write_empty_folders(w);
	write_services(w);
	write_categories(w);
	dsr_page_timeline(w);
	if (dsr_page_activity(w, err) != 0)
		return -1;
	write_endpoints(w);
	dsr_html_close(w->html, "section");
	return 0;
}
