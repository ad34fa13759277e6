/* SPDX-License-Identifier: ISC */
/* dossier add CASE FILE|DIR… --source TEXT */
#include "collector.h"

#include <inttypes.h>
#include <string.h>

#include "adding.h"
#include "dossier/language.h"
#include "dossier/text.h"
#include "ending.h"
#include "json_line.h"

#define SHOWN 10u /* files that are told of one by one, without -v */

const struct dsr_verb add_verb = {
	"add", "CASE FILE|FOLDER... --source TEXT [OPTIONS]",
	N_("Add documents to a case that were obtained by hand."), add_main
};

struct verb {
	struct dsr_common common;
	const char *source;
	const char *category;
	const char *by;
	struct dsr_buffer notes; /* what is told of single files */
	uint64_t noted;
};

/* The words of --json. */
static const char *const outcome_words[] = {
	[ADDING_ADDED] = "added",
	[ADDING_TWIN] = "added-again",
	[ADDING_KNOWN] = "known",
	[ADDING_GAP] = "gap",
};

/* clang-format off */
static const char *const outcome_texts[] = {
	[ADDING_ADDED] = N_("added"),
	[ADDING_TWIN] = N_("added, though the same content is there already"),
	[ADDING_KNOWN] = N_("is there already"),
	[ADDING_GAP] = N_("could not be added"),
};
/* clang-format on */

static int
write_json(const struct adding_note *n, struct dsr_error *err)
{
	const struct json_member members[] = {
		{ "name", n->name, 0 },
		{ "outcome", outcome_words[n->outcome], 0 },
		{ "reason", n->reason != NULL ? n->reason : "", 0 },
		{ "sha256", n->sha256 != NULL ? n->sha256 : "", 0 },
		{ "size", NULL, n->size },
		{ "type", "document", 0 },
	};

	return json_line_print(members, sizeof(members) / sizeof(members[0]),
	    err);
}

/* Kept until the verdict was said, which comes first. */
static int
note_file(void *ctx, const struct adding_note *n, struct dsr_error *err)
{
	struct verb *v = ctx;

	if (v->common.json)
		return write_json(n, err);
	if (v->common.verbose > 0) {
		(void)dsr_print(stdout, "%s  %s: %s%s%s\n",
		    n->sha256 != NULL ? n->sha256 : "-", n->name,
		    _(outcome_texts[n->outcome]),
		    n->reason != NULL ? ": " : "",
		    n->reason != NULL ? n->reason : "");
		return 0;
	}
	if (n->outcome == ADDING_ADDED || v->noted++ >= SHOWN)
		return 0;
	return dsr_buffer_printf(&v->notes, err, "  %s: %s%s%s\n", n->name,
	    _(outcome_texts[n->outcome]), n->reason != NULL ? ": " : "",
	    n->reason != NULL ? n->reason : "");
}

static uint64_t
count_added(const struct adding_result *r)
{
	return r->outcomes[ADDING_ADDED] + r->outcomes[ADDING_TWIN];
}

static int
find_status(const struct adding_result *r)
{
	if (ending != 0)
		return 128 + (int)ending;
	return r->outcomes[ADDING_GAP] > 0 ? dsr_exit_status(DSR_EINCOMPLETE)
					   : 0;
}

static void
print_verdict(const struct verb *v, const struct adding_result *r,
    const char *path)
{
	const uint64_t added = count_added(r);

	if (ending != 0)
		(void)dsr_print(stdout, _("Stopped: what was added is kept. "
		    "To go on, give the same command again.\n"));
	else if (r->outcomes[ADDING_GAP] > 0)
		(void)dsr_print(stdout,
		    P_("Finished, with %" PRIu64 " gap.\n",
		        "Finished, with %" PRIu64 " gaps.\n",
		        r->outcomes[ADDING_GAP]), r->outcomes[ADDING_GAP]);
	else
		(void)dsr_print(stdout, _("Complete.\n"));
	(void)dsr_print(stdout,
	    P_("%" PRIu64 " document, %" PRIu64 " bytes, added to %s\n",
	        "%" PRIu64 " documents, %" PRIu64 " bytes, added to %s\n",
	        added), added, r->bytes, path);
	if (r->outcomes[ADDING_KNOWN] > 0)
		(void)dsr_print(stdout,
		    P_("%" PRIu64 " was there already, from the same source\n",
		        "%" PRIu64 " were there already, from the same "
		        "source\n", r->outcomes[ADDING_KNOWN]),
		    r->outcomes[ADDING_KNOWN]);
	(void)dsr_print(stdout, "%s", dsr_buffer_str(&v->notes));
	if (v->noted > SHOWN)
		(void)dsr_print(stdout, _("  and %" PRIu64 " more: -v tells "
		    "of each\n"), v->noted - SHOWN);
}

static int
print_summary(const struct adding_result *r, int status,
    struct dsr_error *err)
{
	const struct json_member members[] = {
		{ "added", NULL, count_added(r) },
		{ "bytes", NULL, r->bytes },
		{ "exit", NULL, (uint64_t)status },
		{ "gaps", NULL, r->outcomes[ADDING_GAP] },
		{ "known", NULL, r->outcomes[ADDING_KNOWN] },
		{ "type", "summary", 0 },
	};

	return json_line_print(members, sizeof(members) / sizeof(members[0]),
	    err);
}

static int
run_verb(struct verb *v, int argc, char **argv, struct dsr_error *err)
{
	struct adding_options o;
	struct adding_result result;
	int status;

	if (argc < 2)
		return dsr_fail(err, DSR_EUSAGE,
		    "add wants a case, and files or folders");
	(void)memset(&o, 0, sizeof(o));
	o.case_path = argv[0];
	o.paths = argv + 1;
	o.count = (size_t)argc - 1;
	o.source = v->source;
	o.category = v->category;
	o.by = v->by;
	o.no_progress =
	    v->common.no_progress || v->common.quiet || v->common.json;
	o.ending = &ending;
	ending_catch();
	if (adding_run(&o, note_file, v, &result, err) != 0)
		return -1;
	status = find_status(&result);
	dsr_log(&v->common, "add: %" PRIu64 " documents, %" PRIu64
	    " gaps, exit status %d", count_added(&result),
	    result.outcomes[ADDING_GAP], status);
	if (v->common.json)
		return print_summary(&result, status, err) == 0 ? status : -1;
	if (!v->common.quiet)
		print_verdict(v, &result, argv[0]);
	return status;
}

int
add_main(int argc, char **argv)
{
	struct verb v;
	const struct dsr_option table[] = {
		{ "source", 0, DSR_OPTION_TEXT, &v.source, "TEXT",
		    N_("where the documents are from; it is in the archive"),
		    0, 0 },
		{ "category", 0, DSR_OPTION_TEXT, &v.category, "NAME",
		    N_("what they are about, such as account or telemetry"),
		    0, 0 },
		{ "by", 0, DSR_OPTION_TEXT, &v.by, "TEXT",
		    N_("who adds them; the account is noted, too"), 0, 0 },
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	struct dsr_error err;
	int first = 0, status;

	(void)memset(&v, 0, sizeof(v));
	dsr_buffer_init(&v.notes, 1u << 20);
	if (dsr_options_parse(table, count, &v.common, argc, argv, &first,
	        &err) != 0)
		status = dsr_report_error(&v.common, &err);
	else if (v.common.help)
		status = (dsr_options_help(&add_verb, table, count), 0);
	else if ((status = run_verb(&v, argc - first, argv + first, &err)) < 0)
		status = dsr_report_error(&v.common, &err);
	dsr_buffer_fini(&v.notes);
	dsr_common_fini(&v.common);
	return status;
}
