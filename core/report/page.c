/* SPDX-License-Identifier: ISC */
/*
 * START-HERE.html: one page, no script, no request to anywhere, in the
 * language of the person. Everything from outside is written by
 * dsr_html_foreign alone.
 */
#include "dossier/page.h"

#include <stdio.h>
#include <string.h>

#include "assets.h"
#include "dossier/language.h"
#include "dossier/limits.h"
#include "page_parts.h"

struct entry {
	const char *id;
	const char *title;
};

static const struct entry contents[] = {
	{ "request", N_("The request") },
	{ "summary", N_("In short") },
	{ "processing", N_("How your data are used") },
	{ "documents", N_("Your data, document by document") },
	{ "missing", N_("What is not here, and why") },
	{ "check", N_("Check it yourself") },
	{ NULL, NULL },
};

static const struct entry receipt_contents[] = {
	{ "request", N_("The request") },
	{ "summary", N_("In short") },
	{ "erasure", N_("What became of each") },
	{ "check", N_("Check it yourself") },
	{ NULL, NULL },
};

static const struct entry audit_contents[] = {
	{ "archive", N_("The archive") },
	{ "checks", N_("What was checked") },
	{ "findings", N_("Findings") },
	{ "signers", N_("Signatures and times") },
	{ "coverage", N_("What vouches for which bytes") },
	{ NULL, NULL },
};

static const struct entry receipt_audit_contents[] = {
	{ "archive", N_("The archive") },
	{ "checks", N_("What was checked") },
	{ "findings", N_("Findings") },
	{ "signers", N_("Signatures and times") },
	{ "coverage", N_("What vouches for which bytes") },
	{ "erasure", N_("What became of each") },
	{ NULL, NULL },
};

bool
dsr_page_is_kind(const struct page_writer *w, const char *kind)
{
	return w->statement->kind != NULL &&
	    strcmp(w->statement->kind, kind) == 0;
}

bool
dsr_page_is_changed(const struct page_writer *w)
{
	return w->page->verdict != NULL &&
	    w->page->verdict->judgement == DSR_PAGE_CHANGED;
}

static const char *
title_of(const struct page_writer *w)
{
	if (w->page->for_auditors || dsr_page_is_changed(w))
		return _("Result of the verification");
	if (dsr_page_is_kind(w, "receipt"))
		return _("What was erased");
	if (dsr_page_is_kind(w, "folder"))
		return _("The documents in this file");
	return _("Your data");
}

/* What a browser has on its tab: it must be found among others. */
static void
write_title(const struct page_writer *w)
{
	const char *request = w->statement->request;

	dsr_html_open(w->html, "title");
	if (request == NULL || w->page->for_auditors ||
	    dsr_page_is_changed(w)) {
		dsr_html_text(w->html, title_of(w));
		dsr_html_text(w->html, " – ");
		dsr_html_foreign(w->html, w->page->name,
		    strlen(w->page->name));
	} else if (dsr_page_is_kind(w, "receipt")) {
		dsr_html_format(w->html, _("What was erased at your request "
		    "%s"), request);
	} else {
		dsr_html_format(w->html, _("Answer to your request %s"),
		    request);
	}
	dsr_html_close(w->html, "title");
}

static void
write_head(const struct page_writer *w)
{
	dsr_html_open(w->html, "head");
	dsr_html_head(w->html, asset_style_css, asset_style_css_len);
	write_title(w);
	dsr_html_close(w->html, "head");
}

/* What this is, in words for somebody who never saw such a file. */
static void
write_introduction(const struct page_writer *w)
{
	dsr_page_paragraph(w, "lead", dsr_page_is_kind(w, "receipt") ?
	    _("This is the record of an erasure: what was to be erased, and "
	      "what became of it.") :
	    dsr_page_is_kind(w, "folder") ?
	    _("This is a sealed collection of documents. This page lists "
	      "them and says how to check that nothing was changed.") :
	    _("You asked which data about you are held. This is the answer: "
	      "everything that was found, as it was found."));
	if (dsr_page_is_kind(w, "receipt"))
		return;
	dsr_page_paragraph(w, NULL, w->page->verdict != NULL ?
	    _("You need nothing but this page to read it, and no connection "
	      "to the internet. The documents themselves lie in the file "
	      "that was checked, in the folder \"data\".") :
	    _("You need nothing but this page to read it, and no connection "
	      "to the internet. The documents themselves lie in the folder "
	      "\"data\" beside this page. If a link below does not work, "
	      "unpack the whole file first."));
}

static void
write_header(const struct page_writer *w)
{
	dsr_html_open(w->html, "header");
	dsr_html_open(w->html, "p");
	dsr_html_attr(w->html, "class", "over");
	dsr_html_foreign(w->html, w->page->name, strlen(w->page->name));
	dsr_html_close(w->html, "p");
	dsr_html_simple(w->html, "h1", title_of(w));
	if (!w->page->for_auditors && !dsr_page_is_changed(w))
		write_introduction(w);
	dsr_html_close(w->html, "header");
}

static const struct entry *
contents_of(const struct page_writer *w)
{
	bool is_receipt = dsr_page_is_kind(w, "receipt");

	if (w->page->for_auditors)
		return is_receipt && !dsr_page_is_changed(w)
		    ? receipt_audit_contents
		    : audit_contents;
	return is_receipt ? receipt_contents : contents;
}

static void
write_contents(const struct page_writer *w)
{
	const struct entry *e = contents_of(w);

	dsr_html_open(w->html, "nav");
	dsr_html_attr(w->html, "aria-labelledby", "contents");
	dsr_html_open(w->html, "div");
	dsr_html_open(w->html, "h2");
	dsr_html_attr(w->html, "id", "contents");
	dsr_html_text(w->html, _("On this page"));
	dsr_html_close(w->html, "h2");
	dsr_html_open(w->html, "ul");
	for (; e->id != NULL; e++) {
		dsr_html_open(w->html, "li");
		dsr_html_open_anchor(w->html, e->id);
		dsr_html_text(w->html, _(e->title));
		dsr_html_close(w->html, "a");
		dsr_html_close(w->html, "li");
	}
	dsr_html_close(w->html, "ul");
	dsr_html_close(w->html, "div");
	dsr_html_close(w->html, "nav");
}

static int
write_answer(const struct page_writer *w, struct dsr_error *err)
{
	if (dsr_page_is_kind(w, "receipt")) {
		if (dsr_page_erasure(w, err) != 0)
			return -1;
		dsr_page_check(w);
		return 0;
	}
	dsr_page_cover(w);
	if (dsr_page_summary(w, err) != 0)
		return -1;
	dsr_page_processing(w);
	if (dsr_page_documents(w, err) != 0 || dsr_page_gaps(w, err) != 0)
		return -1;
	dsr_page_check(w);
	return 0;
}

static int
write_main(const struct page_writer *w, struct dsr_error *err)
{
	dsr_html_open(w->html, "main");
	dsr_html_attr(w->html, "id", "main");
	if (w->page->verdict != NULL)
		dsr_page_verdict(w);
	if (w->page->for_auditors ? dsr_page_audit(w, err) != 0
		: !dsr_page_is_changed(w) && write_answer(w, err) != 0)
		return -1;
	dsr_html_close(w->html, "main");
	return 0;
}

static void
write_footer(const struct page_writer *w)
{
	const struct dsr_statement *s = w->statement;

	if (s->software == NULL || dsr_page_is_changed(w))
		return;
	dsr_html_open(w->html, "footer");
	dsr_html_open(w->html, "p");
	dsr_html_format(w->html, _("Made by %s %s, format %s."),
	    s->software, s->version, s->format);
	dsr_html_close(w->html, "p");
	dsr_html_close(w->html, "footer");
}

static int
write_page(const struct page_writer *w, struct dsr_error *err)
{
	dsr_html_doctype(w->html);
	dsr_html_open(w->html, "html");
	dsr_html_attr(w->html, "lang", w->language);
	write_head(w);
	dsr_html_open(w->html, "body");
	dsr_html_open_anchor(w->html, "main");
	dsr_html_attr(w->html, "class", "skip");
	dsr_html_text(w->html, _("Skip to the content"));
	dsr_html_close(w->html, "a");
	write_header(w);
	if (!dsr_page_is_changed(w) || w->page->for_auditors)
		write_contents(w);
	if (write_main(w, err) != 0)
		return -1;
	write_footer(w);
	dsr_html_close(w->html, "body");
	dsr_html_close(w->html, "html");
	return dsr_html_finish(w->html, err);
}

int
dsr_page_write(const struct dsr_page *page, struct dsr_buffer *out,
    struct dsr_error *err)
{
	static const struct dsr_statement nothing;
	struct page_writer w = { .page = page, .out = out,
		.statement = page->statement != NULL ? page->statement
		    : &nothing };
	struct dsr_request *request = NULL;
	char before[8];
	int rc = -1;

	(void)snprintf(before, sizeof(before), "%s", dsr_language_get());
	dsr_language_set(page->language);
	w.language = dsr_language_get();
	if (page->request != NULL && dsr_request_parse(&request,
	    page->request, page->request_len, NULL, NULL, err) != 0)
		goto out;
	w.request = request;
	if ((!dsr_page_is_changed(&w) &&
		dsr_page_survey(&w.survey, page, err) != 0) ||
	    dsr_html_new(&w.html, out, err) != 0)
		goto out;
	rc = write_page(&w, err);
out:
	dsr_html_free(w.html);
	dsr_page_survey_fini(&w.survey);
	dsr_request_free(request);
	dsr_language_set(before);
	return rc;
}
