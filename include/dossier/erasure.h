/* SPDX-License-Identifier: ISC */
/*
 * What can become of a resource that was to be erased: FORMAT.md 4.10. One
 * list makes the words in dossier/erasure.jsonl, the counts in the statement
 * and the rules that a verifier holds each line to.
 */
#ifndef DOSSIER_ERASURE_H
#define DOSSIER_ERASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an outcome says of the deletion that the service was asked for. */
enum dsr_erasure_asked {
	DSR_ASKED_NEVER, /* there was none */
	DSR_ASKED_MAYBE,
	DSR_ASKED_SURELY /* at least one exchange of the line is a deletion */
};

/*
 * member (the key of the count), word, is it gone?, deletion, may it be the
 * outcome in a plan that was not executed? In ascending order of members.
 */
/* clang-format off */
#define DSR_OUTCOMES(X)                                                     \
	X(absent,        "absent",        true,  MAYBE,  true)              \
	X(changed,       "changed",       false, NEVER,  true)              \
	X(erased,        "erased",        true,  SURELY, false)             \
	X(expires,       "expires",       false, NEVER,  true)              \
	X(failed,        "failed",        false, MAYBE,  false)             \
	X(held,          "held",          false, NEVER,  true)              \
	X(manual,        "manual",        false, NEVER,  true)              \
	X(manual_done,   "manual-done",   true,  NEVER,  true)              \
	X(no_way,        "no-way",        false, NEVER,  true)              \
	X(not_attempted, "not-attempted", false, NEVER,  true)              \
	X(planned,       "planned",       false, NEVER,  true)              \
	X(refused,       "refused",       false, SURELY, false)             \
	X(soft_deleted,  "soft-deleted",  true,  SURELY, false)             \
	X(still_there,   "still-there",   false, MAYBE,  false)             \
	X(taken_along,   "taken-along",   true,  NEVER,  false)

enum dsr_outcome {
#define X(member, word, gone, asked, plan) DSR_OUTCOME_##member,
	DSR_OUTCOMES(X)
#undef X
	DSR_OUTCOME_COUNT
};
/* clang-format on */

struct dsr_outcome_row {
	const char *word;
	bool is_gone; /* the resource is not there any more: no gap */
	enum dsr_erasure_asked asked;
	bool may_be_planned;
};

/*
 * For people, to be translated: what became of it (for outcome <
 * DSR_OUTCOME_COUNT), and one sentence that says why (of a reason that no
 * sentence is known of, NULL).
 */
const char *dsr_outcome_text(enum dsr_outcome outcome);
const char *dsr_erasure_reason(const char *reason);
/* For outcome < DSR_OUTCOME_COUNT. */
const struct dsr_outcome_row *dsr_outcome_row(enum dsr_outcome outcome);
/* The outcome of a word; DSR_OUTCOME_COUNT when it is none. */
enum dsr_outcome dsr_outcome_of(const char *word);

#endif
