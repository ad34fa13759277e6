/* SPDX-License-Identifier: ISC */
#include "simulator.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Where a page starts; the generation tells links of one place apart. */
struct place {
	uint64_t start;
	unsigned int generation;
};

static const char *const noun[SIM_KINDS] = {
#define X(id, text) text,
	SIM_KINDS_LIST(X)
#undef X
};

const struct sim_collection *
sim_collection_of(enum sim_kind kind)
{
	static const struct sim_collection *const list[SIM_KINDS] = {
		[SIM_HOSTING] = &sim_hosting, [SIM_MODEL] = &sim_models,
		[SIM_MANIFEST] = &sim_manifests, [SIM_IMAGE] = &sim_images,
		[SIM_SERVICE] = &sim_services, [SIM_COMPUTE] = &sim_computes,
		[SIM_CLUSTER] = &sim_clusters, [SIM_RUN] = &sim_runs,
		[SIM_EXPERIMENT] = &sim_experiments,
		[SIM_METRIC] = &sim_metrics, [SIM_ARTIFACT] = &sim_artifacts,
		[SIM_ASSET] = &sim_assets, [SIM_JOB] = &sim_jobs,
		[SIM_ACCOUNT] = &sim_accounts,
		[SIM_WORKSPACE] = &sim_workspaces,
		[SIM_PROJECT] = &sim_projects,
	};

	return list[kind];
}

bool
sim_is_gone(const struct sim *sim, enum sim_kind kind, uint64_t index)
{
	return sim->gone[kind] != NULL &&
	    atomic_load(&sim->gone[kind][index]) != 0;
}

void
sim_erase(struct sim *sim, enum sim_kind kind, uint64_t index)
{
	atomic_store(&sim->gone[kind][index], 1);
	if (kind == SIM_ACCOUNT)
		atomic_store(&sim->gone[SIM_WORKSPACE][0], 1);
	if (kind == SIM_ACCOUNT || kind == SIM_WORKSPACE)
		atomic_store(&sim->gone[SIM_PROJECT][0], 1);
}

/* The number that the last digits of an id are. */
static uint64_t
last_number(const char *id)
{
	const char *p = id + strlen(id);

	while (p > id && (p[-1] < '0' || p[-1] > '9'))
		p--;
	while (p > id && p[-1] >= '0' && p[-1] <= '9')
		p--;
	return strtoull(p, NULL, 10);
}

int
sim_find(const struct sim *sim, const struct sim_request *request,
    enum sim_kind kind, const char *id, uint64_t *index)
{
	const struct sim_collection *of = sim_collection_of(kind);
	uint64_t count = of->count(sim, request), found = 0;
	struct sim_text wanted = { NULL, 0, 0 };
	bool same;

	if (of->by_guid)
		found = sim_guid_index(sim, kind, id);
	else if (count > 1)
		found = last_number(id);
	if (found >= count || sim_is_gone(sim, kind, found))
		return -1;
	of->write_id(sim, found, &wanted);
	same = request->host == SIM_ARM || of->by_guid ?
	    strcasecmp(wanted.bytes, id) == 0 : strcmp(wanted.bytes, id) == 0;
	sim_text_fini(&wanted);
	if (!same)
		return -1;
	*index = found;
	return 0;
}

/* ---- page tokens ---- */

/*
 * As the service makes them: base64 with its "=" percent-encoded in lower
 * case, so that a client that decodes and encodes again is found out.
 */
static void
write_token(struct sim_text *text, struct place place, bool encoded)
{
	unsigned char made[96];
	char plain[64];
	int len, i;

	len = snprintf(plain, sizeof(plain), "p%llu.%u",
	    (unsigned long long)place.start, place.generation);
	if (len % 3 == 0)
		plain[len++] = '~';     /* there is always a "=" to encode */
	len = EVP_EncodeBlock(made, (const unsigned char *)plain, len);
	for (i = 0; i < len; i++) {
		if (encoded && strchr("=+/", made[i]) != NULL)
			sim_text_printf(text, "%%%02x", made[i]);
		else
			sim_text_add(text, &made[i], 1);
	}
}

static int
read_place(struct place *place, const char *token, size_t len)
{
	unsigned char plain[96];
	char *end = NULL;
	int plain_len;

	if (len < 4 || len > 80)
		return -1;
	plain_len = EVP_DecodeBlock(plain, (const unsigned char *)token,
	    (int)len);
	if (plain_len < 4 || plain[0] != 'p')
		return -1;
	plain[plain_len] = '\0';
	place->start = strtoull((char *)plain + 1, &end, 10);
	if (*end != '.')
		return -1;
	place->generation = (unsigned int)strtoul(end + 1, NULL, 10);
	return 0;
}

static const char *
token_name(const struct sim_request *request)
{
	switch (request->host) {
	case SIM_MODELS:
		return "$skipToken";
	case SIM_EXPERIMENTS:
		return "continuationToken";
	case SIM_ARM:
	case SIM_BLOB:
	case SIM_HOSTS:
		break;
	}
	return "$skiptoken";
}

/*
 * The tokens of $skiptoken only ever come from a link: they must be the very
 * bytes given. A continuationToken is also a field, which clients encode.
 */
static int
read_token(struct place *place, const struct sim_request *request)
{
	struct sim_text given = { NULL, 0, 0 };
	char decoded[128];
	size_t len = 0, decoded_len;
	const char *raw = sim_request_query(request, token_name(request),
	    &len);
	bool same;

	memset(place, 0, sizeof(*place));
	if (raw == NULL || request->plan.ignore_token)
		return 0;
	if (len >= sizeof(decoded) ||
	    sim_percent_decode(decoded, &decoded_len, raw, len) != 0 ||
	    read_place(place, decoded, decoded_len) != 0)
		return -1;
	if (request->host == SIM_EXPERIMENTS)
		return 0;
	write_token(&given, *place, true);
	same = given.len == len && memcmp(given.bytes, raw, len) == 0;
	sim_text_fini(&given);
	return same ? 0 : -1;
}

/* ---- pages ---- */

static void
write_right_link(struct sim_text *text, const struct sim_request *request,
    struct place next)
{
	const char *version = request->route->api_version;

	sim_text_printf(text, "https://%s%s%.*s?", request->host_name,
	    request->plan.next == SIM_NEXT_PORT ? ":443" : "",
	    (int)strcspn(request->uri, "?"), request->uri);
	if (version != NULL)
		sim_text_printf(text, "api-version=%s&", version);
	/* A region of ARM was seen to encode the "$", the centre does not. */
	sim_text_printf(text, "%s=", request->host == SIM_ARM &&
	    strcmp(request->host_name, "management.azure.com") != 0 ?
	    "%24skiptoken" : token_name(request));
	write_token(text, next, true);
}

static void
write_growing_link(struct sim_text *text, const struct sim_request *request,
    struct place next)
{
	sim_text_printf(text, "https://%s%s%c%s=", request->host_name,
	    request->uri, *request->query == '\0' ? '?' : '&',
	    token_name(request));
	write_token(text, next, true);
}

/* The link alone, as the fault plan wants it; nothing: leave it out. */
static void
write_link(struct sim_text *link, const struct sim_request *request,
    bool more, struct place next)
{
	switch (request->plan.next) {
	case SIM_NEXT_DROPPED:
	case SIM_NEXT_NULL:
	case SIM_NEXT_EMPTY:
		return;
	case SIM_NEXT_GIVEN:
		sim_text_puts(link, request->plan.next_text);
		return;
	case SIM_NEXT_REPEATED:
		sim_text_printf(link, "https://%s%s", request->host_name,
		    request->uri);
		return;
	case SIM_NEXT_GROWING:
		write_growing_link(link, request, next);
		return;
	case SIM_NEXT_RIGHT:
	case SIM_NEXT_PORT:
		if (more)
			write_right_link(link, request, next);
		return;
	}
}

static void
write_next(struct sim_text *body, const struct sim_request *request,
    bool more, struct place next)
{
	struct sim_text link = { NULL, 0, 0 }, token = { NULL, 0, 0 };
	bool data = request->host == SIM_EXPERIMENTS;

	write_link(&link, request, more, next);
	if (data && link.len > 0) {
		write_token(&token, next, false);
		sim_string(body, "continuationToken", token.bytes);
	} else if (data) {
		sim_literal(body, "continuationToken", "null");
	}
	if (link.len > 0)
		sim_string(body, "nextLink", link.bytes);
	else if (request->plan.next == SIM_NEXT_EMPTY)
		sim_string(body, "nextLink", "");
	else if (data || request->plan.next == SIM_NEXT_NULL)
		sim_literal(body, "nextLink", "null");
	sim_text_fini(&token);
	sim_text_fini(&link);
}

void
sim_get_list(struct sim *sim, struct sim_request *request,
    struct sim_reply *reply)
{
	enum sim_kind kind = request->route->kind;
	const struct sim_collection *of = sim_collection_of(kind);
	uint64_t count = of->count(sim, request), made = 0;
	struct place place;

	if (read_token(&place, request) != 0 || place.start > count) {
		sim_reply_error(reply, request, request->route->shape, 400,
		    "InvalidSkipToken", "The token of the page is not one "
		    "that was given out.");
		return;
	}
	sim_reply_json(reply, 200);
	sim_open(&reply->body, NULL, '{');
	sim_open(&reply->body, "value", '[');
	place.generation += request->plan.empty_page;
	while (!request->plan.empty_page && place.start < count &&
	    made < sim->options.page_size) {
		if (!sim_is_gone(sim, kind, place.start)) {
			of->write(sim, request, place.start, &reply->body);
			made++;
		}
		place.start++;
	}
	sim_close(&reply->body, ']');
	write_next(&reply->body, request, place.start < count, place);
	sim_close(&reply->body, '}');
}

void
sim_get_item(struct sim *sim, struct sim_request *request,
    struct sim_reply *reply)
{
	enum sim_kind kind = request->route->kind;
	const char *id = request->argument[0];
	uint64_t index = 0;

	if (id == NULL ? sim_is_gone(sim, kind, 0) :
	    sim_find(sim, request, kind, id, &index) != 0) {
		sim_reply_error(reply, request, request->route->shape, 404,
		    "ResourceNotFound", "The %s '%s' was not found.",
		    noun[kind], id == NULL ? "of this path" : id);
		return;
	}
	sim_reply_json(reply, 200);
	sim_collection_of(kind)->write(sim, request, index, &reply->body);
}

/* The artifacts of one run. */
void
sim_get_children(struct sim *sim, struct sim_request *request,
    struct sim_reply *reply)
{
	if (sim_find(sim, request, SIM_RUN, request->argument[0],
	    &request->parent) == 0) {
		sim_get_list(sim, request, reply);
		return;
	}
	sim_reply_error(reply, request, request->route->shape, 404,
	    "ResourceNotFound", "The run '%s' was not found.",
	    request->argument[0]);
}

/* The notification jobs of one person; nobody has none. */
void
sim_get_jobs(struct sim *sim, struct sim_request *request,
    struct sim_reply *reply)
{
	request->person = 0;
	while (request->person < 2 && strcasecmp(request->argument[0],
	    sim->options.object_id[request->person]) != 0)
		request->person++;
	sim_get_list(sim, request, reply);
}
