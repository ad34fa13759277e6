/* SPDX-License-Identifier: ISC */
/* Whole streams, of every kind of block, become pieces of one stream. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "../../core/deflate_chunk.h"
#include "dossier/error.h"

#define LARGE DEFLATE_CHUNK

enum content { ZEROS, TEXT, NOISE, SKEWED, MIXED };

static uint32_t state = 1;

static uint32_t
draw(uint32_t below)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 8) % below;
}

static uint8_t
make_byte(enum content kind, size_t at)
{
	switch (kind) {
	case ZEROS:
		return 0;
	case TEXT:
		return (uint8_t)("{\"run\":0123456789}\n"[draw(19)]);
	case NOISE:
		return (uint8_t)draw(256);
	case SKEWED: /* codes of all lengths, up to 15 bits */
		return (uint8_t)__builtin_ctz(draw(1u << 23) | 1u << 23);
	case MIXED:
		return at / 70000 % 2 == 0 ? (uint8_t)draw(256)
					   : (uint8_t)(at / 9);
	}
	return 0;
}

static void
make_content(uint8_t *data, size_t len, enum content kind)
{
	size_t i;

	for (i = 0; i < len; i++)
		data[i] = make_byte(kind, i);
}

/* By zlib, which has other blocks than libdeflate: fixed ones, and more. */
static size_t
deflate_whole(uint8_t *out, const uint8_t *data, size_t len, int level,
    int strategy)
{
	z_stream z;
	size_t n;

	memset(&z, 0, sizeof(z));
	assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, -MAX_WBITS, 8,
			     strategy), Z_OK);
	z.next_in = (z_const Bytef *)(uintptr_t)data;
	z.avail_in = (uInt)len;
	z.next_out = out;
	z.avail_out = (uInt)(DEFLATE_PACKED - 64);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	n = z.total_out;
	(void)deflateEnd(&z);
	return n;
}

static size_t
unfinish(uint8_t *out, size_t len, const uint8_t *data, size_t size)
{
	static struct dsr_inflater *inflater;
	static uint8_t unpacked[DEFLATE_UNPACKED];
	struct dsr_error err;

	if (inflater == NULL)
		assert_int_equal(dsr_inflater_new(&inflater, &err), 0);
	return deflate_unfinish(inflater, unpacked, out, len, data, size);
}

/* The pieces twice, then an end: inflates to the content twice. */
static void
check_joined(const uint8_t *piece, size_t len, const uint8_t *data,
    size_t size)
{
	static const uint8_t end[] = { 0x03, 0x00 };
	uint8_t *out = malloc(2 * size + 1);
	z_stream z;
	int i;

	assert_non_null(out);
	memset(&z, 0, sizeof(z));
	assert_int_equal(inflateInit2(&z, -MAX_WBITS), Z_OK);
	z.next_out = out;
	z.avail_out = (uInt)(2 * size + 1);
	for (i = 0; i < 3; i++) {
		z.next_in = (z_const Bytef *)(uintptr_t)(i < 2 ? piece : end);
		z.avail_in = (uInt)(i < 2 ? len : sizeof(end));
		assert_int_equal(inflate(&z, Z_NO_FLUSH),
		    i < 2 ? Z_OK : Z_STREAM_END);
		assert_int_equal(z.avail_in, 0);
	}
	assert_int_equal(z.total_out, 2 * size);
	assert_memory_equal(out, data, size);
	assert_memory_equal(out + size, data, size);
	(void)inflateEnd(&z);
	free(out);
}

static void
test_kinds_of_blocks(void **unused)
{
	static const struct {
		enum content kind;
		size_t len;
		int level, strategy;
		const char *why;
	} row[] = {
		{ ZEROS, 1, 6, Z_DEFAULT_STRATEGY, "the smallest" },
		{ ZEROS, LARGE, 9, Z_DEFAULT_STRATEGY, "lengths of 258" },
		{ TEXT, 100, 6, Z_FIXED, "a fixed block" },
		{ TEXT, LARGE, 6, Z_FIXED, "fixed blocks" },
		{ TEXT, LARGE, 6, Z_DEFAULT_STRATEGY, "dynamic blocks" },
		{ TEXT, LARGE, 6, Z_HUFFMAN_ONLY, "no distances at all" },
		{ TEXT, LARGE, 1, Z_RLE, "one distance" },
		{ NOISE, 1000, 0, Z_DEFAULT_STRATEGY, "one stored block" },
		{ NOISE, LARGE, 6, Z_DEFAULT_STRATEGY, "stored blocks" },
		{ SKEWED, LARGE, 6, Z_HUFFMAN_ONLY, "codes of 15 bits" },
		{ MIXED, LARGE, 6, Z_DEFAULT_STRATEGY, "all of them" },
		{ MIXED, 77777, 9, Z_FILTERED, "few matches" },
	};
	uint8_t *data = malloc(LARGE), *out = malloc(DEFLATE_PACKED);
	size_t i, n;

	(void)unused;
	assert_non_null(data);
	assert_non_null(out);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		make_content(data, row[i].len, row[i].kind);
		n = deflate_whole(out, data, row[i].len, row[i].level,
		    row[i].strategy);
		if ((n = unfinish(out, n, data, row[i].len)) == 0)
			fail_msg("%s: refused", row[i].why);
		check_joined(out, n, data, row[i].len);
	}
	free(data);
	free(out);
}

/* Every end that a stream can have within its last byte. */
static void
test_many_lengths(void **unused)
{
	uint8_t data[600], out[DEFLATE_PACKED];
	size_t len, n;

	(void)unused;
	make_content(data, sizeof(data), TEXT);
	for (len = 1; len <= sizeof(data); len++) {
		n = deflate_whole(out, data, len, 6, Z_DEFAULT_STRATEGY);
		n = unfinish(out, n, data, len);
		assert_int_not_equal(n, 0);
		check_joined(out, n, data, len);
	}
}

static void
test_refuses(void **unused)
{
	static const struct {
		uint8_t bytes[8];
		size_t len, size;
		const char *why;
	} row[] = {
		{ { 0x07 }, 1, 0, "a kind of block that there is not" },
		{ { 0x03, 0x00, 0x00 }, 3, 0, "bytes behind the end" },
		{ { 0x03, 0x00 }, 2, 1, "another size" },
		{ { 0x03 }, 1, 0, "too short" },
		{ { 0x01, 0x05, 0x00, 0xfa, 0xff, 0x00 }, 6, 5,
		    "a stored block that is cut" },
		{ { 0x02 }, 1, 0, "no block at all" },
		{ { 0 }, 0, 0, "nothing" },
		{ { 0x05, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 8, 9,
		    "codes of nothing" },
	};
	static const uint8_t zeros[16];
	uint8_t *out = malloc(DEFLATE_PACKED);
	size_t i;

	(void)unused;
	assert_non_null(out);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		memset(out, 0, DEFLATE_PACKED);
		memcpy(out, row[i].bytes, row[i].len);
		if (unfinish(out, row[i].len, zeros, row[i].size) != 0)
			fail_msg("%s: taken", row[i].why);
	}
	assert_int_equal(unfinish(out, DEFLATE_PACKED, zeros, 1), 0);
	free(out);
}

/*
 * Damage ends in a refusal, or in a stream of the same content: a bit that
 * stands for nothing was changed.
 */
static void
test_damage(void **unused)
{
	static uint8_t data[3000], whole[DEFLATE_PACKED], out[DEFLATE_PACKED];
	size_t n, i, made;

	(void)unused;
	make_content(data, sizeof(data), TEXT);
	n = deflate_whole(whole, data, sizeof(data), 6, Z_DEFAULT_STRATEGY);
	for (i = 0; i < 8 * n; i++) {
		memset(out, 0, sizeof(out));
		memcpy(out, whole, n);
		out[i / 8] ^= (uint8_t)(1u << i % 8);
		made = unfinish(out, n, data, sizeof(data));
		if (made != 0)
			check_joined(out, made, data, sizeof(data));
	}
	for (i = 0; i < n; i++) {
		memset(out, 0, sizeof(out));
		memcpy(out, whole, i);
		assert_int_equal(unfinish(out, i, data, sizeof(data)), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds_of_blocks),
		cmocka_unit_test(test_many_lengths),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
