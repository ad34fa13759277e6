/* SPDX-License-Identifier: ISC */
/* Attestations, seal and trust: FORMAT.md section 5; and the verdict, 6.1. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dossier/memory.h"
#include "dossier/sshsig.h"
#include "dossier/text.h"
#include "policy.h"

/* The key that the archive names: a hint for checking, never trust. */
static int
read_key(struct check *c, struct dsr_public_key *key, struct dsr_error *err)
{
	const struct dsr_buffer *text = &c->text[DSR_MEMBER_SEAL_PUB];
	struct verify_result *r = c->result;
	struct dsr_buffer canonical;
	struct dsr_error bad;
	int rc = -1;

	if (text->len == 0)
		return 0;
	dsr_buffer_init(&canonical, DSR_MAX_KEY_FILE);
	if (dsr_public_key_parse(key, text->data, text->len, &bad) != 0) {
		dsr_findings_add(c->findings, DSR_F_SEAL_KEY,
		    dsr_member_path(DSR_MEMBER_SEAL_PUB), NULL, "%s", bad.msg);
		rc = 0;
		goto out;
	}
	if (dsr_public_key_write(key, &canonical, err) != 0)
		goto out;
	if (canonical.len != text->len ||
	    memcmp(canonical.data, text->data, text->len) != 0)
		dsr_findings_add(c->findings, DSR_F_SEAL_KEY,
		    dsr_member_path(DSR_MEMBER_SEAL_PUB),
		    dsr_buffer_str(&canonical), "%s", dsr_buffer_str(text));
	r->has_key = true;
	dsr_key_id_text(r->key_id, key->id);
	dsr_key_fingerprint(r->key_sha256, key->key);
	rc = 0;
out:
	dsr_buffer_fini(&canonical);
	return rc;
}

static void
seal_finding(struct check *c, enum dsr_finding_id id, const char *wanted,
    const char *found)
{
	dsr_findings_add(c->findings, id, dsr_member_path(DSR_MEMBER_SEAL),
	    wanted, "%s", found);
}

static void
compare_number(struct check *c, enum dsr_finding_id id, const char *what,
    uint64_t sealed, uint64_t found)
{
	char wanted[64], is[64];

	if (sealed == found)
		return;
	(void)snprintf(wanted, sizeof(wanted), "%s: %" PRIu64, what, sealed);
	(void)snprintf(is, sizeof(is), "%" PRIu64, found);
	seal_finding(c, id, wanted, is);
}

static void
compare_digest(struct check *c, enum dsr_finding_id id,
    const uint8_t sealed[DSR_SHA256_BYTES],
    const uint8_t found[DSR_SHA256_BYTES])
{
	char wanted[DSR_SHA256_HEX], is[DSR_SHA256_HEX];

	if (memcmp(sealed, found, DSR_SHA256_BYTES) == 0)
		return;
	dsr_hex_encode(wanted, sealed, DSR_SHA256_BYTES);
	dsr_hex_encode(is, found, DSR_SHA256_BYTES);
	seal_finding(c, id, wanted, is);
}

static void
compare_container(struct check *c, const struct dsr_seal *seal)
{
	compare_number(c, DSR_F_SEAL_MEMBERS, "members", seal->members,
	    c->body_members);
	compare_number(c, DSR_F_SEAL_BODY, "bytes of the body",
	    seal->body_len, c->body_len);
	compare_digest(c, DSR_F_SEAL_BODY, seal->body_sha256, c->body_sha256);
}

static void
compare_tree(struct check *c, const struct dsr_seal *seal)
{
	uint8_t root[DSR_SHA256_BYTES];

	compare_number(c, DSR_F_SEAL_TREE, "documents", seal->documents,
	    dsr_tree_count(c->tree));
	dsr_tree_root(c->tree, root);
	compare_digest(c, DSR_F_SEAL_TREE, seal->tree_root, root);
}

/* What the seal binds against what was found. */
static void
compare_seal(struct check *c, const struct dsr_seal *seal)
{
	const struct dsr_statement *s = &c->statement;
	const char *request = s->request == NULL ? "-" : s->request;

	if (c->zip != NULL)
		compare_container(c, seal);
	if (!c->options->quick)
		compare_tree(c, seal);
	if (!c->has_statement)
		return;
	if (strcmp(seal->id, s->id) != 0)
		seal_finding(c, DSR_F_SEAL_IDENTITY, seal->id, s->id);
	if (strcmp(seal->request, request) != 0)
		seal_finding(c, DSR_F_SEAL_IDENTITY, seal->request, request);
}

/*
 * A version that this program does not know: only a seal that verifies can say
 * so (else it is damage), and then nothing else that was found means anything.
 */
static void
report_version(struct check *c, const char *comment)
{
	dsr_findings_add(c->findings, DSR_F_VERSION,
	    dsr_member_path(DSR_MEMBER_SEAL), DSR_FORMAT, "%.40s", comment);
}

static void
read_comment(struct check *c, const struct dsr_minisig *sig)
{
	struct dsr_error bad;

	if (dsr_seal_parse(&c->seal, sig->trusted_comment, &bad) == 0) {
		c->has_seal = c->result->seal_is_valid;
		if (!c->of_proof)
			compare_seal(c, &c->seal);
	} else if (bad.code == DSR_EVERSION && c->result->seal_is_valid) {
		report_version(c, sig->trusted_comment);
	} else {
		seal_finding(c, DSR_F_SEAL_MALFORMED, NULL, bad.msg);
	}
}

static void
check_seal(struct check *c, const struct dsr_public_key *key)
{
	const struct dsr_buffer *text = &c->text[DSR_MEMBER_SEAL],
				*root = &c->text[DSR_MEMBER_TAGMANIFEST];
	uint8_t prehash[DSR_PREHASH_BYTES];
	struct dsr_minisig sig;
	struct dsr_error bad;
	char id[DSR_KEY_ID_HEX];

	if (c->seen[DSR_MEMBER_SEAL] == 0)
		return;
	if (dsr_minisig_parse(&sig, text->data, text->len, &bad) != 0) {
		seal_finding(c, DSR_F_SEAL_MALFORMED, NULL, bad.msg);
		return;
	}
	if (strcmp(sig.untrusted_comment, DSR_SEAL_UNTRUSTED) != 0)
		seal_finding(c, DSR_F_SEAL_MALFORMED, DSR_SEAL_UNTRUSTED,
		    sig.untrusted_comment);
	if (!c->result->has_key)
		return;
	if (memcmp(sig.key_id, key->id, sizeof(key->id)) != 0) {
		dsr_key_id_text(id, sig.key_id);
		seal_finding(c, DSR_F_SEAL_KEY, c->result->key_id, id);
	}
	dsr_minisign_prehash(prehash, root->data, root->len);
	c->result->seal_is_valid = dsr_minisig_is_valid(&sig, key, prehash);
	if (!c->result->seal_is_valid)
		seal_finding(c, DSR_F_SEAL_SIGNATURE, c->result->key_id,
		    "a signature that is not valid");
	read_comment(c, &sig);
}

/* ---- other attestations ------------------------------------------------------------ */

static int
check_allowed_signers(struct check *c, const struct dsr_public_key *key,
    struct dsr_error *err)
{
	const struct dsr_buffer *text = &c->text[DSR_MEMBER_ALLOWED_SIGNERS];
	struct dsr_buffer wanted;
	int rc = -1;

	dsr_buffer_init(&wanted, DSR_MAX_KEY_FILE);
	if (dsr_allowed_signers_write(key->key, DSR_SSHSIG_PRINCIPAL,
		DSR_SSHSIG_NAMESPACE, &wanted, err) != 0)
		goto out;
	if (wanted.len != text->len ||
	    memcmp(wanted.data, text->data, text->len) != 0)
		dsr_findings_add(c->findings, DSR_F_SIGN_INVALID,
		    dsr_member_path(DSR_MEMBER_ALLOWED_SIGNERS),
		    dsr_buffer_str(&wanted), "%s", dsr_buffer_str(text));
	rc = 0;
out:
	dsr_buffer_fini(&wanted);
	return rc;
}

static int
check_sshsig(struct check *c, const struct dsr_public_key *key,
    struct dsr_error *err)
{
	const char *member = dsr_member_path(DSR_MEMBER_SSHSIG);
	const struct dsr_buffer *text = &c->text[DSR_MEMBER_SSHSIG],
				*root = &c->text[DSR_MEMBER_TAGMANIFEST];
	struct dsr_sshsig sig;
	struct dsr_error bad;

	if (c->seen[DSR_MEMBER_SSHSIG] == 0 || !c->result->has_key)
		return 0;
	if (dsr_sshsig_parse(&sig, DSR_SSHSIG_NAMESPACE, text->data, text->len,
		&bad) != 0) {
		dsr_findings_add(c->findings, DSR_F_SIGN_INVALID, member, NULL,
		    "%s", bad.msg);
		return 0;
	}
	if (memcmp(sig.key, key->key, sizeof(sig.key)) != 0)
		dsr_findings_add(c->findings, DSR_F_SIGN_INVALID, member,
		    "the key of the seal", "another key");
	else if (!dsr_sshsig_is_valid(&sig, DSR_SSHSIG_NAMESPACE, root->data,
		     root->len))
		dsr_findings_add(c->findings, DSR_F_SIGN_INVALID, member, NULL,
		    "a signature that is not valid");
	else
		c->result->has_sshsig = true;
	return check_allowed_signers(c, key, err);
}

/* The trusted key does not count at that time. */
static void
report_barred(struct check *c, enum dsr_finding_id id,
    const uint8_t key[DSR_PUBLIC_KEY_BYTES], const char *path)
{
	char bound[DSR_TRUST_BOUND], when[TIME_THAT_COUNTS];
	char wanted[PATH_MAX + DSR_TRUST_BOUND];

	dsr_trust_bound(c->options->trust, key,
	    c->has_time ? &c->time : NULL, bound);
	(void)time_that_counts(c, when);
	(void)snprintf(wanted, sizeof(wanted), "%s, in %s", bound, path);
	dsr_findings_add(c->findings, id, dsr_member_path(DSR_MEMBER_SEAL),
	    wanted, "%s, %s", c->result->key_id, when);
}

/* FORMAT.md 5.4: what the key is worth at the time that stamps establish. */
static void
judge_key(struct check *c, const struct dsr_public_key *key)
{
	struct verify_result *r = c->result;
	enum dsr_finding_id id = DSR_F_SIGN_KEY_REVOKED;
	const char *path = NULL;

	if (!r->has_key)
		return;
	switch (dsr_trust_judge(c->options->trust, key->key,
	    c->has_time ? &c->time : NULL, &path)) {
	case DSR_TRUST_GOOD:
		r->trusted_from = path;
		return;
	case DSR_TRUST_UNKNOWN:
		return;
	case DSR_TRUST_EXPIRED:
		id = DSR_F_SIGN_KEY_EXPIRED;
		break;
	case DSR_TRUST_REVOKED:
		break;
	}
	r->key_is_barred = true;
	report_barred(c, id, key->key, path);
}

/* ---- the verdict -------------------------------------------------------------------- */

static void
set_verdict(struct check *c, enum verdict v)
{
	static const int exit_status[] = {
#define X(id, name, word, exit_status) exit_status,
		VERDICTS(X)
#undef X
	};

	c->result->has_verdict = true;
	c->result->verdict = v;
	c->result->exit_status = exit_status[v];
}

static int
explain_untrusted(struct check *c, struct dsr_error *err)
{
	struct dsr_buffer wanted;
	int rc;

	dsr_buffer_init(&wanted, DSR_MAX_TAG_FILE);
	rc = dsr_trust_describe(c->options->trust, &wanted, err);
	if (rc == 0)
		dsr_findings_add(c->findings, DSR_F_SIGN_UNTRUSTED,
		    dsr_member_path(DSR_MEMBER_SEAL), dsr_buffer_str(&wanted),
		    "%s", c->result->key_id);
	dsr_buffer_fini(&wanted);
	return rc;
}

/* What the user requires is as much part of trust as the key is: 6.1 */
static bool
lacks_required(struct check *c)
{
	bool certificate =
	    c->options->require_x509 && c->result->root_from == NULL;
	bool time = c->options->require_time && !c->has_time;
	bool policy = policy_is_unmet(c->options->policy, c);

	if (certificate)
		dsr_findings_add(c->findings, DSR_F_SIGN_REQUIRED,
		    dsr_member_path(DSR_MEMBER_CMS),
		    "a certificate below a root of --ca", "%s",
		    c->result->cms_is_valid ? c->result->subject : "none");
	if (time)
		time_report_missing(c);
	c->result->lacks_required = certificate || time || policy;
	return c->result->lacks_required;
}

/* Is there anything that a good verdict could rest on? */
static bool
has_ground(const struct check *c)
{
	return c->of_proof ? c->has_seal : c->has_statement;
}

static bool
is_unsigned(const struct check *c)
{
	return !c->of_proof && c->statement.attestations.count == 0;
}

int
verdict_decide(struct check *c, struct dsr_error *err)
{
	/* what is said to be bad may only have lacked memory */
	if (dsr_memory_refusals() != c->refusals)
		return dsr_fail(err, DSR_ENOMEM, "verification");
	if (dsr_findings_count_of(c->findings, DSR_F_VERSION) > 0) {
		c->result->has_verdict = false;
		c->result->exit_status = dsr_exit_status(DSR_EVERSION);
		return 0;
	}
	if (dsr_findings_count(c->findings, DSR_ERROR) > 0 ||
	    !has_ground(c)) {
		set_verdict(c, VERDICT_NOT_INTACT);
	} else if (is_unsigned(c)) {
		dsr_findings_add(c->findings, DSR_F_SEAL_UNSIGNED, NULL, NULL,
		    NULL);
		set_verdict(c, VERDICT_UNSIGNED);
	} else if (lacks_required(c)) {
		set_verdict(c, VERDICT_UNKNOWN);
	} else if (c->result->trusted_from == NULL &&
	    c->result->root_from == NULL) {
		set_verdict(c, VERDICT_UNKNOWN);
		if (!c->result->key_is_barred)
			return explain_untrusted(c, err);
	} else {
		set_verdict(c, VERDICT_TRUSTED);
	}
	return 0;
}

/*
 * Half of it is not enough for a good verdict: a folder is no archive, so that
 * what binds the container could not be looked at; and who is quick does not
 * look at the content.
 */
static void
limit_verdict(struct check *c)
{
	struct verify_result *r = c->result;

	if ((c->zip != NULL && !c->options->quick) || !r->has_verdict ||
	    r->verdict == VERDICT_NOT_INTACT)
		return;
	r->content_only = c->zip == NULL;
	r->container_only = c->options->quick;
	if (r->content_only)
		dsr_findings_add(c->findings, DSR_F_NOT_CHECKED, NULL,
		    "the archive as one file", "what it was unpacked to");
	else
		dsr_findings_add(c->findings, DSR_F_NOT_CHECKED, NULL,
		    "what the members hold", "container and seal alone");
	r->has_verdict = false;
	r->exit_status = dsr_exit_status(DSR_EINCOMPLETE);
}

/* A trusted verdict rests on a seal that was seen to verify, nothing less. */
static void
insist_on_seal(struct check *c)
{
	if (c->has_statement && c->statement.attestations.count > 0 &&
	    !c->result->seal_is_valid &&
	    dsr_findings_count(c->findings, DSR_ERROR) == 0)
		seal_finding(c, DSR_F_SEAL_SIGNATURE, NULL, "nothing checked");
}

int
attestations_check(struct check *c, struct dsr_error *err)
{
	struct dsr_public_key key;

	memset(&key, 0, sizeof(key));
	if (read_key(c, &key, err) != 0)
		return -1;
	check_seal(c, &key);
	/* key and certificate are judged at the time that a stamp proves */
	if (check_sshsig(c, &key, err) != 0 || stamps_check(c, err) != 0 ||
	    certificate_check(c, err) != 0)
		return -1;
	judge_key(c, &key);
	return 0;
}

int
seal_check(struct check *c, struct dsr_error *err)
{
	if (attestations_check(c, err) != 0)
		return -1;
	/* bag-info names the key: only now can it be rebuilt */
	if (statement_check(c, err) != 0)
		return -1;
	insist_on_seal(c);
	if (verdict_decide(c, err) != 0)
		return -1;
	limit_verdict(c);
	return 0;
}
