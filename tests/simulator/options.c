/* SPDX-License-Identifier: ISC */
#include "simulator.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum value_type { NUMBER, TEXT, FLAG };

#define AT(member) offsetof(struct sim_options, member)

static const struct {
	const char *name;
	enum value_type type;
	size_t offset;
	const char *value;          /* as --help calls it */
	const char *help;
} row[] = {
	{ "port", NUMBER, AT(port), "N", "listen on this port (0: a free one)" },
	{ "state", TEXT, AT(state), "DIR",
	    "where ca.pem, token, port and the rest are written" },
	{ "seed", NUMBER, AT(seed), "N", "make other documents" },
	{ "runs", NUMBER, AT(runs), "N", "how many runs" },
	{ "models", NUMBER, AT(models), "N", "how many models" },
	{ "unnamed-every", NUMBER, AT(unnamed_every), "N",
	    "each N-th model, experiment and so on names no author" },
	{ "page-size", NUMBER, AT(page_size), "N", "items on a page" },
	{ "location", TEXT, AT(location), "NAME", "the region in host names" },
	{ "subscription", TEXT, AT(subscription), "GUID", "in every path" },
	{ "resource-group", TEXT, AT(resource_group), "NAME", "in every path" },
	{ "account", TEXT, AT(account), "NAME", "both kinds of account" },
	{ "workspace", TEXT, AT(workspace), "NAME", "both kinds of workspace" },
	{ "project", TEXT, AT(project), "NAME", "the project with the runs" },
	{ "object-id", TEXT, AT(object_id[0]), "GUID", "the first person" },
	{ "other-object-id", TEXT, AT(object_id[1]), "GUID",
	    "the second person; documents belong to the two in turn" },
	{ "token", TEXT, AT(token_file), "FILE", "the bearer token to ask for" },
	{ "faults", TEXT, AT(faults_file), "FILE", "a fault plan (README.md)" },
	{ "script", TEXT, AT(script_file), "FILE",
	    "serve what this file tells, and nothing else (README.md)" },
	{ "latency-ms", NUMBER, AT(latency_ms), "N", "wait before each answer" },
	{ "threads", NUMBER, AT(threads), "N", "threads that answer" },
	{ "polls", NUMBER, AT(polls), "N",
	    "times a long deletion says it is still running" },
	{ "retry-after-s", NUMBER, AT(retry_after_s), "N",
	    "Retry-After of long deletions" },
	{ "async-services", FLAG, AT(async_services), NULL,
	    "delete services by Operation-Location, as from 2019" },
	{ "lifetime-s", NUMBER, AT(lifetime_s), "N", "end after so long" },
	{ "parent", FLAG, AT(parent), NULL,
	    "end with the parent, or when a pipe on stdin closes" },
	{ "help", FLAG, AT(help), NULL, "print this and end" },
};

#define ROWS (sizeof(row) / sizeof(row[0]))

static void
set_defaults(struct sim_options *options)
{
	memset(options, 0, sizeof(*options));
	options->location = "westeurope";
	options->subscription = "3f1d6c52-8a4e-4b7a-9c0e-5d2b71f0a946";
	options->resource_group = "research";
	options->account = "noordzee";
	options->workspace = "customers";
	options->project = "churn";
	options->object_id[0] = "7b1e4c9a-2f60-4d83-a5b7-90c3e8d1f264";
	options->object_id[1] = "c40d92e7-6b18-4f3c-8e25-1a7f5b6d0e93";
	options->seed = 1;
	options->runs = 300;
	options->models = 12;
	options->page_size = 50;
	options->polls = 2;
	options->retry_after_s = 1;
	options->threads = 2;
}

static int
set_number(unsigned long *out, const char *name, const char *value)
{
	char *end = NULL;

	errno = 0;
	*out = strtoul(value, &end, 10);
	if (errno == 0 && *value >= '0' && *value <= '9' && *end == '\0' &&
	    *out <= 1000000000)
		return 0;
	fprintf(stderr, "simulator: --%s: not a number of at most 10^9: %s\n",
	    name, value);
	return -1;
}

static int
set_option(struct sim_options *options, size_t i, const char *value)
{
	void *member = (char *)options + row[i].offset;

	switch (row[i].type) {
	case NUMBER:
		return set_number(member, row[i].name, value);
	case TEXT:
		memcpy(member, &value, sizeof(value));
		return 0;
	case FLAG:
		*(bool *)member = true;
		return 0;
	}
	return -1;
}

static int
check_options(const struct sim_options *options)
{
	const char *wrong = NULL;

	if (options->page_size == 0 || options->page_size > 10000)
		wrong = "--page-size is from 1 to 10000";
	if (options->port > 65535)
		wrong = "--port is at most 65535";
	if (options->threads == 0 || options->threads > 64)
		wrong = "--threads is from 1 to 64";
	if (strspn(options->location, "abcdefghijklmnopqrstuvwxyz0123456789")
	    != strlen(options->location) || strlen(options->location) > 40)
		wrong = "--location is a-z and 0-9, 40 characters at most";
	if (wrong != NULL)
		fprintf(stderr, "simulator: %s\n", wrong);
	return wrong != NULL ? -1 : 0;
}

int
sim_options_read(struct sim_options *options, int argc, char **argv)
{
	struct option list[ROWS + 1];
	size_t i;
	int at;

	memset(list, 0, sizeof(list));
	for (i = 0; i < ROWS; i++) {
		list[i].name = row[i].name;
		list[i].has_arg = row[i].type == FLAG ? no_argument :
		    required_argument;
		list[i].val = (int)i;
	}
	set_defaults(options);
	while ((at = getopt_long(argc, argv, "", list, NULL)) != -1) {
		if ((size_t)at >= ROWS ||
		    set_option(options, (size_t)at, optarg) != 0)
			return -1;
	}
	if (optind != argc) {
		fprintf(stderr, "simulator: what is \"%s\"?\n", argv[optind]);
		return -1;
	}
	return check_options(options);
}

void
sim_options_help(FILE *out)
{
	char name[40];
	size_t i;

	fputs("usage: dossier-simulator [--OPTION VALUE]...\n"
	    "Answers like Azure Machine Learning, over TLS on loopback.\n\n",
	    out);
	for (i = 0; i < ROWS; i++) {
		snprintf(name, sizeof(name), "--%s %s", row[i].name,
		    row[i].value == NULL ? "" : row[i].value);
		fprintf(out, "  %-24s%s\n", name, row[i].help);
	}
	fputs("\nActions of a fault plan:\n", out);
	sim_faults_help(out);
}
