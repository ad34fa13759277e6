/* SPDX-License-Identifier: ISC */
/* A job from its start to its end: what follows from each verdict. */
#include "collection.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/clock.h"
#include "dossier/limits.h"
#include "url.h"

static struct job *
job_of(struct fetch *f)
{
	return (struct job *)(void *)((char *)f - offsetof(struct job, fetch));
}

void
job_fini(struct job *j)
{
	if (j->piece_size > 0) /* the case knows of it */
		fetch_part_leave(&j->fetch);
	for (size_t i = 0; i < j->page.content_count; i++)
		if (j->page.contents[i].noted)
			dsr_blob_leave(j->page.contents[i].blob);
	page_fini(&j->page);
	fetch_fini(&j->fetch);
	values_fini(&j->values);
	dsr_buffer_fini(&j->url);
	dsr_buffer_fini(&j->recorded);
	if (j->body.data != NULL)
		explicit_bzero(j->body.data, j->body.cap);
	dsr_buffer_fini(&j->body);
	free(j->next);
	free(j->poll_url);
}

void
job_free(struct job *j)
{
	if (j == NULL)
		return;
	job_fini(j);
	free(j);
}

int
job_init(struct job *j, struct collection *c, size_t endpoint,
    const char *values, struct dsr_error *err)
{
	j->c = c;
	j->endpoint = endpoint;
	j->request = connector_endpoint(c->k, endpoint)->requests.read;
	dsr_buffer_init(&j->url, 4 * DSR_MAX_URL);
	dsr_buffer_init(&j->recorded, 4 * DSR_MAX_URL);
	dsr_buffer_init(&j->body, 4 * DSR_MAX_CONNECTOR);
	return fetch_init(&j->fetch, err) == 0 &&
	        values_read(&j->values, values, err) == 0
	    ? 0
	    : -1;
}

/* The pages of a list come one after the other, and much follows from each:
 * what asks for them is what everything else waits for. */
bool
job_leads(const struct job *j)
{
	return endpoint_leads(connector_endpoint(j->c->k, j->endpoint)) ||
	    j->page_number > 0;
}

static void
free_task(struct dsr_task *task)
{
	free((void *)(uintptr_t)task->params);
	free((void *)(uintptr_t)task->next);
}

int
job_new(struct collection *c, size_t endpoint, struct dsr_task *task,
    struct dsr_error *err)
{
	struct job *j = calloc(1, sizeof(*j));
	int result;

	if (j == NULL) {
		free_task(task);
		return dsr_fail(err, DSR_ENOMEM, "requests");
	}
	j->task = task->id;
	j->page_number = task->next_page;
	j->downloads = task->downloads;
	j->next = (char *)(uintptr_t)task->next; /* ours */
	task->next = NULL;
	result = job_init(j, c, endpoint, task->params, err);
	if (result == 0 && c->operations && !j->downloads)
		result = poll_resume(j, err);
	free_task(task);
	if (result != 0) {
		job_free(j);
		return -1;
	}
	c->jobs[c->job_count++] = j;
	c->lanes[endpoint].active++;
	return 0;
}

/* The job leaves; what it did not finish stays pending. */
static int
job_end(struct job *j, bool finished)
{
	struct collection *c = j->c;

	c->lanes[j->endpoint].active--;
	if (finished) {
		c->answered++;
		c->lanes[j->endpoint].answered++;
	} else {
		c->lanes[j->endpoint].dropped++;
	}
	for (size_t i = 0; i < c->job_count; i++)
		if (c->jobs[i] == j)
			c->jobs[i] = c->jobs[--c->job_count];
	job_free(j);
	return 0;
}

void
job_next_request(struct job *j, enum phase phase)
{
	j->phase = phase;
	j->state = JOB_READY;
	j->due_us = 0;
	j->tries = 0;
	j->redirects = 0;
	j->renewed = false;
	j->attempt_count = 0;
	j->piece_sought = false;
	j->piece_size = 0;
	fetch_part_drop(&j->fetch.part);
}

static int
end_with_gap(struct job *j, const char *reason, bool again,
    struct dsr_error *err)
{
	if (job_gap(j, reason, again, err) != 0)
		return -1;
	return job_end(j, true);
}

/* ---- downloads ----------------------------------------------------------- */

static int
finish_page(struct job *j, struct dsr_error *err)
{
	bool done = true;

	if (answer_write(j, &done, err) != 0)
		return -1;
	j->c->uncommitted++;
	page_fini(&j->page);
	if (done)
		return job_end(j, true);
	job_next_request(j, PHASE_READ);
	return 0;
}

/* The next download that can be asked for, or the end of the page. */
static int
go_to_content(struct job *j, struct dsr_error *err)
{
	const struct request *q =
	    connector_endpoint(j->c->k, j->endpoint)->requests.content;
	struct page *p = &j->page;

	for (; p->content_at < p->content_count; p->content_at++) {
		struct content *one = &p->contents[p->content_at];
		enum link_verdict verdict;
		struct dsr_buffer target;

		if (one->there || one->reason != NULL)
			continue;
		dsr_buffer_init(&target, 4 * DSR_MAX_URL);
		verdict = link_judge(&target, one->url, NULL,
		    q->with_credential
		        ? (const char *const *)j->c->hosts
		        : (const char *const *)j->c->content_hosts,
		    err);
		dsr_buffer_fini(&target);
		if (verdict == LINK_FAILED)
			return -1;
		if (verdict == LINK_GOOD) {
			job_next_request(j, PHASE_CONTENT);
			return 0;
		}
		one->reason = "foreign-content";
		one->status = DSR_NONE;
	}
	return finish_page(j, err);
}

/* Keeps what came of a download; reason is NULL when it is a document. */
static int
store_content(struct job *j, const char *reason, bool ignored, bool again,
    struct dsr_error *err)
{
	struct content *one = &j->page.contents[j->page.content_at];

	if (evidence_take(&one->evidence, j, err) != 0)
		return -1;
	one->reason = reason;
	one->ignored = ignored;
	one->again = again;
	one->status = j->fetch.status;
	if (reason == NULL && !ignored) {
		one->body = j->fetch.content;
		dsr_buffer_init(&j->fetch.content, DSR_MAX_BODY_MEMORY);
		one->blob = j->fetch.blob;
		j->fetch.blob = NULL;
		one->noted = j->piece_size > 0 && one->blob != NULL;
		one->size = j->fetch.size;
		(void)memcpy(one->sha256, j->fetch.sha256,
		    sizeof(one->sha256));
		if (answer_media_type(&one->media_type, &j->fetch, err) != 0)
			return -1;
		one->odd = answer_is_odd_markup(j, one->url, one->media_type);
		dsr_time_format(one->retrieved, &j->fetch.ended, 3);
	}
	j->page.content_at++;
	j->piece_size = 0;
	return go_to_content(j, err);
}

/* ---- verdicts ------------------------------------------------------------ */

static int
take_answer(struct job *j, struct dsr_error *err)
{
	const char *reason = NULL;
	int result;

	j->phase = PHASE_READ; /* its attempts are those of this answer */
	result = answer_take(j, &reason, err);
	if (result < 0)
		return -1;
	if (result == 1)
		return end_with_gap(j, reason, false, err);
	return content_find_missing(j, err) != 0 ? -1 : go_to_content(j, err);
}

/* A signed address that holds no longer: its page gives a new one. */
static bool
is_expired(const struct job *j)
{
	const struct request *q =
	    connector_endpoint(j->c->k, j->endpoint)->requests.content;

	return j->fetch.status == 403 && q->url_path != NULL &&
	    !q->with_credential;
}

int
job_fail(struct job *j, const char *reason, bool again,
    struct dsr_error *err)
{
	if (j->phase == PHASE_CONTENT)
		return store_content(j, reason, false, again || is_expired(j),
		    err);
	if (page_add_trail(j, err) != 0)
		return -1;
	return end_with_gap(j, reason, again, err);
}

/* What was asked so far and where to ask on, in the case: not in memory, and
 * not gone with a kill. */
static int
keep_operation(struct job *j, struct dsr_error *err)
{
	return job_write_trail(j, err) != 0 ? -1 : poll_keep(j, err);
}

static int
take_poll(struct job *j, struct dsr_error *err)
{
	const char *reason = NULL;
	int state = poll_answer(j, &reason, err);

	if (state < 0)
		return -1;
	switch ((enum poll_state)state) {
	case POLL_RUNNING:
		return keep_operation(j, err);
	case POLL_DONE:
		return take_answer(j, err);
	case POLL_FAILED:
		return job_fail(j, reason, false, err);
	case POLL_TIMED_OUT:
		return job_fail(j, reason, true, err);
	}
	return 0;
}

static int
take_good(struct job *j, struct dsr_error *err)
{
	if (j->phase == PHASE_CONTENT)
		return store_content(j, NULL, false, false, err);
	return j->phase == PHASE_POLL ? take_poll(j, err)
	                              : take_answer(j, err);
}

static int
begin_poll(struct job *j, struct dsr_error *err)
{
	const char *reason = NULL;
	int result = poll_begin(j, &reason, err);

	if (result != 0)
		return result == 1 ? job_fail(j, reason, false, err) : -1;
	j->c->commit_us = 0; /* at once: nothing is begun twice */
	return keep_operation(j, err);
}

/*
 * What an earlier run has begun is not known any more: it is begun again. That
 * its exchanges are in the case stays known there, for they are of the answer.
 */
static int
begin_anew(struct job *j, struct dsr_error *err)
{
	free(j->poll_url);
	j->poll_url = NULL;
	j->resumed = false;
	if (page_add_trail(j, err) != 0 || job_write_trail(j, err) != 0 ||
	    dsr_case_operation_set(j->c->store, j->task, "", err) != 0)
		return -1;
	job_next_request(j, PHASE_READ);
	return 0;
}

static int
take_gap(struct job *j, const char *reason, struct dsr_error *err)
{
	if (j->phase == PHASE_POLL && j->resumed &&
	    (j->fetch.status == 404 || j->fetch.status == 410))
		return begin_anew(j, err);
	return job_fail(j, reason, false, err);
}

static int
take_ignored(struct job *j, struct dsr_error *err)
{
	if (j->phase == PHASE_CONTENT)
		return store_content(j, NULL, true, false, err);
	if (page_add_trail(j, err) != 0 || job_ignored(j, err) != 0)
		return -1;
	return job_end(j, true);
}

int
job_done(struct fetch *f, struct dsr_error *err)
{
	struct job *j = job_of(f);
	const char *reason = NULL;
	int verdict;

	j->state = JOB_READY;
	j->host->active--;
	verdict = judge(j, &reason, err);
	if (verdict < 0)
		return -1;
	switch ((enum verdict)verdict) {
	case VERDICT_GOOD:
		return take_good(j, err);
	case VERDICT_IGNORED:
		return take_ignored(j, err);
	case VERDICT_ACCEPTED:
		return begin_poll(j, err);
	case VERDICT_AGAIN:
	case VERDICT_REDIRECT:
		return 0;
	case VERDICT_REFUSED:
		j->host->refused = true;
		j->c->refused = j->authentication;
		return job_fail(j, reason, true, err);
	case VERDICT_GAP:
		return take_gap(j, reason, err);
	case VERDICT_UNREACHED:
		return job_fail(j, reason, true, err);
	}
	return 0;
}

/* A download that is not asked for in this run. */
static int
leave_content(struct job *j, const char *reason, bool again,
    struct dsr_error *err)
{
	struct content *one = &j->page.contents[j->page.content_at];

	one->reason = reason;
	one->again = again;
	one->status = DSR_NONE;
	j->piece_size = 0;
	return go_to_content(j, err);
}

/* Asks, when it is the job's turn and its host may be asked. */
int
job_start(struct job *j, struct dsr_error *err)
{
	const char *reason = NULL;
	int64_t due;
	int result = ask_prepare(j, &reason, err);

	if (result < 0)
		return -1;
	if (result == 1) {
		bool again = strcmp(reason, "credential-not-given") == 0;

		if (j->phase != PHASE_CONTENT)
			return end_with_gap(j, reason, again, err);
		return leave_content(j, reason, again, err);
	}
	due = host_due(j->host);
	if (due == INT64_MAX)
		return j->phase != PHASE_CONTENT
		    ? job_end(j, false)
		    : leave_content(j,
		          j->host->refused ? "credential-refused" : "network",
		          true, err);
	if (due > now_us()) {
		j->due_us = due;
		return 0;
	}
	j->fetch.leads = job_leads(j);
	if (fetcher_start(j->c->fetcher, &j->fetch, err) != 0)
		return -1;
	host_asked(j->c, j->host);
	j->state = JOB_FLYING;
	return 0;
}
