/* SPDX-License-Identifier: ISC */
/*
 * An erasure: one connector, one archive, one receipt case.
 *
 *   exported.c       the archive: verified, unpacked, its documents
 *   erase_match.c    values out of recorded addresses
 *   erase_request.c  the requests of deletions
 *   erase_plan.c     the plan: one line a resource
 *   erase_twins.c    lines that one request would delete
 *   erase_hold.c     what must be kept
 *   erase_others.c   what would take along what is others'
 *   erase_whose.c    what is others' itself
 *   erase_along.c    lines of what goes along, is deleted by hand, or cannot be
 *   erase_anew.c     a plan that was made before, against one made anew
 *   erase_compare.c  is it still what was exported?
 *   erase_line.c     one line: read, delete, ask, read again
 *   erase_answer.c   what follows from each answer
 *   erase_item.c     what an answer shows of the resource
 *   erase_run.c      the loop around it
 *   erase.c          from the archive to the receipt
 *   erase_show.c     the plan and its outcome for people and programs
 */
#ifndef COLLECTOR_ERASE_H
#define COLLECTOR_ERASE_H

#include "collection.h"
#include "dossier/case_erasure.h"
#include "dossier/erasure.h"
#include "exported.h"
#include "subject.h"

struct erase_options {
	struct collect_options collect; /* case_path: of the receipt case */
	struct exported_options exported;
	bool execute;
	bool even_if_changed;
	bool even_if_unnamed;
	const struct dsr_common *common;
};

/* What became of the lines of an endpoint. */
struct erase_tally {
	uint64_t lines;    /* with a deletion of their own */
	uint64_t not_gone; /* of them */
	uint64_t open;     /* of these: still to be done */
	uint64_t unproven; /* gone by the case, and not to go by the plan made
	                    * anew: they count among those that are not */
	bool others;       /* the archive has items of other people */
	bool unnamed;      /* it has some that do not tell whose they are */
};

struct erasure {
	struct collection c;
	struct exported exported;
	struct request *deletes;  /* one an endpoint: with what read gives it */
	struct erase_tally *tallies; /* one an endpoint */
	char today[11];           /* 2026-01-31: for what must be kept */
	bool even_if_changed;
	bool even_if_unnamed;
	const volatile sig_atomic_t *ending;
	struct erase_line **lines; /* under way */
	struct erase_line **ready; /* of these: about to be sent */
	size_t line_count, line_max;
	uint64_t last;            /* number of the last line that was loaded */
	size_t endpoint;          /* whose lines are under way */
	uint64_t listings;        /* lists that were read again: for marks */
	bool stopped;             /* a host refused, or does not answer */
};

/* ---- erase_match.c ------------------------------------------------------- */

/*
 * The values with which the endpoint's read request makes url: 1, 0 when it
 * does not make it, -1. path_only: up to the query. Values in found are the
 * caller's to free when 1.
 */
int erase_match(const struct connector *k, const struct settings *settings,
    const struct endpoint *e, const char *url, bool path_only,
    struct values *found, struct dsr_error *err);

/* ---- erase_request.c ----------------------------------------------------- */

/* Fills x->deletes. */
int erase_requests(struct erasure *x, struct dsr_error *err);
/* Is the deletion made for each item of the endpoint's own documents? */
bool erase_is_by_item(const struct endpoint *e, size_t index);
/*
 * Adds what the deletion needs beside the values of the read request; item is
 * NULL unless it is made by item. 0, 1 with *reason, -1.
 */
int erase_values(const struct erasure *x, size_t endpoint,
    const struct dsr_json_value *item, const void *body, struct values *v,
    const char **reason, struct dsr_error *err);
/* The address of the deletion as it is recorded; 0, 1 with *reason, -1. */
int erase_address(const struct erasure *x, size_t endpoint,
    const struct values *v, struct dsr_buffer *recorded, const char **reason,
    struct dsr_error *err);
/* What the service calls an item; NULL when that is nothing short, or two. */
const char *erase_item_id(const struct endpoint *e,
    const struct dsr_json_value *item, const void *body,
    char out[PATH_ID_SIZE]);
/* Does it call it so? Where its id stands twice: may it? */
bool erase_has_id(const struct endpoint *e, const struct dsr_json_value *item,
    const void *body, const char *wanted);
/* The items of a document: as those of an answer. */
const struct dsr_json_value *erase_items(const struct endpoint *e,
    const struct dsr_json_value *root, bool is_item, size_t *count);

/* ---- erase_plan.c, erase_along.c ----------------------------------------- */

/* Makes the plan, in one transaction. */
int erase_plan(struct erasure *x, struct dsr_error *err);

/* What is put together for an endpoint of the plan. */
struct planner {
	struct erasure *x;
	size_t endpoint;
	uint64_t number;     /* of the endpoint's last line, or 0 */
	const char *outcome; /* of lines that nothing else is known of */
	const char *reason;
	const char *detail;  /* or NULL */
	uint64_t hold;       /* entry of the request, or DSR_NONE */
	bool is_rest;        /* its lines have no deletion */
	bool any_items;      /* something is in its documents */
	struct dsr_buffer body, url, params;
	char kept_for[DSR_MAX_WORD + 1]; /* why others of its request stay */
};
void erase_planner_start(struct planner *p, struct erasure *x,
    size_t endpoint);
void erase_planner_fini(struct planner *p);

/* ---- erase_twins.c ------------------------------------------------------- */

/*
 * Has the plan and the lines of the planner's request (its url and params) that
 * were planned before it agree. 1 when one of them is the same resource, 0, -1.
 * plan->reason may be the planner's, then.
 */
int erase_plan_together(struct planner *p, struct dsr_erasure_plan *plan,
    struct dsr_error *err);

/* ---- erase_hold.c -------------------------------------------------------- */

bool erase_has_holds(const struct erasure *x);
/*
 * Compares a plan that was made before with what must be kept now; lines that
 * would be tried once more are of it, too.
 * DSR_EINPUT  a line that is to be deleted must be kept
 */
int erase_recheck(struct erasure *x, struct dsr_error *err);
/*
 * Must an item of the endpoint be kept: by an entry of the request (its number
 * from 1), by retain_until (DSR_NONE), not (0)?
 */
uint64_t erase_hold_of(const struct erasure *x, size_t endpoint,
    const char *item);
/*
 * Are items of the endpoint named that must be kept? What has no id may be one
 * of them.
 */
bool erase_may_be_held(const struct erasure *x, size_t endpoint);

/* ---- erase_anew.c -------------------------------------------------------- */

/*
 * Compares a plan that was made before with one that is made anew.
 * DSR_EINPUT  a line of it has not the same words, or may not be deleted
 */
int erase_compare_plans(struct erasure *x, struct dsr_error *err);

/* ---- erase_others.c ------------------------------------------------------ */

/* A reason: or_absent kept it, or an identity that was not given would tell. */
#define ERASE_UNNAMED "names-nobody"
#define ERASE_MIXED /* a detail */                                            \
	"Another entry of that id is not the person's, or does not tell."
/*
 * Looks whether others' data would go along, or what may be that: then it
 * stays.
 */
int erase_plan_others(struct planner *p, struct dsr_error *err);
/* After a plan was made: what it tells beside lines that are planned (static);
 * or NULL. */
int erase_find_note(struct erasure *x, size_t endpoint, const char **note,
    struct dsr_error *err);
/* Did the export leave something of the endpoint out? */
bool erase_left_out(const struct erasure *x, size_t endpoint);
/* Is what the archive has of it the person's own, and no place of several? */
bool erase_is_own(const struct erasure *x, size_t endpoint);
/* For a place that goes by hand: what it takes along; *held as erase_hold_of. */
int erase_plan_place(struct planner *p, uint64_t *held,
    struct dsr_error *err);

/* ---- erase_whose.c ------------------------------------------------------- */

/* Does what the operator gave tell whose an item of the endpoint is? */
bool erase_tells_whose(const struct collection *c, const struct endpoint *e);
/* Before the plan: notes whose all is that the archive holds. */
int erase_note_whose(struct erasure *x, struct dsr_error *err);
/*
 * Changes a line that is planned when its item (NULL: its document), or what
 * the list said that these values are from, is not the person's.
 */
int erase_plan_whose(struct planner *p, const struct dsr_document *d,
    const struct dsr_json_value *item, const struct values *values,
    struct dsr_erasure_plan *plan, struct dsr_error *err);

/* ---- erase_hold.c, erase_along.c ----------------------------------------- */

/* Has the archive something of i that goes along with the endpoint? */
bool erase_goes_with(const struct erasure *x, size_t i, size_t endpoint);
/*
 * As erase_hold_of, of all that the archive has of the endpoint; 0, or -1.
 */
int erase_find_held(struct planner *p, size_t endpoint, uint64_t *held,
    struct dsr_error *err);
/* Looks whether what goes along must be kept: then nothing goes. */
int erase_plan_held_along(struct planner *p, struct dsr_error *err);
/* Lines of what goes when the planner's endpoint does, behind its last. */
int erase_plan_along(struct planner *p, struct dsr_error *err);
/* Lines of an endpoint that has no deletion and goes with nothing planned. */
int erase_plan_rest(struct planner *p, struct dsr_error *err);
/* A new line of the planner's endpoint with this document. */
int erase_plan_line(struct planner *p, struct dsr_erasure_plan *plan,
    const struct dsr_document *d, struct dsr_error *err);

/* ---- erase_compare.c ----------------------------------------------------- */

/*
 * Are two values the same, those at paths (struct path *) aside? Members in any
 * order, numbers as they are written. 1, 0 or -1.
 */
int erase_is_same(const struct dsr_list *paths,
    const struct dsr_json_value *x, const void *x_text,
    const struct dsr_json_value *y, const void *y_text,
    struct dsr_error *err);
/*
 * Is the resource still what was exported? item: an element of the fresh
 * body, or NULL when that is the resource wholly. 1, 0 or -1.
 */
int erase_is_unchanged(const struct erasure *x, size_t endpoint,
    uint64_t number, const char *item_id, struct job *j,
    const struct dsr_json_value *item, struct dsr_error *err);

/* ---- erase_line.c, erase_answer.c ---------------------------------------- */

enum erase_step { ERASE_READ, ERASE_DELETE, ERASE_POLL, ERASE_VERIFY };

/* A line under way: one job, request after request. */
struct erase_line {
	struct erasure *x;
	struct job job;
	uint64_t number;
	char *item;           /* or NULL */
	char *note;           /* the plan's detail, or NULL */
	enum erase_step step;
	bool sent;            /* a deletion may have reached the service */
	bool told_done;       /* the service said that it is deleted */
	bool told_absent;     /* it said that there was nothing to delete */
	bool changed;         /* it is not what was exported */
	bool cleared;         /* what its list showed so far may go */
	bool mixed;           /* entries of its id are not of the same person */
	const char *doubt;    /* why it is not known what a deletion did */
	const char *late;     /* why the end was not awaited; or NULL */
	int64_t exchange;     /* of a deletion that is written and not answered */
	unsigned int deletes; /* in this run */
	unsigned int looks;   /* since the last deletion */
	size_t trail_written; /* exchanges of the job's page in the case */
};
int erase_line_new(struct erasure *x, const struct dsr_erasure_plan *plan,
    struct dsr_error *err);
void erase_line_free(struct erase_line *l);
/* The line's next request: the step, and from its start. */
void erase_line_go(struct erase_line *l, enum erase_step step,
    int64_t due_us);
/*
 * Makes ready what the line asks next; deletions are written down. 1 when it is
 * to be sent (after a commit), 0 when not now, -1. The line may be gone.
 */
int erase_line_prepare(struct erase_line *l, struct dsr_error *err);
/* Writes the exchanges that the job has gathered. */
int erase_line_write(struct erase_line *l, struct dsr_error *err);
/* The line is done; it is gone afterwards. */
int erase_line_settle(struct erase_line *l, const char *outcome,
    const char *reason, uint64_t status, struct dsr_error *err);
/* It is left as it is, for a later run; it is gone afterwards. */
int erase_line_leave(struct erase_line *l, struct dsr_error *err);
/* Does the status of a deletion say nothing of what was done? */
bool erase_is_doubtful(uint64_t status);
/* An answer is there, or there will be none. */
int erase_line_done(struct fetch *f, struct dsr_error *err);

/* ---- erase_item.c -------------------------------------------------------- */

/*
 * The line's item on the page, the first if there are several; NULL with
 * *is_list false when the page does not say that it is not there: it is no list,
 * or has something without an id.
 */
const struct dsr_json_value *erase_line_find(const struct erase_line *l,
    bool *is_list);
/*
 * Why it (item NULL: what the answer is) must stay, whatever flags are given: 1
 * with *reason, 0, -1.
 */
int erase_line_must_stay(struct erase_line *l,
    const struct dsr_json_value *item, const char **reason,
    struct dsr_error *err);
/* Do rules tell whose it is? Then all of its list is looked at for its id. */
bool erase_line_is_judged(const struct erase_line *l);
/* Are it, and all that have its id, still what was exported? 1, 0, -1. */
int erase_line_is_unchanged(struct erase_line *l,
    const struct dsr_json_value *item, struct dsr_error *err);

/* ---- erase_run.c --------------------------------------------------------- */

/* The endpoint (index) of a line of the plan. */
size_t erase_endpoint_of(const struct erasure *x, int64_t endpoint_id);
/* May the line be deleted, as it stands: is it planned, or done again? */
bool erase_may_go(const struct erasure *x, const struct dsr_erasure_plan *p);
/* Was it not attempted, for that reason? */
bool erase_is_left_for(const struct dsr_erasure_plan *p, const char *reason);
/* Is it to be deleted, now or when another run finds the way free? */
bool erase_may_go_yet(const struct dsr_erasure_plan *p);
/* Lines that a former run could not finish are to be done again. */
int erase_reopen(struct erasure *x, struct dsr_error *err);
int erase_run(struct erasure *x, struct dsr_error *err);

/* ---- erase.c ------------------------------------------------------------- */

/* Verifies the archive, and makes the plan or takes it up. */
int erase_open(struct erasure *x, const struct erase_options *o,
    struct dsr_error *err);
/*
 * Readies the case of the receipt for its plan: the archive it goes by,
 * connector and settings (the same as in a run before), endpoints.
 */
int erase_prepare(struct erasure *x, struct dsr_error *err);
/* The same of a case, for an erasure that is ready but for it. */
int erase_enter(struct erasure *x, struct dsr_error *err);
void erase_close(struct erasure *x);
/* The request's id that must be given again, or the archive's. */
const char *erase_request_id(const struct erasure *x);
/* What of the connector could not be exported, and is in no line. */
uint64_t erase_gaps(const struct erasure *x);
/* "7=NAME": line 7, a step by hand, was done by NAME at a time (RFC 3339). */
int erase_note_done(struct erasure *x, const char *const *words, size_t count,
    const char *time, struct dsr_error *err);
/* Erases what is planned. */
int erase_execute(struct erasure *x, const struct erase_options *o,
    struct dsr_error *err);
/* How many lines there are of each outcome. */
struct erase_sums {
	uint64_t of[DSR_OUTCOME_COUNT];
	uint64_t open;     /* still "planned" */
	uint64_t not_gone;
};
int erase_sum_up(struct erasure *x, struct erase_sums *sums,
    struct dsr_error *err);

/* ---- erase_show.c -------------------------------------------------------- */

/* Every line, as it stands. */
int erase_show(struct erasure *x, const struct dsr_common *common,
    struct dsr_error *err);
/* What came of it in short, and what is to be done next. */
void erase_show_sums(const struct erase_sums *sums);
/* Documents of the archive that were added by hand. */
int erase_count_by_hand(const struct erasure *x, uint64_t *count,
    struct dsr_error *err);

#endif
