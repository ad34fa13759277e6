/* SPDX-License-Identifier: ISC */
/*
 * URIs that name a key in a token (RFC 7512), as far as signing needs them:
 *   pkcs11:token=T;serial=S;object=O;id=%01?module-path=P&pin-source=file:F
 */
#ifndef DOSSIER_CORE_PKCS11_URI_H
#define DOSSIER_CORE_PKCS11_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "dossier/error.h"

#define DSR_PKCS11_WORD 256 /* bytes of one value, with its NUL */

struct dsr_pkcs11_uri {
	char token[DSR_PKCS11_WORD];  /* label; "" where none was given */
	char serial[DSR_PKCS11_WORD];
	char object[DSR_PKCS11_WORD]; /* label of the key */
	char id[DSR_PKCS11_WORD];     /* its CKA_ID; may hold NUL bytes */
	size_t id_len;
	char module_path[DSR_PKCS11_WORD];
	char pin_source[DSR_PKCS11_WORD]; /* path of a file */
};

/*
 * DSR_EUSAGE  not such a URI, one that names neither key nor token, or one with
 *             an attribute that is not known (it would be ignored) or that may
 *             not stand on a command line (pin-value)
 */
int dsr_pkcs11_uri_parse(struct dsr_pkcs11_uri *out, const char *uri,
    struct dsr_error *err);

#endif
