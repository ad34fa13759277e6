/* SPDX-License-Identifier: ISC */
/*
 * JSON in and out. The only place of the project that calls yajl.
 *
 * In: the whole text is parsed into values that know where they stand in it
 * (a document's bytes are evidence: spans of them are kept, never a copy that
 * was encoded again). What yajl 2.1 lets pass is checked before it sees the
 * text: ill-formed UTF-8, form feed as white space, depth, number length.
 *
 * Out: RFC 8785 canonical JSON.
 */
#ifndef DOSSIER_JSON_H
#define DOSSIER_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/buffer.h"
#include "dossier/error.h"

enum dsr_json_type {
	DSR_JSON_NULL,
	DSR_JSON_FALSE,
	DSR_JSON_TRUE,
	DSR_JSON_NUMBER,
	DSR_JSON_STRING,
	DSR_JSON_ARRAY,
	DSR_JSON_OBJECT
};

struct dsr_json;       /* a parsed text */
struct dsr_json_value; /* one value of it; lives as long as the text */

/*
 * Parses one JSON text (RFC 8259). text is borrowed and must live as long as
 * *out. Nothing but white space may follow the value; no byte order mark.
 *
 * strict: duplicate keys in one object and escapes of lone surrogates are
 * refused too. Without it they are kept: dsr_json_get finds the first of
 * several keys, and a string with a lone surrogate has no text
 * (dsr_json_string gives NULL).
 *
 * DSR_EFORMAT  not JSON; the message ends in "line L, column C"
 * DSR_ELIMIT   longer than DSR_MAX_JSON_TEXT, deeper than DSR_MAX_JSON_DEPTH,
 *              more than DSR_MAX_JSON_NODES values, or a number longer than
 *              DSR_MAX_JSON_NUMBER
 * DSR_ENOMEM
 */
int dsr_json_parse(struct dsr_json **out, const void *text, size_t len,
    bool strict, struct dsr_error *err);
/*
 * The same, not strict, for what may as well be something else: then 0, and
 * *out is NULL. What fails is DSR_ENOMEM, which says nothing about the text.
 */
int dsr_json_parse_if(struct dsr_json **out, const void *text, size_t len,
    struct dsr_error *err);
void dsr_json_free(struct dsr_json *json);

/*
 * Where a function below takes a value to look into it, NULL is a value that
 * has no children, key, text or number: steps can be chained.
 */
/* NULL of NULL */
const struct dsr_json_value *dsr_json_root(const struct dsr_json *json);
enum dsr_json_type dsr_json_type_of(const struct dsr_json_value *v);
/* "null", "boolean", "number", "string", "array" or "object". */
const char *dsr_json_type_name(const struct dsr_json_value *v);

/* Members or elements of an object or array; 0 for all else. */
size_t dsr_json_count(const struct dsr_json_value *v);
/* First child of an object or array, and the one after v; NULL at the end. */
const struct dsr_json_value *dsr_json_first(const struct dsr_json_value *v);
const struct dsr_json_value *dsr_json_next(const struct dsr_json_value *v);
/*
 * Key of a member of an object (decoded, NUL behind it); NULL for all else,
 * and as dsr_json_string.
 */
const char *dsr_json_key(const struct dsr_json_value *v, size_t *len);
/* Member of an object by key; NULL when v is no object or has none. */
const struct dsr_json_value *dsr_json_get(const struct dsr_json_value *v,
    const char *key);
/*
 * The later one of two members of an object that have the same key; *out is NULL
 * when there are none. DSR_ENOMEM
 */
int dsr_json_find_doubled(const struct dsr_json_value *object,
    const struct dsr_json_value **out, struct dsr_error *err);
/*
 * By a path of keys (each NUL-terminated); NULL when a step is missing.
 */
const struct dsr_json_value *dsr_json_get_path(
    const struct dsr_json_value *v, const char *const *keys, size_t count);

/*
 * Text of a string (decoded UTF-8, NUL behind it; may hold NUL bytes when len
 * is wanted); NULL when v is no string, is ill-formed, or (len NULL) holds
 * a NUL.
 */
const char *dsr_json_string(const struct dsr_json_value *v, size_t *len);
/* A number that is an integer within +-(2^53 - 1), written as one. */
bool dsr_json_integer(const struct dsr_json_value *v, int64_t *out);

/* Where the value stands in the text: offset and length in bytes. */
void dsr_json_span(const struct dsr_json_value *v, size_t *offset,
    size_t *len);
/* Where its key stands, quotes included; false when it has none. */
bool dsr_json_key_span(const struct dsr_json_value *v, size_t *offset,
    size_t *len);
/* Line and column (from 1, columns in bytes) of an offset. */
void dsr_json_position(const struct dsr_json *json, size_t offset,
    size_t *line, size_t *column);

/*
 * A writer of canonical JSON (RFC 8785) behind what buf holds. Keys of one
 * object must be given in ascending order (asserted); a failure is latched and
 * told by dsr_json_writer_finish.
 */
struct dsr_json_writer;

int dsr_json_writer_new(struct dsr_json_writer **out, struct dsr_buffer *buf,
    struct dsr_error *err);
void dsr_json_writer_free(struct dsr_json_writer *w);
void dsr_json_write_object(struct dsr_json_writer *w); /* { */
void dsr_json_write_array(struct dsr_json_writer *w);  /* [ */
void dsr_json_write_end(struct dsr_json_writer *w);    /* } or ] */
void dsr_json_write_key(struct dsr_json_writer *w, const char *key);
/* s must be well-formed UTF-8 (else DSR_EFORMAT is latched); NULL is null. */
void dsr_json_write_string(struct dsr_json_writer *w, const char *s);
void dsr_json_write_text(struct dsr_json_writer *w, const char *s,
    size_t len);
/* |value| <= 2^53 - 1, else DSR_ELIMIT is latched. */
void dsr_json_write_integer(struct dsr_json_writer *w, int64_t value);
void dsr_json_write_boolean(struct dsr_json_writer *w, bool value);
void dsr_json_write_null(struct dsr_json_writer *w);
/* A parsed value, encoded canonically (numbers must be integers). */
void dsr_json_write_value(struct dsr_json_writer *w,
    const struct dsr_json_value *v);
/* Latches a failure of the caller's. */
void dsr_json_writer_fail(struct dsr_json_writer *w,
    const struct dsr_error *err);
/* All containers are closed: 0, or the latched error. Ready for the next. */
int dsr_json_writer_finish(struct dsr_json_writer *w, struct dsr_error *err);

#endif
