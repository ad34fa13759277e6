/* SPDX-License-Identifier: ISC */
/*
 * The case: a folder with everything collected for one request.
 *
 *     CASE/case.db      SQLite: plan, exchanges, documents, gaps
 *     CASE/blobs/N      bodies of more than DSR_MAX_BODY_INLINE bytes
 *     CASE/blobs/.N     the same, not whole yet: no document, in no archive
 *
 * This header is what every program may do with a case: open and read it.
 * What the collector writes stands in dossier/case_writer.h.
 *
 * Numbers. Documents and exchanges are numbered in the order of the plan:
 * connectors as they were added, endpoints as the connector lists them, then
 * the order in which the parents' answers name their children, pages, items.
 * Never the order of arrival: a collection that was killed and resumed gets
 * the same numbers as one that ran through. They are worked out when the
 * first cursor asks for them, and kept until something is added.
 */
#ifndef DOSSIER_CASE_STORE_H
#define DOSSIER_CASE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "dossier/error.h"
#include "dossier/name.h"
#include "dossier/records.h"

#define DSR_CASE_SECRET_BYTES 32

struct dsr_case; /* opaque: core/case_*.c alone see inside */

/*
 * Is there a folder at path with a case.db that bears our application id? 1 or
 * 0; -1 where that cannot be told: what is no case would be packed as files.
 */
int dsr_case_exists(const char *path, struct dsr_error *err);

/*
 * Opens the case in the folder path for reading, and for drawing once what is
 * kept (packing time, numbers). Holds a shared lock while open.
 *
 * DSR_EIO       path or its case.db is not there or cannot be read
 * DSR_EINPUT    not a case, or damaged
 * DSR_EVERSION  a case of a later version
 * DSR_EFAILED   a collector works on it at this moment
 */
int dsr_case_open(struct dsr_case **out, const char *path,
    struct dsr_error *err);
void dsr_case_free(struct dsr_case *c);

/* UUID of the archive to be; lives as long as c. */
const char *dsr_case_uuid(const struct dsr_case *c);
/* The DSR_CASE_SECRET_BYTES from which salts follow; lives as long as c. */
const uint8_t *dsr_case_secret(const struct dsr_case *c);
/* When the case was begun (RFC 3339); lives as long as c. */
const char *dsr_case_created(const struct dsr_case *c);
/*
 * The packing time: the one that was kept, else dsr_clock_packing's, which is
 * kept from now on. (With SOURCE_DATE_EPOCH set, that one; it is not kept.)
 */
int dsr_case_packing_time(struct dsr_case *c, struct timespec *when,
    struct dsr_error *err);

/*
 * Totals of documents, their bytes, exchanges and gaps. Requests that are
 * planned and were not asked yet (an interrupted collection) are gaps with the
 * reason "not-asked".
 */
int dsr_case_counts(struct dsr_case *c, struct dsr_counts *counts,
    struct dsr_error *err);
/* Requests that are planned and not asked yet. */
int dsr_case_pending(struct dsr_case *c, uint64_t *count,
    struct dsr_error *err);

/*
 * Cursors. Each _next gives 1 with the record filled, 0 at the end, -1 on
 * failure. What a record points to lives until the next call with the same
 * cursor. Several cursors may be open at once; a case and its cursors belong
 * to one thread. Memory does not grow with the number of records.
 */

/* Documents in payload order: connector, endpoint, number. */
struct dsr_case_documents;
struct dsr_case_document {
	/* all but salt, which is NULL; path is set */
	struct dsr_document record;
	uint64_t number;            /* the nine digits of the path */
	const char *extension;      /* of the path, without the dot */
	const void *body;           /* record.size bytes, or NULL: see blob */
	/*
	 * The body is a file: open for reading, at its start. -1 when body is
	 * set. It is closed by the next call with the cursor, unless the
	 * caller takes it and leaves -1 here.
	 */
	int blob;
};
int dsr_case_documents_new(struct dsr_case_documents **out,
    struct dsr_case *c, struct dsr_error *err);
int dsr_case_documents_next(struct dsr_case_documents *d,
    struct dsr_case_document *doc, struct dsr_error *err);
void dsr_case_documents_free(struct dsr_case_documents *d);

/* Exchanges by number, from 1. */
struct dsr_case_exchanges;
int dsr_case_exchanges_new(struct dsr_case_exchanges **out,
    struct dsr_case *c, struct dsr_error *err);
int dsr_case_exchanges_next(struct dsr_case_exchanges *e,
    struct dsr_exchange *record, struct dsr_error *err);
void dsr_case_exchanges_free(struct dsr_case_exchanges *e);

/* Gaps in the order of the plan; what was not asked yet stands last. */
struct dsr_case_gaps;
int dsr_case_gaps_new(struct dsr_case_gaps **out, struct dsr_case *c,
    struct dsr_error *err);
int dsr_case_gaps_next(struct dsr_case_gaps *g, struct dsr_gap *record,
    struct dsr_error *err);
void dsr_case_gaps_free(struct dsr_case_gaps *g);

/* Counts of every endpoint, in the one order of connector/endpoint. */
struct dsr_case_endpoints;
int dsr_case_endpoints_new(struct dsr_case_endpoints **out,
    struct dsr_case *c, struct dsr_error *err);
int dsr_case_endpoints_next(struct dsr_case_endpoints *e,
    struct dsr_endpoint_counts *record, struct dsr_error *err);
void dsr_case_endpoints_free(struct dsr_case_endpoints *e);

/* Connectors in the one order of their keys. */
struct dsr_case_connectors;
struct dsr_case_connector {
	struct dsr_connector_use record;
	const void *bytes; /* exactly as used */
	size_t len;
};
int dsr_case_connectors_new(struct dsr_case_connectors **out,
    struct dsr_case *c, struct dsr_error *err);
int dsr_case_connectors_next(struct dsr_case_connectors *k,
    struct dsr_case_connector *connector, struct dsr_error *err);
void dsr_case_connectors_free(struct dsr_case_connectors *k);

/* What was done to the case so far, oldest first: statement.custody. */
struct dsr_case_custody;
int dsr_case_custody_new(struct dsr_case_custody **out, struct dsr_case *c,
    struct dsr_error *err);
int dsr_case_custody_next(struct dsr_case_custody *k,
    struct dsr_custody *record, struct dsr_error *err);
void dsr_case_custody_free(struct dsr_case_custody *k);

#endif
