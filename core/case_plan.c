/* SPDX-License-Identifier: ISC */
/* Connectors, endpoints and the plan of a case. */
#include "case_private.h"

#include <stdlib.h>
#include <string.h>

static const char *const setting_names[] = {
	[DSR_SETTING_PARAM] = "param",
	[DSR_SETTING_IDENTITY] = "identity",
};

int
dsr_case_begin(struct dsr_case *c, struct dsr_error *err)
{
	return dsr_sql_exec(c->db, "BEGIN IMMEDIATE", err);
}

static int
flush_counts(struct dsr_case *c, struct dsr_error *err)
{
	sqlite3_stmt *s;

	if (dsr_case_statement(c, STATEMENT_COUNT_ADD, &s, err) != 0)
		return -1;
	for (size_t i = 0; i < c->counts_len; i++) {
		struct case_counts *n = &c->counts[i];

		if (n->exchanges + n->documents + n->ignored + n->left_out ==
		    0)
			continue;
		if (dsr_sql_bind(s, err, "iuuuuu", (int64_t)i, n->exchanges,
		        n->documents, n->bytes, n->ignored, n->left_out) != 0 ||
		    dsr_sql_run(s, err) != 0)
			return -1;
		(void)memset(n, 0, sizeof(*n));
	}
	return 0;
}

int
dsr_case_commit(struct dsr_case *c, struct dsr_error *err)
{
	if (flush_counts(c, err) != 0)
		return -1;
	return dsr_sql_exec(c->db, "COMMIT", err);
}

int
dsr_case_settle(struct dsr_case *c, struct dsr_error *err)
{
	if (dsr_case_number(c, err) != 0)
		return -1;
	return dsr_sql_exec(c->db,
	    "PRAGMA synchronous=FULL; PRAGMA wal_checkpoint(TRUNCATE)", err);
}

struct case_counts *
dsr_case_counting(struct dsr_case *c, int64_t endpoint,
    struct dsr_error *err)
{
	size_t index = (size_t)endpoint;

	if (index >= c->counts_len) {
		size_t len = index + 64;
		struct case_counts *more =
		    realloc(c->counts, len * sizeof(*more));

		if (more == NULL) {
			(void)dsr_fail(err, DSR_ENOMEM, "counts");
			return NULL;
		}
		(void)memset(more + c->counts_len, 0,
		    (len - c->counts_len) * sizeof(*more));
		c->counts = more;
		c->counts_len = len;
	}
	return &c->counts[index];
}

int
dsr_case_count(struct dsr_case *c, int64_t endpoint, uint64_t ignored,
    uint64_t left_out, struct dsr_error *err)
{
	struct case_counts *n = dsr_case_counting(c, endpoint, err);

	if (n == NULL)
		return -1;
	n->ignored += ignored;
	n->left_out += left_out;
	return 0;
}

int
dsr_case_custody_add(struct dsr_case *c, const char *act,
    struct dsr_error *err)
{
	return dsr_case_custody_add_by(c, act, NULL, NULL, err);
}

/* A day, an act and a person have one row: the statement stays small. */
int
dsr_case_custody_add_by(struct dsr_case *c, const char *act, const char *by,
    const char *account, struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	struct timespec now;
	char time[DSR_TIME_SIZE];
	int result = -1;

	dsr_clock_now(&now);
	dsr_time_format(time, &now, 0);
	if (dsr_sql_prepare(c->db, &s,
	        "INSERT INTO custody(act, by, account, time, software,"
	        " version) SELECT ?1, ?2, ?3, ?4, 'dossier', '" DSR_VERSION
	        "' WHERE ?3 IS NULL OR NOT EXISTS(SELECT 1 FROM custody"
	        " WHERE id = (SELECT max(id) FROM custody) AND act = ?1"
	        " AND by IS ?2 AND account IS ?3 AND version = '" DSR_VERSION
	        "' AND substr(time, 1, 10) = substr(?4, 1, 10))",
	        err) == 0 &&
	    dsr_sql_bind(s, err, "tttt", act, by, account, time) == 0)
		result = dsr_sql_run(s, err);
	(void)sqlite3_finalize(s);
	return result;
}

int
dsr_case_connector_find(struct dsr_case *c, const char *key, int64_t *id,
    char sha256[DSR_SHA256_HEX], struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	const char *digest;
	int got = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "SELECT id, sha256 FROM connector WHERE key = ?", err) != 0 ||
	    dsr_sql_bind(s, err, "t", key) != 0 ||
	    (got = dsr_sql_step(s, err)) != 1)
		goto out;
	*id = sqlite3_column_int64(s, 0);
	digest = dsr_sql_word(s, 1);
	if (strlen(digest) != DSR_SHA256_HEX - 1) {
		got = dsr_fail(err, DSR_EINPUT, "the case is damaged");
		goto out;
	}
	(void)memcpy(sha256, digest, DSR_SHA256_HEX);
out:
	(void)sqlite3_finalize(s);
	return got;
}

int
dsr_case_connector_add(struct dsr_case *c,
    const struct dsr_connector_use *use, const void *bytes, size_t len,
    int64_t *id, struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int result = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "INSERT INTO connector(key, version, sha256, bytes)"
	        " VALUES(?, ?, ?, ?)",
	        err) == 0 &&
	    dsr_sql_bind(s, err, "tttb", use->key, use->version, use->sha256,
	        bytes, len) == 0)
		result = dsr_sql_run(s, err);
	*id = sqlite3_last_insert_rowid(c->db);
	(void)sqlite3_finalize(s);
	return result;
}

int
dsr_case_setting_add(struct dsr_case *c, int64_t connector,
    enum dsr_setting kind, const char *name, const char *value,
    struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int result = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "INSERT INTO setting(connector, kind, name, value)"
	        " VALUES(?, ?, ?, ?)",
	        err) == 0 &&
	    dsr_sql_bind(s, err, "ittt", connector, setting_names[kind], name,
	        value) == 0)
		result = dsr_sql_run(s, err);
	(void)sqlite3_finalize(s);
	return result;
}

int
dsr_case_settings(struct dsr_case *c, int64_t connector,
    dsr_case_setting_fn *fn, void *ctx, struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "SELECT kind, name, value FROM setting WHERE connector = ?"
	        " ORDER BY id",
	        err) != 0 ||
	    dsr_sql_bind(s, err, "i", connector) != 0)
		goto out;
	while ((got = dsr_sql_step(s, err)) == 1)
		if (fn(ctx,
		        strcmp(dsr_sql_word(s, 0), "param") == 0
		            ? DSR_SETTING_PARAM
		            : DSR_SETTING_IDENTITY,
		        dsr_sql_word(s, 1), dsr_sql_word(s, 2), err) != 0) {
			got = -1;
			break;
		}
out:
	(void)sqlite3_finalize(s);
	return got;
}

int
dsr_case_endpoint_add(struct dsr_case *c, int64_t connector,
    uint64_t position, const char *name, const char *category,
    const char *template, int64_t *id, struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "INSERT INTO endpoint(connector, position, name, category,"
	        " template) VALUES(?, ?, ?, ?, ?)"
	        " ON CONFLICT DO UPDATE SET position = position RETURNING id",
	        err) == 0 &&
	    dsr_sql_bind(s, err, "iuttt", connector, position, name, category,
	        template) == 0)
		got = dsr_sql_step(s, err);
	if (got == 1)
		*id = sqlite3_column_int64(s, 0);
	(void)sqlite3_finalize(s);
	return got == 1 ? 0 : -1;
}

int
dsr_case_task_add(struct dsr_case *c, const struct dsr_task *task,
    struct dsr_error *err)
{
	sqlite3_stmt *s;

	if (dsr_case_statement(c, STATEMENT_TASK_ADD, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "iiuuutb", task->endpoint, task->parent,
	        task->page, task->item, task->turn, task->params,
	        (const void *)task->once, (size_t)DSR_SHA256_BYTES) != 0 ||
	    dsr_sql_run(s, err) != 0)
		return -1;
	if (sqlite3_changes(c->db) == 1)
		return 1;
	if (dsr_case_statement(c, STATEMENT_ORIGIN_ADD, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "ibiuuu", task->endpoint,
	        (const void *)task->once, (size_t)DSR_SHA256_BYTES,
	        task->parent, task->page, task->item, task->turn) != 0)
		return -1;
	return dsr_sql_run(s, err);
}

int
dsr_case_hand_tasks(sqlite3_stmt *s, struct dsr_task *task,
    dsr_case_task_fn *fn, void *ctx, struct dsr_error *err)
{
	int got;

	while ((got = dsr_sql_step(s, err)) == 1) {
		task->id = sqlite3_column_int64(s, 0);
		task->parent = sqlite3_column_int64(s, 1);
		task->page = dsr_sql_count(s, 2);
		task->item = dsr_sql_count(s, 3);
		task->turn = dsr_sql_count(s, 4);
		task->params = dsr_sql_word(s, 5);
		task->next_page = dsr_sql_count(s, 6);
		task->next = dsr_sql_text(s, 7);
		if (fn(ctx, task, err) != 0) {
			(void)sqlite3_reset(s);
			return -1;
		}
	}
	return got;
}

int
dsr_case_tasks(struct dsr_case *c, int64_t endpoint, int64_t after,
    size_t limit, dsr_case_task_fn *fn, void *ctx, struct dsr_error *err)
{
	struct dsr_task task = { .endpoint = endpoint };
	sqlite3_stmt *s;

	if (dsr_case_statement(c, STATEMENT_TASK_LIST, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "iii", endpoint, after, (int64_t)limit) != 0)
		return -1;
	return dsr_case_hand_tasks(s, &task, fn, ctx, err);
}

int
dsr_case_task_update(struct dsr_case *c, int64_t task,
    enum dsr_task_state state, uint64_t next_page, const char *next,
    struct dsr_error *err)
{
	sqlite3_stmt *s;

	if (dsr_case_statement(c, STATEMENT_TASK_UPDATE, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "iiut", task, (int64_t)state, next_page,
	        next) != 0)
		return -1;
	return dsr_sql_run(s, err);
}

/* The last one changes what is numbered. */
static const char *const reopening[] = {
	/* state <> 1: as in DSR_SQL_PENDING */
	"UPDATE task SET state = 0 WHERE state = 2 AND state <> 1"
	" AND endpoint IN (SELECT id FROM endpoint WHERE connector = ?)",
	"UPDATE gap SET again = 2 WHERE again AND part > 0 AND endpoint IN"
	" (SELECT id FROM endpoint WHERE connector = ?)",
	"DELETE FROM gap WHERE again AND part = 0 AND endpoint IN"
	" (SELECT id FROM endpoint WHERE connector = ?)",
};

int
dsr_case_reopen(struct dsr_case *c, int64_t connector, struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int result = -1;

	for (size_t i = 0; i < sizeof(reopening) / sizeof(reopening[0]); i++) {
		if (dsr_sql_prepare(c->db, &s, reopening[i], err) != 0 ||
		    dsr_sql_bind(s, err, "i", connector) != 0 ||
		    dsr_sql_run(s, err) != 0)
			goto out;
		(void)sqlite3_finalize(s);
		s = NULL;
	}
	result = sqlite3_changes(c->db) > 0 ? dsr_case_unnumber(c, err) : 0;
out:
	(void)sqlite3_finalize(s);
	return result;
}

int
dsr_case_mark(struct dsr_case *c, int64_t task,
    const uint8_t mark[DSR_SHA256_BYTES], struct dsr_error *err)
{
	sqlite3_stmt *s;

	if (dsr_case_statement(c, STATEMENT_MARK_ADD, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "ib", task, (const void *)mark,
	        (size_t)DSR_SHA256_BYTES) != 0 ||
	    dsr_sql_run(s, err) != 0)
		return -1;
	return sqlite3_changes(c->db) == 0;
}

int
dsr_case_value_add(struct dsr_case *c, int64_t endpoint, const char *field,
    const char *value, struct dsr_error *err)
{
	sqlite3_stmt *s;

	if (dsr_case_statement(c, STATEMENT_VALUE_ADD, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "itt", endpoint, field, value) != 0)
		return -1;
	return dsr_sql_run(s, err);
}

int
dsr_case_value_exists(struct dsr_case *c, int64_t endpoint,
    const char *field, const char *value, struct dsr_error *err)
{
	sqlite3_stmt *s;
	int got;

	if (dsr_case_statement(c, STATEMENT_VALUE_FIND, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "itt", endpoint, field, value) != 0)
		return -1;
	got = dsr_sql_step(s, err);
	if (got == 1)
		(void)sqlite3_reset(s);
	return got;
}
