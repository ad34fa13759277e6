/* SPDX-License-Identifier: ISC */
/*
 * Addresses: made from templates, judged when a service gives them, and
 * written down without what could open a door.
 */
#ifndef COLLECTOR_URL_H
#define COLLECTOR_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "dossier/buffer.h"
#include "dossier/error.h"

/* "*." in front of a pattern is one or more labels; case does not matter. */
bool host_matches(const char *pattern, const char *host);
/* Letters, digits and '-', with '.' between labels; no address. */
bool host_is_valid(const char *host);
/* Is the segment "." or "..", also with %2e? */
bool segment_is_dots(const char *s, size_t len);
/* Has the path of a URL (or a path alone) such a segment? */
bool path_has_dots(const char *path);

enum encoding {
	ENCODE_VALUE,  /* all but unreserved characters: {name} */
	ENCODE_SLASHES, /* the same, and '/' stays: {+name} */
	ENCODE_QUERY   /* literal text of a query: see section 2 */
};
int url_encode(struct dsr_buffer *out, const char *s, enum encoding how,
    struct dsr_error *err);

/* Hosts that a URL may name: patterns, expanded; ends with NULL. */
enum link_verdict {
	LINK_GOOD,
	LINK_FOREIGN, /* not https, another host or port, a user, no URL */
	LINK_FAILED   /* of memory */
};
/*
 * Judges an address that a service gave. A relative one is resolved against
 * base; a whole one is kept byte for byte (but for a fragment). The address to
 * ask goes to out.
 */
enum link_verdict link_judge(struct dsr_buffer *out, const char *link,
    const char *base, const char *const *hosts, struct dsr_error *err);
/* Have two https URLs the same host (and port 443)? */
bool url_same_origin(const char *a, const char *b);
/* The host of an https URL, in lower case; false when there is none. */
bool url_host(char *out, size_t size, const char *url);

/*
 * The recorded form: scheme, host, path, and the names of the query; values
 * only of the parameters whose names are in shown (ends with NULL), else
 * REDACTED. What is no URL becomes "REDACTED".
 */
int url_record(struct dsr_buffer *out, const char *url,
    const char *const *shown, struct dsr_error *err);

#endif
