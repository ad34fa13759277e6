/* SPDX-License-Identifier: ISC */
/*
 * Numbers in the order of the plan.
 *
 * Requests get ranks first, endpoint by endpoint in the order of the
 * connector: parents stand before children there, so that the rank of a
 * request follows from its parent's. A request that several answers name
 * stands where the first of them, in the order of the plan, names it: the
 * order of arrival leaves no trace.
 */
#include "case_private.h"

#include <stdio.h>

static const char rank_roots_and_children[] =
    "INSERT OR IGNORE INTO temp.rank(task) SELECT place.id FROM"
    " (SELECT id, parent, page, item, turn FROM task"
    "   INDEXED BY task_endpoint WHERE endpoint = ?1"
    "  UNION ALL SELECT origin.task, origin.parent, origin.page,"
    "   origin.item, origin.turn FROM origin JOIN task"
    "   ON task.id = origin.task WHERE task.endpoint = ?1) AS place"
    " LEFT JOIN temp.rank AS above ON above.task = place.parent"
    " ORDER BY coalesce(above.rank, 0), place.page, place.item, place.turn";

static const char number_all[] =
    "INSERT INTO exchange_number(exchange)"
    " SELECT exchange.id FROM exchange INDEXED BY exchange_place"
    " JOIN temp.rank ON rank.task = exchange.task"
    " ORDER BY rank.rank, exchange.page, exchange.item, exchange.part,"
    " exchange.id;"
    "INSERT INTO document_number(document, exchange)"
    " SELECT document.id, exchange_number.number"
    " FROM document INDEXED BY document_place"
    " JOIN temp.rank ON rank.task = document.task"
    " LEFT JOIN exchange_number"
    " ON exchange_number.exchange = document.exchange"
    " ORDER BY rank.rank, document.page, document.item, document.part,"
    " document.id;"
    "INSERT INTO gap_number(gap, exchange)"
    " SELECT gap.id, exchange_number.number FROM gap"
    " JOIN endpoint ON endpoint.id = gap.endpoint"
    " LEFT JOIN temp.rank ON rank.task = gap.task"
    " LEFT JOIN exchange_number ON exchange_number.exchange = gap.exchange"
    " ORDER BY endpoint.connector, endpoint.position,"
    " coalesce(rank.rank, 0), gap.page, gap.item, gap.part, gap.reason,"
    " gap.name;"
    /* the documents of an endpoint are one run of numbers */
    "UPDATE endpoint SET first_document = NULL, last_document = NULL;"
    "UPDATE endpoint SET first_document = run.least,"
    " last_document = run.greatest FROM"
    " (SELECT document.endpoint AS endpoint, min(number) AS least,"
    "   max(number) AS greatest FROM document_number"
    "   JOIN document ON document.id = document_number.document"
    "   GROUP BY document.endpoint) AS run WHERE run.endpoint = endpoint.id;"
    "DROP TABLE temp.rank;"
    "INSERT INTO meta(name, value) VALUES('numbered', 1)"
    " ON CONFLICT DO UPDATE SET value = 1;";

static const char forget_all[] =
    "DELETE FROM exchange_number; DELETE FROM document_number;"
    "DELETE FROM gap_number;"
    "INSERT INTO meta(name, value) VALUES('numbered', 0)"
    " ON CONFLICT DO UPDATE SET value = 0;";

/* Lines of an erasure stand in the order of the plan already. */
static const char rank_lines[] =
    "INSERT INTO temp.rank(rank, task) SELECT number, number FROM erasure";

static int
rank_tasks(struct dsr_case *c, struct dsr_error *err)
{
	sqlite3_stmt *endpoints = NULL, *rank = NULL;
	int got, result = -1;

	if (dsr_sql_exec(c->db,
	        "DROP TABLE IF EXISTS temp.rank;"
	        "CREATE TEMP TABLE rank(rank INTEGER PRIMARY KEY,"
	        " task INTEGER UNIQUE)",
	        err) != 0)
		goto out;
	if (c->receipt)
		return dsr_sql_exec(c->db, rank_lines, err);
	if (dsr_sql_prepare(c->db, &endpoints,
	        "SELECT id FROM endpoint ORDER BY connector, position",
	        err) != 0 ||
	    dsr_sql_prepare(c->db, &rank, rank_roots_and_children, err) != 0)
		goto out;
	while ((got = dsr_sql_step(endpoints, err)) == 1)
		if (dsr_sql_bind(rank, err, "i",
		        (int64_t)sqlite3_column_int64(endpoints, 0)) != 0 ||
		    dsr_sql_run(rank, err) != 0)
			goto out;
	result = got;
out:
	(void)sqlite3_finalize(endpoints);
	(void)sqlite3_finalize(rank);
	return result;
}

int
dsr_case_number(struct dsr_case *c, struct dsr_error *err)
{
	bool inside = sqlite3_get_autocommit(c->db) == 0;

	if (c->numbered)
		return 0;
	if (!inside && dsr_sql_exec(c->db, "BEGIN IMMEDIATE", err) != 0)
		return -1;
	if (dsr_sql_exec(c->db, forget_all, err) != 0 ||
	    rank_tasks(c, err) != 0 ||
	    dsr_sql_exec(c->db, number_all, err) != 0 ||
	    (!inside && dsr_sql_exec(c->db, "COMMIT", err) != 0)) {
		if (!inside)
			(void)sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
		return dsr_wrap(err, "number the documents");
	}
	c->numbered = true;
	return 0;
}

int
dsr_case_unnumber(struct dsr_case *c, struct dsr_error *err)
{
	if (!c->numbered)
		return 0;
	c->numbered = false;
	return dsr_sql_exec(c->db, forget_all, err);
}
