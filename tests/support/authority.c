/* SPDX-License-Identifier: ISC */
#include "authority.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

static EVP_PKEY *
make_key(const struct authority_rules *rules)
{
	const char *kind = rules->key == NULL ? "P-256" : rules->key;

	if (strcmp(kind, "RSA") == 0)
		return EVP_RSA_gen(rules->bits == 0 ? 2048 : rules->bits);
	return EVP_EC_gen(kind);
}

static void
add_extension(X509 *x509, X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *extension;
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, issuer, x509, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	assert_non_null(extension);
	assert_int_equal(X509_add_ext(x509, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

static void
set_name(X509 *x509, const struct authority *issuer, const char *name)
{
	X509_NAME *subject = X509_get_subject_name(x509);

	assert_int_equal(X509_NAME_add_entry_by_txt(subject, "CN",
	    MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0), 1);
	assert_int_equal(X509_set_issuer_name(x509, issuer == NULL ? subject
	    : X509_get_subject_name(issuer->x509)), 1);
}

void
authority_new(struct authority *out, const struct authority *issuer,
    const struct authority_rules *rules)
{
	time_t from = rules->from != 0 ? rules->from
	    : AUTHORITY_TIME - 10 * AUTHORITY_DAY;
	time_t until = rules->until != 0 ? rules->until
	    : AUTHORITY_TIME + 10 * AUTHORITY_DAY;
	X509 *x509 = X509_new(), *above;
	uint64_t serial;

	assert_non_null(x509);
	assert_int_equal(RAND_bytes((unsigned char *)&serial,
	    sizeof(serial)), 1);
	out->x509 = x509;
	out->key = make_key(rules);
	assert_non_null(out->key);
	above = issuer == NULL ? x509 : issuer->x509;
	assert_int_equal(X509_set_version(x509, 2), 1);
	assert_int_equal(ASN1_INTEGER_set_uint64(
	    X509_get_serialNumber(x509), serial | 1), 1);
	set_name(x509, issuer, rules->name);
	assert_non_null(ASN1_TIME_set(X509_getm_notBefore(x509), from));
	assert_non_null(ASN1_TIME_set(X509_getm_notAfter(x509), until));
	assert_int_equal(X509_set_pubkey(x509, out->key), 1);
	add_extension(x509, above, NID_basic_constraints,
	    rules->is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
	if (rules->usage != NULL)
		add_extension(x509, above, NID_key_usage, rules->usage);
	if (rules->extended != NULL)
		add_extension(x509, above, NID_ext_key_usage,
		    rules->extended);
	assert_true(X509_sign(x509, issuer == NULL ? out->key : issuer->key,
	    EVP_sha256()) > 0);
}

void
authority_free(struct authority *a)
{
	EVP_PKEY_free(a->key);
	X509_free(a->x509);
	memset(a, 0, sizeof(*a));
}

void
authority_list(const struct authority *a, struct dsr_certificates *list)
{
	unsigned char *der = NULL;
	struct dsr_error err;
	int len = i2d_X509(a->x509, &der);

	assert_true(len > 0);
	assert_int_equal(dsr_certificates_add(list, der, (size_t)len, &err),
	    0);
	OPENSSL_free(der);
}

void
authority_trust(const struct authority *a, struct dsr_roots *roots)
{
	struct dsr_certificates *list = NULL;
	struct dsr_error err;

	assert_int_equal(dsr_certificates_new(&list, &err), 0);
	authority_list(a, list);
	assert_int_equal(dsr_roots_add(roots, list, 0, "test.pem", &err), 0);
	dsr_certificates_free(list);
}

static int
sign(void *self, struct dsr_buffer *signature, const void *msg, size_t len,
    struct dsr_error *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char made[DSR_SIGNATURE_MAX];
	size_t size = sizeof(made);

	assert_non_null(ctx);
	assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL,
	    self), 1);
	assert_int_equal(EVP_DigestSign(ctx, made, &size, msg, len), 1);
	EVP_MD_CTX_free(ctx);
	return dsr_buffer_append(signature, made, size, err);
}

void
authority_signer(const struct authority *a, struct dsr_signer *out)
{
	static const struct dsr_signer_ops ops = { .name = "test",
		.sign = sign };

	out->ops = &ops;
	out->self = a->key;
}

void
authority_write_key(const struct authority *a, const char *path,
    unsigned int mode)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long len;

	assert_non_null(bio);
	assert_int_equal(PEM_write_bio_PrivateKey(bio, a->key, NULL, NULL, 0,
	    NULL, NULL), 1);
	len = BIO_get_mem_data(bio, &text);
	scratch_write(path, text, (size_t)len, mode);
	BIO_free(bio);
}

X509_CRL *
authority_revoke(const struct authority *issuer, const struct authority *a,
    time_t when, int reason, time_t issued)
{
	ASN1_ENUMERATED *why = ASN1_ENUMERATED_new();
	ASN1_TIME *at = ASN1_TIME_set(NULL, issued);
	X509_REVOKED *entry = X509_REVOKED_new();
	X509_CRL *list = X509_CRL_new();

	assert_true(why != NULL && at != NULL && entry != NULL &&
	    list != NULL);
	X509_CRL_set_version(list, 1);
	X509_CRL_set_issuer_name(list,
	    X509_get_subject_name(issuer->x509));
	X509_CRL_set1_lastUpdate(list, at);
	ASN1_TIME_set(at, issued + AUTHORITY_DAY);
	X509_CRL_set1_nextUpdate(list, at);
	ASN1_TIME_set(at, when);
	X509_REVOKED_set_revocationDate(entry, at);
	X509_REVOKED_set_serialNumber(entry,
	    X509_get_serialNumber(a->x509));
	ASN1_ENUMERATED_set(why, reason);
	X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, why, 0, 0);
	X509_CRL_add0_revoked(list, entry);
	assert_true(X509_CRL_sign(list, issuer->key, EVP_sha256()) > 0);
	ASN1_ENUMERATED_free(why);
	ASN1_TIME_free(at);
	return list;
}
