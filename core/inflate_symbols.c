/* SPDX-License-Identifier: ISC */
/*
 * The symbols of a block of deflate: where the time of inflate goes. In two
 * ways: fast, while there is so much input and room that a step needs no check
 * but those of the distance; and one by one near the end of either.
 */
#include "dossier/zip.h"
#include "inflate_bits.h"

/*
 * What a step of the fast way takes and makes at most: input is read 8 bytes at
 * a time, twice; six literals and a copy, which may write COPY_SLACK more than
 * it has.
 */
#define FAST_INPUT  16
#define FAST_OUTPUT DSR_INFLATE_SLACK
#define COPY_SLACK  32u
#define MAX_COPY    258u

#define ALWAYS_INLINE inline __attribute__((always_inline))

/* Bits behind a refill, at least; and of a length, behind its code. */
#define READY        56u
#define LENGTH_EXTRA 5u

_Static_assert(FAST_OUTPUT >= 6 + MAX_COPY + COPY_SLACK, "room for a step");
_Static_assert(READY >= 4 * LITERAL_BITS, "three literals and a look-up");
_Static_assert(READY >= 3 * LITERAL_BITS + MAX_BITS,
    "two literals, a long one and a look-up");
_Static_assert(READY >= 2 * LITERAL_BITS + MAX_BITS + LENGTH_EXTRA +
    DISTANCE_BITS, "two literals, a length and a look-up");

/* ---- fast ------------------------------------------------------------------- */

/* len <= MAX_COPY bytes of what was written distance bytes before. */
static inline void
copy_fast(uint8_t *to, unsigned int len, unsigned int distance)
{
	const uint8_t *from = to - distance, *end = to + len;
	uint8_t piece[16];

	if (distance >= 16) {
		do {
			memcpy(piece, from, 16);
			memcpy(to, piece, 16);
			to += 16;
			from += 16;
		} while (to < end);
	} else if (distance == 1) {
		memset(to, *from, len);
	} else if (distance >= 8) {
		do {
			memcpy(piece, from, 8);
			memcpy(to, piece, 8);
			to += 8;
			from += 8;
		} while (to < end);
	} else {
		/* each time as much as is repeated; the rest is overwritten */
		do {
			memcpy(piece, from, 8);
			memcpy(to, piece, 8);
			to += distance;
			from += distance;
		} while (to < end);
	}
}

/*
 * Here only the lowest six bits of count are true, until settle: so the entry
 * itself can be taken from it, and what shifts need no mask. No entry takes as
 * much as 64 bits, and none of a copy has a flag.
 */
static inline void
drop_entry(struct bits *b, uint32_t e)
{
	b->word >>= e & 63;
	b->count -= e;
}

static inline void
settle(struct bits *b)
{
	b->count &= 63;
}

/* A length or distance, with the bits behind its code. */
static inline unsigned int
take_value(struct bits *b, uint32_t e)
{
	uint64_t all = b->word & ((1ull << (e & 63)) - 1);

	drop_entry(b, e);
	return ENTRY_VALUE(e) + (unsigned int)(all >> (e >> 8 & 63));
}

static inline uint32_t
next_literal(const uint32_t *literals, const struct bits *b)
{
	return look_up(literals, LITERAL_BITS, b);
}

/* A literal or a pair of them: two bytes are written, one or two are kept. */
static ALWAYS_INLINE uint32_t
put_literal(const uint32_t *literals, struct bits *b, struct output *o,
    uint32_t e, bool paired)
{
	o->at[0] = (uint8_t)(e >> 16);
	if (paired) {
		o->at[1] = (uint8_t)(e >> 24);
		o->at += e / FLAG_PAIR & 1;
	}
	o->at++;
	drop_entry(b, e);
	return next_literal(literals, b);
}

/* The entry of a code that is longer than what is looked up in one step. */
static inline uint32_t
follow(const uint32_t *entries, struct bits *b, uint32_t e)
{
	drop_entry(b, e);
	return entries[ENTRY_VALUE(e) +
	    (b->word & ((1u << ENTRY_LEN(e)) - 1))];
}

enum outcome { GOOD, BAD, ENDED };

/* What is no literal: the end of the block is taken, a length is GOOD. */
static inline enum outcome
take_end(struct bits *b, uint32_t e)
{
	if (e == 0)
		return BAD;
	if ((e & FLAG_END) == 0)
		return GOOD;
	drop_entry(b, e);
	return ENDED;
}

/*
 * With DISTANCE_BITS ready behind the length. The next code is looked up before
 * the bytes are copied: it need not wait.
 */
static ALWAYS_INLINE enum outcome
copy_step(const uint32_t *literals, const uint32_t *distances, struct bits *b,
    struct output *o, uint32_t *e)
{
	unsigned int len = take_value(b, *e), distance;
	uint8_t *to = o->at;
	uint32_t d;

	d = look_up(distances, DISTANCE_BITS, b);
	refill_from_8(b);
	if (d & FLAG_TABLE)
		d = follow(distances, b, d);
	if (d == 0)
		return BAD;
	distance = take_value(b, d);
	if (distance > (size_t)(to - o->start))
		return BAD;
	o->at += len;
	refill_from_8(b);
	*e = next_literal(literals, b);
	copy_fast(to, len, distance);
	return GOOD;
}

/*
 * A code that is no short literal, behind two literals at most; *e becomes the
 * one behind it.
 */
static ALWAYS_INLINE enum outcome
other_step(const uint32_t *literals, const uint32_t *distances,
    struct bits *b, struct output *o, uint32_t *e)
{
	enum outcome outcome;

	if (*e & FLAG_TABLE)
		*e = follow(literals, b, *e);
	if (*e & FLAG_LITERAL) {
		*o->at++ = (uint8_t)ENTRY_VALUE(*e);
		drop_entry(b, *e);
		*e = next_literal(literals, b);
		refill_from_8(b);
		return GOOD;
	}
	outcome = take_end(b, *e);
	return outcome == GOOD ? copy_step(literals, distances, b, o, e)
			       : outcome;
}

/*
 * Up to three short literals, or up to two and what is none. What is looked up
 * next stands in the bits that are left: it need not wait for more.
 */
static ALWAYS_INLINE enum outcome
take_step(const uint32_t *literals, const uint32_t *distances, struct bits *b,
    struct output *o, uint32_t *e, bool paired)
{
	if (*e & FLAG_LITERAL) {
		*e = put_literal(literals, b, o, *e, paired);
		if (*e & FLAG_LITERAL) {
			*e = put_literal(literals, b, o, *e, paired);
			if (*e & FLAG_LITERAL) {
				*e = put_literal(literals, b, o, *e, paired);
				refill_from_8(b);
				return GOOD;
			}
		}
	}
	return other_step(literals, distances, b, o, e);
}

/* Steps as long as there is plenty of everything: GOOD when there is not. */
static ALWAYS_INLINE enum outcome
take_steps(const uint32_t *literals, const uint32_t *distances,
    struct bits *in, struct output *out, bool paired)
{
	const uint8_t *last_in = in->end - FAST_INPUT,
		      *last_out = out->end - FAST_OUTPUT;
	enum outcome outcome = GOOD;
	struct output o = *out;
	struct bits b = *in;
	uint32_t e;

	refill_from_8(&b);
	e = next_literal(literals, &b);
	while (outcome == GOOD && b.at <= last_in && o.at <= last_out)
		outcome = take_step(literals, distances, &b, &o, &e, paired);
	settle(&b);
	*in = b;
	*out = o;
	return outcome;
}

static enum outcome
take_fast(const struct inflate_table *literals, const uint32_t *distances,
    struct bits *in, struct output *out)
{
	if (in->end - in->at < FAST_INPUT || out->end - out->at < FAST_OUTPUT)
		return GOOD;
	/* what is known here is not asked in each step */
	return literals->paired
	    ? take_steps(literals->entries, distances, in, out, true)
	    : take_steps(literals->entries, distances, in, out, false);
}

/* ---- one by one ----------------------------------------------------------------- */

static inline bool
copy_back(struct output *o, unsigned int len, unsigned int distance)
{
	const uint8_t *from;
	uint8_t *end;

	if (distance > (size_t)(o->at - o->start) ||
	    len > (size_t)(o->end - o->at))
		return false;
	from = o->at - distance;
	for (end = o->at + len; o->at < end; o->at++)
		*o->at = *from++;
	return true;
}

/* Looks up a code to its end; 0 when there is none, or it is not all there. */
static inline uint32_t
look_up_whole(const uint32_t *entries, unsigned int bits, struct bits *b)
{
	uint32_t e;

	refill(b);
	e = look_up(entries, bits, b);
	if (e & FLAG_TABLE) {
		if (ENTRY_ALL(e) > b->count)
			return 0;
		e = follow(entries, b, e);
		settle(b);
	}
	return (e & FLAG_LITERAL ? ENTRY_LEN(e) : ENTRY_ALL(e)) <= b->count
	    ? e
	    : 0;
}

static inline enum outcome
take_one(const uint32_t *literals, const uint32_t *distances, struct bits *b,
    struct output *o)
{
	uint32_t e = look_up_whole(literals, LITERAL_BITS, b);
	enum outcome outcome;
	unsigned int len, distance;

	if (e & FLAG_LITERAL) { /* of a pair, the first one */
		if (o->at == o->end)
			return BAD;
		*o->at++ = (uint8_t)ENTRY_VALUE(e);
		drop(b, ENTRY_LEN(e));
		return GOOD;
	}
	if ((outcome = take_end(b, e)) != GOOD) {
		settle(b);
		return outcome;
	}
	len = take_value(b, e);
	settle(b);
	if ((e = look_up_whole(distances, DISTANCE_BITS, b)) == 0)
		return BAD;
	distance = take_value(b, e);
	settle(b);
	return copy_back(o, len, distance) ? GOOD : BAD;
}

/* To the end of the block: there is never plenty again. */
static enum outcome
take_slowly(const uint32_t *literals, const uint32_t *distances,
    struct bits *in, struct output *out)
{
	struct bits b = *in;
	struct output o = *out;
	enum outcome outcome;

	do {
		outcome = take_one(literals, distances, &b, &o);
	} while (outcome == GOOD);
	*in = b;
	*out = o;
	return outcome;
}

bool
inflate_symbols(const struct inflate_table *literals,
    const struct inflate_table *distances, struct bits *in,
    struct output *out)
{
	enum outcome outcome = take_fast(literals, distances->entries, in, out);

	if (outcome == GOOD)
		outcome = take_slowly(literals->entries, distances->entries,
		    in, out);
	return outcome == ENDED;
}
