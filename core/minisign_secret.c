/* SPDX-License-Identifier: ISC */
#include "dossier/minisign.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/random.h"
#include "dossier/text.h"
#include "minisign_text.h"

struct dsr_secret_key {
	uint8_t id[DSR_KEY_ID_BYTES];
	uint8_t key[crypto_sign_SECRETKEYBYTES]; /* seed, then public key */
};

#define SALT_BYTES  crypto_pwhash_scryptsalsa208sha256_SALTBYTES
#define CHECK_BYTES crypto_generichash_BYTES
/* The part under the passphrase: id, key, check sum. */
#define LOCKED_BYTES                                                          \
	(DSR_KEY_ID_BYTES + crypto_sign_SECRETKEYBYTES + CHECK_BYTES)

/* The bytes of a secret key file: all arrays, so no padding. */
struct key_file {
	uint8_t algorithm[2];  /* "Ed" */
	uint8_t derivation[2]; /* "Sc", or two zeros: no passphrase */
	uint8_t checksum[2];   /* "B2": BLAKE2b-256 */
	uint8_t salt[SALT_BYTES];
	uint8_t ops_limit[8]; /* little endian */
	uint8_t mem_limit[8]; /* little endian, bytes */
	uint8_t locked[LOCKED_BYTES];
};
_Static_assert(sizeof(struct key_file) == 158, "minisign's secret key file");

static const uint8_t no_derivation[2];

static void
put_u64(uint8_t out[8], uint64_t value)
{
	size_t i;

	for (i = 0; i < 8; i++)
		out[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t
get_u64(const uint8_t in[8])
{
	uint64_t value = 0;
	size_t i;

	for (i = 8; i-- > 0;)
		value = value << 8 | in[i];
	return value;
}

static int
new_locked(void **out, size_t len, struct dsr_error *err)
{
	if ((*out = sodium_malloc(len)) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "memory for a secret key");
	return 0;
}

/* BLAKE2b-256("Ed" || id || key) */
static void
make_checksum(uint8_t out[CHECK_BYTES], const uint8_t locked[LOCKED_BYTES])
{
	crypto_generichash_state state;

	(void)crypto_generichash_init(&state, NULL, 0, CHECK_BYTES);
	(void)crypto_generichash_update(&state, (const uint8_t *)"Ed", 2);
	(void)crypto_generichash_update(&state, locked,
	    LOCKED_BYTES - CHECK_BYTES);
	(void)crypto_generichash_final(&state, out, CHECK_BYTES);
	sodium_memzero(&state, sizeof(state));
}

/*
 * Puts the passphrase's key stream over the locked part, or takes it off. The
 * file names the costs: they are checked before they are paid.
 */
static int
toggle_lock(struct key_file *file, const struct dsr_secret *passphrase,
    struct dsr_error *err)
{
	uint64_t ops = get_u64(file->ops_limit);
	uint64_t mem = get_u64(file->mem_limit);
	void *stream = NULL;
	size_t i;
	int rc = -1;

	if (ops > DSR_MAX_SCRYPT_OPS || mem > DSR_MAX_SCRYPT_MEMORY)
		return dsr_fail(err, DSR_EINPUT,
		    "the secret key asks for too much work or memory to turn "
		    "the passphrase into a key - FORMAT.md 5.2");
	if (new_locked(&stream, LOCKED_BYTES, err) != 0)
		return -1;
	if (crypto_pwhash_scryptsalsa208sha256(stream, LOCKED_BYTES,
		passphrase->data, passphrase->len, file->salt, ops,
		(size_t)mem) != 0) {
		dsr_fail(err, errno == EINVAL ? DSR_EINPUT : DSR_ENOMEM,
		    "scrypt with %llu MiB of memory",
		    (unsigned long long)(mem >> 20));
		goto out;
	}
	for (i = 0; i < LOCKED_BYTES; i++)
		file->locked[i] ^= ((const uint8_t *)stream)[i];
	rc = 0;
out:
	sodium_free(stream);
	return rc;
}

int
dsr_secret_key_generate(struct dsr_secret_key **out, struct dsr_error *err)
{
	uint8_t seed[crypto_sign_SEEDBYTES], public[DSR_PUBLIC_KEY_BYTES];
	void *memory = NULL;

	*out = NULL;
	if (new_locked(&memory, sizeof(**out), err) != 0)
		return -1;
	*out = memory;
	dsr_random_bytes(seed, sizeof(seed));
	dsr_random_bytes((*out)->id, sizeof((*out)->id));
	(void)crypto_sign_seed_keypair(public, (*out)->key, seed);
	sodium_memzero(seed, sizeof(seed));
	return 0;
}

void
dsr_secret_key_free(struct dsr_secret_key *key)
{
	sodium_free(key); /* wipes */
}

bool
dsr_secret_key_is_text(const void *text, size_t len)
{
	struct key_file file;
	struct dsr_error ignored;
	bool is = dsr_key_text_decode((uint8_t *)&file, sizeof(file), text,
	    len, "secret key", &ignored) == 0;

	sodium_memzero(&file, sizeof(file));
	return is;
}

bool
dsr_secret_key_is_encrypted(const void *text, size_t len)
{
	struct key_file file;
	struct dsr_error ignored;
	bool encrypted;

	encrypted = dsr_key_text_decode((uint8_t *)&file, sizeof(file), text,
	    len, "secret key", &ignored) == 0 &&
	    memcmp(file.derivation, "Sc", 2) == 0;
	sodium_memzero(&file, sizeof(file));
	return encrypted;
}

static int
unlock_file(struct key_file *file, const struct dsr_secret *passphrase,
    struct dsr_error *err)
{
	uint8_t check[CHECK_BYTES];
	const uint8_t *found = file->locked + LOCKED_BYTES - CHECK_BYTES;

	if (memcmp(file->algorithm, "Ed", 2) != 0 ||
	    memcmp(file->checksum, "B2", 2) != 0)
		return dsr_fail(err, DSR_EINPUT, "the secret key is not of "
		    "the kind \"Ed\" with a check sum \"B2\" - FORMAT.md 5.2");
	if (memcmp(file->derivation, no_derivation, 2) == 0) {
		make_checksum(check, file->locked);
		/* minisign 0.11 leaves it zero without a passphrase */
		if (sodium_is_zero(found, CHECK_BYTES) ||
		    sodium_memcmp(check, found, CHECK_BYTES) == 0)
			return 0;
		return dsr_fail(err, DSR_EINPUT,
		    "the check sum of the secret key does not match: the file "
		    "is damaged");
	}
	if (memcmp(file->derivation, "Sc", 2) != 0)
		return dsr_fail(err, DSR_EINPUT, "the secret key is protected "
		    "by something else than scrypt - FORMAT.md 5.2");
	if (passphrase == NULL)
		return dsr_fail(err, DSR_EINPUT,
		    "the secret key needs its passphrase");
	if (toggle_lock(file, passphrase, err) != 0)
		return -1;
	make_checksum(check, file->locked);
	if (sodium_memcmp(check, found, CHECK_BYTES) != 0)
		return dsr_fail(err, DSR_EINPUT,
		    "the passphrase does not open this secret key");
	return 0;
}

/*
 * Signing with a public half that does not belong to the seed would give the
 * seed away, so the public half is made again and compared.
 */
static bool
halves_match(const uint8_t key[crypto_sign_SECRETKEYBYTES])
{
	uint8_t made[crypto_sign_SECRETKEYBYTES], public[DSR_PUBLIC_KEY_BYTES];
	bool same;

	(void)crypto_sign_seed_keypair(public, made, key);
	same = sodium_memcmp(made, key, sizeof(made)) == 0;
	sodium_memzero(made, sizeof(made));
	return same;
}

int
dsr_secret_key_parse(struct dsr_secret_key **out, const void *text, size_t len,
    const struct dsr_secret *passphrase, struct dsr_error *err)
{
	void *file_memory = NULL, *key_memory = NULL;
	struct dsr_secret_key *key;
	struct key_file *file;
	int rc = -1;

	*out = NULL;
	if (new_locked(&file_memory, sizeof(*file), err) != 0 ||
	    new_locked(&key_memory, sizeof(*key), err) != 0)
		goto out;
	file = file_memory;
	key = key_memory;
	if (dsr_key_text_decode(file_memory, sizeof(*file), text, len,
		"secret key", err) != 0 ||
	    unlock_file(file, passphrase, err) != 0)
		goto out;
	memcpy(key->id, file->locked, sizeof(key->id));
	memcpy(key->key, file->locked + sizeof(key->id), sizeof(key->key));
	if (!halves_match(key->key)) {
		dsr_fail(err, DSR_EINPUT, "the two halves of the secret key "
		    "do not belong together");
		goto out;
	}
	*out = key;
	key_memory = NULL;
	rc = 0;
out:
	sodium_free(file_memory);
	sodium_free(key_memory);
	return rc;
}

int
dsr_secret_key_read(struct dsr_secret_key **out, const char *path,
    const char *passphrase_path, struct dsr_error *err)
{
	struct dsr_secret text = { NULL, 0 }, passphrase = { NULL, 0 };
	struct dsr_public_key public;
	struct dsr_error ignored;
	bool encrypted;
	int rc = -1;

	*out = NULL;
	if (dsr_secret_read(&text, path, err) != 0)
		goto out;
	encrypted = dsr_secret_key_is_encrypted(text.data, text.len);
	if (encrypted && passphrase_path != NULL &&
	    dsr_secret_read(&passphrase, passphrase_path, err) != 0)
		goto out;
	if (encrypted && passphrase_path == NULL &&
	    dsr_secret_prompt(&passphrase, _("Passphrase of the key: "),
		err) != 0)
		goto out;
	rc = dsr_secret_key_parse(out, text.data, text.len,
	    encrypted ? &passphrase : NULL, err);
	if (rc != 0)
		(void)dsr_wrap(err, "%s", path);
out:
	/* no advice about secrets for what is none */
	if (rc != 0 && dsr_public_key_read(&public, path, &ignored) == 0)
		dsr_fail(err, DSR_EINPUT, "%s: this is a public key; wanted "
		    "the secret key that belongs to it (NAME.key)", path);
	dsr_secret_fini(&text);
	dsr_secret_fini(&passphrase);
	return rc;
}

int
dsr_secret_key_write(const struct dsr_secret_key *key,
    const struct dsr_secret *passphrase, struct dsr_buffer *out,
    struct dsr_error *err)
{
	void *memory = NULL;
	struct key_file *file;
	int rc = -1;

	if (new_locked(&memory, sizeof(*file), err) != 0)
		return -1;
	file = memory;
	memset(file, 0, sizeof(*file));
	memcpy(file->algorithm, "Ed", 2);
	memcpy(file->checksum, "B2", 2);
	memcpy(file->locked, key->id, sizeof(key->id));
	memcpy(file->locked + sizeof(key->id), key->key, sizeof(key->key));
	if (passphrase != NULL) {
		memcpy(file->derivation, "Sc", 2);
		dsr_random_bytes(file->salt, sizeof(file->salt));
		put_u64(file->ops_limit, DSR_SCRYPT_OPS);
		put_u64(file->mem_limit, DSR_SCRYPT_MEMORY);
		make_checksum(file->locked + LOCKED_BYTES - CHECK_BYTES,
		    file->locked);
		if (toggle_lock(file, passphrase, err) != 0)
			goto out;
	}
	/* room for all first: growing would leave copies behind */
	if (dsr_buffer_reserve(out, 512, err) != 0 ||
	    dsr_buffer_printf(out, err, "%sminisign %ssecret key\n",
		DSR_UNTRUSTED_PREFIX, passphrase != NULL ? "encrypted " :
		"") != 0 ||
	    dsr_base64_encode(out, file, sizeof(*file), err) != 0)
		goto out;
	rc = dsr_buffer_putc(out, '\n', err);
out:
	sodium_free(memory);
	return rc;
}

void
dsr_secret_key_public(const struct dsr_secret_key *key,
    struct dsr_public_key *out)
{
	memcpy(out->id, key->id, sizeof(out->id));
	memcpy(out->key, key->key + crypto_sign_SEEDBYTES, sizeof(out->key));
}

void
dsr_secret_key_sign(const struct dsr_secret_key *key,
    uint8_t out[DSR_SIGNATURE_BYTES], const void *msg, size_t len)
{
	(void)crypto_sign_detached(out, NULL, msg, len, key->key);
}
