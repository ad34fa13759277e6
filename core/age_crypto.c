/* SPDX-License-Identifier: ISC */
/* How age wraps the key of a file, and how it derives others from it. */
#include "age_private.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "dossier/digest.h"
#include "dossier/random.h"

#define X25519_INFO  "age-encryption.org/v1/X25519"
#define SCRYPT_LABEL "age-encryption.org/v1/scrypt"
#define SCRYPT_R     8
#define SCRYPT_P     1

_Static_assert(DSR_AGE_KEY == DSR_SHA256_BYTES, "one block of HKDF");

void
dsr_age_hkdf(uint8_t out[DSR_AGE_KEY], const void *secret, size_t secret_len,
    const void *salt, size_t salt_len, const char *info)
{
	static const uint8_t one = 1;
	const struct dsr_part extract[] = { { secret, secret_len } };
	const struct dsr_part expand[] = { { info, strlen(info) },
		{ &one, 1 } };
	uint8_t key[DSR_SHA256_BYTES];

	dsr_hmac_sha256(key, salt, salt_len, extract, 1);
	dsr_hmac_sha256(out, key, sizeof(key), expand, 2);
	sodium_memzero(key, sizeof(key));
}

void
dsr_age_mac(uint8_t out[DSR_AGE_KEY], const uint8_t file_key[DSR_AGE_FILE_KEY],
    const struct dsr_buffer *text)
{
	const struct dsr_part part = { text->data, text->len };
	uint8_t key[DSR_AGE_KEY];

	dsr_age_hkdf(key, file_key, DSR_AGE_FILE_KEY, "", 0, "header");
	dsr_hmac_sha256(out, key, sizeof(key), &part, 1);
	sodium_memzero(key, sizeof(key));
}

void
dsr_age_chunk_nonce(uint8_t out[12], uint64_t number, bool last)
{
	size_t i;

	memset(out, 0, 12);
	for (i = 0; i < 8; i++)
		out[10 - i] = (uint8_t)(number >> (8 * i));
	out[11] = last ? 1 : 0;
}

/* The nonce is zero: each key wraps one thing only. */
static void
seal_body(uint8_t body[DSR_AGE_BODY], const uint8_t key[DSR_AGE_KEY],
    const uint8_t file_key[DSR_AGE_FILE_KEY])
{
	static const uint8_t nonce[12];

	(void)crypto_aead_chacha20poly1305_ietf_encrypt(body, NULL, file_key,
	    DSR_AGE_FILE_KEY, NULL, 0, NULL, nonce, key);
}

static bool
open_body(uint8_t file_key[DSR_AGE_FILE_KEY], const uint8_t key[DSR_AGE_KEY],
    const uint8_t body[DSR_AGE_BODY])
{
	static const uint8_t nonce[12];

	return crypto_aead_chacha20poly1305_ietf_decrypt(file_key, NULL, NULL,
		   body, DSR_AGE_BODY, NULL, 0, nonce, key) == 0;
}

/* ---- X25519 ---------------------------------------------------------------- */

/* False when the shared secret is all zero: the point is of small order. */
static bool
x25519_key(uint8_t out[DSR_AGE_KEY], const uint8_t secret[DSR_AGE_KEY],
    const uint8_t point[DSR_AGE_KEY], const uint8_t share[DSR_AGE_KEY],
    const uint8_t recipient[DSR_AGE_KEY])
{
	uint8_t shared[DSR_AGE_KEY], salt[2 * DSR_AGE_KEY];

	if (crypto_scalarmult(shared, secret, point) != 0)
		return false;
	memcpy(salt, share, DSR_AGE_KEY);
	memcpy(salt + DSR_AGE_KEY, recipient, DSR_AGE_KEY);
	dsr_age_hkdf(out, shared, sizeof(shared), salt, sizeof(salt),
	    X25519_INFO);
	sodium_memzero(shared, sizeof(shared));
	return true;
}

static int
wrap_x25519(struct dsr_age_stanza *out, const uint8_t recipient[DSR_AGE_KEY],
    const uint8_t file_key[DSR_AGE_FILE_KEY], struct dsr_error *err)
{
	uint8_t secret[DSR_AGE_KEY], key[DSR_AGE_KEY];
	bool good;

	out->kind = DSR_AGE_X25519;
	dsr_random_bytes(secret, sizeof(secret));
	good = crypto_scalarmult_base(out->salt, secret) == 0 &&
	    x25519_key(key, secret, recipient, out->salt, recipient);
	if (good)
		seal_body(out->body, key, file_key);
	sodium_memzero(secret, sizeof(secret));
	sodium_memzero(key, sizeof(key));
	return good ? 0
	    : dsr_fail(err, DSR_EUSAGE,
		"a recipient that no secret can be kept with");
}

/* 1 when this key opens it, 0 when it does not. */
static int
try_x25519(uint8_t file_key[DSR_AGE_FILE_KEY], const struct dsr_age_stanza *s,
    const struct dsr_age_identity *i, struct dsr_error *err)
{
	uint8_t key[DSR_AGE_KEY];
	bool good;

	if (!x25519_key(key, i->secret, s->salt, s->salt, i->public))
		return dsr_fail(err, DSR_EFORMAT, "the header of the age "
		    "file: a share of small order - FORMAT.md 5.5");
	good = open_body(file_key, key, s->body);
	sodium_memzero(key, sizeof(key));
	return good;
}

/* ---- scrypt ------------------------------------------------------------------ */

static int
scrypt_key(uint8_t out[DSR_AGE_KEY], const struct dsr_secret *passphrase,
    const struct dsr_age_stanza *s, struct dsr_error *err)
{
	uint8_t salt[sizeof(SCRYPT_LABEL) - 1 + DSR_AGE_SALT];

	memcpy(salt, SCRYPT_LABEL, sizeof(SCRYPT_LABEL) - 1);
	memcpy(salt + sizeof(SCRYPT_LABEL) - 1, s->salt, DSR_AGE_SALT);
	if (crypto_pwhash_scryptsalsa208sha256_ll(
		(const uint8_t *)passphrase->data, passphrase->len, salt,
		sizeof(salt), UINT64_C(1) << s->work_factor, SCRYPT_R,
		SCRYPT_P, out, DSR_AGE_KEY) != 0)
		return dsr_fail(err, DSR_ENOMEM, "scrypt with %llu MiB of "
		    "memory", (128ull * SCRYPT_R << s->work_factor) >> 20);
	return 0;
}

static int
wrap_scrypt(struct dsr_age_stanza *out, const struct dsr_age_recipients *r,
    const uint8_t file_key[DSR_AGE_FILE_KEY], struct dsr_error *err)
{
	uint8_t key[DSR_AGE_KEY];

	out->kind = DSR_AGE_SCRYPT;
	out->work_factor = r->work_factor;
	dsr_random_bytes(out->salt, DSR_AGE_SALT);
	if (scrypt_key(key, &r->passphrase, out, err) != 0)
		return -1;
	seal_body(out->body, key, file_key);
	sodium_memzero(key, sizeof(key));
	return 0;
}

static int
try_scrypt(uint8_t file_key[DSR_AGE_FILE_KEY], const struct dsr_age_stanza *s,
    const struct dsr_secret *passphrase, struct dsr_error *err)
{
	uint8_t key[DSR_AGE_KEY];
	bool good;

	if (scrypt_key(key, passphrase, s, err) != 0)
		return -1;
	good = open_body(file_key, key, s->body);
	sodium_memzero(key, sizeof(key));
	return good;
}

/* ---- both -------------------------------------------------------------------- */

int
dsr_age_wrap(struct dsr_age_stanza *out, const struct dsr_age_recipients *r,
    size_t i, const uint8_t file_key[DSR_AGE_FILE_KEY], struct dsr_error *err)
{
	memset(out, 0, sizeof(*out));
	return r->passphrase.data != NULL
	    ? wrap_scrypt(out, r, file_key, err)
	    : wrap_x25519(out, r->keys[i], file_key, err);
}

static int
try_stanza(uint8_t file_key[DSR_AGE_FILE_KEY], const struct dsr_age_stanza *s,
    const struct dsr_age_identities *keys, struct dsr_error *err)
{
	size_t i;
	int opened = 0;

	if (s->kind == DSR_AGE_SCRYPT)
		return keys->passphrase.data == NULL ? 0
		    : try_scrypt(file_key, s, &keys->passphrase, err);
	for (i = 0; i < keys->count && opened == 0; i++)
		opened = try_x25519(file_key, s, &keys->keys[i], err);
	return opened;
}

int
dsr_age_unwrap(uint8_t file_key[DSR_AGE_FILE_KEY],
    const struct dsr_age_header *h, const struct dsr_age_identities *keys,
    struct dsr_error *err)
{
	bool has_passphrase = keys->passphrase.data != NULL;
	bool wants_passphrase = h->count > 0 &&
	    h->stanzas[0].kind == DSR_AGE_SCRYPT;
	size_t i;
	int opened = 0;

	for (i = 0; i < h->count && opened == 0; i++)
		opened = try_stanza(file_key, &h->stanzas[i], keys, err);
	if (opened != 0)
		return opened < 0 ? -1 : 0;
	if (has_passphrase && wants_passphrase)
		return dsr_fail(err, DSR_EKEY, "the passphrase is not the one "
		    "of the age file, or the file was changed");
	if (has_passphrase || wants_passphrase)
		return dsr_fail(err, DSR_EKEY, "the age file is encrypted "
		    "with %s: give --%s-file",
		    has_passphrase ? "keys" : "a passphrase",
		    has_passphrase ? "identity" : "passphrase");
	return dsr_fail(err, DSR_EKEY, "the age file is not encrypted to any "
	    "of the keys given, or it was changed");
}
