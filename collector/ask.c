/* SPDX-License-Identifier: ISC */
/* A job's next request: headers, body, and the whole. */
#include "collection.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dossier/limits.h"
#include "piece.h"
#include "url.h"

#define USER_AGENT "dossier/" DSR_VERSION

struct scope
job_scope(const struct job *j)
{
	const struct scope scope = { j->c->k, &j->c->settings, &j->values,
		NULL, NULL, NULL };

	return scope;
}

/* ---- headers ------------------------------------------------------------- */

static const char *
credential_among(const struct dsr_list *list, const char *name)
{
	const struct param_value *p = list->items;

	for (size_t i = 0; i < list->count; i++)
		if (p[i].credential != NULL && strcmp(p[i].name, name) == 0)
			return p[i].credential;
	return NULL;
}

const char *
job_credential(const struct job *j, const char *name)
{
	const struct endpoint *e = connector_endpoint(j->c->k, j->endpoint);
	const char *found =
	    credential_among(&j->request->param_values, name);

	return found != NULL ? found
	                     : credential_among(&e->dimensions, name);
}

static bool
uses_secret(const struct job *j, const struct template *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->parts[i].kind != PART_TEXT &&
		    job_credential(j, t->parts[i].text) != NULL)
			return true;
	return false;
}

/* A credential that stands in for a placeholder of the endpoint. */
static const char *
find_secret(void *ctx, const char *name)
{
	const struct job *j = ctx;
	const char *credential = job_credential(j, name);

	return credential == NULL
	    ? NULL
	    : credentials_get(&j->c->credentials, credential);
}

static int
add_header(struct job *j, const struct scope *scope, const struct pair *pair,
    const char **reason, struct dsr_error *err)
{
	struct dsr_buffer value;
	int result;

	dsr_buffer_init(&value, DSR_MAX_SECRET + MAX_TEMPLATE);
	result = scope_expand(scope, pair->value, EXPAND_HEADER, &value,
	    reason, err);
	if (result == 0)
		result = fetch_header(&j->fetch, pair->name,
		    dsr_buffer_str(&value), err);
	if (value.data != NULL)
		explicit_bzero(value.data, value.cap);
	dsr_buffer_fini(&value);
	return result;
}

static bool
has_header(const struct dsr_list *headers, const char *name)
{
	const struct pair *p = headers->items;

	for (size_t i = 0; i < headers->count; i++)
		if (strcasecmp(p[i].name, name) == 0)
			return true;
	return false;
}

static int
add_headers(struct job *j, const struct request *q, const char **reason,
    struct dsr_error *err)
{
	const struct dsr_list *defaults = &j->c->k->defaults.headers;
	const struct pair *p = defaults->items;
	struct scope scope = job_scope(j);
	int result = 0;

	scope.secret = find_secret;
	scope.ctx = j;
	for (size_t i = 0; i < defaults->count && result == 0; i++)
		if (!has_header(&q->headers, p[i].name))
			result = add_header(j, &scope, &p[i], reason, err);
	p = q->headers.items;
	for (size_t i = 0; i < q->headers.count && result == 0; i++)
		result = add_header(j, &scope, &p[i], reason, err);
	return result;
}

bool
header_is_secret(const struct job *j, const char *name)
{
	const struct auth_header *h;
	const struct pair *p = j->request->headers.items;

	if (strcasecmp(name, "authorization") == 0)
		return true;
	if (j->authentication != NULL) {
		h = j->authentication->headers.items;
		for (size_t i = 0; i < j->authentication->headers.count; i++)
			if (strcasecmp(h[i].name, name) == 0)
				return true;
	}
	for (size_t i = 0; i < j->request->headers.count; i++)
		if (strcasecmp(p[i].name, name) == 0 &&
		    uses_secret(j, p[i].value))
			return true;
	return false;
}

/* ---- bodies -------------------------------------------------------------- */

/* Text inside a JSON string, without the quotes. */
static int
add_json_escaped(struct dsr_buffer *out, const char *text,
    struct dsr_error *err)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		int result;

		if (c == '"' || c == '\\')
			result = dsr_buffer_printf(out, err, "\\%c", c);
		else if (c < ' ')
			result = dsr_buffer_printf(out, err, "\\u%04x", c);
		else
			result = dsr_buffer_putc(out, (char)c, err);
		if (result != 0)
			return -1;
	}
	return 0;
}

/* The placeholder that begins at s: its length and value, or 0. */
static size_t
known_placeholder(const struct scope *scope, const char *s, size_t len,
    const char **value)
{
	char name[66];
	const char *end = memchr(s, '}', len), *missing;

	if (s[0] != '{' || end == NULL || end - s < 2 || end - s > 65)
		return 0;
	(void)memcpy(name, s + 1, (size_t)(end - s - 1));
	name[end - s - 1] = '\0';
	*value = scope_find(scope, name, &missing);
	return *value != NULL ? (size_t)(end - s) + 1 : 0;
}

static int
expand_body(const struct scope *scope, const char *s, size_t len,
    struct dsr_buffer *out, struct dsr_error *err)
{
	const char *value;
	size_t step;

	for (size_t i = 0; i < len; i += step) {
		step = known_placeholder(scope, s + i, len - i, &value);
		if (step > 0) {
			if (add_json_escaped(out, value, err) != 0)
				return -1;
			continue;
		}
		step = 1;
		if (dsr_buffer_append(out, s + i, 1, err) != 0)
			return -1;
	}
	return 0;
}

/* The members of the object but the one called param, each with a comma. */
static int
copy_members(struct dsr_buffer *out, const struct dsr_buffer *text,
    const struct dsr_json_value *object, const char *param,
    struct dsr_error *err)
{
	const struct dsr_json_value *m;
	size_t key, key_len, offset, len;

	for (m = dsr_json_first(object); m != NULL; m = dsr_json_next(m)) {
		if (dsr_json_key(m, NULL) == NULL ||
		    strcmp(dsr_json_key(m, NULL), param) == 0)
			continue;
		(void)dsr_json_key_span(m, &key, &key_len);
		dsr_json_span(m, &offset, &len);
		if (dsr_buffer_append(out, text->data + key, key_len, err) !=
			0 ||
		    dsr_buffer_putc(out, ':', err) != 0 ||
		    dsr_buffer_append(out, text->data + offset, len, err) !=
			0 ||
		    dsr_buffer_putc(out, ',', err) != 0)
			return -1;
	}
	return 0;
}

/* The cursor as a member of the object in out, in place of one of its name. */
static int
inject_cursor(struct dsr_buffer *out, const char *param, const char *cursor,
    struct dsr_error *err)
{
	struct dsr_buffer old = *out;
	struct dsr_json *json = NULL;
	int result = -1;

	dsr_buffer_init(out, old.max);
	if (dsr_json_parse(&json, old.data, old.len, false, err) == 0 &&
	    dsr_buffer_putc(out, '{', err) == 0 &&
	    copy_members(out, &old, dsr_json_root(json), param, err) == 0 &&
	    dsr_buffer_putc(out, '"', err) == 0 &&
	    add_json_escaped(out, param, err) == 0 &&
	    dsr_buffer_puts(out, "\":\"", err) == 0 &&
	    add_json_escaped(out, cursor, err) == 0 &&
	    dsr_buffer_puts(out, "\"}", err) == 0)
		result = 0;
	dsr_json_free(json);
	dsr_buffer_fini(&old);
	return result;
}

int
ask_body(const struct scope *scope, const struct connector *k,
    const struct request *q, const char *cursor, struct dsr_buffer *out,
    const char **reason, struct dsr_error *err)
{
	const struct pagination *p = pagination_of(k, q);
	bool injects = cursor != NULL && p->strategy == PAGING_CURSOR &&
	    p->inject_into == INJECT_BODY;
	size_t offset, len;

	(void)reason;
	dsr_buffer_reset(out);
	if (q->body == NULL && !injects)
		return 0;
	if (injects && p->next_path != NULL) {
		if (dsr_buffer_puts(out, "{}", err) != 0)
			return -1;
	} else if (q->body == NULL) {
		if (dsr_buffer_puts(out, "{}", err) != 0)
			return -1;
	} else {
		dsr_json_span(q->body, &offset, &len);
		if (expand_body(scope, (const char *)k->text.data + offset,
		        len, out, err) != 0)
			return -1;
	}
	return injects ? inject_cursor(out, p->param, cursor, err) : 0;
}

static int
prepare_body(struct job *j, const struct request *q, const char **reason,
    struct dsr_error *err)
{
	struct scope scope = job_scope(j);
	int result;

	scope.secret = find_secret;
	scope.ctx = j;
	result = ask_body(&scope, j->c->k, q, j->next, &j->body, reason, err);
	if (result == 0 && j->body.len > 0 &&
	    !has_header(&q->headers, "content-type"))
		result = fetch_header(&j->fetch, "Content-Type",
		    "application/json", err);
	if (j->body.len > 0) {
		j->fetch.body = j->body.data;
		j->fetch.body_len = j->body.len;
	}
	return result;
}

/* ---- the whole ----------------------------------------------------------- */

/* One id for all attempts: by it the service's log tells them from others. */
static int
add_request_id(struct job *j, struct dsr_error *err)
{
	size_t len = strlen(REQUEST_ID_HEADER);

	for (const struct curl_slist *h = j->fetch.headers; h != NULL;
	     h = h->next)
		if (strncasecmp(h->data, REQUEST_ID_HEADER, len) == 0 &&
		    (h->data[len] == ':' || h->data[len] == ';')) {
			j->request_id[0] = '\0';
			return 0;
		}
	if (j->attempt_count == 0 || j->request_id[0] == '\0')
		dsr_uuid_new(j->request_id);
	return fetch_header(&j->fetch, REQUEST_ID_HEADER, j->request_id, err);
}

/* Do they fit in the record of the exchange? */
static bool
headers_fit(const struct job *j)
{
	size_t cost = 0;

	for (const struct curl_slist *h = j->fetch.headers; h != NULL;
	     h = h->next)
		cost += fetch_record_cost(h->data, strlen(h->data)) +
		    RECORD_OVERHEAD;
	return cost <= DSR_MAX_ASKED_HEADERS;
}

static int
prepare_read(struct job *j, const struct endpoint *e, const char **reason,
    struct dsr_error *err)
{
	const struct request *q = j->request;
	const struct pagination *p = pagination_of(j->c->k, q);
	struct scope scope = job_scope(j);
	int result = 0;

	j->fetch.method = q->method;
	j->fetch.memory_max =
	    q->bytes ? DSR_MAX_BODY_INLINE : DSR_MAX_BODY_MEMORY;
	j->fetch.spill = q->bytes ? j->c->store : NULL;
	if (j->redirects == 0)
		result = j->next == NULL
		    ? ask_address(&scope, e, q, &j->url, &j->recorded, reason,
		          err)
		    : ask_next_page(j, q, reason, err);
	if (result == 0)
		result = add_headers(j, q, reason, err);
	if (result == 0 && j->next != NULL && p->strategy == PAGING_CURSOR &&
	    p->inject_into == INJECT_HEADER)
		result = fetch_header(&j->fetch, p->param, j->next, err);
	if (result == 0)
		result = prepare_body(j, q, reason, err);
	return result;
}

static int
prepare_poll(struct job *j, const char **reason, struct dsr_error *err)
{
	j->fetch.method = "GET";
	j->fetch.memory_max = DSR_MAX_BODY_MEMORY;
	j->fetch.spill = NULL;
	if (j->redirects == 0 && ask_link(j, NULL, j->poll_url, err) != 0)
		return -1;
	return add_headers(j, j->request, reason, err);
}

/* Where a download is redirected to, nobody sees the credential, nor the
 * headers that go with it. */
static bool
wants_credential(const struct job *j, const struct endpoint *e)
{
	return j->phase != PHASE_CONTENT ||
	    (e->requests.content->with_credential && j->redirects == 0);
}

static int
prepare_content(struct job *j, const struct endpoint *e, const char **reason,
    struct dsr_error *err)
{
	const struct content *one = &j->page.contents[j->page.content_at];

	j->fetch.method = "GET";
	j->fetch.memory_max = DSR_MAX_BODY_INLINE;
	j->fetch.spill = j->c->store;
	if (j->redirects == 0 && ask_link(j, NULL, one->url, err) != 0)
		return -1;
	return wants_credential(j, e)
	    ? add_headers(j, e->requests.content, reason, err)
	    : 0;
}

static int
add_credential(struct job *j, const char *host, const char **reason,
    struct dsr_error *err)
{
	int result;

	j->authentication = authentication_for(j->c->k,
	    (const char *const *const *)j->c->credential_hosts, host);
	if (j->authentication == NULL) {
		*reason = "foreign-link";
		return 1;
	}
	result = authentication_add(j->authentication, &j->c->credentials,
	    &j->fetch, err);
	if (result == 1)
		*reason = "credential-not-given";
	j->generation = credentials_generation(&j->c->credentials,
	    j->authentication->credential);
	return result;
}

/* A host that another answer gave must be among those of the connector. */
static bool
host_is_declared(const struct collection *c, const char *host)
{
	for (const char **h = c->hosts; *h != NULL; h++)
		if (host_matches(*h, host))
			return true;
	return false;
}

int
ask_prepare(struct job *j, const char **reason, struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(j->c->k, j->endpoint);
	char host[256];
	int result = 0;

	fetch_reset(&j->fetch);
	j->fetch.body = NULL;
	j->fetch.body_len = 0;
	j->fetch.max = DSR_MAX_BODY;
	j->authentication = NULL;
	switch (j->phase) {
	case PHASE_READ:
		result = prepare_read(j, e, reason, err);
		break;
	case PHASE_POLL:
		result = prepare_poll(j, reason, err);
		break;
	case PHASE_CONTENT:
		result = prepare_content(j, e, reason, err);
		break;
	}
	if (result != 0)
		return result;
	j->fetch.url = dsr_buffer_str(&j->url);
	if (!url_host(host, sizeof(host), j->fetch.url)) {
		*reason = "unsafe-value";
		return 1;
	}
	if (j->phase == PHASE_READ && !host_is_declared(j->c, host)) {
		*reason = "foreign-link";
		return 1;
	}
	if (fetch_header(&j->fetch, "User-Agent", USER_AGENT, err) != 0 ||
	    piece_take_up(j, err) != 0 || fetch_part_ask(&j->fetch, err) != 0 ||
	    add_request_id(j, err) != 0)
		return -1;
	if (!headers_fit(j)) {
		*reason = "unsafe-value";
		return 1;
	}
	if (wants_credential(j, e)) {
		result = add_credential(j, host, reason, err);
		if (result != 0)
			return result;
	}
	j->host = host_find(j->c, host, err);
	return j->host == NULL ? -1 : 0;
}
