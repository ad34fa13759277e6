/* SPDX-License-Identifier: ISC */
#include "fetch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dossier/clock.h"
#include "dossier/limits.h"
#include "dossier/text.h"

#define CONNECT_TIMEOUT_MS 30000L
#define LOW_SPEED_BYTES    1L  /* a second ... */
#define LOW_SPEED_S        60L /* ... for so long is the end of waiting */

struct fetcher {
	CURLM *multi;
	struct peers *peers;
	char *ca_file;
	struct curl_slist *connect_to;
	CURL **idle;
	size_t idle_count;
	size_t size; /* requests at a time */
	size_t active;
};

/* ---- one request ------------------------------------------------------------------ */

int
fetch_init(struct fetch *f, struct dsr_error *err)
{
	(void)memset(f, 0, sizeof(*f));
	dsr_buffer_init(&f->lines, DSR_MAX_HEADERS);
	dsr_buffer_init(&f->content, DSR_MAX_BODY_MEMORY);
	return dsr_sha256_new(&f->hash, err);
}

/* Header lines may hold a credential. */
static void
wipe_headers(struct curl_slist *headers)
{
	for (struct curl_slist *h = headers; h != NULL; h = h->next)
		explicit_bzero(h->data, strlen(h->data));
	curl_slist_free_all(headers);
}

void
fetch_reset(struct fetch *f)
{
	wipe_headers(f->headers);
	f->headers = NULL;
	dsr_buffer_reset(&f->lines);
	dsr_buffer_reset(&f->content);
	dsr_sha256_reset(f->hash);
	dsr_blob_free(f->blob);
	f->blob = NULL;
	f->size = 0;
	f->status = DSR_NONE;
	f->outcome = FETCH_NOTHING;
	f->error = NULL;
	f->tls = NULL;
	f->peer[0] = '\0';
	f->failed = false;
}

void
fetch_fini(struct fetch *f)
{
	wipe_headers(f->headers);
	dsr_buffer_fini(&f->lines);
	dsr_buffer_fini(&f->content);
	dsr_blob_free(f->blob);
	dsr_sha256_free(f->hash);
	(void)memset(f, 0, sizeof(*f));
}

int
fetch_header(struct fetch *f, const char *name, const char *value,
    struct dsr_error *err)
{
	size_t size = strlen(name) + strlen(value) + 3;
	char *line = malloc(size);
	struct curl_slist *more = NULL;

	if (line != NULL) {
		/* an empty value wants the other form, or curl drops it */
		(void)snprintf(line, size, value[0] == '\0' ? "%s;" : "%s: %s",
		    name, value);
		more = curl_slist_append(f->headers, line);
		explicit_bzero(line, size);
	}
	free(line);
	if (more == NULL)
		return dsr_fail(err, DSR_ENOMEM, "headers");
	f->headers = more;
	return 0;
}

const char *
fetch_next_header(const struct fetch *f, const char *name, const char **from,
    size_t *len)
{
	const char *line = *from != NULL ? *from : dsr_buffer_str(&f->lines);
	size_t name_len = strlen(name);

	while (*line != '\0') {
		const char *end = strchr(line, '\n');

		if (strncmp(line, name, name_len) == 0 &&
		    line[name_len] == ':') {
			*from = end + 1;
			*len = (size_t)(end - line) - name_len - 2;
			return line + name_len + 2;
		}
		line = end + 1;
	}
	return NULL;
}

bool
fetch_get_header(const struct fetch *f, const char *name, char *out,
    size_t size)
{
	const char *from = NULL, *value;
	size_t len;

	value = fetch_next_header(f, name, &from, &len);
	if (value == NULL)
		return false;
	if (len >= size)
		len = size - 1;
	(void)memcpy(out, value, len);
	out[len] = '\0';
	return true;
}

/* ---- what curl calls ----------------------------------------------------------------- */

static void
refuse(struct fetch *f, enum fetch_outcome outcome, const char *why)
{
	f->outcome = outcome;
	f->error = why;
}

/* gzip once, or nothing: what we asked for. */
static bool
encoding_is_wanted(const char *value, size_t len)
{
	static const char *const wanted[] = { "gzip", "x-gzip", "identity",
		"" };

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (len == strlen(wanted[i]) &&
		    strncasecmp(value, wanted[i], len) == 0)
			return true;
	return false;
}

static bool
add_header_line(struct fetch *f, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	struct dsr_error ignored;
	size_t name;

	if (colon == NULL || line[0] == ' ' || line[0] == '\t') {
		refuse(f, FETCH_MALFORMED, "a header line that HTTP forbids");
		return false;
	}
	name = (size_t)(colon - line);
	colon++;
	len -= name + 1;
	while (len > 0 && (*colon == ' ' || *colon == '\t')) {
		colon++;
		len--;
	}
	while (len > 0 && (colon[len - 1] == ' ' || colon[len - 1] == '\t'))
		len--;
	if (name == 16 && strncasecmp(line, "content-encoding", 16) == 0 &&
	    !encoding_is_wanted(colon, len)) {
		refuse(f, FETCH_MALFORMED,
		    "a content encoding that was not asked for");
		return false;
	}
	for (size_t i = 0; i < name; i++)
		if (dsr_buffer_putc(&f->lines,
		        (char)(line[i] >= 'A' && line[i] <= 'Z'
		                ? line[i] - 'A' + 'a'
		                : line[i]),
		        &ignored) != 0)
			goto full;
	if (dsr_buffer_append(&f->lines, ": ", 2, &ignored) == 0 &&
	    dsr_buffer_append(&f->lines, colon, len, &ignored) == 0 &&
	    dsr_buffer_append(&f->lines, "\n", 1, &ignored) == 0)
		return true;
full:
	refuse(f, FETCH_TOO_LARGE, "headers too long");
	return false;
}

static size_t
on_header(char *line, size_t size, size_t count, void *ctx)
{
	struct fetch *f = ctx;
	size_t len = size * count, whole = len;

	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	if (len > 5 && strncmp(line, "HTTP/", 5) == 0) {
		dsr_buffer_reset(&f->lines); /* after a 1xx */
		if (f->tls == NULL)
			f->tls = peers_tls(f->peers, f->easy);
		return whole;
	}
	if (len == 0)
		return whole;
	return add_header_line(f, line, len) ? whole : 0;
}

static bool
spill(struct fetch *f, const void *data, size_t len)
{
	if (f->blob == NULL) {
		if (dsr_blob_new(&f->blob, f->spill, &f->failure) != 0 ||
		    dsr_blob_write(f->blob, f->content.data, f->content.len,
		        &f->failure) != 0) {
			f->failed = true;
			return false;
		}
		dsr_buffer_reset(&f->content);
	}
	if (dsr_blob_write(f->blob, data, len, &f->failure) != 0) {
		f->failed = true;
		return false;
	}
	return true;
}

static size_t
on_body(char *data, size_t size, size_t count, void *ctx)
{
	struct fetch *f = ctx;
	size_t len = size * count;

	if (len > f->max - f->size ||
	    (f->spill == NULL && len > f->memory_max - f->size)) {
		refuse(f, FETCH_TOO_LARGE, "the body passes a limit");
		return 0;
	}
	f->size += len;
	dsr_sha256_update(f->hash, data, len);
	if (f->size > f->memory_max)
		return spill(f, data, len) ? len : 0;
	if (dsr_buffer_append(&f->content, data, len, &f->failure) != 0) {
		f->failed = true;
		return 0;
	}
	return len;
}

static curl_socket_t
on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	const struct peers *peers = ctx;

	(void)purpose;
	if (!peers_allow(peers, &address->addr))
		return CURL_SOCKET_BAD;
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
}

/* ---- many requests ---------------------------------------------------------------- */

static CURL *
make_easy(struct fetcher *f)
{
	CURL *e = curl_easy_init();

	if (e == NULL)
		return NULL;
	(void)curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "https");
	(void)curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	(void)curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	(void)curl_easy_setopt(e, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L);
	(void)curl_easy_setopt(e, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2);
	(void)curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
	(void)curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
	/* CAPATH switches curl's cache of CAs off: 40 ms a connection */
	(void)curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	if (f->ca_file != NULL)
		(void)curl_easy_setopt(e, CURLOPT_CAINFO, f->ca_file);
	(void)curl_easy_setopt(e, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "gzip");
	(void)curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS,
	    CONNECT_TIMEOUT_MS);
	(void)curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, LOW_SPEED_BYTES);
	(void)curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, LOW_SPEED_S);
	(void)curl_easy_setopt(e, CURLOPT_CONNECT_TO, f->connect_to);
	(void)curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	(void)curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, f->peers);
	return e;
}

static int
make_handles(struct fetcher *f, struct dsr_error *err)
{
	f->idle = calloc(f->size, sizeof(CURL *));
	f->multi = curl_multi_init();
	if (f->idle == NULL || f->multi == NULL)
		return dsr_fail(err, DSR_ENOMEM, "network");
	for (; f->idle_count < f->size; f->idle_count++) {
		f->idle[f->idle_count] = make_easy(f);
		if (f->idle[f->idle_count] == NULL)
			return dsr_fail(err, DSR_ENOMEM, "network");
	}
	(void)curl_multi_setopt(f->multi, CURLMOPT_MAXCONNECTS,
	    (long)(f->size * 2));
	return 0;
}

int
fetcher_new(struct fetcher **out, const struct fetch_options *options,
    struct dsr_error *err)
{
	struct fetcher *f = calloc(1, sizeof(*f));

	*out = NULL;
	if (f == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(f);
		return dsr_fail(err, DSR_ENOMEM, "network");
	}
	f->size = options->concurrency;
	if (options->ca_file != NULL) {
		f->ca_file = strdup(options->ca_file);
		if (f->ca_file == NULL) {
			(void)dsr_fail(err, DSR_ENOMEM, "network");
			goto fail;
		}
		if (access(f->ca_file, R_OK) != 0) {
			(void)dsr_fail_sys(err, "%s", f->ca_file);
			goto fail;
		}
	}
	for (size_t i = 0; i < options->connect_to_count; i++) {
		struct curl_slist *more =
		    curl_slist_append(f->connect_to, options->connect_to[i]);

		if (more == NULL) {
			(void)dsr_fail(err, DSR_ENOMEM, "network");
			goto fail;
		}
		f->connect_to = more;
	}
	if (peers_new(&f->peers, options->connect_to,
	        options->connect_to_count, err) != 0 ||
	    make_handles(f, err) != 0)
		goto fail;
	*out = f;
	return 0;
fail:
	fetcher_free(f);
	return -1;
}

void
fetcher_free(struct fetcher *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->idle_count; i++)
		curl_easy_cleanup(f->idle[i]);
	free(f->idle);
	if (f->multi != NULL)
		(void)curl_multi_cleanup(f->multi);
	curl_slist_free_all(f->connect_to);
	peers_free(f->peers);
	free(f->ca_file);
	free(f);
	curl_global_cleanup();
}

bool
fetcher_has_room(const struct fetcher *f)
{
	return f->idle_count > 0;
}

size_t
fetcher_active(const struct fetcher *f)
{
	return f->active;
}

static void
set_method(CURL *e, const struct fetch *request)
{
	if (request->body != NULL) {
		(void)curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)request->body_len);
		(void)curl_easy_setopt(e, CURLOPT_POSTFIELDS, request->body);
	} else if (strcmp(request->method, "POST") == 0) {
		(void)curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)0);
		(void)curl_easy_setopt(e, CURLOPT_POSTFIELDS, "");
	} else {
		(void)curl_easy_setopt(e, CURLOPT_HTTPGET, 1L);
	}
	(void)curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST,
	    strcmp(request->method, "DELETE") == 0 ? "DELETE" : NULL);
}

int
fetcher_start(struct fetcher *f, struct fetch *request,
    struct dsr_error *err)
{
	CURL *e = f->idle[f->idle_count - 1];

	request->easy = e;
	request->peers = f->peers;
	(void)curl_easy_setopt(e, CURLOPT_PRIVATE, request);
	(void)curl_easy_setopt(e, CURLOPT_HTTPHEADER, request->headers);
	(void)curl_easy_setopt(e, CURLOPT_HEADERDATA, request);
	(void)curl_easy_setopt(e, CURLOPT_WRITEDATA, request);
	set_method(e, request);
	if (curl_easy_setopt(e, CURLOPT_URL, request->url) != CURLE_OK)
		return dsr_fail(err, DSR_ENOMEM, "request");
	dsr_clock_now(&request->started);
	if (curl_multi_add_handle(f->multi, e) != CURLM_OK)
		return dsr_fail(err, DSR_EFAILED, "libcurl takes no request");
	f->idle_count--;
	f->active++;
	return 0;
}

int
fetcher_wait(struct fetcher *f, int timeout_ms, struct dsr_error *err)
{
	int running;

	if (curl_multi_perform(f->multi, &running) != CURLM_OK)
		return dsr_fail(err, DSR_EFAILED, "libcurl failed");
	/* all that were started still run: nothing to hand out yet */
	if ((size_t)running == f->active && timeout_ms > 0) {
		(void)curl_multi_poll(f->multi, NULL, 0, timeout_ms, NULL);
		if (curl_multi_perform(f->multi, &running) != CURLM_OK)
			return dsr_fail(err, DSR_EFAILED, "libcurl failed");
	}
	return 0;
}

/* Sorts out how a transfer ended, unless a callback said so already. */
static void
judge_end(struct fetch *f, CURLcode code)
{
	long status = 0;

	(void)curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status > 0)
		f->status = (uint64_t)status;
	if (f->error != NULL)
		return;
	f->outcome = FETCH_ANSWER;
	if (code == CURLE_OK)
		return;
	f->error = curl_easy_strerror(code);
	f->outcome = status > 0 && code != CURLE_WEIRD_SERVER_REPLY
	    ? FETCH_TRUNCATED
	    : FETCH_NOTHING;
}

static void
note_peer(struct fetch *f)
{
	const char *address = NULL;

	(void)curl_easy_getinfo(f->easy, CURLINFO_PRIMARY_IP, &address);
	if (address == NULL || address[0] == '\0')
		return;
	(void)snprintf(f->peer, sizeof(f->peer), "%s",
	    address_text_is_public(address) ? address : "private");
}

int
fetcher_done(struct fetcher *f, struct fetch **done, struct dsr_error *err)
{
	uint8_t digest[DSR_SHA256_BYTES];
	struct fetch *one = NULL;
	CURLMsg *m;
	int left;

	m = curl_multi_info_read(f->multi, &left);
	if (m == NULL)
		return 0;
	(void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &one);
	dsr_clock_now(&one->ended);
	judge_end(one, m->data.result);
	note_peer(one);
	(void)curl_multi_remove_handle(f->multi, one->easy);
	f->idle[f->idle_count++] = one->easy;
	f->active--;
	one->easy = NULL;
	if (one->failed) {
		*err = one->failure;
		return -1;
	}
	dsr_sha256_final(one->hash, digest);
	dsr_hex_encode(one->sha256, digest, sizeof(digest));
	*done = one;
	return 1;
}
