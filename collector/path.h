/* SPDX-License-Identifier: ISC */
/* Paths in JSON bodies: docs/CONNECTORS.md section 1. */
#ifndef COLLECTOR_PATH_H
#define COLLECTOR_PATH_H

#include "connector.h"

/* A single path: at most one value, none through an array; or NULL. */
const struct dsr_json_value *path_find(const struct dsr_json_value *v,
    const struct path *path);

/* Stands a key of a single path twice in its object? Then another reader may
 * find another value. */
bool path_is_doubled(const struct dsr_json_value *v, const struct path *path);

/*
 * A many path: every value, in the order of the text, handed to fn until it
 * gives other than 0, which is returned. Arrays are stepped through, also at
 * the end; "*" is every member; a key that stands twice is found twice.
 */
typedef int path_fn(void *ctx, const struct dsr_json_value *v,
    struct dsr_error *err);
int path_each(const struct dsr_json_value *v, const struct path *path,
    path_fn *fn, void *ctx, struct dsr_error *err);

/*
 * A string, number (as written), true or false as text, appended; false for
 * all else. body is the text that v was parsed from.
 */
bool path_text(const struct dsr_json_value *v, const void *body,
    struct dsr_buffer *out, struct dsr_error *err);

#endif
