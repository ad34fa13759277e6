/* SPDX-License-Identifier: ISC */
/*
 * What the request says must be kept (legal_hold, retain_until), and what would
 * take that along.
 */
#include "erase.h"

#include <inttypes.h>
#include <string.h>

#include "dossier/limits.h"
#include "path.h"

bool
erase_has_holds(const struct erasure *x)
{
	return x->exported.request != NULL &&
	    (dsr_request_is_retained(x->exported.request, x->today) ||
	        dsr_request_hold_count(x->exported.request) > 0);
}

uint64_t
erase_hold_of(const struct erasure *x, size_t endpoint, const char *item)
{
	const struct dsr_request *r = x->exported.request;
	size_t entry = r == NULL
	    ? 0
	    : dsr_request_held_by(r, x->c.k->meta.key,
	          connector_endpoint(x->c.k, endpoint)->name, item, x->today);

	if (entry > 0)
		return entry;
	return r != NULL && dsr_request_is_retained(r, x->today) ? DSR_NONE
	                                                         : 0;
}

bool
erase_may_be_held(const struct erasure *x, size_t endpoint)
{
	const struct dsr_request *r = x->exported.request;
	const char *name = connector_endpoint(x->c.k, endpoint)->name;
	struct dsr_request_hold h;

	for (size_t i = 0; i < dsr_request_hold_count(r); i++) {
		dsr_request_hold(r, i, NULL, &h);
		if (h.item_count > 0 &&
		    strcmp(h.connector, x->c.k->meta.key) == 0 &&
		    strcmp(h.endpoint, name) == 0 &&
		    (h.until == NULL || strcmp(x->today, h.until) <= 0))
			return true;
	}
	return false;
}

/* ---- in the archive ---------------------------------------------------------- */

struct search {
	struct planner *p;
	size_t endpoint;
	uint64_t held; /* as erase_hold_of */
};

static int
search_id(void *ctx, const struct dsr_json_value *v, struct dsr_error *err)
{
	struct search *s = ctx;
	char id[PATH_ID_SIZE];

	(void)err;
	s->held = erase_hold_of(s->p->x, s->endpoint,
	    path_id_of(v, s->p->body.data, id));
	return s->held != 0;
}

/* By its id; by each, where it has two. */
static void
search_item(struct search *s, const struct endpoint *e,
    const struct dsr_json_value *item)
{
	const struct path *key = e->requests.read->primary_key;
	char id[PATH_ID_SIZE];

	s->held = erase_hold_of(s->p->x, s->endpoint,
	    erase_item_id(e, item, s->p->body.data, id));
	if (s->held == 0 && path_is_doubled(item, key))
		(void)path_each(item, key, search_id, s, NULL);
}

/* Does a list hold an item that must be kept? */
static int
search_items(struct search *s, const struct dsr_document *d,
    struct dsr_error *err)
{
	struct planner *p = s->p;
	const struct endpoint *e = connector_endpoint(p->x->c.k, s->endpoint);
	const struct dsr_json_value *item;
	struct dsr_json *json = NULL;
	size_t count;

	if (e->requests.read->data_path == NULL)
		return 0;
	dsr_buffer_reset(&p->body);
	if (exported_read(&p->x->exported, d->path, &p->body, err) != 0)
		return -1;
	if (dsr_json_parse_if(&json, p->body.data, p->body.len, err) != 0)
		return -1;
	if (json == NULL)
		return 0; /* a download */
	item = erase_items(e, dsr_json_root(json), false, &count);
	for (size_t i = 0; i < count && s->held == 0;
	     i++, item = dsr_json_next(item))
		search_item(s, e, item);
	dsr_json_free(json);
	return 0;
}

static int
search_document(void *ctx, const struct dsr_document *d,
    struct dsr_error *err)
{
	struct search *s = ctx;

	if (s->held == 0)
		s->held = erase_hold_of(s->p->x, s->endpoint, d->item);
	return s->held != 0 || d->item != NULL ? 0 : search_items(s, d, err);
}

int
erase_find_held(struct planner *p, size_t endpoint, uint64_t *held,
    struct dsr_error *err)
{
	struct search s = { p, endpoint, 0 };

	*held = 0;
	if (p->x->exported.ranges[endpoint].count == 0 ||
	    !erase_has_holds(p->x))
		return 0;
	if (exported_documents(&p->x->exported, endpoint, search_document, &s,
	        err) != 0)
		return -1;
	*held = s.held;
	return 0;
}

bool
erase_goes_with(const struct erasure *x, size_t i, size_t endpoint)
{
	const char *with = connector_endpoint(x->c.k, i)->erased_with;

	return with != NULL && x->exported.ranges[i].count > 0 &&
	    connector_find(x->c.k, with) == endpoint;
}

/* ---- in the plan -------------------------------------------------------------- */

int
erase_plan_held_along(struct planner *p, struct dsr_error *err)
{
	uint64_t held = 0;

	if (erase_plan_others(p, err) != 0)
		return -1;
	for (size_t i = 0; i < p->x->c.k->endpoints.count && held == 0; i++)
		if (erase_goes_with(p->x, i, p->endpoint) &&
		    erase_find_held(p, i, &held, err) != 0)
			return -1;
	if (held == 0)
		return 0;
	p->outcome = "held";
	p->reason = held == DSR_NONE ? "retain-until" : "legal-hold";
	p->detail = "It would take along what must be kept.";
	p->hold = held;
	return 0;
}

/* ---- a plan that was made before ------------------------------------------- */

struct recheck {
	struct planner p;
	uint64_t last, seen;
};

/* It may be that it is deleted, and it must not be. */
static int
recheck_line(void *ctx, const struct dsr_erasure_plan *plan,
    struct dsr_error *err)
{
	struct recheck *r = ctx;
	size_t endpoint = erase_endpoint_of(r->p.x, plan->endpoint);
	uint64_t held;

	r->last = plan->number;
	r->seen++;
	if (!erase_may_go(r->p.x, plan))
		return 0;
	held = erase_hold_of(r->p.x, endpoint, plan->item);
	if (held == 0 && plan->item == NULL &&
	    erase_find_held(&r->p, endpoint, &held, err) != 0)
		return -1;
	return held == 0 && (plan->item != NULL || plan->method == NULL ||
	                        !erase_may_be_held(r->p.x, endpoint))
	    ? 0
	    : dsr_fail(err, DSR_EINPUT, "the plan is older than what must be "
	          "kept: line %" PRIu64 " would be deleted; nothing was "
	          "(another -o makes a new plan)", plan->number);
}

int
erase_recheck(struct erasure *x, struct dsr_error *err)
{
	struct recheck r = { .last = 0 };
	int result = 0;

	if (!erase_has_holds(x))
		return 0;
	erase_planner_start(&r.p, x, 0);
	do {
		r.seen = 0;
		result = dsr_case_erasure_plans(x->c.store, r.last, 256, false,
		    recheck_line, &r, err);
	} while (result == 0 && r.seen > 0);
	erase_planner_fini(&r.p);
	return result;
}
