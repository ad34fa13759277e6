/* SPDX-License-Identifier: ISC */
/*
 * One line of the plan under way: it is read, compared, deleted, and read
 * again. What a deletion did is never guessed: it is written down before it is
 * sent, and where its answer is not known, reading tells.
 */
#include "erase.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/erasure.h"
#include "dossier/limits.h"
#include "dossier/random.h"

/* ---- its life ------------------------------------------------------------ */

static bool
is_list(const struct erase_line *l)
{
	return connector_endpoint(l->job.c->k, l->job.endpoint)
	           ->requests.read->data_path != NULL;
}

void
erase_line_go(struct erase_line *l, enum erase_step step, int64_t due_us)
{
	struct job *j = &l->job;

	page_fini(&j->page);
	l->trail_written = 0;
	job_next_request(j, PHASE_READ);
	j->request = step == ERASE_DELETE
	    ? &l->x->deletes[j->endpoint]
	    : connector_endpoint(j->c->k, j->endpoint)->requests.read;
	free(j->next);
	j->next = NULL;
	j->page_number = 0;
	l->cleared = false;
	j->growing = 0;
	if (is_list(l)) /* its pages are marked anew */
		j->task = -(int64_t)(l->x->listings++ & INT64_MAX) - 1;
	j->due_us = due_us;
	l->step = step;
}

/* A deletion was sent in an earlier run, or meant to be. */
static void
take_up(struct erase_line *l, uint64_t status)
{
	l->sent = true;
	if (status == DSR_NONE || erase_is_doubtful(status))
		l->doubt = "interrupted";
	else
		l->told_done = status >= 200 && status < 300;
}

int
erase_line_new(struct erasure *x, const struct dsr_erasure_plan *plan,
    struct dsr_error *err)
{
	struct erase_line *l = calloc(1, sizeof(*l));
	uint64_t status;
	int64_t id;
	int sent;

	if (l == NULL)
		return dsr_fail(err, DSR_ENOMEM, "plan");
	l->x = x;
	l->number = plan->number;
	l->item = plan->item == NULL ? NULL : strdup(plan->item);
	l->note = plan->detail == NULL ? NULL : strdup(plan->detail);
	sent = dsr_case_erasure_last(x->c.store, l->number,
	    DSR_ERASURE_DELETE, &id, &status, err);
	if (job_init(&l->job, &x->c, erase_endpoint_of(x, plan->endpoint),
	        plan->params, err) != 0 ||
	    sent < 0) {
		erase_line_free(l);
		return -1;
	}
	if (sent == 1)
		take_up(l, status);
	erase_line_go(l, l->told_done ? ERASE_VERIFY : ERASE_READ, 0);
	x->lines[x->line_count++] = l;
	return 0;
}

void
erase_line_free(struct erase_line *l)
{
	if (l == NULL)
		return;
	job_fini(&l->job);
	free(l->item);
	free(l->note);
	free(l);
}

int
erase_line_leave(struct erase_line *l, struct dsr_error *err)
{
	struct erasure *x = l->x;

	(void)err;
	for (size_t i = 0; i < x->line_count; i++)
		if (x->lines[i] == l)
			x->lines[i] = x->lines[--x->line_count];
	erase_line_free(l);
	return 0;
}

/* One sentence about what words alone do not say. */
static const char *
find_detail(const struct erase_line *l, const char *outcome)
{
	if (strcmp(outcome, "changed") == 0)
		return "It is not as it was when it was exported.";
	if (strcmp(outcome, "soft-deleted") == 0)
		return "The service keeps what is deleted for a while.";
	if (l->doubt != NULL && strcmp(outcome, "erased") == 0)
		return "The answer to a deletion is not known; reading showed "
		       "that it is gone.";
	if (l->mixed)
		return ERASE_MIXED;
	return l->note;
}

int
erase_line_settle(struct erase_line *l, const char *outcome,
    const char *reason, uint64_t status, struct dsr_error *err)
{
	const struct dsr_erasure_result result = { .outcome = outcome,
		.reason = reason, .detail = find_detail(l, outcome),
		.status = status };
	struct erase_tally *t = &l->x->tallies[l->job.endpoint];

	if (collection_write(l->job.c, err) != 0 ||
	    dsr_case_erasure_settle(l->x->c.store, l->number, &result, err) !=
	        0)
		return -1;
	t->open--;
	if (dsr_outcome_row(dsr_outcome_of(outcome))->is_gone)
		t->not_gone--;
	l->x->c.answered++;
	l->x->c.uncommitted++;
	return erase_line_leave(l, err);
}

/* ---- exchanges ----------------------------------------------------------- */

static enum dsr_erasure_role
role_of(const struct erase_line *l)
{
	switch (l->step) {
	case ERASE_READ:
		/* after a deletion, reading tells what it did */
		return l->sent ? DSR_ERASURE_VERIFY : DSR_ERASURE_READ;
	case ERASE_DELETE:
		return DSR_ERASURE_DELETE;
	case ERASE_POLL:
		return DSR_ERASURE_POLL;
	case ERASE_VERIFY:
		break;
	}
	return DSR_ERASURE_VERIFY;
}

int
erase_line_write(struct erase_line *l, struct dsr_error *err)
{
	struct page *p = &l->job.page;
	struct dsr_case *store = l->x->c.store;
	int64_t id;

	if (collection_write(l->job.c, err) != 0)
		return -1;
	for (; l->trail_written < p->trail_count; l->trail_written++) {
		struct evidence *e = &p->trail[l->trail_written];

		if (l->exchange != 0) {
			if (dsr_case_erasure_exchange_replace(store, l->number,
			        DSR_ERASURE_DELETE, l->exchange, &e->record,
			        err) != 0)
				return -1;
			l->exchange = 0;
			continue;
		}
		/* a list that is looked through holds others' things, too */
		if (is_list(l))
			evidence_hide(e);
		if (dsr_case_erasure_exchange_add(store, l->number,
		        role_of(l), &e->record, &id, err) != 0)
			return -1;
	}
	return 0;
}

/* The deletion as it will be sent, before anybody knows what comes of it. */
static int
write_down(struct erase_line *l, struct dsr_error *err)
{
	struct job *j = &l->job;
	struct evidence e;
	int result = -1;

	dsr_clock_now(&j->fetch.started);
	j->fetch.ended = j->fetch.started;
	j->fetch.outcome = FETCH_NOTHING;
	j->fetch.status = DSR_NONE;
	if (evidence_take(&e, j, err) != 0)
		return -1;
	e.record.ended = NULL;
	e.record.error = "no answer was recorded";
	if (collection_write(j->c, err) == 0)
		result = dsr_case_erasure_exchange_add(l->x->c.store,
		    l->number, DSR_ERASURE_DELETE, &e.record, &l->exchange,
		    err);
	evidence_fini(&e);
	return result;
}

/* ---- asking -------------------------------------------------------------- */

static int
cannot_ask(struct erase_line *l, const char *reason, struct dsr_error *err)
{
	if (strcmp(reason, "credential-not-given") != 0)
		return erase_line_settle(l, "failed", reason, DSR_NONE, err);
	l->x->stopped = true;
	return erase_line_leave(l, err);
}

int
erase_line_prepare(struct erase_line *l, struct dsr_error *err)
{
	struct job *j = &l->job;
	const char *reason = NULL;
	int64_t due;
	int result = ask_prepare(j, &reason, err);

	j->fetch.once = l->step == ERASE_DELETE;

	if (result < 0)
		return -1;
	if (result == 1)
		return cannot_ask(l, reason, err);
	due = host_due(j->host);
	if (due == INT64_MAX) {
		l->x->stopped = true;
		return erase_line_leave(l, err);
	}
	if (due > now_us()) {
		j->due_us = due;
		return 0;
	}
	if (l->step == ERASE_DELETE && l->exchange == 0) {
		if (write_down(l, err) != 0)
			return -1;
		l->sent = true;
		l->deletes++;
		l->looks = 0;
	}
	host_asked(j->c, j->host);
	j->state = JOB_FLYING;
	return 1;
}
