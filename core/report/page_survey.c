/* SPDX-License-Identifier: ISC */
/*
 * What kinds of documents there are: one pass over documents.jsonl, in which
 * only the first line of each kind is parsed.
 */
#include "page_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/language.h"
#include "dossier/name.h"

#define KINDS_STEP     32u
#define DOCUMENTS_PER_PAGE 3000u /* of all kinds, if they were equal */
#define DOCUMENTS_MOST  500u     /* of one kind */
#define DOCUMENTS_LEAST 10u

/* docs/CONNECTORS.md 4.1, in the order of the page. */
static const struct {
	const char *word;
	const char *title;
} categories[] = {
	{ "account", N_("You and your account") },
	{ "contacts", N_("People and groups you are connected with") },
	{ "communication", N_("Messages and notifications") },
	{ "content", N_("What you made, uploaded or had made") },
	{ "activity", N_("What you did, and when") },
	{ "location", N_("Where you were") },
	{ "payments", N_("What you bought, paid and owe") },
	{ "devices", N_("Your devices and applications") },
	{ "infrastructure", N_("Computers and services set up for you") },
	{ "other", N_("Other data") },
};
#define CATEGORIES (sizeof(categories) / sizeof(categories[0]))

struct pass {
	struct page_survey *survey;
	const struct dsr_page *page;
	struct dsr_arena *arena;
	struct page_kind *kind; /* that the last line was of; NULL: too many */
	char folder[DSR_MAX_NAME + 1]; /* the same kind's */
	size_t cap;
	uint64_t offset;
};

/*
 * The value of "path" in a canonical line. A quote inside a string is always
 * escaped, so ,"path":" can only be the key of the document itself: in a
 * redaction it is the first key and no comma stands before it.
 */
static const char *
find_path(const struct dsr_buffer *line, size_t *len)
{
	static const char key[] = ",\"path\":\"";
	const char *start, *end, *text = dsr_buffer_str(line);

	start = memmem(text, line->len, key, sizeof(key) - 1);
	if (start == NULL)
		return NULL;
	start += sizeof(key) - 1;
	end = memchr(start, '"', line->len - (size_t)(start - text));
	if (end == NULL || !dsr_name_is_safe(start, (size_t)(end - start)))
		return NULL;
	*len = (size_t)(end - start);
	return start;
}

static bool
is_redacted(const struct dsr_buffer *line)
{
	static const char key[] = ",\"redactions\":[{";

	return memmem(dsr_buffer_str(line), line->len, key,
	    sizeof(key) - 1) != NULL;
}

static size_t
place_of_category(const char *category)
{
	size_t i;

	for (i = 0; i < CATEGORIES; i++)
		if (strcmp(categories[i].word, category) == 0)
			/* what we have no title for stands before the rest */
			return i + 1 < CATEGORIES ? i : CATEGORIES;
	return CATEGORIES - 1;
}

void
dsr_page_category(const struct page_writer *w, const char *category)
{
	size_t i;

	if (category[0] == '\0') {
		dsr_html_text(w->html, _("Files"));
		return;
	}
	for (i = 0; i < CATEGORIES; i++)
		if (strcmp(categories[i].word, category) == 0) {
			dsr_html_text(w->html, _(categories[i].title));
			return;
		}
	dsr_page_cut(w, category, strlen(category), DSR_MAX_WORD);
}

/* The plan's order is the statement's. */
static size_t
place_of_endpoint(const struct dsr_page *page, const struct page_kind *k)
{
	const struct dsr_list *list = &page->statement->endpoints;
	const struct dsr_endpoint_counts *e = list->items;
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(e[i].connector, k->connector) == 0 &&
		    strcmp(e[i].endpoint, k->endpoint) == 0)
			break;
	return i;
}

static void
copy_word(char out[DSR_MAX_WORD + 1], const char *word)
{
	(void)snprintf(out, DSR_MAX_WORD + 1, "%s", word == NULL ? "" : word);
}

static int
describe(struct pass *p, struct page_kind *k, const struct dsr_buffer *line,
    struct dsr_error *err)
{
	struct dsr_document doc;

	dsr_arena_reset(p->arena);
	memset(&doc, 0, sizeof(doc));
	if (dsr_record_read_line(&dsr_document_type, &doc, p->arena,
	    line->data, line->len, err) != 0)
		return -1;
	copy_word(k->category, doc.category);
	copy_word(k->connector, doc.connector);
	copy_word(k->endpoint, doc.endpoint);
	k->place = place_of_endpoint(p->page, k);
	k->category_place = place_of_category(k->category);
	return 0;
}

static int
add_kind(struct pass *p, const char *path, size_t len,
    const struct dsr_buffer *line, struct dsr_error *err)
{
	struct page_survey *s = p->survey;
	struct page_kind *grown;

	(void)snprintf(p->folder, sizeof(p->folder), "%.*s", (int)len, path);
	p->kind = NULL;
	if (s->count == DSR_MAX_SHOWN_KINDS)
		return 0;
	if (s->count == p->cap) {
		grown = reallocarray(s->kinds, p->cap + KINDS_STEP,
		    sizeof(*grown));
		if (grown == NULL)
			return dsr_fail(err, DSR_ENOMEM, "kinds");
		s->kinds = grown;
		p->cap += KINDS_STEP;
	}
	p->kind = &s->kinds[s->count++];
	memset(p->kind, 0, sizeof(*p->kind));
	memcpy(p->kind->folder, p->folder, sizeof(p->folder));
	p->kind->offset = p->offset;
	return describe(p, p->kind, line, err);
}

static int
take_line(struct pass *p, const struct dsr_buffer *line,
    struct dsr_error *err)
{
	const char *path;
	size_t len = 0, kind_len;

	if ((path = find_path(line, &len)) == NULL)
		return dsr_fail(err, DSR_EFORMAT, "documents.jsonl: a line "
		    "without a safe path");
	kind_len = dsr_kind_length(path, len);
	if ((strlen(p->folder) != kind_len ||
	    memcmp(p->folder, path, kind_len) != 0) &&
	    add_kind(p, path, kind_len, line, err) != 0)
		return -1;
	p->survey->documents++;
	p->survey->redacted += is_redacted(line);
	if (p->kind != NULL)
		p->kind->count++;
	else
		p->survey->beyond++;
	p->offset += line->len;
	return 0;
}

static int
compare_kinds(const void *a, const void *b)
{
	const struct page_kind *x = a, *y = b;
	int order;

	if (x->category_place != y->category_place)
		return x->category_place < y->category_place ? -1 : 1;
	if ((order = strcmp(x->category, y->category)) != 0)
		return order;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

int
dsr_page_survey(struct page_survey *out, const struct dsr_page *page,
    struct dsr_error *err)
{
	struct pass p = { .survey = out, .page = page };
	struct dsr_buffer line;
	int more = 0;

	memset(out, 0, sizeof(*out));
	if (page->documents == NULL)
		return 0;
	dsr_buffer_init(&line, DSR_MAX_LINE);
	if (dsr_arena_new(&p.arena, err) != 0 ||
	    dsr_spool_rewind(page->documents, err) != 0)
		more = -1;
	while (more == 0 && (more = dsr_spool_line(page->documents, &line,
	    err)) == 1)
		more = take_line(&p, &line, err);
	if (more == 0 && out->count > 0)
		qsort(out->kinds, out->count, sizeof(*out->kinds),
		    compare_kinds);
	dsr_arena_free(p.arena);
	dsr_buffer_fini(&line);
	return more;
}

void
dsr_page_survey_fini(struct page_survey *s)
{
	free(s->kinds);
	s->kinds = NULL;
	s->count = 0;
}

uint64_t
dsr_page_share(const struct page_survey *s)
{
	uint64_t share = DOCUMENTS_PER_PAGE / (s->count > 0 ? s->count : 1);

	if (s->count <= 1)
		share = DOCUMENTS_PER_PAGE;
	else if (share > DOCUMENTS_MOST)
		share = DOCUMENTS_MOST;
	return share < DOCUMENTS_LEAST ? DOCUMENTS_LEAST : share;
}
