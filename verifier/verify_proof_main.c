/* SPDX-License-Identifier: ISC */
/* dossier verify-proof */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dossier/language.h"
#include "dossier/options.h"
#include "means.h"
#include "proof.h"
#include "result.h"
#include "verifier.h"

const struct dsr_verb verify_proof_verb = { "verify-proof",
	"FOLDER [OPTIONS]",
	N_("Tell whether a proof holds that dossier prove has made."),
	verify_proof_main };

struct verify_proof_command {
	struct dsr_common common;
	struct means means;
	struct verify_options options;
	bool printing_failed;
	struct dsr_error printing;
};

static void
tell_finding(void *ctx, const struct dsr_finding *f)
{
	struct verify_proof_command *v = ctx;

	if (v->common.json && result_print_finding(f, &v->printing) != 0)
		v->printing_failed = true;
}

static int
print_result(struct verify_proof_command *v, const char *path,
    const struct proof_result *r, const struct dsr_findings *findings,
    struct dsr_error *err)
{
	if (v->printing_failed) {
		*err = v->printing;
		return -1;
	}
	if (v->common.json)
		return proof_print_summary(path, r, findings, err);
	return v->common.quiet
	    ? 0
	    : proof_print_text(path, r, findings, &v->common, err);
}

static int
judge_folder(struct verify_proof_command *v, const char *path, int *status,
    struct dsr_error *err)
{
	struct dsr_sandbox_rule rule = { -1, DSR_SANDBOX_READ };
	struct dsr_findings *findings = NULL;
	struct dsr_sandbox sandbox;
	struct proof_result r;
	int rc = -1;

	rule.folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (rule.folder < 0)
		return dsr_fail_sys(err, "%s", path);
	dsr_sandbox_close(&sandbox, &rule, 1);
	if (dsr_findings_new(&findings, tell_finding, v, err) != 0 ||
	    proof_check(rule.folder, &v->options, findings, &r, err) != 0)
		goto out;
	r.judged.sandbox = sandbox;
	*status = r.judged.exit_status;
	dsr_log(&v->common, "verify-proof: %s: exit %d", path, *status);
	rc = print_result(v, path, &r, findings, err);
out:
	(void)close(rule.folder);
	dsr_findings_free(findings);
	return rc;
}

static int
run(struct verify_proof_command *v, const char *path, struct dsr_error *err)
{
	int status = 0;

	if (means_open(&v->means, &v->options, err) != 0 ||
	    judge_folder(v, path, &status, err) != 0)
		status = dsr_report_error(&v->common, err);
	return status;
}

int
verify_proof_main(int argc, char **argv)
{
	struct verify_proof_command v;
	struct dsr_error err;
	const struct dsr_option table[] = {
		MEANS_TRUST_OPTIONS(v.means, v.options),
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	int first = 0, status;

	memset(&v, 0, sizeof(v));
	if (dsr_options_parse(table, count, &v.common, argc, argv, &first,
		&err) != 0) {
		status = dsr_report_error(&v.common, &err);
	} else if (v.common.help) {
		dsr_options_help(&verify_proof_verb, table, count);
		status = 0;
	} else if (argc - first != 1) {
		dsr_fail(&err, DSR_EUSAGE, "wanted one folder, found %d",
		    argc - first);
		status = dsr_report_error(&v.common, &err);
	} else {
		status = run(&v, argv[first], &err);
	}
	means_fini(&v.means);
	dsr_common_fini(&v.common);
	return status;
}
