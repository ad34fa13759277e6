/* SPDX-License-Identifier: ISC */
/*
 * The container written into a sink: the same bytes as in a file, and nothing
 * of them in the clear in what is kept aside.
 */
#include "dossier/zip.h"

#include <dirent.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "dossier/file.h"
#include "../support/raw_zip.h"

#define CANARY "a line that must not lie on a disk "
#define LARGE  700000u
#define BUFFER 65536u /* of a spool: what is less never becomes a file */

static int
start_sodium(void **state)
{
	(void)state;
	return sodium_init() < 0;
}

/*
 * Looks into every nameless file that this process has open, as somebody with
 * the disk could: how many there are, and how many hold the canary.
 */
static void
search_files(size_t *files, size_t *canaries)
{
	static char content[2 * LARGE];
	char path[64];
	DIR *folder = opendir("/proc/self/fd");
	struct dirent *entry;
	struct stat st;
	ssize_t n;

	*files = *canaries = 0;
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%.20s",
		    entry->d_name);
		if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) ||
		    st.st_nlink > 0)
			continue;
		n = pread((int)strtol(entry->d_name, NULL, 10), content,
		    sizeof(content), 0);
		assert_true(n >= 0);
		*files += n > 0;
		*canaries += memmem(content, (size_t)n, CANARY,
			strlen(CANARY)) != NULL;
	}
	(void)closedir(folder);
}

static void
fill(uint8_t *out, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = (uint8_t)CANARY[i % strlen(CANARY)];
}

/* Stored and deflated members, one that is taken out again, large and small. */
static int
add_members(struct dsr_zip_writer *w, uint8_t digest[DSR_SHA256_BYTES],
    struct dsr_error *err)
{
	static uint8_t bytes[LARGE];
	const uint32_t crc = dsr_crc32(0, "", 0);
	struct dsr_zip_entry e = { .name = "a/one", .name_len = 5,
		.method = DSR_ZIP_STORED, .crc32 = dsr_crc32(0, "one", 3),
		.size = 3, .packed_size = 3 };

	fill(bytes, sizeof(bytes));
	if (dsr_zip_writer_add(w, &e, "one", err) < 0 ||
	    dsr_zip_writer_begin(w, "a/two", DSR_ZIP_STORED, LARGE, err) < 0 ||
	    dsr_zip_writer_write(w, bytes, 12345, err) < 0 ||
	    dsr_zip_writer_write(w, bytes + 12345, LARGE - 12345, err) < 0)
		return -1;
	assert_int_equal(dsr_zip_writer_packed(w), LARGE);
	if (dsr_zip_writer_end(w, dsr_crc32(0, bytes, LARGE), LARGE, err) <
		0 ||
	    dsr_zip_writer_begin(w, "a/gone", DSR_ZIP_STORED, 9, err) < 0 ||
	    dsr_zip_writer_write(w, bytes, 9, err) < 0 ||
	    dsr_zip_writer_cancel(w, err) < 0 ||
	    dsr_zip_writer_begin(w, "a/three", DSR_ZIP_STORED, 0, err) < 0 ||
	    dsr_zip_writer_end(w, crc, 0, err) < 0)
		return -1;
	if (dsr_zip_writer_digest(w, digest, err) < 0)
		return -1;
	memcpy(e.name, "a/two2", 6);
	e.name_len = 6;
	if (dsr_zip_writer_add(w, &e, "one", err) < 0)
		return -1;
	return dsr_zip_writer_finish(w, err);
}

static void
same_bytes_as_in_a_file(void **state)
{
	int file = memory_file("", 0), other = memory_file("", 0);
	uint8_t digest[2][DSR_SHA256_BYTES], *bytes[2];
	struct dsr_zip_writer *w = NULL;
	struct dsr_sink sink;
	struct dsr_error err;
	size_t len[2];

	(void)state;
	assert_int_equal(dsr_zip_writer_new(&w, file, 0, &err), 0);
	assert_int_equal(add_members(w, digest[0], &err), 0);
	dsr_zip_writer_free(w);
	dsr_sink_of_fd(&sink, &other);
	assert_int_equal(dsr_zip_writer_new_sink(&w, &sink, &err), 0);
	assert_int_equal(add_members(w, digest[1], &err), 0);
	dsr_zip_writer_free(w);
	bytes[0] = file_bytes(file, &len[0]);
	bytes[1] = file_bytes(other, &len[1]);
	assert_int_equal(len[0], len[1]);
	assert_memory_equal(bytes[0], bytes[1], len[0]);
	assert_memory_equal(digest[0], digest[1], DSR_SHA256_BYTES);
	free(bytes[0]);
	free(bytes[1]);
	(void)close(file);
	(void)close(other);
}

/* Where what goes in can be forgotten. */
static int
write_nowhere(void *ctx, const void *data, size_t len, struct dsr_error *err)
{
	size_t *total = ctx;

	(void)data;
	(void)err;
	*total += len;
	return 0;
}

static void
nothing_aside_is_in_the_clear(void **state)
{
	static uint8_t bytes[LARGE];
	struct dsr_zip_writer *w = NULL;
	size_t files, canaries, total = 0;
	const struct dsr_sink sink = { write_nowhere, &total };
	struct dsr_error err;

	(void)state;
	fill(bytes, sizeof(bytes));
	assert_int_equal(dsr_zip_writer_new_sink(&w, &sink, &err), 0);
	assert_int_equal(dsr_zip_writer_begin(w, "a/one", DSR_ZIP_STORED,
			     LARGE, &err), 0);
	assert_int_equal(dsr_zip_writer_write(w, bytes, LARGE, &err), 0);
	search_files(&files, &canaries);
	assert_int_equal(files, 1);
	assert_int_equal(canaries, 0);
	assert_int_equal(total, 0);
	assert_int_equal(dsr_zip_writer_end(w, dsr_crc32(0, bytes, LARGE),
			     LARGE, &err), 0);
	assert_int_equal(dsr_zip_writer_finish(w, &err), 0);
	assert_in_range(total, LARGE, LARGE + 200);
	dsr_zip_writer_free(w);
}

/* Written, then read twice and from a place in the middle. */
static void
check_spool(struct dsr_spool *s, size_t len, size_t *canaries)
{
	static uint8_t bytes[LARGE], found[LARGE];
	struct dsr_error err;
	size_t round, at, files;
	int64_t n;

	fill(bytes, len);
	assert_int_equal(dsr_spool_write(s, bytes, len / 3, &err), 0);
	assert_int_equal(dsr_spool_write(s, bytes + len / 3, len - len / 3,
			     &err), 0);
	for (round = 0; round < 2; round++) {
		assert_int_equal(dsr_spool_rewind(s, &err), 0);
		for (at = 0; (n = dsr_spool_read(s, found + at, 1000, &err)) >
		     0; at += (size_t)n)
			continue;
		assert_int_equal(n, 0);
		assert_int_equal(at, len);
		assert_memory_equal(found, bytes, len);
	}
	assert_int_equal(dsr_spool_seek(s, len / 2, &err), 0);
	n = dsr_spool_read(s, found, 10, &err);
	assert_true(n >= 0);
	assert_memory_equal(found, bytes + len / 2, (size_t)n);
	search_files(&files, canaries);
	assert_int_equal(files, len >= BUFFER);
}

static void
a_secret_spool_is_encrypted(void **state)
{
	static const size_t lens[] = { 0, 1, 63, 64, 65, 100, 65535, 65536,
		65537, 131072, LARGE };
	struct dsr_spool *s = NULL;
	struct dsr_error err;
	size_t i, canaries;

	(void)state;
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		assert_int_equal(dsr_spool_new_secret(&s, &err), 0);
		check_spool(s, lens[i], &canaries);
		assert_int_equal(canaries, 0);
		dsr_spool_free(s);
		/* the search finds it where it is */
		assert_int_equal(dsr_spool_new(&s, &err), 0);
		check_spool(s, lens[i], &canaries);
		assert_int_equal(canaries, lens[i] >= BUFFER);
		dsr_spool_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_bytes_as_in_a_file),
		cmocka_unit_test(nothing_aside_is_in_the_clear),
		cmocka_unit_test(a_secret_spool_is_encrypted),
	};

	return cmocka_run_group_tests(tests, start_sodium, NULL);
}
