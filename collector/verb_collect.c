/* SPDX-License-Identifier: ISC */
/* dossier collect CASE --connector NAME|FILE … */
#include "collector.h"

#include <inttypes.h>
#include <string.h>

#include "collection.h"
#include "dossier/language.h"
#include "dossier/text.h"
#include "json_line.h"

#define DEFAULT_CONCURRENCY 8u
#define MAX_CONCURRENCY     1024u
#define DEFAULT_PATIENCE_S  60u
#define MAX_PATIENCE_S      86400u

const struct dsr_verb collect_verb = {
	"collect", "CASE --connector NAME|FILE [OPTIONS]",
	N_("Collects what a service holds into a case, or goes on with it."),
	collect_main
};

struct verb {
	struct dsr_common common;
	const char *connector;
	struct dsr_texts params;
	struct dsr_texts identities;
	struct dsr_texts credentials;
	const char *ca_file;
	struct dsr_texts connect_to;
	uint64_t concurrency;
	uint64_t patience_s;
	const char *rate;
	bool dry_run;
};

static volatile sig_atomic_t ending; /* the signal that ends us */

static void
on_signal(int number)
{
	ending = number;
}

/* A second one ends at once: the case bears it. */
static void
catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction act;

	(void)memset(&act, 0, sizeof(act));
	act.sa_handler = on_signal;
	act.sa_flags = (int)SA_RESETHAND;
	(void)sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void)sigaction(signals[i], &act, NULL);
}

/* "N/s" */
static int
parse_rate(const char *text, uint64_t *interval_us, struct dsr_error *err)
{
	uint64_t rate;
	size_t len = text == NULL ? 0 : strlen(text);

	*interval_us = 0;
	if (text == NULL)
		return 0;
	if (len < 3 || strcmp(text + len - 2, "/s") != 0 ||
	    !dsr_parse_u64(text, len - 2, 1000000, &rate) || rate == 0)
		return dsr_fail(err, DSR_EUSAGE,
		    "--rate wants requests a second, such as 20/s");
	*interval_us = 1000000 / rate;
	return 0;
}

static int
fill_options(const struct verb *v, const char *case_path,
    struct collect_options *o, struct dsr_error *err)
{
	(void)memset(o, 0, sizeof(*o));
	o->case_path = case_path;
	o->connector = v->connector;
	o->params = v->params.items;
	o->param_count = v->params.count;
	o->identities = v->identities.items;
	o->identity_count = v->identities.count;
	o->credentials = v->credentials.items;
	o->credential_count = v->credentials.count;
	o->fetch.ca_file = v->ca_file;
	o->fetch.connect_to = v->connect_to.items;
	o->fetch.connect_to_count = v->connect_to.count;
	o->fetch.concurrency = (size_t)v->concurrency;
	o->fetch.patience_s = (long)v->patience_s;
	o->what = _("collected");
	o->no_progress =
	    v->common.no_progress || v->common.quiet || v->common.json;
	o->ending = &ending;
	return parse_rate(v->rate, &o->rate_us, err);
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

	if (v->common.json)
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
	return v->common.json ? json_line_print(members, 2, err) : 0;
}

static int
run_verb(struct verb *v, int argc, char **argv, struct dsr_error *err)
{
	struct collect_options o;
	struct collect_result result;
	int status;

	if (argc != 1)
		return dsr_fail(err, DSR_EUSAGE, "collect wants one case");
	if (v->connector == NULL)
		return dsr_fail(err, DSR_EUSAGE, "--connector is missing");
	if (fill_options(v, argv[0], &o, err) != 0)
		return -1;
	if (v->dry_run)
		return run_dry(v, &o, err);
	catch_signals();
	dsr_log(&v->common, "collect: begun");
	if (collect(&o, &result, err) != 0)
		return -1;
	status = find_status(&result);
	dsr_log(&v->common, "collect: %" PRIu64 " documents, %" PRIu64
	    " requests, %" PRIu64 " gaps, exit status %d",
	    result.counts.documents, result.counts.exchanges,
	    result.counts.gaps, status);
	if (v->common.json)
		return print_json(&result, status, err) == 0 ? status : -1;
	if (!v->common.quiet)
		print_verdict(&result, argv[0]);
	return status;
}

int
collect_main(int argc, char **argv)
{
	struct verb v;
	const struct dsr_option table[] = {
		{ "connector", 0, DSR_OPTION_TEXT, &v.connector, "NAME|FILE",
		    N_("the description of the service"), 0, 0 },
		{ "param", 0, DSR_OPTION_LIST, &v.params, "NAME=VALUE",
		    N_("a parameter of the connector"), 0, 0 },
		{ "identity", 0, DSR_OPTION_LIST, &v.identities, "NAME=VALUE",
		    N_("what names the person; may be given several times"), 0,
		    0 },
		{ "credential", 0, DSR_OPTION_LIST, &v.credentials,
		    "NAME=SOURCE",
		    N_("file:PATH, fd:N or command:CMDLINE"), 0, 0 },
		{ "ca-file", 0, DSR_OPTION_TEXT, &v.ca_file, "PEM",
		    N_("certificates to trust, instead of the system's"), 0,
		    0 },
		{ "connect-to", 0, DSR_OPTION_LIST, &v.connect_to,
		    "HOST1:PORT1:HOST2:PORT2",
		    N_("connect to HOST2:PORT2 instead of HOST1:PORT1"), 0,
		    0 },
		{ "concurrency", 0, DSR_OPTION_NUMBER, &v.concurrency, "N",
		    N_("requests at a time (default: 8)"), 1,
		    MAX_CONCURRENCY },
		{ "rate", 0, DSR_OPTION_TEXT, &v.rate, "N/s",
		    N_("at most N requests a second to one host"), 0, 0 },
		{ "timeout", 0, DSR_OPTION_NUMBER, &v.patience_s, "SECONDS",
		    N_("give up an answer that hardly moves for so long "
		       "(default: 60)"), 1, MAX_PATIENCE_S },
		{ "dry-run", 0, DSR_OPTION_FLAG, &v.dry_run, NULL,
		    N_("print the plan; ask nothing, make no case"), 0, 0 },
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	struct dsr_error err;
	int first = 0, status;

	(void)memset(&v, 0, sizeof(v));
	v.concurrency = DEFAULT_CONCURRENCY;
	v.patience_s = DEFAULT_PATIENCE_S;
	if (dsr_options_parse(table, count, &v.common, argc, argv, &first,
	        &err) != 0)
		status = dsr_report_error(&v.common, &err);
	else if (v.common.help)
		status = (dsr_options_help(&collect_verb, table, count), 0);
	else if ((status = run_verb(&v, argc - first, argv + first, &err)) < 0)
		status = dsr_report_error(&v.common, &err);
	dsr_texts_fini(&v.params);
	dsr_texts_fini(&v.identities);
	dsr_texts_fini(&v.credentials);
	dsr_texts_fini(&v.connect_to);
	dsr_common_fini(&v.common);
	return status;
}
