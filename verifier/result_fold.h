/* SPDX-License-Identifier: ISC */
/* Which findings only follow from others: the short text leaves them out. */
#ifndef VERIFIER_RESULT_FOLD_H
#define VERIFIER_RESULT_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "dossier/finding.h"

/*
 * Does kept finding i say again what an earlier one has said: that the content
 * of the same member is wrong, or that the file is not the one that was sealed
 * when a member of it is known not to be?
 */
bool result_follows(const struct dsr_findings *findings, size_t i);

#endif
