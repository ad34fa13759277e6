/* SPDX-License-Identifier: ISC */
/* The signer's certificate and its CMS signature: FORMAT.md 5.3, 5.4. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dossier/cms.h"

/* The certificates that the archive names: hints for checking, never trust. */
static int
read_certificates(struct check *c, struct dsr_error *err)
{
	const struct dsr_buffer *text = &c->text[DSR_MEMBER_SIGNER_PEM];
	struct verify_result *r = c->result;
	struct dsr_error bad;

	if (c->seen[DSR_MEMBER_SIGNER_PEM] == 0)
		return 0;
	if (dsr_certificates_new(&c->certificates, err) != 0)
		return -1;
	if (dsr_certificates_parse(c->certificates, text->data, text->len,
		&bad) != 0) {
		if (bad.code == DSR_ENOMEM) {
			*err = bad;
			return -1;
		}
		dsr_findings_add(c->findings, DSR_F_SIGN_CERTIFICATE,
		    dsr_member_path(DSR_MEMBER_SIGNER_PEM), NULL, "%s",
		    bad.msg);
		return 0;
	}
	r->has_certificate = true;
	dsr_certificates_subject(c->certificates, 0, r->subject);
	dsr_certificates_fingerprint(c->certificates, 0,
	    r->certificate_sha256);
	return 0;
}

static void
cms_finding(struct check *c, enum dsr_finding_id id, const char *wanted,
    const char *found)
{
	dsr_findings_add(c->findings, id, dsr_member_path(DSR_MEMBER_CMS),
	    wanted, "%s", found);
}

/* keys/signer.pem holds what the signature holds, the signer's one first. */
static bool
is_certified(const struct check *c, const struct dsr_cms *cms)
{
	char is[DSR_SHA256_HEX];

	if (!c->result->has_certificate ||
	    !dsr_certificates_equal(c->certificates,
		dsr_cms_certificates(cms)))
		return false;
	dsr_certificates_fingerprint(dsr_cms_certificates(cms),
	    dsr_cms_signer(cms), is);
	return strcmp(is, c->result->certificate_sha256) == 0;
}

static void
report_path(struct check *c, const struct dsr_path *path)
{
	static const enum dsr_finding_id id[] = {
		[DSR_PATH_UNKNOWN] = DSR_F_SIGN_UNKNOWN_ROOT,
		[DSR_PATH_EXPIRED] = DSR_F_SIGN_EXPIRED,
		[DSR_PATH_REVOKED] = DSR_F_SIGN_REVOKED,
		[DSR_PATH_BAD] = DSR_F_SIGN_UNKNOWN_ROOT,
	};
	char found[sizeof(c->result->subject) + sizeof(path->why) +
	    TIME_THAT_COUNTS + 8];
	char when[TIME_THAT_COUNTS];

	(void)time_that_counts(c, when);
	(void)snprintf(found, sizeof(found), "%s (%s), %s", c->result->subject,
	    path->why, when);
	cms_finding(c, id[path->state],
	    c->options->roots == NULL || dsr_roots_count(c->options->roots) == 0
		? "a root, given with --ca: none was"
		: "a root given with --ca",
	    found);
}

static int
judge_certificate(struct check *c, struct dsr_error *err)
{
	struct dsr_path path = { .state = DSR_PATH_UNKNOWN,
		.why = "not looked for" };

	if (c->options->roots != NULL &&
	    dsr_roots_judge(c->options->roots, c->certificates, 0,
		DSR_PATH_FOR_SIGNING, time_that_counts(c, NULL), &path, NULL,
		err) != 0)
		return -1;
	if (path.state == DSR_PATH_TRUSTED)
		c->result->root_from = path.from;
	else
		report_path(c, &path);
	return 0;
}

static int
check_cms(struct check *c, const struct dsr_cms *cms, struct dsr_error *err)
{
	const struct dsr_buffer *root = &c->text[DSR_MEMBER_TAGMANIFEST];

	if (!is_certified(c, cms)) {
		cms_finding(c, DSR_F_SIGN_CERTIFICATE,
		    "the certificates of keys/signer.pem", "others");
		return 0;
	}
	if (!dsr_cms_is_valid(cms, root->data, root->len)) {
		cms_finding(c, DSR_F_SIGN_INVALID, NULL,
		    "a signature that is not valid");
		return 0;
	}
	c->result->cms_is_valid = true;
	return judge_certificate(c, err);
}

int
certificate_check(struct check *c, struct dsr_error *err)
{
	const struct dsr_buffer *text = &c->text[DSR_MEMBER_CMS];
	struct dsr_cms *cms = NULL;
	struct dsr_error bad;
	int rc = 0;

	if (read_certificates(c, err) != 0)
		return -1;
	if (c->seen[DSR_MEMBER_CMS] == 0)
		return 0;
	if (dsr_cms_parse(&cms, text->data, text->len, &bad) == 0) {
		rc = check_cms(c, cms, err);
	} else if (bad.code == DSR_ENOMEM) {
		*err = bad;
		rc = -1;
	} else {
		cms_finding(c, DSR_F_SIGN_INVALID, NULL, bad.msg);
	}
	dsr_cms_free(cms);
	return rc;
}
