/* SPDX-License-Identifier: ISC */
#include "dossier/html.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/digest.h"
#include "dossier/name.h"
#include "dossier/text.h"

#define MAX_OPEN      64 /* nested elements: our own pages need 50 */
#define MAX_ARGUMENTS 8  /* values of one sentence */

enum element_kind {
	BLOCK,  /* begins on a line of its own */
	INLINE,
	VOID,   /* has no end tag */
	PLAIN   /* holds text only: no <bdi> inside */
};

static const struct element {
	const char *name;
	enum element_kind kind;
} elements[] = {
	{ "a", INLINE }, { "abbr", INLINE }, { "bdi", INLINE },
	{ "body", BLOCK }, { "br", VOID }, { "caption", BLOCK }, { "circle", INLINE },
	{ "code", INLINE }, { "dd", BLOCK }, { "details", BLOCK },
	{ "figcaption", BLOCK }, { "figure", BLOCK },
	{ "div", BLOCK }, { "dl", BLOCK }, { "dt", BLOCK },
	{ "em", INLINE }, { "footer", BLOCK }, { "h1", BLOCK },
	{ "h2", BLOCK }, { "h3", BLOCK }, { "h4", BLOCK },
	{ "head", BLOCK }, { "header", BLOCK }, { "html", BLOCK },
	{ "kbd", INLINE }, { "li", BLOCK }, { "main", BLOCK },
	{ "meta", VOID }, { "nav", BLOCK }, { "ol", BLOCK },
	{ "p", BLOCK }, { "pre", BLOCK }, { "rect", INLINE }, { "section", BLOCK },
	{ "small", INLINE }, { "span", INLINE }, { "strong", INLINE },
	{ "summary", BLOCK }, { "svg", BLOCK }, { "table", BLOCK }, { "tbody", BLOCK },
	{ "td", BLOCK }, { "th", BLOCK }, { "thead", BLOCK },
	{ "time", INLINE }, { "title", PLAIN }, { "tr", BLOCK },
	{ "ul", BLOCK },
};

/* Neither href nor anything else that names a resource is among them. */
static const char *const attributes[] = {
	"aria-describedby", "aria-hidden", "aria-label", "aria-labelledby",
	"class", "colspan", "content", "cx", "cy", "datetime", "dir",
	"height", "id", "lang", "name", "open", "preserveAspectRatio", "r",
	"role", "scope", "tabindex", "translate", "viewBox", "width", "x",
	"y",
};

struct dsr_html {
	struct dsr_buffer *out;
	struct dsr_buffer scratch; /* text on its way */
	struct dsr_error err;      /* the first failure */
	const struct element *open[MAX_OPEN];
	size_t depth;
	bool failed;
	bool in_tag; /* a start tag still takes attributes */
};

int
dsr_html_new(struct dsr_html **out, struct dsr_buffer *buf,
    struct dsr_error *err)
{
	if ((*out = calloc(1, sizeof(**out))) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "page");
	(*out)->out = buf;
	return 0;
}

void
dsr_html_free(struct dsr_html *h)
{
	if (h == NULL)
		return;
	dsr_buffer_fini(&h->scratch);
	free(h);
}

/* Latches a mistake of the program itself. */
static void
refuse(struct dsr_html *h, const char *what, const char *name)
{
	if (!h->failed)
		dsr_fail(&h->err, DSR_EBUG, "page: %s: %s", what, name);
	h->failed = true;
}

/* Bytes that are markup already. */
static void
put(struct dsr_html *h, const char *markup, size_t len)
{
	if (!h->failed &&
	    dsr_buffer_append(h->out, markup, len, &h->err) != 0)
		h->failed = true;
}

static void
put_string(struct dsr_html *h, const char *markup)
{
	put(h, markup, strlen(markup));
}

static void
end_tag(struct dsr_html *h)
{
	if (!h->in_tag)
		return;
	put(h, ">", 1);
	h->in_tag = false;
}

/* Text without controls but newlines: markup becomes character references. */
static void
put_escaped(struct dsr_html *h, const char *text, size_t len)
{
	static const char special[] = "&<>\"'\n";
	static const char *const reference[] = {
		"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "<br>",
	};
	const char *found;
	size_t i, start = 0;

	for (i = 0; i < len && !h->failed; i++) {
		if (text[i] == '\0' ||
		    (found = strchr(special, text[i])) == NULL)
			continue;
		put(h, text + start, i - start);
		put_string(h, reference[found - special]);
		start = i + 1;
	}
	put(h, text + start, len - start);
}

/*
 * The only way of text into the page: first what people cannot see is made
 * visible, then what HTML would read as markup is escaped.
 */
static void
put_text(struct dsr_html *h, const char *text, size_t len, bool lines)
{
	struct dsr_buffer *b = &h->scratch;

	if (h->failed || len == 0)
		return;
	dsr_buffer_reset(b);
	b->max = len > SIZE_MAX / 8 ? SIZE_MAX / 2 : 4 * len;
	if (dsr_text_escape(b, text, len, lines, &h->err) != 0) {
		h->failed = true;
		return;
	}
	put_escaped(h, dsr_buffer_str(b), b->len);
}

static const struct element *
find_element(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		if (strcmp(elements[i].name, name) == 0)
			return &elements[i];
	return NULL;
}

static bool
is_attribute(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (strcmp(attributes[i], name) == 0)
			return true;
	return false;
}

void
dsr_html_doctype(struct dsr_html *h)
{
	put_string(h, "<!DOCTYPE html>");
}

void
dsr_html_head(struct dsr_html *h, const char *css, size_t len)
{
	uint8_t digest[DSR_SHA256_BYTES];

	end_tag(h);
	put_string(h, "\n<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src 'none'; style-src 'sha256-");
	dsr_sha256(digest, css, len);
	if (!h->failed && dsr_base64_encode(h->out, digest, sizeof(digest),
	    &h->err) != 0)
		h->failed = true;
	put_string(h, "'; base-uri 'none'; form-action 'none'\">\n"
	    "<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n"
	    "<style>");
	put(h, css, len);
	put_string(h, "</style>");
}

void
dsr_html_open(struct dsr_html *h, const char *name)
{
	const struct element *e = find_element(name);

	if (e == NULL || h->depth == MAX_OPEN) {
		refuse(h, "cannot be opened", name);
		return;
	}
	end_tag(h);
	if (e->kind == BLOCK || e->kind == PLAIN)
		put(h, "\n", 1);
	put(h, "<", 1);
	put_string(h, e->name);
	h->in_tag = true;
	if (e->kind != VOID)
		h->open[h->depth++] = e;
}

void
dsr_html_close(struct dsr_html *h, const char *name)
{
	end_tag(h);
	if (h->depth == 0 || strcmp(h->open[h->depth - 1]->name, name) != 0) {
		refuse(h, "is not the element that is open", name);
		return;
	}
	h->depth--;
	put(h, "</", 2);
	put_string(h, name);
	put(h, ">", 1);
	if (h->depth == 0)
		put(h, "\n", 1);
}

void
dsr_html_attr(struct dsr_html *h, const char *name, const char *value)
{
	if (!h->in_tag || !is_attribute(name)) {
		refuse(h, "not an attribute here", name);
		return;
	}
	put(h, " ", 1);
	put_string(h, name);
	if (value == NULL)
		return;
	put(h, "=\"", 2);
	put_text(h, value, strlen(value), false);
	put(h, "\"", 1);
}

/* path holds no character that needs escaping: the callers see to it. */
static void
open_link(struct dsr_html *h, const char *prefix, const char *path)
{
	dsr_html_open(h, "a");
	put_string(h, " href=\"");
	put_string(h, prefix);
	put_string(h, path);
	put(h, "\"", 1);
}

void
dsr_html_open_anchor(struct dsr_html *h, const char *id)
{
	if (!dsr_identifier_is_safe(id, strlen(id))) {
		refuse(h, "not an anchor", id);
		return;
	}
	open_link(h, "#", id);
}

void
dsr_html_open_member(struct dsr_html *h, const char *path)
{
	if (strncmp(path, "data/", 5) != 0 ||
	    !dsr_name_is_safe(path, strlen(path))) {
		refuse(h, "not a link", "the path of a member");
		return;
	}
	open_link(h, "", path);
}

void
dsr_html_text(struct dsr_html *h, const char *text)
{
	end_tag(h);
	if (text != NULL)
		put_text(h, text, strlen(text), false);
}

static void
put_foreign(struct dsr_html *h, const char *text, size_t len, bool lines)
{
	bool plain = h->depth > 0 && h->open[h->depth - 1]->kind == PLAIN;

	end_tag(h);
	if (text == NULL || len == 0)
		return;
	if (!plain)
		put_string(h, "<bdi>");
	put_text(h, text, len, lines && !plain);
	if (!plain)
		put_string(h, "</bdi>");
}

void
dsr_html_foreign(struct dsr_html *h, const char *text, size_t len)
{
	put_foreign(h, text, len, false);
}

void
dsr_html_foreign_lines(struct dsr_html *h, const char *text, size_t len)
{
	put_foreign(h, text, len, true);
}

/*
 * A place for a value at s: its number (0 for %s, n for %n$s) into *number,
 * its length as the result; 0 when none stands there.
 */
static size_t
parse_place(const char *s, size_t *number)
{
	if (s[0] != '%')
		return 0;
	*number = 0;
	if (s[1] == 's')
		return 2;
	if (s[1] >= '1' && s[1] <= '0' + MAX_ARGUMENTS && s[2] == '$' &&
	    s[3] == 's') {
		*number = (size_t)(s[1] - '0');
		return 4;
	}
	return 0;
}

/* How many values a sentence wants. */
static size_t
count_places(const char *sentence)
{
	const char *s;
	size_t number, plain = 0, most = 0;

	for (s = sentence; *s != '\0'; s++) {
		if (parse_place(s, &number) == 0)
			continue;
		plain += number == 0;
		most = number > most ? number : most;
	}
	most = plain > most ? plain : most;
	return most < MAX_ARGUMENTS ? most : MAX_ARGUMENTS;
}

void
dsr_html_format(struct dsr_html *h, const char *sentence, ...)
{
	const char *value[MAX_ARGUMENTS] = { NULL }, *s, *start;
	size_t i, count = count_places(sentence), number, len, next = 0;
	va_list ap;

	va_start(ap, sentence);
	for (i = 0; i < count; i++)
		value[i] = va_arg(ap, const char *);
	va_end(ap);
	end_tag(h);
	for (s = start = sentence; *s != '\0';) {
		if ((len = parse_place(s, &number)) == 0) {
			s++;
			continue;
		}
		put_text(h, start, (size_t)(s - start), false);
		number = number == 0 ? next++ : number - 1;
		if (number < count && value[number] != NULL)
			put_foreign(h, value[number], strlen(value[number]),
			    false);
		s += len;
		start = s;
	}
	put_text(h, start, (size_t)(s - start), false);
}

void
dsr_html_simple(struct dsr_html *h, const char *element, const char *text)
{
	dsr_html_open(h, element);
	dsr_html_text(h, text);
	dsr_html_close(h, element);
}

int
dsr_html_finish(struct dsr_html *h, struct dsr_error *err)
{
	end_tag(h);
	if (h->depth > 0)
		refuse(h, "is still open", h->open[h->depth - 1]->name);
	if (!h->failed)
		return 0;
	*err = h->err;
	return -1;
}
