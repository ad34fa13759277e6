/* SPDX-License-Identifier: ISC */
#include "dossier/erasure.h"

#include <string.h>

#include "dossier/language.h"
#include "dossier/page.h"

static const struct dsr_outcome_row rows[DSR_OUTCOME_COUNT] = {
#define X(member, word, gone, asked, plan) \
	[DSR_OUTCOME_##member] = { word, gone, DSR_ASKED_##asked, plan },
	DSR_OUTCOMES(X)
#undef X
};

/* clang-format off */
static const char *const texts[DSR_OUTCOME_COUNT] = {
	[DSR_OUTCOME_absent] = N_("not there (any more)"),
	[DSR_OUTCOME_changed] = N_("NOT deleted: changed since it was exported"),
	[DSR_OUTCOME_erased] = N_("erased"),
	[DSR_OUTCOME_expires] = N_("the service deletes it by itself, in time"),
	[DSR_OUTCOME_failed] = N_("NOT deleted: failed"),
	[DSR_OUTCOME_held] = N_("NOT deleted: must be kept"),
	[DSR_OUTCOME_manual] = N_("to be deleted by hand"),
	[DSR_OUTCOME_manual_done] = N_("deleted by hand"),
	[DSR_OUTCOME_no_way] = N_("cannot be deleted: the service gives no way"),
	[DSR_OUTCOME_not_attempted] = N_("NOT deleted: not attempted"),
	[DSR_OUTCOME_planned] = N_("to be deleted"),
	[DSR_OUTCOME_refused] = N_("NOT deleted: the service refused"),
	[DSR_OUTCOME_soft_deleted] = N_("deleted; the service keeps it for a while"),
	[DSR_OUTCOME_still_there] = N_("deleted, says the service, and still there"),
	[DSR_OUTCOME_taken_along] = N_("went along"),
};
/* clang-format on */

/* What gaps have in common with a collection's is there: dsr_gap_reason. */
static const struct {
	const char *reason, *text;
} reasons[] = {
	{ "address-unknown", N_("Where it is at the service, or its id, does "
	    "not follow from the archive") },
	{ "changed", N_("It had changed since it was exported") },
	{ "erase-after", N_("Something that must go before it, or with which "
	    "it goes, stays") },
	{ "foreign-redirect", N_("The service pointed to another address") },
	{ "identity-not-given", N_("A value that its deletion needs was not "
	    "given") },
	{ "interrupted", N_("It is not known whether the service got the "
	    "request to delete it") },
	{ "legal-hold", N_("The request says that it must be kept, or may "
	    "mean it") },
	{ "names-nobody", N_("It does not say whose it is") },
	{ "not-exported", N_("Whose it is, or what goes with it, is not "
	    "known: that was not exported") },
	{ "nothing-in-it", N_("There was nothing in it") },
	{ "operation-failed", N_("The service began to delete it, and "
	    "failed") },
	{ "operation-timeout", N_("The service began to delete it, and had "
	    "not finished in time") },
	{ "others-data", N_("It is other people's, too, or takes along what "
	    "is") },
	{ "param-not-given", N_("A value that its deletion needs was not "
	    "given") },
	{ "reference-missing", N_("A value that its deletion needs is not in "
	    "the archive") },
	{ "retain-until", N_("The request says that everything must be kept "
	    "until a day that is to come") },
};

const char *
dsr_outcome_text(enum dsr_outcome outcome)
{
	return texts[outcome];
}

const char *
dsr_erasure_reason(const char *reason)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (strcmp(reasons[i].reason, reason) == 0)
			return reasons[i].text;
	return dsr_gap_reason(reason);
}

const struct dsr_outcome_row *
dsr_outcome_row(enum dsr_outcome outcome)
{
	return &rows[outcome];
}

enum dsr_outcome
dsr_outcome_of(const char *word)
{
	enum dsr_outcome i;

	for (i = 0; i < DSR_OUTCOME_COUNT; i++)
		if (strcmp(rows[i].word, word) == 0)
			break;
	return i;
}
