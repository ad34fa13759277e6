/* SPDX-License-Identifier: ISC */
/* Inside a case: for core/case_*.c alone. */
#ifndef DOSSIER_CASE_PRIVATE_H
#define DOSSIER_CASE_PRIVATE_H

#include <sqlite3.h>

#include "dossier/case_erasure.h"
#include "dossier/case_writer.h"
#include "dossier/clock.h"
#include "dossier/limits.h"
#include "dossier/random.h"

/* In the words of SQL: is it still to be asked? What the second half says, the
 * index task_open is limited to; SQLite does not conclude it from the first. */
#define DSR_SQL_PENDING "task.state = 0 AND task.state <> 1"

/* Statements that are prepared once and used for every record. */
/* clang-format off */
#define DSR_CASE_STATEMENTS(X)                                              \
	X(TASK_ADD,                                                         \
	  "INSERT OR IGNORE INTO task(endpoint, parent, page, item, turn,"  \
	  " params, once) VALUES(?, ?, ?, ?, ?, ?, ?)")                     \
	X(ORIGIN_ADD,                                                       \
	  "INSERT INTO origin(task, parent, page, item, turn)"              \
	  " SELECT id, ?3, ?4, ?5, ?6 FROM task"                            \
	  " WHERE endpoint = ?1 AND once = ?2")                             \
	X(TASK_LIST,                                                        \
	  "SELECT id, parent, page, item, turn, params, next_page, next"    \
	  " FROM task INDEXED BY task_open"                                 \
	  " WHERE endpoint = ? AND id > ? AND " DSR_SQL_PENDING             \
	  " ORDER BY id LIMIT ?")                                           \
	X(TASK_UPDATE,                                                      \
	  "UPDATE task SET state = ?2, next_page = ?3, next = ?4"           \
	  " WHERE id = ?1")                                                 \
	X(MARK_ADD,                                                         \
	  "INSERT OR IGNORE INTO mark(task, mark) VALUES(?, ?)")            \
	X(VALUE_ADD,                                                        \
	  "INSERT OR IGNORE INTO value(endpoint, field, value)"             \
	  " VALUES(?, ?, ?)")                                               \
	X(VALUE_FIND,                                                       \
	  "SELECT 1 FROM value"                                             \
	  " WHERE endpoint = ? AND field = ? AND value = ?")                \
	X(HEADERS_FIND, "SELECT id FROM headers WHERE lines = ?")           \
	X(HEADERS_ADD, "INSERT INTO headers(lines) VALUES(?)")              \
	X(TLS_FIND,                                                         \
	  "SELECT id FROM tls WHERE version IS ? AND cipher IS ?"           \
	  " AND certificate_sha256 IS ?")                                   \
	X(TLS_ADD,                                                          \
	  "INSERT INTO tls(version, cipher, certificate_sha256)"            \
	  " VALUES(?, ?, ?)")                                               \
	X(EXCHANGE_ADD,                                                     \
	  "INSERT INTO exchange(task, endpoint, page, item, part, method,"  \
	  " status, url, started, ended, error, peer, tls,"                 \
	  " client_request_id, request_headers, request_sha256,"            \
	  " request_size, request_text, response_headers,"                  \
	  " response_sha256, response_size, attempts)"                      \
	  " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"   \
	  " ?, ?, ?, ?)")                                                   \
	X(DOCUMENT_ADD,                                                     \
	  "INSERT INTO document(task, endpoint, page, item, part, exchange,"\
	  " sha256, size, extension, item_id, media_type, name,"            \
	  " name_base64, original, redactions, retrieved, source_url,"      \
	  " span_offset, span_len, blob, body)"                             \
	  " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"   \
	  " ?, ?, ?)")                                                      \
	X(GAP_ADD,                                                          \
	  "INSERT INTO gap(task, endpoint, page, item, part, exchange,"     \
	  " again, reason, status, name, name_base64, detail, next)"        \
	  " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")                 \
	X(ERASURE_ADD,                                                      \
	  "INSERT INTO erasure(endpoint, item, method, template, url,"      \
	  " params, taken_with, step, outcome, reason, detail, hold)"       \
	  " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")                    \
	X(ERASURE_LIST,                                                     \
	  "SELECT number, endpoint, item, method, template, url, params,"   \
	  " taken_with, step, outcome, reason, detail, hold FROM erasure"   \
	  " WHERE number > ?1 AND (?2 = 0 OR outcome = 'planned')"          \
	  " ORDER BY number LIMIT ?3")                                      \
	X(ERASURE_FIND,                                                     \
	  "SELECT number, endpoint, item, method, template, url, params,"   \
	  " taken_with, step, outcome, reason, detail, hold FROM erasure"   \
	  " WHERE number < ?1 AND method = ?2 AND url = ?3"                 \
	  " AND (?4 IS NULL OR params = ?4) ORDER BY number DESC LIMIT 1")  \
	X(ERASURE_SETTLE,                                                   \
	  "UPDATE erasure SET outcome = ?2, reason = ?3, detail = ?4,"      \
	  " status = ?5, by = ?6, done = ?7 WHERE number = ?1")             \
	X(ERASURE_DOCUMENT_ADD,                                             \
	  "INSERT INTO erasure_document(erasure, path, sha256)"             \
	  " VALUES(?, ?, ?)")                                               \
	X(ERASURE_DOCUMENTS,                                                \
	  "SELECT path, sha256 FROM erasure_document WHERE erasure = ?"     \
	  " ORDER BY path LIMIT ?")                                         \
	X(MISSING_LIST,                                                     \
	  "SELECT task.id, task.parent, task.page, task.item, task.turn,"   \
	  " task.params, gap.page, gap.next FROM gap"                       \
	  " JOIN task ON task.id = gap.task WHERE gap.endpoint = ?"         \
	  " AND gap.again = 2 AND (gap.task, gap.page) > (?, ?)"            \
	  " GROUP BY gap.task, gap.page ORDER BY gap.task, gap.page"        \
	  " LIMIT ?")                                                       \
	X(MISSING_FIND,                                                     \
	  "SELECT 1 FROM gap WHERE endpoint = ? AND task = ? AND page = ?"  \
	  " AND item = ? AND part = ? AND name IS ? AND again = 2")         \
	X(MISSING_END,                                                      \
	  "DELETE FROM gap WHERE endpoint = ? AND task = ? AND page = ?"    \
	  " AND item = ? AND part = ? AND again = 2")                       \
	X(MISSING_LEAVE,                                                    \
	  "UPDATE gap SET again = 1 WHERE endpoint = ? AND task = ?"        \
	  " AND page = ? AND again = 2")                                    \
	X(GAP_WITHDRAW,                                                     \
	  "DELETE FROM gap WHERE endpoint = ? AND name IS ?"                \
	  " AND name_base64 IS ?")                                          \
	X(META_SET,                                                         \
	  "INSERT INTO meta(name, value) VALUES(?, ?)"                      \
	  " ON CONFLICT DO UPDATE SET value = excluded.value")              \
	X(META_END, "DELETE FROM meta WHERE name = ?")                      \
	X(META_FIND, "SELECT value FROM meta WHERE name = ?")               \
	X(BLOB_NUMBER,                                                      \
	  "INSERT INTO meta(name, value) VALUES('blob', ?)"                 \
	  " ON CONFLICT DO UPDATE SET value = excluded.value")              \
	X(COUNT_ADD,                                                        \
	  "UPDATE endpoint SET exchanges = exchanges + ?2,"                 \
	  " documents = documents + ?3, bytes = bytes + ?4,"                \
	  " ignored = ignored + ?5, left_out = left_out + ?6"               \
	  " WHERE id = ?1")

/* In the words of SQL: is the outcome one that leaves nothing behind? */
#define DSR_GONE_true(word) ", '" word "'"
#define DSR_GONE_false(word) ""
#define DSR_GONE(member, word, gone, asked, plan) DSR_GONE_##gone(word)
#define DSR_SQL_NOT_GONE "outcome NOT IN (''" DSR_OUTCOMES(DSR_GONE) ")"

enum case_statement {
#define X(name, sql) STATEMENT_##name,
	DSR_CASE_STATEMENTS(X)
#undef X
	STATEMENT_COUNT
};
/* clang-format on */

/* What an endpoint's counts grew by since the last commit. */
struct case_counts {
	uint64_t exchanges;
	uint64_t documents;
	uint64_t bytes;
	uint64_t ignored;
	uint64_t left_out;
};

struct dsr_case {
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENT_COUNT];
	int folder;        /* descriptor, locked */
	int blobs;         /* descriptor of blobs/, or -1 */
	bool receipt;      /* of an erasure */
	bool numbered;     /* the numbers in the case are those of all of it */
	uint64_t next_blob;
	uint64_t next_temporary;
	struct dsr_blob *open_blobs; /* those that are being written */
	struct case_counts *counts; /* index: id of the endpoint */
	size_t counts_len;
	int64_t last_headers; /* id and text of the request headers ... */
	char *last_headers_lines; /* ... of the last exchange */
	char uuid[DSR_UUID_SIZE];
	uint8_t secret[DSR_CASE_SECRET_BYTES];
	char created[DSR_TIME_SIZE];
};

/* ---- case_sql.c: SQLite with our errors --------------------------------- */

/* Records the failure of the last call on db; returns -1. */
int dsr_sql_fail(sqlite3 *db, struct dsr_error *err);
int dsr_sql_exec(sqlite3 *db, const char *sql, struct dsr_error *err);
int dsr_sql_prepare(sqlite3 *db, sqlite3_stmt **out, const char *sql,
    struct dsr_error *err);
/*
 * Binds by a word of letters: t text or NULL, i int64_t, u uint64_t (DSR_NONE
 * is null), b blob (pointer, size_t; NULL is null).
 */
int dsr_sql_bind(sqlite3_stmt *s, struct dsr_error *err, const char *types,
    ...);
/* 1 with a row, 0 at the end, -1; at the end and on failure it is reset. */
int dsr_sql_step(sqlite3_stmt *s, struct dsr_error *err);
/* Steps a statement that gives no rows. */
int dsr_sql_run(sqlite3_stmt *s, struct dsr_error *err);
/* One of the statements of the list, prepared when first asked for. */
int dsr_case_statement(struct dsr_case *c, enum case_statement which,
    sqlite3_stmt **out, struct dsr_error *err);
/* Sets a row of meta; value NULL: there is none any more. */
int dsr_case_meta_set(struct dsr_case *c, const char *name,
    const char *value, struct dsr_error *err);
/* Hands out the rows of a list of tasks; *task has what they do not tell. */
int dsr_case_hand_tasks(sqlite3_stmt *s, struct dsr_task *task,
    dsr_case_task_fn *fn, void *ctx, struct dsr_error *err);
/*
 * Columns: text or NULL; text that the schema forbids to be NULL, "" where
 * the file was changed by hand; a count or DSR_NONE.
 */
const char *dsr_sql_text(sqlite3_stmt *s, int column);
const char *dsr_sql_word(sqlite3_stmt *s, int column);
uint64_t dsr_sql_count(sqlite3_stmt *s, int column);

/* ---- the others ---------------------------------------------------------- */

extern const char dsr_case_schema[];
extern const char dsr_case_erasure_schema[];
/* What cases of earlier programs lack, and is made where it is not there. */
extern const char dsr_case_later_schema[];
/* Has the database these very tables, and nothing else? DSR_EINPUT if not. */
int dsr_case_schema_check(sqlite3 *db, struct dsr_error *err);
/* Numbers documents, exchanges and gaps, unless they are. */
int dsr_case_number(struct dsr_case *c, struct dsr_error *err);
/* Something was added: the numbers are not those of all of it any more. */
int dsr_case_unnumber(struct dsr_case *c, struct dsr_error *err);
/* Puts record in the place of the exchange id, which has the same place. */
int dsr_case_exchange_replace(struct dsr_case *c,
    const struct dsr_place *place, int64_t id,
    const struct dsr_exchange *record, struct dsr_error *err);
/* At most limit (-1: all) documents of a line of an erasure. */
int dsr_case_erasure_first(struct dsr_case *c, uint64_t number,
    int64_t limit, dsr_case_erasure_document_fn *fn, void *ctx,
    struct dsr_error *err);
/* The growing counts of an endpoint; NULL (DSR_ENOMEM). */
struct case_counts *dsr_case_counting(struct dsr_case *c, int64_t endpoint,
    struct dsr_error *err);
/* Opens blob n for reading; -1. */
int dsr_blob_open(const struct dsr_case *c, uint64_t number,
    struct dsr_error *err);
/* Is the file of blobs/ that has no name yet one of a piece? 1, 0, -1. */
int dsr_case_piece_is_file(struct dsr_case *c, uint64_t file,
    struct dsr_error *err);
/* Removes what a killed run left in blobs/ but for pieces, and finds the next
 * numbers. */
int dsr_blob_recover(struct dsr_case *c, struct dsr_error *err);
/* fsync and name; *number is set. */
int dsr_blob_commit(struct dsr_blob *b, uint64_t *number,
    struct dsr_error *err);

#endif
