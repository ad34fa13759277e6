/* SPDX-License-Identifier: ISC */
#include "der.h"

#include <string.h>

#include "dossier/clock.h"
#include "dossier/limits.h"

#define CONSTRUCTED 0x20u
#define TAG_NUMBER  0x1Fu /* all ones: the tag goes on in further bytes */
#define LONG_LENGTH 0x80u

/*
 * Tag and length at the start of in, when they are sound and the content is
 * there: X.690 8.1.2, 8.1.3, 10.1.
 */
static bool
read_header(const struct dsr_der *in, uint8_t *tag, struct dsr_der *content)
{
	const uint8_t *p = in->data;
	size_t count, len = 0, i;

	if (in->len < 2 || (p[0] & TAG_NUMBER) == TAG_NUMBER)
		return false;
	*tag = p[0];
	if (p[1] < LONG_LENGTH) {
		content->data = p + 2;
		content->len = p[1];
		return content->len <= in->len - 2;
	}
	count = p[1] & ~LONG_LENGTH;
	if (count < 1 || count > 4 || count > in->len - 2 || p[2] == 0)
		return false;
	for (i = 0; i < count; i++)
		len = len << 8 | p[2 + i];
	content->data = p + 2 + count;
	content->len = len;
	return len >= LONG_LENGTH && len <= in->len - 2 - count;
}

/* ---- the walk -------------------------------------------------------------- */

static bool
is_integer(const struct dsr_der *v)
{
	if (v->len < 2)
		return v->len == 1;
	/* nine equal leading bits are one byte too many: X.690 8.3.2 */
	return !(v->data[0] == 0x00 && v->data[1] < 0x80) &&
	    !(v->data[0] == 0xFF && v->data[1] >= 0x80);
}

static bool
is_bit_string(const struct dsr_der *v)
{
	unsigned int unused;

	if (v->len < 1 || v->data[0] > 7)
		return false;
	unused = v->data[0];
	if (v->len == 1)
		return unused == 0;
	/* unused bits are zero: X.690 11.2.1 */
	return (v->data[v->len - 1] & ((1u << unused) - 1)) == 0;
}

static bool
is_oid(const struct dsr_der *v)
{
	bool first = true; /* of one number's bytes */
	size_t i;

	if (v->len < 1 || v->data[v->len - 1] >= 0x80)
		return false;
	for (i = 0; i < v->len; i++) {
		if (first && v->data[i] == 0x80)
			return false;
		first = v->data[i] < 0x80;
	}
	return true;
}

static bool
is_primitive(uint8_t tag, const struct dsr_der *v)
{
	switch (tag) {
	case 0x00: /* end of contents: of indefinite lengths only */
		return false;
	case DSR_DER_BOOLEAN:
		return v->len == 1 &&
		    (v->data[0] == 0x00 || v->data[0] == 0xFF);
	case DSR_DER_INTEGER:
		return is_integer(v);
	case DSR_DER_BIT_STRING:
		return is_bit_string(v);
	case DSR_DER_NULL:
		return v->len == 0;
	case DSR_DER_OID:
		return is_oid(v);
	default:
		return true;
	}
}

/* Strings are primitive in DER (X.690 10.2), sequences and sets are not. */
static bool
has_right_form(uint8_t tag)
{
	bool constructed = (tag & CONSTRUCTED) != 0;
	unsigned int number = tag & TAG_NUMBER;

	if ((tag & 0xC0) != 0) /* not of the universal class */
		return true;
	if (number == (DSR_DER_SEQUENCE & TAG_NUMBER) ||
	    number == (DSR_DER_SET & TAG_NUMBER))
		return constructed;
	return !constructed;
}

bool
dsr_der_is_sound(const void *data, size_t len)
{
	struct dsr_der open[DSR_MAX_DER_DEPTH]; /* what is left of each */
	struct dsr_der content;
	size_t depth = 1, header;
	uint8_t tag;

	open[0].data = data;
	open[0].len = len;
	do {
		struct dsr_der *in = &open[depth - 1];

		if (!read_header(in, &tag, &content) || !has_right_form(tag))
			return false;
		header = (size_t)(content.data - in->data);
		in->data += header + content.len;
		in->len -= header + content.len;
		if (depth == 1 && in->len != 0)
			return false;
		if ((tag & CONSTRUCTED) == 0) {
			if (!is_primitive(tag, &content))
				return false;
		} else {
			if (depth == DSR_MAX_DER_DEPTH)
				return false;
			open[depth++] = content;
		}
		while (depth > 0 && open[depth - 1].len == 0)
			depth--;
	} while (depth > 0);
	return true;
}

/* ---- the reader --------------------------------------------------------------- */

bool
dsr_der_is_next(const struct dsr_der *in, uint8_t tag)
{
	return in->len > 0 && in->data[0] == tag;
}

bool
dsr_der_take(struct dsr_der *in, uint8_t tag, struct dsr_der *content)
{
	struct dsr_der found;
	uint8_t is;

	if (!read_header(in, &is, &found) || is != tag)
		return false;
	in->len -= (size_t)(found.data - in->data) + found.len;
	in->data = found.data + found.len;
	*content = found;
	return true;
}

bool
dsr_der_take_element(struct dsr_der *in, struct dsr_der *element)
{
	struct dsr_der before = *in, content;

	if (in->len == 0 || !dsr_der_take(in, in->data[0], &content))
		return false;
	element->data = before.data;
	element->len = before.len - in->len;
	return true;
}

bool
dsr_der_equals(const struct dsr_der *a, const void *data, size_t len)
{
	return a->len == len && (len == 0 || memcmp(a->data, data, len) == 0);
}

/*
 * Writes YYYYMMDDHHMMSS[.f]Z in the other form, so that one function alone
 * knows the calendar. DER has no zero at the end of a fraction (X.690 11.7.3).
 */
static bool
read_digits(struct timespec *when, const char *s, size_t len)
{
	char text[DSR_TIME_SIZE] = "0000-00-00T00:00:00Z";
	static const size_t places[] = { 0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14,
		15, 17, 18 };
	const size_t whole = sizeof(places) / sizeof(places[0]);
	size_t i, digits;

	if (len < whole + 1 || s[len - 1] != 'Z')
		return false;
	for (i = 0; i < whole; i++)
		text[places[i]] = s[i];
	if (len == whole + 1)
		return dsr_time_parse(when, text, strlen(text));
	digits = len - whole - 2;
	if (s[whole] != '.' || digits < 1 || digits > 9 || s[len - 2] == '0')
		return false;
	memcpy(text + 19, ".000000000Z", sizeof(".000000000Z"));
	memcpy(text + 20, s + whole + 1, digits);
	return dsr_time_parse(when, text, strlen(text));
}

bool
dsr_der_take_time(struct dsr_der *in, struct timespec *when)
{
	char text[32] = "20";
	struct dsr_der v;

	if (dsr_der_take(in, DSR_DER_GENERALIZED_TIME, &v))
		return read_digits(when, (const char *)v.data, v.len);
	if (!dsr_der_take(in, DSR_DER_UTC_TIME, &v) || v.len != 13)
		return false;
	memcpy(text + 2, v.data, v.len);
	if (text[2] >= '5') /* 1950 to 2049: RFC 5280 4.1.2.5.1 */
		memcpy(text, "19", 2);
	return read_digits(when, text, v.len + 2);
}
