/* SPDX-License-Identifier: ISC */
/* Chunks deflated by threads are one stream, the same for any number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "dossier/buffer.h"
#include "dossier/deflate_stream.h"

#define CHUNK 524288u

static int
take(void *ctx, const void *packed, size_t len, struct dsr_error *err)
{
	return dsr_buffer_append(ctx, packed, len, err);
}

static int
refuse(void *ctx, const void *packed, size_t len, struct dsr_error *err)
{
	(void)ctx;
	(void)packed;
	(void)len;
	return dsr_fail(err, DSR_ENOSPACE, "full");
}

static void
fill(uint8_t *data, size_t len)
{
	uint32_t state = 1;
	size_t i;

	for (i = 0; i < len; i++) {
		state = state * 1103515245u + 12345u;
		data[i] = (uint8_t)(i % 3 == 0 ? state >> 16 : i / 7);
	}
}

static struct dsr_deflate_stream *
stream_new(unsigned int threads, struct dsr_buffer *out)
{
	struct dsr_deflate_stream *s = NULL;
	struct dsr_error err;

	assert_int_equal(dsr_deflate_stream_new(&s, 6, threads, take, out,
			     &err), 0);
	return s;
}

static void
deflate_all(struct dsr_deflate_stream *s, const uint8_t *data, size_t len)
{
	struct dsr_error err;
	size_t half = len / 2;

	assert_int_equal(dsr_deflate_stream_write(s, data, half, false, &err),
	    0);
	assert_int_equal(dsr_deflate_stream_write(s, data + half, len - half,
			     false, &err), 0);
	assert_int_equal(dsr_deflate_stream_write(s, NULL, 0, true, &err), 0);
}

static void
inflate_and_compare(const struct dsr_buffer *packed, const uint8_t *data,
    size_t len)
{
	uint8_t *out = malloc(len + 1);
	z_stream z;

	assert_non_null(out);
	memset(&z, 0, sizeof(z));
	assert_int_equal(inflateInit2(&z, -MAX_WBITS), Z_OK);
	z.next_in = packed->data;
	z.avail_in = (uInt)packed->len;
	z.next_out = out;
	z.avail_out = (uInt)len + 1;
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.avail_in, 0);
	assert_int_equal(z.total_out, len);
	assert_memory_equal(out, data, len);
	(void)inflateEnd(&z);
	free(out);
}

static void
test_sizes(void **state)
{
	static const struct {
		size_t len;
		const char *why;
	} row[] = {
		{ 0, "nothing" },
		{ 1, "one byte" },
		{ CHUNK - 1, "just not a chunk" },
		{ CHUNK, "exactly one" },
		{ CHUNK + 1, "one byte more" },
		{ 5 * CHUNK + 77, "more chunks than slots of one thread" },
	};
	struct dsr_buffer one, three;
	struct dsr_deflate_stream *by_one = stream_new(1, &one),
		*by_three = stream_new(3, &three);
	uint8_t *data = malloc(6 * CHUNK);
	size_t i;

	(void)state;
	assert_non_null(data);
	fill(data, 6 * CHUNK);
	dsr_buffer_init(&one, 16 * CHUNK);
	dsr_buffer_init(&three, 16 * CHUNK);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		dsr_buffer_reset(&one);
		dsr_buffer_reset(&three);
		deflate_all(by_one, data, row[i].len);
		deflate_all(by_three, data, row[i].len);
		inflate_and_compare(&one, data, row[i].len);
		if (one.len != three.len ||
		    memcmp(one.data, three.data, one.len) != 0)
			fail_msg("%s: threads change the bytes", row[i].why);
	}
	dsr_deflate_stream_free(by_one);
	dsr_deflate_stream_free(by_three);
	dsr_buffer_fini(&one);
	dsr_buffer_fini(&three);
	free(data);
}

static void
test_sink_fails(void **state)
{
	struct dsr_deflate_stream *s = NULL;
	struct dsr_error err;

	(void)state;
	assert_int_equal(dsr_deflate_stream_new(&s, 6, 2, refuse, NULL, &err),
	    0);
	assert_int_equal(dsr_deflate_stream_write(s, "x", 1, true, &err), -1);
	assert_int_equal(err.code, DSR_ENOSPACE);
	dsr_deflate_stream_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_sink_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
