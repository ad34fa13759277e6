/* SPDX-License-Identifier: ISC */
/* What a list tells of itself that cannot all be true: section 8.1. */
#include "collection.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dossier/digest.h"
#include "dossier/limits.h"
#include "dossier/text.h"
#include "path.h"

/* 1 when the list had this before; marks are kept as long as its task. */
static int
was_there(struct job *j, const char *kind, const void *text, size_t len,
    struct dsr_error *err)
{
	uint8_t digest[DSR_SHA256_BYTES];
	struct dsr_buffer whole;
	int result = -1;

	dsr_buffer_init(&whole, DSR_MAX_URL + 16);
	if (dsr_buffer_puts(&whole, kind, err) == 0 &&
	    dsr_buffer_append(&whole, text, len, err) == 0) {
		dsr_sha256(digest, whole.data, whole.len);
		result = dsr_case_mark(j->c->store, j->task, digest, err);
	}
	dsr_buffer_fini(&whole);
	return result;
}

/* 1 when an item of the page is not the first of its id. */
static int
has_double(struct job *j, const struct path *primary_key,
    struct dsr_error *err)
{
	const struct dsr_json_value *item = j->page.first;
	struct dsr_buffer id;
	int seen = 0, doubled = 0;

	dsr_buffer_init(&id, DSR_MAX_URL);
	for (size_t i = 0; i < j->page.items && seen >= 0; i++) {
		dsr_buffer_reset(&id);
		seen = path_text(path_find(item, primary_key),
		    j->page.body.data, &id, err);
		if (seen == 1)
			seen = id.len == 0
			    ? 0
			    : was_there(j, "item ", id.data, id.len, err);
		doubled |= seen == 1;
		item = dsr_json_next(item);
	}
	dsr_buffer_fini(&id);
	return seen < 0 ? -1 : doubled;
}

/* The number at a path of the body, if one is declared and there. */
static bool
number_at(const struct job *j, const struct path *path, uint64_t *number)
{
	int64_t n;

	if (path == NULL || j->page.json == NULL || !dsr_json_integer(
	        path_find(dsr_json_root(j->page.json), path), &n) || n < 0)
		return false;
	*number = (uint64_t)n;
	return true;
}

/* Items or pages up to the end of this page, as the total counts them. */
static uint64_t
reached(const struct job *j, const struct pagination *p)
{
	uint64_t at = page_start(p);

	if (p->strategy == PAGING_PAGE_NUMBER)
		return j->page_number + 1;
	if (j->next != NULL)
		(void)dsr_parse_u64(j->next, strlen(j->next), INT64_MAX, &at);
	return at + j->page.items - page_start(p);
}

/* Another total than on an earlier page: 1. */
static int
total_changed(struct job *j, uint64_t total, struct dsr_error *err)
{
	char text[24];
	int seen;

	(void)snprintf(text, sizeof(text), "%" PRIu64, total);
	seen = was_there(j, "total ", text, strlen(text), err);
	return seen < 0 ? -1 : seen == 0 && j->page_number > 0;
}

int
page_counts(struct job *j, int end, const char **reason,
    struct dsr_error *err)
{
	const struct request *q =
	    connector_endpoint(j->c->k, j->endpoint)->requests.read;
	const struct pagination *p = pagination_of(j->c->k, q);
	uint64_t total, count;
	int changed = 0;

	*reason = NULL;
	if (end == PAGE_BROKEN || !j->page.in_array)
		return 0;
	if (number_at(j, p->total_path, &total)) {
		if ((changed = total_changed(j, total, err)) < 0)
			return -1;
		if (end == PAGE_LAST && reached(j, p) != total &&
		    (total > 0 || j->page.items > 0))
			*reason = "count-differs";
	}
	if (number_at(j, p->count_path, &count) && count != j->page.items)
		*reason = "count-differs";
	if (changed == 1)
		*reason = "list-changed";
	return 0;
}

bool
page_is_ambiguous(const struct job *j)
{
	const struct request *q =
	    connector_endpoint(j->c->k, j->endpoint)->requests.read;
	const struct pagination *p = pagination_of(j->c->k, q);
	const struct path *const paths[] = { q->data_path, p->path,
		p->has_more_path };
	const struct dsr_json_value *root;

	if (j->page.json == NULL || q->data_path == NULL)
		return false;
	root = dsr_json_root(j->page.json);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (path_is_doubled(root, paths[i]))
			return true;
	return false;
}

int
page_check(struct job *j, int end, const char **reason, struct dsr_error *err)
{
	const struct request *q =
	    connector_endpoint(j->c->k, j->endpoint)->requests.read;
	int doubled = 0;

	if (page_counts(j, end, reason, err) != 0)
		return -1;
	if (end != PAGE_BROKEN && j->page.in_array && q->primary_key != NULL)
		doubled = has_double(j, q->primary_key, err);
	if (doubled == 1)
		*reason = "list-changed";
	if (j->page.unjudged)
		*reason = j->page.in_array ? "list-ambiguous"
		                           : "unexpected-shape";
	if (page_is_ambiguous(j))
		*reason = "list-ambiguous";
	return doubled < 0 ? -1 : 0;
}
