/* SPDX-License-Identifier: ISC */
/*
 * What the parts of age share: age_keys.c (key files), age_bech32.c (their
 * spelling), age_input.c and age_armor.c (bytes in), age_header.c (its text),
 * age_crypto.c (what is in it), age_reader.c and age_writer.c (the payload).
 */
#ifndef DOSSIER_CORE_AGE_PRIVATE_H
#define DOSSIER_CORE_AGE_PRIVATE_H

#include "dossier/age.h"
#include "dossier/buffer.h"
#include "dossier/limits.h"

#define DSR_AGE_KEY      32u    /* bytes of X25519 keys and of derived keys */
#define DSR_AGE_FILE_KEY 16u
#define DSR_AGE_BODY     32u    /* a file key and its tag */
#define DSR_AGE_SALT     16u    /* of scrypt */
#define DSR_AGE_NONCE    16u    /* of the payload */
#define DSR_AGE_CHUNK    65536u /* bytes of plaintext */
#define DSR_AGE_TAG      16u
#define DSR_AGE_COLUMNS  64u    /* of base64 */
#define DSR_AGE_VERSION  "age-encryption.org/v1"

/* ---- keys ---------------------------------------------------------------- */

struct dsr_age_recipients {
	uint8_t (*keys)[DSR_AGE_KEY];
	size_t count;
	struct dsr_secret passphrase; /* data is NULL when there is none */
	unsigned int work_factor;
};

struct dsr_age_identity {
	uint8_t secret[DSR_AGE_KEY];
	uint8_t public[DSR_AGE_KEY];
};

struct dsr_age_identities {
	struct dsr_age_identity *keys; /* sodium_malloc */
	size_t count;
	struct dsr_secret passphrase;
};

/*
 * Decodes the Bech32 (BIP 173) form of 32 bytes behind the prefix hrp, whose
 * case is that of the whole.
 */
bool dsr_age_bech32_decode(uint8_t out[DSR_AGE_KEY], const char *hrp,
    const char *s, size_t len);

/* ---- bytes in ------------------------------------------------------------- */

struct dsr_age_input {
	struct dsr_source source;
	bool ended;
	size_t start, end; /* of what the buffer holds */
	uint8_t buffer[4096];
};

void dsr_age_input_init(struct dsr_age_input *in,
    const struct dsr_source *source);
/* Bytes that are ready; 0 at the end, -1 on failure. */
int64_t dsr_age_input_peek(struct dsr_age_input *in, const uint8_t **bytes,
    struct dsr_error *err);
/* Reads until len bytes or the end. */
int64_t dsr_age_input_read(struct dsr_age_input *in, void *buf, size_t len,
    struct dsr_error *err);
/*
 * The next line with its LF (the last one may lack it) into line; 1, 0 at the
 * end, -1 (DSR_ELIMIT: longer than line->max).
 */
int dsr_age_input_line(struct dsr_age_input *in, struct dsr_buffer *line,
    struct dsr_error *err);

/* What stands in an armored file, as a source. */
struct dsr_age_armor;
int dsr_age_armor_new(struct dsr_age_armor **out, struct dsr_age_input *in,
    struct dsr_error *err);
void dsr_age_armor_free(struct dsr_age_armor *a);
void dsr_age_armor_source(struct dsr_age_armor *a, struct dsr_source *out);

/* ---- the header ----------------------------------------------------------- */

enum dsr_age_kind { DSR_AGE_X25519, DSR_AGE_SCRYPT };

struct dsr_age_stanza {
	enum dsr_age_kind kind;
	uint8_t salt[DSR_AGE_KEY]; /* of scrypt, or the ephemeral share */
	unsigned int work_factor;  /* of scrypt */
	uint8_t body[DSR_AGE_BODY];
};

struct dsr_age_header {
	struct dsr_buffer text; /* what the MAC is over */
	struct dsr_age_stanza *stanzas; /* those of a known kind */
	size_t count, capacity;
	size_t all;                     /* of any kind */
	uint8_t mac[DSR_AGE_KEY];
};

void dsr_age_header_init(struct dsr_age_header *h);
void dsr_age_header_fini(struct dsr_age_header *h);
/* Reads it and nothing behind it. DSR_EFORMAT, DSR_ELIMIT, DSR_ENOMEM */
int dsr_age_header_read(struct dsr_age_header *h, struct dsr_age_input *in,
    struct dsr_error *err);
/* One stanza behind the others of the text. */
int dsr_age_stanza_write(struct dsr_buffer *text,
    const struct dsr_age_stanza *s, struct dsr_error *err);

/* ---- what is in it -------------------------------------------------------- */

/* HKDF-SHA-256 (RFC 5869) with 32 bytes of output. */
void dsr_age_hkdf(uint8_t out[DSR_AGE_KEY], const void *secret,
    size_t secret_len, const void *salt, size_t salt_len, const char *info);
/* HMAC over the text of a header. */
void dsr_age_mac(uint8_t out[DSR_AGE_KEY],
    const uint8_t file_key[DSR_AGE_FILE_KEY], const struct dsr_buffer *text);
/* Fills a stanza for recipient i of r. */
int dsr_age_wrap(struct dsr_age_stanza *out,
    const struct dsr_age_recipients *r, size_t i,
    const uint8_t file_key[DSR_AGE_FILE_KEY], struct dsr_error *err);
/* The file key. DSR_EKEY, DSR_EFORMAT, DSR_ENOMEM */
int dsr_age_unwrap(uint8_t file_key[DSR_AGE_FILE_KEY],
    const struct dsr_age_header *h, const struct dsr_age_identities *keys,
    struct dsr_error *err);
/* Nonce of a chunk: 11 bytes of its number, big endian, and is it the last? */
void dsr_age_chunk_nonce(uint8_t out[12], uint64_t number, bool last);

#endif
