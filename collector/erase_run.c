/* SPDX-License-Identifier: ISC */
/*
 * The loop: the lines of one endpoint at a time, many of them at once, children
 * before parents. A deletion is on the disk before it is sent.
 */
#include "erase.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/erasure.h"

#define COMMIT_US       200000
#define LONGEST_WAIT_MS 200
#define LINES_AT_ONCE   256u /* that are looked at between two transactions */

size_t
erase_endpoint_of(const struct erasure *x, int64_t endpoint_id)
{
	size_t i = 0;

	while (i + 1 < x->c.k->endpoints.count &&
	    x->c.lanes[i].id != endpoint_id)
		i++;
	return i;
}

/* ---- lines as they stand ------------------------------------------------- */

struct batch {
	struct erasure *x;
	uint64_t last;
	uint64_t numbers[LINES_AT_ONCE];
	const char *notes[LINES_AT_ONCE];
	size_t count, seen;
	int64_t endpoint; /* id of that ... */
	const char *note; /* ... which this is told of */
};

static bool
is_gone(const char *outcome)
{
	return dsr_outcome_row(dsr_outcome_of(outcome))->is_gone;
}

bool
erase_is_left_for(const struct dsr_erasure_plan *p, const char *reason)
{
	return strcmp(p->outcome, "not-attempted") == 0 &&
	    p->reason != NULL && strcmp(p->reason, reason) == 0;
}

bool
erase_may_go_yet(const struct dsr_erasure_plan *p)
{
	return strcmp(p->outcome, "planned") == 0 ||
	    erase_is_left_for(p, "erase-after");
}

/* What may go better in another run. */
static bool
is_worth_another(const struct erasure *x, const struct dsr_erasure_plan *p)
{
	static const char *const words[] = { "failed", "refused",
		"still-there", "changed" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(p->outcome, words[i]) == 0)
			return true;
	return erase_is_left_for(p, "erase-after") ||
	    (x->even_if_unnamed && erase_is_left_for(p, ERASE_UNNAMED));
}

bool
erase_may_go(const struct erasure *x, const struct dsr_erasure_plan *p)
{
	return strcmp(p->outcome, "planned") == 0 || is_worth_another(x, p);
}

static int
take_reopened(void *ctx, const struct dsr_erasure_plan *p,
    struct dsr_error *err)
{
	struct batch *b = ctx;

	b->last = p->number;
	b->seen++;
	if (!is_worth_another(b->x, p))
		return 0;
	if (p->method != NULL && p->endpoint != b->endpoint) {
		b->endpoint = p->endpoint;
		if (erase_find_note(b->x,
		        erase_endpoint_of(b->x, p->endpoint), &b->note, err) !=
		    0)
			return -1;
	}
	/* what became of it stands where the plan's note stood */
	b->notes[b->count] = p->method != NULL ? b->note : NULL;
	b->numbers[b->count++] = p->number;
	return 0;
}

int
erase_reopen(struct erasure *x, struct dsr_error *err)
{
	struct dsr_erasure_result again = { .outcome = "planned",
		.status = DSR_NONE };
	struct batch b = { .x = x };

	if (collection_write(&x->c, err) != 0)
		return -1;
	do {
		b.count = 0;
		b.seen = 0;
		if (dsr_case_erasure_plans(x->c.store, b.last, LINES_AT_ONCE,
		        false, take_reopened, &b, err) != 0)
			return -1;
		for (size_t i = 0; i < b.count; i++) {
			again.detail = b.notes[i];
			if (dsr_case_erasure_settle(x->c.store, b.numbers[i],
			        &again, err) != 0)
				return -1;
		}
	} while (b.seen > 0);
	x->c.in_transaction = false;
	return dsr_case_commit(x->c.store, err);
}

static int
take_tally(void *ctx, const struct dsr_erasure_plan *p, struct dsr_error *err)
{
	struct batch *b = ctx;
	struct erase_tally *t =
	    &b->x->tallies[erase_endpoint_of(b->x, p->endpoint)];

	(void)err;
	b->last = p->number;
	b->seen++;
	if (p->with != DSR_NONE)
		return 0;
	t->lines++;
	t->not_gone += !is_gone(p->outcome);
	t->open += strcmp(p->outcome, "planned") == 0;
	return 0;
}

static int
tally(struct erasure *x, struct dsr_error *err)
{
	struct batch b = { .x = x };

	for (size_t i = 0; i < x->c.k->endpoints.count; i++) {
		x->tallies[i].lines = x->tallies[i].open = 0;
		x->tallies[i].not_gone = x->tallies[i].unproven;
	}
	do {
		b.seen = 0;
		if (dsr_case_erasure_plans(x->c.store, b.last, LINES_AT_ONCE,
		        false, take_tally, &b, err) != 0)
			return -1;
	} while (b.seen > 0);
	for (size_t i = 0; i < x->c.k->endpoints.count; i++)
		x->c.planned += x->tallies[i].open;
	return 0;
}

/* ---- loading ------------------------------------------------------------- */

static bool
is_blocked(const struct erasure *x, size_t endpoint)
{
	const struct endpoint *e = connector_endpoint(x->c.k, endpoint);
	const char *const *names = e->erase_after.items;

	for (size_t i = 0; i < e->erase_after.count; i++)
		if (x->tallies[connector_find(x->c.k, names[i])].not_gone > 0)
			return true;
	return false;
}

struct loading {
	struct erasure *x;
	uint64_t blocked; /* a line that may not be attempted, or 0 */
	bool more;
};

static int
load_line(void *ctx, const struct dsr_erasure_plan *p, struct dsr_error *err)
{
	struct loading *l = ctx;
	struct erasure *x = l->x;
	size_t endpoint = erase_endpoint_of(x, p->endpoint);

	l->more = true;
	if (p->method != NULL && p->params != NULL) {
		/* the endpoint before must have been finished */
		if (x->line_count > 0 && endpoint != x->endpoint) {
			l->more = false;
			return 0;
		}
		x->endpoint = endpoint;
		if (is_blocked(x, endpoint))
			l->blocked = p->number;
		else if (erase_line_new(x, p, err) != 0)
			return -1;
	}
	x->last = p->number;
	return 0;
}

static int
block(struct erasure *x, uint64_t number, struct dsr_error *err)
{
	const struct dsr_erasure_result r = { .outcome = "not-attempted",
		.reason = "erase-after", .status = DSR_NONE,
		.detail = "Something that must be gone before it stays." };

	x->tallies[x->endpoint].open--;
	x->c.answered++;
	return collection_write(&x->c, err) == 0
	    ? dsr_case_erasure_settle(x->c.store, number, &r, err)
	    : -1;
}

/*
 * Of a list that is gone through for its items one line at a time: another
 * deletion would move what stands behind it past where this one looks.
 */
static bool
has_room(const struct erasure *x)
{
	const struct endpoint *e = connector_endpoint(x->c.k, x->endpoint);

	if (x->line_count > 0 && e->requests.read->data_path != NULL &&
	    e->requests.erase != NULL && erase_is_by_item(e, x->endpoint))
		return false;
	return x->line_count < x->line_max;
}

/* Lines while there is room, one by one: each may change what comes next. */
static int
fill_lines(struct erasure *x, struct dsr_error *err)
{
	struct loading l = { .x = x, .more = true };

	while (l.more && !x->stopped && has_room(x)) {
		l.more = false;
		l.blocked = 0;
		if (dsr_case_erasure_plans(x->c.store, x->last, 1, true,
		        load_line, &l, err) != 0 ||
		    (l.blocked != 0 && block(x, l.blocked, err) != 0))
			return -1;
	}
	return 0;
}

/* ---- asking -------------------------------------------------------------- */

/* The time of the transaction matters to nobody but a kill. */
static int
commit(struct erasure *x, bool now, struct dsr_error *err)
{
	if (!x->c.in_transaction ||
	    (!now && now_us() - x->c.began_us < COMMIT_US))
		return 0;
	x->c.in_transaction = false;
	return dsr_case_commit(x->c.store, err);
}

/*
 * Prepares every line whose turn it is, puts what they are about to delete on
 * the disk, and only then sends. *soonest_us is when the next one's turn is.
 */
static int
start_lines(struct erasure *x, int64_t *soonest_us, struct dsr_error *err)
{
	int64_t now = now_us();
	size_t count = 0;
	bool deletes = false;

	*soonest_us = INT64_MAX;
	for (size_t i = 0; i < x->line_count;) {
		struct erase_line *l = x->lines[i];
		int got = 0;

		if (l->job.state == JOB_READY && l->job.due_us <= now)
			got = erase_line_prepare(l, err);
		if (got < 0)
			return -1;
		/* it may be gone, and another one stand in its place */
		if (i == x->line_count || x->lines[i] != l)
			continue;
		if (got == 1) {
			x->ready[count++] = l;
			deletes = deletes || l->step == ERASE_DELETE;
		} else if (l->job.state == JOB_READY &&
		    l->job.due_us < *soonest_us) {
			*soonest_us = l->job.due_us;
		}
		i++;
	}
	if (deletes && commit(x, true, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (fetcher_start(x->c.fetcher, &x->ready[i]->job.fetch,
		        err) != 0)
			return -1;
	return 0;
}

static int
take_answers(struct erasure *x, struct dsr_error *err)
{
	struct fetch *done;

	while ((done = fetcher_done(x->c.fetcher)) != NULL)
		if (erase_line_done(done, err) != 0)
			return -1;
	return 0;
}

static int
wait_ms(int64_t soonest_us)
{
	int64_t ms = soonest_us == INT64_MAX
	    ? LONGEST_WAIT_MS
	    : (soonest_us - now_us()) / 1000 + 1;

	return ms < 0 ? 0 : ms > LONGEST_WAIT_MS ? LONGEST_WAIT_MS : (int)ms;
}

static int
run_lines(struct erasure *x, struct dsr_error *err)
{
	int64_t soonest;

	while (*x->ending == 0) {
		if (fill_lines(x, err) != 0 ||
		    start_lines(x, &soonest, err) != 0)
			return -1;
		if (x->line_count == 0) {
			/* what has ended may have left more to begin */
			if (fill_lines(x, err) != 0)
				return -1;
			if (x->line_count == 0)
				break;
			continue;
		}
		if (fetcher_wait(x->c.fetcher, wait_ms(soonest), err) != 0 ||
		    take_answers(x, err) != 0 || commit(x, false, err) != 0)
			return -1;
		dsr_progress_update(x->c.progress, x->c.answered,
		    x->c.planned, 0);
	}
	return commit(x, true, err);
}

/* ---- what went along ----------------------------------------------------- */

struct along {
	struct erasure *x;
	uint64_t last, seen, with;
	size_t endpoint; /* whose lines take it along */
	size_t count;
	struct {
		uint64_t number;
		size_t endpoint;
	} lines[LINES_AT_ONCE];
};

static int
take_along(void *ctx, const struct dsr_erasure_plan *p, struct dsr_error *err)
{
	struct along *a = ctx;

	(void)err;
	a->last = p->number;
	a->seen++;
	if (p->with == DSR_NONE) {
		a->endpoint = erase_endpoint_of(a->x, p->endpoint);
		return 0;
	}
	if (strcmp(p->outcome, "planned") != 0)
		return 0;
	a->lines[a->count].number = p->number;
	a->lines[a->count++].endpoint = a->endpoint;
	return 0;
}

/* It went along when all that takes it along is gone. */
static int
settle_along(struct erasure *x, uint64_t number, size_t endpoint,
    struct dsr_error *err)
{
	const struct erase_tally *t = &x->tallies[endpoint];
	struct dsr_erasure_result r = { .outcome = "taken-along",
		.status = DSR_NONE };

	if (t->open > 0)
		return 0;
	if (t->not_gone > 0) {
		r.outcome = "not-attempted";
		r.reason = "erase-after";
		r.detail = "What takes it along stays.";
	}
	return dsr_case_erasure_settle(x->c.store, number, &r, err);
}

static int
finish_along(struct erasure *x, struct dsr_error *err)
{
	struct along a = { .x = x };

	if (collection_write(&x->c, err) != 0)
		return -1;
	do {
		a.count = 0;
		a.seen = 0;
		if (dsr_case_erasure_plans(x->c.store, a.last, LINES_AT_ONCE,
		        false, take_along, &a, err) != 0)
			return -1;
		for (size_t i = 0; i < a.count; i++)
			if (settle_along(x, a.lines[i].number,
			        a.lines[i].endpoint, err) != 0)
				return -1;
	} while (a.seen > 0);
	return commit(x, true, err);
}

int
erase_run(struct erasure *x, struct dsr_error *err)
{
	if (tally(x, err) != 0 || run_lines(x, err) != 0)
		return -1;
	return *x->ending != 0 ? 0 : finish_along(x, err);
}
