/* SPDX-License-Identifier: ISC */
/*
 * X.509 certificates (RFC 5280): lists of them as they come with a signature
 * or stand in keys/signer.pem. What they are worth, dossier/roots.h tells.
 * Source: docs/FORMAT.md 5.3.
 */
#ifndef DOSSIER_CERTIFICATE_H
#define DOSSIER_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/buffer.h"
#include "dossier/digest.h"
#include "dossier/error.h"
#include "dossier/limits.h"

#define DSR_SUBJECT_SIZE 200 /* bytes of a name as text, with its NUL */

struct dsr_certificates; /* a list; at most DSR_MAX_CERTIFICATES */

int dsr_certificates_new(struct dsr_certificates **out,
    struct dsr_error *err);
void dsr_certificates_free(struct dsr_certificates *list);

/*
 * Adds one in DER, which is copied; one that is there already is not added
 * again.
 * DSR_EFORMAT  not a certificate in DER
 * DSR_ELIMIT   more than DSR_MAX_CERTIFICATES
 */
int dsr_certificates_add(struct dsr_certificates *list, const void *der,
    size_t len, struct dsr_error *err);
/*
 * Adds those of a file that its user made: every certificate in PEM, whatever
 * stands between. DSR_EIO, DSR_EINPUT (none), DSR_ELIMIT
 */
int dsr_certificates_read(struct dsr_certificates *list, const char *path,
    struct dsr_error *err);
/*
 * Fills an empty list with those of keys/signer.pem: exactly what
 * dsr_certificates_write writes, and one at least. DSR_EFORMAT, DSR_ELIMIT
 */
int dsr_certificates_parse(struct dsr_certificates *list, const void *text,
    size_t len, struct dsr_error *err);
/* Appends all in PEM, base64 in lines of 64 characters, nothing between. */
int dsr_certificates_write(const struct dsr_certificates *list,
    struct dsr_buffer *out, struct dsr_error *err);

size_t dsr_certificates_count(const struct dsr_certificates *list);
/* Number i in DER; borrowed. */
const uint8_t *dsr_certificates_der(const struct dsr_certificates *list,
    size_t i, size_t *len);
/* SHA-256 of it, in hexadecimal. */
void dsr_certificates_fingerprint(const struct dsr_certificates *list,
    size_t i, char out[DSR_SHA256_HEX]);
/* Its subject, "CN=...,O=..." (RFC 4514), cut when too long; any UTF-8. */
void dsr_certificates_subject(const struct dsr_certificates *list, size_t i,
    char out[DSR_SUBJECT_SIZE]);
/* Is it its own issuer, and does its own key verify it? */
bool dsr_certificates_is_root(const struct dsr_certificates *list, size_t i);
/* Do both hold the same certificates, in whatever order? */
bool dsr_certificates_equal(const struct dsr_certificates *a,
    const struct dsr_certificates *b);
/*
 * May number i sign an archive: RSA of 2,048 to 8,192 bits or ECDSA P-256, and
 * a key usage, if it has one, that says so? DSR_EFORMAT with the reason
 */
int dsr_certificates_may_sign(const struct dsr_certificates *list, size_t i,
    struct dsr_error *err);

#endif
