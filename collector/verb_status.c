/* SPDX-License-Identifier: ISC */
/* dossier status CASE */
#include "collector.h"

#include <inttypes.h>
#include <string.h>

#include "dossier/case_store.h"
#include "dossier/language.h"
#include "dossier/text.h"
#include "json_line.h"

#define SHOWN 20u /* gaps that are told of without -v */

const struct dsr_verb status_verb = {
	"status", "CASE [OPTIONS]",
	N_("Tell what a case asked for, obtained and did not obtain."),
	status_main
};

static int
write_endpoint(const struct dsr_endpoint_counts *e, struct dsr_error *err)
{
	const struct json_member members[] = {
		{ "asked", NULL, e->asked },
		{ "connector", e->connector, 0 },
		{ "documents", NULL, e->documents },
		{ "endpoint", e->endpoint, 0 },
		{ "gaps", NULL, e->gaps },
		{ "ignored", NULL, e->ignored },
		{ "left_out", NULL, e->left_out },
		{ "type", "status", 0 },
	};

	return json_line_print(members, sizeof(members) / sizeof(members[0]),
	    err);
}

static int
write_summary(const struct dsr_counts *total, uint64_t pending, int status,
    struct dsr_error *err)
{
	const struct json_member members[] = {
		{ "bytes", NULL, total->bytes },
		{ "documents", NULL, total->documents },
		{ "exchanges", NULL, total->exchanges },
		{ "exit", NULL, (uint64_t)status },
		{ "gaps", NULL, total->gaps },
		{ "pending", NULL, pending },
		{ "type", "summary", 0 },
	};

	return json_line_print(members, sizeof(members) / sizeof(members[0]),
	    err);
}

static void
print_total(const struct dsr_counts *total, uint64_t pending)
{
	if (pending > 0)
		(void)dsr_print(stdout,
		    _("Not finished: %" PRIu64 " requests are still to be made.\n"),
		    pending);
	else if (total->gaps > 0)
		(void)dsr_print(stdout,
		    _("Finished, with gaps: %" PRIu64 ".\n"), total->gaps);
	else
		(void)dsr_print(stdout, _("Complete.\n"));
	(void)dsr_print(stdout,
	    _("%" PRIu64 " documents, %" PRIu64 " bytes, %" PRIu64
	      " requests\n"),
	    total->documents, total->bytes, total->exchanges);
}

/* ---- endpoints ------------------------------------------------------------- */

static void
print_endpoint(const struct dsr_endpoint_counts *e)
{
	if (strcmp(e->connector, DSR_MANUAL) == 0)
		(void)dsr_print(stdout,
		    _("  %s/%s: added by hand %" PRIu64 ", gaps %" PRIu64),
		    e->connector, e->endpoint, e->documents, e->gaps);
	else
		(void)dsr_print(stdout,
		    _("  %s/%s: asked %" PRIu64 ", obtained %" PRIu64
		      ", gaps %" PRIu64),
		    e->connector, e->endpoint, e->asked, e->documents,
		    e->gaps);
	if (e->ignored > 0)
		(void)dsr_print(stdout, _(", nothing there %" PRIu64),
		    e->ignored);
	if (e->left_out > 0)
		(void)dsr_print(stdout, _(", of other people %" PRIu64),
		    e->left_out);
	(void)dsr_print(stdout, "\n");
}

static int
print_endpoints(struct dsr_case *c, bool json, struct dsr_error *err)
{
	struct dsr_case_endpoints *endpoints = NULL;
	struct dsr_endpoint_counts e;
	int got;

	if (dsr_case_endpoints_new(&endpoints, c, err) != 0)
		return -1;
	while ((got = dsr_case_endpoints_next(endpoints, &e, err)) == 1) {
		if (!json)
			print_endpoint(&e);
		else if (write_endpoint(&e, err) != 0) {
			got = -1;
			break;
		}
	}
	dsr_case_endpoints_free(endpoints);
	return got;
}

/* ---- gaps --------------------------------------------------------------------- */

static const char *
or_empty(const char *text)
{
	return text != NULL ? text : "";
}

static int
write_gap(const struct dsr_gap *g, struct dsr_error *err)
{
	const struct json_member members[] = {
		{ "connector", g->connector, 0 },
		{ "detail", or_empty(g->detail), 0 },
		{ "endpoint", g->endpoint, 0 },
		{ "exchange", NULL, g->exchange == DSR_NONE ? 0 : g->exchange },
		{ "name", or_empty(g->name), 0 },
		{ "name_base64", or_empty(g->name_base64), 0 },
		{ "reason", g->reason, 0 },
		{ "status", NULL, g->status == DSR_NONE ? 0 : g->status },
		{ "type", "gap", 0 },
	};

	return json_line_print(members, sizeof(members) / sizeof(members[0]),
	    err);
}

static void
print_gap(const struct dsr_gap *g)
{
	(void)dsr_print(stdout, "  %s/%s: %s", g->connector, g->endpoint,
	    g->reason);
	if (g->status != DSR_NONE)
		(void)dsr_print(stdout, _(" (status %" PRIu64 ")"),
		    g->status);
	if (g->name != NULL || g->name_base64 != NULL)
		(void)dsr_print(stdout, ": %s",
		    g->name != NULL ? g->name : g->name_base64);
	(void)dsr_print(stdout, "\n");
}

/* Everything that was asked for and is not there, and why. */
static int
print_gaps(struct dsr_case *c, const struct dsr_common *common,
    struct dsr_error *err)
{
	struct dsr_case_gaps *gaps = NULL;
	struct dsr_gap g;
	uint64_t count = 0;
	int got;

	if (dsr_case_gaps_new(&gaps, c, err) != 0)
		return -1;
	while ((got = dsr_case_gaps_next(gaps, &g, err)) == 1) {
		if (common->json) {
			if (write_gap(&g, err) != 0) {
				got = -1;
				break;
			}
			continue;
		}
		if (count == 0)
			(void)dsr_print(stdout, _("Not obtained:\n"));
		if (count++ < SHOWN || common->verbose > 0)
			print_gap(&g);
	}
	dsr_case_gaps_free(gaps);
	if (got == 0 && count > SHOWN && common->verbose == 0)
		(void)dsr_print(stdout, _("  and %" PRIu64 " more: -v tells "
		    "of each\n"), count - SHOWN);
	return got;
}

/* The exit status, or -1. */
static int
print_status(const char *path, const struct dsr_common *common,
    struct dsr_error *err)
{
	struct dsr_case *c = NULL;
	struct dsr_counts total;
	uint64_t pending;
	int result = -1, status;

	if (dsr_case_open(&c, path, err) != 0 ||
	    dsr_case_counts(c, &total, err) != 0 ||
	    dsr_case_pending(c, &pending, err) != 0)
		goto out;
	status = total.gaps > 0 || pending > 0
	    ? dsr_exit_status(DSR_EINCOMPLETE)
	    : 0;
	if (!common->json)
		print_total(&total, pending);
	if (print_endpoints(c, common->json, err) != 0 ||
	    print_gaps(c, common, err) != 0 ||
	    (common->json && write_summary(&total, pending, status, err) != 0))
		goto out;
	result = status;
out:
	dsr_case_free(c);
	return result;
}

int
status_main(int argc, char **argv)
{
	struct dsr_common common = { 0 };
	struct dsr_error err;
	int first = 0, status = 0;

	if (dsr_options_parse(NULL, 0, &common, argc, argv, &first, &err) !=
	        0 ||
	    (!common.help && argc - first != 1 &&
	        dsr_fail(&err, DSR_EUSAGE, "status wants one case") != 0))
		status = dsr_report_error(&common, &err);
	else if (common.help)
		dsr_options_help(&status_verb, NULL, 0);
	else if ((status = print_status(argv[first], &common, &err)) < 0)
		status = dsr_report_error(&common, &err);
	dsr_common_fini(&common);
	return status;
}
