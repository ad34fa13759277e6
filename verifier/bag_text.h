/* SPDX-License-Identifier: ISC */
/*
 * Tag files of a bag as lines of UTF-8, whatever encoding and line ends they
 * have. Source: RFC 8493 section 2.3.
 */
#ifndef VERIFIER_BAG_TEXT_H
#define VERIFIER_BAG_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/buffer.h"
#include "dossier/error.h"

/*
 * Takes one character from the len bytes at s (len > 0): the bytes it has, and
 * the character. 0 when they do not begin with a whole one.
 */
typedef size_t bag_decode_fn(const uint8_t *s, size_t len, uint32_t *code);

struct bag_encoding {
	const char *name; /* as IANA has it */
	bag_decode_fn *decode;
	size_t unit; /* bytes of its smallest piece */
	bool marked; /* a byte order mark tells the order */
};

/* By name or alias, in any case; NULL for one that is not known. */
const struct bag_encoding *bag_encoding_find(const char *name);
/* The ones that are known, for a message. */
#define BAG_ENCODINGS                                                         \
	"UTF-8, UTF-16, UTF-16BE, UTF-16LE, US-ASCII, ISO-8859-1 or "         \
	"windows-1252"

struct bag_text {
	int fd;
	const struct bag_encoding *encoding;
	bag_decode_fn *decode;
	uint8_t raw[65536];
	size_t start, end; /* of what raw holds */
	bool at_end;       /* the file has no more than raw holds */
	bool after_cr;     /* an LF here belongs to the line before */
	struct dsr_buffer line; /* at most DSR_MAX_BAG_LINE bytes */
	uint64_t number;        /* of the line, from 1 */
	/* what was found on the way */
	bool has_mark;        /* the file begins with a byte order mark */
	uint64_t ill_formed;  /* first line with bytes of no character, or 0 */
	uint64_t too_long;    /* first line that was cut, or 0 */
};

/* fd is borrowed, and read from where it stands. */
void bag_text_init(struct bag_text *t, int fd,
    const struct bag_encoding *encoding);
void bag_text_fini(struct bag_text *t);
/*
 * The next line, without its end, in t->line: 1; 0 at the end; -1 on failure.
 * What is not well formed becomes U+FFFD; what is too long is cut.
 */
int bag_text_line(struct bag_text *t, struct dsr_error *err);

#endif
