/* SPDX-License-Identifier: ISC */
/* Whose item is it? docs/CONNECTORS.md section 4.2. */
#ifndef COLLECTOR_SUBJECT_H
#define COLLECTOR_SUBJECT_H

#include "collection.h"

enum subject {
	SUBJECT_OTHER,  /* it names somebody else, or cannot be told */
	SUBJECT_NOBODY, /* it names nobody, and "or_absent" takes it; or only an
	                 * identity that was not given would tell */
	SUBJECT_PERSON
};

/* Is one of the rules of subject_match in effect? */
bool subject_is_asked(const struct collection *c, const struct endpoint *e);
/*
 * Would only an identity tell whose its items are that was not given, while
 * others were? Endpoints above have their lanes.
 */
bool subject_is_untold(const struct collection *c, const struct endpoint *e);
/*
 * doubled (or NULL): does a key stand twice on the path of a rule in effect, so
 * that the item may be read as somebody else's? Then that rule is not satisfied.
 */
int subject_of(struct collection *c, const struct endpoint *e,
    const struct dsr_json_value *item, const void *body, enum subject *whose,
    bool *doubled, struct dsr_error *err);
/*
 * Of count items of the endpoint, from this one on: what is least the person's
 * decides. Where no rule is in effect nobody is somebody else.
 */
int subject_of_all(struct collection *c, size_t endpoint,
    const struct dsr_json_value *item, size_t count, const void *body,
    enum subject *whose, struct dsr_error *err);
/* Keeps the values of an item that rules of other endpoints look for. */
int subject_keep_values(struct collection *c, size_t endpoint,
    const struct dsr_json_value *item, const void *body,
    struct dsr_error *err);

#endif
