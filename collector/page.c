/* SPDX-License-Identifier: ISC */
/* Where the next page is, and when a list goes in circles: section 8.1. */
#include "collection.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dossier/limits.h"
#include "dossier/text.h"
#include "path.h"
#include "url.h"

#define MOST_GROWING 3u /* links in a row that only grow */

static const struct pagination no_pagination = { .strategy = PAGING_NONE };

const struct pagination *
pagination_of(const struct connector *k, const struct request *q)
{
	if (q->pagination != NULL)
		return q->pagination;
	if (q->data_path != NULL && k->defaults.pagination != NULL)
		return k->defaults.pagination;
	return &no_pagination;
}

uint64_t
page_start(const struct pagination *p)
{
	if (p->start != UINT64_MAX)
		return p->start;
	return p->strategy == PAGING_PAGE_NUMBER ? 1 : 0;
}

/* ---- Link headers: RFC 8288 ---------------------------------------------- */

/* Is rel among the words of the parameters (up to end)? */
static bool
has_relation(const char *s, const char *end, const char *rel)
{
	size_t len = strlen(rel);

	while (s < end && *s == ';') {
		const char *name = s + 1 + strspn(s + 1, " \t");
		const char *value, *stop;
		bool quoted;

		value = name + strcspn(name, "=;,");
		if (value >= end || *value != '=') {
			s = value;
			continue;
		}
		quoted = value[1] == '"';
		value += quoted ? 2 : 1;
		stop = value + strcspn(value, quoted ? "\"" : ";, \t");
		if (strncasecmp(name, "rel=", 4) == 0 ||
		    strncasecmp(name, "rel =", 5) == 0)
			for (const char *w = value; w < stop;
			     w += strcspn(w, " \"") + 1)
				if ((size_t)(stop - w) >= len &&
				    strncasecmp(w, rel, len) == 0 &&
				    (w + len == stop || w[len] == ' '))
					return true;
		s = stop + quoted;
		s += strspn(s, " \t");
	}
	return false;
}

/* The address of a relation in one header's value; NULL. */
static const char *
find_in_link(const char *s, const char *rel, size_t *len)
{
	const char *open, *close, *end;

	while ((open = strchr(s, '<')) != NULL &&
	    (close = strchr(open, '>')) != NULL) {
		/* up to the next '<' behind a comma: commas may be quoted */
		end = strstr(close, ",<");
		if (end == NULL)
			end = strstr(close, ", <");
		if (end == NULL)
			end = close + strlen(close);
		if (has_relation(close + 1 + strspn(close + 1, " \t"), end,
		        rel))
			break;
		s = close + 1;
	}
	if (open == NULL || close == NULL)
		return NULL;
	*len = (size_t)(close - open) - 1;
	return open + 1;
}

/* A header of one line, or the address in it that is meant; in out. */
static int
read_header(char **out, const struct pagination *p, const char *value,
    size_t len, struct dsr_error *err)
{
	char *copy = strndup(value, len);
	const char *link;

	if (copy != NULL && p->strategy == PAGING_LINK) {
		link = find_in_link(copy, p->rel, &len);
		if (link == NULL) {
			free(copy);
			return 0;
		}
		(void)memmove(copy, link, len);
		copy[len] = '\0';
	}
	*out = copy;
	return copy != NULL ? 0 : dsr_fail(err, DSR_ENOMEM, "page");
}

int
page_header(char **out, const struct fetch *f, const struct pagination *p,
    struct dsr_error *err)
{
	const char *from = NULL, *value;
	char name[257];
	size_t len;

	*out = NULL;
	if (p->source != SOURCE_HEADER)
		return 0;
	(void)snprintf(name, sizeof(name), "%s",
	    p->strategy == PAGING_LINK ? "link" : p->header);
	for (char *c = name; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	while (*out == NULL &&
	    (value = fetch_next_header(f, name, &from, &len)) != NULL)
		if (read_header(out, p, value, len, err) != 0)
			return -1;
	return 0;
}

/* ---- strategies ---------------------------------------------------------- */

struct turn {
	struct job *j;
	const struct pagination *p;
	char **next;
	const char **reason;
	struct dsr_error *err;
};

static int
broken(const struct turn *t, const char *reason)
{
	*t->reason = reason;
	return PAGE_BROKEN;
}

static const struct dsr_json_value *
root_of(const struct job *j)
{
	return j->page.json == NULL ? NULL : dsr_json_root(j->page.json);
}

enum text { TEXT_NONE, TEXT_THERE, TEXT_ODD };

/* Text of a value of the body, in out: TEXT_ODD, when it is something else that
 * is not nothing; -1. */
static int
text_of(char **out, const struct turn *t, const struct dsr_json_value *v)
{
	struct dsr_buffer text;
	int result;

	*out = NULL;
	if (v == NULL || dsr_json_type_of(v) == DSR_JSON_NULL)
		return TEXT_NONE;
	dsr_buffer_init(&text, DSR_MAX_URL);
	result = path_text(v, t->j->page.body.data, &text, t->err);
	if (result == 0)
		result = TEXT_ODD;
	else if (result == 1 && text.len == 0)
		result = TEXT_NONE;
	else if (result == 1)
		*out = dsr_buffer_take(&text);
	dsr_buffer_fini(&text);
	return result;
}

static int
text_of_next(char **out, const struct turn *t)
{
	struct job *j = t->j;

	if (t->p->source != SOURCE_HEADER)
		return text_of(out, t, path_find(root_of(j), t->p->path));
	*out = j->page.link;
	j->page.link = NULL;
	if (*out == NULL)
		return TEXT_NONE;
	if ((*out)[0] != '\0')
		return TEXT_THERE;
	free(*out);
	*out = NULL;
	return TEXT_NONE;
}

static int
next_link(const struct turn *t)
{
	struct dsr_buffer target;
	enum link_verdict verdict;
	char *link;
	int there = text_of_next(&link, t);

	if (there == TEXT_ODD)
		return broken(t, "unexpected-shape");
	if (there != TEXT_THERE)
		return there < 0 ? -1 : PAGE_LAST;
	dsr_buffer_init(&target, 2 * DSR_MAX_URL);
	verdict = link_judge(&target, link, dsr_buffer_str(&t->j->url),
	    (const char *const *)t->j->c->hosts, t->err);
	free(link);
	if (verdict == LINK_GOOD)
		*t->next = dsr_buffer_take(&target);
	dsr_buffer_fini(&target);
	if (verdict == LINK_FAILED)
		return -1;
	return verdict == LINK_GOOD ? PAGE_MORE : broken(t, "foreign-link");
}

static bool
says(const struct job *j, const struct path *path, enum dsr_json_type type)
{
	const struct dsr_json_value *v =
	    path == NULL ? NULL : path_find(root_of(j), path);

	return v != NULL && dsr_json_type_of(v) == type;
}

static int
next_cursor(const struct turn *t)
{
	int there = text_of_next(t->next, t);

	if (there < 0)
		return -1;
	if (there == TEXT_ODD)
		return broken(t, "unexpected-shape");
	if (there == TEXT_THERE)
		return PAGE_MORE;
	if (says(t->j, t->p->has_more_path, DSR_JSON_TRUE))
		return broken(t, "page-link-missing");
	return PAGE_LAST;
}

/* Offset and page number: counted here, the service says at most the total. */
static int
next_number(const struct turn *t)
{
	bool pages = t->p->strategy == PAGING_PAGE_NUMBER;
	uint64_t at = page_start(t->p), next;
	int64_t total;
	char text[24];

	if (t->j->next != NULL &&
	    !dsr_parse_u64(t->j->next, strlen(t->j->next), INT64_MAX, &at))
		return dsr_fail(t->err, DSR_EINPUT,
		    "the case is damaged: a page");
	next = at + (pages ? 1 : t->j->page.items);
	if (t->p->total_path != NULL &&
	    dsr_json_integer(path_find(root_of(t->j), t->p->total_path),
	        &total) &&
	    (pages ? next - page_start(t->p) : next) >= (uint64_t)total)
		return PAGE_LAST;
	if (!pages && t->j->page.items == 0 &&
	    !says(t->j, t->p->has_more_path, DSR_JSON_TRUE))
		return PAGE_LAST;
	(void)snprintf(text, sizeof(text), "%" PRIu64, next);
	*t->next = strdup(text);
	return *t->next != NULL ? PAGE_MORE
	                        : dsr_fail(t->err, DSR_ENOMEM, "page");
}

static int
next_keyset(const struct turn *t)
{
	const struct dsr_json_value *item = t->j->page.first, *last = NULL;
	int there;

	if (t->j->page.items == 0)
		return PAGE_LAST;
	for (size_t i = 0; i < t->j->page.items; i++) {
		last = item;
		item = dsr_json_next(item);
	}
	there = text_of(t->next, t, path_find(last, t->p->path));
	if (there < 0)
		return -1;
	return there == TEXT_THERE ? PAGE_MORE : broken(t, "page-link-missing");
}

/* ---- loops --------------------------------------------------------------- */

/* 1 when the mark was there already. */
static int
mark(const struct turn *t, const char *kind, const char *text)
{
	uint8_t digest[DSR_SHA256_BYTES];
	struct dsr_buffer whole;
	int result;

	dsr_buffer_init(&whole, 2 * DSR_MAX_URL);
	result = dsr_buffer_puts(&whole, kind, t->err) != 0 ||
	        dsr_buffer_puts(&whole, text, t->err) != 0
	    ? -1
	    : 0;
	if (result == 0) {
		dsr_sha256(digest, whole.data, whole.len);
		result = dsr_case_mark(t->j->c->store, t->j->task, digest,
		    t->err);
	}
	dsr_buffer_fini(&whole);
	return result;
}

static bool
only_grows(struct job *j, const char *next)
{
	if (j->next == NULL ||
	    strncmp(next, j->next, strlen(j->next)) != 0) {
		j->growing = 0;
		return false;
	}
	return ++j->growing >= MOST_GROWING;
}

/* Was this page, or the next one, there before? 1, 0, -1. */
static int
is_circle(const struct turn *t)
{
	const struct request *q =
	    connector_endpoint(t->j->c->k, t->j->endpoint)->requests.read;
	bool link = t->p->strategy == PAGING_LINK;
	char *first;
	int seen, there;

	if (link && only_grows(t->j, *t->next))
		return 1;
	if (link && t->j->next == NULL &&
	    mark(t, "next ", dsr_buffer_str(&t->j->url)) < 0)
		return -1;
	seen = mark(t, "next ", *t->next);
	if (seen != 0 || q->primary_key == NULL || t->j->page.items == 0)
		return seen;
	there = text_of(&first, t, path_find(t->j->page.first, q->primary_key));
	if (there != TEXT_THERE)
		return there < 0 ? -1 : 0;
	seen = mark(t, "first ", first);
	free(first);
	return seen;
}

static int
find_next(const struct turn *t)
{
	bool stop = t->p->stop_after_empty_page != NULL
	    ? *t->p->stop_after_empty_page
	    : t->p->strategy != PAGING_LINK && t->p->strategy != PAGING_CURSOR;

	if (says(t->j, t->p->has_more_path, DSR_JSON_FALSE) ||
	    (stop && t->j->page.items == 0))
		return PAGE_LAST;
	switch ((enum paging)t->p->strategy) {
	case PAGING_NONE:
		return PAGE_LAST;
	case PAGING_LINK:
		return next_link(t);
	case PAGING_CURSOR:
		return next_cursor(t);
	case PAGING_OFFSET:
	case PAGING_PAGE_NUMBER:
		return next_number(t);
	case PAGING_KEYSET:
		return next_keyset(t);
	}
	return PAGE_LAST;
}

int
page_next(struct job *j, char **next, const char **reason,
    struct dsr_error *err)
{
	const struct turn t = { j,
		pagination_of(j->c->k,
		    connector_endpoint(j->c->k, j->endpoint)->requests.read),
		next, reason, err };
	int result, circle;

	*next = NULL;
	if (t.p->strategy == PAGING_NONE)
		return PAGE_LAST;
	result = find_next(&t);
	if (result != PAGE_MORE)
		return result;
	circle = is_circle(&t);
	if (circle == 0 && j->page_number + 1 < t.p->maximum_page)
		return PAGE_MORE;
	free(*next);
	*next = NULL;
	if (circle < 0)
		return -1;
	return broken(&t, circle == 1 ? "page-repeats" : "page-limit");
}
