/* SPDX-License-Identifier: ISC */
/*
 * Files of age in memory, made step by step from its specification with
 * libsodium alone, so that a test can make each step wrong on its own.
 */
#ifndef DOSSIER_TESTS_RAW_AGE_H
#define DOSSIER_TESTS_RAW_AGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/age.h"

/* The key pair of the examples in age's specification. */
#define RAW_AGE_IDENTITY \
	"AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ" \
	"4EGAEX"
#define RAW_AGE_RECIPIENT \
	"age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
#define RAW_AGE_PASSPHRASE "correct horse"

struct raw_age {
	uint8_t file_key[33]; /* the last ones are for a key that is too long */
	uint8_t nonce[16];
	uint64_t chunk;
	size_t len;
	uint8_t bytes[1048576];
};

/* Everything is fixed: file key, nonce, ephemeral secret, salt. */
void raw_age_init(struct raw_age *a);
void raw_age_put(struct raw_age *a, const void *data, size_t len);
void raw_age_text(struct raw_age *a, const char *text);

/*
 * Text for a header: what stands in it for
 *   @S @B        share and body of an X25519 stanza for RAW_AGE_RECIPIENT
 *   @P @Q        salt and body of a scrypt stanza, log N 10
 *   @s @b @p @q  the same with an unused bit set
 *   @x @y        share, body one byte longer; @w: a file key too long in it
 *   @z           a share that is all zero; @c a body with a changed bit
 *   @Z           64 columns of base64
 */
void raw_age_header(struct raw_age *a, const char *text);
/*
 * The last line of the header: format has one %s for the MAC, which is over
 * all so far and "---".
 */
void raw_age_mac(struct raw_age *a, const char *format);
/* The nonce of the payload; then its chunks, of bytes that tell their place. */
void raw_age_nonce(struct raw_age *a);
void raw_age_chunk(struct raw_age *a, size_t len, bool last);
uint8_t raw_age_byte(uint64_t offset);

/* A right file for RAW_AGE_RECIPIENT with len (<= 65536) such bytes. */
void raw_age_make(struct raw_age *a, size_t len);

/* Memory as a source; reads at most step bytes at a time. */
struct memory_source {
	const uint8_t *bytes;
	size_t len, at, step;
};
void memory_source(struct dsr_source *out, struct memory_source *m);

/* The example's key, or a passphrase when one is given. */
struct dsr_age_identities *raw_age_keys(const char *passphrase);

/*
 * Reads a file with these keys to its end. DSR_OK when it ends well; *out_len
 * is how many right bytes came out. Aborts when a wrong byte comes out.
 */
enum dsr_code raw_age_read(const void *bytes, size_t len,
    const char *passphrase, size_t *out_len, struct dsr_error *err);
/* The test fails unless a ends with this code after wanted_len bytes. */
void raw_age_expect(const struct raw_age *a, const char *why,
    enum dsr_code wanted, const char *passphrase, size_t wanted_len);

#endif
