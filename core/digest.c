/* SPDX-License-Identifier: ISC */
#include "dossier/digest.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

struct dsr_sha256 {
	EVP_MD_CTX *ctx;
	EVP_MD_CTX *copy; /* for peek: allocated once */
};

static EVP_MD *sha256_method;
static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;

static void
fetch_sha256(void)
{
	sha256_method = EVP_MD_fetch(NULL, "SHA256", NULL);
}

static const EVP_MD *
method(void)
{
	(void)pthread_once(&sha256_once, fetch_sha256);
	return sha256_method;
}

int
dsr_sha256_new(struct dsr_sha256 **out, struct dsr_error *err)
{
	struct dsr_sha256 *h = calloc(1, sizeof(*h));

	*out = NULL;
	if (h == NULL || (h->ctx = EVP_MD_CTX_new()) == NULL ||
	    (h->copy = EVP_MD_CTX_new()) == NULL || method() == NULL ||
	    EVP_DigestInit_ex(h->ctx, method(), NULL) != 1) {
		dsr_sha256_free(h);
		return dsr_fail(err, DSR_ENOMEM, "SHA-256");
	}
	*out = h;
	return 0;
}

void
dsr_sha256_free(struct dsr_sha256 *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->ctx);
	EVP_MD_CTX_free(h->copy);
	free(h);
}

/*
 * Once a context stands, SHA-256 cannot fail: a refusal by OpenSSL is a broken
 * assumption, and going on with a wrong digest would be worse than stopping.
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
	must(EVP_DigestInit_ex(h->ctx, NULL, NULL));
}

void
dsr_sha256_update(struct dsr_sha256 *h, const void *data, size_t len)
{
	if (len > 0)
		must(EVP_DigestUpdate(h->ctx, data, len));
}

void
dsr_sha256_peek(const struct dsr_sha256 *h, uint8_t out[DSR_SHA256_BYTES])
{
	must(EVP_MD_CTX_copy_ex(h->copy, h->ctx));
	must(EVP_DigestFinal_ex(h->copy, out, NULL));
}

void
dsr_sha256_final(struct dsr_sha256 *h, uint8_t out[DSR_SHA256_BYTES])
{
	must(EVP_DigestFinal_ex(h->ctx, out, NULL));
	dsr_sha256_reset(h);
}

void
dsr_sha256(uint8_t out[DSR_SHA256_BYTES], const void *data, size_t len)
{
	must(EVP_Digest(len > 0 ? data : "", len, out, NULL, method(), NULL));
}

void
dsr_hmac_sha256(uint8_t out[DSR_SHA256_BYTES], const uint8_t *key,
    size_t key_len, const struct dsr_part *parts, size_t count)
{
	crypto_auth_hmacsha256_state state;
	size_t i;

	crypto_auth_hmacsha256_init(&state, key, key_len);
	for (i = 0; i < count; i++)
		crypto_auth_hmacsha256_update(&state, parts[i].data,
		    parts[i].len);
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof(state));
}
