/* SPDX-License-Identifier: ISC */
/* One line of JSON on stdout: what --json prints. */
#ifndef COLLECTOR_JSON_LINE_H
#define COLLECTOR_JSON_LINE_H

#include "dossier/json_print.h"

/*
 * A line is written from a list of members with ascending keys. Texts are
 * escaped where they are not UTF-8.
 */
struct json_member {
	const char *key;
	const char *text; /* or NULL: then it is a count */
	uint64_t count;
};
int json_line_print(const struct json_member *members, size_t count,
    struct dsr_error *err);

#endif
