/* SPDX-License-Identifier: ISC */
/*
 * Values of placeholders: those of one request, which its children inherit,
 * and those that the operator gave for all.
 */
#ifndef COLLECTOR_VALUES_H
#define COLLECTOR_VALUES_H

#include "connector.h"

struct value {
	char *name;
	char *text;
};

struct values {
	struct value *items;
	size_t count;
};

void values_fini(struct values *v);
/* Adds a copy; with replace, one of that name is replaced. */
int values_add(struct values *v, const char *name, const char *text,
    bool replace, struct dsr_error *err);
/* The first of that name, or NULL. */
const char *values_get(const struct values *v, const char *name);
int values_copy(struct values *to, const struct values *from,
    struct dsr_error *err);
/* As a JSON object of strings, names ascending. */
int values_write(struct values *v, struct dsr_buffer *out,
    struct dsr_error *err);
int values_read(struct values *v, const char *json, struct dsr_error *err);

/* What the operator gave: names may stand several times in identities. */
struct settings {
	struct values params;
	struct values identities;
};
void settings_fini(struct settings *s);
/*
 * Takes "NAME=VALUE" words.
 * DSR_EUSAGE  a word without '=', a name that the connector does not declare,
 *             a value that its pattern refuses
 */
int settings_take(struct settings *s, const struct connector *k,
    const char *const *params, size_t param_count,
    const char *const *identities, size_t identity_count,
    struct dsr_error *err);

/*
 * Presets fill in what was not given.
 * DSR_EUSAGE  a required parameter is missing
 */
int settings_complete(struct settings *s, const struct connector *k,
    struct dsr_error *err);

/* Where placeholders are looked up. */
struct scope {
	const struct connector *k;
	const struct settings *settings;
	const struct values *values; /* of the request */
	const char *cursor;          /* of pagination, or NULL */
	/* a credential by its name, or NULL; ctx is the caller's */
	const char *(*secret)(void *ctx, const char *name);
	void *ctx;
};
/* The value, or NULL; *missing says why: a reason of section 10. */
const char *scope_find(const struct scope *s, const char *name,
    const char **missing);

/*
 * Appends the expanded template. 0, or 1 when a value is missing or unsafe:
 * *reason is a word of section 10 then. -1 on failure.
 */
enum expansion { EXPAND_HOST, EXPAND_PATH, EXPAND_QUERY, EXPAND_HEADER };
int scope_expand(const struct scope *s, const struct template *t,
    enum expansion how, struct dsr_buffer *out, const char **reason,
    struct dsr_error *err);

#endif
