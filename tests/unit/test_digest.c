/* SPDX-License-Identifier: ISC */
/* SHA-256 and HMAC against the vectors of FIPS 180-4 and RFC 4231. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/digest.h"
#include "dossier/text.h"

static void
assert_digest(const uint8_t digest[DSR_SHA256_BYTES], const char *hex)
{
	char text[2 * DSR_SHA256_BYTES + 1];

	dsr_hex_encode(text, digest, DSR_SHA256_BYTES);
	assert_string_equal(text, hex);
}

static void
test_parts_are_one_text(void **state)
{
	static const char abc[] =
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	static const struct dsr_part parts[] = { { "a", 1 }, { NULL, 0 },
		{ "bc", 2 } };
	uint8_t digest[DSR_SHA256_BYTES];

	(void)state;
	dsr_sha256(digest, "abc", 3);
	assert_digest(digest, abc);
	dsr_sha256_parts(digest, parts, 3);
	assert_digest(digest, abc);
	dsr_sha256_parts(digest, NULL, 0);
	assert_digest(digest, "e3b0c44298fc1c149afbf4c8996fb924"
			      "27ae41e4649b934ca495991b7852b855");
}

static void
test_hmac(void **state)
{
	static const struct {
		uint8_t key_byte;
		size_t key_len;
		const char *text;
		const char *hex;
		const char *why;
	} row[] = {
		{ 0x0b, 20, "Hi There",
		    "b0344c61d8db38535ca8afceaf0bf12b"
		    "881dc200c9833da726e9376c2e32cff7", "case 1" },
		{ 0xaa, 131,
		    "Test Using Larger Than Block-Size Key - Hash Key First",
		    "60e431591ee0b67f0d8a26aacbf5b77f"
		    "8e0bc6213728c5140546040f0ee37f54", "case 6" },
		{ 0x00, 0, "",
		    "b613679a0814d9ec772f95d778c35fc5"
		    "ff1697c493715653c6c712144292c5ad", "nothing at all" },
	};
	uint8_t key[131], digest[DSR_SHA256_BYTES];
	struct dsr_part parts[2];
	size_t i, half;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		memset(key, row[i].key_byte, sizeof(key));
		half = strlen(row[i].text) / 2;
		parts[0] = (struct dsr_part){ row[i].text, half };
		parts[1] = (struct dsr_part){ row[i].text + half,
			strlen(row[i].text) - half };
		dsr_hmac_sha256(digest, key, row[i].key_len, parts, 2);
		assert_digest(digest, row[i].hex);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts_are_one_text),
		cmocka_unit_test(test_hmac),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
