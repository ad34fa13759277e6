/* SPDX-License-Identifier: ISC */
/*
 * What connectors call themselves, their endpoints and the members of their
 * documents, in the languages of people. Source: docs/CONNECTORS.md 3.1, 4.4.
 */
#ifndef DOSSIER_WORDS_H
#define DOSSIER_WORDS_H

#include <stddef.h>

#include "dossier/buffer.h"
#include "dossier/error.h"
#include "dossier/json.h"

struct dsr_words;

int dsr_words_new(struct dsr_words **out, struct dsr_error *err);
void dsr_words_free(struct dsr_words *w);
/*
 * Keeps a copy of one connector's JSON.
 * DSR_ELIMIT, DSR_EFORMAT, DSR_ENOMEM
 */
int dsr_words_add(struct dsr_words *w, const char *key, const void *text,
    size_t len, struct dsr_error *err);

/*
 * The name of a service, and descriptions in the language, else in English;
 * NULL when there is none. w and the keys may be NULL. What is given lives as
 * long as w.
 */
const char *dsr_words_name(const struct dsr_words *w, const char *connector);
const char *dsr_words_connector(const struct dsr_words *w,
    const char *connector, const char *language);
const char *dsr_words_endpoint(const struct dsr_words *w,
    const char *connector, const char *endpoint, const char *language);

/* The labels of one endpoint, looked up once for all its documents. */
struct dsr_labels {
	const struct dsr_json_value *own;      /* of the endpoint */
	const struct dsr_json_value *defaults; /* of the connector */
	const struct dsr_json_value *data_path; /* where its items lie, if so */
};
void dsr_words_labels(const struct dsr_words *w, struct dsr_labels *out,
    const char *connector, const char *endpoint);
/*
 * The label of the member name at path (keys from the body on, joined by
 * dots), or NULL.
 */
const char *dsr_label_find(const struct dsr_labels *l, const char *path,
    const char *name, const char *language);
/* What this value of the member name means: the label "name=value". */
const char *dsr_label_value(const struct dsr_labels *l, const char *name,
    const char *value, const char *language);

#endif
