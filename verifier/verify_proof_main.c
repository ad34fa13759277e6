/* SPDX-License-Identifier: ISC */
/* dossier verify-proof */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dossier/language.h"
#include "dossier/options.h"
#include "proof.h"
#include "result.h"
#include "verifier.h"

const struct dsr_verb verify_proof_verb = { "verify-proof",
	"FOLDER [--trust FILE.pub|FOLDER]",
	N_("Judge a proof that dossier prove has made."),
	verify_proof_main };

struct verify_proof_command {
	struct dsr_common common;
	struct dsr_texts trust;
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
judge_folder(struct verify_proof_command *v, const char *path,
    const struct dsr_trust *trust, int *status, struct dsr_error *err)
{
	struct dsr_findings *findings = NULL;
	struct proof_result r;
	int fd, rc = -1;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return dsr_fail_sys(err, "%s", path);
	if (dsr_findings_new(&findings, tell_finding, v, err) != 0 ||
	    proof_check(fd, trust, findings, &r, err) != 0)
		goto out;
	*status = r.exit_status;
	dsr_log(&v->common, "verify-proof: %s: exit %d", path, r.exit_status);
	rc = print_result(v, path, &r, findings, err);
out:
	(void)close(fd);
	dsr_findings_free(findings);
	return rc;
}

static int
run(struct verify_proof_command *v, const char *path, struct dsr_error *err)
{
	struct dsr_trust *trust = NULL;
	int status = 0;

	if (trust_open(&trust, &v->trust, err) != 0 ||
	    judge_folder(v, path, trust, &status, err) != 0)
		status = dsr_report_error(&v->common, err);
	dsr_trust_free(trust);
	return status;
}

int
verify_proof_main(int argc, char **argv)
{
	struct verify_proof_command v;
	struct dsr_error err;
	const struct dsr_option table[] = {
		{ "trust", 0, DSR_OPTION_LIST, &v.trust, "FILE.pub|FOLDER",
		    N_("a key (or a folder of keys) that you trust"), 0, 0 },
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
	dsr_texts_fini(&v.trust);
	dsr_common_fini(&v.common);
	return status;
}
