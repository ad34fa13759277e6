/* SPDX-License-Identifier: ISC */
/*
 * CMS SignedData (RFC 5652 section 5) in the one form that archives have: one
 * signer, signed attributes, no others, nothing else. cms.c signs a message
 * that stands elsewhere with it, timestamp.c finds a TSTInfo in it.
 * Source: docs/FORMAT.md 5.3 and 5.6.
 */
#ifndef DOSSIER_CORE_SIGNED_DATA_H
#define DOSSIER_CORE_SIGNED_DATA_H

#include "certificate.h"
#include "der.h"
#include "dossier/imprint.h"

/* Object identifiers, as whole elements. */
#define DSR_OID_BYTES 16
struct dsr_oid {
	size_t len;
	uint8_t element[DSR_OID_BYTES];
};
extern const struct dsr_oid dsr_oid_data;              /* id-data */
extern const struct dsr_oid dsr_oid_tst_info;          /* id-ct-TSTInfo */
extern const struct dsr_oid dsr_oid_content_type;
extern const struct dsr_oid dsr_oid_message_digest;
extern const struct dsr_oid dsr_oid_signing_time;
extern const struct dsr_oid dsr_oid_certificate;       /* ESSCertID */
extern const struct dsr_oid dsr_oid_certificate_v2;    /* ESSCertIDv2 */
extern const struct dsr_oid dsr_oid_digest[DSR_IMPRINT_KINDS];

/* { digest } without parameters (RFC 5754 section 2), as a whole element. */
void dsr_algorithm_put(struct dsr_der_writer *w, enum dsr_imprint_kind kind);
/* The same, read; parameters that are NULL are let pass. */
bool dsr_algorithm_take(struct dsr_der *in, enum dsr_imprint_kind *kind);

/* Everything that is not fixed. The spans point into what was parsed. */
struct dsr_signed_data {
	bool is_stamp;              /* holds a TSTInfo; else nothing */
	enum dsr_imprint_kind digest;
	struct dsr_der content;     /* the TSTInfo; a whole element */
	struct dsr_der attributes;  /* elements, one after the other */
	struct dsr_der signature;
	struct dsr_certificates *certificates;
	size_t signer;              /* which of them: dsr_signed_data_signer */
};

void dsr_signed_data_fini(struct dsr_signed_data *s);
/*
 * Takes sound DER apart; more is let pass than write writes, so that who wants
 * the one form writes it and compares.
 * DSR_EFORMAT, DSR_ELIMIT, DSR_ENOMEM
 */
int dsr_signed_data_parse(struct dsr_signed_data *s, const void *der,
    size_t len, bool is_stamp, struct dsr_error *err);
/* Appends the one form. */
int dsr_signed_data_write(const struct dsr_signed_data *s,
    struct dsr_buffer *out, struct dsr_error *err);

/* The value of the one attribute of a kind; false unless there is just one. */
bool dsr_signed_data_attribute(const struct dsr_signed_data *s,
    const struct dsr_oid *kind, struct dsr_der *value);
/*
 * Finds the certificate that the attribute ESSCertIDv2 or ESSCertID names (RFC
 * 5035) and sets s->signer; false when there is none.
 */
bool dsr_signed_data_signer(struct dsr_signed_data *s);
/*
 * Do type and digest of the content stand in the attributes, and does the
 * signer's key verify the signature over those? For the TSTInfo, content is
 * s->content.
 */
bool dsr_signed_data_is_valid(const struct dsr_signed_data *s,
    const void *content, size_t len);
/* Appends the bytes that a signer signs: the attributes as a SET. */
int dsr_signed_data_signed_bytes(const struct dsr_signed_data *s,
    struct dsr_buffer *out, struct dsr_error *err);

#endif
