/* SPDX-License-Identifier: ISC */
/* Recipients and identities of age: their spelling, and the files of keys. */
#include "dossier/age.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "dossier/limits.h"
#include "../support/raw_age.h"
#include "../support/scratch.h"

static int
start_sodium(void **state)
{
	(void)state;
	return sodium_init() < 0;
}

static enum dsr_code
add_recipients(const char *const *words, size_t count, const char *passphrase)
{
	struct dsr_age_recipients *r = NULL;
	struct dsr_error err;
	int rc = dsr_age_recipients_new(&r, words, count, passphrase, &err);

	assert_int_equal(rc == 0, r != NULL);
	dsr_age_recipients_free(r);
	return rc == 0 ? DSR_OK : err.code;
}

/* The check sums of all but the first group are right. */
static const struct {
	const char *why;
	const char *word;
	enum dsr_code code;
} recipients[] = {
	{ "age's own example", RAW_AGE_RECIPIENT, DSR_OK },
	{ "a letter changed",
	    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwq",
	    DSR_EUSAGE },
	{ "two letters swapped",
	    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnjuwj",
	    DSR_EUSAGE },
	{ "upper case",
	    "AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ",
	    DSR_EUSAGE },
	{ "both cases",
	    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwJ",
	    DSR_EUSAGE },
	{ "a letter that Bech32 does not have",
	    "age1bvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
	    DSR_EUSAGE },
	{ "a byte past ASCII",
	    "age1\xc3\xa9kyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equn"
	    "ujwj", DSR_EUSAGE },
	{ "no separator",
	    "agezvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
	    DSR_EUSAGE },
	{ "cut", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equn",
	    DSR_EUSAGE },
	{ "a space behind it", RAW_AGE_RECIPIENT " ", DSR_EUSAGE },
	{ "nothing", "", DSR_EUSAGE },
	{ "the secret key", RAW_AGE_IDENTITY, DSR_EUSAGE },
	{ "a key of SSH", "ssh-ed25519 AAAA", DSR_EUSAGE },
	{ "bits behind the last byte are set",
	    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73epp9g8nq",
	    DSR_EUSAGE },
	{ "all zero: a point of small order",
	    "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z",
	    DSR_EUSAGE },
};

static void
spelling_of_recipients(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(recipients) / sizeof(recipients[0]); i++)
		if (add_recipients(&recipients[i].word, 1, NULL) !=
		    recipients[i].code)
			fail_msg("%s", recipients[i].why);
}

static void
either_keys_or_a_passphrase(void **state)
{
	static const char *many[DSR_MAX_AGE_STANZAS + 1];
	size_t i;

	(void)state;
	scratch_write("right", "words\n", 6, 0600);
	scratch_write("empty", "\n", 1, 0600);
	scratch_write("loose", "words\n", 6, 0640);
	for (i = 0; i <= DSR_MAX_AGE_STANZAS; i++)
		many[i] = RAW_AGE_RECIPIENT;
	assert_int_equal(add_recipients(NULL, 0, NULL), DSR_EUSAGE);
	assert_int_equal(add_recipients(many, 1, "right"), DSR_EUSAGE);
	assert_int_equal(add_recipients(NULL, 0, "right"), DSR_OK);
	assert_int_equal(add_recipients(NULL, 0, "empty"), DSR_EINPUT);
	assert_int_equal(add_recipients(NULL, 0, "loose"), DSR_EINPUT);
	assert_int_equal(add_recipients(NULL, 0, "none"), DSR_EIO);
	assert_int_equal(add_recipients(many, DSR_MAX_AGE_STANZAS, NULL),
	    DSR_OK);
	assert_int_equal(add_recipients(many, DSR_MAX_AGE_STANZAS + 1, NULL),
	    DSR_ELIMIT);
}

/* clang-format off */
static const struct {
	const char *why;
	const char *text;
	enum dsr_code code;
} identities[] = {
	{ "one", RAW_AGE_IDENTITY "\n", DSR_OK },
	{ "without a line feed", RAW_AGE_IDENTITY, DSR_OK },
	{ "as age-keygen writes it", "# created: 2026-01-01T00:00:00Z\n"
	    "# public key: " RAW_AGE_RECIPIENT "\n" RAW_AGE_IDENTITY "\n",
	    DSR_OK },
	{ "empty lines", "\n\n" RAW_AGE_IDENTITY "\n\n", DSR_OK },
	{ "CRLF", "# one\r\n\r\n" RAW_AGE_IDENTITY "\r\n", DSR_OK },
	{ "two", RAW_AGE_IDENTITY "\n" RAW_AGE_IDENTITY "\n", DSR_OK },
	{ "nothing", "", DSR_EINPUT },
	{ "comments only", "# one\n# two\n", DSR_EINPUT },
	{ "a space before it", " " RAW_AGE_IDENTITY "\n", DSR_EINPUT },
	{ "a space behind it", RAW_AGE_IDENTITY " \n", DSR_EINPUT },
	{ "the public key", RAW_AGE_RECIPIENT "\n", DSR_EINPUT },
	{ "lower case", "age-secret-key-1gfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpy"
	    "ysjzgfpyysjzgfpq4egaex\n", DSR_EINPUT },
	{ "a letter changed", "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYY"
	    "SJZGFPYYSJZGFPYYSJZGFPQ4EGAEZ\n", DSR_EINPUT },
	{ "one that is right, one that is not",
	    RAW_AGE_IDENTITY "\nAGE-PLUGIN-X-1QQQQ\n", DSR_EINPUT },
};
/* clang-format on */

static enum dsr_code
parse_identities(const char *text, size_t len)
{
	struct dsr_age_identities *keys = NULL;
	struct dsr_error err;
	int rc = dsr_age_identities_parse(&keys, text, len, &err);

	assert_int_equal(rc == 0, keys != NULL);
	dsr_age_identities_free(keys);
	/* a message goes to logs: no part of a secret in it */
	if (rc != 0)
		assert_null(strstr(err.msg, "GFPYY"));
	return rc == 0 ? DSR_OK : err.code;
}

static void
files_of_keys(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(identities) / sizeof(identities[0]); i++)
		if (parse_identities(identities[i].text,
			strlen(identities[i].text)) != identities[i].code)
			fail_msg("%s", identities[i].why);
}

static void
number_of_keys(void **state)
{
	static char text[100 * (DSR_MAX_AGE_IDENTITIES + 1)];
	size_t one = strlen(RAW_AGE_IDENTITY "\n"), len = 0;
	unsigned int i;

	(void)state;
	for (i = 0; i <= DSR_MAX_AGE_IDENTITIES; i++) {
		memcpy(text + len, RAW_AGE_IDENTITY "\n", one);
		len += one;
	}
	assert_int_equal(parse_identities(text, len - one), DSR_OK);
	assert_int_equal(parse_identities(text, len), DSR_EINPUT);
}

static enum dsr_code
open_identities(const char *identity_file, const char *passphrase_file)
{
	struct dsr_age_identities *keys = NULL;
	struct dsr_error err;
	int rc = dsr_age_identities_new(&keys, identity_file,
	    passphrase_file, &err);

	assert_int_equal(rc == 0, keys != NULL);
	dsr_age_identities_free(keys);
	return rc == 0 ? DSR_OK : err.code;
}

static void
secret_files(void **state)
{
	size_t len = strlen(RAW_AGE_IDENTITY);

	(void)state;
	scratch_write("key", RAW_AGE_IDENTITY, len, 0600);
	scratch_write("open", RAW_AGE_IDENTITY, len, 0644);
	scratch_write("words", "words\n", 6, 0600);
	scratch_write("nothing", "", 0, 0600);
	assert_int_equal(open_identities("key", NULL), DSR_OK);
	assert_int_equal(open_identities("open", NULL), DSR_EINPUT);
	assert_int_equal(open_identities("words", NULL), DSR_EINPUT);
	assert_int_equal(open_identities("none", NULL), DSR_EIO);
	assert_int_equal(open_identities(".", NULL), DSR_EINPUT);
	assert_int_equal(open_identities(NULL, "words"), DSR_OK);
	assert_int_equal(open_identities(NULL, "nothing"), DSR_EINPUT);
	assert_int_equal(open_identities("key", "words"), DSR_EUSAGE);
	assert_int_equal(open_identities(NULL, NULL), DSR_EUSAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spelling_of_recipients),
		cmocka_unit_test_setup_teardown(either_keys_or_a_passphrase,
		    scratch_enter, scratch_leave),
		cmocka_unit_test(files_of_keys),
		cmocka_unit_test(number_of_keys),
		cmocka_unit_test_setup_teardown(secret_files,
		    scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, start_sodium, NULL);
}
