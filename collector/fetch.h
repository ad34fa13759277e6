/* SPDX-License-Identifier: ISC */
/*
 * Requests over HTTPS, many at a time, by libcurl. What a request may see and
 * where it may go is decided before it comes here; what is decided here: https
 * only, TLS 1.2 or later, no redirect followed, no cookie, no netrc, no proxy
 * of the environment, no address that is not public unless --connect-to names
 * it, nothing past the limits.
 */
#ifndef COLLECTOR_FETCH_H
#define COLLECTOR_FETCH_H

#include <curl/curl.h>
#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "dossier/case_writer.h"
#include "dossier/digest.h"

struct gunzip;
struct peers; /* addresses that may be used, certificates that were seen */

struct fetch_options {
	const char *ca_file;           /* PEM; NULL: the system's */
	const char *const *connect_to; /* as curl's --connect-to */
	size_t connect_to_count;
	size_t concurrency; /* requests at a time, at least 1 */
	long patience_s; /* an answer that hardly moves for so long is given up */
};

enum fetch_outcome {
	FETCH_ANSWER,    /* a whole answer, whatever its status */
	FETCH_NOTHING,   /* no answer */
	FETCH_TRUNCATED, /* the body broke off */
	FETCH_DAMAGED,   /* the body is not that of its Content-MD5, or longer
	                  * than its Content-Range says */
	FETCH_TOO_LARGE, /* a limit was passed */
	FETCH_MALFORMED  /* an answer that HTTP or we did not allow */
};

#define MAX_PEER 64 /* bytes of an address as text */

/* What came of a large body that broke off, until the rest is asked for. */
struct fetch_part {
	struct dsr_blob *blob;   /* NULL: nothing is kept */
	struct dsr_sha256 *hash; /* of what is in it */
	EVP_MD_CTX *md5;         /* or NULL */
	char wanted_md5[DSR_MAX_CONTENT_MD5];
	uint64_t size;
	uint64_t whole;          /* as in struct fetch */
	char tag[DSR_MAX_ENTITY_TAG];
};

/* A request, and then its answer. fetch_init makes one, fetch_fini ends it;
 * it may be started again after it was done. */
struct fetch {
	const char *method;
	const char *url;
	struct curl_slist *headers; /* the fetch's own: fetch_header adds */
	const void *body;           /* borrowed while it is under way */
	size_t body_len;
	size_t memory_max;          /* bytes of the answer kept in memory */
	struct dsr_case *spill;     /* more goes to a blob; NULL: is too much */
	uint64_t max;               /* bytes, whole */
	bool once;                  /* on a connection of its own: on one that
	                             * breaks libcurl would send it again */
	bool leads;                 /* its answer is given before others */

	enum fetch_outcome outcome;
	const char *error;          /* static, when it is no answer */
	uint64_t status;            /* DSR_NONE without a status line */
	size_t header_cost;         /* bytes that the headers take in a record */
	bool packed;                /* Content-Encoding: gzip */
	bool chunked;
	char length[24];            /* Content-Length, or "" */
	struct dsr_buffer lines;    /* headers: "name: value\n", lower case */
	struct dsr_buffer content;  /* unless there is a blob */
	struct dsr_blob *blob;
	uint64_t size;
	char sha256[DSR_SHA256_HEX];
	struct timespec started, ended;
	char peer[MAX_PEER];        /* "" when unknown */
	const struct dsr_tls *tls;  /* lives as long as the fetcher */

	/* inside */
	CURL *easy;
	CURLM *multi;
	struct peers *peers;
	struct dsr_sha256 *hash;
	struct gunzip *gunzip;      /* once a packed body came */
	EVP_MD_CTX *md5;            /* NULL: no Content-MD5 to compare */
	char wanted_md5[DSR_MAX_CONTENT_MD5];
	uint64_t whole;             /* bytes it has, the service says; or
	                             * DSR_NONE */
	struct fetch_part part;
	bool headers_ended;
	struct dsr_error failure;   /* of writing a blob: fatal */
	bool failed;
	struct fetch *next_done;
};

/* Starts libcurl, with its refusals of memory counted; false when it cannot. */
bool fetch_memory_start(void);

int fetch_init(struct fetch *f, struct dsr_error *err);
void fetch_fini(struct fetch *f);
/* Adds "name: value" to the request; secret memory is not kept. */
int fetch_header(struct fetch *f, const char *name, const char *value,
    struct dsr_error *err);
/* Forgets headers and answer, for the next request; a part is kept. */
void fetch_reset(struct fetch *f);
#define RECORD_OVERHEAD 24u /* bytes of a header beside its name and value */
/* Bytes that a text takes in a line of records: a bound from above. */
size_t fetch_record_cost(const char *s, size_t len);
/* First value of a header of the answer; false when it is not there. The name
 * is in lower case; out gets at most size - 1 bytes. */
bool fetch_get_header(const struct fetch *f, const char *name, char *out,
    size_t size);
/* Every value of a header in turn: *from is where to go on, NULL at first. */
const char *fetch_next_header(const struct fetch *f, const char *name,
    const char **from, size_t *len);

/* What libcurl calls with a fetch: lines of headers, pieces of a body. */
size_t fetch_on_header(char *line, size_t size, size_t count, void *ctx);
size_t fetch_on_body(char *data, size_t size, size_t count, void *ctx);
/* Did the whole body come, as far as it tells itself? */
bool fetch_is_whole(const struct fetch *f);

/* ---- fetch_end.c: how it ended ------------------------------------------- */

/* Sets outcome, error, status, end, peer and digest, from what libcurl says. */
void fetch_end(struct fetch *f, CURLcode code);

/* ---- fetch_part.c: bodies that break off ------------------------------- */

/*
 * After FETCH_TRUNCATED: keeps what came, when the rest can be asked for;
 * false when not. Then, in the next request (same method and address):
 */
bool fetch_part_keep(struct fetch *f, struct dsr_error *err);
/* How far the body has come, under way or broken off, when a later run may go
 * on with it (all but from and ended); false when not. */
bool fetch_part_note(const struct fetch *f, struct dsr_piece *piece);
/* Leaves that to the later run. */
void fetch_part_leave(struct fetch *f);
/* Takes up what an earlier run noted: 1, 0 when it is not that any more, -1. */
int fetch_part_resume(struct fetch *f, const struct dsr_piece *piece,
    struct dsr_error *err);
/* ... adds the headers that ask for the rest, when there is a part. */
int fetch_part_ask(struct fetch *f, struct dsr_error *err);
void fetch_part_drop(struct fetch_part *p);
/* All headers are there: does the body go on with the part, or begin anew?
 * False when it is neither. */
bool fetch_part_join(struct fetch *f);
/* The body has another digest than Content-MD5 says. */
bool fetch_md5_differs(struct fetch *f);

/* ---- fetcher.c: many of them --------------------------------------------- */

struct fetcher;
int fetcher_new(struct fetcher **out, const struct fetch_options *options,
    struct dsr_error *err);
void fetcher_free(struct fetcher *f);
/* Is there room for one more? */
bool fetcher_has_room(const struct fetcher *f);
int fetcher_start(struct fetcher *f, struct fetch *request,
    struct dsr_error *err);
/* What was started goes out now; without it, with the next wait. */
int fetcher_send(struct fetcher *f, struct dsr_error *err);
/*
 * Waits at most timeout_ms for something to happen, not at all when one is done
 * that was not given yet. There is room again for each that is done.
 */
int fetcher_wait(struct fetcher *f, int timeout_ms, struct dsr_error *err);
/* Gives those that are done, one a call, first those without an answer or with
 * a status from 400, then those that lead; NULL: none. */
struct fetch *fetcher_done(struct fetcher *f);
/* Only the latter: what they say holds for what was not sent yet. */
struct fetch *fetcher_refused(struct fetcher *f);

/* ---- fetch_peer.c: who is at the other end ------------------------------- */

struct sockaddr;
/* Not loopback, private, link-local, multicast, reserved … */
bool address_is_public(const struct sockaddr *address);
bool address_text_is_public(const char *text);

int peers_new(struct peers **out, const char *const *connect_to,
    size_t count, struct dsr_error *err);
void peers_free(struct peers *p);
bool peers_allow(const struct peers *p, const struct sockaddr *address);
/* Why the certificate of a transfer was not accepted: static text. */
const char *peers_complaint(CURL *easy);
/* For CURLOPT_SSL_CTX_FUNCTION: what no configuration may lower. */
CURLcode peers_harden(CURL *easy, void *tls, void *ctx);
/* The evidence of the TLS connection of a transfer; NULL. */
const struct dsr_tls *peers_tls(struct peers *p, CURL *easy);

#endif
