/* SPDX-License-Identifier: ISC */
/*
 * Whose is it? By the rules of the endpoint itself, and by those of the list
 * that named it: where only the list says whose its items are, the item that a
 * resource was found by decides.
 */
#include "erase.h"

#include <string.h>

#include "dossier/limits.h"
#include "path.h"

bool
erase_tells_whose(const struct collection *c, const struct endpoint *e)
{
	const struct param_value *rule = e->subject_match.items;

	for (size_t i = 0; i < e->subject_match.count; i++)
		if (rule[i].connector_param == NULL)
			return subject_is_asked(c, e);
	return false;
}

/* ---- what lists say ------------------------------------------------------ */

/* Values of one item, noted with what the item says of whose it is. */
struct noting {
	struct dsr_case *store;
	int64_t list;
	enum subject whose;
	const struct reference *f;
	const char *url; /* of the list, or NULL */
	const void *body;
};

/* What a verdict about a value of the reference is kept under: paths as text
 * have no newline. */
static int
write_field(struct dsr_buffer *out, enum subject whose,
    const struct reference *f, struct dsr_error *err)
{
	dsr_buffer_reset(out);
	return dsr_buffer_printf(out, err, "whose %d\n%s\n%s", (int)whose,
	    f->each != NULL ? f->each->text : "", f->field->text);
}

/*
 * The value, of the list at that address (up to its query), or of any: NULL.
 * Values are whatever the service says: none may pass for one of a list.
 */
static int
write_key(struct dsr_buffer *out, const char *value, const char *url,
    struct dsr_error *err)
{
	int len = url == NULL ? 0 : (int)strcspn(url, "?");

	dsr_buffer_reset(out);
	return url == NULL
	    ? dsr_buffer_printf(out, err, "any %s", value)
	    : dsr_buffer_printf(out, err, "%d %.*s %s", len, len, url, value);
}

static int
note_value(void *ctx, const struct dsr_json_value *v, struct dsr_error *err)
{
	const struct noting *n = ctx;
	struct dsr_buffer field, key, text;
	int result;

	dsr_buffer_init(&field, 4 * DSR_MAX_URL);
	dsr_buffer_init(&key, 8 * DSR_MAX_URL);
	dsr_buffer_init(&text, DSR_MAX_URL);
	result = path_text(v, n->body, &text, err);
	if (result == 1)
		result = write_field(&field, n->whose, n->f, err);
	for (int any = 0; any < 2 && field.len > 0 && result == 0; any++)
		if (write_key(&key, dsr_buffer_str(&text),
		        any == 1 ? NULL : n->url, err) != 0 ||
		    dsr_case_value_add(n->store, n->list,
		        dsr_buffer_str(&field), dsr_buffer_str(&key), err) !=
		        0)
			result = -1;
	dsr_buffer_fini(&field);
	dsr_buffer_fini(&key);
	dsr_buffer_fini(&text);
	return result;
}

/* What may be called otherwise may be somebody else's. */
static int
note_thing(void *ctx, const struct dsr_json_value *v, struct dsr_error *err)
{
	struct noting n = *(const struct noting *)ctx;
	int doubled = path_each_is_doubled(v, n.f->field, n.body, err);

	if (doubled == 1)
		n.whose = SUBJECT_OTHER;
	return doubled < 0 ? -1 : path_each(v, n.f->field, note_value, &n, err);
}

/* The things of an item of which requests are made, or itself. */
static int
note_things(const struct noting *noting, const struct dsr_json_value *item,
    struct dsr_error *err)
{
	struct noting n = *noting;
	int doubled;

	if (n.f->each == NULL)
		return note_thing(&n, item, err);
	doubled = path_each_is_doubled(item, n.f->each, n.body, err);
	if (doubled == 1)
		n.whose = SUBJECT_OTHER;
	return doubled < 0 ? -1 : path_each(item, n.f->each, note_thing, &n, err);
}

/* The values of the item of which requests of other endpoints are made. */
static int
note_item(struct planner *p, struct noting *n,
    const struct dsr_json_value *item, struct dsr_error *err)
{
	const struct connector *k = p->x->c.k;

	for (size_t i = p->endpoint + 1; i < k->endpoints.count; i++) {
		const struct dsr_list *list =
		    &connector_endpoint(k, i)->requests.read->param_values;
		const struct param_value *v = list->items;

		for (size_t a = 0; a < list->count; a++) {
			n->f = v[a].references.items;
			if (n->f == NULL || n->f->index != p->endpoint)
				continue;
			if (note_things(n, item, err) != 0)
				return -1;
		}
	}
	return 0;
}

static int
note_items(struct planner *p, const struct dsr_document *d,
    const struct dsr_json_value *root, struct dsr_error *err)
{
	struct collection *c = &p->x->c;
	const struct endpoint *e = connector_endpoint(c->k, p->endpoint);
	struct erase_tally *t = &p->x->tallies[p->endpoint];
	struct noting n = { c->store, c->lanes[p->endpoint].id, SUBJECT_OTHER,
		NULL, d->source_url, p->body.data };
	size_t count;
	const struct dsr_json_value *item =
	    erase_items(e, root, d->span.set, &count);

	for (size_t i = 0; i < count; i++, item = dsr_json_next(item)) {
		if (subject_of_all(c, p->endpoint, item, 1, p->body.data,
		        &n.whose, err) != 0 ||
		    (n.whose == SUBJECT_PERSON &&
		        subject_keep_values(c, p->endpoint, item,
		            p->body.data, err) != 0) ||
		    note_item(p, &n, item, err) != 0)
			return -1;
		t->others = t->others || n.whose == SUBJECT_OTHER;
		t->unnamed = t->unnamed || n.whose == SUBJECT_NOBODY;
	}
	return 0;
}

/* Is it a download of an item, and no item? */
static int
is_download(struct planner *p, const struct dsr_document *d,
    struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(p->x->c.k, p->endpoint);
	struct values values = { NULL, 0 };
	int result;

	if (e->requests.content == NULL || d->span.set ||
	    d->source_url == NULL)
		return 0;
	result = erase_match(p->x->c.k, &p->x->c.settings, e, d->source_url,
	    true, &values, err);
	values_fini(&values);
	return result < 0 ? -1 : result == 0;
}

static int
note_document(void *ctx, const struct dsr_document *d, struct dsr_error *err)
{
	struct planner *p = ctx;
	struct dsr_json *json = NULL;
	int result = is_download(p, d, err);

	if (result != 0)
		return result < 0 ? -1 : 0;
	dsr_buffer_reset(&p->body);
	if (exported_read(&p->x->exported, d->path, &p->body, err) != 0 ||
	    dsr_json_parse_if(&json, p->body.data, p->body.len, err) != 0)
		return -1;
	if (json != NULL)
		result = note_items(p, d, dsr_json_root(json), err);
	else if (p->x->c.lanes[p->endpoint].untold)
		p->x->tallies[p->endpoint].unnamed = true;
	else /* nobody knows what is in it */
		p->x->tallies[p->endpoint].others = true;
	dsr_json_free(json);
	return result;
}

int
erase_note_whose(struct erasure *x, struct dsr_error *err)
{
	int result = 0;

	/* rules look for what endpoints above them hold */
	for (size_t i = 0; i < x->c.k->endpoints.count && result == 0; i++) {
		struct planner p;

		if (!x->c.lanes[i].untold &&
		    !erase_tells_whose(&x->c, connector_endpoint(x->c.k, i)))
			continue;
		erase_planner_start(&p, x, i);
		result = exported_documents(&x->exported, i, note_document, &p,
		    err);
		erase_planner_fini(&p);
	}
	return result;
}

/* ---- what the list says of one resource ---------------------------------- */

/* What is least the person's of the items with that value: 1, 0 none, -1. */
static int
find_noted(struct planner *p, const struct reference *f, const char *value,
    const char *url, enum subject *whose, struct dsr_error *err)
{
	struct dsr_buffer field, key;
	int result;

	dsr_buffer_init(&field, 4 * DSR_MAX_URL);
	dsr_buffer_init(&key, 8 * DSR_MAX_URL);
	result = write_key(&key, value, url, err);
	for (int i = SUBJECT_OTHER; i <= SUBJECT_PERSON && result == 0; i++) {
		result = write_field(&field, (enum subject)i, f, err);
		if (result == 0)
			result = dsr_case_value_exists(p->x->c.store,
			    p->x->c.lanes[f->index].id,
			    dsr_buffer_str(&field), dsr_buffer_str(&key), err);
		*whose = (enum subject)i;
	}
	dsr_buffer_fini(&field);
	dsr_buffer_fini(&key);
	return result;
}

/* In the list at the address that the values make; where none, in all. */
static int
find_in_list(struct planner *p, const struct reference *f, const char *value,
    const struct values *values, enum subject *whose, struct dsr_error *err)
{
	const struct erasure *x = p->x;
	const struct endpoint *list = connector_endpoint(x->c.k, f->index);
	const struct scope scope = { x->c.k, &x->c.settings, values, NULL,
		NULL, NULL };
	struct dsr_buffer url, recorded;
	const char *reason;
	int result;

	dsr_buffer_init(&url, 4 * DSR_MAX_URL);
	dsr_buffer_init(&recorded, 4 * DSR_MAX_URL);
	result = ask_address(&scope, list, list->requests.read, &url,
	    &recorded, &reason, err);
	if (result >= 0)
		result = find_noted(p, f, value,
		    result == 0 ? dsr_buffer_str(&recorded) : NULL, whose,
		    err);
	dsr_buffer_fini(&url);
	dsr_buffer_fini(&recorded);
	return result;
}

/* What lists say, of which requests of the endpoint are made. */
struct said {
	bool asked;  /* one of them tells whose its items are */
	bool found;  /* and has it */
	bool untold; /* one would, nearer than these or beside them */
	enum subject whose;
};

static int
ask_lists(struct planner *p, size_t endpoint, const struct values *values,
    struct said *said, struct dsr_error *err)
{
	const struct connector *k = p->x->c.k;
	const struct dsr_list *list =
	    &connector_endpoint(k, endpoint)->requests.read->param_values;
	const struct param_value *v = list->items;

	for (size_t i = 0; i < list->count; i++) {
		const struct reference *f = v[i].references.items;
		const char *value = values_get(values, v[i].name);
		enum subject one = SUBJECT_OTHER;
		int got = 0;

		if (f == NULL)
			continue;
		said->untold =
		    said->untold || p->x->c.lanes[f->index].untold;
		if (!erase_tells_whose(&p->x->c,
		        connector_endpoint(k, f->index)))
			continue;
		if (value != NULL)
			got = find_in_list(p, f, value, values, &one, err);
		if (got < 0)
			return -1;
		said->found = got == 1 && (said->found || !said->asked);
		said->asked = true;
		said->whose = one < said->whose ? one : said->whose;
	}
	return 0;
}

/* The nearest lists above that tell it. */
static int
find_said(struct planner *p, const struct values *values, struct said *said,
    struct dsr_error *err)
{
	for (size_t i = p->endpoint; i != NO_ENDPOINT && !said->asked;
	     i = connector_endpoint(p->x->c.k, i)->parent)
		if (ask_lists(p, i, values, said, err) != 0)
			return -1;
	return 0;
}

/* ---- what it says itself ------------------------------------------------- */

/* Of all that is in the document. */
static int
find_whose(struct planner *p, const struct endpoint *e,
    const struct dsr_document *d, enum subject *whose, struct dsr_error *err)
{
	const struct dsr_json_value *item;
	struct dsr_json *json = NULL;
	size_t count;
	int result = -1;

	dsr_buffer_reset(&p->body);
	if (exported_read(&p->x->exported, d->path, &p->body, err) == 0 &&
	    dsr_json_parse(&json, p->body.data, p->body.len, false, err) ==
	        0) {
		item = erase_items(e, dsr_json_root(json), d->span.set,
		    &count);
		result = subject_of_all(&p->x->c, p->endpoint, item, count,
		    p->body.data, whose, err);
	}
	dsr_json_free(json);
	return result;
}

static void
leave(struct dsr_erasure_plan *plan, const char *reason, const char *detail)
{
	plan->outcome = "not-attempted";
	plan->reason = reason;
	plan->detail = detail;
}

/* By its own rules it is whose; tells: these are in effect. */
static enum subject
weigh(const struct said *said, enum subject whose, bool tells)
{
	if (said->untold && !tells && whose == SUBJECT_PERSON)
		whose = SUBJECT_NOBODY;
	/* a list may tell less than its item does, but not another */
	if (said->found && (!tells || said->whose == SUBJECT_OTHER) &&
	    said->whose < whose)
		whose = said->whose;
	return whose;
}

static void
decide(const struct planner *p, struct dsr_erasure_plan *plan,
    const struct said *said, enum subject whose, bool tells)
{
	bool untold = !tells &&
	    (said->untold || p->x->c.lanes[p->endpoint].untold);

	if (whose == SUBJECT_OTHER)
		leave(plan, "others-data", "It names somebody else, or "
		    "says two things of whose it is.");
	else if (said->asked && !said->found && !tells)
		leave(plan, "not-exported", "What would tell whose it is is "
		    "not in the archive.");
	else if (whose == SUBJECT_NOBODY && !p->x->even_if_unnamed)
		leave(plan, ERASE_UNNAMED, untold
		    ? "An identity that was not given would tell whose it is."
		    : "It does not say whose it is.");
}

int
erase_plan_whose(struct planner *p, const struct dsr_document *d,
    const struct dsr_json_value *item, const struct values *values,
    struct dsr_erasure_plan *plan, struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(p->x->c.k, p->endpoint);
	bool tells = erase_tells_whose(&p->x->c, e);
	struct said said = { .whose = SUBJECT_PERSON };
	enum subject whose = SUBJECT_PERSON;

	/* in a place that is left for that, too: it may go in another run */
	if (!erase_may_go_yet(plan) && !erase_is_left_for(plan, ERASE_UNNAMED))
		return 0;
	if (e->subject_match.count > 0 &&
	    (item != NULL ? subject_of_all(&p->x->c, p->endpoint, item, 1,
	                        p->body.data, &whose, err)
	                  : find_whose(p, e, d, &whose, err)) != 0)
		return -1;
	if (find_said(p, values, &said, err) != 0)
		return -1;
	decide(p, plan, &said, weigh(&said, whose, tells), tells);
	return 0;
}
