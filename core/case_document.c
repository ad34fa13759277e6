/* SPDX-License-Identifier: ISC */
/*
 * Documents of a case, in and out. Redactions are kept as lines of four words
 * divided by tabs: offset, length, reason, path.
 */
#include "case_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/buffer.h"
#include "dossier/text.h"

#define MAX_REDACTIONS (1u << 26) /* bytes of the column */

static int
write_redactions(struct dsr_buffer *out, const struct dsr_list *list,
    struct dsr_error *err)
{
	const struct dsr_redaction *r = list->items;

	for (size_t i = 0; i < list->count; i++)
		if (dsr_buffer_printf(out, err,
		        "%" PRIu64 "\t%" PRIu64 "\t%s\t%s\n",
		        r[i].span.offset, r[i].span.len, r[i].reason,
		        r[i].path) != 0)
			return -1;
	return 0;
}

/* The number of the blob, kept so that a later run goes on behind it. */
static int
name_blob(struct dsr_case *c, struct dsr_blob *blob, uint64_t *number,
    struct dsr_error *err)
{
	sqlite3_stmt *s;

	*number = DSR_NONE;
	if (blob == NULL)
		return 0;
	if (dsr_blob_commit(blob, number, err) != 0 ||
	    dsr_case_statement(c, STATEMENT_BLOB_NUMBER, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "u", *number) != 0)
		return -1;
	return dsr_sql_run(s, err);
}

int
dsr_case_document_add(struct dsr_case *c, const struct dsr_place *place,
    int64_t exchange, const struct dsr_document *r, const char *extension,
    const void *body, struct dsr_blob *blob, struct dsr_error *err)
{
	struct case_counts *counts =
	    dsr_case_counting(c, place->endpoint, err);
	struct dsr_buffer redactions;
	uint64_t number;
	sqlite3_stmt *s;
	int result = -1;

	dsr_buffer_init(&redactions, MAX_REDACTIONS);
	if (counts == NULL || dsr_case_unnumber(c, err) != 0 ||
	    write_redactions(&redactions, &r->redactions, err) != 0 ||
	    name_blob(c, blob, &number, err) != 0 ||
	    dsr_case_statement(c, STATEMENT_DOCUMENT_ADD, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "iiuuui" "tuttttttttt" "uuub", place->task,
	        place->endpoint, place->page, place->item, place->part,
	        exchange, r->sha256, r->size, extension, r->item,
	        r->media_type, r->name, r->name_base64, r->original,
	        redactions.len > 0 ? dsr_buffer_str(&redactions) : NULL,
	        r->retrieved, r->source_url,
	        r->span.set ? r->span.offset : DSR_NONE,
	        r->span.set ? r->span.len : DSR_NONE, number,
	        blob == NULL ? body : NULL, (size_t)r->size) != 0 ||
	    dsr_sql_run(s, err) != 0)
		goto out;
	counts->documents++;
	counts->bytes += r->size;
	result = 0;
out:
	dsr_buffer_fini(&redactions);
	return result;
}

void
dsr_case_original(const struct dsr_case *c, char out[DSR_SHA256_HEX],
    const char *sha256, const void *body, size_t len)
{
	static const char label[] = "dossier/1 original\n";
	const struct dsr_part parts[] = {
		{ label, sizeof(label) - 1 },
		{ sha256, strlen(sha256) },
	};
	uint8_t r[DSR_SHA256_BYTES], digest[DSR_SHA256_BYTES];
	struct dsr_error ignored;
	struct dsr_sha256 *h = NULL;

	dsr_hmac_sha256(r, c->secret, sizeof(c->secret), parts, 2);
	if (dsr_sha256_new(&h, &ignored) != 0)
		abort();
	dsr_sha256_update(h, r, sizeof(r));
	dsr_sha256_update(h, body, len);
	dsr_sha256_final(h, digest);
	dsr_sha256_free(h);
	dsr_hex_encode(out, digest, sizeof(digest));
}

/* ---- out ----------------------------------------------------------------- */

/* An endpoint that has documents: one run of numbers. */
struct run {
	char name[2 * DSR_MAX_SEGMENT + 2]; /* "connector/endpoint" */
	char *category;
	int64_t first, last;
};

struct dsr_case_documents {
	struct dsr_case *c;
	struct run *runs;
	size_t count;
	size_t at; /* the run that is read */
	sqlite3_stmt *s;
	bool reading;
	struct dsr_arena *arena;
	char path[DSR_MAX_NAME + 1];
	int blob;
};

static int
compare_runs(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	return dsr_name_compare(x->name, strlen(x->name), y->name,
	    strlen(y->name));
}

static int
add_run(struct dsr_case_documents *d, sqlite3_stmt *s, struct dsr_error *err)
{
	struct run *more =
	    realloc(d->runs, (d->count + 1) * sizeof(*more));
	struct run *run;

	if (more == NULL)
		return dsr_fail(err, DSR_ENOMEM, "documents");
	d->runs = more;
	run = &more[d->count];
	if (snprintf(run->name, sizeof(run->name), "%s/%s", dsr_sql_word(s, 0),
	        dsr_sql_word(s, 1)) >= (int)sizeof(run->name))
		return dsr_fail(err, DSR_EINPUT,
		    "the case is damaged: the name of an endpoint");
	run->category = NULL;
	run->first = sqlite3_column_int64(s, 3);
	run->last = sqlite3_column_int64(s, 4);
	d->count++;
	if (dsr_sql_text(s, 2) == NULL)
		return 0;
	run->category = strdup(dsr_sql_text(s, 2));
	return run->category != NULL
	    ? 0
	    : dsr_fail(err, DSR_ENOMEM, "documents");
}

static int
load_runs(struct dsr_case_documents *d, struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got = -1;

	if (dsr_sql_prepare(d->c->db, &s,
	        "SELECT connector.key, endpoint.name, endpoint.category,"
	        " first_document, last_document FROM endpoint"
	        " JOIN connector ON connector.id = endpoint.connector"
	        " WHERE first_document IS NOT NULL",
	        err) != 0)
		return -1;
	while ((got = dsr_sql_step(s, err)) == 1)
		if (add_run(d, s, err) != 0) {
			got = -1;
			break;
		}
	(void)sqlite3_finalize(s);
	if (got == 0 && d->count > 0)
		qsort(d->runs, d->count, sizeof(*d->runs), compare_runs);
	return got;
}

int
dsr_case_documents_new(struct dsr_case_documents **out, struct dsr_case *c,
    struct dsr_error *err)
{
	struct dsr_case_documents *d = calloc(1, sizeof(*d));

	*out = NULL;
	if (d == NULL)
		return dsr_fail(err, DSR_ENOMEM, "documents");
	d->c = c;
	d->blob = -1;
	if (dsr_case_number(c, err) != 0 ||
	    dsr_arena_new(&d->arena, err) != 0 || load_runs(d, err) != 0 ||
	    dsr_sql_prepare(c->db, &d->s,
	        "SELECT n.number, n.exchange, d.sha256, d.size, d.extension,"
	        " d.item_id, d.media_type, d.name, d.name_base64, d.original,"
	        " d.redactions, d.retrieved, d.source_url, d.span_offset,"
	        " d.span_len, d.blob, d.body FROM document_number AS n"
	        " CROSS JOIN document AS d ON d.id = n.document"
	        " WHERE n.number BETWEEN ? AND ? ORDER BY n.number",
	        err) != 0) {
		dsr_case_documents_free(d);
		return -1;
	}
	*out = d;
	return 0;
}

void
dsr_case_documents_free(struct dsr_case_documents *d)
{
	if (d == NULL)
		return;
	(void)sqlite3_finalize(d->s);
	for (size_t i = 0; i < d->count; i++)
		free(d->runs[i].category);
	free(d->runs);
	dsr_arena_free(d->arena);
	if (d->blob != -1)
		(void)close(d->blob);
	free(d);
}

static int
read_redactions(struct dsr_arena *arena, const char *column,
    struct dsr_list *list, struct dsr_error *err)
{
	struct dsr_redaction *r;
	char *line, *end, *rest;
	size_t count = 0;

	if (column == NULL)
		return 0;
	for (const char *s = column; *s != '\0'; s++)
		count += *s == '\n';
	line = dsr_arena_copy(arena, column, strlen(column), err);
	r = dsr_arena_alloc(arena, (count + 1) * sizeof(*r), err);
	if (line == NULL || r == NULL)
		return -1;
	list->items = r;
	for (; (end = strchr(line, '\n')) != NULL; line = end + 1, r++) {
		*end = '\0';
		r->span.set = true;
		r->span.offset = strtoull(line, &rest, 10);
		r->span.len = strtoull(rest, &rest, 10);
		r->reason = *rest == '\t' ? rest + 1 : "";
		rest = strchr(r->reason, '\t');
		r->path = "";
		if (rest != NULL) {
			*rest = '\0';
			r->path = rest + 1;
		}
		list->count++;
	}
	return 0;
}

/* Fills doc from the row; connector and endpoint come from the run's name. */
static int
fill_document(struct dsr_case_documents *d, struct dsr_case_document *doc,
    struct dsr_error *err)
{
	const struct run *run = &d->runs[d->at];
	struct dsr_document *r = &doc->record;
	const char *slash = strchr(run->name, '/');
	sqlite3_stmt *s = d->s;
	uint64_t blob;

	(void)memset(doc, 0, sizeof(*doc));
	doc->blob = -1;
	doc->number = dsr_sql_count(s, 0);
	doc->extension = dsr_sql_word(s, 4);
	r->category = run->category;
	r->connector = dsr_arena_copy(d->arena, run->name,
	    (size_t)(slash - run->name), err);
	r->endpoint = slash + 1;
	r->exchange = dsr_sql_count(s, 1);
	r->sha256 = dsr_sql_word(s, 2);
	r->size = dsr_sql_count(s, 3);
	r->item = dsr_sql_text(s, 5);
	r->media_type = dsr_sql_text(s, 6);
	r->name = dsr_sql_text(s, 7);
	r->name_base64 = dsr_sql_text(s, 8);
	r->original = dsr_sql_text(s, 9);
	r->retrieved = dsr_sql_text(s, 11);
	r->source_url = dsr_sql_text(s, 12);
	r->span.set = sqlite3_column_type(s, 13) != SQLITE_NULL;
	r->span.offset = r->span.set ? dsr_sql_count(s, 13) : 0;
	r->span.len = r->span.set ? dsr_sql_count(s, 14) : 0;
	r->path = d->path;
	if (r->connector == NULL ||
	    read_redactions(d->arena, dsr_sql_text(s, 10), &r->redactions,
	        err) != 0)
		return -1;
	if (snprintf(d->path, sizeof(d->path),
	        "data/documents/%s/%06" PRIu64 "/%09" PRIu64 ".%s", run->name,
	        doc->number / 1000, doc->number, doc->extension) >=
	    (int)sizeof(d->path))
		return dsr_fail(err, DSR_ELIMIT, "the name of %s is too long",
		    run->name);
	blob = dsr_sql_count(s, 15);
	if (blob == DSR_NONE) {
		doc->body = sqlite3_column_blob(s, 16);
		if (doc->body == NULL)
			doc->body = "";
		if ((uint64_t)sqlite3_column_bytes(s, 16) != r->size)
			return dsr_fail(err, DSR_EINPUT,
			    "the case is damaged: size of document %" PRIu64,
			    doc->number);
		return 0;
	}
	doc->blob = dsr_blob_open(d->c, blob, err);
	d->blob = doc->blob;
	return doc->blob == -1 ? -1 : 0;
}

int
dsr_case_documents_next(struct dsr_case_documents *d,
    struct dsr_case_document *doc, struct dsr_error *err)
{
	int got = 0;

	/* the caller may have taken the descriptor: it left -1 then */
	if (d->blob != -1 && doc->blob != -1)
		(void)close(d->blob);
	d->blob = -1;
	dsr_arena_reset(d->arena);
	while (got == 0 && d->at < d->count) {
		if (!d->reading &&
		    dsr_sql_bind(d->s, err, "ii", d->runs[d->at].first,
		        d->runs[d->at].last) != 0)
			return -1;
		d->reading = true;
		got = dsr_sql_step(d->s, err);
		if (got == 0) {
			d->reading = false;
			d->at++;
		}
	}
	if (got != 1)
		return got;
	return fill_document(d, doc, err) == 0 ? 1 : -1;
}
