/* SPDX-License-Identifier: ISC */
/* The cover, and what the controller says about the processing. */
#include "page_parts.h"

#include <string.h>

#include "dossier/language.h"

/* A text is at most as long as request.json; a page shows this much of it. */
#define TEXT_SHOWN 20000 /* bytes */
#define TEXTS_SHOWN 100  /* of one list */

/* What people ask for, by article of the GDPR. */
static const struct {
	const char *article;
	const char *text;
} rights[] = {
	{ "15", N_("Access to your data (Article 15)") },
	{ "16", N_("Correction of your data (Article 16)") },
	{ "17", N_("Erasure of your data (Article 17)") },
	{ "18", N_("Restriction of the use of your data (Article 18)") },
	{ "19", N_("To be told who received corrections (Article 19)") },
	{ "20", N_("A copy of your data to take elsewhere (Article 20)") },
	{ "21", N_("Objection to the use of your data (Article 21)") },
	{ "22", N_("No decision by machines alone (Article 22)") },
};

/* Art. 15(1)(a)-(h) and 15(2), in the order of the law. */
static const struct {
	enum dsr_request_field field;
	const char *title;
} processing[] = {
	{ DSR_REQUEST_PURPOSES, N_("Why your data are used") },
	{ DSR_REQUEST_CATEGORIES, N_("Which kinds of data these are") },
	{ DSR_REQUEST_RECIPIENTS,
	    N_("Who received your data, or will receive them") },
	{ DSR_REQUEST_RETENTION, N_("How long your data are kept") },
	{ DSR_REQUEST_RIGHTS, N_("Your rights") },
	{ DSR_REQUEST_SOURCE, N_("Where your data come from") },
	{ DSR_REQUEST_AUTOMATED,
	    N_("Decisions made by machines, profiling included") },
	{ DSR_REQUEST_TRANSFERS,
	    N_("Transfers to other countries, and their safeguards") },
};

static void
write_missing(const struct page_writer *w)
{
	dsr_html_open(w->html, "span");
	dsr_html_attr(w->html, "class", "missing");
	dsr_html_text(w->html, _("not stated"));
	dsr_html_close(w->html, "span");
}

static void
open_row(const struct page_writer *w, const char *title)
{
	dsr_page_row(w, title);
	dsr_page_cell(w, NULL);
}

static void
close_row(const struct page_writer *w)
{
	dsr_html_close(w->html, "td");
	dsr_html_close(w->html, "tr");
}

static void
write_text(const struct page_writer *w, const char *text)
{
	size_t len = strlen(text);

	if (len > TEXT_SHOWN)
		dsr_page_cut(w, text, len, TEXT_SHOWN);
	else
		dsr_html_foreign_lines(w->html, text, len);
}

/* A row of the fields given, each on a line of its own; -1 ends them. */
static void
write_fields(const struct page_writer *w, const char *title,
    const int *field)
{
	const char *text;
	size_t written = 0;

	open_row(w, title);
	for (; *field >= 0; field++) {
		text = dsr_request_text(w->request,
		    (enum dsr_request_field)*field, w->language);
		if (text == NULL)
			continue;
		if (written++ > 0)
			dsr_html_open(w->html, "br");
		write_text(w, text);
	}
	if (written == 0)
		write_missing(w);
	close_row(w);
}

static void
write_date(const struct page_writer *w, const char *title,
    enum dsr_request_field field)
{
	const char *date = dsr_request_text(w->request, field, NULL);

	open_row(w, title);
	if (date != NULL)
		dsr_page_time(w, date);
	else
		write_missing(w);
	close_row(w);
}

static void
write_rights(const struct page_writer *w)
{
	const char *article;
	size_t i, k, count;

	open_row(w, _("What was asked for"));
	count = dsr_request_count(w->request, DSR_REQUEST_ARTICLES, NULL);
	for (i = 0; i < count && i < TEXTS_SHOWN; i++) {
		article = dsr_request_item(w->request, DSR_REQUEST_ARTICLES,
		    i, NULL);
		if (i > 0)
			dsr_html_open(w->html, "br");
		for (k = 0; k < sizeof(rights) / sizeof(rights[0]); k++)
			if (article != NULL &&
			    strcmp(article, rights[k].article) == 0)
				dsr_html_text(w->html, _(rights[k].text));
	}
	if (count == 0)
		write_missing(w);
	close_row(w);
}

static void
write_request_number(const struct page_writer *w)
{
	const char *id;

	id = dsr_request_text(w->request, DSR_REQUEST_ID, NULL);
	if (id == NULL)
		id = w->statement->request;
	open_row(w, _("Request number"));
	if (id != NULL)
		dsr_page_cut(w, id, strlen(id), 100);
	else
		write_missing(w);
	close_row(w);
}

static void
write_kept(const struct page_writer *w)
{
	if (dsr_request_hold_count(w->request) > 0) {
		open_row(w, _("Why data must be kept (Article 17(3))"));
		dsr_page_holds(w);
		close_row(w);
	}
	if (dsr_request_count(w->request, DSR_REQUEST_RETAIN_UNTIL, NULL) > 0)
		write_date(w, _("Must be kept until"),
		    DSR_REQUEST_RETAIN_UNTIL);
}

static void
write_archive(const struct page_writer *w)
{
	const struct dsr_statement *s = w->statement;
	char number[PAGE_WORD_SIZE];

	open_row(w, _("This file was made on"));
	dsr_page_time(w, s->packed);
	close_row(w);
	open_row(w, _("Number of this file"));
	if (s->id != NULL)
		dsr_html_foreign(w->html, s->id, strlen(s->id));
	if (s->sequence > 1) {
		dsr_page_number(number, w, s->sequence);
		dsr_html_open(w->html, "br");
		dsr_html_format(w->html, _("It is answer %s to this request; "
		    "it follows an earlier one."), number);
	}
	close_row(w);
}

void
dsr_page_cover(const struct page_writer *w)
{
	static const int subject[] = { DSR_REQUEST_SUBJECT_NAME,
		DSR_REQUEST_SUBJECT_CONTACT, -1 };
	static const int controller[] = { DSR_REQUEST_CONTROLLER_NAME,
		DSR_REQUEST_CONTROLLER_ADDRESS,
		DSR_REQUEST_CONTROLLER_CONTACT, -1 };
	static const int law[] = { DSR_REQUEST_LEGAL_BASIS, -1 };
	static const int officer[] = { DSR_REQUEST_OFFICER_NAME,
		DSR_REQUEST_OFFICER_CONTACT, -1 };
	static const int authority[] = { DSR_REQUEST_AUTHORITY_NAME,
		DSR_REQUEST_AUTHORITY_CONTACT, -1 };

	dsr_page_section(w, "request", _("The request"));
	if (w->request == NULL)
		dsr_page_paragraph(w, "note",
		    _("Whoever made this file did not put a description of "
		      "the request into it. So the page cannot say who asked, "
		      "who answers and by when, or where you can complain. "
		      "You may ask for it."));
	dsr_page_table(w, "cover", "request-table",
	    _("Who asked whom, and when"), NULL);
	write_fields(w, _("Whose data these are"), subject);
	write_request_number(w);
	write_fields(w, _("Who answers (controller)"), controller);
	write_rights(w);
	write_fields(w, _("Under which law"), law);
	write_date(w, _("Request received on"), DSR_REQUEST_RECEIVED);
	write_date(w, _("Answer due by (Article 12(3))"), DSR_REQUEST_DUE);
	write_fields(w, _("Data protection officer"), officer);
	write_fields(w, _("Where you can complain (supervisory authority)"),
	    authority);
	write_kept(w);
	write_archive(w);
	dsr_page_table_end(w);
	dsr_html_close(w->html, "section");
}

/* One answer of the controller: a paragraph, or a list. */
static void
write_answer(const struct page_writer *w, enum dsr_request_field field)
{
	size_t i, count;

	count = dsr_request_count(w->request, field, w->language);
	dsr_html_open(w->html, "dd");
	if (count == 0)
		write_missing(w);
	if (count == 1)
		write_text(w, dsr_request_text(w->request, field,
		    w->language));
	if (count > 1)
		dsr_html_open(w->html, "ul");
	for (i = 0; count > 1 && i < count && i < TEXTS_SHOWN; i++) {
		dsr_html_open(w->html, "li");
		write_text(w, dsr_request_item(w->request, field, i,
		    w->language));
		dsr_html_close(w->html, "li");
	}
	if (count > 1)
		dsr_html_close(w->html, "ul");
	dsr_html_close(w->html, "dd");
}

void
dsr_page_processing(const struct page_writer *w)
{
	size_t i;

	dsr_page_section(w, "processing", _("How your data are used"));
	dsr_page_paragraph(w, NULL,
	    _("This is what Article 15 of the General Data Protection "
	      "Regulation lets you know. The answers are the controller's "
	      "own words; what the controller left out is marked \"not "
	      "stated\"."));
	dsr_html_open(w->html, "dl");
	for (i = 0; i < sizeof(processing) / sizeof(processing[0]); i++) {
		dsr_html_simple(w->html, "dt", _(processing[i].title));
		write_answer(w, processing[i].field);
	}
	dsr_html_close(w->html, "dl");
	dsr_html_close(w->html, "section");
}
