/* SPDX-License-Identifier: ISC */
/* The files that runs made, and the assets made of them. */
#include "simulator.h"

#include <inttypes.h>
#include <string.h>

#define MAX_ARTIFACTS 3
#define RUNS_OF_ASSET 10

static const char *const artifact_path[] = {
	"outputs/model.pkl", "logs/driver_log.txt",
	"outputs/Zoë résumé 2018.csv", "outputs/plots/ROC curve #1.png",
	"logs/azureml/60_control.log", "outputs/100% klanten.json"
};
#define PATHS (sizeof(artifact_path) / sizeof(artifact_path[0]))

uint64_t
sim_artifact_count(const struct sim *sim, uint64_t run)
{
	return sim_mix(sim, SIM_ARTIFACT, 10, run) % (MAX_ARTIFACTS + 1);
}

static const char *
path_of(const struct sim *sim, uint64_t run, uint64_t index)
{
	return artifact_path[(sim_mix(sim, SIM_ARTIFACT, 11, run) + index) %
	    PATHS];
}

int
sim_artifact_find(const struct sim *sim, uint64_t run, const char *path,
    uint64_t *index)
{
	uint64_t i, count = sim_artifact_count(sim, run);

	for (i = 0; i < count; i++) {
		if (strcmp(path_of(sim, run, i), path) != 0)
			continue;
		*index = i;
		return 0;
	}
	return -1;
}

static uint64_t
count_artifacts(const struct sim *sim, const struct sim_request *request)
{
	return sim_artifact_count(sim, request->parent);
}

static void
write_no_id(const struct sim *sim, uint64_t index, struct sim_text *text)
{
	(void)sim;
	(void)index;
	sim_text_puts(text, "");
}

static void
write_artifact(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	const char *path = path_of(sim, request->parent, index);
	struct sim_text run = { NULL, 0, 0 };

	sim_runs.write_id(sim, request->parent, &run);
	sim_open(text, NULL, '{');
	sim_stringf(text, "artifactId", "ExperimentRun/%s/%s", run.bytes,
	    path);
	sim_string(text, "origin", "ExperimentRun");
	sim_string(text, "container", run.bytes);
	sim_string(text, "path", path);
	sim_stringf(text, "etag", "\"0x8D%013" PRIX64 "\"",
	    sim_mix(sim, SIM_ARTIFACT, 12 + (unsigned int)index,
	    request->parent) >> 12);
	sim_time(text, "createdTime", sim_run_start_s(sim, request->parent) +
	    40 + index, index);
	sim_open(text, "dataPath", '{');
	sim_string(text, "dataStoreName", "workspaceblobstore");
	sim_stringf(text, "relativePath", "ExperimentRun/%s/%s", run.bytes,
	    path);
	sim_close(text, '}');
	sim_close(text, '}');
	sim_text_fini(&run);
}

/* ---- where the bytes of an artifact are ---- */

/* Finds run and artifact, or says 404. */
static int
find_artifact(const struct sim *sim, struct sim_request *request,
    struct sim_reply *reply, const char *path)
{
	uint64_t index;

	if (sim_find(sim, request, SIM_RUN, request->argument[0],
	    &request->parent) == 0 && path != NULL &&
	    sim_artifact_find(sim, request->parent, path, &index) == 0)
		return 0;
	sim_reply_error(reply, request, request->route->shape, 404,
	    "ArtifactNotFound", "The run '%s' has no artifact '%s'.",
	    request->argument[0], path == NULL ? "" : path);
	return -1;
}

static void
write_content_uri(const struct sim *sim, const struct sim_request *request,
    struct sim_text *url, const char *path)
{
	struct sim_text name = { NULL, 0, 0 };

	sim_text_printf(&name, "ExperimentRun/%s/%s", request->argument[0],
	    path);
	sim_blob_url(sim, url, "azureml", name.bytes);
	sim_text_fini(&name);
}

/* A bare JSON string, as the swagger of 2019 has it. */
void
sim_get_artifact_uri(struct sim *sim, struct sim_request *request,
    struct sim_reply *reply)
{
	struct sim_text url = { NULL, 0, 0 };
	char path[512];
	size_t len = 0;
	const char *raw = sim_request_query(request, "name", &len);

	if (raw == NULL || len >= sizeof(path) ||
	    sim_percent_decode(path, &len, raw, len) != 0) {
		sim_reply_error(reply, request, request->route->shape, 400,
		    "BadRequest", "The query parameter name is required.");
		return;
	}
	if (find_artifact(sim, request, reply, path) != 0)
		return;
	write_content_uri(sim, request, &url, path);
	sim_reply_json(reply, 200);
	sim_string(&reply->body, NULL, url.bytes);
	sim_text_fini(&url);
}

void
sim_get_content_info(struct sim *sim, struct sim_request *request,
    struct sim_reply *reply)
{
	struct sim_text url = { NULL, 0, 0 };
	const char *path = request->argument[1];

	if (find_artifact(sim, request, reply, path) != 0)
		return;
	write_content_uri(sim, request, &url, path);
	sim_reply_json(reply, 200);
	sim_open(&reply->body, NULL, '{');
	sim_string(&reply->body, "contentUri", url.bytes);
	sim_string(&reply->body, "origin", "ExperimentRun");
	sim_string(&reply->body, "container", request->argument[0]);
	sim_string(&reply->body, "path", path);
	sim_close(&reply->body, '}');
	sim_text_fini(&url);
}

/* ---- assets ---- */

static uint64_t
count_assets(const struct sim *sim, const struct sim_request *request)
{
	(void)request;
	return (sim->options.runs + RUNS_OF_ASSET - 1) / RUNS_OF_ASSET;
}

static void
write_asset_name(const struct sim *sim, uint64_t index, struct sim_text *text)
{
	static const char *const before[] = {
		"klantverloop-", "données/clients été-",
		"Trainingsset zomer ", "model-"
	};
	static const char *const after[] = { "", ".csv", "", ".pkl" };
	size_t which = sim_mix(sim, SIM_ASSET, 10, index) % 4;

	sim_text_printf(text, "%s%" PRIu64 "%s", before[which], index,
	    after[which]);
}

static void
write_asset(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	struct sim_text name = { NULL, 0, 0 }, run = { NULL, 0, 0 };
	char guid[SIM_GUID_CHARS];

	(void)request;
	sim_guid(sim, SIM_ASSET, index, guid);
	write_asset_name(sim, index, &name);
	sim_runs.write_id(sim, index * RUNS_OF_ASSET, &run);
	sim_open(text, NULL, '{');
	sim_string(text, "id", guid);
	sim_string(text, "name", name.bytes);
	sim_stringf(text, "description", "Bewaard door %s",
	    sim_person_name(sim_owner(index)));
	sim_open(text, "artifacts", '[');
	sim_open(text, NULL, '{');
	sim_stringf(text, "prefix", "ExperimentRun/%s/outputs", run.bytes);
	sim_close(text, '}');
	sim_close(text, ']');
	sim_string(text, "runId", run.bytes);
	sim_string(text, "projectId", sim->options.project);
	sim_literal(text, "tags", "[\"été\",\"release\"]");
	sim_time(text, "createdTime",
	    sim_run_start_s(sim, index * RUNS_OF_ASSET) + 120,
	    sim_mix(sim, SIM_ASSET, 12, index));
	sim_author(sim, text, index);
	sim_close(text, '}');
	sim_text_fini(&run);
	sim_text_fini(&name);
}

const struct sim_collection sim_artifacts = {
	count_artifacts, write_no_id, write_artifact, false
};
const struct sim_collection sim_assets = {
	count_assets, write_asset_name, write_asset, false
};
