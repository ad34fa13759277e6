/* SPDX-License-Identifier: ISC */
#include "certificate.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/text.h"

struct certificate {
	uint8_t *der;
	size_t len;
	X509 *x509;
	struct dsr_der issuer; /* point into der */
	struct dsr_der serial;
};

struct dsr_certificates {
	struct certificate one[DSR_MAX_CERTIFICATES];
	size_t count;
};

int
dsr_certificates_new(struct dsr_certificates **out, struct dsr_error *err)
{
	*out = calloc(1, sizeof(**out));
	return *out != NULL ? 0 : dsr_fail(err, DSR_ENOMEM, "certificates");
}

static void
certificate_fini(struct certificate *c)
{
	X509_free(c->x509);
	free(c->der);
	memset(c, 0, sizeof(*c));
}

void
dsr_certificates_free(struct dsr_certificates *list)
{
	size_t i;

	if (list == NULL)
		return;
	for (i = 0; i < list->count; i++)
		certificate_fini(&list->one[i]);
	free(list);
}

static bool
holds(const struct dsr_certificates *list, const struct certificate *c)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (list->one[i].len == c->len &&
		    memcmp(list->one[i].der, c->der, c->len) == 0)
			return true;
	return false;
}

/* RFC 5280 4.1: serial and issuer of the part that is signed. */
static bool
find_issuer(struct certificate *c)
{
	struct dsr_der in = { c->der, c->len }, outer, inner, skipped;

	if (!dsr_der_take(&in, DSR_DER_SEQUENCE, &outer) ||
	    !dsr_der_take(&outer, DSR_DER_SEQUENCE, &inner))
		return false;
	(void)dsr_der_take(&inner, DSR_DER_CONTEXT(0), &skipped); /* version */
	if (!dsr_der_is_next(&inner, DSR_DER_INTEGER))
		return false;
	return dsr_der_take_element(&inner, &c->serial) &&
	    dsr_der_take(&inner, DSR_DER_SEQUENCE, &skipped) &&
	    dsr_der_is_next(&inner, DSR_DER_SEQUENCE) &&
	    dsr_der_take_element(&inner, &c->issuer);
}

int
dsr_certificates_add(struct dsr_certificates *list, const void *der,
    size_t len, struct dsr_error *err)
{
	struct certificate *c = &list->one[list->count];
	const unsigned char *p;

	if (list->count == DSR_MAX_CERTIFICATES)
		return dsr_fail(err, DSR_ELIMIT, "more than %u certificates",
		    DSR_MAX_CERTIFICATES);
	if (len == 0 || len > DSR_MAX_KEY_FILE || !dsr_der_is_sound(der, len))
		return dsr_fail(err, DSR_EFORMAT,
		    "a certificate that is not in DER - FORMAT.md 5.3");
	if ((c->der = malloc(len)) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "certificate");
	memcpy(c->der, der, len);
	c->len = len;
	p = c->der;
	c->x509 = d2i_X509(NULL, &p, (long)len);
	ERR_clear_error();
	if (c->x509 == NULL || p != c->der + len || !find_issuer(c)) {
		certificate_fini(c);
		return dsr_fail(err, DSR_EFORMAT,
		    "not an X.509 certificate - FORMAT.md 5.3");
	}
	if (holds(list, c)) {
		certificate_fini(c);
	} else {
		list->count++;
	}
	return 0;
}

int
dsr_certificates_add_x509(struct dsr_certificates *list, X509 *x509,
    struct dsr_error *err)
{
	unsigned char *der = NULL;
	int len = i2d_X509(x509, &der), rc;

	if (len <= 0)
		return dsr_fail(err, DSR_ENOMEM, "certificate");
	rc = dsr_certificates_add(list, der, (size_t)len, err);
	OPENSSL_free(der);
	return rc;
}

size_t
dsr_certificates_count(const struct dsr_certificates *list)
{
	return list->count;
}

const uint8_t *
dsr_certificates_der(const struct dsr_certificates *list, size_t i,
    size_t *len)
{
	*len = list->one[i].len;
	return list->one[i].der;
}

X509 *
dsr_certificates_x509(const struct dsr_certificates *list, size_t i)
{
	return list->one[i].x509;
}

void
dsr_certificates_issuer(const struct dsr_certificates *list, size_t i,
    struct dsr_der *issuer, struct dsr_der *serial)
{
	*issuer = list->one[i].issuer;
	*serial = list->one[i].serial;
}

void
dsr_certificates_fingerprint(const struct dsr_certificates *list, size_t i,
    char out[DSR_SHA256_HEX])
{
	uint8_t sha256[DSR_SHA256_BYTES];

	dsr_sha256(sha256, list->one[i].der, list->one[i].len);
	dsr_hex_encode(out, sha256, sizeof(sha256));
}

void
dsr_certificates_subject(const struct dsr_certificates *list, size_t i,
    char out[DSR_SUBJECT_SIZE])
{
	BIO *bio = BIO_new(BIO_s_mem());
	int n = -1;

	if (bio != NULL &&
	    X509_NAME_print_ex(bio, X509_get_subject_name(list->one[i].x509),
		0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0)
		n = BIO_read(bio, out, DSR_SUBJECT_SIZE - 1);
	out[n > 0 ? n : 0] = '\0';
	BIO_free(bio);
	ERR_clear_error();
}

bool
dsr_certificates_equal(const struct dsr_certificates *a,
    const struct dsr_certificates *b)
{
	size_t i;

	for (i = 0; i < a->count; i++)
		if (!holds(b, &a->one[i]))
			return false;
	for (i = 0; i < b->count; i++)
		if (!holds(a, &b->one[i]))
			return false;
	return a->count == b->count;
}

bool
dsr_certificates_is_root(const struct dsr_certificates *list, size_t i)
{
	bool root = X509_self_signed(list->one[i].x509, 1) == 1;

	ERR_clear_error();
	return root;
}

static enum dsr_x509_key
curve_of(EVP_PKEY *key)
{
	static const struct {
		const char *name;
		enum dsr_x509_key is;
	} curves[] = {
		{ SN_X9_62_prime256v1, DSR_X509_P256 },
		{ SN_secp384r1, DSR_X509_EC },
		{ SN_secp521r1, DSR_X509_EC },
	};
	char name[64];
	size_t i;

	if (EVP_PKEY_get_group_name(key, name, sizeof(name), NULL) == 1)
		for (i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
			if (strcmp(name, curves[i].name) == 0)
				return curves[i].is;
	return DSR_X509_OTHER;
}

enum dsr_x509_key
dsr_certificates_key(const struct dsr_certificates *list, size_t i)
{
	EVP_PKEY *key = X509_get0_pubkey(list->one[i].x509);
	enum dsr_x509_key is = DSR_X509_OTHER;
	int bits;

	if (key == NULL)
		is = DSR_X509_OTHER;
	else if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC)
		is = curve_of(key);
	else if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
		bits = EVP_PKEY_get_bits(key);
		if (bits >= DSR_MIN_RSA_BITS && bits <= DSR_MAX_RSA_BITS)
			is = DSR_X509_RSA;
	}
	ERR_clear_error();
	return is;
}

int
dsr_certificates_may_sign(const struct dsr_certificates *list, size_t i,
    struct dsr_error *err)
{
	enum dsr_x509_key key = dsr_certificates_key(list, i);
	/* all bits are set when there is no such extension */
	uint32_t usage = X509_get_key_usage(list->one[i].x509);

	if (key != DSR_X509_RSA && key != DSR_X509_P256)
		return dsr_fail(err, DSR_EFORMAT, "the certificate's key: "
		    "wanted ECDSA P-256 or RSA of %d to %d bits - FORMAT.md "
		    "5.3", DSR_MIN_RSA_BITS, DSR_MAX_RSA_BITS);
	if ((usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
		return dsr_fail(err, DSR_EFORMAT, "the certificate's key "
		    "usage does not include signing - FORMAT.md 5.3");
	return 0;
}
