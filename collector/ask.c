/* SPDX-License-Identifier: ISC */
/* A job's next request: address, headers, body. */
#include "collection.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dossier/limits.h"
#include "url.h"

#define USER_AGENT "dossier/" DSR_VERSION

struct scope
job_scope(const struct job *j)
{
	const struct scope scope = { j->c->k, &j->c->settings, &j->values,
		NULL, NULL, NULL };

	return scope;
}

/* ---- addresses --------------------------------------------------------------------- */

struct query {
	struct dsr_buffer *url;
	struct dsr_buffer *recorded;
	char mark; /* '?' before the first, then '&' */
};

static int
add_both(struct query *q, const char *text, struct dsr_error *err)
{
	return dsr_buffer_puts(q->url, text, err) != 0 ||
	        dsr_buffer_puts(q->recorded, text, err) != 0
	    ? -1
	    : 0;
}

static int
add_query_name(struct query *q, const char *name, struct dsr_error *err)
{
	const char mark[2] = { q->mark, '\0' };

	q->mark = '&';
	return add_both(q, mark, err) != 0 ||
	        url_encode(q->url, name, ENCODE_QUERY, err) != 0 ||
	        url_encode(q->recorded, name, ENCODE_QUERY, err) != 0 ||
	        add_both(q, "=", err) != 0
	    ? -1
	    : 0;
}

static int
add_query_template(struct query *q, const struct scope *scope,
    const char *name, const struct template *value, const char **reason,
    struct dsr_error *err)
{
	int result;

	if (add_query_name(q, name, err) != 0)
		return -1;
	result = scope_expand(scope, value, EXPAND_QUERY, q->url, reason, err);
	return result != 0 ? result
	                   : scope_expand(scope, value, EXPAND_QUERY,
	                         q->recorded, reason, err);
}

/* What pagination adds: NAME=VALUE pairs, ending with a NULL name. */
struct extra {
	const char *name;
	const char *value;
};

static const struct extra *
find_extra(const struct extra *extra, const char *name)
{
	for (; extra != NULL && extra->name != NULL; extra++)
		if (strcmp(extra->name, name) == 0)
			return extra;
	return NULL;
}

static bool
has_param(const struct request *q, const char *name)
{
	const struct pair *p = q->query_params.items;

	for (size_t i = 0; i < q->query_params.count; i++)
		if (strcasecmp(p[i].name, name) == 0)
			return true;
	return false;
}

static int
add_query(struct query *to, const struct scope *scope,
    const struct request *q, const struct extra *extra, const char **reason,
    struct dsr_error *err)
{
	const struct template *version = scope->k->defaults.api_version;
	const struct pair *p = q->query_params.items;
	int result = 0;

	for (size_t i = 0; i < q->query_params.count && result == 0; i++)
		if (find_extra(extra, p[i].name) == NULL)
			result = add_query_template(to, scope, p[i].name,
			    p[i].value, reason, err);
	for (; extra != NULL && extra->name != NULL && result == 0; extra++)
		if (add_query_name(to, extra->name, err) != 0 ||
		    url_encode(to->url, extra->value, ENCODE_VALUE, err) !=
		        0 ||
		    url_encode(to->recorded, extra->value, ENCODE_VALUE,
		        err) != 0)
			result = -1;
	if (result == 0 && version != NULL && !has_param(q, "api-version"))
		result = add_query_template(to, scope, "api-version", version,
		    reason, err);
	return result;
}

static int
make_address(const struct scope *scope, const struct request *read,
    const struct request *q, const struct template *path,
    const struct extra *extra, struct dsr_buffer *url,
    struct dsr_buffer *recorded, const char **reason, struct dsr_error *err)
{
	struct query query = { url, recorded, '?' };
	const struct template *host = q->host != NULL ? q->host : read->host;
	int result;

	dsr_buffer_reset(url);
	dsr_buffer_reset(recorded);
	if (dsr_buffer_puts(url, "https://", err) != 0)
		return -1;
	result = scope_expand(scope, host, EXPAND_HOST, url, reason, err);
	if (result == 0)
		result = scope_expand(scope, path, EXPAND_PATH, url, reason,
		    err);
	if (result == 0 &&
	    dsr_buffer_append(recorded, url->data, url->len, err) != 0)
		result = -1;
	if (result == 0)
		result = add_query(&query, scope, q, extra, reason, err);
	if (result == 0 && url->len > DSR_MAX_URL) {
		*reason = "unsafe-value";
		result = 1;
	}
	return result;
}

int
ask_address(const struct scope *scope, const struct endpoint *e,
    const struct request *q, struct dsr_buffer *url,
    struct dsr_buffer *recorded, const char **reason, struct dsr_error *err)
{
	const struct pagination *p = pagination_of(scope->k, q);
	struct extra extra[3] = { { NULL, NULL } };
	char limit[24], start[24];
	size_t count = 0;

	if (p->limit_param != NULL) {
		(void)snprintf(limit, sizeof(limit), "%llu",
		    (unsigned long long)p->limit);
		extra[count++] = (struct extra){ p->limit_param, limit };
	}
	if (p->strategy == PAGING_OFFSET || p->strategy == PAGING_PAGE_NUMBER) {
		(void)snprintf(start, sizeof(start), "%llu",
		    (unsigned long long)page_start(p));
		extra[count] = (struct extra){ p->param, start };
	}
	return make_address(scope, e->requests.read, q, q->path, extra, url,
	    recorded, reason, err);
}

const char **
shown_params(const struct connector *k, const struct request *q,
    struct dsr_error *err)
{
	const struct pagination *p = pagination_of(k, q);
	const struct pair *pair = q->query_params.items;
	const char **names =
	    calloc(q->query_params.count + 4, sizeof(*names));
	size_t count = 0;

	if (names == NULL) {
		(void)dsr_fail(err, DSR_ENOMEM, "query");
		return NULL;
	}
	for (size_t i = 0; i < q->query_params.count; i++)
		names[count++] = pair[i].name;
	if (k->defaults.api_version != NULL)
		names[count++] = "api-version";
	if (p->limit_param != NULL)
		names[count++] = p->limit_param;
	if (p->strategy != PAGING_CURSOR || p->inject_into == INJECT_QUERY)
		if (p->param != NULL)
			names[count++] = p->param;
	return names;
}

/* A link or a download: what the service gave, byte for byte. */
static int
use_link(struct job *j, const struct request *q, const char *link,
    struct dsr_error *err)
{
	const char **shown;
	int result;

	dsr_buffer_reset(&j->url);
	dsr_buffer_reset(&j->recorded);
	shown = q == NULL ? NULL : shown_params(j->c->k, q, err);
	if (q != NULL && shown == NULL)
		return -1;
	result = dsr_buffer_puts(&j->url, link, err) != 0 ||
	        url_record(&j->recorded, link, shown, err) != 0
	    ? -1
	    : 0;
	free(shown);
	return result;
}

/* The address of the second and later pages. */
static int
address_next_page(struct job *j, const struct request *q,
    const char **reason, struct dsr_error *err)
{
	const struct pagination *p = pagination_of(j->c->k, q);
	struct scope scope = job_scope(j);
	struct extra extra[3] = { { NULL, NULL } };
	char limit[24];
	size_t count = 0;
	const struct template *path = p->next_path != NULL ? p->next_path
	                                                   : q->path;

	if (p->strategy == PAGING_LINK)
		return use_link(j, q, j->next, err);
	scope.cursor = j->next;
	if (p->limit_param != NULL) {
		(void)snprintf(limit, sizeof(limit), "%llu",
		    (unsigned long long)p->limit);
		extra[count++] = (struct extra){ p->limit_param, limit };
	}
	if (p->strategy != PAGING_CURSOR || p->inject_into == INJECT_QUERY)
		extra[count] = (struct extra){ p->param, j->next };
	return make_address(&scope, q, q, path, extra, &j->url, &j->recorded,
	    reason, err);
}

/* ---- headers ---------------------------------------------------------------------------- */

static bool
uses_secret(const struct endpoint *e, const struct template *t)
{
	const struct param_value *p = e->dimensions.items;

	for (size_t i = 0; i < e->dimensions.count; i++)
		for (size_t k = 0; p[i].credential != NULL && k < t->count;
		     k++)
			if (t->parts[k].kind != PART_TEXT &&
			    strcmp(t->parts[k].text, p[i].name) == 0)
				return true;
	return false;
}

/* A credential that stands in for a placeholder of the endpoint. */
static const char *
find_secret(void *ctx, const char *name)
{
	const struct job *j = ctx;
	const struct endpoint *e = connector_endpoint(j->c->k, j->endpoint);
	const struct param_value *p = e->dimensions.items;

	for (size_t i = 0; i < e->dimensions.count; i++)
		if (p[i].credential != NULL && strcmp(p[i].name, name) == 0)
			return credentials_get(&j->c->credentials,
			    p[i].credential);
	return NULL;
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
	const struct endpoint *e = connector_endpoint(j->c->k, j->endpoint);
	const struct auth_header *h;
	const struct pair *p = e->requests.read->headers.items;

	if (strcasecmp(name, "authorization") == 0)
		return true;
	if (j->authentication != NULL) {
		h = j->authentication->headers.items;
		for (size_t i = 0; i < j->authentication->headers.count; i++)
			if (strcasecmp(h[i].name, name) == 0)
				return true;
	}
	for (size_t i = 0; i < e->requests.read->headers.count; i++)
		if (strcasecmp(p[i].name, name) == 0 &&
		    uses_secret(e, p[i].value))
			return true;
	return false;
}

/* ---- bodies --------------------------------------------------------------------------- */

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

/* The cursor as a member of the object in out, in place of one of its name. */
static int
inject_cursor(struct dsr_buffer *out, const char *param, const char *cursor,
    struct dsr_error *err)
{
	struct dsr_buffer old = *out;
	struct dsr_json *json = NULL;
	const struct dsr_json_value *m;
	size_t offset, len;
	bool first = true;
	int result = -1;

	dsr_buffer_init(out, old.max);
	if (dsr_json_parse(&json, old.data, old.len, false, err) != 0 ||
	    dsr_buffer_putc(out, '{', err) != 0)
		goto out;
	for (m = dsr_json_first(dsr_json_root(json)); m != NULL;
	     m = dsr_json_next(m)) {
		size_t key, key_len;

		if (dsr_json_key(m, NULL) == NULL ||
		    strcmp(dsr_json_key(m, NULL), param) == 0)
			continue;
		(void)dsr_json_key_span(m, &key, &key_len);
		dsr_json_span(m, &offset, &len);
		if ((!first && dsr_buffer_putc(out, ',', err) != 0) ||
		    dsr_buffer_append(out, old.data + key, key_len, err) !=
		        0 ||
		    dsr_buffer_putc(out, ':', err) != 0 ||
		    dsr_buffer_append(out, old.data + offset, len, err) != 0)
			goto out;
		first = false;
	}
	if (dsr_buffer_puts(out, first ? "\"" : ",\"", err) != 0 ||
	    add_json_escaped(out, param, err) != 0 ||
	    dsr_buffer_puts(out, "\":\"", err) != 0 ||
	    add_json_escaped(out, cursor, err) != 0 ||
	    dsr_buffer_puts(out, "\"}", err) != 0)
		goto out;
	result = 0;
out:
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

/* ---- the whole ------------------------------------------------------------------------------ */

static int
prepare_read(struct job *j, const struct endpoint *e, const char **reason,
    struct dsr_error *err)
{
	const struct request *q = e->requests.read;
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
		    : address_next_page(j, q, reason, err);
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
prepare_poll(struct job *j, const struct endpoint *e, const char **reason,
    struct dsr_error *err)
{
	j->fetch.method = "GET";
	j->fetch.memory_max = DSR_MAX_BODY_MEMORY;
	j->fetch.spill = NULL;
	if (j->redirects == 0 && use_link(j, NULL, j->poll_url, err) != 0)
		return -1;
	return add_headers(j, e->requests.read, reason, err);
}

static int
prepare_content(struct job *j, struct dsr_error *err)
{
	const struct content *one = &j->page.contents[j->page.content_at];

	j->fetch.method = "GET";
	j->fetch.memory_max = DSR_MAX_BODY_INLINE;
	j->fetch.spill = j->c->store;
	return j->redirects > 0 ? 0 : use_link(j, NULL, one->url, err);
}

static bool
wants_credential(const struct job *j, const struct endpoint *e)
{
	return j->phase != PHASE_CONTENT || e->requests.content->with_credential;
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
		result = prepare_poll(j, e, reason, err);
		break;
	case PHASE_CONTENT:
		result = prepare_content(j, err);
		break;
	}
	if (result != 0)
		return result;
	j->fetch.url = dsr_buffer_str(&j->url);
	if (!url_host(host, sizeof(host), j->fetch.url)) {
		*reason = "unsafe-value";
		return 1;
	}
	if (fetch_header(&j->fetch, "User-Agent", USER_AGENT, err) != 0)
		return -1;
	if (wants_credential(j, e)) {
		result = add_credential(j, host, reason, err);
		if (result != 0)
			return result;
	}
	j->host = host_find(j->c, host, err);
	return j->host == NULL ? -1 : 0;
}
