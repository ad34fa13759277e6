/* SPDX-License-Identifier: ISC */
/*
 * Names, places, directory and end records that are wrong in one place; and
 * whatever a single bit or a cut makes of them.
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
set_name(struct raw_zip *z, size_t i, const char *name)
{
	struct raw_header *h[2] = { &z->members[i].local,
		&z->members[i].central };
	size_t k;

	for (k = 0; k < 2; k++) {
		h[k]->name_len = strlen(name);
		memcpy(h[k]->name, name, h[k]->name_len);
	}
	raw_zip_settle(z);
}

static void
name_up(struct raw_zip *z)
{
	set_name(z, 0, "a/../../etc/passwd");
}

static void
name_folder(struct raw_zip *z)
{
	set_name(z, 2, "a/void/");
}

static void
name_empty(struct raw_zip *z)
{
	set_name(z, 2, "");
}

static void
name_too_long(struct raw_zip *z)
{
	char name[201];

	memset(name, 'a', 200);
	name[200] = '\0';
	set_name(z, 0, name);
}

static void
name_twice(struct raw_zip *z)
{
	set_name(z, 2, "a/stored.txt");
}

static void
name_case(struct raw_zip *z)
{
	set_name(z, 2, "A/Stored.TXT");
}

static void
name_central(struct raw_zip *z)
{
	z->members[0].central.name[2] = 'S';
}

static void
hidden_member(struct raw_zip *z)
{
	z->members[1].hidden = true;
	raw_zip_settle(z);
}

static void
another_order(struct raw_zip *z)
{
	z->order[0] = 1;
	z->order[1] = 0;
}

static void
one_header_twice(struct raw_zip *z)
{
	z->order[0] = 1;
}

static void
overlap(struct raw_zip *z)
{
	z->members[1].central.offset = 0;
}

static void
comment_member(struct raw_zip *z)
{
	z->members[0].central.comment_len = 3;
	raw_zip_settle(z);
}

static void
comment_end(struct raw_zip *z)
{
	z->end.comment_len = 22;
}

static void
prefix(struct raw_zip *z)
{
	memcpy(z->members[0].before, "#!/bin/sh\n", 10);
	z->members[0].before_len = 10;
	raw_zip_settle(z);
}

static void
gap(struct raw_zip *z)
{
	z->members[1].before_len = 4;
	raw_zip_settle(z);
}

static void
gap_before_the_directory(struct raw_zip *z)
{
	struct raw_member *m = &z->members[2];

	memcpy(m->data, "XXXX", 4);
	m->data_len = 4;
	raw_zip_settle(z);
}

static void
suffix(struct raw_zip *z)
{
	z->after_len = 1;
}

static void
two_ends(struct raw_zip *z)
{
	memcpy(z->after, "PK\5\6", 4);
	z->after_len = 22;
}

static void
end_members(struct raw_zip *z)
{
	z->end.members++;
}

static void
end_members_both(struct raw_zip *z)
{
	z->end.here = z->end.members = 2;
}

static void
end_size(struct raw_zip *z)
{
	z->end.size--;
}

static void
end_offset(struct raw_zip *z)
{
	z->end.offset++;
}

static void
end_disk(struct raw_zip *z)
{
	z->end.disk = 1;
}

static void
no_members(struct raw_zip *z)
{
	z->count = 0;
	raw_zip_settle(z);
}

static void
no_directory(struct raw_zip *z)
{
	size_t i;

	for (i = 0; i < z->count; i++)
		z->members[i].hidden = true;
	raw_zip_settle(z);
}

static const struct raw_fault faults[] = {
	{ "out of the archive", name_up, DSR_F_ZIP_NAME },
	{ "a folder", name_folder, DSR_F_ZIP_NAME },
	{ "no name", name_empty, DSR_F_ZIP_NAME },
	{ "200 bytes", name_too_long, DSR_F_ZIP_NAME },
	{ "the same name twice", name_twice, DSR_F_ZIP_DUPLICATE },
	{ "twice but for case", name_case, DSR_F_ZIP_DUPLICATE },
	{ "another name in the directory", name_central, DSR_F_ZIP_DIRECTORY },
	{ "not in the directory", hidden_member, DSR_F_ZIP_DIRECTORY },
	{ "directory in another order", another_order, DSR_F_ZIP_DIRECTORY },
	{ "one header for two members", one_header_twice,
	    DSR_F_ZIP_DIRECTORY },
	{ "two headers for one member", overlap, DSR_F_ZIP_DIRECTORY },
	{ "nothing in the directory", no_directory, DSR_F_ZIP_DIRECTORY },
	{ "a member's comment", comment_member, DSR_F_ZIP_COMMENT },
	{ "the archive's comment", comment_end, DSR_F_ZIP_COMMENT },
	{ "a program in front", prefix, DSR_F_ZIP_NOT_ZIP },
	{ "a gap", gap, DSR_F_ZIP_SIGNATURE },
	{ "a gap before the directory", gap_before_the_directory,
	    DSR_F_ZIP_SIGNATURE },
	{ "a byte behind the end", suffix, DSR_F_ZIP_TRAILING },
	{ "a second end record", two_ends, DSR_F_ZIP_TRAILING },
	{ "one member too many", end_members, DSR_F_ZIP_END },
	{ "one member too few", end_members_both, DSR_F_ZIP_END },
	{ "a directory too short", end_size, DSR_F_ZIP_END },
	{ "a directory elsewhere", end_offset, DSR_F_ZIP_END },
	{ "on disk 1", end_disk, DSR_F_ZIP_END },
	{ "no members", no_members, DSR_F_ZIP_NOT_ZIP },
};

static void
finds_what_is_wrong_and_nothing_else(void **state)
{
	(void)state;
	expect_faults(faults, COUNT(faults));
}

/* Nothing that is cut short is accepted, and nothing crashes. */
static void
finds_every_truncation(void **state)
{
	struct dsr_findings *f;
	struct raw_zip z;
	uint8_t *bytes;
	size_t len, cut;

	(void)state;
	raw_zip_init(&z);
	bytes = raw_zip_bytes(&z, &len);
	for (cut = 0; cut < len; cut++) {
		f = judge_zip(bytes, cut);
		if (dsr_findings_count(f, DSR_ERROR) == 0)
			fail_msg("%zu of %zu bytes: accepted", cut, len);
		if (cut >= 4 &&
		    dsr_findings_count_of(f, DSR_F_ZIP_TRUNCATED) == 0)
			fail_msg("%zu of %zu bytes: not seen as cut", cut, len);
		dsr_findings_free(f);
	}
	free(bytes);
}

/* Does bit i belong to a byte of packed content? */
static bool
is_content(const struct raw_zip *z, size_t byte)
{
	const struct raw_member *m;
	size_t from, i;

	for (i = 0; i < z->count; i++) {
		m = &z->members[i];
		from = m->central.offset + 30 + m->local.name_len;
		if (byte >= from && byte < from + m->data_len)
			return true;
	}
	return false;
}

static void
finds_every_flipped_bit_outside_content(void **state)
{
	struct dsr_findings *f;
	struct raw_zip z;
	uint8_t *bytes;
	size_t len, bit;

	(void)state;
	raw_zip_init(&z);
	bytes = raw_zip_bytes(&z, &len);
	for (bit = 0; bit < 8 * len; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		f = judge_zip(bytes, len);
		/* in a deflate stream some bits mean nothing: the seal's */
		if (dsr_findings_count(f, DSR_ERROR) == 0 &&
		    !is_content(&z, bit / 8))
			fail_msg("bit %zu of byte %zu: accepted", bit % 8,
			    bit / 8);
		dsr_findings_free(f);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_wrong_and_nothing_else),
		cmocka_unit_test(finds_every_truncation),
		cmocka_unit_test(finds_every_flipped_bit_outside_content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
