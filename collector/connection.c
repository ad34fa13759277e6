/* SPDX-License-Identifier: ISC */
#include "connection.h"

#include <string.h>

#include "dossier/text.h"
#include "ending.h"

#define DEFAULT_CONCURRENCY 8u
#define DEFAULT_PATIENCE_S  60u

/* "N/s" */
static int
parse_rate(const char *text, uint64_t *interval_us, struct dsr_error *err)
{
	uint64_t rate;
	size_t len = text == NULL ? 0 : strlen(text);

	*interval_us = 0;
	if (text == NULL)
		return 0;
	if (len < 3 || strcmp(text + len - 2, "/s") != 0 ||
	    !dsr_parse_u64(text, len - 2, 1000000, &rate) || rate == 0)
		return dsr_fail(err, DSR_EUSAGE,
		    "--rate wants requests a second, such as 20/s");
	*interval_us = 1000000 / rate;
	return 0;
}

void
connection_start(struct connection *c)
{
	c->concurrency = DEFAULT_CONCURRENCY;
	c->patience_s = DEFAULT_PATIENCE_S;
}

void
connection_fini(struct connection *c)
{
	dsr_texts_fini(&c->params);
	dsr_texts_fini(&c->identities);
	dsr_texts_fini(&c->credentials);
	dsr_texts_fini(&c->connect_to);
	dsr_common_fini(&c->common);
}

int
connection_options(const struct connection *c, struct collect_options *o,
    struct dsr_error *err)
{
	o->connector = c->connector;
	o->params = c->params.items;
	o->param_count = c->params.count;
	o->identities = c->identities.items;
	o->identity_count = c->identities.count;
	o->credentials = c->credentials.items;
	o->credential_count = c->credentials.count;
	o->fetch.ca_file = c->ca_file;
	o->fetch.connect_to = c->connect_to.items;
	o->fetch.connect_to_count = c->connect_to.count;
	o->fetch.concurrency = (size_t)c->concurrency;
	o->fetch.patience_s = (long)c->patience_s;
	o->no_progress =
	    c->common.no_progress || c->common.quiet || c->common.json;
	o->ending = &ending;
	return parse_rate(c->rate, &o->rate_us, err);
}
