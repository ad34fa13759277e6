/* SPDX-License-Identifier: ISC */
/* Lines of the plan that have no deletion of their own. */
#include "erase.h"

#include <string.h>

#include "dossier/limits.h"
#include "path.h"

/* ---- what goes along ----------------------------------------------------- */

static int
add_document(void *ctx, const struct dsr_document *d, struct dsr_error *err)
{
	struct planner *p = ctx;

	return dsr_case_erasure_document_add(p->x->c.store, p->number, d->path,
	    d->sha256, err);
}

/* One line for all documents of an endpoint. */
static int
add_together(struct planner *p, struct dsr_erasure_plan *plan,
    struct dsr_error *err)
{
	return erase_plan_line(p, plan, NULL, err) == 0
	    ? exported_documents(&p->x->exported, p->endpoint, add_document, p,
	          err)
	    : -1;
}

/* Does what the planner has planned stay, as far as is known now? */
static bool
stays(const struct planner *p)
{
	return strcmp(p->outcome, "planned") != 0 ||
	    p->x->tallies[p->endpoint].not_gone > 0;
}

/* Is the person's own in a place that stays taken out by hand? */
static bool
goes_by_hand(const struct planner *p, size_t i)
{
	return stays(p) && erase_is_own(p->x, i) &&
	    connector_endpoint(p->x->c.k, i)->by_hand.count > 0;
}

static int
plan_one_along(struct planner *p, size_t i, uint64_t with,
    struct dsr_error *err)
{
	struct dsr_erasure_plan plan = { .with = with, .outcome = "planned",
		.hold = DSR_NONE };
	struct planner own = *p;
	uint64_t held;
	int result;

	if (erase_find_held(p, i, &held, err) != 0)
		return -1;
	own.endpoint = i;
	own.number = 0;
	own.detail = NULL;
	if (held != 0) {
		plan.outcome = "held";
		plan.reason = held == DSR_NONE ? "retain-until" : "legal-hold";
		plan.hold = held;
	} else if (stays(p)) {
		plan.outcome = "not-attempted";
		plan.reason = "erase-after";
		plan.detail = "What takes it along stays.";
	} else if (erase_left_out(p->x, p->endpoint)) {
		/* an entry of it may name what was then left out */
		plan.outcome = "not-attempted";
		plan.reason = "others-data";
		plan.detail = "Some of it may be other people's.";
	}
	result = with == DSR_NONE ? erase_plan_rest(&own, err)
	                          : add_together(&own, &plan, err);
	p->body = own.body; /* its memory may have moved */
	return result;
}

int
erase_plan_along(struct planner *p, struct dsr_error *err)
{
	uint64_t with = p->number > 0 && !p->is_rest ? p->number : DSR_NONE;

	/* what goes along stands behind it; then what does not */
	for (size_t i = 0; i < p->x->c.k->endpoints.count; i++)
		if (erase_goes_with(p->x, i, p->endpoint) &&
		    !goes_by_hand(p, i) && plan_one_along(p, i, with, err) != 0)
			return -1;
	for (size_t i = 0; i < p->x->c.k->endpoints.count; i++)
		if (erase_goes_with(p->x, i, p->endpoint) &&
		    goes_by_hand(p, i) &&
		    plan_one_along(p, i, DSR_NONE, err) != 0)
			return -1;
	return 0;
}

/* ---- by hand, or not at all ---------------------------------------------- */

struct wanted {
	const char *value;
	const void *body;
};

static int
find_value(void *ctx, const struct dsr_json_value *v, struct dsr_error *err)
{
	const struct wanted *w = ctx;
	struct dsr_buffer text;
	int result;

	dsr_buffer_init(&text, DSR_MAX_URL);
	result = path_text(v, w->body, &text, err);
	if (result == 1)
		result = strcmp(dsr_buffer_str(&text), w->value) == 0;
	dsr_buffer_fini(&text);
	return result;
}

/* The entry for a document; NULL when none fits. */
static int
find_step(struct planner *p, const struct dsr_document *d,
    const struct by_hand **step, struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(p->x->c.k, p->endpoint);
	const struct by_hand *b = e->by_hand.items;
	struct dsr_json *json = NULL;
	struct wanted w;
	int found = 0;

	*step = NULL;
	dsr_buffer_reset(&p->body);
	if (exported_read(&p->x->exported, d->path, &p->body, err) != 0)
		return -1;
	if (dsr_json_parse_if(&json, p->body.data, p->body.len, err) != 0)
		return -1;
	w.body = p->body.data;
	for (size_t i = 0; i < e->by_hand.count && found == 0; i++) {
		w.value = b[i].value;
		found = b[i].path == NULL
		    ? 1
		    : path_each(dsr_json_root(json), b[i].path, find_value,
		          &w, err);
		if (found == 1)
			*step = &b[i];
	}
	dsr_json_free(json);
	return found < 0 ? -1 : 0;
}

static int
take_by_hand(void *ctx, const struct dsr_document *d, struct dsr_error *err)
{
	struct planner *p = ctx;
	struct dsr_erasure_plan plan = { .with = DSR_NONE, .item = d->item,
		.outcome = "no-way", .detail = p->detail, .hold = DSR_NONE };
	uint64_t held = erase_hold_of(p->x, p->endpoint, d->item);
	const struct by_hand *step;

	if (find_step(p, d, &step, err) != 0)
		return -1;
	if (held != 0) {
		plan.outcome = "held";
		plan.reason = held == DSR_NONE ? "retain-until" : "legal-hold";
		plan.hold = held;
	} else if (step != NULL) {
		plan.outcome = step->expires ? "expires" : "manual";
		plan.step = connector_local_text(step->step);
	}
	return erase_plan_line(p, &plan, d, err);
}

static int
count_items(void *ctx, const struct dsr_document *d, struct dsr_error *err)
{
	struct planner *p = ctx;
	const struct endpoint *e = connector_endpoint(p->x->c.k, p->endpoint);
	struct dsr_json *json = NULL;
	size_t count = 1;

	if (p->any_items || e->requests.read->data_path == NULL ||
	    d->span.set) {
		p->any_items = true;
		return 0;
	}
	dsr_buffer_reset(&p->body);
	if (exported_read(&p->x->exported, d->path, &p->body, err) != 0)
		return -1;
	if (dsr_json_parse_if(&json, p->body.data, p->body.len, err) != 0)
		return -1;
	if (json != NULL)
		(void)erase_items(e, dsr_json_root(json), false, &count);
	dsr_json_free(json);
	p->any_items = count > 0;
	return 0;
}

int
erase_plan_rest(struct planner *p, struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(p->x->c.k, p->endpoint);
	struct dsr_erasure_plan plan = { .with = DSR_NONE,
		.outcome = "no-way", .hold = DSR_NONE };
	uint64_t held;

	p->is_rest = true;
	p->any_items = false;
	if (erase_find_held(p, p->endpoint, &held, err) != 0 ||
	    exported_documents(&p->x->exported, p->endpoint, count_items, p,
	        err) != 0 ||
	    (e->by_hand.count > 0 && erase_plan_place(p, &held, err) != 0))
		return -1;
	if (held != 0) {
		plan.outcome = "held";
		plan.reason = held == DSR_NONE ? "retain-until" : "legal-hold";
		plan.hold = held;
	} else if (!p->any_items) {
		plan.outcome = "absent";
		plan.reason = "nothing-in-it";
	} else if (e->by_hand.count > 0) {
		return exported_documents(&p->x->exported, p->endpoint,
		    take_by_hand, p, err);
	} else if (e->erased_with != NULL) {
		plan.detail = "What takes it along is not in the archive.";
	}
	return add_together(p, &plan, err);
}
