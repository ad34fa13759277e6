/* SPDX-License-Identifier: ISC */
/* Every member: is it one, does it stand where it must, what is in it? */
#include <string.h>

#include "check.h"
#include "dossier/name.h"
#include "material.h"

/* Kinds of which there may be several, in the one order of their names. */
static bool
may_repeat(enum dsr_member_kind kind)
{
	return kind == DSR_MEMBER_DOCUMENT || kind == DSR_MEMBER_CONNECTOR ||
	    kind == DSR_MEMBER_TABLE ||
	    kind == DSR_MEMBER_START_HERE_LANGUAGE ||
	    kind == DSR_MEMBER_RENEWAL;
}

/* Bytes of a kind that is kept whole, 0 for those that are not. */
static size_t
kept_bytes(enum dsr_member_kind kind)
{
	static const size_t limit[DSR_MEMBER_KINDS] = {
		[DSR_MEMBER_REQUEST] = DSR_MAX_REQUEST,
		[DSR_MEMBER_STATEMENT] = DSR_MAX_STATEMENT,
		[DSR_MEMBER_SEAL_PUB] = DSR_MAX_KEY_FILE,
		[DSR_MEMBER_ALLOWED_SIGNERS] = DSR_MAX_KEY_FILE,
		[DSR_MEMBER_SIGNER_PEM] = DSR_MAX_KEY_FILE,
		[DSR_MEMBER_BAGIT] = DSR_MAX_TAG_FILE,
		[DSR_MEMBER_BAG_INFO] = DSR_MAX_TAG_FILE,
		[DSR_MEMBER_TAGMANIFEST] = DSR_MAX_TAGMANIFEST,
		[DSR_MEMBER_SSHSIG] = DSR_MAX_ATTESTATION,
		[DSR_MEMBER_CMS] = DSR_MAX_ATTESTATION,
		[DSR_MEMBER_SEAL] = DSR_MAX_ATTESTATION,
	};

	return limit[kind];
}

/* Bytes that a kind may have at all: FORMAT.md 2.6; 0: no limit of its own. */
static uint64_t
most_bytes(enum dsr_member_kind kind)
{
	if (kind == DSR_MEMBER_START_HERE ||
	    kind == DSR_MEMBER_START_HERE_LANGUAGE)
		return DSR_MAX_START_HERE;
	if (kind == DSR_MEMBER_CONNECTOR)
		return DSR_MAX_CONNECTOR;
	if (kind == DSR_MEMBER_SIGNER_PEM)
		return DSR_MAX_KEY_FILE;
	if (kind >= DSR_MEMBER_SSHSIG)
		return DSR_MAX_ATTESTATION;
	return kept_bytes(kind);
}

/*
 * The path below NAME/: the first member says what NAME is. NULL (with a
 * finding) for a member that stands elsewhere.
 */
static const char *
below_top(struct check *c, const struct dsr_zip_entry *e)
{
	const char *slash = strchr(e->name, '/');
	char *name = c->result->name;
	size_t len = slash == NULL ? 0 : (size_t)(slash - e->name);

	if (name[0] == '\0' && len > 0 && len <= DSR_MAX_ARCHIVE_NAME)
		memcpy(name, e->name, len);
	if (len == 0 || strlen(name) != len ||
	    memcmp(name, e->name, len) != 0) {
		dsr_findings_add(c->findings, DSR_F_BAG_TOP, e->name,
		    name[0] == '\0' ? "NAME/..." : name, NULL);
		return NULL;
	}
	return slash + 1;
}

static enum dsr_member_kind
kind_of(struct check *c, const char *path, const struct dsr_zip_entry *e)
{
	enum dsr_member_kind kind = dsr_member_kind_of(path);

	if (strcmp(path, "fetch.txt") == 0)
		dsr_findings_add(c->findings, DSR_F_BAG_FETCH, e->name, NULL,
		    NULL);
	else if (kind == DSR_MEMBER_UNKNOWN)
		dsr_findings_add(c->findings, DSR_F_BAG_UNEXPECTED, e->name,
		    NULL, NULL);
	return kind;
}

/* FORMAT.md 3.2: kinds ascend; within one kind the names do. */
static void
check_order(struct check *c, const char *path, enum dsr_member_kind kind,
    const struct dsr_zip_entry *e)
{
	size_t len = strlen(path), last_len = strlen(c->last_path);
	int order = 0;

	if (c->seen[kind] == 0 && c->last_kind <= kind)
		return;
	if (c->last_kind == kind && may_repeat(kind)) {
		order = dsr_name_compare(c->last_path, last_len, path, len);
		if (order < 0 &&
		    !dsr_name_is_parent(c->last_path, last_len, path, len))
			return;
	}
	dsr_findings_add(c->findings,
	    order == 0 && c->last_kind == kind ? DSR_F_ZIP_DUPLICATE
					       : DSR_F_BAG_ORDER,
	    e->name, NULL, "behind %s", c->last_path);
}

static void
note_order(struct check *c, const char *path, enum dsr_member_kind kind)
{
	size_t len;

	c->seen[kind]++;
	if (kind == DSR_MEMBER_UNKNOWN)
		return;
	len = strnlen(path, DSR_MAX_NAME);
	memcpy(c->last_path, path, len);
	c->last_path[len] = '\0';
	c->last_kind = kind;
}

/* ---- content that is not payload ------------------------------------------------- */

/* Cuts what comes into lines. */
struct splitter {
	struct check *check;
	const char *member;
	line_fn *each;
	struct dsr_buffer line;
	bool skipping; /* a line that was too long */
};

static int
end_line(struct splitter *s, struct dsr_error *err)
{
	int rc = 0;

	if (!s->skipping)
		rc = s->each(s->check, dsr_buffer_str(&s->line), s->line.len,
		    err);
	s->skipping = false;
	dsr_buffer_reset(&s->line);
	return rc;
}

static int
split_lines(struct splitter *s, const uint8_t *data, size_t len,
    struct dsr_error *err)
{
	const uint8_t *lf;
	size_t n;

	while (len > 0) {
		lf = memchr(data, '\n', len);
		n = lf == NULL ? len : (size_t)(lf - data) + 1;
		if (!s->skipping && n > s->line.max - s->line.len) {
			dsr_findings_add(s->check->findings, DSR_F_BAG_LIMIT,
			    s->member, NULL, "a line of more than %zu bytes",
			    s->line.max);
			s->skipping = true;
		}
		if (!s->skipping &&
		    dsr_buffer_append(&s->line, data, n, err) != 0)
			return -1;
		if (lf != NULL && end_line(s, err) != 0)
			return -1;
		data += n;
		len -= n;
	}
	return 0;
}

/* Whole: the first of its kind, and connectors when a report wants them. */
static bool
is_kept(const struct check *c, enum dsr_member_kind kind,
    const struct dsr_zip_entry *e)
{
	if (kind == DSR_MEMBER_CONNECTOR)
		return c->options->material != NULL &&
		    e->size <= DSR_MAX_CONNECTOR;
	return c->seen[kind] == 0 && e->size <= kept_bytes(kind);
}

/* A tag file or an attestation on its way. */
struct reading {
	struct passing passing;
	struct splitter lines;
	struct dsr_sha256 *hash;
	struct dsr_buffer *text; /* NULL: it is not kept */
};

static int
take_piece(void *ctx, const void *content, size_t len, struct dsr_error *err)
{
	struct reading *r = ctx;
	const struct verify_tap *tap = r->lines.check->options->tap;

	dsr_sha256_update(r->hash, content, len);
	if (tap != NULL)
		tap->piece(tap->ctx, content, len);
	if (r->text != NULL &&
	    dsr_buffer_append(r->text, content, len, err) != 0)
		return -1;
	return r->lines.each == NULL ? 0
				     : split_lines(&r->lines, content, len, err);
}

static int
end_reading(void *ctx, struct dsr_error *err)
{
	struct reading *r = ctx;

	return r->lines.line.len > 0 ? end_line(&r->lines, err) : 0;
}

/*
 * Reads a tag file or an attestation through the hash, into text when it is
 * kept, into lines when it is a list.
 */
static int
read_member(struct check *c, enum dsr_member_kind kind,
    const struct dsr_zip_entry *e, uint8_t sha256[DSR_SHA256_BYTES],
    struct dsr_error *err)
{
	struct reading r = {
		.passing = { .entry = *e, .content = take_piece,
		    .end = end_reading, .ctx = &r },
		.lines = { c, e->name,
		    c->seen[kind] == 0 ? line_checker(kind) : NULL,
		    { NULL, 0, 0, DSR_MAX_LINE }, false },
		.text = is_kept(c, kind, e) ? &c->text[kind] : NULL,
	};
	int rc = -1;

	if (dsr_sha256_new(&r.hash, err) != 0)
		return -1;
	if (pieces_send(c, &r.passing, err) != 0 || pieces_flush(c, err) != 0)
		goto out;
	dsr_sha256_final(r.hash, sha256);
	rc = 0;
out:
	dsr_buffer_fini(&r.lines.line);
	dsr_sha256_free(r.hash);
	return rc;
}

static int
keep_connector(struct check *c, const char *path, struct dsr_error *err)
{
	struct dsr_buffer *text = &c->text[DSR_MEMBER_CONNECTOR];
	int rc = 0;

	if (c->options->material != NULL && text->len > 0)
		rc = material_add_connector(c->options->material, path,
		    text->data, text->len, err);
	dsr_buffer_reset(text);
	return rc;
}

static int
check_content(struct check *c, const char *path, enum dsr_member_kind kind,
    const struct dsr_zip_entry *e, struct dsr_error *err)
{
	uint8_t sha256[DSR_SHA256_BYTES];
	const struct verify_tap *tap = c->options->tap;
	bool lines = line_checker(kind) != NULL && c->seen[kind] == 0;

	if (kind == DSR_MEMBER_STAMP || kind == DSR_MEMBER_RENEWAL)
		return stamp_read(c, path, kind, e, err);
	if (lines && lines_begin(c, kind, err) != 0)
		return -1;
	if (tap != NULL)
		tap->begin(tap->ctx, path);
	if (read_member(c, kind, e, sha256, err) != 0)
		return -1;
	if (tap != NULL)
		tap->end(tap->ctx);
	if (lines && lines_end(c, kind, err) != 0)
		return -1;
	if (kind == DSR_MEMBER_CONNECTOR && keep_connector(c, path, err) != 0)
		return -1;
	if (dsr_member_is_tag(kind))
		return tag_add(c, path, kind, sha256, err);
	return 0;
}

/*
 * FORMAT.md 2.2: nothing may be free to vary from the seal on, not even the
 * last bits of a deflate stream.
 */
static void
check_stored(struct check *c, enum dsr_member_kind kind,
    const struct dsr_zip_entry *e)
{
	if (kind >= DSR_MEMBER_SEAL && e->method != DSR_ZIP_STORED)
		dsr_findings_add(c->findings, DSR_F_ZIP_METHOD, e->name,
		    "stored", "deflated");
}

/* What stood before the seal is what the seal binds. */
static void
mark_body(struct check *c, const struct dsr_zip_entry *e)
{
	if (c->has_body || c->zip == NULL)
		return;
	c->has_body = true;
	c->body_members = dsr_zip_reader_count(c->zip) - 1;
	c->body_len = e->offset;
	dsr_zip_reader_digest(c->zip, c->body_sha256);
}

/* What has a limit is not inflated past it: it is not even begun. */
static bool
is_too_large(struct check *c, enum dsr_member_kind kind,
    const struct dsr_zip_entry *e)
{
	if (most_bytes(kind) == 0 || e->size <= most_bytes(kind))
		return false;
	dsr_findings_add(c->findings, DSR_F_BAG_LIMIT, e->name, NULL,
	    "%llu bytes", (unsigned long long)e->size);
	return true;
}

/* What the seal is checked with: 6.1 of FORMAT.md; the rest is passed over. */
static bool
is_wanted_quickly(enum dsr_member_kind kind)
{
	return kept_bytes(kind) > 0 || kind == DSR_MEMBER_STAMP ||
	    kind == DSR_MEMBER_RENEWAL;
}

int
member_check(struct check *c, const struct dsr_zip_entry *e,
    struct dsr_error *err)
{
	const char *path = c->zip == NULL ? e->name : below_top(c, e);
	enum dsr_member_kind kind;
	int rc;

	if (path == NULL)
		return 0;
	if (c->options->member != NULL)
		c->options->member(c->options->ctx, path, e->size);
	if ((kind = kind_of(c, path, e)) == DSR_MEMBER_UNKNOWN)
		return 0;
	coverage_add_member(c, (int)kind, e);
	check_order(c, path, kind, e);
	check_stored(c, kind, e);
	if (is_too_large(c, kind, e)) {
		note_order(c, path, kind);
		return 0;
	}
	if (kind == DSR_MEMBER_SEAL)
		mark_body(c, e);
	if (kind == DSR_MEMBER_DOCUMENT && strncmp(path, "data/files/", 11) == 0)
		c->folder_documents++;
	if (c->options->quick)
		rc = is_wanted_quickly(kind)
		    ? check_content(c, path, kind, e, err)
		    : 0;
	else if (dsr_member_is_payload(kind))
		rc = content_add(c, path, e, err);
	else if ((rc = content_flush(c, err)) == 0)
		rc = check_content(c, path, kind, e, err);
	note_order(c, path, kind);
	return rc;
}
