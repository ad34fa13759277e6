/* SPDX-License-Identifier: ISC */
/* What an answer means: docs/CONNECTORS.md section 8. */
#include "collection.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/clock.h"
#include "dossier/limits.h"
#include "dossier/random.h"
#include "dossier/text.h"
#include "url.h"

#define MAX_REDIRECTS       5u
#define RETRIES_OF_UNKNOWN  2u /* to a host that never answered */
#define FAILURES_OF_DEAD    3u /* requests in a row, each after its retries */
#define ENOUGH_PROGRESS     (1u << 20) /* bytes: a download that goes on */
#define LOW_REMAINING       100u
/* A reset below is seconds from now, and else since 1970. */
#define MOST_RELATIVE_S     100000000u
#define DEFAULT_RESET_S     60u

static const struct error_handler default_handler = {
	.max_retries = 5,
	.backoff_base_s = 1,
	.backoff_cap_s = 60,
	.retry_after_cap_s = 600,
};
static const struct rate_limit default_limit = {
	.requests = UINT64_MAX,
	.period_s = 1,
	.remaining_header = "x-ratelimit-remaining",
	.reset_header = "x-ratelimit-reset",
};

static const struct error_handler *
handler_of(const struct job *j)
{
	const struct error_handler *h = j->c->k->defaults.error_handler;

	return h != NULL ? h : &default_handler;
}

static bool
is_among(const struct dsr_list *list, uint64_t status)
{
	const uint64_t *codes = list == NULL ? NULL : list->items;

	for (size_t i = 0; codes != NULL && i < list->count; i++)
		if (codes[i] == status)
			return true;
	return false;
}

void
note_attempt(struct job *j, const char *reason)
{
	struct attempt *a;

	if (j->attempt_count == MAX_ATTEMPTS)
		return;
	a = &j->attempts[j->attempt_count++];
	dsr_time_format(a->ended, &j->fetch.ended, 9);
	a->status = j->fetch.status;
	if (reason != NULL)
		(void)snprintf(a->reason, sizeof(a->reason), "%s", reason);
	else
		(void)snprintf(a->reason, sizeof(a->reason),
		    "status %" PRIu64, j->fetch.status);
}

/* ---- waiting ------------------------------------------------------------- */

/* Seconds that Retry-After asks for; false when it is not there. */
static bool
read_retry_after(const struct fetch *f, uint64_t *seconds)
{
	char value[128];
	time_t when;
	struct timespec now;

	if (!fetch_get_header(f, "retry-after", value, sizeof(value)))
		return false;
	if (dsr_parse_u64(value, strlen(value), INT32_MAX, seconds))
		return true;
	when = curl_getdate(value, NULL);
	if (when == -1)
		return false;
	dsr_clock_now(&now);
	*seconds = when > now.tv_sec ? (uint64_t)(when - now.tv_sec) : 0;
	return true;
}

/* The n-th wait: drawn from the upper half of base * 2^n, capped. */
static int64_t
draw_backoff_us(const struct error_handler *h, unsigned int n)
{
	uint64_t longest = h->backoff_base_s << (n < 20 ? n : 20);
	uint32_t draw;

	if (longest > h->backoff_cap_s)
		longest = h->backoff_cap_s;
	longest *= 1000000;
	dsr_random_bytes(&draw, sizeof(draw));
	return (int64_t)(longest / 2 + (longest / 2) * draw / UINT32_MAX);
}

int64_t
judge_backoff_us(const struct job *j, unsigned int n)
{
	return draw_backoff_us(handler_of(j), n);
}

uint64_t
judge_max_retries(const struct job *j)
{
	return handler_of(j)->max_retries;
}

static void
hold_host(struct job *j, uint64_t seconds)
{
	int64_t until = now_us() + (int64_t)seconds * 1000000;

	if (j->host->not_before_us < until)
		j->host->not_before_us = until;
}

/* Plans the same request once more. */
static enum verdict
try_again(struct job *j, const char *why)
{
	const struct error_handler *h = handler_of(j);
	uint64_t seconds;

	note_attempt(j, why);
	j->due_us = now_us() + draw_backoff_us(h, j->tries);
	if (j->fetch.outcome == FETCH_ANSWER &&
	    read_retry_after(&j->fetch, &seconds)) {
		if (seconds > h->retry_after_cap_s)
			seconds = h->retry_after_cap_s;
		j->due_us = now_us() + (int64_t)seconds * 1000000;
		if (j->fetch.status == 429 || j->fetch.status == 503 ||
		    j->fetch.status == 403)
			hold_host(j, seconds);
	}
	j->tries++;
	return VERDICT_AGAIN;
}

/* What the service says is left of the budget. */
static bool
note_remaining(struct job *j)
{
	const struct rate_limit *l = j->c->k->defaults.rate_limit;
	char value[64];
	uint64_t remaining, reset, wait = DEFAULT_RESET_S;
	struct timespec now;

	if (l == NULL)
		l = &default_limit;
	if (!fetch_get_header(&j->fetch, l->remaining_header, value,
	        sizeof(value)) ||
	    !dsr_parse_u64(value, strlen(value), INT64_MAX, &remaining))
		return false;
	j->host->one_at_a_time = remaining < LOW_REMAINING;
	if (remaining > 0)
		return false;
	dsr_clock_now(&now);
	if (fetch_get_header(&j->fetch, l->reset_header, value,
	        sizeof(value)) &&
	    dsr_parse_u64(value, strlen(value), INT64_MAX, &reset)) {
		if (reset < MOST_RELATIVE_S)
			reset += (uint64_t)now.tv_sec;
		wait = reset > (uint64_t)now.tv_sec
		    ? reset - (uint64_t)now.tv_sec
		    : 0;
	}
	if (wait > handler_of(j)->retry_after_cap_s)
		wait = handler_of(j)->retry_after_cap_s;
	hold_host(j, wait);
	return true;
}

/* ---- no answer ----------------------------------------------------------- */

/* What a body that broke off left; true when that brought it further. */
static bool
keep_part(struct job *j, char *text, size_t size)
{
	uint64_t before = j->fetch.part.size;
	struct dsr_error ignored;

	if (j->fetch.outcome != FETCH_TRUNCATED ||
	    !fetch_part_keep(&j->fetch, &ignored))
		return false;
	(void)snprintf(text, size, "broke off: %" PRIu64 " bytes are kept",
	    j->fetch.part.size);
	return j->fetch.part.size >= before + ENOUGH_PROGRESS;
}

static enum verdict
judge_failure(struct job *j, const char **reason)
{
	const char *why = j->fetch.error;
	char text[64] = "";
	struct host *h = j->host;
	uint64_t most = handler_of(j)->max_retries;
	bool may_have_arrived = strcmp(j->fetch.method, "POST") == 0 &&
	    j->fetch.tls != NULL;

	if (!h->answered && most > RETRIES_OF_UNKNOWN)
		most = RETRIES_OF_UNKNOWN;
	if (keep_part(j, text, sizeof(text)))
		j->tries = 0;
	if (text[0] != '\0')
		why = text;
	if (j->tries < most && !may_have_arrived && !h->dead)
		return try_again(j, why);
	h->failures++;
	if (!h->answered || h->failures >= FAILURES_OF_DEAD)
		h->dead = true;
	*reason = j->fetch.outcome == FETCH_TRUNCATED ? "truncated"
	    : j->fetch.outcome == FETCH_DAMAGED       ? "damaged"
	                                              : "network";
	return VERDICT_UNREACHED;
}

/* ---- 401 ----------------------------------------------------------------- */

static int
judge_refusal(struct job *j, const char **reason, struct dsr_error *err)
{
	struct credentials *c = &j->c->credentials;
	const char *name = j->authentication == NULL
	    ? NULL
	    : j->authentication->credential;

	*reason = "credential-refused";
	if (name == NULL) {
		*reason = "http-status";
		return VERDICT_GAP;
	}
	if (credentials_generation(c, name) == j->generation) {
		if (j->renewed || credentials_are_doubted(c, name))
			return VERDICT_REFUSED;
		if (credentials_renew(c, name, err) < 0)
			return -1;
	}
	/* else another request has renewed it already */
	j->renewed = true;
	note_attempt(j, NULL);
	j->due_us = now_us();
	return VERDICT_AGAIN;
}

/* ---- redirects ----------------------------------------------------------- */

static int
judge_redirect(struct job *j, const char **reason, struct dsr_error *err)
{
	bool content = j->phase == PHASE_CONTENT;
	char location[8192];
	struct dsr_buffer target;
	const char *const *hosts = content
	    ? (const char *const *)j->c->content_hosts
	    : (const char *const *)j->c->hosts;
	enum link_verdict verdict;
	int result = VERDICT_GAP;

	*reason = content ? "foreign-content" : "foreign-redirect";
	if (j->redirects == MAX_REDIRECTS ||
	    strcmp(j->fetch.method, "GET") != 0 ||
	    !fetch_get_header(&j->fetch, "location", location,
	        sizeof(location)))
		return VERDICT_GAP;
	dsr_buffer_init(&target, DSR_MAX_URL + 1);
	verdict = link_judge(&target, location, j->fetch.url, hosts, err);
	if (verdict == LINK_FAILED) {
		result = -1;
	} else if (verdict == LINK_GOOD &&
	    (content ||
	        url_same_origin(dsr_buffer_str(&target), j->fetch.url))) {
		note_attempt(j, NULL);
		dsr_buffer_reset(&j->url);
		dsr_buffer_reset(&j->recorded);
		result = dsr_buffer_append(&j->url, target.data, target.len,
		             err) != 0 ||
		        url_record(&j->recorded, dsr_buffer_str(&target), NULL,
		            err) != 0
		    ? -1
		    : VERDICT_REDIRECT;
		j->redirects++;
		j->due_us = now_us();
	}
	dsr_buffer_fini(&target);
	return result;
}

/* ---- statuses ------------------------------------------------------------ */

static bool
is_success(const struct job *j, const struct request *q, uint64_t status)
{
	if (j->phase == PHASE_READ && q->success_codes != NULL)
		return is_among(q->success_codes, status);
	return status >= 200 && status < 300;
}

static bool
is_accepted(const struct job *j, const struct request *q, uint64_t status)
{
	if (j->phase != PHASE_READ)
		return false;
	return q->accepted_codes != NULL ? is_among(q->accepted_codes, status)
	                                 : status == 202;
}

static bool
is_for_later(const struct job *j, uint64_t status, bool exhausted)
{
	const struct error_handler *h = handler_of(j);
	uint64_t ignored;

	if (status == 403)
		return exhausted || read_retry_after(&j->fetch, &ignored);
	if (strcmp(j->fetch.method, "POST") == 0)
		return status == 429 || status == 503;
	if (h->retry.items != NULL)
		return is_among(&h->retry, status);
	return status == 408 || status == 425 || status == 429 ||
	    status >= 500;
}

static int
judge_status(struct job *j, const struct request *q, bool exhausted,
    const char **reason, struct dsr_error *err)
{
	uint64_t status = j->fetch.status;

	if (status == 401)
		return judge_refusal(j, reason, err);
	if (is_among(q->ignore_errors, status))
		return VERDICT_IGNORED;
	if (is_accepted(j, q, status))
		return VERDICT_ACCEPTED;
	if (is_success(j, q, status))
		return VERDICT_GOOD;
	if (status >= 300 && status < 400 && status != 304)
		return judge_redirect(j, reason, err);
	*reason = "http-status";
	if (!is_for_later(j, status, exhausted))
		return VERDICT_GAP;
	if (j->tries < handler_of(j)->max_retries)
		return (int)try_again(j, NULL);
	return VERDICT_UNREACHED;
}

int
judge(struct job *j, const char **reason, struct dsr_error *err)
{
	bool exhausted;

	*reason = NULL;
	switch (j->fetch.outcome) {
	case FETCH_NOTHING:
	case FETCH_TRUNCATED:
	case FETCH_DAMAGED:
		j->c->failures++;
		return (int)judge_failure(j, reason);
	case FETCH_TOO_LARGE:
		*reason = "too-large";
		return VERDICT_GAP;
	case FETCH_MALFORMED:
		*reason = "unexpected-shape";
		return VERDICT_GAP;
	case FETCH_ANSWER:
		break;
	}
	j->host->answered = true;
	j->host->failures = 0;
	j->c->answers++;
	if (j->fetch.status != 401 && j->authentication != NULL)
		credentials_accept(&j->c->credentials,
		    j->authentication->credential, j->generation);
	exhausted = note_remaining(j);
	return judge_status(j, j->phase == PHASE_CONTENT
	        ? connector_endpoint(j->c->k, j->endpoint)->requests.content
	        : j->request,
	    exhausted, reason, err);
}
