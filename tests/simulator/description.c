/* SPDX-License-Identifier: ISC */
/* simulator.json: what a test or a script needs to know of a simulator. */
#include "simulator.h"

#include <string.h>

static const struct {
	const char *name;
	enum sim_kind kind;
	bool item;                  /* each has a GET of its own */
} list_row[] = {
	{ "runs", SIM_RUN, true },
	{ "experiments", SIM_EXPERIMENT, true },
	{ "metrics", SIM_METRIC, false },
	{ "assets", SIM_ASSET, true },
	{ "jobsOfEachPerson", SIM_JOB, false },
	{ "models", SIM_MODEL, true },
	{ "manifests", SIM_MANIFEST, true },
	{ "images", SIM_IMAGE, true },
	{ "services", SIM_SERVICE, true },
	{ "computes", SIM_COMPUTE, true },
	{ "clusters", SIM_CLUSTER, true },
};

#define ROWS (sizeof(list_row) / sizeof(list_row[0]))
#define SINGLE_ITEMS 4              /* two accounts, workspace, project */
#define LISTS_OF_A_RUN 2            /* …/artifacts and …/containers/{runId} */
#define GETS_OF_AN_ARTIFACT 3       /* artifacturi, contentinfo, the blob */

static uint64_t
count_of(const struct sim *sim, enum sim_kind kind)
{
	struct sim_request nobody;

	memset(&nobody, 0, sizeof(nobody));
	return sim_collection_of(kind)->count(sim, &nobody);
}

static uint64_t
count_artifacts(const struct sim *sim)
{
	uint64_t run, sum = 0;

	for (run = 0; run < sim->options.runs; run++)
		sum += sim_artifact_count(sim, run);
	return sum;
}

static uint64_t
pages_of(const struct sim *sim, uint64_t items)
{
	uint64_t size = sim->options.page_size;

	return items == 0 ? 1 : (items + size - 1) / size;
}

/* The sum that README.md explains, with the jobs of one person. */
static uint64_t
count_gets(const struct sim *sim)
{
	uint64_t run, artifacts, items, sum = SINGLE_ITEMS;
	size_t i;

	for (i = 0; i < ROWS; i++) {
		items = count_of(sim, list_row[i].kind);
		sum += pages_of(sim, items) + (list_row[i].item ? items : 0);
	}
	for (run = 0; run < sim->options.runs; run++) {
		artifacts = sim_artifact_count(sim, run);
		sum += LISTS_OF_A_RUN * pages_of(sim, artifacts) +
		    GETS_OF_AN_ARTIFACT * artifacts;
	}
	return sum;
}

static void
write_parameters(const struct sim *sim, struct sim_text *text)
{
	const struct sim_options *options = &sim->options;

	sim_open(text, "parameters", '{');
	sim_string(text, "location", options->location);
	sim_string(text, "subscriptionId", options->subscription);
	sim_string(text, "resourceGroupName", options->resource_group);
	sim_string(text, "accountName", options->account);
	sim_string(text, "workspaceName", options->workspace);
	sim_string(text, "projectName", options->project);
	sim_string(text, "objectId", options->object_id[0]);
	sim_string(text, "otherObjectId", options->object_id[1]);
	sim_close(text, '}');
}

void
sim_describe(const struct sim *sim, struct sim_text *text, unsigned int port)
{
	size_t i;

	sim_open(text, NULL, '{');
	sim_number(text, "port", port);
	write_parameters(sim, text);
	sim_open(text, "hosts", '[');
	for (i = 0; i < SIM_HOSTS; i++)
		sim_string(text, NULL, sim->host_name[i]);
	sim_close(text, ']');
	sim_open(text, "counts", '{');
	for (i = 0; i < ROWS; i++)
		sim_number(text, list_row[i].name,
		    count_of(sim, list_row[i].kind));
	sim_number(text, "artifacts", count_artifacts(sim));
	sim_close(text, '}');
	sim_number(text, "getsOfFullExport", count_gets(sim));
	sim_close(text, '}');
	sim_text_add(text, "\n", 1);
}
