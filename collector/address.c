/* SPDX-License-Identifier: ISC */
/* The address of a job's next request, and what may be recorded of it. */
#include "collection.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dossier/limits.h"
#include "url.h"

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

int
ask_link(struct job *j, const struct request *q, const char *link,
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

int
ask_next_page(struct job *j, const struct request *q,
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
		return ask_link(j, q, j->next, err);
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
