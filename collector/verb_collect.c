/* SPDX-License-Identifier: ISC */
/* dossier collect CASE --connector NAME|FILE … */
#include "collector.h"

#include <inttypes.h>
#include <string.h>

#include "connection.h"
#include "dossier/language.h"
#include "dossier/text.h"
#include "ending.h"
#include "json_line.h"

const struct dsr_verb collect_verb = {
	"collect", "CASE --connector NAME|FILE [OPTIONS]",
	N_("Collect what a service holds into a case, or go on with it."),
	collect_main
};

struct verb {
	struct connection connection;
	bool dry_run;
};

static int
fill_options(const struct verb *v, const char *case_path,
    struct collect_options *o, struct dsr_error *err)
{
	(void)memset(o, 0, sizeof(*o));
	o->case_path = case_path;
	o->what = _("collected");
	return connection_options(&v->connection, o, err);
}

/* ---- what came of it ----------------------------------------------------- */

static int
find_status(const struct collect_result *r)
{
	if (ending != 0)
		return 128 + (int)ending;
	if (r->refused)
		return dsr_exit_status(DSR_EAUTH);
	if (r->unreachable)
		return dsr_exit_status(DSR_ENETWORK);
	return r->counts.gaps > 0 ? dsr_exit_status(DSR_EINCOMPLETE) : 0;
}

static void
print_verdict(const struct collect_result *r, const char *path)
{
	if (ending != 0)
		(void)dsr_print(stdout, _("Stopped: what was obtained is kept. "
		    "To go on, give the same command again.\n"));
	else if (r->refused)
		(void)dsr_print(stdout, _("Not finished: the service refused "
		    "the credential %s.\n"), r->credential);
	else if (r->unreachable)
		(void)dsr_print(stdout, _("Not finished: no host answered.\n"));
	else if (r->counts.gaps > 0)
		(void)dsr_print(stdout,
		    P_("Finished, with %" PRIu64 " gap.\n",
		        "Finished, with %" PRIu64 " gaps.\n", r->counts.gaps),
		    r->counts.gaps);
	else
		(void)dsr_print(stdout, _("Complete.\n"));
	(void)dsr_print(stdout,
	    _("%" PRIu64 " documents, %" PRIu64 " bytes, %" PRIu64
	      " requests in %s\n"),
	    r->counts.documents, r->counts.bytes, r->counts.exchanges, path);
	if (r->refused && r->audience[0] != '\0')
		(void)dsr_print(stdout, _("The credential must be for %s\n"),
		    r->audience);
	if (r->pending > 0)
		(void)dsr_print(stdout,
		    _("%" PRIu64 " requests are still to be made; the same "
		      "command goes on with them.\n"), r->pending);
	else if (r->counts.gaps > 0)
		(void)dsr_print(stdout, _("dossier status %s says what is "
		    "missing.\n"), path);
}

static int
print_json(const struct collect_result *r, int status, struct dsr_error *err)
{
	const struct json_member members[] = {
		{ "bytes", NULL, r->counts.bytes },
		{ "documents", NULL, r->counts.documents },
		{ "exchanges", NULL, r->counts.exchanges },
		{ "exit", NULL, (uint64_t)status },
		{ "gaps", NULL, r->counts.gaps },
		{ "pending", NULL, r->pending },
		{ "type", "summary", 0 },
	};

	return json_line_print(members, sizeof(members) / sizeof(members[0]),
	    err);
}

/* ---- the plan -------------------------------------------------------------- */

static int
print_planned(void *ctx, const char *endpoint, const char *method,
    const char *url, const char *parent, struct dsr_error *err)
{
	const struct verb *v = ctx;
	const struct json_member members[] = {
		{ "endpoint", endpoint, 0 },
		{ "for_each_of", parent != NULL ? parent : "", 0 },
		{ "method", method, 0 },
		{ "type", "planned", 0 },
		{ "url", url, 0 },
	};

	if (v->connection.common.json)
		return json_line_print(members,
		    sizeof(members) / sizeof(members[0]), err);
	(void)dsr_print(stdout, "%s: %s %s\n", endpoint, method, url);
	if (parent != NULL)
		(void)dsr_print(stdout, _("  for each of %s\n"), parent);
	return 0;
}

static int
run_dry(struct verb *v, const struct collect_options *o,
    struct dsr_error *err)
{
	const struct json_member members[] = {
		{ "exit", NULL, 0 },
		{ "type", "summary", 0 },
	};

	if (collect_dry(o, print_planned, v, err) != 0)
		return -1;
	return v->connection.common.json ? json_line_print(members, 2, err) : 0;
}

static int
run_verb(struct verb *v, int argc, char **argv, struct dsr_error *err)
{
	struct collect_options o;
	struct collect_result result;
	int status;

	if (argc != 1)
		return dsr_fail(err, DSR_EUSAGE, "collect wants one case");
	if (v->connection.connector == NULL)
		return dsr_fail(err, DSR_EUSAGE, "--connector is missing; "
		    "see dossier connector list");
	if (fill_options(v, argv[0], &o, err) != 0)
		return -1;
	if (v->dry_run)
		return run_dry(v, &o, err);
	ending_catch();
	dsr_log(&v->connection.common, "collect: begun");
	if (collect(&o, &result, err) != 0)
		return -1;
	status = find_status(&result);
	dsr_log(&v->connection.common, "collect: %" PRIu64 " documents, %" PRIu64
	    " requests, %" PRIu64 " gaps, exit status %d",
	    result.counts.documents, result.counts.exchanges,
	    result.counts.gaps, status);
	if (v->connection.common.json)
		return print_json(&result, status, err) == 0 ? status : -1;
	if (!v->connection.common.quiet)
		print_verdict(&result, argv[0]);
	return status;
}

int
collect_main(int argc, char **argv)
{
	struct verb v;
	const struct dsr_option table[] = {
		CONNECTION_OPTIONS(v.connection),
		{ "dry-run", 0, DSR_OPTION_FLAG, &v.dry_run, NULL,
		    N_("print the plan; ask nothing, make no case"), 0, 0 },
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	struct dsr_common *common = &v.connection.common;
	struct dsr_error err;
	int first = 0, status;

	(void)memset(&v, 0, sizeof(v));
	connection_start(&v.connection);
	if (dsr_options_parse(table, count, common, argc, argv, &first,
	        &err) != 0)
		status = dsr_report_error(common, &err);
	else if (common->help)
		status = (dsr_options_help(&collect_verb, table, count), 0);
	else if ((status = run_verb(&v, argc - first, argv + first, &err)) < 0)
		status = dsr_report_error(common, &err);
	connection_fini(&v.connection);
	return status;
}
