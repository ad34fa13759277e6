/* SPDX-License-Identifier: ISC */
/* Which request is next, and when a host may be asked. */
#include "collection.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOAD_AT_ONCE 256u /* requests of an endpoint taken from the case */

int64_t
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- hosts --------------------------------------------------------------- */

/* The slower of what the connector and the operator allow. */
static int64_t
find_interval(const struct collection *c)
{
	const struct rate_limit *l = c->k->defaults.rate_limit;
	uint64_t interval = c->rate_us;

	if (l != NULL && l->requests != UINT64_MAX) {
		uint64_t own = l->period_s * 1000000 / l->requests;

		if (own > interval)
			interval = own;
	}
	return interval > INT64_MAX ? INT64_MAX : (int64_t)interval;
}

struct host *
host_find(struct collection *c, const char *name, struct dsr_error *err)
{
	struct host **more, *h;

	for (size_t i = 0; i < c->host_count; i++)
		if (strcmp(c->host_list[i]->name, name) == 0)
			return c->host_list[i];
	more = realloc(c->host_list, (c->host_count + 1) * sizeof(*more));
	if (more == NULL) {
		(void)dsr_fail(err, DSR_ENOMEM, "hosts");
		return NULL;
	}
	c->host_list = more;
	h = calloc(1, sizeof(*h));
	if (h != NULL)
		h->name = strdup(name);
	if (h == NULL || h->name == NULL) {
		free(h);
		(void)dsr_fail(err, DSR_ENOMEM, "hosts");
		return NULL;
	}
	h->interval_us = find_interval(c);
	more[c->host_count++] = h;
	return h;
}

int64_t
host_due(const struct host *h)
{
	if (h->dead || h->refused)
		return INT64_MAX;
	/* one that was not heard of yet, or runs short, is asked by one */
	if (h->one_at_a_time && h->active > 0)
		return now_us() + 1000;
	return h->not_before_us;
}

void
host_asked(struct collection *c, struct host *h)
{
	int64_t now = now_us();

	(void)c;
	h->active++;
	if (h->interval_us == 0)
		return;
	if (h->not_before_us < now)
		h->not_before_us = now;
	h->not_before_us += h->interval_us;
}

/* ---- lanes --------------------------------------------------------------- */

void
lane_wake(struct collection *c, size_t endpoint)
{
	c->lanes[endpoint].empty = false;
	c->lanes[endpoint].done = false;
}

static void
free_task(struct dsr_task *t)
{
	free((void *)(uintptr_t)t->params);
	free((void *)(uintptr_t)t->next);
	t->params = NULL;
	t->next = NULL;
}

void
lanes_free(struct collection *c)
{
	for (size_t i = 0; c->lanes != NULL && i < c->k->endpoints.count;
	     i++) {
		struct lane *l = &c->lanes[i];

		for (; l->at < l->queued; l->at++)
			free_task(&l->queue[l->at]);
		free(l->queue);
	}
	free(c->lanes);
	c->lanes = NULL;
}

static int
load_task(void *ctx, const struct dsr_task *task, struct dsr_error *err)
{
	struct lane *l = ctx;
	struct dsr_task *one = &l->queue[l->queued];

	*one = *task;
	one->params = strdup(task->params);
	one->next = task->next == NULL ? NULL : strdup(task->next);
	if (one->params == NULL || (task->next != NULL && one->next == NULL)) {
		free_task(one);
		return dsr_fail(err, DSR_ENOMEM, "plan");
	}
	l->queued++;
	if (task->downloads) {
		l->missing_task = task->id;
		l->missing_page = task->next_page;
	} else {
		l->last = task->id;
	}
	return 0;
}

static int
lane_load(struct collection *c, struct lane *l, struct dsr_error *err)
{
	if (l->at < l->queued || l->empty)
		return 0;
	if (l->queue == NULL) {
		l->queue = calloc(LOAD_AT_ONCE, sizeof(*l->queue));
		if (l->queue == NULL)
			return dsr_fail(err, DSR_ENOMEM, "plan");
	}
	l->at = 0;
	l->queued = 0;
	if (dsr_case_tasks(c->store, l->id, l->last, LOAD_AT_ONCE, load_task,
	        l, err) != 0 ||
	    (l->queued == 0 &&
	        dsr_case_missing(c->store, l->id, l->missing_task,
	            l->missing_page, LOAD_AT_ONCE, load_task, l, err) != 0))
		return -1;
	l->empty = l->queued == 0;
	return 0;
}

static bool
is_done(const struct collection *c, size_t endpoint)
{
	return c->lanes[endpoint].done;
}

/* May the endpoint begin: is all read that its rules and "after" want? */
static bool
may_begin(const struct collection *c, const struct endpoint *e)
{
	const struct param_value *rule = e->subject_match.items;
	const char *const *after = e->after.items;

	for (size_t i = 0; i < e->after.count; i++)
		if (!is_done(c, connector_find(c->k, after[i])))
			return false;
	for (size_t i = 0; i < e->subject_match.count; i++) {
		const struct reference *f = rule[i].references.items;

		if (f != NULL && !is_done(c, f->index))
			return false;
	}
	return true;
}

bool
endpoint_leads(const struct endpoint *e)
{
	return e->parent == NO_ENDPOINT;
}

/* In the order of the file: parents before children. */
static int
next_of(struct collection *c, bool leading, struct dsr_task *task,
    size_t *lane, struct dsr_error *err)
{
	for (size_t i = 0; i < c->k->endpoints.count; i++) {
		const struct endpoint *e = connector_endpoint(c->k, i);
		struct lane *l = &c->lanes[i];

		if (endpoint_leads(e) != leading || l->done ||
		    !may_begin(c, e))
			continue;
		if (lane_load(c, l, err) != 0)
			return -1;
		if (l->at < l->queued) {
			*task = l->queue[l->at++];
			*lane = i;
			return 1;
		}
		l->done = l->active == 0 && l->dropped == 0 &&
		    (e->parent == NO_ENDPOINT || is_done(c, e->parent));
	}
	return 0;
}

int
schedule_next(struct collection *c, struct dsr_task *task, size_t *lane,
    struct dsr_error *err)
{
	int got = next_of(c, true, task, lane, err);

	return got == 0 ? next_of(c, false, task, lane, err) : got;
}

/* ---- for people ---------------------------------------------------------- */

void
schedule_show(struct collection *c)
{
	const struct lane *lane = c->lanes;
	uint64_t left, most = 0;
	size_t named = 0;

	for (size_t i = 0; i < c->k->endpoints.count; i++, lane++) {
		left = lane->planned > lane->answered
		    ? lane->planned - lane->answered
		    : 0;
		if (lane->active > 0 && left > most) {
			most = left;
			named = i;
		}
	}
	lane = &c->lanes[named];
	dsr_progress_part(c->progress,
	    most == 0 ? NULL : connector_endpoint(c->k, named)->name,
	    lane->answered, lane->planned);
	dsr_progress_update(c->progress, c->answered, c->planned, c->bytes);
}
