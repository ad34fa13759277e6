/* SPDX-License-Identifier: ISC */
/* An erasure from the archive to its last line. */
#include "erase.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/clock.h"
#include "dossier/erasure.h"
#include "dossier/language.h"
#include "dossier/random.h"
#include "dossier/text.h"

#define PLAN_ALONE "/plan" /* in the private folder: nothing is executed */

/* ---- the plan ------------------------------------------------------------ */

static void
note_today(struct erasure *x)
{
	struct timespec now;
	char time[DSR_TIME_SIZE];

	dsr_clock_now(&now);
	dsr_time_format(time, &now, 0);
	(void)snprintf(x->today, sizeof(x->today), "%.10s", time);
}

/* Which connector the archive was collected with. */
static int
compare_connectors(const struct erasure *x, struct dsr_error *err)
{
	const struct dsr_list *list = &x->exported.statement.connectors;
	const struct dsr_connector_use *u = list->items;
	const struct connector *k = x->c.k;

	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(u[i].key, k->meta.key) != 0)
			continue;
		if (strcmp(u[i].sha256, k->sha256) != 0)
			(void)dsr_print(stderr, _("dossier: the archive was "
			    "collected with version %s of the connector %s; "
			    "this is another one (version %s)\n"),
			    u[i].version, k->meta.key, k->meta.version);
		return 0;
	}
	return dsr_fail(err, DSR_EINPUT, "the archive was not collected with "
	    "the connector %s", k->meta.key);
}

static int
keep_endpoints(struct erasure *x, struct dsr_error *err)
{
	char template[2 * MAX_TEMPLATE + 16];

	for (size_t i = 0; i < x->c.k->endpoints.count; i++) {
		const struct endpoint *e = connector_endpoint(x->c.k, i);
		const struct request *q = e->requests.read;

		(void)snprintf(template, sizeof(template), "https://%s%s",
		    q->host->text, q->path->text);
		if (dsr_case_endpoint_add(x->c.store, x->c.connector_id, i,
		        e->name, e->category, template, &x->c.lanes[i].id,
		        err) != 0)
			return -1;
		x->c.lanes[i].filtered = subject_is_asked(&x->c, e);
		x->c.lanes[i].untold = subject_is_untold(&x->c, e);
	}
	return 0;
}

int
erase_enter(struct erasure *x, struct dsr_error *err)
{
	return dsr_case_receipt_begin(x->c.store, &x->exported.identity,
	           err) != 0 ||
	        dsr_case_begin(x->c.store, err) != 0 ||
	        collection_keep(&x->c, err) < 0 || keep_endpoints(x, err) != 0
	    ? -1
	    : dsr_case_commit(x->c.store, err);
}

int
erase_prepare(struct erasure *x, struct dsr_error *err)
{
	return exported_index(&x->exported, x->c.k, err) != 0 ||
	        erase_enter(x, err) != 0 ||
	        collection_hosts(&x->c, err) != 0
	    ? -1
	    : erase_requests(x, err);
}

static int
open_plan(struct erasure *x, struct dsr_error *err)
{
	int planned;

	if (erase_prepare(x, err) != 0)
		return -1;
	planned = dsr_case_receipt_is_planned(x->c.store, err);
	if (planned == 0)
		return erase_plan(x, err);
	return planned < 0 || erase_recheck(x, err) != 0
	    ? -1
	    : erase_compare_plans(x, err);
}

/* Where the plan lies: beside the receipt, or for as long as we live. */
static int
open_case(struct erasure *x, const struct erase_options *o,
    struct dsr_error *err)
{
	char *path = NULL;
	int result = o->collect.case_path == NULL ? 0
	    : dsr_case_exists(o->collect.case_path, err);

	if (result < 0)
		return -1;
	if (o->execute || result == 1)
		return dsr_case_create(&x->c.store, o->collect.case_path,
		    err);
	if (asprintf(&path, "%s%s", private_folder_path(x->exported.folder),
	        PLAN_ALONE) < 0)
		return dsr_fail(err, DSR_ENOMEM, "path");
	result = dsr_case_create(&x->c.store, path, err);
	free(path);
	return result;
}

int
erase_open(struct erasure *x, const struct erase_options *o,
    struct dsr_error *err)
{
	(void)memset(x, 0, sizeof(*x));
	x->even_if_changed = o->even_if_changed;
	x->even_if_unnamed = o->even_if_unnamed;
	x->ending = o->collect.ending;
	dsr_random_bytes(&x->listings, sizeof(x->listings));
	if (exported_open(&x->exported, &o->exported, err) != 0 ||
	    collection_prepare(&x->c, &o->collect, err) != 0 ||
	    compare_connectors(x, err) != 0)
		return -1;
	note_today(x);
	return open_case(x, o, err) != 0 ? -1 : open_plan(x, err);
}

void
erase_close(struct erasure *x)
{
	while (x->line_count > 0)
		erase_line_free(x->lines[--x->line_count]);
	free(x->lines);
	free(x->ready);
	free(x->deletes);
	free(x->tallies);
	if (x->c.k != NULL)
		collection_fini(&x->c);
	exported_fini(&x->exported);
}

uint64_t
erase_gaps(const struct erasure *x)
{
	const struct dsr_list *list = &x->exported.statement.endpoints;
	const struct dsr_endpoint_counts *c = list->items;
	uint64_t gaps = 0;

	for (size_t i = 0; i < list->count; i++)
		if (strcmp(c[i].connector, x->c.k->meta.key) == 0)
			gaps += c[i].gaps;
	return gaps;
}

const char *
erase_request_id(const struct erasure *x)
{
	return x->exported.statement.request != NULL
	    ? x->exported.statement.request
	    : x->exported.statement.id;
}

/* ---- steps by hand ------------------------------------------------------- */

struct note {
	uint64_t number;
	bool found, by_hand;
};

static int
take_noted(void *ctx, const struct dsr_erasure_plan *p, struct dsr_error *err)
{
	struct note *n = ctx;

	(void)err;
	n->found = p->number == n->number;
	n->by_hand = strcmp(p->outcome, "manual") == 0 ||
	    strcmp(p->outcome, "manual-done") == 0 ||
	    strcmp(p->outcome, "expires") == 0;
	return 0;
}

static int
note_one(struct erasure *x, const char *word, const char *time,
    struct dsr_error *err)
{
	const char *equals = strchr(word, '=');
	struct dsr_erasure_result r = { .outcome = "manual-done",
		.status = DSR_NONE, .done = time };
	struct note n = { 0 };

	if (equals == NULL || equals[1] == '\0' ||
	    !dsr_parse_u64(word, (size_t)(equals - word), INT32_MAX,
	        &n.number) ||
	    n.number == 0 ||
	    !dsr_utf8_is_valid(equals + 1, strlen(equals + 1)))
		return dsr_fail(err, DSR_EUSAGE, "--done wants the number of a "
		    "line and who did it, such as 7=Name");
	if (dsr_case_erasure_plans(x->c.store, n.number - 1, 1, false,
	        take_noted, &n, err) != 0)
		return -1;
	if (!n.found || !n.by_hand)
		return dsr_fail(err, DSR_EUSAGE, "line %" PRIu64 " of the plan "
		    "is no step by hand", n.number);
	r.by = equals + 1;
	return dsr_case_erasure_settle(x->c.store, n.number, &r, err);
}

int
erase_note_done(struct erasure *x, const char *const *words, size_t count,
    const char *time, struct dsr_error *err)
{
	if (count == 0)
		return 0;
	if (dsr_case_begin(x->c.store, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (note_one(x, words[i], time, err) != 0)
			return -1;
	return dsr_case_commit(x->c.store, err);
}

/* ---- executing ----------------------------------------------------------- */

int
erase_execute(struct erasure *x, const struct erase_options *o,
    struct dsr_error *err)
{
	const struct collect_options *c = &o->collect;

	x->line_max = c->fetch.concurrency;
	x->lines = calloc(x->line_max, sizeof(struct erase_line *));
	x->ready = calloc(x->line_max, sizeof(struct erase_line *));
	if (x->lines == NULL || x->ready == NULL)
		return dsr_fail(err, DSR_ENOMEM, "erase");
	if (credentials_take(&x->c.credentials, x->c.k, c->credentials,
	        c->credential_count, err) != 0 ||
	    fetcher_new(&x->c.fetcher, &c->fetch, err) != 0 ||
	    dsr_case_begin(x->c.store, err) != 0 ||
	    dsr_case_receipt_execute(x->c.store, err) != 0 ||
	    dsr_case_custody_add(x->c.store, "erased", err) != 0 ||
	    dsr_case_commit(x->c.store, err) != 0 ||
	    erase_reopen(x, err) != 0 ||
	    dsr_progress_new(&x->c.progress, c->what, c->no_progress, err) !=
	        0 ||
	    erase_run(x, err) != 0)
		return -1;
	dsr_progress_free(x->c.progress);
	x->c.progress = NULL;
	return dsr_case_settle(x->c.store, err);
}

struct left {
	struct erase_sums *sums;
	uint64_t last, seen;
};

static int
take_left(void *ctx, const struct dsr_erasure_plan *p, struct dsr_error *err)
{
	struct left *l = ctx;
	enum dsr_outcome outcome = dsr_outcome_of(p->outcome);

	(void)err;
	l->last = p->number;
	l->seen++;
	l->sums->of[outcome]++;
	l->sums->open += outcome == DSR_OUTCOME_planned;
	l->sums->not_gone += !dsr_outcome_row(outcome)->is_gone;
	return 0;
}

int
erase_sum_up(struct erasure *x, struct erase_sums *sums,
    struct dsr_error *err)
{
	struct left l = { .sums = sums };

	(void)memset(sums, 0, sizeof(*sums));
	do {
		l.seen = 0;
		if (dsr_case_erasure_plans(x->c.store, l.last, 256, false,
		        take_left, &l, err) != 0)
			return -1;
	} while (l.seen > 0);
	return 0;
}
