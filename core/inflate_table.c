/* SPDX-License-Identifier: ISC */
#include "inflate_table.h"

#include <string.h>

/*
 * How many codes there are of each length; false for lengths that no code can
 * have: too many, or too few (but for a single code of one bit, and none).
 */
static bool
count_lengths(unsigned int count[MAX_BITS + 1], const uint8_t *lengths,
    size_t n)
{
	unsigned int longest = 0, bits;
	int left = 1;
	size_t s;

	memset(count, 0, (MAX_BITS + 1) * sizeof(count[0]));
	for (s = 0; s < n; s++)
		count[lengths[s]]++;
	for (bits = 1; bits <= MAX_BITS; bits++) {
		left = left * 2 - (int)count[bits];
		if (left < 0)
			return false;
		if (count[bits] > 0)
			longest = bits;
	}
	return left == 0 || longest <= 1;
}

/* The next code of this length, its bits mirrored as they come in a stream. */
static unsigned int
next_code(unsigned int code, unsigned int len)
{
	unsigned int bit = 1u << (len - 1);

	while (code & bit)
		bit >>= 1;
	return bit == 0 ? 0 : (code & (bit - 1)) + bit;
}

/* Entries of a table that is looked up by so many bits. */
static unsigned int
room_of(unsigned int bits)
{
	return bits == LITERAL_BITS ? LITERAL_TABLE
	    : bits == DISTANCE_BITS ? DISTANCE_TABLE
				    : 1u << bits;
}

/* A table that is being filled. */
struct table {
	uint32_t *entries;
	unsigned int bits;
	unsigned int used; /* of room_of(bits) */
};

/* Puts in a code of len bits; false when there is no room. */
static bool
put_code(struct table *t, unsigned int code, unsigned int len, uint32_t entry)
{
	unsigned int second = MAX_BITS - t->bits, size = 1u << t->bits;
	uint32_t *to = t->entries, *link;

	if (entry != 0)
		entry |= len;
	if (len > t->bits) {
		link = &t->entries[code & (size - 1)];
		if (*link == 0) {
			if (t->used + (1u << second) > room_of(t->bits))
				return false;
			*link = ENTRY(KIND_TABLE, t->used, second);
			t->used += 1u << second;
		}
		to = t->entries + ENTRY_VALUE(*link);
		code >>= t->bits;
		size = 1u << second;
		len -= t->bits;
	}
	for (; code < size; code += 1u << len)
		to[code] = entry;
	return true;
}

bool
dsr_inflate_table(uint32_t *entries, unsigned int bits,
    const uint32_t *symbols, const uint8_t *lengths, size_t n)
{
	unsigned int count[MAX_BITS + 1], start[MAX_BITS + 2], len, code = 0;
	struct table t = { entries, bits, 1u << bits };
	uint16_t sorted[LITERALS];
	size_t s;

	if (!count_lengths(count, lengths, n))
		return false;
	memset(entries, 0, sizeof(*entries) << bits);
	for (start[1] = 0, len = 1; len <= MAX_BITS; len++)
		start[len + 1] = start[len] + count[len];
	for (s = 0; s < n; s++)
		if (lengths[s] > 0)
			sorted[start[lengths[s]]++] = (uint16_t)s;
	for (s = 0; s < start[MAX_BITS]; s++) {
		len = lengths[sorted[s]];
		if (!put_code(&t, code, len, symbols[sorted[s]]))
			return false;
		code = next_code(code, len);
	}
	return true;
}
