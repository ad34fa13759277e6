/* SPDX-License-Identifier: ISC */
#include "dossier/cms.h"

#include <stdlib.h>
#include <string.h>

#include "signed_data.h"

struct dsr_cms {
	struct dsr_buffer der; /* a copy, which data points into */
	struct dsr_signed_data data;
	struct timespec when;
};

/* ---- the four signed attributes ---------------------------------------------- */

static void
put_attribute(struct dsr_der_writer *w, const struct dsr_oid *kind,
    const struct dsr_buffer *value)
{
	size_t from = dsr_der_begin(w), values;

	dsr_der_put_raw(w, kind->element, kind->len);
	values = dsr_der_begin(w);
	dsr_der_put_raw(w, value->data, value->len);
	dsr_der_end(w, values, DSR_DER_SET);
	dsr_der_end(w, from, DSR_DER_SEQUENCE);
}

/* ESSCertIDv2 by SHA-256, its default: the digest alone. RFC 5035 */
static void
put_certificate_id(struct dsr_der_writer *w,
    const struct dsr_signed_data *data)
{
	uint8_t sha256[DSR_SHA256_BYTES];
	size_t attribute, list, one, len;
	const uint8_t *der =
	    dsr_certificates_der(data->certificates, data->signer, &len);

	dsr_sha256(sha256, der, len);
	attribute = dsr_der_begin(w);
	list = dsr_der_begin(w);
	one = dsr_der_begin(w);
	dsr_der_put(w, DSR_DER_OCTET_STRING, sha256, sizeof(sha256));
	dsr_der_end(w, one, DSR_DER_SEQUENCE);
	dsr_der_end(w, list, DSR_DER_SEQUENCE);
	dsr_der_end(w, attribute, DSR_DER_SEQUENCE);
}

struct attribute_values {
	const struct dsr_signed_data *data;
	time_t when;
	struct dsr_der digest; /* of the message */
};

/* FORMAT.md 5.3: these four, in the order of DER, and no other. */
static int
write_attributes(const struct attribute_values *v, struct dsr_buffer *out,
    struct dsr_error *err)
{
	const struct dsr_oid *const kinds[] = { &dsr_oid_content_type,
		&dsr_oid_signing_time, &dsr_oid_message_digest,
		&dsr_oid_certificate_v2 };
	struct dsr_der_writer w, one;
	struct dsr_buffer value;
	size_t i;
	int rc = 0;

	dsr_buffer_init(&value, 1024);
	dsr_der_writer_init(&w, out);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && rc == 0; i++) {
		dsr_buffer_reset(&value);
		dsr_der_writer_init(&one, &value);
		if (kinds[i] == &dsr_oid_content_type)
			dsr_der_put_raw(&one, dsr_oid_data.element,
			    dsr_oid_data.len);
		else if (kinds[i] == &dsr_oid_signing_time)
			dsr_der_put_time(&one, v->when);
		else if (kinds[i] == &dsr_oid_message_digest)
			dsr_der_put(&one, DSR_DER_OCTET_STRING, v->digest.data,
			    v->digest.len);
		else
			put_certificate_id(&one, v->data);
		rc = dsr_der_writer_finish(&one, err);
		put_attribute(&w, kinds[i], &value);
	}
	dsr_buffer_fini(&value);
	return rc != 0 ? -1 : dsr_der_writer_finish(&w, err);
}

/* ---- reading ------------------------------------------------------------------------ */

void
dsr_cms_free(struct dsr_cms *cms)
{
	if (cms == NULL)
		return;
	dsr_signed_data_fini(&cms->data);
	dsr_buffer_fini(&cms->der);
	free(cms);
}

/* The values of the attributes that are not fixed. */
static bool
find_values(struct dsr_cms *cms, struct attribute_values *v)
{
	struct dsr_der time, digest;

	if (cms->data.digest != DSR_IMPRINT_SHA256 ||
	    !dsr_signed_data_signer(&cms->data) ||
	    !dsr_signed_data_attribute(&cms->data, &dsr_oid_signing_time,
		&time) ||
	    !dsr_der_take_time(&time, &cms->when) ||
	    !dsr_signed_data_attribute(&cms->data, &dsr_oid_message_digest,
		&digest) ||
	    !dsr_der_take(&digest, DSR_DER_OCTET_STRING, &v->digest))
		return false;
	v->data = &cms->data;
	v->when = cms->when.tv_sec;
	return true;
}

/* Writes all of it again from its parts, and compares. */
static int
compare_form(struct dsr_cms *cms, const struct attribute_values *v,
    struct dsr_error *err)
{
	struct dsr_signed_data again = cms->data;
	struct dsr_buffer attributes, whole;
	int rc = -1;

	dsr_buffer_init(&attributes, DSR_MAX_ATTESTATION);
	dsr_buffer_init(&whole, DSR_MAX_ATTESTATION);
	if (write_attributes(v, &attributes, err) != 0)
		goto out;
	again.attributes.data = attributes.data;
	again.attributes.len = attributes.len;
	if (dsr_signed_data_write(&again, &whole, err) != 0)
		goto out;
	rc = whole.len == cms->der.len &&
		memcmp(whole.data, cms->der.data, whole.len) == 0
	    ? 0
	    : dsr_fail(err, DSR_EFORMAT,
		"a CMS signature in another form - FORMAT.md 5.3");
out:
	dsr_buffer_fini(&attributes);
	dsr_buffer_fini(&whole);
	return rc;
}

int
dsr_cms_parse(struct dsr_cms **out, const void *der, size_t len,
    struct dsr_error *err)
{
	struct dsr_cms *cms = calloc(1, sizeof(*cms));
	struct attribute_values v;

	*out = NULL;
	if (cms == NULL)
		return dsr_fail(err, DSR_ENOMEM, "CMS signature");
	dsr_buffer_init(&cms->der, DSR_MAX_ATTESTATION);
	if (dsr_buffer_append(&cms->der, der, len, err) != 0 ||
	    dsr_signed_data_parse(&cms->data, cms->der.data, len, false,
		err) != 0)
		goto out;
	if (!find_values(cms, &v)) {
		dsr_fail(err, DSR_EFORMAT, "a CMS signature without the "
		    "attributes of CAdES-B - FORMAT.md 5.3");
		goto out;
	}
	if (dsr_certificates_may_sign(cms->data.certificates,
		cms->data.signer, err) != 0 ||
	    compare_form(cms, &v, err) != 0)
		goto out;
	*out = cms;
	return 0;
out:
	dsr_cms_free(cms);
	return -1;
}

const struct dsr_certificates *
dsr_cms_certificates(const struct dsr_cms *cms)
{
	return cms->data.certificates;
}

size_t
dsr_cms_signer(const struct dsr_cms *cms)
{
	return cms->data.signer;
}

time_t
dsr_cms_time(const struct dsr_cms *cms)
{
	return cms->when.tv_sec;
}

bool
dsr_cms_is_valid(const struct dsr_cms *cms, const void *msg, size_t len)
{
	return dsr_signed_data_is_valid(&cms->data, msg, len);
}

/* ---- signing ------------------------------------------------------------------------- */

static int
copy_all(struct dsr_signed_data *data, const struct dsr_certificates *chain,
    struct dsr_error *err)
{
	size_t i, len;

	if (dsr_certificates_new(&data->certificates, err) != 0)
		return -1;
	for (i = 0; i < dsr_certificates_count(chain); i++) {
		const uint8_t *der = dsr_certificates_der(chain, i, &len);

		if (dsr_certificates_add(data->certificates, der, len, err) !=
		    0)
			return -1;
	}
	return 0;
}

/* What was made must be what a reader accepts: a key of another certificate,
 * or a token that signs otherwise, is seen here. */
static int
check_made(const struct dsr_buffer *made, const void *msg, size_t len,
    struct dsr_error *err)
{
	struct dsr_cms *cms = NULL;
	int rc;

	if (dsr_cms_parse(&cms, made->data, made->len, err) != 0)
		return -1;
	rc = dsr_cms_is_valid(cms, msg, len) ? 0
	    : dsr_fail(err, DSR_EINPUT,
		"the X.509 key is not the key of the certificate");
	dsr_cms_free(cms);
	return rc;
}

static int
sign_attributes(struct dsr_signer *signer, struct dsr_signed_data *data,
    struct dsr_buffer *signature, struct dsr_error *err)
{
	struct dsr_buffer bytes;
	int rc = -1;

	dsr_buffer_init(&bytes, DSR_MAX_ATTESTATION);
	if (dsr_signed_data_signed_bytes(data, &bytes, err) == 0)
		rc = dsr_signer_sign(signer, signature, bytes.data, bytes.len,
		    err);
	data->signature.data = signature->data;
	data->signature.len = signature->len;
	dsr_buffer_fini(&bytes);
	return rc;
}

int
dsr_cms_sign(struct dsr_signer *signer, const struct dsr_certificates *chain,
    time_t when, const void *msg, size_t len, struct dsr_buffer *out,
    struct dsr_error *err)
{
	struct dsr_signed_data data = { .digest = DSR_IMPRINT_SHA256 };
	struct dsr_buffer attributes, signature, made;
	uint8_t sha256[DSR_SHA256_BYTES];
	const struct attribute_values v = { &data, when,
		{ sha256, sizeof(sha256) } };
	int rc = -1;

	dsr_sha256(sha256, msg, len);
	dsr_buffer_init(&attributes, DSR_MAX_ATTESTATION);
	dsr_buffer_init(&signature, DSR_SIGNATURE_MAX);
	dsr_buffer_init(&made, DSR_MAX_ATTESTATION);
	if (dsr_certificates_may_sign(chain, 0, err) != 0) {
		err->code = DSR_EINPUT;
		goto out;
	}
	if (copy_all(&data, chain, err) != 0 ||
	    write_attributes(&v, &attributes, err) != 0)
		goto out;
	data.attributes.data = attributes.data;
	data.attributes.len = attributes.len;
	if (sign_attributes(signer, &data, &signature, err) != 0 ||
	    dsr_signed_data_write(&data, &made, err) != 0 ||
	    check_made(&made, msg, len, err) != 0)
		goto out;
	rc = dsr_buffer_append(out, made.data, made.len, err);
out:
	dsr_signed_data_fini(&data);
	dsr_buffer_fini(&attributes);
	dsr_buffer_fini(&signature);
	dsr_buffer_fini(&made);
	return rc;
}
