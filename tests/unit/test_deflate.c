/* SPDX-License-Identifier: ISC */
/* Packing members, and which deflate streams are valid: FORMAT.md 2.5. */
#include "dossier/zip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/raw_zip.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define OUT_MAX 65536u
#define LITERAL_A 65u
#define END 256u
#define LENGTH_3 257u
#define LENGTH_258 285u

static struct dsr_error err;

/* ---- packing --------------------------------------------------------------- */

static uint8_t *
make_content(size_t size, const char *kind)
{
	uint8_t *p = malloc(size + 1);
	uint64_t x = 88172645463325252u;
	size_t i;

	for (i = 0; i < size; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		p[i] = strcmp(kind, "noise") == 0 ? (uint8_t)(x & 0xFF) :
		    strcmp(kind, "zeros") == 0 ? 0 :
		    (uint8_t)('a' + x % 7);
	}
	return p;
}

static void
packs_what_gets_smaller(void **state)
{
	static const struct {
		int level;
		size_t size;
		const char *kind;
		enum dsr_zip_method method;
		const char *why;
	} row[] = {
		{ 6, 0, "zeros", DSR_ZIP_STORED, "nothing" },
		{ 6, 1, "zeros", DSR_ZIP_STORED, "one byte" },
		{ 6, 100, "zeros", DSR_ZIP_DEFLATED, "zeros" },
		{ 6, 1000, "noise", DSR_ZIP_STORED, "noise" },
		{ 6, 1000, "text", DSR_ZIP_DEFLATED, "text" },
		{ 0, 1000, "text", DSR_ZIP_STORED, "level 0" },
		{ 6, 65536, "text", DSR_ZIP_DEFLATED, "without a sample" },
		{ 6, 65537, "text", DSR_ZIP_DEFLATED, "with a sample" },
		{ 6, 65537, "noise", DSR_ZIP_STORED, "the sample says no" },
		{ 1, 5000000, "text", DSR_ZIP_DEFLATED, "many samples" },
		{ 1, 5000000, "noise", DSR_ZIP_STORED, "many samples" },
		{ 99, 70000, "text", DSR_ZIP_DEFLATED, "the last level" },
	};
	struct dsr_deflater *d;
	struct dsr_inflater *inflater;
	struct dsr_zip_entry e;
	uint8_t *content, *packed, *again;
	size_t i;

	(void)state;
	assert_int_equal(dsr_inflater_new(&inflater, &err), 0);
	for (i = 0; i < COUNT(row); i++) {
		assert_int_equal(dsr_deflater_new(&d, row[i].level, &err), 0);
		content = make_content(row[i].size, row[i].kind);
		packed = malloc(row[i].size + 1);
		again = malloc(row[i].size + 1);
		dsr_deflater_pack(d, &e, packed, content, row[i].size);
		if (e.method != row[i].method || e.size != row[i].size ||
		    e.crc32 != dsr_crc32(0, content, row[i].size))
			fail_msg("row %zu: %s", i, row[i].why);
		if (e.method == DSR_ZIP_STORED) {
			assert_int_equal(e.packed_size, e.size);
			assert_memory_equal(packed, content, row[i].size);
		} else {
			assert_true(e.packed_size < e.size);
			assert_true(dsr_inflate(inflater, again, row[i].size,
			    row[i].size, packed, (size_t)e.packed_size));
			assert_memory_equal(again, content, row[i].size);
		}
		free(content);
		free(packed);
		free(again);
		dsr_deflater_free(d);
	}
	dsr_inflater_free(inflater);
}

/* What came before must not show: the same archive at any number of jobs. */
static void
packs_the_same_whatever_came_before(void **state)
{
	uint8_t *text = make_content(100000, "text");
	uint8_t *noise = make_content(100000, "noise");
	uint8_t *a = malloc(100000), *b = malloc(100000);
	struct dsr_zip_entry first, second;
	struct dsr_deflater *d;
	size_t i;

	(void)state;
	for (i = 1; i <= 12; i++) {
		assert_int_equal(dsr_deflater_new(&d, (int)i, &err), 0);
		dsr_deflater_pack(d, &first, a, text, 100000);
		dsr_deflater_pack(d, &second, b, noise, 60000);
		dsr_deflater_pack(d, &second, b, text + 11, 50000);
		dsr_deflater_pack(d, &second, b, text, 100000);
		assert_int_equal(first.packed_size, second.packed_size);
		assert_memory_equal(a, b, (size_t)first.packed_size);
		dsr_deflater_free(d);
	}
	free(text);
	free(noise);
	free(a);
	free(b);
}

static void
knows_check_sums(void **state)
{
	(void)state;
	assert_int_equal(dsr_crc32(0, NULL, 0), 0);
	assert_int_equal(dsr_crc32(0, "123456789", 9), 0xCBF43926);
	assert_int_equal(dsr_crc32(dsr_crc32(0, "1234", 4), "56789", 5),
	    0xCBF43926);
}

/* ---- streams ----------------------------------------------------------------- */

/* A stream of one block with fixed codes: RFC 1951 section 3.2.6. */
struct stream {
	uint8_t bytes[512];
	size_t bits;
};

static void
put_bits(struct stream *s, unsigned int value, unsigned int count)
{
	for (; count > 0; count--, value >>= 1, s->bits++)
		s->bytes[s->bits / 8] |=
		    (uint8_t)((value & 1) << s->bits % 8);
}

/* Huffman codes go the other way round. */
static void
put_code(struct stream *s, unsigned int code, unsigned int count)
{
	while (count-- > 0)
		put_bits(s, code >> count & 1, 1);
}

static void
put_symbol(struct stream *s, unsigned int symbol)
{
	if (symbol < 144)
		put_code(s, 0x30 + symbol, 8);
	else if (symbol < 256)
		put_code(s, 0x190 + symbol - 144, 9);
	else if (symbol < 280)
		put_code(s, symbol - 256, 7);
	else
		put_code(s, 0xC0 + symbol - 280, 8);
}

static void
put_match(struct stream *s, unsigned int length, unsigned int distance,
    unsigned int extra_bits)
{
	put_symbol(s, length);
	put_code(s, distance, 5);
	put_bits(s, 0, extra_bits);
}

static void
start_stream(struct stream *s)
{
	memset(s, 0, sizeof(*s));
	put_bits(s, 1, 1); /* the last block */
	put_bits(s, 1, 2); /* fixed codes */
	put_symbol(s, LITERAL_A);
}

/* The verdict of the reader on a member with this packed content. */
static bool
reader_accepts(const uint8_t *packed, size_t packed_len, size_t size)
{
	uint8_t content[OUT_MAX];
	struct dsr_zip_writer *w;
	struct dsr_zip_entry e = { .name = "a", .name_len = 1,
		.method = DSR_ZIP_DEFLATED, .size = size,
		.packed_size = packed_len };
	struct dsr_findings *f;
	uint64_t damaged;
	uint8_t *file;
	size_t len;
	int fd = memory_file("", 0);

	memset(content, 'A', size);
	e.crc32 = dsr_crc32(0, content, size);
	assert_int_equal(dsr_zip_writer_new(&w, fd, 0, &err), 0);
	assert_int_equal(dsr_zip_writer_add(w, &e, packed, &err), 0);
	assert_int_equal(dsr_zip_writer_finish(w, &err), 0);
	file = file_bytes(fd, &len);
	f = judge_zip(file, len);
	damaged = dsr_findings_count_of(f, DSR_F_ZIP_DEFLATE);
	assert_int_equal(dsr_findings_count(f, DSR_ERROR), damaged);
	dsr_findings_free(f);
	dsr_zip_writer_free(w);
	free(file);
	close(fd);
	return damaged == 0;
}

static void
expect_stream(const uint8_t *packed, size_t len, size_t size, bool valid,
    const char *why)
{
	static uint8_t out[OUT_MAX];
	struct dsr_inflater *i;
	bool accepted;
	size_t k;

	assert_int_equal(dsr_inflater_new(&i, &err), 0);
	memset(out, 0, sizeof(out));
	accepted = dsr_inflate(i, out, size, size, packed, len);
	if (accepted != valid)
		fail_msg("%s: dsr_inflate says %d", why, accepted);
	for (k = 0; accepted && k < size; k++)
		assert_int_equal(out[k], 'A');
	if (dsr_inflate_alone(i, out, size, size, packed, len) != valid)
		fail_msg("%s: without zlib: %d", why, !valid);
	dsr_inflater_free(i);
	/* the writer takes deflated content only when it is smaller */
	if (len < size && reader_accepts(packed, len, size) != valid)
		fail_msg("%s: the reader says %d", why, !valid);
}

static void
expect_fixed(struct stream *s, size_t size, bool valid, const char *why)
{
	expect_stream(s->bytes, (s->bits + 7) / 8, size, valid, why);
}

static void
refuses_reserved_symbols(void **state)
{
	static const struct {
		unsigned int length, distance, extra_bits;
		size_t size;
		bool valid;
		const char *why;
	} row[] = {
		{ LENGTH_258, 0, 0, 259, true, "the longest match" },
		{ 286, 0, 0, 259, false, "length 286" },
		{ 287, 0, 0, 259, false, "length 287" },
		{ LENGTH_3, 29, 13, 3 + 1 + 160 * 258, true,
		    "the farthest distance" },
		{ LENGTH_3, 30, 14, 3 + 1 + 160 * 258, false, "distance 30" },
		{ LENGTH_3, 31, 14, 3 + 1 + 160 * 258, false, "distance 31" },
	};
	struct stream s;
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(row); i++) {
		start_stream(&s);
		for (k = 0; row[i].extra_bits > 0 && k < 160; k++)
			put_match(&s, LENGTH_258, 0, 0);
		put_match(&s, row[i].length, row[i].distance,
		    row[i].extra_bits);
		put_symbol(&s, END);
		expect_fixed(&s, row[i].size, row[i].valid, row[i].why);
	}
}

static void
refuses_other_ends(void **state)
{
	struct stream s;

	(void)state;
	start_stream(&s);
	put_match(&s, LENGTH_258, 0, 0);
	put_symbol(&s, END);
	expect_fixed(&s, 259, true, "the control");
	expect_fixed(&s, 260, false, "less than declared");
	expect_fixed(&s, 258, false, "more than declared");
	expect_fixed(&s, 0, false, "nothing declared");
	put_bits(&s, 1, 1);
	expect_fixed(&s, 259, true, "a bit behind the end: the seal's");
	put_bits(&s, 0, 8);
	expect_fixed(&s, 259, false, "a byte behind the end");
	start_stream(&s);
	put_match(&s, LENGTH_258, 0, 0);
	expect_fixed(&s, 259, false, "no end");
	start_stream(&s);
	put_match(&s, LENGTH_258, 1, 0);
	put_symbol(&s, END);
	expect_fixed(&s, 259, false, "before the start");
	expect_stream(s.bytes, 0, 0, false, "no stream at all");
}

/* Blocks with codes of their own, of one A: RFC 1951 section 3.2.7. */
static void
judges_code_lengths(void **state)
{
	static const struct {
		uint8_t bytes[24];
		size_t len;
		bool valid;
		const char *why;
	} row[] = {
		{ "\x05\xe0\x21\x09\0\0\0\0\x20\x6c\xf3\xff\x29\x15", 14, true,
		    "one distance code" },
		{ "\x05\xe0\x21\x09\0\0\0\0\x20\x6c\xf3\xff\x29\x11", 14, true,
		    "no distance code" },
		{ "\xf5\xe0\x21\x09\0\0\0\0\x20\x6c\xf3\xff\x29\x9f\x20", 15,
		    false, "287 literal codes" },
		{ "\xfd\xe0\x21\x09\0\0\0\0\x20\x6c\xf3\xff\x29\xa7\x20", 15,
		    false, "288 literal codes" },
		{ "\x05\xfe\x21\x09\0\0\0\0\x20\x6c\xf3\xff\x29\x01"
		  "\0\0\0\0\0\0\0\x01", 22, false, "31 distance codes" },
		{ "\x05\xff\x21\x09\0\0\0\0\x20\x6c\xf3\xff\x29\x01"
		  "\0\0\0\0\0\0\0\x04", 22, false, "32 distance codes" },
		{ "\x05\xe0\x21\x09\0\0\0\0\x20\x6c\xf3\xff\x29\x83", 14,
		    false, "a repeat past the last code" },
		{ "\x05\xe0\x21\x09\0\0\0\0\x20\x6c\xf3\xff\x29\xff\x0b", 15,
		    false, "a long one" },
		{ "\x07", 1, false, "block type 3" },
		{ "\x01\x01\0\xfe\xff\x41", 6, true, "a stored block" },
		{ "\x01\x01\0\0\0\x41", 6, false, "its length twice" },
		{ "\x01\x01\0\xfe\xff", 5, false, "its byte is missing" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(row); i++)
		expect_stream(row[i].bytes, row[i].len, 1, row[i].valid,
		    row[i].why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packs_what_gets_smaller),
		cmocka_unit_test(packs_the_same_whatever_came_before),
		cmocka_unit_test(knows_check_sums),
		cmocka_unit_test(refuses_reserved_symbols),
		cmocka_unit_test(refuses_other_ends),
		cmocka_unit_test(judges_code_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
