/* SPDX-License-Identifier: ISC */
/* dossier report: the page for people, with the verdict on top. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dossier/language.h"
#include "dossier/options.h"
#include "dossier/pool.h"
#include "dossier/text.h"
#include "means.h"
#include "report.h"
#include "result.h"
#include "verifier.h"
#include "verify.h"

const struct dsr_verb report_verb = { "report",
	"FILE.zip -o OUT.html [OPTIONS]",
	N_("Make a page of an archive for people, with the verdict on top."),
	report_main };

struct report_command {
	struct dsr_common common;
	struct means means;
	struct report_options report;
	const char *pdf; /* the program dossier takes it: none runs here */
	struct verify_options options;
};

static int
print_result(const struct report_command *c, const char *file,
    const struct verify_result *r, const struct dsr_findings *findings,
    bool written, struct dsr_error *err)
{
	if (c->common.json)
		return result_print_summary(file, r, findings, err);
	if (c->common.quiet)
		return 0;
	if (result_print_text(file, r, findings, &c->common, err) != 0)
		return -1;
	if (written)
		(void)dsr_print(stdout, _("The page is %s.\n"),
		    c->report.output);
	else
		(void)dsr_print(stdout, "%s", _("No page was made.\n"));
	return fflush(stdout) != 0 ? dsr_fail_sys(err, "stdout") : 0;
}

static int
report_file(struct report_command *c, const char *file, int *status,
    struct dsr_error *err)
{
	struct dsr_findings *findings = NULL;
	struct report *report = NULL;
	struct verify_result r;
	bool written = false;
	int fd = -1, rc = -1;

	if (report_open(&report, &c->report, err) != 0 ||
	    input_open(file, &fd, err) != 0 ||
	    dsr_findings_new(&findings, NULL, NULL, err) != 0)
		goto out;
	report_set_options(report, &c->options);
	if (verify_archive(fd, &c->options, findings, &r, err) != 0 ||
	    report_write(report, file, &r, findings, &written, err) != 0)
		goto out;
	dsr_log(&c->common, "report: %s: exit %d", file, r.exit_status);
	*status = r.exit_status;
	rc = print_result(c, file, &r, findings, written, err);
out:
	if (fd >= 0)
		(void)close(fd);
	dsr_findings_free(findings);
	report_free(report);
	return rc;
}

static int
run(struct report_command *c, const char *file, struct dsr_error *err)
{
	int status = 0;

	c->options.jobs = dsr_processor_count();
	c->options.sandbox = true;
	if (means_open(&c->means, &c->options, err) != 0 ||
	    report_file(c, file, &status, err) != 0)
		status = dsr_report_error(&c->common, err);
	return status;
}

static int
check_use(const struct report_command *c, int operands,
    struct dsr_error *err)
{
	if (operands != 1)
		return dsr_fail(err, DSR_EUSAGE,
		    "wanted one archive, found %d", operands);
	if (c->report.output == NULL)
		return dsr_fail(err, DSR_EUSAGE,
		    "-o OUT.html is missing: where shall the page stand?");
	if (c->pdf != NULL)
		return dsr_fail(err, DSR_EUSAGE,
		    "--pdf is an option of the program dossier");
	return report_check(&c->report, err);
}

int
report_main(int argc, char **argv)
{
	struct report_command c;
	struct dsr_error err;
	const struct dsr_option table[] = {
		{ "output", 'o', DSR_OPTION_TEXT, &c.report.output,
		    "OUT.html", N_("the page to make"), 0, 0 },
		{ "force", 0, DSR_OPTION_FLAG, &c.report.force, NULL,
		    N_("replace OUT.html if it exists"), 0, 0 },
		{ "lang", 0, DSR_OPTION_TEXT, &c.report.language, "LL",
		    N_("language of the page: en, nl, fr, de\n"
		       "(else the first one of the archive)"), 0, 0 },
		{ "audience", 0, DSR_OPTION_TEXT, &c.report.audience, "WHO",
		    N_("person, or auditor: checks, findings and\n"
		       "signatures in the place of documents\n"
		       "(default: person)"), 0, 0 },
		{ "pdf", 0, DSR_OPTION_TEXT, &c.pdf, "OUT.pdf",
		    N_("a PDF of the page, too, by WeasyPrint (declares\n"
		       "PDF/A-3b; no validator has proved it)"), 0, 0 },
		MEANS_OPTIONS(c.means, c.options),
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	int first = 0, status;

	memset(&c, 0, sizeof(c));
	if (dsr_options_parse(table, count, &c.common, argc, argv, &first,
		&err) != 0) {
		status = dsr_report_error(&c.common, &err);
	} else if (c.common.help) {
		dsr_options_help(&report_verb, table, count);
		status = 0;
	} else if (check_use(&c, argc - first, &err) != 0) {
		status = dsr_report_error(&c.common, &err);
	} else {
		status = run(&c, argv[first], &err);
	}
	means_fini(&c.means);
	dsr_common_fini(&c.common);
	return status;
}
