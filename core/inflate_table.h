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
#define LITERAL_BITS 10u /* looked up in one step */
#define DISTANCE_BITS 8u
#define ORDER_BITS   7u
/*
 * Codes that are longer lead to a second table of 2^(15 - bits) entries; each
 * of them holds two symbols at least.
 */
#define LITERAL_TABLE  (1024u + MAX_LITERALS / 2 * 32u)
#define DISTANCE_TABLE (256u + MAX_DISTANCES / 2 * 128u)

/* An entry of a table: what a code means. 0: there is no such code. */
#define ENTRY_LEN(e)   ((e) & 15u)        /* bits of the code */
#define ENTRY_EXTRA(e) ((e) >> 4 & 15u)   /* bits behind it, or of the table */
#define ENTRY_KIND(e)  ((e) & 0x0f00u)
#define ENTRY_VALUE(e) ((e) >> 16)
#define ENTRY(kind, value, extra) \
	((uint32_t)(kind) | (uint32_t)(value) << 16 | (uint32_t)(extra) << 4)
#define KIND_LITERAL 0x0100u
#define KIND_COPY    0x0200u /* a length or a distance */
#define KIND_END     0x0300u
#define KIND_TABLE   0x0400u /* value: where the second table begins */

/*
 * Makes the table of a code of n <= LITERALS symbols, which are the entries
 * without their lengths, 0 for those that have a code and no meaning. bits are
 * looked up in one step: LITERAL_BITS, DISTANCE_BITS or ORDER_BITS, and entries
 * has room for that. False: no code has these lengths.
 */
bool dsr_inflate_table(uint32_t *entries, unsigned int bits,
    const uint32_t *symbols, const uint8_t *lengths, size_t n);

#endif
