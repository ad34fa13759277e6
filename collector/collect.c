/* SPDX-License-Identifier: ISC */
/* The loop: asks as much at a time as it may, and keeps what comes. */
#include "collection.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/memory.h"
#include "piece.h"

/* What came since the last commit is asked again after a kill: commits come as
 * often as costs a thirtieth of the time. */
#define COMMIT_US_LEAST 10000
#define COMMIT_US_MOST  200000
#define COMMIT_SHARE    30
#define COMMIT_ANSWERS 2000u
#define LONGEST_WAIT_MS 200
#define JOBS_PER_REQUEST 2u   /* jobs in memory for each request at a time */

/* ---- setting up ---------------------------------------------------------- */

static void
free_hosts(const char **hosts)
{
	for (size_t i = 0; hosts != NULL && hosts[i] != NULL; i++)
		free((void *)(uintptr_t)hosts[i]);
	free(hosts);
}

/* Host patterns with their parameters filled in; those that lack one do not
 * match anything. */
static const char **
expand_hosts(const struct collection *c, const struct dsr_list *list,
    struct dsr_error *err)
{
	static const struct values none = { NULL, 0 };
	const struct scope scope = { c->k, &c->settings, &none, NULL, NULL,
		NULL };
	const struct template *const *t = list->items;
	const char **hosts = calloc(list->count + 1, sizeof(*hosts));
	size_t count = 0;
	int result = 0;

	if (hosts == NULL) {
		(void)dsr_fail(err, DSR_ENOMEM, "hosts");
		return NULL;
	}
	for (size_t i = 0; i < list->count && result >= 0; i++) {
		struct dsr_buffer text;
		const char *reason;

		dsr_buffer_init(&text, 4096);
		result = scope_expand(&scope, t[i], EXPAND_HEADER, &text,
		    &reason, err);
		if (result == 0 && text.len > 0)
			hosts[count++] = dsr_buffer_take(&text);
		dsr_buffer_fini(&text);
	}
	if (result >= 0)
		return hosts;
	free_hosts(hosts);
	return NULL;
}

int
collection_hosts(struct collection *c, struct dsr_error *err)
{
	const struct authentication *a = c->k->authentication.items;
	size_t count = c->k->authentication.count;

	c->hosts = expand_hosts(c, &c->k->hosts, err);
	c->content_hosts = expand_hosts(c, &c->k->content_hosts, err);
	c->credential_hosts = calloc(count + 1, sizeof(*c->credential_hosts));
	if (c->hosts == NULL || c->content_hosts == NULL)
		return -1;
	if (c->credential_hosts == NULL)
		return dsr_fail(err, DSR_ENOMEM, "hosts");
	for (size_t i = 0; i < count; i++) {
		c->credential_hosts[i] = expand_hosts(c,
		    a[i].hosts.count > 0 ? &a[i].hosts : &c->k->hosts, err);
		if (c->credential_hosts[i] == NULL)
			return -1;
	}
	return 0;
}

/* What this run has to ask, in all and of each endpoint. */
static int
count_planned(struct collection *c, struct dsr_error *err)
{
	uint64_t missing;

	if (dsr_case_pending(c->store, &c->planned, err) != 0 ||
	    dsr_case_missing_count(c->store, &missing, err) != 0)
		return -1;
	c->planned += missing;
	for (size_t i = 0; i < c->k->endpoints.count; i++)
		if (dsr_case_pending_of(c->store, c->lanes[i].id,
		        &c->lanes[i].planned, err) != 0)
			return -1;
	return 0;
}

/* Opens the case and its plan: new, or where it was left. */
static int
open_plan(struct collection *c, struct dsr_error *err)
{
	int known;

	if (dsr_case_begin(c->store, err) != 0)
		return -1;
	known = collection_keep(c, err);
	if (known < 0 ||
	    (known == 1 &&
	        dsr_case_reopen(c->store, c->connector_id, err) != 0))
		return -1;
	if (collection_hosts(c, err) != 0 ||
	    plan_start(c, known == 0, err) != 0 || count_planned(c, err) != 0)
		return -1;
	known = dsr_case_operations(c->store, err);
	if (known < 0)
		return -1;
	c->operations = known == 1;
	known = dsr_case_pieces(c->store, err);
	if (known < 0)
		return -1;
	c->pieces = known == 1;
	if (c->planned > 0 &&
	    dsr_case_custody_add(c->store, "collected", err) != 0)
		return -1;
	return dsr_case_commit(c->store, err);
}

/* Everything that can be refused before a case is made. */
int
collection_prepare(struct collection *c, const struct collect_options *o,
    struct dsr_error *err)
{
	struct complaints complaints = { 0 };
	int result = connector_load(&c->k, o->connector, &complaints, err);

	complaints_fini(&complaints);
	if (result != 0)
		return -1;
	c->lanes = calloc(c->k->endpoints.count, sizeof(*c->lanes));
	c->job_max = o->fetch.concurrency * JOBS_PER_REQUEST;
	c->jobs = calloc(c->job_max, sizeof(struct job *));
	c->rate_us = o->rate_us;
	if (c->lanes == NULL || c->jobs == NULL)
		return dsr_fail(err, DSR_ENOMEM, "collect");
	return settings_take(&c->settings, c->k, o->params, o->param_count,
	    o->identities, o->identity_count, err);
}

void
collection_fini(struct collection *c)
{
	while (c->job_count > 0)
		job_free(c->jobs[--c->job_count]);
	free(c->jobs);
	fetcher_free(c->fetcher);
	if (c->k != NULL) {
		lanes_free(c);
		for (size_t i = 0; c->credential_hosts != NULL &&
		     i < c->k->authentication.count; i++)
			free_hosts(c->credential_hosts[i]);
	}
	free(c->credential_hosts);
	free_hosts(c->hosts);
	free_hosts(c->content_hosts);
	for (size_t i = 0; i < c->host_count; i++) {
		free(c->host_list[i]->name);
		free(c->host_list[i]);
	}
	free(c->host_list);
	dsr_progress_free(c->progress);
	credentials_fini(&c->credentials);
	settings_fini(&c->settings);
	dsr_case_free(c->store);
	connector_free(c->k);
}

/* ---- transactions -------------------------------------------------------- */

int
collection_write(struct collection *c, struct dsr_error *err)
{
	if (c->in_transaction)
		return 0;
	if (dsr_case_begin(c->store, err) != 0)
		return -1;
	c->in_transaction = true;
	c->began_us = now_us();
	c->uncommitted = 0;
	return 0;
}

static int
commit(struct collection *c, bool now, struct dsr_error *err)
{
	int64_t began = now_us();

	if (!c->in_transaction ||
	    (!now && c->uncommitted < COMMIT_ANSWERS &&
	        began - c->began_us < c->commit_us))
		return 0;
	/* what is in it may be what it is for want of memory alone */
	if (dsr_memory_refusals() > 0)
		return dsr_fail(err, DSR_ENOMEM, "answers");
	c->in_transaction = false;
	if (dsr_case_commit(c->store, err) != 0)
		return -1;
	c->commit_us = (now_us() - began) * COMMIT_SHARE;
	if (c->commit_us < COMMIT_US_LEAST)
		c->commit_us = COMMIT_US_LEAST;
	if (c->commit_us > COMMIT_US_MOST)
		c->commit_us = COMMIT_US_MOST;
	return 0;
}

/* ---- the loop ------------------------------------------------------------ */

/* Loads jobs while there is room. */
static int
fill_jobs(struct collection *c, struct dsr_error *err)
{
	struct dsr_task task;
	size_t endpoint;

	while (c->job_count < c->job_max) {
		int got = schedule_next(c, &task, &endpoint, err);

		if (got <= 0)
			return got;
		if (job_new(c, endpoint, &task, err) != 0)
			return -1;
	}
	return 0;
}

/* Starts those jobs whose turn it is that lead, or those that do not. */
static int
start_some(struct collection *c, bool leading, int64_t *soonest_us,
    struct dsr_error *err)
{
	int64_t now = now_us();

	for (size_t i = 0; i < c->job_count;) {
		struct job *j = c->jobs[i];

		if (j->state == JOB_FLYING || job_leads(j) != leading) {
			i++;
			continue;
		}
		if (j->due_us <= now && fetcher_has_room(c->fetcher) &&
		    job_start(j, err) != 0)
			return -1;
		/* it may have ended, and another one stands in its place */
		if (i < c->job_count && c->jobs[i] == j) {
			if (j->state == JOB_READY && j->due_us < *soonest_us)
				*soonest_us = j->due_us;
			i++;
		}
	}
	return 0;
}

/* Starts every job whose turn it is; *soonest_us is when the next one's is. */
static int
start_jobs(struct collection *c, int64_t *soonest_us, struct dsr_error *err)
{
	*soonest_us = INT64_MAX;
	return start_some(c, true, soonest_us, err) != 0 ? -1
	    : start_some(c, false, soonest_us, err);
}

static int
wait_ms(const struct collection *c, int64_t soonest_us)
{
	int64_t ms = soonest_us == INT64_MAX || !fetcher_has_room(c->fetcher)
	    ? LONGEST_WAIT_MS
	    : (soonest_us - now_us()) / 1000 + 1;

	return ms < 0 ? 0 : ms > LONGEST_WAIT_MS ? LONGEST_WAIT_MS : (int)ms;
}

/* Only one: others are sent and received before the next one is looked at. It
 * may leave a job ready. */
static int
take_answer(struct collection *c, int64_t *soonest_us, struct dsr_error *err)
{
	struct fetch *done = fetcher_done(c->fetcher);

	if (done == NULL)
		return 0;
	*soonest_us = 0;
	return job_done(done, err);
}

/* All that fn gives. */
static int
take_all(struct collection *c, struct fetch *(*fn)(struct fetcher *),
    struct dsr_error *err)
{
	struct fetch *done;

	while ((done = fn(c->fetcher)) != NULL)
		if (job_done(done, err) != 0)
			return -1;
	return 0;
}

/*
 * Connections do not stand idle while answers are worked on: what is ready goes
 * out in the place of what has come in, and then one answer is taken.
 */
static int
take_turn(struct collection *c, int64_t *soonest_us, struct dsr_error *err)
{
	return fetcher_wait(c->fetcher, wait_ms(c, *soonest_us), err) != 0 ||
	        take_all(c, fetcher_refused, err) != 0 ||
	        fill_jobs(c, err) != 0 ||
	        start_jobs(c, soonest_us, err) != 0 ||
	        fetcher_send(c->fetcher, err) != 0 ||
	        take_answer(c, soonest_us, err) != 0
	    ? -1
	    : 0;
}

static int
run(struct collection *c, const struct collect_options *o,
    struct dsr_error *err)
{
	int64_t soonest = 0;

	while (*o->ending == 0) {
		if (take_turn(c, &soonest, err) != 0)
			return -1;
		if (c->job_count == 0) {
			/* ended jobs may have left more behind */
			if (fill_jobs(c, err) != 0)
				return -1;
			if (c->job_count == 0)
				break;
			soonest = 0;
		}
		if (pieces_note(c, false, err) != 0 ||
		    commit(c, false, err) != 0)
			return -1;
		schedule_show(c);
	}
	if (take_all(c, fetcher_done, err) != 0 ||
	    pieces_note(c, true, err) != 0)
		return -1;
	if (*o->ending == 0 &&
	    (collection_write(c, err) != 0 || plan_finish(c, err) != 0))
		return -1;
	return commit(c, true, err);
}

static int
conclude(struct collection *c, bool stopped, struct collect_result *result,
    struct dsr_error *err)
{
	if (dsr_case_pending(c->store, &result->pending, err) != 0 ||
	    (c->pieces && !stopped && result->pending == 0 &&
	        dsr_case_pieces_forget(c->store, err) != 0) ||
	    dsr_case_settle(c->store, err) != 0 ||
	    dsr_case_counts(c->store, &result->counts, err) != 0)
		return -1;
	result->unreachable = c->answers == 0 && c->failures > 0;
	result->refused = c->refused != NULL;
	if (c->refused != NULL) {
		(void)snprintf(result->credential, sizeof(result->credential),
		    "%s", c->refused->credential);
		(void)snprintf(result->audience, sizeof(result->audience),
		    "%s",
		    c->refused->audience != NULL ? c->refused->audience : "");
	}
	return 0;
}

int
collect(const struct collect_options *o, struct collect_result *result,
    struct dsr_error *err)
{
	struct collection c;
	int exists, status = -1;

	(void)memset(&c, 0, sizeof(c));
	(void)memset(result, 0, sizeof(*result));
	if (collection_prepare(&c, o, err) != 0 ||
	    credentials_take(&c.credentials, c.k, o->credentials,
	        o->credential_count, err) != 0)
		goto out;
	if ((exists = dsr_case_exists(o->case_path, err)) < 0)
		goto out;
	if (exists == 0 &&
	    settings_complete(&c.settings, c.k, err) != 0)
		goto out;
	if (fetcher_new(&c.fetcher, &o->fetch, err) != 0 ||
	    dsr_case_create(&c.store, o->case_path, err) != 0 ||
	    open_plan(&c, err) != 0 ||
	    dsr_progress_new(&c.progress, o->what, o->no_progress, err) != 0 ||
	    run(&c, o, err) != 0 || conclude(&c, *o->ending != 0, result, err) != 0)
		goto out;
	status = 0;
out:
	collection_fini(&c);
	return status;
}
