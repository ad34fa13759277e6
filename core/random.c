/* SPDX-License-Identifier: ISC */
#include "dossier/random.h"

#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void (*random_override)(void *, size_t);

void
dsr_random_set(void (*random_fn)(void *out, size_t len))
{
	random_override = random_fn;
}

void
dsr_random_bytes(void *out, size_t len)
{
	if (random_override != NULL)
		random_override(out, len);
	else
		randombytes_buf(out, len);
}

void
dsr_uuid_new(char out[DSR_UUID_SIZE])
{
	uint8_t b[16];

	dsr_random_bytes(b, sizeof(b));
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	(void)snprintf(out, DSR_UUID_SIZE,
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
	    "%02x%02x%02x%02x%02x%02x",
	    b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
	    b[11], b[12], b[13], b[14], b[15]);
}

bool
dsr_uuid_is_valid(const char *s)
{
	size_t i;

	for (i = 0; i < DSR_UUID_SIZE - 1; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (s[i] != '-')
				return false;
		} else if ((s[i] < '0' || s[i] > '9') &&
		    (s[i] < 'a' || s[i] > 'f')) {
			return false; /* the NUL of a short one, too */
		}
	}
	return s[i] == '\0';
}
