/* SPDX-License-Identifier: ISC */
/* Writer and reader of the container when memory runs out or writing fails. */
#include "dossier/zip.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/faults.h"
#include "../support/raw_zip.h"

#define MOST_ALLOCATIONS 1000

static const uint8_t text[] = "text text text text text text text text text";

static int
add_members(struct dsr_zip_writer *w, struct dsr_deflater *d,
    struct dsr_error *err)
{
	struct dsr_zip_entry e = { .name = "a/one", .name_len = 5 };
	uint8_t packed[sizeof(text)];

	dsr_deflater_pack(d, &e, packed, text, sizeof(text));
	if (dsr_zip_writer_add(w, &e, packed, err) < 0 ||
	    dsr_zip_writer_begin(w, "a/two", DSR_ZIP_STORED, 5, err) < 0 ||
	    dsr_zip_writer_write(w, "hello", 5, err) < 0 ||
	    dsr_zip_writer_end(w, dsr_crc32(0, "hello", 5), 5, err) < 0)
		return -1;
	return dsr_zip_writer_finish(w, err);
}

static int
write_archive(int fd, struct dsr_error *err)
{
	struct dsr_zip_writer *w = NULL;
	struct dsr_deflater *d = NULL;
	int rc = -1;

	if (dsr_zip_writer_new(&w, fd, 0, err) == 0 &&
	    dsr_deflater_new(&d, 6, err) == 0)
		rc = add_members(w, d, err);
	dsr_zip_writer_free(w);
	dsr_deflater_free(d);
	return rc;
}

static int
read_members(struct dsr_zip_reader *r, struct dsr_error *err)
{
	struct dsr_zip_entry e;
	uint8_t piece[64];
	int64_t n;
	int rc;

	while ((rc = dsr_zip_reader_next(r, &e, err)) > 0) {
		while ((n = dsr_zip_reader_read(r, piece, sizeof(piece),
		    err)) > 0)
			continue;
		if (n < 0)
			return -1;
	}
	return rc < 0 ? -1 : dsr_zip_reader_finish(r, err);
}

static int
read_archive(int fd, struct dsr_error *err)
{
	struct dsr_findings *f = NULL;
	struct dsr_zip_reader *r = NULL;
	int rc = -1;

	if (dsr_findings_new(&f, NULL, NULL, err) == 0 &&
	    dsr_zip_reader_new(&r, fd, f, err) == 0 &&
	    dsr_zip_reader_watch_names(r, err) == 0)
		rc = read_members(r, err);
	if (rc == 0 && dsr_findings_count(f, DSR_ERROR) > 0)
		abort();
	dsr_zip_reader_free(r);
	dsr_findings_free(f);
	return rc;
}

static int
copy_archive(struct dsr_error *err)
{
	int fd = memory_file("", 0), rc = -1;

	if (write_archive(fd, err) == 0 && lseek(fd, 0, SEEK_SET) == 0)
		rc = read_archive(fd, err);
	close(fd);
	return rc;
}

static void
says_when_memory_runs_out(void **state)
{
	struct dsr_error err;
	int calls, rc;

	(void)state;
	assert_int_equal(copy_archive(&err), 0);
	for (calls = 0; calls < MOST_ALLOCATIONS; calls++) {
		if (!fail_allocation_after(calls))
			skip();
		memset(&err, 0, sizeof(err));
		rc = copy_archive(&err);
		if (!allocation_has_failed())
			break;
		(void)fail_allocation_after(-1);
		if (rc != -1 || err.code != DSR_ENOMEM)
			fail_msg("allocation %d: %d, %s", calls, rc, err.msg);
	}
	(void)fail_allocation_after(-1);
	assert_int_equal(rc, 0);
	assert_true(calls > 5);
}

static void
says_when_the_disk_is_full(void **state)
{
	struct dsr_error err;
	int fd = open("/dev/full", O_RDWR | O_CLOEXEC);

	(void)state;
	if (fd < 0)
		skip();
	assert_int_equal(write_archive(fd, &err), -1);
	assert_int_equal(err.code, DSR_ENOSPACE);
	close(fd);
}

static void
says_when_nothing_can_be_read(void **state)
{
	struct dsr_error err;
	int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_int_equal(read_archive(fd, &err), -1);
	assert_int_equal(err.code, DSR_EIO);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_when_memory_runs_out),
		cmocka_unit_test(says_when_the_disk_is_full),
		cmocka_unit_test(says_when_nothing_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
