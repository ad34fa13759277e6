/* SPDX-License-Identifier: ISC */
/* The interface below EVP, old but for good: EVP allocates for every copy. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "dossier/digest.h"

#include <openssl/sha.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct dsr_sha256 {
	SHA256_CTX ctx;
};

int
dsr_sha256_new(struct dsr_sha256 **out, struct dsr_error *err)
{
	struct dsr_sha256 *h = calloc(1, sizeof(*h));

	*out = NULL;
	if (h == NULL)
		return dsr_fail(err, DSR_ENOMEM, "SHA-256");
	dsr_sha256_reset(h);
	*out = h;
	return 0;
}

void
dsr_sha256_free(struct dsr_sha256 *h)
{
	free(h);
}

/*
 * SHA-256 cannot fail: a refusal by OpenSSL is a broken assumption, and going
 * on with a wrong digest would be worse than stopping.
 */
static void
must(int ok)
{
	if (ok != 1)
		abort();
}

void
dsr_sha256_reset(struct dsr_sha256 *h)
{
	must(SHA256_Init(&h->ctx));
}

void
dsr_sha256_update(struct dsr_sha256 *h, const void *data, size_t len)
{
	if (len > 0)
		must(SHA256_Update(&h->ctx, data, len));
}

void
dsr_sha256_peek(const struct dsr_sha256 *h, uint8_t out[DSR_SHA256_BYTES])
{
	struct dsr_sha256 copy = *h;

	must(SHA256_Final(out, &copy.ctx));
}

void
dsr_sha256_final(struct dsr_sha256 *h, uint8_t out[DSR_SHA256_BYTES])
{
	must(SHA256_Final(out, &h->ctx));
	dsr_sha256_reset(h);
}

void
dsr_sha256(uint8_t out[DSR_SHA256_BYTES], const void *data, size_t len)
{
	struct dsr_sha256 h;

	dsr_sha256_reset(&h);
	dsr_sha256_update(&h, data, len);
	dsr_sha256_final(&h, out);
}

void
dsr_sha256_parts(uint8_t out[DSR_SHA256_BYTES], const struct dsr_part *parts,
    size_t count)
{
	struct dsr_sha256 h;
	size_t i;

	dsr_sha256_reset(&h);
	for (i = 0; i < count; i++)
		dsr_sha256_update(&h, parts[i].data, parts[i].len);
	must(SHA256_Final(out, &h.ctx));
}

/* RFC 2104. libsodium has it too, at a quarter of the speed. */
void
dsr_hmac_sha256(uint8_t out[DSR_SHA256_BYTES], const uint8_t *key,
    size_t key_len, const struct dsr_part *parts, size_t count)
{
	uint8_t pad[SHA256_CBLOCK] = { 0 };
	struct dsr_sha256 h;
	size_t i;

	if (key_len > sizeof(pad))
		dsr_sha256(pad, key, key_len);
	else if (key_len > 0)
		memcpy(pad, key, key_len);
	for (i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36;
	dsr_sha256_reset(&h);
	dsr_sha256_update(&h, pad, sizeof(pad));
	for (i = 0; i < count; i++)
		dsr_sha256_update(&h, parts[i].data, parts[i].len);
	dsr_sha256_final(&h, out);
	for (i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	dsr_sha256_update(&h, pad, sizeof(pad));
	dsr_sha256_update(&h, out, DSR_SHA256_BYTES);
	must(SHA256_Final(out, &h.ctx));
	sodium_memzero(pad, sizeof(pad));
	sodium_memzero(&h, sizeof(h));
}
