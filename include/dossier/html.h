/* SPDX-License-Identifier: ISC */
/*
 * A writer of HTML pages that may hold hostile text.
 *
 * Everything from outside goes through dsr_html_foreign (or a %s of
 * dsr_html_format): it is escaped, what people cannot see is shown as \x1b or
 * \u202e, and it stands in <bdi> so that it cannot reorder its surroundings.
 * Elements and attributes are those of two short lists without script, style,
 * src and on…; links lead to members below data/ or to places in the page.
 *
 * Elements that are open stand on a stack; a failure is latched and told by
 * dsr_html_finish.
 */
#ifndef DOSSIER_HTML_H
#define DOSSIER_HTML_H

#include <stddef.h>

#include "dossier/buffer.h"
#include "dossier/error.h"

struct dsr_html;

/* Writes behind what buf holds; buf must outlive the writer. DSR_ENOMEM. */
int dsr_html_new(struct dsr_html **out, struct dsr_buffer *buf,
    struct dsr_error *err);
void dsr_html_free(struct dsr_html *h);
/*
 * 0 when all went well and every element is closed, else -1 with the first
 * failure: DSR_ELIMIT (buf is full), DSR_ENOMEM, DSR_EBUG (an element or
 * attribute that is not on the lists, or a wrong close).
 */
int dsr_html_finish(struct dsr_html *h, struct dsr_error *err);

/*
 * The first line, and what must stand first in <head>: the character set, a
 * content security policy that allows nothing but this very stylesheet, and
 * the stylesheet (the program's own, never text from outside).
 */
void dsr_html_doctype(struct dsr_html *h);
void dsr_html_head(struct dsr_html *h, const char *css, size_t len);

/* Elements: names are the program's own literals. */
void dsr_html_open(struct dsr_html *h, const char *element);
void dsr_html_close(struct dsr_html *h, const char *element);
/*
 * Right after dsr_html_open; the value is escaped like text, NULL is the form
 * without one (<details open>).
 */
void dsr_html_attr(struct dsr_html *h, const char *name, const char *value);
/* <a href="#id">; closed with dsr_html_close(h, "a"). */
void dsr_html_open_anchor(struct dsr_html *h, const char *id);
/*
 * <a href="path"> to a member of the archive; only below data/, and only with
 * a safe name (else DSR_EBUG): closed with dsr_html_close(h, "a").
 */
void dsr_html_open_member(struct dsr_html *h, const char *path);

/* The program's own words, escaped; NULL is nothing. */
void dsr_html_text(struct dsr_html *h, const char *text);
/* Text from outside, whatever bytes it holds; NULL is nothing. */
void dsr_html_foreign(struct dsr_html *h, const char *text, size_t len);
/* The same; a newline breaks the line. */
void dsr_html_foreign_lines(struct dsr_html *h, const char *text, size_t len);
/*
 * The program's own sentence with text from outside in the places of %s (or
 * %1$s … %8$s): nothing else of printf's language is known.
 */
void dsr_html_format(struct dsr_html *h, const char *sentence, ...)
    __attribute__((format(printf, 2, 3)));

/* <element>text</element> with the program's own words. */
void dsr_html_simple(struct dsr_html *h, const char *element,
    const char *text);

#endif
