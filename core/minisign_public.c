/* SPDX-License-Identifier: ISC */
#include "dossier/minisign.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "dossier/digest.h"
#include "dossier/limits.h"
#include "dossier/text.h"
#include "minisign_text.h"

/* The bytes of a public key file: "Ed", id, key. */
#define PUBLIC_BYTES (2 + DSR_KEY_ID_BYTES + DSR_PUBLIC_KEY_BYTES)

void
dsr_key_id_text(char out[DSR_KEY_ID_HEX], const uint8_t id[DSR_KEY_ID_BYTES])
{
	size_t i;

	for (i = 0; i < DSR_KEY_ID_BYTES; i++)
		(void)snprintf(out + 2 * i, 3, "%02X",
		    id[DSR_KEY_ID_BYTES - 1 - i]);
}

void
dsr_key_fingerprint(char out[DSR_SHA256_HEX],
    const uint8_t key[DSR_PUBLIC_KEY_BYTES])
{
	uint8_t digest[DSR_SHA256_BYTES];

	dsr_sha256(digest, key, DSR_PUBLIC_KEY_BYTES);
	dsr_hex_encode(out, digest, sizeof(digest));
}

int
dsr_public_key_parse(struct dsr_public_key *out, const void *text, size_t len,
    struct dsr_error *err)
{
	uint8_t raw[PUBLIC_BYTES];

	if (dsr_secret_key_is_text(text, len))
		return dsr_fail(err, DSR_EINPUT, "this is a secret key, for "
		    "nobody's eyes but its owner's; wanted the public key "
		    "that belongs to it (NAME.pub)");
	if (dsr_key_text_decode(raw, sizeof(raw), text, len, "public key",
		err) != 0)
		return -1;
	if (memcmp(raw, "Ed", 2) != 0)
		return dsr_fail(err, DSR_EINPUT,
		    "the public key is not of the kind \"Ed\" - FORMAT.md 5.2");
	/* small order, not canonical, not on the curve: anyone could sign */
	if (!crypto_core_ed25519_is_valid_point(raw + 2 + DSR_KEY_ID_BYTES))
		return dsr_fail(err, DSR_EINPUT,
		    "the public key is not a sound Ed25519 point - "
		    "FORMAT.md 5.2");
	memcpy(out->id, raw + 2, sizeof(out->id));
	memcpy(out->key, raw + 2 + DSR_KEY_ID_BYTES, sizeof(out->key));
	return 0;
}

int
dsr_public_key_read(struct dsr_public_key *out, const char *path,
    struct dsr_error *err)
{
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, DSR_MAX_KEY_FILE);
	if (dsr_file_read(&text, path, err) != 0) {
		if (err->code == DSR_ELIMIT) /* far too long for a key */
			err->code = DSR_EINPUT;
		goto out;
	}
	if (dsr_public_key_parse(out, dsr_buffer_str(&text), text.len,
		err) != 0) {
		(void)dsr_wrap(err, "%s", path);
		goto out;
	}
	rc = 0;
out:
	if (text.data != NULL) /* perhaps of a secret key */
		sodium_memzero(text.data, text.cap);
	dsr_buffer_fini(&text);
	return rc;
}

int
dsr_public_key_write(const struct dsr_public_key *key, struct dsr_buffer *out,
    struct dsr_error *err)
{
	uint8_t raw[PUBLIC_BYTES];
	char id[DSR_KEY_ID_HEX];

	memcpy(raw, "Ed", 2);
	memcpy(raw + 2, key->id, DSR_KEY_ID_BYTES);
	memcpy(raw + 2 + DSR_KEY_ID_BYTES, key->key, DSR_PUBLIC_KEY_BYTES);
	dsr_key_id_text(id, key->id);
	if (dsr_buffer_printf(out, err, "%sminisign public key %s\n",
		DSR_UNTRUSTED_PREFIX, id) != 0 ||
	    dsr_base64_encode(out, raw, sizeof(raw), err) != 0)
		return -1;
	return dsr_buffer_putc(out, '\n', err);
}
