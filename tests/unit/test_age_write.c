/* SPDX-License-Identifier: ISC */
/* Files of age, written: the bytes that its specification asks for. */
#include "dossier/age.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/random.h"
#include "../support/faults.h"
#include "../support/raw_age.h"

#define OTHER_RECIPIENT \
	"age1snuy48lj4n5ed5jdkspja88gh2lrvs9yledrsfaqe9qa4tz6qavqtu3cmv"

static int
start_sodium(void **state)
{
	(void)state;
	return sodium_init() < 0;
}

static int
end_fixed_random(void **state)
{
	(void)state;
	dsr_random_set(NULL);
	return 0;
}

/* What raw_age.c takes for random, in the order in which it is drawn. */
static int drawn;

static void
draw_fixed(void *out, size_t len)
{
	if (len == 16 && drawn == 0)
		memcpy(out, "YELLOW SUBMARINE", 16);
	else
		memset(out, len == 16 ? 7 : 3, len);
	drawn++;
}

/* Memory as a sink; it is full after so many bytes. */
struct memory_sink {
	struct raw_age *out;
	size_t room;
};

static int
write_memory(void *ctx, const void *data, size_t len, struct dsr_error *err)
{
	struct memory_sink *m = ctx;

	if (len > m->room)
		return dsr_fail(err, DSR_ENOSPACE, "the disk is full");
	m->room -= len;
	raw_age_put(m->out, data, len);
	return 0;
}

static int
write_bytes(struct dsr_age_writer *w, size_t len, size_t piece,
    struct dsr_error *err)
{
	static uint8_t bytes[200000];
	size_t at, n;

	for (at = 0; at < len; at++)
		bytes[at] = raw_age_byte(at);
	for (at = 0; at < len; at += n) {
		n = len - at < piece ? len - at : piece;
		if (dsr_age_writer_write(w, bytes + at, n, err) != 0)
			return -1;
	}
	return dsr_age_writer_finish(w, err);
}

static int
write_file(struct raw_age *out, size_t room, size_t len, size_t piece,
    struct dsr_error *err)
{
	static const char *const words[] = { RAW_AGE_RECIPIENT };
	struct dsr_age_recipients *r = NULL;
	struct dsr_age_writer *w = NULL;
	struct memory_sink m = { out, room };
	const struct dsr_sink sink = { write_memory, &m };
	int rc = -1;

	drawn = 0;
	raw_age_init(out);
	if (dsr_age_recipients_new(&r, words, 1, NULL, err) == 0 &&
	    dsr_age_writer_new(&w, r, &sink, err) == 0)
		rc = write_bytes(w, len, piece, err);
	dsr_age_writer_free(w);
	dsr_age_recipients_free(r);
	return rc;
}

static struct raw_age found, wanted;

static void
writes_the_one_form(void **state)
{
	static const struct {
		size_t len, piece;
	} row[] = { { 0, 1 }, { 1, 1 }, { 65535, 65535 }, { 65536, 65536 },
		{ 65536, 1 }, { 65537, 65536 }, { 65537, 100000 },
		{ 131072, 131072 }, { 131072, 4099 }, { 140000, 200000 } };
	struct dsr_error err;
	size_t i, left;

	(void)state;
	dsr_random_set(draw_fixed);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		assert_int_equal(write_file(&found, SIZE_MAX, row[i].len,
				     row[i].piece, &err), 0);
		raw_age_init(&wanted);
		raw_age_header(&wanted, "age-encryption.org/v1\n"
				       "-> X25519 @S\n@B\n");
		raw_age_mac(&wanted, "--- %s\n");
		raw_age_nonce(&wanted);
		for (left = row[i].len; left > 65536; left -= 65536)
			raw_age_chunk(&wanted, 65536, false);
		raw_age_chunk(&wanted, left, true);
		if (found.len != wanted.len ||
		    memcmp(found.bytes, wanted.bytes, found.len) != 0)
			fail_msg("%zu bytes in pieces of %zu", row[i].len,
			    row[i].piece);
	}
}

static void
every_recipient_reads_it(void **state)
{
	static const char *const words[] = { OTHER_RECIPIENT,
		RAW_AGE_RECIPIENT, OTHER_RECIPIENT };
	struct dsr_age_recipients *r = NULL;
	struct dsr_age_writer *w = NULL;
	struct memory_sink m = { &found, SIZE_MAX };
	const struct dsr_sink sink = { write_memory, &m };
	struct dsr_error err;

	(void)state;
	raw_age_init(&found);
	assert_int_equal(dsr_age_recipients_new(&r, words, 3, NULL, &err), 0);
	assert_int_equal(dsr_age_writer_new(&w, r, &sink, &err), 0);
	assert_int_equal(write_bytes(w, 70000, 999, &err), 0);
	/* what is finished is finished */
	assert_int_equal(dsr_age_writer_finish(w, &err), -1);
	assert_int_equal(err.code, DSR_EBUG);
	assert_int_equal(dsr_age_writer_write(w, "x", 1, &err), -1);
	dsr_age_writer_free(w);
	dsr_age_recipients_free(r);
	raw_age_expect(&found, "three recipients", DSR_OK, NULL, 70000);
}

static void
no_two_files_are_alike(void **state)
{
	struct dsr_error err;

	(void)state;
	assert_int_equal(write_file(&found, SIZE_MAX, 100, 100, &err), 0);
	assert_int_equal(write_file(&wanted, SIZE_MAX, 100, 100, &err), 0);
	assert_int_equal(found.len, wanted.len);
	/* nothing but the fixed words of the header: share, body, MAC, nonce */
	assert_memory_not_equal(found.bytes + 32, wanted.bytes + 32, 43);
	assert_memory_not_equal(found.bytes + 76, wanted.bytes + 76, 43);
	assert_memory_not_equal(found.bytes + 124, wanted.bytes + 124, 43);
	assert_memory_not_equal(found.bytes + 168, wanted.bytes + 168, 16);
}

static void
says_when_the_disk_is_full(void **state)
{
	struct dsr_error err;
	size_t room;

	(void)state;
	for (room = 0; room < 65800; room += room < 300 ? 1 : 1117) {
		assert_int_equal(write_file(&found, room, 70000, 70000, &err),
		    -1);
		assert_int_equal(err.code, DSR_ENOSPACE);
	}
}

static void
says_when_memory_runs_out(void **state)
{
	struct dsr_error err;
	int calls, rc = -1;

	(void)state;
	for (calls = 0; calls < 100; calls++) {
		if (!fail_allocation_after(calls))
			skip();
		rc = write_file(&found, SIZE_MAX, 100, 100, &err);
		if (!allocation_has_failed())
			break;
		(void)fail_allocation_after(-1);
		assert_int_equal(rc, -1);
		assert_int_equal(err.code, DSR_ENOMEM);
	}
	(void)fail_allocation_after(-1);
	assert_int_equal(rc, 0);
	assert_in_range(calls, 3, 99);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(writes_the_one_form,
		    end_fixed_random),
		cmocka_unit_test(every_recipient_reads_it),
		cmocka_unit_test(no_two_files_are_alike),
		cmocka_unit_test(says_when_the_disk_is_full),
		cmocka_unit_test(says_when_memory_runs_out),
	};

	return cmocka_run_group_tests(tests, start_sodium, NULL);
}
