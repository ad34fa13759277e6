/* SPDX-License-Identifier: ISC */
/* What the request says must be kept: legal_hold and retain_until. */
#include "erase.h"

bool
erase_has_holds(const struct erasure *x)
{
	return x->exported.request != NULL &&
	    (dsr_request_is_retained(x->exported.request, x->today) ||
	        dsr_request_hold_count(x->exported.request) > 0);
}

uint64_t
erase_hold_of(const struct erasure *x, size_t endpoint, const char *item)
{
	const struct dsr_request *r = x->exported.request;
	size_t entry = r == NULL
	    ? 0
	    : dsr_request_held_by(r, x->c.k->meta.key,
	          connector_endpoint(x->c.k, endpoint)->name, item, x->today);

	if (entry > 0)
		return entry;
	return r != NULL && dsr_request_is_retained(r, x->today) ? DSR_NONE
	                                                         : 0;
}
