/* SPDX-License-Identifier: ISC */
/*
 * The values of JSON documents as cells of a table: docs/FORMAT.md 3.6, rule
 * 7. Only core/report/ includes this.
 */
#ifndef DOSSIER_TABLE_VALUES_H
#define DOSSIER_TABLE_VALUES_H

#include "page_parts.h"

struct table_values;

/*
 * Goes over the bodies of the page once and sets cells aside, in a spool, for
 * every kind of the survey that has more than most documents. *out is NULL
 * when the page has no bodies. Page and survey live as long as *out.
 * DSR_EBUG (bodies and documents differ), DSR_EIO, DSR_ENOMEM
 */
int dsr_table_values_new(struct table_values **out,
    const struct dsr_page *page, const struct page_survey *survey,
    uint64_t most, struct dsr_error *err);
void dsr_table_values_free(struct table_values *v);

/* Goes to the first document of a kind. No-op when v is NULL, as below. */
int dsr_table_values_find(struct table_values *v, const struct page_kind *k,
    struct dsr_error *err);
/* Appends ,"values.NAME" for each column of that kind. */
int dsr_table_values_head(struct table_values *v, struct dsr_buffer *out,
    struct dsr_error *err);
/* The next document: its cells, as CSV with a comma before each, and as JSON. */
int dsr_table_values_next(struct table_values *v, struct dsr_buffer *csv,
    struct dsr_buffer *json, struct dsr_error *err);

#endif
