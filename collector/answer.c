/* SPDX-License-Identifier: ISC */
/* A good answer: is it what the connector says, and whose items are in it? */
#include "collection.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/clock.h"
#include "dossier/limits.h"
#include "path.h"
#include "subject.h"
#include "url.h"

static void
content_fini(struct content *one)
{
	evidence_fini(&one->evidence);
	dsr_buffer_fini(&one->body);
	dsr_blob_free(one->blob);
	free(one->media_type);
	free(one->url);
}

void
page_forget_trail(struct page *p)
{
	for (size_t i = 0; i < p->trail_count; i++)
		evidence_fini(&p->trail[i]);
	free(p->trail);
	p->trail = NULL;
	p->trail_count = 0;
}

void
page_fini(struct page *p)
{
	for (size_t i = 0; i < p->content_count; i++)
		content_fini(&p->contents[i]);
	page_forget_trail(p);
	free(p->contents);
	free(p->kept);
	free(p->link);
	free(p->media_type);
	free(p->recorded_url);
	dsr_json_free(p->json);
	dsr_buffer_fini(&p->body);
	dsr_blob_free(p->blob);
	(void)memset(p, 0, sizeof(*p));
}

int
page_add_trail(struct job *j, struct dsr_error *err)
{
	struct evidence *more = realloc(j->page.trail,
	    (j->page.trail_count + 1) * sizeof(*more));

	if (more == NULL)
		return dsr_fail(err, DSR_ENOMEM, "exchanges");
	j->page.trail = more;
	if (evidence_take(&more[j->page.trail_count], j, err) != 0)
		return -1;
	j->page.trail_count++;
	j->attempt_count = 0;
	return 0;
}

int
answer_media_type(char **out, const struct fetch *f, struct dsr_error *err)
{
	char value[256];
	size_t len;

	*out = NULL;
	if (!fetch_get_header(f, "content-type", value, sizeof(value)))
		return 0;
	len = strcspn(value, "; \t,");
	for (size_t i = 0; i < len; i++) {
		if (value[i] >= 'A' && value[i] <= 'Z')
			value[i] = (char)(value[i] - 'A' + 'a');
		if (value[i] <= ' ' || value[i] > '~')
			return 0;
	}
	if (len > 0 && (*out = strndup(value, len)) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "answer");
	return 0;
}

/* Moves what is kept of the answer out of the fetch, which is used again. */
static int
move_answer(struct job *j, struct dsr_error *err)
{
	struct page *p = &j->page;

	if (page_add_trail(j, err) != 0)
		return -1;
	p->body = j->fetch.content;
	dsr_buffer_init(&j->fetch.content, DSR_MAX_BODY_MEMORY);
	p->blob = j->fetch.blob;
	j->fetch.blob = NULL;
	p->size = j->fetch.size;
	(void)memcpy(p->sha256, j->fetch.sha256, sizeof(p->sha256));
	p->status = j->fetch.status;
	if (answer_media_type(&p->media_type, &j->fetch, err) != 0 ||
	    page_header(&p->link, &j->fetch, pagination_of(j->c->k, j->request),
	        err) != 0)
		return -1;
	p->odd = j->request->bytes &&
	    answer_is_odd_markup(j, j->request->path->text, p->media_type);
	p->recorded_url = strdup(dsr_buffer_str(&j->recorded));
	dsr_time_format(p->retrieved, &j->fetch.ended, 3);
	return p->recorded_url != NULL ? 0
	                               : dsr_fail(err, DSR_ENOMEM, "answer");
}

/* ---- shape --------------------------------------------------------------- */

static bool
is_wanted_value(const struct job *j, const struct dsr_json_value *found,
    const struct dsr_json_value *wanted)
{
	const char *a, *b;
	size_t offset, len, wanted_offset, wanted_len;

	if (found == NULL)
		return false;
	if (wanted == NULL)
		return dsr_json_type_of(found) == DSR_JSON_TRUE;
	if (dsr_json_type_of(found) != dsr_json_type_of(wanted))
		return false;
	if (dsr_json_type_of(found) == DSR_JSON_STRING) {
		a = dsr_json_string(found, NULL);
		b = dsr_json_string(wanted, NULL);
		return a != NULL && b != NULL && strcmp(a, b) == 0;
	}
	dsr_json_span(found, &offset, &len);
	dsr_json_span(wanted, &wanted_offset, &wanted_len);
	return len == wanted_len &&
	    memcmp(j->page.body.data + offset,
	        j->c->k->text.data + wanted_offset, len) == 0;
}

/* The items: elements of an array, one object, or none; false: neither. */
static bool
find_items(struct page *p, const struct request *q)
{
	const struct dsr_json_value *root = dsr_json_root(p->json), *data;

	if (q->data_path == NULL) {
		p->first = root;
		p->items = 1;
		return true;
	}
	data = path_find(root, q->data_path);
	/* without it this is an empty list only when the answer says "success" */
	if (data == NULL)
		return q->success_path != NULL;
	if (dsr_json_type_of(data) == DSR_JSON_NULL)
		return true;
	if (dsr_json_type_of(data) == DSR_JSON_ARRAY) {
		p->first = dsr_json_first(data);
		p->items = dsr_json_count(data);
		p->in_array = true;
		return true;
	}
	p->first = data;
	p->items = 1;
	/* one item in place of a list: not any message */
	return dsr_json_type_of(data) == DSR_JSON_OBJECT &&
	    (q->primary_key == NULL ||
	        path_find(data, q->primary_key) != NULL);
}

/*
 * An error that came with a 200: an object with "error", and without what the
 * connector wants to find in it.
 */
static bool
is_error(const struct page *p, const struct request *q)
{
	static const char *const keys[] = { "error" };
	static const struct path path = { keys, 1, "error" };
	const struct path *wanted =
	    q->data_path != NULL ? q->data_path : q->primary_key;
	const struct dsr_json_value *root = dsr_json_root(p->json);
	const struct dsr_json_value *error = path_find(root, &path);

	if (error == NULL || dsr_json_type_of(error) == DSR_JSON_NULL)
		return false;
	return wanted != NULL && wanted->count > 0
	    ? path_find(root, wanted) == NULL
	    : dsr_json_count(root) == 1;
}

static int
parse_answer(struct job *j, const struct request *q, const char **reason,
    struct dsr_error *err)
{
	struct page *p = &j->page;
	struct dsr_error why;

	if (p->body.len == 0 && p->status != 200)
		return 0; /* 204: nothing, and no gap */
	if (dsr_json_parse(&p->json, p->body.data, p->body.len, false, &why) !=
	    0) {
		if (why.code == DSR_ENOMEM) {
			*err = why;
			return -1;
		}
		*reason = why.code == DSR_ELIMIT ? "too-large" : "not-json";
		return 1;
	}
	if (q->success_path != NULL
	        ? !is_wanted_value(j,
	              path_find(dsr_json_root(p->json), q->success_path),
	              q->success_value)
	        : is_error(p, q)) {
		*reason = "error-in-success";
		return 1;
	}
	if (!find_items(p, q)) {
		*reason = "unexpected-shape";
		return 1;
	}
	return 0;
}

/* ---- whose items --------------------------------------------------------- */

static int
select_items(struct job *j, const struct endpoint *e, struct dsr_error *err)
{
	bool filtered = j->c->lanes[j->endpoint].filtered;
	const struct dsr_json_value *item = j->page.first;
	struct page *p = &j->page;

	p->kept = calloc(p->items + 1, sizeof(*p->kept));
	if (p->kept == NULL)
		return dsr_fail(err, DSR_ENOMEM, "items");
	for (size_t i = 0; i < p->items; i++, item = dsr_json_next(item)) {
		enum subject whose = SUBJECT_PERSON;
		bool doubled = false;

		if (filtered && subject_of(j->c, e, item, p->body.data, &whose,
		                    &doubled, err) != 0)
			return -1;
		p->kept[i] = whose != SUBJECT_OTHER;
		p->kept_count += p->kept[i];
		p->unjudged = p->unjudged || (doubled && !p->kept[i]);
	}
	return 0;
}

/* ---- downloads ----------------------------------------------------------- */

struct targets {
	struct job *j;
	uint64_t item;
	uint64_t part;
};

static int
add_content(struct targets *t, char *url, struct dsr_error *err)
{
	struct page *p = &t->j->page;
	struct content *more =
	    realloc(p->contents, (p->content_count + 1) * sizeof(*more));

	if (more == NULL || url == NULL) {
		free(url);
		if (more != NULL)
			p->contents = more;
		return dsr_fail(err, DSR_ENOMEM, "downloads");
	}
	p->contents = more;
	more += p->content_count++;
	(void)memset(more, 0, sizeof(*more));
	more->url = url;
	more->item = t->item;
	more->part = ++t->part;
	dsr_buffer_init(&more->body, DSR_MAX_BODY_MEMORY);
	return 0;
}

static int
add_address(void *ctx, const struct dsr_json_value *v, struct dsr_error *err)
{
	const char *s = dsr_json_string(v, NULL);

	if (s == NULL || s[0] == '\0')
		return 0;
	return add_content(ctx, strdup(s), err);
}

/* The address in pieces: nothing when one of them is missing. */
static int
add_joined(struct targets *t, const struct request *q,
    const struct dsr_json_value *item, struct dsr_error *err)
{
	const struct path *const *parts = q->url_parts.items;
	struct dsr_buffer url;
	int result = 0;

	dsr_buffer_init(&url, 4 * DSR_MAX_URL);
	for (size_t i = 0; i < q->url_parts.count && result == 0; i++) {
		const char *s = dsr_json_string(path_find(item, parts[i]),
		    NULL);

		result = s == NULL ? 1 : dsr_buffer_puts(&url, s, err);
	}
	if (result == 0)
		result = add_content(t, dsr_buffer_take(&url), err);
	dsr_buffer_fini(&url);
	return result < 0 ? -1 : 0;
}

static int
add_declared(struct targets *t, const struct endpoint *e,
    struct dsr_error *err)
{
	const struct scope scope = job_scope(t->j);
	struct dsr_buffer url, recorded;
	const char *reason;
	int result;

	dsr_buffer_init(&url, 4 * DSR_MAX_URL);
	dsr_buffer_init(&recorded, 4 * DSR_MAX_URL);
	result = ask_address(&scope, e, e->requests.content, &url, &recorded,
	    &reason, err);
	if (result == 0)
		result = add_content(t, dsr_buffer_take(&url), err);
	dsr_buffer_fini(&url);
	dsr_buffer_fini(&recorded);
	return result < 0 ? -1 : 0;
}

static int
find_contents(struct job *j, const struct endpoint *e, struct dsr_error *err)
{
	const struct request *q = e->requests.content;
	const struct dsr_json_value *item = j->page.first;
	int result = 0;

	if (q == NULL)
		return 0;
	for (size_t i = 0; i < j->page.items && result == 0;
	     i++, item = dsr_json_next(item)) {
		struct targets t = { j, i, 0 };
		size_t before = j->page.content_count;

		if (!j->page.kept[i])
			continue;
		if (q->url_path != NULL)
			result = path_each(item, q->url_path, add_address, &t,
			    err);
		else if (q->url_parts.count > 0)
			result = add_joined(&t, q, item, err);
		else if (i == 0)
			result = add_declared(&t, e, err);
		if (result == 0 && j->page.content_count == before &&
		    q->path == NULL &&
		    (q->required == NULL || *q->required)) {
			/* a place for the gap: there is no address */
			result = add_content(&t, strdup(""), err);
			if (result == 0) {
				j->page.contents[before].reason =
				    "content-not-given";
				j->page.contents[before].status = DSR_NONE;
			}
		}
	}
	return result;
}

int
answer_take(struct job *j, const char **reason, struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(j->c->k, j->endpoint);
	const struct request *q = j->request;
	int result;

	if (move_answer(j, err) != 0)
		return -1;
	if (q->bytes)
		return 0;
	result = parse_answer(j, q, reason, err);
	if (result != 0)
		return result;
	if (select_items(j, e, err) != 0)
		return -1;
	return find_contents(j, e, err);
}
