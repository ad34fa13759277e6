/* SPDX-License-Identifier: ISC */
/* The plan of an erasure, and what became of it, for people and programs. */
#include "erase.h"

#include <inttypes.h>
#include <string.h>

#include "dossier/erasure.h"
#include "dossier/language.h"
#include "dossier/options.h"
#include "dossier/text.h"
#include "json_line.h"

/* clang-format off */
static const char *const outcome_texts[DSR_OUTCOME_COUNT] = {
	[DSR_OUTCOME_absent] = N_("not there (any more)"),
	[DSR_OUTCOME_changed] = N_("NOT deleted: changed since it was exported"),
	[DSR_OUTCOME_erased] = N_("erased"),
	[DSR_OUTCOME_expires] = N_("the service deletes it by itself, in time"),
	[DSR_OUTCOME_failed] = N_("NOT deleted: failed"),
	[DSR_OUTCOME_held] = N_("NOT deleted: must be kept"),
	[DSR_OUTCOME_manual] = N_("to be deleted by hand"),
	[DSR_OUTCOME_manual_done] = N_("deleted by hand"),
	[DSR_OUTCOME_no_way] = N_("cannot be deleted: the service gives no way"),
	[DSR_OUTCOME_not_attempted] = N_("NOT deleted: not attempted"),
	[DSR_OUTCOME_planned] = N_("to be deleted"),
	[DSR_OUTCOME_refused] = N_("NOT deleted: the service refused"),
	[DSR_OUTCOME_soft_deleted] = N_("deleted; the service keeps it for a while"),
	[DSR_OUTCOME_still_there] = N_("deleted, says the service, and still there"),
	[DSR_OUTCOME_taken_along] = N_("went along"),
};
/* clang-format on */

struct showing {
	struct erasure *x;
	const struct dsr_common *common;
	uint64_t last, seen;
	size_t warned; /* the endpoint whose warning was shown last, from 1 */
};

static int
count_document(void *ctx, const char *path, const char *sha256,
    struct dsr_error *err)
{
	uint64_t *count = ctx;

	(void)path;
	(void)sha256;
	(void)err;
	++*count;
	return 0;
}

static int
show_json(const struct dsr_erasure_plan *p, const struct endpoint *e,
    uint64_t documents, struct dsr_error *err)
{
	const struct json_member members[] = {
		{ "detail", p->detail != NULL ? p->detail : "", 0 },
		{ "documents", NULL, documents },
		{ "endpoint", e->name, 0 },
		{ "item", p->item != NULL ? p->item : "", 0 },
		{ "method", p->method != NULL ? p->method : "", 0 },
		{ "number", NULL, p->number },
		{ "outcome", p->outcome, 0 },
		{ "reason", p->reason != NULL ? p->reason : "", 0 },
		{ "step", p->step != NULL ? p->step : "", 0 },
		{ "type", "line", 0 },
		{ "url", p->url != NULL ? p->url : "", 0 },
		{ "with", NULL, p->with == DSR_NONE ? 0 : p->with },
	};

	return json_line_print(members, sizeof(members) / sizeof(members[0]),
	    err);
}

/* What takes more with it than one person's data says so, once. */
static void
show_warnings(struct showing *s, const struct endpoint *e, size_t index)
{
	const struct request *q = e->requests.erase;

	if (q == NULL || s->warned == index + 1)
		return;
	s->warned = index + 1;
	if (q->warning != NULL)
		(void)dsr_print(stdout, _("     WARNING: %s\n"),
		    connector_local_text(q->warning));
	if (q->soft != NULL)
		(void)dsr_print(stdout, "     %s\n",
		    connector_local_text(q->soft));
}

static void
show_text(struct showing *s, const struct dsr_erasure_plan *p,
    const struct endpoint *e, size_t index, uint64_t documents)
{
	const char *text = _(outcome_texts[dsr_outcome_of(p->outcome)]);

	if (p->with != DSR_NONE && strcmp(p->outcome, "planned") == 0)
		text = _("goes along");
	(void)dsr_print(stdout, "%4" PRIu64 " %s%s%s", p->number, e->name,
	    p->item != NULL ? " " : "", p->item != NULL ? p->item : "");
	if (p->with != DSR_NONE)
		(void)dsr_print(stdout, P_(" (%" PRIu64 " document)",
		    " (%" PRIu64 " documents)", documents), documents);
	(void)dsr_print(stdout, ": %s", text);
	if (p->reason != NULL)
		(void)dsr_print(stdout, " (%s)", p->reason);
	(void)dsr_print(stdout, "\n");
	if (p->method != NULL && s->common->verbose > 0)
		(void)dsr_print(stdout, "     %s %s\n", p->method, p->url);
	if (p->step != NULL)
		(void)dsr_print(stdout, "     %s\n", p->step);
	if (p->with == DSR_NONE)
		show_warnings(s, e, index);
}

static int
show_line(void *ctx, const struct dsr_erasure_plan *p, struct dsr_error *err)
{
	struct showing *s = ctx;
	size_t index = erase_endpoint_of(s->x, p->endpoint);
	const struct endpoint *e = connector_endpoint(s->x->c.k, index);
	uint64_t documents = 0;

	s->last = p->number;
	s->seen++;
	if (dsr_case_erasure_documents(s->x->c.store, p->number,
	        count_document, &documents, err) != 0)
		return -1;
	if (s->common->json)
		return show_json(p, e, documents, err);
	show_text(s, p, e, index, documents);
	return 0;
}

/* Other connectors' documents are not this erasure's to delete. */
static void
show_others(const struct erasure *x)
{
	const struct dsr_list *list = &x->exported.statement.connectors;
	const struct dsr_connector_use *u = list->items;

	for (size_t i = 0; i < list->count; i++)
		if (strcmp(u[i].key, x->c.k->meta.key) != 0)
			(void)dsr_print(stdout, _("The archive also holds what "
			    "was collected with %s; that takes an erasure of "
			    "its own.\n"), u[i].key);
}

int
erase_show(struct erasure *x, const struct dsr_common *common,
    struct dsr_error *err)
{
	struct showing s = { .x = x, .common = common };

	if (common->quiet && !common->json)
		return 0;
	do {
		s.seen = 0;
		if (dsr_case_erasure_plans(x->c.store, s.last, 256, false,
		        show_line, &s, err) != 0)
			return -1;
	} while (s.seen > 0);
	if (!common->json)
		show_others(x);
	return 0;
}
