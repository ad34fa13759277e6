/* SPDX-License-Identifier: ISC */
/* Armored files of age: what is around the base64, and its lines. */
#include "dossier/age.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/limits.h"
#include "../support/raw_age.h"

#define BEGIN "-----BEGIN AGE ENCRYPTED FILE-----\n"
#define END   "-----END AGE ENCRYPTED FILE-----\n"

static struct raw_age file;

static int
start_sodium(void **state)
{
	(void)state;
	return sodium_init() < 0;
}

/* The file in base64 with padding, in lines of the given columns. */
static void
armor(size_t columns, const char *line_end)
{
	static char text[300000];
	static struct raw_age armored;
	size_t i, n;

	sodium_bin2base64(text, sizeof(text), file.bytes, file.len,
	    sodium_base64_VARIANT_ORIGINAL);
	raw_age_init(&armored);
	for (i = 0; i < strlen(text); i += n) {
		n = strlen(text) - i < columns ? strlen(text) - i : columns;
		raw_age_put(&armored, text + i, n);
		raw_age_text(&armored, line_end);
	}
	file = armored;
}

static const struct {
	const char *why;
	const char *before;
	const char *line_end;
	const char *after;
	size_t columns;
	size_t len; /* of the plaintext: 40 makes the last line a full one */
	enum dsr_code code;
} armors[] = {
	{ "right", BEGIN, "\n", END, 64, 5, DSR_OK },
	{ "a full last line", BEGIN, "\n", END, 64, 40, DSR_OK },
	{ "long", BEGIN, "\n", END, 64, 65536, DSR_OK },
	{ "CRLF", "-----BEGIN AGE ENCRYPTED FILE-----\r\n", "\r\n",
	    "-----END AGE ENCRYPTED FILE-----\r\n", 64, 5, DSR_OK },
	{ "no line feed at the end", BEGIN, "\n",
	    "-----END AGE ENCRYPTED FILE-----", 64, 5, DSR_OK },
	{ "white space outside", "\n\r   \t\n" BEGIN, "\n",
	    END "\n\r   \t\n", 64, 5, DSR_OK },
	{ "an empty line inside, at the beginning", BEGIN "\n", "\n", END,
	    64, 5, DSR_EFORMAT },
	{ "at the end", BEGIN, "\n", "\n" END, 64, 5, DSR_EFORMAT },
	{ "at the end, the last line being full", BEGIN, "\n", "\n" END, 64,
	    40, DSR_EFORMAT },
	{ "nothing inside", BEGIN END, "\n", "", 64, 5, DSR_EFORMAT },
	{ "shorter lines", BEGIN, "\n", END, 60, 5, DSR_EFORMAT },
	{ "longer lines", BEGIN, "\n", END, 68, 5, DSR_EFORMAT },
	{ "white space at the end of lines", BEGIN, " \n", END, 64, 5,
	    DSR_EFORMAT },
	{ "and two CR", BEGIN, "\r\r\n", END, 64, 5, DSR_EFORMAT },
	{ "a space before the first line", BEGIN " ", "\n", END, 64, 5,
	    DSR_EFORMAT },
	{ "a space before the mark", " " BEGIN, "\n", END, 64, 5,
	    DSR_EFORMAT },
	{ "a space behind the mark",
	    "-----BEGIN AGE ENCRYPTED FILE----- \n", "\n", END, 64, 5,
	    DSR_EFORMAT },
	{ "a space before the last mark", BEGIN, "\n", " " END, 64, 5,
	    DSR_EFORMAT },
	{ "no last mark", BEGIN, "\n", "", 64, 5, DSR_EFORMAT },
	{ "no last mark, the last line being full", BEGIN, "\n", "", 64, 40,
	    DSR_EFORMAT },
	{ "another mark", "-----BEGIN AGE ENCRYPTED MESSAGE-----\n", "\n",
	    "-----END AGE ENCRYPTED MESSAGE-----\n", 64, 5, DSR_EFORMAT },
	{ "a mark in small letters", "-----begin age encrypted file-----\n",
	    "\n", "-----end age encrypted file-----\n", 64, 5, DSR_EFORMAT },
	{ "headers as PEM had them", BEGIN "Comment: hello\n\n", "\n", END,
	    64, 5, DSR_EFORMAT },
	{ "a check sum as PGP has it", BEGIN, "\n", "=AAAA\n" END, 64, 5,
	    DSR_EFORMAT },
	{ "a byte that is not base64", BEGIN "*", "\n", END, 64, 5,
	    DSR_EFORMAT },
	{ "something before it", "hello\n" BEGIN, "\n", END, 64, 5,
	    DSR_EFORMAT },
	{ "something behind it", BEGIN, "\n", END "hello\n", 64, 5,
	    DSR_EFORMAT },
	{ "another one behind it", BEGIN, "\n", END BEGIN END, 64, 5,
	    DSR_EFORMAT },
};

static void
rules_of_armor(void **state)
{
	static struct raw_age whole;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(armors) / sizeof(armors[0]); i++) {
		raw_age_make(&file, armors[i].len);
		if (armors[i].len == 40) /* the row says so */
			assert_int_equal(file.len % 48, 0);
		armor(armors[i].columns, armors[i].line_end);
		raw_age_init(&whole);
		raw_age_text(&whole, armors[i].before);
		raw_age_put(&whole, file.bytes, file.len);
		raw_age_text(&whole, armors[i].after);
		file = whole;
		/* what stands behind is seen before the last bytes come out */
		raw_age_expect(&file, armors[i].why, armors[i].code, NULL,
		    armors[i].code == DSR_OK ? armors[i].len : 0);
	}
}

/* The file with so many line feeds before it and behind it. */
static void
surround(size_t before, size_t behind)
{
	static struct raw_age whole;

	raw_age_make(&file, 5);
	armor(64, "\n");
	raw_age_init(&whole);
	while (before-- > 0)
		raw_age_text(&whole, "\n");
	raw_age_text(&whole, BEGIN);
	raw_age_put(&whole, file.bytes, file.len);
	raw_age_text(&whole, END);
	while (behind-- > 0)
		raw_age_text(&whole, "\n");
	file = whole;
}

static void
white_space_has_an_end(void **state)
{
	size_t n;
	bool good;

	(void)state;
	for (n = DSR_MAX_AGE_BLANK - 1; n <= DSR_MAX_AGE_BLANK + 1; n++) {
		good = n <= DSR_MAX_AGE_BLANK;
		surround(n, 0);
		raw_age_expect(&file, "before it", good ? DSR_OK : DSR_ELIMIT,
		    NULL, good ? 5 : 0);
		surround(0, n);
		raw_age_expect(&file, "behind it", good ? DSR_OK : DSR_EFORMAT,
		    NULL, good ? 5 : 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_of_armor),
		cmocka_unit_test(white_space_has_an_end),
	};

	return cmocka_run_group_tests(tests, start_sodium, NULL);
}
