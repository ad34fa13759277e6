/* SPDX-License-Identifier: ISC */
/*
 * Headers of files of age: every rule of its specification, broken one at a
 * time in a header that is right otherwise. FORMAT.md 5.5
 */
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

#define VERSION "age-encryption.org/v1\n"
#define MAC     "--- %s\n"
#define STANZA "-> X25519 @S\n@B\n"
#define GREASE "-> grease !~ a/b+c=\n@Z\n@Z\nAAAA\n"

static struct raw_age file;

static int
start_sodium(void **state)
{
	(void)state;
	return sodium_init() < 0;
}

static const struct {
	const char *why;
	const char *header;
	const char *mac;
	enum dsr_code code;
} headers[] = {
	{ "right", VERSION STANZA, MAC, DSR_OK },
	{ "a stanza that others understand", VERSION GREASE STANZA, MAC,
	    DSR_OK },
	{ "behind it, too", VERSION STANZA GREASE, MAC, DSR_OK },
	{ "its body is empty", VERSION "-> g\n\n" STANZA, MAC, DSR_OK },
	{ "its body fills the line: an empty one follows",
	    VERSION "-> g\n@Z\n\n" STANZA, MAC, DSR_OK },
	{ "its name is as ours, in other letters",
	    VERSION "-> x25519 @S x\n@y\n" STANZA, MAC, DSR_OK },
	{ "twice for us, once damaged", VERSION "-> X25519 @S\n@c\n" STANZA,
	    MAC, DSR_OK },
	{ "for others only", VERSION GREASE, MAC, DSR_EKEY },
	{ "the body is another one's", VERSION "-> X25519 @S\n@c\n", MAC,
	    DSR_EKEY },
	{ "no stanza", VERSION, MAC, DSR_EFORMAT },
	{ "nothing", "", "", DSR_EFORMAT },
	{ "version 2", "age-encryption.org/v2\n" STANZA, MAC, DSR_EFORMAT },
	{ "version 10", "age-encryption.org/v10\n" STANZA, MAC, DSR_EFORMAT },
	{ "another name", "age-encryption.com/v1\n" STANZA, MAC,
	    DSR_EFORMAT },
	{ "a space behind the version", "age-encryption.org/v1 \n" STANZA,
	    MAC, DSR_EFORMAT },
	{ "CRLF", "age-encryption.org/v1\r\n-> X25519 @S\r\n@B\r\n",
	    "--- %s\r\n", DSR_EFORMAT },
	{ "CR in a stanza", VERSION "-> X25519 @S\r\n@B\n", MAC,
	    DSR_EFORMAT },
	{ "CR in a body", VERSION "-> X25519 @S\n@B\r\n", MAC, DSR_EFORMAT },
	{ "an empty line", VERSION "\n" STANZA, MAC, DSR_EFORMAT },
	{ "a longer arrow", VERSION "--> X25519 @S\n@B\n", MAC, DSR_EFORMAT },
	{ "no space behind the arrow", VERSION "->X25519 @S\n@B\n", MAC,
	    DSR_EFORMAT },
	{ "a space before it", VERSION " -> X25519 @S\n@B\n", MAC,
	    DSR_EFORMAT },
	{ "no argument", VERSION "-> \n@B\n" STANZA, MAC, DSR_EFORMAT },
	{ "no argument at all", VERSION "->\n@B\n" STANZA, MAC,
	    DSR_EFORMAT },
	{ "an empty argument", VERSION "-> g  h\n\n" STANZA, MAC,
	    DSR_EFORMAT },
	{ "an empty argument at the end", VERSION "-> g \n\n" STANZA, MAC,
	    DSR_EFORMAT },
	{ "a tab in an argument", VERSION "-> g\th\n\n" STANZA, MAC,
	    DSR_EFORMAT },
	{ "a byte past ASCII in an argument",
	    VERSION "-> gr\xc3\xa9\n\n" STANZA, MAC, DSR_EFORMAT },
	{ "DEL in an argument", VERSION "-> g\x7f\n\n" STANZA, MAC,
	    DSR_EFORMAT },
	{ "no body", VERSION "-> g\n" STANZA, MAC, DSR_EFORMAT },
	{ "no short line ends the body", VERSION "-> g\n@Z\n" STANZA, MAC,
	    DSR_EFORMAT },
	{ "two short lines", VERSION "-> g\nAAAA\nAAAA\n" STANZA, MAC,
	    DSR_EFORMAT },
	{ "a line of 65 columns", VERSION "-> g\n@ZA\n\n" STANZA, MAC,
	    DSR_EFORMAT },
	{ "a line of 68 columns", VERSION "-> g\n@ZAAAA\n\n" STANZA, MAC,
	    DSR_EFORMAT },
	{ "a body that is not base64", VERSION "-> g\nA*AA\n" STANZA, MAC,
	    DSR_EFORMAT },
	{ "a body of base64 in its other alphabet",
	    VERSION "-> g\nA-_A\n" STANZA, MAC, DSR_EFORMAT },
	{ "a body of five letters", VERSION "-> g\nAAAAA\n" STANZA, MAC,
	    DSR_EFORMAT },
	{ "a body with unused bits", VERSION "-> g\nAB\n" STANZA, MAC,
	    DSR_EFORMAT },
	{ "a body with padding", VERSION "-> g\nAA==\n" STANZA, MAC,
	    DSR_EFORMAT },
	{ "an X25519 stanza without a share", VERSION "-> X25519\n@B\n", MAC,
	    DSR_EFORMAT },
	{ "with one argument more", VERSION "-> X25519 @S x\n@B\n", MAC,
	    DSR_EFORMAT },
	{ "with three arguments more", VERSION "-> X25519 @S x y z\n@B\n",
	    MAC, DSR_EFORMAT },
	{ "with a long share", VERSION "-> X25519 @x\n@B\n", MAC,
	    DSR_EFORMAT },
	{ "with a short share", VERSION "-> X25519 @P\n@B\n", MAC,
	    DSR_EFORMAT },
	{ "with unused bits in its share", VERSION "-> X25519 @s\n@B\n", MAC,
	    DSR_EFORMAT },
	{ "with padding at its share", VERSION "-> X25519 @S=\n@B\n", MAC,
	    DSR_EFORMAT },
	{ "with a share of small order", VERSION "-> X25519 @z\n@B\n", MAC,
	    DSR_EFORMAT },
	{ "with a long body", VERSION "-> X25519 @S\n@y\n", MAC,
	    DSR_EFORMAT },
	{ "with a long file key", VERSION "-> X25519 @S\n@w\n", MAC,
	    DSR_EFORMAT },
	{ "with a short body", VERSION "-> X25519 @S\nAAAA\n", MAC,
	    DSR_EFORMAT },
	{ "with an empty body", VERSION "-> X25519 @S\n\n", MAC,
	    DSR_EFORMAT },
	{ "with a body of two lines", VERSION "-> X25519 @S\n@Z\n@B\n", MAC,
	    DSR_EFORMAT },
	{ "with unused bits in its body", VERSION "-> X25519 @S\n@b\n", MAC,
	    DSR_EFORMAT },
	{ "wrong, behind one that is right",
	    VERSION STANZA "-> X25519 @S x\n@B\n", MAC, DSR_EFORMAT },
	{ "the MAC is another one",
	    VERSION STANZA, "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
	    DSR_ESIGNATURE },
	{ "the MAC has two spaces", VERSION STANZA, "---  %s\n",
	    DSR_EFORMAT },
	{ "the MAC has no space", VERSION STANZA, "---%s\n", DSR_EFORMAT },
	{ "the MAC has another mark", VERSION STANZA, "---\t%s\n",
	    DSR_EFORMAT },
	{ "a space behind the MAC", VERSION STANZA, "--- %s \n",
	    DSR_EFORMAT },
	{ "padding behind the MAC", VERSION STANZA, "--- %s=\n",
	    DSR_EFORMAT },
	{ "CR behind the MAC", VERSION STANZA, "--- %s\r\n", DSR_EFORMAT },
	{ "a MAC that is cut", VERSION STANZA, "--- AAAA\n", DSR_EFORMAT },
	{ "an empty MAC", VERSION STANZA, "--- \n", DSR_EFORMAT },
	{ "no MAC", VERSION STANZA, "---\n", DSR_EFORMAT },
	{ "a MAC with unused bits", VERSION STANZA,
	    "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n",
	    DSR_EFORMAT },
	{ "a MAC with a byte past ASCII", VERSION STANZA,
	    "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\xc3\xa9\n",
	    DSR_EFORMAT },
	{ "a passphrase", VERSION "-> scrypt @P 10\n@Q\n", MAC, DSR_EKEY },
	{ "a passphrase beside us", VERSION STANZA "-> scrypt @P 10\n@Q\n",
	    MAC, DSR_EFORMAT },
};

static void
rules_of_the_header(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		raw_age_init(&file);
		raw_age_header(&file, headers[i].header);
		raw_age_mac(&file, headers[i].mac);
		raw_age_nonce(&file);
		raw_age_chunk(&file, 9, true);
		raw_age_expect(&file, headers[i].why, headers[i].code, NULL,
		    headers[i].code == DSR_OK ? 9 : 0);
	}
}

static const struct {
	const char *why;
	const char *stanzas;
	enum dsr_code code;
} passphrases[] = {
	{ "right", "-> scrypt @P 10\n@Q\n", DSR_OK },
	{ "another salt", "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 10\n@Q\n",
	    DSR_EKEY },
	{ "another factor", "-> scrypt @P 9\n@Q\n", DSR_EKEY },
	{ "another name", "-> Scrypt @P 10\n@Q\n", DSR_EKEY },
	{ "keys instead", STANZA, DSR_EKEY },
	{ "another recipient beside it", STANZA "-> scrypt @P 10\n@Q\n",
	    DSR_EFORMAT },
	{ "one of an unknown kind", GREASE "-> scrypt @P 10\n@Q\n",
	    DSR_EFORMAT },
	{ "behind it, too", "-> scrypt @P 10\n@Q\n" GREASE, DSR_EFORMAT },
	{ "twice", "-> scrypt @P 10\n@Q\n-> scrypt @P 10\n@Q\n",
	    DSR_EFORMAT },
	{ "no factor", "-> scrypt @P\n@Q\n", DSR_EFORMAT },
	{ "one argument more", "-> scrypt @P 10 x\n@Q\n", DSR_EFORMAT },
	{ "no salt", "-> scrypt 10\n@Q\n", DSR_EFORMAT },
	{ "a long salt", "-> scrypt @S 10\n@Q\n", DSR_EFORMAT },
	{ "a short salt", "-> scrypt AAAA 10\n@Q\n", DSR_EFORMAT },
	{ "unused bits in the salt", "-> scrypt @p 10\n@Q\n", DSR_EFORMAT },
	{ "unused bits in the body", "-> scrypt @P 10\n@q\n", DSR_EFORMAT },
	{ "a long body", "-> scrypt @P 10\n@y\n", DSR_EFORMAT },
	{ "factor 0", "-> scrypt @P 0\n@Q\n", DSR_EFORMAT },
	{ "a leading zero", "-> scrypt @P 010\n@Q\n", DSR_EFORMAT },
	{ "a plus", "-> scrypt @P +10\n@Q\n", DSR_EFORMAT },
	{ "a minus", "-> scrypt @P -10\n@Q\n", DSR_EFORMAT },
	{ "hexadecimal", "-> scrypt @P 0xa\n@Q\n", DSR_EFORMAT },
	{ "garbage behind it", "-> scrypt @P 10x\n@Q\n", DSR_EFORMAT },
	{ "more than this program does", "-> scrypt @P 23\n@Q\n",
	    DSR_ELIMIT },
	{ "more than 64 bits", "-> scrypt @P 18446744073709551626\n@Q\n",
	    DSR_EFORMAT },
};

static void
rules_of_passphrases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(passphrases) / sizeof(passphrases[0]); i++) {
		raw_age_init(&file);
		raw_age_text(&file, VERSION);
		raw_age_header(&file, passphrases[i].stanzas);
		raw_age_mac(&file, MAC);
		raw_age_nonce(&file);
		raw_age_chunk(&file, 9, true);
		raw_age_expect(&file, passphrases[i].why, passphrases[i].code,
		    RAW_AGE_PASSPHRASE, passphrases[i].code == DSR_OK ? 9 : 0);
	}
	raw_age_init(&file);
	raw_age_header(&file, VERSION "-> scrypt @P 10\n@Q\n");
	raw_age_mac(&file, MAC);
	raw_age_nonce(&file);
	raw_age_chunk(&file, 9, true);
	raw_age_expect(&file, "another passphrase", DSR_EKEY, "correct horsf", 0);
}

static void
limits_of_the_header(void **state)
{
	unsigned int i, count;

	(void)state;
	for (count = DSR_MAX_AGE_STANZAS - 1; count <= DSR_MAX_AGE_STANZAS + 1;
	     count++) {
		raw_age_init(&file);
		raw_age_text(&file, VERSION);
		for (i = 0; i + 1 < count; i++)
			raw_age_text(&file, "-> g\n\n");
		raw_age_header(&file, STANZA);
		raw_age_mac(&file, MAC);
		raw_age_nonce(&file);
		raw_age_chunk(&file, 0, true);
		raw_age_expect(&file, "stanzas", count <= DSR_MAX_AGE_STANZAS ? DSR_OK
							       : DSR_ELIMIT,
		    NULL, 0);
	}
	raw_age_init(&file);
	raw_age_text(&file, VERSION "-> g\n");
	for (i = 0; i < sizeof(file.bytes) / 65 - 2; i++)
		raw_age_header(&file, "@Z\n");
	raw_age_text(&file, "\n");
	raw_age_expect(&file, "a header that is cut", DSR_EFORMAT, NULL, 0);
	raw_age_init(&file);
	raw_age_text(&file, VERSION "-> ");
	for (i = 0; i < DSR_MAX_AGE_LINE; i++)
		raw_age_text(&file, "g");
	raw_age_text(&file, "\n\n");
	raw_age_expect(&file, "a long line", DSR_ELIMIT, NULL, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_of_the_header),
		cmocka_unit_test(rules_of_passphrases),
		cmocka_unit_test(limits_of_the_header),
	};

	return cmocka_run_group_tests(tests, start_sodium, NULL);
}
