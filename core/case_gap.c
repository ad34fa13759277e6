/* SPDX-License-Identifier: ISC */
/* Gaps of a case, in and out. */
#include "case_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
dsr_case_gap_add(struct dsr_case *c, const struct dsr_place *place,
    int64_t exchange, const struct dsr_gap *record, bool again,
    const char *next, struct dsr_error *err)
{
	sqlite3_stmt *s;

	if (dsr_case_unnumber(c, err) != 0 ||
	    dsr_case_statement(c, STATEMENT_GAP_ADD, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "iiuuuuitutttt", place->task, place->endpoint,
	        place->page, place->item, place->part,
	        exchange == 0 ? DSR_NONE : (uint64_t)exchange, (int64_t)again,
	        record->reason, record->status, record->name,
	        record->name_base64, record->detail, next) != 0)
		return -1;
	return dsr_sql_run(s, err);
}

/* ---- downloads that a later run obtains ---------------------------------- */

int
dsr_case_missing(struct dsr_case *c, int64_t endpoint, int64_t after_task,
    uint64_t after_page, size_t limit, dsr_case_task_fn *fn, void *ctx,
    struct dsr_error *err)
{
	struct dsr_task task = { .endpoint = endpoint, .downloads = true };
	sqlite3_stmt *s;

	if (dsr_case_statement(c, STATEMENT_MISSING_LIST, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "iiui", endpoint, after_task, after_page,
	        (int64_t)limit) != 0)
		return -1;
	return dsr_case_hand_tasks(s, &task, fn, ctx, err);
}

int
dsr_case_missing_count(struct dsr_case *c, uint64_t *pages,
    struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got = -1;

	if (dsr_sql_prepare(c->db, &s, "SELECT count(*) FROM"
	        " (SELECT DISTINCT task, page FROM gap WHERE again = 2)",
	        err) == 0)
		got = dsr_sql_step(s, err);
	if (got == 1)
		*pages = dsr_sql_count(s, 0);
	(void)sqlite3_finalize(s);
	return got == 1 ? 0 : -1;
}

int
dsr_case_missing_find(struct dsr_case *c, const struct dsr_place *place,
    const char *name, struct dsr_error *err)
{
	sqlite3_stmt *s;
	int got;

	if (dsr_case_statement(c, STATEMENT_MISSING_FIND, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "iiuuut", place->endpoint, place->task,
	        place->page, place->item, place->part, name) != 0)
		return -1;
	got = dsr_sql_step(s, err);
	if (got == 1)
		(void)sqlite3_reset(s);
	return got;
}

int
dsr_case_missing_end(struct dsr_case *c, const struct dsr_place *place,
    struct dsr_error *err)
{
	sqlite3_stmt *s;

	if (dsr_case_unnumber(c, err) != 0 ||
	    dsr_case_statement(c, STATEMENT_MISSING_END, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "iiuuu", place->endpoint, place->task,
	        place->page, place->item, place->part) != 0)
		return -1;
	return dsr_sql_run(s, err);
}

int
dsr_case_missing_leave(struct dsr_case *c, const struct dsr_place *place,
    struct dsr_error *err)
{
	sqlite3_stmt *s;

	if (dsr_case_statement(c, STATEMENT_MISSING_LEAVE, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "iiu", place->endpoint, place->task,
	        place->page) != 0)
		return -1;
	return dsr_sql_run(s, err);
}

int
dsr_case_gap_withdraw(struct dsr_case *c, int64_t endpoint,
    const struct dsr_gap *record, struct dsr_error *err)
{
	sqlite3_stmt *s;

	if (dsr_case_statement(c, STATEMENT_GAP_WITHDRAW, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "itt", endpoint, record->name,
	        record->name_base64) != 0 ||
	    dsr_sql_run(s, err) != 0)
		return -1;
	return sqlite3_changes(c->db) > 0 ? dsr_case_unnumber(c, err) : 0;
}

int
dsr_case_has_gap(struct dsr_case *c, int64_t endpoint, struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "SELECT 1 FROM gap WHERE endpoint = ? LIMIT 1", err) == 0 &&
	    dsr_sql_bind(s, err, "i", endpoint) == 0)
		got = dsr_sql_step(s, err);
	(void)sqlite3_finalize(s);
	return got;
}

/* ---- out ----------------------------------------------------------------- */

struct dsr_case_gaps {
	sqlite3_stmt *s;
	char detail[96];
};

int
dsr_case_gaps_new(struct dsr_case_gaps **out, struct dsr_case *c,
    struct dsr_error *err)
{
	struct dsr_case_gaps *g = calloc(1, sizeof(*g));

	*out = NULL;
	if (g == NULL)
		return dsr_fail(err, DSR_ENOMEM, "gaps");
	if (dsr_case_number(c, err) != 0 ||
	    dsr_sql_prepare(c->db, &g->s,
	        "SELECT n.number, n.exchange, connector.key, endpoint.name,"
	        " gap.reason, gap.status, gap.name, gap.detail, 0,"
	        " gap.name_base64"
	        " FROM gap_number AS n JOIN gap ON gap.id = n.gap"
	        " JOIN endpoint ON endpoint.id = gap.endpoint"
	        " JOIN connector ON connector.id = endpoint.connector"
	        " UNION ALL SELECT 1 << 53, NULL, connector.key,"
	        " endpoint.name, 'not-asked', NULL, endpoint.template, NULL,"
	        " count(*), NULL FROM task"
	        " JOIN endpoint ON endpoint.id = task.endpoint"
	        " JOIN connector ON connector.id = endpoint.connector"
	        " WHERE " DSR_SQL_PENDING " GROUP BY endpoint.id"
	        /* what was not erased stands before all other gaps */
	        " UNION ALL SELECT line.number - (1 << 53),"
	        " (SELECT max(n.number) FROM exchange AS x"
	        "   JOIN exchange_number AS n ON n.exchange = x.id"
	        "   WHERE x.task = line.number), connector.key, endpoint.name,"
	        " line.outcome, line.status,"
	        " coalesce(line.item, line.url, line.template), line.detail, 0,"
	        " NULL"
	        " FROM erasure_line AS line"
	        " JOIN endpoint ON endpoint.id = line.endpoint"
	        " JOIN connector ON connector.id = endpoint.connector"
	        " WHERE line." DSR_SQL_NOT_GONE
	        " ORDER BY 1, 3, 4",
	        err) != 0) {
		dsr_case_gaps_free(g);
		return -1;
	}
	*out = g;
	return 0;
}

void
dsr_case_gaps_free(struct dsr_case_gaps *g)
{
	if (g == NULL)
		return;
	(void)sqlite3_finalize(g->s);
	free(g);
}

int
dsr_case_gaps_next(struct dsr_case_gaps *g, struct dsr_gap *record,
    struct dsr_error *err)
{
	int got = dsr_sql_step(g->s, err);
	uint64_t not_asked;

	if (got != 1)
		return got;
	(void)memset(record, 0, sizeof(*record));
	record->exchange = dsr_sql_count(g->s, 1);
	record->connector = dsr_sql_word(g->s, 2);
	record->endpoint = dsr_sql_word(g->s, 3);
	record->reason = dsr_sql_word(g->s, 4);
	record->status = dsr_sql_count(g->s, 5);
	record->name = dsr_sql_text(g->s, 6);
	record->detail = dsr_sql_text(g->s, 7);
	not_asked = dsr_sql_count(g->s, 8);
	record->name_base64 = dsr_sql_text(g->s, 9);
	if (not_asked > 0) {
		(void)snprintf(g->detail, sizeof(g->detail),
		    "The collection was ended before %" PRIu64
		    " planned requests were made.",
		    not_asked);
		record->detail = g->detail;
	}
	return 1;
}
