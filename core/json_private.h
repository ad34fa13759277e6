/* SPDX-License-Identifier: ISC */
/* What the files json*.c share with each other and with nobody else. */
#ifndef DOSSIER_CORE_JSON_PRIVATE_H
#define DOSSIER_CORE_JSON_PRIVATE_H

#include "dossier/json.h"

/* Stands in text_len and key_len for text with a lone surrogate. */
#define DSR_JSON_ILL_FORMED UINT32_MAX

/*
 * Values stand in one array in the order of the text, so the first child of a
 * container is the value behind it.
 */
struct dsr_json_value {
	const char *text;    /* string: decoded; number: as it was written */
	const char *key;     /* decoded; NULL for all but members */
	uint32_t text_len;   /* bytes */
	uint32_t key_len;    /* bytes */
	uint32_t count;      /* children */
	uint32_t next;       /* values from here to its next sibling, or 0 */
	uint32_t offset;     /* of the value in the text */
	uint32_t len;        /* bytes of the value in the text */
	uint32_t key_offset; /* of the key in the text */
	uint32_t key_span;   /* bytes of the key in the text, with quotes */
	enum dsr_json_type type;
};

/* What a first pass over a text found. */
struct dsr_json_scan {
	size_t values;   /* there cannot be more */
	size_t longest;  /* bytes of the longest string with an escape */
	uint8_t *mended; /* the text with lone surrogates replaced by U+FFFD in
	                  * as many bytes; NULL: there are none; free() it */
};

/*
 * Refuses what yajl lets pass: ill-formed UTF-8, vertical tab and form feed as
 * white space, lone surrogates (strict), depth, long numbers. On failure too,
 * scan->mended is to be freed.
 */
int dsr_json_scan(struct dsr_json_scan *scan, const uint8_t *text, size_t len,
    bool strict, struct dsr_error *err);

/* As dsr_json_position, before there is a struct dsr_json. */
void dsr_json_text_position(const uint8_t *text, size_t offset, size_t *line,
    size_t *column);

/*
 * How many bytes from the start of s stand for themselves in a JSON string:
 * printable ASCII and DEL but '"' and '\'.
 */
size_t dsr_json_plain_run(const uint8_t *s, size_t len);

/*
 * Compares keys as RFC 8785 3.2.3 does: by UTF-16 code units. Both are
 * well-formed UTF-8.
 */
int dsr_json_key_compare(const char *a, size_t a_len, const char *b,
    size_t b_len);

/* Do the keys ascend in that order, so that none is there twice? */
bool dsr_json_keys_ascend(const struct dsr_json_value *object);

/* Have two members the same key? Two ill-formed ones do not count. */
bool dsr_json_key_is_same(const struct dsr_json_value *a,
    const struct dsr_json_value *b);

/*
 * The members of an object that has some, in that order, those with an
 * ill-formed key before all others, the same ones as they stand in the text.
 * free() them.
 */
int dsr_json_sort_members(const struct dsr_json_value ***out,
    const struct dsr_json_value *object, struct dsr_error *err);

#endif
