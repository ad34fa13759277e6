/* SPDX-License-Identifier: ISC */
/*
 * Time stamps (RFC 3161): what is asked of an authority, what it answers, and
 * the one form in which an answer is kept. A stamp proves that something
 * existed not later than its time.
 * Source: docs/FORMAT.md 5.6.
 */
#ifndef DOSSIER_TIMESTAMP_H
#define DOSSIER_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "dossier/buffer.h"
#include "dossier/certificate.h"
#include "dossier/error.h"
#include "dossier/imprint.h"
#include "dossier/roots.h"

#define DSR_NONCE_BYTES 8

/* A question to an authority. */
struct dsr_time_query {
	struct dsr_imprint imprint;
	uint8_t nonce[DSR_NONCE_BYTES]; /* a positive number, big endian */
};

/* Asks for this imprint, with a nonce of its own. */
void dsr_time_query_init(struct dsr_time_query *q,
    const struct dsr_imprint *imprint);
/* Appends the TimeStampReq in DER; it asks for certificates, too. */
int dsr_time_query_write(const struct dsr_time_query *q,
    struct dsr_buffer *out, struct dsr_error *err);
/* Parses just what dsr_time_query_write writes. DSR_EINPUT */
int dsr_time_query_parse(struct dsr_time_query *q, const void *der, size_t len,
    struct dsr_error *err);

/*
 * Checks an authority's answer (a TimeStampResp in DER) against the question,
 * and appends the stamp in the one form: with the path from the authority's
 * certificate to a root, without what nobody signed.
 *
 * roots  those that the path may lead to; NULL: a root that comes with the
 *        answer, or one that the system trusts
 *
 * DSR_EFAILED  the authority refuses, or its certificates lead to no such root
 * DSR_EFORMAT  not such an answer, or to another question, or not in a form
 *              that can be kept
 * DSR_ELIMIT   what would be kept is longer than an attestation
 */
int dsr_time_reply_normalise(const void *der, size_t len,
    const struct dsr_time_query *q, const struct dsr_roots *roots,
    struct dsr_buffer *out, struct dsr_error *err);

struct dsr_timestamp; /* one that is kept */

/*
 * Parses a stamp: only the one form, byte for byte; signed by the certificate
 * that it names, which is one for time stamps; the path to the root in it
 * holds at the time that it tells. der may be freed afterwards.
 * DSR_EFORMAT, DSR_ESIGNATURE, DSR_ELIMIT, DSR_ENOMEM
 */
int dsr_timestamp_parse(struct dsr_timestamp **out, const void *der,
    size_t len, struct dsr_error *err);
void dsr_timestamp_free(struct dsr_timestamp *stamp);
/* What it is for. */
const struct dsr_imprint *dsr_timestamp_imprint(
    const struct dsr_timestamp *stamp);
void dsr_timestamp_time(const struct dsr_timestamp *stamp,
    struct timespec *when);
/* Its certificates (borrowed), and which of them is the authority's. */
const struct dsr_certificates *dsr_timestamp_certificates(
    const struct dsr_timestamp *stamp);
size_t dsr_timestamp_signer(const struct dsr_timestamp *stamp);

#endif
