/* SPDX-License-Identifier: ISC */
/*
 * Our decoder against zlib: streams of every level and strategy, whole, damaged
 * and made up. Both must accept the same ones, and make the same of them.
 */
#include "dossier/zip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "../support/chance.h"

#define ROUNDS   2500u
#define CHANGED  8u     /* damaged copies of each stream */
#define CONTENT  20000u /* bytes at most */
#define ROOM     70000u

static uint8_t
next_byte(const uint8_t *content, size_t at, size_t kind)
{
	static const char words[] = "the quick {\"id\":1,\n";

	if (kind == 0)
		return (uint8_t)chance(256);
	if (kind == 1)
		return (uint8_t)(chance(4) * 17);
	if (kind == 2 && at > 9 && chance(8) > 0)
		return content[at - 1 - chance(9)];
	return kind == 3 ? 'a' : (uint8_t)words[chance(sizeof(words) - 1)];
}

/*
 * Deflates something; returns the packed bytes. Those before cut, which make
 * cut_size bytes, end at a whole byte.
 */
static size_t
make_stream(uint8_t packed[ROOM], size_t *size, size_t *cut, size_t *cut_size)
{
	static uint8_t content[CONTENT];
	size_t len = chance(chance(4) > 0 ? 300 : CONTENT), kind = chance(5), i;
	z_stream s;

	for (i = 0; i < len; i++)
		content[i] = next_byte(content, i, kind);
	memset(&s, 0, sizeof(s));
	assert_int_equal(deflateInit2(&s, (int)chance(10), Z_DEFLATED,
	    -MAX_WBITS, 1 + (int)chance(9), (int)chance(5)), Z_OK);
	s.next_in = content;
	s.avail_in = (uInt)(chance(4) > 0 ? len : len / 2);
	s.next_out = packed;
	s.avail_out = ROOM;
	(void)deflate(&s, chance(2) > 0 ? Z_FULL_FLUSH : Z_SYNC_FLUSH);
	*cut = s.total_out;
	*cut_size = s.total_in;
	s.avail_in = (uInt)(len - s.total_in);
	assert_int_equal(deflate(&s, Z_FINISH), Z_STREAM_END);
	*size = len;
	len = s.total_out;
	deflateEnd(&s);
	return len;
}

/* What zlib makes of it: may be a part of the content. */
static bool
ask_zlib(uint8_t *out, size_t size, const uint8_t *packed, size_t len,
    size_t *made)
{
	uint8_t nowhere = 0;
	bool good;
	z_stream s;

	memset(&s, 0, sizeof(s));
	assert_int_equal(inflateInit2(&s, -MAX_WBITS), Z_OK);
	s.next_in = (z_const Bytef *)(uintptr_t)packed;
	s.avail_in = (uInt)len;
	s.next_out = size > 0 ? out : &nowhere;
	s.avail_out = (uInt)size;
	good = inflate(&s, Z_FINISH) == Z_STREAM_END && s.avail_in == 0 &&
	    s.avail_out == 0;
	*made = s.total_out;
	inflateEnd(&s);
	return good;
}

/* Bits and bytes that differ, a cut, more behind, or nothing but noise. */
static size_t
damage(uint8_t packed[ROOM], size_t len)
{
	size_t i, at;

	if (chance(6) == 0)
		len = chance(len + 1);
	for (i = chance(5); i > 0 && len > 0; i--) {
		at = chance(chance(3) > 0 && len > 60 ? 60 : len);
		packed[at] = (uint8_t)(chance(2) > 0
			? packed[at] ^ 1u << chance(8)
			: chance(256));
	}
	if (chance(9) == 0)
		packed[len++] = (uint8_t)chance(256);
	if (chance(7) == 0 && len < 400) {
		for (i = 0; i < len; i++)
			packed[i] = (uint8_t)chance(256);
		packed[0] = (uint8_t)((packed[0] & ~7u) | (1 + chance(3) * 2));
	}
	return len;
}

/* Are both of one mind? Buffers as large as they may be, for sanitizers. */
static bool
compare(struct dsr_inflater *i, const uint8_t *packed, size_t len, size_t size)
{
	size_t made, room = size + chance(2) * DSR_INFLATE_SLACK;
	uint8_t *in = malloc(len + 1), *ours = malloc(room + 1),
		*theirs = malloc(size + 1);
	bool good;

	assert_non_null(in);
	assert_non_null(ours);
	assert_non_null(theirs);
	/* at the end of each buffer, not at its start */
	memcpy(in + 1, packed, len);
	good = ask_zlib(theirs, size, in + 1, len, &made);
	assert_int_equal(dsr_inflate_alone(i, ours + 1, room, size, in + 1,
	    len), good);
	if (good)
		assert_memory_equal(ours + 1, theirs, size);
	free(in);
	free(ours);
	free(theirs);
	return good;
}

/*
 * A stream cut in two: each half alone makes its bytes, but for what the second
 * one copies out of the first.
 */
static bool
compare_halves(struct dsr_inflater *i, const uint8_t *packed, size_t len,
    size_t cut, size_t cut_size)
{
	static uint8_t whole[ROOM], out[ROOM];
	struct dsr_blocks found;
	size_t size;
	bool good;

	assert_true(ask_zlib(whole, ROOM, packed, len, &size) ||
	    size <= CONTENT);
	assert_true(dsr_inflate_blocks(i, out, cut_size, packed, cut,
	    &found));
	assert_false(found.ended);
	assert_int_equal(found.bits, cut * 8);
	assert_int_equal(found.size, cut_size);
	assert_memory_equal(out, whole, cut_size);
	good = dsr_inflate_blocks(i, out, ROOM, packed + cut, len - cut,
	    &found);
	if (good) {
		assert_true(found.ended);
		assert_true(found.bits <= (len - cut) * 8);
		assert_int_equal(found.size, size - cut_size);
		assert_memory_equal(out, whole + cut_size, found.size);
	}
	return good;
}

static void
halves_are_read_alone(void **state)
{
	static uint8_t stream[ROOM];
	size_t round, packed, size, cut, cut_size, good = 0;
	struct dsr_inflater *i = NULL;
	struct dsr_error err;

	(void)state;
	assert_int_equal(dsr_inflater_new(&i, &err), 0);
	for (round = 0; round < ROUNDS; round++) {
		packed = make_stream(stream, &size, &cut, &cut_size);
		if (cut > 0)
			good += compare_halves(i, stream, packed, cut,
			    cut_size);
	}
	/* half of them look back */
	assert_true(good > ROUNDS / 2);
	assert_true(good < ROUNDS);
	dsr_inflater_free(i);
}

static void
both_are_of_one_mind(void **state)
{
	static uint8_t stream[ROOM], copy[ROOM], out[ROOM];
	struct dsr_inflater *i = NULL;
	struct dsr_error err;
	size_t round, k, len, packed, size, cut, cut_size, made, accepted = 0;

	(void)state;
	assert_int_equal(dsr_inflater_new(&i, &err), 0);
	for (round = 0; round < ROUNDS; round++) {
		packed = make_stream(stream, &size, &cut, &cut_size);
		assert_true(compare(i, stream, packed, size));
		for (k = 0; k < CHANGED; k++) {
			memcpy(copy, stream, packed);
			len = damage(copy, packed);
			/* mostly the size that it has, so that it may pass */
			made = chance(size + 2);
			if (chance(3) > 0)
				(void)ask_zlib(out, ROOM, copy, len, &made);
			accepted += compare(i, copy, len, made);
		}
	}
	/* neither refuses everything */
	assert_true(accepted > ROUNDS);
	assert_true(accepted < ROUNDS * CHANGED);
	dsr_inflater_free(i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_are_of_one_mind),
		cmocka_unit_test(halves_are_read_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
