/* SPDX-License-Identifier: ISC */
/* What the files request*.c share with each other and with nobody else. */
#ifndef DOSSIER_CORE_REQUEST_PRIVATE_H
#define DOSSIER_CORE_REQUEST_PRIVATE_H

#include "dossier/json.h"
#include "dossier/request.h"

enum kind { FORMAT, ID, DATE, ARTICLES, LANGUAGES, TEXT, HOLDS, TEXTS };

struct field {
	const char *section;
	const char *key;
	enum kind kind;
	bool required;
};

struct dsr_request {
	char *text; /* what json points into */
	struct dsr_json *json;
	/* NULL: missing */
	const struct dsr_json_value *value[DSR_REQUEST_FIELD_COUNT];
	const struct dsr_json_value *holds; /* legal_hold when it is a list */
};

/* One pass over a request. */
struct reader {
	struct dsr_request *r;
	dsr_request_mistake_fn *listener;
	void *ctx;
	bool for_pages; /* dsr_request_check */
	size_t mistakes;
	struct dsr_error first;
};

/* Reads and checks r->json; -1 when there was a mistake: the first one. */
int read_request(struct reader *rd, struct dsr_error *err);
/* A mistake in value at, or (key) in its key. */
void tell_mistake(struct reader *rd, const struct dsr_json_value *at,
    bool key, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void tell_unknown_key(struct reader *rd, const struct dsr_json_value *v,
    const char *key, const char *const *known, size_t count);
/* An array or object of a field must have something in it. */
void refuse_empty(struct reader *rd, const struct field *f,
    const struct dsr_json_value *v);
/* A value of the kind of a field; v is not null. */
void read_value(struct reader *rd, const struct field *f,
    const struct dsr_json_value *v);
/* request_text.c: v, or what stands in it for the language. */
const struct dsr_json_value *choose_language(const struct dsr_json_value *v,
    const char *language);

/* request_hold.c: legal_hold as a list of entries. */
void read_holds(struct reader *rd, const struct field *f,
    const struct dsr_json_value *list);

#endif
