/* SPDX-License-Identifier: ISC */
#include "url.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dossier/limits.h"
#include "dossier/memory.h"

#define MAX_RECORDED 8192u /* bytes of a URL in a line of records */

static const char host_bytes[] = "abcdefghijklmnopqrstuvwxyz"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789-.";

bool
host_matches(const char *pattern, const char *host)
{
	size_t tail, len = strlen(host);

	if (strncmp(pattern, "*.", 2) != 0)
		return strcasecmp(pattern, host) == 0;
	tail = strlen(pattern + 1);
	return len > tail && host[0] != '.' &&
	    strcasecmp(host + len - tail, pattern + 1) == 0;
}

bool
host_is_valid(const char *host)
{
	const char *last = strrchr(host, '.');
	size_t len = strlen(host);

	last = last == NULL ? host : last + 1;
	return len > 0 && len <= 253 && strspn(host, host_bytes) == len &&
	    host[0] != '.' && host[0] != '-' && host[len - 1] != '.' &&
	    strstr(host, "..") == NULL &&
	    strspn(last, "0123456789") != strlen(last);
}

bool
segment_is_dots(const char *s, size_t len)
{
	size_t dots = 0, i = 0;

	while (i < len) {
		if (s[i] == '.')
			i++;
		else if (len - i >= 3 && strncasecmp(s + i, "%2e", 3) == 0)
			i += 3;
		else
			return false;
		dots++;
	}
	return dots == 1 || dots == 2;
}

bool
path_has_dots(const char *path)
{
	const char *end = path + strcspn(path, "?#");
	size_t len;

	for (const char *s = path; s < end; s += len + 1) {
		len = strcspn(s, "/?#");
		if (segment_is_dots(s, len))
			return true;
	}
	return false;
}

static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

static bool
is_kept(char c, enum encoding how)
{
	static const char kept_in_query[] = "!$'()*,/:;?@";

	return is_unreserved(c) || (how == ENCODE_SLASHES && c == '/') ||
	    (how == ENCODE_QUERY && strchr(kept_in_query, c) != NULL);
}

int
url_encode(struct dsr_buffer *out, const char *s, enum encoding how,
    struct dsr_error *err)
{
	static const char hex[] = "0123456789ABCDEF";

	while (*s != '\0') {
		unsigned char c = (unsigned char)*s;
		const char escaped[3] = { '%', hex[c >> 4], hex[c & 15] };
		size_t run = 0;

		while (s[run] != '\0' && is_kept(s[run], how))
			run++;
		if (dsr_buffer_append(out, run > 0 ? s : escaped,
		        run > 0 ? run : 3, err) != 0)
			return -1;
		s += run > 0 ? run : 1;
	}
	return 0;
}

/* ---- judging ------------------------------------------------------------------ */

/* A part of it, for curl_free; NULL when it has none. */
static char *
take_part(CURLU *u, CURLUPart part)
{
	char *text = NULL;
	CURLUcode result = curl_url_get(u, part, &text, 0);

	if (result == CURLUE_OUT_OF_MEMORY)
		dsr_memory_note_refusal();
	return result == CURLUE_OK ? text : NULL;
}

/* Parses it, relative to what was parsed before. */
static bool
parse_address(CURLU *u, const char *address)
{
	CURLUcode result = curl_url_set(u, CURLUPART_URL, address, 0);

	if (result == CURLUE_OUT_OF_MEMORY)
		dsr_memory_note_refusal();
	return result == CURLUE_OK;
}

static bool
part_is(CURLU *u, CURLUPart part, const char *wanted)
{
	char *text = take_part(u, part);
	bool is = text == NULL ? wanted == NULL
	                       : wanted != NULL && strcasecmp(text, wanted) == 0;

	curl_free(text);
	return is;
}

static bool
host_is_among(CURLU *u, const char *const *hosts)
{
	char *host = take_part(u, CURLUPART_HOST);
	bool found = false;

	if (host == NULL)
		return false;
	for (; *hosts != NULL && !found; hosts++)
		found = host_matches(*hosts, host);
	found = found && host_is_valid(host);
	curl_free(host);
	return found;
}

/* https, the default port, no user, one of the hosts. */
static bool
url_is_allowed(CURLU *u, const char *const *hosts)
{
	return part_is(u, CURLUPART_SCHEME, "https") &&
	    (part_is(u, CURLUPART_PORT, NULL) ||
	        part_is(u, CURLUPART_PORT, "443")) &&
	    part_is(u, CURLUPART_USER, NULL) &&
	    part_is(u, CURLUPART_PASSWORD, NULL) && host_is_among(u, hosts);
}

/* No byte that a URL cannot hold: what curl would let pass or change. */
static bool
bytes_are_legal(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= ' ' || (unsigned char)*s >= 0x7f ||
		    *s == '\\' || *s == '"' || *s == '<' || *s == '>')
			return false;
	return true;
}

static bool
link_is_legal(const char *link, bool absolute)
{
	return strlen(link) <= DSR_MAX_URL && bytes_are_legal(link) &&
	    !(absolute && path_has_dots(link + 8));
}

static int
write_target(struct dsr_buffer *out, CURLU *u, const char *link,
    bool absolute, struct dsr_error *err)
{
	char *whole = NULL;
	int result;

	if (absolute)
		return dsr_buffer_append(out, link, strcspn(link, "#"), err);
	if (curl_url_get(u, CURLUPART_URL, &whole, 0) != CURLUE_OK)
		return dsr_fail(err, DSR_ENOMEM, "link");
	result = dsr_buffer_append(out, whole, strcspn(whole, "#"), err);
	curl_free(whole);
	return result;
}

enum link_verdict
link_judge(struct dsr_buffer *out, const char *link, const char *base,
    const char *const *hosts, struct dsr_error *err)
{
	const uint64_t refusals = dsr_memory_refusals();
	CURLU *u = curl_url();
	bool absolute = strncasecmp(link, "https://", 8) == 0;
	enum link_verdict verdict = LINK_FOREIGN;
	char host[256];

	if (u == NULL)
		dsr_memory_note_refusal();
	if (u == NULL || !link_is_legal(link, absolute) ||
	    (!absolute && (base == NULL || !parse_address(u, base))) ||
	    !parse_address(u, link) || !url_is_allowed(u, hosts))
		goto out;
	if (write_target(out, u, link, absolute, err) != 0)
		verdict = LINK_FAILED;
	else if (url_host(host, sizeof(host), dsr_buffer_str(out)) &&
	    part_is(u, CURLUPART_HOST, host))
		verdict = LINK_GOOD; /* two readers see the same host */
out:
	/* what memory is refused for may look as if it was no address */
	if (dsr_memory_refusals() != refusals && verdict != LINK_FAILED) {
		(void)dsr_fail(err, DSR_ENOMEM, "link");
		verdict = LINK_FAILED;
	}
	curl_url_cleanup(u);
	return verdict;
}

/* ":443", as it may be written: ":", ":0443" */
static bool
port_is_default(const char *s, size_t len)
{
	size_t i = 1;

	if (s[0] != ':' || len == 1)
		return s[0] == ':';
	while (i < len && s[i] == '0')
		i++;
	return len - i == 3 && strncmp(s + i, "443", 3) == 0;
}

bool
url_host(char *out, size_t size, const char *url)
{
	size_t whole, len;

	if (strncasecmp(url, "https://", 8) != 0)
		return false;
	url += 8;
	whole = strcspn(url, "/?#");
	len = strspn(url, host_bytes);
	if (len < whole && !port_is_default(url + len, whole - len))
		return false;
	if (len == 0 || len >= size)
		return false;
	for (size_t i = 0; i < len; i++)
		out[i] = (char)(url[i] >= 'A' && url[i] <= 'Z'
		        ? url[i] - 'A' + 'a'
		        : url[i]);
	out[len] = '\0';
	return true;
}

bool
url_same_origin(const char *a, const char *b)
{
	char x[256], y[256];

	return url_host(x, sizeof(x), a) && url_host(y, sizeof(y), b) &&
	    strcmp(x, y) == 0;
}

/* ---- recording ------------------------------------------------------------------ */

/* Is the name of "name=value" (len bytes of name) one of shown? */
static bool
is_shown(const char *s, size_t len, const char *const *shown)
{
	char decoded[256];
	size_t n = 0;

	for (size_t i = 0; i < len; i++, n++) {
		if (n >= sizeof(decoded) - 1)
			return false;
		decoded[n] = s[i];
		if (s[i] == '%' && len - i > 2 &&
		    strspn(s + i + 1, "0123456789abcdefABCDEF") >= 2) {
			char two[3] = { s[i + 1], s[i + 2], '\0' };

			decoded[n] = (char)strtoul(two, NULL, 16);
			i += 2;
		}
	}
	decoded[n] = '\0';
	for (; shown != NULL && *shown != NULL; shown++)
		if (strcmp(*shown, decoded) == 0)
			return true;
	return false;
}

static int
record_query(struct dsr_buffer *out, const char *query,
    const char *const *shown, struct dsr_error *err)
{
	const char *end;

	for (char mark = '?'; *query != '\0' && *query != '#';
	     query = end + (*end == '&'), mark = '&') {
		size_t name = strcspn(query, "=&#");

		end = query + strcspn(query, "&#");
		if (out->len + (size_t)(end - query) > MAX_RECORDED)
			return dsr_buffer_puts(out, "&REDACTED", err);
		if (dsr_buffer_putc(out, mark, err) != 0)
			return -1;
		if (query[name] != '=' && !is_shown(query, name, shown)) {
			/* no name: it may all be a value */
			if (dsr_buffer_puts(out, "REDACTED", err) != 0)
				return -1;
		} else if (is_shown(query, name, shown)) {
			if (dsr_buffer_append(out, query,
			        (size_t)(end - query), err) != 0)
				return -1;
		} else if (dsr_buffer_append(out, query, name, err) != 0 ||
		    dsr_buffer_puts(out, "=REDACTED", err) != 0) {
			return -1;
		}
	}
	return 0;
}

int
url_record(struct dsr_buffer *out, const char *url, const char *const *shown,
    struct dsr_error *err)
{
	char host[256];
	size_t path;

	if (!url_host(host, sizeof(host), url) || !bytes_are_legal(url))
		return dsr_buffer_puts(out, "REDACTED", err);
	path = strcspn(url, "?#");
	if (path > MAX_RECORDED)
		path = MAX_RECORDED;
	if (dsr_buffer_append(out, url, path, err) != 0)
		return -1;
	return url[path] == '?'
	    ? record_query(out, url + path + 1, shown, err)
	    : 0;
}
