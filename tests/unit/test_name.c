/* SPDX-License-Identifier: ISC */
/* Names of members: which are safe, and their order. */
#include "dossier/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/limits.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define TEN "0123456789"
#define SIXTY_FOUR TEN TEN TEN TEN TEN TEN "0123"

static void
knows_safe_names(void **state)
{
	static const struct {
		const char *name;
		bool safe;
		const char *why;
	} row[] = {
		{ "data/0001.json", true, "plain" },
		{ "a", true, "one letter" },
		{ "0", true, "one digit" },
		{ "A-b_c.d", true, "every allowed character" },
		{ "a..b", true, "two dots inside are no way up" },
		{ "a-", true, "ends in a hyphen" },
		{ SIXTY_FOUR, true, "a segment of 64" },
		{ SIXTY_FOUR "4", false, "a segment of 65" },
		{ "", false, "empty" },
		{ ".", false, "the folder itself" },
		{ "..", false, "the folder above" },
		{ "a/../b", false, "up in the middle" },
		{ "a/./b", false, "another name for a/b" },
		{ "../a", false, "leaves the archive" },
		{ "/a", false, "absolute" },
		{ "a/", false, "a folder" },
		{ "a//b", false, "an empty segment" },
		{ ".hidden", false, "begins with a dot" },
		{ "-rf", false, "would be an option" },
		{ "_a", false, "begins with an underscore" },
		{ "a.", false, "Windows drops a last dot" },
		{ "a./b", false, "also in a folder" },
		{ "a ", false, "Windows drops a last space" },
		{ "a b", false, "space" },
		{ "a\\b", false, "a separator on Windows" },
		{ "C:", false, "drive" },
		{ "a:b", false, "a stream on Windows" },
		{ "a\nb", false, "newline" },
		{ "a\x1b[2J", false, "escape sequence" },
		{ "a\x7f", false, "DEL" },
		{ "caf\xc3\xa9", false, "not ASCII" },
		{ "=cmd", false, "a formula" },
		{ "a%41", false, "percent" },
		{ "a*", false, "a pattern" },
		{ "nul", false, "device" },
		{ "NUL", false, "device in capitals" },
		{ "nul.txt", false, "device with an extension" },
		{ "nul.tar.gz", false, "device with two" },
		{ "data/aux/x", false, "device as a folder" },
		{ "con", false, "device" },
		{ "Prn.json", false, "device" },
		{ "com1", false, "device" },
		{ "com0.x", false, "device" },
		{ "LPT9", false, "device" },
		{ "com", true, "no device without a digit" },
		{ "com10", true, "no device with two digits" },
		{ "lptx", true, "no device with a letter" },
		{ "null", true, "more than the device" },
		{ "con-1", true, "more than the device" },
		{ "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p", true, "depth 16" },
		{ "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q", false, "depth 17" },
		{ SIXTY_FOUR "/" SIXTY_FOUR "/" TEN, true, "140 bytes" },
		{ SIXTY_FOUR "/" SIXTY_FOUR "/" TEN "0", false, "141 bytes" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(row); i++)
		if (dsr_name_is_safe(row[i].name, strlen(row[i].name)) !=
		    row[i].safe)
			fail_msg("row %zu (%s, %s): want %d", i, row[i].name,
			    row[i].why, row[i].safe);
	assert_false(dsr_name_is_safe("a\0b", 3));
}

static void
knows_archive_names_and_identifiers(void **state)
{
	static const struct {
		const char *text;
		bool archive;
		bool identifier;
		const char *why;
	} row[] = {
		{ "answer-2024", true, true, "plain" },
		{ "", false, false, "empty" },
		{ "a/b", false, false, "more than a segment" },
		{ "a.", false, true, "a last dot harms files alone" },
		{ "con", false, true, "so does a device" },
		{ TEN TEN TEN "01", true, true, "32 bytes" },
		{ TEN TEN TEN "012", false, true, "33 bytes" },
		{ SIXTY_FOUR, false, true, "64 bytes" },
		{ SIXTY_FOUR "4", false, false, "65 bytes" },
		{ "a b", false, false, "space" },
		{ "-", false, false, "stands for no request in a seal" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(row); i++)
		if (dsr_archive_name_is_safe(row[i].text) != row[i].archive ||
		    dsr_identifier_is_safe(row[i].text,
			strlen(row[i].text)) != row[i].identifier)
			fail_msg("row %zu: %s", i, row[i].why);
}

static int
compare(const char *a, const char *b)
{
	return dsr_name_compare(a, strlen(a), b, strlen(b));
}

static void
keeps_one_order(void **state)
{
	/* ascending; no two are equal */
	static const char *const ordered[] = { "a", "a/b", "a/b/c", "a/c",
		"a-b", "a.b", "a0", "A_", "ab", "AC", "b" };
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(ordered); i++)
		for (j = 0; j < COUNT(ordered); j++) {
			int sign = compare(ordered[i], ordered[j]);

			if ((sign > 0) != (i > j) || (sign < 0) != (i < j))
				fail_msg("%s and %s: %d", ordered[i],
				    ordered[j], sign);
		}
	assert_int_equal(compare("A/B", "a/b"), 0);
	assert_int_equal(compare("", ""), 0);
	assert_true(compare("a", "a\xff") < 0);
	assert_true(compare("z", "\xff") < 0); /* bytes are unsigned */
}

static bool
is_parent(const char *a, const char *b)
{
	return dsr_name_is_parent(a, strlen(a), b, strlen(b));
}

static void
finds_file_and_folder_in_one(void **state)
{
	(void)state;
	assert_true(is_parent("a", "a/b"));
	assert_true(is_parent("a/B", "A/b/c/d"));
	assert_false(is_parent("a", "a"));
	assert_false(is_parent("a", "ab"));
	assert_false(is_parent("a", "a-b/c"));
	assert_false(is_parent("a/b", "a/c/b"));
	assert_false(is_parent("ab", "a/b"));
}

static void
gives_extensions(void **state)
{
	static const struct {
		const char *path;
		const char *extension;
		const char *why;
	} row[] = {
		{ "a.json", "json", "plain" },
		{ "a.JSON", "json", "lower case" },
		{ "a.tar.gz", "gz", "the last" },
		{ "a.12345678", "12345678", "eight" },
		{ "a.123456789", "bin", "nine" },
		{ "a", "bin", "none" },
		{ "a.", "bin", "nothing behind the dot" },
		{ "a.b/c", "bin", "the folder's does not count" },
		{ "a.b/c.d", "d", "the file's does" },
		{ "a.\xc3\xa9", "bin", "not ASCII" },
		{ "a.j-s", "bin", "neither letter nor digit" },
		{ "", "bin", "nothing at all" },
	};
	char out[DSR_EXTENSION_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(row); i++) {
		dsr_name_extension(out, row[i].path, strlen(row[i].path));
		if (strcmp(out, row[i].extension) != 0)
			fail_msg("row %zu (%s): %s", i, row[i].why, out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_safe_names),
		cmocka_unit_test(knows_archive_names_and_identifiers),
		cmocka_unit_test(keeps_one_order),
		cmocka_unit_test(finds_file_and_folder_in_one),
		cmocka_unit_test(gives_extensions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
