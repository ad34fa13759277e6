/* SPDX-License-Identifier: ISC */
/*
 * What the tables of the records cannot say: rules of FORMAT.md 4.2 to 4.5 over
 * the values of one record.
 */
#ifndef VERIFIER_SENSE_H
#define VERIFIER_SENSE_H

#include "dossier/records.h"

/* Each returns what was wanted and not found, or NULL. */
const char *document_fault(const struct dsr_document *d);
const char *exchange_fault(const struct dsr_exchange *e);
const char *gap_fault(const struct dsr_gap *g);
const char *statement_fault(const struct dsr_statement *s);

#endif
