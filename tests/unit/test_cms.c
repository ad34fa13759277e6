/* SPDX-License-Identifier: ISC */
/* CMS signatures: one form, and nothing that differs from it in a bit. */
#include "dossier/cms.h"

#include <openssl/cms.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/authority.h"
#include "dossier/limits.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define MESSAGE      "what is signed\n"
#define MESSAGE_LEN  (sizeof(MESSAGE) - 1)

static struct authority root, ec, rsa, other;

static int
make_all(void **state)
{
	(void)state;
	authority_new(&root, NULL, &(struct authority_rules) {
	    .name = "Root", .is_ca = true });
	authority_new(&ec, &root, &(struct authority_rules) { .name = "EC" });
	authority_new(&rsa, &root, &(struct authority_rules) {
	    .name = "RSA", .key = "RSA" });
	authority_new(&other, &root, &(struct authority_rules) {
	    .name = "Other" });
	return 0;
}

static int
free_all(void **state)
{
	(void)state;
	authority_free(&root);
	authority_free(&ec);
	authority_free(&rsa);
	authority_free(&other);
	return 0;
}

/* Signs MESSAGE by who, with the root's certificate beside his own. */
static void
sign(const struct authority *who, struct dsr_buffer *out)
{
	struct dsr_certificates *chain = NULL;
	struct dsr_signer signer;
	struct dsr_error err;

	dsr_buffer_init(out, DSR_MAX_ATTESTATION);
	assert_int_equal(dsr_certificates_new(&chain, &err), 0);
	authority_list(who, chain);
	authority_list(&root, chain);
	authority_signer(who, &signer);
	if (dsr_cms_sign(&signer, chain, AUTHORITY_TIME, MESSAGE, MESSAGE_LEN,
		out, &err) != 0)
		fail_msg("%s", err.msg);
	dsr_certificates_free(chain);
}

static bool
is_accepted(const void *der, size_t len, const char *msg, size_t msg_len)
{
	struct dsr_cms *cms = NULL;
	struct dsr_error err;
	bool good;

	if (dsr_cms_parse(&cms, der, len, &err) != 0) {
		assert_null(cms);
		return false;
	}
	good = dsr_cms_is_valid(cms, msg, msg_len);
	dsr_cms_free(cms);
	return good;
}

static void
signs_by_both_kinds_of_key(void **state)
{
	const struct authority *const who[] = { &ec, &rsa };
	static const char *const subject[] = { "CN=EC", "CN=RSA" };
	char is[DSR_SUBJECT_SIZE];
	struct dsr_cms *cms = NULL;
	struct dsr_buffer der;
	struct dsr_error err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(who); i++) {
		sign(who[i], &der);
		assert_int_equal(dsr_cms_parse(&cms, der.data, der.len, &err),
		    0);
		assert_true(dsr_cms_is_valid(cms, MESSAGE, MESSAGE_LEN));
		assert_false(dsr_cms_is_valid(cms, MESSAGE, MESSAGE_LEN - 1));
		assert_false(dsr_cms_is_valid(cms, "", 0));
		assert_int_equal(dsr_cms_time(cms), AUTHORITY_TIME);
		assert_int_equal(
		    dsr_certificates_count(dsr_cms_certificates(cms)), 2);
		dsr_certificates_subject(dsr_cms_certificates(cms),
		    dsr_cms_signer(cms), is);
		assert_string_equal(is, subject[i]);
		dsr_cms_free(cms);
		dsr_buffer_fini(&der);
	}
}

static void
every_bit_counts(void **state)
{
	struct dsr_buffer der;
	size_t bit;

	(void)state;
	sign(&ec, &der);
	for (bit = 0; bit < 8 * der.len; bit++) {
		der.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (is_accepted(der.data, der.len, MESSAGE, MESSAGE_LEN))
			/* but those of certificates that the verifier
			 * compares with keys/signer.pem */
			assert_true(bit / 8 > 54 && bit / 8 < 54 + 1000);
		der.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (bit = 0; bit < der.len; bit++)
		assert_false(is_accepted(der.data, bit, MESSAGE, MESSAGE_LEN));
	dsr_buffer_fini(&der);
}

/* What OpenSSL makes by other flags than those of the profile. */
static void
other_forms_are_refused(void **state)
{
	static const struct {
		unsigned int flags;
		const char *why;
	} row[] = {
		{ CMS_DETACHED | CMS_BINARY, "another set of attributes" },
		{ CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP,
		    "no ESSCertIDv2" },
		{ CMS_DETACHED | CMS_BINARY | CMS_NOATTR, "no attributes" },
		{ CMS_BINARY | CMS_NOSMIMECAP | CMS_CADES, "not detached" },
		{ CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP | CMS_CADES |
		    CMS_NOCERTS, "no certificate" },
		{ CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP | CMS_CADES |
		    CMS_USE_KEYID, "the signer by its key id" },
	};
	CMS_ContentInfo *cms;
	unsigned char *der;
	BIO *content;
	size_t i;
	int len;

	(void)state;
	for (i = 0; i < COUNT(row); i++) {
		content = BIO_new_mem_buf(MESSAGE, MESSAGE_LEN);
		cms = CMS_sign(ec.x509, ec.key, NULL, content, row[i].flags);
		der = NULL;
		len = cms == NULL ? 0 : i2d_CMS_ContentInfo(cms, &der);
		if (len > 0 && is_accepted(der, (size_t)len, MESSAGE,
				   MESSAGE_LEN))
			fail_msg("row %zu: %s", i, row[i].why);
		OPENSSL_free(der);
		CMS_ContentInfo_free(cms);
		BIO_free(content);
	}
}

static void
one_signer_alone(void **state)
{
	BIO *content = BIO_new_mem_buf(MESSAGE, MESSAGE_LEN);
	const unsigned int flags = CMS_DETACHED | CMS_BINARY |
	    CMS_NOSMIMECAP | CMS_CADES;
	CMS_ContentInfo *cms;
	unsigned char *der = NULL;
	int len;

	(void)state;
	cms = CMS_sign(ec.x509, ec.key, NULL, content, flags | CMS_PARTIAL);
	assert_non_null(cms);
	assert_non_null(CMS_add1_signer(cms, rsa.x509, rsa.key, NULL, flags));
	assert_int_equal(CMS_final(cms, content, NULL, flags), 1);
	len = i2d_CMS_ContentInfo(cms, &der);
	assert_true(len > 0);
	assert_false(is_accepted(der, (size_t)len, MESSAGE, MESSAGE_LEN));
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	BIO_free(content);
}

static void
unsigned_attributes_are_refused(void **state)
{
	struct dsr_buffer der;
	const unsigned char *p;
	CMS_ContentInfo *cms;
	CMS_SignerInfo *si;
	unsigned char *again = NULL;
	int len;

	(void)state;
	sign(&ec, &der);
	p = der.data;
	cms = d2i_CMS_ContentInfo(NULL, &p, (long)der.len);
	assert_non_null(cms);
	si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	assert_int_equal(CMS_unsigned_add1_attr_by_NID(si, NID_description,
	    V_ASN1_OCTET_STRING, "x", 1), 1);
	len = i2d_CMS_ContentInfo(cms, &again);
	assert_true(len > 0);
	assert_false(is_accepted(again, (size_t)len, MESSAGE, MESSAGE_LEN));
	OPENSSL_free(again);
	CMS_ContentInfo_free(cms);
	dsr_buffer_fini(&der);
}

static void
keys_that_may_not_sign(void **state)
{
	static const struct {
		struct authority_rules rules;
		const char *why;
	} row[] = {
		{ { .name = "x", .key = "P-384" }, "P-384" },
		{ { .name = "x", .key = "RSA", .bits = 1024 }, "RSA 1024" },
		{ { .name = "x", .usage = "keyEncipherment" }, "usage" },
		{ { .name = "x", .is_ca = true, .usage = "keyCertSign" },
		    "a CA's usage" },
	};
	struct dsr_certificates *chain;
	struct dsr_signer signer;
	struct authority a;
	struct dsr_buffer out;
	struct dsr_error err;
	size_t i;

	(void)state;
	dsr_buffer_init(&out, DSR_MAX_ATTESTATION);
	for (i = 0; i < COUNT(row); i++) {
		authority_new(&a, &root, &row[i].rules);
		assert_int_equal(dsr_certificates_new(&chain, &err), 0);
		authority_list(&a, chain);
		authority_signer(&a, &signer);
		if (dsr_cms_sign(&signer, chain, 0, "", 0, &out, &err) == 0)
			fail_msg("row %zu: %s", i, row[i].why);
		assert_int_equal(err.code, DSR_EINPUT);
		dsr_certificates_free(chain);
		authority_free(&a);
	}
	assert_int_equal(out.len, 0);
	dsr_buffer_fini(&out);
}

static void
the_key_of_another_certificate(void **state)
{
	struct dsr_certificates *chain = NULL;
	struct dsr_signer signer;
	struct dsr_buffer out;
	struct dsr_error err;

	(void)state;
	dsr_buffer_init(&out, DSR_MAX_ATTESTATION);
	assert_int_equal(dsr_certificates_new(&chain, &err), 0);
	authority_list(&ec, chain);
	authority_signer(&other, &signer);
	assert_int_equal(dsr_cms_sign(&signer, chain, 0, MESSAGE, MESSAGE_LEN,
	    &out, &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
	dsr_certificates_free(chain);
	dsr_buffer_fini(&out);
}

static void
longer_than_an_attestation(void **state)
{
	static uint8_t der[DSR_MAX_ATTESTATION + 1];
	struct dsr_cms *cms = NULL;
	struct dsr_error err;

	(void)state;
	memset(der, 0x30, sizeof(der));
	assert_int_equal(dsr_cms_parse(&cms, der, sizeof(der), &err), -1);
	assert_int_equal(err.code, DSR_ELIMIT);
}

/* ---- keys/signer.pem -------------------------------------------------------- */

static bool
pem_is_accepted(const char *text, size_t len)
{
	struct dsr_certificates *list = NULL;
	struct dsr_error err;
	bool good;

	assert_int_equal(dsr_certificates_new(&list, &err), 0);
	good = dsr_certificates_parse(list, text, len, &err) == 0;
	if (!good)
		assert_int_equal(err.code, DSR_EFORMAT);
	dsr_certificates_free(list);
	return good;
}

static void
pem_has_one_form(void **state)
{
	struct dsr_certificates *list = NULL;
	struct dsr_buffer text;
	struct dsr_error err;
	size_t i;

	(void)state;
	dsr_buffer_init(&text, DSR_MAX_KEY_FILE);
	assert_int_equal(dsr_certificates_new(&list, &err), 0);
	authority_list(&ec, list);
	authority_list(&root, list);
	authority_list(&ec, list); /* again: not added */
	assert_int_equal(dsr_certificates_count(list), 2);
	assert_int_equal(dsr_certificates_write(list, &text, &err), 0);
	assert_true(pem_is_accepted(dsr_buffer_str(&text), text.len));
	assert_false(pem_is_accepted("", 0));
	assert_false(pem_is_accepted(dsr_buffer_str(&text), text.len - 1));
	for (i = 0; i < text.len; i++) {
		uint8_t was = text.data[i];

		text.data[i] = was == '\n' ? ' ' : '\n';
		if (pem_is_accepted(dsr_buffer_str(&text), text.len))
			fail_msg("byte %zu", i);
		text.data[i] = was;
	}
	assert_int_equal(dsr_buffer_puts(&text, "\n", &err), 0);
	assert_false(pem_is_accepted(dsr_buffer_str(&text), text.len));
	dsr_certificates_free(list);
	dsr_buffer_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs_by_both_kinds_of_key),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(other_forms_are_refused),
		cmocka_unit_test(one_signer_alone),
		cmocka_unit_test(unsigned_attributes_are_refused),
		cmocka_unit_test(keys_that_may_not_sign),
		cmocka_unit_test(the_key_of_another_certificate),
		cmocka_unit_test(longer_than_an_attestation),
		cmocka_unit_test(pem_has_one_form),
	};

	return cmocka_run_group_tests(tests, make_all, free_all);
}
