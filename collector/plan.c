/* SPDX-License-Identifier: ISC */
/* Which requests there are, and which follow from an answer. */
#include "collection.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "path.h"
#include "subject.h"

/* ---- requests ------------------------------------------------------------ */

/* Where new requests come from; item is NULL for those without a parent. */
struct origin {
	struct collection *c;
	size_t endpoint; /* whose requests they are */
	int64_t task;    /* of the parent, or 0 */
	const struct values *values; /* of the parent, or NULL */
	uint64_t page, item_number;
	const struct dsr_json_value *item; /* or a thing in it: "each" */
	const void *body;
	uint64_t turn; /* of the next request */
};

/* Values that one placeholder can have. */
struct choice {
	const char *name;
	struct values values; /* names are not used */
	bool unnamed;         /* a credential: takes no part */
};

static int
add_gap(const struct origin *o, const char *reason, bool again,
    struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(o->c->k, o->endpoint);
	const struct dsr_place place = { o->c->lanes[o->endpoint].id, o->task,
		o->page, o->item_number, 0 };
	const struct dsr_gap gap = { .reason = reason, .status = DSR_NONE,
		.name = e->requests.read->path->text };

	return dsr_case_gap_add(o->c->store, &place, 0, &gap, again, NULL,
	    err);
}

struct gatherer {
	struct choice *choice;
	const void *body;
};

static int
gather_value(void *ctx, const struct dsr_json_value *v,
    struct dsr_error *err)
{
	struct gatherer *g = ctx;
	struct dsr_buffer text;
	int result;

	dsr_buffer_init(&text, DSR_MAX_URL);
	result = path_text(v, g->body, &text, err);
	if (result == 1)
		result = values_add(&g->choice->values, "",
		    dsr_buffer_str(&text), false, err);
	dsr_buffer_fini(&text);
	return result;
}

static int
gather_named(struct choice *choice, const struct values *from,
    const char *name, struct dsr_error *err)
{
	for (size_t i = 0; i < from->count; i++)
		if (strcmp(from->items[i].name, name) == 0 &&
		    values_add(&choice->values, "", from->items[i].text, false,
		        err) != 0)
			return -1;
	return 0;
}

/* All values of one entry: 0, 1 with *reason when there is none, -1. */
static int
gather(const struct origin *o, const struct param_value *p,
    struct choice *choice, const char **reason, struct dsr_error *err)
{
	const struct reference *f = p->references.items;
	const char *const *texts = p->values.items;
	struct gatherer g = { choice, o->body };
	int result = 0;

	choice->name = p->name;
	choice->unnamed = p->credential != NULL;
	*reason = NULL;
	if (f != NULL) {
		*reason = p->optional ? NULL : "reference-missing";
		result = path_each(o->item, f->field, gather_value, &g, err);
	} else if (p->identity != NULL) {
		*reason = "identity-not-given";
		result = gather_named(choice, &o->c->settings.identities,
		    p->identity, err);
	} else if (p->connector_param != NULL) {
		*reason = "param-not-given";
		result = gather_named(choice, &o->c->settings.params,
		    p->connector_param, err);
	}
	for (size_t i = 0; i < p->values.count && result == 0; i++)
		result = values_add(&choice->values, "", texts[i], false, err);
	if (result != 0)
		return -1;
	return choice->values.count == 0 && !choice->unnamed;
}

static const char *
stand_in(void *ctx, const char *name)
{
	const struct dsr_list *d = ctx;
	const struct param_value *p = d->items;

	for (size_t i = 0; i < d->count; i++)
		if (p[i].credential != NULL && strcmp(p[i].name, name) == 0)
			return "REDACTED";
	return NULL;
}

/* Method, address and body: what must not be asked twice. 0, 1, -1. */
static int
digest_request(const struct origin *o, const struct values *values,
    uint8_t once[DSR_SHA256_BYTES], const char **reason,
    struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(o->c->k, o->endpoint);
	const struct request *q = e->requests.read;
	struct scope scope = { o->c->k, &o->c->settings, values, NULL, NULL,
		NULL };
	struct dsr_buffer url, recorded, body;
	int result;

	dsr_buffer_init(&url, 4 * DSR_MAX_URL);
	dsr_buffer_init(&recorded, 4 * DSR_MAX_URL);
	dsr_buffer_init(&body, 4 * DSR_MAX_CONNECTOR);
	result = ask_address(&scope, e, q, &url, &recorded, reason, err);
	scope.secret = stand_in;
	scope.ctx = (void *)(uintptr_t)&e->dimensions;
	if (result == 0 && q->body != NULL)
		result = ask_body(&scope, o->c->k, q, NULL, &body, reason,
		    err);
	if (result == 0 &&
	    (dsr_buffer_puts(&url, " ", err) != 0 ||
	        dsr_buffer_puts(&url, q->method, err) != 0 ||
	        dsr_buffer_puts(&url, " ", err) != 0 ||
	        dsr_buffer_puts(&url, dsr_buffer_str(&body), err) != 0))
		result = -1;
	if (result == 0)
		dsr_sha256(once, url.data, url.len);
	dsr_buffer_fini(&url);
	dsr_buffer_fini(&recorded);
	dsr_buffer_fini(&body);
	return result;
}

/* Plans the request of one combination of values. */
static int
add_request(const struct origin *o, struct values *values, uint64_t turn,
    struct dsr_error *err)
{
	struct dsr_task task = { .endpoint = o->c->lanes[o->endpoint].id,
		.parent = o->task, .page = o->page, .item = o->item_number,
		.turn = turn };
	uint8_t once[DSR_SHA256_BYTES];
	struct dsr_buffer params;
	const char *reason;
	int result = digest_request(o, values, once, &reason, err);

	if (result == 1)
		return add_gap(o, reason, false, err);
	dsr_buffer_init(&params, DSR_MAX_CONNECTOR);
	if (result == 0)
		result = values_write(values, &params, err);
	if (result == 0) {
		task.params = dsr_buffer_str(&params);
		task.once = once;
		result = dsr_case_task_add(o->c->store, &task, err);
		o->c->planned += result == 1;
		o->c->lanes[o->endpoint].planned += result == 1;
		lane_wake(o->c, o->endpoint);
	}
	dsr_buffer_fini(&params);
	return result < 0 ? -1 : 0;
}

/* Every combination; the last entry changes fastest. */
static int
add_combinations(struct origin *o, const struct choice *choices,
    size_t count, struct dsr_error *err)
{
	size_t at[2 * MAX_ENTRIES] = { 0 };
	size_t i;

	do {
		struct values values = { NULL, 0 };
		int result = o->values == NULL
		    ? 0
		    : values_copy(&values, o->values, err);

		for (i = 0; i < count && result == 0; i++)
			if (!choices[i].unnamed)
				result = values_add(&values, choices[i].name,
				    choices[i].values.items[at[i]].text, true,
				    err);
		if (result == 0)
			result = add_request(o, &values, o->turn++, err);
		values_fini(&values);
		if (result != 0)
			return -1;
		for (i = count; i > 0; i--) {
			if (choices[i - 1].unnamed)
				continue;
			if (++at[i - 1] < choices[i - 1].values.count)
				break;
			at[i - 1] = 0;
		}
	} while (i > 0);
	return 0;
}

static int
add_requests_of(struct origin *o, struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(o->c->k, o->endpoint);
	const struct param_value *p = e->dimensions.items;
	struct choice choices[2 * MAX_ENTRIES] = { { NULL, { NULL, 0 }, 0 } };
	const char *reason = NULL;
	size_t count = e->dimensions.count;
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++)
		result = gather(o, &p[i], &choices[i], &reason, err);
	if (result == 0)
		result = add_combinations(o, choices, count, err);
	else if (result == 1)
		result = reason == NULL ? 0 : add_gap(o, reason, false, err);
	for (size_t i = 0; i < count; i++)
		values_fini(&choices[i].values);
	return result;
}

static int
add_requests_of_thing(void *ctx, const struct dsr_json_value *thing,
    struct dsr_error *err)
{
	struct origin *o = ctx;

	o->item = thing;
	return add_requests_of(o, err);
}

/* The things in an item that requests are made of, or NULL. */
static const struct path *
find_each(const struct endpoint *e)
{
	const struct param_value *p = e->dimensions.items;

	for (size_t i = 0; i < e->dimensions.count; i++) {
		const struct reference *f = p[i].references.items;

		if (f != NULL)
			return f->each;
	}
	return NULL;
}

static int
add_requests(const struct origin *from, struct dsr_error *err)
{
	const struct path *each =
	    find_each(connector_endpoint(from->c->k, from->endpoint));
	struct origin o = *from;

	if (each == NULL || o.item == NULL)
		return add_requests_of(&o, err);
	return path_each(from->item, each, add_requests_of_thing, &o, err);
}

int
plan_children(struct job *j, const struct dsr_json_value *item,
    uint64_t item_number, struct dsr_error *err)
{
	struct origin o = { j->c, 0, j->task, &j->values, j->page_number,
		item_number, item, j->page.body.data, 0 };

	for (size_t i = j->endpoint + 1; i < j->c->k->endpoints.count; i++) {
		if (connector_endpoint(j->c->k, i)->parent != j->endpoint ||
		    j->c->lanes[i].impossible)
			continue;
		o.endpoint = i;
		if (add_requests(&o, err) != 0)
			return -1;
	}
	return 0;
}

/* ---- the start ----------------------------------------------------------- */

/* A value that no item can give is missing: its reason, or NULL. */
static const char *
find_impossible(const struct collection *c, const struct endpoint *e)
{
	const struct param_value *p = e->dimensions.items;

	for (size_t i = 0; i < e->dimensions.count; i++) {
		if (p[i].identity != NULL &&
		    values_get(&c->settings.identities, p[i].identity) == NULL)
			return "identity-not-given";
		if (p[i].connector_param != NULL &&
		    values_get(&c->settings.params, p[i].connector_param) ==
		        NULL)
			return "param-not-given";
	}
	return NULL;
}

static int
start_endpoint(struct collection *c, size_t i, bool fresh,
    struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(c->k, i);
	const struct request *q = e->requests.read;
	const struct origin o = { c, i, 0, NULL, 0, 0, NULL, NULL, 0 };
	struct lane *l = &c->lanes[i];
	const char *reason = find_impossible(c, e);
	char template[MAX_TEMPLATE + 300];

	(void)snprintf(template, sizeof(template), "https://%s%s",
	    q->host->text, q->path->text);
	if (dsr_case_endpoint_add(c->store, c->connector_id, i, e->name,
	        e->category, template, &l->id, err) != 0)
		return -1;
	l->filtered = subject_is_asked(c, e);
	l->impossible = reason != NULL;
	if (!fresh)
		return 0;
	if (reason != NULL)
		return add_gap(&o, reason, false, err);
	return e->parent == NO_ENDPOINT ? add_requests(&o, err) : 0;
}

int
plan_start(struct collection *c, bool fresh, struct dsr_error *err)
{
	for (size_t i = 0; i < c->k->endpoints.count; i++)
		if (start_endpoint(c, i, fresh, err) != 0)
			return -1;
	return 0;
}

int
plan_finish(struct collection *c, struct dsr_error *err)
{
	for (size_t i = 0; i < c->k->endpoints.count; i++) {
		const struct endpoint *e = connector_endpoint(c->k, i);
		const struct origin o = { c, i, 0, NULL, 0, 0, NULL, NULL, 0 };
		int got;

		if (e->parent == NO_ENDPOINT)
			continue;
		got = dsr_case_has_gap(c->store, c->lanes[e->parent].id, err);
		if (got < 0 ||
		    (got == 1 &&
		        add_gap(&o, "parent-incomplete", true, err) != 0))
			return -1;
	}
	return 0;
}
