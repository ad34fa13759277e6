/* SPDX-License-Identifier: ISC */
/* Certificates as text (RFC 7468): files of users, and keys/signer.pem. */
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "dossier/file.h"
#include "dossier/language.h"
#include "dossier/text.h"

#define PEM_BEGIN   "-----BEGIN CERTIFICATE-----\n"
#define PEM_END     "-----END CERTIFICATE-----\n"
#define PEM_COLUMNS 64u

int
dsr_certificates_read(struct dsr_certificates *list, const char *path,
    struct dsr_error *err)
{
	size_t before = dsr_certificates_count(list);
	struct dsr_buffer text;
	X509 *x509 = NULL;
	BIO *bio = NULL;
	int rc = -1;

	dsr_buffer_init(&text, DSR_MAX_TAG_FILE);
	if (dsr_file_read(&text, path, err) != 0)
		goto out;
	bio = BIO_new_mem_buf(dsr_buffer_str(&text), (int)text.len);
	if (bio == NULL) {
		dsr_fail(err, DSR_ENOMEM, "%s", path);
		goto out;
	}
	while ((x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		if (dsr_certificates_add_x509(list, x509, err) != 0) {
			(void)dsr_wrap(err, "%s", path);
			goto out;
		}
		X509_free(x509);
	}
	if (dsr_certificates_count(list) == before)
		dsr_fail(err, DSR_EINPUT, N_("%s: wanted a certificate in "
		    "PEM, found none"), path);
	else
		rc = 0;
out:
	ERR_clear_error();
	X509_free(x509);
	BIO_free(bio);
	dsr_buffer_fini(&text);
	return rc;
}

/* Writes n bytes of base64 in lines. */
static int
put_lines(struct dsr_buffer *out, const struct dsr_buffer *base64,
    struct dsr_error *err)
{
	size_t at, n;

	for (at = 0; at < base64->len; at += n) {
		n = base64->len - at < PEM_COLUMNS ? base64->len - at
						   : PEM_COLUMNS;
		if (dsr_buffer_append(out, base64->data + at, n, err) != 0 ||
		    dsr_buffer_putc(out, '\n', err) != 0)
			return -1;
	}
	return 0;
}

int
dsr_certificates_write(const struct dsr_certificates *list,
    struct dsr_buffer *out, struct dsr_error *err)
{
	struct dsr_buffer base64;
	size_t i, len;
	int rc = 0;

	dsr_buffer_init(&base64, 2 * DSR_MAX_KEY_FILE);
	for (i = 0; i < dsr_certificates_count(list) && rc == 0; i++) {
		const uint8_t *der = dsr_certificates_der(list, i, &len);

		dsr_buffer_reset(&base64);
		if (dsr_base64_encode(&base64, der, len, err) != 0 ||
		    dsr_buffer_puts(out, PEM_BEGIN, err) != 0 ||
		    put_lines(out, &base64, err) != 0 ||
		    dsr_buffer_puts(out, PEM_END, err) != 0)
			rc = -1;
	}
	dsr_buffer_fini(&base64);
	return rc;
}

/*
 * Adds the certificate that text begins with; its bytes, or 0 when it does not
 * begin with one. The form of lines is judged by writing it again.
 */
static size_t
parse_one(struct dsr_certificates *list, const char *text, size_t len,
    struct dsr_error *err)
{
	const size_t begin = strlen(PEM_BEGIN), finish = strlen(PEM_END);
	const char *stop;
	char *base64 = NULL;
	uint8_t *der = NULL;
	size_t from, used = 0, got = 0, result = 0;

	if (len < begin || memcmp(text, PEM_BEGIN, begin) != 0 ||
	    (stop = memmem(text, len, PEM_END, finish)) == NULL)
		goto out;
	if ((base64 = malloc(len)) == NULL || (der = malloc(len)) == NULL) {
		dsr_fail(err, DSR_ENOMEM, "certificate");
		goto out;
	}
	for (from = begin; text + from < stop; from++)
		if (text[from] != '\n')
			base64[used++] = text[from];
	if (dsr_base64_decode(der, len, &got, base64, used) &&
	    dsr_certificates_add(list, der, got, err) == 0)
		result = (size_t)(stop - text) + finish;
out:
	free(base64);
	free(der);
	return result;
}

int
dsr_certificates_parse(struct dsr_certificates *list, const void *text,
    size_t len, struct dsr_error *err)
{
	struct dsr_buffer again;
	struct dsr_error why;
	size_t at = 0, n = 1;
	int rc = -1;

	dsr_buffer_init(&again, 2 * DSR_MAX_KEY_FILE);
	/* unless something below has more to say */
	(void)dsr_fail(&why, DSR_EFORMAT,
	    "not certificates in the one form of PEM - FORMAT.md 5.3");
	while (at < len && len <= DSR_MAX_KEY_FILE && n > 0) {
		n = parse_one(list, (const char *)text + at, len - at, &why);
		at += n;
	}
	if (at > 0 && at == len &&
	    dsr_certificates_write(list, &again, &why) == 0 &&
	    again.len == len && memcmp(again.data, text, len) == 0)
		rc = 0;
	else
		*err = why;
	dsr_buffer_fini(&again);
	return rc;
}
