/* SPDX-License-Identifier: ISC */
/* What a verifier says of the file, before anything else. */
#include "page_parts.h"

#include <string.h>

#include "dossier/language.h"

#define NAME_SHOWN     200u /* bytes */
#define FINDINGS_SHOWN 20u

/* The day on which the file was made, as the file says. */
static void
made_on(const struct page_writer *w, char out[PAGE_WORD_SIZE])
{
	const char *packed = w->statement->packed;
	struct page_moment m;

	out[0] = '\0';
	if (packed != NULL && dsr_page_moment_parse(&m, packed,
	    strlen(packed)))
		dsr_page_day(out, &m);
}

static void
write_sentence(const struct page_writer *w)
{
	char day[PAGE_WORD_SIZE];

	made_on(w, day);
	switch (w->page->verdict->judgement) {
	case DSR_PAGE_TRUSTED:
		dsr_html_text(w->html, "✔ ");
		dsr_html_format(w->html, _("Nothing in this file has changed "
		    "since %s, and it was signed by somebody whom you "
		    "trust."), day);
		break;
	case DSR_PAGE_UNKNOWN:
		dsr_html_text(w->html, "? ");
		dsr_html_format(w->html, _("Nothing in this file has changed "
		    "since %s, but we cannot say who signed it."), day);
		break;
	case DSR_PAGE_UNSIGNED:
		dsr_html_text(w->html, "? ");
		dsr_html_text(w->html, _("Nobody has signed this file: it "
		    "agrees with itself, no more."));
		break;
	case DSR_PAGE_CHANGED:
		dsr_html_text(w->html, "✘ ");
		dsr_html_text(w->html, _("This file has been changed. Do not "
		    "rely on it."));
		break;
	}
}

static void
write_key(const struct page_writer *w)
{
	const struct dsr_page_verdict *v = w->page->verdict;
	char groups[PAGE_WORD_SIZE];

	if (v->key_id == NULL || v->judgement == DSR_PAGE_CHANGED)
		return;
	dsr_html_open(w->html, "p");
	if (v->trusted_from != NULL)
		dsr_html_format(w->html, _("The key %s signed it; you trust "
		    "it, since it stands in %s."), v->key_id,
		    v->trusted_from);
	else
		dsr_html_format(w->html, _("The key %s signed it. Ask "
		    "whoever answers you, by another way than the one this "
		    "file came by, whether its fingerprint is this one:"),
		    v->key_id);
	dsr_html_open(w->html, "br");
	dsr_page_fingerprint(groups, v->key_sha256, 64);
	dsr_html_open(w->html, "code");
	dsr_html_text(w->html, groups);
	dsr_html_close(w->html, "code");
	dsr_html_close(w->html, "p");
}

static void
write_certificates(const struct page_writer *w)
{
	const struct dsr_page_verdict *v = w->page->verdict;
	const struct dsr_page_signer *s = v->signers;
	size_t i;

	if (v->judgement == DSR_PAGE_CHANGED)
		return;
	for (i = 0; i < v->signer_count; i++) {
		if (strcmp(s[i].kind, "cms") != 0 || !s[i].is_valid)
			continue;
		dsr_html_open(w->html, "p");
		dsr_html_format(w->html, s[i].trusted_from != NULL ?
		    _("A certificate that you trust names the signer: %s.") :
		    _("A certificate names the signer: %s. Nobody whom you "
		      "trust confirms it."), s[i].name);
		dsr_html_close(w->html, "p");
	}
}

static void
write_stamps(const struct page_writer *w)
{
	const struct dsr_page_verdict *v = w->page->verdict;
	const struct dsr_page_stamp *s = v->stamps;
	struct page_moment m;
	char day[PAGE_WORD_SIZE];
	size_t i;

	if (v->judgement == DSR_PAGE_CHANGED)
		return;
	for (i = 0; i < v->stamp_count; i++) {
		if (!dsr_page_moment_parse(&m, s[i].time, strlen(s[i].time)))
			continue;
		dsr_page_day(day, &m);
		dsr_html_open(w->html, "p");
		dsr_html_format(w->html, s[i].is_trusted ?
		    _("A time stamp proves that the file existed on %s, as "
		      "%s confirms.") :
		    _("A time stamp says that the file existed on %s; you do "
		      "not know whether to trust %s, who says so."), day,
		    s[i].authority);
		dsr_html_close(w->html, "p");
	}
}

/* The worst come first. */
static void
write_findings(const struct page_writer *w)
{
	const struct dsr_findings *all = w->page->verdict->findings;
	const struct dsr_finding *f;
	size_t i, shown = 0;

	dsr_page_paragraph(w, NULL, _("Nothing of its content is shown here, "
	    "for nobody can say what of it is genuine. Ask whoever answers "
	    "you for the file again. This is what was found:"));
	dsr_html_open(w->html, "ul");
	for (i = 0; all != NULL && i < dsr_findings_kept(all) &&
	     shown < FINDINGS_SHOWN; i++) {
		f = dsr_findings_get(all, i);
		if (dsr_finding_severity(f->id) != DSR_ERROR)
			continue;
		shown++;
		dsr_html_open(w->html, "li");
		dsr_html_text(w->html, dsr_finding_text(f->id));
		if (f->member != NULL) {
			dsr_html_text(w->html, ": ");
			dsr_page_cut(w, f->member, strlen(f->member),
			    NAME_SHOWN);
		}
		dsr_html_close(w->html, "li");
	}
	if (shown == 0)
		dsr_html_simple(w->html, "li", _("It could not be read."));
	dsr_html_close(w->html, "ul");
}

static void
write_gaps(const struct page_writer *w)
{
	const struct dsr_counts *c = w->statement->counts;
	char number[PAGE_WORD_SIZE];

	if (w->page->verdict->judgement == DSR_PAGE_CHANGED || c == NULL ||
	    c->gaps == 0)
		return;
	dsr_page_number(number, w, c->gaps);
	dsr_html_open(w->html, "p");
	dsr_html_format(w->html, w->statement->erasure != NULL
	    ? P_("The receipt itself says that %s thing is not erased, or not "
		 "known to be.",
		  "The receipt itself says that %s things are not erased, or "
		  "not known to be.",
		  dsr_page_plural(c->gaps))
	    : P_("The file itself says that %s thing is missing.",
		  "The file itself says that %s things are missing.",
		  dsr_page_plural(c->gaps)), number);
	dsr_html_close(w->html, "p");
}

static void
write_check(const struct page_writer *w)
{
	const struct dsr_page_verdict *v = w->page->verdict;

	dsr_html_open(w->html, "p");
	dsr_html_attr(w->html, "class", "soft");
	dsr_html_format(w->html, _("The file %s was checked with dossier %s "
	    "on "), v->file, v->version);
	dsr_page_time(w, v->time);
	dsr_html_text(w->html, ".");
	dsr_html_close(w->html, "p");
}

void
dsr_page_verdict(const struct page_writer *w)
{
	static const char *const class[] = {
		[DSR_PAGE_TRUSTED] = "verdict good",
		[DSR_PAGE_UNKNOWN] = "verdict",
		[DSR_PAGE_UNSIGNED] = "verdict",
		[DSR_PAGE_CHANGED] = "verdict bad",
	};

	dsr_html_open(w->html, "section");
	dsr_html_attr(w->html, "class", class[w->page->verdict->judgement]);
	dsr_html_attr(w->html, "aria-labelledby", "verdict");
	dsr_html_open(w->html, "h2");
	dsr_html_attr(w->html, "id", "verdict");
	write_sentence(w);
	dsr_html_close(w->html, "h2");
	write_key(w);
	write_certificates(w);
	write_stamps(w);
	write_gaps(w);
	if (w->page->verdict->judgement == DSR_PAGE_CHANGED)
		write_findings(w);
	write_check(w);
	dsr_html_close(w->html, "section");
}
