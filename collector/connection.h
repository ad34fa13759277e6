/* SPDX-License-Identifier: ISC */
/*
 * What collect and erase share on the command line: which service, with which
 * values and credentials, and how fast.
 */
#ifndef COLLECTOR_CONNECTION_H
#define COLLECTOR_CONNECTION_H

#include "collection.h"
#include "dossier/options.h"

#define MAX_CONCURRENCY 1024u
#define MAX_PATIENCE_S  86400u

struct connection {
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
};

/* Rows of the table of a verb. */
#define CONNECTION_OPTIONS(c)                                                 \
	{ "connector", 0, DSR_OPTION_TEXT, &(c).connector, "NAME|FILE",       \
	    N_("the description of the service"), 0, 0 },                     \
	{ "param", 0, DSR_OPTION_LIST, &(c).params, "NAME=VALUE",             \
	    N_("a parameter of the connector"), 0, 0 },                       \
	{ "identity", 0, DSR_OPTION_LIST, &(c).identities, "NAME=VALUE",      \
	    N_("what names the person"), 0, 0 },                              \
	{ "credential", 0, DSR_OPTION_LIST, &(c).credentials, "NAME=SOURCE",  \
	    N_("a secret: SOURCE is file:PATH, fd:N or\n"                     \
	       "command:CMDLINE"), 0, 0 },                                    \
	{ "ca-file", 0, DSR_OPTION_TEXT, &(c).ca_file, "PEM",                 \
	    N_("certificates to trust, instead of the system's"), 0, 0 },     \
	{ "connect-to", 0, DSR_OPTION_LIST, &(c).connect_to,                  \
	    "HOST1:PORT1:HOST2:PORT2",                                        \
	    N_("connect to HOST2:PORT2 instead of HOST1:PORT1"), 0, 0 },      \
	{ "concurrency", 0, DSR_OPTION_NUMBER, &(c).concurrency, "N",         \
	    N_("requests at a time (default: 8)"), 1, MAX_CONCURRENCY },      \
	{ "rate", 0, DSR_OPTION_TEXT, &(c).rate, "N/s",                       \
	    N_("at most N requests a second to one host"), 0, 0 },            \
	{ "timeout", 0, DSR_OPTION_NUMBER, &(c).patience_s, "SECONDS",        \
	    N_("give up an answer that hardly moves\n"                        \
	       "for so long (default: 60)"), 1, MAX_PATIENCE_S }

void connection_start(struct connection *c);
void connection_fini(struct connection *c);
/* All but case_path and what. DSR_EUSAGE: --rate is no rate. */
int connection_options(const struct connection *c, struct collect_options *o,
    struct dsr_error *err);

#endif
