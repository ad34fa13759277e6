/* SPDX-License-Identifier: ISC */
/* A private key in a PEM file, with or without a passphrase. */
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#include "dossier/file.h"
#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/signer.h"

/* What OpenSSL's question for a passphrase needs to be answered. */
struct asking {
	const char *secret_file;
	bool asked;
	bool failed; /* ... and why holds the reason */
	struct dsr_error why;
};

static int
read_passphrase(struct asking *a, struct dsr_secret *s)
{
	return a->secret_file != NULL
	    ? dsr_secret_read(s, a->secret_file, &a->why)
	    : dsr_secret_prompt(s, _("Passphrase of the X.509 key: "),
		  &a->why);
}

/* pem_password_cb */
static int
answer(char *buf, int size, int writing, void *ctx)
{
	struct asking *a = ctx;
	struct dsr_secret s = { NULL, 0 };
	int len = -1;

	(void)writing;
	a->asked = true;
	if (read_passphrase(a, &s) != 0) {
		a->failed = true;
	} else if (s.len <= (size_t)size) {
		memcpy(buf, s.data, s.len);
		len = (int)s.len;
	}
	dsr_secret_fini(&s);
	return len;
}

static int
open_file(void **self, const char *place, const char *secret_file,
    struct dsr_error *err)
{
	struct asking a = { .secret_file = secret_file };
	struct dsr_secret text = { NULL, 0 };
	EVP_PKEY *key = NULL;
	BIO *bio = NULL;
	int rc = -1;

	if (dsr_secret_read(&text, place, err) != 0)
		return -1;
	if ((bio = BIO_new_mem_buf(text.data, (int)text.len)) == NULL) {
		dsr_fail(err, DSR_ENOMEM, "%s", place);
		goto out;
	}
	key = PEM_read_bio_PrivateKey(bio, NULL, answer, &a);
	if (key != NULL) {
		*self = key;
		rc = 0;
	} else if (a.failed) {
		*err = a.why;
	} else {
		dsr_fail(err, DSR_EINPUT, a.asked
			? "%s: the passphrase is wrong"
			: "%s: wanted a private key in PEM", place);
	}
out:
	ERR_clear_error();
	BIO_free(bio);
	dsr_secret_fini(&text);
	return rc;
}

static int
sign_file(void *self, struct dsr_buffer *signature, const void *msg,
    size_t len, struct dsr_error *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t made[DSR_SIGNATURE_MAX];
	size_t size = sizeof(made);
	int rc;

	if (ctx != NULL &&
	    EVP_DigestSignInit_ex(ctx, NULL, "SHA256", NULL, NULL, self,
		NULL) == 1 &&
	    EVP_DigestSign(ctx, made, &size, msg, len) == 1)
		rc = dsr_buffer_append(signature, made, size, err);
	else
		rc = dsr_fail(err, DSR_EINPUT, "the X.509 key: wanted ECDSA "
		    "P-256 or RSA of %d to %d bits", DSR_MIN_RSA_BITS,
		    DSR_MAX_RSA_BITS);
	ERR_clear_error();
	EVP_MD_CTX_free(ctx);
	return rc;
}

/* OpenSSL overwrites the numbers of a private key before it frees them. */
static void
free_file(void *self)
{
	EVP_PKEY_free(self);
}

const struct dsr_signer_ops dsr_signer_file = { "file", "", open_file,
	sign_file, free_file };
