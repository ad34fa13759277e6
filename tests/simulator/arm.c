/* SPDX-License-Identifier: ISC */
/* What management.azure.com serves: accounts, workspaces, computes … */
#include "simulator.h"

#include <inttypes.h>

#define COMPUTES 3
#define CLUSTERS 2
#define MADE_S UINT64_C(1506841200)         /* 1 October 2017, 07:00 */

static const char *const compute_name[COMPUTES] = {
	"aks-scoring", "gpu-training", "cpu-notebooks"
};
static const char *const compute_type[COMPUTES] = {
	"AKS", "BatchAI", "VirtualMachine"
};

static uint64_t
count_one(const struct sim *sim, const struct sim_request *request)
{
	(void)sim;
	(void)request;
	return 1;
}

static uint64_t
count_computes(const struct sim *sim, const struct sim_request *request)
{
	(void)sim;
	(void)request;
	return COMPUTES;
}

static uint64_t
count_clusters(const struct sim *sim, const struct sim_request *request)
{
	(void)sim;
	(void)request;
	return CLUSTERS;
}

/* "/subscriptions/…/providers/Microsoft.", the start of each ARM id. */
static void
write_scope(const struct sim *sim, struct sim_text *text)
{
	sim_text_printf(text, "/subscriptions/%s/resourceGroups/%s/providers/"
	    "Microsoft.", sim->options.subscription,
	    sim->options.resource_group);
}

/* The members that every ARM resource starts with. */
static void
write_head(const struct sim *sim, struct sim_text *text, const char *path,
    const char *name, const char *type)
{
	struct sim_text id = { NULL, 0, 0 };

	write_scope(sim, &id);
	sim_text_puts(&id, path);
	sim_string(text, "id", id.bytes);
	sim_string(text, "name", name);
	sim_stringf(text, "type", "Microsoft.%s", type);
	sim_string(text, "location", sim->options.location);
	sim_open(text, "tags", '{');
	sim_string(text, "costCentre", "Onderzoek & Ontwikkeling");
	sim_string(text, "contact", sim_person_mail(0));
	sim_close(text, '}');
	sim_text_fini(&id);
}

static void
write_guid_member(const struct sim *sim, struct sim_text *text,
    const char *name, enum sim_kind kind)
{
	char guid[SIM_GUID_CHARS];

	sim_guid(sim, kind, 0, guid);
	sim_string(text, name, guid);
}

static void
write_storage(const struct sim *sim, struct sim_text *text)
{
	struct sim_text secret = { NULL, 0, 0 };

	sim_secret(sim, &secret, "storage-key", SIM_ACCOUNT, 0);
	sim_open(text, "storageAccount", '{');
	sim_stringf(text, "storageAccountId", "/subscriptions/%s/"
	    "resourceGroups/%s/providers/Microsoft.Storage/storageAccounts/"
	    "mlnoordzee", sim->options.subscription,
	    sim->options.resource_group);
	sim_string(text, "accessKey", secret.bytes);
	sim_close(text, '}');
	sim_text_fini(&secret);
}

static void
write_account(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	struct sim_text path = { NULL, 0, 0 };

	(void)request;
	(void)index;
	sim_text_printf(&path, "MachineLearningExperimentation/accounts/%s",
	    sim->options.account);
	sim_open(text, NULL, '{');
	write_head(sim, text, path.bytes, sim->options.account,
	    "MachineLearningExperimentation/accounts");
	sim_open(text, "properties", '{');
	write_guid_member(sim, text, "accountId", SIM_ACCOUNT);
	sim_string(text, "friendlyName", "Noordzee onderzoek");
	sim_stringf(text, "description", "Aangemaakt door %s (%s)",
	    sim_person_name(0), sim_person_mail(0));
	sim_time(text, "creationDate", MADE_S, 0);
	sim_string(text, "seats", "2");
	sim_stringf(text, "keyVaultId", "/subscriptions/%s/resourceGroups/%s/"
	    "providers/Microsoft.KeyVault/vaults/kv-noordzee",
	    sim->options.subscription, sim->options.resource_group);
	write_storage(sim, text);
	sim_stringf(text, "discoveryUri", "https://%s/discovery",
	    sim->host_name[SIM_EXPERIMENTS]);
	sim_string(text, "provisioningState", "Succeeded");
	sim_close(text, '}');
	sim_close(text, '}');
	sim_text_fini(&path);
}

static void
write_account_id(const struct sim *sim, uint64_t index, struct sim_text *text)
{
	(void)index;
	sim_text_puts(text, sim->options.account);
}

static void
write_workspace(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	struct sim_text path = { NULL, 0, 0 };

	(void)request;
	(void)index;
	sim_text_printf(&path, "MachineLearningExperimentation/accounts/%s/"
	    "workspaces/%s", sim->options.account, sim->options.workspace);
	sim_open(text, NULL, '{');
	write_head(sim, text, path.bytes, sim->options.workspace,
	    "MachineLearningExperimentation/accounts/workspaces");
	sim_open(text, "properties", '{');
	write_guid_member(sim, text, "accountId", SIM_ACCOUNT);
	write_guid_member(sim, text, "workspaceId", SIM_WORKSPACE);
	sim_string(text, "friendlyName", "Klanten (été 2018)");
	sim_stringf(text, "description", "Owner: %s", sim_person_name(1));
	sim_time(text, "creationDate", MADE_S + 600, 0);
	sim_string(text, "provisioningState", "Succeeded");
	sim_close(text, '}');
	sim_close(text, '}');
	sim_text_fini(&path);
}

static void
write_workspace_id(const struct sim *sim, uint64_t index,
    struct sim_text *text)
{
	(void)index;
	sim_text_puts(text, sim->options.workspace);
}

static void
write_project(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	struct sim_text path = { NULL, 0, 0 };

	(void)request;
	(void)index;
	sim_text_printf(&path, "MachineLearningExperimentation/accounts/%s/"
	    "workspaces/%s/projects/%s", sim->options.account,
	    sim->options.workspace, sim->options.project);
	sim_open(text, NULL, '{');
	write_head(sim, text, path.bytes, sim->options.project,
	    "MachineLearningExperimentation/accounts/workspaces/projects");
	sim_open(text, "properties", '{');
	write_guid_member(sim, text, "accountId", SIM_ACCOUNT);
	write_guid_member(sim, text, "workspaceId", SIM_WORKSPACE);
	write_guid_member(sim, text, "projectId", SIM_PROJECT);
	sim_string(text, "friendlyName", "Klantverloop – churn");
	sim_stringf(text, "description", "Ask %s or %s", sim_person_name(0),
	    sim_person_name(1));
	sim_string(text, "gitrepo", "https://git.example.org/churn.git");
	sim_time(text, "creationDate", MADE_S + 1200, 0);
	sim_string(text, "provisioningState", "Succeeded");
	sim_close(text, '}');
	sim_close(text, '}');
	sim_text_fini(&path);
}

static void
write_project_id(const struct sim *sim, uint64_t index, struct sim_text *text)
{
	(void)index;
	sim_text_puts(text, sim->options.project);
}

static void
write_hosting(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	struct sim_text path = { NULL, 0, 0 };

	(void)request;
	(void)index;
	sim_text_printf(&path, "MachineLearningModelManagement/accounts/%s",
	    sim->options.account);
	sim_open(text, NULL, '{');
	write_head(sim, text, path.bytes, sim->options.account,
	    "MachineLearningModelManagement/accounts");
	sim_open(text, "sku", '{');
	sim_string(text, "name", "S1");
	sim_number(text, "capacity", 1);
	sim_close(text, '}');
	sim_open(text, "properties", '{');
	write_guid_member(sim, text, "id", SIM_HOSTING);
	sim_string(text, "description", "Modèles en production");
	sim_time(text, "createdOn", MADE_S + 1800, 0);
	sim_time(text, "modifiedOn", MADE_S + 86400, 0);
	sim_stringf(text, "modelManagementSwaggerLocation",
	    "https://%s/swagger/docs", sim->host_name[SIM_MODELS]);
	sim_close(text, '}');
	sim_close(text, '}');
	sim_text_fini(&path);
}

static void
write_compute_id(const struct sim *sim, uint64_t index, struct sim_text *text)
{
	(void)sim;
	sim_text_printf(text, "%s-%" PRIu64, compute_name[index], index);
}

static void
write_compute_properties(const struct sim *sim, struct sim_text *text,
    uint64_t index)
{
	sim_open(text, "properties", '{');
	sim_string(text, "computeType", compute_type[index]);
	sim_string(text, "computeLocation", sim->options.location);
	sim_stringf(text, "description", "Beheerd door %s",
	    sim_person_name(sim_owner(index)));
	sim_string(text, "provisioningState", "Succeeded");
	sim_time(text, "createdOn", MADE_S + 3600 * index, 0);
	sim_time(text, "modifiedOn", MADE_S + 7200 * index, 0);
	sim_literal(text, "resourceId", "null");
	sim_literal(text, "provisioningErrors", "null");
	sim_open(text, "properties", '{');
	sim_number(text, "agentCount", 3 + index);
	sim_string(text, "agentVMSize", "Standard_D3_v2");
	sim_literal(text, "sslConfiguration", "null");
	sim_close(text, '}');
	sim_close(text, '}');
}

static void
write_compute(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	struct sim_text path = { NULL, 0, 0 }, name = { NULL, 0, 0 };

	(void)request;
	write_compute_id(sim, index, &name);
	sim_text_printf(&path, "MachineLearningServices/workspaces/%s/"
	    "computes/%s", sim->options.workspace, name.bytes);
	sim_open(text, NULL, '{');
	write_head(sim, text, path.bytes, name.bytes,
	    "MachineLearningServices/workspaces/computes");
	write_compute_properties(sim, text, index);
	sim_close(text, '}');
	sim_text_fini(&name);
	sim_text_fini(&path);
}

static void
write_cluster_id(const struct sim *sim, uint64_t index, struct sim_text *text)
{
	(void)sim;
	sim_text_printf(text, "productie-%" PRIu64, index);
}

static void
write_cluster(const struct sim *sim, const struct sim_request *request,
    uint64_t index, struct sim_text *text)
{
	struct sim_text path = { NULL, 0, 0 }, name = { NULL, 0, 0 };

	(void)request;
	write_cluster_id(sim, index, &name);
	sim_text_printf(&path, "MachineLearningCompute/"
	    "operationalizationClusters/%s", name.bytes);
	sim_open(text, NULL, '{');
	write_head(sim, text, path.bytes, name.bytes,
	    "MachineLearningCompute/operationalizationClusters");
	sim_open(text, "properties", '{');
	sim_stringf(text, "description", "Cluster van %s",
	    sim_person_name(sim_owner(index)));
	sim_time(text, "createdOn", MADE_S + 9000 * index, 0);
	sim_time(text, "modifiedOn", MADE_S + 9900 * index, 0);
	sim_string(text, "provisioningState", "Succeeded");
	sim_literal(text, "provisioningErrors", "[]");
	sim_string(text, "clusterType", "ACS");
	sim_open(text, "containerService", '{');
	sim_string(text, "orchestratorType", "Kubernetes");
	sim_number(text, "masterCount", 1);
	sim_number(text, "agentCount", 2);
	sim_string(text, "agentVmSize", "Standard_D3_v2");
	sim_close(text, '}');
	sim_close(text, '}');
	sim_close(text, '}');
	sim_text_fini(&name);
	sim_text_fini(&path);
}

const struct sim_collection sim_hosting = {
	count_one, write_account_id, write_hosting, false
};
const struct sim_collection sim_accounts = {
	count_one, write_account_id, write_account, false
};
const struct sim_collection sim_workspaces = {
	count_one, write_workspace_id, write_workspace, false
};
const struct sim_collection sim_projects = {
	count_one, write_project_id, write_project, false
};
const struct sim_collection sim_computes = {
	count_computes, write_compute_id, write_compute, false
};
const struct sim_collection sim_clusters = {
	count_clusters, write_cluster_id, write_cluster, false
};
