/* SPDX-License-Identifier: ISC */
/* Public keys in minisign's format: one form, sound points only. */
#include "dossier/minisign.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/text.h"

/* clang-format off */
/* Made with minisign and checked by it: seed 00..1f, key id 0102..08. */
#define COMMENT "untrusted comment: minisign public key 0807060504030201\n"
#define BASE64  "RWQBAgMEBQYHCAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define PUBLIC  COMMENT BASE64 "\n"
/* clang-format on */

static int
start_sodium(void **state)
{
	(void)state;
	return sodium_init() < 0;
}

static void
reads_the_known_public_key(void **state)
{
	static const char *const text[] = { PUBLIC, COMMENT BASE64,
		"untrusted comment: \n" BASE64 "\n",
		"untrusted comment: Stefanie M\xc3\xbcller, DPO\n" BASE64
		"\n" };
	struct dsr_public_key key;
	struct dsr_buffer again;
	struct dsr_error err;
	char hex[65], id[DSR_KEY_ID_HEX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		assert_int_equal(dsr_public_key_parse(&key, text[i],
				     strlen(text[i]), &err), 0);
		dsr_hex_encode(hex, key.key, sizeof(key.key));
		assert_string_equal(hex, "03a107bff3ce10be1d70dd18e74bc09967e4"
		    "d6309ba50d5f1ddc8664125531b8");
		dsr_key_id_text(id, key.id);
		assert_string_equal(id, "0807060504030201");
		dsr_buffer_init(&again, 1024);
		assert_int_equal(dsr_public_key_write(&key, &again, &err), 0);
		assert_string_equal(dsr_buffer_str(&again), PUBLIC);
		dsr_buffer_fini(&again);
	}
	dsr_key_fingerprint(hex, key.key);
	assert_string_equal(hex,
	    "56475aa75463474c0285df5dbf2bcab73da651358839e9b77481b2eab107708c");
}

static void
refuses_other_public_keys(void **state)
{
	static const struct {
		const char *text, *why;
	} row[] = {
		{ "", "empty" },
		{ COMMENT, "one line" },
		{ BASE64 "\n", "no comment" },
		{ "\n" PUBLIC, "an empty line before" },
		{ PUBLIC "\n", "an empty line behind" },
		{ PUBLIC PUBLIC, "two keys" },
		{ PUBLIC "x", "a third line" },
		{ "trusted comment: x\n" BASE64 "\n", "another prefix" },
		{ "untrusted comment: x\r\n" BASE64 "\r\n", "CRLF" },
		{ COMMENT BASE64 "\r\n", "one CR" },
		{ COMMENT " " BASE64 "\n", "a space before" },
		{ COMMENT BASE64 " \n", "a space behind" },
		{ COMMENT BASE64 "=\n", "padding where none belongs" },
		{ COMMENT "RWQBAgMEBQYHCAOhB7\xbfzzhC+HXDdGOdLwJln5NYwm6UNXx3ch"
		    "mQSVTG4\n", "libsodium 1.0.18 takes this for a '/'" },
		{ "untrusted comment: \x1b[2J\n" BASE64 "\n", "an escape" },
		{ "untrusted comment: \xe2\x80\xae\n" BASE64 "\n", "bidi" },
		{ "untrusted comment: \xff\n" BASE64 "\n", "not UTF-8" },
		{ COMMENT "RUQBAgMEBQYHCAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQ"
		    "SVTG4\n", "algorithm ED" },
		{ COMMENT "RWQBAgMEBQYHCAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQ"
		    "SVTE=\n", "a byte less" },
		{ COMMENT "RWQBAgMEBQYHCAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQ"
		    "SVTG4AA==\n", "a byte more" },
		{ COMMENT "RUQBAgMEBQYHCJW9EkMWxs6buKMtyf9iQstZnl/JVX6bcNnk6YH"
		    "UtSNV2t+uis8Y6wBHAirrTCY2AaaAft2KdItK60I8DOSfeAk=\n",
		    "a signature" },
		{ "untrusted comment: minisign encrypted secret key\n"
		  "RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		  "AAAAAAAAAAAAAAAAK3i+nEgTySJiheCT+/d+kNuz7MugphJ7GTrNC8v/LS8y"
		  "CwwSHm9LNGAPENKHKbwu93EFphbAm/b2VnQ+ALAp33sHbX00pkiJAAAAAAAA"
		  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "a secret key" },
		{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJ"
		  "ln5NYwm6UNXx3chmQSVTG4 x\n", "a key of ssh" },
	};
	struct dsr_public_key key;
	struct dsr_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		if (dsr_public_key_parse(&key, row[i].text,
			strlen(row[i].text), &err) == 0)
			fail_msg("accepted: %s", row[i].why);
		assert_int_equal(err.code, DSR_EINPUT);
	}
}

/* Keys under which anybody can make signatures, or that have two forms. */
static void
refuses_unsound_points(void **state)
{
	static const struct {
		const char *point, *why;
	} row[] = {
		{ "0100000000000000000000000000000000000000000000000000000000"
		  "000000", "the identity" },
		{ "0100000000000000000000000000000000000000000000000000000000"
		  "000080", "the identity, sign set" },
		{ "0000000000000000000000000000000000000000000000000000000000"
		  "000000", "order 4" },
		{ "0000000000000000000000000000000000000000000000000000000000"
		  "000080", "order 4, the other" },
		{ "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		  "ffff7f", "order 2" },
		{ "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		  "ffffff", "order 2, sign set" },
		{ "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d"
		  "53fc05", "order 8" },
		{ "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d"
		  "53fc85", "order 8, the other" },
		{ "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792"
		  "ac037a", "order 8, the third" },
		{ "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792"
		  "ac03fa", "order 8, the fourth" },
		{ "edffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		  "ffff7f", "zero written as p" },
		{ "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		  "ffff7f", "one written as p + 1" },
		{ "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		  "ffff7f", "three written as p + 3" },
		{ "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		  "ffffff", "all ones" },
		{ "0200000000000000000000000000000000000000000000000000000000"
		  "000000", "not on the curve" },
		{ "ea5ef8400c31ef41e28f22e718b43f66981b29cf645af2a0e223799bedaace47",
		    "outside the main subgroup" },
	};
	struct dsr_public_key key, read;
	struct dsr_buffer text;
	struct dsr_error err;
	size_t i;

	(void)state;
	memset(key.id, 1, sizeof(key.id));
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		assert_true(dsr_hex_decode(key.key, 32, row[i].point, 64));
		dsr_buffer_init(&text, 1024);
		assert_int_equal(dsr_public_key_write(&key, &text, &err), 0);
		if (dsr_public_key_parse(&read, text.data, text.len, &err) ==
		    0)
			fail_msg("accepted: %s", row[i].why);
		assert_int_equal(err.code, DSR_EINPUT);
		dsr_buffer_fini(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_known_public_key),
		cmocka_unit_test(refuses_other_public_keys),
		cmocka_unit_test(refuses_unsound_points),
	};

	return cmocka_run_group_tests(tests, start_sodium, NULL);
}
