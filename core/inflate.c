/* SPDX-License-Identifier: ISC */
/*
 * Inflate of whole members: RFC 1951, from memory to memory.
 *
 * Half of the time of a verification is spent here. libdeflate 1.14, twice as
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

#include "inflate_table.h"

struct dsr_inflater {
	z_stream stream; /* for what is refused */
	uint32_t literal_symbols[LITERALS], distance_symbols[DISTANCES],
	    order_symbols[ORDERS];
	uint32_t literals[LITERAL_TABLE], distances[DISTANCE_TABLE];
	uint32_t orders[1u << ORDER_BITS];
};

/* Bits that were read and not taken yet, lowest first. */
struct bits {
	const uint8_t *at, *end;
	uint64_t word; /* above `count` may stand bits of what is at `at` */
	unsigned int count;
};

struct output {
	uint8_t *start, *at, *end;
};

/* ---- bits -------------------------------------------------------------------- */

/* At least 56, or all that are left. */
static inline void
refill(struct bits *b)
{
	uint64_t next;

	if (b->end - b->at >= 8) {
		memcpy(&next, b->at, sizeof(next));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		next = __builtin_bswap64(next);
#endif
		b->word |= next << b->count;
		b->at += (63 - b->count) >> 3;
		b->count |= 56;
		return;
	}
	while (b->count < 56 && b->at < b->end) {
		b->word |= (uint64_t)*b->at++ << b->count;
		b->count += 8;
	}
}

static inline void
drop(struct bits *b, unsigned int n)
{
	b->word >>= n;
	b->count -= n;
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
		i->order_symbols[s] = ENTRY(KIND_LITERAL, s, 0);
	for (s = 0; s < END; s++)
		i->literal_symbols[s] = ENTRY(KIND_LITERAL, s, 0);
	i->literal_symbols[END] = ENTRY(KIND_END, 0, 0);
	for (s = 257; s < 285; s++) {
		extra = s < 265 ? 0 : (s - 261) / 4;
		i->literal_symbols[s] = ENTRY(KIND_COPY, value, extra);
		value += 1u << extra;
	}
	i->literal_symbols[285] = ENTRY(KIND_COPY, 258, 0);
	for (s = 0, value = 1; s < MAX_DISTANCES; s++) {
		extra = s < 4 ? 0 : s / 2 - 1;
		i->distance_symbols[s] = ENTRY(KIND_COPY, value, extra);
		value += 1u << extra;
	}
	/* 286, 287 and the distances 30, 31 stay 0: reserved */
}

/* ---- blocks ------------------------------------------------------------------------- */

static inline uint32_t
look_up(const uint32_t *table, unsigned int bits, uint64_t word)
{
	uint32_t e = table[word & ((1u << bits) - 1)];

	if (ENTRY_KIND(e) == KIND_TABLE)
		e = table[ENTRY_VALUE(e) +
		    ((word >> bits) & ((1u << ENTRY_EXTRA(e)) - 1))];
	return e;
}

/* Takes the code of e and the bits behind it: the value; 0 without them. */
static inline unsigned int
take_value(struct bits *b, uint32_t e)
{
	unsigned int len = ENTRY_LEN(e), extra = ENTRY_EXTRA(e), value;

	if (ENTRY_KIND(e) != KIND_COPY || len + extra > b->count)
		return 0;
	value = ENTRY_VALUE(e) +
	    (unsigned int)((b->word >> len) & ((1u << extra) - 1));
	drop(b, len + extra);
	return value;
}

static inline bool
copy_back(struct output *o, unsigned int len, unsigned int distance)
{
	const uint8_t *from;
	uint8_t *to = o->at;

	if (len == 0 || distance == 0 || distance > (size_t)(to - o->start) ||
	    len > (size_t)(o->end - to))
		return false;
	from = to - distance;
	o->at += len;
	if (distance >= 8 && (size_t)(o->end - to) >= len + 8) {
		for (; to < o->at; to += 8, from += 8)
			memcpy(to, from, 8);
		return true;
	}
	if (distance == 1) {
		memset(to, *from, len);
		return true;
	}
	while (to < o->at)
		*to++ = *from++;
	return true;
}

/*
 * Literals as long as there is plenty of everything; the entry behind them.
 * The next one is looked up before this one is written.
 */
static inline uint32_t
read_literals(const uint32_t *literals, struct bits *b, struct output *o)
{
	uint32_t e = look_up(literals, LITERAL_BITS, b->word), second;

	while (b->count >= 56 && o->end - o->at >= 2 &&
	    ENTRY_KIND(e) == KIND_LITERAL) {
		drop(b, ENTRY_LEN(e));
		second = look_up(literals, LITERAL_BITS, b->word);
		*o->at++ = (uint8_t)ENTRY_VALUE(e);
		if (ENTRY_KIND(second) == KIND_LITERAL) {
			drop(b, ENTRY_LEN(second));
			e = look_up(literals, LITERAL_BITS, b->word);
			*o->at++ = (uint8_t)ENTRY_VALUE(second);
		} else {
			e = second;
		}
		refill(b);
	}
	return e;
}

/* The symbols of a block, to its end. */
static bool
read_symbols(const struct dsr_inflater *i, struct bits *in, struct output *out)
{
	struct bits b = *in;
	struct output o = *out;
	unsigned int len;
	uint32_t e;

	for (;;) {
		refill(&b);
		e = read_literals(i->literals, &b, &o);
		while (ENTRY_KIND(e) == KIND_LITERAL) {
			if (ENTRY_LEN(e) > b.count || o.at == o.end)
				return false;
			*o.at++ = (uint8_t)ENTRY_VALUE(e);
			drop(&b, ENTRY_LEN(e));
			if (b.count < 48) /* the most that a copy takes */
				refill(&b);
			e = look_up(i->literals, LITERAL_BITS, b.word);
		}
		if (ENTRY_KIND(e) == KIND_END)
			break;
		len = take_value(&b, e);
		e = look_up(i->distances, DISTANCE_BITS, b.word);
		if (!copy_back(&o, len, take_value(&b, e)))
			return false;
	}
	if (ENTRY_LEN(e) > b.count)
		return false;
	drop(&b, ENTRY_LEN(e));
	*in = b;
	*out = o;
	return true;
}

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
	uint8_t lengths[LITERALS];

	memset(lengths, 8, 144);
	memset(lengths + 144, 9, 112);
	memset(lengths + 256, 7, 24);
	memset(lengths + 280, 8, 8);
	if (!dsr_inflate_table(i->literals, LITERAL_BITS,
		i->literal_symbols, lengths, LITERALS))
		return false;
	memset(lengths, 5, DISTANCES);
	return dsr_inflate_table(i->distances, DISTANCE_BITS, i->distance_symbols,
	    lengths, DISTANCES);
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
		e = look_up(i->orders, ORDER_BITS, b->word);
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
	if (len != 128 ||
	    !dsr_inflate_table(i->orders, ORDER_BITS, i->order_symbols,
		lengths, ORDERS) ||
	    !read_lengths(i, b, lengths, literals + distances) ||
	    lengths[END] == 0)
		return false;
	return dsr_inflate_table(i->literals, LITERAL_BITS, i->literal_symbols,
		   lengths, literals) &&
	    dsr_inflate_table(i->distances, DISTANCE_BITS, i->distance_symbols,
		lengths + literals, distances);
}

/* All blocks: do they end where the bytes do, and the output with them? */
static bool
read_blocks(struct dsr_inflater *i, struct bits *b, struct output *o)
{
	unsigned int last = 0, type;
	bool good = true;

	while (good && last == 0) {
		if (!take(b, 1, &last) || !take(b, 2, &type))
			return false;
		if (type == 0)
			good = read_stored(b, o);
		else
			good = (type == 1 ? fixed_codes(i)
				    : type == 2 && read_codes(i, b)) &&
			    read_symbols(i, b, o);
	}
	return good && b->at == b->end && b->count < 8 && o->at == o->end;
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
dsr_inflate_alone(struct dsr_inflater *i, uint8_t *out, size_t size,
    const uint8_t *packed, size_t packed_size)
{
	struct bits b = { packed, packed + packed_size, 0, 0 };
	struct output o = { out, out, out + size };

	return read_blocks(i, &b, &o);
}

bool
dsr_inflate(struct dsr_inflater *i, uint8_t *out, size_t size,
    const uint8_t *packed, size_t packed_size)
{
	assert(size <= UINT_MAX && packed_size <= UINT_MAX);
	return dsr_inflate_alone(i, out, size, packed, packed_size) ||
	    ask_zlib(i, out, size, packed, packed_size);
}
