/* SPDX-License-Identifier: ISC */
/*
 * A connector: how to ask a service for what it holds. The language is
 * docs/CONNECTORS.md, part 2; sections below are those of it.
 *
 * Everything lives in the arena of the connector and is constant once read;
 * "at" is where a thing stands in the file, for messages.
 */
#ifndef COLLECTOR_CONNECTOR_H
#define COLLECTOR_CONNECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "dossier/buffer.h"
#include "dossier/digest.h"
#include "dossier/error.h"
#include "dossier/json.h"
#include "dossier/record.h"

#define MAX_ENDPOINTS 512u   /* section 1 */
#define MAX_ENTRIES   64u    /* of every other array */
#define MAX_TEMPLATE  4096u  /* bytes */
#define MAX_PATH_KEYS 32u
#define NO_ENDPOINT   SIZE_MAX

/* A path in a JSON body; text is it in one piece, for records. */
struct path {
	const char *const *keys;
	size_t count;
	const char *text;
};

enum part_kind {
	PART_TEXT,    /* as it stands */
	PART_VALUE,   /* {name} */
	PART_WITH_SLASHES /* {+name} */
};

struct part {
	enum part_kind kind;
	const char *text; /* the text, or the name of the placeholder */
};

struct template {
	const struct dsr_json_value *at;
	const char *text;
	const struct part *parts;
	size_t count;
};

/* connector_params and identities: section 3.2 */
struct parameter {
	const struct dsr_json_value *at;
	const char *name;
	const struct dsr_json_value *description;
	const bool *required;
	const struct template *preset; /* "default" */
	const char *pattern;
};

/* query_params and headers */
struct pair {
	const struct dsr_json_value *at;
	const char *name;
	const struct template *value;
};

struct auth_header {
	const struct dsr_json_value *at;
	const char *name;
	const char *prefix;
};

enum auth_strategy { AUTH_NONE, AUTH_BEARER, AUTH_BASIC, AUTH_HEADER };

struct authentication {
	const struct dsr_json_value *at;
	int strategy; /* enum auth_strategy */
	const char *credential;
	const char *audience;
	struct dsr_list headers; /* struct auth_header */
	struct dsr_list hosts;   /* const struct template *; none: all */
};

struct reference {
	const struct dsr_json_value *at;
	const char *endpoint;
	const struct path *each; /* things in an item; NULL: the item */
	const struct path *field;
	size_t index; /* of the endpoint, NO_ENDPOINT until it is found */
};

/* section 5.1; rules of subject_match use path, identity, connector_param,
 * references and or_absent */
struct param_value {
	const struct dsr_json_value *at;
	const char *name;
	const struct path *path;
	struct dsr_list references; /* struct reference: one */
	const char *identity;
	const char *connector_param;
	struct dsr_list values; /* const char * */
	const char *credential;
	bool optional;
	bool or_absent; /* an item that names nobody is kept */
};

struct redaction_rule {
	const struct dsr_json_value *at;
	const struct path *path;
	const char *reason;
};

enum paging { PAGING_NONE, PAGING_LINK, PAGING_CURSOR, PAGING_OFFSET,
	PAGING_PAGE_NUMBER, PAGING_KEYSET };
enum paging_source { SOURCE_BODY, SOURCE_HEADER };
enum inject { INJECT_QUERY, INJECT_HEADER, INJECT_BODY, INJECT_PATH };

/* section 8.1; numbers are UINT64_MAX where nothing is given */
struct pagination {
	const struct dsr_json_value *at;
	int strategy; /* enum paging */
	int source;   /* enum paging_source */
	const struct path *path; /* link, cursor; keyset: field */
	const char *rel;
	const char *header;
	int inject_into; /* enum inject */
	const char *param; /* query parameter, header or member */
	const struct template *next_path;
	const struct path *has_more_path;
	const struct path *total_path; /* items, or pages by page_number */
	const struct path *count_path; /* items of the page */
	const char *limit_param;
	uint64_t limit;
	uint64_t start; /* first offset or page */
	uint64_t maximum_page;
	const bool *stop_after_empty_page;
};

enum async_protocol { ASYNC_AUTO, ASYNC_AZURE, ASYNC_OPERATION,
	ASYNC_LOCATION, ASYNC_BODY };
#define OPERATION_NAME "operation" /* {operation} of status_request */

struct request;

/* section 8.4 */
struct async {
	const struct dsr_json_value *at;
	int protocol; /* enum async_protocol */
	const struct path *url_path;  /* body: to the address ... */
	const struct path *id_path;   /* ... or to what names the operation */
	const struct request *status_request; /* where that is asked about */
	const struct path *status_path;
	struct dsr_list succeeded; /* const char * */
	struct dsr_list failed;    /* const char * */
	uint64_t interval_s;
	uint64_t timeout_s;
};

/* section 8.2 */
struct error_handler {
	const struct dsr_json_value *at;
	struct dsr_list retry; /* uint64_t */
	uint64_t max_retries;
	uint64_t backoff_base_s;
	uint64_t backoff_cap_s;
	uint64_t retry_after_cap_s;
};

/* section 8.3 */
struct rate_limit {
	const struct dsr_json_value *at;
	uint64_t requests; /* UINT64_MAX: no limit */
	uint64_t period_s;
	const char *remaining_header;
	const char *reset_header;
};

/* read, content, delete: sections 5 to 7 */
struct request {
	const struct dsr_json_value *at;
	const char *method;
	const struct template *host;
	const struct template *path;
	struct dsr_list query_params; /* struct pair */
	struct dsr_list headers;      /* struct pair */
	const struct dsr_json_value *body;
	struct dsr_list param_values; /* struct param_value */
	bool bytes;                   /* format */
	const struct path *data_path;
	const struct path *primary_key;
	const struct pagination *pagination;
	const struct dsr_list *success_codes; /* uint64_t; NULL: default */
	const struct path *success_path;
	const struct dsr_json_value *success_value;
	const struct dsr_list *ignore_errors;  /* uint64_t */
	const struct dsr_list *accepted_codes; /* uint64_t */
	const struct async *async;
	const struct path *url_path; /* content */
	struct dsr_list url_parts;   /* content: const struct path * */
	bool with_credential;        /* content: authentication */
	const bool *required;        /* content */
	const struct dsr_json_value *warning; /* delete */
	const struct dsr_json_value *soft;    /* delete: kept for a while */
	struct dsr_list unstable; /* delete, "volatile": const struct path * */
};

/* by_hand: section 7.1 */
struct by_hand {
	const struct dsr_json_value *at;
	const struct dsr_json_value *step;
	const struct path *path;
	const char *value;
	bool expires; /* nobody needs to: the service deletes it, in time */
};

struct requests {
	const struct dsr_json_value *at;
	const struct request *read;
	const struct request *content;
	const struct request *erase; /* "delete" */
};

struct endpoint {
	const struct dsr_json_value *at;
	const char *name;
	const struct dsr_json_value *description;
	const char *category;
	struct requests requests;
	struct dsr_list subject_match; /* struct param_value */
	struct dsr_list redact;        /* struct redaction_rule */
	struct dsr_list after;         /* const char * */
	struct dsr_list erase_after;   /* const char * */
	const char *erased_with;
	struct dsr_list by_hand;       /* struct by_hand */
	/* what follows from the whole, by the checks: */
	size_t parent; /* endpoint whose items its requests are made of */
	struct dsr_list dimensions; /* struct param_value: of the requests of
	                             * read, implied identities included */
};

struct connector_meta {
	const struct dsr_json_value *at;
	const char *key;
	const char *name;
	const char *version;
	const struct dsr_json_value *description;
	const char *source;
};

struct defaults {
	const struct dsr_json_value *at;
	const struct template *api_version;
	struct dsr_list headers; /* struct pair */
	const struct error_handler *error_handler;
	const struct rate_limit *rate_limit;
	const struct pagination *pagination;
};

struct connector {
	struct dsr_arena *arena;
	struct dsr_buffer text; /* the bytes exactly as used */
	struct dsr_json *json;
	char sha256[DSR_SHA256_HEX];
	struct connector_meta meta;
	struct dsr_list params;        /* struct parameter */
	struct dsr_list identities;    /* struct parameter */
	struct dsr_list hosts;         /* const struct template * */
	struct dsr_list content_hosts; /* const struct template * */
	struct dsr_list authentication; /* struct authentication */
	struct defaults defaults;
	struct dsr_list endpoints;     /* struct endpoint */
};

/* ---- complaints about a file --------------------------------------------- */

struct complaint {
	size_t line, column;
	bool warning;
	char *text;
};

struct complaints {
	struct complaint *items;
	size_t count;
	size_t errors; /* those that are no warnings */
	bool failed;   /* out of memory */
};

void complaints_fini(struct complaints *c);
/* Sorts by line and column. */
void complaints_sort(struct complaints *c);

/* ---- reading ------------------------------------------------------------- */

/*
 * Reads the connector in text (moved in). Everything that is wrong with it goes
 * into complaints; *out is set when there was no error.
 * DSR_EINPUT  there was one; the message is the first, with file name, line
 *             and column
 * DSR_ENOMEM
 */
int connector_read(struct connector **out, const char *file,
    struct dsr_buffer *text, struct complaints *complaints,
    struct dsr_error *err);
/*
 * Finds it by --connector's word (a file when it holds '/' or ends in .json,
 * else one that ships) and reads it.
 */
int connector_load(struct connector **out, const char *word,
    struct complaints *complaints, struct dsr_error *err);
void connector_free(struct connector *k);

/* Names of those that ship, sorted; NULL when there are none. */
char **connector_names(size_t *count);
void connector_names_free(char **names, size_t count);
/*
 * The text of the one that --connector's word means, and where it lies.
 * DSR_EINPUT  there is none: what may have been meant
 * DSR_EIO     the file cannot be read
 */
int connector_open(const char *word, char *path, size_t size,
    struct dsr_buffer *text, struct dsr_error *err);
/* What a person reads of it (connector show), on stdout. */
void connector_show(const struct connector *k);

/* The English one of a text of the connector. */
const char *connector_text(const struct dsr_json_value *text);
/* The one in the operator's language, else the English one. */
const char *connector_local_text(const struct dsr_json_value *text);
/* Endpoint by name; NO_ENDPOINT. */
size_t connector_find(const struct connector *k, const char *name);
const struct endpoint *connector_endpoint(const struct connector *k,
    size_t index);
const struct parameter *parameter_find(const struct dsr_list *list,
    const char *name);
/* Do the requests of an endpoint, or of those above it, bring this value? */
bool endpoint_inherits(const struct connector *k,
    const struct endpoint *endpoint, const char *name);

/* ---- inside the reader --------------------------------------------------- */

struct reading {
	struct connector *k;
	struct complaints *complaints;
	struct dsr_error *err;
	bool failed; /* of memory: err is filled */
};

void complain(struct reading *r, const struct dsr_json_value *at,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void warn(struct reading *r, const struct dsr_json_value *at,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Memory of the connector; NULL after r->failed was set. */
void *reading_alloc(struct reading *r, size_t len);
char *reading_copy(struct reading *r, const char *s, size_t len);

/* Object kinds: connector_kinds.c */
struct kind;
struct key {
	const char *name;
	bool required;
	void (*read)(struct reading *r, const struct key *key,
	    const struct dsr_json_value *v, void *object);
	size_t offset;     /* in the object */
	const void *extra; /* a kind, words, a pattern: as read wants it */
	uint64_t min;
};
struct kind {
	const char *name;
	const struct key *keys;
	size_t count;
	size_t size;                /* of the object */
	void (*start)(void *object); /* defaults; may be NULL */
};
void read_object(struct reading *r, const struct kind *kind,
    const struct dsr_json_value *v, void *object);
extern const struct kind connector_kind;
/* All that concerns more than one place: connector_check.c */
void connector_check(struct reading *r);
/* Templates: template.c */
bool template_parse(struct reading *r, const struct dsr_json_value *v,
    const char *s, size_t len, struct template *out);

#endif
