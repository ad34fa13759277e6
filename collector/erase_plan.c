/* SPDX-License-Identifier: ISC */
/*
 * The plan: from the documents of the archive to one line a resource, from the
 * last endpoint of the connector to the first, so that children go before
 * parents. docs/CONNECTORS.md section 7.
 */
#include "erase.h"

#include <string.h>

#include "dossier/limits.h"

/* ---- lines --------------------------------------------------------------- */

static int
add_document(struct planner *p, const struct dsr_document *d,
    struct dsr_error *err)
{
	return dsr_case_erasure_document_add(p->x->c.store, p->number, d->path,
	    d->sha256, err);
}

static bool
is_open(const char *outcome)
{
	return strcmp(outcome, "planned") == 0 ||
	    strcmp(outcome, "absent") == 0;
}

int
erase_plan_line(struct planner *p, struct dsr_erasure_plan *plan,
    const struct dsr_document *d, struct dsr_error *err)
{
	struct erase_tally *t = &p->x->tallies[p->endpoint];

	plan->endpoint = p->x->c.lanes[p->endpoint].id;
	t->lines++;
	t->not_gone += !is_open(plan->outcome);
	if (dsr_case_erasure_add(p->x->c.store, plan, &p->number, err) != 0)
		return -1;
	return d == NULL ? 0 : add_document(p, d, err);
}

static struct dsr_erasure_plan
blank(const struct planner *p)
{
	const struct dsr_erasure_plan plan = { .with = DSR_NONE,
		.outcome = p->outcome, .reason = p->reason,
		.detail = p->detail, .hold = p->hold };

	return plan;
}

/* What nobody could find again, or knows the address of. */
static int
add_lost(struct planner *p, const struct dsr_document *d, const char *item,
    const char *detail, struct dsr_error *err)
{
	struct dsr_erasure_plan plan = blank(p);

	plan.item = item;
	plan.hold = DSR_NONE;
	plan.outcome = "not-attempted";
	plan.reason = "address-unknown";
	plan.detail = detail;
	return erase_plan_line(p, &plan, d, err);
}

/* A document whose address says nothing: a part of the line before, or one
 * that nobody knows how to delete. */
static int
add_unknown(struct planner *p, const struct dsr_document *d,
    struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(p->x->c.k, p->endpoint);

	if (p->number > 0 && (e->requests.content != NULL ||
	                         e->requests.read->data_path != NULL))
		return add_document(p, d, err);
	return add_lost(p, d, d->item, "Its address does not follow from the "
	    "connector and the parameters that were given.", err);
}

/* What holds a line back, when it is what must be kept. */
static void
note_hold(struct planner *p, struct dsr_erasure_plan *plan)
{
	uint64_t held = erase_hold_of(p->x, p->endpoint, plan->item);

	if (strcmp(plan->outcome, "held") == 0)
		return;
	if (held == 0 && plan->item == NULL &&
	    erase_may_be_held(p->x, p->endpoint)) {
		plan->outcome = "not-attempted";
		plan->reason = "legal-hold";
		plan->detail = "The request names items that must be kept, and "
		               "this has no id to tell whether it is one.";
	}
	if (held == 0)
		return;
	plan->outcome = "held";
	plan->reason = held == DSR_NONE ? "retain-until" : "legal-hold";
	plan->hold = held;
	plan->detail = NULL;
}

/* Whose it is, and whether it must be kept: the plan for a resource. */
static int
judge_resource(struct planner *p, const struct dsr_document *d,
    const struct dsr_json_value *item, const struct values *values,
    struct dsr_erasure_plan *plan, struct dsr_error *err)
{
	if (erase_plan_whose(p, d, item, values, plan, err) != 0)
		return -1;
	note_hold(p, plan);
	return 0;
}

/* ---- one resource --------------------------------------------------------- */

/* The address and the values of its deletion, in p; 0, 1 with *reason, -1. */
static int
make_request(struct planner *p, const struct dsr_json_value *item,
    struct values *values, const char **reason, struct dsr_error *err)
{
	int result;

	dsr_buffer_reset(&p->url);
	dsr_buffer_reset(&p->params);
	result = erase_values(p->x, p->endpoint, item, p->body.data, values,
	    reason, err);
	if (result == 0)
		result = erase_address(p->x, p->endpoint, values, &p->url,
		    reason, err);
	return result < 0 || values_write(values, &p->params, err) != 0
	    ? -1
	    : result;
}

/* A line with the request in p, unless there is one already. */
static int
add_deletion(struct planner *p, const struct dsr_document *d,
    struct dsr_erasure_plan *plan, struct dsr_error *err)
{
	const struct request *q = &p->x->deletes[p->endpoint];
	char template[2 * MAX_TEMPLATE + 16];
	int planned = erase_plan_together(p, plan, err);

	if (planned != 0)
		return planned < 0 ? -1 : 0;
	(void)snprintf(template, sizeof(template), "https://%s%s",
	    q->host->text, q->path->text);
	plan->method = q->method;
	plan->template = template;
	plan->url = dsr_buffer_str(&p->url);
	plan->params = dsr_buffer_str(&p->params);
	return erase_plan_line(p, plan, d, err);
}

/* The resource that the values name; values are freed by the caller. */
static int
add_resource(struct planner *p, const struct dsr_document *d,
    const struct dsr_json_value *item, const char *item_id,
    struct values *values, struct dsr_error *err)
{
	struct dsr_erasure_plan plan = blank(p);
	const char *reason = NULL;
	int result = make_request(p, item, values, &reason, err);

	plan.item = item_id;
	if (result == 1) {
		plan.outcome = "not-attempted";
		plan.reason = reason;
		plan.hold = DSR_NONE;
		plan.detail = "A value that its deletion needs is not known.";
		return erase_plan_line(p, &plan, d, err);
	}
	return result < 0 ||
	        judge_resource(p, d, item, values, &plan, err) != 0
	    ? -1
	    : add_deletion(p, d, &plan, err);
}

/*
 * An item without an id could not be found again. Whose it is counts: the
 * request for another may be the one that deletes it.
 */
static int
add_nameless(struct planner *p, const struct dsr_document *d,
    const struct dsr_json_value *item, struct values *values,
    struct dsr_error *err)
{
	struct dsr_erasure_plan plan = blank(p);
	const char *reason = NULL;
	int result = make_request(p, item, values, &reason, err);

	if (result < 0 ||
	    (result == 0 &&
	        judge_resource(p, d, item, values, &plan, err) != 0))
		return -1;
	return result == 1 || erase_may_go_yet(&plan)
	    ? add_lost(p, d, NULL, "It has no id by which it could be found "
	          "again.", err)
	    : add_deletion(p, d, &plan, err);
}

/* ---- documents ----------------------------------------------------------- */

/* An item of a list must be found in it again, by its id. */
static int
add_item(struct planner *p, const struct dsr_document *d,
    const struct dsr_json_value *item, const struct values *values,
    struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(p->x->c.k, p->endpoint);
	char text[PATH_ID_SIZE];
	const char *id = erase_item_id(e, item, p->body.data, text);
	struct values own = { NULL, 0 };
	int result;

	result = values_copy(&own, values, err);
	if (result == 0 && id == NULL && e->requests.read->data_path != NULL)
		result = add_nameless(p, d, item, &own, err);
	else if (result == 0)
		result = add_resource(p, d, item, id, &own, err);
	values_fini(&own);
	return result;
}

/* One line for each item of the document. */
static int
add_items(struct planner *p, const struct dsr_document *d,
    const struct values *values, struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(p->x->c.k, p->endpoint);
	const struct dsr_json_value *item;
	struct dsr_json *json = NULL;
	size_t count;
	int result = -1;

	dsr_buffer_reset(&p->body);
	if (exported_read(&p->x->exported, d->path, &p->body, err) != 0 ||
	    dsr_json_parse(&json, p->body.data, p->body.len, false, err) != 0)
		goto out;
	result = 0;
	item = erase_items(e, dsr_json_root(json), d->span.set, &count);
	for (size_t i = 0; i < count && result == 0;
	     i++, item = dsr_json_next(item))
		result = add_item(p, d, item, values, err);
out:
	dsr_json_free(json);
	return result;
}

static int
take_document(void *ctx, const struct dsr_document *d, struct dsr_error *err)
{
	struct planner *p = ctx;
	const struct endpoint *e = connector_endpoint(p->x->c.k, p->endpoint);
	bool by_item = erase_is_by_item(e, p->endpoint);
	struct values values = { NULL, 0 };
	int result = 0;

	/* reading again what is made anew would make it once more */
	if (d->source_url != NULL && e->requests.read->async == NULL)
		result = erase_match(p->x->c.k, &p->x->c.settings, e,
		    d->source_url, false, &values, err);
	if (result == 0 && by_item && d->source_url != NULL &&
	    e->requests.read->async == NULL)
		result = erase_match(p->x->c.k, &p->x->c.settings, e,
		    d->source_url, true, &values, err);
	if (result < 0)
		return -1;
	if (result == 0)
		return add_unknown(p, d, err);
	result = by_item ? add_items(p, d, &values, err)
	                 : add_resource(p, d, NULL, d->item, &values, err);
	values_fini(&values);
	return result;
}

/* ---- endpoints ----------------------------------------------------------- */

/* Does something that the deletion waits for stay? */
static bool
is_blocked(const struct erasure *x, const struct endpoint *e)
{
	const char *const *names = e->erase_after.items;

	for (size_t i = 0; i < e->erase_after.count; i++)
		if (x->tallies[connector_find(x->c.k, names[i])].not_gone > 0)
			return true;
	return false;
}

static int
plan_deletions(struct planner *p, struct dsr_error *err)
{
	struct erasure *x = p->x;
	const struct endpoint *e = connector_endpoint(x->c.k, p->endpoint);

	if (is_blocked(x, e)) {
		p->outcome = "not-attempted";
		p->reason = "erase-after";
		p->detail = "Something that must be gone before it stays.";
	}
	if (erase_plan_held_along(p, err) != 0 ||
	    exported_documents(&x->exported, p->endpoint, take_document, p,
	        err) != 0)
		return -1;
	return p->number == 0 && erase_plan_rest(p, err) != 0
	    ? -1
	    : erase_plan_along(p, err);
}

/* Does it go along with something of the archive? Then it stands there. */
static bool
goes_along(const struct erasure *x, const struct endpoint *e)
{
	return e->erased_with != NULL &&
	    x->exported.ranges[connector_find(x->c.k, e->erased_with)].count >
	        0;
}

void
erase_planner_start(struct planner *p, struct erasure *x, size_t endpoint)
{
	(void)memset(p, 0, sizeof(*p));
	p->x = x;
	p->endpoint = endpoint;
	p->outcome = "planned";
	p->hold = DSR_NONE;
	dsr_buffer_init(&p->body, DSR_MAX_BODY_MEMORY);
	dsr_buffer_init(&p->url, 4 * DSR_MAX_URL);
	dsr_buffer_init(&p->params, DSR_MAX_CONNECTOR);
}

void
erase_planner_fini(struct planner *p)
{
	dsr_buffer_fini(&p->body);
	dsr_buffer_fini(&p->url);
	dsr_buffer_fini(&p->params);
}

static int
plan_endpoint(struct erasure *x, size_t i, struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(x->c.k, i);
	struct planner p;
	int result = 0;

	if (x->exported.ranges[i].count == 0)
		return 0;
	erase_planner_start(&p, x, i);
	if (e->requests.erase != NULL)
		result = plan_deletions(&p, err);
	else if (!goes_along(x, e))
		result = erase_plan_rest(&p, err);
	erase_planner_fini(&p);
	return result;
}

int
erase_plan(struct erasure *x, struct dsr_error *err)
{
	if (dsr_case_begin(x->c.store, err) != 0 ||
	    erase_note_whose(x, err) != 0)
		return -1;
	for (size_t i = x->c.k->endpoints.count; i > 0; i--)
		if (plan_endpoint(x, i - 1, err) != 0)
			return -1;
	if (dsr_case_erasure_planned(x->c.store, err) != 0 ||
	    dsr_case_custody_add(x->c.store, "planned", err) != 0)
		return -1;
	return dsr_case_commit(x->c.store, err);
}
