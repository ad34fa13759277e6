/* SPDX-License-Identifier: ISC */
/* The container: what the writer makes, the reader and other programs accept. */
#include "dossier/zip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../core/zip_format.h"
#include "../support/raw_zip.h"
#include "../support/scratch.h"

#define MIB 1048576u
#define MANY 70000u /* members: more than 16 bits count */

static struct dsr_error err;

/* Content that deflate likes or does not, the same for the same seed. */
static uint8_t *
make_content(size_t size, unsigned int seed, bool random_bytes)
{
	uint8_t *p = malloc(size + 1);
	uint64_t x = seed * 2654435761u + 1;
	size_t i;

	for (i = 0; i < size; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		p[i] = random_bytes ? (uint8_t)(x & 0xFF) :
		    (uint8_t)"{\"id\": 0123}\n"[x % 13];
	}
	return p;
}

static struct dsr_zip_writer *
new_writer(int fd, uint64_t base)
{
	struct dsr_zip_writer *w;

	assert_int_equal(dsr_zip_writer_new(&w, fd, base, &err), 0);
	return w;
}

static void
set_name(struct dsr_zip_entry *e, const char *name)
{
	memset(e, 0, sizeof(*e));
	e->name_len = strlen(name);
	memcpy(e->name, name, e->name_len);
}

static void
add(struct dsr_zip_writer *w, struct dsr_deflater *d, const char *name,
    const uint8_t *content, size_t size)
{
	uint8_t *packed = malloc(size + 1);
	struct dsr_zip_entry e;

	set_name(&e, name);
	dsr_deflater_pack(d, &e, packed, content, size);
	assert_int_equal(dsr_zip_writer_add(w, &e, packed, &err), 0);
	free(packed);
}

/* An archive of several members, small and large, both methods. */
static int
make_archive(int level, unsigned int seed)
{
	static const size_t sizes[] = { 0, 1, 20, 300, 65535, 65537, 300000,
		3 * MIB, 5 };
	struct dsr_zip_writer *w;
	struct dsr_deflater *d;
	uint8_t *content;
	char name[64];
	unsigned int i;
	int fd = memory_file("", 0);

	w = new_writer(fd, 0);
	assert_int_equal(dsr_deflater_new(&d, level, &err), 0);
	for (i = 0; i < 2 * sizeof(sizes) / sizeof(sizes[0]); i++) {
		content = make_content(sizes[i / 2], seed + i, i % 2 == 0);
		(void)snprintf(name, sizeof(name), "bag/data/%06u.json", i);
		add(w, d, name, content, sizes[i / 2]);
		free(content);
	}
	assert_int_equal(dsr_zip_writer_finish(w, &err), 0);
	dsr_deflater_free(d);
	dsr_zip_writer_free(w);
	return fd;
}

static void
assert_accepted(int fd)
{
	struct dsr_findings *f;
	uint8_t *bytes;
	size_t len;

	bytes = file_bytes(fd, &len);
	f = judge_zip(bytes, len);
	if (dsr_findings_count(f, DSR_ERROR) > 0)
		fail_msg("found %s",
		    dsr_finding_name(dsr_findings_get(f, 0)->id));
	dsr_findings_free(f);
	free(bytes);
}

static void
assert_same_files(int a, int b)
{
	size_t a_len, b_len;
	uint8_t *a_bytes = file_bytes(a, &a_len);
	uint8_t *b_bytes = file_bytes(b, &b_len);

	assert_int_equal(a_len, b_len);
	assert_memory_equal(a_bytes, b_bytes, a_len);
	free(a_bytes);
	free(b_bytes);
}

/* Copies a member, and checks the running digests on the way. */
static void
copy_member(struct dsr_zip_reader *r, struct dsr_zip_writer *w,
    struct dsr_zip_entry *e, const uint8_t *file)
{
	uint8_t *packed = malloc((size_t)e->packed_size + 1);
	uint8_t wanted[DSR_SHA256_BYTES], found[DSR_SHA256_BYTES];

	dsr_sha256(wanted, file, (size_t)e->offset);
	dsr_zip_reader_digest(r, found);
	assert_memory_equal(found, wanted, sizeof(found));
	assert_int_equal(dsr_zip_writer_digest(w, found, &err), 0);
	assert_memory_equal(found, wanted, sizeof(found));
	assert_int_equal(dsr_zip_writer_offset(w), e->offset);
	assert_int_equal(dsr_zip_reader_packed(r, packed,
	    (size_t)e->packed_size + 1, &err), e->packed_size);
	dsr_zip_reader_digest(r, found); /* also when it has gone on */
	assert_memory_equal(found, wanted, sizeof(found));
	assert_int_equal(dsr_zip_writer_add(w, e, packed, &err), 0);
	free(packed);
}

static void
copies_are_the_same(void **state)
{
	static const int levels[] = { 0, 1, 6, 9, 12 };
	struct dsr_zip_reader *r;
	struct dsr_zip_writer *w;
	struct dsr_findings *f;
	struct dsr_zip_entry e;
	int fd, copy;
	uint8_t *file;
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		fd = make_archive(levels[i], (unsigned int)i);
		assert_accepted(fd);
		file = file_bytes(fd, &len);
		lseek(fd, 0, SEEK_SET);
		copy = memory_file("", 0);
		w = new_writer(copy, 0);
		assert_int_equal(dsr_findings_new(&f, NULL, NULL, &err), 0);
		assert_int_equal(dsr_zip_reader_new(&r, fd, f, &err), 0);
		while (dsr_zip_reader_next(r, &e, &err) == 1)
			copy_member(r, w, &e, file);
		assert_int_equal(dsr_zip_reader_finish(r, &err), 0);
		assert_int_equal(dsr_findings_count(f, DSR_ERROR), 0);
		assert_int_equal(dsr_zip_reader_count(r),
		    dsr_zip_writer_count(w));
		assert_int_equal(dsr_zip_reader_offset(r), len);
		assert_int_equal(dsr_zip_writer_finish(w, &err), 0);
		assert_same_files(fd, copy);
		dsr_zip_reader_free(r);
		dsr_zip_writer_free(w);
		dsr_findings_free(f);
		free(file);
		close(fd);
		close(copy);
	}
}

/* The same members, whole or in pieces, make the same archive. */
static void
pieces_make_the_same_archive(void **state)
{
	uint8_t *content = make_content(MIB, 7, true);
	struct dsr_zip_writer *whole, *pieces;
	uint8_t a[DSR_SHA256_BYTES], b[DSR_SHA256_BYTES];
	int a_fd = memory_file("", 0), b_fd = memory_file("", 0);
	struct dsr_deflater *d;
	size_t at, piece;

	(void)state;
	assert_int_equal(dsr_deflater_new(&d, 0, &err), 0);
	whole = new_writer(a_fd, 0);
	add(whole, d, "a", content, 100);
	add(whole, d, "b", content, MIB);
	add(whole, d, "c", content, 100);
	assert_int_equal(dsr_zip_writer_digest(whole, a, &err), 0);
	assert_int_equal(dsr_zip_writer_finish(whole, &err), 0);

	pieces = new_writer(b_fd, 0);
	add(pieces, d, "a", content, 100);
	assert_int_equal(dsr_zip_writer_begin(pieces, "x", DSR_ZIP_DEFLATED,
	    MIB, &err), 0);
	assert_int_equal(dsr_zip_writer_write(pieces, content, MIB, &err), 0);
	assert_int_equal(dsr_zip_writer_cancel(pieces, &err), 0);
	assert_int_equal(dsr_zip_writer_begin(pieces, "b", DSR_ZIP_STORED,
	    MIB, &err), 0);
	for (at = 0, piece = 1; at < MIB; at += piece, piece *= 3) {
		if (piece > MIB - at)
			piece = MIB - at;
		assert_int_equal(dsr_zip_writer_write(pieces, content + at,
		    piece, &err), 0);
	}
	assert_int_equal(dsr_zip_writer_end(pieces, dsr_crc32(0, content, MIB),
	    MIB, &err), 0);
	add(pieces, d, "c", content, 100);
	assert_int_equal(dsr_zip_writer_digest(pieces, b, &err), 0);
	assert_int_equal(dsr_zip_writer_finish(pieces, &err), 0);

	assert_memory_equal(a, b, sizeof(a));
	assert_same_files(a_fd, b_fd);
	assert_accepted(b_fd);
	dsr_zip_writer_free(whole);
	dsr_zip_writer_free(pieces);
	dsr_deflater_free(d);
	free(content);
	close(a_fd);
	close(b_fd);
}

static void
refuses_what_the_format_does_not_allow(void **state)
{
	struct dsr_zip_writer *w;
	struct dsr_zip_entry e;
	int fd = memory_file("", 0);

	(void)state;
	w = new_writer(fd, 0);
	assert_int_equal(dsr_zip_writer_finish(w, &err), -1);
	assert_int_equal(err.code, DSR_EFAILED); /* no member at all */
	set_name(&e, "a/../b");
	assert_int_equal(dsr_zip_writer_add(w, &e, "", &err), -1);
	assert_int_equal(err.code, DSR_EFORMAT);
	set_name(&e, "a");
	e.method = DSR_ZIP_DEFLATED; /* nothing, deflated */
	assert_int_equal(dsr_zip_writer_add(w, &e, "", &err), -1);
	assert_int_equal(err.code, DSR_EFAILED);
	e.size = DSR_MAX_MEMBER_BYTES + 1;
	assert_int_equal(dsr_zip_writer_add(w, &e, "", &err), -1);
	assert_int_equal(err.code, DSR_ELIMIT);
	/* ZIP64 decided for what was not so large in the end */
	assert_int_equal(dsr_zip_writer_begin(w, "a", DSR_ZIP_STORED,
	    0xFFFFFFFF, &err), 0);
	assert_int_equal(dsr_zip_writer_end(w, 0, 0, &err), -1);
	assert_int_equal(err.code, DSR_EFAILED);
	assert_int_equal(dsr_zip_writer_cancel(w, &err), 0);
	assert_int_equal(dsr_zip_writer_begin(w, "a", DSR_ZIP_STORED,
	    0xFFFFFFFE, &err), 0);
	assert_int_equal(dsr_zip_writer_end(w, 0, 0, &err), 0);
	assert_int_equal(dsr_zip_writer_finish(w, &err), 0);
	assert_accepted(fd);
	dsr_zip_writer_free(w);
	close(fd);
}

static uint64_t
get(const uint8_t *p, size_t width)
{
	return width == 0 ? 0 : p[0] | get(p + 1, width - 1) << 8;
}

/*
 * Around 4 GiB: base, and what the version, the offset field and the extra
 * field of the only member must be then.
 */
static void
offsets_turn_to_zip64(void **state)
{
	static const struct {
		uint64_t base;
		uint64_t version, offset, extra;
		bool wide_end;
		const char *why;
	} row[] = {
		{ 0, 10, 0, 0, false, "small" },
		{ 0xFFFFFF00, 10, 0xFFFFFF00, 0, false, "everything below" },
		{ 0xFFFFFFDF, 10, 0xFFFFFFDF, 0, false,
		    "the directory at the last 32-bit offset" },
		{ 0xFFFFFFE0, 10, 0xFFFFFFE0, 0, true, "... one further" },
		{ 0xFFFFFFFE, 10, 0xFFFFFFFE, 0, true, "the last offset" },
		{ 0xFFFFFFFF, 45, 0xFFFFFFFF, 12, true, "the sentinel" },
		{ 0x123456789AB, 45, 0xFFFFFFFF, 12, true, "far behind" },
	};
	size_t i, len, extra;
	struct dsr_zip_writer *w;
	struct dsr_deflater *d;
	const uint8_t *c;
	uint8_t *file;
	int fd;

	(void)state;
	assert_int_equal(dsr_deflater_new(&d, 0, &err), 0);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		fd = memory_file("", 0);
		w = new_writer(fd, row[i].base);
		add(w, d, "a", NULL, 0);
		assert_int_equal(dsr_zip_writer_finish(w, &err), 0);
		file = file_bytes(fd, &len);
		c = file + 30 + 1;
		extra = (size_t)get(c + 30, 2);
		if (get(file + 4, 2) != row[i].version ||
		    get(file + 28, 2) != 0 ||
		    get(c + 6, 2) != row[i].version ||
		    get(c + 42, 4) != row[i].offset || extra != row[i].extra)
			fail_msg("row %zu: %s", i, row[i].why);
		if (extra > 0 && (get(c + 47, 2) != 1 ||
		    get(c + 49, 2) != 8 || get(c + 51, 8) != row[i].base))
			fail_msg("row %zu: extra field", i);
		if ((len == 31 + 47 + extra + 22) == row[i].wide_end)
			fail_msg("row %zu: end records", i);
		if (row[i].wide_end && (get(c + 47 + extra + 48, 8) !=
		    row[i].base + 31 || get(file + len - 6, 4) !=
		    0xFFFFFFFF || get(file + len - 10, 4) != 47 + extra))
			fail_msg("row %zu: values of end records", i);
		dsr_zip_writer_free(w);
		free(file);
		close(fd);
	}
	dsr_deflater_free(d);
}

/* Sizes around 4 GiB, as headers alone: FORMAT.md 2.3. */
static void
sizes_turn_to_zip64(void **state)
{
	static const struct {
		uint64_t size, packed, offset;
		size_t local, central; /* bytes of the extra fields */
		const char *why;
	} row[] = {
		{ 0xFFFFFFFE, 0xFFFFFFFE, 0, 0, 0, "both fit" },
		{ 0xFFFFFFFF, 5, 0, 20, 20, "the size does not" },
		{ 0xFFFFFFFF, 0xFFFFFFFF, 0, 20, 20, "both do not" },
		{ 0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFF, 0, 12, "the offset" },
		{ 0x200000000, 7, 0x300000000, 20, 28, "everything" },
	};
	uint8_t local[DSR_ZIP_LOCAL_MAX], central[DSR_ZIP_CENTRAL_MAX];
	struct dsr_zip_entry e;
	size_t i, version;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		set_name(&e, "a");
		e.size = row[i].size;
		e.packed_size = row[i].packed;
		e.offset = row[i].offset;
		e.method = DSR_ZIP_DEFLATED;
		version = row[i].central > 0 ? 45 : 20;
		if (dsr_zip_local_encode(local, &e) != 31 + row[i].local ||
		    dsr_zip_central_encode(central, &e) !=
		    47 + row[i].central || get(local + 4, 2) != version ||
		    get(central + 6, 2) != version)
			fail_msg("row %zu: %s", i, row[i].why);
		if (row[i].local > 0 && (get(local + 18, 8) != UINT64_MAX ||
		    get(local + 35, 8) != e.size ||
		    get(local + 43, 8) != e.packed_size ||
		    get(central + 51, 8) != e.size ||
		    get(central + 59, 8) != e.packed_size))
			fail_msg("row %zu: sizes", i);
		if (row[i].central == 28 && get(central + 67, 8) != e.offset)
			fail_msg("row %zu: offset", i);
	}
}

static void
write_file(const char *path, int fd)
{
	size_t len;
	uint8_t *bytes = file_bytes(fd, &len);

	scratch_write(path, bytes, len, 0600);
	free(bytes);
}

/* unzip and bsdtar, when they are there. */
static void
assert_peers_accept(int fd)
{
	const char *const unzip[] = { "unzip", "-tqq", "a.zip", NULL };
	const char *const bsdtar[] = { "bsdtar", "-xOf", "a.zip", NULL };
	int rc;

	write_file("a.zip", fd);
	rc = run_program("", unzip);
	assert_true(rc == 0 || rc == 127);
	rc = run_program("", bsdtar);
	assert_true(rc == 0 || rc == 127);
}

static void
peers_accept_archives(void **state)
{
	int fd = make_archive(6, 99);

	(void)state;
	assert_peers_accept(fd);
	close(fd);
}

static void
many_members_turn_to_zip64(void **state)
{
	struct dsr_zip_writer *w;
	struct dsr_zip_entry e;
	char name[64];
	uint8_t *file;
	unsigned int i;
	size_t len;
	int fd = memory_file("", 0);

	(void)state;
	w = new_writer(fd, 0);
	for (i = 0; i < MANY; i++) {
		(void)snprintf(name, sizeof(name), "bag/%06u", i);
		set_name(&e, name);
		assert_int_equal(dsr_zip_writer_add(w, &e, NULL, &err), 0);
	}
	assert_int_equal(dsr_zip_writer_finish(w, &err), 0);
	file = file_bytes(fd, &len);
	assert_int_equal(get(file + len - 14, 2), 0xFFFF);
	assert_int_equal(get(file + len - 12, 2), 0xFFFF);
	assert_int_equal(get(file + len - 22 - 20 - 56 + 24, 8), MANY);
	assert_true(get(file + len - 6, 4) < 0xFFFFFFFF);
	free(file);
	assert_accepted(fd);
	assert_peers_accept(fd);
	dsr_zip_writer_free(w);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_are_the_same),
		cmocka_unit_test(pieces_make_the_same_archive),
		cmocka_unit_test(refuses_what_the_format_does_not_allow),
		cmocka_unit_test(offsets_turn_to_zip64),
		cmocka_unit_test(sizes_turn_to_zip64),
		cmocka_unit_test_setup_teardown(peers_accept_archives,
		    scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(many_members_turn_to_zip64,
		    scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
