/* SPDX-License-Identifier: ISC */
/* dossier prove: one document of an archive, with what shows that it is. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dossier/language.h"
#include "dossier/options.h"
#include "dossier/pool.h"
#include "means.h"
#include "proof.h"
#include "result.h"
#include "verifier.h"

const struct dsr_verb prove_verb = { "prove",
	"FILE.zip MEMBER -o FOLDER [OPTIONS]",
	N_("Show that one document belongs to an archive, and nothing of the "
	   "others."),
	prove_main };

struct prove_command {
	struct dsr_common common;
	struct means means;
	struct verify_options options;
	const char *output;
	const char *archive;
	const char *document;
};

/* What was written is judged like anybody's proof before it gets its name. */
static int
check_own(const struct prove_command *p, const struct dsr_outfolder *folder,
    const struct verify_result *verified, struct proof_result *r,
    struct dsr_error *err)
{
	struct dsr_findings *findings = NULL;
	int rc = -1;

	if (dsr_findings_new(&findings, NULL, NULL, err) != 0)
		return -1;
	if (proof_check(dsr_outfolder_fd(folder), &p->options, findings, r,
		err) != 0)
		goto out;
	r->judged.sandbox = verified->sandbox;
	if (r->judged.exit_status != verified->exit_status ||
	    strcmp(r->judged.key_sha256, verified->key_sha256) != 0)
		dsr_fail(err, DSR_EFAILED,
		    "the archive changed while it was read");
	else
		rc = 0;
out:
	dsr_findings_free(findings);
	return rc;
}

static int
make(const struct prove_command *p, int fd,
    const struct verify_result *verified, struct dsr_outfolder *folder,
    struct dsr_error *err)
{
	struct dsr_findings *none = NULL;
	struct proof_result r;
	int rc = -1;

	if (proof_make(folder, fd, p->options.keys, p->document, verified,
		err) != 0 ||
	    check_own(p, folder, verified, &r, err) != 0 ||
	    dsr_outfolder_commit(folder, err) != 0)
		return -1;
	if (dsr_findings_new(&none, NULL, NULL, err) != 0)
		return -1;
	if (p->common.json)
		rc = proof_print_summary(p->output, &r, none, err);
	else
		rc = p->common.quiet
		    ? 0
		    : proof_print_text(p->output, &r, none, &p->common, err);
	dsr_findings_free(none);
	return rc;
}

/* An archive that is not intact: what verify would say of it. */
static int
print_refusal(const struct prove_command *p, const struct verify_result *r,
    const struct dsr_findings *findings, struct dsr_error *err)
{
	if (p->common.json)
		return result_print_summary(p->archive, r, findings, err);
	return p->common.quiet ? 0
	    : result_print_text(p->archive, r, findings, &p->common, err);
}

static int
prove(struct prove_command *p, int *status, struct dsr_error *err)
{
	struct dsr_sandbox_rule rules[2] = { { -1, DSR_SANDBOX_WRITE },
		{ -1, DSR_SANDBOX_RENAME } };
	struct dsr_outfolder *folder = NULL;
	struct dsr_findings *findings = NULL;
	struct verify_result r;
	int fd = -1, rc = -1;

	if (input_open(p->archive, &fd, err) != 0 ||
	    output_folder_open(p->output, &rules[1].folder, err) != 0 ||
	    dsr_outfolder_new(&folder, p->output, err) != 0 ||
	    dsr_findings_new(&findings, NULL, NULL, err) != 0)
		goto out;
	rules[0].folder = dsr_outfolder_fd(folder);
	p->options.rules = rules;
	p->options.rule_count = 2;
	if (verify_archive(fd, &p->options, findings, &r, err) != 0)
		goto out;
	*status = r.exit_status;
	dsr_log(&p->common, "prove: %s: exit %d", p->archive, r.exit_status);
	rc = r.exit_status == 0 || r.exit_status == 5
	    ? make(p, fd, &r, folder, err)
	    : print_refusal(p, &r, findings, err);
out:
	if (fd >= 0)
		(void)close(fd);
	if (rules[1].folder >= 0)
		(void)close(rules[1].folder);
	dsr_outfolder_free(folder);
	dsr_findings_free(findings);
	return rc;
}

static int
run(struct prove_command *p, struct dsr_error *err)
{
	int status = 0;

	p->options.jobs = dsr_processor_count();
	p->options.sandbox = true;
	if (means_open(&p->means, &p->options, err) != 0 ||
	    prove(p, &status, err) != 0)
		status = dsr_report_error(&p->common, err);
	return status;
}

static int
check_use(const struct prove_command *p, int operands, char **argv,
    struct dsr_error *err)
{
	if (operands != 2)
		return dsr_fail(err, DSR_EUSAGE,
		    "wanted an archive and one of its documents, found %d "
		    "operands", operands);
	if (p->output == NULL)
		return dsr_fail(err, DSR_EUSAGE,
		    "--output is missing: the folder to make");
	/* it is read twice */
	if (strcmp(argv[0], "-") == 0)
		return dsr_fail(err, DSR_EUSAGE,
		    "wanted an archive that is a file, found -");
	return 0;
}

int
prove_main(int argc, char **argv)
{
	struct prove_command p;
	struct dsr_error err;
	const struct dsr_option table[] = {
		{ "output", 'o', DSR_OPTION_TEXT, &p.output, "FOLDER",
		    N_("the folder to make; it must not exist"), 0, 0 },
		MEANS_OPTIONS(p.means, p.options),
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	int first = 0, status;

	memset(&p, 0, sizeof(p));
	if (dsr_options_parse(table, count, &p.common, argc, argv, &first,
		&err) != 0) {
		status = dsr_report_error(&p.common, &err);
	} else if (p.common.help) {
		dsr_options_help(&prove_verb, table, count);
		status = 0;
	} else if (check_use(&p, argc - first, argv + first, &err) != 0) {
		status = dsr_report_error(&p.common, &err);
	} else {
		p.archive = argv[first];
		p.document = argv[first + 1];
		status = run(&p, &err);
	}
	means_fini(&p.means);
	dsr_common_fini(&p.common);
	return status;
}
