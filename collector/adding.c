/* SPDX-License-Identifier: ISC */
#include "adding.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/case_writer.h"
#include "dossier/clock.h"
#include "dossier/file.h"
#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/listing.h"
#include "dossier/progress.h"
#include "dossier/text.h"

#define TRIES       3         /* at a file that changes while it is read */
#define CHUNK       (DSR_MAX_BODY_INLINE + 1u) /* bytes read at a time */
#define BATCH_FILES 256u      /* files a transaction */
#define BATCH_BYTES 67108864u /* bytes of them */

/* Names under which the case remembers what was added. */
#define FIELD_FILE    "file"    /* name, source and content */
#define FIELD_CONTENT "content" /* content alone */

struct adding {
	const struct adding_options *o;
	adding_fn *fn;
	void *ctx;
	struct adding_result *result;
	struct dsr_case *store;
	struct dsr_progress *progress;
	struct dsr_arena *arena;
	struct dsr_sha256 *hash;
	struct dsr_place place; /* of the next document or gap */
	char account[DSR_MAX_PERSON + 1];
	uint8_t *chunk;
	uint64_t batch_files, batch_bytes;
	bool noted; /* the act stands in the custody */
};

/* One file that was given, or stands in a folder that was. */
struct item {
	const struct dsr_listing *folder; /* NULL: path is the caller's */
	const char *path;
	const char *name; /* as the archive has it */
	/* what came of reading it */
	const char *reason; /* NULL, or why it is a gap */
	struct dsr_blob *blob; /* NULL: all of it is in the chunk */
	uint64_t size;
	char sha256[DSR_SHA256_HEX];
};

/* ---- reading --------------------------------------------------------------- */

static int
open_item(const struct item *i, struct stat *st)
{
	int fd;

	if (i->folder != NULL)
		return dsr_listing_open_file(i->folder, i->path, st);
	fd = open(i->path,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	if (fstat(fd, st) != 0 || !S_ISREG(st->st_mode)) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/*
 * Takes what fd holds: at most limit bytes and one more chunk, for a file that
 * grows has changed. Reading can fail (it is a gap), writing must not.
 */
static int
take_content(struct adding *a, struct item *i, int fd, uint64_t limit,
    struct dsr_error *err)
{
	struct dsr_error reading;
	int64_t n;

	do {
		n = dsr_read_full(fd, a->chunk, CHUNK, &reading);
		if (n < 0) {
			i->reason = "unreadable";
			return 0;
		}
		dsr_sha256_update(a->hash, a->chunk, (size_t)n);
		i->size += (uint64_t)n;
		if (i->size > DSR_MAX_BODY_INLINE && i->blob == NULL &&
		    dsr_blob_new(&i->blob, a->store, err) != 0)
			return -1;
		if (i->blob != NULL && n > 0 &&
		    dsr_blob_write(i->blob, a->chunk, (size_t)n, err) != 0)
			return -1;
		dsr_progress_update(a->progress,
		    a->result->outcomes[ADDING_ADDED], 0,
		    a->result->bytes + i->size);
	} while (n == CHUNK && i->size <= limit && *a->o->ending == 0);
	return 0;
}

/* Reads it once: i->reason says why it is a gap. */
static int
read_once(struct adding *a, struct item *i, struct dsr_error *err)
{
	uint8_t digest[DSR_SHA256_BYTES];
	struct stat before, after;
	int fd = open_item(i, &before), rc;

	i->reason = NULL;
	i->size = 0;
	if (fd == -1) {
		i->reason = "unreadable";
		return 0;
	}
	dsr_sha256_reset(a->hash);
	rc = take_content(a, i, fd, (uint64_t)before.st_size, err);
	dsr_sha256_final(a->hash, digest);
	dsr_hex_encode(i->sha256, digest, sizeof(digest));
	if (i->reason == NULL && (fstat(fd, &after) != 0 ||
	        !dsr_listing_unchanged(&before, &after) ||
	        i->size != (uint64_t)before.st_size))
		i->reason = "changed-while-read";
	(void)close(fd);
	return rc;
}

static int
read_item(struct adding *a, struct item *i, struct dsr_error *err)
{
	for (int tries = 0; tries < TRIES; tries++) {
		dsr_blob_free(i->blob);
		i->blob = NULL;
		if (read_once(a, i, err) != 0)
			return -1;
		if (i->reason == NULL || *a->o->ending != 0 ||
		    strcmp(i->reason, "changed-while-read") != 0)
			return 0;
	}
	return 0;
}

/* ---- writing --------------------------------------------------------------- */

/* The custody and the first document come in one transaction. */
static int
note_act(struct adding *a, struct dsr_error *err)
{
	if (a->noted)
		return 0;
	a->noted = true;
	return dsr_case_custody_add_by(a->store, "added", a->o->by,
	    a->account, err);
}

static int
end_batch(struct adding *a, uint64_t bytes, struct dsr_error *err)
{
	a->batch_bytes += bytes;
	if (++a->batch_files < BATCH_FILES && a->batch_bytes < BATCH_BYTES)
		return 0;
	a->batch_files = 0;
	a->batch_bytes = 0;
	if (dsr_case_commit(a->store, err) != 0)
		return -1;
	return dsr_case_begin(a->store, err);
}

static int
tell(struct adding *a, enum adding_outcome outcome, const struct item *i,
    struct dsr_error *err)
{
	const struct adding_note note = { outcome, i->name,
		i->reason == NULL ? i->sha256 : NULL, i->reason, i->size };

	a->result->outcomes[outcome]++;
	return a->fn(a->ctx, &note, err);
}

static int
put_gap(struct adding *a, const struct item *i, struct dsr_error *err)
{
	struct dsr_gap gap = { .reason = i->reason, .status = DSR_NONE };

	if (dsr_listing_name(a->arena, i->name, &gap.name, &gap.name_base64,
	        err) != 0 ||
	    note_act(a, err) != 0 ||
	    dsr_case_gap_withdraw(a->store, a->place.endpoint, &gap, err) !=
	        0 ||
	    dsr_case_gap_add(a->store, &a->place, 0, &gap, true, NULL,
	        err) != 0 ||
	    tell(a, ADDING_GAP, i, err) != 0)
		return -1;
	a->place.item++;
	return end_batch(a, 0, err);
}

/* What makes a file the same as one that was added before. */
static void
identify(struct adding *a, const struct item *i, char out[DSR_SHA256_HEX])
{
	uint8_t digest[DSR_SHA256_BYTES];

	dsr_sha256_reset(a->hash);
	dsr_sha256_update(a->hash, i->name, strlen(i->name) + 1);
	dsr_sha256_update(a->hash, a->o->source, strlen(a->o->source) + 1);
	dsr_sha256_update(a->hash, i->sha256, DSR_SHA256_HEX);
	dsr_sha256_final(a->hash, digest);
	dsr_hex_encode(out, digest, sizeof(digest));
}

static int
put_document(struct adding *a, struct item *i, struct dsr_error *err)
{
	struct dsr_document record = { .exchange = DSR_NONE };
	struct dsr_gap gap = { .status = DSR_NONE };
	char extension[DSR_EXTENSION_SIZE], time[DSR_TIME_SIZE];
	struct timespec now;

	dsr_name_extension(extension, i->name, strlen(i->name));
	if (dsr_listing_name(a->arena, i->name, &record.name,
	        &record.name_base64, err) != 0 ||
	    note_act(a, err) != 0)
		return -1;
	dsr_clock_now(&now); /* not before the act */
	dsr_time_format(time, &now, 0);
	record.retrieved = time;
	record.source_url = a->o->source;
	record.sha256 = i->sha256;
	record.size = i->size;
	gap.name = record.name;
	gap.name_base64 = record.name_base64;
	if (dsr_case_gap_withdraw(a->store, a->place.endpoint, &gap, err) != 0)
		return -1;
	return dsr_case_document_add(a->store, &a->place, 0, &record,
	    extension, i->blob == NULL ? a->chunk : NULL, i->blob, err);
}

static int
put_item(struct adding *a, struct item *i, struct dsr_error *err)
{
	const int64_t endpoint = a->place.endpoint;
	char id[DSR_SHA256_HEX];
	int known, twin;

	identify(a, i, id);
	known = dsr_case_value_exists(a->store, endpoint, FIELD_FILE, id, err);
	if (known != 0)
		return known < 0 ? -1 : tell(a, ADDING_KNOWN, i, err);
	twin = dsr_case_value_exists(a->store, endpoint, FIELD_CONTENT,
	    i->sha256, err);
	if (twin < 0 || put_document(a, i, err) != 0 ||
	    dsr_case_value_add(a->store, endpoint, FIELD_FILE, id, err) != 0 ||
	    dsr_case_value_add(a->store, endpoint, FIELD_CONTENT, i->sha256,
	        err) != 0 ||
	    tell(a, twin ? ADDING_TWIN : ADDING_ADDED, i, err) != 0)
		return -1;
	a->place.item++;
	a->result->bytes += i->size;
	return end_batch(a, i->size, err);
}

static int
add_item(struct adding *a, struct item *i, struct dsr_error *err)
{
	int rc = -1;

	dsr_arena_reset(a->arena);
	if (i->reason == NULL && read_item(a, i, err) != 0)
		goto out;
	if (*a->o->ending != 0)
		rc = 0; /* it may not be whole: the next run takes it */
	else
		rc = i->reason != NULL ? put_gap(a, i, err)
				       : put_item(a, i, err);
out:
	dsr_blob_free(i->blob);
	return rc;
}

/* ---- what was given -------------------------------------------------------- */

/* The last part of a path, without slashes behind it; "" for "." and "..". */
static void
name_last(char *out, size_t size, const char *path)
{
	size_t end = strlen(path), start;

	while (end > 0 && path[end - 1] == '/')
		end--;
	for (start = end; start > 0 && path[start - 1] != '/'; start--)
		continue;
	(void)snprintf(out, size, "%.*s", (int)(end - start), path + start);
	if (strcmp(out, ".") == 0 || strcmp(out, "..") == 0)
		out[0] = '\0';
}

static int
add_folder(struct adding *a, const char *path, const struct stat *store,
    struct dsr_error *err)
{
	struct dsr_listing *folder = NULL;
	char base[FILENAME_MAX], name[2 * FILENAME_MAX];
	struct dsr_listed entry;
	int more, rc = -1;

	name_last(base, sizeof(base), path);
	if (dsr_listing_open(&folder, path, "", store, false, err) != 0)
		return -1;
	while ((more = dsr_listing_next(folder, &entry, err)) == 1 &&
	    *a->o->ending == 0) {
		struct item i = { .folder = folder, .path = entry.path,
			.name = name, .reason = entry.reason };

		(void)snprintf(name, sizeof(name), "%s%s%s", base,
		    base[0] != '\0' && entry.path[0] != '\0' ? "/" : "",
		    entry.path);
		if (add_item(a, &i, err) != 0)
			goto out;
	}
	rc = more < 0 ? -1 : 0;
out:
	dsr_listing_free(folder);
	return rc;
}

static int
add_path(struct adding *a, const char *path, const struct stat *store,
    struct dsr_error *err)
{
	char name[FILENAME_MAX];
	struct item i = { .path = path, .name = name };
	struct stat st;

	if (lstat(path, &st) != 0)
		return dsr_fail_sys(err, "%s", path);
	if (S_ISDIR(st.st_mode))
		return add_folder(a, path, store, err);
	name_last(name, sizeof(name), path);
	i.reason = dsr_listing_reason(&st);
	return add_item(a, &i, err);
}

static int
add_paths(struct adding *a, struct dsr_error *err)
{
	struct stat store;

	if (stat(a->o->case_path, &store) != 0)
		return dsr_fail_sys(err, "%s", a->o->case_path);
	for (size_t i = 0; i < a->o->count && *a->o->ending == 0; i++)
		if (add_path(a, a->o->paths[i], &store, err) != 0)
			return -1;
	return 0;
}

/* ---- before and after ------------------------------------------------------ */

/* Who does it, as the system knows them. */
static void
find_account(char *out, size_t size)
{
	const struct passwd *who = getpwuid(getuid());

	if (who != NULL && who->pw_name[0] != '\0' &&
	    strlen(who->pw_name) < size &&
	    dsr_utf8_is_valid(who->pw_name, strlen(who->pw_name)))
		(void)snprintf(out, size, "%s", who->pw_name);
	else
		(void)snprintf(out, size, "uid %lu",
		    (unsigned long)getuid());
}

static int
start(struct adding *a, struct dsr_error *err)
{
	const char *category = a->o->category;

	find_account(a->account, sizeof(a->account));
	if ((a->chunk = malloc(CHUNK)) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "add");
	if (dsr_arena_new(&a->arena, err) != 0 ||
	    dsr_sha256_new(&a->hash, err) != 0 ||
	    dsr_progress_new(&a->progress, _("added"), a->o->no_progress,
	        err) != 0 ||
	    dsr_case_create(&a->store, a->o->case_path, err) != 0 ||
	    dsr_case_begin(a->store, err) != 0)
		return -1;
	return dsr_case_manual_place(a->store,
	    category != NULL ? category : ADDING_CATEGORY, category,
	    &a->place, err);
}

static int
finish(struct adding *a, struct dsr_error *err)
{
	uint64_t seen = 0;

	for (size_t i = 0; i <= ADDING_GAP; i++)
		seen += a->result->outcomes[i];
	if (seen == 0 && *a->o->ending == 0)
		return dsr_fail(err, DSR_EFAILED,
		    N_("no file was found in what was given"));
	/* nothing new: what was begun is taken back with the case */
	if (!a->noted)
		return 0;
	if (dsr_case_commit(a->store, err) != 0)
		return -1;
	return dsr_case_settle(a->store, err);
}

int
adding_run(const struct adding_options *o, adding_fn *fn, void *ctx,
    struct adding_result *result, struct dsr_error *err)
{
	struct adding a = { .o = o, .fn = fn, .ctx = ctx, .result = result };
	int rc = -1;

	(void)memset(result, 0, sizeof(*result));
	if (adding_check(o, err) != 0 || start(&a, err) != 0 ||
	    add_paths(&a, err) != 0 || finish(&a, err) != 0)
		goto out;
	rc = 0;
out:
	dsr_case_free(a.store);
	dsr_progress_free(a.progress);
	dsr_sha256_free(a.hash);
	dsr_arena_free(a.arena);
	free(a.chunk);
	return rc;
}
