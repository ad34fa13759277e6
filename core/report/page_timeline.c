/* SPDX-License-Identifier: ISC */
/* What happened with the request, and when, up to the day it is due. */
#include "page_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/language.h"

#define STEPS_MOST 40u

struct step {
	const char *when; /* a date or a time in UTC */
	const char *text;
	const char *class;
	size_t place; /* of two at one time, the one that came first here */
};

struct steps {
	struct step step[STEPS_MOST];
	size_t count;
};

/* The acts of FORMAT.md 4.5. */
static const struct {
	const char *act;
	const char *first; /* of several, only the first and the last count */
	const char *last;
} acts[] = {
	{ "asked", N_("The services were asked for the first time"), NULL },
	{ "collected", N_("The first documents were collected"),
	    N_("The last documents were collected") },
	{ "added", N_("Documents were added by hand"),
	    N_("The last documents were added by hand") },
	{ "redacted", N_("Values were hidden"), NULL },
};

static void
add(struct steps *s, const char *when, const char *text, const char *class)
{
	if (when == NULL || s->count == STEPS_MOST)
		return;
	s->step[s->count] = (struct step) { when, text, class, s->count };
	s->count++;
}

/* Dates sort before the times of their day. */
static int
compare(const void *a, const void *b)
{
	const struct step *x = a, *y = b;
	int order = strcmp(x->when, y->when);

	if (order != 0)
		return order;
	return x->place < y->place ? -1 : 1;
}

static void
add_acts(struct steps *s, const struct dsr_statement *statement)
{
	const struct dsr_custody *c = statement->custody.items, *first, *last;
	size_t i, k;

	for (i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		first = last = NULL;
		for (k = 0; k < statement->custody.count; k++) {
			if (strcmp(c[k].act, acts[i].act) != 0)
				continue;
			first = first == NULL ? &c[k] : first;
			last = &c[k];
		}
		if (first == NULL)
			continue;
		add(s, first->time, _(acts[i].first), NULL);
		if (acts[i].last != NULL && strcmp(first->time, last->time) !=
		    0)
			add(s, last->time, _(acts[i].last), NULL);
	}
}

static void
add_stamps(struct steps *s, const struct dsr_page *page)
{
	size_t i;

	if (page->verdict == NULL)
		return;
	for (i = 0; i < page->verdict->stamp_count; i++)
		add(s, page->verdict->stamps[i].time,
		    _("A time stamp was put on this file"), NULL);
}

static void
write_step(const struct page_writer *w, const struct step *s)
{
	dsr_html_open(w->html, "li");
	if (s->class != NULL)
		dsr_html_attr(w->html, "class", s->class);
	dsr_html_open(w->html, "span");
	dsr_html_attr(w->html, "class", "when");
	dsr_page_time(w, s->when);
	dsr_html_close(w->html, "span");
	dsr_html_text(w->html, " ");
	dsr_html_simple(w->html, "span", s->text);
	dsr_html_close(w->html, "li");
}

void
dsr_page_timeline(const struct page_writer *w)
{
	const struct dsr_statement *st = w->statement;
	struct steps s;
	size_t i;

	memset(&s, 0, sizeof(s));
	add(&s, dsr_request_text(w->request, DSR_REQUEST_RECEIVED, NULL),
	    _("The request was received"), NULL);
	add_acts(&s, st);
	add(&s, st->packed, st->attestations.count > 0 ?
	    _("This file was made and signed") : _("This file was made"),
	    "now");
	add_stamps(&s, w->page);
	add(&s, dsr_request_text(w->request, DSR_REQUEST_DUE, NULL),
	    _("The answer is due (Article 12(3))"), "due");
	if (s.count < 2)
		return;
	qsort(s.step, s.count, sizeof(s.step[0]), compare);
	dsr_html_simple(w->html, "h3", _("What happened with the request"));
	dsr_html_open(w->html, "ol");
	dsr_html_attr(w->html, "class", "timeline");
	for (i = 0; i < s.count; i++)
		write_step(w, &s.step[i]);
	dsr_html_close(w->html, "ol");
}
