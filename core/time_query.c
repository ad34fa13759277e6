/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "dossier/random.h"
#include "time_info.h"

void
dsr_time_query_init(struct dsr_time_query *q,
    const struct dsr_imprint *imprint)
{
	memset(q, 0, sizeof(*q));
	q->imprint = *imprint;
	dsr_random_bytes(q->nonce, sizeof(q->nonce));
	/* positive, and of this length in its shortest form */
	q->nonce[0] = (uint8_t)((q->nonce[0] & 0x3F) | 0x40);
}

int
dsr_time_query_write(const struct dsr_time_query *q, struct dsr_buffer *out,
    struct dsr_error *err)
{
	const struct dsr_oid *kind = &dsr_oid_digest[q->imprint.kind];
	const uint8_t yes = 0xFF;
	struct dsr_der_writer w;
	size_t all, imprint, algorithm;

	dsr_der_writer_init(&w, out);
	all = dsr_der_begin(&w);
	dsr_der_put_small(&w, 1);
	imprint = dsr_der_begin(&w);
	algorithm = dsr_der_begin(&w);
	dsr_der_put_raw(&w, kind->element, kind->len);
	/* RFC 5754 would leave it out; authorities know what openssl ts asks */
	dsr_der_put(&w, DSR_DER_NULL, NULL, 0);
	dsr_der_end(&w, algorithm, DSR_DER_SEQUENCE);
	dsr_der_put(&w, DSR_DER_OCTET_STRING, q->imprint.digest,
	    dsr_imprint_bytes(q->imprint.kind));
	dsr_der_end(&w, imprint, DSR_DER_SEQUENCE);
	dsr_der_put(&w, DSR_DER_INTEGER, q->nonce, sizeof(q->nonce));
	dsr_der_put(&w, DSR_DER_BOOLEAN, &yes, 1); /* certReq */
	dsr_der_end(&w, all, DSR_DER_SEQUENCE);
	return dsr_der_writer_finish(&w, err);
}

static bool
take_query(struct dsr_time_query *q, const void *der, size_t len)
{
	struct dsr_der in = { der, len }, all, v;

	memset(q, 0, sizeof(*q));
	if (!dsr_der_is_sound(der, len) ||
	    !dsr_der_take(&in, DSR_DER_SEQUENCE, &all) ||
	    !dsr_der_take(&all, DSR_DER_INTEGER, &v) ||
	    !dsr_time_imprint_take(&all, &q->imprint) ||
	    !dsr_der_take(&all, DSR_DER_INTEGER, &v) ||
	    v.len != sizeof(q->nonce))
		return false;
	memcpy(q->nonce, v.data, v.len);
	return true;
}

int
dsr_time_query_parse(struct dsr_time_query *q, const void *der, size_t len,
    struct dsr_error *err)
{
	struct dsr_buffer again;
	int rc = -1;

	dsr_buffer_init(&again, 256);
	if (!take_query(q, der, len))
		dsr_fail(err, DSR_EINPUT,
		    "wanted a query of dossier stamp, found something else");
	else if (dsr_time_query_write(q, &again, err) == 0)
		rc = again.len == len && memcmp(again.data, der, len) == 0
		    ? 0
		    : dsr_fail(err, DSR_EINPUT, "wanted a query of dossier "
			"stamp, found one in another form");
	dsr_buffer_fini(&again);
	return rc;
}
