/* SPDX-License-Identifier: ISC */
/*
 * The lists: documents.jsonl and the manifest are compared with what was found
 * in the archive, which stands in the same order; exchanges and gaps are
 * counted.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dossier/name.h"
#include "dossier/sense.h"
#include "dossier/text.h"
#include "erasures.h"
#include "material.h"

static enum dsr_finding_id
finding_of(enum dsr_member_kind kind)
{
	static const enum dsr_finding_id each[DSR_MEMBER_KINDS] = {
		[DSR_MEMBER_DOCUMENTS] = DSR_F_JSON_DOCUMENTS,
		[DSR_MEMBER_EXCHANGES] = DSR_F_JSON_EXCHANGES,
		[DSR_MEMBER_GAPS] = DSR_F_JSON_GAPS,
		[DSR_MEMBER_ERASURE] = DSR_F_JSON_ERASURE,
	};

	return each[kind];
}

/* Was a record read? 1, 0 with a finding, -1 when there was no memory. */
static int
is_record(struct check *c, enum dsr_member_kind kind, uint64_t number,
    const struct line_read *line, struct dsr_error *err)
{
	if (line->record != NULL)
		return 1;
	if (line->error->code == DSR_ENOMEM) {
		*err = *line->error;
		return -1;
	}
	dsr_findings_add(c->findings, finding_of(kind), dsr_member_path(kind),
	    NULL, "line %" PRIu64 ": %s", number, line->error->msg);
	return 0;
}

/* A record whose values do not go together: wanted says what would. */
static void
senseless(struct check *c, enum dsr_member_kind kind, uint64_t number,
    const char *wanted)
{
	if (wanted != NULL)
		dsr_findings_add(c->findings, finding_of(kind),
		    dsr_member_path(kind), wanted, "line %" PRIu64, number);
}

static void
refer_to_exchange(struct check *c, uint64_t number)
{
	if (number != DSR_NONE && number > c->max_exchange)
		c->max_exchange = number;
}

/* ---- documents.jsonl -------------------------------------------------------------- */

/* NO-DOCUMENTS.txt stands in the manifest, but is no document. */
static const struct ledger_row *
next_document(struct check *c, struct dsr_error *err)
{
	const struct ledger_row *row = ledger_peek(c->payload);

	if (row != NULL &&
	    strcmp(row->path, dsr_member_path(DSR_MEMBER_NO_DOCUMENTS)) == 0) {
		if (ledger_step(c->payload, err) != 0)
			return NULL;
		row = ledger_peek(c->payload);
	}
	return row;
}

static void
document_finding(struct check *c, const char *path, const char *wanted,
    const char *found)
{
	dsr_findings_add(c->findings, DSR_F_DOCUMENT_MISMATCH, path, wanted,
	    "%s", found);
}

/* Passes over what was found before path and has no line. */
static int
pass_unlisted(struct check *c, const char *path, size_t len,
    enum dsr_finding_id id, struct dsr_error *err)
{
	const struct ledger_row *row;

	for (row = ledger_peek(c->payload); row != NULL;
	     row = ledger_peek(c->payload)) {
		if (path != NULL &&
		    dsr_name_compare(row->path, row->len, path, len) >= 0)
			break;
		if (id != DSR_F_DOCUMENT_MISMATCH ||
		    strcmp(row->path,
			dsr_member_path(DSR_MEMBER_NO_DOCUMENTS)) != 0)
			dsr_findings_add(c->findings, id, row->path, NULL,
			    "no line");
		if (ledger_step(c->payload, err) != 0)
			return -1;
	}
	return 0;
}

/* What stands behind part, or NULL. */
static const char *
behind(const char *path, const char *part)
{
	size_t len = strlen(part);

	return path != NULL && strncmp(path, part, len) == 0 ? path + len : NULL;
}

/* FORMAT.md 3.1: the path of a case's document names where it came from. */
static void
check_origin(struct check *c, const struct dsr_document *d)
{
	char folder[2 * DSR_MAX_NAME + 32] = "data/files/";
	bool of_case = d->connector != NULL && d->endpoint != NULL;
	const char *path = d->path;

	if (!of_case) {
		path = behind(path, folder);
	} else {
		path = behind(behind(path, "data/documents/"), d->connector);
		path = behind(behind(path, "/"), d->endpoint);
		path = behind(path, "/");
	}
	if (path != NULL)
		return;
	if (of_case)
		(void)snprintf(folder, sizeof(folder),
		    "data/documents/%.*s/%.*s/", (int)DSR_MAX_NAME,
		    d->connector, (int)DSR_MAX_NAME, d->endpoint);
	document_finding(c, d->path, folder, "another folder");
}

static int
compare_document(struct check *c, const struct dsr_document *d,
    struct dsr_error *err)
{
	const struct ledger_row *row;
	char sha256[DSR_SHA256_HEX];
	size_t len = strlen(d->path);

	check_origin(c, d);
	if (pass_unlisted(c, d->path, len, DSR_F_DOCUMENT_MISMATCH, err) != 0)
		return -1;
	row = next_document(c, err);
	if (row == NULL || strcmp(row->path, d->path) != 0) {
		document_finding(c, d->path, "a member of this name", "none");
		return 0;
	}
	dsr_hex_encode(sha256, row->sha256, sizeof(row->sha256));
	if (strcmp(sha256, d->sha256) != 0)
		document_finding(c, d->path, d->sha256, sha256);
	if (row->size != d->size)
		dsr_findings_add(c->findings, DSR_F_DOCUMENT_MISMATCH, d->path,
		    NULL, "%" PRIu64 " bytes instead of %" PRIu64, row->size,
		    d->size);
	return ledger_step(c->payload, err);
}

/* The one order, also where the payload itself obeys it. */
static bool
is_in_order(char last[DSR_MAX_NAME + 1], const char *path, size_t len)
{
	size_t last_len = strlen(last);
	bool good = last_len == 0 ||
	    dsr_name_compare(last, last_len, path, len) < 0;

	if (len <= DSR_MAX_NAME) {
		memcpy(last, path, len);
		last[len] = '\0';
	}
	return good;
}

static int
document_line(void *ctx, const struct line_read *line, struct dsr_error *err)
{
	struct check *c = ctx;
	const struct dsr_document *d = line->record;
	uint64_t number = ++c->result->documents;
	int rc;

	dsr_tree_add_leaf(c->tree, line->leaf);
	if (c->options->material != NULL && dsr_spool_write(
		c->options->material->documents, line->text, line->len, err) !=
		0)
		return -1;
	if ((rc = is_record(c, DSR_MEMBER_DOCUMENTS, number, line, err)) <= 0)
		return rc;
	senseless(c, DSR_MEMBER_DOCUMENTS, number, dsr_document_fault(d));
	c->document_bytes += d->size;
	refer_to_exchange(c, d->exchange);
	if (!is_in_order(c->last_document, d->path, strlen(d->path))) {
		dsr_findings_add(c->findings, DSR_F_JSON_DOCUMENTS,
		    dsr_member_path(DSR_MEMBER_DOCUMENTS), "ascending paths",
		    "line %" PRIu64, number);
		return 0;
	}
	return compare_document(c, d, err);
}

/* ---- exchanges.jsonl, gaps.jsonl -------------------------------------------------- */

static int
exchange_line(void *ctx, const struct line_read *line, struct dsr_error *err)
{
	struct check *c = ctx;
	const struct dsr_exchange *e = line->record;
	uint64_t number = ++c->result->exchanges;
	int rc;

	if ((rc = is_record(c, DSR_MEMBER_EXCHANGES, number, line, err)) <= 0)
		return rc;
	if (c->options->material != NULL)
		material_add_exchange(c->options->material, e);
	if (e->number != number)
		dsr_findings_add(c->findings, DSR_F_JSON_EXCHANGES,
		    dsr_member_path(DSR_MEMBER_EXCHANGES),
		    "numbers from 1 upwards",
		    "number %" PRIu64 " in line %" PRIu64, e->number, number);
	senseless(c, DSR_MEMBER_EXCHANGES, number, dsr_exchange_fault(e));
	erasures_note_exchange(c->erasures, e);
	return 0;
}

static int
gap_line(void *ctx, const struct line_read *line, struct dsr_error *err)
{
	struct check *c = ctx;
	const struct dsr_gap *g = line->record;
	uint64_t number = ++c->result->gaps;
	int rc;

	if ((rc = is_record(c, DSR_MEMBER_GAPS, number, line, err)) <= 0)
		return rc;
	senseless(c, DSR_MEMBER_GAPS, number, dsr_gap_fault(g));
	refer_to_exchange(c, g->exchange);
	erasures_note_gap(c->erasures, g);
	c->folder_gaps += g->connector == NULL;
	return c->options->material == NULL
	    ? 0
	    : dsr_spool_write(c->options->material->gaps, line->text,
		  line->len, err);
}

/* ---- erasure.jsonl ----------------------------------------------------------------- */

static int
erasure_line(void *ctx, const struct line_read *line, struct dsr_error *err)
{
	struct check *c = ctx;
	const struct dsr_erasure *r = line->record;
	uint64_t number = ++c->erasure_lines;
	int rc;

	if ((rc = is_record(c, DSR_MEMBER_ERASURE, number, line, err)) <= 0)
		return rc;
	erasures_add(c, r, number);
	return c->options->material == NULL
	    ? 0
	    : dsr_spool_write(c->options->material->erasures, line->text,
		  line->len, err);
}

/* ---- manifest-sha256.txt ------------------------------------------------------------- */

static int
compare_listed(struct check *c, const char *path, size_t len,
    const uint8_t sha256[DSR_SHA256_BYTES], struct dsr_error *err)
{
	const struct ledger_row *row;
	char name[DSR_MAX_NAME + 1], wanted[DSR_SHA256_HEX],
	    found[DSR_SHA256_HEX];

	memcpy(name, path, len);
	name[len] = '\0';
	if (pass_unlisted(c, path, len, DSR_F_BAG_UNLISTED, err) != 0)
		return -1;
	row = ledger_peek(c->payload);
	if (row == NULL || row->len != len ||
	    memcmp(row->path, path, len) != 0) {
		dsr_findings_add(c->findings, DSR_F_BAG_MISSING, name, NULL,
		    NULL);
		return 0;
	}
	if (memcmp(row->sha256, sha256, DSR_SHA256_BYTES) != 0) {
		dsr_hex_encode(wanted, sha256, DSR_SHA256_BYTES);
		dsr_hex_encode(found, row->sha256, DSR_SHA256_BYTES);
		dsr_findings_add(c->findings, DSR_F_BAG_DIGEST, name, wanted,
		    "%s", found);
	}
	return ledger_step(c->payload, err);
}

static int
manifest_line(struct check *c, const char *line, size_t len,
    struct dsr_error *err)
{
	uint8_t sha256[DSR_SHA256_BYTES];
	const char *path = NULL;
	size_t path_len = 0;

	c->manifest_lines++;
	if (!dsr_manifest_line_parse(line, len, sha256, &path, &path_len) ||
	    !is_in_order(c->last_document, path, path_len)) {
		dsr_findings_add(c->findings, DSR_F_BAG_LINE,
		    dsr_member_path(DSR_MEMBER_MANIFEST),
		    "<sha256>  <path>, ascending", "%.*s", (int)len, line);
		return 0;
	}
	return compare_listed(c, path, path_len, sha256, err);
}

/* ---- begin and end -------------------------------------------------------------------- */

/* Lists of records. */
struct list {
	const struct dsr_record_type *type; /* NULL: it is none */
	line_taken_fn *take;
};

static const struct list *
list_of(enum dsr_member_kind kind)
{
	static const struct list each[DSR_MEMBER_KINDS] = {
		[DSR_MEMBER_DOCUMENTS] = { &dsr_document_type, document_line },
		[DSR_MEMBER_EXCHANGES] = { &dsr_exchange_type, exchange_line },
		[DSR_MEMBER_GAPS] = { &dsr_gap_type, gap_line },
		[DSR_MEMBER_ERASURE] = { &dsr_erasure_type, erasure_line },
	};

	return &each[kind];
}

static int
record_line(struct check *c, const char *line, size_t len,
    struct dsr_error *err)
{
	int rc;

	if (c->unsettled.code != DSR_OK) {
		*err = c->unsettled;
		return -1;
	}
	c->in_lines = true;
	rc = line_crew_add(c->lines, line, len, err);
	c->in_lines = false;
	return rc;
}

int
lines_settle(struct check *c, struct dsr_error *err)
{
	int rc;

	if (c->lines == NULL || c->in_lines)
		return 0;
	c->in_lines = true;
	rc = line_crew_flush(c->lines, err);
	c->in_lines = false;
	return rc;
}

line_fn *
line_checker(enum dsr_member_kind kind)
{
	if (kind == DSR_MEMBER_MANIFEST)
		return manifest_line;
	return list_of(kind)->type != NULL ? record_line : NULL;
}

static int
begin_list(struct check *c, const struct list *l, struct dsr_error *err)
{
	if (l->type == NULL)
		return 0;
	if (c->lines == NULL && line_crew_new(&c->lines, c->options->jobs,
		err) != 0)
		return -1;
	line_crew_begin(c->lines, l->type, l->take, c);
	return 0;
}

int
lines_begin(struct check *c, enum dsr_member_kind kind, struct dsr_error *err)
{
	if (begin_list(c, list_of(kind), err) != 0)
		return -1;
	if (kind != DSR_MEMBER_DOCUMENTS && kind != DSR_MEMBER_MANIFEST)
		return 0;
	c->last_document[0] = '\0';
	c->payload_is_closed = true;
	return ledger_rewind(c->payload, err);
}

int
lines_end(struct check *c, enum dsr_member_kind kind, struct dsr_error *err)
{
	if (list_of(kind)->type != NULL && lines_settle(c, err) != 0)
		return -1;
	if (kind == DSR_MEMBER_DOCUMENTS)
		return pass_unlisted(c, NULL, 0, DSR_F_DOCUMENT_MISMATCH, err);
	if (kind == DSR_MEMBER_MANIFEST)
		return pass_unlisted(c, NULL, 0, DSR_F_BAG_UNLISTED, err);
	return 0;
}
