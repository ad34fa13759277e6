/* SPDX-License-Identifier: ISC */
/*
 * Tables that the codes of deflate (RFC 1951, 3.2) are looked up in. Private
 * to inflate.
 */
#ifndef DOSSIER_CORE_INFLATE_TABLE_H
#define DOSSIER_CORE_INFLATE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_BITS     15u
#define LITERALS     288u /* symbols of the code of literals and lengths */
#define MAX_LITERALS 286u /* that a block may define: the rest is reserved */
#define DISTANCES    32u
#define MAX_DISTANCES 30u
#define ORDERS       19u  /* symbols of the code of code lengths */
#define END          256u
#define LITERAL_BITS 11u  /* looked up in one step, at most */
#define DISTANCE_BITS 8u
#define ORDER_BITS   7u
/*
 * Entries, those of second tables for longer codes among them: what zlib's
 * enough.c gives for so many symbols of 15 bits. A table that wanted more
 * would not be made.
 */
#define LITERAL_TABLE  2342u
#define DISTANCE_TABLE 402u
#define ORDER_TABLE    128u

/*
 * An entry of a table: what a code means. 0: there is no such code. A literal
 * may have a second one behind it (PAIR): then ALL is the bits of both.
 */
#define ENTRY_ALL(e)   ((e) & 0xffu)      /* bits of code and what is behind */
#define ENTRY_LEN(e)   ((e) >> 8 & 15u)   /* bits of the code, or of the table */
#define ENTRY_VALUE(e) ((e) >> 16)
#define ENTRY(flag, value, extra) \
	((uint32_t)(flag) | (uint32_t)(value) << 16 | (uint32_t)(extra))
#define FLAG_COPY    0u      /* a length or a distance */
#define FLAG_PAIR    0x1000u
#define FLAG_END     0x2000u
#define FLAG_TABLE   0x4000u /* value: where the second table begins */
#define FLAG_LITERAL 0x8000u

/* A table to be made, and what for. */
struct inflate_table {
	uint32_t *entries;
	unsigned int room; /* of them */
	unsigned int bits; /* looked up in one step */
	/*
	 * Entries without their lengths, 0 for those that have a code and no
	 * meaning.
	 */
	const uint32_t *symbols;
	bool paired; /* literals are: inflate_table_pair */
};

/*
 * Makes the table of a code of n <= LITERALS symbols. False: no code has these
 * lengths.
 */
bool inflate_table_make(struct inflate_table *t, const uint8_t *lengths,
    size_t n);
/*
 * Joins literals whose codes are looked up in one step together. It costs as
 * much as some thousand bytes of output, and saves a fifth of the time of more.
 */
void inflate_table_pair(struct inflate_table *t);

#endif
