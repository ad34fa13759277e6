/* SPDX-License-Identifier: ISC */
#include "erasures.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/request.h"
#include "dossier/sense.h"

struct erasures {
	struct dsr_sha256 *exchanges, *exchanges_wanted; /* of all, of lines */
	struct dsr_sha256 *gaps, *gaps_wanted;
	uint64_t lines;
	uint64_t next_exchange; /* that a line may begin with */
	bool other_gaps;        /* a gap of no line was seen */
	bool torn;              /* numbers are wrong: nothing to compare */
	uint64_t taker;         /* the last line that is not taken along */
	bool taker_is_gone;
	uint64_t max_hold;      /* the largest entry of legal_hold */
	bool retained;          /* a line is held by retain_until */
	bool executed;          /* something that no plan may have was seen */
	uint64_t outcomes[DSR_OUTCOME_COUNT];
};

int
erasures_new(struct erasures **out, struct dsr_error *err)
{
	struct erasures *e = calloc(1, sizeof(*e));

	*out = NULL;
	if (e == NULL)
		return dsr_fail(err, DSR_ENOMEM, "erasures");
	e->next_exchange = 1;
	if (dsr_sha256_new(&e->exchanges, err) != 0 ||
	    dsr_sha256_new(&e->exchanges_wanted, err) != 0 ||
	    dsr_sha256_new(&e->gaps, err) != 0 ||
	    dsr_sha256_new(&e->gaps_wanted, err) != 0) {
		erasures_free(e);
		return -1;
	}
	*out = e;
	return 0;
}

void
erasures_free(struct erasures *e)
{
	if (e == NULL)
		return;
	dsr_sha256_free(e->exchanges);
	dsr_sha256_free(e->exchanges_wanted);
	dsr_sha256_free(e->gaps);
	dsr_sha256_free(e->gaps_wanted);
	free(e);
}

/* Identifiers hold no NUL, so that it divides them. */
static void
digest(struct dsr_sha256 *h, const char *connector, const char *endpoint,
    const char *word)
{
	dsr_sha256_update(h, connector, strlen(connector) + 1);
	dsr_sha256_update(h, endpoint, strlen(endpoint) + 1);
	dsr_sha256_update(h, word, strlen(word) + 1);
}

static const char *
deletion_word(const char *method)
{
	return method != NULL && strcmp(method, "DELETE") == 0 ? "DELETE" : "";
}

void
erasures_note_exchange(struct erasures *e, const struct dsr_exchange *x)
{
	digest(e->exchanges, x->connector, x->endpoint,
	    deletion_word(x->method));
}

void
erasures_note_gap(struct erasures *e, const struct dsr_gap *g)
{
	bool of_line = dsr_outcome_of(g->reason) != DSR_OUTCOME_COUNT;

	if (of_line && g->connector != NULL && g->endpoint != NULL)
		digest(e->gaps, g->connector, g->endpoint, g->reason);
	/* one that is out of its place is compared, and will not be equal */
	if (of_line && e->other_gaps)
		dsr_sha256_update(e->gaps, "late", sizeof("late"));
	e->other_gaps |= !of_line;
}

/* ---- one line ---------------------------------------------------------------- */

static void
fault(struct check *c, uint64_t number, const char *wanted)
{
	dsr_findings_add(c->findings, DSR_F_JSON_ERASURE,
	    dsr_member_path(DSR_MEMBER_ERASURE), wanted, "line %" PRIu64,
	    number);
}

/* Exchanges of a role follow those before them. */
static void
take_exchanges(struct check *c, const struct dsr_erasure *r,
    const struct dsr_span *span, const char *word)
{
	struct erasures *e = c->erasures;
	uint64_t i;

	if (!span->set || e->torn)
		return;
	if (span->offset != e->next_exchange || span->len == 0 ||
	    span->len > c->result->exchanges ||
	    span->offset > c->result->exchanges - span->len + 1) {
		fault(c, r->number, "exchanges that follow one another");
		e->torn = true;
		return;
	}
	for (i = 0; i < span->len; i++)
		digest(e->exchanges_wanted, r->connector, r->endpoint, word);
	e->next_exchange += span->len;
}

static void
check_taker(struct check *c, const struct dsr_erasure *r, bool is_gone)
{
	struct erasures *e = c->erasures;

	if (r->with == DSR_NONE) {
		e->taker = r->number;
		e->taker_is_gone = is_gone;
		return;
	}
	if (r->with != e->taker)
		fault(c, r->number, "with: the last line that has none");
	else if (strcmp(r->outcome, "taken-along") == 0 && !e->taker_is_gone)
		fault(c, r->number, "taken-along: a line that is gone");
}

void
erasures_add(struct check *c, const struct dsr_erasure *r, uint64_t number)
{
	struct erasures *e = c->erasures;
	enum dsr_outcome outcome = dsr_outcome_of(r->outcome);
	const struct dsr_outcome_row *row;

	e->lines++;
	if (r->number != number)
		fault(c, number, "numbers from 1 upwards");
	if (dsr_erasure_fault(r) != NULL)
		fault(c, number, dsr_erasure_fault(r));
	if (outcome == DSR_OUTCOME_COUNT)
		return;
	row = dsr_outcome_row(outcome);
	e->outcomes[outcome]++;
	e->executed |= !row->may_be_planned || r->delete.set;
	if (!row->is_gone)
		digest(e->gaps_wanted, r->connector, r->endpoint, r->outcome);
	check_taker(c, r, row->is_gone);
	take_exchanges(c, r, &r->read, "");
	take_exchanges(c, r, &r->delete, deletion_word(r->method));
	take_exchanges(c, r, &r->poll, "");
	take_exchanges(c, r, &r->verify, "");
	if (r->hold != DSR_NONE && r->hold > e->max_hold)
		e->max_hold = r->hold;
	e->retained |= outcome == DSR_OUTCOME_held && r->hold == DSR_NONE;
}

/* ---- all of them --------------------------------------------------------------- */

static void
disagree(struct check *c, const char *wanted)
{
	dsr_findings_add(c->findings, DSR_F_ERASURE_MISMATCH,
	    dsr_member_path(DSR_MEMBER_ERASURE), wanted, NULL);
}

static bool
are_equal(struct dsr_sha256 *a, struct dsr_sha256 *b)
{
	uint8_t x[DSR_SHA256_BYTES], y[DSR_SHA256_BYTES];

	dsr_sha256_final(a, x);
	dsr_sha256_final(b, y);
	return memcmp(x, y, sizeof(x)) == 0;
}

static void
check_outcomes(struct check *c, const struct dsr_erasure_summary *s)
{
	const uint64_t stated[] = {
#define X(member, word, gone, asked, plan) s->outcomes->member,
		DSR_OUTCOMES(X)
#undef X
	};
	size_t i;

	for (i = 0; i < DSR_OUTCOME_COUNT; i++)
		if (stated[i] != c->erasures->outcomes[i]) {
			disagree(c, "lines of each outcome as stated");
			break;
		}
	if (!s->executed && c->erasures->executed)
		disagree(c, "a plan in which nothing was deleted");
}

void
erasures_check(struct check *c, const struct dsr_request *request)
{
	struct erasures *e = c->erasures;

	if (c->seen[DSR_MEMBER_ERASURE] == 0)
		return;
	if (c->has_statement && c->statement.erasure != NULL)
		check_outcomes(c, c->statement.erasure);
	if (e->next_exchange - 1 != c->result->exchanges ||
	    !are_equal(e->exchanges, e->exchanges_wanted))
		disagree(c, "each exchange in one line, of its endpoint");
	if (!are_equal(e->gaps, e->gaps_wanted))
		disagree(c, "a gap for each line that is not gone");
	if (e->max_hold > dsr_request_hold_count(request))
		disagree(c, "a request with this entry of legal_hold");
	if (e->retained && dsr_request_text(request, DSR_REQUEST_RETAIN_UNTIL,
	    NULL) == NULL)
		disagree(c, "a request with retain_until");
}
