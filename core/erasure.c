/* SPDX-License-Identifier: ISC */
#include "dossier/erasure.h"

#include <string.h>

static const struct dsr_outcome_row rows[DSR_OUTCOME_COUNT] = {
#define X(member, word, gone, asked, plan) \
	[DSR_OUTCOME_##member] = { word, gone, DSR_ASKED_##asked, plan },
	DSR_OUTCOMES(X)
#undef X
};

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
