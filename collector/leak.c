/* SPDX-License-Identifier: ISC */
/* Does a text hold a credential? Services send back what they got. */
#include "credential.h"

#include <sodium.h>
#include <string.h>

#define TELLING       16u /* bytes: none of so many stands there by chance */
#define LEAST_TELLING 8u  /* of what is no word and no number */
#define TAIL          24u /* bytes of its end that are looked for in base64 */
#define FORM_SIZE     48u /* of base64 of TAIL + 2 bytes */

/*
 * Would it stand nowhere by chance? A short one that is a word or a number would
 * make documents be left out that do not hold it.
 */
static bool
is_telling(const struct dsr_secret *s)
{
	bool upper = false, lower = false, digit = false, other = false;

	if (s->len >= TELLING || s->len < LEAST_TELLING)
		return s->len >= TELLING;
	for (size_t i = 0; i < s->len; i++) {
		unsigned char c = (unsigned char)s->data[i];

		if (c >= 'A' && c <= 'Z')
			upper = upper || i > 0; /* a word may begin with it */
		else if (c >= 'a' && c <= 'z')
			lower = true;
		else if (c >= '0' && c <= '9')
			digit = true;
		else
			other = true;
	}
	return upper + lower + digit + other >= 2;
}

/* The other alphabet (RFC 4648, 5); false when there is no difference. */
static bool
make_url_safe(char *form)
{
	bool changed = false;

	for (; *form != '\0'; form++) {
		if (*form != '+' && *form != '/')
			continue;
		*form = *form == '+' ? '-' : '_';
		changed = true;
	}
	return changed;
}

/*
 * Base64 turns three bytes into four characters, so a text inside of another
 * one looks in one of three ways, by where it begins; the characters that it
 * shares with its neighbours are left aside.
 */
static bool
is_there_at(const struct dsr_secret *s, size_t phase, const void *text,
    size_t len)
{
	size_t n = s->len < TAIL ? s->len : TAIL;
	size_t first = (8 * phase + 5) / 6, last = 8 * (phase + n) / 6;
	unsigned char padded[TAIL + 2] = { 0 };
	char form[FORM_SIZE];
	bool found;

	(void)memcpy(padded + phase, s->data + s->len - n, n);
	(void)sodium_bin2base64(form, sizeof(form), padded, phase + n,
	    sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	form[last] = '\0';
	found = memmem(text, len, form + first, last - first) != NULL ||
	    (make_url_safe(form) &&
	        memmem(text, len, form + first, last - first) != NULL);
	sodium_memzero(padded, sizeof(padded));
	sodium_memzero(form, sizeof(form));
	return found;
}

bool
credentials_are_in(const struct credentials *c, const void *text, size_t len)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct dsr_secret *s = &c->items[i].secret;

		if (!c->items[i].loaded || !is_telling(s))
			continue;
		if (memmem(text, len, s->data, s->len) != NULL)
			return true;
		for (size_t phase = 0; phase < 3; phase++)
			if (is_there_at(s, phase, text, len))
				return true;
	}
	return false;
}
