/* SPDX-License-Identifier: ISC */
/* What follows from each answer to the requests of a line. */
#include "erase.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DELETES 3u /* of one line in a run, when nobody says what they did */

static struct erase_line *
line_of(struct fetch *f)
{
	return (struct erase_line *)(void *)((char *)f -
	    offsetof(struct erase_line, job.fetch));
}

/* The answer (or that there was none) becomes an exchange. */
static int
keep(struct erase_line *l, struct dsr_error *err)
{
	return page_add_trail(&l->job, err) == 0 ? erase_line_write(l, err)
	                                         : -1;
}

/* The credential was refused: nothing more is asked in this run. */
static int
stop(struct erase_line *l, struct dsr_error *err)
{
	l->job.host->refused = true;
	l->job.c->refused = l->job.authentication;
	l->x->stopped = true;
	return erase_line_leave(l, err);
}

/* ---- it is gone ---------------------------------------------------------- */

static int
settle_gone(struct erase_line *l, uint64_t status, struct dsr_error *err)
{
	const struct endpoint *e =
	    connector_endpoint(l->job.c->k, l->job.endpoint);
	bool by_us = l->sent && (l->told_done || l->doubt != NULL);

	if (!by_us)
		return erase_line_settle(l, "absent", NULL, status, err);
	return erase_line_settle(l,
	    e->requests.erase->soft != NULL ? "soft-deleted" : "erased",
	    l->changed ? "changed" : NULL, status, err);
}

/* ---- it is there --------------------------------------------------------- */

/* The rest of its list: the item may be there, or another one of its id. */
static int
turn_page(struct erase_line *l, struct dsr_error *err)
{
	struct job *j = &l->job;
	uint64_t status = j->page.status;
	const char *reason = NULL;
	char *next = NULL;
	int end = page_next(j, &next, &reason, err);

	if (end < 0)
		return -1;
	/* a list that did not come wholly proves nothing */
	if (end != PAGE_BROKEN && page_counts(j, end, &reason, err) != 0)
		return -1;
	if (end == PAGE_BROKEN || reason != NULL)
		return erase_line_settle(l, "failed", reason, status, err);
	if (end == PAGE_LAST && l->cleared) {
		erase_line_go(l, ERASE_DELETE, 0);
		return 0;
	}
	if (end == PAGE_LAST)
		return settle_gone(l, status, err);
	page_fini(&j->page);
	l->trail_written = 0;
	free(j->next);
	j->next = next;
	j->page_number++;
	job_next_request(j, PHASE_READ);
	return 0;
}

/* May it be deleted? Then it is; else that is what became of it. */
static int
decide(struct erase_line *l, const struct dsr_json_value *item,
    struct dsr_error *err)
{
	uint64_t status = l->job.page.status;
	const char *reason;
	int same = erase_line_is_unchanged(l, item, err), stays;

	if (same < 0)
		return -1;
	l->changed = l->changed || same == 0;
	if (same == 0 && !l->x->even_if_changed)
		return erase_line_settle(l, l->sent ? "still-there" : "changed",
		    l->sent ? "changed" : NULL, status, err);
	if ((stays = erase_line_must_stay(l, item, &reason, err)) < 0)
		return -1;
	if (stays == 1)
		return erase_line_settle(l,
		    l->sent ? "still-there" : "not-attempted", reason, status,
		    err);
	if (l->deletes == MAX_DELETES)
		return erase_line_settle(l, "failed", l->doubt, status, err);
	l->cleared = true;
	if (item != NULL && erase_line_is_judged(l))
		return turn_page(l, err);
	erase_line_go(l, ERASE_DELETE, 0);
	return 0;
}

/*
 * The service says that it is deleted, and still gives it. What it said to an
 * earlier run does not count for ever: then it is asked once more.
 */
static int
look_again(struct erase_line *l, const struct dsr_json_value *item,
    struct dsr_error *err)
{
	uint64_t status = l->job.page.status;
	bool enough = l->late != NULL ||
	    l->looks >= judge_max_retries(&l->job);

	if (enough && l->deletes == 0)
		return decide(l, item, err);
	if (enough)
		return erase_line_settle(l, "still-there",
		    l->late != NULL ? l->late : NULL, status, err);
	erase_line_go(l, ERASE_VERIFY,
	    now_us() + judge_backoff_us(&l->job, l->looks));
	l->looks++;
	return 0;
}

static int
take_present(struct erase_line *l, struct dsr_error *err)
{
	const struct endpoint *e =
	    connector_endpoint(l->job.c->k, l->job.endpoint);
	const struct dsr_json_value *item = NULL;
	bool is_list;

	/* what is in the other list is neither seen nor gone */
	if (page_is_ambiguous(&l->job))
		return erase_line_settle(l, "failed", "list-ambiguous",
		    l->job.page.status, err);
	if (e->requests.read->data_path != NULL &&
	    erase_is_by_item(e, l->job.endpoint)) {
		item = erase_line_find(l, &is_list);
		if (item == NULL && !is_list)
			return erase_line_settle(l, "failed",
			    "unexpected-shape", l->job.page.status, err);
		if (item == NULL)
			return turn_page(l, err);
	}
	return l->step == ERASE_VERIFY ? look_again(l, item, err)
	                               : decide(l, item, err);
}

/* ---- reading ------------------------------------------------------------- */

/* Nothing came of it; who does not answer is asked in a later run. */
static int
take_failure(struct erase_line *l, const char *reason, struct dsr_error *err)
{
	bool answered = l->job.fetch.outcome == FETCH_ANSWER;

	if (keep(l, err) != 0)
		return -1;
	if (answered || !l->job.host->dead)
		return erase_line_settle(l, "failed", reason,
		    l->job.fetch.status, err);
	l->x->stopped = true;
	return erase_line_leave(l, err);
}

/*
 * That another address, or a later page of the list, is not there says nothing
 * of what was asked for.
 */
static bool
is_gone(const struct job *j)
{
	return j->fetch.outcome == FETCH_ANSWER &&
	    (j->fetch.status == 404 || j->fetch.status == 410) &&
	    j->redirects == 0 && j->page_number == 0;
}

static int
done_reading(struct erase_line *l, struct dsr_error *err)
{
	struct job *j = &l->job;
	const char *reason = NULL;
	int verdict = judge(j, &reason, err), result;

	if (verdict < 0)
		return -1;
	if (verdict == VERDICT_AGAIN || verdict == VERDICT_REDIRECT)
		return 0;
	if (is_gone(j))
		return keep(l, err) == 0
		    ? settle_gone(l, j->fetch.status, err)
		    : -1;
	if (verdict == VERDICT_REFUSED)
		return keep(l, err) == 0 ? stop(l, err) : -1;
	if (verdict != VERDICT_GOOD)
		return take_failure(l,
		    reason != NULL ? reason : "http-status", err);
	result = answer_take(j, &reason, err);
	if (result < 0 || erase_line_write(l, err) != 0)
		return -1;
	return result == 1
	    ? erase_line_settle(l, "failed", reason, j->page.status, err)
	    : take_present(l, err);
}

/* ---- deleting ------------------------------------------------------------ */

/* Nobody knows what it did: reading tells. */
static int
take_doubt(struct erase_line *l, const char *why, struct dsr_error *err)
{
	int64_t wait = judge_backoff_us(&l->job, l->deletes - 1);

	if (keep(l, err) != 0)
		return -1;
	l->doubt = why;
	erase_line_go(l, ERASE_READ, now_us() + wait);
	return 0;
}

bool
erase_is_doubtful(uint64_t status)
{
	return status == 408 || (status >= 500 && status != 503);
}

/* It is done, as far as the service says: looking tells. */
static int
look(struct erase_line *l, struct dsr_error *err)
{
	if (keep(l, err) != 0)
		return -1;
	l->told_done = true;
	erase_line_go(l, ERASE_VERIFY, 0);
	return 0;
}

static int
take_accepted(struct erase_line *l, struct dsr_error *err)
{
	const char *reason = NULL;
	int result = poll_begin(&l->job, &reason, err);

	if (result < 0)
		return -1;
	if (result == 0) {
		if (erase_line_write(l, err) != 0)
			return -1;
		l->step = ERASE_POLL;
		return 0;
	}
	/* it does not say where to ask: looking is the one way to know */
	return look(l, err);
}

static int
take_deleted(struct erase_line *l, struct dsr_error *err)
{
	struct job *j = &l->job;
	const char *reason = NULL;
	int result = 0;

	if (j->request->success_path != NULL)
		result = answer_take(j, &reason, err);
	else if (page_add_trail(j, err) != 0)
		return -1;
	if (result < 0 || erase_line_write(l, err) != 0)
		return -1;
	if (result == 1)
		return erase_line_settle(l, "refused", reason, j->page.status,
		    err);
	l->told_done = true;
	erase_line_go(l, ERASE_VERIFY, 0);
	return 0;
}

static int
done_deleting(struct erase_line *l, struct dsr_error *err)
{
	struct job *j = &l->job;
	const char *reason = NULL;
	int verdict;

	if (j->fetch.outcome != FETCH_ANSWER) {
		j->c->failures++;
		return take_doubt(l, "network", err);
	}
	if (erase_is_doubtful(j->fetch.status))
		return take_doubt(l, "http-status", err);
	verdict = judge(j, &reason, err);
	if (verdict < 0)
		return -1;
	switch ((enum verdict)verdict) {
	case VERDICT_AGAIN:
		/* busy, it says; who knows what it did before it said so */
		if (j->fetch.status == 503)
			l->doubt = "http-status";
		return 0;
	case VERDICT_REDIRECT:
		return 0;
	case VERDICT_GOOD:
		return take_deleted(l, err);
	case VERDICT_ACCEPTED:
		return take_accepted(l, err);
	case VERDICT_IGNORED:
		l->told_absent = true;
		if (keep(l, err) != 0)
			return -1;
		erase_line_go(l, ERASE_VERIFY, 0);
		return 0;
	case VERDICT_REFUSED:
		return keep(l, err) == 0 ? stop(l, err) : -1;
	case VERDICT_GAP:
	case VERDICT_UNREACHED:
		break;
	}
	return keep(l, err) == 0 ? erase_line_settle(l, "refused", reason,
	                               j->fetch.status, err)
	                         : -1;
}

/* ---- asking how it stands ------------------------------------------------ */

static int
done_asking(struct erase_line *l, struct dsr_error *err)
{
	struct job *j = &l->job;
	const char *reason = NULL;
	int verdict = judge(j, &reason, err), state;

	if (verdict < 0)
		return -1;
	if (verdict == VERDICT_AGAIN || verdict == VERDICT_REDIRECT)
		return 0;
	if (verdict == VERDICT_REFUSED)
		return keep(l, err) == 0 ? stop(l, err) : -1;
	/* an error of asking is none of the operation */
	if (verdict != VERDICT_GOOD)
		return look(l, err);
	state = poll_answer(j, &reason, err);
	if (state < 0)
		return -1;
	switch ((enum poll_state)state) {
	case POLL_RUNNING:
		return erase_line_write(l, err);
	case POLL_DONE:
		break;
	case POLL_FAILED:
		return keep(l, err) == 0
		    ? erase_line_settle(l, "failed", reason, j->fetch.status,
		          err)
		    : -1;
	case POLL_TIMED_OUT:
		l->late = reason;
		break;
	}
	return look(l, err);
}

int
erase_line_done(struct fetch *f, struct dsr_error *err)
{
	struct erase_line *l = line_of(f);

	l->job.state = JOB_READY;
	l->job.host->active--;
	switch (l->step) {
	case ERASE_READ:
	case ERASE_VERIFY:
		return done_reading(l, err);
	case ERASE_DELETE:
		return done_deleting(l, err);
	case ERASE_POLL:
		break;
	}
	return done_asking(l, err);
}
