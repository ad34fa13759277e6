/* SPDX-License-Identifier: ISC */
/*
 * The list of documents, kind by kind. One pass over documents.jsonl in
 * constant memory: lines beyond what is shown are counted, not parsed.
 */
#include "page_parts.h"

#include <stdio.h>
#include <string.h>

#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/name.h"
#include "dossier/text.h"

#define DOCUMENTS_PER_PAGE 3000     /* rows of all kinds, if they were equal */
#define DOCUMENTS_MOST     500      /* rows of one kind */
#define DOCUMENTS_LEAST    10
#define KINDS_SHOWN        1000
#define BYTES_FOR_ROWS     10485760 /* no more rows once the page is as long */
#define TITLE_SHOWN        200      /* bytes */
#define URL_SHOWN          300
#define FINGERPRINT_DIGITS 16

struct list {
	struct page_writer *w;
	struct dsr_arena *arena;
	struct dsr_document doc;     /* the last line that was parsed */
	char kind[DSR_MAX_NAME + 1]; /* folder of the kind that is open, or "" */
	size_t kinds;                /* seen so far */
	uint64_t total;              /* documents of this kind */
	uint64_t shown;
	uint64_t most;               /* rows of one kind */
	uint64_t beyond;             /* documents of kinds without a heading */
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

/* data/documents/CONNECTOR/ENDPOINT, or data/files: length of it in path. */
static size_t
kind_length(const char *path, size_t len)
{
	size_t i, slashes = 0, wanted = 2;

	if (len > 15 && memcmp(path, "data/documents/", 15) == 0)
		wanted = 4;
	for (i = 0; i < len; i++)
		if (path[i] == '/' && ++slashes == wanted)
			break;
	return i;
}

static bool
is_open(const struct list *l, const char *kind, size_t len)
{
	return strlen(l->kind) == len && memcmp(l->kind, kind, len) == 0;
}

static void
close_kind(struct list *l)
{
	struct page_writer *w = l->w;
	char shown[PAGE_WORD_SIZE], rest[PAGE_WORD_SIZE];

	if (l->kind[0] == '\0')
		return;
	if (l->shown > 0)
		dsr_page_table_end(w);
	if (l->total > l->shown) {
		dsr_page_number(shown, w, l->shown);
		dsr_page_number(rest, w, l->total - l->shown);
		dsr_html_open(w->html, "p");
		dsr_html_format(w->html, P_("%s more document stands in "
		    "the folder %s.", "%s more documents stand in the "
		    "folder %s.", dsr_page_plural(l->total - l->shown)),
		    rest, l->kind);
		dsr_html_text(w->html, " ");
		dsr_html_format(w->html, _("This page shows the first %s of "
		    "this kind; the list of all is "
		    "dossier/documents.jsonl."), shown);
		dsr_html_close(w->html, "p");
	}
	l->kind[0] = '\0';
}

static void
open_kind(struct list *l, const char *kind, size_t len)
{
	struct page_writer *w = l->w;
	const struct dsr_document *doc = &l->doc;

	memcpy(l->kind, kind, len);
	l->kind[len] = '\0';
	l->total = l->shown = 0;
	dsr_html_open(w->html, "h3");
	if (doc->endpoint == NULL)
		dsr_html_text(w->html, _("Files"));
	else
		dsr_page_endpoint(w, doc->connector, doc->endpoint);
	dsr_html_close(w->html, "h3");
	if (doc->connector == NULL)
		return;
	dsr_html_open(w->html, "p");
	dsr_html_attr(w->html, "class", "soft");
	dsr_page_connector(w, doc->connector);
	dsr_html_close(w->html, "p");
}

static void
open_rows(const struct list *l)
{
	static const char *const columns[] = { N_("Document"),
		N_("Obtained on"), N_("From where"), N_("Format"),
		N_("Size"), N_("Fingerprint (first digits)"), NULL };
	char id[PAGE_WORD_SIZE];

	(void)snprintf(id, sizeof(id), "kind-%zu", l->kinds);
	dsr_page_table(l->w, "data documents", id,
	    _("Each document, and the file that holds it"), columns);
}

/* The original name when it was not UTF-8: any bytes, shown as escapes. */
static void
write_name_bytes(const struct page_writer *w, const char *base64)
{
	uint8_t name[DSR_MAX_LINE];
	size_t len;

	if (dsr_base64_decode(name, sizeof(name), &len, base64,
	    strlen(base64)))
		dsr_page_cut(w, (const char *)name, len, TITLE_SHOWN);
}

static void
write_title(const struct page_writer *w, const struct dsr_document *doc)
{
	const char *title = doc->name != NULL ? doc->name : doc->item;
	const char *slash = strrchr(doc->path, '/');

	if (title == NULL && doc->name_base64 != NULL) {
		write_name_bytes(w, doc->name_base64);
		return;
	}
	if (title == NULL || title[0] == '\0')
		title = slash != NULL ? slash + 1 : doc->path;
	dsr_page_cut(w, title, strlen(title), TITLE_SHOWN);
}

static void
write_link(const struct page_writer *w, const char *path)
{
	dsr_html_open(w->html, "span");
	dsr_html_attr(w->html, "class", "member");
	if (dsr_name_is_safe(path, strlen(path)) &&
	    strncmp(path, "data/", 5) == 0) {
		dsr_html_open_member(w->html, path);
		dsr_html_text(w->html, path);
		dsr_html_close(w->html, "a");
	} else {
		dsr_page_cut(w, path, strlen(path), TITLE_SHOWN);
	}
	dsr_html_close(w->html, "span");
}

static void
write_hidden(const struct page_writer *w, const struct dsr_document *doc)
{
	char number[PAGE_WORD_SIZE];

	if (doc->redactions.count == 0)
		return;
	dsr_page_number(number, w, doc->redactions.count);
	dsr_html_open(w->html, "span");
	dsr_html_attr(w->html, "class", "member");
	dsr_html_format(w->html, P_("%s value in it is hidden.",
	    "%s values in it are hidden.",
	    dsr_page_plural(doc->redactions.count)), number);
	dsr_html_close(w->html, "span");
}

static void
write_text_cell(const struct page_writer *w, const char *text, size_t max)
{
	dsr_page_cell(w, NULL);
	if (text != NULL)
		dsr_page_cut(w, text, strlen(text), max);
	dsr_html_close(w->html, "td");
}

static void
write_row(const struct page_writer *w, const struct dsr_document *doc)
{
	char word[PAGE_WORD_SIZE];

	dsr_html_open(w->html, "tr");
	dsr_html_open(w->html, "th");
	dsr_html_attr(w->html, "scope", "row");
	write_title(w, doc);
	write_link(w, doc->path);
	write_hidden(w, doc);
	dsr_html_close(w->html, "th");
	dsr_page_cell(w, NULL);
	dsr_page_time(w, doc->retrieved);
	dsr_html_close(w->html, "td");
	write_text_cell(w, doc->source_url, URL_SHOWN);
	write_text_cell(w, doc->media_type, TITLE_SHOWN);
	dsr_page_size(word, w, doc->size);
	dsr_page_cell(w, "number");
	dsr_html_text(w->html, word);
	dsr_html_close(w->html, "td");
	dsr_page_fingerprint(word, doc->sha256, FINGERPRINT_DIGITS);
	dsr_page_cell(w, NULL);
	dsr_html_open(w->html, "code");
	dsr_html_text(w->html, word);
	dsr_html_close(w->html, "code");
	dsr_html_close(w->html, "td");
	dsr_html_close(w->html, "tr");
}

static int
parse_line(struct list *l, const struct dsr_buffer *line,
    struct dsr_error *err)
{
	dsr_arena_reset(l->arena);
	memset(&l->doc, 0, sizeof(l->doc));
	return dsr_record_read_line(&dsr_document_type, &l->doc, l->arena,
	    line->data, line->len, err);
}

static int
take_line(struct list *l, const struct dsr_buffer *line,
    struct dsr_error *err)
{
	const char *path;
	size_t len = 0, kind_len;
	bool opens;

	if ((path = find_path(line, &len)) == NULL)
		return dsr_fail(err, DSR_EFORMAT, "documents.jsonl: a line "
		    "without a safe path");
	l->w->redacted += is_redacted(line);
	kind_len = kind_length(path, len);
	opens = !is_open(l, path, kind_len);
	if (opens) {
		close_kind(l);
		if (l->kinds++ >= KINDS_SHOWN) {
			l->beyond++;
			return 0;
		}
	}
	if (!opens && (l->shown >= l->most ||
	    l->w->out->len > BYTES_FOR_ROWS)) {
		l->total++;
		return 0;
	}
	if (parse_line(l, line, err) != 0)
		return -1;
	if (opens)
		open_kind(l, path, kind_len);
	l->total++;
	if (l->w->out->len > BYTES_FOR_ROWS)
		return 0;
	if (l->shown++ == 0)
		open_rows(l);
	write_row(l->w, &l->doc);
	return 0;
}

/* Rows of one kind: a fair share, so that no kind takes the page. */
static uint64_t
share_of(const struct page_writer *w)
{
	size_t kinds = w->statement->endpoints.count;
	uint64_t share = DOCUMENTS_PER_PAGE / (kinds > 0 ? kinds : 1);

	if (share > DOCUMENTS_MOST)
		return DOCUMENTS_MOST;
	return share < DOCUMENTS_LEAST ? DOCUMENTS_LEAST : share;
}

static int
write_all(struct list *l, struct dsr_spool *documents, struct dsr_error *err)
{
	struct dsr_buffer line;
	int more, rc = -1;

	dsr_buffer_init(&line, DSR_MAX_LINE);
	if (dsr_spool_rewind(documents, err) != 0)
		goto out;
	while ((more = dsr_spool_line(documents, &line, err)) == 1)
		if (take_line(l, &line, err) != 0)
			goto out;
	if (more != 0)
		goto out;
	close_kind(l);
	rc = 0;
out:
	dsr_buffer_fini(&line);
	return rc;
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

int
dsr_page_documents(struct page_writer *w, struct dsr_error *err)
{
	struct list l = { .w = w, .most = share_of(w) };
	char number[PAGE_WORD_SIZE];
	int rc = -1;

	dsr_page_section(w, "documents", _("Your data, document by document"));
	dsr_page_paragraph(w, NULL,
	    _("Everything in the frames below comes from the services that "
	      "were asked: it is shown as it was received, and nothing in it "
	      "speaks for whoever made this file."));
	if (dsr_arena_new(&l.arena, err) != 0)
		goto out;
	if (w->page->documents != NULL &&
	    write_all(&l, w->page->documents, err) != 0)
		goto out;
	if (l.kinds == 0)
		write_nothing(w);
	if (l.beyond > 0) {
		dsr_page_number(number, w, l.beyond);
		dsr_html_open(w->html, "p");
		dsr_html_format(w->html, _("And %s documents of other kinds: "
		    "they stand in dossier/documents.jsonl."), number);
		dsr_html_close(w->html, "p");
	}
	dsr_html_close(w->html, "section");
	rc = 0;
out:
	dsr_arena_free(l.arena);
	return rc;
}
