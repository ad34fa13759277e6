/* SPDX-License-Identifier: ISC */
/*
 * A collection: one connector, one case, many requests at a time.
 *
 *   schedule.c  which request is next, and when a host may be asked
 *   ask.c       a job's next request: headers, body
 *   address.c   its address, and what is recorded of it
 *   judge.c     what the answer means: good, again, later, never
 *   answer.c    a good answer: items, downloads
 *   markup.c    pages for people in the place of files
 *   naming.c    what documents are called
 *   write.c     documents, exchanges, gaps into the case
 *   write_content.c  the same of downloads
 *   piece.c     downloads that a run leaves half done
 *   page.c      where the next page is
 *   plan.c      which requests follow from an item
 *   subject.c   whose item it is
 *   redact.c    secrets out of documents
 *   evidence.c  the exchange as it is recorded
 *   collect.c   the loop around all of it
 *   dry.c       what would be asked
 */
#ifndef COLLECTOR_COLLECTION_H
#define COLLECTOR_COLLECTION_H

#include "collect.h"
#include "connector.h"
#include "credential.h"
#include "dossier/case_writer.h"
#include "dossier/clock.h"
#include "dossier/progress.h"
#include "dossier/random.h"
#include "fetch.h"
#include "path.h"
#include "values.h"

#define MAX_ATTEMPTS 32u /* kept in the record of an exchange */
/* What a service logs; ours, unless the connector declares one. */
#define REQUEST_ID_HEADER "x-ms-client-request-id"

/* ---- hosts --------------------------------------------------------------- */

struct host {
	char *name;
	int64_t not_before_us; /* monotonic */
	int64_t interval_us;   /* between two requests; 0: none */
	size_t active;
	bool one_at_a_time;    /* the service says little is left */
	bool answered;         /* in this run */
	bool refused;          /* 401, also with the renewed credential */
	bool dead;             /* does not answer: not asked any more */
	unsigned int failures; /* requests without an answer, in a row */
};

/* ---- lanes: the requests of one endpoint --------------------------------- */

struct lane {
	int64_t id;          /* of the endpoint in the case */
	int64_t last;        /* id of the last request that was loaded */
	int64_t missing_task; /* the same of pages that lack downloads */
	uint64_t missing_page;
	struct dsr_task *queue; /* loaded, with strings of their own */
	size_t queued, at;
	size_t active;       /* jobs */
	size_t dropped;      /* left for a later run: their host is stopped */
	uint64_t planned, answered; /* requests of this run, for progress */
	bool empty;          /* nothing is left to load */
	bool done;           /* and nothing can come any more */
	bool filtered;       /* subject_match is in effect */
	bool untold;         /* it would be, with an identity that is not given;
	                      * for erasures: an export takes all then */
	bool impossible;     /* a value is missing for all of its requests */
};

/* ---- a job: one request of the plan, all its pages ----------------------- */

enum phase { PHASE_READ, PHASE_POLL, PHASE_CONTENT };
enum job_state { JOB_READY, JOB_FLYING };

/* An earlier attempt of the request under way. */
struct attempt {
	char ended[DSR_TIME_SIZE];
	char reason[64];
	uint64_t status;
};

/* What an exchange was, in memory of its own. */
struct evidence {
	struct dsr_arena *arena;
	struct dsr_exchange record; /* all it points to is in the arena */
};

/* A download of an item: where from, and what came. */
struct content {
	char *url;
	uint64_t item, part;
	struct evidence evidence; /* arena NULL: not asked yet */
	struct dsr_buffer body;
	struct dsr_blob *blob;
	char sha256[DSR_SHA256_HEX];
	uint64_t size;
	char *media_type;   /* or NULL */
	char retrieved[DSR_TIME_SIZE];
	bool odd;           /* a page for people, not what was asked for */
	bool ignored;       /* declared to be nothing */
	bool noted;         /* the case knows of its file before it is written */
	bool there;         /* an earlier run has it, or its gap for good */
	const char *reason; /* of a gap, or NULL */
	uint64_t status;
	bool again;         /* a later run may obtain it */
};

/* A good answer, until all its downloads are there. */
struct page {
	struct dsr_buffer body;
	struct dsr_blob *blob;    /* format "bytes", large */
	uint64_t size;
	char sha256[DSR_SHA256_HEX];
	uint64_t status;
	struct dsr_json *json;    /* NULL for "bytes" */
	char *media_type;         /* or NULL */
	bool odd;                 /* as in struct content */
	char *recorded_url;
	char retrieved[DSR_TIME_SIZE];
	const struct dsr_json_value *first; /* of the items, or the one item */
	size_t items;
	bool in_array;            /* the items are elements */
	bool *kept;               /* items of them: of the person */
	size_t kept_count;
	bool unjudged;            /* one was left out that may be read in two ways */
	struct content *contents;
	size_t content_count, content_at;
	char *link;               /* Link or cursor header for paging */
	struct evidence *trail;   /* exchanges that led here, in order */
	size_t trail_count;
};

struct collection;

struct job {
	struct collection *c;
	size_t endpoint;
	const struct request *request; /* that is under way: read, or delete */
	int64_t task;
	struct values values;
	uint64_t page_number;
	bool downloads;        /* only for what is missing of this page */
	char *next;            /* how to ask for this page; NULL: the first */
	unsigned int growing;  /* links in a row that only grew */

	enum phase phase;
	enum job_state state;
	int64_t due_us;        /* JOB_READY: not before */
	struct fetch fetch;
	struct dsr_buffer url; /* of the request under way */
	struct dsr_buffer recorded; /* the same, as it is recorded */
	struct dsr_buffer body;
	struct host *host;
	const struct authentication *authentication; /* or NULL */
	unsigned int generation; /* of the credential that was sent */
	char request_id[DSR_UUID_SIZE]; /* of all its attempts; or "" */
	struct attempt attempts[MAX_ATTEMPTS];
	size_t attempt_count;
	unsigned int tries;
	unsigned int redirects;
	bool renewed;
	char *poll_url;        /* PHASE_POLL */
	int64_t poll_until_us;
	int poll_protocol;
	bool resumed;          /* an earlier run has begun what is asked about */
	bool trail_begun;      /* exchanges of the page are in the case already */
	bool piece_sought;     /* what an earlier run left of the answer */
	uint64_t piece_size;   /* what the case knows of it; 0: nothing */
	struct page page;
};

struct collection {
	struct connector *k;
	struct settings settings;
	struct credentials credentials;
	struct dsr_case *store;
	int64_t connector_id;
	struct fetcher *fetcher;
	struct lane *lanes;
	const char **hosts;    /* expanded patterns, NULL at the end */
	const char **content_hosts;
	const char ***credential_hosts; /* one list an entry */
	struct host **host_list;
	size_t host_count;
	struct job **jobs;
	size_t job_count, job_max;
	uint64_t rate_us;      /* --rate: between requests, 0: none */
	struct dsr_progress *progress;
	bool in_transaction;
	int64_t began_us;      /* the transaction */
	int64_t commit_us;     /* how long one lasts */
	uint64_t uncommitted;  /* answers in it */
	uint64_t planned, answered, bytes; /* for progress */
	const struct authentication *refused; /* a 401 that did not go away */
	bool operations;       /* an earlier run left some that it had begun */
	bool pieces;           /* there may be some in the case; noted again: */
	int64_t pieces_due_us;
	uint64_t answers;      /* in this run, of any status */
	uint64_t failures;     /* requests of this run without an answer */
};

/* ---- schedule.c ---------------------------------------------------------- */

int64_t now_us(void);
/* Progress, with the endpoint of which most is left. */
void schedule_show(struct collection *c);

struct host *host_find(struct collection *c, const char *name,
    struct dsr_error *err);
/* When it may be asked (monotonic; INT64_MAX: not in this run). */
int64_t host_due(const struct host *h);
void host_asked(struct collection *c, struct host *h);
/* The next request whose turn it is: 1, 0 when there is none now, -1. */
int schedule_next(struct collection *c, struct dsr_task *task, size_t *lane,
    struct dsr_error *err);
/* Its few requests may be long lists: they go before all others. */
bool endpoint_leads(const struct endpoint *e);
/* More requests were planned for an endpoint. */
void lane_wake(struct collection *c, size_t endpoint);
void lanes_free(struct collection *c);

/* ---- ask.c --------------------------------------------------------------- */

/*
 * Makes the job's next request. 0; 1 when it cannot be made: *reason is a word
 * of section 10; -1.
 */
int ask_prepare(struct job *j, const char **reason, struct dsr_error *err);
/* Values that the job's templates see. */
struct scope job_scope(const struct job *j);
/* The credential that a placeholder of the request stands for; NULL. */
const char *job_credential(const struct job *j, const char *name);
/* Is the header made of a credential? */
bool header_is_secret(const struct job *j, const char *name);
/* Body of the request, cursor included; 0, 1, -1 as above. */
int ask_body(const struct scope *scope, const struct connector *k,
    const struct request *q, const char *cursor, struct dsr_buffer *out,
    const char **reason, struct dsr_error *err);

/* ---- address.c ----------------------------------------------------------- */

/* Address of the first page of a read request, and its recorded form.
 * 0; 1 when it cannot be made, with *reason; -1. */
int ask_address(const struct scope *scope, const struct endpoint *e,
    const struct request *q, struct dsr_buffer *url,
    struct dsr_buffer *recorded, const char **reason, struct dsr_error *err);
/* The address of a later page; 0, 1, -1. */
int ask_next_page(struct job *j, const struct request *q, const char **reason,
    struct dsr_error *err);
/* A link or a download: what the service gave, byte for byte. q may be NULL:
 * then no value of its query is recorded. */
int ask_link(struct job *j, const struct request *q, const char *link,
    struct dsr_error *err);
/* Names of query parameters that the connector declares: their values may be
 * recorded. NULL at the end; free() it. */
const char **shown_params(const struct connector *k, const struct request *q,
    struct dsr_error *err);

/* ---- judge.c ------------------------------------------------------------- */

enum verdict {
	VERDICT_GOOD,
	VERDICT_IGNORED,  /* declared to be nothing */
	VERDICT_ACCEPTED, /* begun: to be asked about */
	VERDICT_AGAIN,    /* the same request at job->due_us */
	VERDICT_REDIRECT, /* job->url is the next one */
	VERDICT_REFUSED,  /* 401 for good */
	VERDICT_GAP,      /* *reason */
	VERDICT_UNREACHED /* no answer for good: a later run asks again */
};
/* What the answer in job->fetch means; -1 on failure, else a verdict. */
int judge(struct job *j, const char **reason, struct dsr_error *err);
/* How long to wait before the n-th time, and how often to try again. */
int64_t judge_backoff_us(const struct job *j, unsigned int n);
uint64_t judge_max_retries(const struct job *j);
/* Remembers the attempt; reason is static. */
void note_attempt(struct job *j, const char *reason);

/* ---- answer.c ------------------------------------------------------------ */

/* A good answer to a read request: 0, 1 when it is a gap (*reason), -1. */
int answer_take(struct job *j, const char **reason, struct dsr_error *err);
void page_fini(struct page *p);
void page_forget_trail(struct page *p);
/* Adds the exchange of job->fetch to those that lead to the page. */
int page_add_trail(struct job *j, struct dsr_error *err);
/* Content-Type without parameters: malloc, or NULL. */
int answer_media_type(char **out, const struct fetch *f,
    struct dsr_error *err);
/* markup.c: is it a page for people, where nothing says that one is meant? */
bool answer_is_odd_markup(const struct job *j, const char *url, const char *type);

/* ---- naming.c ------------------------------------------------------------ */

/* By the type, and by the name when that has one; name may be NULL. */
void document_extension(char out[DSR_EXTENSION_SIZE], const char *media_type,
    const char *name);
/* The last segment of an address, decoded: malloc, or NULL: it is no name. */
int document_name(char **out, const char *url, struct dsr_error *err);

/* ---- write.c ------------------------------------------------------------- */

/* Writes page, documents, children, next page; the job is done or goes on. */
int answer_write(struct job *j, bool *done, struct dsr_error *err);
/*
 * Ends the job's request with a gap, the exchanges of its page before it;
 * again: a later run may ask.
 */
int job_gap(struct job *j, const char *reason, bool again,
    struct dsr_error *err);
/* A gap beside an exchange that was written. */
int job_gap_at(struct job *j, const char *reason, int64_t exchange,
    struct dsr_error *err);
/* Exchanges that led to an answer which is not there yet. */
int job_write_trail(struct job *j, struct dsr_error *err);
/* An answer that is declared to be nothing. */
int job_ignored(struct job *j, struct dsr_error *err);

/* ---- write_content.c ----------------------------------------------------- */

/* The place of an item of the job's page, or of a download of it. */
struct dsr_place job_place(const struct job *j, uint64_t item, uint64_t part);
/* What the service calls the item, or that of a download, in out; NULL. */
const char *job_item_id(const struct job *j,
    const struct dsr_json_value *item, char out[PATH_ID_SIZE]);
const char *content_item_id(const struct job *j, const struct content *one,
    char out[PATH_ID_SIZE]);
/* Finds the downloads that are missing, when the job is for those. */
int content_find_missing(struct job *j, struct dsr_error *err);
int content_write(struct job *j, struct content *one, struct dsr_error *err);
/* The end of a job that was for missing downloads: the rest stays missing. */
int content_leave(struct job *j, struct dsr_error *err);

/* ---- page.c -------------------------------------------------------------- */

/* What the headers of the answer say of the next page: malloc, or NULL. */
int page_header(char **out, const struct fetch *f, const struct pagination *p,
    struct dsr_error *err);

enum paging_end { PAGE_LAST, PAGE_MORE, PAGE_BROKEN };
/* Is there another page? PAGE_MORE: *next is how to ask (malloc); PAGE_BROKEN:
 * *reason. -1 on failure. */
int page_next(struct job *j, char **next, const char **reason,
    struct dsr_error *err);
/* Are there two lists, or two ways to the next page? */
bool page_is_ambiguous(const struct job *j);
/*
 * What is odd about the list, after page_next gave end: "list-ambiguous" (the
 * list, or the way to the next page, stands there twice, or an item that could
 * not be judged was left out; of no list: "unexpected-shape"), "list-changed" (an entry
 * stands in it twice, or another total than before), "count-differs" (from the
 * number of entries that came), or NULL.
 */
int page_check(struct job *j, int end, const char **reason, struct dsr_error *err);
/* The same, but for entries that stand in it twice. */
int page_counts(struct job *j, int end, const char **reason,
    struct dsr_error *err);
/* The first offset or page number. */
uint64_t page_start(const struct pagination *p);
const struct pagination *pagination_of(const struct connector *k,
    const struct request *q);

/* ---- plan.c -------------------------------------------------------------- */

/* Endpoints, filters, requests that have no parent; once for a case. */
int plan_start(struct collection *c, bool fresh, struct dsr_error *err);
/* Requests of the endpoints below, for one item of the job's page. */
int plan_children(struct job *j, const struct dsr_json_value *item,
    uint64_t item_number, struct dsr_error *err);
/* At the end: gaps of endpoints whose parents have gaps. */
int plan_finish(struct collection *c, struct dsr_error *err);

/* ---- redact.c ------------------------------------------------------------ */

struct redacted {
	struct dsr_buffer bytes;  /* only when there was something */
	struct dsr_list list;     /* struct dsr_redaction, in the arena */
};
/*
 * Takes the values at the endpoint's paths out of the len bytes at offset of
 * body. Items begin with first (count of them, among the elements of an array)
 * or first is the one item.
 */
int redact(struct redacted *out, const struct dsr_list *rules,
    const void *body, size_t offset, size_t len,
    const struct dsr_json_value *first, size_t count,
    struct dsr_arena *arena, struct dsr_error *err);

/* Do len bytes at offset hold what we were let in with? Services send back what
 * they got, and that is in no case. */
bool holds_credential(const struct job *j, const struct dsr_buffer *b,
    size_t offset, size_t len);
/* The same of a whole body that is kept as it is: 1, 0, -1. */
int body_holds_credential(const struct job *j, const struct dsr_buffer *body,
    const struct dsr_blob *blob, struct dsr_error *err);

/* ---- evidence.c ---------------------------------------------------------- */

/* The exchange of job->fetch. */
int evidence_take(struct evidence *e, const struct job *j,
    struct dsr_error *err);
/* Something of the body is not kept as it came: nothing may tell of it. */
void evidence_hide(struct evidence *e);
/* Leaves endpoint, template, status and time. */
void evidence_strip(struct evidence *e);
void evidence_fini(struct evidence *e);

/* ---- job.c --------------------------------------------------------------- */

/* Takes the request over (its strings are freed). */
int job_new(struct collection *c, size_t endpoint, struct dsr_task *task,
    struct dsr_error *err);
void job_free(struct job *j);
/* A job in the caller's memory, with these values (a JSON object). */
int job_init(struct job *j, struct collection *c, size_t endpoint,
    const char *values, struct dsr_error *err);
void job_fini(struct job *j);
/* Goes before others: at its start, and when its answer is there. */
bool job_leads(const struct job *j);
/* Another request, or the next page: no attempt was made of it yet. */
void job_next_request(struct job *j, enum phase phase);
/* Asks, or puts it off; the job may be gone afterwards, as with those below. */
int job_start(struct job *j, struct dsr_error *err);
/* An answer is there, or there will be none. */
int job_done(struct fetch *f, struct dsr_error *err);
/* Ends it, or its download, with a gap and the exchange of job->fetch. */
int job_fail(struct job *j, const char *reason, bool again,
    struct dsr_error *err);

/* ---- poll.c -------------------------------------------------------------- */

/*
 * The service has begun: the job will ask again later. 0; 1 when it cannot
 * (*reason); -1.
 */
int poll_begin(struct job *j, const char **reason, struct dsr_error *err);
enum poll_state {
	POLL_RUNNING,  /* the job will ask once more */
	POLL_DONE,     /* the answer in job->fetch is the last one */
	POLL_FAILED,   /* *reason */
	POLL_TIMED_OUT /* *reason: a later run may ask */
};
/* It answered how it stands: -1 on failure, else an enum poll_state. */
int poll_answer(struct job *j, const char **reason, struct dsr_error *err);
/* Keeps in the case what is asked about; goes on with it, if there is. */
int poll_keep(struct job *j, struct dsr_error *err);
int poll_resume(struct job *j, struct dsr_error *err);

/* ---- collect.c ----------------------------------------------------------- */

/* Everything that can be refused before a case is made. */
int collection_prepare(struct collection *c, const struct collect_options *o,
    struct dsr_error *err);
/*
 * Completes the settings and enters them and the connector into the case: 0. Of
 * one that has them they are compared: 1. -1. In a transaction, or in its own.
 * DSR_EINPUT  it was begun with another version of the connector
 * DSR_EUSAGE  ... with other settings than these; a parameter is missing
 */
int collection_keep(struct collection *c, struct dsr_error *err);
/* Host patterns with the parameters filled in. */
int collection_hosts(struct collection *c, struct dsr_error *err);
void collection_fini(struct collection *c);
/* Opens a transaction when none is. */
int collection_write(struct collection *c, struct dsr_error *err);

#endif
