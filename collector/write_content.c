/* SPDX-License-Identifier: ISC */
/* Downloads of a page into the case, also those an earlier run missed. */
#include "collection.h"

#include <stdlib.h>

#include "dossier/limits.h"
#include "path.h"
#include "piece.h"
#include "url.h"

struct dsr_place
job_place(const struct job *j, uint64_t item, uint64_t part)
{
	const struct dsr_place place = { j->c->lanes[j->endpoint].id, j->task,
		j->page_number, item, part };

	return place;
}

/* What the service calls the item; NULL when that is nothing short. */
const char *
job_item_id(const struct job *j, const struct dsr_json_value *item,
    char out[PATH_ID_SIZE])
{
	const struct request *q =
	    connector_endpoint(j->c->k, j->endpoint)->requests.read;

	return path_id(item, q->primary_key, j->page.body.data, out);
}

const char *
content_item_id(const struct job *j, const struct content *one,
    char out[PATH_ID_SIZE])
{
	const struct dsr_json_value *item = j->page.first;

	for (uint64_t i = 0; i < one->item; i++)
		item = dsr_json_next(item);
	return job_item_id(j, item, out);
}

/* What a download is called in its gap: its address, as it may be told. */
static int
name_content(const struct job *j, const struct content *one,
    struct dsr_buffer *out, struct dsr_error *err)
{
	return one->url[0] != '\0'
	    ? url_record(out, one->url, NULL, err)
	    : dsr_buffer_puts(out, j->page.recorded_url, err);
}

int
content_find_missing(struct job *j, struct dsr_error *err)
{
	for (size_t i = 0; j->downloads && i < j->page.content_count; i++) {
		struct content *one = &j->page.contents[i];
		const struct dsr_place place = job_place(j, one->item, one->part);
		struct dsr_buffer name;
		int found = -1;

		dsr_buffer_init(&name, 4 * DSR_MAX_URL);
		if (name_content(j, one, &name, err) == 0)
			found = dsr_case_missing_find(j->c->store, &place,
			    dsr_buffer_str(&name), err);
		dsr_buffer_fini(&name);
		if (found < 0)
			return -1;
		one->there = found == 0;
	}
	return 0;
}

static int
write_content_gap(struct job *j, const struct content *one, int64_t exchange,
    struct dsr_error *err)
{
	const struct dsr_place place = job_place(j, one->item, one->part);
	struct dsr_gap gap = { .reason = one->reason, .status = one->status };
	struct dsr_buffer name;
	int result = -1;

	dsr_buffer_init(&name, 4 * DSR_MAX_URL);
	if (name_content(j, one, &name, err) == 0) {
		gap.name = dsr_buffer_str(&name);
		result = dsr_case_gap_add(j->c->store, &place, exchange, &gap,
		    one->again, one->again ? j->next : NULL, err);
	}
	dsr_buffer_fini(&name);
	return result;
}

/* A body that holds the credential is not kept. */
static int
refuse_credential(const struct job *j, struct content *one,
    struct dsr_error *err)
{
	int held;

	if (one->reason != NULL || one->ignored)
		return 0;
	held = body_holds_credential(j, &one->body, one->blob, err);
	if (held == 1)
		one->reason = "credential-returned";
	return held < 0 ? -1 : 0;
}

int
content_write(struct job *j, struct content *one, struct dsr_error *err)
{
	const struct dsr_place place = job_place(j, one->item, one->part);
	struct dsr_document doc = { .media_type = one->media_type,
		.sha256 = one->sha256, .size = one->size };
	char extension[DSR_EXTENSION_SIZE];
	char id[PATH_ID_SIZE];
	char *name = NULL;
	int64_t exchange = 0;
	int result = -1;

	if (one->there)
		return 0;
	if (refuse_credential(j, one, err) != 0)
		return -1;
	if (piece_end(j, &place, err) != 0 ||
	    (j->downloads &&
	        dsr_case_missing_end(j->c->store, &place, err) != 0))
		goto out;
	if (one->evidence.arena != NULL &&
	    dsr_case_exchange_add(j->c->store, &place, &one->evidence.record,
	        &exchange, err) != 0)
		goto out;
	if (one->reason != NULL) {
		result = write_content_gap(j, one, exchange, err);
		goto out;
	}
	if (one->ignored) {
		result = dsr_case_count(j->c->store, place.endpoint, 1, 0,
		    err);
		goto out;
	}
	if (document_name(&name, one->evidence.record.url, err) != 0)
		goto out;
	doc.name = name;
	doc.item = content_item_id(j, one, id);
	doc.retrieved = one->retrieved;
	doc.source_url = one->evidence.record.url;
	document_extension(extension, one->media_type, name);
	j->c->bytes += one->size;
	result = dsr_case_document_add(j->c->store, &place, exchange, &doc,
	    extension, one->body.data == NULL ? (const void *)""
	                                      : one->body.data,
	    one->blob, err);
	if (result == 0 && one->odd) {
		one->reason = "unexpected-type";
		result = write_content_gap(j, one, exchange, err);
	}
out:
	free(name);
	return result;
}

/* The end of a job that was for missing downloads. */
int
content_leave(struct job *j, struct dsr_error *err)
{
	const struct dsr_place place = job_place(j, 0, 0);

	return dsr_case_missing_leave(j->c->store, &place, err);
}

