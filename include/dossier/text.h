/* SPDX-License-Identifier: ISC */
/*
 * Text: UTF-8, hexadecimal, base64, and the one function that prints to a
 * terminal.
 */
#ifndef DOSSIER_TEXT_H
#define DOSSIER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "dossier/buffer.h"
#include "dossier/error.h"

/*
 * Length of the well-formed UTF-8 sequence at the start of s (1-4), its scalar
 * value in *code; 0 when it is ill-formed or len is 0. Overlong forms,
 * surrogates and values above U+10FFFF are ill-formed (RFC 3629).
 */
size_t dsr_utf8_next(const uint8_t *s, size_t len, uint32_t *code);

/* Writes a scalar value as UTF-8 to out (4 bytes); the bytes it took. */
size_t dsr_utf8_put(uint8_t out[4], uint32_t code);

/* Is all of s well-formed UTF-8? */
bool dsr_utf8_is_valid(const void *s, size_t len);

/*
 * May this character stand unescaped in front of a person? No control
 * (C0, DEL, C1), no bidirectional control, no invisible format character, no
 * line or paragraph separator, no non-character.
 */
bool dsr_char_is_printable(uint32_t code);

/*
 * Appends s with everything that dsr_char_is_printable refuses written as
 * \x1b (bytes) or \u202e (characters); a newline stays when keep_newline.
 */
int dsr_text_escape(struct dsr_buffer *out, const void *s, size_t len,
    bool keep_newline, struct dsr_error *err);

/*
 * The only way to print text for people: formats, escapes (newlines stay), and
 * writes to out. Returns -1 on a write error, or without memory (errno).
 */
int dsr_print(FILE *out, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Text of others as a part of a line, whatever is in it: newlines are escaped,
 * too. At most so many bytes of it.
 */
int dsr_print_word(FILE *out, const char *s, size_t most);

/*
 * Has one of the two above, in any thread, printed nothing because there was no
 * memory? Few of their callers look: the end of the program does.
 */
bool dsr_print_lost(void);

/*
 * As dsr_print, for one line of JSON (without its LF): what may not stand in
 * front of a person becomes \\u escapes, which mean the same to a program.
 * Flushes.
 */
int dsr_print_json(FILE *out, const struct dsr_buffer *line);

/* Lower-case hexadecimal; out has 2 * len + 1 bytes. */
void dsr_hex_encode(char *out, const uint8_t *data, size_t len);
/* Exactly 2 * len lower-case digits from s (s_len bytes)? Fills out, when
 * not, too. */
bool dsr_hex_decode(uint8_t *out, size_t len, const char *s, size_t s_len);

/* RFC 4648 base64 with padding, appended. */
int dsr_base64_encode(struct dsr_buffer *out, const void *data, size_t len,
    struct dsr_error *err);
/*
 * Decodes canonical base64 with padding of exactly the alphabet: no white
 * space, no unused bits set. *len_out is at most max. False when it is not.
 */
bool dsr_base64_decode(uint8_t *out, size_t max, size_t *len_out,
    const char *s, size_t s_len);

/* The same two without padding, as age writes base64. */
int dsr_base64_encode_unpadded(struct dsr_buffer *out, const void *data,
    size_t len, struct dsr_error *err);
bool dsr_base64_decode_unpadded(uint8_t *out, size_t max, size_t *len_out,
    const char *s, size_t s_len);

/* Decimal digits only, no sign, no leading zero, at most max. */
bool dsr_parse_u64(const char *s, size_t len, uint64_t max, uint64_t *out);
/* The same of what stands before a space; *text is moved behind it. */
bool dsr_take_u64(const char **text, uint64_t max, uint64_t *out);

#endif
