/* SPDX-License-Identifier: ISC */
/* What became of an erasure: a receipt case, out. */
#include "dossier/case_erasure.h"

#include "case_private.h"

#include <stdlib.h>
#include <string.h>

struct dsr_case_erasures {
	sqlite3_stmt *lines;
	sqlite3_stmt *exchanges; /* of one line, by role */
	struct dsr_case *c;
	struct dsr_arena *arena;
};

int
dsr_case_erasures_new(struct dsr_case_erasures **out, struct dsr_case *c,
    struct dsr_error *err)
{
	struct dsr_case_erasures *e = calloc(1, sizeof(*e));

	*out = NULL;
	if (e == NULL)
		return dsr_fail(err, DSR_ENOMEM, "erasures");
	e->c = c;
	if (dsr_case_number(c, err) != 0 ||
	    dsr_arena_new(&e->arena, err) != 0 ||
	    dsr_sql_prepare(c->db, &e->lines,
	        "SELECT line.number, connector.key, endpoint.name, line.item,"
	        " line.method, line.template, line.url, line.taken_with,"
	        " line.step, line.outcome, line.reason, line.detail,"
	        " line.hold, line.status, line.by, line.done,"
	        " (SELECT count(*) FROM erasure_document"
	        "   WHERE erasure = line.number), line.interrupted"
	        " FROM erasure_line AS line"
	        " JOIN endpoint ON endpoint.id = line.endpoint"
	        " JOIN connector ON connector.id = endpoint.connector"
	        " ORDER BY line.number",
	        err) != 0 ||
	    dsr_sql_prepare(c->db, &e->exchanges,
	        "SELECT x.page, min(n.number), count(*), min(x.started),"
	        " max(x.ended) FROM exchange AS x"
	        " JOIN exchange_number AS n ON n.exchange = x.id"
	        " WHERE x.task = ? GROUP BY x.page",
	        err) != 0) {
		dsr_case_erasures_free(e);
		return -1;
	}
	*out = e;
	return 0;
}

void
dsr_case_erasures_free(struct dsr_case_erasures *e)
{
	if (e == NULL)
		return;
	(void)sqlite3_finalize(e->lines);
	(void)sqlite3_finalize(e->exchanges);
	dsr_arena_free(e->arena);
	free(e);
}

/* The earlier (sign -1) or later (1) of two times; a column's text or NULL. */
static int
keep_time(struct dsr_arena *arena, const char **kept, const char *text,
    int sign, struct dsr_error *err)
{
	int order;

	if (text == NULL)
		return 0;
	order = *kept == NULL ? sign : strcmp(text, *kept);
	if ((order < 0) != (sign < 0) || order == 0)
		return 0;
	*kept = dsr_arena_copy(arena, text, strlen(text), err);
	return *kept == NULL ? -1 : 0;
}

static int
read_exchanges(struct dsr_case_erasures *e, struct dsr_erasure *r,
    struct dsr_error *err)
{
	struct dsr_span *const roles[] = {
		[DSR_ERASURE_READ] = &r->read,
		[DSR_ERASURE_DELETE] = &r->delete,
		[DSR_ERASURE_POLL] = &r->poll,
		[DSR_ERASURE_VERIFY] = &r->verify,
	};
	sqlite3_stmt *s = e->exchanges;
	int got;

	if (dsr_sql_bind(s, err, "u", r->number) != 0)
		return -1;
	while ((got = dsr_sql_step(s, err)) == 1) {
		uint64_t role = dsr_sql_count(s, 0);

		if (role >= sizeof(roles) / sizeof(roles[0])) {
			(void)sqlite3_reset(s);
			return dsr_fail(err, DSR_EINPUT,
			    "the case is damaged: exchanges of an erasure");
		}
		roles[role]->set = true;
		roles[role]->offset = dsr_sql_count(s, 1);
		roles[role]->len = dsr_sql_count(s, 2);
		if (keep_time(e->arena, &r->started, dsr_sql_text(s, 3), -1,
		        err) != 0 ||
		    keep_time(e->arena, &r->ended, dsr_sql_text(s, 4), 1,
		        err) != 0) {
			(void)sqlite3_reset(s);
			return -1;
		}
	}
	return got;
}

struct listing {
	struct dsr_arena *arena;
	struct dsr_list *list;
};

static int
list_document(void *ctx, const char *path, const char *sha256,
    struct dsr_error *err)
{
	struct listing *l = ctx;
	struct dsr_erasure_document *d = l->list->items;

	d += l->list->count++;
	d->path = dsr_arena_copy(l->arena, path, strlen(path), err);
	d->sha256 = dsr_arena_copy(l->arena, sha256, strlen(sha256), err);
	return d->path == NULL || d->sha256 == NULL ? -1 : 0;
}

static int
read_documents(struct dsr_case_erasures *e, struct dsr_erasure *r,
    struct dsr_error *err)
{
	struct listing l = { e->arena, &r->documents };
	size_t count = r->document_count < DSR_MAX_ERASURE_DOCUMENTS
	    ? (size_t)r->document_count
	    : DSR_MAX_ERASURE_DOCUMENTS;

	if (count == 0)
		return 0;
	r->documents.items = dsr_arena_alloc(e->arena,
	    count * sizeof(struct dsr_erasure_document), err);
	if (r->documents.items == NULL)
		return -1;
	return dsr_case_erasure_first(e->c, r->number, (int64_t)count,
	    list_document, &l, err);
}

int
dsr_case_erasures_next(struct dsr_case_erasures *e, struct dsr_erasure *r,
    struct dsr_error *err)
{
	sqlite3_stmt *s = e->lines;
	int got = dsr_sql_step(s, err);

	if (got != 1)
		return got;
	dsr_arena_reset(e->arena);
	(void)memset(r, 0, sizeof(*r));
	r->number = dsr_sql_count(s, 0);
	r->connector = dsr_sql_word(s, 1);
	r->endpoint = dsr_sql_word(s, 2);
	r->item = dsr_sql_text(s, 3);
	r->method = dsr_sql_text(s, 4);
	r->template = dsr_sql_text(s, 5);
	r->url = dsr_sql_text(s, 6);
	r->with = dsr_sql_count(s, 7);
	r->step = dsr_sql_text(s, 8);
	r->outcome = dsr_sql_word(s, 9);
	r->reason = dsr_sql_text(s, 10);
	r->detail = dsr_sql_text(s, 11);
	r->hold = dsr_sql_count(s, 12);
	r->status = dsr_sql_count(s, 13);
	r->by = dsr_sql_text(s, 14);
	r->done = dsr_sql_text(s, 15);
	r->document_count = dsr_sql_count(s, 16);
	if (read_exchanges(e, r, err) != 0)
		return -1;
	if (sqlite3_column_int(s, 17) != 0 ||
	    strcmp(r->outcome, "planned") == 0)
		r->ended = NULL;
	return read_documents(e, r, err) != 0 ? -1 : 1;
}

/* ---- statement.erasure ------------------------------------------------------ */

static int
read_export(struct dsr_case *c, struct dsr_arena *a, struct dsr_export *x,
    struct dsr_error *err)
{
	const char **const texts[] = { &x->id, &x->body_sha256, &x->key_sha256,
		&x->request };
	sqlite3_stmt *s = NULL;
	int result = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "SELECT id, body_sha256, key_sha256, request, body_size"
	        " FROM export",
	        err) != 0)
		return -1;
	if (dsr_sql_step(s, err) != 1) {
		(void)dsr_fail(err, DSR_EINPUT, "the case is damaged: export");
		goto out;
	}
	for (int i = 0; i < 4; i++) {
		const char *text = dsr_sql_text(s, i);

		if (text != NULL &&
		    (*texts[i] = dsr_arena_copy(a, text, strlen(text), err)) ==
		        NULL)
			goto out;
	}
	x->body_size = dsr_sql_count(s, 4);
	result = 0;
out:
	(void)sqlite3_finalize(s);
	return result;
}

static uint64_t *
count_of(struct dsr_outcome_counts *n, enum dsr_outcome outcome)
{
	uint64_t *const each[DSR_OUTCOME_COUNT] = {
#define X(member, word, gone, asked, plan) \
	[DSR_OUTCOME_##member] = &n->member,
		DSR_OUTCOMES(X)
#undef X
	};

	return each[outcome];
}

static int
count_outcomes(struct dsr_case *c, struct dsr_outcome_counts *n,
    struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got;

	if (dsr_sql_prepare(c->db, &s,
	        "SELECT outcome, count(*) FROM erasure_line GROUP BY outcome",
	        err) != 0)
		return -1;
	while ((got = dsr_sql_step(s, err)) == 1) {
		enum dsr_outcome outcome = dsr_outcome_of(dsr_sql_word(s, 0));

		if (outcome == DSR_OUTCOME_COUNT) {
			got = dsr_fail(err, DSR_EINPUT,
			    "the case is damaged: outcomes");
			break;
		}
		*count_of(n, outcome) = dsr_sql_count(s, 1);
	}
	(void)sqlite3_finalize(s);
	return got;
}

int
dsr_case_erasure_summary(struct dsr_case *c, struct dsr_arena *a,
    struct dsr_erasure_summary **out, struct dsr_error *err)
{
	struct dsr_erasure_summary *sum = dsr_arena_alloc(a, sizeof(*sum), err);
	struct dsr_export *x = dsr_arena_alloc(a, sizeof(*x), err);
	struct dsr_outcome_counts *n = dsr_arena_alloc(a, sizeof(*n), err);
	int executed;

	*out = NULL;
	if (sum == NULL || x == NULL || n == NULL ||
	    read_export(c, a, x, err) != 0 || count_outcomes(c, n, err) != 0)
		return -1;
	executed = dsr_case_receipt_is_executed(c, err);
	if (executed < 0)
		return -1;
	sum->executed = executed == 1;
	sum->export = x;
	sum->outcomes = n;
	*out = sum;
	return 0;
}
