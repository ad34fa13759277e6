/* SPDX-License-Identifier: ISC */
#include "signed_data.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#define OID(...) { sizeof((const uint8_t[]) { __VA_ARGS__ }), { __VA_ARGS__ } }

/* clang-format off */
/* RFC 5652, RFC 3161, RFC 5035, RFC 5754, RFC 8017 */
const struct dsr_oid dsr_oid_data = OID(0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
    0xf7, 0x0d, 0x01, 0x07, 0x01);
static const struct dsr_oid oid_signed_data = OID(0x06, 0x09, 0x2a, 0x86,
    0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02);
const struct dsr_oid dsr_oid_tst_info = OID(0x06, 0x0b, 0x2a, 0x86, 0x48,
    0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04);
const struct dsr_oid dsr_oid_content_type = OID(0x06, 0x09, 0x2a, 0x86, 0x48,
    0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03);
const struct dsr_oid dsr_oid_message_digest = OID(0x06, 0x09, 0x2a, 0x86,
    0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04);
const struct dsr_oid dsr_oid_signing_time = OID(0x06, 0x09, 0x2a, 0x86, 0x48,
    0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05);
const struct dsr_oid dsr_oid_certificate = OID(0x06, 0x0b, 0x2a, 0x86, 0x48,
    0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0c);
const struct dsr_oid dsr_oid_certificate_v2 = OID(0x06, 0x0b, 0x2a, 0x86,
    0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f);
static const struct dsr_oid oid_rsa = OID(0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
    0xf7, 0x0d, 0x01, 0x01, 0x01);
const struct dsr_oid dsr_oid_digest[DSR_IMPRINT_KINDS] = {
#define X(id, name, bytes, arc)                                               \
	OID(0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, arc),
	DSR_IMPRINTS(X)
#undef X
};
/* ecdsa-with-SHA256, -384, -512: 1.2.840.10045.4.3.2 to .4 */
static const struct dsr_oid oid_ecdsa[DSR_IMPRINT_KINDS] = {
#define X(id, name, bytes, arc)                                               \
	OID(0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, (arc) + 1),
	DSR_IMPRINTS(X)
#undef X
};
/* clang-format on */

/* Takes an object identifier that must be this one. */
static bool
take_oid(struct dsr_der *in, const struct dsr_oid *oid)
{
	struct dsr_der before = *in, element;

	if (dsr_der_take_element(in, &element) &&
	    dsr_der_equals(&element, oid->element, oid->len))
		return true;
	*in = before;
	return false;
}

static void
put_oid(struct dsr_der_writer *w, const struct dsr_oid *oid)
{
	dsr_der_put_raw(w, oid->element, oid->len);
}

bool
dsr_algorithm_take(struct dsr_der *in, enum dsr_imprint_kind *kind)
{
	struct dsr_der v, none;
	unsigned int i;

	if (!dsr_der_take(in, DSR_DER_SEQUENCE, &v))
		return false;
	for (i = 0; i < DSR_IMPRINT_KINDS; i++)
		if (take_oid(&v, &dsr_oid_digest[i]))
			break;
	(void)dsr_der_take(&v, DSR_DER_NULL, &none);
	if (i == DSR_IMPRINT_KINDS || v.len > 0)
		return false;
	*kind = (enum dsr_imprint_kind)i;
	return true;
}

void
dsr_algorithm_put(struct dsr_der_writer *w, enum dsr_imprint_kind kind)
{
	size_t from = dsr_der_begin(w);

	put_oid(w, &dsr_oid_digest[kind]);
	dsr_der_end(w, from, DSR_DER_SEQUENCE);
}

void
dsr_signed_data_fini(struct dsr_signed_data *s)
{
	dsr_certificates_free(s->certificates);
	memset(s, 0, sizeof(*s));
}

/* ---- parsing -------------------------------------------------------------------- */

/* EncapsulatedContentInfo: RFC 5652 5.2 */
static bool
take_content(struct dsr_signed_data *s, struct dsr_der *in)
{
	struct dsr_der v, wrapped;

	if (!dsr_der_take(in, DSR_DER_SEQUENCE, &v))
		return false;
	if (!s->is_stamp)
		return take_oid(&v, &dsr_oid_data) && v.len == 0;
	return take_oid(&v, &dsr_oid_tst_info) &&
	    dsr_der_take(&v, DSR_DER_CONTEXT(0), &wrapped) && v.len == 0 &&
	    dsr_der_take(&wrapped, DSR_DER_OCTET_STRING, &s->content) &&
	    wrapped.len == 0;
}

/* CertificateSet: those of X.509, not the obsolete other kinds. */
static int
take_certificates(struct dsr_signed_data *s, struct dsr_der *in,
    struct dsr_error *err)
{
	struct dsr_der v, one;

	if (!dsr_der_take(in, DSR_DER_CONTEXT(0), &v))
		return 0;
	while (dsr_der_take_element(&v, &one))
		if (one.data[0] == DSR_DER_SEQUENCE &&
		    dsr_certificates_add(s->certificates, one.data, one.len,
			err) != 0)
			return -1;
	return 0;
}

/* SignerInfo: RFC 5652 5.3. Which certificate it means, ESSCertID tells. */
static bool
take_signer(struct dsr_signed_data *s, struct dsr_der *in)
{
	struct dsr_der all, one, v;

	if (!dsr_der_take(in, DSR_DER_SET, &all) ||
	    !dsr_der_take(&all, DSR_DER_SEQUENCE, &one) || all.len > 0)
		return false;
	if (!dsr_der_take(&one, DSR_DER_INTEGER, &v) ||
	    !dsr_der_take_element(&one, &v) ||
	    !dsr_algorithm_take(&one, &s->digest) ||
	    !dsr_der_take(&one, DSR_DER_CONTEXT(0), &s->attributes) ||
	    !dsr_der_take(&one, DSR_DER_SEQUENCE, &v) ||
	    !dsr_der_take(&one, DSR_DER_OCTET_STRING, &s->signature))
		return false;
	(void)dsr_der_take(&one, DSR_DER_CONTEXT(1), &v); /* unsigned ones */
	return one.len == 0;
}

/* SignedData: RFC 5652 5.1 */
static int
take_all(struct dsr_signed_data *s, struct dsr_der *in, struct dsr_error *err)
{
	struct dsr_der outer, wrapped, data, v;

	if (!dsr_der_take(in, DSR_DER_SEQUENCE, &outer) ||
	    !take_oid(&outer, &oid_signed_data) ||
	    !dsr_der_take(&outer, DSR_DER_CONTEXT(0), &wrapped) ||
	    !dsr_der_take(&wrapped, DSR_DER_SEQUENCE, &data) ||
	    !dsr_der_take(&data, DSR_DER_INTEGER, &v) ||
	    !dsr_der_take(&data, DSR_DER_SET, &v) || !take_content(s, &data))
		return dsr_fail(err, DSR_EFORMAT,
		    "not a CMS SignedData of the wanted kind");
	if (take_certificates(s, &data, err) != 0)
		return -1;
	(void)dsr_der_take(&data, DSR_DER_CONTEXT(1), &v); /* revocation */
	return take_signer(s, &data) ? 0
	    : dsr_fail(err, DSR_EFORMAT, "CMS: wanted one signer with signed "
		"attributes and SHA-256, -384 or -512");
}

int
dsr_signed_data_parse(struct dsr_signed_data *s, const void *der, size_t len,
    bool is_stamp, struct dsr_error *err)
{
	struct dsr_der in = { der, len };

	memset(s, 0, sizeof(*s));
	s->is_stamp = is_stamp;
	if (!dsr_der_is_sound(der, len))
		return dsr_fail(err, DSR_EFORMAT, "not in DER");
	if (dsr_certificates_new(&s->certificates, err) != 0)
		return -1;
	if (take_all(s, &in, err) == 0)
		return 0;
	dsr_signed_data_fini(s);
	return -1;
}

/* ---- writing ---------------------------------------------------------------------- */

static void
put_content(struct dsr_der_writer *w, const struct dsr_signed_data *s)
{
	size_t from = dsr_der_begin(w), inner;

	put_oid(w, s->is_stamp ? &dsr_oid_tst_info : &dsr_oid_data);
	if (s->is_stamp) {
		inner = dsr_der_begin(w);
		dsr_der_put(w, DSR_DER_OCTET_STRING, s->content.data,
		    s->content.len);
		dsr_der_end(w, inner, DSR_DER_CONTEXT(0));
	}
	dsr_der_end(w, from, DSR_DER_SEQUENCE);
}

static void
put_certificates(struct dsr_der_writer *w, const struct dsr_signed_data *s)
{
	size_t from = dsr_der_begin(w), i, len;

	for (i = 0; i < dsr_certificates_count(s->certificates); i++) {
		const uint8_t *der =
		    dsr_certificates_der(s->certificates, i, &len);

		dsr_der_put_raw(w, der, len);
	}
	dsr_der_end_set(w, from, DSR_DER_CONTEXT(0));
}

static void
put_signature_algorithm(struct dsr_der_writer *w,
    const struct dsr_signed_data *s)
{
	size_t from = dsr_der_begin(w);

	if (dsr_certificates_key(s->certificates, s->signer) == DSR_X509_RSA) {
		put_oid(w, &oid_rsa);
		dsr_der_put(w, DSR_DER_NULL, NULL, 0);
	} else {
		put_oid(w, &oid_ecdsa[s->digest]);
	}
	dsr_der_end(w, from, DSR_DER_SEQUENCE);
}

static void
put_signer(struct dsr_der_writer *w, const struct dsr_signed_data *s)
{
	size_t all = dsr_der_begin(w), one = dsr_der_begin(w), from;
	struct dsr_der issuer, serial;

	dsr_der_put_small(w, 1);
	from = dsr_der_begin(w);
	dsr_certificates_issuer(s->certificates, s->signer, &issuer, &serial);
	dsr_der_put_raw(w, issuer.data, issuer.len);
	dsr_der_put_raw(w, serial.data, serial.len);
	dsr_der_end(w, from, DSR_DER_SEQUENCE);
	dsr_algorithm_put(w, s->digest);
	from = dsr_der_begin(w);
	dsr_der_put_raw(w, s->attributes.data, s->attributes.len);
	dsr_der_end_set(w, from, DSR_DER_CONTEXT(0));
	put_signature_algorithm(w, s);
	dsr_der_put(w, DSR_DER_OCTET_STRING, s->signature.data,
	    s->signature.len);
	dsr_der_end(w, one, DSR_DER_SEQUENCE);
	dsr_der_end(w, all, DSR_DER_SET);
}

int
dsr_signed_data_write(const struct dsr_signed_data *s, struct dsr_buffer *out,
    struct dsr_error *err)
{
	struct dsr_der_writer w;
	size_t outer, wrapped, data, from;

	dsr_der_writer_init(&w, out);
	outer = dsr_der_begin(&w);
	put_oid(&w, &oid_signed_data);
	wrapped = dsr_der_begin(&w);
	data = dsr_der_begin(&w);
	dsr_der_put_small(&w, s->is_stamp ? 3 : 1); /* RFC 5652 5.1 */
	from = dsr_der_begin(&w);
	dsr_algorithm_put(&w, s->digest);
	dsr_der_end(&w, from, DSR_DER_SET);
	put_content(&w, s);
	put_certificates(&w, s);
	put_signer(&w, s);
	dsr_der_end(&w, data, DSR_DER_SEQUENCE);
	dsr_der_end(&w, wrapped, DSR_DER_CONTEXT(0));
	dsr_der_end(&w, outer, DSR_DER_SEQUENCE);
	return dsr_der_writer_finish(&w, err);
}

/* ---- attributes ---------------------------------------------------------------------- */

bool
dsr_signed_data_attribute(const struct dsr_signed_data *s,
    const struct dsr_oid *kind, struct dsr_der *value)
{
	struct dsr_der in = s->attributes, one, values;
	unsigned int found = 0;

	while (dsr_der_take(&in, DSR_DER_SEQUENCE, &one)) {
		if (!take_oid(&one, kind))
			continue;
		if (++found > 1 || !dsr_der_take(&one, DSR_DER_SET, &values) ||
		    !dsr_der_take_element(&values, value) || values.len > 0)
			return false;
	}
	return found == 1;
}

/* Which certificate has this digest? */
static bool
find_by_digest(struct dsr_signed_data *s, const EVP_MD *md,
    const struct dsr_der *digest)
{
	size_t i, len, count = dsr_certificates_count(s->certificates);
	uint8_t is[EVP_MAX_MD_SIZE];
	unsigned int size;

	for (i = 0; i < count; i++) {
		const uint8_t *der =
		    dsr_certificates_der(s->certificates, i, &len);

		if (EVP_Digest(der, len, is, &size, md, NULL) == 1 &&
		    dsr_der_equals(digest, is, size)) {
			s->signer = i;
			return true;
		}
	}
	return false;
}

/* The first ESSCertID(v2): its content. RFC 2634 5.4, RFC 5035 section 3 */
static bool
take_first(struct dsr_der value, struct dsr_der *one)
{
	struct dsr_der attribute, list;

	return dsr_der_take(&value, DSR_DER_SEQUENCE, &attribute) &&
	    dsr_der_take(&attribute, DSR_DER_SEQUENCE, &list) &&
	    dsr_der_take(&list, DSR_DER_SEQUENCE, one);
}

bool
dsr_signed_data_signer(struct dsr_signed_data *s)
{
	enum dsr_imprint_kind kind = DSR_IMPRINT_SHA256; /* by default */
	struct dsr_der value, one, digest;
	const EVP_MD *md = EVP_sha1();

	if (dsr_signed_data_attribute(s, &dsr_oid_certificate_v2, &value)) {
		if (!take_first(value, &one))
			return false;
		if (dsr_der_is_next(&one, DSR_DER_SEQUENCE) &&
		    !dsr_algorithm_take(&one, &kind))
			return false;
		md = EVP_get_digestbyname(dsr_imprint_name(kind));
	} else if (!dsr_signed_data_attribute(s, &dsr_oid_certificate,
		       &value) || !take_first(value, &one)) {
		return false;
	}
	return md != NULL && dsr_der_take(&one, DSR_DER_OCTET_STRING, &digest) &&
	    find_by_digest(s, md, &digest);
}

/* ---- the signature --------------------------------------------------------------------- */

int
dsr_signed_data_signed_bytes(const struct dsr_signed_data *s,
    struct dsr_buffer *out, struct dsr_error *err)
{
	struct dsr_der_writer w;
	size_t from;

	dsr_der_writer_init(&w, out);
	from = dsr_der_begin(&w);
	dsr_der_put_raw(&w, s->attributes.data, s->attributes.len);
	dsr_der_end_set(&w, from, DSR_DER_SET); /* RFC 5652 5.4 */
	return dsr_der_writer_finish(&w, err);
}

static bool
is_about(const struct dsr_signed_data *s, const void *content, size_t len)
{
	const struct dsr_oid *type = s->is_stamp ? &dsr_oid_tst_info
						 : &dsr_oid_data;
	struct dsr_imprint imprint;
	struct dsr_der value, digest;
	struct dsr_error err;

	return dsr_signed_data_attribute(s, &dsr_oid_content_type, &value) &&
	    dsr_der_equals(&value, type->element, type->len) &&
	    dsr_signed_data_attribute(s, &dsr_oid_message_digest, &value) &&
	    dsr_der_take(&value, DSR_DER_OCTET_STRING, &digest) &&
	    dsr_imprint_data(&imprint, s->digest, content, len, &err) == 0 &&
	    dsr_der_equals(&digest, imprint.digest,
		dsr_imprint_bytes(s->digest));
}

bool
dsr_signed_data_is_valid(const struct dsr_signed_data *s, const void *content,
    size_t len)
{
	X509 *signer = dsr_certificates_x509(s->certificates, s->signer);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct dsr_buffer bytes;
	struct dsr_error err;
	bool valid = false;

	dsr_buffer_init(&bytes, DSR_MAX_TIME_REPLY);
	if (ctx != NULL && is_about(s, content, len) &&
	    dsr_certificates_key(s->certificates, s->signer) !=
		DSR_X509_OTHER &&
	    dsr_signed_data_signed_bytes(s, &bytes, &err) == 0 &&
	    EVP_DigestVerifyInit_ex(ctx, NULL, dsr_imprint_name(s->digest),
		NULL, NULL, X509_get0_pubkey(signer), NULL) == 1)
		valid = EVP_DigestVerify(ctx, s->signature.data,
		    s->signature.len, bytes.data, bytes.len) == 1;
	ERR_clear_error();
	dsr_buffer_fini(&bytes);
	EVP_MD_CTX_free(ctx);
	return valid;
}
