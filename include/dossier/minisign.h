/* SPDX-License-Identifier: ISC */
/*
 * minisign's keys and signatures (docs/FORMAT.md 5.2). Signatures are of the
 * prehashed kind "ED" only: Ed25519 over BLAKE2b-512 of the message.
 */
#ifndef DOSSIER_MINISIGN_H
#define DOSSIER_MINISIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/buffer.h"
#include "dossier/error.h"
#include "dossier/file.h"

#define DSR_KEY_ID_BYTES     8
#define DSR_KEY_ID_HEX       17 /* as text: upper case, with NUL */
#define DSR_PUBLIC_KEY_BYTES 32
#define DSR_SIGNATURE_BYTES  64

struct dsr_public_key {
	uint8_t id[DSR_KEY_ID_BYTES]; /* a hint: ids can be forged */
	uint8_t key[DSR_PUBLIC_KEY_BYTES];
};

/* The id as minisign prints it: little endian, upper-case hexadecimal. */
void dsr_key_id_text(char out[DSR_KEY_ID_HEX],
    const uint8_t id[DSR_KEY_ID_BYTES]);

/*
 * Reads a public key file: exactly what dsr_public_key_write writes, any
 * untrusted comment (printable) and a missing last LF allowed.
 * DSR_EINPUT with what was wanted and found.
 */
int dsr_public_key_parse(struct dsr_public_key *out, const void *text,
    size_t len, struct dsr_error *err);
int dsr_public_key_read(struct dsr_public_key *out, const char *path,
    struct dsr_error *err);
/* "untrusted comment: minisign public key ID" LF base64 LF, appended. */
int dsr_public_key_write(const struct dsr_public_key *key,
    struct dsr_buffer *out, struct dsr_error *err);

struct dsr_secret_key; /* in sodium_malloc memory, wiped when freed */

int dsr_secret_key_generate(struct dsr_secret_key **out,
    struct dsr_error *err);
void dsr_secret_key_free(struct dsr_secret_key *key);
/* Does this key file text need a passphrase ("Sc")? */
bool dsr_secret_key_is_encrypted(const void *text, size_t len);
/*
 * Reads minisign's secret key file. passphrase may be NULL when none is needed.
 * DSR_EINPUT  not such a file, or the passphrase is missing or wrong
 */
int dsr_secret_key_parse(struct dsr_secret_key **out, const void *text,
    size_t len, const struct dsr_secret *passphrase, struct dsr_error *err);
/*
 * Writes it, encrypted when passphrase is not NULL (scrypt at libsodium's
 * SENSITIVE limits, as minisign does).
 */
int dsr_secret_key_write(const struct dsr_secret_key *key,
    const struct dsr_secret *passphrase, struct dsr_buffer *out,
    struct dsr_error *err);
/* The public half. */
void dsr_secret_key_public(const struct dsr_secret_key *key,
    struct dsr_public_key *out);

/*
 * Signs the message whose BLAKE2b-512 is prehash (64 bytes): appends the four
 * lines of a signature file. Comments: printable ASCII.
 */
int dsr_minisign_sign(const struct dsr_secret_key *key,
    const uint8_t prehash[64], const char *untrusted_comment,
    const char *trusted_comment, struct dsr_buffer *out,
    struct dsr_error *err);

/* A parsed signature file. */
struct dsr_minisig {
	uint8_t key_id[DSR_KEY_ID_BYTES];
	uint8_t signature[DSR_SIGNATURE_BYTES];
	uint8_t global[DSR_SIGNATURE_BYTES];
	char untrusted_comment[1024];
	char trusted_comment[8192];
};
/*
 * Parses the four lines strictly: canonical base64, LF, printable ASCII, no
 * byte more or less: what it accepts, encoded again, is the same bytes.
 * DSR_EFORMAT
 */
int dsr_minisig_parse(struct dsr_minisig *out, const void *text, size_t len,
    struct dsr_error *err);
/*
 * Does it verify under key, for the message with this prehash, comment
 * included, by libsodium's rule? The ids are not compared here.
 */
bool dsr_minisig_is_valid(const struct dsr_minisig *sig,
    const struct dsr_public_key *key, const uint8_t prehash[64]);

/* A plain Ed25519 signature (for SSHSIG). */
void dsr_secret_key_sign(const struct dsr_secret_key *key,
    uint8_t out[DSR_SIGNATURE_BYTES], const void *msg, size_t len);

#endif
