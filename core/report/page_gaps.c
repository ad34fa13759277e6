/* SPDX-License-Identifier: ISC */
/* What is not here, and why. */
#include "page_parts.h"

#include <string.h>

#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/text.h"

#define GAPS_SHOWN   500 /* rows */
#define NAME_SHOWN   300 /* bytes */
#define DETAIL_SHOWN 300

/* The words of FORMAT.md 4.4, for people; another word is shown as it is. */
static const struct {
	const char *reason;
	const char *text;
} reasons[] = {
	{ "not-asked", N_("Not asked for yet: collecting was interrupted") },
	{ "param-not-given",
	    N_("Whoever collected the data did not give a value that is needed to ask") },
	{ "identity-not-given",
	    N_("Whoever collected the data did not say under which identity to ask") },
	{ "credential-not-given",
	    N_("Whoever collected the data had no access to the service") },
	{ "credential-refused", N_("The service refused access") },
	{ "reference-missing",
	    N_("An entry does not say where to ask further") },
	{ "parent-incomplete",
	    N_("A list that it depends on is incomplete") },
	{ "unsafe-value", N_("A value would have led to another address") },
	{ "network", N_("The service did not answer") },
	{ "http-status", N_("The service answered with an error") },
	{ "error-in-success", N_("The service reported an error") },
	{ "credential-returned",
	    N_("The answer held the credential it was asked with") },
	{ "truncated", N_("The answer broke off") },
	{ "damaged", N_("The answer arrived damaged") },
	{ "too-large", N_("The answer was too large") },
	{ "not-json", N_("The answer could not be read") },
	{ "unexpected-shape", N_("The answer did not look as expected") },
	{ "page-limit", N_("The list was longer than what is asked for") },
	{ "page-repeats", N_("The list repeated itself") },
	{ "list-changed",
	    N_("The list changed while it was read: entries may be missing") },
	{ "count-differs",
	    N_("The list has another number of entries than it says") },
	{ "list-ambiguous",
	    N_("The list says twice, and in two ways, what is in it or how it goes on") },
	{ "unexpected-type",
	    N_("A web page came where a file was asked for: it may be the file, or "
	       "a request to log in") },
	{ "page-link-missing", N_("The list did not say how it goes on") },
	{ "foreign-link",
	    N_("It leads to an address that does not belong to the service") },
	{ "foreign-redirect",
	    N_("It leads to an address that does not belong to the service") },
	{ "foreign-content",
	    N_("It leads to an address that does not belong to the service") },
	{ "content-not-given", N_("An entry does not name its content") },
	{ "operation-failed",
	    N_("The service could not prepare the answer") },
	{ "operation-timeout",
	    N_("The service did not prepare the answer in time") },
	{ "symbolic-link", N_("It only points to another file") },
	{ "socket", N_("It is no file but a channel of a program") },
	{ "fifo", N_("It is no file but a channel of a program") },
	{ "device", N_("It is no file but a device") },
	{ "unreadable", N_("It could not be read") },
	{ "changed-while-read", N_("It changed while it was read") },
	{ "path-too-long", N_("Its name is too long") },
};

const char *
dsr_gap_reason(const char *reason)
{
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (strcmp(reasons[i].reason, reason) == 0)
			return reasons[i].text;
	return NULL;
}

static void
write_reason(const struct page_writer *w, const struct dsr_gap *gap)
{
	const char *text = dsr_gap_reason(gap->reason);
	char status[PAGE_WORD_SIZE];

	dsr_page_cell(w, NULL);
	if (text != NULL)
		dsr_html_text(w->html, _(text));
	else
		dsr_page_cut(w, gap->reason, strlen(gap->reason),
		    DETAIL_SHOWN);
	if (gap->status != DSR_NONE) {
		dsr_page_number(status, w, gap->status);
		dsr_html_text(w->html, " ");
		dsr_html_format(w->html, _("(the service answered with "
		    "status %s)"), status);
	}
	if (gap->detail != NULL) {
		dsr_html_open(w->html, "span");
		dsr_html_attr(w->html, "class", "member soft");
		dsr_page_cut(w, gap->detail, strlen(gap->detail),
		    DETAIL_SHOWN);
		dsr_html_close(w->html, "span");
	}
	dsr_html_close(w->html, "td");
}

/* What was asked for: a path or an address, whatever bytes it holds. */
static void
write_name(const struct page_writer *w, const struct dsr_gap *gap)
{
	uint8_t bytes[DSR_MAX_LINE];
	size_t len;

	dsr_page_cell(w, NULL);
	if (gap->name != NULL)
		dsr_page_cut(w, gap->name, strlen(gap->name), NAME_SHOWN);
	else if (gap->name_base64 != NULL &&
	    dsr_base64_decode(bytes, sizeof(bytes), &len, gap->name_base64,
	    strlen(gap->name_base64)))
		dsr_page_cut(w, (const char *)bytes, len, NAME_SHOWN);
	dsr_html_close(w->html, "td");
}

static void
write_row(const struct page_writer *w, const struct dsr_gap *gap)
{
	dsr_html_open(w->html, "tr");
	dsr_html_open(w->html, "th");
	dsr_html_attr(w->html, "scope", "row");
	if (gap->endpoint != NULL)
		dsr_page_endpoint(w, gap->connector, gap->endpoint);
	else
		dsr_html_text(w->html, _("File"));
	dsr_html_close(w->html, "th");
	dsr_page_cell(w, NULL);
	dsr_page_connector(w, gap->connector);
	dsr_html_close(w->html, "td");
	write_name(w, gap);
	write_reason(w, gap);
	dsr_html_close(w->html, "tr");
}

/* ---- by reason --------------------------------------------------------------- */

/* How many gaps there are of each reason; those without a text, together. */
struct tally {
	uint64_t of[sizeof(reasons) / sizeof(reasons[0])];
	uint64_t others;
};

static void
count_reason(struct tally *t, const char *reason)
{
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (strcmp(reasons[i].reason, reason) == 0) {
			t->of[i]++;
			return;
		}
	t->others++;
}

static void
write_tally_row(const struct page_writer *w, const char *text, uint64_t n,
    uint64_t most)
{
	if (n == 0)
		return;
	dsr_page_row(w, text);
	dsr_page_cell_bar(w, n, most);
	dsr_html_close(w->html, "tr");
}

static void
write_tally(const struct page_writer *w, const struct tally *t)
{
	static const char *const columns[] = { N_("Why it is missing"),
		N_("How often"), NULL };
	uint64_t most = t->others;
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (t->of[i] > most)
			most = t->of[i];
	dsr_page_table(w, "bars", "reasons",
	    _("Why things are missing"), columns);
	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		write_tally_row(w, _(reasons[i].text), t->of[i], most);
	write_tally_row(w, _("Another reason"), t->others, most);
	dsr_page_table_end(w);
}

/* ---- one by one --------------------------------------------------------------- */

static void
open_rows(const struct page_writer *w)
{
	static const char *const columns[] = { N_("What"), N_("From"),
		N_("What was asked for"), N_("Why it is missing"), NULL };

	dsr_page_table(w, "data", "gaps",
	    _("Looked for, but not obtained"), columns);
}

/*
 * Goes through all gaps, one after the other: counts them, or writes rows of
 * the first (*count becomes the number of all).
 */
static int
go_through(const struct page_writer *w, struct tally *t, uint64_t *count,
    struct dsr_error *err)
{
	struct dsr_arena *arena = NULL;
	struct dsr_buffer line;
	struct dsr_gap gap;
	int more = -1;

	dsr_buffer_init(&line, DSR_MAX_LINE);
	if (dsr_arena_new(&arena, err) != 0 ||
	    dsr_spool_rewind(w->page->gaps, err) != 0)
		goto out;
	while ((more = dsr_spool_line(w->page->gaps, &line, err)) == 1) {
		dsr_arena_reset(arena);
		memset(&gap, 0, sizeof(gap));
		if ((more = dsr_record_read_line(&dsr_gap_type, &gap, arena,
		    line.data, line.len, err)) != 0)
			goto out;
		/* what was not erased has a place of its own */
		if (dsr_page_is_kind(w, "receipt") &&
		    dsr_outcome_of(gap.reason) != DSR_OUTCOME_COUNT)
			continue;
		if ((*count)++ >= GAPS_SHOWN && t == NULL)
			continue;
		if (t != NULL)
			count_reason(t, gap.reason);
		else if (*count == 1)
			open_rows(w);
		if (t == NULL)
			write_row(w, &gap);
	}
out:
	dsr_arena_free(arena);
	dsr_buffer_fini(&line);
	return more;
}

static int
write_gaps(const struct page_writer *w, uint64_t *count,
    struct dsr_error *err)
{
	struct tally tally;

	memset(&tally, 0, sizeof(tally));
	if (w->page->gaps == NULL)
		return 0;
	if (go_through(w, &tally, count, err) != 0)
		return -1;
	if (*count > 0)
		write_tally(w, &tally);
	*count = 0;
	return go_through(w, NULL, count, err);
}

static void
write_rest(const struct page_writer *w, uint64_t count)
{
	char number[PAGE_WORD_SIZE];

	if (count > 0)
		dsr_page_table_end(w);
	if (count <= GAPS_SHOWN)
		return;
	dsr_page_number(number, w, count - GAPS_SHOWN);
	dsr_html_open(w->html, "p");
	dsr_html_format(w->html, _("And %s more: they stand in "
	    "dossier/gaps.jsonl."), number);
	dsr_html_close(w->html, "p");
}

/* Items that name other people only were looked at and left out. */
static uint64_t
count_left_out(const struct page_writer *w)
{
	const struct dsr_list *list = &w->statement->endpoints;
	const struct dsr_endpoint_counts *e = list->items;
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < list->count; i++)
		if (e[i].left_out != DSR_NONE)
			sum += e[i].left_out;
	return sum;
}

static void
write_left_out(const struct page_writer *w)
{
	char number[PAGE_WORD_SIZE];
	uint64_t count = count_left_out(w);

	if (count > 0) {
		dsr_page_number(number, w, count);
		dsr_html_open(w->html, "p");
		dsr_html_format(w->html, P_("%s entry was looked at and left "
		    "out, because it names other people and not you "
		    "(Article 15(4)).", "%s entries were looked at and left "
		    "out, because they name other people and not you "
		    "(Article 15(4)).", dsr_page_plural(count)), number);
		dsr_html_close(w->html, "p");
	}
	if (w->survey.redacted > 0) {
		dsr_page_number(number, w, w->survey.redacted);
		dsr_html_open(w->html, "p");
		dsr_html_format(w->html, P_("In %s document a value is "
		    "hidden, such as a password or a key; its place in the "
		    "document says why.", "In %s documents values are "
		    "hidden, such as passwords or keys; their places in the "
		    "documents say why.", dsr_page_plural(w->survey.redacted)),
		    number);
		dsr_html_close(w->html, "p");
	}
	if (count == 0 && w->survey.redacted == 0)
		dsr_page_paragraph(w, NULL, _("Nothing was left out as "
		    "somebody else's, and nothing was hidden."));
}

int
dsr_page_gaps(const struct page_writer *w, struct dsr_error *err)
{
	uint64_t count = 0;

	dsr_page_section(w, "missing", _("What is not here, and why"));
	if (write_gaps(w, &count, err) != 0)
		return -1;
	write_rest(w, count);
	if (count == 0)
		dsr_page_paragraph(w, NULL,
		    _("Everything that was looked for was obtained."));
	write_left_out(w);
	dsr_html_close(w->html, "section");
	return 0;
}
