/* SPDX-License-Identifier: ISC */
/*
 * Who signs with an X.509 key: a table of functions, one for a key in a file
 * and one for a key that never leaves its token (PKCS#11).
 */
#ifndef DOSSIER_SIGNER_H
#define DOSSIER_SIGNER_H

#include <stddef.h>

#include "dossier/buffer.h"
#include "dossier/error.h"

#define DSR_SIGNATURE_MAX 1024 /* bytes: RSA of DSR_MAX_RSA_BITS */

struct dsr_signer_ops {
	const char *name;   /* "file", "pkcs11" */
	const char *prefix; /* what the place of such a key begins with */
	/*
	 * Opens the key at a place. secret_file holds its passphrase or PIN;
	 * NULL: asked on the terminal where one is needed.
	 * DSR_EIO     the file cannot be read
	 * DSR_EINPUT  no such key, not a key, others can read it, or a wrong
	 *             passphrase
	 * DSR_EUSAGE  the place is not well formed, or there is no terminal
	 */
	int (*open)(void **self, const char *place, const char *secret_file,
	    struct dsr_error *err);
	/*
	 * Appends a signature over msg by SHA-256: PKCS#1 v1.5 for RSA, the DER
	 * of r and s for ECDSA.
	 */
	int (*sign)(void *self, struct dsr_buffer *signature, const void *msg,
	    size_t len, struct dsr_error *err);
	void (*free)(void *self); /* wipes the key first */
};

extern const struct dsr_signer_ops dsr_signer_file;
extern const struct dsr_signer_ops dsr_signer_pkcs11;

/* One open key. */
struct dsr_signer {
	const struct dsr_signer_ops *ops; /* NULL: none */
	void *self;
};

/* Opens "pkcs11:..." or a file; errors as open above. */
int dsr_signer_open(struct dsr_signer *s, const char *place,
    const char *secret_file, struct dsr_error *err);
int dsr_signer_sign(struct dsr_signer *s, struct dsr_buffer *signature,
    const void *msg, size_t len, struct dsr_error *err);
void dsr_signer_close(struct dsr_signer *s);

#endif
