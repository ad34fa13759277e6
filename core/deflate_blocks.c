/* SPDX-License-Identifier: ISC */
/*
 * libdeflate makes whole streams only. To go on behind one, the bit that says
 * "last block" must be found; blocks have no length, so the symbols are read
 * over, without making the bytes they stand for (RFC 1951, 3.2.3 to 3.2.7).
 */
#include "deflate_chunk.h"

#include <string.h>

#define MAX_BITS    15u  /* of a code */
#define FAST_BITS   11u  /* of a code that is looked up at once */
#define FAST        (1u << FAST_BITS)
#define LITERALS    288u /* codes for literals and lengths */
#define DISTANCES   32u
#define LENGTH_CODES 19u
#define END_OF_BLOCK 256u
#define AHEAD       8u   /* bytes that stand in the buffer of bits */

/* A table's entry: bits of the code, 0 when it is longer; symbol << 4. */
struct code {
	uint16_t fast[FAST];
	uint16_t count[MAX_BITS + 1]; /* of codes, by length */
	uint16_t sorted[LITERALS];    /* symbols, by code */
};

struct bits {
	const uint8_t *data;
	size_t at;  /* next byte */
	size_t len;
	uint64_t buffer;
	unsigned int count; /* bits in the buffer */
};

/* After it, 56 bits can be taken; false well past the end. */
static bool
fill_bits(struct bits *b)
{
	uint64_t next;

	if (b->at > b->len + AHEAD)
		return false;
	/* the room behind the end is there: see DEFLATE_PACKED */
	memcpy(&next, b->data + b->at, sizeof(next));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	next = __builtin_bswap64(next);
#endif
	b->buffer |= next << b->count;
	b->at += (63 - b->count) >> 3;
	b->count |= 56;
	return true;
}

static unsigned int
take_bits(struct bits *b, unsigned int n)
{
	unsigned int value = (unsigned int)(b->buffer & ((1ull << n) - 1));

	b->buffer >>= n;
	b->count -= n;
	return value;
}

static size_t
bits_taken(const struct bits *b)
{
	return b->at * 8 - b->count;
}

static unsigned int
reverse_bits(unsigned int code, unsigned int len)
{
	unsigned int out = 0, i;

	for (i = 0; i < len; i++)
		out |= ((code >> i) & 1u) << (len - 1 - i);
	return out;
}

static void
build_code(struct code *c, const uint8_t *lengths, unsigned int symbols)
{
	uint16_t offset[MAX_BITS + 2], next[MAX_BITS + 2];
	unsigned int s, len, code = 0, entry;

	memset(c->fast, 0, sizeof(c->fast));
	memset(c->count, 0, sizeof(c->count));
	for (s = 0; s < symbols; s++)
		c->count[lengths[s]]++;
	c->count[0] = 0;
	offset[1] = 0;
	for (len = 1; len <= MAX_BITS; len++) {
		code = (code + c->count[len - 1]) << 1;
		next[len] = (uint16_t)code;
		offset[len + 1] = (uint16_t)(offset[len] + c->count[len]);
	}
	for (s = 0; s < symbols; s++) {
		if ((len = lengths[s]) == 0)
			continue;
		c->sorted[offset[len]++] = (uint16_t)s;
		entry = reverse_bits(next[len]++, len);
		for (; len <= FAST_BITS && entry < FAST; entry += 1u << len)
			c->fast[entry] = (uint16_t)(s << 4 | len);
	}
}

/* A code of more than FAST_BITS, or none: then LITERALS. */
static unsigned int
slow_symbol(struct bits *b, const struct code *c)
{
	unsigned int code = 0, first = 0, index = 0, len;

	for (len = 1; len <= MAX_BITS; len++) {
		code |= take_bits(b, 1);
		if (code < first + c->count[len])
			return c->sorted[index + code - first];
		index += c->count[len];
		first = (first + c->count[len]) << 1;
		code <<= 1;
	}
	return LITERALS;
}

static inline unsigned int
next_symbol(struct bits *b, const struct code *c)
{
	unsigned int entry = c->fast[b->buffer & (FAST - 1)];

	if (entry == 0)
		return slow_symbol(b, c);
	(void)take_bits(b, entry & 15u);
	return entry >> 4;
}

/* RFC 1951, 3.2.5: the bytes that a length stands for. */
static bool
take_length(struct bits *b, unsigned int symbol, size_t *size)
{
	unsigned int n = symbol - 257, extra;

	if (n > 28)
		return false;
	extra = n < 8 || n == 28 ? 0 : (n - 4) >> 2;
	*size += (n < 8	      ? n + 3
	          : n == 28 ? 258
			    : ((4 + (n & 3)) << extra) + 3) +
	    take_bits(b, extra);
	return true;
}

static bool
skip_distance(struct bits *b, const struct code *c)
{
	unsigned int symbol = next_symbol(b, c);

	if (symbol > 29)
		return false;
	if (symbol >= 4)
		(void)take_bits(b, (symbol - 2) >> 1);
	return true;
}

static bool
skip_symbols(struct bits *b, const struct code *literals,
    const struct code *distances, size_t *size)
{
	unsigned int symbol;

	for (;;) {
		if (!fill_bits(b))
			return false;
		/* literals come in runs; three take 45 bits at most */
		symbol = next_symbol(b, literals);
		if (symbol < END_OF_BLOCK) {
			++*size;
			symbol = next_symbol(b, literals);
		}
		if (symbol < END_OF_BLOCK) {
			++*size;
			continue;
		}
		if (symbol == END_OF_BLOCK)
			return true;
		if (!fill_bits(b) || !take_length(b, symbol, size) ||
		    !skip_distance(b, distances))
			return false;
	}
}

static bool
skip_stored(struct bits *b, size_t *size)
{
	size_t from = (bits_taken(b) + 7) / 8, n;

	if (from > b->len || b->len - from < 4)
		return false;
	n = (size_t)b->data[from] | (size_t)b->data[from + 1] << 8;
	if (n > b->len - from - 4)
		return false;
	b->at = from + 4 + n;
	b->buffer = 0;
	b->count = 0;
	*size += n;
	return true;
}

/* RFC 1951, 3.2.7 */
static bool
read_lengths(struct bits *b, const struct code *c, uint8_t *lengths,
    unsigned int total)
{
	unsigned int i = 0, symbol, repeat;
	uint8_t value;

	while (i < total) {
		if (!fill_bits(b) || (symbol = next_symbol(b, c)) > 18)
			return false;
		if (symbol < 16) {
			lengths[i++] = (uint8_t)symbol;
			continue;
		}
		if (symbol == 16 && i == 0)
			return false;
		value = symbol == 16 ? lengths[i - 1] : 0;
		repeat = symbol == 16	? 3 + take_bits(b, 2)
		    : symbol == 17	? 3 + take_bits(b, 3)
					: 11 + take_bits(b, 7);
		if (repeat > total - i)
			return false;
		memset(lengths + i, value, repeat);
		i += repeat;
	}
	return true;
}

static bool
read_codes(struct bits *b, struct code *literals, struct code *distances)
{
	static const uint8_t order[LENGTH_CODES] = { 16, 17, 18, 0, 8, 7, 9, 6,
		10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
	uint8_t lengths[LITERALS + DISTANCES] = { 0 };
	unsigned int literal_count = take_bits(b, 5) + 257;
	unsigned int distance_count = take_bits(b, 5) + 1;
	unsigned int length_count = take_bits(b, 4) + 4, i;

	if (literal_count > 286)
		return false;
	for (i = 0; i < length_count; i++) {
		if (!fill_bits(b))
			return false;
		lengths[order[i]] = (uint8_t)take_bits(b, 3);
	}
	build_code(literals, lengths, LENGTH_CODES);
	memset(lengths, 0, LENGTH_CODES);
	if (!read_lengths(b, literals, lengths, literal_count +
		distance_count))
		return false;
	build_code(literals, lengths, literal_count);
	build_code(distances, lengths + literal_count, distance_count);
	return true;
}

/* RFC 1951, 3.2.6 */
static void
fixed_codes(struct code *literals, struct code *distances)
{
	uint8_t lengths[LITERALS];

	memset(lengths, 8, sizeof(lengths));
	memset(lengths + 144, 9, 256 - 144);
	memset(lengths + 256, 7, 280 - 256);
	build_code(literals, lengths, LITERALS);
	memset(lengths, 5, DISTANCES);
	build_code(distances, lengths, DISTANCES);
}

static bool
skip_block(struct bits *b, struct code *literals, struct code *distances,
    size_t *size)
{
	switch (take_bits(b, 2)) {
	case 0:
		return skip_stored(b, size);
	case 1:
		fixed_codes(literals, distances);
		break;
	case 2:
		if (!read_codes(b, literals, distances))
			return false;
		break;
	default:
		return false;
	}
	return skip_symbols(b, literals, distances, size);
}

size_t
deflate_unfinish(uint8_t out[DEFLATE_PACKED], size_t len, size_t size)
{
	static const uint8_t empty_stored[] = { 0x00, 0x00, 0xFF, 0xFF };
	struct bits b = { out, 0, len, 0, 0 };
	struct code literals, distances;
	size_t start, found = 0, end;
	bool last = false;

	if (len + 2 * AHEAD > DEFLATE_PACKED)
		return 0;
	while (!last) {
		start = bits_taken(&b);
		if (!fill_bits(&b))
			return 0;
		last = take_bits(&b, 1) != 0;
		if (!skip_block(&b, &literals, &distances, &found))
			return 0;
	}
	end = bits_taken(&b);
	if (found != size || (end + 7) / 8 != len)
		return 0;
	out[start / 8] &= (uint8_t)~(1u << start % 8);
	/* its header is three bits of 0, then 0 up to a byte */
	len = (end + 3 + 7) / 8;
	if (end % 8 != 0)
		out[end / 8] &= (uint8_t)((1u << end % 8) - 1);
	if (len > (end + 7) / 8)
		out[len - 1] = 0;
	memcpy(out + len, empty_stored, sizeof(empty_stored));
	return len + sizeof(empty_stored);
}
