/* SPDX-License-Identifier: ISC */
/*
 * SSH signatures (OpenSSH's PROTOCOL.sshsig) by an Ed25519 key: the same key
 * as the seal's, so that ssh-keygen -Y verify can check an archive.
 * Source: docs/FORMAT.md 5.3.
 */
#ifndef DOSSIER_SSHSIG_H
#define DOSSIER_SSHSIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/buffer.h"
#include "dossier/error.h"
#include "dossier/minisign.h"

#define DSR_SSHSIG_NAMESPACE "dossier-seal@v1"
#define DSR_SSHSIG_PRINCIPAL "dossier-seal" /* in keys/allowed_signers */
#define DSR_SSHSIG_MAX       4096 /* bytes of an armored signature */

struct dsr_sshsig {
	uint8_t key[DSR_PUBLIC_KEY_BYTES];
	uint8_t signature[DSR_SIGNATURE_BYTES];
};

/*
 * Signs a message (hashed with SHA-512) in a namespace of at most 255 bytes
 * and appends the armored text exactly as ssh-keygen -Y sign writes it.
 */
int dsr_sshsig_sign(const struct dsr_secret_key *key, const char *namespace,
    const void *msg, size_t len, struct dsr_buffer *out,
    struct dsr_error *err);
/*
 * Parses armored text: only what dsr_sshsig_sign writes for this namespace,
 * byte for byte. DSR_EFORMAT
 */
int dsr_sshsig_parse(struct dsr_sshsig *out, const char *namespace,
    const void *text, size_t len, struct dsr_error *err);
/*
 * Does it verify for this message under the key it names, which must be a
 * sound one? Whose key that is, the caller compares.
 */
bool dsr_sshsig_is_valid(const struct dsr_sshsig *sig, const char *namespace,
    const void *msg, size_t len);

/*
 * Appends the line of an allowed_signers file, with LF:
 * PRINCIPAL namespaces="NAMESPACE" ssh-ed25519 BASE64
 */
int dsr_allowed_signers_write(const uint8_t key[DSR_PUBLIC_KEY_BYTES],
    const char *principal, const char *namespace, struct dsr_buffer *out,
    struct dsr_error *err);

#endif
