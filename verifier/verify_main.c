/* SPDX-License-Identifier: ISC */
/* dossier verify */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dossier/language.h"
#include "dossier/options.h"
#include "dossier/pool.h"
#include "dossier/text.h"
#include "unpacked.h"
#include "means.h"
#include "report.h"
#include "result.h"
#include "result_schema.h"
#include "verifier.h"
#include "verify.h"
#include "verify_batch.h"

const struct dsr_verb verify_verb = { "verify",
	"FILE.zip|FILE.zip.age|FOLDER|-... [OPTIONS]",
	N_("Tell whether archives are intact, and who sealed them."),
	verify_main };

struct verify_command {
	struct dsr_common common;
	struct means means;
	const char *layer;
	const char *bag;
	const char *list; /* --from-file */
	bool brief;       /* one line a file */
	bool schema;      /* of the JSON, and nothing else */
	uint64_t jobs;
	struct verify_options options;
	struct report_options report; /* output is NULL: none */
	bool printing_failed;
	struct dsr_error printing;
};

static void
tell_finding(void *ctx, const struct dsr_finding *f)
{
	struct verify_command *v = ctx;

	if (v->common.json && result_print_finding(f, &v->printing) != 0)
		v->printing_failed = true;
}

static int
print_result(struct verify_command *v, const char *file,
    const struct verify_result *r, const struct dsr_findings *findings,
    bool written, struct dsr_error *err)
{
	if (v->printing_failed) {
		*err = v->printing;
		return -1;
	}
	if (v->common.json)
		return result_print_summary(file, r, findings, err);
	if (v->common.quiet)
		return 0;
	if (v->brief)
		return result_print_verdict(file, r, &v->common, err);
	if (result_print_text(file, r, findings, &v->common, err) != 0)
		return -1;
	return v->report.output == NULL || written ||
		dsr_print(stdout, "%s", _("No page was made.\n")) == 0
	    ? 0
	    : dsr_fail_sys(err, "stdout");
}

/* Not a regular file: judged like any other thing that is no archive. */
static void
refuse_input(struct dsr_findings *findings, struct verify_result *r,
    const struct dsr_error *err)
{
	memset(r, 0, sizeof(*r));
	dsr_findings_add(findings, DSR_F_ZIP_NOT_ZIP, NULL, NULL, "%s",
	    err->msg);
	r->has_verdict = true;
	r->verdict = VERDICT_NOT_INTACT;
	r->no_archive = true;
	r->exit_status = 1;
}

static int
begin_report(struct verify_command *v, struct report **out,
    struct dsr_error *err)
{
	if (v->report.output == NULL)
		return 0;
	if (report_open(out, &v->report, err) != 0)
		return -1;
	report_set_options(*out, &v->options);
	return 0;
}

/* A folder is what an archive was unpacked to: it has no container. */
static int
open_input(const struct verify_command *v, const char *file, int *fd,
    struct dsr_error *err)
{
	struct stat st;

	if (v->layer == NULL && v->report.output == NULL &&
	    !v->options.quick && strcmp(file, "-") != 0 && stat(file, &st) == 0 &&
	    S_ISDIR(st.st_mode))
		return unpacked_open(file, fd, err);
	return input_open(file, fd, err);
}

static int
judge_file(struct verify_command *v, const char *file, int *status,
    struct dsr_error *err)
{
	struct dsr_findings *findings = NULL;
	struct report *report = NULL;
	struct verify_result r;
	bool written = false;
	int fd = -1, rc = -1;

	if (begin_report(v, &report, err) != 0 ||
	    dsr_findings_new(&findings, tell_finding, v, err) != 0)
		goto out;
	if (open_input(v, file, &fd, err) != 0) {
		if (err->code != DSR_EFORMAT)
			goto out;
		refuse_input(findings, &r, err);
	} else if (verify_archive(fd, &v->options, findings, &r, err) != 0) {
		goto out;
	}
	dsr_log(&v->common, "verify: %s: exit %d", file, r.exit_status);
	if (report != NULL && report_write(report, file, &r, findings,
		&written, err) != 0)
		goto out;
	*status = r.exit_status;
	rc = print_result(v, file, &r, findings, written, err);
out:
	report_free(report);
	if (fd >= 0)
		(void)close(fd);
	dsr_findings_free(findings);
	return rc;
}

/* In a process of its own: the exit status. */
static int
judge_alone(void *ctx, const char *file)
{
	struct verify_command *v = ctx;
	struct dsr_error err;
	int status = 0;

	return judge_file(v, file, &status, &err) == 0
	    ? status
	    : verify_batch_error(&v->common, file, &err);
}

/* One by itself; several, or those of a list, in processes of their own. */
static int
judge_files(struct verify_command *v, char *const *files, size_t count,
    int *status, struct dsr_error *err)
{
	struct batch_list list;
	int rc = -1;

	if (count == 1 && v->list == NULL)
		return judge_file(v, files[0], status, err);
	v->brief = v->common.verbose == 0;
	batch_list_init(&list);
	if (batch_list_add(&list, files, count, err) == 0 &&
	    (v->list == NULL || batch_list_read(&list, v->list, err) == 0))
		rc = verify_batch(&v->common, &v->options.jobs, &list,
		    judge_alone, v, status, err);
	batch_list_fini(&list);
	return rc;
}

static int
run(struct verify_command *v, int count, char **files, struct dsr_error *err)
{
	int status = 0;

	v->options.layer_zip = v->layer != NULL;
	v->options.sandbox = true;
	if (means_open(&v->means, &v->options, err) != 0 ||
	    judge_files(v, files, (size_t)count, &status, err) != 0)
		status = dsr_report_error(&v->common, err);
	return status;
}

/* One of a few things is judged in another way than archives are. */
static int
check_way(const struct verify_command *v, int operands, struct dsr_error *err)
{
	bool quick = v->options.quick, layer = v->layer != NULL,
	     report = v->report.output != NULL;

	if (report && (operands != 1 || v->list != NULL || layer))
		return dsr_fail(err, DSR_EUSAGE,
		    "--report wants one archive, judged as a whole");
	if (quick && (report || layer))
		return dsr_fail(err, DSR_EUSAGE,
		    "--quick goes with neither --report nor --layer");
	if (layer && strcmp(v->layer, "zip") != 0)
		return dsr_fail(err, DSR_EUSAGE,
		    "--layer: wanted zip, found %s", v->layer);
	return 0;
}

static int
check_use(const struct verify_command *v, int operands, struct dsr_error *err)
{
	bool alone = operands == 0 && v->list == NULL;

	if (v->bag != NULL)
		return alone && v->layer == NULL && !v->options.quick
		    ? 0
		    : dsr_fail(err, DSR_EUSAGE,
			"--bag FOLDER judges one bag and nothing else");
	if (alone)
		return dsr_fail(err, DSR_EUSAGE,
		    "wanted an archive: dossier verify FILE.zip");
	if (check_way(v, operands, err) != 0)
		return -1;
	return report_check(&v->report, err);
}

static int
print_schema(const struct dsr_common *common)
{
	struct dsr_error err;

	if (fwrite(asset_result_schema_json, 1, asset_result_schema_json_len,
		stdout) == asset_result_schema_json_len &&
	    fflush(stdout) == 0)
		return 0;
	(void)dsr_fail_sys(&err, "stdout");
	return dsr_report_error(common, &err);
}

/* Parses and judges; the exit status. */
static int
follow(const struct dsr_option *table, size_t count,
    struct verify_command *v, int argc, char **argv)
{
	struct dsr_error err;
	int first = 0;

	if (dsr_options_parse(table, count, &v->common, argc, argv, &first,
		&err) != 0)
		return dsr_report_error(&v->common, &err);
	if (v->common.help) {
		dsr_options_help(&verify_verb, table, count);
		return 0;
	}
	if (v->schema)
		return print_schema(&v->common);
	if (check_use(v, argc - first, &err) != 0)
		return dsr_report_error(&v->common, &err);
	v->options.jobs = v->jobs > 0 ? (unsigned int)v->jobs
				      : dsr_processor_count();
	return v->bag != NULL
	    ? bag_run(v->bag, &v->common, v->options.jobs)
	    : run(v, argc - first, argv + first, &err);
}

int
verify_main(int argc, char **argv)
{
	struct verify_command v;
	int status;
	const struct dsr_option table[] = {
		MEANS_OPTIONS(v.means, v.options),
		{ "jobs", 0, DSR_OPTION_NUMBER, &v.jobs, "N",
		    N_("threads (default: 0, one for each processor)"), 0, 64 },
		{ "report", 0, DSR_OPTION_TEXT, &v.report.output, "OUT.html",
		    N_("make a page of it for people, too"), 0, 0 },
		{ "lang", 0, DSR_OPTION_TEXT, &v.report.language, "LL",
		    N_("language of the page: en, nl, fr, de\n"
		       "(else the first one of the archive)"), 0, 0 },
		{ "audience", 0, DSR_OPTION_TEXT, &v.report.audience, "WHO",
		    N_("person, or auditor: checks, findings and\n"
		       "signatures in the place of documents\n"
		       "(default: person)"), 0, 0 },
		{ "force", 0, DSR_OPTION_FLAG, &v.report.force, NULL,
		    N_("replace OUT.html if it exists"), 0, 0 },
		{ "from-file", 0, DSR_OPTION_TEXT, &v.list, "LIST",
		    N_("judge the archives named in LIST, one a line"), 0, 0 },
		{ "quick", 0, DSR_OPTION_FLAG, &v.options.quick, NULL,
		    N_("look at container and seal alone, unpack no document;\n"
		       "at best exit 3: not everything was checked"), 0, 0 },
		{ "layer", 0, DSR_OPTION_TEXT, &v.layer, "zip",
		    N_("judge the container alone"), 0, 0 },
		{ "schema", 0, DSR_OPTION_FLAG, &v.schema, NULL,
		    N_("print the JSON Schema of what --json prints"), 0, 0 },
		{ "bag", 0, DSR_OPTION_TEXT, &v.bag, "FOLDER",
		    N_("judge any BagIt bag, 0.93 to 1.0"), 0, 0 },
	};

	memset(&v, 0, sizeof(v));
	status = follow(table, sizeof(table) / sizeof(table[0]), &v, argc,
	    argv);
	means_fini(&v.means);
	dsr_common_fini(&v.common);
	return status;
}
