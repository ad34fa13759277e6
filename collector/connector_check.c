/* SPDX-License-Identifier: ISC */
/*
 * What the tables cannot say of a connector: names that are used twice,
 * references that lead nowhere, the order, what stands in for what.
 */
#include "connector.h"
#include "connector_check.h"

#include <string.h>

#include "dossier/nearest.h"
#include "dossier/records.h"

#define MAX_KEY_AND_NAME 58u /* bytes: section 1, names */

static struct endpoint *
endpoint_at(struct reading *r, size_t i)
{
	return (struct endpoint *)r->k->endpoints.items + i;
}

/* {cursor} in next_path is of pagination, {operation} of status_request. */
static void
check_not_taken(struct reading *r, const struct dsr_json_value *at,
    const char *name)
{
	if (name != NULL && strcmp(name, "cursor") == 0)
		complain(r, at, "the name \"cursor\" is that of pagination");
	if (name != NULL && strcmp(name, OPERATION_NAME) == 0)
		complain(r, at, "the name \"%s\" is that of status_request",
		    OPERATION_NAME);
}

static void
check_twice(struct reading *r, const struct dsr_list *list,
    const struct dsr_list *other)
{
	const struct parameter *p = list->items;

	for (size_t i = 0; i < list->count; i++) {
		struct dsr_list before = { list->items, i };

		if (p[i].name != NULL &&
		    (parameter_find(&before, p[i].name) != NULL ||
		        (other != NULL &&
		            parameter_find(other, p[i].name) != NULL)))
			complain(r, p[i].at, "the name \"%s\" is used twice",
			    p[i].name);
		check_not_taken(r, p[i].at, p[i].name);
	}
}

/* A default may use what was declared above it. */
static void
check_presets(struct reading *r)
{
	const struct parameter *p = r->k->params.items;

	for (size_t i = 0; i < r->k->params.count; i++) {
		struct dsr_list above = { r->k->params.items, i };
		const struct template *t = p[i].preset;

		for (size_t j = 0; t != NULL && j < t->count; j++)
			if (t->parts[j].kind != PART_TEXT &&
			    parameter_find(&above, t->parts[j].text) == NULL)
				complain(r, t->at, "{%s} is not a parameter "
				    "declared above", t->parts[j].text);
	}
}

static void
check_host_patterns(struct reading *r, const struct dsr_list *hosts)
{
	const struct template *const *t = hosts->items;

	for (size_t i = 0; i < hosts->count; i++)
		check_parameters_only(r, t[i]);
}

static void
check_one_authentication(struct reading *r, const struct authentication *a)
{
	check_host_patterns(r, &a->hosts);
	if (a->strategy != AUTH_NONE && a->credential == NULL)
		complain(r, a->at, "\"credential\" is missing in "
		    "authentication");
	if (a->strategy == AUTH_HEADER && a->headers.count == 0)
		complain(r, a->at, "\"headers\" is missing in authentication: "
		    "strategy \"header\" sets them");
	if (a->strategy != AUTH_HEADER && a->headers.count > 0)
		complain(r, a->at, "\"headers\" belongs to strategy "
		    "\"header\" only");
}

static void
check_authentication(struct reading *r)
{
	const struct authentication *a = r->k->authentication.items;

	for (size_t i = 0; i < r->k->authentication.count; i++)
		check_one_authentication(r, &a[i]);
}

static void
check_names(struct reading *r)
{
	const char *key = r->k->meta.key;

	if (key != NULL && strcmp(key, DSR_MANUAL) == 0)
		complain(r, r->k->meta.at, "the key \"" DSR_MANUAL "\" means "
		    "documents that were added by hand");
	for (size_t i = 0; i < r->k->endpoints.count; i++) {
		const struct endpoint *e = endpoint_at(r, i);

		if (e->name == NULL)
			continue;
		if (connector_find(r->k, e->name) != i)
			complain(r, e->at, "there are two endpoints \"%s\"",
			    e->name);
		if (key != NULL &&
		    strlen(key) + strlen(e->name) > MAX_KEY_AND_NAME)
			complain(r, e->at, "\"%s\" and \"%s\" have more than "
			    "%u bytes together", key, e->name,
			    MAX_KEY_AND_NAME);
	}
}

/* ---- references ---------------------------------------------------------- */

/* The endpoint of a name, or NO_ENDPOINT and a complaint. */
static size_t
find_endpoint(struct reading *r, const struct dsr_json_value *at,
    const char *name)
{
	const char *names[MAX_ENDPOINTS], *near;
	size_t count = 0, index = connector_find(r->k, name);

	if (index != NO_ENDPOINT)
		return index;
	for (size_t i = 0; i < r->k->endpoints.count; i++)
		if (endpoint_at(r, i)->name != NULL)
			names[count++] = endpoint_at(r, i)->name;
	near = dsr_nearest(name, names, count);
	if (near != NULL)
		complain(r, at, "there is no endpoint \"%s\"; did you mean "
		    "\"%s\"?", name, near);
	else
		complain(r, at, "there is no endpoint \"%s\"", name);
	return NO_ENDPOINT;
}

static void
resolve_reference(struct reading *r, const struct dsr_list *references,
    size_t own, bool own_allowed)
{
	struct reference *f = references->items;

	if (references->count > 1)
		complain(r, f[1].at, "\"references\" has one entry");
	if (references->count == 0 || f->endpoint == NULL)
		return;
	f->index = find_endpoint(r, f->at, f->endpoint);
	if (f->index == NO_ENDPOINT)
		return;
	if (f->index > own || (f->index == own && !own_allowed)) {
		complain(r, f->at, "\"%s\" must stand before the endpoint that "
		    "refers to it", f->endpoint);
		f->index = NO_ENDPOINT;
	}
}

/* What it names is declared above. */
static void
check_declared(struct reading *r, const struct param_value *p)
{
	if (p->identity != NULL &&
	    parameter_find(&r->k->identities, p->identity) == NULL)
		complain(r, p->at, "there is no identity \"%s\"",
		    p->identity);
	if (p->connector_param != NULL &&
	    parameter_find(&r->k->params, p->connector_param) == NULL)
		complain(r, p->at, "there is no parameter \"%s\"",
		    p->connector_param);
}

static void
check_param_value(struct reading *r, const struct param_value *p)
{
	int sources = (p->references.items != NULL) + (p->identity != NULL) +
	    (p->connector_param != NULL) + (p->values.items != NULL) +
	    (p->credential != NULL);

	if (sources != 1)
		complain(r, p->at, "an entry of param_values has exactly one "
		    "of \"references\", \"identity\", \"connector_param\", "
		    "\"values\" and \"credential\"");
	if (p->optional && p->references.items == NULL)
		complain(r, p->at, "\"optional\" belongs to \"references\"");
	check_declared(r, p);
}

/* Values of one request are read from the same things. */
static void
check_each(struct reading *r, const struct dsr_list *list, bool own_allowed)
{
	const struct param_value *p = list->items;
	const struct reference *first = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct reference *f = p[i].references.items;

		if (f == NULL)
			continue;
		if (f->each != NULL && own_allowed)
			complain(r, f->at, "\"each\" belongs to \"read\"");
		if (first == NULL)
			first = f;
		if ((first->each == NULL) != (f->each == NULL) ||
		    (f->each != NULL &&
		        strcmp(first->each->text, f->each->text) != 0))
			complain(r, f->at, "all references of one request have "
			    "the same \"each\"");
	}
}

static void
resolve_param_values(struct reading *r, const struct dsr_list *list,
    size_t own, bool own_allowed, size_t *parent)
{
	const struct param_value *p = list->items;

	check_each(r, list, own_allowed);
	for (size_t i = 0; i < list->count; i++) {
		const struct reference *f = p[i].references.items;

		check_param_value(r, &p[i]);
		check_not_taken(r, p[i].at, p[i].name);
		for (size_t j = 0; j < i && p[i].name != NULL; j++)
			if (p[j].name != NULL &&
			    strcmp(p[j].name, p[i].name) == 0)
				complain(r, p[i].at, "\"%s\" stands twice in "
				    "param_values", p[i].name);
		resolve_reference(r, &p[i].references, own, own_allowed);
		if (f == NULL || f->index == NO_ENDPOINT)
			continue;
		if (*parent != NO_ENDPOINT && *parent != f->index)
			complain(r, f->at, "all references of one request "
			    "name the same endpoint");
		*parent = f->index;
	}
}

static void
resolve_rules(struct reading *r, const struct endpoint *e, size_t own)
{
	const struct param_value *p = e->subject_match.items;

	for (size_t i = 0; i < e->subject_match.count; i++) {
		if ((p[i].identity != NULL) + (p[i].connector_param != NULL) +
		        (p[i].references.items != NULL) != 1)
			complain(r, p[i].at, "a rule of subject_match has "
			    "just one of \"identity\", \"connector_param\" "
			    "and \"references\"");
		check_declared(r, &p[i]);
		resolve_reference(r, &p[i].references, own, false);
		if (p[i].references.count > 0 &&
		    ((const struct reference *)p[i].references.items)->each !=
		        NULL)
			complain(r, p[i].at, "\"each\" belongs to \"read\"");
	}
}

static void
check_by_hand(struct reading *r, const struct endpoint *e)
{
	const struct by_hand *b = e->by_hand.items;

	if (e->by_hand.count > 0 && e->requests.erase != NULL)
		complain(r, dsr_json_get(e->at, "by_hand"), "what has a "
		    "\"delete\" is not deleted by hand");
	for (size_t i = 0; i < e->by_hand.count; i++)
		if ((b[i].path == NULL) != (b[i].value == NULL))
			complain(r, b[i].at, "\"path\" and \"value\" stand "
			    "together");
}

static void
check_erased_with(struct reading *r, const struct endpoint *e)
{
	const struct dsr_json_value *at = dsr_json_get(e->at, "erased_with");
	size_t index;

	if (e->erased_with == NULL)
		return;
	index = find_endpoint(r, at, e->erased_with);
	if (index != NO_ENDPOINT &&
	    endpoint_at(r, index)->requests.erase == NULL)
		complain(r, at, "\"%s\" has no \"delete\"", e->erased_with);
	if (e->requests.erase != NULL && e->name != NULL)
		complain(r, at, "what has a \"delete\" is not erased with "
		    "something else; if it must go first, name \"%s\" in "
		    "\"erase_after\" of \"%s\"", e->name, e->erased_with);
}

static void
check_order_lists(struct reading *r, const struct endpoint *e, size_t own)
{
	const char *const *after = e->after.items;
	const char *const *erase_after = e->erase_after.items;
	size_t index;

	for (size_t i = 0; i < e->after.count; i++) {
		index = find_endpoint(r, dsr_json_get(e->at, "after"),
		    after[i]);
		if (index != NO_ENDPOINT && index >= own)
			complain(r, dsr_json_get(e->at, "after"), "\"%s\" must "
			    "stand before the endpoint that comes after it",
			    after[i]);
	}
	for (size_t i = 0; i < e->erase_after.count; i++) {
		const struct dsr_json_value *at =
		    dsr_json_get(e->at, "erase_after");

		index = find_endpoint(r, at, erase_after[i]);
		if (index == NO_ENDPOINT)
			continue;
		if (endpoint_at(r, index)->requests.erase == NULL)
			complain(r, at, "\"%s\" has no \"delete\"",
			    erase_after[i]);
		if (index <= own)
			complain(r, at, "\"%s\" must stand below: deletions go "
			    "from the last endpoint to the first",
			    erase_after[i]);
	}
	check_by_hand(r, e);
	check_erased_with(r, e);
}

static void
resolve_references(struct reading *r)
{
	for (size_t i = 0; i < r->k->endpoints.count; i++) {
		struct endpoint *e = endpoint_at(r, i);
		size_t erase_parent = NO_ENDPOINT;

		if (e->requests.read != NULL)
			resolve_param_values(r, &e->requests.read->param_values,
			    i, false, &e->parent);
		if (e->requests.erase != NULL)
			resolve_param_values(r,
			    &e->requests.erase->param_values, i, true,
			    &erase_parent);
		resolve_rules(r, e, i);
		check_order_lists(r, e, i);
	}
}

void
connector_check(struct reading *r)
{
	check_twice(r, &r->k->params, NULL);
	check_twice(r, &r->k->identities, &r->k->params);
	check_presets(r);
	check_host_patterns(r, &r->k->hosts);
	check_host_patterns(r, &r->k->content_hosts);
	check_authentication(r);
	check_names(r);
	resolve_references(r);
	check_defaults(r);
	check_secret_strings(r);
	for (size_t i = 0; i < r->k->endpoints.count && !r->failed; i++) {
		resolve_dimensions(r, endpoint_at(r, i));
		check_endpoint(r, endpoint_at(r, i));
	}
	if (!r->failed)
		check_unused(r);
}
