/* SPDX-License-Identifier: ISC */
/*
 * What an answer shows of the resource of a line: which entry of a list it is,
 * whose it is now, and whether it is still what was exported. Several entries of
 * one id go with one deletion: all of them count, on whatever page.
 */
#include "erase.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "path.h"

/* ---- in a list ----------------------------------------------------------- */

static bool
has_id(const struct erase_line *l, const struct dsr_json_value *item)
{
	const struct endpoint *e =
	    connector_endpoint(l->job.c->k, l->job.endpoint);

	return erase_has_id(e, item, l->job.page.body.data, l->item);
}

/* The next entry of the page that has the line's id, too; NULL. */
static const struct dsr_json_value *
find_twin(const struct erase_line *l, const struct dsr_json_value *item)
{
	if (!l->job.page.in_array)
		return NULL;
	do
		item = dsr_json_next(item);
	while (item != NULL && !has_id(l, item));
	return item;
}

/* Has it a place for its id? It may be null there: then it is another item. */
static bool
can_have_id(const struct endpoint *e, const struct dsr_json_value *item)
{
	const struct path *key = e->requests.read->primary_key;

	return key != NULL && path_find(item, key) != NULL;
}

const struct dsr_json_value *
erase_line_find(const struct erase_line *l, bool *is_list)
{
	const struct page *p = &l->job.page;
	const struct endpoint *e =
	    connector_endpoint(l->job.c->k, l->job.endpoint);
	const struct dsr_json_value *item = p->first;

	*is_list = p->in_array;
	for (size_t i = 0; i < p->items; i++, item = dsr_json_next(item)) {
		*is_list = *is_list && can_have_id(e, item);
		if (has_id(l, item))
			return item;
	}
	return NULL;
}

/* ---- whose is it now? ---------------------------------------------------- */

/*
 * Is there something that this answer does not show? What has no body shows
 * nothing, and a page that is not the last, of a list that goes wholly, not all.
 */
static int
shows_all(struct erase_line *l, const struct dsr_json_value *item,
    bool *all, struct dsr_error *err)
{
	const struct page *p = &l->job.page;
	const char *reason = NULL;
	char *next = NULL;
	int end = PAGE_LAST;

	if (item == NULL && p->in_array)
		end = page_next(&l->job, &next, &reason, err);
	free(next);
	*all = end == PAGE_LAST && (p->items > 0 || p->in_array);
	return end < 0 ? -1 : 0;
}

/* Of all that have the item's id: its deletion takes them all. */
static int
find_whose_item(struct erase_line *l, const struct dsr_json_value *item,
    enum subject *whose, struct dsr_error *err)
{
	enum subject first = SUBJECT_PERSON, one;

	*whose = SUBJECT_PERSON;
	for (const struct dsr_json_value *v = item; v != NULL;
	     v = find_twin(l, v)) {
		if (subject_of_all(l->job.c, l->job.endpoint, v, 1,
		        l->job.page.body.data, &one, err) != 0)
			return -1;
		first = v == item ? one : first;
		l->mixed = l->mixed || one != first;
		*whose = one < *whose ? one : *whose;
	}
	return 0;
}

/* As in the plan; what is not shown may be anybody's. */
static int
find_whose(struct erase_line *l, const struct dsr_json_value *item,
    enum subject *whose, struct dsr_error *err)
{
	struct collection *c = l->job.c;
	const struct lane *lane = &c->lanes[l->job.endpoint];
	const struct page *p = &l->job.page;
	bool all = true;

	if ((lane->filtered || lane->untold) &&
	    shows_all(l, item, &all, err) != 0)
		return -1;
	if (!all) {
		*whose = lane->untold ? SUBJECT_NOBODY : SUBJECT_OTHER;
		return 0;
	}
	if (item == NULL)
		return subject_of_all(c, l->job.endpoint, p->first, p->items,
		    p->body.data, whose, err);
	return find_whose_item(l, item, whose, err);
}

bool
erase_line_is_judged(const struct erase_line *l)
{
	const struct lane *lane = &l->job.c->lanes[l->job.endpoint];

	return l->job.page.in_array && (lane->filtered || lane->untold);
}

int
erase_line_must_stay(struct erase_line *l, const struct dsr_json_value *item,
    const char **reason, struct dsr_error *err)
{
	const struct endpoint *e =
	    connector_endpoint(l->job.c->k, l->job.endpoint);
	enum subject whose = SUBJECT_PERSON;

	if (e->subject_match.count > 0 &&
	    find_whose(l, item, &whose, err) != 0)
		return -1;
	*reason = whose == SUBJECT_NOBODY ? ERASE_UNNAMED : "others-data";
	return whose == SUBJECT_OTHER ||
	    (whose == SUBJECT_NOBODY && !l->x->even_if_unnamed);
}

/* ---- is it still the same? ----------------------------------------------- */

int
erase_line_is_unchanged(struct erase_line *l, const struct dsr_json_value *item,
    struct dsr_error *err)
{
	int same;

	do {
		same = erase_is_unchanged(l->x, l->job.endpoint, l->number,
		    l->item, &l->job, item, err);
		item = item != NULL ? find_twin(l, item) : NULL;
	} while (same == 1 && item != NULL);
	return same;
}
