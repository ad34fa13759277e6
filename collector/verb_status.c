/* SPDX-License-Identifier: ISC */
/* dossier status CASE */
#include "collector.h"

#include <inttypes.h>

#include "dossier/case_store.h"
#include "dossier/language.h"
#include "dossier/text.h"
#include "json_line.h"

const struct dsr_verb status_verb = {
	"status", "CASE",
	N_("Tells what a case asked for, obtained and did not obtain."),
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
write_summary(const struct dsr_counts *total, uint64_t pending,
    struct dsr_error *err)
{
	const struct json_member members[] = {
		{ "bytes", NULL, total->bytes },
		{ "documents", NULL, total->documents },
		{ "exchanges", NULL, total->exchanges },
		{ "exit", NULL, 0 },
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

static int
print_endpoints(struct dsr_case *c, bool json, struct dsr_error *err)
{
	struct dsr_case_endpoints *endpoints = NULL;
	struct dsr_endpoint_counts e;
	int got;

	if (dsr_case_endpoints_new(&endpoints, c, err) != 0)
		return -1;
	while ((got = dsr_case_endpoints_next(endpoints, &e, err)) == 1) {
		if (json) {
			if (write_endpoint(&e, err) != 0) {
				got = -1;
				break;
			}
			continue;
		}
		(void)dsr_print(stdout,
		    _("  %s/%s: asked %" PRIu64 ", obtained %" PRIu64
		      ", gaps %" PRIu64),
		    e.connector, e.endpoint, e.asked, e.documents, e.gaps);
		if (e.ignored > 0)
			(void)dsr_print(stdout, _(", nothing there %" PRIu64),
			    e.ignored);
		if (e.left_out > 0)
			(void)dsr_print(stdout,
			    _(", of other people %" PRIu64), e.left_out);
		(void)dsr_print(stdout, "\n");
	}
	dsr_case_endpoints_free(endpoints);
	return got;
}

static int
print_status(const char *path, bool json, struct dsr_error *err)
{
	struct dsr_case *c = NULL;
	struct dsr_counts total;
	uint64_t pending;
	int result = -1;

	if (dsr_case_open(&c, path, err) != 0 ||
	    dsr_case_counts(c, &total, err) != 0 ||
	    dsr_case_pending(c, &pending, err) != 0)
		goto out;
	if (!json)
		print_total(&total, pending);
	if (print_endpoints(c, json, err) != 0 ||
	    (json && write_summary(&total, pending, err) != 0))
		goto out;
	result = 0;
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
	else if (print_status(argv[first], common.json, &err) != 0)
		status = dsr_report_error(&common, &err);
	dsr_common_fini(&common);
	return status;
}
