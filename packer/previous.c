/* SPDX-License-Identifier: ISC */
#include "previous.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dossier/bag.h"
#include "dossier/file.h"
#include "dossier/limits.h"
#include "dossier/minisign.h"
#include "dossier/records.h"
#include "dossier/text.h"
#include "dossier/zip.h"

struct reading {
	struct dsr_findings *findings;
	struct dsr_zip_reader *zip;
	struct dsr_buffer statement, key, tagmanifest, seal;
	bool has_body;
	uint64_t body_members, body_len;
	uint8_t body_sha256[DSR_SHA256_BYTES];
};

/* Where a member is kept, NULL for those that are not needed. */
static struct dsr_buffer *
place_of(struct reading *r, enum dsr_member_kind kind)
{
	if (kind == DSR_MEMBER_STATEMENT)
		return &r->statement;
	if (kind == DSR_MEMBER_SEAL_PUB)
		return &r->key;
	if (kind == DSR_MEMBER_TAGMANIFEST)
		return &r->tagmanifest;
	return kind == DSR_MEMBER_SEAL ? &r->seal : NULL;
}

static int
take_member(struct reading *r, const struct dsr_zip_entry *e,
    struct dsr_error *err)
{
	const char *slash = strchr(e->name, '/');
	enum dsr_member_kind kind =
	    dsr_member_kind_of(slash == NULL ? "" : slash + 1);
	struct dsr_buffer *place = place_of(r, kind);
	uint8_t piece[65536];
	int64_t n;

	if (kind == DSR_MEMBER_SEAL && !r->has_body) {
		r->has_body = true;
		r->body_members = dsr_zip_reader_count(r->zip) - 1;
		r->body_len = e->offset;
		dsr_zip_reader_digest(r->zip, r->body_sha256);
	}
	if (place == NULL || place->len > 0)
		return 0; /* the digest of the body covers it */
	while ((n = dsr_zip_reader_read(r->zip, piece, sizeof(piece), err)) >
	    0)
		if (dsr_buffer_append(place, piece, (size_t)n, err) != 0)
			return -1;
	return (int)n;
}

static int
read_members(struct reading *r, int fd, struct dsr_error *err)
{
	struct dsr_zip_entry e;
	int more;

	if (dsr_findings_new(&r->findings, NULL, NULL, err) != 0 ||
	    dsr_zip_reader_new(&r->zip, fd, r->findings, err) != 0)
		return -1;
	while ((more = dsr_zip_reader_next(r->zip, &e, err)) == 1)
		if (take_member(r, &e, err) != 0)
			return -1;
	if (more != 0 || dsr_zip_reader_finish(r->zip, err) != 0)
		return -1;
	if (dsr_findings_count(r->findings, DSR_ERROR) > 0)
		return dsr_fail(err, DSR_EINPUT, "damaged, or no archive: %s",
		    dsr_finding_name(dsr_findings_get(r->findings, 0)->id));
	return r->has_body ? 0
	    : dsr_fail(err, DSR_EINPUT, "nobody has sealed it");
}

/* FORMAT.md 5.1: whatever the seal says is what was read. */
static int
check_seal(const struct reading *r, struct dsr_seal *seal,
    struct dsr_error *err)
{
	uint8_t prehash[DSR_PREHASH_BYTES];
	struct dsr_public_key key;
	struct dsr_minisig sig;

	if (dsr_public_key_parse(&key, r->key.data, r->key.len, err) != 0 ||
	    dsr_minisig_parse(&sig, r->seal.data, r->seal.len, err) != 0)
		return -1;
	dsr_minisign_prehash(prehash, r->tagmanifest.data,
	    r->tagmanifest.len);
	if (!dsr_minisig_is_valid(&sig, &key, prehash))
		return dsr_fail(err, DSR_EINPUT, "the seal does not verify");
	if (dsr_seal_parse(seal, sig.trusted_comment, err) != 0)
		return -1;
	if (seal->members != r->body_members ||
	    seal->body_len != r->body_len ||
	    memcmp(seal->body_sha256, r->body_sha256,
		sizeof(r->body_sha256)) != 0)
		return dsr_fail(err, DSR_EINPUT,
		    "its bytes are not the ones that were sealed");
	return 0;
}

static int
check_statement(const struct reading *r, struct previous *out,
    struct dsr_error *err)
{
	struct dsr_arena *arena = NULL;
	struct dsr_statement s;
	int rc = -1;

	if (dsr_arena_new(&arena, err) != 0)
		return -1;
	if (dsr_record_read_line(&dsr_statement_type, &s, arena,
		r->statement.data, r->statement.len, err) != 0)
		goto out;
	out->sequence = s.sequence;
	rc = strcmp(s.id, out->seal.id) == 0 &&
		s.sequence < DSR_MAX_JSON_INTEGER
	    ? 0
	    : dsr_fail(err, DSR_EINPUT, "its statement is not its own");
out:
	dsr_arena_free(arena);
	return rc;
}

static int
read_all(struct previous *out, int fd, struct dsr_error *err)
{
	struct reading r;
	int rc = -1;

	memset(&r, 0, sizeof(r));
	dsr_buffer_init(&r.statement, DSR_MAX_STATEMENT);
	dsr_buffer_init(&r.key, DSR_MAX_KEY_FILE);
	dsr_buffer_init(&r.tagmanifest, DSR_MAX_TAGMANIFEST);
	dsr_buffer_init(&r.seal, DSR_MAX_ATTESTATION);
	if (read_members(&r, fd, err) == 0 &&
	    check_seal(&r, &out->seal, err) == 0 &&
	    check_statement(&r, out, err) == 0) {
		dsr_hex_encode(out->body_sha256, out->seal.body_sha256,
		    DSR_SHA256_BYTES);
		rc = 0;
	}
	dsr_zip_reader_free(r.zip);
	dsr_findings_free(r.findings);
	dsr_buffer_fini(&r.statement);
	dsr_buffer_fini(&r.key);
	dsr_buffer_fini(&r.tagmanifest);
	dsr_buffer_fini(&r.seal);
	return rc;
}

int
previous_read(struct previous *out, const char *path, struct dsr_error *err)
{
	struct stat st;
	int fd, rc = -1;

	memset(out, 0, sizeof(*out));
	/* not to hang at a FIFO that nobody writes to */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return dsr_fail_sys(err, "%s", path);
	if (fstat(fd, &st) != 0)
		dsr_fail_sys(err, "%s", path);
	else if (!S_ISREG(st.st_mode))
		dsr_fail(err, DSR_EINPUT, "%s: wanted an archive", path);
	else if ((rc = read_all(out, fd, err)) != 0)
		(void)dsr_wrap(err, "previous archive: %s", path);
	(void)close(fd);
	/* what is wrong with the old one is bad input to the new one */
	if (rc != 0 && (err->code == DSR_EFORMAT || err->code == DSR_ELIMIT ||
			   err->code == DSR_EVERSION))
		err->code = DSR_EINPUT;
	return rc;
}
