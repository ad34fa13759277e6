/* SPDX-License-Identifier: ISC */
/* dossier extract: the files of an archive, once all of it was verified. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dossier/language.h"
#include "dossier/options.h"
#include "dossier/pool.h"
#include "dossier/text.h"
#include "extract.h"
#include "means.h"
#include "result.h"
#include "verifier.h"

const struct dsr_verb extract_verb = { "extract",
	"FILE.zip -C FOLDER [MEMBER]... [OPTIONS]",
	N_("Write the files of an archive that is intact."), extract_main };

struct extract_command {
	struct dsr_common common;
	struct means means;
	struct verify_options options;
	const char *folder;
	uint64_t files, bytes; /* written */
};

static int
print_json(const struct extract_command *c, int status,
    struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	dsr_json_put_count(w, "bytes", c->bytes);
	dsr_json_put_count(w, "exit", (uint64_t)status);
	dsr_json_put_count(w, "files", c->files);
	dsr_json_put_text(w, "folder", c->folder);
	dsr_json_put_text(w, "type", "extracted");
	return dsr_json_line_end(&line, err);
}

/* The verdict, and then what lies where. */
static int
print_result(const struct extract_command *c, const char *file,
    const struct verify_result *r, const struct dsr_findings *findings,
    bool written, struct dsr_error *err)
{
	if (c->common.json) {
		if (written && print_json(c, r->exit_status, err) != 0)
			return -1;
		return result_print_summary(file, r, findings, err);
	}
	if (c->common.quiet)
		return 0;
	if (!written)
		return result_print_text(file, r, findings, &c->common, err);
	if (result_print_verdict(file, r, &c->common, err) != 0)
		return -1;
	(void)dsr_print(stdout,
	    P_("%" PRIu64 " file, %" PRIu64 " bytes, in %s.\n",
		"%" PRIu64 " files, %" PRIu64 " bytes, in %s.\n", c->files),
	    c->files, c->bytes, c->folder);
	return fflush(stdout) != 0 ? dsr_fail_sys(err, "stdout") : 0;
}

static int
extract(struct extract_command *c, const char *file, char *const *members,
    size_t count, int *status, struct dsr_error *err)
{
	struct dsr_findings *findings = NULL;
	struct extractor *x = NULL;
	struct verify_result r;
	bool good;
	int fd = -1, rc = -1;

	if (input_open(file, &fd, err) != 0 ||
	    extractor_new(&x, c->folder, members, count, err) != 0 ||
	    dsr_findings_new(&findings, NULL, NULL, err) != 0)
		goto out;
	extractor_set_options(x, &c->options, &r);
	if (verify_archive(fd, &c->options, findings, &r, err) != 0)
		goto out;
	good = r.exit_status == 0 || r.exit_status == 5;
	if (good && extractor_commit(x, &c->files, &c->bytes, err) != 0)
		goto out;
	dsr_log(&c->common, "extract: %s: exit %d", file, r.exit_status);
	*status = r.exit_status;
	rc = print_result(c, file, &r, findings, good, err);
out:
	if (fd >= 0)
		(void)close(fd);
	extractor_free(x);
	dsr_findings_free(findings);
	return rc;
}

static int
run(struct extract_command *c, int count, char **operands,
    struct dsr_error *err)
{
	int status = 0;

	c->options.jobs = dsr_processor_count();
	c->options.sandbox = true;
	if (means_open(&c->means, &c->options, err) != 0 ||
	    extract(c, operands[0], operands + 1, (size_t)count - 1, &status,
		err) != 0)
		status = dsr_report_error(&c->common, err);
	return status;
}

static int
check_use(const struct extract_command *c, int operands,
    struct dsr_error *err)
{
	if (operands < 1)
		return dsr_fail(err, DSR_EUSAGE,
		    "wanted an archive: dossier extract FILE.zip -C FOLDER");
	if (c->folder == NULL)
		return dsr_fail(err, DSR_EUSAGE,
		    "-C FOLDER is missing: where shall the files lie?");
	return 0;
}

int
extract_main(int argc, char **argv)
{
	struct extract_command c;
	struct dsr_error err;
	const struct dsr_option table[] = {
		{ "directory", 'C', DSR_OPTION_TEXT, &c.folder, "FOLDER",
		    N_("the folder to make; it must not exist"), 0, 0 },
		MEANS_OPTIONS(c.means, c.options),
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	int first = 0, status;

	memset(&c, 0, sizeof(c));
	if (dsr_options_parse(table, count, &c.common, argc, argv, &first,
		&err) != 0) {
		status = dsr_report_error(&c.common, &err);
	} else if (c.common.help) {
		dsr_options_help(&extract_verb, table, count);
		status = 0;
	} else if (check_use(&c, argc - first, &err) != 0) {
		status = dsr_report_error(&c.common, &err);
	} else {
		status = run(&c, argc - first, argv + first, &err);
	}
	means_fini(&c.means);
	dsr_common_fini(&c.common);
	return status;
}
