/* SPDX-License-Identifier: ISC */
/* The model management data plane: models, manifests, images, services. */
#include "simulator.h"

#include <inttypes.h>

#define MADE_S UINT64_C(1509526800)         /* 1 November 2017, 09:00 */
#define STEP_S 5400

static const char *const model_name[] = {
	"klantverloop.pkl", "churn-model.onnx", "prévision été.h5",
	"Kreditwürdigkeit.pkl", "segmentation clients.pkl", "rides.tar.gz"
};
#define MODEL_NAMES (sizeof(model_name) / sizeof(model_name[0]))

static uint64_t
count_models(const struct sim *sim, const struct sim_request *request)
{
	(void)request;
	return sim->options.models;
}

/* One service for every second model, and at least one if there are any. */
static uint64_t
count_services(const struct sim *sim, const struct sim_request *request)
{
	(void)request;
	return (sim->options.models + 1) / 2;
}

static const char *
name_model(const struct sim *sim, uint64_t index)
{
	return sim_pick(model_name, MODEL_NAMES,
	    sim_mix(sim, SIM_MODEL, 10, index));
}

static void
write_model_id(const struct sim *sim, uint64_t index, struct sim_text *text)
{
	char guid[SIM_GUID_CHARS];

	sim_guid(sim, SIM_MODEL, index, guid);
	sim_text_puts(text, guid);
}

static void
write_manifest_id(const struct sim *sim, uint64_t index,
    struct sim_text *text)
{
	char guid[SIM_GUID_CHARS];

	sim_guid(sim, SIM_MANIFEST, index, guid);
	sim_text_puts(text, guid);
}

static void
write_image_id(const struct sim *sim, uint64_t index, struct sim_text *text)
{
	char guid[SIM_GUID_CHARS];

	sim_guid(sim, SIM_IMAGE, index, guid);
	sim_text_puts(text, guid);
}

static void
write_service_id(const struct sim *sim, uint64_t index, struct sim_text *text)
{
	(void)sim;
	sim_text_printf(text, "scoring-%" PRIu64, index);
}

static void
write_id_member(const struct sim *sim, struct sim_text *text,
    const char *name, enum sim_kind kind, uint64_t index)
{
	char guid[SIM_GUID_CHARS];

	sim_guid(sim, kind, index, guid);
	sim_string(text, name, guid);
}

static void
write_blob_member(const struct sim *sim, struct sim_text *text,
    const char *name, const char *container, const char *path)
{
	struct sim_text url = { NULL, 0, 0 };

	sim_blob_url(sim, &url, container, path);
	sim_string(text, name, url.bytes);
	sim_text_fini(&url);
}

static void
write_model(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	struct sim_text path = { NULL, 0, 0 };
	const char *name = name_model(sim, index);

	(void)request;
	write_model_id(sim, index, &path);
	sim_text_printf(&path, "/%s", name);
	sim_open(text, NULL, '{');
	write_id_member(sim, text, "id", SIM_MODEL, index);
	sim_string(text, "name", name);
	sim_number(text, "version", 1 + index % 4);
	sim_stringf(text, "description", "Model van %s, poging %" PRIu64,
	    sim_person_name(sim_owner(index)), index + 1);
	write_blob_member(sim, text, "url", "amlmodels", path.bytes);
	sim_string(text, "mimeType", "application/octet-stream");
	sim_literal(text, "unpack", "false");
	sim_open(text, "tags", '[');
	sim_string(text, NULL, "churn");
	sim_string(text, NULL, index % 3 == 0 ? "productie" : "essai");
	sim_close(text, ']');
	sim_time(text, "createdAt", MADE_S + index * STEP_S,
	    sim_mix(sim, SIM_MODEL, 11, index));
	sim_author(sim, text, index);
	sim_close(text, '}');
	sim_text_fini(&path);
}

static void
write_manifest(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	struct sim_text path = { NULL, 0, 0 };

	(void)request;
	write_manifest_id(sim, index, &path);
	sim_text_puts(&path, "/score.py");
	sim_open(text, NULL, '{');
	write_id_member(sim, text, "id", SIM_MANIFEST, index);
	sim_stringf(text, "name", "manifest-%" PRIu64, index);
	sim_string(text, "description", "Beschrijving van de dienst");
	sim_open(text, "modelIds", '[');
	write_id_member(sim, text, NULL, SIM_MODEL, index);
	sim_close(text, ']');
	sim_string(text, "modelType", "Registered");
	sim_string(text, "driverProgram", "score");
	sim_string(text, "webserviceType", "Realtime");
	sim_open(text, "assets", '[');
	sim_open(text, NULL, '{');
	sim_string(text, "id", "score");
	sim_string(text, "mimeType", "application/x-python");
	write_blob_member(sim, text, "url", "amlassets", path.bytes);
	sim_literal(text, "unpack", "false");
	sim_close(text, '}');
	sim_close(text, ']');
	sim_open(text, "targetRuntime", '{');
	sim_string(text, "runtimeType", "SparkPython");
	sim_literal(text, "properties", "{}");
	sim_close(text, '}');
	sim_time(text, "createdTime", MADE_S + index * STEP_S + 60,
	    sim_mix(sim, SIM_MANIFEST, 11, index));
	sim_author(sim, text, index);
	sim_close(text, '}');
	sim_text_fini(&path);
}

static void
write_image(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	struct sim_text path = { NULL, 0, 0 };

	(void)request;
	write_image_id(sim, index, &path);
	sim_text_puts(&path, "/build.log");
	sim_open(text, NULL, '{');
	write_id_member(sim, text, "id", SIM_IMAGE, index);
	sim_stringf(text, "name", "image-%" PRIu64, index);
	sim_number(text, "version", 1 + index % 3);
	sim_stringf(text, "description", "Image de %s",
	    sim_person_name(sim_owner(index)));
	sim_string(text, "imageType", "Docker");
	sim_stringf(text, "imageLocation",
	    "mlnoordzee.azurecr.example.org/image-%" PRIu64 ":%" PRIu64,
	    index, 1 + index % 3);
	write_blob_member(sim, text, "imageBuildLogUri", "amlimages",
	    path.bytes);
	sim_string(text, "creationState", "Succeeded");
	sim_literal(text, "error", "null");
	sim_literal(text, "computeResourceId", "null");
	write_id_member(sim, text, "manifestId", SIM_MANIFEST, index);
	sim_time(text, "createdTime", MADE_S + index * STEP_S + 120,
	    sim_mix(sim, SIM_IMAGE, 11, index));
	sim_author(sim, text, index);
	sim_close(text, '}');
	sim_text_fini(&path);
}

static void
write_service(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	(void)request;
	sim_open(text, NULL, '{');
	write_id_member(sim, text, "id", SIM_SERVICE, index);
	sim_stringf(text, "name", "scoring-%" PRIu64, index);
	sim_string(text, "state", "Succeeded");
	sim_stringf(text, "scoringUri", "https://%s.example.org/api/v1/"
	    "service/scoring-%" PRIu64 "/score", sim->options.location,
	    index);
	write_id_member(sim, text, "imageId", SIM_IMAGE, index);
	sim_number(text, "numReplicas", 1 + index % 3);
	sim_literal(text, "appInsightsEnabled", "false");
	sim_open(text, "autoScaler", '{');
	sim_literal(text, "autoscaleEnabled", "true");
	sim_number(text, "minReplicas", 1);
	sim_number(text, "maxReplicas", 10);
	sim_close(text, '}');
	sim_literal(text, "error", "null");
	sim_time(text, "createdAt", MADE_S + index * STEP_S + 180,
	    sim_mix(sim, SIM_SERVICE, 11, index));
	sim_time(text, "updatedAt", MADE_S + index * STEP_S + 240,
	    sim_mix(sim, SIM_SERVICE, 12, index));
	sim_author(sim, text, index);
	sim_close(text, '}');
}

const struct sim_collection sim_models = {
	count_models, write_model_id, write_model, true
};
const struct sim_collection sim_manifests = {
	count_models, write_manifest_id, write_manifest, true
};
const struct sim_collection sim_images = {
	count_models, write_image_id, write_image, true
};
const struct sim_collection sim_services = {
	count_services, write_service_id, write_service, false
};
