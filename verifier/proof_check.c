/* SPDX-License-Identifier: ISC */
/* Is a proof one? Document, line, audit path, seal: FORMAT.md 4.9. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "dossier/file.h"
#include "dossier/memory.h"
#include "dossier/text.h"
#include "proof.h"

struct examination {
	int folder;
	struct dsr_findings *findings;
	struct proof_result *result;
	struct check check; /* of what was signed */
	struct dsr_arena *arena;
	bool has_proof; /* proof.json could be read */
	struct dsr_proof proof;
	struct dsr_buffer line;
};

static void
malformed(struct examination *x, const char *name, const char *found)
{
	dsr_findings_add(x->findings, DSR_F_PROOF_MALFORMED, name, NULL, "%s",
	    found);
}

/*
 * Reads a whole small file: 1, or 0 with a finding, or -1. A file that may be
 * absent is none without a finding.
 */
static int
read_part(struct examination *x, const char *name, bool required,
    struct dsr_buffer *out, struct dsr_error *err)
{
	struct stat st;
	struct dsr_error bad;
	int fd = -1, rc = 0;

	if (!required &&
	    fstatat(x->folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return 0;
	if (dsr_file_open_below(x->folder, name, &fd, &bad) != 0 ||
	    dsr_fd_read(out, fd, &bad) != 0) {
		if (bad.code == DSR_ENOMEM) {
			*err = bad;
			rc = -1;
		} else {
			malformed(x, name, bad.msg);
		}
	} else {
		rc = 1;
	}
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

/* A canonical record of a type: 1, 0 with a finding, -1. */
static int
read_record(struct examination *x, const char *name,
    const struct dsr_record_type *type, void *record,
    const struct dsr_buffer *text, struct dsr_error *err)
{
	struct dsr_error bad;

	if (dsr_record_read_line(type, record, x->arena, text->data,
		text->len, &bad) == 0)
		return 1;
	if (bad.code == DSR_ENOMEM) {
		*err = bad;
		return -1;
	}
	malformed(x, name, bad.msg);
	return 0;
}

static int
read_proof(struct examination *x, struct dsr_error *err)
{
	struct dsr_buffer text;
	int rc;

	dsr_buffer_init(&text, DSR_MAX_LINE);
	rc = read_part(x, PROOF_JSON, true, &text, err);
	if (rc == 1)
		rc = read_record(x, PROOF_JSON, &dsr_proof_type, &x->proof,
		    &text, err);
	if (rc == 1 && strcmp(x->proof.format, DSR_FORMAT) != 0)
		malformed(x, PROOF_JSON, x->proof.format);
	else if (rc == 1 && x->proof.path.count > DSR_TREE_PATH_MAX)
		malformed(x, PROOF_JSON, "an audit path that is too long");
	else
		x->has_proof = rc == 1;
	if (x->has_proof)
		x->result->index = x->proof.index;
	dsr_buffer_fini(&text);
	return rc < 0 ? -1 : 0;
}

/* ---- the document ------------------------------------------------------------ */

static int
hash_file(int fd, uint8_t sha256[DSR_SHA256_BYTES], uint64_t *size,
    struct dsr_error *err)
{
	struct dsr_sha256 *hash = NULL;
	uint8_t piece[65536];
	int64_t n;

	*size = 0;
	if (dsr_sha256_new(&hash, err) != 0)
		return -1;
	while ((n = dsr_read_full(fd, piece, sizeof(piece), err)) > 0) {
		dsr_sha256_update(hash, piece, (size_t)n);
		*size += (uint64_t)n;
	}
	dsr_sha256_final(hash, sha256);
	dsr_sha256_free(hash);
	return (int)n;
}

static void
document_finding(struct examination *x, const char *path, const char *wanted,
    const char *found)
{
	dsr_findings_add(x->findings, DSR_F_PROOF_DOCUMENT, path, wanted,
	    "%s", found);
}

static int
compare_document(struct examination *x, const struct dsr_document *d,
    struct dsr_error *err)
{
	uint8_t sha256[DSR_SHA256_BYTES];
	char found[DSR_SHA256_HEX], bytes[2][32];
	struct dsr_error bad;
	uint64_t size;
	int fd = -1, rc;

	if (dsr_file_open_below(x->folder, d->path, &fd, &bad) != 0) {
		document_finding(x, d->path, NULL, bad.msg);
		return 0;
	}
	rc = hash_file(fd, sha256, &size, err);
	(void)close(fd);
	if (rc != 0)
		return -1;
	dsr_hex_encode(found, sha256, sizeof(sha256));
	if (strcmp(found, d->sha256) != 0)
		document_finding(x, d->path, d->sha256, found);
	(void)snprintf(bytes[0], sizeof(bytes[0]), "%" PRIu64, d->size);
	(void)snprintf(bytes[1], sizeof(bytes[1]), "%" PRIu64, size);
	if (size != d->size)
		document_finding(x, d->path, bytes[0], bytes[1]);
	return 0;
}

static int
check_document(struct examination *x, struct dsr_error *err)
{
	struct proof_result *r = x->result;
	struct dsr_document d;
	int rc = read_part(x, PROOF_LINE, true, &x->line, err);

	if (rc == 1)
		rc = read_record(x, PROOF_LINE, &dsr_document_type, &d,
		    &x->line, err);
	if (rc != 1)
		return rc;
	/* else the line could pass off another part of the proof as it */
	if (dsr_member_kind_of(d.path) != DSR_MEMBER_DOCUMENT) {
		malformed(x, PROOF_LINE, d.path);
		return 0;
	}
	r->has_document = true;
	r->size = d.size;
	(void)snprintf(r->path, sizeof(r->path), "%s", d.path);
	(void)snprintf(r->sha256, sizeof(r->sha256), "%s", d.sha256);
	return compare_document(x, &d, err);
}

/* ---- what was signed ------------------------------------------------------------ */

/* Members that stand in a proof, those that must first. */
static const enum dsr_member_kind parts[] = { DSR_MEMBER_TAGMANIFEST,
	DSR_MEMBER_SEAL, DSR_MEMBER_SEAL_PUB, DSR_MEMBER_ALLOWED_SIGNERS,
	DSR_MEMBER_SIGNER_PEM, DSR_MEMBER_SSHSIG, DSR_MEMBER_CMS };
#define PARTS    (sizeof(parts) / sizeof(parts[0]))
#define REQUIRED 3u

static int
read_signed(struct examination *x, struct dsr_error *err)
{
	struct check *c = &x->check;
	struct dsr_buffer stamp;
	size_t i;
	int rc;

	for (i = 0; i < PARTS; i++) {
		rc = read_part(x, dsr_member_path(parts[i]), i < REQUIRED,
		    &c->text[parts[i]], err);
		if (rc < 0)
			return -1;
		c->seen[parts[i]] = (uint64_t)rc;
	}
	dsr_buffer_init(&stamp, DSR_MAX_ATTESTATION);
	rc = read_part(x, dsr_member_path(DSR_MEMBER_STAMP), false, &stamp,
	    err);
	if (rc == 1)
		rc = stamp_take(c, &stamp, err);
	dsr_buffer_fini(&stamp);
	return rc < 0 ? -1 : 0;
}

/* The digest of a tag file in the tag manifest; false when it has none. */
static bool
find_listed(const struct check *c, const char *name,
    uint8_t sha256[DSR_SHA256_BYTES])
{
	const struct dsr_buffer *text = &c->text[DSR_MEMBER_TAGMANIFEST];
	const char *at = dsr_buffer_str(text), *end = at + text->len, *lf,
		   *path;
	size_t len;

	for (; at < end; at = lf + 1) {
		if ((lf = memchr(at, '\n', (size_t)(end - at))) == NULL)
			return false;
		if (dsr_manifest_line_parse(at, (size_t)(lf - at) + 1, sha256,
			&path, &len) &&
		    strlen(name) == len && memcmp(name, path, len) == 0)
			return true;
	}
	return false;
}

/*
 * The files of keys/ are those of the archive: what signs the tag manifest
 * vouches for them, and they for nobody.
 */
static void
check_listed(struct examination *x, enum dsr_member_kind kind)
{
	const struct dsr_buffer *text = &x->check.text[kind];
	uint8_t listed[DSR_SHA256_BYTES], is[DSR_SHA256_BYTES];
	char wanted[DSR_SHA256_HEX], found[DSR_SHA256_HEX];
	const char *name = dsr_member_path(kind);

	if (x->check.seen[kind] == 0)
		return;
	if (!find_listed(&x->check, name, listed)) {
		dsr_findings_add(x->findings, DSR_F_BAG_UNLISTED, name, NULL,
		    NULL);
		return;
	}
	dsr_sha256(is, text->data, text->len);
	if (memcmp(is, listed, sizeof(is)) == 0)
		return;
	dsr_hex_encode(wanted, listed, sizeof(listed));
	dsr_hex_encode(found, is, sizeof(is));
	dsr_findings_add(x->findings, DSR_F_BAG_DIGEST, name, wanted, "%s",
	    found);
}

static int
check_signed(struct examination *x, struct dsr_error *err)
{
	if (read_signed(x, err) != 0 ||
	    attestations_check(&x->check, err) != 0)
		return -1;
	check_listed(x, DSR_MEMBER_SEAL_PUB);
	check_listed(x, DSR_MEMBER_ALLOWED_SIGNERS);
	check_listed(x, DSR_MEMBER_SIGNER_PEM);
	return 0;
}

/* ---- from the line to the seal ------------------------------------------------- */

static void
check_path(struct examination *x)
{
	const struct dsr_seal *seal = &x->check.seal;
	const char *const *texts = x->proof.path.items;
	uint8_t path[DSR_TREE_PATH_MAX][DSR_SHA256_BYTES],
	    leaf[DSR_SHA256_BYTES];
	size_t i;

	if (!x->has_proof || !x->check.has_seal)
		return; /* a finding has said why */
	for (i = 0; i < x->proof.path.count; i++)
		if (!dsr_hex_decode(path[i], DSR_SHA256_BYTES, texts[i],
			strlen(texts[i])))
			return;
	dsr_tree_leaf(leaf, x->line.data, x->line.len);
	if (!dsr_tree_path_is_valid(seal->tree_root, seal->documents,
		x->proof.index, leaf,
		(const uint8_t(*)[DSR_SHA256_BYTES])path, i))
		dsr_findings_add(x->findings, DSR_F_PROOF_PATH, PROOF_JSON,
		    NULL, "leaf %" PRIu64 " of %" PRIu64, x->proof.index,
		    seal->documents);
}

static void
tell_sealed(struct examination *x)
{
	const struct dsr_seal *seal = &x->check.seal;
	struct proof_result *r = x->result;

	if (!x->check.has_seal)
		return;
	r->has_seal = true;
	r->documents = seal->documents;
	memcpy(r->judged.id, seal->id, sizeof(r->judged.id));
	if (strcmp(seal->request, "-") != 0)
		memcpy(r->judged.request, seal->request,
		    sizeof(r->judged.request));
}

static void
examination_init(struct examination *x, int folder,
    const struct verify_options *o, struct dsr_findings *findings,
    struct proof_result *result)
{
	size_t i;

	memset(x, 0, sizeof(*x));
	memset(result, 0, sizeof(*result));
	x->folder = folder;
	x->findings = x->check.findings = findings;
	x->result = result;
	x->check.options = o;
	x->check.refusals = dsr_memory_refusals();
	x->check.result = &result->judged;
	x->check.plain_fd = -1;
	x->check.of_proof = true;
	dsr_buffer_init(&x->line, DSR_MAX_LINE);
	for (i = 0; i < PARTS; i++)
		dsr_buffer_init(&x->check.text[parts[i]],
		    DSR_MAX_ATTESTATION);
	dsr_buffer_init(&x->check.text[DSR_MEMBER_TAGMANIFEST],
	    DSR_MAX_TAGMANIFEST);
}

static void
examination_fini(struct examination *x)
{
	size_t i;

	for (i = 0; i < PARTS; i++)
		dsr_buffer_fini(&x->check.text[parts[i]]);
	stamps_free(x->check.stamps);
	dsr_certificates_free(x->check.certificates);
	dsr_buffer_fini(&x->line);
	dsr_arena_free(x->arena);
}

int
proof_check(int folder, const struct verify_options *o,
    struct dsr_findings *findings, struct proof_result *result,
    struct dsr_error *err)
{
	struct examination x;
	int rc = -1;

	examination_init(&x, folder, o, findings, result);
	if (dsr_arena_new(&x.arena, err) == 0 && read_proof(&x, err) == 0 &&
	    check_document(&x, err) == 0 && check_signed(&x, err) == 0) {
		check_path(&x);
		tell_sealed(&x);
		rc = verdict_decide(&x.check, err);
	}
	examination_fini(&x);
	return rc;
}
