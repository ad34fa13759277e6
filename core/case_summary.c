/* SPDX-License-Identifier: ISC */
/* Counts, connectors and custody of a case. */
#include "case_private.h"

#include <stdlib.h>
#include <string.h>

static int
read_row(struct dsr_case *c, const char *sql, uint64_t *values, int count,
    struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got;

	if (dsr_sql_prepare(c->db, &s, sql, err) != 0)
		return -1;
	got = dsr_sql_step(s, err);
	for (int i = 0; got == 1 && i < count; i++)
		values[i] = dsr_sql_count(s, i);
	(void)sqlite3_finalize(s);
	return got == 1 ? 0 : -1;
}

int
dsr_case_counts(struct dsr_case *c, struct dsr_counts *counts,
    struct dsr_error *err)
{
	uint64_t v[4];

	if (read_row(c,
	        "SELECT total(documents), total(bytes), total(exchanges),"
	        " (SELECT count(*) FROM gap) + (SELECT count(DISTINCT"
	        " endpoint) FROM task WHERE " DSR_SQL_PENDING ")"
	        " + (SELECT count(*) FROM erasure_line WHERE " DSR_SQL_NOT_GONE
	        ") FROM endpoint",
	        v, 4, err) != 0)
		return -1;
	counts->documents = v[0];
	counts->bytes = v[1];
	counts->exchanges = v[2];
	counts->gaps = v[3];
	return 0;
}

int
dsr_case_pending(struct dsr_case *c, uint64_t *count, struct dsr_error *err)
{
	return read_row(c, "SELECT count(*) FROM task WHERE " DSR_SQL_PENDING,
	    count, 1, err);
}

int
dsr_case_pending_of(struct dsr_case *c, int64_t endpoint, uint64_t *count,
    struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got = -1;

	if (dsr_sql_prepare(c->db, &s, "SELECT count(*) FROM task"
	        " WHERE endpoint = ? AND " DSR_SQL_PENDING, err) == 0 &&
	    dsr_sql_bind(s, err, "i", endpoint) == 0)
		got = dsr_sql_step(s, err);
	if (got == 1)
		*count = dsr_sql_count(s, 0);
	(void)sqlite3_finalize(s);
	return got == 1 ? 0 : -1;
}

/* ---- endpoints ----------------------------------------------------------- */

struct endpoint {
	char *connector;
	char *name;
	struct dsr_endpoint_counts counts;
};

struct dsr_case_endpoints {
	struct endpoint *items; /* at most a few thousand: sorted in memory */
	size_t count;
	size_t at;
};

static int
compare_endpoints(const void *a, const void *b)
{
	const struct endpoint *x = a, *y = b;
	int order = dsr_name_compare(x->connector, strlen(x->connector),
	    y->connector, strlen(y->connector));

	if (order != 0)
		return order;
	return dsr_name_compare(x->name, strlen(x->name), y->name,
	    strlen(y->name));
}

static int
add_endpoint(struct dsr_case_endpoints *e, sqlite3_stmt *s,
    struct dsr_error *err)
{
	struct endpoint *more =
	    realloc(e->items, (e->count + 1) * sizeof(*more));
	struct endpoint *item;

	if (more == NULL)
		return dsr_fail(err, DSR_ENOMEM, "endpoints");
	e->items = more;
	item = &more[e->count++];
	item->connector = strdup(dsr_sql_word(s, 0));
	item->name = strdup(dsr_sql_word(s, 1));
	item->counts.connector = item->connector;
	item->counts.endpoint = item->name;
	item->counts.asked = dsr_sql_count(s, 2);
	item->counts.documents = dsr_sql_count(s, 3);
	item->counts.ignored = dsr_sql_count(s, 4);
	item->counts.left_out = dsr_sql_count(s, 5);
	item->counts.gaps = dsr_sql_count(s, 6);
	if (item->connector == NULL || item->name == NULL)
		return dsr_fail(err, DSR_ENOMEM, "endpoints");
	return 0;
}

int
dsr_case_endpoints_new(struct dsr_case_endpoints **out, struct dsr_case *c,
    struct dsr_error *err)
{
	struct dsr_case_endpoints *e = calloc(1, sizeof(*e));
	sqlite3_stmt *s = NULL;
	int got = -1;

	*out = NULL;
	if (e == NULL)
		return dsr_fail(err, DSR_ENOMEM, "endpoints");
	if (dsr_sql_prepare(c->db, &s,
	        "SELECT connector.key, endpoint.name, exchanges, documents,"
	        " ignored, left_out,"
	        " (SELECT count(*) FROM gap WHERE gap.endpoint = endpoint.id)"
	        " + EXISTS(SELECT 1 FROM task"
	        "   WHERE task.endpoint = endpoint.id AND " DSR_SQL_PENDING
	        ")"
	        " + (SELECT count(*) FROM erasure_line AS line"
	        "   WHERE line.endpoint = endpoint.id AND line." DSR_SQL_NOT_GONE
	        ")"
	        " FROM endpoint JOIN connector"
	        " ON connector.id = endpoint.connector",
	        err) != 0)
		goto out;
	while ((got = dsr_sql_step(s, err)) == 1)
		if (add_endpoint(e, s, err) != 0) {
			got = -1;
			break;
		}
	if (got == 0 && e->count > 0)
		qsort(e->items, e->count, sizeof(*e->items),
		    compare_endpoints);
out:
	(void)sqlite3_finalize(s);
	if (got != 0) {
		dsr_case_endpoints_free(e);
		return -1;
	}
	*out = e;
	return 0;
}

int
dsr_case_endpoints_next(struct dsr_case_endpoints *e,
    struct dsr_endpoint_counts *record, struct dsr_error *err)
{
	(void)err;
	if (e->at == e->count)
		return 0;
	*record = e->items[e->at++].counts;
	return 1;
}

void
dsr_case_endpoints_free(struct dsr_case_endpoints *e)
{
	if (e == NULL)
		return;
	for (size_t i = 0; i < e->count; i++) {
		free(e->items[i].connector);
		free(e->items[i].name);
	}
	free(e->items);
	free(e);
}

/* ---- connectors: keys are a-z, 0-9 and '-', so that byte order will do ---- */

struct dsr_case_connectors {
	sqlite3_stmt *s;
};

int
dsr_case_connectors_new(struct dsr_case_connectors **out, struct dsr_case *c,
    struct dsr_error *err)
{
	struct dsr_case_connectors *k = calloc(1, sizeof(*k));

	*out = NULL;
	if (k == NULL)
		return dsr_fail(err, DSR_ENOMEM, "connectors");
	if (dsr_sql_prepare(c->db, &k->s,
	        "SELECT key, sha256, version, bytes FROM connector"
	        " WHERE key <> '" DSR_MANUAL "' ORDER BY key",
	        err) != 0) {
		free(k);
		return -1;
	}
	*out = k;
	return 0;
}

int
dsr_case_connectors_next(struct dsr_case_connectors *k,
    struct dsr_case_connector *connector, struct dsr_error *err)
{
	int got = dsr_sql_step(k->s, err);

	if (got != 1)
		return got;
	connector->record.key = dsr_sql_word(k->s, 0);
	connector->record.sha256 = dsr_sql_word(k->s, 1);
	connector->record.version = dsr_sql_word(k->s, 2);
	connector->bytes = sqlite3_column_blob(k->s, 3);
	if (connector->bytes == NULL) /* empty */
		connector->bytes = "";
	connector->len = (size_t)sqlite3_column_bytes(k->s, 3);
	return 1;
}

void
dsr_case_connectors_free(struct dsr_case_connectors *k)
{
	if (k == NULL)
		return;
	(void)sqlite3_finalize(k->s);
	free(k);
}

/* ---- custody --------------------------------------------------------------- */

struct dsr_case_custody {
	sqlite3_stmt *s;
};

int
dsr_case_custody_new(struct dsr_case_custody **out, struct dsr_case *c,
    struct dsr_error *err)
{
	struct dsr_case_custody *k = calloc(1, sizeof(*k));

	*out = NULL;
	if (k == NULL)
		return dsr_fail(err, DSR_ENOMEM, "custody");
	if (dsr_sql_prepare(c->db, &k->s,
	        "SELECT account, act, by, software, time, version"
	        " FROM custody ORDER BY id",
	        err) != 0) {
		free(k);
		return -1;
	}
	*out = k;
	return 0;
}

int
dsr_case_custody_next(struct dsr_case_custody *k, struct dsr_custody *record,
    struct dsr_error *err)
{
	int got = dsr_sql_step(k->s, err);

	if (got != 1)
		return got;
	record->account = dsr_sql_text(k->s, 0);
	record->act = dsr_sql_word(k->s, 1);
	record->by = dsr_sql_text(k->s, 2);
	record->software = dsr_sql_word(k->s, 3);
	record->time = dsr_sql_word(k->s, 4);
	record->version = dsr_sql_word(k->s, 5);
	return 1;
}

void
dsr_case_custody_free(struct dsr_case_custody *k)
{
	if (k == NULL)
		return;
	(void)sqlite3_finalize(k->s);
	free(k);
}
