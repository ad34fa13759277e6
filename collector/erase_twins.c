/* SPDX-License-Identifier: ISC */
/*
 * Lines of one request: what it deletes stays or goes together, whichever list
 * or endpoint of the archive names it.
 */
#include "erase.h"

#include <stdio.h>
#include <string.h>

#include "dossier/limits.h"

/* Is there a line of this deletion already? 1, 0, -1. params NULL: whatever
 * they are. */
static int
is_planned(struct planner *p, const char *method, const char *params,
    struct dsr_error *err)
{
	uint8_t digest[DSR_SHA256_BYTES];
	struct dsr_buffer text;
	int result = -1;

	dsr_buffer_init(&text, 8 * DSR_MAX_URL + DSR_MAX_CONNECTOR);
	if (dsr_buffer_printf(&text, err, "%s %s%s%s", method,
	        dsr_buffer_str(&p->url), params == NULL ? "" : " ",
	        params == NULL ? "" : params) == 0) {
		dsr_sha256(digest, text.data, text.len);
		result = dsr_case_mark(p->x->c.store, 0, digest, err);
	}
	dsr_buffer_fini(&text);
	return result;
}

#define ALONG_KEPT "It would take along what must be kept."

/* A line that is planned for the request already, as far as it matters. */
struct twin {
	uint64_t number;
	int64_t endpoint; /* id */
	bool may_go, unnamed, held;
	char reason[DSR_MAX_WORD + 1]; /* why it stays */
};

static int
take_twin(void *ctx, const struct dsr_erasure_plan *plan,
    struct dsr_error *err)
{
	struct twin *t = ctx;

	(void)err;
	t->number = plan->number;
	t->endpoint = plan->endpoint;
	t->may_go = erase_may_go_yet(plan);
	t->unnamed = erase_is_left_for(plan, ERASE_UNNAMED);
	t->held = strcmp(plan->outcome, "held") == 0;
	(void)snprintf(t->reason, sizeof(t->reason), "%s",
	    plan->reason == NULL ? "" : plan->reason);
	return 0;
}

/*
 * The line before t (the last, to begin with): 1, 0, -1. A deletion without a
 * body is its address; values that only reading needs make no other of it.
 */
static int
next_twin(struct planner *p, const struct request *q, struct twin *t,
    struct dsr_error *err)
{
	return dsr_case_erasure_find(p->x->c.store, t->number, q->method,
	    dsr_buffer_str(&p->url),
	    q->body == NULL ? NULL : dsr_buffer_str(&p->params), take_twin, t,
	    err);
}

/* Lines of the same request stay, for what the plan says of this one. */
static int
hold_back(struct planner *p, const struct request *q,
    const struct dsr_erasure_plan *plan, struct dsr_error *err)
{
	bool held = strcmp(plan->outcome, "held") == 0;
	const struct dsr_erasure_result r = { .outcome = "not-attempted",
		.reason = plan->reason, .status = DSR_NONE,
		.detail = held ? ALONG_KEPT : ERASE_MIXED };
	struct erasure *x = p->x;
	struct twin t = { .number = DSR_NONE };
	int got;

	while ((got = next_twin(p, q, &t, err)) == 1) {
		if (!t.may_go &&
		    (!t.unnamed || erase_is_left_for(plan, ERASE_UNNAMED)))
			continue;
		x->tallies[erase_endpoint_of(x, t.endpoint)].not_gone +=
		    t.may_go;
		if (dsr_case_erasure_settle(x->c.store, t.number, &r, err) != 0)
			return -1;
	}
	return got;
}

/* This one stays, for what the plan says of a line of the same request. */
static int
stay_with(struct planner *p, const struct request *q,
    struct dsr_erasure_plan *plan, struct dsr_error *err)
{
	struct twin t = { .number = DSR_NONE }, kept = t;
	int got;

	while ((got = next_twin(p, q, &t, err)) == 1)
		if (!t.may_go && (kept.number == DSR_NONE || kept.unnamed))
			kept = t;
	if (got < 0 || kept.number == DSR_NONE)
		return got;
	(void)snprintf(p->kept_for, sizeof(p->kept_for), "%s", kept.reason);
	plan->outcome = "not-attempted";
	plan->reason = p->kept_for;
	plan->hold = DSR_NONE;
	plan->detail = kept.held ? ALONG_KEPT : ERASE_MIXED;
	return 0;
}

int
erase_plan_together(struct planner *p, struct dsr_erasure_plan *plan,
    struct dsr_error *err)
{
	const struct request *q = &p->x->deletes[p->endpoint];
	int planned = is_planned(p, q->method, dsr_buffer_str(&p->params), err);
	int shared =
	    q->body != NULL ? planned : is_planned(p, q->method, NULL, err);

	if (planned < 0 || shared < 0)
		return -1;
	if (shared == 1 &&
	    (erase_may_go_yet(plan) ? stay_with(p, q, plan, err)
	                            : hold_back(p, q, plan, err)) != 0)
		return -1;
	return planned;
}
