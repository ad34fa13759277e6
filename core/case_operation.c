/* SPDX-License-Identifier: ISC */
/*
 * Answers that come later. Where they are asked for stands in meta, by the
 * request, until the answer is there: a case keeps its tables as they are.
 */
#include "case_private.h"

#include <inttypes.h>
#include <stdio.h>

#define NAME_SIZE 40
#define NAME_FORMAT "operation %" PRId64

int
dsr_case_operation_set(struct dsr_case *c, int64_t task, const char *text,
    struct dsr_error *err)
{
	char name[NAME_SIZE];

	(void)snprintf(name, sizeof(name), NAME_FORMAT, task);
	return dsr_case_meta_set(c, name, text, err);
}

int
dsr_case_operation(struct dsr_case *c, int64_t task, struct dsr_buffer *text,
    struct dsr_error *err)
{
	char name[NAME_SIZE];
	sqlite3_stmt *s;
	int got;

	(void)snprintf(name, sizeof(name), NAME_FORMAT, task);
	if (dsr_case_statement(c, STATEMENT_META_FIND, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "t", name) != 0)
		return -1;
	got = dsr_sql_step(s, err);
	if (got != 1)
		return got;
	got = dsr_buffer_puts(text, dsr_sql_word(s, 0), err);
	(void)sqlite3_reset(s);
	return got == 0 ? 1 : -1;
}

int
dsr_case_operations(struct dsr_case *c, struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got = -1;

	/* '!' is the character after the space */
	if (dsr_sql_prepare(c->db, &s,
	        "SELECT 1 FROM meta WHERE name > 'operation ' AND"
	        " name < 'operation!' LIMIT 1",
	        err) == 0)
		got = dsr_sql_step(s, err);
	(void)sqlite3_finalize(s);
	return got;
}
