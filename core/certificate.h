/* SPDX-License-Identifier: ISC */
/*
 * What OpenSSL knows of a certificate; private to roots, CMS and time stamps.
 */
#ifndef DOSSIER_CORE_CERTIFICATE_H
#define DOSSIER_CORE_CERTIFICATE_H

#include <openssl/x509.h>

#include "der.h"
#include "dossier/certificate.h"

/* Kinds of keys that may sign something of an archive. */
enum dsr_x509_key {
	DSR_X509_RSA, /* PKCS#1 v1.5, 2,048 to 8,192 bits */
	DSR_X509_P256,
	DSR_X509_EC,  /* P-384 and P-521: time stamps only */
	DSR_X509_OTHER
};

/* Borrowed. */
X509 *dsr_certificates_x509(const struct dsr_certificates *list, size_t i);
enum dsr_x509_key dsr_certificates_key(const struct dsr_certificates *list,
    size_t i);
/* Issuer (a whole element) and serial number (too), as they stand in it. */
void dsr_certificates_issuer(const struct dsr_certificates *list, size_t i,
    struct dsr_der *issuer, struct dsr_der *serial);
/* Adds a copy of what OpenSSL holds. */
int dsr_certificates_add_x509(struct dsr_certificates *list, X509 *x509,
    struct dsr_error *err);

#endif
