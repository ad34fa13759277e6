/* SPDX-License-Identifier: ISC */
/*
 * Into the case, all in one transaction: exchanges, documents, downloads, the
 * requests that follow, and the state of the request itself.
 */
#include "collection.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/name.h"
#include "dossier/text.h"
#include "path.h"
#include "piece.h"
#include "subject.h"

/* A line of documents.jsonl has 64 KiB: redactions get this much of it. */
#define MAX_REDACTION_BYTES 40000u
#define REDACTION_OVERHEAD  100u /* of one, beside its path */

/* ---- exchanges ----------------------------------------------------------- */

/* Writes the exchanges that led to the page; *last is the id of the last. */
static int
write_trail(struct job *j, bool hidden, bool stripped, int64_t *last,
    struct dsr_error *err)
{
	const struct dsr_place place = job_place(j, 0, 0);

	*last = 0;
	if (stripped && j->trail_begun &&
	    dsr_case_exchanges_strip(j->c->store, &place, err) != 0)
		return -1;
	for (size_t i = 0; i < j->page.trail_count; i++) {
		struct evidence *e = &j->page.trail[i];

		if (stripped)
			evidence_strip(e);
		else if (hidden && i + 1 == j->page.trail_count)
			evidence_hide(e);
		if (dsr_case_exchange_add(j->c->store, &place, &e->record,
		        last, err) != 0)
			return -1;
	}
	return 0;
}

int
job_write_trail(struct job *j, struct dsr_error *err)
{
	int64_t last;

	if (collection_write(j->c, err) != 0 ||
	    write_trail(j, false, false, &last, err) != 0)
		return -1;
	page_forget_trail(&j->page);
	j->trail_begun = true;
	return 0;
}

/* The request is answered: nothing is left to be asked about. */
static int
end_task(struct job *j, enum dsr_task_state state, uint64_t next_page,
    const char *next, struct dsr_error *err)
{
	const struct dsr_place place = job_place(j, 0, 0);
	bool polled = j->trail_begun && !j->downloads &&
	    state != DSR_TASK_FAILED;

	if (polled &&
	    dsr_case_operation_set(j->c->store, j->task, NULL, err) != 0)
		return -1;
	if (polled) {
		free(j->poll_url);
		j->poll_url = NULL;
	}
	j->resumed = false;
	j->trail_begun = false;
	j->piece_size = 0;
	return piece_end(j, &place, err) != 0 ||
	        dsr_case_task_update(j->c->store, j->task, state, next_page,
	            next, err) != 0
	    ? -1
	    : 0;
}

/* ---- documents of a page ------------------------------------------------- */

/* A document to be: a part of the page's body, redacted. */
struct draft {
	uint64_t item;
	size_t offset, len;
	bool part; /* not the whole body */
	const struct dsr_json_value *named; /* the item it is, or NULL */
	struct redacted redacted;
	const char *refused; /* why it must not be kept, or NULL */
};

static size_t
redaction_bytes(const struct redacted *r)
{
	const struct dsr_redaction *list = r->list.items;
	size_t bytes = 0;

	for (size_t i = 0; i < r->list.count; i++)
		bytes += strlen(list[i].path) + strlen(list[i].reason) +
		    REDACTION_OVERHEAD;
	return bytes;
}

static int
draft_redact(struct draft *d, const struct job *j,
    const struct dsr_json_value *first, size_t count,
    struct dsr_arena *arena, struct dsr_error *err)
{
	dsr_buffer_init(&d->redacted.bytes, DSR_MAX_BODY_MEMORY * 2);
	if (redact(&d->redacted,
	        &connector_endpoint(j->c->k, j->endpoint)->redact,
	        j->page.body.data, d->offset, d->len, first, count, arena,
	        err) != 0)
		return -1;
	if (d->redacted.list.count > 0
	        ? holds_credential(j, &d->redacted.bytes, 0, SIZE_MAX)
	        : holds_credential(j, &j->page.body, d->offset, d->len))
		d->refused = "credential-returned";
	return 0;
}

static int
draft_write(struct draft *d, struct job *j, int64_t exchange,
    struct dsr_error *err)
{
	struct page *p = &j->page;
	const struct dsr_place place = job_place(j, d->item, 0);
	const uint8_t *bytes = p->body.data + d->offset;
	struct dsr_document doc = { .media_type = p->media_type,
		.retrieved = p->retrieved, .source_url = p->recorded_url,
		.sha256 = p->sha256, .size = d->len };
	uint8_t digest[DSR_SHA256_BYTES];
	char hex[DSR_SHA256_HEX], original[DSR_SHA256_HEX];
	char extension[DSR_EXTENSION_SIZE];
	bool changed = d->redacted.list.count > 0;
	char id[PATH_ID_SIZE];

	if (changed) {
		bytes = d->redacted.bytes.data;
		doc.size = d->redacted.bytes.len;
		doc.redactions = d->redacted.list;
	}
	if (changed || d->part) {
		dsr_sha256(digest, bytes, (size_t)doc.size);
		dsr_hex_encode(hex, digest, sizeof(digest));
		doc.sha256 = hex;
	}
	if (changed) {
		dsr_case_original(j->c->store, original, hex,
		    p->body.data + d->offset, d->len);
		doc.original = original;
	}
	doc.span.set = d->part;
	doc.span.offset = d->offset;
	doc.span.len = d->len;
	doc.item = job_item_id(j, d->named, id);
	document_extension(extension, "application/json", NULL);
	j->c->bytes += doc.size;
	return dsr_case_document_add(j->c->store, &place, exchange, &doc,
	    extension, bytes, NULL, err);
}

struct drafts {
	struct draft *items;
	size_t count;
	bool hidden; /* something of the body is not kept as it came */
	bool too_long;
};

static int
draft_whole(struct drafts *all, struct job *j, struct dsr_arena *arena,
    struct dsr_error *err)
{
	struct page *p = &j->page;
	struct draft *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return dsr_fail(err, DSR_ENOMEM, "documents");
	all->items = d;
	all->count = 1;
	d->len = p->body.len;
	d->named = p->in_array ? NULL : p->first;
	if (draft_redact(d, j, p->first, p->items, arena, err) != 0)
		return -1;
	all->hidden = d->redacted.list.count > 0 || d->refused != NULL;
	all->too_long = redaction_bytes(&d->redacted) > MAX_REDACTION_BYTES;
	return 0;
}

static int
draft_items(struct drafts *all, struct job *j, struct dsr_arena *arena,
    struct dsr_error *err)
{
	const struct dsr_json_value *item = j->page.first;

	all->items = calloc(j->page.kept_count + 1, sizeof(*all->items));
	if (all->items == NULL)
		return dsr_fail(err, DSR_ENOMEM, "documents");
	for (size_t i = 0; i < j->page.items;
	     i++, item = dsr_json_next(item)) {
		struct draft *d = &all->items[all->count];

		if (!j->page.kept[i])
			continue;
		all->count++;
		d->item = i;
		d->part = true;
		d->named = item;
		dsr_json_span(item, &d->offset, &d->len);
		if (draft_redact(d, j, item, 1, arena, err) != 0)
			return -1;
		all->too_long = all->too_long ||
		    redaction_bytes(&d->redacted) > MAX_REDACTION_BYTES;
	}
	all->hidden = true;
	return 0;
}

static void
drafts_fini(struct drafts *all)
{
	for (size_t i = 0; i < all->count; i++)
		dsr_buffer_fini(&all->items[i].redacted.bytes);
	free(all->items);
	(void)memset(all, 0, sizeof(*all));
}

/*
 * One document a page; with a filter, one an item of the person. So also when
 * a page holds more redactions than its line can.
 */
static int
draft_page(struct drafts *all, struct job *j, struct dsr_arena *arena,
    struct dsr_error *err)
{
	const struct request *q =
	    connector_endpoint(j->c->k, j->endpoint)->requests.read;
	bool filtered = j->c->lanes[j->endpoint].filtered;

	if (j->page.json == NULL)
		return 0;
	if (filtered && q->data_path != NULL)
		return draft_items(all, j, arena, err);
	if (filtered && j->page.kept_count == 0) {
		all->hidden = true;
		return 0;
	}
	if (draft_whole(all, j, arena, err) != 0)
		return -1;
	if (!all->too_long || !j->page.in_array)
		return 0;
	drafts_fini(all);
	return draft_items(all, j, arena, err);
}

/* ---- the whole page ------------------------------------------------------ */

static int
write_bytes(struct job *j, int64_t exchange, struct dsr_error *err)
{
	struct page *p = &j->page;
	const struct dsr_place place = job_place(j, 0, 0);
	struct dsr_document doc = { .media_type = p->media_type,
		.retrieved = p->retrieved, .source_url = p->recorded_url,
		.sha256 = p->sha256, .size = p->size };
	char *name, extension[DSR_EXTENSION_SIZE];
	int result = body_holds_credential(j, &p->body, p->blob, err);

	if (result < 0)
		return -1;
	if (result == 1)
		return job_gap_at(j, "credential-returned", exchange, err);
	if (p->size == 0 && p->status != 200)
		return 0;
	if (document_name(&name, p->recorded_url, err) != 0)
		return -1;
	doc.name = name;
	document_extension(extension, p->media_type, name);
	j->c->bytes += p->size;
	result = dsr_case_document_add(j->c->store, &place, exchange, &doc,
	    extension, p->body.data == NULL ? (const void *)"" : p->body.data,
	    p->blob, err);
	free(name);
	return result == 0 && p->odd
	    ? job_gap_at(j, "unexpected-type", exchange, err)
	    : result;
}

static int
write_children(struct job *j, struct dsr_error *err)
{
	const struct dsr_json_value *item = j->page.first;

	for (size_t i = 0; i < j->page.items;
	     i++, item = dsr_json_next(item)) {
		if (!j->page.kept[i])
			continue;
		if (plan_children(j, item, i, err) != 0 ||
		    (j->c->lanes[j->endpoint].filtered &&
		        subject_keep_values(j->c, j->endpoint, item,
		            j->page.body.data, err) != 0))
			return -1;
	}
	return 0;
}

/* Documents and exchanges of the page; *exchange is that of the page. */
static int
write_page(struct job *j, int64_t *exchange, struct dsr_error *err)
{
	const struct lane *l = &j->c->lanes[j->endpoint];
	struct drafts all = { NULL, 0, false, false };
	struct dsr_arena *arena = NULL;
	bool stripped;
	int result = -1;

	if (dsr_arena_new(&arena, err) != 0 ||
	    draft_page(&all, j, arena, err) != 0)
		goto out;
	stripped = l->filtered && j->page.items > 0 && j->page.kept_count == 0;
	if (write_trail(j, all.hidden, stripped, exchange, err) != 0)
		goto out;
	for (size_t i = 0; i < all.count; i++) {
		const char *reason =
		    all.too_long ? "too-large" : all.items[i].refused;

		if (reason == NULL
		        ? draft_write(&all.items[i], j, *exchange, err) != 0
		        : job_gap_at(j, reason, *exchange, err) != 0)
			goto out;
	}
	if (l->filtered &&
	    dsr_case_count(j->c->store, l->id, 0,
	        j->page.items - j->page.kept_count, err) != 0)
		goto out;
	result = 0;
out:
	drafts_fini(&all);
	dsr_arena_free(arena);
	return result;
}

static int
go_on(struct job *j, int64_t exchange, bool *done, struct dsr_error *err)
{
	const char *reason = NULL, *odd = NULL;
	char *next = NULL;
	int end = page_next(j, &next, &reason, err);
	int result = -1;

	if (end < 0)
		return -1;
	*done = end != PAGE_MORE;
	if ((end == PAGE_BROKEN && job_gap_at(j, reason, exchange, err) != 0) ||
	    page_check(j, end, &odd, err) != 0 ||
	    (odd != NULL && job_gap_at(j, odd, exchange, err) != 0)) {
		free(next);
		return -1;
	}
	result = end_task(j,
	    *done ? DSR_TASK_DONE : DSR_TASK_PENDING, j->page_number + 1, next,
	    err);
	if (*done) {
		free(next);
	} else {
		free(j->next);
		j->next = next;
		j->page_number++;
	}
	return result;
}

int
answer_write(struct job *j, bool *done, struct dsr_error *err)
{
	const struct request *q =
	    connector_endpoint(j->c->k, j->endpoint)->requests.read;
	int64_t exchange;

	if (collection_write(j->c, err) != 0)
		return -1;
	if (j->downloads) {
		if (write_trail(j, true, false, &exchange, err) != 0)
			return -1;
	} else if (q->bytes) {
		if (write_trail(j, false, false, &exchange, err) != 0 ||
		    write_bytes(j, exchange, err) != 0)
			return -1;
	} else if (write_page(j, &exchange, err) != 0 ||
	    write_children(j, err) != 0) {
		return -1;
	}
	for (size_t i = 0; i < j->page.content_count; i++)
		if (content_write(j, &j->page.contents[i], err) != 0)
			return -1;
	return j->downloads ? content_leave(j, err)
	                    : go_on(j, exchange, done, err);
}

/* ---- gaps ---------------------------------------------------------------- */

int
job_gap_at(struct job *j, const char *reason, int64_t exchange,
    struct dsr_error *err)
{
	const struct dsr_place place = job_place(j, 0, 0);
	const struct dsr_gap gap = { .reason = reason, .status = DSR_NONE,
		.name = dsr_buffer_str(&j->recorded) };

	return dsr_case_gap_add(j->c->store, &place, exchange, &gap, false,
	    NULL, err);
}

/* A good answer that could not be read, of which not all may be told. */
static bool
is_half_kept(const struct job *j, const struct endpoint *e)
{
	uint64_t status;

	if (j->page.trail_count == 0 || (e->redact.count == 0 &&
	        !j->c->lanes[j->endpoint].filtered))
		return false;
	status = j->page.trail[j->page.trail_count - 1].record.status;
	return status >= 200 && status < 300;
}

int
job_gap(struct job *j, const char *reason, bool again, struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(j->c->k, j->endpoint);
	const struct dsr_place place = job_place(j, 0, 0);
	struct dsr_gap gap = { .reason = reason, .status = DSR_NONE,
		.name = j->recorded.len > 0 ? dsr_buffer_str(&j->recorded)
		                            : e->requests.read->path->text };
	int64_t exchange = 0;

	if (collection_write(j->c, err) != 0 ||
	    write_trail(j, j->downloads || is_half_kept(j, e), false,
	        &exchange, err) != 0)
		return -1;
	if (j->downloads)
		return content_leave(j, err);
	if (j->page.trail_count > 0)
		gap.status =
		    j->page.trail[j->page.trail_count - 1].record.status;
	if (dsr_case_gap_add(j->c->store, &place, exchange, &gap, again, NULL,
	        err) != 0)
		return -1;
	return end_task(j,
	    again ? DSR_TASK_FAILED : DSR_TASK_DONE, j->page_number,
	    again ? j->next : NULL, err);
}

int
job_ignored(struct job *j, struct dsr_error *err)
{
	int64_t exchange;

	if (collection_write(j->c, err) != 0 ||
	    write_trail(j, j->downloads, false, &exchange, err) != 0)
		return -1;
	if (j->downloads)
		return content_leave(j, err);
	if (dsr_case_count(j->c->store, j->c->lanes[j->endpoint].id, 1, 0,
	        err) != 0)
		return -1;
	return end_task(j, DSR_TASK_DONE, j->page_number, NULL, err);
}
