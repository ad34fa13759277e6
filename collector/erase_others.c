/* SPDX-License-Identifier: ISC */
/*
 * What would take along what is other people's, or may be, stays: something that
 * names somebody else or does not tell whom, that the export left out, or that
 * could not be exported. (erase_whose.c: what is others' itself.)
 */
#include "erase.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/language.h"

/* What the archive says of an endpoint; NULL. */
static const struct dsr_endpoint_counts *
find_counts(const struct erasure *x, size_t endpoint)
{
	const struct dsr_list *list = &x->exported.statement.endpoints;
	const struct dsr_endpoint_counts *c = list->items;
	const char *name = connector_endpoint(x->c.k, endpoint)->name;

	for (size_t i = 0; i < list->count; i++)
		if (strcmp(c[i].connector, x->c.k->meta.key) == 0 &&
		    strcmp(c[i].endpoint, name) == 0)
			return &c[i];
	return NULL;
}

/* Does it go with, or before, what is marked? */
static bool
goes_with_marked(const struct connector *k, size_t i, const bool *marks)
{
	const struct endpoint *e = connector_endpoint(k, i);

	if (e->erased_with != NULL && marks[connector_find(k, e->erased_with)])
		return true;
	for (size_t a = 0; a < k->endpoints.count; a++) {
		const struct dsr_list *l = &connector_endpoint(k, a)->erase_after;
		const char *const *names = l->items;

		for (size_t n = 0; marks[a] && n < l->count; n++)
			if (connector_find(k, names[n]) == i)
				return true;
	}
	return false;
}

/* Marks the endpoint and all whose data is deleted with it, or first. */
static void
mark_below(const struct connector *k, size_t endpoint, bool *marks)
{
	bool more = true;

	marks[endpoint] = true;
	while (more) {
		more = false;
		for (size_t i = 0; i < k->endpoints.count; i++)
			if (!marks[i] && goes_with_marked(k, i, marks))
				more = marks[i] = true;
	}
}

/*
 * Do identities, given or not, say of what is in the archive whose it is: those
 * of a list that it was found by, or of an address? Then it is no place of
 * several; what has to be emptied first is one, whoever it belongs to.
 */
static bool
is_own(const struct connector *k, size_t endpoint)
{
	if (connector_endpoint(k, endpoint)->erase_after.count > 0)
		return false;
	while (endpoint != NO_ENDPOINT) {
		const struct endpoint *e = connector_endpoint(k, endpoint);
		const struct param_value *rule = e->subject_match.items;
		const struct param_value *p = e->dimensions.items;

		for (size_t i = 0; i < e->subject_match.count; i++)
			if (rule[i].connector_param == NULL)
				return true;
		for (size_t i = 0; i < e->dimensions.count; i++)
			if (p[i].identity != NULL)
				return true;
		endpoint = e->parent;
	}
	return false;
}

/* Are its requests made of items of the other? */
static bool
descends(const struct connector *k, size_t endpoint, size_t from)
{
	while (endpoint != NO_ENDPOINT && endpoint != from)
		endpoint = connector_endpoint(k, endpoint)->parent;
	return endpoint == from;
}

/* Is it left for more than that something does not tell whose it is? */
static bool
is_left(const struct planner *p)
{
	return p->reason != NULL && (strcmp(p->reason, "others-data") == 0 ||
	    strcmp(p->reason, "not-exported") == 0);
}

static void
stay(struct planner *p, const char *reason, const char *detail)
{
	p->outcome = "not-attempted";
	p->reason = reason;
	p->detail = detail;
}

/* What nobody could see may be anybody's; where rules tell, it matters. */
static void
look_at_gaps(struct planner *p, size_t i, const struct dsr_endpoint_counts *c)
{
	const struct endpoint *e = connector_endpoint(p->x->c.k, i);

	if (c != NULL && c->gaps == 0)
		return;
	if (!is_left(p) && (p->x->c.lanes[i].untold ||
	                       erase_tells_whose(&p->x->c, e)))
		stay(p, "not-exported", "It takes along what could not be "
		    "exported, and may be other people's.");
	else if (c != NULL && p->detail == NULL)
		p->detail = N_("It takes along something that could not be "
		               "exported.");
}

static void
look_at(struct planner *p, size_t i)
{
	const struct dsr_endpoint_counts *c = find_counts(p->x, i);

	look_at_gaps(p, i, c);
	if (p->x->tallies[i].others)
		stay(p, "others-data", "It would take along what is other "
		    "people's.");
	else if (c != NULL && c->left_out > 0)
		stay(p, "others-data", "It would take along what is other "
		    "people's: the export left that out.");
	else if (p->x->tallies[i].unnamed && i != p->endpoint &&
	    !p->x->even_if_unnamed && !is_left(p))
		stay(p, ERASE_UNNAMED, "It would take along what does not "
		    "tell whose it is.");
}

/*
 * Looks at what is marked, and at the lists that it was found by: where one of
 * those failed, nothing of it is in the archive. The list that the planner's own
 * stands in holds more than that.
 */
static void
look_up_from(struct planner *p, size_t i)
{
	const struct connector *k = p->x->c.k;

	for (; i != NO_ENDPOINT && !descends(k, p->endpoint, i);
	     i = connector_endpoint(k, i)->parent)
		look_at(p, i);
}

int
erase_plan_others(struct planner *p, struct dsr_error *err)
{
	const struct connector *k = p->x->c.k;
	const struct endpoint *e = connector_endpoint(k, p->endpoint);
	bool *marks = calloc(k->endpoints.count, sizeof(*marks));
	bool own = is_own(k, p->endpoint);

	if (marks == NULL)
		return dsr_fail(err, DSR_ENOMEM, "plan");
	mark_below(k, p->endpoint, marks);
	for (size_t i = 0; i < k->endpoints.count; i++)
		if (marks[i] && (!own || descends(k, i, p->endpoint)))
			look_up_from(p, i);
	/* a list that is deleted at once is that of all who are in it */
	if (e->requests.read->data_path != NULL &&
	    !erase_is_by_item(e, p->endpoint))
		look_at(p, p->endpoint);
	free(marks);
	return 0;
}

int
erase_find_note(struct erasure *x, size_t endpoint, const char **note,
    struct dsr_error *err)
{
	struct planner p;
	int result;

	erase_planner_start(&p, x, endpoint);
	result = erase_plan_others(&p, err);
	*note = strcmp(p.outcome, "planned") == 0 ? p.detail : NULL;
	erase_planner_fini(&p);
	return result;
}

bool
erase_left_out(const struct erasure *x, size_t endpoint)
{
	const struct dsr_endpoint_counts *c = find_counts(x, endpoint);

	return c != NULL && c->left_out > 0;
}

bool
erase_is_own(const struct erasure *x, size_t endpoint)
{
	return is_own(x->c.k, endpoint);
}

/*
 * What goes with a place that people delete by hand: nothing that must be kept
 * may, and what is others' is told.
 */
int
erase_plan_place(struct planner *p, uint64_t *held, struct dsr_error *err)
{
	const struct connector *k = p->x->c.k;
	const struct endpoint *e = connector_endpoint(k, p->endpoint);
	struct planner within = *p;
	bool *marks;
	int result = 0;

	if (e->erased_with == NULL || e->erase_after.count == 0)
		return 0;
	marks = calloc(k->endpoints.count, sizeof(*marks));
	if (marks == NULL)
		return dsr_fail(err, DSR_ENOMEM, "plan");
	mark_below(k, connector_find(k, e->erased_with), marks);
	for (size_t i = 0; i < k->endpoints.count && result == 0; i++) {
		if (!marks[i])
			continue;
		look_at(&within, i);
		if (*held == 0)
			result = erase_find_held(p, i, held, err);
	}
	p->detail = within.detail;
	free(marks);
	return result;
}
