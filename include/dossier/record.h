/* SPDX-License-Identifier: ISC */
/*
 * Records: C structs that are canonical JSON objects in an archive.
 *
 * A table of fields describes the struct once; reader, writer and the
 * published JSON Schema follow from it. Every key of the table stands in every
 * object (null where there is nothing), no other key may: a new key is a new
 * format version.
 */
#ifndef DOSSIER_RECORD_H
#define DOSSIER_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/buffer.h"
#include "dossier/error.h"
#include "dossier/json.h"

/* Stands for null in a field of kind DSR_FIELD_COUNT. */
#define DSR_NONE UINT64_MAX

enum dsr_field_kind {
	DSR_FIELD_TEXT,    /* const char *: well-formed UTF-8; NULL is null */
	DSR_FIELD_NAME,    /* const char *: dsr_name_is_safe */
	DSR_FIELD_ID,      /* const char *: dsr_identifier_is_safe */
	DSR_FIELD_UUID,    /* const char *: dsr_uuid_is_valid */
	DSR_FIELD_TIME,    /* const char *: as dsr_time_format writes */
	DSR_FIELD_DIGEST,  /* const char *: 64 lower-case hex digits */
	DSR_FIELD_COUNT,   /* uint64_t <= 2^53 - 1; DSR_NONE is null */
	DSR_FIELD_FLAG,    /* bool */
	DSR_FIELD_SPAN,    /* struct dsr_span: [offset, length]; unset is null */
	DSR_FIELD_RECORD,  /* pointer to a record of type sub; NULL is null */
	DSR_FIELD_LIST,    /* struct dsr_list of records of type sub */
	DSR_FIELD_TEXTS,   /* struct dsr_list of const char * */
	DSR_FIELD_DIGESTS, /* the same, each as DSR_FIELD_DIGEST */
	DSR_FIELD_COUNTS   /* struct dsr_list of uint64_t */
};

struct dsr_span {
	bool set;
	uint64_t offset; /* bytes */
	uint64_t len;    /* bytes */
};

struct dsr_list {
	void *items; /* array of the records themselves */
	size_t count;
};

struct dsr_record_type;

struct dsr_field {
	const char *key;
	enum dsr_field_kind kind;
	bool nullable;
	size_t offset; /* offsetof in the struct */
	const struct dsr_record_type *sub;
};

/*
 * fields stand in ascending order of their keys (a unit test holds us to it);
 * flags and lists of any kind are never null
 */
struct dsr_record_type {
	const char *name;
	const struct dsr_field *fields;
	size_t count;
	size_t size; /* sizeof the struct */
};

/* Memory of the strings and lists of one or more records; freed at once. */
struct dsr_arena;
int dsr_arena_new(struct dsr_arena **out, struct dsr_error *err);
void dsr_arena_free(struct dsr_arena *a);
/* Forgets everything, keeps the memory for the next record. */
void dsr_arena_reset(struct dsr_arena *a);
/* Zeroed memory; NULL with DSR_ENOMEM. */
void *dsr_arena_alloc(struct dsr_arena *a, size_t len, struct dsr_error *err);
/* A copy of len bytes with a NUL behind them. */
char *dsr_arena_copy(struct dsr_arena *a, const void *s, size_t len,
    struct dsr_error *err);

/*
 * Fills the struct at rec (of type->size bytes) from a JSON object; strings
 * and lists live in a, not in the text. On failure rec holds nothing of use.
 * DSR_EFORMAT  a key is missing, unknown or doubled, or a value is not of its
 *              kind; the message names the key
 */
int dsr_record_read(const struct dsr_record_type *type, void *rec,
    struct dsr_arena *a, const struct dsr_json_value *v,
    struct dsr_error *err);

/*
 * Writes the struct as one object. Failures are latched in w: DSR_EFORMAT also
 * for what dsr_record_read would refuse.
 */
void dsr_record_write(const struct dsr_record_type *type, const void *rec,
    struct dsr_json_writer *w);

/*
 * One line: the canonical object and LF, appended to out. On failure out may
 * hold a part of it.
 */
int dsr_record_write_line(const struct dsr_record_type *type,
    const void *rec, struct dsr_buffer *out, struct dsr_error *err);

/*
 * Reads a whole line (or file) that must be exactly what
 * dsr_record_write_line makes of it.
 * DSR_EFORMAT  as dsr_record_read, or not canonical
 */
int dsr_record_read_line(const struct dsr_record_type *type, void *rec,
    struct dsr_arena *a, const void *line, size_t len,
    struct dsr_error *err);

/*
 * Writes the JSON Schema (2020-12) of the type: all keys required, no others.
 * It is wider than dsr_record_read where a pattern cannot say more.
 */
void dsr_record_schema(const struct dsr_record_type *type,
    struct dsr_json_writer *w);

#endif
