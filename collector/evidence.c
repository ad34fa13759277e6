/* SPDX-License-Identifier: ISC */
/* An exchange as it is recorded: docs/FORMAT.md 4.3. */
#include "collection.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dossier/clock.h"
#include "dossier/limits.h"
#include "dossier/text.h"
#include "url.h"

/* Headers of answers that are kept; a '*' at the end stands for anything. */
static const char *const kept_headers[] = { "azure-asyncoperation",
	"content-encoding", "content-length", "content-md5", "content-range",
	"content-type", "date", "etag", "last-modified", "link", "location",
	"operation-location", "request-context", "request-id",
	"client-request-id", "retry-after", "server-timing",
	"www-authenticate", "x-aml-cluster", "x-azure-ref",
	"x-github-request-id", "x-ms-*", "x-msedge-ref", "x-ratelimit-*",
	"x-request-time" };
/* They would tell what a body held that is not kept as it came. */
static const char *const telling_headers[] = { "content-length",
	"content-md5", "content-range", "etag", "x-ms-blob-content-length",
	"x-ms-blob-content-md5", "x-ms-content-crc64", "x-ms-content-md5" };
/* Their values are addresses. */
static const char *const address_headers[] = { "azure-asyncoperation",
	"location", "operation-location" };

static bool
is_kept(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(kept_headers) / sizeof(kept_headers[0]);
	     i++) {
		const char *k = kept_headers[i];
		size_t n = strlen(k);

		if (k[n - 1] == '*' ? len >= n && strncmp(k, name, n - 1) == 0
		                    : len == n && strncmp(k, name, n) == 0)
			return true;
	}
	return false;
}

/* A value that is an address, by the name of its header or by its look. */
static bool
is_address(const char *name, const char *value, size_t len)
{
	for (size_t i = 0;
	     i < sizeof(address_headers) / sizeof(address_headers[0]); i++)
		if (strcmp(address_headers[i], name) == 0)
			return true;
	return len > 7 &&
	    (strncasecmp(value, "https:/", 7) == 0 ||
	        strncasecmp(value, "http://", 7) == 0);
}

static bool
is_plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] < ' ' || s[i] > '~')
			return false;
	return true;
}

/* Text of any bytes, in the arena: escaped where it is not printable. */
static const char *
keep_text(struct dsr_arena *arena, const char *s, size_t len,
    struct dsr_error *err)
{
	struct dsr_buffer text;
	const char *kept = NULL;

	if (is_plain(s, len))
		return dsr_arena_copy(arena, s, len, err);
	dsr_buffer_init(&text, 8 * (size_t)DSR_MAX_LINE);
	if (dsr_text_escape(&text, s, len, false, err) == 0)
		kept = dsr_arena_copy(arena, dsr_buffer_str(&text), text.len,
		    err);
	dsr_buffer_fini(&text);
	return kept;
}

/* "<url>; rel=next, <url>; …": each address without what may open a door. */
static int
record_links(struct dsr_buffer *out, const char *s, size_t len,
    struct dsr_error *err)
{
	const char *end = s + len;

	while (s < end) {
		const char *open = memchr(s, '<', (size_t)(end - s));
		const char *close =
		    open == NULL ? NULL : memchr(open, '>', (size_t)(end - open));
		char url[8192];
		size_t n;

		if (close == NULL)
			return dsr_buffer_append(out, s, (size_t)(end - s),
			    err);
		n = (size_t)(close - open) - 1;
		if (n >= sizeof(url))
			n = 0;
		(void)memcpy(url, open + 1, n);
		url[n] = '\0';
		if (dsr_buffer_append(out, s, (size_t)(open - s) + 1, err) !=
		        0 ||
		    url_record(out, url, NULL, err) != 0)
			return -1;
		s = close;
	}
	return 0;
}

static const char *
keep_value(struct dsr_arena *arena, const char *name, const char *s,
    size_t len, struct dsr_error *err)
{
	struct dsr_buffer text;
	const char *kept = NULL;
	int result = 0;

	if (!is_address(name, s, len) && strcmp(name, "link") != 0)
		return keep_text(arena, s, len, err);
	dsr_buffer_init(&text, 2 * (size_t)DSR_MAX_LINE);
	if (strcmp(name, "link") == 0) {
		result = record_links(&text, s, len, err);
	} else {
		char *url = strndup(s, len);

		result = url == NULL
		    ? dsr_fail(err, DSR_ENOMEM, "headers")
		    : url_record(&text, url, NULL, err);
		free(url);
	}
	if (result == 0)
		kept = keep_text(arena, dsr_buffer_str(&text), text.len, err);
	dsr_buffer_fini(&text);
	return kept;
}

static int
take_response_headers(struct evidence *e, const struct job *j,
    struct dsr_error *err)
{
	const struct fetch *f = &j->fetch;
	struct dsr_list *to = &e->record.response_headers;
	const char *line = dsr_buffer_str(&f->lines), *end;
	struct dsr_header *list;
	size_t count = 0;

	for (end = line; (end = strchr(end, '\n')) != NULL; end++)
		count++;
	list = dsr_arena_alloc(e->arena, (count + 1) * sizeof(*list), err);
	if (list == NULL)
		return -1;
	to->items = list;
	for (; *line != '\0'; line = end + 1) {
		const char *colon = strchr(line, ':');
		struct dsr_header *h = &list[to->count];

		end = strchr(line, '\n');
		if (colon - line > DSR_MAX_SEGMENT ||
		    !is_kept(line, (size_t)(colon - line)))
			continue;
		h->name = dsr_arena_copy(e->arena, line,
		    (size_t)(colon - line), err);
		if (h->name == NULL)
			return -1;
		h->value = credentials_are_in(&j->c->credentials, colon,
		               (size_t)(end - colon))
		    ? "REDACTED"
		    : keep_value(e->arena, h->name, colon + 2,
		          (size_t)(end - colon) - 2, err);
		if (h->value == NULL)
			return -1;
		to->count++;
	}
	return 0;
}

static char *
lower_copy(struct dsr_arena *arena, const char *s, size_t len,
    struct dsr_error *err)
{
	char *copy = dsr_arena_copy(arena, s, len, err);

	for (char *c = copy; c != NULL && *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return copy;
}

static int
take_request_headers(struct evidence *e, const struct job *j,
    struct dsr_error *err)
{
	struct dsr_list *to = &e->record.request_headers;
	const struct curl_slist *h;
	struct dsr_header *list;
	size_t count = 0;

	for (h = j->fetch.headers; h != NULL; h = h->next)
		count++;
	list = dsr_arena_alloc(e->arena, (count + 1) * sizeof(*list), err);
	if (list == NULL)
		return -1;
	to->items = list;
	for (h = j->fetch.headers; h != NULL; h = h->next) {
		size_t len = strcspn(h->data, ":;");
		const char *value = h->data + len + 1;
		struct dsr_header *one = &list[to->count];

		if (j->request_id[0] != '\0' &&
		    strncmp(h->data, REQUEST_ID_HEADER,
		        sizeof(REQUEST_ID_HEADER) - 1) == 0)
			continue; /* client_request_id is what it says */
		one->name = lower_copy(e->arena, h->data, len, err);
		if (one->name == NULL)
			return -1;
		if (*value == ' ')
			value++;
		one->value = header_is_secret(j, one->name)
		    ? "REDACTED"
		    : keep_text(e->arena, value, strlen(value), err);
		if (one->value == NULL)
			return -1;
		to->count++;
	}
	return 0;
}

static const char *
redacted_word(void *ctx, const char *name)
{
	return job_credential(ctx, name) != NULL ? "REDACTED" : NULL;
}

/* The body that was sent, with REDACTED where a credential stood. */
static int
take_request_body(struct evidence *e, const struct job *j,
    struct dsr_error *err)
{
	struct scope scope = job_scope(j);
	struct dsr_body *body;
	struct dsr_buffer text;
	uint8_t digest[DSR_SHA256_BYTES];
	char hex[DSR_SHA256_HEX];
	const char *reason;
	int result = -1;

	if (j->fetch.body == NULL)
		return 0;
	scope.secret = redacted_word;
	scope.ctx = (void *)(uintptr_t)j;
	dsr_buffer_init(&text, j->body.max);
	if (ask_body(&scope, j->c->k, j->request, j->next, &text, &reason, err) != 0)
		goto out;
	body = dsr_arena_alloc(e->arena, sizeof(*body), err);
	dsr_sha256(digest, text.data, text.len);
	dsr_hex_encode(hex, digest, sizeof(digest));
	if (body == NULL)
		goto out;
	body->size = text.len;
	body->sha256 = dsr_arena_copy(e->arena, hex, sizeof(hex) - 1, err);
	if (text.len <= DSR_MAX_REQUEST_TEXT)
		body->text = dsr_arena_copy(e->arena, dsr_buffer_str(&text),
		    text.len, err);
	e->record.request_body = body;
	if (body->sha256 != NULL &&
	    (body->text != NULL || text.len > DSR_MAX_REQUEST_TEXT))
		result = 0;
out:
	dsr_buffer_fini(&text);
	return result;
}

static int
take_attempts(struct evidence *e, const struct job *j, struct dsr_error *err)
{
	struct dsr_attempt *list;

	if (j->attempt_count == 0)
		return 0;
	list = dsr_arena_alloc(e->arena, j->attempt_count * sizeof(*list),
	    err);
	if (list == NULL)
		return -1;
	for (size_t i = 0; i < j->attempt_count; i++) {
		const struct attempt *a = &j->attempts[i];

		list[i].ended = dsr_arena_copy(e->arena, a->ended,
		    strlen(a->ended), err);
		list[i].reason = dsr_arena_copy(e->arena, a->reason,
		    strlen(a->reason), err);
		list[i].status = a->status;
		if (list[i].ended == NULL || list[i].reason == NULL)
			return -1;
	}
	e->record.attempts.items = list;
	e->record.attempts.count = j->attempt_count;
	return 0;
}

static int
take_texts(struct evidence *e, const struct job *j, struct dsr_error *err)
{
	const struct fetch *f = &j->fetch;
	char started[DSR_TIME_SIZE], ended[DSR_TIME_SIZE];
	struct dsr_exchange *r = &e->record;

	dsr_time_format(started, &f->started, 9);
	dsr_time_format(ended, &f->ended, 9);
	r->started = dsr_arena_copy(e->arena, started, strlen(started), err);
	r->ended = dsr_arena_copy(e->arena, ended, strlen(ended), err);
	r->url = dsr_arena_copy(e->arena, dsr_buffer_str(&j->recorded),
	    j->recorded.len, err);
	if (f->peer[0] != '\0') {
		r->peer = dsr_arena_copy(e->arena, f->peer, strlen(f->peer),
		    err);
		if (r->peer == NULL)
			return -1;
	}
	if (j->request_id[0] != '\0') {
		r->client_request_id = dsr_arena_copy(e->arena, j->request_id,
		    strlen(j->request_id), err);
		if (r->client_request_id == NULL)
			return -1;
	}
	return r->started == NULL || r->ended == NULL || r->url == NULL ? -1
	                                                                : 0;
}

static int
take_response_body(struct evidence *e, const struct fetch *f,
    struct dsr_error *err)
{
	struct dsr_body *body;

	if (f->outcome != FETCH_ANSWER)
		return 0;
	body = dsr_arena_alloc(e->arena, sizeof(*body), err);
	if (body == NULL)
		return -1;
	body->size = f->size;
	body->sha256 =
	    dsr_arena_copy(e->arena, f->sha256, strlen(f->sha256), err);
	e->record.response_body = body;
	return body->sha256 == NULL ? -1 : 0;
}

int
evidence_take(struct evidence *e, const struct job *j, struct dsr_error *err)
{
	const struct fetch *f = &j->fetch;

	(void)memset(e, 0, sizeof(*e));
	if (dsr_arena_new(&e->arena, err) != 0)
		return -1;
	e->record.method = f->method;
	e->record.status = f->status;
	e->record.error = f->error;
	e->record.tls = f->tls;
	if (take_texts(e, j, err) != 0 || take_attempts(e, j, err) != 0 ||
	    take_request_headers(e, j, err) != 0 ||
	    take_request_body(e, j, err) != 0 ||
	    take_response_headers(e, j, err) != 0 ||
	    take_response_body(e, f, err) != 0) {
		evidence_fini(e);
		return -1;
	}
	return 0;
}

static bool
tells(const char *name)
{
	for (size_t i = 0;
	     i < sizeof(telling_headers) / sizeof(telling_headers[0]); i++)
		if (strcmp(telling_headers[i], name) == 0)
			return true;
	return false;
}

void
evidence_hide(struct evidence *e)
{
	struct dsr_list *list = &e->record.response_headers;
	struct dsr_header *h = list->items;
	size_t kept = 0;

	e->record.response_body = NULL;
	for (size_t i = 0; i < list->count; i++)
		if (!tells(h[i].name))
			h[kept++] = h[i];
	list->count = kept;
}

void
evidence_strip(struct evidence *e)
{
	struct dsr_exchange *r = &e->record;

	r->url = NULL;
	r->peer = NULL;
	r->tls = NULL;
	r->client_request_id = NULL;
	r->request_body = NULL;
	r->response_body = NULL;
	(void)memset(&r->request_headers, 0, sizeof(r->request_headers));
	(void)memset(&r->response_headers, 0, sizeof(r->response_headers));
	(void)memset(&r->attempts, 0, sizeof(r->attempts));
}

void
evidence_fini(struct evidence *e)
{
	dsr_arena_free(e->arena);
	(void)memset(e, 0, sizeof(*e));
}
