/* SPDX-License-Identifier: ISC */
/* Tables, START-HERE.html, the same in other languages, and VERIFY.txt. */
#include <stdio.h>
#include <string.h>

#include "dossier/bag.h"
#include "dossier/language.h"
#include "dossier/limits.h"
#include "making.h"

size_t
pages_count(const struct making *m)
{
	size_t n = m->options->languages.count;

	if (n == 0 && m->request != NULL)
		n = dsr_request_count(m->request, DSR_REQUEST_LANGUAGES, NULL);
	return n == 0 ? 1 : n;
}

/* The language that was asked for at place i. */
static const char *
asked_language(const struct making *m, size_t i)
{
	const char *language = NULL;

	if (m->options->languages.count > 0)
		language = m->options->languages.items[i];
	else if (m->request != NULL)
		language = dsr_request_item(m->request, DSR_REQUEST_LANGUAGES,
		    i, NULL);
	return language == NULL ? "en" : language;
}

/*
 * The first is the one of START-HERE.html; the further ones stand in the order
 * of their members' names, whatever the order they were asked for in.
 */
const char *
pages_language(const struct making *m, size_t i)
{
	size_t count = pages_count(m), k, n, before;

	if (i == 0)
		return asked_language(m, 0);
	for (k = 1; k < count; k++) {
		before = 1;
		for (n = 1; n < count; n++)
			before += strcmp(asked_language(m, n),
				      asked_language(m, k)) < 0;
		if (before == i)
			return asked_language(m, k);
	}
	return asked_language(m, i); /* two alike: refused at the start */
}

static int
add_page(struct making *m, struct dsr_page *page, size_t i,
    struct dsr_error *err)
{
	char path[64];
	struct dsr_buffer html;
	int rc;

	page->language = pages_language(m, i);
	if (i == 0)
		(void)snprintf(path, sizeof(path), "%s",
		    dsr_member_path(DSR_MEMBER_START_HERE));
	else
		(void)snprintf(path, sizeof(path), "START-HERE.%.2s.html",
		    page->language);
	dsr_buffer_init(&html, DSR_MAX_START_HERE);
	dsr_language_set(page->language);
	rc = dsr_page_write(page, &html, err);
	dsr_language_set(NULL);
	if (rc == 0)
		rc = archive_add_tag(m->archive, path, html.data, html.len,
		    err);
	else
		(void)dsr_wrap(err, "%s", path);
	dsr_buffer_fini(&html);
	return rc;
}

/* START-HERE.de.html before START-HERE.nl.html, in whatever order they are
 * asked for: FORMAT.md 3.2. No language comes twice. */
static int
add_further_pages(struct making *m, struct dsr_page *page,
    struct dsr_error *err)
{
	const char *last = "", *language;
	size_t n, i, next, count = pages_count(m);

	for (n = 1; n < count; n++) {
		next = 0;
		for (i = 1; i < count; i++) {
			language = pages_language(m, i);
			if (strcmp(language, last) > 0 && (next == 0 ||
			    strcmp(language, pages_language(m, next)) < 0))
				next = i;
		}
		if (add_page(m, page, next, err) != 0)
			return -1;
		last = pages_language(m, next);
	}
	return 0;
}

static int
add_verify_txt(struct making *m, const struct dsr_page *page,
    struct dsr_error *err)
{
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, DSR_MAX_TAG_FILE);
	if (dsr_verify_txt_write(page, &text, err) == 0)
		rc = archive_add_tag(m->archive,
		    dsr_member_path(DSR_MEMBER_VERIFY), text.data, text.len,
		    err);
	dsr_buffer_fini(&text);
	return rc;
}

static int
add_table(void *ctx, const char *path, struct dsr_spool *content,
    struct dsr_error *err)
{
	struct making *m = ctx;

	return archive_add_tag_spool(m->archive, path, content, err);
}

static int
next_body(void *ctx, const char **path, const void **bytes, size_t *len,
    struct dsr_error *err)
{
	struct dsr_case_document doc;
	int more;

	memset(&doc, 0, sizeof(doc));
	more = dsr_case_documents_next(ctx, &doc, err);
	*path = doc.record.path;
	*bytes = doc.body;
	*len = doc.body == NULL ? 0 : (size_t)doc.record.size;
	return more;
}

/* Tables of a case have the values of its documents. */
static int
add_tables(struct making *m, const struct dsr_page *from,
    struct dsr_error *err)
{
	struct dsr_case *c = source_case(m->source);
	struct dsr_page page = *from;
	struct dsr_case_documents *documents = NULL;
	struct dsr_page_bodies bodies = { .next = next_body };
	int rc = 0;

	if (c != NULL) {
		rc = dsr_case_documents_new(&documents, c, err);
		bodies.ctx = documents;
		page.bodies = &bodies;
	}
	if (rc == 0)
		rc = dsr_page_tables(&page, add_table, m, err);
	dsr_case_documents_free(documents);
	return rc;
}

int
pages_add(struct making *m, struct dsr_error *err)
{
	struct dsr_page page;

	memset(&page, 0, sizeof(page));
	page.name = m->name;
	page.statement = &m->statement;
	page.documents = m->documents;
	page.gaps = m->gaps;
	page.erasures = m->erasures;
	if (m->request != NULL) {
		page.request = dsr_buffer_str(&m->request_text);
		page.request_len = m->request_text.len;
	}
	page.seal_key_sha256 = m->key == NULL ? NULL : m->key_sha256;
	page.words = m->words;
	page.showcase = m->showcase;
	page.language = "en";
	if (add_tables(m, &page, err) != 0)
		return -1;
	if (add_page(m, &page, 0, err) != 0 ||
	    add_further_pages(m, &page, err) != 0)
		return -1;
	return add_verify_txt(m, &page, err);
}
