/* SPDX-License-Identifier: ISC */
#include "simulator.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_S (24L * 60 * 60)

struct extension {
	int nid;
	const char *value;
};

static int
set_serial(X509 *certificate)
{
	unsigned char bytes[16];
	BIGNUM *number;
	int ok;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return -1;
	bytes[0] &= 0x7f;               /* positive, and of at most 16 bytes */
	bytes[0] |= 0x40;
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	ok = number != NULL && BN_to_ASN1_INTEGER(number,
	    X509_get_serialNumber(certificate)) != NULL;
	BN_free(number);
	return ok ? 0 : -1;
}

static int
set_name(X509_NAME *name, const char *common_name)
{
	return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC,
	    (const unsigned char *)"Dossier simulator (throw-away)", -1, -1,
	    0) == 1 && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)common_name, -1, -1, 0) == 1 ? 0 : -1;
}

static int
add_extensions(X509 *certificate, X509 *issuer, const struct extension *list)
{
	X509V3_CTX context;
	X509_EXTENSION *made;
	int ok;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	for (; list->value != NULL; list++) {
		made = X509V3_EXT_conf_nid(NULL, &context, list->nid,
		    list->value);
		ok = made != NULL && X509_add_ext(certificate, made, -1) == 1;
		X509_EXTENSION_free(made);
		if (!ok)
			return -1;
	}
	return 0;
}

/* issuer NULL: signs itself. */
static X509 *
make_certificate(const char *common_name, EVP_PKEY *key, X509 *issuer,
    EVP_PKEY *issuer_key, const struct extension *extensions)
{
	X509 *made = X509_new();

	if (made == NULL)
		return NULL;
	if (X509_set_version(made, X509_VERSION_3) == 1 &&
	    set_serial(made) == 0 &&
	    X509_gmtime_adj(X509_getm_notBefore(made), -DAY_S) != NULL &&
	    X509_gmtime_adj(X509_getm_notAfter(made), 30 * DAY_S) != NULL &&
	    set_name(X509_get_subject_name(made), common_name) == 0 &&
	    X509_set_issuer_name(made,
	    X509_get_subject_name(issuer == NULL ? made : issuer)) == 1 &&
	    X509_set_pubkey(made, key) == 1 &&
	    add_extensions(made, issuer == NULL ? made : issuer,
	    extensions) == 0 &&
	    X509_sign(made, issuer_key, EVP_sha256()) > 0)
		return made;
	X509_free(made);
	return NULL;
}

/* What was written to bio, as a string; frees bio. */
static char *
take_pem(BIO *bio, int written)
{
	char *bytes = NULL, *copy = NULL;
	long len;

	if (bio != NULL && written == 1) {
		len = BIO_get_mem_data(bio, &bytes);
		copy = len > 0 ? strndup(bytes, (size_t)len) : NULL;
	}
	BIO_free(bio);
	return copy;
}

static char *
certificate_pem(X509 *certificate)
{
	BIO *bio = BIO_new(BIO_s_mem());

	return take_pem(bio, bio != NULL &&
	    PEM_write_bio_X509(bio, certificate));
}

static char *
key_pem(EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());

	return take_pem(bio, bio != NULL &&
	    PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL));
}

static char *
alternative_names(const char *const *hosts)
{
	struct sim_text text = { NULL, 0, 0 };

	for (; *hosts != NULL; hosts++)
		sim_text_printf(&text, "%sDNS:%s", text.len == 0 ? "" : ",",
		    *hosts);
	return text.bytes;
}

int
sim_certificate_make(struct sim_certificate *made, const char *const *hosts)
{
	static const struct extension for_ca[] = {
		{ NID_basic_constraints, "critical,CA:TRUE,pathlen:0" },
		{ NID_key_usage, "critical,keyCertSign,cRLSign" },
		{ NID_subject_key_identifier, "hash" },
		{ 0, NULL }
	};
	char *names = alternative_names(hosts);
	const struct extension for_leaf[] = {
		{ NID_basic_constraints, "critical,CA:FALSE" },
		{ NID_key_usage, "critical,digitalSignature" },
		{ NID_ext_key_usage, "serverAuth" },
		{ NID_subject_key_identifier, "hash" },
		{ NID_authority_key_identifier, "keyid" },
		{ NID_subject_alt_name, names },
		{ 0, NULL }
	};
	EVP_PKEY *ca_key = EVP_EC_gen("P-256"), *key = EVP_EC_gen("P-256");
	X509 *ca = NULL, *leaf = NULL;

	memset(made, 0, sizeof(*made));
	if (ca_key == NULL || key == NULL)
		goto out;
	ca = make_certificate("Dossier simulator CA", ca_key, NULL, ca_key,
	    for_ca);
	if (ca != NULL)
		leaf = make_certificate(hosts[0], key, ca, ca_key, for_leaf);
	if (leaf == NULL)
		goto out;
	made->ca = certificate_pem(ca);
	made->leaf = certificate_pem(leaf);
	made->leaf_key = key_pem(key);
out:
	X509_free(leaf);
	X509_free(ca);
	EVP_PKEY_free(key);
	EVP_PKEY_free(ca_key);
	free(names);
	if (made->ca != NULL && made->leaf != NULL && made->leaf_key != NULL)
		return 0;
	sim_certificate_fini(made);
	fputs("simulator: OpenSSL could not make the certificates\n", stderr);
	return -1;
}

void
sim_certificate_fini(struct sim_certificate *made)
{
	free(made->ca);
	free(made->leaf);
	free(made->leaf_key);
	memset(made, 0, sizeof(*made));
}
