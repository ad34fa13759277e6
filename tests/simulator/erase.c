/* SPDX-License-Identifier: ISC */
/* Deletions: at once, and the two ways of long-running ones. */
#include "simulator.h"

#include <string.h>

static int
find_item(const struct sim *sim, const struct sim_request *request,
    uint64_t *index)
{
	enum sim_kind kind = request->route->kind;

	*index = 0;
	if (request->argument[0] == NULL)
		return sim_is_gone(sim, kind, 0) ? -1 : 0;
	return sim_find(sim, request, kind, request->argument[0], index);
}

void
sim_erase_item(struct sim *sim, struct sim_request *request,
    struct sim_reply *reply)
{
	uint64_t index;

	if (request->route->kind == SIM_SERVICE &&
	    sim->options.async_services) {
		sim_erase_async(sim, request, reply);
		return;
	}
	reply->status = 204;
	if (find_item(sim, request, &index) != 0)
		return;
	sim_erase(sim, request->route->kind, index);
	reply->status = 200;
}

/* Its number, or SIM_MAX_OPERATIONS. */
static unsigned int
start_operation(struct sim *sim, enum sim_kind kind, uint64_t index)
{
	unsigned int number = atomic_fetch_add(&sim->operation_count, 1);

	if (number >= SIM_MAX_OPERATIONS)
		return SIM_MAX_OPERATIONS;
	sim->operation[number].kind = kind;
	sim->operation[number].index = index;
	return number;
}

static void
write_arm_url(const struct sim *sim, const struct sim_request *request,
    struct sim_text *url, const char *guid)
{
	sim_text_printf(url, "https://%s/subscriptions/%s/providers/"
	    "Microsoft.MachineLearning%s/locations/%s/operationsStatus/%s"
	    "?api-version=%s", request->host_name, sim->options.subscription,
	    request->route->kind == SIM_CLUSTER ? "Compute" : "Services",
	    sim->options.location, guid, request->route->api_version);
}

static void
write_models_url(const struct sim *sim, const struct sim_request *request,
    struct sim_text *url, const char *guid)
{
	sim_text_printf(url, "https://%s/api/subscriptions/%s/resourceGroups/"
	    "%s/accounts/%s/operations/%s?api-version=%s", request->host_name,
	    sim->options.subscription, sim->options.resource_group,
	    sim->options.account, guid, request->route->api_version);
}

void
sim_erase_async(struct sim *sim, struct sim_request *request,
    struct sim_reply *reply)
{
	struct sim_text url = { NULL, 0, 0 };
	char guid[SIM_GUID_CHARS];
	unsigned int number;
	uint64_t index;

	reply->status = 204;
	if (find_item(sim, request, &index) != 0)
		return;
	number = start_operation(sim, request->route->kind, index);
	if (number == SIM_MAX_OPERATIONS) {
		sim_reply_error(reply, request, request->route->shape, 503,
		    "ServerBusy", "Too many deletions run.");
		return;
	}
	sim_guid(sim, SIM_KINDS, number, guid);
	reply->status = 202;
	if (request->host == SIM_MODELS) {
		write_models_url(sim, request, &url, guid);
		sim_reply_header(reply, "Operation-Location", "%s", url.bytes);
	} else {
		write_arm_url(sim, request, &url, guid);
		sim_reply_header(reply, "Azure-AsyncOperation", "%s",
		    url.bytes);
		sim_reply_header(reply, "Location", "%s", url.bytes);
	}
	sim_reply_header(reply, "Retry-After", "%lu",
	    sim->options.retry_after_s);
	sim_text_fini(&url);
}

static void
write_arm_status(struct sim_text *body, const struct sim_request *request,
    bool done)
{
	sim_open(body, NULL, '{');
	sim_stringf(body, "id", "%.*s", (int)strcspn(request->uri, "?"),
	    request->uri);
	sim_string(body, "name", request->argument[0]);
	sim_string(body, "status", done ? "Succeeded" : "Deleting");
	sim_string(body, "startTime", "2018-09-24T09:12:44.51Z");
	if (done)
		sim_string(body, "endTime", "2018-09-24T09:14:02.08Z");
	/* 0.0 to the end, as the service was seen to answer. */
	sim_literal(body, "percentComplete", "0.0");
	sim_literal(body, "properties", "{}");
	sim_close(body, '}');
}

static void
write_models_status(struct sim_text *body, const struct sim_request *request,
    bool done)
{
	sim_open(body, NULL, '{');
	sim_string(body, "id", request->argument[0]);
	sim_string(body, "operationType", "Service");
	sim_string(body, "state", done ? "Succeeded" : "Running");
	sim_string(body, "createdTime", "2018-09-24T09:12:44.51Z");
	if (done)
		sim_string(body, "endTime", "2018-09-24T09:14:02.08Z");
	sim_literal(body, "resourceLocation", "null");
	sim_literal(body, "error", "null");
	sim_close(body, '}');
}

/* The thing is there until somebody asked often enough. */
void
sim_get_operation(struct sim *sim, struct sim_request *request,
    struct sim_reply *reply)
{
	uint64_t number = sim_guid_index(sim, SIM_KINDS,
	    request->argument[0]);
	struct sim_operation *operation;
	bool done;

	if (number >= atomic_load(&sim->operation_count) ||
	    number >= SIM_MAX_OPERATIONS) {
		sim_reply_error(reply, request, request->route->shape, 404,
		    "ResourceNotFound", "There is no such operation.");
		return;
	}
	operation = &sim->operation[number];
	done = atomic_fetch_add(&operation->polls, 1) >= sim->options.polls;
	if (done)
		sim_erase(sim, operation->kind, operation->index);
	else
		sim_reply_header(reply, "Retry-After", "%lu",
		    sim->options.retry_after_s);
	sim_reply_json(reply, 200);
	if (request->host == SIM_MODELS)
		write_models_status(&reply->body, request, done);
	else
		write_arm_status(&reply->body, request, done);
}
