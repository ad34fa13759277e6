/* SPDX-License-Identifier: ISC */
/* What became of an erasure, for the person: FORMAT.md 4.10 in words. */
#include "page_parts.h"

#include <string.h>

#include "dossier/language.h"

#define TEXT_SHOWN 600u /* bytes */

/* In the order of the page: what was done, what was not, what is left to do. */
static const struct group {
	enum dsr_outcome outcome;
	const char *title;
	const char *text; /* what it means for the person */
} groups[] = {
	{ DSR_OUTCOME_erased, N_("Erased"),
	    N_("The service deleted these.") },
	{ DSR_OUTCOME_taken_along, N_("Erased together with something else"),
	    N_("These went when what they belong to was erased.") },
	{ DSR_OUTCOME_manual_done, N_("Erased by hand"),
	    N_("A person did what no program can do here.") },
	{ DSR_OUTCOME_soft_deleted,
	    N_("Erased, but kept for a while by the service"),
	    N_("The service has marked these as deleted and keeps them for "
	       "some time, in which they can be brought back. After that they "
	       "are gone for good.") },
	{ DSR_OUTCOME_absent, N_("Not there any more"),
	    N_("These were gone already when they were to be erased.") },
	{ DSR_OUTCOME_expires, N_("Will be erased by the service itself"),
	    N_("Nobody can delete these, but the service does after a time.") },
	{ DSR_OUTCOME_planned, N_("Still to be erased"),
	    N_("Nothing was done about these yet.") },
	{ DSR_OUTCOME_manual, N_("To be erased by hand"),
	    N_("Only a person can erase these. The step to take stands beside "
	       "each; it was not taken yet.") },
	{ DSR_OUTCOME_held, N_("Kept, because it must be"),
	    N_("The right to erasure has exceptions (Article 17(3)). The "
	       "reason given for each stands beside it.") },
	{ DSR_OUTCOME_changed, N_("Not erased: changed in the meantime"),
	    N_("These are not as they were when your data were collected. "
	       "They were left, so that nothing is erased unseen.") },
	{ DSR_OUTCOME_refused, N_("Not erased: the service refused"),
	    N_("The service was asked to delete these, and did not.") },
	{ DSR_OUTCOME_failed, N_("Not erased, or not known to be"),
	    N_("The service did not answer, or not clearly. Whether these are "
	       "erased has to be found out.") },
	{ DSR_OUTCOME_still_there, N_("Not erased: it can still be read"),
	    N_("These were to be gone, but were still there when it was "
	       "checked.") },
	{ DSR_OUTCOME_not_attempted, N_("Not tried"),
	    N_("The reason stands beside each.") },
	{ DSR_OUTCOME_no_way, N_("Not erased: the service has no way to do it"),
	    N_("The service lets nobody delete these.") },
};

#define GROUP_COUNT (sizeof(groups) / sizeof(groups[0]))

static uint64_t
count_of(const struct page_writer *w, enum dsr_outcome outcome)
{
	const struct dsr_outcome_counts *n = w->statement->erasure->outcomes;
	const uint64_t counts[] = {
#define X(member, word, gone, asked, plan) n->member,
		DSR_OUTCOMES(X)
#undef X
	};

	return counts[outcome];
}

/* ---- in short -------------------------------------------------------------- */

static void
write_export(const struct page_writer *w)
{
	const struct dsr_export *x = w->statement->erasure->export;
	char digits[PAGE_WORD_SIZE];

	dsr_html_open(w->html, "p");
	dsr_html_text(w->html, _("What was to be erased follows from the file "
	    "that holds your data. Its number:"));
	dsr_html_text(w->html, " ");
	dsr_html_foreign(w->html, x->id, strlen(x->id));
	dsr_html_text(w->html, ". ");
	dsr_html_text(w->html, _("The fingerprint of its content begins with:"));
	dsr_html_text(w->html, " ");
	dsr_page_fingerprint(digits, x->body_sha256, 32);
	dsr_html_simple(w->html, "code", digits);
	dsr_html_close(w->html, "p");
}

void
dsr_page_outcomes(const struct page_writer *w)
{
	static const char *const columns[] = { N_("What became of it"),
		N_("How many"), NULL };
	uint64_t most = 1;
	size_t i;

	if (!w->statement->erasure->executed)
		dsr_page_paragraph(w, "note",
		    _("This is a plan. Nothing was erased yet; the page says "
		      "what would be."));
	for (i = 0; i < GROUP_COUNT; i++)
		if (count_of(w, groups[i].outcome) > most)
			most = count_of(w, groups[i].outcome);
	dsr_page_table(w, "data", "outcomes", _("In short"), columns);
	for (i = 0; i < GROUP_COUNT; i++) {
		uint64_t n = count_of(w, groups[i].outcome);

		if (n == 0)
			continue;
		dsr_page_row(w, _(groups[i].title));
		dsr_page_cell_bar(w, n, most);
		dsr_html_close(w->html, "tr");
	}
	dsr_page_table_end(w);
}

static void
write_short(const struct page_writer *w)
{
	dsr_page_section(w, "summary", _("In short"));
	dsr_page_outcomes(w);
	write_export(w);
	dsr_html_close(w->html, "section");
}

/* ---- one line --------------------------------------------------------------- */

static void
write_soft(const struct page_writer *w, const char *text)
{
	dsr_html_open(w->html, "span");
	dsr_html_attr(w->html, "class", "member soft");
	dsr_page_cut(w, text, strlen(text), TEXT_SHOWN);
	dsr_html_close(w->html, "span");
}

static void
write_what(const struct page_writer *w, const struct dsr_erasure *r)
{
	dsr_html_open(w->html, "th");
	dsr_html_attr(w->html, "scope", "row");
	dsr_page_endpoint(w, r->connector, r->endpoint);
	if (r->item != NULL)
		write_soft(w, r->item);
	dsr_html_close(w->html, "th");
	dsr_page_cell(w, NULL);
	dsr_page_connector(w, r->connector);
	dsr_html_close(w->html, "td");
}

static void
write_when(const struct page_writer *w, const struct dsr_erasure *r)
{
	dsr_page_cell(w, NULL);
	dsr_page_time(w, r->done != NULL ? r->done
	    : r->ended != NULL		 ? r->ended
					 : r->started);
	dsr_html_close(w->html, "td");
}

/* Why it is kept, in the words of the request. */
static void
write_hold(const struct page_writer *w, const struct dsr_erasure *r)
{
	const char *until = dsr_request_text(w->request,
	    DSR_REQUEST_RETAIN_UNTIL, NULL);

	if (r->hold != DSR_NONE && r->hold > 0 &&
	    r->hold <= dsr_request_hold_count(w->request)) {
		dsr_page_hold(w, (size_t)r->hold - 1);
	} else if (until != NULL) {
		dsr_html_text(w->html, _("Must be kept until"));
		dsr_html_text(w->html, " ");
		dsr_page_time(w, until);
	}
}

static void
write_proof(const struct page_writer *w, const struct dsr_erasure *r)
{
	if (strcmp(r->outcome, "erased") != 0)
		return;
	dsr_html_text(w->html, r->verify.set
	    ? _("Checked afterwards: it is gone.")
	    : _("The service confirmed it."));
}

/* Why it is still there; what must be kept says so in the request's words. */
static void
write_reason(const struct page_writer *w, const struct dsr_erasure *r)
{
	const char *text = r->reason == NULL ? NULL
	                                     : dsr_erasure_reason(r->reason);

	if (text == NULL || strcmp(r->outcome, "held") == 0 ||
	    dsr_outcome_row(dsr_outcome_of(r->outcome))->is_gone)
		return;
	dsr_html_text(w->html, _(text));
	dsr_html_text(w->html, ". ");
}

static void
write_why(const struct page_writer *w, const struct dsr_erasure *r)
{
	char status[PAGE_WORD_SIZE];

	dsr_page_cell(w, NULL);
	write_proof(w, r);
	write_reason(w, r);
	if (strcmp(r->outcome, "held") == 0)
		write_hold(w, r);
	if (r->step != NULL)
		dsr_page_cut(w, r->step, strlen(r->step), TEXT_SHOWN);
	if (r->by != NULL) {
		dsr_html_text(w->html, " ");
		dsr_html_format(w->html, _("Done by %s."), r->by);
	}
	if (r->status != DSR_NONE && !dsr_outcome_row(dsr_outcome_of(
	    r->outcome))->is_gone) {
		dsr_page_number(status, w, r->status);
		dsr_html_format(w->html, _("(the service answered with "
		    "status %s)"), status);
	}
	if (r->detail != NULL)
		write_soft(w, r->detail);
	dsr_html_close(w->html, "td");
}

static void
write_line(const struct page_writer *w, const struct dsr_erasure *r)
{
	dsr_html_open(w->html, "tr");
	write_what(w, r);
	write_when(w, r);
	write_why(w, r);
	dsr_html_close(w->html, "tr");
}

/* ---- all lines, outcome by outcome ------------------------------------------- */

int
dsr_page_erasure_lines(const struct page_writer *w, const char *outcome,
    dsr_page_erasure_fn *write, struct dsr_error *err)
{
	struct dsr_arena *arena = NULL;
	struct dsr_buffer line;
	struct dsr_erasure r;
	uint64_t written = 0;
	int more = -1;

	dsr_buffer_init(&line, DSR_MAX_LINE);
	if (dsr_arena_new(&arena, err) != 0 ||
	    dsr_spool_rewind(w->page->erasures, err) != 0)
		goto out;
	while (written < PAGE_ERASURES_SHOWN &&
	    (more = dsr_spool_line(w->page->erasures, &line, err)) == 1) {
		dsr_arena_reset(arena);
		if ((more = dsr_record_read_line(&dsr_erasure_type, &r, arena,
		    line.data, line.len, err)) != 0)
			goto out;
		if (outcome != NULL && strcmp(r.outcome, outcome) != 0)
			continue;
		write(w, &r);
		written++;
	}
out:
	dsr_arena_free(arena);
	dsr_buffer_fini(&line);
	return more < 0 ? -1 : 0;
}

void
dsr_page_erasures_beyond(const struct page_writer *w, uint64_t count)
{
	char number[PAGE_WORD_SIZE];

	if (count <= PAGE_ERASURES_SHOWN)
		return;
	dsr_page_number(number, w, count - PAGE_ERASURES_SHOWN);
	dsr_html_open(w->html, "p");
	dsr_html_format(w->html, _("And %s more: they stand in "
	    "dossier/erasure.jsonl."), number);
	dsr_html_close(w->html, "p");
}

static int
write_group(const struct page_writer *w, const struct group *g, uint64_t count,
    struct dsr_error *err)
{
	static const char *const columns[] = { N_("What"), N_("From"),
		N_("When"), N_("Remarks"), NULL };
	const char *word = dsr_outcome_row(g->outcome)->word;

	dsr_html_simple(w->html, "h3", _(g->title));
	dsr_page_paragraph(w, NULL, _(g->text));
	dsr_page_table(w, "data", word, _(g->title), columns);
	if (dsr_page_erasure_lines(w, word, write_line, err) != 0)
		return -1;
	dsr_page_table_end(w);
	dsr_page_erasures_beyond(w, count);
	return 0;
}

static int
write_outcomes(const struct page_writer *w, struct dsr_error *err)
{
	size_t i, written = 0;
	uint64_t count;

	dsr_page_section(w, "erasure", _("What became of each"));
	for (i = 0; i < GROUP_COUNT && w->page->erasures != NULL; i++) {
		if ((count = count_of(w, groups[i].outcome)) == 0)
			continue;
		written++;
		if (write_group(w, &groups[i], count, err) != 0)
			return -1;
	}
	if (written == 0)
		dsr_page_paragraph(w, NULL, _("There was nothing to erase."));
	dsr_html_close(w->html, "section");
	return 0;
}

/* Gaps that are no lines: what the erasure could not know of. */
static bool
has_other_gaps(const struct page_writer *w)
{
	uint64_t left = 0;
	enum dsr_outcome i;

	for (i = 0; i < DSR_OUTCOME_COUNT; i++)
		if (!dsr_outcome_row(i)->is_gone)
			left += count_of(w, i);
	return w->statement->counts != NULL &&
	    w->statement->counts->gaps > left;
}

int
dsr_page_erasure(const struct page_writer *w, struct dsr_error *err)
{
	dsr_page_cover(w);
	if (w->statement->erasure == NULL)
		return 0;
	write_short(w);
	if (write_outcomes(w, err) != 0)
		return -1;
	return has_other_gaps(w) ? dsr_page_gaps(w, err) : 0;
}
