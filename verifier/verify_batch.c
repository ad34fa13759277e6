/* SPDX-License-Identifier: ISC */
#include "verify_batch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dossier/json_print.h"
#include "dossier/language.h"
#include "dossier/text.h"
#include "result.h"

struct tally {
	const struct dsr_common *common;
	int worst;
	uint64_t files, intact, unsure, not_intact, others;
	bool printing_failed;
	struct dsr_error printing;
};

/* The more severe of two exit statuses: the environment, 1, 6, 5, 3, 0. */
static int
worse(int a, int b)
{
	static const int order[] = { 70, 13, 12, 11, 10, 2, 1, 6, 5, 3, 0 };
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return 1;
}

/* ---- what could not be judged --------------------------------------------------- */

/* The one line of a file whose judging failed. */
static int
print_error_json(const char *file, const struct dsr_error *of,
    struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	dsr_json_put_count(w, "exit", (uint64_t)dsr_exit_status(of->code));
	dsr_json_put_text(w, "file", file);
	dsr_json_put_text(w, "kind", dsr_code_text(of->code));
	dsr_json_put_text(w, "message", of->msg);
	dsr_json_put_text(w, "type", "error");
	return dsr_json_line_end(&line, err);
}

int
verify_batch_error(const struct dsr_common *common, const char *file,
    const struct dsr_error *err)
{
	struct dsr_common plain = *common;
	struct dsr_error second;

	plain.json = false; /* its line names the file, too */
	if (common->json && print_error_json(file, err, &second) != 0)
		err = &second;
	return dsr_report_error(&plain, err);
}

static void
tell_crash(struct tally *t, const char *file, int signal)
{
	struct dsr_error crash;

	(void)dsr_print(stderr,
	    _("dossier: %s: the process that judged it ended by signal %d\n"),
	    file, signal);
	(void)dsr_fail(&crash, DSR_EBUG, "ended by signal %d", signal);
	if (t->common->json &&
	    print_error_json(file, &crash, &t->printing) != 0)
		t->printing_failed = true;
}

static void
note_end(void *ctx, const char *file, int status)
{
	struct tally *t = ctx;

	if (status > 128) {
		tell_crash(t, file, status - 128);
		status = dsr_exit_status(DSR_EBUG);
	}
	t->files++;
	t->intact += status == 0;
	t->unsure += status == 5;
	t->not_intact += status == 1;
	t->others += status != 0 && status != 1 && status != 5;
	t->worst = worse(t->worst, status);
}

/* ---- the last line --------------------------------------------------------------- */

static int
print_tally_json(const struct tally *t, struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	dsr_json_put_count(w, "exit", (uint64_t)t->worst);
	dsr_json_put_count(w, "files", t->files);
	dsr_json_put_count(w, "intact", t->intact);
	dsr_json_put_count(w, "not_intact", t->not_intact);
	dsr_json_put_count(w, "other", t->others);
	dsr_json_put_text(w, "type", "batch");
	dsr_json_put_count(w, "untrusted", t->unsure);
	return dsr_json_line_end(&line, err);
}

static int
print_tally(const struct tally *t, struct dsr_error *err)
{
	if (t->common->json)
		return print_tally_json(t, err);
	if (t->common->quiet)
		return 0;
	(void)dsr_print(stdout,
	    _("%" PRIu64 " files: %" PRIu64 " good, %" PRIu64
	      " not known who sealed them, %" PRIu64 " bad, %" PRIu64
	      " not judged\n"),
	    t->files, t->intact, t->unsure, t->not_intact, t->others);
	return fflush(stdout) != 0 ? dsr_fail_sys(err, "stdout") : 0;
}

int
verify_batch(const struct dsr_common *common, unsigned int *jobs,
    const struct batch_list *list, batch_judge_fn *judge, void *ctx,
    int *status, struct dsr_error *err)
{
	struct tally t = { .common = common };
	const struct batch_work work = { judge, ctx, note_end, &t };
	unsigned int processes = *jobs;

	if (list->count == 0)
		return dsr_fail(err, DSR_EUSAGE, "the list names no archive");
	if (list->count < processes)
		processes = (unsigned int)list->count;
	*jobs /= processes;
	if (batch_run(list, processes, &work, err) != 0)
		return -1;
	if (t.printing_failed) {
		*err = t.printing;
		return -1;
	}
	*status = t.worst;
	return print_tally(&t, err);
}
