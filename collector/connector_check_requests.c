/* SPDX-License-Identifier: ISC */
/* What the requests of an endpoint may not say: sections 5 to 9. */
#include "connector.h"
#include "connector_check.h"
#include "url.h"

#include <string.h>
#include <strings.h>

/* ---- headers and literal secrets: section 9 ------------------------------ */

static bool
is_one_of(const char *const *words, const char *name)
{
	for (; *words != NULL; words++)
		if (strcasecmp(*words, name) == 0)
			return true;
	return false;
}

static bool
sets_header(const struct dsr_list *authentication, const char *name)
{
	const struct authentication *a = authentication->items;

	for (size_t i = 0; i < authentication->count; i++) {
		const struct auth_header *h = a[i].headers.items;

		for (size_t j = 0; j < a[i].headers.count; j++)
			if (h[j].name != NULL &&
			    strcasecmp(h[j].name, name) == 0)
				return true;
	}
	return false;
}

static void
check_headers(struct reading *r, const struct dsr_list *headers)
{
	static const char *const forbidden[] = { "Authorization",
		"Proxy-Authorization", "Cookie", "Host", "Content-Length",
		"Transfer-Encoding", "Connection", "Upgrade", "TE",
		"Accept-Encoding", "Range", "Expect", NULL };
	const struct pair *p = headers->items;

	for (size_t i = 0; i < headers->count; i++) {
		if (p[i].name == NULL)
			continue;
		if (is_one_of(forbidden, p[i].name) ||
		    sets_header(&r->k->authentication, p[i].name))
			complain(r, p[i].at, "the header \"%s\" is not a "
			    "connector's to set", p[i].name);
	}
}

static bool
is_literal(const struct template *t)
{
	return t != NULL && t->count == 1 && t->parts[0].kind == PART_TEXT;
}

static bool
looks_secret(const char *s)
{
	static const char *const beginnings[] = { "eyJ", "Bearer ", "Basic ",
		"ghp_", "gho_", "github_pat_", "xoxb-", "xoxp-", "AKIA",
		"-----BEGIN", NULL };

	for (size_t i = 0; beginnings[i] != NULL; i++)
		if (strncmp(s, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	return false;
}

static void
check_literal_secrets(struct reading *r, const struct dsr_list *pairs)
{
	static const char *const names[] = { "access_token", "api_key",
		"apikey", "x-api-key", "client_secret", "password", "secret",
		"sig", "signature", "token", NULL };
	const struct pair *p = pairs->items;

	for (size_t i = 0; i < pairs->count; i++)
		if (p[i].name != NULL && is_literal(p[i].value) &&
		    is_one_of(names, p[i].name))
			complain(r, p[i].at, "\"%s\" holds a literal secret; "
			    "give it with --credential", p[i].name);
}

/* Every string of the file, wherever it stands; without recursion. */
void
check_secret_strings(struct reading *r)
{
	const struct dsr_json_value *stack[64];
	size_t depth = 0;
	const struct dsr_json_value *v = dsr_json_first(
	    dsr_json_root(r->k->json));

	while (v != NULL || depth > 0) {
		const char *s;

		if (v == NULL) {
			v = dsr_json_next(stack[--depth]);
			continue;
		}
		s = dsr_json_string(v, NULL);
		if (s != NULL && looks_secret(s) &&
		    !(dsr_json_key(v, NULL) != NULL &&
		        strcmp(dsr_json_key(v, NULL), "prefix") == 0))
			complain(r, v, "this looks like a secret; give it with "
			    "--credential");
		if (dsr_json_first(v) != NULL && depth < 64) {
			stack[depth++] = v;
			v = dsr_json_first(v);
		} else {
			v = dsr_json_next(v);
		}
	}
}

/* ---- hosts and paths ----------------------------------------------------- */

static bool
is_among(const struct dsr_list *hosts, const char *host)
{
	const struct template *const *t = hosts->items;

	/* both as written: {name} on both sides is the same value */
	for (size_t i = 0; i < hosts->count; i++)
		if (host_matches(t[i]->text, host))
			return true;
	return false;
}

static bool
has_authentication(const struct connector *k, const char *host)
{
	const struct authentication *a = k->authentication.items;

	for (size_t i = 0; i < k->authentication.count; i++)
		if (a[i].hosts.count == 0 || is_among(&a[i].hosts, host))
			return true;
	return k->authentication.count == 0;
}

static void
check_path(struct reading *r, const struct request *q)
{
	const char *s;

	if (q->path == NULL)
		return;
	for (s = q->path->text; s != NULL; s = strchr(s + 1, '/'))
		if (segment_is_dots(s + 1, strcspn(s + 1, "/"))) {
			complain(r, q->path->at, "\"path\" has a segment \".\" "
			    "or \"..\"");
			break;
		}
}

static void
check_address(struct reading *r, const struct request *q,
    const struct dsr_list *hosts, const char *list)
{
	check_path(r, q);
	if (q->host != NULL && !is_among(hosts, q->host->text))
		complain(r, q->host->at, "\"%s\" is not among \"%s\"",
		    q->host->text, list);
	if (q->host != NULL && hosts == &r->k->hosts &&
	    !has_authentication(r->k, q->host->text))
		complain(r, q->host->at, "no entry of authentication is for "
		    "\"%s\"", q->host->text);
}

/* ---- paging -------------------------------------------------------------- */

static void
check_cursor(struct reading *r, const struct pagination *p)
{
	if (p->source == SOURCE_HEADER && p->header == NULL)
		complain(r, p->at, "\"header\" is missing: where the cursor "
		    "stands");
	if (p->inject_into == INJECT_PATH && p->next_path == NULL)
		complain(r, p->at, "\"next_path\" is missing: where the cursor "
		    "goes");
	if (p->inject_into != INJECT_PATH && p->param == NULL)
		complain(r, p->at, "\"param\" is missing: where the cursor "
		    "goes");
}

/* Where the pages end. */
static void
check_end(struct reading *r, const struct pagination *p, bool items)
{
	bool counts = p->strategy == PAGING_OFFSET ||
	    p->strategy == PAGING_PAGE_NUMBER || p->strategy == PAGING_KEYSET;

	if (counts && p->stop_after_empty_page != NULL &&
	    !*p->stop_after_empty_page && p->total_path == NULL &&
	    p->has_more_path == NULL)
		complain(r, p->at, "without an end at an empty page, the total "
		    "or \"has_more_path\" must say where the end is");
	if ((counts || p->stop_after_empty_page != NULL) && !items)
		complain(r, p->at, "\"data_path\" is missing: this pagination "
		    "looks at the items of a page");
}

static void
check_paging(struct reading *r, const struct pagination *p, bool items)
{
	bool follows = p->strategy == PAGING_LINK ||
	    p->strategy == PAGING_CURSOR;

	if (p->strategy != PAGING_NONE &&
	    dsr_json_get(p->at, "configuration") == NULL)
		complain(r, p->at, "\"configuration\" is missing in "
		    "pagination");
	if (follows && p->source == SOURCE_BODY && p->path == NULL)
		complain(r, p->at, "\"path\" is missing: where the next page "
		    "is named");
	if (p->strategy == PAGING_CURSOR)
		check_cursor(r, p);
	if ((p->limit_param != NULL) != (p->limit != UINT64_MAX))
		complain(r, p->at, "\"limit_param\" and \"limit\" belong "
		    "together");
	check_end(r, p, items);
}

/* ---- requests ------------------------------------------------------------ */

static void
check_bytes(struct reading *r, const struct endpoint *e,
    const struct request *q)
{
	if (q->bytes && (q->data_path != NULL || q->primary_key != NULL ||
	                    q->pagination != NULL || q->success_path != NULL ||
	                    e->subject_match.count > 0 || e->redact.count > 0 ||
	                    e->requests.content != NULL))
		complain(r, q->at, "with \"format\": \"bytes\" nothing may look "
		    "into the body: no data_path, primary_key, pagination, "
		    "success_path, subject_match, redact or content");
}

static void
check_content(struct reading *r, const struct request *q)
{
	const struct dsr_list *hosts = q->with_credential
	    ? &r->k->hosts
	    : &r->k->content_hosts;

	if ((q->url_path != NULL) + (q->url_parts.count > 0) +
	        (q->path != NULL) != 1)
		complain(r, q->at, "\"content\" has just one of \"url_path\", "
		    "\"url_parts\" and \"path\"");
	if (q->path == NULL && (q->host != NULL || q->query_params.count > 0))
		complain(r, q->at, "\"host\" and \"query_params\" of "
		    "\"content\" belong to \"path\"");
	check_literal_secrets(r, &q->query_params);
	check_address(r, q, hosts,
	    q->with_credential ? "hosts" : "content_hosts");
	if (!q->with_credential && hosts->count == 0)
		complain(r, q->at, "\"content_hosts\" is empty: there is no host "
		    "to download from");
}

/* Where an operation is asked about: section 8.4. */
static void
check_async(struct reading *r, const struct async *a)
{
	bool body = a != NULL && a->protocol == ASYNC_BODY;

	if (a == NULL)
		return;
	if (body && (a->url_path != NULL) + (a->status_request != NULL) != 1)
		complain(r, a->at, "with \"protocol\": \"body\" there is "
		    "either \"url_path\" or \"status_request\"");
	if (!body && (a->url_path != NULL || a->id_path != NULL ||
	                 a->status_request != NULL))
		complain(r, a->at, "\"url_path\", \"id_path\" and "
		    "\"status_request\" belong to \"protocol\": \"body\"");
	if ((a->id_path != NULL) != (a->status_request != NULL))
		complain(r, a->at, "\"id_path\" and \"status_request\" belong "
		    "together");
	if (a->status_request != NULL)
		check_path(r, a->status_request);
	if (a->status_request != NULL)
		check_literal_secrets(r, &a->status_request->query_params);
}

static void
check_asking(struct reading *r, const struct request *q, const char *bodyless,
    bool host_found)
{
	if (q->body != NULL && q->method != NULL &&
	    strcmp(q->method, bodyless) == 0)
		complain(r, dsr_json_get(q->at, "body"), "a %s request has no "
		    "\"body\"", bodyless);
	check_headers(r, &q->headers);
	check_literal_secrets(r, &q->headers);
	check_literal_secrets(r, &q->query_params);
	check_async(r, q->async);
	if (host_found)
		check_path(r, q);
	else
		check_address(r, q, &r->k->hosts, "hosts");
}

void
check_defaults(struct reading *r)
{
	check_headers(r, &r->k->defaults.headers);
	check_literal_secrets(r, &r->k->defaults.headers);
	if (r->k->defaults.pagination != NULL)
		check_paging(r, r->k->defaults.pagination, true);
}

void
check_endpoint(struct reading *r, const struct endpoint *e)
{
	const struct request *q = e->requests.read;

	if (q != NULL) {
		check_asking(r, q, "GET", host_is_found(r->k, e));
		check_bytes(r, e, q);
		if (q->pagination != NULL)
			check_paging(r, q->pagination, q->data_path != NULL);
	}
	if (e->requests.content != NULL)
		check_content(r, e->requests.content);
	if (e->requests.erase != NULL)
		check_asking(r, e->requests.erase, "DELETE", false);
	check_placeholders(r, e);
}
