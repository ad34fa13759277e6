/* SPDX-License-Identifier: ISC */
/* Keys and certificates for one test, made by OpenSSL. */
#ifndef TESTS_AUTHORITY_H
#define TESTS_AUTHORITY_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <time.h>

#include "dossier/certificate.h"
#include "dossier/roots.h"
#include "dossier/signer.h"

#define AUTHORITY_TIME 1700000000 /* 2023-11-14T22:13:20Z: "now" of a test */
#define AUTHORITY_DAY  86400

struct authority {
	EVP_PKEY *key;
	X509 *x509;
};

/* What stands in a certificate; NULL and 0: the usual. */
struct authority_rules {
	const char *name;
	const char *key;      /* "P-256" (the usual), "P-384", "RSA" */
	unsigned int bits;    /* of RSA: 2048 */
	bool is_ca;
	const char *usage;    /* keyUsage, as openssl x509v3_config has it */
	const char *extended; /* extendedKeyUsage */
	time_t from, until;   /* ten days around AUTHORITY_TIME */
};

/* Made below issuer, or by itself when that is NULL. */
void authority_new(struct authority *out, const struct authority *issuer,
    const struct authority_rules *rules);
void authority_free(struct authority *a);

/* Adds its certificate to a list, or to roots. */
void authority_list(const struct authority *a, struct dsr_certificates *list);
void authority_trust(const struct authority *a, struct dsr_roots *roots);
/* A signer by its key; nothing to close. */
void authority_signer(const struct authority *a, struct dsr_signer *out);
/* Its key as PEM, in a file of this mode. */
void authority_write_key(const struct authority *a, const char *path,
    unsigned int mode);
/* A revocation list of issuer's that holds one certificate. */
X509_CRL *authority_revoke(const struct authority *issuer,
    const struct authority *a, time_t when, int reason, time_t issued);

#endif
