/* SPDX-License-Identifier: ISC */
#include "bag_text.h"

#include <string.h>
#include <strings.h>

#include "dossier/file.h"
#include "dossier/limits.h"
#include "dossier/text.h"

#define REPLACEMENT 0xfffdu
#define MARK        0xfeffu

/* ---- encodings ---------------------------------------------------------------- */

static size_t
decode_utf8(const uint8_t *s, size_t len, uint32_t *code)
{
	return dsr_utf8_next(s, len, code);
}

static size_t
decode_ascii(const uint8_t *s, size_t len, uint32_t *code)
{
	(void)len;
	*code = s[0];
	return s[0] < 0x80;
}

static size_t
decode_latin1(const uint8_t *s, size_t len, uint32_t *code)
{
	(void)len;
	*code = s[0];
	return 1;
}

static size_t
decode_windows1252(const uint8_t *s, size_t len, uint32_t *code)
{
	/* what stands where ISO-8859-1 has C1 controls; 0: nothing */
	static const uint16_t upper[32] = { 0x20ac, 0, 0x201a, 0x0192, 0x201e,
		0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152,
		0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
		0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,
		0x017e, 0x0178 };

	(void)len;
	*code = s[0] >= 0x80 && s[0] < 0xa0 ? upper[s[0] - 0x80] : s[0];
	return s[0] < 0x80 || *code != 0;
}

/* One or two units, the first of them high, the second low if need be. */
static size_t
join_units(const uint8_t *s, size_t len, unsigned int high_byte,
    uint32_t *code)
{
	uint32_t unit[2] = { 0, 0 };
	size_t i;

	for (i = 0; i < 2 && 2 * i + 1 < len; i++)
		unit[i] = (uint32_t)s[2 * i + high_byte] << 8 |
		    s[2 * i + 1 - high_byte];
	*code = unit[0];
	if (len < 2 || (unit[0] & 0xfc00) == 0xdc00)
		return 0;
	if ((unit[0] & 0xfc00) != 0xd800)
		return 2;
	if (len < 4 || (unit[1] & 0xfc00) != 0xdc00)
		return 0;
	*code = 0x10000 + ((unit[0] & 0x3ff) << 10) + (unit[1] & 0x3ff);
	return 4;
}

static size_t
decode_utf16be(const uint8_t *s, size_t len, uint32_t *code)
{
	return join_units(s, len, 0, code);
}

static size_t
decode_utf16le(const uint8_t *s, size_t len, uint32_t *code)
{
	return join_units(s, len, 1, code);
}

const struct bag_encoding *
bag_encoding_find(const char *name)
{
	static const struct {
		const char *alias;
		struct bag_encoding encoding;
	} list[] = {
		{ "UTF-8", { "UTF-8", decode_utf8, 1, false } },
		{ "UTF8", { "UTF-8", decode_utf8, 1, false } },
		{ "UTF-16", { "UTF-16", decode_utf16be, 2, true } },
		{ "UTF-16BE", { "UTF-16BE", decode_utf16be, 2, false } },
		{ "UTF-16LE", { "UTF-16LE", decode_utf16le, 2, false } },
		{ "US-ASCII", { "US-ASCII", decode_ascii, 1, false } },
		{ "ASCII", { "US-ASCII", decode_ascii, 1, false } },
		{ "ISO-8859-1", { "ISO-8859-1", decode_latin1, 1, false } },
		{ "ISO_8859-1", { "ISO-8859-1", decode_latin1, 1, false } },
		{ "latin1", { "ISO-8859-1", decode_latin1, 1, false } },
		{ "windows-1252",
		    { "windows-1252", decode_windows1252, 1, false } },
	};
	size_t i;

	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (strcasecmp(list[i].alias, name) == 0)
			return &list[i].encoding;
	return NULL;
}

/* ---- lines --------------------------------------------------------------------- */

void
bag_text_init(struct bag_text *t, int fd, const struct bag_encoding *encoding)
{
	t->fd = fd;
	t->encoding = encoding;
	t->decode = encoding->decode;
	t->start = t->end = 0;
	t->at_end = t->after_cr = t->has_mark = false;
	t->number = t->ill_formed = t->too_long = 0;
	dsr_buffer_init(&t->line, DSR_MAX_BAG_LINE);
}

void
bag_text_fini(struct bag_text *t)
{
	dsr_buffer_fini(&t->line);
}

/* Makes raw hold a whole character, if the file has one more. */
static int
fill(struct bag_text *t, struct dsr_error *err)
{
	size_t left = t->end - t->start;
	int64_t n;

	if (left >= 4 || t->at_end)
		return 0;
	memmove(t->raw, t->raw + t->start, left);
	t->start = 0;
	t->end = left;
	n = dsr_read_full(t->fd, t->raw + left, sizeof(t->raw) - left, err);
	if (n < 0)
		return -1;
	t->end += (size_t)n;
	t->at_end = t->end < sizeof(t->raw);
	return 0;
}

/* The next character: 1; 0 at the end. */
static int
next_character(struct bag_text *t, uint32_t *code, struct dsr_error *err)
{
	size_t n;

	if (fill(t, err) != 0)
		return -1;
	if (t->start == t->end)
		return 0;
	n = t->decode(t->raw + t->start, t->end - t->start, code);
	if (n == 0) {
		n = t->encoding->unit <= t->end - t->start
		    ? t->encoding->unit : t->end - t->start;
		*code = REPLACEMENT;
		if (t->ill_formed == 0)
			t->ill_formed = t->number;
	}
	t->start += n;
	return 1;
}

static int
put_character(struct bag_text *t, uint32_t code, struct dsr_error *err)
{
	uint8_t s[4];
	size_t n = dsr_utf8_put(s, code);

	if (n > t->line.max - t->line.len) {
		if (t->too_long == 0)
			t->too_long = t->number;
		return 0;
	}
	return dsr_buffer_append(&t->line, s, n, err);
}

/* A mark at the very start tells the order of bytes, and is no text. */
static int
skip_mark(struct bag_text *t, struct dsr_error *err)
{
	uint32_t code = 0;
	size_t n;

	if (fill(t, err) != 0)
		return -1;
	if (t->end == 0)
		return 0;
	if (t->encoding->marked && t->end >= 2 && t->raw[0] == 0xff &&
	    t->raw[1] == 0xfe)
		t->decode = decode_utf16le;
	n = t->decode(t->raw, t->end, &code);
	t->has_mark = n > 0 && code == MARK;
	if (t->has_mark)
		t->start = n;
	return 0;
}

int
bag_text_line(struct bag_text *t, struct dsr_error *err)
{
	uint32_t code = 0;
	int more;

	if (t->number == 0 && skip_mark(t, err) != 0)
		return -1;
	t->number++;
	dsr_buffer_reset(&t->line);
	while ((more = next_character(t, &code, err)) == 1) {
		if (code == '\n' && t->after_cr) {
			t->after_cr = false;
			continue;
		}
		t->after_cr = code == '\r';
		if (code == '\n' || code == '\r')
			return 1;
		if (put_character(t, code, err) != 0)
			return -1;
	}
	return more < 0 ? -1 : t->line.len > 0;
}
