/* SPDX-License-Identifier: ISC */
/* The requests of deletions: docs/CONNECTORS.md section 7. */
#include "erase.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "path.h"

#define REDACTED "[redacted:" /* begins what stands in for a secret */

static const uint64_t success_codes[] = { 200, 204 };
static const uint64_t ignore_errors[] = { 404, 410 };
static const uint64_t accepted_codes[] = { 202 };
static const struct dsr_list success = { (void *)(uintptr_t)success_codes, 2 };
static const struct dsr_list ignored = { (void *)(uintptr_t)ignore_errors, 2 };
static const struct dsr_list accepted = { (void *)(uintptr_t)accepted_codes,
	1 };

/* The declared deletion, and what it takes from the read request. */
static void
complete(struct request *q, const struct request *read)
{
	if (q->host == NULL)
		q->host = read->host;
	if (q->path == NULL)
		q->path = read->path;
	if (dsr_json_get(q->at, "query_params") == NULL)
		q->query_params = read->query_params;
	if (dsr_json_get(q->at, "headers") == NULL)
		q->headers = read->headers;
	if (q->success_codes == NULL)
		q->success_codes = &success;
	if (q->ignore_errors == NULL)
		q->ignore_errors = &ignored;
	if (q->accepted_codes == NULL)
		q->accepted_codes = &accepted;
}

int
erase_requests(struct erasure *x, struct dsr_error *err)
{
	size_t count = x->c.k->endpoints.count;

	x->deletes = calloc(count, sizeof(*x->deletes));
	x->tallies = calloc(count, sizeof(*x->tallies));
	if (x->deletes == NULL || x->tallies == NULL)
		return dsr_fail(err, DSR_ENOMEM, "deletions");
	for (size_t i = 0; i < count; i++) {
		const struct requests *r =
		    &connector_endpoint(x->c.k, i)->requests;

		if (r->erase == NULL)
			continue;
		x->deletes[i] = *r->erase;
		complete(&x->deletes[i], r->read);
	}
	return 0;
}

bool
erase_is_by_item(const struct endpoint *e, size_t index)
{
	const struct param_value *p = e->requests.erase->param_values.items;

	for (size_t i = 0; i < e->requests.erase->param_values.count; i++) {
		const struct reference *f = p[i].references.items;

		if (f != NULL && f->index == index)
			return true;
	}
	return false;
}

struct one {
	struct dsr_buffer text;
	const void *body;
	size_t count;
};

static int
take_one(void *ctx, const struct dsr_json_value *v, struct dsr_error *err)
{
	struct one *o = ctx;
	int found = 1;

	if (o->count == 0)
		found = path_text(v, o->body, &o->text, err);
	o->count += found == 1;
	return found < 0 ? -1 : 0;
}

/* The one value of a field of the item; 0, 1, -1. */
static int
take_reference(const struct param_value *p, const struct dsr_json_value *item,
    const void *body, struct values *v, struct dsr_error *err)
{
	const struct reference *f = p->references.items;
	struct one o = { .body = body };
	int result = 1;

	if (item == NULL)
		return 1;
	dsr_buffer_init(&o.text, DSR_MAX_URL);
	if (path_each(item, f->field, take_one, &o, err) != 0)
		result = -1;
	else if (o.count == 1 &&
	    strncmp(dsr_buffer_str(&o.text), REDACTED, strlen(REDACTED)) != 0)
		result = values_add(v, p->name, dsr_buffer_str(&o.text), true,
		    err);
	else if (o.count == 0 && p->optional)
		result = 0;
	dsr_buffer_fini(&o.text);
	return result;
}

/* A value that is the same for every request; 0, 1 with *reason, -1. */
static int
take_given(const struct erasure *x, const struct param_value *p,
    struct values *v, const char **reason, struct dsr_error *err)
{
	const char *const *texts = p->values.items;
	const char *text = NULL;

	if (p->credential != NULL)
		return 0;
	if (p->identity != NULL) {
		*reason = "identity-not-given";
		text = values_get(&x->c.settings.identities, p->identity);
	} else if (p->connector_param != NULL) {
		*reason = "param-not-given";
		text = values_get(&x->c.settings.params, p->connector_param);
	} else if (p->values.count == 1) {
		text = texts[0];
	}
	return text == NULL ? 1 : values_add(v, p->name, text, true, err);
}

int
erase_values(const struct erasure *x, size_t endpoint,
    const struct dsr_json_value *item, const void *body, struct values *v,
    const char **reason, struct dsr_error *err)
{
	const struct dsr_list *list = &x->deletes[endpoint].param_values;
	const struct param_value *p = list->items;
	int result = 0;

	for (size_t i = 0; i < list->count && result == 0; i++) {
		const char *known = values_get(v, p[i].name);
		char *before = known == NULL ? NULL : strdup(known);

		*reason = "reference-missing";
		result = p[i].references.count > 0
		    ? take_reference(&p[i], item, body, v, err)
		    : take_given(x, &p[i], v, reason, err);
		/* the read request needs its own, to look before and after */
		if (result == 0 && before != NULL &&
		    strcmp(before, values_get(v, p[i].name)) != 0) {
			*reason = "unsafe-value";
			result = 1;
		}
		free(before);
	}
	return result;
}

int
erase_address(const struct erasure *x, size_t endpoint,
    const struct values *v, struct dsr_buffer *recorded, const char **reason,
    struct dsr_error *err)
{
	const struct scope scope = { x->c.k, &x->c.settings, v, NULL, NULL,
		NULL };
	struct dsr_buffer url;
	int result;

	dsr_buffer_init(&url, 4 * DSR_MAX_URL);
	result = ask_address(&scope, connector_endpoint(x->c.k, endpoint),
	    &x->deletes[endpoint], &url, recorded, reason, err);
	dsr_buffer_fini(&url);
	return result;
}

const char *
erase_item_id(const struct endpoint *e, const struct dsr_json_value *item,
    const void *body, char out[PATH_ID_SIZE])
{
	const struct path *key = e->requests.read->primary_key;

	return item == NULL || path_is_doubled(item, key)
	    ? NULL
	    : path_id(item, key, body, out);
}

struct wanted_id {
	const char *id;
	const void *body;
};

static int
match_id(void *ctx, const struct dsr_json_value *v, struct dsr_error *err)
{
	const struct wanted_id *w = ctx;
	char id[PATH_ID_SIZE];
	const char *text = path_id_of(v, w->body, id);

	(void)err;
	return text != NULL && strcmp(text, w->id) == 0;
}

bool
erase_has_id(const struct endpoint *e, const struct dsr_json_value *item,
    const void *body, const char *wanted)
{
	const struct path *key = e->requests.read->primary_key;
	struct wanted_id w = { wanted, body };
	char id[PATH_ID_SIZE];
	const char *text;

	if (wanted == NULL || key == NULL)
		return false;
	if (path_is_doubled(item, key))
		return path_each(item, key, match_id, &w, NULL) == 1;
	text = path_id(item, key, body, id);
	return text != NULL && strcmp(text, wanted) == 0;
}

const struct dsr_json_value *
erase_items(const struct endpoint *e, const struct dsr_json_value *root,
    bool is_item, size_t *count)
{
	const struct dsr_json_value *data = root;

	*count = 1;
	if (is_item || e->requests.read->data_path == NULL)
		return root;
	data = path_find(root, e->requests.read->data_path);
	*count = 0;
	if (data == NULL)
		return NULL;
	if (dsr_json_type_of(data) == DSR_JSON_ARRAY) {
		*count = dsr_json_count(data);
		return dsr_json_first(data);
	}
	*count = dsr_json_type_of(data) == DSR_JSON_OBJECT;
	return *count == 1 ? data : NULL;
}
