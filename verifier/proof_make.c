/* SPDX-License-Identifier: ISC */
/* A proof from an archive: one more look at it, in memory that stays small. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dossier/bag.h"
#include "dossier/file.h"
#include "dossier/records.h"
#include "dossier/text.h"
#include "dossier/tree.h"
#include "dossier/zip.h"
#include "delivery.h"
#include "proof.h"

#define PIECE 65536u

struct proving {
	struct dsr_outfolder *to;
	struct dsr_zip_reader *zip;
	const char *document; /* path below NAME/ */
	uint64_t documents;   /* leaves of the tree */
	uint64_t passed;      /* documents before the wanted one */
	bool found;
	struct proof_others others;
	struct dsr_tree_path *path;
	struct dsr_buffer line; /* the wanted one, once it has passed */
};

/* The archive is not the one that was verified. */
static int
fail_changed(struct dsr_error *err)
{
	return dsr_fail(err, DSR_EFAILED,
	    "the archive changed while it was read");
}

/* Copies the current member into the proof. */
static int
copy_member(struct proving *p, const char *name, struct dsr_error *err)
{
	uint8_t piece[PIECE];
	int64_t n;
	int fd = -1, rc = -1;

	if (dsr_outfolder_create(p->to, name, &fd, err) != 0)
		return -1;
	while ((n = dsr_zip_reader_read(p->zip, piece, sizeof(piece), err)) >
	    0)
		if (dsr_write_all(fd, piece, (size_t)n, err) != 0)
			goto out;
	rc = (int)n;
out:
	if (close(fd) != 0 && rc == 0)
		rc = dsr_fail_sys(err, "%s: close", name);
	return rc;
}

static int
pass_document(struct proving *p, const char *path, struct dsr_error *err)
{
	if (p->found)
		return 0;
	if (strcmp(path, p->document) != 0) {
		p->passed++;
		return 0;
	}
	p->found = true;
	return copy_member(p, path, err);
}

/* ---- documents.jsonl: every line is a leaf ----------------------------------- */

struct lines {
	struct proving *proving;
	uint64_t count;
	struct dsr_buffer line;
};

static int
end_line(struct lines *l, struct dsr_error *err)
{
	struct proving *p = l->proving;

	dsr_tree_path_add(p->path, l->line.data, l->line.len);
	if (l->count++ == p->passed &&
	    dsr_buffer_append(&p->line, l->line.data, l->line.len, err) != 0)
		return -1;
	dsr_buffer_reset(&l->line);
	return 0;
}

static int
split_lines(struct lines *l, const uint8_t *data, size_t len,
    struct dsr_error *err)
{
	const uint8_t *lf;
	size_t n;

	for (; len > 0; data += n, len -= n) {
		lf = memchr(data, '\n', len);
		n = lf == NULL ? len : (size_t)(lf - data) + 1;
		if (n > l->line.max - l->line.len)
			return fail_changed(err);
		if (dsr_buffer_append(&l->line, data, n, err) != 0 ||
		    (lf != NULL && end_line(l, err) != 0))
			return -1;
	}
	return 0;
}

static int
pass_lines(struct proving *p, struct dsr_error *err)
{
	struct lines lines = { p, 0, { NULL, 0, 0, DSR_MAX_LINE } };
	uint8_t piece[PIECE];
	int64_t n;
	int rc = -1;

	if (!p->found)
		return dsr_fail(err, DSR_EFAILED,
		    "%s: the archive has no such document (dossier list "
		    "shows what it has)", p->document);
	if (p->passed >= p->documents)
		return fail_changed(err);
	if (dsr_tree_path_new(&p->path, p->documents, p->passed, err) != 0)
		return -1;
	while ((n = dsr_zip_reader_read(p->zip, piece, sizeof(piece), err)) >
	    0)
		if (split_lines(&lines, piece, (size_t)n, err) != 0)
			goto out;
	rc = (int)n;
	if (rc == 0 && !dsr_tree_path_is_done(p->path))
		rc = fail_changed(err);
out:
	dsr_buffer_fini(&lines.line);
	return rc;
}

/* ---- all members ---------------------------------------------------------------- */

/*
 * Renewed stamps are left out: they are over the bytes of the whole file, which
 * a proof does not have.
 */
static bool
is_copied(enum dsr_member_kind kind)
{
	return kind == DSR_MEMBER_SEAL_PUB ||
	    kind == DSR_MEMBER_ALLOWED_SIGNERS ||
	    kind == DSR_MEMBER_SIGNER_PEM || kind == DSR_MEMBER_TAGMANIFEST ||
	    kind == DSR_MEMBER_SSHSIG || kind == DSR_MEMBER_CMS ||
	    kind == DSR_MEMBER_SEAL || kind == DSR_MEMBER_STAMP;
}

static int
pass_member(struct proving *p, const struct dsr_zip_entry *e,
    struct dsr_error *err)
{
	const char *slash = strchr(e->name, '/');
	enum dsr_member_kind kind;

	if (slash == NULL)
		return fail_changed(err);
	kind = dsr_member_kind_of(slash + 1);
	if (kind == DSR_MEMBER_DOCUMENT)
		return pass_document(p, slash + 1, err);
	if (kind == DSR_MEMBER_DOCUMENTS)
		return pass_lines(p, err);
	if (!is_copied(kind))
		return 0;
	p->others.sshsig = p->others.sshsig || kind == DSR_MEMBER_SSHSIG;
	p->others.cms = p->others.cms || kind == DSR_MEMBER_CMS;
	p->others.stamp = p->others.stamp || kind == DSR_MEMBER_STAMP;
	return copy_member(p, slash + 1, err);
}

static int
open_again(struct delivery **out, int fd,
    const struct dsr_age_identities *keys, struct dsr_findings *findings,
    struct dsr_error *err)
{
	*out = NULL;
	if (lseek(fd, 0, SEEK_SET) != 0)
		return dsr_fail_sys(err, "input");
	if (delivery_new(out, fd, keys, findings, err) != 0 ||
	    delivery_open(*out, err) != 0)
		return -1;
	return delivery_is_open(*out) ? 0 : fail_changed(err);
}

static int
pass_members(struct proving *p, int fd, const struct dsr_age_identities *keys,
    struct dsr_error *err)
{
	struct dsr_findings *findings = NULL;
	struct delivery *delivery = NULL;
	struct dsr_source source;
	struct dsr_zip_entry e;
	int more = -1;

	if (dsr_findings_new(&findings, NULL, NULL, err) != 0 ||
	    open_again(&delivery, fd, keys, findings, err) != 0)
		goto out;
	delivery_source(delivery, &source);
	if (dsr_zip_reader_new_source(&p->zip, &source, findings, err) != 0)
		goto out;
	while ((more = dsr_zip_reader_next(p->zip, &e, err)) == 1)
		if ((more = pass_member(p, &e, err)) != 0)
			goto out;
	if (more == 0 && dsr_findings_count(findings, DSR_ERROR) > 0)
		more = fail_changed(err);
out:
	dsr_zip_reader_free(p->zip);
	delivery_free(delivery);
	dsr_findings_free(findings);
	return more;
}

/* ---- what is not in the archive -------------------------------------------------- */

static int
write_json(struct proving *p, struct dsr_error *err)
{
	char digests[DSR_TREE_PATH_MAX][DSR_SHA256_HEX];
	const char *path[DSR_TREE_PATH_MAX];
	struct dsr_proof proof = { DSR_FORMAT, p->passed, { path, 0 } };
	struct dsr_buffer text;
	size_t i;
	int rc = -1;

	proof.path.count = dsr_tree_path_count(p->path);
	for (i = 0; i < proof.path.count; i++) {
		dsr_hex_encode(digests[i], dsr_tree_path_digest(p->path, i),
		    DSR_SHA256_BYTES);
		path[i] = digests[i];
	}
	dsr_buffer_init(&text, DSR_MAX_LINE);
	if (dsr_record_write_line(&dsr_proof_type, &proof, &text, err) == 0)
		rc = dsr_outfolder_write(p->to, PROOF_JSON, text.data,
		    text.len, err);
	dsr_buffer_fini(&text);
	return rc;
}

static int
write_text(struct proving *p, struct dsr_error *err)
{
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, DSR_MAX_TAG_FILE);
	if (proof_text_write(&text, p->document, &p->others, err) == 0)
		rc = dsr_outfolder_write(p->to, PROOF_TEXT, text.data,
		    text.len, err);
	dsr_buffer_fini(&text);
	return rc;
}

int
proof_make(struct dsr_outfolder *to, int fd,
    const struct dsr_age_identities *keys, const char *document,
    const struct verify_result *verified, struct dsr_error *err)
{
	size_t len = strlen(verified->name);
	struct proving p;
	int rc = -1;

	if (!verified->seal_is_valid)
		return dsr_fail(err, DSR_EFAILED,
		    "nobody has signed this archive: nothing could vouch for "
		    "a proof");
	memset(&p, 0, sizeof(p));
	p.to = to;
	p.documents = verified->documents;
	p.document = strncmp(document, verified->name, len) == 0 &&
		document[len] == '/'
	    ? document + len + 1
	    : document;
	dsr_buffer_init(&p.line, DSR_MAX_LINE);
	if (pass_members(&p, fd, keys, err) != 0)
		goto out;
	if (p.path == NULL) {
		fail_changed(err);
		goto out;
	}
	if (dsr_outfolder_write(to, PROOF_LINE, p.line.data, p.line.len,
		err) == 0 &&
	    write_json(&p, err) == 0)
		rc = write_text(&p, err);
out:
	dsr_tree_path_free(p.path);
	dsr_buffer_fini(&p.line);
	return rc;
}
