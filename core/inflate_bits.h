/* SPDX-License-Identifier: ISC */
/*
 * What inflate reads from and writes to, and the symbols of a block. Private to
 * inflate.
 */
#ifndef DOSSIER_CORE_INFLATE_BITS_H
#define DOSSIER_CORE_INFLATE_BITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "inflate_table.h"

/* Bits that were read and not taken yet, lowest first. */
struct bits {
	const uint8_t *at, *end;
	uint64_t word; /* above `count` may stand bits of what is at `at` */
	unsigned int count;
};

struct output {
	uint8_t *start, *at, *end;
};

/* At least 56 bits, where 8 bytes can be read. */
static inline void
refill_from_8(struct bits *b)
{
	uint64_t next;

	memcpy(&next, b->at, sizeof(next));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	next = __builtin_bswap64(next);
#endif
	b->word |= next << (b->count & 63);
	b->at += ~b->count >> 3 & 7; /* only six bits of count need be true */
	b->count |= 56;
}

/* At least 56, or all that are left. */
static inline void
refill(struct bits *b)
{
	if (b->end - b->at >= 8) {
		refill_from_8(b);
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

static inline uint32_t
look_up(const uint32_t *entries, unsigned int bits, const struct bits *b)
{
	return entries[b->word & ((1u << bits) - 1)];
}

/* The symbols of a block, to its end. False: there is no such block. */
bool inflate_symbols(const struct inflate_table *literals,
    const struct inflate_table *distances, struct bits *in,
    struct output *out);

#endif
