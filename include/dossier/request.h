/* SPDX-License-Identifier: ISC */
/*
 * request.json: the data-subject request itself. Written by people of the
 * controller, kept byte for byte in the archive, shown on the page.
 * Source: docs/FORMAT.md 4.6 and docs/schemas/request.schema.json.
 */
#ifndef DOSSIER_REQUEST_H
#define DOSSIER_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "dossier/buffer.h"
#include "dossier/error.h"

#define DSR_REQUEST_FORMAT_1 "dossier-request/1"

/*
 * Every field: name here, section (NULL: the object itself), key, kind, must
 * it be there. Kinds:
 *
 *   FORMAT     exactly DSR_REQUEST_FORMAT_1
 *   ID         dsr_identifier_is_safe: a pseudonym, it stands in the seal
 *   DATE       2026-01-31
 *   ARTICLES   list of articles of the GDPR: "15" … "22"
 *   LANGUAGES  list of "en", "nl" …
 *   TEXT       text, or an object of texts by language
 *   TEXTS      TEXT, a list of TEXT, or an object of lists by language
 *   HOLDS      TEXT, or a list of objects: see dsr_request_hold; with such a
 *              list the field has no texts
 */
/* clang-format off */
#define DSR_REQUEST_FIELDS(X)                                                 \
	X(DSR_REQUEST_FORMAT,      NULL, "format",       FORMAT,    true)     \
	X(DSR_REQUEST_ID,          NULL, "request",      ID,        true)     \
	X(DSR_REQUEST_ARTICLES,    NULL, "articles",     ARTICLES,  true)     \
	X(DSR_REQUEST_LEGAL_BASIS, NULL, "legal_basis",  TEXT,      false)    \
	X(DSR_REQUEST_RECEIVED,    NULL, "received",     DATE,      true)     \
	X(DSR_REQUEST_DUE,         NULL, "due",          DATE,      false)    \
	X(DSR_REQUEST_LANGUAGES,   NULL, "languages",    LANGUAGES, false)    \
	X(DSR_REQUEST_LEGAL_HOLD,  NULL, "legal_hold",   HOLDS,     false)    \
	X(DSR_REQUEST_RETAIN_UNTIL, NULL, "retain_until", DATE,     false)    \
	X(DSR_REQUEST_SUBJECT_NAME, "data_subject", "name", TEXT,   false)    \
	X(DSR_REQUEST_SUBJECT_CONTACT, "data_subject", "contact", TEXT, false) \
	X(DSR_REQUEST_CONTROLLER_NAME, "controller", "name", TEXT,  true)     \
	X(DSR_REQUEST_CONTROLLER_ADDRESS, "controller", "address", TEXT, false) \
	X(DSR_REQUEST_CONTROLLER_CONTACT, "controller", "contact", TEXT, false) \
	X(DSR_REQUEST_OFFICER_NAME, "data_protection_officer", "name", TEXT, false) \
	X(DSR_REQUEST_OFFICER_CONTACT, "data_protection_officer", "contact", TEXT, false) \
	X(DSR_REQUEST_AUTHORITY_NAME, "supervisory_authority", "name", TEXT, false) \
	X(DSR_REQUEST_AUTHORITY_CONTACT, "supervisory_authority", "contact", TEXT, false) \
	X(DSR_REQUEST_PURPOSES,    "processing", "purposes",   TEXTS, false)  \
	X(DSR_REQUEST_CATEGORIES,  "processing", "categories", TEXTS, false)  \
	X(DSR_REQUEST_RECIPIENTS,  "processing", "recipients", TEXTS, false)  \
	X(DSR_REQUEST_RETENTION,   "processing", "retention",  TEXTS, false)  \
	X(DSR_REQUEST_RIGHTS,      "processing", "rights",     TEXTS, false)  \
	X(DSR_REQUEST_SOURCE,      "processing", "source",     TEXTS, false)  \
	X(DSR_REQUEST_AUTOMATED,   "processing", "automated_decisions", TEXTS, false) \
	X(DSR_REQUEST_TRANSFERS,   "processing", "transfers",  TEXTS, false)

enum dsr_request_field {
#define X(id, section, key, kind, required) id,
	DSR_REQUEST_FIELDS(X)
#undef X
	DSR_REQUEST_FIELD_COUNT
};
/* clang-format on */

struct dsr_request; /* opaque */

/* Told of every mistake; line and column count from 1. */
typedef void dsr_request_mistake_fn(void *ctx, size_t line, size_t column,
    const char *message);

/*
 * Parses a request; text is copied. Every mistake is told to the listener
 * (which may be NULL), not only the first. *out is NULL on failure.
 *
 * DSR_EINPUT  it is not such a request; the message is the first mistake
 * DSR_ELIMIT  longer than DSR_MAX_REQUEST
 * DSR_ENOMEM
 */
int dsr_request_parse(struct dsr_request **out, const void *text, size_t len,
    dsr_request_mistake_fn *listener, void *ctx, struct dsr_error *err);
/*
 * The same for who writes a request: languages that there is no page in are
 * mistakes, too, and a key that is there twice does not hide the others.
 */
int dsr_request_check(struct dsr_request **out, const void *text, size_t len,
    dsr_request_mistake_fn *listener, void *ctx, struct dsr_error *err);
void dsr_request_free(struct dsr_request *r);

/*
 * Texts of a field: 0 when it is missing or null. Here and below they are
 * those in the language (which may be NULL), else in English, else in the
 * first one that there is.
 */
size_t dsr_request_count(const struct dsr_request *r,
    enum dsr_request_field field, const char *language);
/* Text i of a field; lives as long as r; NULL when there is none. */
const char *dsr_request_item(const struct dsr_request *r,
    enum dsr_request_field field, size_t i, const char *language);
/* The first text of a field, or NULL. */
const char *dsr_request_text(const struct dsr_request *r,
    enum dsr_request_field field, const char *language);

/* ---- what must be kept: legal_hold, retain_until ----------------------------- */

/* What one entry of legal_hold forbids to erase. */
struct dsr_request_hold {
	const char *connector; /* NULL: everything */
	const char *endpoint;  /* NULL: all of the connector */
	size_t item_count;     /* 0: all of the endpoint */
	const char *until;     /* date, the last day; NULL: without an end */
	const char *reason;    /* as dsr_request_text chooses it */
};

/* Entries of legal_hold; a text alone is one, over everything. */
size_t dsr_request_hold_count(const struct dsr_request *r);
/* Entry i < dsr_request_hold_count(r); what it points to lives as long as r. */
void dsr_request_hold(const struct dsr_request *r, size_t i,
    const char *language, struct dsr_request_hold *out);
/* Item k < item_count of entry i. */
const char *dsr_request_hold_item(const struct dsr_request *r, size_t i,
    size_t k);
/*
 * Which entry, from 1, forbids to erase an item (NULL: it has no id; then only
 * entries without items count) on a day (2026-01-31); the first; 0: none.
 */
size_t dsr_request_held_by(const struct dsr_request *r,
    const char *connector, const char *endpoint, const char *item,
    const char *day);
/* Is everything kept until a day that is not over on this one? */
bool dsr_request_is_retained(const struct dsr_request *r, const char *day);

/* A whole request.json of example values that explain themselves. */
extern const char *const dsr_request_template;
/*
 * Which fields have a text that is still the example's, and how many: the
 * person would get it. DSR_ENOMEM
 */
int dsr_request_examples(const struct dsr_request *r,
    bool left[DSR_REQUEST_FIELD_COUNT], size_t *count, struct dsr_error *err);

#endif
