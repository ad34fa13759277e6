/* SPDX-License-Identifier: ISC */
/* What verify --bag is made of: paths, normal forms, tag files as lines. */
#include "../../verifier/bag_normal.h"
#include "../../verifier/bag_path.h"
#include "../../verifier/bag_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/raw_zip.h"
#include "dossier/limits.h"
#include "dossier/text.h"

/* ---- paths ------------------------------------------------------------------------ */

static void
knows_unsafe_paths(void **state)
{
	static const struct {
		const char *path;
		bool unsafe;
		const char *why;
	} row[] = {
		{ "data/a", false, "plain" },
		{ "data/...", false, "three dots are a name" },
		{ "data/..a", false, "begins with dots" },
		{ "data/a..", false, "ends with dots" },
		{ "data/~", false, "a home only at the start" },
		{ "data/c:", false, "a drive only at the start" },
		{ "", true, "empty" },
		{ "/a", true, "absolute" },
		{ "\\a", true, "absolute on Windows" },
		{ "\\\\?\\C:\\a", true, "a device path" },
		{ "~", true, "home" },
		{ "~user/a", true, "home of somebody" },
		{ "C:a", true, "a drive" },
		{ "z:/a", true, "a drive" },
		{ "..", true, "up" },
		{ "../a", true, "up" },
		{ "a/..", true, "up, at the end" },
		{ "a/../b", true, "up, in the middle" },
		{ "a\\..\\b", true, "up on Windows" },
		{ "a/.. /b", true, "Windows does not see the blank" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		if (bag_path_is_unsafe(row[i].path) != row[i].unsafe)
			fail_msg("%s (%s): want %d", row[i].path, row[i].why,
			    row[i].unsafe);
}

static void
knows_what_windows_has(void **state)
{
	static const struct {
		const char *path;
		bool portable;
	} row[] = {
		{ "data/a b.txt", true }, { "data/com0", true },
		{ "data/com10", true }, { "data/console", true },
		{ "data/lpt", true }, { "data/a.con", true },
		{ "data/.hidden", true }, { "data/con", false },
		{ "data/CON.txt", false }, { "nul/a", false },
		{ "data/Com1.tar.gz", false }, { "data/lpt9", false },
		{ "data/a.", false }, { "data/a ", false },
		{ "data/a:b", false }, { "data/a\\b", false },
		{ "data/\"a\"", false }, { "data/<", false },
		{ "data/a|b", false }, { "data/*", false },
		{ "data/?", false }, { "data/a\tb", false },
	};
	char name[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		if (bag_path_is_portable(row[i].path) != row[i].portable)
			fail_msg("%s: want %d", row[i].path, row[i].portable);
	memset(name, 'a', sizeof(name));
	name[255] = '\0';
	assert_true(bag_path_is_portable(name));
	name[255] = 'a';
	name[256] = '\0';
	assert_false(bag_path_is_portable(name));
}

static void
shortens_paths(void **state)
{
	static const char *const row[][2] = {
		{ "data/a", "data/a" }, { "./data/a", "data/a" },
		{ "././data/./a", "data/a" }, { "data//a", "data/a" },
		{ "data/a/", "data/a/" }, { "data/.a", "data/.a" },
		{ "data/.", "data/." }, { ".", "." }, { "./", "" },
	};
	char path[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s", row[i][0]);
		assert_int_equal(bag_path_shorten(path),
		    strcmp(row[i][0], row[i][1]) != 0);
		assert_string_equal(path, row[i][1]);
	}
}

static void
decodes_percents(void **state)
{
	static const struct {
		const char *written, *means;
		bool left;
	} row[] = {
		{ "a", "a", false }, { "a%0Ab", "a\nb", false },
		{ "%0a%0d%25", "\n\r%", false }, { "%250A", "%0A", false },
		{ "%", "%", true }, { "%2", "%2", true },
		{ "%41", "%41", true }, { "100%25%", "100%%", true },
	};
	char path[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s", row[i].written);
		assert_int_equal(bag_path_decode(path), row[i].left);
		assert_string_equal(path, row[i].means);
	}
}

/* ---- normal forms -------------------------------------------------------------------- */

static void
normalizes(void **state)
{
	static const struct {
		const char *text, *normal, *folded, *why;
	} row[] = {
		{ "plain A", "plain A", "plain a", "ASCII" },
		{ "\u00e9", "e\u0301", "e\u0301", "one mark" },
		{ "\u00c9", "E\u0301", "e\u0301", "a capital" },
		{ "\u1ed7", "o\u0302\u0303", "o\u0302\u0303", "two marks" },
		{ "o\u0323\u0302", "o\u0323\u0302", "o\u0323\u0302",
		    "marks in order" },
		{ "o\u0302\u0323", "o\u0323\u0302", "o\u0323\u0302",
		    "marks out of order" },
		{ "\u212b", "A\u030a", "a\u030a", "a singleton, twice" },
		{ "\uac00", "\u1100\u1161", "\u1100\u1161", "Hangul" },
		{ "\ud4db", "\u1111\u1171\u11b6", "\u1111\u1171\u11b6",
		    "Hangul with a tail" },
		{ "\u0416\u0411", "\u0416\u0411", "\u0436\u0431",
		    "Cyrillic" },
		{ "\u03a9", "\u03a9", "\u03c9", "Greek" },
		{ "\xff\xc3", "\xff\xc3", "\xff\xc3", "not UTF-8" },
		{ "e\xff\u0301", "e\xff\u0301", "e\xff\u0301",
		    "bytes between" },
	};
	struct dsr_buffer out;
	struct dsr_error err;
	size_t i;

	(void)state;
	dsr_buffer_init(&out, 65536);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		const char *s = row[i].text;

		dsr_buffer_reset(&out);
		assert_int_equal(bag_normalize(&out, s, strlen(s), &err), 0);
		if (strcmp(dsr_buffer_str(&out), row[i].normal) != 0)
			fail_msg("%s: normal", row[i].why);
		dsr_buffer_reset(&out);
		assert_int_equal(bag_fold(&out, s, strlen(s), &err), 0);
		if (strcmp(dsr_buffer_str(&out), row[i].folded) != 0)
			fail_msg("%s: folded", row[i].why);
	}
	dsr_buffer_fini(&out);
}

/* More marks than are put in order: none is lost. */
static void
keeps_many_marks(void **state)
{
	struct dsr_buffer in, out;
	struct dsr_error err;
	int i;

	(void)state;
	dsr_buffer_init(&in, 65536);
	dsr_buffer_init(&out, 65536);
	for (i = 0; i < 500; i++)
		assert_int_equal(dsr_buffer_puts(&in,
				     i % 2 == 0 ? "\u0301" : "\u0323", &err),
		    0);
	assert_int_equal(bag_normalize(&out, dsr_buffer_str(&in), in.len,
			     &err),
	    0);
	assert_int_equal(out.len, in.len);
	dsr_buffer_fini(&in);
	dsr_buffer_fini(&out);
}

/* ---- lines ---------------------------------------------------------------------------- */

struct lines {
	char *text; /* each line, then '|' */
	bool has_mark;
	uint64_t ill_formed, too_long;
};

static void
read_lines(struct lines *l, const char *encoding, const void *data,
    size_t len)
{
	int fd = memory_file(data, len), more;
	struct dsr_buffer all;
	struct dsr_error err;
	struct bag_text t;

	dsr_buffer_init(&all, 1048576);
	bag_text_init(&t, fd, bag_encoding_find(encoding));
	while ((more = bag_text_line(&t, &err)) == 1) {
		assert_int_equal(dsr_buffer_puts(&all,
				     dsr_buffer_str(&t.line), &err),
		    0);
		assert_int_equal(dsr_buffer_putc(&all, '|', &err), 0);
	}
	assert_int_equal(more, 0);
	l->text = strdup(dsr_buffer_str(&all));
	assert_non_null(l->text);
	l->has_mark = t.has_mark;
	l->ill_formed = t.ill_formed;
	l->too_long = t.too_long;
	bag_text_fini(&t);
	dsr_buffer_fini(&all);
	(void)close(fd);
}

static void
reads_lines(void **state)
{
#define BYTES(s) s, sizeof(s) - 1
	static const struct {
		const char *encoding, *data;
		size_t len;
		const char *text;
		uint64_t ill_formed;
		bool mark;
		const char *why;
	} row[] = {
		{ "UTF-8", BYTES(""), "", 0, false, "nothing" },
		{ "UTF-8", BYTES("\n"), "|", 0, false, "an empty line" },
		{ "UTF-8", BYTES("a\nb\n"), "a|b|", 0, false, "LF" },
		{ "UTF-8", BYTES("a\rb\r"), "a|b|", 0, false, "CR" },
		{ "UTF-8", BYTES("a\r\nb\r\n"), "a|b|", 0, false, "CR LF" },
		{ "UTF-8", BYTES("a\r\rb\n\nc"), "a||b||c|", 0, false,
		    "empty lines, no end" },
		{ "UTF-8", BYTES("a\n\rb"), "a||b|", 0, false, "LF CR" },
		{ "utf-8", BYTES("\xef\xbb\xbf" "a\n"), "a|", 0, true,
		    "a mark" },
		{ "UTF-8", BYTES("a\nb\xff\n\xc3"), "a|b\ufffd|\ufffd|", 2,
		    false, "ill-formed" },
		{ "US-ASCII", BYTES("a\x80\n"), "a\ufffd|", 1, false,
		    "past ASCII" },
		{ "ISO-8859-1", BYTES("\xe9\xff\x80\n"), "\u00e9\u00ff\xc2\x80|",
		    0, false, "every byte is a character" },
		{ "windows-1252", BYTES("\x80\xe9\x81\n"),
		    "\u20ac\u00e9\ufffd|", 1, false, "but there five" },
		{ "UTF-16", BYTES("\xfe\xff\0a\0\n"), "a|", 0, true,
		    "big endian" },
		{ "UTF-16", BYTES("\xff\xfe" "a\0\n\0"), "a|", 0, true,
		    "little endian" },
		{ "UTF-16", BYTES("\0a\0\n"), "a|", 0, false, "no mark" },
		{ "UTF-16LE", BYTES("a\0\r\0\n\0b\0"), "a|b|", 0, false,
		    "of known order" },
		{ "UTF-16BE", BYTES("\xd8\x3d\xde\x00\0\n"), "\U0001f600|", 0,
		    false, "a pair" },
		{ "UTF-16BE", BYTES("\xd8\x3d\0\n"), "\ufffd|", 1, false,
		    "half of one" },
		{ "UTF-16BE", BYTES("\xde\x00\0\n"), "\ufffd|", 1, false,
		    "the other half" },
		{ "UTF-16BE", BYTES("\0a\0"), "a\ufffd|", 1, false,
		    "an odd byte at the end" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct lines l;

		read_lines(&l, row[i].encoding, row[i].data, row[i].len);
		if (strcmp(l.text, row[i].text) != 0 ||
		    l.ill_formed != row[i].ill_formed ||
		    l.has_mark != row[i].mark)
			fail_msg("%s, %s: %s", row[i].encoding, row[i].why,
			    l.text);
		free(l.text);
	}
	assert_null(bag_encoding_find("EBCDIC-US"));
	assert_null(bag_encoding_find(""));
}

/* Characters and line ends that lie across two reads. */
static void
reads_across_pieces(void **state)
{
	enum { PIECE = 65536 };
	static char data[PIECE + 16];
	struct lines l;
	size_t at;

	(void)state;
	for (at = PIECE - 6; at < PIECE + 2; at++) {
		size_t i;

		for (i = 0; i < at; i++)
			data[i] = i % 100 == 99 ? '\n' : 'x';
		memcpy(data + at, "\u20ac\r\n\u20ac", 8);
		read_lines(&l, "UTF-8", data, at + 8);
		assert_int_equal(l.ill_formed, 0);
		assert_string_equal(l.text + strlen(l.text) - 8,
		    "\u20ac|\u20ac|");
		free(l.text);
	}
}

static void
bounds_lines(void **state)
{
	enum { MOST = DSR_MAX_BAG_LINE };
	char *data = malloc(MOST + 2);
	struct lines l;

	(void)state;
	assert_non_null(data);
	memset(data, 'x', MOST + 2);
	data[MOST] = '\n';
	read_lines(&l, "UTF-8", data, MOST + 1);
	assert_int_equal(l.too_long, 0);
	assert_int_equal(strlen(l.text), MOST + 1);
	free(l.text);
	data[MOST] = 'x';
	data[MOST + 1] = '\n';
	read_lines(&l, "UTF-8", data, MOST + 2);
	assert_int_equal(l.too_long, 1);
	assert_int_equal(strlen(l.text), MOST + 1);
	free(l.text);
	free(data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_unsafe_paths),
		cmocka_unit_test(knows_what_windows_has),
		cmocka_unit_test(shortens_paths),
		cmocka_unit_test(decodes_percents),
		cmocka_unit_test(normalizes),
		cmocka_unit_test(keeps_many_marks),
		cmocka_unit_test(reads_lines),
		cmocka_unit_test(reads_across_pieces),
		cmocka_unit_test(bounds_lines),
	};

	return cmocka_run_group_tests_name("bag parts", tests, NULL, NULL);
}
