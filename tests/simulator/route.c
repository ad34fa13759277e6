/* SPDX-License-Identifier: ISC */
#include "simulator.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SUB "/subscriptions/{subscriptionId}"
#define RG SUB "/resourceGroups/{resourceGroupName}"
#define HOSTING RG "/providers/Microsoft.MachineLearningModelManagement"      \
    "/accounts/{accountName}"
#define MM "/api" RG "/accounts/{accountName}"
#define MLS RG "/providers/Microsoft.MachineLearningServices"                 \
    "/workspaces/{workspaceName}"
#define MLC RG "/providers/Microsoft.MachineLearningCompute"
#define ACCOUNT RG "/providers/Microsoft.MachineLearningExperimentation"      \
    "/accounts/{accountName}"
#define WORKSPACE ACCOUNT "/workspaces/{workspaceName}"
#define PROJECT WORKSPACE "/projects/{projectName}"
#define HISTORY "/history/v1.0" PROJECT
#define ARTIFACT "/artifact/v1.0" PROJECT

#define V_MODELS "2017-09-01-preview"
#define V_EXPERIMENTS "2017-05-01-preview"
#define V_COMPUTE "2018-03-01-preview"
#define V_CLUSTERS "2017-06-01-preview"

/* A row of the model management data plane, of Run History, of ARM. */
#define R_MM(kind, path, get, erase) { SIM_MODELS, SIM_SHAPE_MODELS, kind,    \
    SIM_HOSTING, V_MODELS, MM path, get, erase }
#define R_DATA(kind, path, get) { SIM_EXPERIMENTS, SIM_SHAPE_DATA, kind,      \
    SIM_PROJECT, NULL, path, get, NULL }
#define R_ARM(shape, kind, version, path, get, erase) { SIM_ARM, shape, kind, \
    SIM_KINDS, version, path, get, erase }

/* clang-format off */
static const struct sim_route route_list[] = {
	R_ARM(SIM_SHAPE_ARM, SIM_HOSTING, V_MODELS, HOSTING,
	    sim_get_item, sim_erase_item),
	R_MM(SIM_MODEL, "/models", sim_get_list, NULL),
	R_MM(SIM_MODEL, "/models/{id}", sim_get_item, sim_erase_item),
	R_MM(SIM_MANIFEST, "/manifests", sim_get_list, NULL),
	R_MM(SIM_MANIFEST, "/manifests/{id}", sim_get_item, sim_erase_item),
	R_MM(SIM_SERVICE, "/services", sim_get_list, NULL),
	R_MM(SIM_SERVICE, "/services/{id}", sim_get_item, sim_erase_item),
	R_MM(SIM_IMAGE, "/images", sim_get_list, NULL),
	R_MM(SIM_IMAGE, "/images/{id}", sim_get_item, sim_erase_item),
	R_MM(SIM_KINDS, "/operations/{id}", sim_get_operation, NULL),
	R_ARM(SIM_SHAPE_ARM, SIM_COMPUTE, V_COMPUTE, MLS "/computes",
	    sim_get_list, NULL),
	R_ARM(SIM_SHAPE_ARM, SIM_COMPUTE, V_COMPUTE, MLS "/computes/{id}",
	    sim_get_item, sim_erase_async),
	R_ARM(SIM_SHAPE_FLAT, SIM_CLUSTER, V_CLUSTERS,
	    MLC "/operationalizationClusters", sim_get_list, NULL),
	R_ARM(SIM_SHAPE_FLAT, SIM_CLUSTER, V_CLUSTERS,
	    MLC "/operationalizationClusters/{id}",
	    sim_get_item, sim_erase_async),
	R_ARM(SIM_SHAPE_ARM, SIM_KINDS, V_COMPUTE, SUB
	    "/providers/Microsoft.MachineLearningServices/locations/{location}"
	    "/operationsStatus/{id}", sim_get_operation, NULL),
	R_ARM(SIM_SHAPE_FLAT, SIM_KINDS, V_CLUSTERS, SUB
	    "/providers/Microsoft.MachineLearningCompute/locations/{location}"
	    "/operationsStatus/{id}", sim_get_operation, NULL),
	R_ARM(SIM_SHAPE_FLAT, SIM_ACCOUNT, V_EXPERIMENTS, ACCOUNT,
	    sim_get_item, sim_erase_item),
	R_ARM(SIM_SHAPE_FLAT, SIM_WORKSPACE, V_EXPERIMENTS, WORKSPACE,
	    sim_get_item, sim_erase_item),
	R_ARM(SIM_SHAPE_FLAT, SIM_PROJECT, V_EXPERIMENTS, PROJECT,
	    sim_get_item, sim_erase_item),
	R_DATA(SIM_RUN, HISTORY "/runs", sim_get_list),
	R_DATA(SIM_RUN, HISTORY "/runs/{id}", sim_get_item),
	R_DATA(SIM_EXPERIMENT, HISTORY "/experiments", sim_get_list),
	R_DATA(SIM_EXPERIMENT, HISTORY "/experiments/{id}", sim_get_item),
	R_DATA(SIM_METRIC, HISTORY "/runmetrics", sim_get_list),
	R_DATA(SIM_ARTIFACT, HISTORY "/runs/{id}/artifacts",
	    sim_get_children),
	R_DATA(SIM_ARTIFACT, HISTORY "/runs/{id}/artifacturi",
	    sim_get_artifact_uri),
	R_DATA(SIM_ASSET, ARTIFACT "/assets", sim_get_list),
	R_DATA(SIM_ASSET, ARTIFACT "/assets/name/{id}", sim_get_item),
	R_DATA(SIM_ARTIFACT, ARTIFACT
	    "/artifacts/origins/ExperimentRun/containers/{id}",
	    sim_get_children),
	R_DATA(SIM_ARTIFACT, ARTIFACT
	    "/artifacts/contentinfo/ExperimentRun/{id}/{+path}",
	    sim_get_content_info),
	R_DATA(SIM_JOB, "/notification/v1.0" PROJECT "/users/{id}/jobs",
	    sim_get_jobs),
	{ SIM_BLOB, SIM_SHAPE_BLOB, SIM_ARTIFACT, SIM_KINDS, NULL,
	    "/{container}/{+path}", sim_get_blob, NULL },
};
/* clang-format on */

#define ROUTES (sizeof(route_list) / sizeof(route_list[0]))

/* Placeholders that name the one thing of that sort that exists. */
static const struct {
	const char *name;
	size_t offset;
	const char *code;
} fixed_list[] = {
	{ "{subscriptionId}", offsetof(struct sim_options, subscription),
	    "SubscriptionNotFound" },
	{ "{resourceGroupName}", offsetof(struct sim_options, resource_group),
	    "ResourceGroupNotFound" },
	{ "{accountName}", offsetof(struct sim_options, account),
	    "ResourceNotFound" },
	{ "{workspaceName}", offsetof(struct sim_options, workspace),
	    "ResourceNotFound" },
	{ "{projectName}", offsetof(struct sim_options, project),
	    "ResourceNotFound" },
	{ "{location}", offsetof(struct sim_options, location),
	    "LocationNotFound" },
};

#define FIXED (sizeof(fixed_list) / sizeof(fixed_list[0]))

enum sim_shape
sim_host_shape(enum sim_host host)
{
	static const enum sim_shape shape[SIM_HOSTS + 1] = {
		SIM_SHAPE_ARM, SIM_SHAPE_MODELS, SIM_SHAPE_DATA,
		SIM_SHAPE_BLOB, SIM_SHAPE_ARM
	};

	return shape[host];
}

/* The row of fixed_list, or FIXED. */
static size_t
find_fixed(const char *placeholder, size_t len)
{
	size_t i;

	for (i = 0; i < FIXED; i++)
		if (strncmp(fixed_list[i].name, placeholder, len) == 0 &&
		    fixed_list[i].name[len] == '\0')
			break;
	return i;
}

/* Puts back the "/" between the last segments: they are one argument. */
static const char *
join_rest(struct sim_request *request, size_t first)
{
	size_t i;

	for (i = first + 1; i < request->segment_count; i++)
		request->decoded[request->segment[i] - request->decoded - 1] =
		    '/';
	return request->segment[first];
}

/* Does one literal part of a pattern stand for the segment? */
static bool
is_literal(const struct sim_route *route, const char *part, size_t len,
    const char *segment)
{
	if (strlen(segment) != len)
		return false;
	return route->host == SIM_ARM ? strncasecmp(part, segment, len) == 0 :
	    strncmp(part, segment, len) == 0;
}

static bool
match_route(const struct sim_route *route, struct sim_request *request)
{
	const char *part = route->pattern + 1;
	size_t at = 0, argument = 0, len;

	for (;; part += len + 1) {
		len = strcspn(part, "/");
		if (at == request->segment_count)
			return false;
		if (strncmp(part, "{+", 2) == 0) {
			request->argument[argument] = join_rest(request, at);
			return true;
		}
		if (*part != '{') {
			if (!is_literal(route, part, len,
			    request->segment[at]))
				return false;
		} else if (find_fixed(part, len) == FIXED) {
			request->argument[argument++] = request->segment[at];
		}
		at++;
		if (part[len] == '\0')
			return at == request->segment_count;
	}
}

static void
find_route(struct sim_request *request)
{
	size_t i;

	for (i = 0; i < ROUTES; i++) {
		if (route_list[i].host != request->host ||
		    !match_route(&route_list[i], request))
			continue;
		request->route = &route_list[i];
		return;
	}
}

/* Is each fixed name of the path the one there is? Else a 404. */
static bool
check_names(const struct sim *sim, const struct sim_request *request,
    struct sim_reply *reply)
{
	const char *part = request->route->pattern + 1, *wanted;
	size_t at, fixed, len;

	for (at = 0; at < request->segment_count; at++, part += len + 1) {
		len = strcspn(part, "/");
		fixed = find_fixed(part, len);
		if (strncmp(part, "{+", 2) == 0)
			return true;
		if (fixed == FIXED)
			continue;
		memcpy(&wanted, (const char *)&sim->options +
		    fixed_list[fixed].offset, sizeof(wanted));
		if (strcasecmp(wanted, request->segment[at]) == 0)
			continue;
		sim_reply_error(reply, request, request->host == SIM_ARM ?
		    SIM_SHAPE_ARM : request->route->shape, 404,
		    fixed_list[fixed].code, "'%s' could not be found.",
		    request->segment[at]);
		return false;
	}
	return true;
}

static bool
check_version(const struct sim_request *request, struct sim_reply *reply)
{
	const char *wanted = request->route->api_version, *given;
	size_t len = 0;

	if (wanted == NULL)
		return true;
	given = sim_request_query(request, "api-version", &len);
	if (given != NULL && len == strlen(wanted) &&
	    strncasecmp(given, wanted, len) == 0)
		return true;
	if (given == NULL)
		sim_reply_error(reply, request, request->route->shape, 400,
		    "MissingApiVersionParameter", "The api-version query "
		    "parameter (?api-version=) is required for all requests.");
	else
		sim_reply_error(reply, request, request->route->shape, 400,
		    "NoRegisteredProviderFound", "The api-version is not "
		    "supported. The supported api-version is '%s'.", wanted);
	return false;
}

static bool
check_scope(const struct sim *sim, const struct sim_request *request,
    struct sim_reply *reply)
{
	enum sim_kind scope = request->route->scope;

	if (scope == SIM_KINDS || !sim_is_gone(sim, scope, 0))
		return true;
	sim_reply_error(reply, request, request->route->shape, 404,
	    "ResourceNotFound", "The resource that holds this one was "
	    "deleted.");
	return false;
}

/* The answer to a token that is missing or wrong. */
static void
refuse_token(struct sim_reply *reply, const struct sim_request *request,
    bool missing)
{
	const char *code = missing ? "AuthenticationFailed" :
	    "ExpiredAuthenticationToken";

	sim_reply_error(reply, request, sim_host_shape(request->host), 401,
	    code, missing ? "Authentication failed. The 'Authorization' "
	    "header is missing." : "The access token has expired.");
	if (missing)
		sim_reply_header(reply, "WWW-Authenticate",
		    "Bearer authorization_uri=\"https://login.windows.net/"
		    "2d9a57f4-0c3e-4a68-b1d2-7e84f6039ab5\", "
		    "error=\"invalid_token\", error_description=\"The "
		    "authentication failed because of missing 'Authorization' "
		    "header.\"");
	else
		sim_reply_header(reply, "WWW-Authenticate",
		    "Bearer authorization_uri=\"https://login.windows.net/"
		    "2d9a57f4-0c3e-4a68-b1d2-7e84f6039ab5\", "
		    "error=\"invalid_token\", error_description=\"The access "
		    "token has expired.\"");
}

static bool
is_token_right(const struct sim *sim, const char *authorization)
{
	return authorization != NULL &&
	    strncasecmp(authorization, "Bearer ", 7) == 0 &&
	    strcmp(authorization + 7, sim->token) == 0;
}

static const char *
code_of(unsigned int status)
{
	static const struct {
		unsigned int status;
		const char *code;
	} list[] = {
		{ 403, "AuthorizationFailed" }, { 404, "ResourceNotFound" },
		{ 408, "RequestTimeout" }, { 409, "Conflict" },
		{ 429, "TooManyRequests" }, { 502, "BadGatewayConnection" },
		{ 503, "ServiceUnavailable" }, { 504, "GatewayTimeout" },
	};
	size_t i;

	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (list[i].status == status)
			return list[i].code;
	return status < 500 ? "BadRequest" : "InternalServerError";
}

/* What a fault says in place of the service; false: nothing. */
static bool
answer_fault(const struct sim_request *request, struct sim_reply *reply)
{
	const struct sim_plan *plan = &request->plan;

	if (plan->unauthorized) {
		refuse_token(reply, request, false);
		return true;
	}
	if (plan->status == 0)
		return false;
	reply->status = plan->status;
	if (plan->status >= 400)
		sim_reply_error(reply, request, sim_host_shape(request->host),
		    plan->status, code_of(plan->status),
		    "The fault plan wanted this answer.");
	return true;
}

static void
answer_route(struct sim *sim, struct sim_request *request,
    struct sim_reply *reply)
{
	sim_handler *handler = NULL;

	if (!check_version(request, reply) ||
	    !check_names(sim, request, reply) ||
	    !check_scope(sim, request, reply))
		return;
	if (strcmp(request->method, "GET") == 0)
		handler = request->route->get;
	else if (strcmp(request->method, "DELETE") == 0)
		handler = request->route->erase;
	if (handler != NULL) {
		handler(sim, request, reply);
		return;
	}
	sim_reply_error(reply, request, request->route->shape, 405,
	    "MethodNotAllowed", "The resource does not support '%s'.",
	    request->method);
	sim_reply_header(reply, "Allow", "%s",
	    request->route->erase == NULL ? "GET" : "GET, DELETE");
}

void
sim_answer(struct sim *sim, struct sim_request *request,
    struct sim_reply *reply)
{
	enum sim_shape shape = sim_host_shape(request->host);

	if (sim->script != NULL && request->plan.status == 0 &&
	    !request->plan.unauthorized) {
		sim_script_answer(sim->script, request, reply);
	} else if (sim->script == NULL && request->host == SIM_NOWHERE) {
		sim_reply_error(reply, request, shape, 421,
		    "MisdirectedRequest", "No such host here.");
	} else if (answer_fault(request, reply)) {
		return;
	} else if (request->host != SIM_BLOB &&
	    !is_token_right(sim, request->authorization)) {
		refuse_token(reply, request, request->authorization == NULL);
	} else if (request->malformed) {
		sim_reply_error(reply, request, shape, 400, "BadRequest",
		    "The path is too long or has a bad escape.");
	} else {
		find_route(request);
		if (request->route != NULL)
			answer_route(sim, request, reply);
		else
			sim_reply_error(reply, request, shape, 404,
			    "InvalidResourceType", "There is no resource at "
			    "this path.");
	}
}
