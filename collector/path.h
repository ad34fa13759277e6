/* SPDX-License-Identifier: ISC */
/* Paths in JSON bodies: docs/CONNECTORS.md section 1. */
#ifndef COLLECTOR_PATH_H
#define COLLECTOR_PATH_H

#include "connector.h"
#include "dossier/limits.h"

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
 * Stands a key of a many path twice in an object, with values that are not the
 * same (for "*": any key)? Then another reader may find less than path_each
 * does. body as for path_text. 1, 0, -1: DSR_ENOMEM.
 */
int path_each_is_doubled(const struct dsr_json_value *v,
    const struct path *path, const void *body, struct dsr_error *err);

/*
 * A string, number (as written), true or false as text, appended: 1; 0 for all
 * else, and for what is longer than out may be; -1: DSR_ENOMEM, which says
 * nothing of the value. body is the text that v was parsed from.
 */
int path_text(const struct dsr_json_value *v, const void *body,
    struct dsr_buffer *out, struct dsr_error *err);

/*
 * An id: what stands in a value (or NULL) as text, in out; NULL when that is
 * nothing, or not short. It needs no memory: that one is missing never means
 * that memory was.
 */
#define PATH_ID_SIZE (DSR_MAX_IDENTIFIER + 1u)
const char *path_id_of(const struct dsr_json_value *v, const void *body,
    char out[PATH_ID_SIZE]);
/* That of an item (or NULL), at a path of it (or NULL). */
const char *path_id(const struct dsr_json_value *item,
    const struct path *path, const void *body, char out[PATH_ID_SIZE]);

#endif
