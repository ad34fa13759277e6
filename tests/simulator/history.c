/* SPDX-License-Identifier: ISC */
/* Run history and notifications: runs, experiments, metrics, jobs. */
#include "simulator.h"

#include <inttypes.h>

#define RUNS_OF_EXPERIMENT 25
#define RUNS_OF_JOB 10

static const char *const experiment_name[] = {
	"klantverloop", "churn", "Prévision d'été", "Kreditwürdigkeit",
	"segmentation", "ritten in de regio", "fraude", "price elasticity"
};
#define EXPERIMENT_NAMES                                                      \
	(sizeof(experiment_name) / sizeof(experiment_name[0]))

static const char *const run_status[] = {
	"Completed", "Completed", "Completed", "Failed", "Canceled"
};
static const char *const run_target[] = {
	"local", "docker-python", "gpu-training-1", "sqlvm-zoë"
};
static const char *const run_note[] = {
	"probeersel na de lunch", "demande de Łukasz: données d'avril",
	"letzter Versuch vor dem Urlaub", "baseline, don't delete \"yet\"",
	"with the postcodes of Utrecht", "рабочий вариант"
};

static uint64_t
count_runs(const struct sim *sim, const struct sim_request *request)
{
	(void)request;
	return sim->options.runs;
}

static uint64_t
count_experiments(const struct sim *sim, const struct sim_request *request)
{
	(void)request;
	return (sim->options.runs + RUNS_OF_EXPERIMENT - 1) /
	    RUNS_OF_EXPERIMENT;
}

/* Of one person; somebody else has none. */
static uint64_t
count_jobs(const struct sim *sim, const struct sim_request *request)
{
	return request->person > 1 ? 0 :
	    (sim->options.runs + RUNS_OF_JOB - 1) / RUNS_OF_JOB;
}

static void
write_run_id(const struct sim *sim, uint64_t index, struct sim_text *text)
{
	sim_text_printf(text, "churn_%" PRIu64 "_%" PRIu64,
	    sim_run_start_s(sim, index) * 1000 +
	    sim_mix(sim, SIM_RUN, 10, index) % 1000, index);
}

static void
write_run_id_member(const struct sim *sim, struct sim_text *text,
    const char *name, uint64_t index)
{
	struct sim_text id = { NULL, 0, 0 };

	write_run_id(sim, index, &id);
	sim_string(text, name, id.bytes);
	sim_text_fini(&id);
}

static void
write_experiment_id(const struct sim *sim, uint64_t index,
    struct sim_text *text)
{
	char guid[SIM_GUID_CHARS];

	sim_guid(sim, SIM_EXPERIMENT, index, guid);
	sim_text_puts(text, guid);
}

static void
write_guid_member(const struct sim *sim, struct sim_text *text,
    const char *name, enum sim_kind kind, uint64_t index)
{
	char guid[SIM_GUID_CHARS];

	sim_guid(sim, kind, index, guid);
	sim_string(text, name, guid);
}

/* The credential that a run carries; a report must never show it. */
static void
write_run_token(const struct sim *sim, struct sim_text *text, uint64_t index)
{
	struct sim_text token = { NULL, 0, 0 };

	sim_secret(sim, &token, "run-token", SIM_RUN, index);
	sim_string(text, "token", token.bytes);
	sim_time(text, "tokenExpiryTimeUtc",
	    sim_run_start_s(sim, index) + 14 * 86400, 0);
	sim_text_fini(&token);
}

static void
write_run_values(const struct sim *sim, struct sim_text *text, uint64_t index)
{
	uint64_t mixed = sim_mix(sim, SIM_RUN, 11, index);

	sim_open(text, "tags", '{');
	sim_string(text, "note", sim_pick(run_note,
	    sizeof(run_note) / sizeof(run_note[0]), mixed));
	sim_string(text, "contact", sim_person_mail(sim_owner(index)));
	sim_close(text, '}');
	sim_open(text, "properties", '{');
	sim_string(text, "ContentSnapshotId", "snapshot");
	sim_stringf(text, "azureml.git.commit", "%016" PRIx64, mixed);
	sim_stringf(text, "azureml.user", "%s <%s>",
	    sim_person_name(sim_owner(index)),
	    sim_person_mail(sim_owner(index)));
	sim_close(text, '}');
	sim_open(text, "parameters", '{');
	sim_stringf(text, "--learning-rate", "0.%02u",
	    (unsigned int)(mixed % 90 + 1));
	sim_stringf(text, "--epochs", "%u", (unsigned int)(mixed % 40 + 1));
	sim_close(text, '}');
}

static void
write_run_times(const struct sim *sim, struct sim_text *text, uint64_t index)
{
	uint64_t start_s = sim_run_start_s(sim, index);
	uint64_t mixed = sim_mix(sim, SIM_RUN, 12, index);

	sim_time(text, "createdUtc", start_s, mixed);
	sim_time(text, "startTimeUtc", start_s + 2 + mixed % 9, mixed >> 8);
	sim_time(text, "endTimeUtc", start_s + 60 + mixed % 3000, mixed >> 16);
}

static void
write_run(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	uint64_t mixed = sim_mix(sim, SIM_RUN, 13, index);

	(void)request;
	sim_open(text, NULL, '{');
	sim_number(text, "runNumber", index + 1);
	write_run_id_member(sim, text, "runId", index);
	write_guid_member(sim, text, "experimentId", SIM_EXPERIMENT,
	    index / RUNS_OF_EXPERIMENT);
	sim_literal(text, "parentRunId", "null");
	sim_string(text, "status", sim_pick(run_status,
	    sizeof(run_status) / sizeof(run_status[0]), mixed));
	sim_string(text, "userId", sim->options.object_id[sim_owner(index)]);
	sim_created_by(sim, text, sim_owner(index));
	write_run_times(sim, text, index);
	write_run_token(sim, text, index);
	sim_literal(text, "heartbeatEnabled", "true");
	sim_literal(text, "hidden", "false");
	sim_string(text, "runType", "experimentrun");
	sim_string(text, "name", sim_pick(experiment_name, EXPERIMENT_NAMES,
	    index / RUNS_OF_EXPERIMENT));
	sim_string(text, "scriptName", "train.py");
	sim_string(text, "target", sim_pick(run_target,
	    sizeof(run_target) / sizeof(run_target[0]), mixed >> 8));
	sim_stringf(text, "dataContainerId", "dcid.%" PRIu64, index);
	write_run_values(sim, text, index);
	sim_literal(text, "error", "null");
	sim_literal(text, "warnings", "[]");
	sim_close(text, '}');
}

static void
write_experiment(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	(void)request;
	sim_open(text, NULL, '{');
	write_guid_member(sim, text, "experimentId", SIM_EXPERIMENT, index);
	sim_stringf(text, "name", "%s %" PRIu64, sim_pick(experiment_name,
	    EXPERIMENT_NAMES, index), index + 1);
	sim_stringf(text, "description", "Gestart door %s",
	    sim_person_name(sim_owner(index)));
	sim_time(text, "createdUtc",
	    sim_run_start_s(sim, index * RUNS_OF_EXPERIMENT),
	    sim_mix(sim, SIM_EXPERIMENT, 12, index));
	sim_author(sim, text, index);
	sim_literal(text, "tags", "{}");
	sim_stringf(text, "artifactLocation", "ExperimentRun/%s",
	    sim->options.project);
	sim_close(text, '}');
}

static void
write_metric_id(const struct sim *sim, uint64_t index, struct sim_text *text)
{
	char guid[SIM_GUID_CHARS];

	sim_guid(sim, SIM_METRIC, index, guid);
	sim_text_puts(text, guid);
}

/* One document of metrics a run. */
static void
write_metric(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	uint64_t mixed = sim_mix(sim, SIM_METRIC, 12, index);

	(void)request;
	sim_open(text, NULL, '{');
	write_run_id_member(sim, text, "runId", index);
	write_guid_member(sim, text, "metricId", SIM_METRIC, index);
	sim_stringf(text, "dataContainerId", "dcid.%" PRIu64, index);
	sim_string(text, "metricType", "azureml.v1.scalar");
	sim_string(text, "name", mixed % 2 == 0 ? "Accuracy" : "AUC");
	sim_string(text, "description", "");
	sim_time(text, "createdUtc", sim_run_start_s(sim, index) + 50, mixed);
	sim_number(text, "numCells", 1);
	sim_open(text, "cells", '[');
	sim_open(text, NULL, '{');
	sim_text_printf(text, "\"%s\":0.%06u", mixed % 2 == 0 ? "Accuracy" :
	    "AUC", (unsigned int)(mixed >> 8) % 1000000);
	sim_close(text, '}');
	sim_close(text, ']');
	sim_close(text, '}');
}

/* The number-th job of the person, as one index of all jobs. */
static uint64_t
job_index(const struct sim_request *request, uint64_t number)
{
	return number * 2 + (request->person == 1 ? 1 : 0);
}

static void
write_job_id(const struct sim *sim, uint64_t index, struct sim_text *text)
{
	char guid[SIM_GUID_CHARS];

	sim_guid(sim, SIM_JOB, index, guid);
	sim_text_puts(text, guid);
}

static void
write_job(const struct sim *sim, const struct sim_request *request,
    uint64_t number, struct sim_text *text)
{
	uint64_t index = job_index(request, number);
	unsigned int person = sim_owner(index);

	sim_open(text, NULL, '{');
	write_guid_member(sim, text, "jobId", SIM_JOB, index);
	sim_string(text, "type", "RunCompleted");
	sim_string(text, "status", index % 7 == 0 ? "Failed" : "Sent");
	sim_string(text, "userId", sim->options.object_id[person]);
	sim_string(text, "userName", sim_person_name(person));
	sim_string(text, "recipient", sim_person_mail(person));
	sim_stringf(text, "message", "Beste %s, uw run is klaar.",
	    sim_person_name(person));
	sim_time(text, "createdUtc",
	    sim_run_start_s(sim, index * RUNS_OF_JOB / 2) + 90,
	    sim_mix(sim, SIM_JOB, 12, index));
	sim_close(text, '}');
}

const struct sim_collection sim_runs = {
	count_runs, write_run_id, write_run, false
};
const struct sim_collection sim_experiments = {
	count_experiments, write_experiment_id, write_experiment, true
};
const struct sim_collection sim_metrics = {
	count_runs, write_metric_id, write_metric, true
};
const struct sim_collection sim_jobs = {
	count_jobs, write_job_id, write_job, true
};
