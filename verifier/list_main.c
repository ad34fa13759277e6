/* SPDX-License-Identifier: ISC */
/* dossier list: what is in an archive, once it was seen to be intact. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "aside.h"
#include "dossier/bag.h"
#include "dossier/file.h"
#include "dossier/language.h"
#include "dossier/options.h"
#include "dossier/pool.h"
#include "dossier/records.h"
#include "dossier/text.h"
#include "means.h"
#include "result.h"
#include "verifier.h"
#include "verify.h"

const struct dsr_verb list_verb = { "list", "FILE.zip [OPTIONS]",
	N_("List the members of an archive that is intact."), list_main };

struct list_command {
	struct dsr_common common;
	struct means means;
	struct verify_options options;
	struct dsr_spool *rows; /* "<size> <path>\n" */
	struct aside erasures;  /* erasure.jsonl, in a receipt */
	bool failed;
	struct dsr_error err;
};

static void
note_member(void *ctx, const char *path, uint64_t size)
{
	struct list_command *l = ctx;
	char row[DSR_MAX_NAME + 32];
	int n = snprintf(row, sizeof(row), "%" PRIu64 " %s\n", size, path);

	if (n < 0 || (size_t)n >= sizeof(row) ||
	    dsr_spool_write(l->rows, row, (size_t)n, &l->err) != 0)
		l->failed = true;
}

/* "document", "statement" …: the word for a kind of member. */
static const char *
kind_word(const char *path)
{
	enum dsr_member_kind kind = dsr_member_kind_of(path);

	if (kind == DSR_MEMBER_DOCUMENT)
		return "document";
	if (dsr_member_is_payload(kind) || dsr_member_is_tag(kind))
		return "tag";
	return kind == DSR_MEMBER_TAGMANIFEST ? "root" : "attestation";
}

static int
print_json_row(const char *path, uint64_t size, struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	dsr_json_put_text(w, "kind", kind_word(path));
	dsr_json_put_text(w, "path", path);
	dsr_json_put_count(w, "size", size);
	dsr_json_put_text(w, "type", "member");
	return dsr_json_line_end(&line, err);
}

static int
print_row(const struct list_command *l, const struct dsr_buffer *row,
    struct dsr_error *err)
{
	char path[DSR_MAX_NAME + 32];
	uint64_t size = 0;
	const char *text = dsr_buffer_str(row), *space = strchr(text, ' ');

	if (space == NULL ||
	    !dsr_parse_u64(text, (size_t)(space - text), UINT64_MAX, &size))
		return dsr_fail(err, DSR_EBUG, "row of a list");
	(void)snprintf(path, sizeof(path), "%.*s",
	    (int)(row->len - 2 - (size_t)(space - text)), space + 1);
	if (l->common.json)
		return print_json_row(path, size, err);
	return dsr_print(stdout, "%12" PRIu64 "  %-11s  %s\n", size,
		   kind_word(path), path) != 0
	    ? dsr_fail_sys(err, "stdout")
	    : 0;
}

static int
print_rows(struct list_command *l, struct dsr_error *err)
{
	struct dsr_buffer row;
	int more;

	dsr_buffer_init(&row, DSR_MAX_NAME + 32);
	more = dsr_spool_rewind(l->rows, err);
	while (more == 0 && (more = dsr_spool_line(l->rows, &row, err)) == 1)
		more = print_row(l, &row, err);
	dsr_buffer_fini(&row);
	return more;
}

/* ---- what became of an erasure ------------------------------------------ */

static int
print_erasure_json(const struct dsr_erasure *r, struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	dsr_json_put_text(w, "connector", r->connector);
	dsr_json_put_text(w, "endpoint", r->endpoint);
	dsr_json_put_text(w, "item", r->item);
	dsr_json_put_count(w, "number", r->number);
	dsr_json_put_text(w, "outcome", r->outcome);
	dsr_json_put_text(w, "reason", r->reason);
	dsr_json_put_text(w, "type", "erasure");
	return dsr_json_line_end(&line, err);
}

static int
print_erasure(const struct list_command *l, const struct dsr_erasure *r,
    struct dsr_error *err)
{
	if (l->common.json)
		return print_erasure_json(r, err);
	(void)dsr_print(stdout, "%12" PRIu64 "  %-13s  %s/%s ", r->number,
	    r->outcome, r->connector, r->endpoint);
	result_print_word(stdout, r->item != NULL ? r->item : "-");
	return fputs("\n", stdout) < 0 ? dsr_fail_sys(err, "stdout") : 0;
}

static int
print_erasures(struct list_command *l, struct dsr_error *err)
{
	struct dsr_arena *arena = NULL;
	struct dsr_buffer line;
	struct dsr_erasure r;
	int more = -1;

	dsr_buffer_init(&line, DSR_MAX_LINE);
	if (dsr_arena_new(&arena, err) != 0 ||
	    dsr_spool_rewind(l->erasures.lists[0].lines, err) != 0)
		goto out;
	while ((more = dsr_spool_line(l->erasures.lists[0].lines, &line, err)) == 1) {
		dsr_arena_reset(arena);
		more = -1;
		if (dsr_record_read_line(&dsr_erasure_type, &r, arena,
			line.data, line.len, err) != 0 ||
		    print_erasure(l, &r, err) != 0)
			break;
	}
out:
	dsr_arena_free(arena);
	dsr_buffer_fini(&line);
	return more;
}

/* Names of what was encrypted stay so. */
static int
open_rows(struct list_command *l, struct dsr_error *err)
{
	int rc = l->means.keys != NULL
	    ? dsr_spool_new_secret(&l->rows, err)
	    : dsr_spool_new(&l->rows, err);

	return rc != 0 ? -1 : dsr_spool_make_file(l->rows, err);
}

static int
print_all(struct list_command *l, struct dsr_error *err)
{
	return aside_check(&l->erasures, err) != 0 ||
		print_rows(l, err) != 0
	    ? -1
	    : print_erasures(l, err);
}

static int
list_file(struct list_command *l, const char *file, int *status,
    struct dsr_error *err)
{
	const enum dsr_member_kind kind = DSR_MEMBER_ERASURE;
	struct dsr_findings *findings = NULL;
	struct verify_result r;
	int fd = -1, rc = -1;

	if (input_open(file, &fd, err) != 0 || open_rows(l, err) != 0 ||
	    aside_open(&l->erasures, &kind, 1, &l->options, err) != 0 ||
	    dsr_findings_new(&findings, NULL, NULL, err) != 0 ||
	    verify_archive(fd, &l->options, findings, &r, err) != 0)
		goto out;
	if (l->failed) {
		*err = l->err;
		goto out;
	}
	*status = r.exit_status;
	if (r.exit_status == 0 || r.exit_status == 5)
		rc = print_all(l, err);
	else
		rc = 0;
	if (rc == 0 && l->common.json)
		rc = result_print_summary(file, &r, findings, err);
	else if (rc == 0 && r.exit_status != 0 && r.exit_status != 5)
		rc = result_print_text(file, &r, findings, &l->common, err);
out:
	if (fd >= 0)
		(void)close(fd);
	dsr_findings_free(findings);
	aside_close(&l->erasures);
	dsr_spool_free(l->rows);
	return rc;
}

static int
run(struct list_command *l, const char *file, struct dsr_error *err)
{
	int status = 0;

	l->options.jobs = dsr_processor_count();
	l->options.sandbox = true;
	l->options.member = note_member;
	l->options.ctx = l;
	if (means_open(&l->means, &l->options, err) != 0 ||
	    list_file(l, file, &status, err) != 0)
		status = dsr_report_error(&l->common, err);
	return status;
}

int
list_main(int argc, char **argv)
{
	struct list_command l;
	struct dsr_error err;
	const struct dsr_option table[] = {
		MEANS_OPTIONS(l.means, l.options),
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	int first = 0, status;

	memset(&l, 0, sizeof(l));
	if (dsr_options_parse(table, count, &l.common, argc, argv, &first,
		&err) != 0) {
		status = dsr_report_error(&l.common, &err);
	} else if (l.common.help) {
		dsr_options_help(&list_verb, table, count);
		status = 0;
	} else if (argc - first != 1) {
		dsr_fail(&err, DSR_EUSAGE, "wanted one archive, found %d",
		    argc - first);
		status = dsr_report_error(&l.common, &err);
	} else {
		status = run(&l, argv[first], &err);
	}
	means_fini(&l.means);
	dsr_common_fini(&l.common);
	return status;
}
