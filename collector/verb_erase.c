/* SPDX-License-Identifier: ISC */
/* dossier erase --archive FILE.zip --connector NAME|FILE -o RECEIPT.zip … */
#include "collector.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connection.h"
#include "dossier/clock.h"
#include "dossier/language.h"
#include "dossier/text.h"
#include "ending.h"
#include "erase.h"
#include "json_line.h"
#include "receipt.h"

#define MAX_ANSWER 256 /* bytes of what is typed */
#define RECEIPT_CASE ".case"

const struct dsr_verb erase_verb = {
	"erase",
	"--archive FILE.zip --connector NAME|FILE [OPTIONS]",
	N_("Show what can be erased of what an archive holds, or erase it."),
	erase_main
};

struct verb {
	struct connection connection;
	const char *archive;
	struct dsr_texts trust;
	const char *request;
	bool execute;
	const char *confirm;
	bool even_if_changed;
	bool even_if_unnamed;
	struct dsr_texts done;
	const char *done_at;
	struct receipt_options receipt;
	char *case_path;
};

/* ---- the command line ---------------------------------------------------- */

static int
check_execute(const struct verb *v, struct dsr_error *err)
{
	const char *output = v->receipt.output;

	if (output == NULL)
		return dsr_fail(err, DSR_EUSAGE, "-o RECEIPT.zip is missing");
	if (v->receipt.key == NULL)
		return dsr_fail(err, DSR_EUSAGE, "--key FILE.key is missing: "
		    "the receipt is to be sealed");
	if (!v->receipt.force && access(output, F_OK) == 0)
		return dsr_fail(err, DSR_EEXISTS, "%s exists already (--force "
		    "replaces it)", output);
	return 0;
}

static int
check_use(const struct verb *v, int operands, struct dsr_error *err)
{
	struct timespec when;

	if (operands != 0)
		return dsr_fail(err, DSR_EUSAGE, "erase takes no operands: the "
		    "archive is named by --archive");
	if (v->archive == NULL)
		return dsr_fail(err, DSR_EUSAGE, "--archive FILE.zip is "
		    "missing: what is erased is what it holds");
	if (v->connection.connector == NULL)
		return dsr_fail(err, DSR_EUSAGE, "--connector is missing; "
		    "see dossier connector list");
	if (!v->execute && (v->confirm != NULL || v->done.count > 0))
		return dsr_fail(err, DSR_EUSAGE, "--confirm and --done go with "
		    "--execute");
	if (v->done_at != NULL &&
	    !dsr_time_parse(&when, v->done_at, strlen(v->done_at)))
		return dsr_fail(err, DSR_EUSAGE, "--done-at wants a time such "
		    "as 2026-01-31T12:00:00Z");
	return v->execute ? check_execute(v, err) : 0;
}

/* RECEIPT.case beside RECEIPT.zip */
static int
name_case(struct verb *v, struct dsr_error *err)
{
	const char *output = v->receipt.output;
	size_t len = output == NULL ? 0 : strlen(output);

	if (output == NULL)
		return 0;
	if (len > 4 && strcmp(output + len - 4, ".zip") == 0)
		len -= 4;
	if (asprintf(&v->case_path, "%.*s" RECEIPT_CASE, (int)len, output) <
	    0) {
		v->case_path = NULL;
		return dsr_fail(err, DSR_ENOMEM, "path");
	}
	return 0;
}

static int
fill_options(struct verb *v, struct erase_options *o, struct dsr_error *err)
{
	(void)memset(o, 0, sizeof(*o));
	if (name_case(v, err) != 0 ||
	    connection_options(&v->connection, &o->collect, err) != 0)
		return -1;
	o->collect.case_path = v->case_path;
	o->collect.what = _("erased");
	o->exported.archive = v->archive;
	o->exported.trust = v->trust.items;
	o->exported.trust_count = v->trust.count;
	o->exported.request = v->request;
	o->execute = v->execute;
	o->even_if_changed = v->even_if_changed;
	o->even_if_unnamed = v->even_if_unnamed;
	return 0;
}

/* ---- may it be done? ----------------------------------------------------- */

static int
fail_unconfirmed(struct dsr_error *err)
{
	return dsr_fail(err, DSR_EUSAGE, "not confirmed: nothing was erased");
}

/* The request's id, given with --confirm or typed on the terminal. */
static int
confirm(const struct verb *v, const char *id, struct dsr_error *err)
{
	char answer[MAX_ANSWER];
	FILE *terminal;
	bool same;

	if (v->confirm != NULL)
		return strcmp(v->confirm, id) == 0
		    ? 0
		    : dsr_fail(err, DSR_EUSAGE, "--confirm is not the id of "
		          "the request: nothing was erased");
	terminal = fopen("/dev/tty", "r+e");
	if (terminal == NULL)
		return dsr_fail(err, DSR_EUSAGE, "there is no terminal to "
		    "confirm on: --confirm REQUEST-ID (nothing was erased)");
	(void)dsr_print(terminal, _("This cannot be undone. To erase, type "
	    "the id of the request (%s): "), id);
	(void)fflush(terminal);
	same = fgets(answer, sizeof(answer), terminal) != NULL;
	(void)fclose(terminal);
	if (!same)
		return fail_unconfirmed(err);
	answer[strcspn(answer, "\n")] = '\0';
	return strcmp(answer, id) == 0 ? 0 : fail_unconfirmed(err);
}

/* ---- what came of it ------------------------------------------------------ */

struct result {
	struct erase_sums sums;
	uint64_t by_hand; /* documents that were added so */
	uint64_t gaps;    /* of the archive: what nobody could plan */
	bool packed;
};

static int
find_status(const struct erasure *x, const struct result *r)
{
	if (*x->ending != 0)
		return 128 + (int)*x->ending;
	if (x->c.refused != NULL)
		return dsr_exit_status(DSR_EAUTH);
	if (x->stopped && x->c.answers == 0)
		return dsr_exit_status(DSR_ENETWORK);
	return r->sums.not_gone > 0 || r->gaps > 0
	    ? dsr_exit_status(DSR_EINCOMPLETE)
	    : 0;
}

static void
print_verdict(const struct verb *v, const struct erasure *x,
    const struct result *r, int status)
{
	erase_show_sums(&r->sums);
	if (status == dsr_exit_status(DSR_EAUTH))
		(void)dsr_print(stdout, _("Not finished: the service refused "
		    "the credential %s.\n"), x->c.refused->credential);
	else if (status == dsr_exit_status(DSR_ENETWORK))
		(void)dsr_print(stdout, _("Not finished: no host answered.\n"));
	else if (r->sums.open > 0)
		(void)dsr_print(stdout, _("Not finished: the same command goes "
		    "on with it.\n"));
	else if (r->sums.not_gone > 0)
		(void)dsr_print(stdout,
		    P_("Finished; %" PRIu64 " line is not gone.\n",
		        "Finished; %" PRIu64 " lines are not gone.\n",
		        r->sums.not_gone),
		    r->sums.not_gone);
	else if (r->gaps > 0)
		(void)dsr_print(stdout, _("Everything that was planned is "
		    "gone; what the archive lacks was not planned.\n"));
	else
		(void)dsr_print(stdout, _("Everything that was planned is "
		    "gone.\n"));
	if (r->packed)
		(void)dsr_print(stdout, _("The receipt is %s.\n"), v->receipt.output);
}

static int
print_summary(const struct erasure *x, const struct result *r, int status,
    struct dsr_error *err)
{
	const struct json_member members[] = {
		{ "added_by_hand", NULL, r->by_hand },
		{ "archive", x->exported.statement.id, 0 },
		{ "exit", NULL, (uint64_t)status },
		{ "gaps", NULL, r->gaps },
		{ "not_gone", NULL, r->sums.not_gone },
		{ "open", NULL, r->sums.open },
		{ "receipt", NULL, r->packed },
		{ "type", "summary", 0 },
	};

	return json_line_print(members, sizeof(members) / sizeof(members[0]),
	    err);
}

static int
sum_up(struct erasure *x, struct result *r, struct dsr_error *err)
{
	r->gaps = erase_gaps(x);
	return erase_sum_up(x, &r->sums, err) != 0
	    ? -1
	    : erase_count_by_hand(x, &r->by_hand, err);
}

static int
conclude(const struct verb *v, struct erasure *x, struct dsr_error *err)
{
	const struct dsr_common *common = &v->connection.common;
	struct result r = { 0 };
	int status;

	if (sum_up(x, &r, err) != 0)
		return -1;
	if (*x->ending == 0 && r.sums.open == 0) {
		dsr_case_free(x->c.store); /* the packer opens it */
		x->c.store = NULL;
		if (receipt_pack(&v->receipt, v->case_path,
		        x->exported.request_path, err) != 0)
			return -1;
		r.packed = true;
	}
	status = find_status(x, &r);
	dsr_log(common, "erase: %" PRIu64 " lines not gone, exit status %d",
	    r.sums.not_gone, status);
	if (common->json)
		return print_summary(x, &r, status, err) == 0 ? status : -1;
	if (!common->quiet)
		print_verdict(v, x, &r, status);
	return status;
}

/* ---- the verb ------------------------------------------------------------- */

static int
execute(struct verb *v, struct erasure *x, const struct erase_options *o,
    struct dsr_error *err)
{
	const struct dsr_common *common = &v->connection.common;
	struct timespec now;
	char time[DSR_TIME_SIZE];

	if (v->confirm == NULL && erase_show(x, common, err) != 0)
		return -1;
	if (confirm(v, erase_request_id(x), err) != 0)
		return -1;
	dsr_clock_now(&now);
	dsr_time_format(time, &now, 0);
	ending_catch();
	dsr_log(common, "erase: begun");
	if (erase_note_done(x, v->done.items, v->done.count,
	        v->done_at != NULL ? v->done_at : time, err) != 0 ||
	    erase_execute(x, o, err) != 0 || erase_show(x, common, err) != 0)
		return -1;
	return conclude(v, x, err);
}

/* What would be done. */
static int
show_plan(const struct verb *v, struct erasure *x, struct dsr_error *err)
{
	const struct dsr_common *common = &v->connection.common;
	struct result r = { 0 };

	if (erase_show(x, common, err) != 0)
		return -1;
	if (common->json)
		return sum_up(x, &r, err) == 0
		    ? print_summary(x, &r, 0, err)
		    : -1;
	if (!common->quiet)
		(void)dsr_print(stdout, _("Nothing was erased: this is the "
		    "plan. --execute erases; the id of the request is %s.\n"),
		    erase_request_id(x));
	return 0;
}

static int
run_verb(struct verb *v, int operands, struct dsr_error *err)
{
	struct erase_options o;
	struct erasure x;
	int status = -1;

	if (check_use(v, operands, err) != 0 ||
	    fill_options(v, &o, err) != 0)
		return -1;
	if (erase_open(&x, &o, err) == 0)
		status = v->execute ? execute(v, &x, &o, err)
		                    : show_plan(v, &x, err);
	erase_close(&x);
	return status;
}

int
erase_main(int argc, char **argv)
{
	struct verb v;
	const struct dsr_option table[] = {
		{ "archive", 0, DSR_OPTION_TEXT, &v.archive, "FILE.zip",
		    N_("the archive: what it holds is what may be erased"), 0,
		    0 },
		{ "trust", 0, DSR_OPTION_LIST, &v.trust, "FILE.pub|FOLDER",
		    N_("a key (or a folder of keys) that you trust\n"
		       "(else those in ~/.config/dossier/trusted and\n"
		       "/etc/dossier/trusted)"), 0, 0 },
		{ "request", 0, DSR_OPTION_TEXT, &v.request, "FILE",
		    N_("request.json: what must be kept, and why\n"
		       "(else that of the archive)"), 0, 0 },
		{ "execute", 0, DSR_OPTION_FLAG, &v.execute, NULL,
		    N_("erase; without it the plan is shown"), 0, 0 },
		{ "confirm", 0, DSR_OPTION_TEXT, &v.confirm, "REQUEST-ID",
		    N_("the id of the request (else it is to be typed)"), 0,
		    0 },
		{ "even-if-changed", 0, DSR_OPTION_FLAG, &v.even_if_changed,
		    NULL, N_("erase also what has changed since the export"),
		    0, 0 },
		{ "even-if-unnamed", 0, DSR_OPTION_FLAG, &v.even_if_unnamed,
		    NULL, N_("erase also what does not say whose it is"), 0,
		    0 },
		{ "done", 0, DSR_OPTION_LIST, &v.done, "LINE=WHO",
		    N_("a step by hand was done, and by whom"), 0, 0 },
		{ "done-at", 0, DSR_OPTION_TEXT, &v.done_at, "TIME",
		    N_("when (else now)"), 0, 0 },
		CONNECTION_OPTIONS(v.connection),
		RECEIPT_OPTIONS(v.receipt),
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	struct dsr_common *common = &v.connection.common;
	struct dsr_error err;
	int first = 0, status;

	(void)memset(&v, 0, sizeof(v));
	connection_start(&v.connection);
	if (dsr_options_parse(table, count, common, argc, argv, &first,
	        &err) != 0)
		status = dsr_report_error(common, &err);
	else if (common->help)
		status = (dsr_options_help(&erase_verb, table, count), 0);
	else if ((status = run_verb(&v, argc - first, &err)) < 0)
		status = dsr_report_error(common, &err);
	dsr_texts_fini(&v.trust);
	dsr_texts_fini(&v.done);
	dsr_texts_fini(&v.receipt.languages);
	free(v.case_path);
	connection_fini(&v.connection);
	return status;
}
