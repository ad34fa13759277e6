/* SPDX-License-Identifier: ISC */
/*
 * The simulator: a small HTTPS server on loopback that answers like the REST
 * families of Azure Machine Learning (2017-2018), with documents made from a
 * seed. README.md tells what it serves. It shares no code with Dossier, so
 * that one mistake cannot hide the other.
 */
#ifndef SIMULATOR_H
#define SIMULATOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SIM_GUID_CHARS 37           /* 8-4-4-4-12 and the ending 0 */
#define SIM_MAX_SEGMENTS 64         /* of one path */
#define SIM_MAX_ARGUMENTS 4         /* free placeholders of one route */
#define SIM_MAX_URI 8192            /* bytes; as Azure's front door */
#define SIM_MAX_SCRIPT_HOSTS 16
#define SIM_MAX_BODY 65536          /* bytes of a request's body kept */
#define SIM_MAX_EDITS 16            /* header changes by faults, a request */

/* ---- text.c: a growing buffer, and JSON and URLs written into it ---- */

struct sim_text {
	char *bytes;                /* ends with 0 when not NULL */
	size_t len;
	size_t room;
};

void sim_text_fini(struct sim_text *text);
void sim_text_add(struct sim_text *text, const void *bytes, size_t len);
void sim_text_puts(struct sim_text *text, const char *s);
void sim_text_printf(struct sim_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Percent-encodes all but unreserved characters (and "/" when kept). */
void sim_text_url(struct sim_text *text, const char *s, bool keep_slash);
/* JSON: a comma is put where one is due; name NULL is an array element. */
void sim_open(struct sim_text *text, const char *name, char bracket);
void sim_close(struct sim_text *text, char bracket);
void sim_string(struct sim_text *text, const char *name, const char *value);
void sim_stringf(struct sim_text *text, const char *name,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
void sim_number(struct sim_text *text, const char *name, uint64_t value);
void sim_literal(struct sim_text *text, const char *name, const char *value);
/* Decodes %xx of n bytes into out (room >= n + 1); -1: bad escape or NUL. */
int sim_percent_decode(char *out, size_t *len, const char *in, size_t n);

/* ---- options.c ---- */

struct sim_options {
	const char *state;
	const char *token_file;
	const char *faults_file;
	const char *script_file;
	const char *location;
	const char *subscription;
	const char *resource_group;
	const char *account;
	const char *workspace;
	const char *project;
	const char *object_id[2];
	unsigned long port;
	unsigned long seed;
	unsigned long runs;
	unsigned long models;
	unsigned long unnamed_every; /* 0: none */
	unsigned long page_size;
	unsigned long latency_ms;
	unsigned long lifetime_s;
	unsigned long polls;
	unsigned long retry_after_s;
	unsigned long threads;
	bool parent;
	bool async_services;
	bool help;
};

/* -1: wrong use, told on stderr. */
int sim_options_read(struct sim_options *options, int argc, char **argv);
void sim_options_help(FILE *out);

/* ---- certificate.c ---- */

/* All PEM, to be freed by the caller; the key of the CA is thrown away. */
struct sim_certificate {
	char *ca;
	char *leaf;
	char *leaf_key;
};

/* hosts: ends with NULL. -1: OpenSSL failed, told on stderr. */
int sim_certificate_make(struct sim_certificate *made,
    const char *const *hosts);
void sim_certificate_fini(struct sim_certificate *made);

/* ---- values.c: all values follow from the seed and an index ---- */

#define SIM_KINDS_LIST(X)                                                   \
	X(SIM_HOSTING, "hosting account")                                   \
	X(SIM_MODEL, "model")                                               \
	X(SIM_MANIFEST, "manifest")                                         \
	X(SIM_SERVICE, "service")                                           \
	X(SIM_IMAGE, "image")                                               \
	X(SIM_COMPUTE, "compute")                                           \
	X(SIM_CLUSTER, "operationalization cluster")                        \
	X(SIM_RUN, "run")                                                   \
	X(SIM_EXPERIMENT, "experiment")                                     \
	X(SIM_METRIC, "run metric")                                         \
	X(SIM_ARTIFACT, "artifact")                                         \
	X(SIM_ASSET, "asset")                                               \
	X(SIM_JOB, "notification job")                                      \
	X(SIM_ACCOUNT, "experimentation account")                           \
	X(SIM_WORKSPACE, "workspace")                                       \
	X(SIM_PROJECT, "project")

enum sim_kind {
#define X(id, noun) id,
	SIM_KINDS_LIST(X)
#undef X
	SIM_KINDS
};

struct sim;

/* A number that looks random, from the seed, a kind, a salt and an index. */
uint64_t sim_mix(const struct sim *sim, enum sim_kind kind, unsigned int salt,
    uint64_t index);
/* A GUID of which the index can be told again by sim_guid_index. */
void sim_guid(const struct sim *sim, enum sim_kind kind, uint64_t index,
    char out[SIM_GUID_CHARS]);
uint64_t sim_guid_index(const struct sim *sim, enum sim_kind kind,
    const char *guid);
/* A GUID of a counter and nothing else, for request ids. */
void sim_guid_plain(uint64_t high, uint64_t low, char out[SIM_GUID_CHARS]);
/* 2018-03-01T10:22:33.1234567+00:00, as .NET writes it. */
void sim_time(struct sim_text *text, const char *name, uint64_t time_s,
    uint64_t fraction);
uint64_t sim_run_start_s(const struct sim *sim, uint64_t index);
const char *sim_pick(const char *const *list, size_t count, uint64_t number);
/* Documents belong in turn to person 0 and person 1. */
unsigned int sim_owner(uint64_t index);
const char *sim_person_name(unsigned int person);
const char *sim_person_mail(unsigned int person);
/* "createdBy": {userObjectId, userName …} */
void sim_created_by(const struct sim *sim, struct sim_text *text,
    unsigned int person);
/* The same of who made it, or nothing: --unnamed-every. */
void sim_author(const struct sim *sim, struct sim_text *text, uint64_t index);
/* An opaque secret, which a test can look for by its first word. */
void sim_secret(const struct sim *sim, struct sim_text *text,
    const char *word, enum sim_kind kind, uint64_t index);

/* ---- fault.c ---- */

enum sim_next {
	SIM_NEXT_RIGHT,             /* as the service would */
	SIM_NEXT_DROPPED,           /* the page is the last one, it says */
	SIM_NEXT_GIVEN,             /* next_text, whatever it is */
	SIM_NEXT_REPEATED,          /* the link of this very page */
	SIM_NEXT_GROWING,           /* longer each time, same page for ever */
	SIM_NEXT_PORT,              /* right, with ":443" */
	SIM_NEXT_NULL,
	SIM_NEXT_EMPTY
};

struct sim_edit {
	const char *name;           /* of a header; borrowed from the plan */
	const char *value;          /* NULL: the header is taken away */
};

/* What the faults that fire do to one request; all 0: nothing. */
struct sim_plan {
	unsigned long delay_ms;
	unsigned int status;        /* 0: the real one, and its effect */
	unsigned int told_status;   /* 0: the real one */
	bool unauthorized;
	bool close;
	bool truncate;              /* promised length is not delivered */
	bool cut;                   /* promised length is right, JSON is not */
	unsigned long at;           /* of truncate and cut: bytes; 0 is half */
	bool empty_page;
	bool ignore_token;
	enum sim_next next;
	const char *next_text;
	const char *body;
	const char *body_file;
	const char *content_type;
	struct sim_edit edit[SIM_MAX_EDITS];
	size_t edit_count;
};

struct sim_faults;

/* -1: the file cannot be read or has a wrong line, told on stderr. */
int sim_faults_read(struct sim_faults **out, const char *path);
void sim_faults_free(struct sim_faults *faults);
bool sim_faults_delay(const struct sim_faults *faults);
/* where: host and raw path with query. */
void sim_faults_plan(struct sim_faults *faults, struct sim_plan *plan,
    const char *method, const char *where);
void sim_faults_help(FILE *out);

/* ---- log.c ---- */

struct sim_log;
struct sim_log *sim_log_open(const char *path);
void sim_log_line(struct sim_log *log, const char *line, size_t len);
void sim_log_flush(struct sim_log *log);
void sim_log_close(struct sim_log *log);

/* ---- request.c and reply.c ---- */

enum sim_host {
	SIM_ARM,
	SIM_MODELS,
	SIM_EXPERIMENTS,
	SIM_BLOB,
	SIM_HOSTS,
	SIM_NOWHERE = SIM_HOSTS
};

/* Bodies of errors; letters as in README.md. */
enum sim_shape {
	SIM_SHAPE_ARM,              /* A {"error":{code,message,…}} */
	SIM_SHAPE_FLAT,             /* B {code,message} */
	SIM_SHAPE_DATA,             /* D {"error":…,"correlation":…} */
	SIM_SHAPE_MODELS,           /* E {code,statusCode,message,details} */
	SIM_SHAPE_BLOB              /* G XML */
};

struct sim_route;

struct sim_request {
	char uri[SIM_MAX_URI];      /* raw, as on the wire */
	char decoded[SIM_MAX_URI];  /* its path: segments, each ends with 0 */
	const char *segment[SIM_MAX_SEGMENTS];
	size_t segment_count;
	const char *query;          /* raw, after "?"; "" when none */
	bool malformed;             /* too long, bad escapes */
	const char *method;
	char host_name[256];        /* without port, lower case */
	enum sim_host host;
	const void *connection;     /* of the server, for its headers */
	struct sim_text body;       /* the first SIM_MAX_BODY bytes of it */
	const char *authorization;  /* borrowed from the connection */
	const char *client_request_id;
	bool return_client_request_id;
	const char *range, *if_range; /* headers, or NULL */
	uint64_t connection_id;
	uint64_t number;            /* of the request, from 0 */
	const struct sim_route *route;
	const char *argument[SIM_MAX_ARGUMENTS];
	uint64_t parent;            /* index of the run, of child lists */
	unsigned int person;        /* of notification jobs */
	struct sim_plan plan;
};

struct sim_reply {
	unsigned int status;
	const char *content_type;   /* NULL: none */
	struct sim_text body;
	struct sim_text headers;    /* name 0 value 0 name 0 value 0 … */
	bool is_blob;
};

/* Content-MD5 of a blob, or the part of it that was asked for. */
void sim_blob_finish(const struct sim_request *request,
    struct sim_reply *reply);
void sim_request_parse(struct sim_request *request);
void sim_request_set_host(const struct sim *sim, struct sim_request *request,
    const char *host);
/* The raw value of a query parameter; NULL: not there. */
const char *sim_request_query(const struct sim_request *request,
    const char *name, size_t *len);
void sim_reply_header(struct sim_reply *reply, const char *name,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
void sim_reply_json(struct sim_reply *reply, unsigned int status);
void sim_reply_error(struct sim_reply *reply, const struct sim_request *request,
    enum sim_shape shape, unsigned int status, const char *code,
    const char *format, ...) __attribute__((format(printf, 6, 7)));
/* The headers every answer of the service has. */
void sim_reply_usual_headers(struct sim *sim, struct sim_reply *reply,
    const struct sim_request *request);
void sim_reply_fini(struct sim_reply *reply);

/* ---- route.c ---- */

/* Answers the request (or what the plan says of it). */
void sim_answer(struct sim *sim, struct sim_request *request,
    struct sim_reply *reply);
enum sim_shape sim_host_shape(enum sim_host host);

typedef void sim_handler(struct sim *, struct sim_request *,
    struct sim_reply *);

struct sim_route {
	enum sim_host host;
	enum sim_shape shape;
	enum sim_kind kind;
	enum sim_kind scope;        /* must not be deleted; SIM_KINDS: none */
	const char *api_version;    /* NULL: none asked */
	const char *pattern;
	sim_handler *get;
	sim_handler *erase;         /* NULL: 405 */
};

/* ---- collection.c: lists, items, deletions of every kind ---- */

struct sim_collection {
	uint64_t (*count)(const struct sim *, const struct sim_request *);
	/* What the path names it by. */
	void (*write_id)(const struct sim *, uint64_t index,
	    struct sim_text *);
	void (*write)(const struct sim *, const struct sim_request *,
	    uint64_t index, struct sim_text *);
	bool by_guid;               /* the id is a sim_guid of the index */
};

const struct sim_collection *sim_collection_of(enum sim_kind kind);
/* -1: there is none of that id (or no more). */
int sim_find(const struct sim *sim, const struct sim_request *request,
    enum sim_kind kind, const char *id, uint64_t *index);
bool sim_is_gone(const struct sim *sim, enum sim_kind kind, uint64_t index);
void sim_erase(struct sim *sim, enum sim_kind kind, uint64_t index);
sim_handler sim_get_list, sim_get_item, sim_erase_item, sim_erase_async;
sim_handler sim_get_children, sim_get_jobs, sim_get_operation;

/* ---- arm.c, models.c, history.c, artifact.c, blob.c ---- */

extern const struct sim_collection sim_hosting, sim_computes, sim_clusters,
    sim_accounts, sim_workspaces, sim_projects, sim_models, sim_manifests,
    sim_images, sim_services, sim_runs, sim_experiments, sim_metrics,
    sim_artifacts, sim_assets, sim_jobs;
uint64_t sim_artifact_count(const struct sim *sim, uint64_t run);
/* -1: the run has no artifact of that path. */
int sim_artifact_find(const struct sim *sim, uint64_t run, const char *path,
    uint64_t *index);
void sim_blob_url(const struct sim *sim, struct sim_text *text,
    const char *container, const char *path);
sim_handler sim_get_artifact_uri, sim_get_content_info, sim_get_blob;

/* ---- script.c: services of which a file tells all ---- */

struct sim_script;
/* -1: the file cannot be read or has a wrong line, told on stderr. */
int sim_script_read(struct sim_script **out, const char *path);
void sim_script_free(struct sim_script *script);
size_t sim_script_hosts(const struct sim_script *script, const char **hosts,
    size_t room);
void sim_script_unasked(const struct sim_script *script,
    struct sim_text *text);
void sim_script_answer(struct sim_script *script,
    const struct sim_request *request, struct sim_reply *reply);

/* ---- script_drop.c ---- */

/* Takes the first object out of the array in body that holds text. */
bool sim_drop(char *body, const char *text);

/* ---- description.c ---- */

void sim_describe(const struct sim *sim, struct sim_text *text,
    unsigned int port);

/* ---- server.c ---- */

struct sim_server;
struct sim_server *sim_server_start(struct sim *sim,
    const struct sim_certificate *certificate);
/* A header of the request; NULL: not there. */
const char *sim_request_header(const struct sim_request *request,
    const char *name);
unsigned int sim_server_port(const struct sim_server *server);
void sim_server_stop(struct sim_server *server);

/* One deletion that runs: how often it was asked about. */
#define SIM_MAX_OPERATIONS 1024
struct sim_operation {
	enum sim_kind kind;
	uint64_t index;
	_Atomic unsigned int polls;
};

struct sim {
	struct sim_options options;
	char host_name[SIM_HOSTS][128];
	char token[4096];
	struct sim_faults *faults;
	struct sim_script *script;
	struct sim_log *log;
	atomic_uchar *gone[SIM_KINDS];      /* NULL: cannot be deleted */
	struct sim_operation operation[SIM_MAX_OPERATIONS];
	_Atomic unsigned int operation_count;
	_Atomic uint64_t requests;
	_Atomic uint64_t connections;
	_Atomic bool stopping;
};

#endif
