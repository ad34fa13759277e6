/* SPDX-License-Identifier: ISC */
/* Bech32: BIP 173, for the 32 bytes that age's keys have. */
#include "age_private.h"

#include <sodium.h>
#include <string.h>

#define DATA_CHARS     52u /* of 5 bits: 32 bytes, and 4 bits that are zero */
#define CHECKSUM_CHARS 6u
#define ALL_CHARS      (DATA_CHARS + CHECKSUM_CHARS)

static uint32_t
checksum_step(uint32_t sum, uint8_t value)
{
	static const uint32_t generator[] = { 0x3b6a57b2, 0x26508e6d,
		0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	uint32_t top = sum >> 25;
	size_t i;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (i = 0; i < 5; i++)
		if ((top >> i & 1) != 0)
			sum ^= generator[i];
	return sum;
}

static uint8_t
lower_case(char c)
{
	return (uint8_t)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* The prefix goes in as the high bits of each letter, a zero, the low ones. */
static uint32_t
checksum_of_prefix(const char *hrp)
{
	uint32_t sum = 1;
	const char *p;

	for (p = hrp; *p != '\0'; p++)
		sum = checksum_step(sum, lower_case(*p) >> 5);
	sum = checksum_step(sum, 0);
	for (p = hrp; *p != '\0'; p++)
		sum = checksum_step(sum, lower_case(*p) & 31);
	return sum;
}

/* The letters behind the '1', in the case of the prefix, as 5 bits each. */
static bool
take_values(uint8_t values[ALL_CHARS], const char *s, bool upper)
{
	static const char lower_set[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	static const char upper_set[] = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
	const char *set = upper ? upper_set : lower_set, *found;
	size_t i;

	for (i = 0; i < ALL_CHARS; i++) {
		if (s[i] == '\0' || (found = strchr(set, s[i])) == NULL)
			return false;
		values[i] = (uint8_t)(found - set);
	}
	return true;
}

/* False when the bits behind the last byte are not zero. */
static bool
join_bits(uint8_t out[DSR_AGE_KEY], const uint8_t values[ALL_CHARS])
{
	uint32_t bits = 0;
	size_t i, count = 0, n = 0;

	for (i = 0; i < DATA_CHARS; i++) {
		bits = (bits << 5 | values[i]) & 0xfff;
		count += 5;
		if (count >= 8) {
			count -= 8;
			out[n++] = (uint8_t)(bits >> count);
		}
	}
	return (bits & 0xf) == 0;
}

bool
dsr_age_bech32_decode(uint8_t out[DSR_AGE_KEY], const char *hrp, const char *s,
    size_t len)
{
	size_t prefix = strlen(hrp), i;
	uint8_t values[ALL_CHARS];
	uint32_t sum = checksum_of_prefix(hrp);
	bool good;

	if (len != prefix + 1 + ALL_CHARS || memcmp(s, hrp, prefix) != 0 ||
	    s[prefix] != '1')
		return false;
	good = take_values(values, s + prefix + 1,
	    hrp[0] >= 'A' && hrp[0] <= 'Z');
	if (good) {
		for (i = 0; i < ALL_CHARS; i++)
			sum = checksum_step(sum, values[i]);
		good = sum == 1 && join_bits(out, values);
	}
	sodium_memzero(values, sizeof(values));
	return good;
}
