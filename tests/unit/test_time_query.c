/* SPDX-License-Identifier: ISC */
/* What an authority is asked, and answers that are none. */
#include "dossier/timestamp.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/limits.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static int
prepare(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

static void
make_query(struct dsr_time_query *q)
{
	struct dsr_imprint imprint;
	struct dsr_error err;

	assert_int_equal(dsr_imprint_data(&imprint, DSR_IMPRINT_SHA256, "x", 1,
	    &err), 0);
	dsr_time_query_init(q, &imprint);
}

static void
replies_that_are_none(void **state)
{
	static const struct {
		const char *der;
		size_t len;
		enum dsr_code code;
		const char *why;
	} row[] = {
		{ "", 0, DSR_EFORMAT, "nothing" },
		{ "<html>", 6, DSR_EFORMAT, "a page" },
		{ "\x30\x05\x30\x03\x02\x01\x02", 7, DSR_EFAILED, "rejected" },
		{ "\x30\x05\x30\x03\x02\x01\x03", 7, DSR_EFAILED, "waiting" },
		{ "\x30\x05\x30\x03\x02\x01\x00", 7, DSR_EFORMAT,
		    "granted, but no token" },
		{ "\x30\x05\x30\x03\x02\x01\x09", 7, DSR_EFORMAT,
		    "no such status" },
		{ "\x30\x80\x30\x03\x02\x01\x00\x00\x00", 9, DSR_EFORMAT,
		    "BER" },
	};
	struct dsr_buffer reply, out;
	struct dsr_time_query q;
	struct dsr_error err;
	size_t i;

	(void)state;
	make_query(&q);
	for (i = 0; i < COUNT(row); i++) {
		dsr_buffer_init(&reply, 64);
		assert_int_equal(dsr_buffer_append(&reply, row[i].der,
		    row[i].len, &err), 0);
		dsr_buffer_init(&out, DSR_MAX_ATTESTATION);
		if (dsr_time_reply_normalise(reply.data, reply.len, &q, NULL,
			&out, &err) == 0 || err.code != row[i].code)
			fail_msg("row %zu: %s", i, row[i].why);
		assert_int_equal(out.len, 0);
		dsr_buffer_fini(&reply);
		dsr_buffer_fini(&out);
	}
}

static void
queries_have_one_form(void **state)
{
	struct dsr_time_query q, again;
	struct dsr_buffer der;
	struct dsr_error err;
	size_t i;

	(void)state;
	make_query(&q);
	dsr_buffer_init(&der, 256);
	assert_int_equal(dsr_time_query_write(&q, &der, &err), 0);
	assert_int_equal(dsr_time_query_parse(&again, der.data, der.len, &err),
	    0);
	assert_memory_equal(&q, &again, sizeof(q));
	for (i = 0; i < der.len; i++) {
		assert_int_equal(dsr_time_query_parse(&again, der.data, i,
		    &err), -1);
		assert_int_equal(err.code, DSR_EINPUT);
	}
	assert_int_equal(dsr_buffer_putc(&der, 'x', &err), 0);
	assert_int_equal(dsr_time_query_parse(&again, der.data, der.len, &err),
	    -1);
	dsr_buffer_fini(&der);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_that_are_none),
		cmocka_unit_test(queries_have_one_form),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
