/* SPDX-License-Identifier: ISC */
/*
 * Encrypted files of age, version 1 (https://age-encryption.org/v1): X25519
 * recipients, or a passphrase through scrypt. Read with or without armor,
 * written without. Both directions stream, in constant memory.
 * Source: docs/FORMAT.md section 5.5.
 */
#ifndef DOSSIER_AGE_H
#define DOSSIER_AGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/error.h"
#include "dossier/file.h"
#include "dossier/stream.h"

/* Bytes at the start of a file that dsr_age_is_likely wants to see. */
#define DSR_AGE_INTRO 64

/* ---- keys --------------------------------------------------------------- */

/* Those who may read: X25519 keys, or one passphrase. */
struct dsr_age_recipients;

/*
 * words, count      recipients as age writes them ("age1..."); borrowed
 * passphrase_file   or NULL
 *
 * Either words or the file must be given.
 *   DSR_EUSAGE  both or none is given; a word is no recipient, or not one that
 *               anybody could keep a secret with
 *   DSR_EINPUT  the file can be read by others, or holds no passphrase
 *   DSR_ELIMIT  more than DSR_MAX_AGE_STANZAS recipients
 *   DSR_EIO, DSR_ENOMEM
 */
int dsr_age_recipients_new(struct dsr_age_recipients **out,
    const char *const *words, size_t count, const char *passphrase_file,
    struct dsr_error *err);
void dsr_age_recipients_free(struct dsr_age_recipients *r);

/* The keys of those who read: secret X25519 keys, or a passphrase. */
struct dsr_age_identities;

/*
 * identity_file     a key file of age: comments, empty lines, and one
 *                   "AGE-SECRET-KEY-1..." a line; or NULL
 * passphrase_file   or NULL
 *
 * Either must be given.
 *   DSR_EUSAGE  both or none
 *   DSR_EINPUT  a file that others can read, no key file, or empty
 *   DSR_EIO, DSR_ENOMEM
 */
int dsr_age_identities_new(struct dsr_age_identities **out,
    const char *identity_file, const char *passphrase_file,
    struct dsr_error *err);
/* From the text of a key file (len bytes, borrowed). DSR_EINPUT, DSR_ENOMEM */
int dsr_age_identities_parse(struct dsr_age_identities **out,
    const char *text, size_t len, struct dsr_error *err);
void dsr_age_identities_free(struct dsr_age_identities *i);

/* ---- writing ------------------------------------------------------------- */

struct dsr_age_writer;

/*
 * Writes the header. The sink is copied; what it leads to is borrowed.
 * DSR_ENOMEM, and what the sink fails with
 */
int dsr_age_writer_new(struct dsr_age_writer **out,
    const struct dsr_age_recipients *recipients, const struct dsr_sink *sink,
    struct dsr_error *err);
int dsr_age_writer_write(struct dsr_age_writer *w, const void *data,
    size_t len, struct dsr_error *err);
/* Writes the last chunk: without it the file is a cut one. */
int dsr_age_writer_finish(struct dsr_age_writer *w, struct dsr_error *err);
void dsr_age_writer_free(struct dsr_age_writer *w);
/* A writer as a sink; finish is still to be called. */
void dsr_sink_of_age(struct dsr_sink *out, struct dsr_age_writer *w);

/* ---- reading ------------------------------------------------------------- */

/*
 * Could a file that begins with these bytes (up to DSR_AGE_INTRO of them) be
 * one of age, armored or not?
 */
bool dsr_age_is_likely(const void *data, size_t len);

struct dsr_age_reader;

/*
 * Reads the header and finds the key. The source is copied, what it leads to
 * is borrowed; identities may be freed afterwards.
 *   DSR_EFORMAT     not a file of age, or its header is malformed
 *   DSR_ELIMIT      the header is too long, or asks for too much work
 *   DSR_EKEY        none of the identities opens it
 *   DSR_ESIGNATURE  a key opens it, but the header was changed
 *   DSR_ENOMEM, and what the source fails with
 */
int dsr_age_reader_new(struct dsr_age_reader **out,
    const struct dsr_source *source,
    const struct dsr_age_identities *identities, struct dsr_error *err);
void dsr_age_reader_free(struct dsr_age_reader *r);

/*
 * Up to len bytes of plaintext, each of them authentic; 0 only behind the last
 * chunk, when nothing follows it. Bytes that were handed out before a failure
 * are a beginning of what was encrypted, and no more than that.
 *   DSR_EFORMAT     the file was cut, or something follows its end
 *   DSR_ESIGNATURE  it was changed
 *   and what the source fails with
 */
int64_t dsr_age_read(struct dsr_age_reader *r, void *buf, size_t len,
    struct dsr_error *err);
/* A reader as a source (reader: the ctx). */
void dsr_source_of_age(struct dsr_source *out, struct dsr_age_reader *r);

/* Is this failure of a reader one of the file, not of the system? */
bool dsr_age_is_damage(const struct dsr_error *err);

#endif
