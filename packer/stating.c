/* SPDX-License-Identifier: ISC */
/* The statement: who, what, when, how much, and what is missing. */
#include <string.h>

#include "dossier/bag.h"
#include "dossier/limits.h"
#include "dossier/text.h"
#include "line.h"
#include "making.h"

#define SOFTWARE "dossier"
/* Rows of custody and of endpoints: the statement stays below its limit. */
#define MAX_ROWS 1024u

/* A growing list of records of one size in the arena. */
struct rows {
	struct dsr_list *list;
	size_t size;
};

static void *
add_row(struct making *m, struct rows *rows, struct dsr_error *err)
{
	char *items = rows->list->items;

	if (rows->list->items == NULL) {
		items = dsr_arena_alloc(m->arena, MAX_ROWS * rows->size, err);
		if (items == NULL)
			return NULL;
		rows->list->items = items;
	}
	if (rows->list->count == MAX_ROWS) {
		dsr_fail(err, DSR_ELIMIT,
		    "FORMAT.md 4.5: more than %u rows in the statement",
		    MAX_ROWS);
		return NULL;
	}
	return items + rows->size * rows->list->count++;
}

static int
keep(struct making *m, const char **text, struct dsr_error *err)
{
	if (*text == NULL)
		return 0;
	*text = dsr_arena_copy(m->arena, *text, strlen(*text), err);
	return *text == NULL ? -1 : 0;
}

static int
add_act(struct making *m, const char *act, struct dsr_error *err)
{
	struct rows rows = { &m->statement.custody,
		sizeof(struct dsr_custody) };
	struct dsr_custody *row = add_row(m, &rows, err);

	if (row == NULL)
		return -1;
	row->act = act;
	row->software = SOFTWARE;
	row->version = dsr_version();
	row->time = m->packed;
	return 0;
}

static int
copy_custody(struct making *m, struct dsr_case *c, struct dsr_error *err)
{
	struct rows rows = { &m->statement.custody,
		sizeof(struct dsr_custody) };
	struct dsr_case_custody *cursor = NULL;
	struct dsr_custody record, *row;
	int more, rc = -1;

	if (dsr_case_custody_new(&cursor, c, err) != 0)
		return -1;
	while ((more = dsr_case_custody_next(cursor, &record, err)) == 1) {
		if ((row = add_row(m, &rows, err)) == NULL)
			goto out;
		*row = record;
		if (keep(m, &row->account, err) != 0 ||
		    keep(m, &row->act, err) != 0 ||
		    keep(m, &row->by, err) != 0 ||
		    keep(m, &row->software, err) != 0 ||
		    keep(m, &row->time, err) != 0 ||
		    keep(m, &row->version, err) != 0)
			goto out;
	}
	rc = more;
out:
	dsr_case_custody_free(cursor);
	return rc;
}

static int
copy_endpoints(struct making *m, struct dsr_case *c, struct dsr_error *err)
{
	struct rows rows = { &m->statement.endpoints,
		sizeof(struct dsr_endpoint_counts) };
	struct dsr_case_endpoints *cursor = NULL;
	struct dsr_endpoint_counts record, *row;
	int more, rc = -1;

	if (dsr_case_endpoints_new(&cursor, c, err) != 0)
		return -1;
	while ((more = dsr_case_endpoints_next(cursor, &record, err)) == 1) {
		if ((row = add_row(m, &rows, err)) == NULL)
			goto out;
		*row = record;
		if (keep(m, &row->connector, err) != 0 ||
		    keep(m, &row->endpoint, err) != 0)
			goto out;
	}
	rc = more;
out:
	dsr_case_endpoints_free(cursor);
	return rc;
}

static int
copy_connectors(struct making *m, struct dsr_case *c, struct dsr_error *err)
{
	struct rows rows = { &m->statement.connectors,
		sizeof(struct dsr_connector_use) };
	struct dsr_case_connectors *cursor = NULL;
	struct dsr_case_connector connector;
	struct dsr_connector_use *row;
	int more, rc = -1;

	if (dsr_case_connectors_new(&cursor, c, err) != 0)
		return -1;
	while ((more = dsr_case_connectors_next(cursor, &connector, err)) ==
	    1) {
		if ((row = add_row(m, &rows, err)) == NULL)
			goto out;
		*row = connector.record;
		if (keep(m, &row->key, err) != 0 ||
		    keep(m, &row->sha256, err) != 0 ||
		    keep(m, &row->version, err) != 0)
			goto out;
	}
	rc = more;
out:
	dsr_case_connectors_free(cursor);
	return rc;
}

static int
state_erasure(struct making *m, struct dsr_case *c, struct dsr_error *err)
{
	struct dsr_erasure_summary *summary;

	if (dsr_case_erasure_summary(c, m->arena, &summary, err) != 0)
		return -1;
	m->statement.kind = "receipt";
	m->statement.erasure = summary;
	return 0;
}

static int
state_case(struct making *m, struct dsr_error *err)
{
	struct dsr_case *c = source_case(m->source);

	if (c == NULL) {
		m->statement.kind = "folder";
		return 0;
	}
	m->statement.kind = "case";
	if (dsr_case_is_receipt(c) && state_erasure(m, c, err) != 0)
		return -1;
	if (copy_connectors(m, c, err) != 0 || copy_endpoints(m, c, err) != 0)
		return -1;
	return copy_custody(m, c, err);
}

static int
state_languages(struct making *m, struct dsr_error *err)
{
	size_t i, count = pages_count(m);
	const char **items =
	    dsr_arena_alloc(m->arena, count * sizeof(*items), err);

	if (items == NULL)
		return -1;
	for (i = 0; i < count; i++)
		items[i] = pages_language(m, i);
	m->statement.languages.items = items;
	m->statement.languages.count = count;
	return 0;
}

static int
state_totals(struct making *m, struct dsr_error *err)
{
	struct dsr_counts *counts;
	struct dsr_tree_head *head;
	uint8_t root[DSR_SHA256_BYTES];
	char *hex;

	counts = dsr_arena_alloc(m->arena, sizeof(*counts), err);
	head = dsr_arena_alloc(m->arena, sizeof(*head), err);
	hex = dsr_arena_alloc(m->arena, DSR_SHA256_HEX, err);
	if (counts == NULL || head == NULL || hex == NULL)
		return -1;
	counts->documents = m->document_count;
	counts->bytes = m->document_bytes;
	counts->exchanges = m->exchange_count;
	counts->gaps = m->gap_count;
	dsr_tree_root(m->tree, root);
	dsr_hex_encode(hex, root, sizeof(root));
	head->leaves = dsr_tree_count(m->tree);
	head->root = hex;
	m->statement.counts = counts;
	m->statement.tree = head;
	return 0;
}

static int
state_acts(struct making *m, struct dsr_error *err)
{
	static const char *const made[] = { "cms", "minisign", "sshsig" };
	const size_t skip = m->certificates == NULL ? 1 : 0;
	const char **items;

	if (add_act(m, "packed", err) != 0)
		return -1;
	if (m->key == NULL)
		return 0;
	items = dsr_arena_alloc(m->arena, sizeof(made), err);
	if (items == NULL)
		return -1;
	memcpy(items, made, sizeof(made));
	m->statement.attestations.items = items + skip;
	m->statement.attestations.count =
	    sizeof(made) / sizeof(made[0]) - skip;
	return add_act(m, "signed", err);
}

static int
state_previous(struct making *m, struct dsr_error *err)
{
	struct dsr_previous *previous;

	m->statement.sequence = 1;
	if (m->options->previous == NULL)
		return 0;
	previous = dsr_arena_alloc(m->arena, sizeof(*previous), err);
	if (previous == NULL)
		return -1;
	previous->body_sha256 = m->previous.body_sha256;
	previous->body_size = m->previous.seal.body_len;
	previous->id = m->previous.seal.id;
	m->statement.previous = previous;
	m->statement.sequence = m->previous.sequence + 1;
	return 0;
}

static int
fill(struct making *m, struct dsr_error *err)
{
	struct dsr_statement *s = &m->statement;
	struct dsr_folder *folder = NULL;

	s->format = DSR_FORMAT;
	s->id = m->id;
	s->packed = m->packed;
	s->software = SOFTWARE;
	s->version = dsr_version();
	if (m->request != NULL)
		s->request = dsr_request_text(m->request, DSR_REQUEST_ID,
		    NULL);
	if (source_folder_summary(m->source, m->arena, &folder, err) != 0)
		return -1;
	s->folder = folder;
	if (state_previous(m, err) != 0 || state_case(m, err) != 0 ||
	    state_languages(m, err) != 0 ||
	    state_totals(m, err) != 0)
		return -1;
	return state_acts(m, err);
}

int
statement_add(struct making *m, struct dsr_error *err)
{
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, DSR_MAX_STATEMENT);
	if (fill(m, err) == 0 &&
	    line_write(&dsr_statement_type, &m->statement, &text,
		err) == 0)
		rc = archive_add_tag(m->archive,
		    dsr_member_path(DSR_MEMBER_STATEMENT), text.data, text.len,
		    err);
	dsr_buffer_fini(&text);
	return rc;
}
