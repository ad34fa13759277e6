/* SPDX-License-Identifier: ISC */
/*
 * Bodies packed with gzip as they arrive: whole, in pieces of any size, broken
 * off at every byte, changed at every bit, and refused half-way.
 */
#include "../../collector/gunzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#define PIECE   65536u /* what gunzip.c unpacks at a time */
#define ROOM    (4 * PIECE)
#define GZIP    (15 + 16)
#define TRAILER 8u /* CRC and length */

struct taken {
	char content[ROOM];
	size_t len, calls, refuse_at; /* refuse_at: 0 takes all */
};

static struct taken taken;
static char content[ROOM], packed[2 * ROOM];

static bool
take(void *ctx, const char *data, size_t len)
{
	struct taken *t = ctx;

	assert_true(len > 0 && len <= ROOM - t->len);
	memcpy(t->content + t->len, data, len);
	t->len += len;
	return ++t->calls != t->refuse_at;
}

/* A member of the first len bytes of content, at packed + at; its end. */
static size_t
add_member(size_t at, size_t len, int window)
{
	z_stream s;

	memset(&s, 0, sizeof(s));
	assert_int_equal(deflateInit2(&s, 6, Z_DEFLATED, window, 8,
	    Z_DEFAULT_STRATEGY), Z_OK);
	s.next_in = (unsigned char *)content;
	s.avail_in = (uInt)len;
	s.next_out = (unsigned char *)packed + at;
	s.avail_out = (uInt)(sizeof(packed) - at);
	assert_int_equal(deflate(&s, Z_FINISH), Z_STREAM_END);
	at += s.total_out;
	deflateEnd(&s);
	return at;
}

/* Takes len bytes of packed, piece by piece. */
static bool
unpack(size_t len, size_t piece, bool *whole, const char **why)
{
	struct gunzip *g = gunzip_new();
	size_t at, now, refuse_at = taken.refuse_at;
	bool good = true;

	assert_non_null(g);
	memset(&taken, 0, sizeof(taken));
	taken.refuse_at = refuse_at;
	*why = NULL;
	for (at = 0; good && at < len; at += now) {
		now = len - at < piece ? len - at : piece;
		good = gunzip_take(g, packed + at, now, take, &taken, why);
	}
	*whole = gunzip_is_whole(g);
	gunzip_free(g);
	return good;
}

static int
fill(void **state)
{
	uint32_t x = 1;
	size_t i;

	(void)state;
	taken.refuse_at = 0;
	for (i = 0; i < sizeof(content); i++) {
		x = x * 1664525u + 1013904223u;
		content[i] = (char)('a' + (x >> 24) % 23);
	}
	return 0;
}

static void
every_length_in_every_piece(void **state)
{
	static const size_t lengths[] = { 0, 1, 100, PIECE - 1, PIECE,
		PIECE + 1, 2 * PIECE, ROOM };
	static const size_t pieces[] = { 1, 7, 4096, sizeof(packed) };
	const char *why;
	size_t i, k, len;
	bool whole;

	(void)state;
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		len = add_member(0, lengths[i], GZIP);
		for (k = 0; k < sizeof(pieces) / sizeof(pieces[0]); k++) {
			assert_true(unpack(len, pieces[k], &whole, &why));
			assert_true(whole);
			assert_null(why);
			assert_int_equal(taken.len, lengths[i]);
			assert_memory_equal(taken.content, content, taken.len);
		}
	}
}

static void
members_follow_each_other(void **state)
{
	size_t first = add_member(0, 300, GZIP);
	size_t second = add_member(first, 0, GZIP);
	size_t len = add_member(second, 200, GZIP), cut;
	const char *why;
	bool whole;

	(void)state;
	for (cut = 0; cut <= len; cut++) {
		assert_true(unpack(cut, 11, &whole, &why));
		assert_int_equal(whole,
		    cut == first || cut == second || cut == len);
	}
	assert_int_equal(taken.len, 500);
	assert_memory_equal(taken.content, content, 300);
	assert_memory_equal(taken.content + 300, content, 200);
}

static void
broken_off_is_not_whole(void **state)
{
	size_t len = add_member(0, 2000, GZIP), cut;
	const char *why;
	bool whole;

	(void)state;
	for (cut = 0; cut < len; cut++) {
		assert_true(unpack(cut, sizeof(packed), &whole, &why));
		assert_false(whole);
	}
}

/* A header may say several things of no consequence; what counts may not. */
static void
no_changed_bit_gives_other_content(void **state)
{
	size_t len = add_member(0, 2000, GZIP), bit;
	const char *why;
	bool whole, good;

	(void)state;
	for (bit = 0; bit < len * 8; bit++) {
		packed[bit / 8] ^= (char)(1 << bit % 8);
		good = unpack(len, 97, &whole, &why) && whole;
		packed[bit / 8] ^= (char)(1 << bit % 8);
		if (good) {
			assert_int_equal(taken.len, 2000);
			assert_memory_equal(taken.content, content, 2000);
		}
		if (bit / 8 >= len - TRAILER) {
			assert_false(good);
			assert_string_equal(why, "the packed body is damaged");
		}
	}
}

static void
others_are_refused(void **state)
{
	size_t len = add_member(0, 100, 15);
	const char *why;
	bool whole;

	(void)state;
	assert_false(unpack(len, 1, &whole, &why)); /* zlib's */
	assert_non_null(why);
	len = add_member(0, 100, -15);
	assert_false(unpack(len, 1, &whole, &why)); /* bare */
	assert_non_null(why);
	memcpy(packed, "{\"value\":[]}", 12);
	assert_false(unpack(12, 12, &whole, &why));
	assert_non_null(why);
	assert_int_equal(taken.len, 0);
	len = add_member(0, 100, GZIP);
	memcpy(packed + len, "behind", 6);
	assert_false(unpack(len + 6, 1, &whole, &why));
	assert_non_null(why);
	assert_false(whole);
}

static void
who_takes_may_stop(void **state)
{
	size_t len = add_member(0, ROOM, GZIP);
	const char *why;
	bool whole;

	(void)state;
	taken.refuse_at = 2;
	assert_false(unpack(len, sizeof(packed), &whole, &why));
	assert_null(why);
	assert_int_equal(taken.calls, 2);
	assert_int_equal(taken.len, 2 * PIECE);
	assert_false(whole);
}

static void
nothing_to_free(void **state)
{
	(void)state;
	gunzip_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_length_in_every_piece, fill),
		cmocka_unit_test_setup(members_follow_each_other, fill),
		cmocka_unit_test_setup(broken_off_is_not_whole, fill),
		cmocka_unit_test_setup(no_changed_bit_gives_other_content,
		    fill),
		cmocka_unit_test_setup(others_are_refused, fill),
		cmocka_unit_test_setup(who_takes_may_stop, fill),
		cmocka_unit_test(nothing_to_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
