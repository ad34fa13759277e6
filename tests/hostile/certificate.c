/* SPDX-License-Identifier: ISC */
/* Certificates made as they are asked for: right ones, and all the others. */
#include "hostile.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY_S (24L * 60 * 60)

struct pair {
	X509 *certificate;
	EVP_PKEY *key;
};

struct authorities {
	struct pair trusted, other;
};

enum issuer { TRUSTED, OTHER, ITSELF, A_LEAF };

/* What is asked of a certificate; a row is a mistake, the first one is none. */
struct wish {
	const char *label;
	long from_days, to_days;
	const EVP_MD *(*digest)(void);
	const char *name;       /* NULL: the host that was asked for */
	const char *usage;
	enum issuer issuer;
	int rsa_bits;           /* 0: P-256 */
	int highest;            /* version of TLS; 0: any */
};

static const struct wish wishes[] = {
	{ "", -1, 30, EVP_sha256, NULL, "serverAuth", TRUSTED, 0, 0 },
	{ "expired", -30, -1, EVP_sha256, NULL, "serverAuth", TRUSTED, 0, 0 },
	{ "early", 1, 30, EVP_sha256, NULL, "serverAuth", TRUSTED, 0, 0 },
	{ "other-host", -1, 30, EVP_sha256, "other.example.org", "serverAuth",
	    TRUSTED, 0, 0 },
	{ "unknown-ca", -1, 30, EVP_sha256, NULL, "serverAuth", OTHER, 0, 0 },
	{ "self-signed", -1, 30, EVP_sha256, NULL, "serverAuth", ITSELF, 0,
	    0 },
	{ "by-a-leaf", -1, 30, EVP_sha256, NULL, "serverAuth", A_LEAF, 0, 0 },
	{ "sha1", -1, 30, EVP_sha1, NULL, "serverAuth", TRUSTED, 0, 0 },
	{ "weak-key", -1, 30, EVP_sha256, NULL, "serverAuth", TRUSTED, 1024,
	    0 },
	{ "client-only", -1, 30, EVP_sha256, NULL, "clientAuth", TRUSTED, 0,
	    0 },
	{ "tls10", -1, 30, EVP_sha256, NULL, "serverAuth", TRUSTED, 0,
	    TLS1_VERSION },
	{ "tls11", -1, 30, EVP_sha256, NULL, "serverAuth", TRUSTED, 0,
	    TLS1_1_VERSION },
	{ "tls12", -1, 30, EVP_sha256, NULL, "serverAuth", TRUSTED, 0,
	    TLS1_2_VERSION },
};

static const struct wish *
find_wish(const char *host)
{
	size_t len = strcspn(host, ".");

	for (size_t i = 1; i < sizeof(wishes) / sizeof(wishes[0]); i++)
		if (strlen(wishes[i].label) == len &&
		    strncmp(wishes[i].label, host, len) == 0)
			return &wishes[i];
	return &wishes[0];
}

static void
pair_fini(struct pair *p)
{
	X509_free(p->certificate);
	EVP_PKEY_free(p->key);
	memset(p, 0, sizeof(*p));
}

static bool
add_extension(X509 *certificate, int nid, const char *value)
{
	X509_EXTENSION *one = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	bool ok = one != NULL && X509_add_ext(certificate, one, -1) == 1;

	X509_EXTENSION_free(one);
	return ok;
}

static bool
set_names(X509 *certificate, const char *name, const struct pair *issuer)
{
	X509_NAME *subject = X509_get_subject_name(certificate);

	return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
	    (const unsigned char *)name, -1, -1, 0) == 1 &&
	    X509_set_issuer_name(certificate, issuer == NULL ? subject :
	    X509_get_subject_name(issuer->certificate)) == 1;
}

/* Everything of a certificate but its extensions and signature. */
static bool
begin(struct pair *p, const struct wish *wish, const char *name,
    const struct pair *issuer)
{
	uint64_t serial = 0;

	p->key = wish->rsa_bits > 0 ? EVP_RSA_gen((unsigned)wish->rsa_bits) :
	    EVP_EC_gen("P-256");
	p->certificate = X509_new();
	RAND_bytes((unsigned char *)&serial, sizeof(serial));
	return p->key != NULL && p->certificate != NULL &&
	    X509_set_version(p->certificate, X509_VERSION_3) == 1 &&
	    ASN1_INTEGER_set_uint64(X509_get_serialNumber(p->certificate),
	    serial >> 1 | 1) == 1 &&
	    X509_gmtime_adj(X509_getm_notBefore(p->certificate),
	    wish->from_days * DAY_S) != NULL &&
	    X509_gmtime_adj(X509_getm_notAfter(p->certificate),
	    wish->to_days * DAY_S) != NULL &&
	    set_names(p->certificate, name, issuer) &&
	    X509_set_pubkey(p->certificate, p->key) == 1;
}

static bool
sign(struct pair *p, const struct wish *wish, const struct pair *issuer)
{
	return X509_sign(p->certificate,
	    issuer == NULL ? p->key : issuer->key, wish->digest()) > 0;
}

static bool
make_authority(struct pair *p, const char *kind)
{
	char name[64];

	/* clients find a CA by its name: each has one of its own */
	snprintf(name, sizeof(name), "%s %ld", kind, (long)getpid());
	return begin(p, &wishes[0], name, NULL) &&
	    add_extension(p->certificate, NID_basic_constraints,
	    "critical,CA:TRUE") &&
	    add_extension(p->certificate, NID_key_usage,
	    "critical,keyCertSign,cRLSign") && sign(p, &wishes[0], NULL);
}

static bool
make_leaf(struct pair *p, const struct wish *wish, const char *host,
    const struct pair *issuer)
{
	const char *name = wish->name != NULL ? wish->name : host;
	char alternative[300];

	snprintf(alternative, sizeof(alternative), "DNS:%s", name);
	return begin(p, wish, name, issuer) &&
	    add_extension(p->certificate, NID_basic_constraints,
	    "critical,CA:FALSE") &&
	    add_extension(p->certificate, NID_ext_key_usage, wish->usage) &&
	    add_extension(p->certificate, NID_subject_alt_name,
	    alternative) && sign(p, wish, issuer);
}

struct authorities *
authorities_new(void)
{
	struct authorities *a = calloc(1, sizeof(*a));

	if (a != NULL && make_authority(&a->trusted, "To be trusted") &&
	    make_authority(&a->other, "Not to be trusted"))
		return a;
	authorities_free(a);
	return NULL;
}

void
authorities_free(struct authorities *a)
{
	if (a == NULL)
		return;
	pair_fini(&a->trusted);
	pair_fini(&a->other);
	free(a);
}

int
authorities_write(const struct authorities *a, FILE *out)
{
	return PEM_write_X509(out, a->trusted.certificate) == 1 ? 0 : -1;
}

int
authorities_serve(const struct authorities *a, SSL *ssl, const char *host)
{
	const struct wish *wish = find_wish(host);
	struct pair leaf = { NULL, NULL }, between = { NULL, NULL };
	const struct pair *issuer = &a->trusted;
	bool ok = true;

	if (wish->issuer == OTHER)
		issuer = &a->other;
	else if (wish->issuer == ITSELF)
		issuer = NULL;
	else if (wish->issuer == A_LEAF) {
		ok = make_leaf(&between, &wishes[0], "leaf.example.org",
		    issuer);
		issuer = &between;
	}
	ok = ok && make_leaf(&leaf, wish, host, issuer) &&
	    SSL_use_cert_and_key(ssl, leaf.certificate, leaf.key, NULL, 1) ==
	    1 && (between.certificate == NULL ||
	    SSL_add1_chain_cert(ssl, between.certificate) == 1) &&
	    (wish->highest == 0 ||
	    SSL_set_max_proto_version(ssl, wish->highest) == 1);
	pair_fini(&leaf);
	pair_fini(&between);
	return ok ? 0 : -1;
}
