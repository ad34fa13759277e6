/* SPDX-License-Identifier: ISC */
/* One more member behind the last: the bytes that the writer would write. */
#include "dossier/zip_tail.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../core/zip_format.h"
#include "../support/scratch.h"
#include "dossier/file.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define FOLDER       "signatures/"

static const struct {
	const char *name, *data;
} members[] = {
	{ "a/data/files/x", "hello" },
	{ "a/signatures/one", "1" },
	{ "a/signatures/two", "second" },
	{ "a/signatures/three", "" },
};

/* An archive of the first so many, all stored. */
static int
make(const char *path, size_t count)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct dsr_zip_writer *w = NULL;
	struct dsr_error err;
	size_t i;

	assert_true(fd >= 0);
	assert_int_equal(dsr_zip_writer_new(&w, fd, 0, &err), 0);
	for (i = 0; i < count; i++) {
		struct dsr_zip_entry e = { .method = DSR_ZIP_STORED };
		const char *data = members[i].data;

		e.name_len = strlen(members[i].name);
		memcpy(e.name, members[i].name, e.name_len);
		e.size = e.packed_size = strlen(data);
		e.crc32 = dsr_crc32(0, data, strlen(data));
		assert_int_equal(dsr_zip_writer_add(w, &e, data, &err), 0);
	}
	assert_int_equal(dsr_zip_writer_finish(w, &err), 0);
	dsr_zip_writer_free(w);
	return fd;
}

static void
read_all(int fd, struct dsr_buffer *out)
{
	struct dsr_error err;

	dsr_buffer_init(out, 65536);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(dsr_fd_read(out, fd, &err), 0);
}

/* Appends member `count` to an archive of those before it. */
static void
append(size_t count)
{
	int from = make("from.zip", count), whole = make("whole.zip", count + 1);
	int to = open("to.zip", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct dsr_zip_tail *t = NULL;
	struct dsr_buffer is, wanted;
	struct dsr_error err;

	assert_int_equal(dsr_zip_tail_new(&t, from, FOLDER, &err), 0);
	assert_int_equal(dsr_file_copy_start(to, from, dsr_zip_tail_offset(t),
	    &err), 0);
	assert_int_equal(dsr_zip_tail_write(t, to, members[count].name,
	    members[count].data, strlen(members[count].data), &err), 0);
	read_all(to, &is);
	read_all(whole, &wanted);
	assert_int_equal(is.len, wanted.len);
	assert_memory_equal(is.data, wanted.data, is.len);
	dsr_buffer_fini(&is);
	dsr_buffer_fini(&wanted);
	dsr_zip_tail_free(t);
	(void)close(from);
	(void)close(whole);
	(void)close(to);
}

static void
appends_what_the_writer_writes(void **state)
{
	size_t count;

	(void)state;
	for (count = 1; count < COUNT(members); count++)
		append(count);
}

static void
remembers_a_folder(void **state)
{
	int fd = make("x.zip", COUNT(members));
	struct dsr_zip_tail *t = NULL;
	struct dsr_buffer content;
	struct dsr_error err;
	size_t i;

	(void)state;
	assert_int_equal(dsr_zip_tail_new(&t, fd, FOLDER, &err), 0);
	assert_int_equal(dsr_zip_tail_count(t), COUNT(members) - 1);
	for (i = 0; i + 1 < COUNT(members); i++) {
		const struct dsr_zip_entry *e = dsr_zip_tail_entry(t, i);

		assert_string_equal(e->name, members[i + 1].name);
		dsr_buffer_init(&content, 64);
		assert_int_equal(dsr_zip_tail_read(t, e, &content, &err), 0);
		assert_string_equal(dsr_buffer_str(&content),
		    members[i + 1].data);
		dsr_buffer_fini(&content);
	}
	dsr_zip_tail_free(t);
	(void)close(fd);
}

static bool
opens(int fd)
{
	struct dsr_zip_tail *t = NULL;
	struct dsr_error err;
	bool good = dsr_zip_tail_new(&t, fd, FOLDER, &err) == 0;

	if (!good)
		assert_int_equal(err.code, DSR_EFORMAT);
	dsr_zip_tail_free(t);
	return good;
}

/*
 * All but the check sums and names of the directory, which only the members
 * can contradict.
 */
static void
every_bit_of_the_end_counts(void **state)
{
	int fd = make("x.zip", COUNT(members));
	struct dsr_zip_tail *t = NULL;
	struct dsr_buffer all;
	struct dsr_error err;
	size_t at, let_pass = 0, free_bits = 0;
	int bit;

	(void)state;
	read_all(fd, &all);
	for (at = 0; at < COUNT(members); at++)
		free_bits += 8 * (sizeof(uint32_t) + strlen(members[at].name));
	assert_int_equal(dsr_zip_tail_new(&t, fd, FOLDER, &err), 0);
	at = (size_t)dsr_zip_tail_offset(t);
	dsr_zip_tail_free(t);
	for (; at < all.len; at++)
		for (bit = 0; bit < 8; bit++) {
			uint8_t flipped = all.data[at] ^ (uint8_t)(1u << bit);

			assert_int_equal(pwrite(fd, &flipped, 1, (off_t)at),
			    1);
			let_pass += opens(fd);
			assert_int_equal(pwrite(fd, all.data + at, 1,
			    (off_t)at), 1);
		}
	assert_true(opens(fd));
	assert_true(let_pass <= free_bits);
	for (at = 0; at < all.len; at++) {
		assert_int_equal(ftruncate(fd, (off_t)at), 0);
		assert_false(opens(fd));
		assert_int_equal(pwrite(fd, all.data, all.len, 0),
		    (ssize_t)all.len);
	}
	dsr_buffer_fini(&all);
	(void)close(fd);
}

/* A member of 5 GiB, which takes no room: content is not looked at. */
static void
beyond_four_gibibytes(void **state)
{
	const uint64_t size = 5ull << 30;
	struct dsr_zip_entry e = { .name = "a/big", .name_len = 5,
		.method = DSR_ZIP_STORED, .size = size, .packed_size = size };
	uint8_t local[DSR_ZIP_LOCAL_MAX], central[DSR_ZIP_CENTRAL_MAX];
	uint8_t records[DSR_ZIP_ENDS_MAX];
	size_t local_len = dsr_zip_local_encode(local, &e);
	size_t central_len = dsr_zip_central_encode(central, &e);
	struct dsr_zip_ends ends = { 1, local_len + size, central_len };
	int from = open("big.zip", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int to = open("to.zip", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct dsr_zip_tail *t = NULL;
	const struct dsr_zip_entry *added;
	struct dsr_buffer content;
	struct dsr_error err;
	size_t len = dsr_zip_ends_encode(records, &ends);

	(void)state;
	assert_true(from >= 0 && to >= 0);
	assert_int_equal(pwrite(from, local, local_len, 0),
	    (ssize_t)local_len);
	assert_int_equal(pwrite(from, central, central_len,
	    (off_t)ends.directory_offset), (ssize_t)central_len);
	assert_int_equal(pwrite(from, records, len,
	    (off_t)(ends.directory_offset + central_len)), (ssize_t)len);
	assert_int_equal(dsr_zip_tail_new(&t, from, FOLDER, &err), 0);
	assert_int_equal(dsr_zip_tail_write(t, to, "a/signatures/x", "data",
	    4, &err), 0);
	dsr_zip_tail_free(t);
	assert_int_equal(dsr_zip_tail_new(&t, to, FOLDER, &err), 0);
	added = dsr_zip_tail_entry(t, 0);
	assert_int_equal(added->offset, ends.directory_offset);
	dsr_buffer_init(&content, 64);
	assert_int_equal(dsr_zip_tail_read(t, added, &content, &err), 0);
	assert_string_equal(dsr_buffer_str(&content), "data");
	dsr_buffer_fini(&content);
	dsr_zip_tail_free(t);
	(void)close(from);
	(void)close(to);
}

static void
names_that_are_not_allowed(void **state)
{
	static const char *const names[] = { "", "/x", "a/../x", "a/con" };
	int fd = make("x.zip", 2);
	struct dsr_zip_tail *t = NULL;
	struct dsr_error err;
	size_t i;

	(void)state;
	assert_int_equal(dsr_zip_tail_new(&t, fd, FOLDER, &err), 0);
	for (i = 0; i < COUNT(names); i++) {
		assert_int_equal(dsr_zip_tail_write(t, fd, names[i], "", 0,
		    &err), -1);
		assert_int_equal(err.code, DSR_EFORMAT);
	}
	dsr_zip_tail_free(t);
	(void)close(fd);
}

/* dsr_file_copy_start, whatever the file system can do. */
static void
copies_the_start_of_a_file(void **state)
{
	static const size_t lens[] = { 0, 1, 4096, 5000, 100000 };
	int from = open("from", O_RDWR | O_CREAT | O_CLOEXEC, 0600), to;
	static uint8_t data[100000], is[100000];
	struct dsr_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 % 251);
	assert_int_equal(pwrite(from, data, sizeof(data), 0), sizeof(data));
	for (i = 0; i < COUNT(lens); i++) {
		to = open("to", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		assert_int_equal(dsr_file_copy_start(to, from, lens[i], &err),
		    0);
		assert_int_equal(lseek(to, 0, SEEK_END), (off_t)lens[i]);
		assert_int_equal(pread(to, is, sizeof(is), 0),
		    (ssize_t)lens[i]);
		assert_memory_equal(is, data, lens[i]);
		(void)close(to);
	}
	to = open("to", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_int_equal(dsr_file_copy_start(to, from, sizeof(data) + 1,
	    &err), -1);
	assert_int_equal(err.code, DSR_EIO);
	(void)close(to);
	(void)close(from);
}

#define IN_SCRATCH(f) \
	cmocka_unit_test_setup_teardown(f, scratch_enter, scratch_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(appends_what_the_writer_writes),
		IN_SCRATCH(remembers_a_folder),
		IN_SCRATCH(every_bit_of_the_end_counts),
		IN_SCRATCH(beyond_four_gibibytes),
		IN_SCRATCH(names_that_are_not_allowed),
		IN_SCRATCH(copies_the_start_of_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
