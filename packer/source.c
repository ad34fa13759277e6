/* SPDX-License-Identifier: ISC */
#include "source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/limits.h"
#include "dossier/listing.h"
#include "dossier/name.h"
#include "dossier/text.h"

#define EMPTY_FOLDERS_BYTES 262144u /* of their names: the statement is small */

struct source {
	struct dsr_listing *folder; /* one of the two */
	struct dsr_case *store;
	struct dsr_case_documents *documents;
	uint64_t count;
};

static int
open_case(struct source *s, const char *path, struct dsr_error *err)
{
	struct dsr_counts counts;

	if (dsr_case_open(&s->store, path, err) != 0 ||
	    dsr_case_counts(s->store, &counts, err) != 0 ||
	    dsr_case_documents_new(&s->documents, s->store, err) != 0)
		return -1;
	s->count = counts.documents;
	return 0;
}

int
source_open(struct source **out, const char *path, const char *name,
    const struct stat *output, bool secret, struct dsr_error *err)
{
	struct source *s = calloc(1, sizeof(*s));
	int is_case;

	*out = NULL;
	if (s == NULL)
		return dsr_fail(err, DSR_ENOMEM, "source");
	if ((is_case = dsr_case_exists(path, err)) < 0)
		goto out;
	if (is_case == 1) {
		if (open_case(s, path, err) != 0)
			goto out;
	} else {
		if (dsr_listing_open(&s->folder, path, name, output, secret,
			err) != 0)
			goto out;
		s->count = dsr_listing_count(s->folder);
	}
	*out = s;
	return 0;
out:
	source_free(s);
	return -1;
}

void
source_free(struct source *s)
{
	if (s == NULL)
		return;
	dsr_listing_free(s->folder);
	dsr_case_documents_free(s->documents);
	dsr_case_free(s->store);
	free(s);
}

struct dsr_case *
source_case(const struct source *s)
{
	return s->store;
}

uint64_t
source_count(const struct source *s)
{
	return s->count;
}

static int
set_member_path(struct dsr_arena *arena, const struct dsr_listed *e,
    const char **path, struct dsr_error *err)
{
	char member[DSR_MAX_NAME + 1], extension[DSR_EXTENSION_SIZE];
	int n;

	if (e->kind == DSR_LISTED_RENAMED) {
		dsr_name_extension(extension, e->path, strlen(e->path));
		n = snprintf(member, sizeof(member),
		    "data/files/renamed/%09" PRIu64 ".%s", e->number,
		    extension);
	} else {
		n = snprintf(member, sizeof(member), "data/files/%s", e->path);
	}
	if (n < 0 || (size_t)n >= sizeof(member))
		return dsr_fail(err, DSR_EBUG, "a name that is too long");
	*path = dsr_arena_copy(arena, member, (size_t)n, err);
	return *path == NULL ? -1 : 0;
}

static int
next_of_folder(struct source *s, struct dsr_arena *arena,
    struct source_item *item, struct dsr_error *err)
{
	struct dsr_listed e;
	int more = dsr_listing_next(s->folder, &e, err);

	if (more <= 0)
		return more;
	item->record.exchange = DSR_NONE;
	item->gap.exchange = item->gap.status = DSR_NONE;
	item->gap.reason = e.reason;
	item->size = e.size;
	item->kind = e.kind == DSR_LISTED_GAP ? SOURCE_GAP : SOURCE_FILE;
	if (dsr_listing_name(arena, e.path, &item->gap.name,
		&item->gap.name_base64, err) != 0)
		return -1;
	if (e.kind == DSR_LISTED_GAP)
		return 1;
	item->record.name = item->gap.name;
	item->record.name_base64 = item->gap.name_base64;
	item->file = dsr_arena_copy(arena, e.path, strlen(e.path), err);
	if (item->file == NULL ||
	    set_member_path(arena, &e, &item->record.path, err) != 0)
		return -1;
	return 1;
}

/* The strings of a case's record live only until the next one: copies. */
static int
keep_text(struct dsr_arena *arena, const char **text, struct dsr_error *err)
{
	if (*text == NULL)
		return 0;
	*text = dsr_arena_copy(arena, *text, strlen(*text), err);
	return *text == NULL ? -1 : 0;
}

static int
keep_redactions(struct dsr_arena *arena, struct dsr_list *list,
    struct dsr_error *err)
{
	struct dsr_redaction *copy;
	size_t i;

	if (list->count == 0)
		return 0;
	copy = dsr_arena_alloc(arena, list->count * sizeof(*copy), err);
	if (copy == NULL)
		return -1;
	memcpy(copy, list->items, list->count * sizeof(*copy));
	for (i = 0; i < list->count; i++)
		if (keep_text(arena, &copy[i].path, err) != 0 ||
		    keep_text(arena, &copy[i].reason, err) != 0)
			return -1;
	list->items = copy;
	return 0;
}

static int
keep_record(struct dsr_arena *arena, struct dsr_document *r,
    struct dsr_error *err)
{
	const char **const texts[] = { &r->category, &r->connector,
		&r->endpoint, &r->item, &r->media_type, &r->name,
		&r->name_base64, &r->original, &r->path, &r->retrieved,
		&r->sha256, &r->source_url };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (keep_text(arena, texts[i], err) != 0)
			return -1;
	return keep_redactions(arena, &r->redactions, err);
}

static int
next_of_case(struct source *s, struct dsr_arena *arena,
    struct source_item *item, struct dsr_error *err)
{
	struct dsr_case_document doc;
	int more;

	memset(&doc, 0, sizeof(doc));
	doc.blob = -1;
	more = dsr_case_documents_next(s->documents, &doc, err);
	if (more <= 0)
		return more;
	item->record = doc.record;
	item->size = doc.record.size;
	if (keep_record(arena, &item->record, err) != 0)
		return -1;
	if (doc.blob >= 0) {
		item->kind = SOURCE_BLOB;
		/* the cursor closes its own descriptor at the next step */
		if ((item->blob = dup(doc.blob)) < 0)
			return dsr_fail_sys(err, "blob");
		return 1;
	}
	item->kind = SOURCE_MEMORY;
	item->body = dsr_arena_copy(arena, doc.body, (size_t)item->size, err);
	return item->body == NULL ? -1 : 1;
}

int
source_next(struct source *s, struct dsr_arena *arena,
    struct source_item *item, struct dsr_error *err)
{
	memset(item, 0, sizeof(*item));
	item->blob = -1;
	return s->folder != NULL ? next_of_folder(s, arena, item, err)
				 : next_of_case(s, arena, item, err);
}

int
source_open_file(const struct source *s, const char *file, struct stat *st)
{
	return dsr_listing_open_file(s->folder, file, st);
}

/* The name as it can be shown in a text: what is not UTF-8 is escaped. */
static int
shown_name(struct dsr_arena *arena, const char *path, const char **out,
    size_t *used, struct dsr_error *err)
{
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, 16 * (FILENAME_MAX + 1));
	if (dsr_text_escape(&text, path, strlen(path), false, err) == 0) {
		*used += text.len;
		*out = dsr_arena_copy(arena, text.data, text.len, err);
		rc = *out == NULL ? -1 : 0;
	}
	dsr_buffer_fini(&text);
	return rc;
}

int
source_folder_summary(struct source *s, struct dsr_arena *arena,
    struct dsr_folder **out, struct dsr_error *err)
{
	const char *path, **names;
	struct dsr_folder *summary;
	size_t count = 0, used = 0;

	*out = NULL;
	if (s->folder == NULL)
		return 0;
	summary = dsr_arena_alloc(arena, sizeof(*summary), err);
	names = dsr_arena_alloc(arena, DSR_MAX_EMPTY_FOLDERS * sizeof(*names),
	    err);
	if (summary == NULL || names == NULL)
		return -1;
	summary->empty_folder_count = dsr_listing_empty_count(s->folder);
	while (count < DSR_MAX_EMPTY_FOLDERS && used < EMPTY_FOLDERS_BYTES) {
		if (dsr_listing_next_empty(s->folder, &path, err) != 0)
			return -1;
		if (path == NULL)
			break;
		if (shown_name(arena, path, &names[count++], &used, err) != 0)
			return -1;
	}
	summary->empty_folders.items = names;
	summary->empty_folders.count = count;
	*out = summary;
	return 0;
}
