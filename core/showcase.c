/* SPDX-License-Identifier: ISC */
#include "dossier/showcase.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/file.h"
#include "dossier/limits.h"
#include "dossier/name.h"

#define KINDS_STEP 64u

/* A document is kept as this, its path and its bytes. */
struct frame {
	uint32_t path_len;
	uint32_t len;
};

struct kind {
	char folder[DSR_MAX_NAME + 1];
	uint64_t offset; /* of its first frame */
	uint64_t bytes;
	uint32_t count;
};

struct dsr_showcase {
	struct dsr_spool *spool;
	struct kind *kinds;
	size_t count, cap;
	bool reading;
	/* the frame that was read last and not asked for yet */
	bool ahead;
	char path[DSR_MAX_NAME + 1];
	struct dsr_buffer body;
	/* of a document that comes in pieces, or was packed */
	struct dsr_inflater *inflater;
	size_t wanted;
};

int
dsr_showcase_new(struct dsr_showcase **out, bool secret,
    struct dsr_error *err)
{
	struct dsr_showcase *s = calloc(1, sizeof(*s));
	int rc;

	*out = NULL;
	if (s == NULL)
		return dsr_fail(err, DSR_ENOMEM, "documents to be shown");
	dsr_buffer_init(&s->body, DSR_MAX_SHOWN_DOCUMENT);
	rc = secret ? dsr_spool_new_secret(&s->spool, err)
		    : dsr_spool_new(&s->spool, err);
	if (rc != 0 ||
	    (secret && dsr_spool_make_file(s->spool, err) != 0)) {
		dsr_showcase_free(s);
		return -1;
	}
	*out = s;
	return 0;
}

void
dsr_showcase_free(struct dsr_showcase *s)
{
	if (s == NULL)
		return;
	dsr_spool_free(s->spool);
	dsr_inflater_free(s->inflater);
	dsr_buffer_fini(&s->body);
	free(s->kinds);
	free(s);
}

size_t
dsr_kind_length(const char *path, size_t len)
{
	size_t i, slashes = 0, wanted = 2;

	if (len > 15 && memcmp(path, "data/documents/", 15) == 0)
		wanted = 4;
	for (i = 0; i < len; i++)
		if (path[i] == '/' && ++slashes == wanted)
			break;
	return i;
}

/* ---- keeping ---------------------------------------------------------------- */

/* Bytes of a document of this name that can be shown at all. */
static size_t
most_of(const char *path, uint64_t size)
{
	static const char *const texts[] = { "txt", "log", "md", "csv", "tsv",
		"xml", "yml", "yaml", "html", "htm", "ini", "conf", "py",
		"ndjson", "jsonl", "eml", "ics", "vcf" };
	char extension[DSR_EXTENSION_SIZE];
	size_t i;

	dsr_name_extension(extension, path, strlen(path));
	if (strcmp(extension, "json") == 0)
		return size <= DSR_MAX_SHOWN_DOCUMENT ? (size_t)size : 0;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(extension, texts[i]) == 0)
			return size <= DSR_MAX_SHOWN_TEXT
			    ? (size_t)size : DSR_MAX_SHOWN_TEXT;
	return 0;
}

static bool
is_of_kind(const struct kind *k, const char *path, size_t len)
{
	return strlen(k->folder) == len && memcmp(k->folder, path, len) == 0;
}

size_t
dsr_showcase_wants(const struct dsr_showcase *s, const char *path,
    uint64_t size)
{
	const struct kind *k = s->count > 0 ? &s->kinds[s->count - 1] : NULL;
	size_t most, len = strlen(path);

	if (s->reading || len > DSR_MAX_NAME || (most = most_of(path, size)) == 0)
		return 0;
	if (dsr_spool_size(s->spool) + most > DSR_MAX_SHOWN_BYTES)
		return 0;
	if (k == NULL || !is_of_kind(k, path, dsr_kind_length(path, len)))
		return s->count < DSR_MAX_SHOWN_KINDS ? most : 0;
	if (k->count >= DSR_MAX_SHOWN_COUNT ||
	    k->bytes + most > DSR_MAX_SHOWN_OF_KIND)
		return 0;
	return most;
}

static int
add_kind(struct dsr_showcase *s, const char *path, size_t len,
    struct dsr_error *err)
{
	struct kind *grown, *k;

	if (s->count == s->cap) {
		grown = reallocarray(s->kinds, s->cap + KINDS_STEP,
		    sizeof(*grown));
		if (grown == NULL)
			return dsr_fail(err, DSR_ENOMEM,
			    "documents to be shown");
		s->kinds = grown;
		s->cap += KINDS_STEP;
	}
	k = &s->kinds[s->count++];
	memset(k, 0, sizeof(*k));
	memcpy(k->folder, path, len);
	k->offset = dsr_spool_size(s->spool);
	return 0;
}

int
dsr_showcase_add(struct dsr_showcase *s, const char *path, const void *bytes,
    size_t len, struct dsr_error *err)
{
	const struct frame f = { (uint32_t)strlen(path), (uint32_t)len };
	size_t kind_len = dsr_kind_length(path, f.path_len);
	struct kind *k;

	if (s->reading || f.path_len > DSR_MAX_NAME ||
	    len > DSR_MAX_SHOWN_DOCUMENT)
		return dsr_fail(err, DSR_EBUG, "a document not to be shown");
	if ((s->count == 0 ||
	    !is_of_kind(&s->kinds[s->count - 1], path, kind_len)) &&
	    add_kind(s, path, kind_len, err) != 0)
		return -1;
	k = &s->kinds[s->count - 1];
	k->count++;
	k->bytes += len;
	if (dsr_spool_write(s->spool, &f, sizeof(f), err) != 0 ||
	    dsr_spool_write(s->spool, path, f.path_len, err) != 0)
		return -1;
	return dsr_spool_write(s->spool, bytes, len, err);
}

int
dsr_showcase_add_packed(struct dsr_showcase *s, const char *path,
    const struct dsr_zip_entry *e, const void *packed, struct dsr_error *err)
{
	size_t size = (size_t)e->size, wanted;
	uint8_t *content;
	int rc;

	if ((wanted = dsr_showcase_wants(s, path, size)) == 0)
		return 0;
	if (e->method == DSR_ZIP_STORED)
		return dsr_showcase_add(s, path, packed, wanted, err);
	if (s->inflater == NULL && dsr_inflater_new(&s->inflater, err) != 0)
		return -1;
	if ((content = malloc(size)) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "a document to be shown");
	rc = dsr_inflate(s->inflater, content, size, size, packed,
	    (size_t)e->packed_size)
	    ? dsr_showcase_add(s, path, content, wanted, err)
	    : dsr_fail(err, DSR_EBUG, "a document to be shown is damaged");
	free(content);
	return rc;
}

int
dsr_showcase_begin(struct dsr_showcase *s, const char *path, uint64_t size,
    struct dsr_error *err)
{
	s->wanted = dsr_showcase_wants(s, path, size);
	dsr_buffer_reset(&s->body);
	return dsr_buffer_reserve(&s->body, s->wanted, err);
}

void
dsr_showcase_feed(struct dsr_showcase *s, const void *bytes, size_t len)
{
	size_t room = s->wanted - s->body.len;

	if (len > room)
		len = room;
	if (len > 0)
		memcpy(s->body.data + s->body.len, bytes, len);
	s->body.len += len;
}

void
dsr_showcase_restart(struct dsr_showcase *s)
{
	dsr_buffer_reset(&s->body);
}

int
dsr_showcase_end(struct dsr_showcase *s, const char *path,
    struct dsr_error *err)
{
	if (s->wanted == 0 || s->body.len < s->wanted)
		return 0;
	return dsr_showcase_add(s, path, s->body.data, s->wanted, err);
}

/* ---- giving back --------------------------------------------------------------- */

int
dsr_showcase_find(struct dsr_showcase *s, const char *kind, size_t len,
    struct dsr_error *err)
{
	uint64_t offset = dsr_spool_size(s->spool);
	size_t i;

	s->reading = true;
	s->ahead = false;
	for (i = 0; i < s->count; i++)
		if (is_of_kind(&s->kinds[i], kind, len))
			offset = s->kinds[i].offset;
	return dsr_spool_seek(s->spool, offset, err);
}

/* Exactly len bytes: 1, or 0 at the very end. */
static int
read_exactly(struct dsr_showcase *s, void *out, size_t len,
    struct dsr_error *err)
{
	uint8_t *p = out;
	size_t got = 0;
	int64_t n;

	while (got < len) {
		n = dsr_spool_read(s->spool, p + got, len - got, err);
		if (n < 0)
			return -1;
		if (n == 0)
			return got == 0 ? 0 : dsr_fail(err, DSR_EBUG,
			    "documents to be shown end early");
		got += (size_t)n;
	}
	return 1;
}

static int
read_frame(struct dsr_showcase *s, struct dsr_error *err)
{
	struct frame f;
	int more = read_exactly(s, &f, sizeof(f), err);

	if (more <= 0)
		return more;
	if (f.path_len > DSR_MAX_NAME || f.len > DSR_MAX_SHOWN_DOCUMENT)
		return dsr_fail(err, DSR_EBUG, "a document to be shown");
	dsr_buffer_reset(&s->body);
	if (read_exactly(s, s->path, f.path_len, err) < 0 ||
	    dsr_buffer_reserve(&s->body, f.len, err) != 0 ||
	    read_exactly(s, s->body.data, f.len, err) < 0)
		return -1;
	s->path[f.path_len] = '\0';
	s->body.len = f.len;
	s->ahead = true;
	return 1;
}

int
dsr_showcase_first(struct dsr_showcase *s, struct dsr_error *err)
{
	s->reading = true;
	s->ahead = false;
	return dsr_spool_seek(s->spool, 0, err);
}

int
dsr_showcase_next(struct dsr_showcase *s, const char **path,
    const void **bytes, size_t *len, struct dsr_error *err)
{
	int more = read_frame(s, err);

	s->ahead = false;
	if (more != 1)
		return more;
	*path = s->path;
	*bytes = s->body.data;
	*len = s->body.len;
	return 1;
}

int
dsr_showcase_get(struct dsr_showcase *s, const char *path, const void **bytes,
    size_t *len, struct dsr_error *err)
{
	size_t path_len = strlen(path);
	int more, order;

	if (!s->reading)
		return dsr_fail(err, DSR_EBUG, "documents not looked for");
	for (;;) {
		if (!s->ahead && (more = read_frame(s, err)) <= 0)
			return more;
		order = dsr_name_compare(s->path, strlen(s->path), path,
		    path_len);
		if (order > 0)
			return 0;
		s->ahead = false;
		if (order == 0)
			break;
	}
	*bytes = s->body.data;
	*len = s->body.len;
	return 1;
}
