/* SPDX-License-Identifier: ISC */
#include "dossier/roots.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "dossier/file.h"
#include "dossier/language.h"

#define AUTH_LEVEL 2 /* 112 bits: RSA from 2,048 on, no SHA-1 */

struct root {
	X509 *x509;
	const char *from; /* in files */
};

struct dsr_roots {
	struct root *roots;
	size_t count;
	X509_CRL **lists;
	size_t list_count;
	char **files; /* names that roots point to */
	size_t file_count;
	bool use_system;
};

int
dsr_roots_new(struct dsr_roots **out, struct dsr_error *err)
{
	*out = calloc(1, sizeof(**out));
	return *out != NULL ? 0 : dsr_fail(err, DSR_ENOMEM, "roots");
}

void
dsr_roots_free(struct dsr_roots *roots)
{
	size_t i;

	if (roots == NULL)
		return;
	for (i = 0; i < roots->count; i++)
		X509_free(roots->roots[i].x509);
	for (i = 0; i < roots->list_count; i++)
		X509_CRL_free(roots->lists[i]);
	for (i = 0; i < roots->file_count; i++)
		free(roots->files[i]);
	free(roots->roots);
	free(roots->lists);
	free(roots->files);
	free(roots);
}

void
dsr_roots_use_system(struct dsr_roots *roots)
{
	roots->use_system = true;
}

size_t
dsr_roots_count(const struct dsr_roots *roots)
{
	return roots->count;
}

/* ---- filling -------------------------------------------------------------------- */

static const char *
keep_name(struct dsr_roots *roots, const char *name, struct dsr_error *err)
{
	char **grown = realloc(roots->files,
	    (roots->file_count + 1) * sizeof(*grown));

	if (grown != NULL) {
		roots->files = grown;
		if ((grown[roots->file_count] = strdup(name)) != NULL)
			return grown[roots->file_count++];
	}
	(void)dsr_fail(err, DSR_ENOMEM, "roots");
	return NULL;
}

static int
add_root(struct dsr_roots *roots, X509 *x509, const char *from,
    struct dsr_error *err)
{
	struct root *grown;

	if (roots->count == DSR_MAX_ROOTS)
		return dsr_fail(err, DSR_ELIMIT, "%s: more than %u roots",
		    from, DSR_MAX_ROOTS);
	grown = realloc(roots->roots, (roots->count + 1) * sizeof(*grown));
	if (grown == NULL)
		return dsr_fail(err, DSR_ENOMEM, "roots");
	roots->roots = grown;
	if (X509_up_ref(x509) != 1)
		return dsr_fail(err, DSR_ENOMEM, "roots");
	grown[roots->count].x509 = x509;
	grown[roots->count++].from = from;
	return 0;
}

static int
add_list(struct dsr_roots *roots, X509_CRL *list, const char *from,
    struct dsr_error *err)
{
	X509_CRL **grown;

	if (roots->list_count == DSR_MAX_ROOTS)
		return dsr_fail(err, DSR_ELIMIT,
		    "%s: more than %u revocation lists", from, DSR_MAX_ROOTS);
	grown = realloc(roots->lists,
	    (roots->list_count + 1) * sizeof(X509_CRL *));
	if (grown == NULL)
		return dsr_fail(err, DSR_ENOMEM, "revocation lists");
	roots->lists = grown;
	if (X509_CRL_up_ref(list) != 1)
		return dsr_fail(err, DSR_ENOMEM, "revocation lists");
	grown[roots->list_count++] = list;
	return 0;
}

int
dsr_roots_add(struct dsr_roots *roots, const struct dsr_certificates *list,
    size_t i, const char *from, struct dsr_error *err)
{
	const char *name = keep_name(roots, from, err);

	return name == NULL ? -1
	    : add_root(roots, dsr_certificates_x509(list, i), name, err);
}

static int
add_all(struct dsr_roots *roots, const STACK_OF(X509_INFO) *all,
    const char *from, struct dsr_error *err)
{
	int i, found = 0;

	for (i = 0; i < sk_X509_INFO_num(all); i++) {
		const X509_INFO *one = sk_X509_INFO_value(all, i);

		if (one->x509 != NULL &&
		    add_root(roots, one->x509, from, err) != 0)
			return -1;
		if (one->crl != NULL &&
		    add_list(roots, one->crl, from, err) != 0)
			return -1;
		found += one->x509 != NULL || one->crl != NULL;
	}
	return found > 0 ? 0
	    : dsr_fail(err, DSR_EINPUT, N_("%s: wanted certificates in PEM, "
		"found none"), from);
}

/* A private key in such a file is nobody's business: no passphrase is asked. */
static int
no_passphrase(char *buf, int size, int writing, void *ctx)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

int
dsr_roots_read(struct dsr_roots *roots, const char *path,
    struct dsr_error *err)
{
	STACK_OF(X509_INFO) *all = NULL;
	const char *from = keep_name(roots, path, err);
	struct dsr_buffer text;
	BIO *bio = NULL;
	int rc = -1;

	dsr_buffer_init(&text, DSR_MAX_ROOT_FILE);
	if (from == NULL || dsr_file_read(&text, path, err) != 0)
		goto out;
	if ((bio = BIO_new_mem_buf(dsr_buffer_str(&text), (int)text.len)) ==
	    NULL) {
		dsr_fail(err, DSR_ENOMEM, "%s", path);
		goto out;
	}
	all = PEM_X509_INFO_read_bio(bio, NULL, no_passphrase, NULL);
	if (all == NULL)
		dsr_fail(err, DSR_EINPUT,
		    "%s: wanted certificates in PEM, found something else",
		    path);
	else
		rc = add_all(roots, all, from, err);
out:
	ERR_clear_error();
	sk_X509_INFO_pop_free(all, X509_INFO_free);
	BIO_free(bio);
	dsr_buffer_fini(&text);
	return rc;
}

/* ---- revocation ------------------------------------------------------------------ */

static bool
is_after(const ASN1_TIME *t, time_t at)
{
	return t != NULL && ASN1_TIME_cmp_time_t(t, at) >= 0;
}

/* Whole lists only: one with a critical scope speaks of some certificates. */
static bool
is_list_of(X509_CRL *list, X509 *issuer)
{
	EVP_PKEY *key = X509_get0_pubkey(issuer);
	int scope = X509_CRL_get_ext_by_NID(list,
	    NID_issuing_distribution_point, -1);
	int delta = X509_CRL_get_ext_by_NID(list, NID_delta_crl, -1);

	return scope < 0 && delta < 0 && key != NULL &&
	    X509_NAME_cmp(X509_CRL_get_issuer(list),
		X509_get_subject_name(issuer)) == 0 &&
	    X509_CRL_verify(list, key) == 1;
}

/* RFC 5280 5.3.1: from when on nothing that the key signed can be believed. */
static bool
is_compromise(const X509_REVOKED *entry)
{
	ASN1_ENUMERATED *reason =
	    X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
	long code = reason == NULL ? CRL_REASON_UNSPECIFIED
				   : ASN1_ENUMERATED_get(reason);

	ASN1_ENUMERATED_free(reason);
	return code == CRL_REASON_KEY_COMPROMISE ||
	    code == CRL_REASON_CA_COMPROMISE ||
	    code == CRL_REASON_AA_COMPROMISE;
}

/* One certificate against one list of its issuer's. */
static bool
is_revoked(X509_CRL *list, X509 *x509, time_t at)
{
	X509_REVOKED *entry = NULL;

	if (X509_CRL_get0_by_cert(list, &entry, x509) != 1)
		return false;
	return is_compromise(entry) ||
	    !is_after(X509_REVOKED_get0_revocationDate(entry), at + 1);
}

/* Does a list speak of this time: made later, or still in force then? */
static bool
is_about(const X509_CRL *list, time_t at)
{
	return is_after(X509_CRL_get0_lastUpdate(list), at) ||
	    is_after(X509_CRL_get0_nextUpdate(list), at);
}

static void
check_revocation(const struct dsr_roots *roots,
    const STACK_OF(X509) *chain, time_t at, struct dsr_path *path)
{
	size_t k;
	int i;

	for (i = 0; i + 1 < sk_X509_num(chain); i++)
		for (k = 0; k < roots->list_count; k++) {
			X509_CRL *list = roots->lists[k];
			X509 *x509 = sk_X509_value(chain, i);

			if (!is_list_of(list, sk_X509_value(chain, i + 1)))
				continue;
			if (i == 0 && is_about(list, at))
				path->has_crl = true;
			if (is_revoked(list, x509, at))
				path->state = DSR_PATH_REVOKED;
		}
	if (path->state == DSR_PATH_REVOKED)
		(void)snprintf(path->why, sizeof(path->why),
		    "a certificate was revoked");
}

/* ---- judging ------------------------------------------------------------------------ */

static X509_STORE *
make_store(const struct dsr_roots *roots)
{
	X509_STORE *store = X509_STORE_new();
	size_t i;

	for (i = 0; store != NULL && i < roots->count; i++)
		if (X509_STORE_add_cert(store, roots->roots[i].x509) != 1) {
			X509_STORE_free(store);
			store = NULL;
		}
	/* without a bundle on this system there is simply none */
	if (store != NULL && roots->use_system)
		(void)X509_STORE_set_default_paths(store);
	return store;
}

static STACK_OF(X509) *
make_stack(const struct dsr_certificates *list)
{
	STACK_OF(X509) *stack = sk_X509_new_null();
	size_t i;

	for (i = 0; stack != NULL && i < dsr_certificates_count(list); i++)
		if (sk_X509_push(stack, dsr_certificates_x509(list, i)) == 0) {
			sk_X509_free(stack);
			stack = NULL;
		}
	return stack;
}

static enum dsr_path_state
state_of(int error)
{
	switch (error) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return DSR_PATH_UNKNOWN;
	case X509_V_ERR_CERT_NOT_YET_VALID:
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return DSR_PATH_EXPIRED;
	default:
		return DSR_PATH_BAD;
	}
}

static const char *
find_root(const struct dsr_roots *roots, const STACK_OF(X509) *chain)
{
	const X509 *last = sk_X509_value(chain, sk_X509_num(chain) - 1);
	size_t i;

	for (i = 0; i < roots->count; i++)
		if (X509_cmp(roots->roots[i].x509, last) == 0)
			return roots->roots[i].from;
	return NULL;
}

static int
copy_chain(const STACK_OF(X509) *stack, struct dsr_certificates **out,
    struct dsr_error *err)
{
	int i;

	if (dsr_certificates_new(out, err) != 0)
		return -1;
	for (i = 0; i < sk_X509_num(stack); i++)
		if (dsr_certificates_add_x509(*out, sk_X509_value(stack, i),
			err) != 0) {
			dsr_certificates_free(*out);
			*out = NULL;
			return -1;
		}
	return 0;
}

static bool
prepare(X509_STORE_CTX *ctx, X509_STORE *store, X509 *leaf,
    STACK_OF(X509) *others, enum dsr_path_purpose purpose, time_t at)
{
	X509_VERIFY_PARAM *param;

	if (X509_STORE_CTX_init(ctx, store, leaf, others) != 1)
		return false;
	param = X509_STORE_CTX_get0_param(ctx);
	X509_VERIFY_PARAM_set_time(param, at);
	X509_VERIFY_PARAM_set_depth(param, (int)DSR_MAX_CERTIFICATES - 2);
	X509_VERIFY_PARAM_set_auth_level(param, AUTH_LEVEL);
	return X509_VERIFY_PARAM_set_purpose(param,
	    purpose == DSR_PATH_FOR_TIME ? X509_PURPOSE_TIMESTAMP_SIGN
					 : X509_PURPOSE_ANY) == 1;
}

/* What OpenSSL found, and what the revocation lists add. */
static int
conclude(const struct dsr_roots *roots, X509_STORE_CTX *ctx, bool trusted,
    time_t at, struct dsr_path *path, struct dsr_certificates **chain,
    struct dsr_error *err)
{
	const STACK_OF(X509) *found = X509_STORE_CTX_get0_chain(ctx);
	int error = X509_STORE_CTX_get_error(ctx);
	int depth = X509_STORE_CTX_get_error_depth(ctx);

	if (!trusted) {
		path->state = state_of(error);
		(void)snprintf(path->why, sizeof(path->why),
		    depth > 0 ? "%s: issuer %d above it" : "%s",
		    X509_verify_cert_error_string(error), depth);
		return 0;
	}
	path->state = DSR_PATH_TRUSTED;
	path->from = find_root(roots, found);
	check_revocation(roots, found, at, path);
	if (chain == NULL || path->state != DSR_PATH_TRUSTED)
		return 0;
	return copy_chain(found, chain, err);
}

int
dsr_roots_judge(const struct dsr_roots *roots,
    const struct dsr_certificates *list, size_t leaf,
    enum dsr_path_purpose purpose, time_t at, struct dsr_path *path,
    struct dsr_certificates **chain, struct dsr_error *err)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_STORE *store = make_store(roots);
	STACK_OF(X509) *others = make_stack(list);
	int rc = -1;

	memset(path, 0, sizeof(*path));
	if (chain != NULL)
		*chain = NULL;
	if (ctx == NULL || store == NULL || others == NULL ||
	    !prepare(ctx, store, dsr_certificates_x509(list, leaf), others,
		purpose, at))
		dsr_fail(err, DSR_ENOMEM, "judging a certificate");
	else
		rc = conclude(roots, ctx, X509_verify_cert(ctx) == 1, at, path,
		    chain, err);
	ERR_clear_error();
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	sk_X509_free(others);
	return rc;
}
