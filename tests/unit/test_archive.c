/* SPDX-License-Identifier: ISC */
/* Large members of an archive that break off: nothing of them stays. */
#include "../../packer/archive.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/raw_zip.h"

#define LARGE  3000000u /* bytes: more chunks than a stream has slots for */
#define BROKEN 2200000u /* of them are there, where it breaks off */

static uint8_t content[LARGE];
static struct dsr_error err;

/* Content that ends before it should, or not. */
struct text {
	size_t len, at;
};

static int64_t
read_text(void *ctx, void *buf, size_t len, struct dsr_error *e)
{
	struct text *t = ctx;

	(void)e;
	if (len > t->len - t->at)
		len = t->len - t->at;
	memcpy(buf, content + t->at, len);
	t->at += len;
	return (int64_t)len;
}

static int
rewind_text(void *ctx, struct dsr_error *e)
{
	struct text *t = ctx;

	(void)e;
	t->at = 0;
	return 0;
}

/* Numbers, which deflate likes. */
static int
prepare(void **unused)
{
	uint32_t state = 1;
	size_t i;

	(void)unused;
	for (i = 0; i < LARGE; i++) {
		state = state * 1664525u + 1013904223u;
		content[i] = (uint8_t)('0' + (state >> 16) % 10);
	}
	return 0;
}

/* Adds LARGE bytes, of which len are there. */
static int
add(struct archive *a, const char *path, size_t len)
{
	uint8_t sha256[DSR_SHA256_BYTES];
	struct text text = { len, 0 };
	const struct archive_input in = { read_text, rewind_text, &text,
		LARGE };

	return archive_stream_payload(a, path, &in, sha256, &err);
}

static struct archive *
new_archive(int fd, int level)
{
	struct archive *a = NULL;

	assert_int_equal(archive_new(&a, fd, NULL, "bag", level, 2, &err), 0);
	return a;
}

static uint8_t *
pack(int level, bool breaks_off, size_t *len)
{
	int fd = memory_file("", 0);
	struct archive *a = new_archive(fd, level);
	uint8_t *bytes;

	assert_int_equal(add(a, "data/files/a", LARGE), 0);
	if (breaks_off) {
		assert_int_equal(add(a, "data/files/b", BROKEN), -1);
		assert_int_equal(err.code, DSR_EFAILED);
	}
	assert_int_equal(add(a, "data/files/c", LARGE), 0);
	assert_int_equal(archive_finish(a, &err), 0);
	archive_free(a);
	bytes = file_bytes(fd, len);
	close(fd);
	return bytes;
}

static void
what_breaks_off_leaves_nothing(void **unused)
{
	static const int levels[] = { 0, 6 };
	uint8_t *with, *without;
	size_t i, len, wanted;

	(void)unused;
	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		with = pack(levels[i], true, &len);
		without = pack(levels[i], false, &wanted);
		assert_int_equal(len, wanted);
		assert_memory_equal(with, without, len);
		free(with);
		free(without);
	}
}

/* Then it is no gap that the archive may go on behind. */
static void
what_cannot_be_taken_out_ends_the_archive(void **unused)
{
	int fd = memfd_create("archive", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct archive *a;

	(void)unused;
	if (fd < 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) != 0)
		skip();
	a = new_archive(fd, 0);
	assert_int_equal(add(a, "data/files/a", BROKEN), -1);
	assert_int_not_equal(err.code, DSR_EFAILED);
	assert_int_equal(add(a, "data/files/b", LARGE), -1);
	assert_int_equal(err.code, DSR_EBUG);
	assert_int_equal(archive_finish(a, &err), -1);
	archive_free(a);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_breaks_off_leaves_nothing),
		cmocka_unit_test(what_cannot_be_taken_out_ends_the_archive),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
