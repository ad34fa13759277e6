/* SPDX-License-Identifier: ISC */
/*
 * Time stamps: tokens made here, right and wrong in one thing each, and every
 * bit of a right one.
 */
#include "dossier/timestamp.h"

#include <openssl/x509v3.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../core/timestamp.h"
#include "../support/authority.h"
#include "dossier/limits.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define FOR_TIME     "critical,timeStamping"
#define GEN_TIME     "20231114221320Z" /* AUTHORITY_TIME */
#define DATA         "what is stamped"
#define DATA_LEN     (sizeof(DATA) - 1)

static struct authority root, middle, rsa, ec, p384, plain, second, loose,
    stranger;

static int
make_all(void **state)
{
	static const struct authority_rules ca = { .name = "Root",
		.is_ca = true };

	(void)state;
	if (sodium_init() < 0)
		return -1;
	authority_new(&root, NULL, &ca);
	authority_new(&stranger, NULL, &ca);
	authority_new(&middle, &root, &(struct authority_rules) {
	    .name = "Middle", .is_ca = true });
	authority_new(&rsa, &middle, &(struct authority_rules) {
	    .name = "RSA", .key = "RSA", .extended = FOR_TIME });
	authority_new(&ec, &root, &(struct authority_rules) {
	    .name = "EC", .extended = FOR_TIME });
	authority_new(&p384, &root, &(struct authority_rules) {
	    .name = "P-384", .key = "P-384", .extended = FOR_TIME });
	authority_new(&plain, &root, &(struct authority_rules) {
	    .name = "Plain" });
	authority_new(&second, &root, &(struct authority_rules) {
	    .name = "Second", .extended = FOR_TIME ",emailProtection" });
	authority_new(&loose, &root, &(struct authority_rules) {
	    .name = "Loose", .extended = "timeStamping" });
	return 0;
}

static int
free_all(void **state)
{
	struct authority *const all[] = { &root, &middle, &rsa, &ec, &p384,
		&plain, &second, &loose, &stranger };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(all); i++)
		authority_free(all[i]);
	return 0;
}

/* ---- an authority ------------------------------------------------------------- */

/* What a token says and how; zero is right. */
struct rules {
	const struct authority *signer; /* ec */
	const struct authority *others[3]; /* certificates beside it */
	enum dsr_imprint_kind kind;
	const char *gen_time;
	const char *data;               /* stamped */
	const struct dsr_time_query *query;
	unsigned int version;           /* of TSTInfo: 1 */
	bool critical;                  /* an extension that must be known */
	bool no_id;                     /* no ESSCertID */
	const struct authority *id;     /* ESSCertID of this one */
	bool sha1_id;                   /* ESSCertID of version 1 */
	const char *signed_content;     /* messageDigest is of this */
	bool other_type;                /* contentType is id-data */
	bool broken;                    /* the signature is of something else */
};

static void
put_info(struct dsr_der_writer *w, const struct rules *r)
{
	static const uint8_t extension[] = { 0xA1, 0x0D, 0x30, 0x0B, 0x06,
		0x03, 0x2A, 0x03, 0x04, 0x01, 0x01, 0xFF, 0x04, 0x01, 0x00 };
	const char *time = r->gen_time == NULL ? GEN_TIME : r->gen_time;
	const char *data = r->data == NULL ? DATA : r->data;
	size_t all = dsr_der_begin(w), imprint;
	struct dsr_imprint made;
	struct dsr_error err;

	assert_int_equal(dsr_imprint_data(&made, r->kind, data, strlen(data),
	    &err), 0);
	dsr_der_put_small(w, r->version == 0 ? 1 : r->version);
	dsr_der_put(w, DSR_DER_OID, "\x2a\x03\x04", 3);
	imprint = dsr_der_begin(w);
	dsr_algorithm_put(w, r->kind);
	dsr_der_put(w, DSR_DER_OCTET_STRING, made.digest,
	    dsr_imprint_bytes(r->kind));
	dsr_der_end(w, imprint, DSR_DER_SEQUENCE);
	dsr_der_put_small(w, 7);
	dsr_der_put(w, DSR_DER_GENERALIZED_TIME, time, strlen(time));
	if (r->query != NULL)
		dsr_der_put(w, DSR_DER_INTEGER, r->query->nonce,
		    sizeof(r->query->nonce));
	if (r->critical)
		dsr_der_put_raw(w, extension, sizeof(extension));
	dsr_der_end(w, all, DSR_DER_SEQUENCE);
}

static void
put_attribute(struct dsr_der_writer *w, const struct dsr_oid *kind,
    const void *value, size_t len)
{
	size_t from = dsr_der_begin(w), values;

	dsr_der_put_raw(w, kind->element, kind->len);
	values = dsr_der_begin(w);
	dsr_der_put_raw(w, value, len);
	dsr_der_end(w, values, DSR_DER_SET);
	dsr_der_end(w, from, DSR_DER_SEQUENCE);
}

/* ESSCertID(v2) of a certificate, as the attribute's value */
static void
put_id(struct dsr_der_writer *w, const struct authority *of, bool sha1)
{
	const struct dsr_oid *kind = sha1 ? &dsr_oid_certificate
					  : &dsr_oid_certificate_v2;
	uint8_t value[64] = { 0x30, 0, 0x30, 0, 0x30, 0, 0x04, 0 };
	unsigned int len = 0, i;

	assert_int_equal(X509_digest(of->x509, sha1 ? EVP_sha1()
	    : EVP_sha256(), value + 8, &len), 1);
	for (i = 0; i < 4; i++)
		value[2 * i + 1] = (uint8_t)(len + 6 - 2 * i);
	put_attribute(w, kind, value, len + 8);
}

static void
put_attributes(struct dsr_der_writer *w, const struct rules *r,
    const struct authority *signer, const struct dsr_buffer *info)
{
	const struct dsr_oid *type = r->other_type ? &dsr_oid_data
						   : &dsr_oid_tst_info;
	uint8_t digest[2 + DSR_SHA256_BYTES] = { 0x04, DSR_SHA256_BYTES };

	put_attribute(w, &dsr_oid_content_type, type->element, type->len);
	if (r->signed_content != NULL)
		dsr_sha256(digest + 2, r->signed_content,
		    strlen(r->signed_content));
	else
		dsr_sha256(digest + 2, info->data, info->len);
	put_attribute(w, &dsr_oid_message_digest, digest, sizeof(digest));
	if (!r->no_id)
		put_id(w, r->id == NULL ? signer : r->id, r->sha1_id);
}

/* A whole reply, in the one form but for what the rules break. */
static void
make_reply(struct dsr_buffer *out, const struct rules *r)
{
	const struct authority *signer = r->signer == NULL ? &ec : r->signer;
	struct dsr_signed_data d = { .is_stamp = true };
	struct dsr_buffer info, attributes, bytes, signature;
	struct dsr_der_writer w;
	struct dsr_signer key;
	struct dsr_error err;
	size_t i;

	dsr_buffer_init(out, DSR_MAX_TIME_REPLY);
	dsr_buffer_init(&info, 1024);
	dsr_buffer_init(&attributes, 1024);
	dsr_buffer_init(&bytes, 1024);
	dsr_buffer_init(&signature, 1024);
	dsr_der_writer_init(&w, &info);
	put_info(&w, r);
	assert_int_equal(dsr_der_writer_finish(&w, &err), 0);
	dsr_der_writer_init(&w, &attributes);
	put_attributes(&w, r, signer, &info);
	assert_int_equal(dsr_der_writer_finish(&w, &err), 0);
	assert_int_equal(dsr_certificates_new(&d.certificates, &err), 0);
	authority_list(signer, d.certificates);
	for (i = 0; i < COUNT(r->others) && r->others[i] != NULL; i++)
		authority_list(r->others[i], d.certificates);
	d.content = (struct dsr_der) { info.data, info.len };
	d.attributes = (struct dsr_der) { attributes.data, attributes.len };
	assert_int_equal(dsr_signed_data_signed_bytes(&d, &bytes, &err), 0);
	authority_signer(signer, &key);
	assert_int_equal(dsr_signer_sign(&key, &signature, bytes.data,
	    bytes.len - (r->broken ? 1 : 0), &err), 0);
	d.signature = (struct dsr_der) { signature.data, signature.len };
	assert_int_equal(dsr_time_reply_write(&d, out, &err), 0);
	dsr_signed_data_fini(&d);
	dsr_buffer_fini(&info);
	dsr_buffer_fini(&attributes);
	dsr_buffer_fini(&bytes);
	dsr_buffer_fini(&signature);
}

static bool
is_accepted(const void *der, size_t len)
{
	struct dsr_timestamp *stamp = NULL;
	struct dsr_error err;
	bool good = dsr_timestamp_parse(&stamp, der, len, &err) == 0;

	assert_true(good == (stamp != NULL));
	dsr_timestamp_free(stamp);
	return good;
}

/* ---- one that is kept ------------------------------------------------------------ */

static void
tells_what_it_says(void **state)
{
	static const struct rules row[] = {
		{ .signer = &rsa, .others = { &middle, &root } },
		{ .others = { &root } },
		{ .others = { &root }, .sha1_id = true },
		{ .signer = &p384, .others = { &root },
		    .kind = DSR_IMPRINT_SHA512 },
		{ .others = { &root }, .kind = DSR_IMPRINT_SHA384,
		    .gen_time = "20231114221320.123Z" },
	};
	static const char *const subject[] = { "CN=RSA", "CN=EC", "CN=EC",
		"CN=P-384", "CN=EC" };
	struct dsr_timestamp *stamp = NULL;
	struct dsr_imprint imprint;
	struct dsr_buffer der;
	struct dsr_error err;
	struct timespec when;
	char is[DSR_SUBJECT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(row); i++) {
		make_reply(&der, &row[i]);
		if (dsr_timestamp_parse(&stamp, der.data, der.len, &err) != 0)
			fail_msg("row %zu: %s", i, err.msg);
		assert_int_equal(dsr_imprint_data(&imprint, row[i].kind, DATA,
		    DATA_LEN, &err), 0);
		assert_true(dsr_imprint_equals(dsr_timestamp_imprint(stamp),
		    &imprint));
		dsr_timestamp_time(stamp, &when);
		assert_int_equal(when.tv_sec, AUTHORITY_TIME);
		assert_int_equal(when.tv_nsec, i == 4 ? 123000000 : 0);
		dsr_certificates_subject(dsr_timestamp_certificates(stamp),
		    dsr_timestamp_signer(stamp), is);
		assert_string_equal(is, subject[i]);
		dsr_timestamp_free(stamp);
		dsr_buffer_fini(&der);
	}
}

static void
wrong_ones_are_refused(void **state)
{
	static const struct {
		struct rules rules;
		const char *why;
	} row[] = {
		{ { .others = { NULL } }, "the root is missing" },
		{ { .signer = &rsa, .others = { &root } },
		    "the one between is missing" },
		{ { .others = { &root, &middle } }, "one that is not needed" },
		{ { .others = { &root, &stranger } }, "two roots" },
		{ { .others = { &stranger } }, "another root of that name" },
		{ { .signer = &plain, .others = { &root } },
		    "not a certificate for time stamps" },
		{ { .signer = &second, .others = { &root } },
		    "a certificate for e-mail, too" },
		{ { .signer = &loose, .others = { &root } },
		    "its use is not critical" },
		{ { .others = { &root }, .gen_time = "20231201000000Z" },
		    "after the certificate ended" },
		{ { .others = { &root }, .gen_time = "20231101000000Z" },
		    "before it began" },
		{ { .others = { &root }, .gen_time = "20230229000000Z" },
		    "no day" },
		{ { .others = { &root }, .gen_time = "20231114221320.10Z" },
		    "a fraction in another form" },
		{ { .others = { &root }, .version = 2 }, "TSTInfo version 2" },
		{ { .others = { &root }, .critical = true },
		    "a critical extension" },
		{ { .others = { &root }, .no_id = true }, "no ESSCertID" },
		{ { .others = { &root }, .id = &root },
		    "ESSCertID of the root" },
		{ { .others = { &root }, .id = &rsa },
		    "ESSCertID of one that is not there" },
		{ { .others = { &root }, .signed_content = "other" },
		    "messageDigest of something else" },
		{ { .others = { &root }, .other_type = true },
		    "contentType id-data" },
		{ { .others = { &root }, .broken = true },
		    "a signature over other attributes" },
	};
	struct dsr_buffer der;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(row); i++) {
		make_reply(&der, &row[i].rules);
		if (is_accepted(der.data, der.len))
			fail_msg("row %zu: %s", i, row[i].why);
		dsr_buffer_fini(&der);
	}
}

/* Each bit, or with a step of 9 one of each byte. */
static void
flip_bits(const struct rules *right, size_t step)
{
	struct dsr_buffer der;
	size_t bit;

	make_reply(&der, right);
	assert_true(is_accepted(der.data, der.len));
	for (bit = 0; bit < 8 * der.len; bit += step) {
		der.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (is_accepted(der.data, der.len))
			fail_msg("bit %zu of byte %zu", bit % 8, bit / 8);
		der.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (bit = 0; bit < der.len; bit++)
		assert_false(is_accepted(der.data, bit));
	dsr_buffer_fini(&der);
}

static void
every_bit_counts(void **state)
{
	(void)state;
	flip_bits(&(struct rules) { .others = { &root } }, 1);
	flip_bits(&(struct rules) { .signer = &rsa,
	    .others = { &middle, &root } }, 9);
}

/* ---- what an authority answers ------------------------------------------------------ */

static void
make_query(struct dsr_time_query *q)
{
	struct dsr_imprint imprint;
	struct dsr_error err;

	assert_int_equal(dsr_imprint_data(&imprint, DSR_IMPRINT_SHA256, DATA,
	    DATA_LEN, &err), 0);
	dsr_time_query_init(q, &imprint);
}

static int
normalise(const struct dsr_buffer *reply, const struct dsr_time_query *q,
    const struct authority *trusted, struct dsr_buffer *out,
    struct dsr_error *err)
{
	struct dsr_roots *roots = NULL;
	int rc;

	dsr_buffer_init(out, DSR_MAX_ATTESTATION);
	if (trusted != NULL) {
		assert_int_equal(dsr_roots_new(&roots, err), 0);
		authority_trust(trusted, roots);
	}
	rc = dsr_time_reply_normalise(reply->data, reply->len, q, roots, out,
	    err);
	dsr_roots_free(roots);
	return rc;
}

static void
replies_become_the_one_form(void **state)
{
	struct dsr_time_query q;
	const struct {
		struct rules rules;
		const struct authority *trusted;
		const char *why;
	} row[] = {
		{ { .query = &q, .others = { &root } }, NULL,
		    "its own root" },
		{ { .query = &q, .others = { &root } }, &root,
		    "a root that we trust" },
		{ { .query = &q }, &root, "the root is ours alone" },
		{ { .query = &q, .others = { &root, &middle, &plain } },
		    &root, "certificates that are not needed" },
	};
	struct dsr_buffer reply, out;
	struct dsr_error err;
	size_t i;

	(void)state;
	make_query(&q);
	for (i = 0; i < COUNT(row); i++) {
		make_reply(&reply, &row[i].rules);
		if (normalise(&reply, &q, row[i].trusted, &out, &err) != 0)
			fail_msg("row %zu (%s): %s", i, row[i].why, err.msg);
		assert_true(is_accepted(out.data, out.len));
		dsr_buffer_fini(&reply);
		dsr_buffer_fini(&out);
	}
}

static void
replies_that_do_not_answer(void **state)
{
	struct dsr_time_query q, later;
	const struct {
		struct rules rules;
		const struct authority *trusted;
		enum dsr_code code;
		const char *why;
	} row[] = {
		{ { .query = &later, .others = { &root } }, NULL,
		    DSR_EFORMAT, "another nonce" },
		{ { .others = { &root } }, NULL, DSR_EFORMAT, "no nonce" },
		{ { .query = &q, .others = { &root }, .data = "else" }, NULL,
		    DSR_EFORMAT, "another imprint" },
		{ { .query = &q, .others = { &root },
		    .kind = DSR_IMPRINT_SHA512 }, NULL, DSR_EFORMAT,
		    "another digest" },
		{ { .query = &q }, NULL, DSR_EFAILED, "no root" },
		{ { .query = &q, .others = { &root } }, &stranger,
		    DSR_EFAILED, "a root that is not ours" },
		{ { .query = &q, .others = { &root }, .no_id = true }, NULL,
		    DSR_EFORMAT, "no ESSCertID" },
		{ { .query = &q, .others = { &root }, .broken = true }, NULL,
		    DSR_ESIGNATURE, "a broken signature" },
		{ { .query = &q, .others = { &root }, .signer = &plain },
		    &root, DSR_EFAILED, "not one for time stamps" },
	};
	struct dsr_buffer reply, out;
	struct dsr_error err;
	size_t i;

	(void)state;
	make_query(&q);
	make_query(&later);
	for (i = 0; i < COUNT(row); i++) {
		make_reply(&reply, &row[i].rules);
		if (normalise(&reply, &q, row[i].trusted, &out, &err) == 0 ||
		    err.code != row[i].code)
			fail_msg("row %zu: %s", i, row[i].why);
		assert_int_equal(out.len, 0);
		dsr_buffer_fini(&reply);
		dsr_buffer_fini(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_it_says),
		cmocka_unit_test(wrong_ones_are_refused),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(replies_become_the_one_form),
		cmocka_unit_test(replies_that_do_not_answer),
	};

	return cmocka_run_group_tests(tests, make_all, free_all);
}
