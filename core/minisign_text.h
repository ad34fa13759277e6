/* SPDX-License-Identifier: ISC */
/* What minisign's three text files have in common (docs/FORMAT.md 5.2). */
#ifndef DOSSIER_MINISIGN_TEXT_H
#define DOSSIER_MINISIGN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/error.h"

#define DSR_UNTRUSTED_PREFIX "untrusted comment: "
#define DSR_TRUSTED_PREFIX   "trusted comment: "

/* A line without its LF; lives as long as the text it was cut from. */
struct dsr_line {
	const char *s;
	size_t len;
};

/*
 * Cuts text at each LF into at most max lines. Returns their number, or
 * max + 1 when something follows the last. A missing last LF is not told.
 */
size_t dsr_lines_split(struct dsr_line *lines, size_t max, const char *text,
    size_t len);

/* Printable ASCII and nothing else? */
bool dsr_comment_is_plain(const char *s, size_t len);

/*
 * Takes what follows prefix in a line of printable ASCII into out (size bytes
 * with the NUL). False when it is another line or does not fit.
 */
bool dsr_comment_take(char *out, size_t size, const struct dsr_line *line,
    const char *prefix);

/*
 * Reads a key file: a line with an untrusted comment (UTF-8 that may be shown)
 * and a line with the base64 form of exactly len bytes; its LF may be missing.
 * what: "public key", for the message. DSR_EINPUT
 */
int dsr_key_text_decode(uint8_t *out, size_t len, const void *text,
    size_t text_len, const char *what, struct dsr_error *err);

#endif
