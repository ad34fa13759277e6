/* SPDX-License-Identifier: ISC */
#include "dossier/sshsig.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "dossier/text.h"

#define MAGIC         "SSHSIG"
#define KEY_KIND      "ssh-ed25519"
#define HASH_NAME     "sha512"
#define ARMOR_BEGIN   "-----BEGIN SSH SIGNATURE-----\n"
#define ARMOR_END     "-----END SSH SIGNATURE-----\n"
#define ARMOR_COLUMNS 70
#define MAX_NAMESPACE 255

/*
 * Bytes in the making. With a namespace of MAX_NAMESPACE bytes the longest are
 * 425 bytes, so that nothing here can fail.
 */
struct blob {
	uint8_t data[512];
	size_t len;
};

static void
put_bytes(struct blob *b, const void *data, size_t len)
{
	assert(len <= sizeof(b->data) - b->len);
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

/* A string of SSH (RFC 4251 section 5): length, big endian, and bytes. */
static void
put_string(struct blob *b, const void *data, size_t len)
{
	const uint8_t size[4] = { 0, 0, (uint8_t)(len >> 8), (uint8_t)len };

	put_bytes(b, size, sizeof(size));
	put_bytes(b, data, len);
}

static void
put_text(struct blob *b, const char *s)
{
	put_string(b, s, strlen(s));
}

/* The kind and then data: a key, or a signature. */
static void
put_typed(struct blob *b, const void *data, size_t len)
{
	put_text(b, KEY_KIND);
	put_string(b, data, len);
}

/* What is signed and what is stored share this: namespace, reserved, hash. */
static void
put_context(struct blob *b, const char *namespace)
{
	put_text(b, namespace);
	put_text(b, "");
	put_text(b, HASH_NAME);
}

/* The bytes that the key signs. */
static void
make_signed(struct blob *b, const char *namespace, const void *msg, size_t len)
{
	uint8_t digest[crypto_hash_sha512_BYTES];

	b->len = 0;
	(void)crypto_hash_sha512(digest, msg, len);
	put_bytes(b, MAGIC, strlen(MAGIC));
	put_context(b, namespace);
	put_string(b, digest, sizeof(digest));
}

/* The bytes under the armor. */
static void
make_stored(struct blob *b, const struct dsr_sshsig *sig,
    const char *namespace)
{
	static const uint8_t version[4] = { 0, 0, 0, 1 };
	struct blob inner = { .len = 0 };

	b->len = 0;
	put_bytes(b, MAGIC, strlen(MAGIC));
	put_bytes(b, version, sizeof(version));
	put_typed(&inner, sig->key, sizeof(sig->key));
	put_string(b, inner.data, inner.len);
	put_context(b, namespace);
	inner.len = 0;
	put_typed(&inner, sig->signature, sizeof(sig->signature));
	put_string(b, inner.data, inner.len);
}

static bool
namespace_fits(const char *namespace)
{
	return namespace[0] != '\0' && strlen(namespace) <= MAX_NAMESPACE;
}

static int
put_armor(struct dsr_buffer *out, const struct blob *blob,
    struct dsr_error *err)
{
	struct dsr_buffer base64;
	size_t at, n;
	int rc = -1;

	dsr_buffer_init(&base64, DSR_SSHSIG_MAX);
	if (dsr_base64_encode(&base64, blob->data, blob->len, err) != 0 ||
	    dsr_buffer_puts(out, ARMOR_BEGIN, err) != 0)
		goto out;
	for (at = 0; at < base64.len; at += n) {
		n = base64.len - at < ARMOR_COLUMNS ? base64.len - at
		    : ARMOR_COLUMNS;
		if (dsr_buffer_append(out, base64.data + at, n, err) != 0 ||
		    dsr_buffer_putc(out, '\n', err) != 0)
			goto out;
	}
	rc = dsr_buffer_puts(out, ARMOR_END, err);
out:
	dsr_buffer_fini(&base64);
	return rc;
}

static int
write_signature(const struct dsr_sshsig *sig, const char *namespace,
    struct dsr_buffer *out, struct dsr_error *err)
{
	struct blob stored;

	make_stored(&stored, sig, namespace);
	return put_armor(out, &stored, err);
}

int
dsr_sshsig_sign(const struct dsr_secret_key *key, const char *namespace,
    const void *msg, size_t len, struct dsr_buffer *out,
    struct dsr_error *err)
{
	struct dsr_public_key public;
	struct dsr_sshsig sig;
	struct blob signed_bytes;

	if (!namespace_fits(namespace))
		return dsr_fail(err, DSR_EFORMAT, "a namespace of 1 to %d "
		    "bytes is wanted - FORMAT.md 5.3", MAX_NAMESPACE);
	make_signed(&signed_bytes, namespace, msg, len);
	dsr_secret_key_public(key, &public);
	memcpy(sig.key, public.key, sizeof(sig.key));
	dsr_secret_key_sign(key, sig.signature, signed_bytes.data,
	    signed_bytes.len);
	return write_signature(&sig, namespace, out, err);
}

/*
 * Finds key and signature by their place: everything else is fixed for a
 * namespace, and dsr_sshsig_parse compares it.
 */
static bool
take_parts(struct dsr_sshsig *out, const char *text, size_t len)
{
	const size_t key_at = sizeof(MAGIC) - 1 + 4 + 4 + 4 +
	    sizeof(KEY_KIND) - 1 + 4;
	const size_t begin = sizeof(ARMOR_BEGIN) - 1;
	const size_t end = sizeof(ARMOR_END) - 1;
	uint8_t blob[DSR_SSHSIG_MAX];
	const char *stop = NULL;
	size_t got = 0;

	if (len < begin + end || len > DSR_SSHSIG_MAX ||
	    sodium_base642bin(blob, sizeof(blob), text + begin,
		len - begin - end, "\n", &got, &stop,
		sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    got < key_at + sizeof(out->key) + sizeof(out->signature))
		return false;
	memcpy(out->key, blob + key_at, sizeof(out->key));
	memcpy(out->signature, blob + got - sizeof(out->signature),
	    sizeof(out->signature));
	return true;
}

int
dsr_sshsig_parse(struct dsr_sshsig *out, const char *namespace,
    const void *text, size_t len, struct dsr_error *err)
{
	struct dsr_sshsig sig;
	struct dsr_buffer again;
	int rc = -1;

	dsr_buffer_init(&again, DSR_SSHSIG_MAX);
	if (!namespace_fits(namespace) || !take_parts(&sig, text, len)) {
		dsr_fail(err, DSR_EFORMAT,
		    "not an armored SSH signature - FORMAT.md 5.3");
		goto out;
	}
	if (write_signature(&sig, namespace, &again, err) != 0)
		goto out;
	if (again.len != len || memcmp(again.data, text, len) != 0) {
		dsr_fail(err, DSR_EFORMAT, "an SSH signature in another form, "
		    "or for another purpose - FORMAT.md 5.3");
		goto out;
	}
	*out = sig;
	rc = 0;
out:
	dsr_buffer_fini(&again);
	return rc;
}

bool
dsr_sshsig_is_valid(const struct dsr_sshsig *sig, const char *namespace,
    const void *msg, size_t len)
{
	struct blob signed_bytes;

	if (!namespace_fits(namespace))
		return false;
	make_signed(&signed_bytes, namespace, msg, len);
	return crypto_core_ed25519_is_valid_point(sig->key) == 1 &&
	    crypto_sign_verify_detached(sig->signature, signed_bytes.data,
		signed_bytes.len, sig->key) == 0;
}

int
dsr_allowed_signers_write(const uint8_t key[DSR_PUBLIC_KEY_BYTES],
    const char *principal, const char *namespace, struct dsr_buffer *out,
    struct dsr_error *err)
{
	struct blob blob = { .len = 0 };

	put_typed(&blob, key, DSR_PUBLIC_KEY_BYTES);
	if (dsr_buffer_printf(out, err, "%s namespaces=\"%s\" %s ", principal,
		namespace, KEY_KIND) != 0 ||
	    dsr_base64_encode(out, blob.data, blob.len, err) != 0)
		return -1;
	return dsr_buffer_putc(out, '\n', err);
}
