/* SPDX-License-Identifier: ISC */
#include "time_info.h"

#include <string.h>

bool
dsr_time_imprint_take(struct dsr_der *in, struct dsr_imprint *out)
{
	struct dsr_der v, digest;

	memset(out, 0, sizeof(*out));
	if (!dsr_der_take(in, DSR_DER_SEQUENCE, &v) ||
	    !dsr_algorithm_take(&v, &out->kind) ||
	    !dsr_der_take(&v, DSR_DER_OCTET_STRING, &digest) || v.len > 0 ||
	    digest.len != dsr_imprint_bytes(out->kind))
		return false;
	memcpy(out->digest, digest.data, digest.len);
	return true;
}

/* RFC 5280 4.2: what is critical must be understood, and nothing is here. */
static bool
has_critical(struct dsr_der extensions)
{
	struct dsr_der one, v;

	while (dsr_der_take(&extensions, DSR_DER_SEQUENCE, &one))
		if (dsr_der_take(&one, DSR_DER_OID, &v) &&
		    dsr_der_is_next(&one, DSR_DER_BOOLEAN))
			return true; /* FALSE is the default, and not written */
	return extensions.len > 0;
}

/* accuracy, ordering, nonce, tsa, extensions: all optional */
static bool
take_optional(struct dsr_der *in, struct dsr_time_info *out)
{
	struct dsr_der v;

	(void)dsr_der_take(in, DSR_DER_SEQUENCE, &v);
	(void)dsr_der_take(in, DSR_DER_BOOLEAN, &v);
	(void)dsr_der_take(in, DSR_DER_INTEGER, &out->nonce);
	(void)dsr_der_take(in, DSR_DER_CONTEXT(0), &v);
	if (dsr_der_take(in, DSR_DER_CONTEXT(1), &v) && has_critical(v))
		return false;
	return in->len == 0;
}

bool
dsr_time_info_parse(struct dsr_time_info *out, const void *der, size_t len)
{
	struct dsr_der in = { der, len }, all, v;

	memset(out, 0, sizeof(*out));
	return dsr_der_is_sound(der, len) &&
	    dsr_der_take(&in, DSR_DER_SEQUENCE, &all) &&
	    dsr_der_take(&all, DSR_DER_INTEGER, &v) &&
	    dsr_der_equals(&v, "\x01", 1) &&
	    dsr_der_take(&all, DSR_DER_OID, &v) &&
	    dsr_time_imprint_take(&all, &out->imprint) &&
	    dsr_der_take(&all, DSR_DER_INTEGER, &v) &&
	    dsr_der_is_next(&all, DSR_DER_GENERALIZED_TIME) &&
	    dsr_der_take_time(&all, &out->when) && take_optional(&all, out);
}
