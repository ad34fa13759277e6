/* SPDX-License-Identifier: ISC */
/* Signers: keys in files, and URIs of keys in tokens. */
#include "dossier/signer.h"

#include <openssl/evp.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../../core/pkcs11_uri.h"
#include "../support/authority.h"
#include "../support/scratch.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define MESSAGE      "message"

static struct authority ec;

static int
make_all(void **state)
{
	(void)state;
	authority_new(&ec, NULL, &(struct authority_rules) { .name = "EC" });
	return sodium_init() < 0 ? -1 : 0;
}

static int
free_all(void **state)
{
	(void)state;
	authority_free(&ec);
	return 0;
}

static void
a_file_signs(void **state)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct dsr_buffer signature;
	struct dsr_signer s;
	struct dsr_error err;

	(void)state;
	authority_write_key(&ec, "key.pem", 0600);
	assert_int_equal(dsr_signer_open(&s, "key.pem", NULL, &err), 0);
	assert_string_equal(s.ops->name, "file");
	dsr_buffer_init(&signature, DSR_SIGNATURE_MAX);
	assert_int_equal(dsr_signer_sign(&s, &signature, MESSAGE,
	    strlen(MESSAGE), &err), 0);
	dsr_signer_close(&s);
	assert_null(s.ops);
	assert_int_equal(EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL,
	    ec.key), 1);
	assert_int_equal(EVP_DigestVerify(ctx, signature.data, signature.len,
	    (const unsigned char *)MESSAGE, strlen(MESSAGE)), 1);
	EVP_MD_CTX_free(ctx);
	dsr_buffer_fini(&signature);
}

static void
files_that_are_refused(void **state)
{
	struct dsr_signer s;
	struct dsr_error err;
	unsigned int mode;

	(void)state;
	for (mode = 1; mode <= 077; mode++) {
		authority_write_key(&ec, "open.pem", 0600);
		assert_int_equal(chmod("open.pem", 0600 | mode), 0);
		assert_int_equal(dsr_signer_open(&s, "open.pem", NULL, &err),
		    -1);
		assert_int_equal(err.code, DSR_EINPUT);
	}
	scratch_write("text", "hello\n", 6, 0600);
	assert_int_equal(dsr_signer_open(&s, "text", NULL, &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
	assert_int_equal(dsr_signer_open(&s, "nothing", NULL, &err), -1);
	assert_int_equal(err.code, DSR_EIO);
	assert_int_equal(dsr_signer_open(&s, ".", NULL, &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
}

static void
uris_are_taken_apart(void **state)
{
	static const char uri[] = "pkcs11:token=My%20Token;serial=12;"
	    "object=k%65y;id=%00%ff?module-path=/x.so&pin-source=file:/pin";
	struct dsr_pkcs11_uri u;
	struct dsr_error err;

	(void)state;
	assert_int_equal(dsr_pkcs11_uri_parse(&u, uri, &err), 0);
	assert_string_equal(u.token, "My Token");
	assert_string_equal(u.serial, "12");
	assert_string_equal(u.object, "key");
	assert_int_equal(u.id_len, 2);
	assert_memory_equal(u.id, "\x00\xff", 2);
	assert_string_equal(u.module_path, "/x.so");
	assert_string_equal(u.pin_source, "/pin");
	assert_int_equal(dsr_pkcs11_uri_parse(&u, "pkcs11:object=k", &err), 0);
	assert_string_equal(u.module_path, "");
	assert_int_equal(u.id_len, 0);
}

static void
uris_that_are_refused(void **state)
{
	static const struct {
		const char *uri, *why;
	} row[] = {
		{ "pkcs11:", "it names nothing" },
		{ "pkcs11:?module-path=/x.so", "it names no key" },
		{ "pkcs11:token", "no value" },
		{ "pkcs11:token=a;colour=red", "an attribute that we ignore" },
		{ "pkcs11:module-path=/x.so", "one of the query" },
		{ "pkcs11:token=a?token=b", "one of the path" },
		{ "pkcs11:token=a?pin-value=1", "a PIN for all to see" },
		{ "pkcs11:token=a;pin-value=1", "there, too" },
		{ "pkcs11:token=%4", "half a byte" },
		{ "pkcs11:token=%zz", "no byte" },
	};
	char longest[600] = "pkcs11:token=";
	struct dsr_pkcs11_uri u;
	struct dsr_error err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(row); i++)
		if (dsr_pkcs11_uri_parse(&u, row[i].uri, &err) == 0 ||
		    err.code != DSR_EUSAGE)
			fail_msg("row %zu: %s", i, row[i].why);
	memset(longest + 13, 'a', DSR_PKCS11_WORD - 1);
	assert_int_equal(dsr_pkcs11_uri_parse(&u, longest, &err), 0);
	longest[13 + DSR_PKCS11_WORD - 1] = 'a';
	assert_int_equal(dsr_pkcs11_uri_parse(&u, longest, &err), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_signs, scratch_enter,
		    scratch_leave),
		cmocka_unit_test_setup_teardown(files_that_are_refused,
		    scratch_enter, scratch_leave),
		cmocka_unit_test(uris_are_taken_apart),
		cmocka_unit_test(uris_that_are_refused),
	};

	return cmocka_run_group_tests(tests, make_all, free_all);
}
