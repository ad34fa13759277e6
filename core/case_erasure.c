/* SPDX-License-Identifier: ISC */
/* The plan of an erasure, and what becomes of it: a receipt case, in. */
#include "dossier/case_erasure.h"

#include "case_private.h"

#include <string.h>

/* ---- the case ------------------------------------------------------------- */

bool
dsr_case_is_receipt(const struct dsr_case *c)
{
	return c->receipt;
}

/* Is there a row of meta of this name, and is it this value? 1, 0 or -1. */
static int
meta_is(struct dsr_case *c, const char *name, const char *value,
    struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "SELECT 1 FROM meta WHERE name = ? AND value IS ?", err) == 0 &&
	    dsr_sql_bind(s, err, "tt", name, value) == 0)
		got = dsr_sql_step(s, err);
	(void)sqlite3_finalize(s);
	return got;
}

static int
check_same_export(struct dsr_case *c, const struct dsr_export *export,
    struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "SELECT 1 FROM export WHERE id = ? AND body_sha256 = ?", err) ==
	        0 &&
	    dsr_sql_bind(s, err, "tt", export->id, export->body_sha256) == 0)
		got = dsr_sql_step(s, err);
	(void)sqlite3_finalize(s);
	if (got == 0)
		return dsr_fail(err, DSR_EINPUT,
		    "the case is that of the erasure of another archive");
	return got < 0 ? -1 : 0;
}

static int
insert_export(struct dsr_case *c, const struct dsr_export *export,
    struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int result = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "INSERT INTO export(id, body_size, body_sha256, key_sha256,"
	        " request) VALUES(?, ?, ?, ?, ?)",
	        err) == 0 &&
	    dsr_sql_bind(s, err, "tuttt", export->id, export->body_size,
	        export->body_sha256, export->key_sha256,
	        export->request) == 0)
		result = dsr_sql_run(s, err);
	(void)sqlite3_finalize(s);
	return result;
}

static int
check_empty(struct dsr_case *c, struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got = -1;

	if (dsr_sql_prepare(c->db, &s, "SELECT 1 FROM connector LIMIT 1",
	        err) == 0)
		got = dsr_sql_step(s, err);
	(void)sqlite3_finalize(s);
	if (got == 1)
		return dsr_fail(err, DSR_EINPUT,
		    "the case is that of a collection, not of an erasure");
	return got;
}

int
dsr_case_receipt_begin(struct dsr_case *c, const struct dsr_export *export,
    struct dsr_error *err)
{
	/* whatever was sent must be known after a loss of power */
	if (dsr_sql_exec(c->db, "PRAGMA synchronous=FULL", err) != 0)
		return -1;
	if (c->receipt)
		return check_same_export(c, export, err);
	if (check_empty(c, err) != 0 || dsr_case_begin(c, err) != 0)
		return -1;
	if (insert_export(c, export, err) != 0 ||
	    dsr_case_meta_set(c, "kind", "receipt", err) != 0 ||
	    dsr_case_commit(c, err) != 0) {
		(void)sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
		return -1;
	}
	c->receipt = true;
	return 0;
}

int
dsr_case_receipt_execute(struct dsr_case *c, struct dsr_error *err)
{
	return dsr_case_meta_set(c, "executed", "yes", err);
}

int
dsr_case_receipt_is_executed(struct dsr_case *c, struct dsr_error *err)
{
	return meta_is(c, "executed", "yes", err);
}

int
dsr_case_erasure_planned(struct dsr_case *c, struct dsr_error *err)
{
	return dsr_case_meta_set(c, "planned", "yes", err);
}

int
dsr_case_receipt_is_planned(struct dsr_case *c, struct dsr_error *err)
{
	return meta_is(c, "planned", "yes", err);
}

/* ---- the plan -------------------------------------------------------------- */

int
dsr_case_erasure_add(struct dsr_case *c, const struct dsr_erasure_plan *p,
    uint64_t *number, struct dsr_error *err)
{
	sqlite3_stmt *s;

	if (dsr_case_unnumber(c, err) != 0 ||
	    dsr_case_statement(c, STATEMENT_ERASURE_ADD, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "itttttuttttu", p->endpoint, p->item,
	        p->method, p->template, p->url, p->params, p->with, p->step,
	        p->outcome, p->reason, p->detail, p->hold) != 0 ||
	    dsr_sql_run(s, err) != 0)
		return -1;
	*number = (uint64_t)sqlite3_last_insert_rowid(c->db);
	return 0;
}

int
dsr_case_erasure_document_add(struct dsr_case *c, uint64_t number,
    const char *path, const char *sha256, struct dsr_error *err)
{
	sqlite3_stmt *s;

	if (dsr_case_statement(c, STATEMENT_ERASURE_DOCUMENT_ADD, &s, err) !=
	        0 ||
	    dsr_sql_bind(s, err, "utt", number, path, sha256) != 0)
		return -1;
	return dsr_sql_run(s, err);
}

static void
read_plan(sqlite3_stmt *s, struct dsr_erasure_plan *p)
{
	p->number = dsr_sql_count(s, 0);
	p->endpoint = sqlite3_column_int64(s, 1);
	p->item = dsr_sql_text(s, 2);
	p->method = dsr_sql_text(s, 3);
	p->template = dsr_sql_text(s, 4);
	p->url = dsr_sql_text(s, 5);
	p->params = dsr_sql_text(s, 6);
	p->with = dsr_sql_count(s, 7);
	p->step = dsr_sql_text(s, 8);
	p->outcome = dsr_sql_word(s, 9);
	p->reason = dsr_sql_text(s, 10);
	p->detail = dsr_sql_text(s, 11);
	p->hold = dsr_sql_count(s, 12);
}

int
dsr_case_erasure_find(struct dsr_case *c, uint64_t before,
    const char *method, const char *url, const char *params,
    dsr_case_erasure_fn *fn, void *ctx, struct dsr_error *err)
{
	struct dsr_erasure_plan plan;
	sqlite3_stmt *s;
	int got;

	if (dsr_case_statement(c, STATEMENT_ERASURE_FIND, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "ittt", before < INT64_MAX ? (int64_t)before
	                                                    : INT64_MAX,
	        method, url, params) != 0)
		return -1;
	got = dsr_sql_step(s, err);
	if (got == 1) {
		read_plan(s, &plan);
		got = fn(ctx, &plan, err) != 0 ? -1 : 1;
		(void)sqlite3_reset(s);
	}
	return got;
}

int
dsr_case_erasure_plans(struct dsr_case *c, uint64_t after, size_t limit,
    bool open, dsr_case_erasure_fn *fn, void *ctx, struct dsr_error *err)
{
	struct dsr_erasure_plan plan;
	sqlite3_stmt *s;
	int got;

	if (dsr_case_statement(c, STATEMENT_ERASURE_LIST, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "uii", after, (int64_t)open,
	        (int64_t)limit) != 0)
		return -1;
	while ((got = dsr_sql_step(s, err)) == 1) {
		read_plan(s, &plan);
		if (fn(ctx, &plan, err) != 0) {
			(void)sqlite3_reset(s);
			return -1;
		}
	}
	return got;
}

int
dsr_case_erasure_documents(struct dsr_case *c, uint64_t number,
    dsr_case_erasure_document_fn *fn, void *ctx, struct dsr_error *err)
{
	return dsr_case_erasure_first(c, number, -1, fn, ctx, err);
}

int
dsr_case_erasure_first(struct dsr_case *c, uint64_t number, int64_t limit,
    dsr_case_erasure_document_fn *fn, void *ctx, struct dsr_error *err)
{
	sqlite3_stmt *s;
	int got;

	if (dsr_case_statement(c, STATEMENT_ERASURE_DOCUMENTS, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "ui", number, limit) != 0)
		return -1;
	while ((got = dsr_sql_step(s, err)) == 1)
		if (fn(ctx, dsr_sql_word(s, 0), dsr_sql_word(s, 1), err) != 0) {
			(void)sqlite3_reset(s);
			return -1;
		}
	return got;
}

/* ---- what was asked --------------------------------------------------------- */

/* The line is the task of its exchanges, the role their page. */
static int
place_of(struct dsr_case *c, uint64_t number, enum dsr_erasure_role role,
    struct dsr_place *place, struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got = -1;

	(void)memset(place, 0, sizeof(*place));
	place->task = (int64_t)number;
	place->page = role;
	if (dsr_sql_prepare(c->db, &s,
	        "SELECT endpoint FROM erasure WHERE number = ?", err) == 0 &&
	    dsr_sql_bind(s, err, "u", number) == 0)
		got = dsr_sql_step(s, err);
	if (got == 1)
		place->endpoint = sqlite3_column_int64(s, 0);
	(void)sqlite3_finalize(s);
	if (got == 0)
		return dsr_fail(err, DSR_EBUG, "no such line of the plan");
	return got < 0 ? -1 : 0;
}

int
dsr_case_erasure_exchange_add(struct dsr_case *c, uint64_t number,
    enum dsr_erasure_role role, const struct dsr_exchange *record, int64_t *id,
    struct dsr_error *err)
{
	struct dsr_place place;

	if (place_of(c, number, role, &place, err) != 0)
		return -1;
	return dsr_case_exchange_add(c, &place, record, id, err);
}

int
dsr_case_erasure_exchange_replace(struct dsr_case *c, uint64_t number,
    enum dsr_erasure_role role, int64_t id, const struct dsr_exchange *record,
    struct dsr_error *err)
{
	struct dsr_place place;

	if (place_of(c, number, role, &place, err) != 0)
		return -1;
	return dsr_case_exchange_replace(c, &place, id, record, err);
}

int
dsr_case_erasure_last(struct dsr_case *c, uint64_t number,
    enum dsr_erasure_role role, int64_t *id, uint64_t *status,
    struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "SELECT id, status FROM exchange WHERE task = ? AND page = ?"
	        " ORDER BY id DESC LIMIT 1",
	        err) == 0 &&
	    dsr_sql_bind(s, err, "uu", number, (uint64_t)role) == 0)
		got = dsr_sql_step(s, err);
	if (got == 1) {
		*id = sqlite3_column_int64(s, 0);
		*status = dsr_sql_count(s, 1);
	}
	(void)sqlite3_finalize(s);
	return got;
}

int
dsr_case_erasure_settle(struct dsr_case *c, uint64_t number,
    const struct dsr_erasure_result *r, struct dsr_error *err)
{
	sqlite3_stmt *s;

	if (dsr_outcome_of(r->outcome) == DSR_OUTCOME_COUNT)
		return dsr_fail(err, DSR_EBUG, "no outcome: %s", r->outcome);
	if (dsr_case_unnumber(c, err) != 0 ||
	    dsr_case_statement(c, STATEMENT_ERASURE_SETTLE, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "utttutt", number, r->outcome, r->reason,
	        r->detail, r->status, r->by, r->done) != 0)
		return -1;
	return dsr_sql_run(s, err);
}
