/* SPDX-License-Identifier: ISC */
/* Words and shapes that every part of the page uses. */
#include "page_parts.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/language.h"
#include "dossier/text.h"

/* How numbers are written; what is not here writes them as English does. */
static const struct notation {
	const char *language;
	const char *group; /* between three digits */
	const char *point;
} notations[] = {
	{ "en", ",", "." },
	{ "nl", ".", "," },
	{ "de", ".", "," },
	{ "fr", "\u202f", "," }, /* a narrow space that does not break */
};

static const struct notation *
find_notation(const char *language)
{
	size_t i;

	for (i = 0; i < sizeof(notations) / sizeof(notations[0]); i++)
		if (strcmp(notations[i].language, language) == 0)
			return &notations[i];
	return &notations[0];
}

void
dsr_page_number(char out[PAGE_WORD_SIZE], const struct page_writer *w,
    uint64_t n)
{
	const char *group = find_notation(w->language)->group;
	char digits[24];
	size_t i, len, used = 0;

	len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n);
	out[0] = '\0';
	for (i = 0; i < len; i++)
		used += (size_t)snprintf(out + used, PAGE_WORD_SIZE - used,
		    "%s%c", i > 0 && (len - i) % 3 == 0 ? group : "",
		    digits[i]);
}

void
dsr_page_size(char out[PAGE_WORD_SIZE], const struct page_writer *w,
    uint64_t bytes)
{
	static const char *const unit[] = { "kB", "MB", "GB", "TB", "PB" };
	char number[PAGE_WORD_SIZE];
	uint64_t tenths = bytes;
	size_t i = 0;

	if (bytes < 1000) {
		(void)snprintf(out, PAGE_WORD_SIZE,
		    P_("%u byte", "%u bytes", (unsigned long)bytes),
		    (unsigned int)bytes);
		return;
	}
	/* tenths of the unit, cut: 999,999 bytes are 999.9 kB */
	for (tenths = bytes / 100; tenths >= 10000 && i < 4; i++)
		tenths /= 1000;
	dsr_page_number(number, w, tenths / 10);
	(void)snprintf(out, PAGE_WORD_SIZE, "%.60s%s%u %s", number,
	    find_notation(w->language)->point, (unsigned int)(tenths % 10),
	    unit[i]);
}

unsigned long
dsr_page_plural(uint64_t n)
{
	return n > ULONG_MAX ? ULONG_MAX : (unsigned long)n;
}

const char *
dsr_page_point(const struct page_writer *w)
{
	return find_notation(w->language)->point;
}

void
dsr_page_fingerprint(char out[PAGE_WORD_SIZE], const char *hex, size_t count)
{
	size_t i, used = 0;

	for (i = 0; i < count && hex[i] != '\0' && used + 3 < PAGE_WORD_SIZE;
	    i++) {
		if (i > 0 && i % 4 == 0)
			out[used++] = ' ';
		out[used++] = hex[i];
	}
	out[used] = '\0';
}

void
dsr_page_cut(const struct page_writer *w, const char *text, size_t len,
    size_t max)
{
	if (len <= max) {
		dsr_html_foreign(w->html, text, len);
		return;
	}
	/* not through the middle of a character */
	while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80)
		max--;
	dsr_html_foreign(w->html, text, max);
	dsr_html_open(w->html, "span");
	dsr_html_attr(w->html, "class", "soft");
	dsr_html_text(w->html, _(" … (cut here)"));
	dsr_html_close(w->html, "span");
}

void
dsr_page_connector(const struct page_writer *w, const char *connector)
{
	const char *text;

	if (connector == NULL)
		return;
	if (strcmp(connector, DSR_MANUAL) == 0) {
		dsr_html_text(w->html, _("Added by hand"));
		return;
	}
	text = dsr_words_name(w->page->words, connector);
	if (text == NULL)
		text = connector;
	dsr_page_cut(w, text, strlen(text), 300);
}

void
dsr_page_endpoint(const struct page_writer *w, const char *connector,
    const char *endpoint)
{
	const char *text;

	if (endpoint == NULL)
		return;
	text = dsr_words_endpoint(w->page->words, connector, endpoint,
	    w->language);
	if (text == NULL)
		text = endpoint;
	dsr_page_cut(w, text, strlen(text), 300);
}

void
dsr_page_section(const struct page_writer *w, const char *id,
    const char *title)
{
	dsr_html_open(w->html, "section");
	dsr_html_attr(w->html, "aria-labelledby", id);
	dsr_html_open(w->html, "h2");
	dsr_html_attr(w->html, "id", id);
	dsr_html_text(w->html, title);
	dsr_html_close(w->html, "h2");
}

void
dsr_page_paragraph(const struct page_writer *w, const char *class,
    const char *text)
{
	dsr_html_open(w->html, "p");
	if (class != NULL)
		dsr_html_attr(w->html, "class", class);
	dsr_html_text(w->html, text);
	dsr_html_close(w->html, "p");
}

/*
 * The box that scrolls: reachable by keyboard, named by the caption; a group
 * and no landmark, of which a long page would have hundreds.
 */
static void
open_box(const struct page_writer *w, const char *class, const char *id)
{
	char words[PAGE_WORD_SIZE];

	(void)snprintf(words, sizeof(words), "scroll%s%s",
	    class != NULL ? " " : "", class != NULL ? class : "");
	dsr_html_open(w->html, "div");
	dsr_html_attr(w->html, "class", words);
	dsr_html_attr(w->html, "role", "group");
	dsr_html_attr(w->html, "aria-labelledby", id);
	dsr_html_attr(w->html, "tabindex", "0");
}

void
dsr_page_table(const struct page_writer *w, const char *class,
    const char *id, const char *caption, const char *const *columns)
{
	open_box(w, class, id);
	dsr_html_open(w->html, "table");
	dsr_html_open(w->html, "caption");
	dsr_html_attr(w->html, "id", id);
	dsr_html_text(w->html, caption);
	dsr_html_close(w->html, "caption");
	if (columns != NULL) {
		dsr_html_open(w->html, "thead");
		dsr_html_open(w->html, "tr");
		for (; *columns != NULL; columns++) {
			dsr_html_open(w->html, "th");
			dsr_html_attr(w->html, "scope", "col");
			dsr_html_text(w->html, _(*columns));
			dsr_html_close(w->html, "th");
		}
		dsr_html_close(w->html, "tr");
		dsr_html_close(w->html, "thead");
	}
	dsr_html_open(w->html, "tbody");
}

void
dsr_page_table_end(const struct page_writer *w)
{
	dsr_html_close(w->html, "tbody");
	dsr_html_close(w->html, "table");
	dsr_html_close(w->html, "div");
}

void
dsr_page_row(const struct page_writer *w, const char *head)
{
	dsr_html_open(w->html, "tr");
	dsr_html_open(w->html, "th");
	dsr_html_attr(w->html, "scope", "row");
	dsr_html_text(w->html, head);
	dsr_html_close(w->html, "th");
}

void
dsr_page_cell(const struct page_writer *w, const char *class)
{
	dsr_html_open(w->html, "td");
	if (class != NULL)
		dsr_html_attr(w->html, "class", class);
}

void
dsr_page_cell_bar(const struct page_writer *w, uint64_t n, uint64_t most)
{
	char width[24], number[PAGE_WORD_SIZE];
	double part = most == 0 ? 0 : 100.0 * (double)n / (double)most;

	(void)snprintf(width, sizeof(width), "%.1f",
	    n > 0 && part < 1 ? 1 : part);
	dsr_page_number(number, w, n);
	dsr_page_cell(w, "bar");
	dsr_html_simple(w->html, "span", number);
	dsr_html_open(w->html, "svg");
	dsr_html_attr(w->html, "viewBox", "0 0 100 10");
	dsr_html_attr(w->html, "preserveAspectRatio", "none");
	dsr_html_attr(w->html, "aria-hidden", "true");
	dsr_html_open(w->html, "rect");
	dsr_html_attr(w->html, "width", width);
	dsr_html_attr(w->html, "height", "10");
	dsr_html_close(w->html, "rect");
	dsr_html_close(w->html, "svg");
	dsr_html_close(w->html, "td");
}

void
dsr_page_cell_number(const struct page_writer *w, uint64_t n)
{
	char number[PAGE_WORD_SIZE];

	dsr_page_number(number, w, n);
	dsr_page_cell(w, "number");
	dsr_html_text(w->html, number);
	dsr_html_close(w->html, "td");
}
