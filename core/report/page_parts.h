/* SPDX-License-Identifier: ISC */
/* What the parts of the page share. Only core/report/ includes this. */
#ifndef DOSSIER_PAGE_PARTS_H
#define DOSSIER_PAGE_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "dossier/html.h"
#include "dossier/page.h"
#include "dossier/request.h"

/* A page on its way. */
struct page_writer {
	const struct dsr_page *page;
	const struct dsr_statement *statement;
	const struct dsr_request *request; /* or NULL */
	struct dsr_html *html;
	struct dsr_buffer *out;  /* where html writes: its length is watched */
	const char *language;    /* in force */
	uint64_t redacted;       /* documents with something hidden */
};

/* ---- words: page_words.c ------------------------------------------------ */

#define PAGE_WORD_SIZE 96

/* 1234567 as people of the language write it. */
void dsr_page_number(char out[PAGE_WORD_SIZE], const struct page_writer *w,
    uint64_t n);
/* 1234567 bytes as "1.2 MB". */
void dsr_page_size(char out[PAGE_WORD_SIZE], const struct page_writer *w,
    uint64_t bytes);
/* n for the plural rules of the languages. */
unsigned long dsr_page_plural(uint64_t n);
/*
 * A date or time (RFC 3339, UTC) for people, in <time>; what is neither is
 * written as it is, NULL is nothing.
 */
void dsr_page_time(const struct page_writer *w, const char *when);
/* Hexadecimal digits in groups of four, the first count of them. */
void dsr_page_fingerprint(char out[PAGE_WORD_SIZE], const char *hex,
    size_t count);
/* Text from outside, cut after max bytes with a visible mark. */
void dsr_page_cut(const struct page_writer *w, const char *text, size_t len,
    size_t max);
/* What a service or an endpoint is called: its description, else its key. */
void dsr_page_connector(const struct page_writer *w, const char *connector);
void dsr_page_endpoint(const struct page_writer *w, const char *connector,
    const char *endpoint);

/* ---- structure: page_words.c -------------------------------------------- */

/* <section> with its <h2>; closed with dsr_html_close(w->html, "section"). */
void dsr_page_section(const struct page_writer *w, const char *id,
    const char *title);
/* <p class="…"> of our own words; class may be NULL. */
void dsr_page_paragraph(const struct page_writer *w, const char *class,
    const char *text);
/*
 * A table that scrolls on narrow screens, up to the open <tbody>; columns ends
 * with NULL. caption_id is made of the id of the table.
 */
void dsr_page_table(const struct page_writer *w, const char *class,
    const char *id, const char *caption, const char *const *columns);
void dsr_page_table_end(const struct page_writer *w);
/* <td class="…">; class may be NULL. */
void dsr_page_cell(const struct page_writer *w, const char *class);
void dsr_page_cell_number(const struct page_writer *w, uint64_t n);

/* ---- parts, in the order of the page ------------------------------------ */

void dsr_page_cover(const struct page_writer *w);      /* page_cover.c */
void dsr_page_summary(const struct page_writer *w);    /* page_summary.c */
void dsr_page_processing(const struct page_writer *w); /* page_cover.c */
/* Counts w->redacted on the way. page_documents.c */
int dsr_page_documents(struct page_writer *w, struct dsr_error *err);
int dsr_page_gaps(const struct page_writer *w, struct dsr_error *err);
void dsr_page_check(const struct page_writer *w);      /* page_check.c */

#endif
