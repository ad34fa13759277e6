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
#include "dossier/digest.h"
#include "dossier/error.h"
#include "dossier/file.h"
#include "dossier/limits.h"

#define DSR_KEY_ID_BYTES     8
#define DSR_KEY_ID_HEX       17 /* as text: upper case, with NUL */
#define DSR_PUBLIC_KEY_BYTES 32
#define DSR_SIGNATURE_BYTES  64
#define DSR_PREHASH_BYTES    64 /* BLAKE2b-512 */

/* Comments as text, with NUL: the line may be as long as minisign reads. */
#define DSR_UNTRUSTED_COMMENT_SIZE                                            \
	(DSR_MAX_UNTRUSTED_COMMENT - sizeof("untrusted comment: ") + 1)
#define DSR_TRUSTED_COMMENT_SIZE                                              \
	(DSR_MAX_COMMENT - sizeof("trusted comment: ") + 1)
/* Bytes of a whole signature file at the most. */
#define DSR_MINISIG_MAX (DSR_MAX_UNTRUSTED_COMMENT + DSR_MAX_COMMENT + 256)

struct dsr_public_key {
	uint8_t id[DSR_KEY_ID_BYTES]; /* a hint: ids can be forged */
	uint8_t key[DSR_PUBLIC_KEY_BYTES];
};

/* The id as minisign prints it: little endian, upper-case hexadecimal. */
void dsr_key_id_text(char out[DSR_KEY_ID_HEX],
    const uint8_t id[DSR_KEY_ID_BYTES]);

/*
 * What people compare over the telephone and bag-info.txt names: SHA-256 of
 * the 32 bytes of the key, lower-case hexadecimal.
 */
void dsr_key_fingerprint(char out[DSR_SHA256_HEX],
    const uint8_t key[DSR_PUBLIC_KEY_BYTES]);

/*
 * Reads a public key file: exactly what dsr_public_key_write writes, any
 * untrusted comment (printable) and a missing last LF allowed.
 * DSR_EINPUT  with what was wanted; also for a point that libsodium refuses
 *             (small order, not canonical, outside the main subgroup)
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
/* Are these the two lines of a secret key, protected or not? */
bool dsr_secret_key_is_text(const void *text, size_t len);
/* Does this key file text need a passphrase ("Sc")? */
bool dsr_secret_key_is_encrypted(const void *text, size_t len);
/*
 * Reads minisign's secret key file. passphrase may be NULL when none is needed.
 * DSR_EINPUT  not such a file, or the passphrase is missing or wrong
 */
int dsr_secret_key_parse(struct dsr_secret_key **out, const void *text,
    size_t len, const struct dsr_secret *passphrase, struct dsr_error *err);
/*
 * Reads a secret key file and, when it needs one, its passphrase: from the
 * file passphrase_path, or asked on the terminal when that is NULL.
 * DSR_EIO, DSR_EINPUT (others can read a file, or as above), DSR_EUSAGE (no
 * terminal to ask on)
 */
int dsr_secret_key_read(struct dsr_secret_key **out, const char *path,
    const char *passphrase_path, struct dsr_error *err);
/*
 * Writes it, encrypted when passphrase is not NULL (scrypt at libsodium's
 * SENSITIVE limits, as minisign does). Without one, out holds the secret: the
 * caller wipes it.
 */
int dsr_secret_key_write(const struct dsr_secret_key *key,
    const struct dsr_secret *passphrase, struct dsr_buffer *out,
    struct dsr_error *err);
/* The public half. */
void dsr_secret_key_public(const struct dsr_secret_key *key,
    struct dsr_public_key *out);

/* BLAKE2b-512 of a message, which is what gets signed. */
void dsr_minisign_prehash(uint8_t out[DSR_PREHASH_BYTES], const void *msg,
    size_t len);

/*
 * Signs the message with this prehash: appends the four lines of a signature
 * file. Comments: printable ASCII, else DSR_EFORMAT.
 */
int dsr_minisign_sign(const struct dsr_secret_key *key,
    const uint8_t prehash[DSR_PREHASH_BYTES], const char *untrusted_comment,
    const char *trusted_comment, struct dsr_buffer *out,
    struct dsr_error *err);

/* A parsed signature file. */
struct dsr_minisig {
	uint8_t key_id[DSR_KEY_ID_BYTES];
	uint8_t signature[DSR_SIGNATURE_BYTES];
	uint8_t global[DSR_SIGNATURE_BYTES];
	char untrusted_comment[DSR_UNTRUSTED_COMMENT_SIZE];
	char trusted_comment[DSR_TRUSTED_COMMENT_SIZE];
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
    const struct dsr_public_key *key,
    const uint8_t prehash[DSR_PREHASH_BYTES]);

/* A plain Ed25519 signature (for SSHSIG). */
void dsr_secret_key_sign(const struct dsr_secret_key *key,
    uint8_t out[DSR_SIGNATURE_BYTES], const void *msg, size_t len);

#endif
