/* SPDX-License-Identifier: ISC */
/*
 * What the tables of the records cannot say: rules of FORMAT.md 4.2 to 4.5 and
 * 4.10 over the values of one record. The verifier tells what is against them;
 * the packer writes nothing that is.
 */
#ifndef DOSSIER_SENSE_H
#define DOSSIER_SENSE_H

#include "dossier/records.h"

/* Each returns what was wanted and not found, or NULL. */
const char *dsr_document_fault(const struct dsr_document *d);
const char *dsr_exchange_fault(const struct dsr_exchange *e);
const char *dsr_gap_fault(const struct dsr_gap *g);
const char *dsr_statement_fault(const struct dsr_statement *s);
const char *dsr_erasure_fault(const struct dsr_erasure *r);

#endif
