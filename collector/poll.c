/* SPDX-License-Identifier: ISC */
/* Answers that come later: docs/CONNECTORS.md section 8.4. */
#include "collection.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/text.h"
#include "path.h"
#include "url.h"

static const struct async default_async = { .interval_s = 15,
	.timeout_s = 3600 };

static const char *const address_headers[] = {
	[ASYNC_AZURE] = "azure-asyncoperation",
	[ASYNC_OPERATION] = "operation-location",
	[ASYNC_LOCATION] = "location",
};

static const struct async *
async_of(const struct job *j)
{
	return j->request->async != NULL ? j->request->async : &default_async;
}

static bool
is_word_of(const struct dsr_list *list, const char *const *preset,
    const char *word)
{
	const char *const *words = list->items;

	for (size_t i = 0; i < list->count; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	for (; list->items == NULL && *preset != NULL; preset++)
		if (strcmp(*preset, word) == 0)
			return true;
	return false;
}

/* Takes over an address that the service gave: 1, 0 when it is bad, -1. */
static int
take_link(struct job *j, int protocol, const char *value, bool *foreign,
    struct dsr_error *err)
{
	struct dsr_buffer target;
	enum link_verdict verdict;

	dsr_buffer_init(&target, 4 * DSR_MAX_URL);
	verdict = link_judge(&target, value, j->fetch.url,
	    (const char *const *)j->c->hosts, err);
	if (verdict == LINK_GOOD) {
		free(j->poll_url);
		j->poll_url = dsr_buffer_take(&target);
		j->poll_protocol = protocol;
	}
	dsr_buffer_fini(&target);
	*foreign = verdict == LINK_FOREIGN;
	return verdict == LINK_FAILED ? -1 : verdict == LINK_GOOD;
}

/* Takes over the address of a header: 1, 0 when it is not there, -1. */
static int
take_address(struct job *j, int protocol, bool *foreign,
    struct dsr_error *err)
{
	char value[8192];

	if (!fetch_get_header(&j->fetch, address_headers[protocol], value,
	        sizeof(value)))
		return 0;
	return take_link(j, protocol, value, foreign, err);
}

/* The address that status_request gives for an operation: 1, 0, -1. */
static int
make_status_address(struct job *j, const struct async *a,
    const char *operation, struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(j->c->k, j->endpoint);
	struct values values = { NULL, 0 };
	struct scope scope = job_scope(j);
	struct dsr_buffer url, recorded;
	const char *reason;
	int result = -1;

	dsr_buffer_init(&url, 4 * DSR_MAX_URL);
	dsr_buffer_init(&recorded, 4 * DSR_MAX_URL);
	scope.values = &values;
	if (values_copy(&values, &j->values, err) == 0 &&
	    values_add(&values, OPERATION_NAME, operation, true, err) == 0)
		result = ask_address(&scope, e, a->status_request, &url,
		    &recorded, &reason, err);
	if (result == 0) {
		free(j->poll_url);
		j->poll_url = dsr_buffer_take(&url);
		j->poll_protocol = ASYNC_BODY;
	}
	values_fini(&values);
	dsr_buffer_fini(&url);
	dsr_buffer_fini(&recorded);
	return result < 0 ? -1 : result == 0;
}

/* Where the body of the first answer says that it goes on: 1, 0, -1. */
static int
take_from_body(struct job *j, bool *foreign, struct dsr_error *err)
{
	const struct async *a = async_of(j);
	const struct path *path = a->url_path != NULL ? a->url_path
	                                              : a->id_path;
	const void *body = j->fetch.content.data;
	struct dsr_json *json = NULL;
	struct dsr_buffer text;
	int result = -1;

	dsr_buffer_init(&text, DSR_MAX_URL);
	if (dsr_json_parse_if(&json, body, j->fetch.content.len, err) != 0)
		goto out;
	result = path_text(path_find(dsr_json_root(json), path), body, &text,
	    err);
	if (result == 1)
		result = a->url_path != NULL
		    ? take_link(j, ASYNC_BODY, dsr_buffer_str(&text), foreign,
		          err)
		    : make_status_address(j, a, dsr_buffer_str(&text), err);
out:
	dsr_json_free(json);
	dsr_buffer_fini(&text);
	return result;
}

static void
wait_for_poll(struct job *j)
{
	char value[32];
	uint64_t seconds = async_of(j)->interval_s;

	/* every answer is kept until the last: no service makes them many */
	if (fetch_get_header(&j->fetch, "retry-after", value, sizeof(value)) &&
	    dsr_parse_u64(value, strlen(value), 600, &seconds) && seconds == 0)
		seconds = 1;
	j->phase = PHASE_POLL;
	j->state = JOB_READY;
	j->due_us = now_us() + (int64_t)seconds * 1000000;
	j->tries = 0;
	j->redirects = 0;
	j->renewed = false;
}

int
poll_begin(struct job *j, const char **reason, struct dsr_error *err)
{
	const struct async *a = async_of(j);
	bool foreign = false;
	int got = 0;

	for (int p = ASYNC_AZURE; p <= ASYNC_LOCATION && got == 0; p++)
		if (a->protocol == ASYNC_AUTO || a->protocol == p)
			got = take_address(j, p, &foreign, err);
	if (a->protocol == ASYNC_BODY)
		got = take_from_body(j, &foreign, err);
	if (got < 0)
		return -1;
	*reason = foreign ? "foreign-link" : "operation-failed";
	if (got == 0)
		return 1;
	if (page_add_trail(j, err) != 0)
		return -1;
	j->poll_until_us = now_us() + (int64_t)a->timeout_s * 1000000;
	wait_for_poll(j);
	return 0;
}

/* Protocol, page, address: what poll_resume wants. */
int
poll_keep(struct job *j, struct dsr_error *err)
{
	struct dsr_buffer text;
	int result = -1;

	if (j->downloads)
		return 0; /* its answer is in the case, and here only for links */
	dsr_buffer_init(&text, 4 * DSR_MAX_URL + 64);
	if (dsr_buffer_printf(&text, err, "%d %" PRIu64 " %s",
	        j->poll_protocol, j->page_number, j->poll_url) == 0)
		result = dsr_case_operation_set(j->c->store, j->task,
		    dsr_buffer_str(&text), err);
	dsr_buffer_fini(&text);
	return result;
}

/* A case may have been changed by hand: its addresses are judged as those of
 * the service, and what is none is begun anew, behind exchanges that are in the
 * case already. */
int
poll_resume(struct job *j, struct dsr_error *err)
{
	struct dsr_buffer text;
	uint64_t protocol, page;
	const char *at;
	bool foreign;
	int got;

	dsr_buffer_init(&text, 4 * DSR_MAX_URL + 64);
	got = dsr_case_operation(j->c->store, j->task, &text, err);
	j->trail_begun = got == 1;
	at = got == 1 ? dsr_buffer_str(&text) : "";
	if (got == 1)
		got = dsr_take_u64(&at, ASYNC_BODY, &protocol) &&
		        dsr_take_u64(&at, INT64_MAX, &page) &&
		        protocol != ASYNC_AUTO && page == j->page_number
		    ? take_link(j, (int)protocol, at, &foreign, err)
		    : 0;
	dsr_buffer_fini(&text);
	if (got != 1)
		return got;
	j->poll_until_us =
	    now_us() + (int64_t)async_of(j)->timeout_s * 1000000;
	j->resumed = true;
	job_next_request(j, PHASE_POLL);
	return 0;
}

/* The word for how it stands, in word: 1, 0 when the body has none, -1. */
static int
read_word(const struct job *j, char *word, size_t size,
    struct dsr_error *err)
{
	static const char *const status_keys[] = { "status" };
	static const struct path status = { status_keys, 1, "status" };
	const struct path *path = async_of(j)->status_path;
	struct dsr_json *json = NULL;
	const char *s;

	if (path == NULL && async_of(j)->protocol == ASYNC_LOCATION)
		return 0;
	if (dsr_json_parse_if(&json, j->fetch.content.data,
	        j->fetch.content.len, err) != 0)
		return -1;
	s = dsr_json_string(path_find(dsr_json_root(json),
	                        path != NULL ? path : &status),
	    NULL);
	if (s != NULL)
		(void)snprintf(word, size, "%s", s);
	dsr_json_free(json);
	return s != NULL;
}

int
poll_answer(struct job *j, const char **reason, struct dsr_error *err)
{
	static const char *const succeeded[] = { "Succeeded", NULL };
	static const char *const failed[] = { "Failed", "Canceled",
		"Cancelled", NULL };
	const struct async *a = async_of(j);
	char word[128];
	int has_word = read_word(j, word, sizeof(word), err);
	bool foreign;

	if (has_word < 0)
		return -1;
	if (has_word == 1 ? is_word_of(&a->succeeded, succeeded, word)
	             : j->fetch.status != 202 &&
	            j->poll_protocol == ASYNC_LOCATION)
		return POLL_DONE;
	*reason = "operation-failed";
	if (has_word == 1 && is_word_of(&a->failed, failed, word))
		return POLL_FAILED;
	*reason = "operation-timeout";
	if (now_us() > j->poll_until_us)
		return POLL_TIMED_OUT;
	if ((j->poll_protocol != ASYNC_BODY &&
	        take_address(j, j->poll_protocol, &foreign, err) < 0) ||
	    page_add_trail(j, err) != 0)
		return -1;
	wait_for_poll(j);
	return POLL_RUNNING;
}
