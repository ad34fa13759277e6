/* SPDX-License-Identifier: ISC */
/*
 * Large streams read by threads, against zlib: the same content, and the fault
 * that reading one step after the other would find.
 */
#include "dossier/inflate_stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "../support/chance.h"
#include "dossier/deflate_stream.h"

#define CONTENT 1500000u
#define ROOM    (CONTENT + 100000u)
#define ROUNDS  60u

static uint8_t content[CONTENT], packed[ROOM], wanted[ROOM + 1];
static size_t content_len, packed_len;

static void
make_content(void)
{
	size_t i, kind = chance(3);

	content_len = chance(4) > 0 ? CONTENT - chance(900000) : chance(9000);
	for (i = 0; i < content_len; i++)
		content[i] = kind == 0 ? (uint8_t)(i / 5000 % 7)
			: kind == 1 ? (uint8_t)"{\"id\": 0123456789}"[chance(17)]
				    : (uint8_t)chance(250);
}

static int
add_packed(void *ctx, const void *data, size_t len, struct dsr_error *err)
{
	(void)ctx;
	(void)err;
	assert_true(len <= ROOM - packed_len);
	memcpy(packed + packed_len, data, len);
	packed_len += len;
	return 0;
}

/* As the packer does it. */
static void
deflate_by_threads(void)
{
	struct dsr_deflate_stream *s = NULL;
	struct dsr_error err;

	packed_len = 0;
	assert_int_equal(dsr_deflate_stream_new(&s, 1, 2, add_packed, NULL,
	    &err), 0);
	assert_int_equal(dsr_deflate_stream_write(s, content, content_len, true,
	    &err), 0);
	dsr_deflate_stream_free(s);
}

/* As others might: flushed now and then, with and without looking back. */
static void
deflate_by_zlib(void)
{
	z_stream s;
	int rc = Z_OK;

	memset(&s, 0, sizeof(s));
	assert_int_equal(deflateInit2(&s, 1, Z_DEFLATED, -MAX_WBITS, 9,
	    (int)chance(5)), Z_OK);
	s.next_in = content;
	s.next_out = packed;
	s.avail_out = ROOM;
	while (rc != Z_STREAM_END) {
		s.avail_in = (uInt)(1 + chance(600000));
		if (s.avail_in > content_len - s.total_in)
			s.avail_in = (uInt)(content_len - s.total_in);
		rc = deflate(&s, s.total_in + s.avail_in == content_len
			? Z_FINISH
			: chance(2) > 0 ? Z_FULL_FLUSH : Z_SYNC_FLUSH);
		assert_true(rc == Z_OK || rc == Z_STREAM_END);
	}
	packed_len = s.total_out;
	deflateEnd(&s);
}

static void
damage(void)
{
	size_t i;

	if (chance(3) == 0)
		packed_len = chance(packed_len + 1);
	for (i = chance(3); i > 0 && packed_len > 0; i--)
		packed[chance(packed_len)] ^= (uint8_t)(1u << chance(8));
	if (chance(4) == 0)
		packed[packed_len++] = (uint8_t)chance(256);
}

/* Inflated in one thread: the content, and the fault. */
static const char *
ask_zlib(size_t size, size_t *made)
{
	z_stream s;
	int rc;

	memset(&s, 0, sizeof(s));
	assert_int_equal(inflateInit2(&s, -MAX_WBITS), Z_OK);
	s.next_in = packed;
	s.avail_in = (uInt)packed_len;
	s.next_out = wanted;
	s.avail_out = (uInt)size + 1;
	rc = inflate(&s, Z_NO_FLUSH);
	*made = s.total_out < size ? s.total_out : size;
	inflateEnd(&s);
	return s.total_out > size ? "more content than declared"
	    : rc != Z_STREAM_END  ? "a damaged stream"
	    : s.avail_in > 0      ? "bytes behind the end of the stream"
	    : s.total_out < size  ? "less content than declared"
				  : NULL;
}

/* A stream on its way, and what it must become. */
struct stream {
	const char *fault; /* or NULL */
	size_t made, found;
	uLong made_crc, found_crc;
	bool ended, good;
};

static size_t ended; /* streams */

static int
add_found(void *ctx, const void *data, size_t len, struct dsr_error *err)
{
	struct stream *f = ctx;

	(void)err;
	assert_false(f->ended);
	assert_true(len <= f->made - f->found);
	f->found += len;
	f->found_crc = crc32(f->found_crc, data, (uInt)len);
	return 0;
}

static int
compare_stream(void *ctx, const char *fault, struct dsr_error *err)
{
	struct stream *f = ctx;

	(void)err;
	assert_string_equal(fault == NULL ? "none" : fault,
	    f->fault == NULL ? "none" : f->fault);
	assert_int_equal(f->found, f->made);
	assert_int_equal(f->found_crc, f->made_crc);
	f->ended = true;
	f->good = fault == NULL;
	ended++;
	return 0;
}

/* Hands in what is packed. */
static void
send(struct dsr_inflate_stream *s, struct stream *f, size_t size)
{
	const struct dsr_inflate_sink sink = { add_found, compare_stream, f };
	size_t at, n, step = 1 + chance(200000);
	struct dsr_error err;

	memset(f, 0, sizeof(*f));
	f->fault = ask_zlib(size, &f->made);
	f->made_crc = crc32(0, wanted, (uInt)f->made);
	dsr_inflate_stream_begin(s, size, &sink);
	for (at = 0; at < packed_len; at += n) {
		n = packed_len - at < step ? packed_len - at : step;
		assert_int_equal(dsr_inflate_stream_write(s, packed + at, n,
		    &err), 0);
	}
	assert_int_equal(dsr_inflate_stream_end(s, &err), 0);
}

static bool
compare(struct dsr_inflate_stream *s, size_t size)
{
	struct dsr_error err;
	struct stream f;

	send(s, &f, size);
	assert_int_equal(dsr_inflate_stream_flush(s, &err), 0);
	assert_true(f.ended);
	return f.good;
}

static void
threads_find_what_zlib_finds(void **state)
{
	struct dsr_inflate_stream *each[2] = { NULL, NULL };
	struct dsr_error err;
	size_t round, good = 0;

	(void)state;
	assert_int_equal(dsr_inflate_stream_new(&each[0], 1, &err), 0);
	assert_int_equal(dsr_inflate_stream_new(&each[1], 3, &err), 0);
	for (round = 0; round < ROUNDS; round++) {
		make_content();
		if (round % 2 == 0)
			deflate_by_threads();
		else
			deflate_by_zlib();
		assert_true(compare(each[0], content_len));
		assert_true(compare(each[1], content_len));
		assert_false(compare(each[1], content_len + 1));
		assert_false(content_len > 0 &&
		    compare(each[0], content_len - 1));
		damage();
		good += compare(each[round / 2 % 2], content_len);
	}
	assert_true(good > 0 && good < ROUNDS);
	dsr_inflate_stream_free(each[0]);
	dsr_inflate_stream_free(each[1]);
}

/* Many handed in before the first is handed out: each is what it is alone. */
static void
streams_follow_one_another(void **state)
{
	struct dsr_inflate_stream *s = NULL;
	struct stream row[ROUNDS];
	struct dsr_error err;
	size_t i, good = 0;

	(void)state;
	assert_int_equal(dsr_inflate_stream_new(&s, 3, &err), 0);
	ended = 0;
	for (i = 0; i < ROUNDS; i++) {
		make_content();
		if (chance(2) == 0)
			deflate_by_threads();
		else
			deflate_by_zlib();
		if (chance(2) == 0)
			damage();
		send(s, &row[i], content_len);
	}
	assert_true(ended < ROUNDS);
	assert_int_equal(dsr_inflate_stream_flush(s, &err), 0);
	assert_int_equal(ended, ROUNDS);
	for (i = 0; i < ROUNDS; i++)
		good += row[i].good;
	assert_true(good > 0 && good < ROUNDS);
	dsr_inflate_stream_free(s);
}

static int
refuse(void *ctx, const void *data, size_t len, struct dsr_error *err)
{
	(void)ctx;
	(void)data;
	(void)len;
	return dsr_fail(err, DSR_EIO, "a sink that is full");
}

static int
refuse_end(void *ctx, const char *fault, struct dsr_error *err)
{
	(void)ctx;
	(void)fault;
	return dsr_fail(err, DSR_ENOSPACE, "the end");
}

static void
a_sink_that_fails_is_said(void **state)
{
	const struct dsr_inflate_sink sinks[] = {
		{ refuse, compare_stream, NULL }, { add_found, refuse_end, NULL }
	};
	static const enum dsr_code wanted_code[] = { DSR_EIO, DSR_ENOSPACE };
	struct stream f = { .made = CONTENT };
	struct dsr_error err;
	size_t i;

	(void)state;
	content_len = CONTENT;
	memset(content, 'a', content_len);
	deflate_by_threads();
	for (i = 0; i < 2; i++) {
		struct dsr_inflate_sink sink = sinks[i];
		struct dsr_inflate_stream *s = NULL;

		sink.ctx = &f;
		assert_int_equal(dsr_inflate_stream_new(&s, 2, &err), 0);
		dsr_inflate_stream_begin(s, content_len, &sink);
		assert_true(dsr_inflate_stream_write(s, packed, packed_len,
			&err) != 0 || dsr_inflate_stream_end(s, &err) != 0 ||
		    dsr_inflate_stream_flush(s, &err) != 0);
		assert_int_equal(err.code, wanted_code[i]);
		dsr_inflate_stream_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_find_what_zlib_finds),
		cmocka_unit_test(streams_follow_one_another),
		cmocka_unit_test(a_sink_that_fails_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
