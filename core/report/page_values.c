/* SPDX-License-Identifier: ISC */
/*
 * A JSON document as nested lists: members with their labels, entries of
 * arrays by number. No recursion: what is open stands on a stack of fixed
 * depth.
 */
#include "page_parts.h"

#include <stdio.h>
#include <string.h>

#include "dossier/language.h"

#define DEPTH_SHOWN    12u    /* nested lists */
#define VALUES_SHOWN   1500u  /* of one document */
#define BYTES_SHOWN    262144u /* of the page for one document */
#define UNFOLDED       12u    /* entries of an inner list that is not folded */
#define UNFOLDED_BYTES 1200u  /* of the document, likewise */
#define ENTRIES_INLINE 200u   /* bytes of a list that is written in one line */
#define NAME_SHOWN     200u   /* bytes of a name */
#define PATH_BYTES     512u   /* of keys joined by dots: longer has no label */

/* A list that is open. */
struct level {
	const struct dsr_json_value *container;
	const struct dsr_json_value *next;
	size_t path_len; /* of the path to the container */
	bool folded;
};

struct walk {
	const struct page_writer *w;
	const struct page_source *source;
	struct level open[DEPTH_SHOWN];
	size_t depth;
	size_t written;  /* values */
	size_t limit;    /* bytes of the page */
	char path[PATH_BYTES];
	size_t path_len;
	bool cut;
};

static bool
is_object(const struct dsr_json_value *v)
{
	return dsr_json_type_of(v) == DSR_JSON_OBJECT;
}

static bool
is_container(const struct dsr_json_value *v)
{
	return (is_object(v) || dsr_json_type_of(v) == DSR_JSON_ARRAY) &&
	    dsr_json_count(v) > 0;
}

static void
write_mark(const struct page_writer *w, const char *text)
{
	dsr_html_open(w->html, "span");
	dsr_html_attr(w->html, "class", "soft");
	dsr_html_text(w->html, text);
	dsr_html_close(w->html, "span");
}

/* ---- names ---------------------------------------------------------------- */

static void
enter_path(struct walk *k, const char *name)
{
	size_t len = strlen(name), dot = k->path_len > 0 ? 1 : 0;

	if (k->path_len + dot + len >= sizeof(k->path))
		return; /* what lies deeper has the label of its name alone */
	if (dot > 0)
		k->path[k->path_len++] = '.';
	memcpy(k->path + k->path_len, name, len + 1);
	k->path_len += len;
}

static void
leave_path(struct walk *k, size_t len)
{
	k->path_len = len;
	k->path[len] = '\0';
}

/* The key as a C string, or NULL when it is none. */
static const char *
name_of(const struct dsr_json_value *v)
{
	size_t len;
	const char *key = dsr_json_key(v, &len);

	return key == NULL || strlen(key) != len ? NULL : key;
}

static void
write_name(const struct walk *k, const struct dsr_json_value *v)
{
	const char *name = name_of(v), *label = NULL, *key;
	size_t offset, len;

	if (name != NULL)
		label = dsr_label_find(&k->source->labels, k->path, name,
		    k->w->language);
	if (label != NULL) {
		dsr_page_cut(k->w, label, strlen(label), NAME_SHOWN);
		return;
	}
	if (name != NULL && (label = dsr_page_common_name(name)) != NULL) {
		dsr_html_text(k->w->html, label);
		return;
	}
	if ((key = dsr_json_key(v, &len)) != NULL && len > 0)
		dsr_page_cut(k->w, key, len, NAME_SHOWN);
	else if (key != NULL)
		write_mark(k->w, _("(no name)"));
	else if (dsr_json_key_span(v, &offset, &len) && len >= 2)
		dsr_page_cut(k->w, k->source->text + offset + 1, len - 2,
		    NAME_SHOWN);
}

/* A name that stands twice in an object: most programs see one of the two. */
static bool
is_repeated(const struct dsr_json_value *object,
    const struct dsr_json_value *v)
{
	const char *name = name_of(v);
	const struct dsr_json_value *first;

	if (name == NULL)
		return false;
	first = dsr_json_get(object, name);
	return first != NULL && first != v;
}

/* ---- lists ---------------------------------------------------------------- */

static void
open_item(struct walk *k, const struct level *top,
    const struct dsr_json_value *v)
{
	struct dsr_html *h = k->w->html;
	const char *name;

	if (!is_object(top->container)) {
		dsr_html_open(h, "li");
		return;
	}
	leave_path(k, top->path_len);
	if ((name = name_of(v)) != NULL)
		enter_path(k, name);
	dsr_html_open(h, "dt");
	write_name(k, v);
	if (is_repeated(top->container, v)) {
		dsr_html_text(h, " ");
		write_mark(k->w, _("(this name stands in the document more "
		    "than once)"));
	}
	dsr_html_close(h, "dt");
	dsr_html_open(h, "dd");
}

static void
close_item(struct walk *k, const struct level *top)
{
	dsr_html_close(k->w->html, is_object(top->container) ? "dd" : "li");
}

static void
open_list(struct walk *k, const struct dsr_json_value *v)
{
	struct level *l = &k->open[k->depth];
	struct dsr_html *h = k->w->html;
	char number[PAGE_WORD_SIZE];
	size_t count = dsr_json_count(v), offset, len;

	dsr_json_span(v, &offset, &len);
	l->container = v;
	l->next = dsr_json_first(v);
	l->path_len = k->path_len;
	l->folded = k->depth > 0 &&
	    (count > UNFOLDED || len > UNFOLDED_BYTES);
	if (l->folded) {
		dsr_page_number(number, k->w, count);
		dsr_html_open(h, "details");
		dsr_html_open(h, "summary");
		dsr_html_format(h, P_("%s entry", "%s entries",
		    dsr_page_plural(count)), number);
		dsr_html_close(h, "summary");
	}
	k->depth++;
	if (is_object(v)) {
		dsr_html_open(h, "dl");
		return;
	}
	dsr_html_open(h, "ol");
}

static void
close_list(struct walk *k)
{
	const struct level *l = &k->open[--k->depth];
	struct dsr_html *h = k->w->html;

	dsr_html_close(h, is_object(l->container) ? "dl" : "ol");
	if (l->folded)
		dsr_html_close(h, "details");
	leave_path(k, l->path_len);
	if (k->depth > 0)
		close_item(k, &k->open[k->depth - 1]);
}

/* Numbers and short words in a row: "3, 5, 8". */
static bool
is_inline(const struct dsr_json_value *v)
{
	const struct dsr_json_value *e;
	size_t offset, len;

	dsr_json_span(v, &offset, &len);
	if (dsr_json_type_of(v) != DSR_JSON_ARRAY || len > ENTRIES_INLINE)
		return false;
	for (e = dsr_json_first(v); e != NULL; e = dsr_json_next(e))
		if (is_object(e) || dsr_json_type_of(e) == DSR_JSON_ARRAY)
			return false;
	return true;
}

static void
write_inline(struct walk *k, const struct dsr_json_value *v, const char *name)
{
	const struct dsr_json_value *e;

	for (e = dsr_json_first(v); e != NULL; e = dsr_json_next(e)) {
		dsr_page_scalar(k->w, k->source, name, e);
		k->written++;
		if (dsr_json_next(e) != NULL)
			dsr_html_text(k->w->html, ", ");
	}
}

/* What no more fits is said where it would stand. */
static void
write_cut(struct walk *k, const struct level *top)
{
	struct dsr_html *h = k->w->html;
	bool object = is_object(top->container);

	if (object)
		dsr_html_simple(h, "dt", "…");
	dsr_html_open(h, object ? "dd" : "li");
	write_mark(k->w, _("(cut here: the whole document is in the file)"));
	dsr_html_close(h, object ? "dd" : "li");
	k->cut = true;
}

static void
write_value(struct walk *k, const struct level *top,
    const struct dsr_json_value *v)
{
	const char *name = is_object(top->container) ? name_of(v) : NULL;

	if (is_container(v) && !is_inline(v)) {
		if (k->depth < DEPTH_SHOWN) {
			open_list(k, v);
			return; /* the item is closed with its list */
		}
		write_mark(k->w, _("(cut here: the whole document is in the "
		    "file)"));
	} else if (is_container(v)) {
		write_inline(k, v, name);
	} else {
		dsr_page_scalar(k->w, k->source, name, v);
	}
	close_item(k, top);
}

static void
take_next(struct walk *k)
{
	struct level *top = &k->open[k->depth - 1];
	const struct dsr_json_value *v = top->next;

	if (v == NULL || k->cut) {
		close_list(k);
		return;
	}
	if (++k->written > VALUES_SHOWN || k->w->out->len > k->limit) {
		write_cut(k, top);
		return;
	}
	top->next = dsr_json_next(v);
	open_item(k, top, v);
	write_value(k, top, v);
}

void
dsr_page_values(const struct page_writer *w, const struct page_source *source,
    const struct dsr_json_value *root)
{
	struct walk k;

	if (!is_container(root)) {
		dsr_html_open(w->html, "p");
		dsr_page_scalar(w, source, NULL, root);
		dsr_html_close(w->html, "p");
		return;
	}
	memset(&k, 0, sizeof(k));
	k.w = w;
	k.source = source;
	k.limit = w->out->len + BYTES_SHOWN;
	open_list(&k, root);
	while (k.depth > 0)
		take_next(&k);
}
