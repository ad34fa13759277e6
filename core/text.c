/* SPDX-License-Identifier: ISC */
#include "dossier/text.h"

#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

size_t
dsr_utf8_next(const uint8_t *s, size_t len, uint32_t *code)
{
	static const struct {
		uint8_t mask, lead;
		size_t len;
		uint32_t min; /* smaller is an overlong form */
	} form[] = {
		{ 0xe0, 0xc0, 2, 0x80 },
		{ 0xf0, 0xe0, 3, 0x800 },
		{ 0xf8, 0xf0, 4, 0x10000 },
	};
	uint32_t c;
	size_t i, k;

	if (len == 0)
		return 0;
	if (s[0] < 0x80) {
		*code = s[0];
		return 1;
	}
	for (i = 0; i < sizeof(form) / sizeof(form[0]); i++)
		if ((s[0] & form[i].mask) == form[i].lead)
			break;
	if (i == sizeof(form) / sizeof(form[0]) || len < form[i].len)
		return 0;
	c = s[0] & (uint8_t)~form[i].mask;
	for (k = 1; k < form[i].len; k++) {
		if ((s[k] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[k] & 0x3f);
	}
	if (c < form[i].min || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code = c;
	return form[i].len;
}

size_t
dsr_utf8_put(uint8_t out[4], uint32_t code)
{
	static const uint8_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	size_t i;

	for (i = len - 1; i > 0; i--) {
		out[i] = (uint8_t)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	out[0] = (uint8_t)(lead[len] | code);
	return len;
}

bool
dsr_utf8_is_valid(const void *text, size_t len)
{
	const uint8_t *s = text;
	uint32_t code;
	size_t i = 0, n;

	while (i < len) {
		if (s[i] < 0x80) {
			i++;
			continue;
		}
		if ((n = dsr_utf8_next(s + i, len - i, &code)) == 0)
			return false;
		i += n;
	}
	return true;
}

bool
dsr_char_is_printable(uint32_t code)
{
	/*
	 * Controls, and characters of the general categories Cf, Zl, Zp, Co
	 * and Cn that hide or reorder text (Unicode 15, UTS 39 section 3.1).
	 */
	static const struct {
		uint32_t first, last;
	} bad[] = {
		{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad },
		{ 0x34f, 0x34f }, { 0x600, 0x605 }, { 0x61c, 0x61c },
		{ 0x6dd, 0x6dd }, { 0x70f, 0x70f }, { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 },
		{ 0xd800, 0xf8ff }, { 0xfdd0, 0xfdef }, { 0xfe00, 0xfe0f },
		{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb },
		{ 0x110bd, 0x110bd }, { 0x13430, 0x1343f },
		{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
		{ 0xe0000, 0x10ffff },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (code >= bad[i].first && code <= bad[i].last)
			return false;
	return (code & 0xfffe) != 0xfffe;
}

/* One character or bad byte at s; sets *used to what it took. */
static int
escape_next(struct dsr_buffer *out, const uint8_t *s, size_t len,
    size_t *used, struct dsr_error *err)
{
	uint32_t code = 0;

	if ((*used = dsr_utf8_next(s, len, &code)) == 0) {
		*used = 1;
		return dsr_buffer_printf(out, err, "\\x%02x", s[0]);
	}
	if (dsr_char_is_printable(code))
		return dsr_buffer_append(out, s, *used, err);
	if (code < 0x80)
		return dsr_buffer_printf(out, err, "\\x%02x", code);
	if (code < 0x10000)
		return dsr_buffer_printf(out, err, "\\u%04x", code);
	return dsr_buffer_printf(out, err, "\\U%08x", code);
}

/* How many bytes at s stand for themselves: most texts are nothing else. */
static size_t
plain_run(const uint8_t *s, size_t len)
{
	size_t i = 0;

	while (i < len && s[i] >= ' ' && s[i] < 0x7f)
		i++;
	return i;
}

int
dsr_text_escape(struct dsr_buffer *out, const void *text, size_t len,
    bool keep_newline, struct dsr_error *err)
{
	const uint8_t *s = text;
	size_t i, used;

	for (i = 0; i < len; i += used) {
		if ((used = plain_run(s + i, len - i)) > 0) {
			if (dsr_buffer_append(out, s + i, used, err) != 0)
				return -1;
			continue;
		}
		if (keep_newline && s[i] == '\n') {
			used = 1;
			if (dsr_buffer_putc(out, '\n', err) != 0)
				return -1;
			continue;
		}
		if (escape_next(out, s + i, len - i, &used, err) != 0)
			return -1;
	}
	return 0;
}

/* The same for JSON, whose strings know \\u and nothing else. */
static int
escape_json_next(struct dsr_buffer *out, const uint8_t *s, size_t len,
    size_t *used, struct dsr_error *err)
{
	uint32_t code = 0;

	if ((*used = dsr_utf8_next(s, len, &code)) == 0) {
		*used = 1;
		return dsr_buffer_puts(out, "\\ufffd", err);
	}
	if (dsr_char_is_printable(code))
		return dsr_buffer_append(out, s, *used, err);
	if (code < 0x10000)
		return dsr_buffer_printf(out, err, "\\u%04x", code);
	code -= 0x10000;
	return dsr_buffer_printf(out, err, "\\u%04x\\u%04x",
	    0xd800 + (code >> 10), 0xdc00 + (code & 0x3ff));
}

int
dsr_print_json(FILE *out, const struct dsr_buffer *line)
{
	struct dsr_buffer escaped;
	struct dsr_error err;
	size_t i, used;
	int rc = -1;

	dsr_buffer_init(&escaped, SIZE_MAX / 4);
	for (i = 0; i < line->len; i += used)
		if (escape_json_next(&escaped, line->data + i, line->len - i,
			&used, &err) != 0)
			goto out;
	if (dsr_buffer_putc(&escaped, '\n', &err) != 0)
		goto out;
	if (fwrite(escaped.data, 1, escaped.len, out) != escaped.len ||
	    fflush(out) != 0)
		goto out;
	rc = 0;
out:
	dsr_buffer_fini(&escaped);
	return rc;
}

/* Text that was to be printed, and for which there was no memory. */
static atomic_bool lost;

static int
lose(void)
{
	atomic_store(&lost, true);
	errno = ENOMEM;
	return -1;
}

bool
dsr_print_lost(void)
{
	return atomic_load(&lost);
}

/* Escaped as by dsr_text_escape. */
static int
print_escaped(FILE *out, const char *s, size_t len, bool lines)
{
	struct dsr_buffer escaped;
	struct dsr_error err;
	int rc = -1;

	dsr_buffer_init(&escaped, SIZE_MAX / 4);
	if (dsr_text_escape(&escaped, s, len, lines, &err) != 0)
		(void)lose();
	else if (escaped.len == 0 ||
	    fwrite(escaped.data, 1, escaped.len, out) == escaped.len)
		rc = 0;
	dsr_buffer_fini(&escaped);
	return rc;
}

int
dsr_print_word(FILE *out, const char *s, size_t most)
{
	return print_escaped(out, s, strnlen(s, most), false);
}

int
dsr_print(FILE *out, const char *fmt, ...)
{
	va_list ap;
	char *raw = NULL;
	int n, rc;

	va_start(ap, fmt);
	n = vasprintf(&raw, fmt, ap);
	va_end(ap);
	if (n < 0)
		return lose();
	rc = print_escaped(out, raw, (size_t)n, true);
	free(raw);
	return rc;
}

void
dsr_hex_encode(char *out, const uint8_t *data, size_t len)
{
	static const char digit[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		out[2 * i] = digit[data[i] >> 4];
		out[2 * i + 1] = digit[data[i] & 15];
	}
	out[2 * len] = '\0';
}

/* A table: which digit comes next cannot be foretold, so branches are slow. */
static const uint8_t hex_digit[256] = { /* 16 more than each: 0 is none */
	['0'] = 0x10, ['1'] = 0x11, ['2'] = 0x12, ['3'] = 0x13, ['4'] = 0x14,
	['5'] = 0x15, ['6'] = 0x16, ['7'] = 0x17, ['8'] = 0x18, ['9'] = 0x19,
	['a'] = 0x1a, ['b'] = 0x1b, ['c'] = 0x1c, ['d'] = 0x1d, ['e'] = 0x1e,
	['f'] = 0x1f,
};

bool
dsr_hex_decode(uint8_t *out, size_t len, const char *s, size_t s_len)
{
	uint8_t high, low, known = 0x10;
	size_t i;

	if (len > SIZE_MAX / 2 || s_len != 2 * len)
		return false;
	for (i = 0; i < len; i++) {
		high = hex_digit[(uint8_t)s[2 * i]];
		low = hex_digit[(uint8_t)s[2 * i + 1]];
		known &= high & low;
		out[i] = (uint8_t)(high << 4 | (low & 15));
	}
	return known != 0;
}

static int
encode_base64(struct dsr_buffer *out, const void *data, size_t len,
    int variant, struct dsr_error *err)
{
	size_t need = sodium_base64_encoded_len(len, variant);

	if (dsr_buffer_reserve(out, need, err) != 0)
		return -1;
	sodium_bin2base64((char *)out->data + out->len, need, data, len,
	    variant);
	out->len += need - 1;
	return 0;
}

static bool
decode_base64(uint8_t *out, size_t max, size_t *len_out, const char *s,
    size_t s_len, int variant)
{
	const char *end = NULL;
	size_t i;

	/* libsodium 1.0.18 takes every byte past ASCII for a '/' */
	for (i = 0; i < s_len; i++)
		if ((uint8_t)s[i] >= 0x80)
			return false;
	/* it refuses unused bits and wants all of the padding, or none */
	return sodium_base642bin(out, max, s, s_len, NULL, len_out, &end,
		   variant) == 0 &&
	    end == s + s_len;
}

int
dsr_base64_encode(struct dsr_buffer *out, const void *data, size_t len,
    struct dsr_error *err)
{
	return encode_base64(out, data, len, sodium_base64_VARIANT_ORIGINAL,
	    err);
}

bool
dsr_base64_decode(uint8_t *out, size_t max, size_t *len_out, const char *s,
    size_t s_len)
{
	return decode_base64(out, max, len_out, s, s_len,
	    sodium_base64_VARIANT_ORIGINAL);
}

int
dsr_base64_encode_unpadded(struct dsr_buffer *out, const void *data,
    size_t len, struct dsr_error *err)
{
	return encode_base64(out, data, len,
	    sodium_base64_VARIANT_ORIGINAL_NO_PADDING, err);
}

bool
dsr_base64_decode_unpadded(uint8_t *out, size_t max, size_t *len_out,
    const char *s, size_t s_len)
{
	return decode_base64(out, max, len_out, s, s_len,
	    sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

bool
dsr_parse_u64(const char *s, size_t len, uint64_t max, uint64_t *out)
{
	uint64_t value = 0, digit;
	size_t i;

	if (len == 0 || (len > 1 && s[0] == '0'))
		return false;
	for (i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		digit = (uint64_t)(s[i] - '0');
		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (value > max)
		return false;
	*out = value;
	return true;
}

bool
dsr_take_u64(const char **text, uint64_t max, uint64_t *out)
{
	const char *space = strchr(*text, ' ');

	if (space == NULL ||
	    !dsr_parse_u64(*text, (size_t)(space - *text), max, out))
		return false;
	*text = space + 1;
	return true;
}
