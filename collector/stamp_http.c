/* SPDX-License-Identifier: ISC */
#include <curl/curl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <strings.h>

#include "dossier/language.h"
#include "dossier/limits.h"
#include "stamp.h"

#define REPLY_TYPE "application/timestamp-reply"
#define CONNECT_S  30L
#define TOTAL_S    120L

/* One exchange with an authority. */
struct exchange {
	CURL *easy;
	struct curl_slist *headers;
	const char *ca_file;
	struct dsr_buffer *reply;
	bool too_long;
};

/* CURLOPT_WRITEFUNCTION */
static size_t
take_reply(char *data, size_t size, size_t count, void *ctx)
{
	struct exchange *x = ctx;
	struct dsr_error err;

	if (dsr_buffer_append(x->reply, data, size * count, &err) == 0)
		return size * count;
	x->too_long = err.code == DSR_ELIMIT;
	return 0;
}

/* CURLOPT_SSL_CTX_FUNCTION: one more root, the system's stay */
static CURLcode
trust_file(CURL *easy, void *ssl_ctx, void *ctx)
{
	const struct exchange *x = ctx;
	X509_STORE *store = SSL_CTX_get_cert_store(ssl_ctx);

	(void)easy;
	if (X509_STORE_load_file(store, x->ca_file) == 1)
		return CURLE_OK;
	ERR_clear_error();
	return CURLE_SSL_CACERT_BADFILE;
}

static int
prepare(struct exchange *x, const char *url, const struct dsr_buffer *query,
    struct dsr_error *err)
{
	CURL *e = x->easy = curl_easy_init();

	if (e == NULL)
		return dsr_fail(err, DSR_ENOMEM, "HTTP");
	x->headers = curl_slist_append(NULL,
	    "Content-Type: application/timestamp-query");
	if (x->headers == NULL)
		return dsr_fail(err, DSR_ENOMEM, "HTTP");
	if (curl_easy_setopt(e, CURLOPT_URL, url) != CURLE_OK ||
	    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https") !=
		CURLE_OK)
		return dsr_fail(err, DSR_ENOMEM, "HTTP");
	(void)curl_easy_setopt(e, CURLOPT_HTTPHEADER, x->headers);
	(void)curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE, (long)query->len);
	(void)curl_easy_setopt(e, CURLOPT_POSTFIELDS,
	    dsr_buffer_str(query));
	(void)curl_easy_setopt(e, CURLOPT_USERAGENT, "dossier/" DSR_VERSION);
	(void)curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	(void)curl_easy_setopt(e, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
	(void)curl_easy_setopt(e, CURLOPT_TIMEOUT, TOTAL_S);
	(void)curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_reply);
	(void)curl_easy_setopt(e, CURLOPT_WRITEDATA, x);
	if (x->ca_file != NULL) {
		(void)curl_easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION,
		    trust_file);
		(void)curl_easy_setopt(e, CURLOPT_SSL_CTX_DATA, x);
	}
	return 0;
}

/* Names whom libcurl tried to reach, and the way that needs no network here. */
static int
tell_unreachable(const char *url, CURLcode code, struct dsr_error *err)
{
	char *host = NULL, *port = NULL;
	CURLU *parts = curl_url();

	if (parts == NULL ||
	    curl_url_set(parts, CURLUPART_URL, url, 0) != CURLUE_OK ||
	    curl_url_get(parts, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
	    curl_url_get(parts, CURLUPART_PORT, &port,
		CURLU_DEFAULT_PORT) != CURLUE_OK)
		(void)dsr_fail(err, DSR_ENOMEM, "HTTP");
	else
		(void)dsr_fail(err, DSR_ENETWORK,
		    N_("the authority at %.200s port %s: %s (no network here? "
		       "--query-out FILE asks offline)"),
		    host, port, curl_easy_strerror(code));
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(parts);
	return -1;
}

static int
judge_transfer(const struct exchange *x, const char *url, CURLcode code,
    struct dsr_error *err)
{
	switch ((int)code) {
	case CURLE_OK:
		return 0;
	case CURLE_OUT_OF_MEMORY:
		return dsr_fail(err, DSR_ENOMEM, "HTTP");
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return dsr_fail(err, DSR_EUSAGE,
		    "--tsa: wanted a URL of http or https");
	default:
		if (x->too_long)
			return dsr_fail(err, DSR_ELIMIT,
			    "the authority's reply is longer than %u bytes",
			    DSR_MAX_TIME_REPLY);
		return tell_unreachable(url, code, err);
	}
}

static int
judge_answer(const struct exchange *x, struct dsr_error *err)
{
	const char *type = NULL;
	long status = 0;

	(void)curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(x->easy, CURLINFO_CONTENT_TYPE, &type);
	if (status == 401 || status == 403)
		return dsr_fail(err, DSR_EAUTH,
		    "the authority answers %ld: it wants credentials, and "
		    "dossier stamp has none (ask offline: --query-out)",
		    status);
	if (status != 200)
		return dsr_fail(err, DSR_EFAILED,
		    "the authority answers HTTP status %ld, wanted 200",
		    status);
	if (type == NULL ||
	    strncasecmp(type, REPLY_TYPE, strlen(REPLY_TYPE)) != 0)
		return dsr_fail(err, DSR_EFAILED,
		    "the authority answers %.60s, wanted " REPLY_TYPE,
		    type == NULL ? "no media type" : type);
	return 0;
}

int
stamp_post(const char *url, const char *ca_file,
    const struct dsr_buffer *query, struct dsr_buffer *reply,
    struct dsr_error *err)
{
	struct exchange x = { .ca_file = ca_file, .reply = reply };
	int rc = -1;

	if (prepare(&x, url, query, err) == 0 &&
	    judge_transfer(&x, url, curl_easy_perform(x.easy), err) == 0)
		rc = judge_answer(&x, err);
	curl_slist_free_all(x.headers);
	curl_easy_cleanup(x.easy);
	return rc;
}
