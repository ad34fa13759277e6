/* SPDX-License-Identifier: ISC */
/*
 * Inflate of whole members: RFC 1951, from memory to memory.
 *
 * A third of the time of a verification is spent here. libdeflate 1.14, twice as
 * fast as zlib, accepts streams that zlib refuses (reserved symbols, code
 * lengths past their end), and nothing cheaper than decoding finds them; so
 * this is a decoder of our own, in every build, that accepts what zlib does.
 * What it refuses zlib is asked about, so that damage is zlib's verdict;
 * tests/fuzz/fuzz_inflate.c holds the two together.
 *
 * Every read and write is bounded where it stands.
 */
#include "dossier/zip.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "inflate_bits.h"

#define PAIRED_BLOCK 8192u /* bytes that make up for joining literals */

struct dsr_inflater {
	z_stream stream; /* for what is refused */
	uint32_t literal_symbols[LITERALS], distance_symbols[DISTANCES],
	    order_symbols[ORDERS];
	uint32_t literal_entries[LITERAL_TABLE],
	    distance_entries[DISTANCE_TABLE], order_entries[ORDER_TABLE];
	struct inflate_table literals, distances, orders;
	bool fixed; /* these are the fixed codes */
};

/* ---- bits -------------------------------------------------------------------- */

static size_t
bits_taken(const struct bits *b, const uint8_t *start)
{
	return (size_t)(b->at - start) * 8 - b->count;
}

/* Takes n <= 16 bits; false when there are not so many. */
static bool
take(struct bits *b, unsigned int n, unsigned int *value)
{
	refill(b);
	if (b->count < n)
		return false;
	*value = (unsigned int)(b->word & ((1u << n) - 1));
	drop(b, n);
	return true;
}

/* ---- codes ------------------------------------------------------------------------ */

static void
fill_symbols(struct dsr_inflater *i)
{
	unsigned int s, value = 3, extra;

	for (s = 0; s < ORDERS; s++)
		i->order_symbols[s] = ENTRY(FLAG_LITERAL, s, 0);
	for (s = 0; s < END; s++)
		i->literal_symbols[s] = ENTRY(FLAG_LITERAL, s, 0);
	i->literal_symbols[END] = ENTRY(FLAG_END, 0, 0);
	for (s = 257; s < 285; s++) {
		extra = s < 265 ? 0 : (s - 261) / 4;
		i->literal_symbols[s] = ENTRY(FLAG_COPY, value, extra);
		value += 1u << extra;
	}
	i->literal_symbols[285] = ENTRY(FLAG_COPY, 258, 0);
	for (s = 0, value = 1; s < MAX_DISTANCES; s++) {
		extra = s < 4 ? 0 : s / 2 - 1;
		i->distance_symbols[s] = ENTRY(FLAG_COPY, value, extra);
		value += 1u << extra;
	}
	/* 286, 287 and the distances 30, 31 stay 0: reserved */
}

static void
place_tables(struct dsr_inflater *i)
{
	i->literals = (struct inflate_table){ i->literal_entries,
		LITERAL_TABLE, LITERAL_BITS, i->literal_symbols, false };
	i->distances = (struct inflate_table){ i->distance_entries,
		DISTANCE_TABLE, DISTANCE_BITS, i->distance_symbols, false };
	i->orders = (struct inflate_table){ i->order_entries, ORDER_TABLE,
		ORDER_BITS, i->order_symbols, false };
}

/* The tables of a block, which has so many bytes at most. */
static bool
make_tables(struct dsr_inflater *i, size_t left, const uint8_t *literals,
    size_t literal_count, const uint8_t *distances, size_t distance_count)
{
	if (!inflate_table_make(&i->literals, literals, literal_count) ||
	    !inflate_table_make(&i->distances, distances, distance_count))
		return false;
	if (left >= PAIRED_BLOCK)
		inflate_table_pair(&i->literals);
	return true;
}

/* ---- blocks ------------------------------------------------------------------------- */

static bool
read_stored(struct bits *b, struct output *o)
{
	unsigned int len, check;

	drop(b, b->count & 7);
	if (!take(b, 16, &len) || !take(b, 16, &check) || len != (check ^ 0xffff))
		return false;
	/* whole bytes that were read ahead go back */
	b->at -= b->count / 8;
	b->word = 0;
	b->count = 0;
	if (len > (size_t)(b->end - b->at) || len > (size_t)(o->end - o->at))
		return false;
	memcpy(o->at, b->at, len);
	b->at += len;
	o->at += len;
	return true;
}

static bool
fixed_codes(struct dsr_inflater *i)
{
	uint8_t lengths[LITERALS], fives[DISTANCES];

	if (i->fixed)
		return true;
	memset(lengths, 8, 144);
	memset(lengths + 144, 9, 112);
	memset(lengths + 256, 7, 24);
	memset(lengths + 280, 8, 8);
	memset(fives, 5, DISTANCES);
	i->fixed = make_tables(i, 0, lengths, LITERALS, fives, DISTANCES);
	return i->fixed;
}

/* Code lengths, themselves in a code: RFC 1951, 3.2.7. */
static bool
read_lengths(const struct dsr_inflater *i, struct bits *b, uint8_t *lengths,
    size_t n)
{
	unsigned int symbol, times, value;
	size_t done = 0;
	uint32_t e;

	while (done < n) {
		refill(b);
		e = look_up(i->order_entries, ORDER_BITS, b);
		if (e == 0 || ENTRY_LEN(e) > b->count)
			return false;
		drop(b, ENTRY_LEN(e));
		symbol = ENTRY_VALUE(e);
		if (symbol < 16) {
			lengths[done++] = (uint8_t)symbol;
			continue;
		}
		if ((symbol == 16 && done == 0) ||
		    !take(b, symbol == 16 ? 2 : symbol == 17 ? 3 : 7, &times))
			return false;
		value = symbol == 16 ? lengths[done - 1] : 0;
		times += symbol == 18 ? 11 : 3;
		if (times > n - done)
			return false;
		memset(lengths + done, (int)value, times);
		done += times;
	}
	return true;
}

static bool
read_codes(struct dsr_inflater *i, struct bits *b)
{
	static const uint8_t place[ORDERS] = { 16, 17, 18, 0, 8, 7, 9, 6, 10,
		5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
	uint8_t lengths[MAX_LITERALS + MAX_DISTANCES] = { 0 };
	unsigned int literals, distances, orders, n, len;

	if (!take(b, 5, &literals) || !take(b, 5, &distances) ||
	    !take(b, 4, &orders))
		return false;
	literals += 257;
	distances += 1;
	if (literals > MAX_LITERALS || distances > MAX_DISTANCES)
		return false;
	for (n = 0; n < orders + 4; n++) {
		if (!take(b, 3, &len))
			return false;
		lengths[place[n]] = (uint8_t)len;
	}
	/* zlib takes no incomplete code here, not even of one symbol */
	for (n = 0, len = 0; n < ORDERS; n++)
		len += lengths[n] == 0 ? 0 : 128u >> lengths[n];
	if (len != 128 || !inflate_table_make(&i->orders, lengths, ORDERS) ||
	    !read_lengths(i, b, lengths, literals + distances) ||
	    lengths[END] == 0)
		return false;
	i->fixed = false;
	return make_tables(i, (size_t)(b->end - b->at), lengths, literals,
	    lengths + literals, distances);
}

/*
 * Blocks to the last one, or to one that ends with the last bit: is that where
 * the bytes end?
 */
static bool
read_blocks(struct dsr_inflater *i, struct bits *b, struct output *o,
    struct dsr_blocks *found)
{
	const uint8_t *start = b->at;
	unsigned int last = 0, type;
	bool good = true;

	do {
		found->last = bits_taken(b, start);
		if (!take(b, 1, &last) || !take(b, 2, &type))
			return false;
		if (type == 0)
			good = read_stored(b, o);
		else
			good = (type == 1 ? fixed_codes(i)
				    : type == 2 && read_codes(i, b)) &&
			    inflate_symbols(&i->literals, &i->distances, b, o);
	} while (good && last == 0 && (b->at < b->end || b->count > 0));
	found->ended = last != 0;
	found->bits = bits_taken(b, start);
	return good && b->at == b->end && b->count < 8;
}

/* ---- members -------------------------------------------------------------------------- */

int
dsr_inflater_new(struct dsr_inflater **out, struct dsr_error *err)
{
	struct dsr_inflater *i = calloc(1, sizeof(*i));

	*out = NULL;
	if (i == NULL || inflateInit2(&i->stream, -MAX_WBITS) != Z_OK) {
		free(i);
		return dsr_fail(err, DSR_ENOMEM, "inflate");
	}
	fill_symbols(i);
	place_tables(i);
	*out = i;
	return 0;
}

void
dsr_inflater_free(struct dsr_inflater *i)
{
	if (i == NULL)
		return;
	inflateEnd(&i->stream);
	free(i);
}

/*
 * One call with Z_FINISH: then zlib needs no window of its own, so that
 * nothing but the stream can make it fail.
 */
static bool
ask_zlib(struct dsr_inflater *i, uint8_t *out, size_t size,
    const uint8_t *packed, size_t packed_size)
{
	z_stream *s = &i->stream;
	uint8_t nowhere = 0;

	if (inflateReset(s) != Z_OK)
		return false;
	s->next_in = (z_const Bytef *)(uintptr_t)packed;
	s->avail_in = (uInt)packed_size;
	s->next_out = size > 0 ? out : &nowhere;
	s->avail_out = (uInt)size;
	return inflate(s, Z_FINISH) == Z_STREAM_END && s->avail_in == 0 &&
	    s->avail_out == 0;
}

bool
dsr_inflate_blocks(struct dsr_inflater *i, uint8_t *out, size_t room,
    const uint8_t *packed, size_t packed_size, struct dsr_blocks *found)
{
	struct bits b = { packed, packed + packed_size, 0, 0 };
	struct output o = { out, out, out + room };
	bool good;

	memset(found, 0, sizeof(*found));
	good = read_blocks(i, &b, &o, found);
	found->size = (size_t)(o.at - o.start);
	return good;
}

bool
dsr_inflate_alone(struct dsr_inflater *i, uint8_t *out, size_t room,
    size_t size, const uint8_t *packed, size_t packed_size)
{
	struct dsr_blocks found;

	return dsr_inflate_blocks(i, out, room, packed, packed_size, &found) &&
	    found.ended && found.size == size;
}

bool
dsr_inflate(struct dsr_inflater *i, uint8_t *out, size_t room, size_t size,
    const uint8_t *packed, size_t packed_size)
{
	assert(size <= room && size <= UINT_MAX && packed_size <= UINT_MAX);
	return dsr_inflate_alone(i, out, room, size, packed, packed_size) ||
	    ask_zlib(i, out, size, packed, packed_size);
}
