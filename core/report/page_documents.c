/* SPDX-License-Identifier: ISC */
/*
 * The documents, category by category, kind by kind. Only the lines of
 * documents that are listed are parsed.
 */
#include "page_parts.h"

#include <stdio.h>
#include <string.h>

#include "dossier/language.h"

#define BYTES_FOR_VALUES 7340032u /* of the page: beyond, no more values */
#define BYTES_FOR_LINES 12582912u /* beyond, documents are not listed */
#define OPEN_AT_ONCE    3u /* that many documents or fewer are unfolded */

struct list {
	const struct page_writer *w;
	struct dsr_arena *arena;
	struct dsr_buffer line;
	struct dsr_labels labels;
	size_t left;        /* kinds to come, with this one */
	size_t values_end;  /* bytes of the page: values of this kind end there */
	uint64_t most;      /* documents of one kind that are listed */
};

static void
write_rest(const struct list *l, const struct page_kind *k, uint64_t shown)
{
	const struct page_writer *w = l->w;
	char number[PAGE_WORD_SIZE], rest[PAGE_WORD_SIZE];
	char table[PAGE_TABLE_NAME];

	if (shown == k->count)
		return;
	dsr_page_number(number, w, shown);
	dsr_page_number(rest, w, k->count - shown);
	dsr_html_open(w->html, "p");
	dsr_html_format(w->html, P_("%s more document stands in the folder "
	    "%s.", "%s more documents stand in the folder %s.",
	    dsr_page_plural(k->count - shown)), rest, k->folder);
	dsr_html_text(w->html, " ");
	dsr_page_table_name(table, k, "csv");
	dsr_html_format(w->html, _("This page shows the first %s of this "
	    "kind; the list of all is %s."), number, k->count > l->most ?
	    table : "dossier/documents.jsonl");
	dsr_html_close(w->html, "p");
}

static int
read_document(struct list *l, struct dsr_document *doc, struct dsr_error *err)
{
	int more = dsr_spool_line(l->w->page->documents, &l->line, err);

	if (more <= 0)
		return more < 0 ? -1 : dsr_fail(err, DSR_EBUG,
		    "documents.jsonl became shorter");
	dsr_arena_reset(l->arena);
	memset(doc, 0, sizeof(*doc));
	return dsr_record_read_line(&dsr_document_type, doc, l->arena,
	    l->line.data, l->line.len, err);
}

static int
write_document(struct list *l, bool open, struct dsr_error *err)
{
	struct dsr_document doc;
	const void *bytes = NULL;
	size_t len = 0;

	if (read_document(l, &doc, err) != 0)
		return -1;
	if (l->w->page->showcase != NULL && l->w->out->len < l->values_end &&
	    dsr_showcase_get(l->w->page->showcase, doc.path, &bytes, &len,
	    err) < 0)
		return -1;
	return dsr_page_document(l->w, &doc, &l->labels, bytes, len, open, err);
}

/* What values may take: a fair part of what is left. */
static void
set_share(struct list *l)
{
	size_t used = l->w->out->len;

	l->values_end = used >= BYTES_FOR_VALUES ? used
	    : used + (BYTES_FOR_VALUES - used) / (l->left > 0 ? l->left : 1);
	if (l->left > 0)
		l->left--;
}

static int
write_entries(struct list *l, const struct page_kind *k,
    struct dsr_error *err)
{
	const struct dsr_page *page = l->w->page;
	bool open = l->w->survey.documents <= OPEN_AT_ONCE;
	uint64_t shown;

	if (dsr_spool_seek(page->documents, k->offset, err) != 0)
		return -1;
	if (page->showcase != NULL && dsr_showcase_find(page->showcase,
	    k->folder, strlen(k->folder), err) != 0)
		return -1;
	set_share(l);
	dsr_html_open(l->w->html, "div");
	dsr_html_attr(l->w->html, "class", "data");
	for (shown = 0; shown < k->count && shown < l->most &&
	     l->w->out->len < BYTES_FOR_LINES; shown++)
		if (write_document(l, open, err) != 0)
			return -1;
	dsr_html_close(l->w->html, "div");
	write_rest(l, k, shown);
	return 0;
}

static int
write_kind(struct list *l, const struct page_kind *k, size_t number,
    struct dsr_error *err)
{
	const struct page_writer *w = l->w;
	char id[PAGE_WORD_SIZE], count[PAGE_WORD_SIZE];

	(void)snprintf(id, sizeof(id), "kind-%zu", number);
	dsr_html_open(w->html, "h4");
	dsr_html_attr(w->html, "id", id);
	if (k->endpoint[0] == '\0')
		dsr_html_text(w->html, _("Files"));
	else
		dsr_page_endpoint(w, k->connector, k->endpoint);
	dsr_html_close(w->html, "h4");
	dsr_page_number(count, w, k->count);
	dsr_html_open(w->html, "p");
	dsr_html_attr(w->html, "class", "soft");
	dsr_html_format(w->html, P_("%s document", "%s documents",
	    dsr_page_plural(k->count)), count);
	if (k->connector[0] != '\0') {
		dsr_html_text(w->html, " · ");
		dsr_page_connector(w, k->connector);
	}
	dsr_html_close(w->html, "p");
	dsr_words_labels(w->page->words, &l->labels, k->connector,
	    k->endpoint);
	return write_entries(l, k, err);
}

static void
write_category(const struct page_writer *w, const struct page_kind *k)
{
	dsr_html_open(w->html, "h3");
	dsr_page_category(w, k->category);
	dsr_html_close(w->html, "h3");
}

static int
write_kinds(struct list *l, struct dsr_error *err)
{
	const struct page_survey *s = &l->w->survey;
	size_t i;

	for (i = 0; i < s->count; i++) {
		if (i == 0 || strcmp(s->kinds[i].category,
		    s->kinds[i - 1].category) != 0)
			write_category(l->w, &s->kinds[i]);
		if (write_kind(l, &s->kinds[i], i + 1, err) != 0)
			return -1;
	}
	return 0;
}

/* "We hold nothing about you" is an ordinary answer, unless asking failed. */
static void
write_nothing(const struct page_writer *w)
{
	const struct dsr_counts *c = w->statement->counts;

	dsr_page_paragraph(w, "note", c != NULL && c->gaps > 0 ?
	    _("There are no documents in this file.") :
	    _("There are no documents in this file: nothing was found."));
}

static void
write_end(const struct page_writer *w)
{
	char number[PAGE_WORD_SIZE];

	if (w->survey.documents == 0)
		write_nothing(w);
	if (w->survey.beyond == 0)
		return;
	dsr_page_number(number, w, w->survey.beyond);
	dsr_html_open(w->html, "p");
	dsr_html_format(w->html, _("And %s documents of other kinds: they "
	    "stand in dossier/documents.jsonl."), number);
	dsr_html_close(w->html, "p");
}

int
dsr_page_documents(const struct page_writer *w, struct dsr_error *err)
{
	struct list l = { .w = w, .left = w->survey.count,
		.most = dsr_page_share(&w->survey) };
	int rc = -1;

	dsr_page_section(w, "documents", _("Your data, document by document"));
	dsr_page_paragraph(w, NULL, dsr_page_is_kind(w, "folder") ?
	    _("Everything in the frames below is what the documents hold: it "
	      "is shown as it was found, and nothing in it speaks for whoever "
	      "made this file. Open an entry to see what is in it.") :
	    _("Everything in the frames below is what services sent, or what "
	      "was added by hand where it says so: it is shown as it came, "
	      "and nothing in it speaks for whoever made this file. Open an "
	      "entry to see what is in it."));
	dsr_buffer_init(&l.line, DSR_MAX_LINE);
	if (dsr_arena_new(&l.arena, err) != 0 || write_kinds(&l, err) != 0)
		goto out;
	write_end(w);
	dsr_html_close(w->html, "section");
	rc = 0;
out:
	dsr_arena_free(l.arena);
	dsr_buffer_fini(&l.line);
	return rc;
}
