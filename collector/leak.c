/* SPDX-License-Identifier: ISC */
/* Does a text hold a credential? Services send back what they got. */
#include "credential.h"

#include <sodium.h>
#include <string.h>

#define LEAST_TELLING 16u /* bytes: what is shorter may stand there by chance */
#define TAIL          24u /* bytes of its end that are looked for in base64 */
#define FORM_SIZE     48u /* of base64 of TAIL + 2 bytes */

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

		if (!c->items[i].loaded || s->len < LEAST_TELLING)
			continue;
		if (memmem(text, len, s->data, s->len) != NULL)
			return true;
		for (size_t phase = 0; phase < 3; phase++)
			if (is_there_at(s, phase, text, len))
				return true;
	}
	return false;
}
