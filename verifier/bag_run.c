/* SPDX-License-Identifier: ISC */
/* dossier verify --bag FOLDER */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bag_verify.h"
#include "dossier/language.h"
#include "dossier/text.h"
#include "result.h"
#include "verifier.h"

#define SHOWN 10u /* findings of the short text: fifteen lines in all */

struct bag_command {
	const struct dsr_common *common;
	struct dsr_sandbox sandbox;
	bool printing_failed;
	struct dsr_error printing;
};

/* Warnings go to stderr, whatever else is printed where. */
static void
tell_finding(void *ctx, const struct dsr_finding *f)
{
	struct bag_command *c = ctx;

	if (dsr_finding_severity(f->id) == DSR_WARNING) {
		(void)fputs("warning: ", stderr);
		result_text_line(stderr, f);
	}
	if (c->common->json && result_print_finding(f, &c->printing) != 0)
		c->printing_failed = true;
}

/* ---- for programs -------------------------------------------------------------- */

static const char *
text_or_null(const char *s)
{
	return s[0] == '\0' ? NULL : s;
}

static void
put_summary(struct dsr_json_writer *w, const char *folder,
    const struct bag_result *r, const struct dsr_findings *findings,
    const struct dsr_sandbox *sandbox)
{
	dsr_json_put_text(w, "bagit", text_or_null(r->version));
	dsr_json_write_key(w, "checked");
	dsr_json_write_object(w);
	dsr_json_put_count(w, "files", r->files);
	dsr_json_put_count(w, "manifests", r->manifests);
	dsr_json_put_count(w, "payload_bytes", r->bytes);
	dsr_json_put_count(w, "tag_files", r->tag_files);
	dsr_json_write_end(w);
	dsr_json_put_text(w, "encoding", text_or_null(r->encoding));
	dsr_json_put_count(w, "exit", r->valid ? 0 : 1);
	dsr_json_put_text(w, "file", folder);
	result_put_findings(w, findings);
	result_put_sandbox(w, sandbox);
	dsr_json_put_text(w, "type", "summary");
	dsr_json_put_text(w, "verdict", r->valid ? "valid-bag" : "invalid-bag");
	dsr_json_put_text(w, "version", dsr_version());
}

static int
print_summary(const char *folder, const struct bag_result *r,
    const struct dsr_findings *findings, const struct dsr_sandbox *sandbox,
    struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	put_summary(w, folder, r, findings, sandbox);
	return dsr_json_line_end(&line, err);
}

/* ---- for people ------------------------------------------------------------------- */

static void
print_errors(const struct dsr_findings *findings,
    const struct dsr_common *common)
{
	size_t most = common->verbose > 0 ? SIZE_MAX : SHOWN, shown = 0, i;

	for (i = 0; i < dsr_findings_kept(findings) && shown < most; i++) {
		const struct dsr_finding *f = dsr_findings_get(findings, i);

		if (dsr_finding_severity(f->id) != DSR_ERROR)
			continue;
		(void)dsr_print(stdout, "  %s ", dsr_severity_name(DSR_ERROR));
		result_text_line(stdout, f);
		shown++;
	}
	if (shown < dsr_findings_count(findings, DSR_ERROR))
		(void)dsr_print(stdout,
		    _("  and %" PRIu64 " more findings: see --json\n"),
		    dsr_findings_count(findings, DSR_ERROR) - shown);
}

static int
print_text(const char *folder, const struct bag_result *r,
    const struct dsr_findings *findings, const struct dsr_common *common,
    struct dsr_error *err)
{
	(void)dsr_print(stdout, "%s: %s\n", folder,
	    r->valid ? _("A valid BagIt bag.") : _("Not a valid BagIt bag."));
	(void)dsr_print(stdout,
	    P_("BagIt %s: %" PRIu64 " payload file, %" PRIu64
	       " bytes, %" PRIu64 " other files.\n",
		"BagIt %s: %" PRIu64 " payload files, %" PRIu64
		" bytes, %" PRIu64 " other files.\n",
		r->files),
	    r->version[0] == '\0' ? "?" : r->version, r->files, r->bytes,
	    r->tag_files);
	if (dsr_findings_count_of(findings, DSR_F_BAGIT_WEAK) > 0)
		(void)dsr_print(stdout, "  %s\n",
		    dsr_finding_text(DSR_F_BAGIT_WEAK));
	print_errors(findings, common);
	return fflush(stdout) != 0 || ferror(stdout)
	    ? dsr_fail_sys(err, "stdout")
	    : 0;
}

/* ---- the command --------------------------------------------------------------------- */

static int
print_result(const struct bag_command *c, const char *folder,
    const struct bag_result *r, const struct dsr_findings *findings,
    struct dsr_error *err)
{
	if (c->printing_failed) {
		*err = c->printing;
		return -1;
	}
	if (c->common->json)
		return print_summary(folder, r, findings, &c->sandbox, err);
	return c->common->quiet ? 0
	    : print_text(folder, r, findings, c->common, err);
}

/*
 * Opens the base directory, and closes the sandbox around it; -1 in *root, and
 * told, when it is none.
 */
static int
open_root(struct bag_command *c, const char *folder, int *root,
    struct dsr_findings *findings, struct dsr_error *err)
{
	struct dsr_sandbox_rule rule = { -1, DSR_SANDBOX_READ };

	*root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*root >= 0) {
		rule.folder = *root;
		dsr_sandbox_close(&c->sandbox, &rule, 1);
		return 0;
	}
	if (errno != ENOTDIR)
		return dsr_fail_sys(err, "%s", folder);
	dsr_findings_add(findings, DSR_F_BAG_DECLARATION, NULL, "a folder",
	    "something else");
	return 0;
}

int
bag_run(const char *folder, const struct dsr_common *common,
    unsigned int jobs)
{
	const struct bag_options o = { jobs };
	struct bag_command c = { .common = common };
	struct dsr_findings *findings = NULL;
	struct dsr_error err;
	struct bag_result r;
	int root = -1, rc = -1;

	memset(&r, 0, sizeof(r));
	if (dsr_findings_new(&findings, tell_finding, &c, &err) != 0 ||
	    open_root(&c, folder, &root, findings, &err) != 0 ||
	    (root >= 0 && bag_verify(root, &o, findings, &r, &err) != 0) ||
	    print_result(&c, folder, &r, findings, &err) != 0)
		goto out;
	dsr_log(common, "verify --bag %s: %s", folder,
	    r.valid ? "valid" : "not valid");
	rc = r.valid ? 0 : 1;
out:
	if (root >= 0)
		(void)close(root);
	dsr_findings_free(findings);
	return rc < 0 ? dsr_report_error(common, &err) : rc;
}
