/* SPDX-License-Identifier: ISC */
/*
 * dossier diff: which documents came, went or changed between two archives,
 * and what became of resources otherwise between two receipts, once both were
 * seen to be intact.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "aside.h"
#include "change.h"
#include "dossier/bag.h"
#include "dossier/language.h"
#include "dossier/options.h"
#include "dossier/pool.h"
#include "dossier/text.h"
#include "means.h"
#include "result.h"
#include "verifier.h"

#define SHOWN 10u /* changes of the short text: fifteen lines in all */

const struct dsr_verb diff_verb = { "diff", "OLD.zip NEW.zip [OPTIONS]",
	N_("Tell which documents came, went or changed between two archives."),
	diff_main };

/* One of the two archives. */
struct side {
	const char *file;
	int fd;
	struct verify_options options;
	struct aside lists; /* by enum compared */
	struct dsr_findings *findings;
	struct verify_result result;
	struct verification *verification;
};

static const enum dsr_member_kind members[COMPARED_KINDS] = {
	[COMPARED_DOCUMENTS] = DSR_MEMBER_DOCUMENTS,
	[COMPARED_ERASURES] = DSR_MEMBER_ERASURE,
};

struct diff_command {
	struct dsr_common common;
	struct means means;
	struct verify_options options;
	struct side old, new;
	enum compared what; /* is being told */
	uint64_t shown;
};

static int
side_open(struct side *s, const struct verify_options *o, const char *file,
    struct dsr_error *err)
{
	s->file = file;
	s->options = *o;
	if (input_open(file, &s->fd, err) != 0 ||
	    aside_open(&s->lists, members, COMPARED_KINDS, &s->options,
		err) != 0 ||
	    dsr_findings_new(&s->findings, NULL, NULL, err) != 0)
		return -1;
	return verification_new(&s->verification, s->fd, &s->options,
	    s->findings, &s->result, err);
}

static void
side_close(struct side *s)
{
	verification_free(s->verification);
	dsr_findings_free(s->findings);
	aside_close(&s->lists);
	if (s->fd >= 0)
		(void)close(s->fd);
}

static int
side_verify(struct side *s, const struct dsr_sandbox *sandbox,
    struct dsr_error *err)
{
	s->result.sandbox = *sandbox;
	if (verification_run(s->verification, err) != 0)
		return -1;
	return aside_check(&s->lists, err);
}

static bool
is_good(const struct side *s)
{
	return s->result.exit_status == 0 || s->result.exit_status == 5;
}

/* Documents are no part of a receipt, nor resources of another archive. */
static bool
has(const struct diff_command *c, enum compared what)
{
	bool old = strcmp(c->old.result.kind, "receipt") == 0;
	bool new = strcmp(c->new.result.kind, "receipt") == 0;

	return what == COMPARED_ERASURES ? old || new : !old || !new;
}

/* 0 of both, 5 of one; else of the worse, of which 1 is the worst. */
static int
exit_status_of(const struct diff_command *c)
{
	int old = c->old.result.exit_status, new = c->new.result.exit_status;

	if (is_good(&c->old) && is_good(&c->new))
		return old > new ? old : new;
	if (is_good(&c->old) != is_good(&c->new))
		return is_good(&c->old) ? new : old;
	return old == 1 || new == 1 ? 1 : old;
}

/* ---- for programs --------------------------------------------------------------------- */

static void
put_side(struct dsr_json_writer *w, const char *key, const struct side *s)
{
	const struct verify_result *r = &s->result;

	dsr_json_write_key(w, key);
	dsr_json_write_object(w);
	dsr_json_put_count(w, "exit", (uint64_t)r->exit_status);
	dsr_json_put_text(w, "file", s->file);
	dsr_json_put_text(w, "id", r->id[0] == '\0' ? NULL : r->id);
	dsr_json_put_text(w, "verdict",
	    r->has_verdict ? verdict_name(r->verdict) : NULL);
	dsr_json_write_end(w);
}

static void
put_resources(struct dsr_json_writer *w, const struct comparison *cmp)
{
	dsr_json_write_key(w, "erasures");
	dsr_json_write_object(w);
	dsr_json_put_count(w, "added", comparison_count(cmp, CHANGE_ADDED));
	dsr_json_put_count(w, "changed", comparison_count(cmp, CHANGE_CHANGED));
	dsr_json_put_count(w, "removed", comparison_count(cmp, CHANGE_REMOVED));
	dsr_json_put_count(w, "same", comparison_same(cmp));
	dsr_json_write_end(w);
}

/* cmp is NULL when there was nothing to compare. */
static int
print_summary(const struct diff_command *c, struct comparison *const *cmp,
    struct dsr_error *err)
{
	const struct comparison *d = cmp == NULL ? NULL
						 : cmp[COMPARED_DOCUMENTS];
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	if (d != NULL) {
		dsr_json_put_count(w, "added",
		    comparison_count(d, CHANGE_ADDED));
		dsr_json_put_count(w, "changed",
		    comparison_count(d, CHANGE_CHANGED));
	}
	if (cmp != NULL && has(c, COMPARED_ERASURES))
		put_resources(w, cmp[COMPARED_ERASURES]);
	dsr_json_put_count(w, "exit", (uint64_t)exit_status_of(c));
	put_side(w, "new", &c->new);
	put_side(w, "old", &c->old);
	if (d != NULL) {
		dsr_json_put_count(w, "removed",
		    comparison_count(d, CHANGE_REMOVED));
		dsr_json_put_count(w, "same", comparison_same(d));
	}
	result_put_sandbox(w, &c->new.result.sandbox);
	dsr_json_put_text(w, "type", "summary");
	return dsr_json_line_end(&line, err);
}

/* ---- for people --------------------------------------------------------------------------- */

static int
tell_change(void *ctx, enum change kind, const union compared_record *old,
    const union compared_record *new, struct dsr_error *err)
{
	struct diff_command *c = ctx;

	if (c->common.json)
		return change_print_json(c->what, kind, old, new, err);
	if (c->common.verbose == 0 && c->shown == SHOWN)
		return 1;
	c->shown++;
	change_print(c->what, kind, old, new);
	return 0;
}

static uint64_t
print_counts(enum compared what, const struct comparison *cmp)
{
	uint64_t added = comparison_count(cmp, CHANGE_ADDED),
		 removed = comparison_count(cmp, CHANGE_REMOVED),
		 changed = comparison_count(cmp, CHANGE_CHANGED);

	(void)dsr_print(stdout, what == COMPARED_DOCUMENTS
	    ? _("Documents: %" PRIu64 " added, %" PRIu64 " removed, %" PRIu64
		" changed, %" PRIu64 " the same.\n")
	    : _("Resources: %" PRIu64 " added, %" PRIu64 " removed, %" PRIu64
		" with another outcome, %" PRIu64 " the same.\n"),
	    added, removed, changed, comparison_same(cmp));
	return added + removed + changed;
}

static int
tell_all(struct diff_command *c, struct comparison *const *cmp,
    struct dsr_error *err)
{
	for (c->what = 0; c->what < COMPARED_KINDS; c->what++)
		if (comparison_each(cmp[c->what], tell_change, c, err) != 0)
			return -1;
	return 0;
}

static int
print_text(struct diff_command *c, struct comparison *const *cmp,
    struct dsr_error *err)
{
	uint64_t all = 0;

	for (enum compared i = 0; i < COMPARED_KINDS; i++)
		if (has(c, i))
			all += print_counts(i, cmp[i]);
	if (result_print_verdict(c->old.file, &c->old.result, &c->common,
		err) != 0 ||
	    result_print_verdict(c->new.file, &c->new.result, &c->common,
		err) != 0 ||
	    tell_all(c, cmp, err) != 0)
		return -1;
	if (c->shown < all)
		(void)dsr_print(stdout, _("  and %" PRIu64 " more: see -v\n"),
		    all - c->shown);
	return fflush(stdout) != 0 ? dsr_fail_sys(err, "stdout") : 0;
}

/* ---- the command ---------------------------------------------------------------------------- */

static int
tell(struct diff_command *c, struct comparison *const *cmp,
    struct dsr_error *err)
{
	if (c->common.json)
		return tell_all(c, cmp, err) == 0 ? print_summary(c, cmp, err)
						  : -1;
	return c->common.quiet ? 0 : print_text(c, cmp, err);
}

static int
compare(struct diff_command *c, struct dsr_error *err)
{
	struct comparison *cmp[COMPARED_KINDS] = { NULL };
	int rc = 0;

	for (enum compared i = 0; i < COMPARED_KINDS && rc == 0; i++)
		rc = comparison_new(&cmp[i], i, c->old.lists.lists[i].lines,
		    c->new.lists.lists[i].lines, err);
	if (rc == 0)
		rc = tell(c, cmp, err);
	for (enum compared i = 0; i < COMPARED_KINDS; i++)
		comparison_free(cmp[i]);
	return rc;
}

/* One is not intact: there is nothing that could be compared. */
static int
refuse(const struct diff_command *c, struct dsr_error *err)
{
	const struct side *sides[] = { &c->old, &c->new };
	size_t i;

	if (c->common.json)
		return print_summary(c, NULL, err);
	for (i = 0; i < 2 && !c->common.quiet; i++)
		if (!is_good(sides[i]) &&
		    result_print_text(sides[i]->file, &sides[i]->result,
			sides[i]->findings, &c->common, err) != 0)
			return -1;
	return 0;
}

static int
run(struct diff_command *c, char *const *files, struct dsr_error *err)
{
	struct dsr_sandbox sandbox;

	c->options.jobs = dsr_processor_count();
	c->options.sandbox = true;
	if (means_open(&c->means, &c->options, err) != 0 ||
	    side_open(&c->old, &c->options, files[0], err) != 0 ||
	    side_open(&c->new, &c->options, files[1], err) != 0)
		return -1;
	dsr_sandbox_close(&sandbox, NULL, 0);
	if (side_verify(&c->old, &sandbox, err) != 0 ||
	    side_verify(&c->new, &sandbox, err) != 0)
		return -1;
	dsr_log(&c->common, "diff: %s: exit %d, %s: exit %d", files[0],
	    c->old.result.exit_status, files[1], c->new.result.exit_status);
	return is_good(&c->old) && is_good(&c->new) ? compare(c, err)
						    : refuse(c, err);
}

static int
check_use(int operands, char *const *files, struct dsr_error *err)
{
	if (operands != 2)
		return dsr_fail(err, DSR_EUSAGE,
		    "wanted two archives, found %d", operands);
	if (strcmp(files[0], "-") == 0 && strcmp(files[1], "-") == 0)
		return dsr_fail(err, DSR_EUSAGE,
		    "only one of them can be stdin");
	return 0;
}

int
diff_main(int argc, char **argv)
{
	struct diff_command c;
	struct dsr_error err;
	const struct dsr_option table[] = {
		MEANS_OPTIONS(c.means, c.options),
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	int first = 0, status;

	memset(&c, 0, sizeof(c));
	c.old.fd = c.new.fd = -1;
	if (dsr_options_parse(table, count, &c.common, argc, argv, &first,
		&err) != 0) {
		status = dsr_report_error(&c.common, &err);
	} else if (c.common.help) {
		dsr_options_help(&diff_verb, table, count);
		status = 0;
	} else if (check_use(argc - first, argv + first, &err) != 0 ||
	    run(&c, argv + first, &err) != 0) {
		status = dsr_report_error(&c.common, &err);
	} else {
		status = exit_status_of(&c);
	}
	side_close(&c.old);
	side_close(&c.new);
	means_fini(&c.means);
	dsr_common_fini(&c.common);
	return status;
}
