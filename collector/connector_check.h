/* SPDX-License-Identifier: ISC */
/* Parts of the checks of a connector; each complains of what it finds. */
#ifndef COLLECTOR_CONNECTOR_CHECK_H
#define COLLECTOR_CONNECTOR_CHECK_H

#include "connector.h"

/* connector_check_values.c: placeholders and what stands in for them */

/* Placeholders of t are parameters of the connector, without '+'. */
void check_parameters_only(struct reading *r, const struct template *t);
/*
 * Does the host of read come from another answer, at least in part? What an
 * answer gives can be checked only when it is there.
 */
bool host_is_found(const struct connector *k, const struct endpoint *e);
/* Which values make the requests of an endpoint: e->dimensions. */
void resolve_dimensions(struct reading *r, struct endpoint *e);
/* Every placeholder of the endpoint's requests finds a value. */
void check_placeholders(struct reading *r, const struct endpoint *e);
/* Warns of identities, parameters and values that nothing uses. */
void check_unused(struct reading *r);

/* connector_check_requests.c: what one endpoint may not say */
void check_endpoint(struct reading *r, const struct endpoint *e);
void check_defaults(struct reading *r);
/* No string of the file looks like a credential. */
void check_secret_strings(struct reading *r);

#endif
