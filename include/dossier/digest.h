/* SPDX-License-Identifier: ISC */
/*
 * SHA-256 and HMAC-SHA-256.
 *
 * SHA-256 comes from OpenSSL (four times as fast as libsodium's where the
 * processor has the instructions). Only making a context can fail.
 */
#ifndef DOSSIER_DIGEST_H
#define DOSSIER_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "dossier/error.h"

#define DSR_SHA256_BYTES 32
#define DSR_SHA256_HEX   65 /* bytes as text, with the NUL */

struct dsr_sha256; /* opaque */

/* A fresh context. DSR_ENOMEM. Free: dsr_sha256_free. */
int dsr_sha256_new(struct dsr_sha256 **out, struct dsr_error *err);
void dsr_sha256_free(struct dsr_sha256 *h);
/* Starts again from nothing. */
void dsr_sha256_reset(struct dsr_sha256 *h);
void dsr_sha256_update(struct dsr_sha256 *h, const void *data, size_t len);
/* The digest of all so far; more may follow. */
void dsr_sha256_peek(const struct dsr_sha256 *h,
    uint8_t out[DSR_SHA256_BYTES]);
/* The digest; the context is as new afterwards. */
void dsr_sha256_final(struct dsr_sha256 *h, uint8_t out[DSR_SHA256_BYTES]);
/* All at once. */
void dsr_sha256(uint8_t out[DSR_SHA256_BYTES], const void *data, size_t len);

/* Bytes that are not all in one place. */
struct dsr_part {
	const void *data;
	size_t len;
};

/* SHA-256 of the parts, one after the other. */
void dsr_sha256_parts(uint8_t out[DSR_SHA256_BYTES],
    const struct dsr_part *parts, size_t count);

/* HMAC-SHA-256 (RFC 2104) over the parts, one after the other. */
void dsr_hmac_sha256(uint8_t out[DSR_SHA256_BYTES], const uint8_t *key,
    size_t key_len, const struct dsr_part *parts, size_t count);

#endif
