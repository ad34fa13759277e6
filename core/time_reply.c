/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "timestamp.h"

#define MAX_STATUS 5 /* PKIStatus: RFC 3161 2.4.2 */

int
dsr_time_reply_write(const struct dsr_signed_data *token,
    struct dsr_buffer *out, struct dsr_error *err)
{
	struct dsr_der_writer w;
	size_t all, status;

	dsr_der_writer_init(&w, out);
	all = dsr_der_begin(&w);
	status = dsr_der_begin(&w);
	dsr_der_put_small(&w, 0); /* granted: what was changed is signed */
	dsr_der_end(&w, status, DSR_DER_SEQUENCE);
	if (!w.failed && dsr_signed_data_write(token, out, &w.why) != 0)
		w.failed = true;
	dsr_der_end(&w, all, DSR_DER_SEQUENCE);
	return dsr_der_writer_finish(&w, err);
}

static bool
take_status(struct dsr_der *in, unsigned int *status)
{
	struct dsr_der info, v;

	if (!dsr_der_take(in, DSR_DER_SEQUENCE, &info) ||
	    !dsr_der_take(&info, DSR_DER_INTEGER, &v) || v.len != 1 ||
	    v.data[0] > MAX_STATUS)
		return false;
	*status = v.data[0];
	return true;
}

int
dsr_time_reply_parse(struct dsr_time_reply *r, const void *der, size_t len,
    struct dsr_error *err)
{
	struct dsr_der in = { der, len }, all, token;

	memset(r, 0, sizeof(*r));
	if (len > DSR_MAX_TIME_REPLY || !dsr_der_is_sound(der, len) ||
	    !dsr_der_take(&in, DSR_DER_SEQUENCE, &all) ||
	    !take_status(&all, &r->status))
		return dsr_fail(err, DSR_EFORMAT,
		    "not the reply of a time stamp authority in DER");
	if (r->status > 1)
		return dsr_fail(err, DSR_EFAILED,
		    "the authority refuses to stamp (PKIStatus %u)",
		    r->status);
	if (!dsr_der_take_element(&all, &token) || all.len > 0)
		return dsr_fail(err, DSR_EFORMAT,
		    "a reply without one time stamp token");
	if (dsr_signed_data_parse(&r->token, token.data, token.len, true,
		err) != 0)
		return dsr_wrap(err, "time stamp token");
	if (dsr_time_info_parse(&r->info, r->token.content.data,
		r->token.content.len))
		return 0;
	dsr_signed_data_fini(&r->token);
	return dsr_fail(err, DSR_EFORMAT, "a token whose TSTInfo is not of "
	    "RFC 3161, or has a digest other than SHA-256, -384, -512");
}

/* ---- normalising ---------------------------------------------------------------- */

static int
check_answer(struct dsr_time_reply *r, const struct dsr_time_query *q,
    struct dsr_error *err)
{
	if (!dsr_imprint_equals(&r->info.imprint, &q->imprint))
		return dsr_fail(err, DSR_EFORMAT,
		    "the reply is for another imprint than the query's");
	if (!dsr_der_equals(&r->info.nonce, q->nonce, sizeof(q->nonce)))
		return dsr_fail(err, DSR_EFORMAT,
		    "the reply does not have the query's nonce");
	if (!dsr_signed_data_signer(&r->token))
		return dsr_fail(err, DSR_EFORMAT, "the token holds no "
		    "certificate that its ESSCertID names");
	if (dsr_certificates_key(r->token.certificates, r->token.signer) ==
	    DSR_X509_OTHER)
		return dsr_fail(err, DSR_EFORMAT, "the authority's key: wanted "
		    "RSA of %d to %d bits, or ECDSA P-256, P-384 or P-521",
		    DSR_MIN_RSA_BITS, DSR_MAX_RSA_BITS);
	return 0;
}

/* Without roots of the caller's: those in the reply, and the system's. */
static int
collect_roots(struct dsr_roots **out, const struct dsr_certificates *list,
    struct dsr_error *err)
{
	size_t i;

	if (dsr_roots_new(out, err) != 0)
		return -1;
	dsr_roots_use_system(*out);
	for (i = 0; i < dsr_certificates_count(list); i++)
		if (dsr_certificates_is_root(list, i) &&
		    dsr_roots_add(*out, list, i, "reply", err) != 0)
			return -1;
	return 0;
}

/* Leaves just the path in the token, its first certificate the signer's. */
static int
reduce_path(struct dsr_time_reply *r, const struct dsr_roots *roots,
    struct dsr_error *err)
{
	struct dsr_certificates *chain = NULL;
	struct dsr_path path;

	if (dsr_roots_judge(roots, r->token.certificates, r->token.signer,
		DSR_PATH_FOR_TIME, r->info.when.tv_sec, &path, &chain, err) !=
	    0)
		return -1;
	if (path.state != DSR_PATH_TRUSTED)
		return dsr_fail(err, DSR_EFAILED, "the authority's "
		    "certificate leads to no root (%s); --ca-file PEM names "
		    "one", path.why);
	dsr_certificates_free(r->token.certificates);
	r->token.certificates = chain;
	r->token.signer = 0;
	return 0;
}

/* What is kept must be what every verifier accepts. */
static int
check_form(const struct dsr_buffer *made, struct dsr_error *err)
{
	struct dsr_timestamp *stamp = NULL;

	if (dsr_timestamp_parse(&stamp, made->data, made->len, err) != 0)
		return -1;
	dsr_timestamp_free(stamp);
	return 0;
}

int
dsr_time_reply_normalise(const void *der, size_t len,
    const struct dsr_time_query *q, const struct dsr_roots *roots,
    struct dsr_buffer *out, struct dsr_error *err)
{
	struct dsr_roots *own = NULL;
	struct dsr_time_reply r;
	struct dsr_buffer made;
	int rc = -1;

	if (dsr_time_reply_parse(&r, der, len, err) != 0)
		return -1;
	dsr_buffer_init(&made, DSR_MAX_ATTESTATION);
	if (check_answer(&r, q, err) == 0 &&
	    (roots != NULL ||
		collect_roots(&own, r.token.certificates, err) == 0) &&
	    reduce_path(&r, roots != NULL ? roots : own, err) == 0 &&
	    dsr_time_reply_write(&r.token, &made, err) == 0 &&
	    check_form(&made, err) == 0)
		rc = dsr_buffer_append(out, made.data, made.len, err);
	dsr_signed_data_fini(&r.token);
	dsr_roots_free(own);
	dsr_buffer_fini(&made);
	return rc;
}
