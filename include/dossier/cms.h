/* SPDX-License-Identifier: ISC */
/*
 * A detached CMS signature (RFC 5652) of the profile CAdES-B, in DER: X.509's
 * way to sign a message, which openssl cms -verify -cades can check.
 * Source: docs/FORMAT.md 5.3.
 */
#ifndef DOSSIER_CMS_H
#define DOSSIER_CMS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "dossier/buffer.h"
#include "dossier/certificate.h"
#include "dossier/error.h"
#include "dossier/signer.h"

/*
 * Signs a message and appends the signature. chain holds the signer's
 * certificate first; all of it goes into the signature.
 * DSR_EINPUT  the certificate may not sign, or is not that of the key
 * DSR_ELIMIT  with so many certificates it is longer than an attestation
 */
int dsr_cms_sign(struct dsr_signer *signer,
    const struct dsr_certificates *chain, time_t when, const void *msg,
    size_t len, struct dsr_buffer *out, struct dsr_error *err);

struct dsr_cms; /* a parsed one */

/*
 * Parses a signature: only what dsr_cms_sign could have written, byte for
 * byte; der may be freed afterwards.
 * DSR_EFORMAT, DSR_ELIMIT, DSR_ENOMEM
 */
int dsr_cms_parse(struct dsr_cms **out, const void *der, size_t len,
    struct dsr_error *err);
void dsr_cms_free(struct dsr_cms *cms);
/* All certificates in it; borrowed. Which of them is the signer's? */
const struct dsr_certificates *dsr_cms_certificates(const struct dsr_cms *cms);
size_t dsr_cms_signer(const struct dsr_cms *cms);
/* When it was signed, as the signer says. */
time_t dsr_cms_time(const struct dsr_cms *cms);
/*
 * Does it verify for this message under the certificate in it? What that is
 * worth, dsr_roots_judge tells.
 */
bool dsr_cms_is_valid(const struct dsr_cms *cms, const void *msg, size_t len);

#endif
