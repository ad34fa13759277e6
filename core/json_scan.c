/* SPDX-License-Identifier: ISC */
/*
 * The pass over a JSON text before yajl: what yajl 2.1 does not check or gets
 * wrong. Grammar is left to yajl; only strings are read to their end here,
 * since brackets and commas inside of them do not count.
 */
#include "json_private.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/text.h"

struct scanner {
	struct dsr_json_scan *scan;
	const uint8_t *text;
	size_t len;
	size_t at;
	size_t depth;
	bool strict;
	struct dsr_error *err;
};

static int
fail_at(const struct scanner *s, enum dsr_code code, const char *what,
    size_t offset)
{
	size_t line, column;

	dsr_json_text_position(s->text, offset, &line, &column);
	return dsr_fail(s->err, code, "%s: line %zu, column %zu", what, line,
	    column);
}

void
dsr_json_text_position(const uint8_t *text, size_t offset, size_t *line,
    size_t *column)
{
	const uint8_t *p = text, *end = text + offset, *lf;

	*line = 1;
	while (p < end && (lf = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		(*line)++;
		p = lf + 1;
	}
	*column = (size_t)(end - p) + 1;
}

/* Has one of the eight bytes of x the value 0? Its high bit is set. */
static uint64_t
zero_bytes(uint64_t x)
{
	return (x - 0x0101010101010101u) & ~x & 0x8080808080808080u;
}

static bool
is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

size_t
dsr_json_plain_run(const uint8_t *s, size_t len)
{
	size_t i = 0;
	uint64_t x;

	/* eight at a time: a page of base64 should not cost a test a byte */
	while (len - i >= sizeof(x)) {
		memcpy(&x, s + i, sizeof(x));
		if (((x & 0x8080808080808080u) |
		        ((x - 0x2020202020202020u) & ~x &
		            0x8080808080808080u) |
		        zero_bytes(x ^ 0x2222222222222222u) |
		        zero_bytes(x ^ 0x5c5c5c5c5c5c5c5cu)) != 0)
			break;
		i += sizeof(x);
	}
	while (i < len && is_plain(s[i]))
		i++;
	return i;
}

/* Value of four hexadecimal digits at the given offset, or -1. */
static int32_t
hex4(const struct scanner *s, size_t at)
{
	int32_t value = 0;
	size_t i;

	if (s->len - at < 4)
		return -1;
	for (i = at; i < at + 4; i++) {
		uint8_t c = s->text[i];

		if (c >= '0' && c <= '9')
			value = value * 16 + (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = value * 16 + ((c | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return value;
}

/*
 * yajl makes '?' of a lone surrogate, swallows what follows it, and can read
 * past the text: it must never see one.
 */
static int
mend_surrogate(struct scanner *s, size_t at)
{
	if (s->strict)
		return fail_at(s, DSR_EFORMAT,
		    "not JSON: a lone surrogate is escaped", at);
	if (s->scan->mended == NULL) {
		s->scan->mended = malloc(s->len);
		if (s->scan->mended == NULL)
			return dsr_fail(s->err, DSR_ENOMEM, "JSON");
		memcpy(s->scan->mended, s->text, s->len);
	}
	memcpy(s->scan->mended + at, "\\ufffd", 6);
	return 0;
}

/* at: the backslash of \u; moves behind the escape or the pair of them. */
static int
scan_unicode_escape(struct scanner *s)
{
	size_t at = s->at;
	int32_t high = hex4(s, at + 2), low = -1;

	if (high < 0)
		return fail_at(s, DSR_EFORMAT, "not JSON: \\u without four "
		    "hexadecimal digits", at);
	s->at += 6;
	if (high < 0xd800 || high > 0xdfff)
		return 0;
	if (high < 0xdc00 && s->len - s->at >= 2 && s->text[s->at] == '\\' &&
	    s->text[s->at + 1] == 'u')
		low = hex4(s, s->at + 2);
	if (low < 0xdc00 || low > 0xdfff)
		return mend_surrogate(s, at);
	s->at += 6;
	return 0;
}

static int
scan_escape(struct scanner *s)
{
	if (s->len - s->at < 2)
		return fail_at(s, DSR_EFORMAT, "not JSON: a string has no end",
		    s->len);
	if (s->text[s->at + 1] == 'u')
		return scan_unicode_escape(s);
	if (s->text[s->at + 1] == '\0' ||
	    strchr("\"\\/bfnrt", s->text[s->at + 1]) == NULL)
		return fail_at(s, DSR_EFORMAT, "not JSON: unknown escape",
		    s->at);
	s->at += 2;
	return 0;
}

static int
scan_utf8(struct scanner *s)
{
	uint32_t code;
	size_t n;

	n = dsr_utf8_next(s->text + s->at, s->len - s->at, &code);
	if (n == 0)
		return fail_at(s, DSR_EFORMAT, "not JSON: ill-formed UTF-8",
		    s->at);
	s->at += n;
	return 0;
}

/* at: behind the opening quote; moves behind the closing one. */
static int
scan_string(struct scanner *s)
{
	size_t start = s->at;
	bool escaped = false;

	for (;;) {
		s->at += dsr_json_plain_run(s->text + s->at, s->len - s->at);
		if (s->at == s->len)
			return fail_at(s, DSR_EFORMAT,
			    "not JSON: a string has no end", s->at);
		if (s->text[s->at] == '"') {
			if (escaped && s->at - start > s->scan->longest)
				s->scan->longest = s->at - start;
			s->at++;
			return 0;
		}
		if (s->text[s->at] == '\\') {
			escaped = true;
			if (scan_escape(s) != 0)
				return -1;
		} else if (s->text[s->at] >= 0x80) {
			if (scan_utf8(s) != 0)
				return -1;
		} else {
			return fail_at(s, DSR_EFORMAT, "not JSON: a control "
			    "character in a string", s->at);
		}
	}
}

static bool
is_of_number(uint8_t c)
{
	return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' ||
	    c == 'e' || c == 'E';
}

/* at: behind the first byte of a number. */
static int
scan_number(struct scanner *s)
{
	size_t start = s->at - 1;

	while (s->at < s->len && is_of_number(s->text[s->at]))
		s->at++;
	if (s->at - start > DSR_MAX_JSON_NUMBER)
		return fail_at(s, DSR_ELIMIT, "JSON: a number is too long",
		    start);
	return 0;
}

/* A byte that may stand between brackets, commas, strings and numbers. */
static bool
is_filling(uint8_t c)
{
	return c == ':' || c == ' ' || c == '\n' || c == '\r' || c == '\t' ||
	    (c >= 'a' && c <= 'z');
}

/* Everything outside of strings and numbers is one byte of structure. */
static int
scan_structure(struct scanner *s, uint8_t c)
{
	if (c == '[' || c == '{') {
		if (++s->depth > DSR_MAX_JSON_DEPTH)
			return fail_at(s, DSR_ELIMIT,
			    "JSON: nested too deeply", s->at - 1);
		s->scan->values++;
	} else if (c == ']' || c == '}') {
		s->depth -= s->depth > 0;
	} else if (c == ',') {
		s->scan->values++;
	} else if (!is_filling(c)) {
		return fail_at(s, DSR_EFORMAT, "not JSON: unexpected byte",
		    s->at - 1);
	}
	return 0;
}

int
dsr_json_scan(struct dsr_json_scan *scan, const uint8_t *text, size_t len,
    bool strict, struct dsr_error *err)
{
	struct scanner s = { .scan = scan, .text = text, .len = len,
		.strict = strict, .err = err };
	int rc = 0;

	*scan = (struct dsr_json_scan){ .values = 1 };
	while (rc == 0 && s.at < len) {
		uint8_t c = text[s.at++];

		if (c == '"')
			rc = scan_string(&s);
		else if ((c >= '0' && c <= '9') || c == '-')
			rc = scan_number(&s);
		else
			rc = scan_structure(&s, c);
	}
	return rc;
}
