/* SPDX-License-Identifier: ISC */
#include "raw_age.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LOG_N 10

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
hmac(uint8_t out[32], const void *key, size_t key_len, const void *a,
    size_t a_len, const void *b, size_t b_len)
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key, key_len);
	crypto_auth_hmacsha256_update(&state, a, a_len);
	crypto_auth_hmacsha256_update(&state, b, b_len);
	crypto_auth_hmacsha256_final(&state, out);
}

static void
hkdf(uint8_t out[32], const void *secret, size_t secret_len, const void *salt,
    size_t salt_len, const char *info)
{
	uint8_t key[32];

	hmac(key, salt, salt_len, secret, secret_len, "", 0);
	hmac(out, key, sizeof(key), info, strlen(info), "\1", 1);
}

void
raw_age_init(struct raw_age *a)
{
	memset(a, 0, offsetof(struct raw_age, bytes));
	memcpy(a->file_key, "YELLOW SUBMARINE", 16);
	memset(a->nonce, 7, sizeof(a->nonce));
}

void
raw_age_put(struct raw_age *a, const void *data, size_t len)
{
	must(len <= sizeof(a->bytes) - a->len);
	memcpy(a->bytes + a->len, data, len);
	a->len += len;
}

void
raw_age_text(struct raw_age *a, const char *text)
{
	raw_age_put(a, text, strlen(text));
}

static void
put_base64(struct raw_age *a, const void *data, size_t len, bool unused_bit)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "abcdefghijklmnopqrstuvwxyz0123456789+/";
	char text[256];
	size_t n;

	sodium_bin2base64(text, sizeof(text), data, len,
	    sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	n = strlen(text);
	if (unused_bit)
		text[n - 1] = set[strchr(set, text[n - 1]) - set + 1];
	raw_age_put(a, text, n);
}

static size_t
seal(uint8_t *out, const uint8_t key[32], const uint8_t nonce[12],
    const void *data, size_t len)
{
	unsigned long long sealed = 0;

	must(crypto_aead_chacha20poly1305_ietf_encrypt(out, &sealed, data, len,
		 NULL, 0, NULL, nonce, key) == 0);
	return (size_t)sealed;
}

static void
x25519_stanza(uint8_t share[32], uint8_t key[32])
{
	uint8_t ephemeral[32], identity[32], salt[64], secret[32];

	memset(ephemeral, 3, sizeof(ephemeral));
	memset(identity, 0x42, sizeof(identity)); /* RAW_AGE_IDENTITY */
	must(crypto_scalarmult_base(share, ephemeral) == 0);
	memcpy(salt, share, 32);
	must(crypto_scalarmult_base(salt + 32, identity) == 0);
	must(crypto_scalarmult(secret, ephemeral, salt + 32) == 0);
	hkdf(key, secret, sizeof(secret), salt, sizeof(salt),
	    "age-encryption.org/v1/X25519");
}

static void
scrypt_stanza(uint8_t salt[16], uint8_t key[32])
{
	uint8_t all[28 + 16];

	memset(salt, 5, 16);
	memcpy(all, "age-encryption.org/v1/scrypt", 28);
	memcpy(all + 28, salt, 16);
	must(crypto_pwhash_scryptsalsa208sha256_ll(
		 (const uint8_t *)RAW_AGE_PASSPHRASE,
		 strlen(RAW_AGE_PASSPHRASE), all, sizeof(all), 1u << LOG_N, 8,
		 1, key, 32) == 0);
}

static void
put_token(struct raw_age *a, char token)
{
	static const uint8_t zero[49];
	uint8_t salt[33] = { 0 }, key[32], body[64] = { 0 };
	bool scrypt = strchr("PQpq", token) != NULL;
	size_t salt_len = scrypt ? 16 : 32;

	if (scrypt)
		scrypt_stanza(salt, key);
	else
		x25519_stanza(salt, key);
	(void)seal(body, key, zero, a->file_key, token == 'w' ? 17 : 16);
	if (strchr("SPsp", token) != NULL)
		put_base64(a, salt, salt_len, strchr("sp", token) != NULL);
	else if (token == 'x')
		put_base64(a, salt, salt_len + 1, false);
	else if (token == 'z')
		put_base64(a, zero, 32, false);
	else if (token == 'Z')
		put_base64(a, zero, 48, false);
	else if (token == 'y' || token == 'w')
		put_base64(a, body, 33, false);
	else {
		body[9] ^= token == 'c';
		put_base64(a, body, 32, strchr("bq", token) != NULL);
	}
}

void
raw_age_header(struct raw_age *a, const char *text)
{
	const char *at;

	while ((at = strchr(text, '@')) != NULL) {
		raw_age_put(a, text, (size_t)(at - text));
		put_token(a, at[1]);
		text = at + 2;
	}
	raw_age_text(a, text);
}

void
raw_age_mac(struct raw_age *a, const char *format)
{
	uint8_t key[32], mac[32];
	char base64[64];
	const char *at = strstr(format, "%s");

	hkdf(key, a->file_key, 16, "", 0, "header");
	hmac(mac, key, sizeof(key), a->bytes, a->len, "---", 3);
	sodium_bin2base64(base64, sizeof(base64), mac, sizeof(mac),
	    sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	if (at != NULL) {
		raw_age_put(a, format, (size_t)(at - format));
		raw_age_text(a, base64);
		format = at + 2;
	}
	raw_age_text(a, format);
}

void
raw_age_nonce(struct raw_age *a)
{
	raw_age_put(a, a->nonce, sizeof(a->nonce));
}

uint8_t
raw_age_byte(uint64_t offset)
{
	return (uint8_t)(offset * 7 + offset / 251);
}

/* Every chunk but the last is 65536 bytes, so its place follows. */
void
raw_age_chunk(struct raw_age *a, size_t len, bool last)
{
	static uint8_t plain[65537], sealed[65537 + 16];
	uint8_t key[32], nonce[12] = { 0 };
	size_t i;

	must(len <= sizeof(plain));
	for (i = 0; i < len; i++)
		plain[i] = raw_age_byte(a->chunk * 65536 + i);
	hkdf(key, a->file_key, 16, a->nonce, 16, "payload");
	nonce[10] = (uint8_t)a->chunk++;
	nonce[11] = last;
	raw_age_put(a, sealed, seal(sealed, key, nonce, plain, len));
}

void
raw_age_make(struct raw_age *a, size_t len)
{
	raw_age_init(a);
	raw_age_header(a, "age-encryption.org/v1\n-> X25519 @S\n@B\n");
	raw_age_mac(a, "--- %s\n");
	raw_age_nonce(a);
	raw_age_chunk(a, len, true);
}

static int64_t
read_memory(void *ctx, void *buf, size_t len, struct dsr_error *err)
{
	struct memory_source *m = ctx;

	(void)err;
	if (len > m->step)
		len = m->step;
	if (len > m->len - m->at)
		len = m->len - m->at;
	memcpy(buf, m->bytes + m->at, len);
	m->at += len;
	return (int64_t)len;
}

void
memory_source(struct dsr_source *out, struct memory_source *m)
{
	out->read = read_memory;
	out->ctx = m;
}

struct dsr_age_identities *
raw_age_keys(const char *passphrase)
{
	struct dsr_age_identities *keys = NULL;
	const char *folder = getenv("TMPDIR");
	struct dsr_error err;
	char path[4096];
	int fd;

	if (passphrase == NULL) {
		must(dsr_age_identities_parse(&keys, RAW_AGE_IDENTITY,
			 strlen(RAW_AGE_IDENTITY), &err) == 0);
		return keys;
	}
	(void)snprintf(path, sizeof(path), "%s/dossier-passphrase-XXXXXX",
	    folder == NULL ? "/tmp" : folder);
	fd = mkstemp(path);
	must(fd >= 0 &&
	    write(fd, passphrase, strlen(passphrase)) ==
		(ssize_t)strlen(passphrase));
	(void)close(fd);
	must(dsr_age_identities_new(&keys, NULL, path, &err) == 0);
	(void)unlink(path);
	return keys;
}

/* Reads all, in pieces of odd sizes, and looks at every byte. */
static int
read_all(struct dsr_age_reader *r, size_t *out_len, struct dsr_error *err)
{
	static uint8_t piece[70001];
	struct dsr_error again;
	size_t want = 1;
	int64_t n, i;

	while ((n = dsr_age_read(r, piece, want, err)) > 0) {
		for (i = 0; i < n; i++)
			must(piece[i] == raw_age_byte((*out_len)++));
		want = want * 5 % sizeof(piece) + 1;
	}
	/* what has ended or failed stays so */
	must(dsr_age_read(r, piece, sizeof(piece), &again) == n);
	return (int)n;
}

enum dsr_code
raw_age_read(const void *bytes, size_t len, const char *passphrase,
    size_t *out_len, struct dsr_error *err)
{
	struct memory_source m = { bytes, len, 0, 1 + len % 4099 };
	struct dsr_age_identities *keys = raw_age_keys(passphrase);
	struct dsr_age_reader *r = NULL;
	struct dsr_source source;
	int rc;

	*out_len = 0;
	memory_source(&source, &m);
	rc = dsr_age_reader_new(&r, &source, keys, err);
	dsr_age_identities_free(keys);
	if (rc == 0)
		rc = read_all(r, out_len, err);
	else
		must(r == NULL);
	dsr_age_reader_free(r);
	return rc == 0 ? DSR_OK : err->code;
}

void
raw_age_expect(const struct raw_age *a, const char *why, enum dsr_code wanted,
    const char *passphrase, size_t wanted_len)
{
	struct dsr_error err;
	size_t len;
	enum dsr_code found = raw_age_read(a->bytes, a->len, passphrase, &len,
	    &err);

	if (found != wanted)
		fail_msg("%s: wanted %s, found %s", why, dsr_code_text(wanted),
		    found == DSR_OK ? "none" : err.msg);
	if (len != wanted_len)
		fail_msg("%s: wanted %zu bytes, found %zu", why, wanted_len,
		    len);
}
