/* SPDX-License-Identifier: ISC */
/*
 * Exchanges of a case, in and out. Headers are kept as lines "name: value",
 * earlier attempts as lines of three words divided by tabs: readable with
 * stock tools, and read back without a parser for JSON.
 */
#include "case_private.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/buffer.h"

#define MAX_LINES (2u * DSR_MAX_LINE) /* bytes of a column of lines */

static int
write_headers(struct dsr_buffer *out, const struct dsr_list *headers,
    struct dsr_error *err)
{
	const struct dsr_header *h = headers->items;

	for (size_t i = 0; i < headers->count; i++)
		if (dsr_buffer_puts(out, h[i].name, err) != 0 ||
		    dsr_buffer_puts(out, ": ", err) != 0 ||
		    dsr_buffer_puts(out, h[i].value, err) != 0 ||
		    dsr_buffer_puts(out, "\n", err) != 0)
			return -1;
	return 0;
}

static int
write_attempts(struct dsr_buffer *out, const struct dsr_list *attempts,
    struct dsr_error *err)
{
	const struct dsr_attempt *a = attempts->items;

	for (size_t i = 0; i < attempts->count; i++)
		if (dsr_buffer_printf(out, err, "%s\t%llu\t%s\n", a[i].ended,
		        a[i].status == DSR_NONE
		            ? 0ull
		            : (unsigned long long)a[i].status,
		        a[i].reason) != 0)
			return -1;
	return 0;
}

/* The id of a text that is kept once; the last one is remembered. */
static int
intern_headers(struct dsr_case *c, const char *lines, int64_t *id,
    struct dsr_error *err)
{
	sqlite3_stmt *s;
	int got;

	*id = c->last_headers;
	if (c->last_headers_lines != NULL &&
	    strcmp(c->last_headers_lines, lines) == 0)
		return 0;
	if (dsr_case_statement(c, STATEMENT_HEADERS_FIND, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "t", lines) != 0 ||
	    (got = dsr_sql_step(s, err)) < 0)
		return -1;
	*id = got == 1 ? sqlite3_column_int64(s, 0) : 0;
	(void)sqlite3_reset(s);
	if (got == 0) {
		if (dsr_case_statement(c, STATEMENT_HEADERS_ADD, &s, err) !=
		        0 ||
		    dsr_sql_bind(s, err, "t", lines) != 0 ||
		    dsr_sql_run(s, err) != 0)
			return -1;
		*id = sqlite3_last_insert_rowid(c->db);
	}
	free(c->last_headers_lines);
	c->last_headers_lines = strdup(lines);
	if (c->last_headers_lines == NULL)
		return dsr_fail(err, DSR_ENOMEM, "headers");
	c->last_headers = *id;
	return 0;
}

static int
intern_tls(struct dsr_case *c, const struct dsr_tls *tls, uint64_t *id,
    struct dsr_error *err)
{
	sqlite3_stmt *s;
	int got;

	*id = DSR_NONE;
	if (tls == NULL)
		return 0;
	if (dsr_case_statement(c, STATEMENT_TLS_FIND, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "ttt", tls->version, tls->cipher,
	        tls->certificate_sha256) != 0 ||
	    (got = dsr_sql_step(s, err)) < 0)
		return -1;
	if (got == 1) {
		*id = dsr_sql_count(s, 0);
		(void)sqlite3_reset(s);
		return 0;
	}
	if (dsr_case_statement(c, STATEMENT_TLS_ADD, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "ttt", tls->version, tls->cipher,
	        tls->certificate_sha256) != 0 ||
	    dsr_sql_run(s, err) != 0)
		return -1;
	*id = (uint64_t)sqlite3_last_insert_rowid(c->db);
	return 0;
}

static const struct dsr_body no_body = { NULL, DSR_NONE, NULL };

static int
insert_exchange(struct dsr_case *c, const struct dsr_place *p,
    const struct dsr_exchange *r, int64_t request_headers, uint64_t tls,
    const char *response_headers, const char *attempts,
    struct dsr_error *err)
{
	const struct dsr_body *asked =
	    r->request_body != NULL ? r->request_body : &no_body;
	const struct dsr_body *got =
	    r->response_body != NULL ? r->response_body : &no_body;
	sqlite3_stmt *s;

	if (dsr_case_statement(c, STATEMENT_EXCHANGE_ADD, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "iiuuututtttt" "u" "t" "i" "tutttut", p->task,
	        p->endpoint, p->page, p->item, p->part, r->method, r->status,
	        r->url, r->started, r->ended, r->error, r->peer, tls,
	        r->client_request_id, request_headers, asked->sha256,
	        asked->size, asked->text, response_headers, got->sha256,
	        got->size, attempts) != 0)
		return -1;
	return dsr_sql_run(s, err);
}

int
dsr_case_exchange_add(struct dsr_case *c, const struct dsr_place *place,
    const struct dsr_exchange *record, int64_t *id, struct dsr_error *err)
{
	struct dsr_buffer asked, answered, attempts;
	struct case_counts *counts =
	    dsr_case_counting(c, place->endpoint, err);
	int64_t headers;
	uint64_t tls;
	int result = -1;

	dsr_buffer_init(&asked, MAX_LINES);
	dsr_buffer_init(&answered, MAX_LINES);
	dsr_buffer_init(&attempts, MAX_LINES);
	if (counts == NULL || dsr_case_unnumber(c, err) != 0 ||
	    write_headers(&asked, &record->request_headers, err) != 0 ||
	    write_headers(&answered, &record->response_headers, err) != 0 ||
	    write_attempts(&attempts, &record->attempts, err) != 0 ||
	    intern_headers(c, dsr_buffer_str(&asked), &headers, err) != 0 ||
	    intern_tls(c, record->tls, &tls, err) != 0 ||
	    insert_exchange(c, place, record, headers, tls,
	        answered.len > 0 ? dsr_buffer_str(&answered) : NULL,
	        attempts.len > 0 ? dsr_buffer_str(&attempts) : NULL,
	        err) != 0)
		goto out;
	*id = sqlite3_last_insert_rowid(c->db);
	counts->exchanges++;
	result = 0;
out:
	dsr_buffer_fini(&asked);
	dsr_buffer_fini(&answered);
	dsr_buffer_fini(&attempts);
	return result;
}

int
dsr_case_exchange_replace(struct dsr_case *c, const struct dsr_place *place,
    int64_t id, const struct dsr_exchange *record, struct dsr_error *err)
{
	struct case_counts *counts;
	sqlite3_stmt *s = NULL;
	int64_t new_id;
	int result = -1;

	if (dsr_case_exchange_add(c, place, record, &new_id, err) != 0)
		return -1;
	counts = dsr_case_counting(c, place->endpoint, err);
	if (counts == NULL ||
	    dsr_sql_prepare(c->db, &s, "DELETE FROM exchange WHERE id = ?",
	        err) != 0 ||
	    dsr_sql_bind(s, err, "i", id) != 0 || dsr_sql_run(s, err) != 0)
		goto out;
	counts->exchanges--; /* it was counted when it was added */
	(void)sqlite3_finalize(s);
	s = NULL;
	if (dsr_sql_prepare(c->db, &s,
	        "UPDATE exchange SET id = ? WHERE id = ?", err) != 0 ||
	    dsr_sql_bind(s, err, "ii", id, new_id) != 0)
		goto out;
	result = dsr_sql_run(s, err);
out:
	(void)sqlite3_finalize(s);
	return result;
}

int
dsr_case_exchanges_strip(struct dsr_case *c, const struct dsr_place *place,
    struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int result = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "UPDATE exchange SET url = NULL, peer = NULL, tls = NULL,"
	        " client_request_id = NULL, request_headers = NULL,"
	        " request_sha256 = NULL, request_size = NULL,"
	        " request_text = NULL, response_headers = NULL,"
	        " response_sha256 = NULL, response_size = NULL,"
	        " attempts = NULL"
	        " WHERE task = ? AND page = ? AND item = ? AND part = ?",
	        err) == 0 &&
	    dsr_sql_bind(s, err, "iuuu", place->task, place->page,
	        place->item, place->part) == 0)
		result = dsr_sql_run(s, err);
	(void)sqlite3_finalize(s);
	return result;
}

/* ---- out ----------------------------------------------------------------- */

struct dsr_case_exchanges {
	sqlite3_stmt *s;
	struct dsr_arena *arena;
	struct dsr_body request, response;
	struct dsr_tls tls;
};

int
dsr_case_exchanges_new(struct dsr_case_exchanges **out, struct dsr_case *c,
    struct dsr_error *err)
{
	struct dsr_case_exchanges *e = calloc(1, sizeof(*e));

	*out = NULL;
	if (e == NULL)
		return dsr_fail(err, DSR_ENOMEM, "exchanges");
	if (dsr_case_number(c, err) != 0 ||
	    dsr_arena_new(&e->arena, err) != 0 ||
	    dsr_sql_prepare(c->db, &e->s,
	        "SELECT n.number, connector.key, endpoint.name,"
	        " endpoint.template, x.method, x.status, x.url, x.started,"
	        " x.ended, x.error, x.peer, x.client_request_id,"
	        " headers.lines, x.response_headers, x.attempts,"
	        " x.request_sha256, x.request_size, x.request_text,"
	        " x.response_sha256, x.response_size, x.tls, tls.version,"
	        " tls.cipher, tls.certificate_sha256"
	        " FROM exchange_number AS n CROSS JOIN exchange AS x"
	        " ON x.id = n.exchange"
	        " CROSS JOIN endpoint ON endpoint.id = x.endpoint"
	        " CROSS JOIN connector ON connector.id = endpoint.connector"
	        " LEFT JOIN headers ON headers.id = x.request_headers"
	        " LEFT JOIN tls ON tls.id = x.tls ORDER BY n.number",
	        err) != 0) {
		dsr_case_exchanges_free(e);
		return -1;
	}
	*out = e;
	return 0;
}

void
dsr_case_exchanges_free(struct dsr_case_exchanges *e)
{
	if (e == NULL)
		return;
	(void)sqlite3_finalize(e->s);
	dsr_arena_free(e->arena);
	free(e);
}

static size_t
count_lines(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += *text == '\n';
	return count;
}

/*
 * Makes a list of items of size bytes out of the lines of a column; split
 * takes one line, which it may change, into an item.
 */
static int
read_lines(struct dsr_arena *arena, const char *column, size_t size,
    void (*split)(char *line, void *item), struct dsr_list *list,
    struct dsr_error *err)
{
	char *line, *end;

	list->items = NULL;
	list->count = 0;
	if (column == NULL || column[0] == '\0')
		return 0;
	line = dsr_arena_copy(arena, column, strlen(column), err);
	list->items = dsr_arena_alloc(arena, count_lines(column) * size, err);
	if (line == NULL || list->items == NULL)
		return -1;
	for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		split(line, (char *)list->items + list->count * size);
		list->count++;
	}
	return 0;
}

static void
split_header(char *line, void *item)
{
	struct dsr_header *h = item;
	char *colon = strstr(line, ": ");

	h->name = line;
	h->value = "";
	if (colon != NULL) {
		*colon = '\0';
		h->value = colon + 2;
	}
}

static void
split_attempt(char *line, void *item)
{
	struct dsr_attempt *a = item;
	char *status = strchr(line, '\t');
	char *reason = status == NULL ? NULL : strchr(status + 1, '\t');

	a->ended = line;
	a->reason = "";
	a->status = DSR_NONE;
	if (reason == NULL)
		return;
	*status = '\0';
	*reason = '\0';
	a->reason = reason + 1;
	a->status = strtoull(status + 1, NULL, 10);
	if (a->status == 0)
		a->status = DSR_NONE;
}

static const struct dsr_body *
read_body(struct dsr_case_exchanges *e, struct dsr_body *body, int column,
    int text)
{
	body->sha256 = dsr_sql_text(e->s, column);
	body->size = dsr_sql_count(e->s, column + 1);
	body->text = text < 0 ? NULL : dsr_sql_text(e->s, text);
	return body->sha256 == NULL && body->size == DSR_NONE ? NULL : body;
}

int
dsr_case_exchanges_next(struct dsr_case_exchanges *e,
    struct dsr_exchange *record, struct dsr_error *err)
{
	sqlite3_stmt *s = e->s;
	int got = dsr_sql_step(s, err);

	if (got != 1)
		return got;
	dsr_arena_reset(e->arena);
	(void)memset(record, 0, sizeof(*record));
	record->number = dsr_sql_count(s, 0);
	record->connector = dsr_sql_word(s, 1);
	record->endpoint = dsr_sql_word(s, 2);
	record->template = dsr_sql_text(s, 3);
	record->method = dsr_sql_word(s, 4);
	record->status = dsr_sql_count(s, 5);
	record->url = dsr_sql_text(s, 6);
	record->started = dsr_sql_word(s, 7);
	record->ended = dsr_sql_text(s, 8);
	record->error = dsr_sql_text(s, 9);
	record->peer = dsr_sql_text(s, 10);
	record->client_request_id = dsr_sql_text(s, 11);
	record->request_body = read_body(e, &e->request, 15, 17);
	record->response_body = read_body(e, &e->response, 18, -1);
	if (sqlite3_column_type(s, 20) != SQLITE_NULL) {
		e->tls.version = dsr_sql_text(s, 21);
		e->tls.cipher = dsr_sql_text(s, 22);
		e->tls.certificate_sha256 = dsr_sql_text(s, 23);
		record->tls = &e->tls;
	}
	if (read_lines(e->arena, dsr_sql_text(s, 12),
	        sizeof(struct dsr_header), split_header,
	        &record->request_headers, err) != 0 ||
	    read_lines(e->arena, dsr_sql_text(s, 13),
	        sizeof(struct dsr_header), split_header,
	        &record->response_headers, err) != 0 ||
	    read_lines(e->arena, dsr_sql_text(s, 14),
	        sizeof(struct dsr_attempt), split_attempt,
	        &record->attempts, err) != 0)
		return -1;
	return 1;
}
