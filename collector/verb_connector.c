/* SPDX-License-Identifier: ISC */
/* dossier connector list | show NAME | check FILE */
#include "collector.h"

#include <string.h>

#include "connector.h"
#include "dossier/language.h"
#include "dossier/text.h"
#include "json_line.h"

const struct dsr_verb connector_verb = {
	"connector", "(list | show NAME|FILE | check FILE) [OPTIONS]",
	N_("List, show or check the descriptions of services."),
	connector_main
};

static int
print_summary(const char *key, uint64_t count, int status,
    struct dsr_error *err)
{
	const struct json_member members[] = {
		{ key, NULL, count },
		{ "exit", NULL, (uint64_t)status },
		{ "type", "summary", 0 },
	};

	return json_line_print(members, 3, err);
}

/* ---- check ----------------------------------------------------------------- */

static int
print_complaint(const struct dsr_common *common, const char *file,
    const struct complaint *c, struct dsr_error *err)
{
	const struct json_member members[] = {
		{ "column", NULL, c->column },
		{ "file", file, 0 },
		{ "line", NULL, c->line },
		{ "message", c->text, 0 },
		{ "severity", c->warning ? "warning" : "error", 0 },
		{ "type", "finding", 0 },
	};

	if (common->json)
		return json_line_print(members,
		    sizeof(members) / sizeof(members[0]), err);
	(void)dsr_print(c->warning ? stdout : stderr, "%s:%zu:%zu: %s%s\n",
	    file, c->line, c->column, c->warning ? "warning: " : "", c->text);
	return 0;
}

static int
check_connector(const struct dsr_common *common, const char *file,
    struct dsr_error *err)
{
	struct complaints complaints = { 0 };
	struct connector *k = NULL;
	struct dsr_error why;
	int status, result = -1;

	status = connector_load(&k, file, &complaints, &why) == 0
	    ? 0
	    : dsr_exit_status(why.code);
	if (status != 0 && complaints.errors == 0) {
		*err = why;
		goto out;
	}
	for (size_t i = 0; i < complaints.count; i++)
		if (print_complaint(common, file, &complaints.items[i],
		        err) != 0)
			goto out;
	if (common->json) {
		if (print_summary("errors", complaints.errors, status, err) !=
		    0)
			goto out;
	} else if (status == 0 && !common->quiet) {
		(void)dsr_print(stdout, _("%s: no errors\n"), file);
	} else if (status != 0) {
		(void)dsr_print(stderr,
		    P_("%s: %zu error\n", "%s: %zu errors\n",
		        complaints.errors),
		    file, complaints.errors);
	}
	result = status;
out:
	connector_free(k);
	complaints_fini(&complaints);
	return result;
}

/* ---- show ---------------------------------------------------------------- */

static int
show_connector(const struct dsr_common *common, const char *name,
    struct dsr_error *err)
{
	struct complaints complaints = { 0 };
	struct connector *k = NULL;
	int result = -1;

	if (connector_load(&k, name, &complaints, err) != 0)
		goto out;
	if (common->json) {
		/* the connector is JSON itself: exactly as it would be used */
		(void)fwrite(k->text.data, 1, k->text.len, stdout);
		result = 0;
		goto out;
	}
	connector_show(k);
	result = 0;
out:
	connector_free(k);
	complaints_fini(&complaints);
	return result;
}

/* ---- list ---------------------------------------------------------------- */

static int
list_one(const struct dsr_common *common, const char *name,
    struct dsr_error *err)
{
	struct complaints complaints = { 0 };
	struct connector *k = NULL;
	int result;

	result = connector_load(&k, name, &complaints, err);
	if (result == 0 && common->json) {
		const struct json_member members[] = {
			{ "key", k->meta.key, 0 },
			{ "name", k->meta.name, 0 },
			{ "sha256", k->sha256, 0 },
			{ "type", "connector", 0 },
			{ "version", k->meta.version, 0 },
		};

		result = json_line_print(members, 5, err);
	} else if (result == 0) {
		(void)dsr_print(stdout, "%-24s %s\n", name, k->meta.name);
	}
	connector_free(k);
	complaints_fini(&complaints);
	return result;
}

static int
list_connectors(const struct dsr_common *common, const char *operand,
    struct dsr_error *err)
{
	size_t count, i = 0;
	char **names = connector_names(&count);

	(void)operand;
	while (i < count && list_one(common, names[i], err) == 0)
		i++;
	connector_names_free(names, count);
	if (i < count)
		return -1;
	return common->json ? print_summary("connectors", count, 0, err) : 0;
}

/* ---- the verb ------------------------------------------------------------ */

static const struct {
	const char *word;
	int operands;
	int (*run)(const struct dsr_common *common, const char *operand,
	    struct dsr_error *err);
} actions[] = {
	{ "list", 0, list_connectors },
	{ "show", 1, show_connector },
	{ "check", 1, check_connector },
};

static int
run_action(const struct dsr_common *common, int argc, char **argv,
    struct dsr_error *err)
{
	for (size_t i = 0; argc > 0 && i < sizeof(actions) / sizeof(actions[0]);
	     i++) {
		if (strcmp(actions[i].word, argv[0]) != 0)
			continue;
		if (argc != 1 + actions[i].operands)
			return dsr_fail(err, DSR_EUSAGE,
			    actions[i].operands == 1
			        ? "connector %s wants one name or file"
			        : N_("connector %s wants nothing more"),
			    argv[0]);
		return actions[i].run(common, argv[1], err);
	}
	return dsr_fail(err, DSR_EUSAGE,
	    "connector wants list, show NAME or check FILE");
}

int
connector_main(int argc, char **argv)
{
	struct dsr_common common = { 0 };
	struct dsr_error err;
	int first = 0, status;

	if (dsr_options_parse(NULL, 0, &common, argc, argv, &first, &err) != 0)
		status = dsr_report_error(&common, &err);
	else if (common.help)
		status = (dsr_options_help(&connector_verb, NULL, 0), 0);
	else if ((status = run_action(&common, argc - first, argv + first,
	              &err)) < 0)
		status = dsr_report_error(&common, &err);
	dsr_common_fini(&common);
	return status;
}
