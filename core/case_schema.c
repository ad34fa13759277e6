/* SPDX-License-Identifier: ISC */
/*
 * The tables of a case, version 1. "place" of a row is (task, page, item,
 * part); large columns stand last, where they are not read in passing.
 */
#include "case_private.h"

#include <string.h>

/* clang-format off */
const char dsr_case_schema[] =
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE custody(id INTEGER PRIMARY KEY, act TEXT NOT NULL,"
    " time TEXT NOT NULL, by TEXT, account TEXT, software TEXT NOT NULL,"
    " version TEXT NOT NULL);"
    "CREATE TABLE connector(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
    " version TEXT NOT NULL, sha256 TEXT NOT NULL, bytes BLOB NOT NULL);"
    "CREATE TABLE setting(id INTEGER PRIMARY KEY, connector INTEGER NOT NULL,"
    " kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL);"
    "CREATE TABLE endpoint(id INTEGER PRIMARY KEY,"
    " connector INTEGER NOT NULL, position INTEGER NOT NULL,"
    " name TEXT NOT NULL, category TEXT, template TEXT,"
    " exchanges INTEGER NOT NULL DEFAULT 0,"
    " documents INTEGER NOT NULL DEFAULT 0,"
    " bytes INTEGER NOT NULL DEFAULT 0,"
    " ignored INTEGER NOT NULL DEFAULT 0,"
    " left_out INTEGER NOT NULL DEFAULT 0,"
    " first_document INTEGER, last_document INTEGER,"
    " UNIQUE(connector, name));"

    "CREATE TABLE task(id INTEGER PRIMARY KEY, endpoint INTEGER NOT NULL,"
    " state INTEGER NOT NULL DEFAULT 0, parent INTEGER NOT NULL,"
    " page INTEGER NOT NULL, item INTEGER NOT NULL, turn INTEGER NOT NULL,"
    " next_page INTEGER NOT NULL DEFAULT 0, once BLOB NOT NULL,"
    " params TEXT NOT NULL, next TEXT);"
    "CREATE INDEX task_endpoint ON task(endpoint);"
    "CREATE UNIQUE INDEX task_once ON task(endpoint, once);"
    "CREATE TABLE origin(task INTEGER NOT NULL, parent INTEGER NOT NULL,"
    " page INTEGER NOT NULL, item INTEGER NOT NULL, turn INTEGER NOT NULL);"
    "CREATE TABLE mark(task INTEGER NOT NULL, mark BLOB NOT NULL,"
    " PRIMARY KEY(task, mark)) WITHOUT ROWID;"
    "CREATE TABLE value(endpoint INTEGER NOT NULL, field TEXT NOT NULL,"
    " value TEXT NOT NULL COLLATE NOCASE,"
    " PRIMARY KEY(endpoint, field, value)) WITHOUT ROWID;"

    "CREATE TABLE headers(id INTEGER PRIMARY KEY,"
    " lines TEXT NOT NULL UNIQUE);"
    "CREATE TABLE tls(id INTEGER PRIMARY KEY, version TEXT, cipher TEXT,"
    " certificate_sha256 TEXT);"
    "CREATE TABLE exchange(id INTEGER PRIMARY KEY, task INTEGER NOT NULL,"
    " endpoint INTEGER NOT NULL, page INTEGER NOT NULL,"
    " item INTEGER NOT NULL, part INTEGER NOT NULL, method TEXT NOT NULL,"
    " status INTEGER, url TEXT, started TEXT NOT NULL, ended TEXT,"
    " error TEXT, peer TEXT, tls INTEGER, client_request_id TEXT,"
    " request_headers INTEGER, request_sha256 TEXT, request_size INTEGER,"
    " request_text TEXT, response_headers TEXT, response_sha256 TEXT,"
    " response_size INTEGER, attempts TEXT);"
    "CREATE INDEX exchange_place ON exchange(task, page, item, part);"
    "CREATE TABLE document(id INTEGER PRIMARY KEY, task INTEGER NOT NULL,"
    " endpoint INTEGER NOT NULL, page INTEGER NOT NULL,"
    " item INTEGER NOT NULL, part INTEGER NOT NULL, exchange INTEGER,"
    " sha256 TEXT NOT NULL, size INTEGER NOT NULL, extension TEXT NOT NULL,"
    " item_id TEXT, media_type TEXT, name TEXT, name_base64 TEXT,"
    " original TEXT, redactions TEXT, retrieved TEXT, source_url TEXT,"
    " span_offset INTEGER, span_len INTEGER, blob INTEGER, body BLOB);"
    "CREATE INDEX document_place"
    " ON document(task, page, item, part, exchange);"
    "CREATE TABLE gap(id INTEGER PRIMARY KEY, task INTEGER NOT NULL,"
    " endpoint INTEGER NOT NULL, page INTEGER NOT NULL,"
    " item INTEGER NOT NULL, part INTEGER NOT NULL, exchange INTEGER,"
    " again INTEGER NOT NULL, reason TEXT NOT NULL, status INTEGER,"
    " name TEXT, name_base64 TEXT, detail TEXT, next TEXT);" /* next: how its page is asked for */
    "CREATE INDEX gap_endpoint ON gap(endpoint);"

    "CREATE TABLE exchange_number(number INTEGER PRIMARY KEY,"
    " exchange INTEGER NOT NULL UNIQUE);"
    "CREATE TABLE document_number(number INTEGER PRIMARY KEY,"
    " document INTEGER NOT NULL, exchange INTEGER);"
    "CREATE TABLE gap_number(number INTEGER PRIMARY KEY,"
    " gap INTEGER NOT NULL, exchange INTEGER);";

/* Requests that are not answered, so that nobody looks for them among a
 * million that are. */
#define OPEN_INDEX "task_open ON task(endpoint, state) WHERE state <> 1"
const char dsr_case_later_schema[] =
    "CREATE INDEX IF NOT EXISTS " OPEN_INDEX;

/* The case of an erasure: what it erases, line by line. */
const char dsr_case_erasure_schema[] =
    "CREATE TABLE export(id TEXT NOT NULL, body_size INTEGER NOT NULL,"
    " body_sha256 TEXT NOT NULL, key_sha256 TEXT NOT NULL, request TEXT);"
    "CREATE TABLE erasure(number INTEGER PRIMARY KEY,"
    " endpoint INTEGER NOT NULL, taken_with INTEGER, method TEXT,"
    " template TEXT, url TEXT, item TEXT, step TEXT, hold INTEGER,"
    " outcome TEXT NOT NULL, reason TEXT, status INTEGER, by TEXT,"
    " done TEXT, detail TEXT, params TEXT);"
    "CREATE TABLE erasure_document(erasure INTEGER NOT NULL,"
    " path TEXT NOT NULL, sha256 TEXT NOT NULL,"
    " PRIMARY KEY(erasure, path)) WITHOUT ROWID;"
    /* a deletion (page 1) that was begun, and whose end nobody recorded */
    "CREATE VIEW erasure_line AS SELECT number, endpoint, taken_with,"
    " method, template, url, item, step, hold,"
    " iif(interrupted, 'failed', outcome) AS outcome,"
    " iif(interrupted, 'interrupted', reason) AS reason, status, by, done,"
    " iif(interrupted, 'The program ended before the answer to the deletion"
    " was recorded.', detail) AS detail, interrupted FROM"
    " (SELECT *, outcome = 'planned' AND EXISTS(SELECT 1 FROM exchange"
    "   WHERE exchange.task = number AND exchange.page = 1) AS interrupted"
    "  FROM erasure);";
/* clang-format on */

static size_t
count_statements(const char *schema)
{
	size_t count = 0;

	while ((schema = strchr(schema, ';')) != NULL) {
		schema++;
		count++;
	}
	return count;
}

/* Is sql one of the statements? None of them begins as another one does. */
static bool
has_statement(const char *schema, const char *sql)
{
	const char *at = strstr(schema, sql);

	return at != NULL && (at == schema || at[-1] == ';') &&
	    at[strlen(sql)] == ';';
}

/*
 * Tables that somebody else made may lack what is relied upon, and a trigger
 * would do things of its own. SQLite keeps the statements as they were given.
 */
int
dsr_case_schema_check(sqlite3 *db, struct dsr_error *err)
{
	size_t missing = count_statements(dsr_case_schema) +
	    count_statements(dsr_case_erasure_schema);
	sqlite3_stmt *s = NULL;
	const char *sql;
	int got;

	if (dsr_sql_prepare(db, &s,
	        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL", err) !=
	    0)
		return -1;
	while ((got = dsr_sql_step(s, err)) == 1) {
		sql = dsr_sql_word(s, 0);
		if (strcmp(sql, "CREATE INDEX " OPEN_INDEX) == 0)
			continue;
		if (missing == 0 || (!has_statement(dsr_case_schema, sql) &&
		    !has_statement(dsr_case_erasure_schema, sql)))
			break;
		missing--;
	}
	(void)sqlite3_finalize(s);
	if (got < 0)
		return -1;
	return got == 0 && missing == 0
	    ? 0
	    : dsr_fail(err, DSR_EINPUT,
	          "the case is damaged: its tables are not those of a case");
}
