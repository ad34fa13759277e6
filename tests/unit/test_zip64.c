/* SPDX-License-Identifier: ISC */
/*
 * A small archive that stands behind 4 GiB, as writer and reader are told, and
 * so has real ZIP64 fields: every small change of it is found. All is stored: what
 * other bits deflate to the same content is for the seal to find.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../core/zip_format.h"
#include "../support/raw_zip.h"
#include "../support/scratch.h"

#define BASE (UINT64_C(5) << 30)

static struct dsr_error err;

/* The bytes, and the same with room for one more in front of it. */
struct archive {
	uint8_t *bytes, *changed;
	size_t len;
};

static void
add(struct dsr_zip_writer *w, struct dsr_deflater *d, const char *name,
    const char *content)
{
	uint8_t packed[256];
	struct dsr_zip_entry e = { .name_len = strlen(name) };

	memcpy(e.name, name, e.name_len);
	dsr_deflater_pack(d, &e, packed, (const uint8_t *)content,
	    strlen(content));
	assert_int_equal(dsr_zip_writer_add(w, &e, packed, &err), 0);
}

static int
make_archive(void **state)
{
	static struct archive a;
	struct dsr_zip_writer *w;
	struct dsr_deflater *d;
	int fd = memory_file("", 0);

	assert_int_equal(dsr_zip_writer_new(&w, fd, BASE, &err), 0);
	assert_int_equal(dsr_deflater_new(&d, 0, &err), 0);
	add(w, d, "a/data/empty", "");
	add(w, d, "a/data/stored", "a document\n");
	add(w, d, "a/tagmanifest", "0123456789abcdef");
	assert_int_equal(dsr_zip_writer_finish(w, &err), 0);
	dsr_zip_writer_free(w);
	dsr_deflater_free(d);
	a.bytes = file_bytes(fd, &a.len);
	a.changed = malloc(a.len + 1);
	assert_non_null(a.changed);
	close(fd);
	*state = &a;
	return 0;
}

static int
free_archive(void **state)
{
	struct archive *a = *state;

	free(a->bytes);
	free(a->changed);
	return 0;
}

static uint64_t
faults_at(const uint8_t *bytes, size_t len, uint64_t base)
{
	struct dsr_findings *f = judge_zip_at(bytes, len, base);
	uint64_t n = dsr_findings_count(f, DSR_ERROR);

	dsr_findings_free(f);
	return n;
}

static void
must_be_found(const uint8_t *bytes, size_t len, const char *what, size_t at)
{
	if (faults_at(bytes, len, BASE) == 0)
		fail_msg("%s at byte %zu is not found", what, at);
}

static void
zip64_records_are_there_and_right(void **state)
{
	const struct archive *a = *state;
	const uint8_t *end64 = a->bytes + a->len - DSR_ZIP_END_BYTES -
	    DSR_ZIP_LOCATOR_BYTES - DSR_ZIP_END64_BYTES;

	assert_int_equal(dsr_zip_get32(end64), DSR_ZIP_END64_SIGNATURE);
	assert_int_equal(faults_at(a->bytes, a->len, BASE), 0);
	/* needless where the archive stands at 0 */
	assert_true(faults_at(a->bytes, a->len, 0) > 0);
}

static void
each_bit_counts(void **state)
{
	const struct archive *a = *state;
	size_t i;

	for (i = 0; i < 8 * a->len; i++) {
		a->bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		must_be_found(a->bytes, a->len, "a flipped bit", i / 8);
		a->bytes[i / 8] ^= (uint8_t)(1u << i % 8);
	}
}

static void
each_byte_counts(void **state)
{
	const struct archive *a = *state;
	size_t i;

	for (i = 0; i < a->len; i++) {
		memcpy(a->changed, a->bytes, i);
		memcpy(a->changed + i, a->bytes + i + 1, a->len - i - 1);
		must_be_found(a->changed, a->len - 1, "a deletion", i);
	}
}

static void
inserted(const struct archive *a, size_t i, uint8_t value)
{
	memcpy(a->changed, a->bytes, i);
	a->changed[i] = value;
	memcpy(a->changed + i + 1, a->bytes + i, a->len - i);
	must_be_found(a->changed, a->len + 1, "an insertion", i);
}

static void
nothing_can_be_added(void **state)
{
	const struct archive *a = *state;
	size_t i;

	for (i = 0; i <= a->len; i++) {
		inserted(a, i, 0x00);
		inserted(a, i, 0xFF);
		if (i < a->len)
			inserted(a, i, a->bytes[i]);
	}
}

static void
each_length_counts(void **state)
{
	const struct archive *a = *state;
	size_t i;

	for (i = 0; i < a->len; i++)
		must_be_found(a->bytes, i, "a cut", i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zip64_records_are_there_and_right),
		cmocka_unit_test(each_bit_counts),
		cmocka_unit_test(each_byte_counts),
		cmocka_unit_test(nothing_can_be_added),
		cmocka_unit_test(each_length_counts),
	};

	return cmocka_run_group_tests(tests, make_archive, free_archive);
}
