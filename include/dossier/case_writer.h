/* SPDX-License-Identifier: ISC */
/*
 * Writing a case: what the collector does and nobody else.
 *
 * Everything happens in transactions: what is added between dsr_case_begin and
 * dsr_case_commit is there wholly or not at all after a crash. An answer, its
 * documents, the requests that follow from it and the state of its request are
 * added in one transaction, so that no answered request is asked again and
 * none is forgotten.
 */
#ifndef DOSSIER_CASE_WRITER_H
#define DOSSIER_CASE_WRITER_H

#include "dossier/buffer.h"
#include "dossier/case_store.h"
#include "dossier/clock.h"
#include "dossier/digest.h"
#include "dossier/limits.h"

/*
 * Opens the case in the folder path for writing; makes folder and case when
 * they are not there (an empty folder is taken too). Holds an exclusive lock.
 * Errors as dsr_case_open; DSR_EINPUT also when the folder holds other things.
 */
int dsr_case_create(struct dsr_case **out, const char *path,
    struct dsr_error *err);

int dsr_case_begin(struct dsr_case *c, struct dsr_error *err);
int dsr_case_commit(struct dsr_case *c, struct dsr_error *err);
/*
 * Numbers everything, waits until it is on the disk, and empties the
 * write-ahead log, so that links that were followed are gone. (A commit alone
 * does not wait for the disk: what a power failure takes back is asked again.)
 */
int dsr_case_settle(struct dsr_case *c, struct dsr_error *err);

/* One line of custody; the time is now, the software is this one. */
int dsr_case_custody_add(struct dsr_case *c, const char *act,
    struct dsr_error *err);
/*
 * The same with the person (or NULL) and the account who did it. It is one
 * line a day for what one account does in a row.
 */
int dsr_case_custody_add_by(struct dsr_case *c, const char *act,
    const char *by, const char *account, struct dsr_error *err);

/* ---- connectors, what the operator gave, endpoints ---------------------- */

/* 1 and its id and digest when the case has a connector of this key, else 0 */
int dsr_case_connector_find(struct dsr_case *c, const char *key, int64_t *id,
    char sha256[DSR_SHA256_HEX], struct dsr_error *err);
int dsr_case_connector_add(struct dsr_case *c,
    const struct dsr_connector_use *use, const void *bytes, size_t len,
    int64_t *id, struct dsr_error *err);

enum dsr_setting { DSR_SETTING_PARAM, DSR_SETTING_IDENTITY };
/* Values of one name keep the order in which they were added. */
int dsr_case_setting_add(struct dsr_case *c, int64_t connector,
    enum dsr_setting kind, const char *name, const char *value,
    struct dsr_error *err);
typedef int dsr_case_setting_fn(void *ctx, enum dsr_setting kind,
    const char *name, const char *value, struct dsr_error *err);
int dsr_case_settings(struct dsr_case *c, int64_t connector,
    dsr_case_setting_fn *fn, void *ctx, struct dsr_error *err);

/*
 * The id of an endpoint, which is made when it is new. position counts from 0
 * in the order of the connector; template is the path as declared.
 */
int dsr_case_endpoint_add(struct dsr_case *c, int64_t connector,
    uint64_t position, const char *name, const char *category,
    const char *template, int64_t *id, struct dsr_error *err);

/* ---- the plan ------------------------------------------------------------ */

enum dsr_task_state {
	DSR_TASK_PENDING, /* to be asked */
	DSR_TASK_DONE,    /* answered, whatever the answer was */
	DSR_TASK_FAILED   /* no answer yet: a later run asks again */
};

/* Where something stands in the plan. */
struct dsr_place {
	int64_t endpoint;
	int64_t task;  /* 0: no request was planned */
	uint64_t page; /* from 0 */
	uint64_t item; /* of the page, from 0 */
	uint64_t part; /* 0 the item or page itself, from 1 its downloads */
};

struct dsr_task {
	int64_t id;
	int64_t endpoint;
	int64_t parent;         /* task whose answer named it, or 0 */
	uint64_t page, item;    /* of the parent's answer */
	uint64_t turn;          /* which combination of values, from 0 */
	const char *params;     /* values of placeholders: JSON object */
	const uint8_t *once;    /* DSR_SHA256_BYTES: what must not be asked
	                         * twice; only for adding */
	uint64_t next_page;     /* pages obtained so far */
	const char *next;       /* how to ask for the next one, or NULL */
	bool downloads;         /* only for what is missing of that page */
};

/*
 * Plans a request; id and state are set by the case. When the endpoint has one
 * with the same digest already, only the further place is noted. 1 when it is
 * new, 0 when it was there, -1.
 */
int dsr_case_task_add(struct dsr_case *c, const struct dsr_task *task,
    struct dsr_error *err);
/*
 * The pending requests of an endpoint with ids above after, in ascending
 * order, at most limit. Strings live for the call of fn.
 */
typedef int dsr_case_task_fn(void *ctx, const struct dsr_task *task,
    struct dsr_error *err);
int dsr_case_tasks(struct dsr_case *c, int64_t endpoint, int64_t after,
    size_t limit, dsr_case_task_fn *fn, void *ctx, struct dsr_error *err);
int dsr_case_task_update(struct dsr_case *c, int64_t task,
    enum dsr_task_state state, uint64_t next_page, const char *next,
    struct dsr_error *err);
/*
 * Where the answer to a request is asked for that comes later, in a text of
 * the caller's, until the end of it (NULL); "" when it is begun anew. A run that
 * was killed has asked the service to begin: the next one asks how it stands.
 */
int dsr_case_operation_set(struct dsr_case *c, int64_t task, const char *text,
    struct dsr_error *err);
/* Appends the text: 1, 0 when there is none, -1. */
int dsr_case_operation(struct dsr_case *c, int64_t task,
    struct dsr_buffer *text, struct dsr_error *err);
/* Is there any in the case? 1, 0, -1. */
int dsr_case_operations(struct dsr_case *c, struct dsr_error *err);

/*
 * A new run: failed requests are pending again, and their gaps are taken
 * back, as are those that only follow from others. Gaps of downloads stay.
 */
int dsr_case_reopen(struct dsr_case *c, int64_t connector,
    struct dsr_error *err);

/*
 * Marks of pages that were seen (a digest of a link, a cursor, a first id):
 * 1 when this one was there already, else 0, and it is now.
 */
int dsr_case_mark(struct dsr_case *c, int64_t task,
    const uint8_t mark[DSR_SHA256_BYTES], struct dsr_error *err);

/* Values of a field of the items of an endpoint, for subject_match. */
int dsr_case_value_add(struct dsr_case *c, int64_t endpoint,
    const char *field, const char *value, struct dsr_error *err);
int dsr_case_value_exists(struct dsr_case *c, int64_t endpoint,
    const char *field, const char *value, struct dsr_error *err);

/* Requests of one endpoint that are planned and not asked yet. */
int dsr_case_pending_of(struct dsr_case *c, int64_t endpoint,
    uint64_t *count, struct dsr_error *err);

/* ---- what came back ------------------------------------------------------ */

/* Number, connector, endpoint and template of the record are not used. */
int dsr_case_exchange_add(struct dsr_case *c, const struct dsr_place *place,
    const struct dsr_exchange *record, int64_t *id, struct dsr_error *err);

/* Leaves endpoint, template, status and time of those at a place. */
int dsr_case_exchanges_strip(struct dsr_case *c,
    const struct dsr_place *place, struct dsr_error *err);

/*
 * A body that does not fit in a row: written under a temporary name in blobs/,
 * flushed and named when its document is added.
 */
struct dsr_blob;
int dsr_blob_new(struct dsr_blob **out, struct dsr_case *c,
    struct dsr_error *err);
int dsr_blob_write(struct dsr_blob *b, const void *data, size_t len,
    struct dsr_error *err);
/* The number that it has until it has a name. */
uint64_t dsr_blob_file(const struct dsr_blob *b);
/* Takes up what an earlier run left under this number: 1, 0 when there is no
 * such file or this run is writing it, -1. */
int dsr_blob_resume(struct dsr_blob **out, struct dsr_case *c, uint64_t file,
    struct dsr_error *err);
/* Leaves it its first bytes; what is written next follows them. */
int dsr_blob_cut(struct dsr_blob *b, uint64_t len, struct dsr_error *err);
/* A later run may take it up: dsr_blob_free does not remove it. */
void dsr_blob_leave(struct dsr_blob *b);
/* Reads back at most size bytes, as many as there are; *got of them. */
int dsr_blob_read(const struct dsr_blob *b, uint64_t offset, void *out,
    size_t size, size_t *got, struct dsr_error *err);
void dsr_blob_free(struct dsr_blob *b); /* removes it unless it was added */

/*
 * How far the blob of a document to be has come, so that the next run goes on
 * where this one was killed. Whatever happened to the file meanwhile: it is
 * gone on with when its first bytes have this digest. No part of it is in an
 * archive.
 */
struct dsr_piece {
	uint64_t file;     /* dsr_blob_file */
	uint64_t size;     /* bytes that sha256 is of */
	uint64_t whole;    /* that the body has, as the service said; DSR_NONE */
	char sha256[DSR_SHA256_HEX];
	char from[DSR_SHA256_HEX]; /* tells where it came from */
	char ended[DSR_TIME_SIZE]; /* when it had come so far */
	char md5[DSR_MAX_CONTENT_MD5]; /* Content-MD5 of the whole body, or "" */
	char tag[DSR_MAX_ENTITY_TAG]; /* its entity tag */
};
/* Sets it, or (NULL) takes it back: the file is the caller's again. */
int dsr_case_piece_set(struct dsr_case *c, const struct dsr_place *place,
    const struct dsr_piece *piece, struct dsr_error *err);
/* 1, 0 when there is none, -1. What it says is no more than that. */
int dsr_case_piece(struct dsr_case *c, const struct dsr_place *place,
    struct dsr_piece *out, struct dsr_error *err);
/* Is there any in the case? 1, 0, -1. */
int dsr_case_pieces(struct dsr_case *c, struct dsr_error *err);
/* Nobody will ask for them any more: takes all back, and removes their files. */
int dsr_case_pieces_forget(struct dsr_case *c, struct dsr_error *err);

/*
 * Adds a document. exchange is the id that dsr_case_exchange_add gave; path,
 * salt, connector, endpoint, category and exchange of the record are not
 * used; sha256 and size must be those of the body: record->size bytes at body,
 * or a blob (then body is NULL).
 */
int dsr_case_document_add(struct dsr_case *c, const struct dsr_place *place,
    int64_t exchange, const struct dsr_document *record,
    const char *extension, const void *body, struct dsr_blob *blob,
    struct dsr_error *err);

/*
 * Documents that were added by hand. Their connector is DSR_MANUAL, which has
 * no description; an endpoint is a category that somebody named. Finds the
 * endpoint or makes it, and sets *place behind all that it holds; further
 * documents and gaps follow with place->item one more each.
 * DSR_ELIMIT  more than DSR_MAX_CATEGORIES of them
 */
int dsr_case_manual_place(struct dsr_case *c, const char *endpoint,
    const char *category, struct dsr_place *place, struct dsr_error *err);

/* exchange: an id, or 0; connector, endpoint and exchange of the record are
 * not used. again: a later run may obtain it; next, for a download: how its
 * page was asked for, or NULL. */
int dsr_case_gap_add(struct dsr_case *c, const struct dsr_place *place,
    int64_t exchange, const struct dsr_gap *record, bool again,
    const char *next, struct dsr_error *err);

/*
 * Downloads that an earlier run did not obtain, and this one may: their pages,
 * as requests (next_page and next are the page), each once, behind the one
 * given, in ascending order, at most limit. Their gaps stand until they are
 * ended or left.
 */
int dsr_case_missing(struct dsr_case *c, int64_t endpoint, int64_t after_task,
    uint64_t after_page, size_t limit, dsr_case_task_fn *fn, void *ctx,
    struct dsr_error *err);
/* How many such pages there are in the whole case. */
int dsr_case_missing_count(struct dsr_case *c, uint64_t *pages,
    struct dsr_error *err);
/* Is the download at this place, of this name, one of them? 1, 0, -1. */
int dsr_case_missing_find(struct dsr_case *c, const struct dsr_place *place,
    const char *name, struct dsr_error *err);
/* It came, or has a new gap: takes the old one back. */
int dsr_case_missing_end(struct dsr_case *c, const struct dsr_place *place,
    struct dsr_error *err);
/* Leaves what is still missing of a page to a later run. */
int dsr_case_missing_leave(struct dsr_case *c, const struct dsr_place *place,
    struct dsr_error *err);

/* Takes back the gaps of an endpoint that have the name of this one. */
int dsr_case_gap_withdraw(struct dsr_case *c, int64_t endpoint,
    const struct dsr_gap *record, struct dsr_error *err);

/* Adds to the counts of an endpoint. */
int dsr_case_count(struct dsr_case *c, int64_t endpoint, uint64_t ignored,
    uint64_t left_out, struct dsr_error *err);
/* Has the endpoint a gap? 1, 0 or -1. */
int dsr_case_has_gap(struct dsr_case *c, int64_t endpoint,
    struct dsr_error *err);

/*
 * r of docs/FORMAT.md 4.2: HMAC-SHA-256(case secret, "dossier/1 original\n" and
 * the SHA-256 of the document as it is kept, in hexadecimal); then the digest
 * of r and the body before redaction, in hexadecimal.
 */
void dsr_case_original(const struct dsr_case *c, char out[DSR_SHA256_HEX],
    const char *sha256, const void *body, size_t len);

#endif
