/* SPDX-License-Identifier: ISC */
#include "fetch.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dossier/limits.h"
#include "dossier/text.h"
#include "gunzip.h"

/* ---- one request --------------------------------------------------------- */

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

/* At each status line: those of a 1xx say nothing of the answer. */
static void
forget_framing(struct fetch *f)
{
	dsr_buffer_reset(&f->lines);
	f->header_cost = 0;
	f->packed = false;
	f->chunked = false;
	f->length[0] = '\0';
}

void
fetch_reset(struct fetch *f)
{
	wipe_headers(f->headers);
	f->headers = NULL;
	dsr_buffer_reset(&f->content);
	dsr_sha256_reset(f->hash);
	dsr_blob_free(f->blob);
	f->blob = NULL;
	gunzip_free(f->gunzip);
	f->gunzip = NULL;
	f->size = 0;
	f->status = DSR_NONE;
	forget_framing(f);
	f->outcome = FETCH_NOTHING;
	f->error = NULL;
	f->tls = NULL;
	f->peer[0] = '\0';
	EVP_MD_CTX_free(f->md5);
	f->md5 = NULL;
	f->whole = DSR_NONE;
	f->headers_ended = false;
	f->failed = false;
}

void
fetch_fini(struct fetch *f)
{
	if (f->easy != NULL) { /* under way: it ends here */
		(void)curl_multi_remove_handle(f->multi, f->easy);
		curl_easy_cleanup(f->easy);
	}
	wipe_headers(f->headers);
	dsr_buffer_fini(&f->lines);
	dsr_buffer_fini(&f->content);
	dsr_blob_free(f->blob);
	gunzip_free(f->gunzip);
	dsr_sha256_free(f->hash);
	EVP_MD_CTX_free(f->md5);
	fetch_part_drop(&f->part);
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

/* ---- what curl calls ----------------------------------------------------- */

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

/* "name: value" and a line feed, the name in lower case. */
static bool
append_header(struct dsr_buffer *lines, const char *name, size_t name_len,
    const char *value, size_t len)
{
	struct dsr_error ignored;
	char c;

	for (size_t i = 0; i < name_len; i++) {
		c = name[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (dsr_buffer_putc(lines, c, &ignored) != 0)
			return false;
	}
	return dsr_buffer_append(lines, ": ", 2, &ignored) == 0 &&
	    dsr_buffer_append(lines, value, len, &ignored) == 0 &&
	    dsr_buffer_append(lines, "\n", 1, &ignored) == 0;
}

static bool
is_named(const char *name, size_t len, const char *wanted)
{
	return len == strlen(wanted) && strncasecmp(name, wanted, len) == 0;
}

/*
 * The headers that say where a body ends and how it is packed: each once, and
 * in the one way that we asked for, or two readers may see two bodies (RFC 9112
 * section 6.3). NULL, or what is wrong.
 */
static const char *
note_framing(struct fetch *f, const char *name, size_t name_len,
    const char *value, size_t len)
{
	uint64_t ignored;

	if (is_named(name, name_len, "content-encoding")) {
		if (!encoding_is_wanted(value, len) || f->packed)
			return "a content encoding that was not asked for";
		f->packed = len > 0 && !is_named(value, len, "identity");
	} else if (is_named(name, name_len, "transfer-encoding")) {
		if (!is_named(value, len, "chunked") || f->chunked)
			return "a transfer encoding that was not asked for";
		f->chunked = true;
	} else if (is_named(name, name_len, "content-length")) {
		if (len >= sizeof(f->length) ||
		    !dsr_parse_u64(value, len, INT64_MAX, &ignored) ||
		    (f->length[0] != '\0' &&
		        !is_named(value, len, f->length)))
			return "a content length that cannot be";
		(void)memcpy(f->length, value, len);
		f->length[len] = '\0';
	}
	return f->chunked && f->length[0] != '\0'
	    ? "both a length and chunks"
	    : NULL;
}

size_t
fetch_record_cost(const char *s, size_t len)
{
	size_t cost = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] < ' ' || s[i] > '~')
			cost += 5; /* \\xNN */
		else if (s[i] == '"' || s[i] == '\\')
			cost += 2;
		else if (s[i] == '<' || s[i] == '&' || s[i] == '?')
			cost += 10; /* what follows may become REDACTED */
		else
			cost++;
	}
	return cost;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
add_header_line(struct fetch *f, const char *line, size_t len)
{
	const char *value = memchr(line, ':', len), *wrong;
	size_t name;

	if (value == NULL || is_blank(line[0]) ||
	    memchr(line, '\0', len) != NULL) {
		refuse(f, FETCH_MALFORMED, "a header line that HTTP forbids");
		return false;
	}
	name = (size_t)(value - line);
	value++;
	len -= name + 1;
	for (; len > 0 && is_blank(*value); len--)
		value++;
	while (len > 0 && is_blank(value[len - 1]))
		len--;
	wrong = note_framing(f, line, name, value, len);
	if (wrong != NULL) {
		refuse(f, FETCH_MALFORMED, wrong);
		return false;
	}
	f->header_cost += name + fetch_record_cost(value, len) +
	    RECORD_OVERHEAD;
	if (f->header_cost <= DSR_MAX_HEADERS &&
	    append_header(&f->lines, line, name, value, len))
		return true;
	refuse(f, FETCH_TOO_LARGE, "headers too long");
	return false;
}

/* Once an answer: not after those that only announce one, nor after trailers. */
static bool
end_headers(struct fetch *f)
{
	long status = 0;

	(void)curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status < 200 || f->headers_ended)
		return true;
	f->headers_ended = true;
	return fetch_part_join(f);
}

size_t
fetch_on_header(char *line, size_t size, size_t count, void *ctx)
{
	struct fetch *f = ctx;
	size_t len = size * count, whole = len;

	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	if (len > 5 && strncmp(line, "HTTP/", 5) == 0) {
		forget_framing(f);
		if (f->tls == NULL)
			f->tls = peers_tls(f->peers, f->easy);
		return whole;
	}
	if (len == 0)
		return end_headers(f) ? whole : 0;
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

/* A piece of the body, unpacked. */
static bool
take_body(void *ctx, const char *data, size_t len)
{
	struct fetch *f = ctx;

	if (len > f->max - f->size ||
	    (f->spill == NULL && len > f->memory_max - f->size)) {
		refuse(f, FETCH_TOO_LARGE, "the body passes a limit");
		return false;
	}
	f->size += len;
	dsr_sha256_update(f->hash, data, len);
	if (f->size > f->memory_max)
		return spill(f, data, len);
	if (dsr_buffer_append(&f->content, data, len, &f->failure) != 0) {
		f->failed = true;
		return false;
	}
	return true;
}

size_t
fetch_on_body(char *data, size_t size, size_t count, void *ctx)
{
	struct fetch *f = ctx;
	size_t len = size * count;
	const char *why = NULL;

	if (f->md5 != NULL)
		(void)EVP_DigestUpdate(f->md5, data, len);
	if (!f->packed)
		return take_body(f, data, len) ? len : 0;
	if (f->gunzip == NULL && (f->gunzip = gunzip_new()) == NULL) {
		f->failed = true;
		(void)dsr_fail(&f->failure, DSR_ENOMEM, "answer");
		return 0;
	}
	if (gunzip_take(f->gunzip, data, len, take_body, f, &why))
		return len;
	if (why != NULL)
		refuse(f, FETCH_TRUNCATED, why);
	return 0;
}

bool
fetch_is_whole(const struct fetch *f)
{
	return f->gunzip == NULL || gunzip_is_whole(f->gunzip);
}
