/* SPDX-License-Identifier: ISC */
/* The statement, and everything that must follow from it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dossier/json.h"
#include "dossier/request.h"
#include "dossier/sense.h"
#include "dossier/text.h"
#include "erasures.h"

int
statement_read(struct check *c, struct dsr_error *err)
{
	const struct dsr_buffer *text = &c->text[DSR_MEMBER_STATEMENT];
	struct dsr_statement *s = &c->statement;
	struct verify_result *r = c->result;
	struct dsr_error bad;

	if (c->seen[DSR_MEMBER_STATEMENT] == 0 || text->len == 0)
		return 0;
	if (dsr_record_read_line(&dsr_statement_type, s, c->arena, text->data,
		text->len, &bad) != 0) {
		if (bad.code == DSR_ENOMEM) {
			*err = bad;
			return -1;
		}
		dsr_findings_add(c->findings, DSR_F_JSON_STATEMENT,
		    dsr_member_path(DSR_MEMBER_STATEMENT), NULL, "%s",
		    bad.msg);
		return 0;
	}
	c->has_statement = r->has_statement = true;
	(void)snprintf(r->kind, sizeof(r->kind), "%s", s->kind);
	(void)snprintf(r->id, sizeof(r->id), "%s", s->id);
	(void)snprintf(r->packed, sizeof(r->packed), "%s", s->packed);
	(void)snprintf(r->request, sizeof(r->request), "%s",
	    s->request == NULL ? "" : s->request);
	r->sequence = s->sequence;
	if (s->previous != NULL) {
		(void)snprintf(r->previous_id, sizeof(r->previous_id), "%s",
		    s->previous->id);
		(void)snprintf(r->previous_sha256, sizeof(r->previous_sha256),
		    "%s", s->previous->body_sha256);
	}
	return 0;
}

/* ---- what must be there: FORMAT.md 3.1 ---- */

static bool
is_attested(const struct check *c, const char *by)
{
	const char *const *items = c->statement.attestations.items;
	size_t i;

	for (i = 0; i < c->statement.attestations.count; i++)
		if (strcmp(items[i], by) == 0)
			return true;
	return false;
}

static void
check_presence(struct check *c, enum dsr_member_kind kind, bool wanted)
{
	bool attestation = kind == DSR_MEMBER_SEAL ||
	    kind == DSR_MEMBER_SSHSIG || kind == DSR_MEMBER_CMS;
	enum dsr_finding_id missing = DSR_F_BAG_REQUIRED,
	    extra = DSR_F_BAG_UNEXPECTED;

	if (attestation) {
		missing = kind == DSR_MEMBER_SEAL ? DSR_F_SEAL_MISSING
						  : DSR_F_SIGN_MISSING;
		extra = kind == DSR_MEMBER_SEAL ? DSR_F_SEAL_UNDECLARED
						: DSR_F_SIGN_UNDECLARED;
	}
	if (wanted && c->seen[kind] == 0)
		dsr_findings_add(c->findings, missing, dsr_member_path(kind),
		    NULL, NULL);
	if (!wanted && c->seen[kind] > 0)
		dsr_findings_add(c->findings, extra, dsr_member_path(kind),
		    NULL, NULL);
}

/* What every archive has, whatever its statement says. */
static void
check_always(struct check *c)
{
	static const enum dsr_member_kind always[] = { DSR_MEMBER_DOCUMENTS,
		DSR_MEMBER_EXCHANGES, DSR_MEMBER_GAPS, DSR_MEMBER_STATEMENT,
		DSR_MEMBER_START_HERE, DSR_MEMBER_VERIFY, DSR_MEMBER_BAGIT,
		DSR_MEMBER_BAG_INFO, DSR_MEMBER_MANIFEST,
		DSR_MEMBER_TAGMANIFEST };
	size_t i;

	for (i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		check_presence(c, always[i], true);
	check_presence(c, DSR_MEMBER_NO_DOCUMENTS,
	    c->seen[DSR_MEMBER_DOCUMENT] == 0);
}

static void
mismatch(struct check *c, const char *wanted, const char *found)
{
	dsr_findings_add(c->findings, DSR_F_STATEMENT_MISMATCH,
	    dsr_member_path(DSR_MEMBER_STATEMENT), wanted, "%s", found);
}

/* FORMAT.md 3.1 and 4.2 to 4.4: what a folder has, and has not. */
static void
check_kind(struct check *c)
{
	const char *kind = c->statement.kind;
	bool folder = strcmp(kind, "folder") == 0;

	if (c->folder_documents != (folder ? c->seen[DSR_MEMBER_DOCUMENT] : 0))
		mismatch(c, "data/files/ in a folder's archive, "
		    "data/documents/ in all others", kind);
	if (c->folder_gaps != (folder ? c->result->gaps : 0))
		mismatch(c, "gaps of connectors, but in a folder's archive",
		    kind);
	if (strcmp(kind, "receipt") == 0 && c->result->documents > 0)
		mismatch(c, "no documents in a receipt", kind);
	if (folder && c->result->exchanges > 0)
		mismatch(c, "no exchanges in a folder's archive", kind);
}

static void
check_stated_members(struct check *c)
{
	const struct dsr_statement *s = &c->statement;
	bool sealed = is_attested(c, "minisign");

	check_kind(c);
	check_presence(c, DSR_MEMBER_ERASURE, strcmp(s->kind, "receipt") == 0);
	check_presence(c, DSR_MEMBER_SEAL_PUB, sealed);
	check_presence(c, DSR_MEMBER_SEAL, sealed);
	check_presence(c, DSR_MEMBER_ALLOWED_SIGNERS, is_attested(c, "sshsig"));
	check_presence(c, DSR_MEMBER_SSHSIG, is_attested(c, "sshsig"));
	check_presence(c, DSR_MEMBER_SIGNER_PEM, is_attested(c, "cms"));
	check_presence(c, DSR_MEMBER_CMS, is_attested(c, "cms"));
	if (s->request != NULL && c->seen[DSR_MEMBER_REQUEST] == 0)
		check_presence(c, DSR_MEMBER_REQUEST, true);
}

/* ---- what the statement counts ---- */

static void
statement_finding(struct check *c, enum dsr_finding_id id, const char *what,
    uint64_t stated, uint64_t found)
{
	char wanted[96];

	(void)snprintf(wanted, sizeof(wanted), "%s: %" PRIu64, what, stated);
	dsr_findings_add(c->findings, id,
	    dsr_member_path(DSR_MEMBER_STATEMENT), wanted, "%" PRIu64, found);
}

static void
check_counts(struct check *c)
{
	const struct dsr_counts *n = c->statement.counts;
	const struct {
		const char *what;
		uint64_t stated, found;
	} row[] = {
		{ "documents", n->documents, c->result->documents },
		{ "bytes", n->bytes, c->document_bytes },
		{ "exchanges", n->exchanges, c->result->exchanges },
		{ "gaps", n->gaps, c->result->gaps },
		{ "leaves", c->statement.tree->leaves,
		    dsr_tree_count(c->tree) },
	};
	size_t i;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		if (row[i].stated != row[i].found)
			statement_finding(c, DSR_F_STATEMENT_COUNTS,
			    row[i].what, row[i].stated, row[i].found);
	if (c->max_exchange > c->result->exchanges)
		statement_finding(c, DSR_F_DOCUMENT_MISMATCH,
		    "an exchange referred to", c->max_exchange,
		    c->result->exchanges);
}

static void
check_root(struct check *c)
{
	uint8_t root[DSR_SHA256_BYTES];
	char found[DSR_SHA256_HEX];

	dsr_tree_root(c->tree, root);
	dsr_hex_encode(found, root, sizeof(root));
	if (strcmp(found, c->statement.tree->root) != 0)
		mismatch(c, c->statement.tree->root, found);
}

/* ---- what the statement names ---- */

static void
check_attestations(struct check *c)
{
	const struct dsr_statement *s = &c->statement;
	const char *const *by = s->attestations.items;
	size_t i;

	for (i = 0; i < s->attestations.count; i++) {
		if (strcmp(by[i], "cms") != 0 &&
		    strcmp(by[i], "minisign") != 0 &&
		    strcmp(by[i], "sshsig") != 0)
			mismatch(c, "cms, minisign or sshsig", by[i]);
		if (i > 0 && strcmp(by[i - 1], by[i]) >= 0)
			mismatch(c, "attestations in ascending order", by[i]);
	}
	if (s->attestations.count > 0 && !is_attested(c, "minisign"))
		mismatch(c, "minisign among the attestations", "none");
}

static void
check_words(struct check *c)
{
	const struct dsr_statement *s = &c->statement;

	if (strcmp(s->format, DSR_FORMAT) != 0)
		mismatch(c, DSR_FORMAT, s->format);
	if (strcmp(s->kind, "case") != 0 && strcmp(s->kind, "folder") != 0 &&
	    strcmp(s->kind, "receipt") != 0)
		mismatch(c, "case, folder or receipt", s->kind);
	if ((strcmp(s->kind, "folder") == 0) != (s->folder != NULL))
		mismatch(c, "folder: null but in a folder", s->kind);
	if ((strcmp(s->kind, "receipt") == 0) != (s->erasure != NULL))
		mismatch(c, "erasure: null but in a receipt", s->kind);
	if (s->sequence == 0 || (s->sequence == 1) != (s->previous == NULL))
		mismatch(c, "sequence 1 without, more with previous", "other");
	if (dsr_statement_fault(s) != NULL)
		mismatch(c, dsr_statement_fault(s), "other");
	check_attestations(c);
}

/* The rows of a kind in the archive, by the statement's list. */
static void
check_connectors(struct check *c)
{
	const struct dsr_connector_use *use = c->statement.connectors.items;
	size_t i, k, count = c->statement.connectors.count, found = 0;
	char path[DSR_MAX_NAME + 32], sha256[DSR_SHA256_HEX];

	for (i = 0; i < c->tag_count; i++) {
		if (c->tags[i].kind != DSR_MEMBER_CONNECTOR)
			continue;
		found++;
		dsr_hex_encode(sha256, c->tags[i].sha256, DSR_SHA256_BYTES);
		for (k = 0; k < count; k++) {
			(void)snprintf(path, sizeof(path), "%s%.100s.json",
			    dsr_member_path(DSR_MEMBER_CONNECTOR), use[k].key);
			if (strcmp(path, c->tags[i].path) == 0 &&
			    strcmp(sha256, use[k].sha256) == 0)
				break;
		}
		if (k == count)
			mismatch(c, "a connector that the statement names",
			    c->tags[i].path);
	}
	if (found != count)
		statement_finding(c, DSR_F_STATEMENT_MISMATCH, "connectors",
		    count, found);
}

static void
check_languages(struct check *c)
{
	const char *const *languages = c->statement.languages.items;
	size_t i, count = c->statement.languages.count;

	if (count != c->seen[DSR_MEMBER_START_HERE] +
		c->seen[DSR_MEMBER_START_HERE_LANGUAGE]) {
		statement_finding(c, DSR_F_STATEMENT_MISMATCH, "languages",
		    count,
		    c->seen[DSR_MEMBER_START_HERE] +
			c->seen[DSR_MEMBER_START_HERE_LANGUAGE]);
		return;
	}
	for (i = 1; i < count; i++) {
		char path[64];
		size_t k;

		(void)snprintf(path, sizeof(path), "START-HERE.%.40s.html",
		    languages[i]);
		for (k = 0; k < c->tag_count; k++)
			if (strcmp(c->tags[k].path, path) == 0)
				break;
		if (k == c->tag_count)
			mismatch(c, path, "none");
	}
}

/* ---- the request ---- */

static int
check_request(struct check *c, struct dsr_error *err)
{
	const struct dsr_buffer *text = &c->text[DSR_MEMBER_REQUEST];
	const char *stated = c->statement.request, *id;
	struct dsr_request *request = NULL;
	struct dsr_error bad;

	if (c->seen[DSR_MEMBER_REQUEST] == 0) {
		erasures_check(c, NULL);
		return 0;
	}
	if (dsr_request_parse(&request, text->data, text->len, NULL, NULL,
		&bad) != 0) {
		if (bad.code == DSR_ENOMEM) {
			*err = bad;
			return -1;
		}
		dsr_findings_add(c->findings, DSR_F_JSON_REQUEST,
		    dsr_member_path(DSR_MEMBER_REQUEST), NULL, "%s", bad.msg);
		return 0;
	}
	id = dsr_request_text(request, DSR_REQUEST_ID, NULL);
	if (c->has_statement && (stated == NULL || strcmp(stated, id) != 0))
		mismatch(c, id, stated == NULL ? "none" : stated);
	erasures_check(c, request);
	dsr_request_free(request);
	return 0;
}

/* ---- fixed and derived texts ---- */

static void
check_fixed(struct check *c)
{
	const struct dsr_buffer *text = &c->text[DSR_MEMBER_BAGIT];

	if (c->seen[DSR_MEMBER_BAGIT] > 0 &&
	    (text->len != strlen(DSR_BAGIT_TXT) ||
		memcmp(text->data, DSR_BAGIT_TXT, text->len) != 0))
		dsr_findings_add(c->findings, DSR_F_BAG_DECLARATION,
		    dsr_member_path(DSR_MEMBER_BAGIT), DSR_BAGIT_TXT, NULL);
}

static int
check_bag_info(struct check *c, struct dsr_error *err)
{
	const struct dsr_buffer *text = &c->text[DSR_MEMBER_BAG_INFO];
	const struct dsr_bag_info info = { &c->statement,
		c->result->has_key ? c->result->key_sha256 : NULL,
		c->result->has_certificate ? c->result->certificate_sha256
					   : NULL,
		c->payload_bytes, c->payload_files };
	struct dsr_buffer wanted;
	int rc = -1;

	dsr_buffer_init(&wanted, DSR_MAX_TAG_FILE);
	if (dsr_bag_info_write(&wanted, &info, err) != 0)
		goto out;
	if (wanted.len != text->len ||
	    memcmp(wanted.data, text->data, text->len) != 0)
		dsr_findings_add(c->findings, DSR_F_BAG_INFO,
		    dsr_member_path(DSR_MEMBER_BAG_INFO),
		    dsr_buffer_str(&wanted), "%s", dsr_buffer_str(text));
	rc = 0;
out:
	dsr_buffer_fini(&wanted);
	return rc;
}

/* What of it needs no content. */
static int
check_quickly(struct check *c)
{
	check_always(c);
	if (c->has_statement) {
		check_words(c);
		check_stated_members(c);
	}
	return 0;
}

int
statement_check(struct check *c, struct dsr_error *err)
{
	if (c->options->quick)
		return check_quickly(c);
	check_always(c);
	check_fixed(c);
	if (check_request(c, err) != 0)
		return -1;
	if (!c->has_statement)
		return 0;
	check_words(c);
	check_stated_members(c);
	check_counts(c);
	check_root(c);
	check_connectors(c);
	check_languages(c);
	if (c->result->gaps > 0)
		dsr_findings_add(c->findings, DSR_F_STATED_GAPS,
		    dsr_member_path(DSR_MEMBER_GAPS), NULL, "%" PRIu64,
		    c->result->gaps);
	return c->seen[DSR_MEMBER_BAG_INFO] == 0 ? 0 : check_bag_info(c, err);
}
