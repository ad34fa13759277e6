/* SPDX-License-Identifier: ISC */
/*
 * CMS signatures, certificates in PEM, and DER. The first byte chooses. What is
 * accepted has one form.
 */
#include <sodium.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/der.h"
#include "../../core/pkcs11_uri.h"
#include "dossier/cms.h"
#include "dossier/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
try_cms(const uint8_t *der, size_t len)
{
	struct dsr_cms *cms = NULL;
	struct dsr_error err;
	char subject[DSR_SUBJECT_SIZE];

	if (dsr_cms_parse(&cms, der, len, &err) != 0) {
		require(cms == NULL);
		return;
	}
	require(dsr_cms_signer(cms) <
	    dsr_certificates_count(dsr_cms_certificates(cms)));
	dsr_certificates_subject(dsr_cms_certificates(cms),
	    dsr_cms_signer(cms), subject);
	(void)dsr_cms_is_valid(cms, "hello\n", 6);
	dsr_cms_free(cms);
}

static void
try_pem(const uint8_t *text, size_t len)
{
	struct dsr_certificates *list = NULL;
	struct dsr_buffer again;
	struct dsr_error err;

	dsr_buffer_init(&again, 2 * DSR_MAX_KEY_FILE);
	require(dsr_certificates_new(&list, &err) == 0);
	if (dsr_certificates_parse(list, text, len, &err) == 0) {
		require(dsr_certificates_write(list, &again, &err) == 0);
		require(again.len == len &&
		    memcmp(again.data, text, len) == 0);
	}
	dsr_certificates_free(list);
	dsr_buffer_fini(&again);
}

/* What the walk lets pass, the reader takes apart to the last byte. */
static void
try_der(const uint8_t *der, size_t len)
{
	struct dsr_der in = { der, len }, content;
	struct timespec when;

	(void)dsr_der_take_time(&in, &when);
	in.data = der;
	in.len = len;
	if (!dsr_der_is_sound(der, len))
		return;
	require(dsr_der_take(&in, der[0], &content) && in.len == 0);
	if ((der[0] & 0x20) == 0)
		return;
	while (content.len > 0)
		require(dsr_der_take_element(&content, &in));
}

static void
try_uri(const uint8_t *text, size_t len)
{
	char *uri = strndup((const char *)text, len);
	struct dsr_pkcs11_uri u;
	struct dsr_error err;

	require(uri != NULL);
	if (dsr_pkcs11_uri_parse(&u, uri, &err) != 0)
		require(err.code == DSR_EUSAGE);
	free(uri);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const try[])(const uint8_t *data, size_t len) = {
		try_cms, try_pem, try_der, try_uri
	};
	uint8_t *copy;

	if (size < 2 || size > 2 * DSR_MAX_ATTESTATION || sodium_init() < 0)
		return 0;
	copy = malloc(size - 1); /* of exactly its size, for the sanitizer */
	require(copy != NULL);
	memcpy(copy, data + 1, size - 1);
	try[data[0] % (sizeof(try) / sizeof(try[0]))](copy, size - 1);
	free(copy);
	return 0;
}
