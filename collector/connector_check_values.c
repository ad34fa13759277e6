/* SPDX-License-Identifier: ISC */
/* Placeholders, and where their values come from: section 2. */
#include "connector.h"
#include "connector_check.h"

#include <string.h>

#define MAX_TEMPLATES 1024u /* of one endpoint: three requests and defaults */

/* A template of a request, and what may stand in it. */
struct use {
	const struct template *t;
	bool secret; /* a credential may stand here */
	bool slashes; /* {+name} may stand here */
	bool erase;  /* in "delete" */
	const char *given; /* a name that always has a value here, or NULL */
};

struct uses {
	struct use items[MAX_TEMPLATES];
	size_t count;
};

static void
add_use(struct uses *u, const struct template *t, bool secret, bool slashes,
    bool erase)
{
	if (t == NULL || u->count == MAX_TEMPLATES)
		return;
	u->items[u->count] = (struct use){ t, secret, slashes, erase, NULL };
	u->count++;
}

static void
add_pairs(struct uses *u, const struct dsr_list *pairs, bool secret,
    bool slashes, bool erase)
{
	const struct pair *p = pairs->items;

	for (size_t i = 0; i < pairs->count; i++)
		add_use(u, p[i].value, secret, slashes, erase);
}

/* {operation} stands there for what id_path found. */
static void
add_status_request(struct uses *u, const struct async *a)
{
	size_t before = u->count;

	if (a == NULL || a->status_request == NULL)
		return;
	add_use(u, a->status_request->path, false, true, false);
	add_pairs(u, &a->status_request->query_params, false, true, false);
	for (size_t i = before; i < u->count; i++)
		u->items[i].given = OPERATION_NAME;
}

static void
add_request(struct uses *u, const struct request *q, bool erase)
{
	if (q == NULL)
		return;
	add_use(u, q->path, false, true, erase);
	add_pairs(u, &q->query_params, false, true, erase);
	add_pairs(u, &q->headers, true, false, erase);
	add_status_request(u, q->async);
	if (q->pagination != NULL && q->pagination->next_path != NULL) {
		add_use(u, q->pagination->next_path, false, true, erase);
		if (u->count > 0)
			u->items[u->count - 1].given = "cursor";
	}
}

static void
collect_uses(const struct reading *r, const struct endpoint *e,
    struct uses *u)
{
	u->count = 0;
	add_request(u, e->requests.read, false);
	add_request(u, e->requests.content, false);
	add_request(u, e->requests.erase, true);
	add_use(u, r->k->defaults.api_version, false, true, false);
	add_pairs(u, &r->k->defaults.headers, true, false, false);
}

void
check_parameters_only(struct reading *r, const struct template *t)
{
	for (size_t i = 0; t != NULL && i < t->count; i++) {
		if (t->parts[i].kind == PART_TEXT)
			continue;
		if (parameter_find(&r->k->params, t->parts[i].text) == NULL)
			complain(r, t->at, "{%s} is not a parameter: a host "
			    "can use no other value", t->parts[i].text);
		else if (t->parts[i].kind == PART_WITH_SLASHES)
			complain(r, t->at, "{+%s} cannot stand in a host",
			    t->parts[i].text);
	}
}

static const struct param_value *
find_value(const struct dsr_list *list, const char *name)
{
	const struct param_value *p = list->items;

	for (size_t i = 0; i < list->count; i++)
		if (p[i].name != NULL && strcmp(p[i].name, name) == 0)
			return &p[i];
	return NULL;
}

/* A placeholder whose value references bring, here or above. */
static bool
part_is_found(const struct connector *k, const struct endpoint *e,
    const struct part *part)
{
	const struct param_value *p =
	    e->requests.read == NULL
	    ? NULL
	    : find_value(&e->requests.read->param_values, part->text);

	if (p == NULL && e->parent != NO_ENDPOINT)
		return part_is_found(k, connector_endpoint(k, e->parent),
		    part);
	return p != NULL && p->references.count > 0;
}

bool
host_is_found(const struct connector *k, const struct endpoint *e)
{
	const struct template *t = e->requests.read->host;

	for (size_t i = 0; t != NULL && i < t->count; i++)
		if (t->parts[i].kind != PART_TEXT &&
		    parameter_find(&k->params, t->parts[i].text) == NULL &&
		    part_is_found(k, e, &t->parts[i]))
			return true;
	return false;
}

static void
check_read_host(struct reading *r, const struct endpoint *e)
{
	const struct template *t = e->requests.read->host;

	for (size_t i = 0; t != NULL && i < t->count; i++)
		if (t->parts[i].kind == PART_WITH_SLASHES)
			complain(r, t->at, "{+%s} cannot stand in a host",
			    t->parts[i].text);
		else if (t->parts[i].kind == PART_VALUE &&
		    parameter_find(&r->k->params, t->parts[i].text) == NULL &&
		    !part_is_found(r->k, e, &t->parts[i]))
			complain(r, t->at, "{%s} is neither a parameter nor "
			    "found in another answer: a host can use no other "
			    "value", t->parts[i].text);
}

/* Does the text of a body hold {name}? */
static bool
body_uses(const struct reading *r, const struct request *q, const char *name)
{
	char placeholder[68];
	size_t offset, len;

	if (q == NULL || q->body == NULL)
		return false;
	(void)snprintf(placeholder, sizeof(placeholder), "{%s}", name);
	dsr_json_span(q->body, &offset, &len);
	return memmem(r->k->text.data + offset, len, placeholder,
	           strlen(placeholder)) != NULL;
}

static bool
uses_name(const struct reading *r, const struct endpoint *e,
    const struct uses *u, const char *name)
{
	for (size_t i = 0; i < u->count; i++)
		for (size_t j = 0; j < u->items[i].t->count; j++)
			if (u->items[i].t->parts[j].kind != PART_TEXT &&
			    strcmp(u->items[i].t->parts[j].text, name) == 0)
				return true;
	return body_uses(r, e->requests.read, name) ||
	    body_uses(r, e->requests.erase, name);
}

/*
 * The values of param_values as declared, then the identities that stand in a
 * placeholder without being declared there or inherited.
 */
void
resolve_dimensions(struct reading *r, struct endpoint *e)
{
	const struct parameter *id = r->k->identities.items;
	const struct dsr_list *own;
	struct param_value *items;
	struct uses *u = reading_alloc(r, sizeof(*u));

	if (u == NULL || e->requests.read == NULL)
		return;
	own = &e->requests.read->param_values;
	items = reading_alloc(r,
	    (own->count + r->k->identities.count + 1) * sizeof(*items));
	if (items == NULL)
		return;
	collect_uses(r, e, u);
	if (own->count > 0)
		(void)memcpy(items, own->items, own->count * sizeof(*items));
	e->dimensions.items = items;
	e->dimensions.count = own->count;
	for (size_t i = 0; i < r->k->identities.count; i++) {
		if (id[i].name == NULL || !uses_name(r, e, u, id[i].name) ||
		    endpoint_inherits(r->k, e, id[i].name))
			continue;
		items[e->dimensions.count].at = id[i].at;
		items[e->dimensions.count].name = id[i].name;
		items[e->dimensions.count].identity = id[i].name;
		e->dimensions.count++;
	}
}

/* One placeholder of a template. */
static void
check_placeholder(struct reading *r, const struct endpoint *e,
    const struct use *use, const struct part *part)
{
	const struct request *erase = e->requests.erase;
	const struct param_value *p = find_value(&e->dimensions, part->text);

	if (part->kind == PART_WITH_SLASHES && !use->slashes)
		complain(r, use->t->at, "{+%s} cannot stand in a header",
		    part->text);
	if (use->erase && erase != NULL &&
	    find_value(&erase->param_values, part->text) != NULL)
		p = find_value(&erase->param_values, part->text);
	if (p != NULL && p->credential != NULL && !use->secret)
		complain(r, use->t->at, "the credential {%s} may stand in "
		    "headers and bodies only", part->text);
	if (p == NULL && !endpoint_inherits(r->k, e, part->text) &&
	    parameter_find(&r->k->identities, part->text) == NULL &&
	    parameter_find(&r->k->params, part->text) == NULL)
		complain(r, use->t->at, "nothing gives {%s} a value",
		    part->text);
}

static void
check_use(struct reading *r, const struct endpoint *e, const struct use *use)
{
	for (size_t i = 0; i < use->t->count; i++) {
		const struct part *part = &use->t->parts[i];

		if (part->kind != PART_TEXT &&
		    (use->given == NULL ||
		        strcmp(part->text, use->given) != 0))
			check_placeholder(r, e, use, part);
	}
}

void
check_placeholders(struct reading *r, const struct endpoint *e)
{
	struct uses *u = reading_alloc(r, sizeof(*u));

	if (u == NULL)
		return;
	collect_uses(r, e, u);
	for (size_t i = 0; i < u->count; i++)
		check_use(r, e, &u->items[i]);
	if (e->requests.read != NULL)
		check_read_host(r, e);
	if (e->requests.content != NULL)
		check_parameters_only(r, e->requests.content->host);
	if (e->requests.erase != NULL)
		check_parameters_only(r, e->requests.erase->host);
}

/* ---- what nothing uses --------------------------------------------------- */

static bool
template_uses(const struct template *t, const char *name)
{
	for (size_t i = 0; t != NULL && i < t->count; i++)
		if (t->parts[i].kind != PART_TEXT &&
		    strcmp(t->parts[i].text, name) == 0)
			return true;
	return false;
}

static bool
values_use(const struct dsr_list *list, const char *name)
{
	const struct param_value *p = list->items;

	for (size_t i = 0; i < list->count; i++)
		if ((p[i].identity != NULL &&
		        strcmp(p[i].identity, name) == 0) ||
		    (p[i].connector_param != NULL &&
		        strcmp(p[i].connector_param, name) == 0))
			return true;
	return false;
}

static bool
endpoint_uses(struct reading *r, const struct endpoint *e, struct uses *u,
    const char *name)
{
	const struct requests *q = &e->requests;

	collect_uses(r, e, u);
	return uses_name(r, e, u, name) ||
	    values_use(&e->subject_match, name) ||
	    (q->read != NULL && (template_uses(q->read->host, name) ||
	                            values_use(&q->read->param_values, name))) ||
	    (q->content != NULL && template_uses(q->content->host, name)) ||
	    (q->erase != NULL && (template_uses(q->erase->host, name) ||
	                             values_use(&q->erase->param_values, name)));
}

static bool
anything_uses(struct reading *r, struct uses *u, const char *name)
{
	const struct template *const *hosts = r->k->hosts.items;
	const struct template *const *content = r->k->content_hosts.items;
	const struct parameter *p = r->k->params.items;

	for (size_t i = 0; i < r->k->endpoints.count; i++)
		if (endpoint_uses(r, connector_endpoint(r->k, i), u, name))
			return true;
	for (size_t i = 0; i < r->k->hosts.count; i++)
		if (template_uses(hosts[i], name))
			return true;
	for (size_t i = 0; i < r->k->content_hosts.count; i++)
		if (template_uses(content[i], name))
			return true;
	for (size_t i = 0; i < r->k->params.count; i++)
		if (template_uses(p[i].preset, name))
			return true;
	return false;
}

static bool
children_use(struct reading *r, size_t parent, struct uses *u,
    const char *name)
{
	for (size_t i = parent; i < r->k->endpoints.count; i++) {
		const struct endpoint *e = connector_endpoint(r->k, i);

		collect_uses(r, e, u);
		if (uses_name(r, e, u, name) ||
		    (e->requests.read != NULL &&
		        template_uses(e->requests.read->host, name)))
			return true;
	}
	return false;
}

void
check_unused(struct reading *r)
{
	const struct dsr_list *lists[] = { &r->k->params,
		&r->k->identities };
	struct uses *u = reading_alloc(r, sizeof(*u));

	if (u == NULL)
		return;
	for (size_t l = 0; l < 2; l++) {
		const struct parameter *p = lists[l]->items;

		for (size_t i = 0; i < lists[l]->count; i++)
			if (p[i].name != NULL &&
			    !anything_uses(r, u, p[i].name))
				warn(r, p[i].at, "nothing uses \"%s\"",
				    p[i].name);
	}
	for (size_t i = 0; i < r->k->endpoints.count; i++) {
		const struct request *q =
		    connector_endpoint(r->k, i)->requests.read;
		const struct param_value *p =
		    q == NULL ? NULL : q->param_values.items;

		for (size_t j = 0; p != NULL && j < q->param_values.count; j++)
			if (p[j].name != NULL &&
			    !children_use(r, i, u, p[j].name))
				warn(r, p[j].at, "nothing uses \"%s\"",
				    p[j].name);
	}
}
