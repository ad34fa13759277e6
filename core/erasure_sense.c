/* SPDX-License-Identifier: ISC */
/* Rules of FORMAT.md 4.10 over the values of one line. */
#include "dossier/sense.h"

#include <stdio.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/name.h"

static bool
is(const struct dsr_erasure *r, const char *outcome)
{
	return strcmp(r->outcome, outcome) == 0;
}

/* Rule 4: what was asked of the service. */
static const char *
deletion_fault(const struct dsr_erasure *r, enum dsr_erasure_asked asked)
{
	if ((asked == DSR_ASKED_NEVER && r->delete.set) ||
	    (asked == DSR_ASKED_SURELY && !r->delete.set))
		return "delete: as the outcome says";
	if (r->method != NULL && strcmp(r->method, "DELETE") != 0 &&
	    strcmp(r->method, "POST") != 0)
		return "method: DELETE or POST";
	if ((r->method == NULL) != (r->template == NULL))
		return "method and template, or neither";
	if (r->method == NULL && (r->url != NULL || r->delete.set))
		return "url and delete with a method";
	if (!r->delete.set && r->poll.set)
		return "poll with a deletion";
	return NULL;
}

/* Rule 5: what must be kept. */
static const char *
hold_fault(const struct dsr_erasure *r)
{
	bool hold = r->hold != DSR_NONE;

	if (!is(r, "held"))
		return hold ? "hold: of what is held" : NULL;
	if (r->hold == 0 || r->reason == NULL ||
	    strcmp(r->reason, hold ? "legal-hold" : "retain-until") != 0)
		return "held: by legal-hold and its entry, or by retain-until";
	return NULL;
}

/* Rule 5: who did what by hand. */
static const char *
hand_fault(const struct dsr_erasure *r)
{
	if ((r->by == NULL) != (r->done == NULL))
		return "by and done, or neither";
	if (is(r, "manual-done") ? r->by == NULL
				 : r->by != NULL && !is(r, "still-there"))
		return "by and done with manual-done";
	if ((is(r, "manual") || is(r, "manual-done")) && r->step == NULL)
		return "step with manual";
	return NULL;
}

/* Rules 3 and 5: what an outcome cannot do without, or have. */
static const char *
outcome_fault(const struct dsr_erasure *r)
{
	if (is(r, "taken-along") && r->with == DSR_NONE)
		return "taken-along: with";
	if (is(r, "changed") && !r->read.set)
		return "changed: read";
	if (is(r, "still-there") && !r->verify.set)
		return "still-there: verify";
	if ((is(r, "failed") || is(r, "refused") || is(r, "not-attempted")) &&
	    r->reason == NULL)
		return "a reason";
	if ((is(r, "held") || is(r, "planned") || is(r, "not-attempted")) &&
	    r->verify.set)
		return "no verify";
	return NULL;
}

/* Rule 6. */
static const char *
times_fault(const struct dsr_erasure *r)
{
	bool asked = r->read.set || r->delete.set || r->poll.set ||
	    r->verify.set;

	if ((r->started != NULL) != asked)
		return "started exactly where there is an exchange";
	if (r->ended != NULL && r->started == NULL)
		return "ended with started";
	return NULL;
}

/* Rule 7. */
static const char *
documents_fault(const struct dsr_erasure *r)
{
	const struct dsr_erasure_document *d = r->documents.items;
	char folder[2 * DSR_MAX_WORD + 32];
	size_t i;
	uint64_t listed = r->document_count < DSR_MAX_ERASURE_DOCUMENTS
	    ? r->document_count
	    : DSR_MAX_ERASURE_DOCUMENTS;

	if (r->document_count == 0 || r->documents.count != listed)
		return "documents: all, or the first 100";
	(void)snprintf(folder, sizeof(folder), "data/documents/%.64s/%.64s/",
	    r->connector, r->endpoint);
	for (i = 0; i < r->documents.count; i++) {
		if (strncmp(d[i].path, folder, strlen(folder)) != 0)
			return "documents: in the folder of the endpoint";
		if (i > 0 && dsr_name_compare(d[i - 1].path,
		    strlen(d[i - 1].path), d[i].path, strlen(d[i].path)) >= 0)
			return "documents: in ascending order";
	}
	return NULL;
}

const char *
dsr_erasure_fault(const struct dsr_erasure *r)
{
	enum dsr_outcome outcome = dsr_outcome_of(r->outcome);
	const char *fault;

	if (outcome == DSR_OUTCOME_COUNT)
		return "outcome: a known word";
	fault = deletion_fault(r, dsr_outcome_row(outcome)->asked);
	if (fault == NULL)
		fault = hold_fault(r);
	if (fault == NULL)
		fault = hand_fault(r);
	if (fault == NULL)
		fault = outcome_fault(r);
	if (fault == NULL)
		fault = times_fault(r);
	return fault != NULL ? fault : documents_fault(r);
}
