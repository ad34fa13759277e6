/* SPDX-License-Identifier: ISC */
#include "inflate_table.h"

#include <string.h>

/* Symbols that are gone on by: 8 where none of so many has a code, or 1. */
static inline unsigned int
step_of(const uint8_t *lengths, size_t n)
{
	uint64_t eight;

	if (n < sizeof(eight))
		return 1;
	memcpy(&eight, lengths, sizeof(eight));
	return eight == 0 ? sizeof(eight) : 1;
}

/*
 * How many codes there are of each length; false for lengths that no code can
 * have: too many, or too few (but for a single code of one bit, and none).
 */
static bool
count_lengths(unsigned int count[MAX_BITS + 1], const uint8_t *lengths,
    size_t n)
{
	unsigned int longest = 0, bits, step;
	int left = 1;
	size_t s;

	memset(count, 0, (MAX_BITS + 1) * sizeof(count[0]));
	for (s = 0; s < n; s += step) {
		step = step_of(lengths + s, n - s);
		count[lengths[s]] += step;
	}
	for (bits = 1; bits <= MAX_BITS; bits++) {
		left = left * 2 - (int)count[bits];
		if (left < 0)
			return false;
		if (count[bits] > 0)
			longest = bits;
	}
	return left == 0 || longest <= 1;
}

/*
 * Symbols as codes are given out, behind room for those without a code, of
 * which not all are put there. No branch for a single one: nothing foretells it.
 */
static void
sort_symbols(uint16_t sorted[LITERALS], const unsigned int count[MAX_BITS + 1],
    const uint8_t *lengths, size_t n)
{
	unsigned int start[MAX_BITS + 1], len, step;
	size_t s;

	for (start[0] = 0, len = 0; len < MAX_BITS; len++)
		start[len + 1] = start[len] + count[len];
	for (s = 0; s < n; s += step)
		if ((step = step_of(lengths + s, n - s)) == 1)
			sorted[start[lengths[s]]++] = (uint16_t)s;
}

/* The next code of this length, its bits mirrored as they come in a stream. */
static inline unsigned int
next_code(unsigned int code, unsigned int len)
{
	unsigned int zeros = code ^ ((1u << len) - 1), bit;

	if (zeros == 0)
		return 0;
	bit = 1u << (31 - __builtin_clz(zeros));
	return (code & (bit - 1)) | bit;
}

static inline uint32_t
entry_of(uint32_t symbol, unsigned int len)
{
	return symbol == 0 ? 0 : symbol + (len << 8) + len;
}

/*
 * Codes of so many bits at most, all of one length in a step: the table has
 * grown to that length by doubling. Returns the next symbol.
 */
static const uint16_t *
put_short_codes(const struct inflate_table *t,
    const unsigned int count[MAX_BITS + 1], const uint16_t *sorted,
    unsigned int *code)
{
	unsigned int len, n;

	t->entries[0] = 0;
	for (len = 1; len <= t->bits; len++) {
		memcpy(t->entries + (1u << (len - 1)), t->entries,
		    sizeof(*t->entries) << (len - 1));
		for (n = count[len]; n > 0; n--) {
			t->entries[*code] = entry_of(t->symbols[*sorted++], len);
			*code = next_code(*code, len);
		}
	}
	return sorted;
}

/* Bits of a second table that begins with n codes of len bits. */
static unsigned int
second_bits(const struct inflate_table *t,
    const unsigned int count[MAX_BITS + 1], unsigned int len, unsigned int n)
{
	unsigned int bits = len - t->bits;

	for (; len < MAX_BITS && n < 1u << bits; bits++)
		n = n * 2 + count[++len];
	return bits;
}

/* Longer codes, in tables of their own; false when there is no room. */
static bool
put_long_codes(const struct inflate_table *t,
    const unsigned int count[MAX_BITS + 1], const uint16_t *sorted,
    unsigned int code)
{
	unsigned int len, n, bits = 0, at, first = 1u << t->bits,
	    mask = first - 1, used = first, start = 0;

	for (len = t->bits + 1; len <= MAX_BITS; len++)
		for (n = count[len]; n > 0; n--) {
			if ((code & mask) != first) {
				first = code & mask;
				bits = second_bits(t, count, len, n);
				start = used;
				used += 1u << bits;
				if (used > t->room)
					return false;
				t->entries[first] = ENTRY(FLAG_TABLE | bits << 8,
				    start, t->bits);
			}
			for (at = code >> t->bits; at < 1u << bits;
			     at += 1u << (len - t->bits))
				t->entries[start + at] = entry_of(
				    t->symbols[*sorted], len - t->bits);
			sorted++;
			code = next_code(code, len);
		}
	return true;
}

bool
inflate_table_make(struct inflate_table *t, const uint8_t *lengths,
    size_t n)
{
	unsigned int count[MAX_BITS + 1], code = 0;
	uint16_t sorted[LITERALS];
	const uint16_t *longer;

	if (!count_lengths(count, lengths, n))
		return false;
	t->paired = false;
	sort_symbols(sorted, count, lengths, n);
	longer = put_short_codes(t, count, sorted + count[0], &code);
	return put_long_codes(t, count, longer, code);
}

/* Downwards: what stands behind a code is a smaller index, still unpaired. */
void
inflate_table_pair(struct inflate_table *t)
{
	unsigned int at = 1u << t->bits;
	uint32_t e, behind, both;

	t->paired = true;
	while (at-- > 0) {
		e = t->entries[at];
		behind = t->entries[at >> ENTRY_LEN(e)];
		both = (e & behind & FLAG_LITERAL) / FLAG_LITERAL &
		    (ENTRY_LEN(e) + ENTRY_LEN(behind) <= t->bits);
		t->entries[at] = e + (-both &
		    ((ENTRY_VALUE(behind) << 24 | FLAG_PAIR) +
			ENTRY_LEN(behind)));
	}
}
