/* SPDX-License-Identifier: ISC */
/*
 * Members whose headers or content are wrong in one place: the reader must say
 * so, for the right reason and for no other.
 */
#include "dossier/zip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/raw_zip.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void
change_nothing(struct raw_zip *z)
{
	(void)z;
}

static void
flag_utf8(struct raw_zip *z)
{
	z->members[0].local.flags = z->members[0].central.flags = 0x0800;
}

static void
flag_encrypted(struct raw_zip *z)
{
	z->members[1].local.flags = z->members[1].central.flags = 0x0001;
}

static void
flag_descriptor(struct raw_zip *z)
{
	z->members[0].local.flags = z->members[0].central.flags = 0x0008;
}

static void
flag_central(struct raw_zip *z)
{
	z->members[0].central.flags = 0x0002;
}

static void
method_bzip2(struct raw_zip *z)
{
	z->members[1].local.method = z->members[1].central.method = 12;
	z->members[1].local.needed = z->members[1].central.needed = 10;
}

static void
method_central(struct raw_zip *z)
{
	z->members[1].central.method = 0;
	z->members[1].central.packed = z->members[1].central.size;
	z->members[1].central.needed = 10;
}

static void
version_local(struct raw_zip *z)
{
	z->members[1].local.needed = 10;
}

static void
version_central(struct raw_zip *z)
{
	z->members[0].central.needed = 20;
}

static void
made_by(struct raw_zip *z)
{
	z->members[0].central.made_by = 0x0014;
}

static void
time_local(struct raw_zip *z)
{
	z->members[0].local.time = 1;
}

static void
date_central(struct raw_zip *z)
{
	z->members[2].central.date = 0x5821;
}

static void
symbolic_link(struct raw_zip *z)
{
	z->members[0].central.external = 0xA1FF0000;
}

static void
folder_bit(struct raw_zip *z)
{
	z->members[0].central.external |= 0x10;
}

static void
text_bit(struct raw_zip *z)
{
	z->members[0].central.internal = 1;
}

static void
other_disk(struct raw_zip *z)
{
	z->members[0].central.disk = 1;
}

static void
add_extra(struct raw_header *h, const char *bytes, size_t len)
{
	memcpy(h->extra, bytes, len);
	h->extra_len = len;
}

static void
extra_local(struct raw_zip *z)
{
	add_extra(&z->members[0].local, "\x55\x54\x05\0\1\0\0\0\0", 9);
	raw_zip_settle(z);
}

static void
extra_unicode_path(struct raw_zip *z)
{
	add_extra(&z->members[0].central, "\x75\x70\x06\0\1\0\0\0\0b", 10);
	raw_zip_settle(z);
}

static void
extra_of_one_byte(struct raw_zip *z)
{
	add_extra(&z->members[2].local, "x", 1);
	raw_zip_settle(z);
}

/* Both headers of a member in ZIP64's way, though nothing is that large. */
static void
widen(struct raw_header *h)
{
	uint8_t field[20] = { 1, 0, 16, 0 };

	memcpy(field + 4, &h->size, 4);
	memcpy(field + 12, &h->packed, 4);
	memcpy(h->extra, field, sizeof(field));
	h->extra_len = sizeof(field);
	h->size = h->packed = 0xFFFFFFFF;
	h->needed = 45;
}

static void
zip64_needless(struct raw_zip *z)
{
	widen(&z->members[0].local);
	widen(&z->members[0].central);
	raw_zip_settle(z);
}

static void
zip64_beside_sizes(struct raw_zip *z)
{
	struct raw_header *h = &z->members[0].local;
	uint32_t size = h->size;

	widen(h);
	h->size = h->packed = size;
	raw_zip_settle(z);
}

static void
zip64_missing(struct raw_zip *z)
{
	z->members[0].local.size = z->members[0].local.packed = 0xFFFFFFFF;
}

static void
zip64_half(struct raw_zip *z)
{
	z->members[0].local.size = 0xFFFFFFFF;
}

static void
zip64_offset(struct raw_zip *z)
{
	add_extra(&z->members[0].central, "\1\0\x08\0\0\0\0\0\0\0\0\0", 12);
	raw_zip_settle(z);
	z->members[0].central.offset = 0xFFFFFFFF;
	z->members[0].central.needed = 45;
}

static void
zip64_end(struct raw_zip *z)
{
	z->wide = true;
}

static void
size_stored(struct raw_zip *z)
{
	z->members[0].local.size++;
	z->members[0].central.size++;
}

static void
size_central(struct raw_zip *z)
{
	z->members[1].central.size++;
}

static void
size_too_large(struct raw_zip *z)
{
	z->members[1].local.size++;
	z->members[1].central.size++;
}

static void
size_too_small(struct raw_zip *z)
{
	z->members[1].local.size--;
	z->members[1].central.size--;
}

static void
size_of_a_bomb(struct raw_zip *z)
{
	z->members[1].local.size = z->members[1].central.size = 0x7FFFFFFF;
}

static void
not_smaller(struct raw_zip *z)
{
	struct raw_member *m = &z->members[2];

	/* nothing, as an empty last block with fixed codes */
	memcpy(m->data, "\x03\x00", 2);
	m->data_len = 2;
	m->local.packed = m->central.packed = 2;
	m->local.method = m->central.method = 8;
	m->local.needed = m->central.needed = 20;
	raw_zip_settle(z);
}

static void
crc_both(struct raw_zip *z)
{
	z->members[1].local.crc ^= 1;
	z->members[1].central.crc ^= 1;
}

static void
crc_empty(struct raw_zip *z)
{
	z->members[2].local.crc = z->members[2].central.crc = 1;
}

static void
crc_central(struct raw_zip *z)
{
	z->members[0].central.crc ^= 1;
}

static void
content_stored(struct raw_zip *z)
{
	z->members[0].data[0] ^= 1;
}

static void
bytes_behind_the_stream(struct raw_zip *z)
{
	struct raw_member *m = &z->members[1];

	m->data[m->data_len++] = 0;
	m->local.packed++;
	m->central.packed++;
	raw_zip_settle(z);
}

static void
stream_without_end(struct raw_zip *z)
{
	struct raw_member *m = &z->members[1];

	m->data_len--;
	m->local.packed--;
	m->central.packed--;
	raw_zip_settle(z);
}

static const struct raw_fault faults[] = {
	{ "the control: nothing is wrong", change_nothing, DSR_FINDING_COUNT },
	{ "bit 11 in both", flag_utf8, DSR_F_ZIP_FLAGS },
	{ "bit 0, encrypted", flag_encrypted, DSR_F_ZIP_FLAGS },
	{ "bit 3, data descriptor", flag_descriptor, DSR_F_ZIP_FLAGS },
	{ "a flag in the directory alone", flag_central, DSR_F_ZIP_FLAGS },
	{ "method 12", method_bzip2, DSR_F_ZIP_METHOD },
	{ "another method in the directory", method_central,
	    DSR_F_ZIP_DIRECTORY },
	{ "deflated, but needs 1.0", version_local, DSR_F_ZIP_VERSION },
	{ "stored, but needs 2.0", version_central, DSR_F_ZIP_VERSION },
	{ "made by DOS", made_by, DSR_F_ZIP_VERSION },
	{ "a time", time_local, DSR_F_ZIP_TIME },
	{ "a date", date_central, DSR_F_ZIP_TIME },
	{ "symbolic link", symbolic_link, DSR_F_ZIP_ATTRIBUTES },
	{ "folder with data", folder_bit, DSR_F_ZIP_ATTRIBUTES },
	{ "text file", text_bit, DSR_F_ZIP_ATTRIBUTES },
	{ "starts on disk 1", other_disk, DSR_F_ZIP_ATTRIBUTES },
	{ "extended time stamp", extra_local, DSR_F_ZIP_EXTRA },
	{ "Unicode path", extra_unicode_path, DSR_F_ZIP_EXTRA },
	{ "an extra field too short to be one", extra_of_one_byte,
	    DSR_F_ZIP_EXTRA },
	{ "ZIP64 beside 32-bit sizes", zip64_beside_sizes, DSR_F_ZIP_ZIP64 },
	{ "sentinels without ZIP64", zip64_missing, DSR_F_ZIP_ZIP64 },
	{ "one sentinel", zip64_half, DSR_F_ZIP_ZIP64 },
	{ "needless ZIP64 end record", zip64_end, DSR_F_ZIP_ZIP64 },
	{ "stored, with two sizes", size_stored, DSR_F_ZIP_SIZE },
	{ "another size in the directory", size_central, DSR_F_ZIP_DIRECTORY },
	{ "more declared than there is", size_too_large, DSR_F_ZIP_DEFLATE },
	{ "less declared than there is", size_too_small, DSR_F_ZIP_DEFLATE },
	{ "a ratio that deflate cannot reach", size_of_a_bomb,
	    DSR_F_ZIP_LIMIT },
	{ "deflated to more", not_smaller, DSR_F_ZIP_NOT_SMALLER },
	{ "another check sum", crc_both, DSR_F_ZIP_CRC },
	{ "a check sum of nothing", crc_empty, DSR_F_ZIP_CRC },
	{ "another one in the directory", crc_central, DSR_F_ZIP_DIRECTORY },
	{ "other content", content_stored, DSR_F_ZIP_CRC },
	{ "a byte behind the stream", bytes_behind_the_stream,
	    DSR_F_ZIP_DEFLATE },
	{ "the last byte of the stream is gone", stream_without_end,
	    DSR_F_ZIP_DEFLATE },
};

static void
finds_what_is_wrong_and_nothing_else(void **state)
{
	(void)state;
	expect_faults(faults, COUNT(faults));
}

/* These break a second rule by their nature. */
static void
finds_more_than_one(void **state)
{
	static const struct {
		const char *why;
		void (*change)(struct raw_zip *z);
		enum dsr_finding_id id, second;
	} both[] = {
		{ "needless ZIP64 sizes", zip64_needless, DSR_F_ZIP_ZIP64,
		    DSR_F_ZIP_VERSION },
		{ "needless ZIP64 offset", zip64_offset, DSR_F_ZIP_ZIP64,
		    DSR_F_ZIP_VERSION },
	};
	struct dsr_findings *f;
	struct raw_zip z;
	uint8_t *bytes;
	size_t i, len;

	(void)state;
	for (i = 0; i < COUNT(both); i++) {
		raw_zip_init(&z);
		both[i].change(&z);
		bytes = raw_zip_bytes(&z, &len);
		f = judge_zip(bytes, len);
		if (dsr_findings_count_of(f, both[i].id) == 0 ||
		    dsr_findings_count_of(f, both[i].second) == 0)
			fail_msg("row %zu: %s", i, both[i].why);
		dsr_findings_free(f);
		free(bytes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_wrong_and_nothing_else),
		cmocka_unit_test(finds_more_than_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
