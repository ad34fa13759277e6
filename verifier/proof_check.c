/* SPDX-License-Identifier: ISC */
/* Is a proof one? Document, line, audit path, seal: FORMAT.md 4.9. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dossier/bag.h"
#include "dossier/file.h"
#include "dossier/records.h"
#include "dossier/sshsig.h"
#include "dossier/text.h"
#include "dossier/tree.h"
#include "proof.h"

struct examination {
	int folder;
	const struct dsr_trust *trust;
	struct dsr_findings *findings;
	struct proof_result *result;
	struct dsr_arena *arena;
	bool has_proof; /* proof.json could be read */
	struct dsr_proof proof;
	struct dsr_buffer line, tagmanifest;
	struct dsr_public_key key;
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

/* ---- the seal ----------------------------------------------------------------- */

/* Takes the key out of its file, which must be as 5.2 writes it. */
static int
take_key(struct examination *x, const struct dsr_buffer *text,
    struct dsr_error *err)
{
	const char *name = dsr_member_path(DSR_MEMBER_SEAL_PUB);
	struct proof_result *r = x->result;
	struct dsr_buffer wanted;
	struct dsr_error bad;
	int rc;

	if (dsr_public_key_parse(&x->key, text->data, text->len, &bad) != 0) {
		dsr_findings_add(x->findings, DSR_F_SEAL_KEY, name, NULL,
		    "%s", bad.msg);
		return 0;
	}
	dsr_buffer_init(&wanted, DSR_MAX_KEY_FILE);
	rc = dsr_public_key_write(&x->key, &wanted, err);
	if (rc == 0 && (wanted.len != text->len ||
		memcmp(wanted.data, text->data, text->len) != 0))
		dsr_findings_add(x->findings, DSR_F_SEAL_KEY, name,
		    dsr_buffer_str(&wanted), "%s", dsr_buffer_str(text));
	dsr_buffer_fini(&wanted);
	r->has_key = true;
	dsr_key_id_text(r->key_id, x->key.id);
	dsr_key_fingerprint(r->key_sha256, x->key.key);
	r->trusted_from = dsr_trust_find(x->trust, x->key.key);
	return rc;
}

/* A hint: it says which key to look for among the trusted ones. */
static int
check_key(struct examination *x, struct dsr_error *err)
{
	struct dsr_buffer text;
	int rc;

	dsr_buffer_init(&text, DSR_MAX_KEY_FILE);
	rc = read_part(x, dsr_member_path(DSR_MEMBER_SEAL_PUB), true, &text,
	    err);
	if (rc == 1)
		rc = take_key(x, &text, err);
	dsr_buffer_fini(&text);
	return rc < 0 ? -1 : 0;
}

static void
seal_finding(struct examination *x, enum dsr_finding_id id,
    const char *wanted, const char *found)
{
	dsr_findings_add(x->findings, id, dsr_member_path(DSR_MEMBER_SEAL),
	    wanted, "%s", found);
}

/* What the seal says is believed once it verifies, and not before. */
static void
read_comment(struct examination *x, const char *comment)
{
	struct dsr_error bad;

	if (dsr_seal_parse(&x->result->seal, comment, &bad) == 0)
		x->result->seal_is_valid = true;
	else if (bad.code == DSR_EVERSION)
		seal_finding(x, DSR_F_VERSION, DSR_FORMAT, comment);
	else
		seal_finding(x, DSR_F_SEAL_MALFORMED, NULL, bad.msg);
}

static void
judge_seal(struct examination *x, const struct dsr_buffer *text)
{
	uint8_t prehash[DSR_PREHASH_BYTES];
	struct dsr_minisig sig;
	struct dsr_error bad;

	if (dsr_minisig_parse(&sig, text->data, text->len, &bad) != 0) {
		seal_finding(x, DSR_F_SEAL_MALFORMED, NULL, bad.msg);
		return;
	}
	if (strcmp(sig.untrusted_comment, DSR_SEAL_UNTRUSTED) != 0)
		seal_finding(x, DSR_F_SEAL_MALFORMED, DSR_SEAL_UNTRUSTED,
		    sig.untrusted_comment);
	if (!x->result->has_key)
		return;
	if (memcmp(sig.key_id, x->key.id, sizeof(sig.key_id)) != 0)
		seal_finding(x, DSR_F_SEAL_KEY, x->result->key_id,
		    "a seal by another key");
	dsr_minisign_prehash(prehash, x->tagmanifest.data, x->tagmanifest.len);
	if (dsr_minisig_is_valid(&sig, &x->key, prehash))
		read_comment(x, sig.trusted_comment);
	else
		seal_finding(x, DSR_F_SEAL_SIGNATURE, x->result->key_id,
		    "a signature that is not valid");
}

static int
check_seal(struct examination *x, struct dsr_error *err)
{
	struct dsr_buffer text;
	int rc;

	dsr_buffer_init(&text, DSR_MAX_ATTESTATION);
	rc = read_part(x, dsr_member_path(DSR_MEMBER_TAGMANIFEST), true,
	    &x->tagmanifest, err);
	if (rc == 1)
		rc = read_part(x, dsr_member_path(DSR_MEMBER_SEAL), true,
		    &text, err);
	if (rc == 1)
		judge_seal(x, &text);
	dsr_buffer_fini(&text);
	return rc < 0 ? -1 : 0;
}

static void
judge_sshsig(struct examination *x, const struct dsr_buffer *text)
{
	const char *found = NULL;
	struct dsr_sshsig sig;
	struct dsr_error bad;

	if (dsr_sshsig_parse(&sig, DSR_SSHSIG_NAMESPACE, text->data, text->len,
		&bad) != 0)
		found = bad.msg;
	else if (!x->result->has_key ||
	    memcmp(sig.key, x->key.key, sizeof(sig.key)) != 0)
		found = "another key than the seal's";
	else if (!dsr_sshsig_is_valid(&sig, DSR_SSHSIG_NAMESPACE,
		     x->tagmanifest.data, x->tagmanifest.len))
		found = "a signature that is not valid";
	else
		x->result->has_sshsig = true;
	if (found != NULL)
		dsr_findings_add(x->findings, DSR_F_SIGN_INVALID,
		    dsr_member_path(DSR_MEMBER_SSHSIG), NULL, "%s", found);
}

/* What may be there: judged, or named as not judged. */
static int
check_others(struct examination *x, struct dsr_error *err)
{
	static const enum dsr_member_kind unknown[] = { DSR_MEMBER_CMS,
		DSR_MEMBER_STAMP };
	struct dsr_buffer text;
	struct stat st;
	size_t i;
	int rc;

	dsr_buffer_init(&text, DSR_MAX_ATTESTATION);
	rc = read_part(x, dsr_member_path(DSR_MEMBER_SSHSIG), false, &text,
	    err);
	if (rc == 1)
		judge_sshsig(x, &text);
	dsr_buffer_fini(&text);
	for (i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		if (fstatat(x->folder, dsr_member_path(unknown[i]), &st,
			AT_SYMLINK_NOFOLLOW) == 0)
			dsr_findings_add(x->findings, DSR_F_NOT_CHECKED,
			    dsr_member_path(unknown[i]), NULL, NULL);
	return rc < 0 ? -1 : 0;
}

/* ---- from the line to the seal ------------------------------------------------- */

static void
check_path(struct examination *x)
{
	const struct dsr_seal *seal = &x->result->seal;
	const char *const *texts = x->proof.path.items;
	uint8_t path[DSR_TREE_PATH_MAX][DSR_SHA256_BYTES],
	    leaf[DSR_SHA256_BYTES];
	size_t i;

	if (!x->has_proof || !x->result->seal_is_valid)
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
decide(struct examination *x)
{
	struct proof_result *r = x->result;

	r->has_verdict =
	    dsr_findings_count_of(x->findings, DSR_F_VERSION) == 0;
	if (!r->has_verdict) {
		r->exit_status = dsr_exit_status(DSR_EVERSION);
	} else if (dsr_findings_count(x->findings, DSR_ERROR) > 0 ||
	    !r->seal_is_valid || !r->has_document || !x->has_proof) {
		r->verdict = VERDICT_NOT_INTACT;
		r->exit_status = 1;
	} else if (r->trusted_from == NULL) {
		r->verdict = VERDICT_UNKNOWN;
		r->exit_status = dsr_exit_status(DSR_EUNTRUSTED);
	} else {
		r->verdict = VERDICT_TRUSTED;
		r->exit_status = 0;
	}
}

int
proof_check(int folder, const struct dsr_trust *trust,
    struct dsr_findings *findings, struct proof_result *result,
    struct dsr_error *err)
{
	struct examination x;
	int rc = -1;

	memset(result, 0, sizeof(*result));
	memset(&x, 0, sizeof(x));
	x.folder = folder;
	x.trust = trust;
	x.findings = findings;
	x.result = result;
	dsr_buffer_init(&x.line, DSR_MAX_LINE);
	dsr_buffer_init(&x.tagmanifest, DSR_MAX_TAGMANIFEST);
	if (dsr_arena_new(&x.arena, err) != 0 || read_proof(&x, err) != 0 ||
	    check_document(&x, err) != 0 || check_key(&x, err) != 0 ||
	    check_seal(&x, err) != 0 || check_others(&x, err) != 0)
		goto out;
	check_path(&x);
	decide(&x);
	rc = 0;
out:
	dsr_arena_free(x.arena);
	dsr_buffer_fini(&x.line);
	dsr_buffer_fini(&x.tagmanifest);
	return rc;
}
