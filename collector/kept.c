/* SPDX-License-Identifier: ISC */
/*
 * What a case was begun with: connector, parameters, identities. Who goes on
 * with it gives the same ones; the case only says whether they are.
 */
#include "collection.h"

#include <string.h>

static int
take_kept(void *ctx, enum dsr_setting kind, const char *name,
    const char *value, struct dsr_error *err)
{
	struct settings *s = ctx;

	return values_add(kind == DSR_SETTING_PARAM ? &s->params
	                                            : &s->identities,
	    name, value, false, err);
}

static bool
holds(const struct values *all, const struct value *one)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->items[i].name, one->name) == 0 &&
		    strcmp(all->items[i].text, one->text) == 0)
			return true;
	return false;
}

/* The first of some that is not among others; NULL. */
static const struct value *
find_other(const struct values *some, const struct values *others)
{
	for (size_t i = 0; i < some->count; i++)
		if (!holds(others, &some->items[i]))
			return &some->items[i];
	return NULL;
}

/*
 * What is given now, and the presets, must be what the case was begun with, and
 * all of it: a case that somebody changed can neither name another host nor
 * another person.
 */
static int
compare_settings(const struct settings *given, const struct settings *kept,
    struct dsr_error *err)
{
	const struct values *lists[2][2] = {
		{ &given->params, &kept->params },
		{ &given->identities, &kept->identities },
	};

	for (size_t l = 0; l < 2; l++) {
		const struct value *other = find_other(lists[l][0], lists[l][1]);

		if (other != NULL)
			return dsr_fail(err, DSR_EUSAGE, "the case was begun "
			    "with another value of %s", other->name);
		other = find_other(lists[l][1], lists[l][0]);
		if (other != NULL)
			return dsr_fail(err, DSR_EUSAGE, "the case has another "
			    "value of %s: it goes on only with all parameters "
			    "and identities that it was begun with",
			    other->name);
	}
	return 0;
}

static int
add_settings(struct collection *c, struct dsr_error *err)
{
	const struct values *params = &c->settings.params;
	const struct values *identities = &c->settings.identities;

	for (size_t i = 0; i < params->count; i++)
		if (dsr_case_setting_add(c->store, c->connector_id,
		        DSR_SETTING_PARAM, params->items[i].name,
		        params->items[i].text, err) != 0)
			return -1;
	for (size_t i = 0; i < identities->count; i++)
		if (dsr_case_setting_add(c->store, c->connector_id,
		        DSR_SETTING_IDENTITY, identities->items[i].name,
		        identities->items[i].text, err) != 0)
			return -1;
	return 0;
}

static int
go_on(struct collection *c, const char *sha256, struct dsr_error *err)
{
	struct settings kept = { { NULL, 0 }, { NULL, 0 } };
	int result = -1;

	if (strcmp(sha256, c->k->sha256) != 0)
		return dsr_fail(err, DSR_EINPUT, "the case was begun with "
		    "another version of the connector %s", c->k->meta.key);
	if (dsr_case_settings(c->store, c->connector_id, take_kept, &kept,
	        err) == 0 &&
	    compare_settings(&c->settings, &kept, err) == 0)
		result = 1;
	settings_fini(&kept);
	return result;
}

int
collection_keep(struct collection *c, struct dsr_error *err)
{
	const struct dsr_connector_use use = { c->k->meta.key, c->k->sha256,
		c->k->meta.version };
	char sha256[DSR_SHA256_HEX];
	int known = dsr_case_connector_find(c->store, c->k->meta.key,
	    &c->connector_id, sha256, err);

	if (known < 0 || settings_complete(&c->settings, c->k, err) != 0)
		return -1;
	if (known != 0)
		return go_on(c, sha256, err);
	return dsr_case_connector_add(c->store, &use, c->k->text.data,
	           c->k->text.len, &c->connector_id, err) != 0
	    ? -1
	    : add_settings(c, err);
}
