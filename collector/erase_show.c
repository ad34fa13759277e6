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

#define BY_HAND_SHOWN 20u   /* documents */
#define WORD_SHOWN    4096u /* bytes */

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

/* What others wrote cannot make a line of its own. */
static void
print_word(const char *s)
{
	(void)dsr_print_word(stdout, s, WORD_SHOWN);
}

/*
 * Why, in a sentence; what the engine noted beside it, for who wants more, and
 * for everybody where it is all there is to say.
 */
static void
show_reason(const struct showing *s, const struct dsr_erasure_plan *p)
{
	const char *text = p->reason == NULL ? NULL
	                                     : dsr_erasure_reason(p->reason);

	if (text != NULL)
		(void)dsr_print(stdout, "     %s.\n", _(text));
	else if (p->reason != NULL)
		(void)dsr_print(stdout, "     (%s)\n", p->reason);
	if (p->detail != NULL && (p->reason == NULL || s->common->verbose > 0))
		(void)dsr_print(stdout, "     %s\n", _(p->detail));
}

static void
show_text(struct showing *s, const struct dsr_erasure_plan *p,
    const struct endpoint *e, size_t index, uint64_t documents)
{
	const char *text = _(dsr_outcome_text(dsr_outcome_of(p->outcome)));

	if (p->with != DSR_NONE && strcmp(p->outcome, "planned") == 0)
		text = _("goes along");
	(void)dsr_print(stdout, "%4" PRIu64 " %s%s", p->number, e->name,
	    p->item != NULL ? " " : "");
	print_word(p->item != NULL ? p->item : "");
	if (p->with != DSR_NONE)
		(void)dsr_print(stdout, P_(" (%" PRIu64 " document)",
		    " (%" PRIu64 " documents)", documents), documents);
	(void)dsr_print(stdout, ": %s", text);
	(void)dsr_print(stdout, "\n");
	show_reason(s, p);
	if (p->method != NULL && s->common->verbose > 0) {
		(void)dsr_print(stdout, "     %s ", p->method);
		print_word(p->url);
		(void)dsr_print(stdout, "\n");
	}
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

struct by_hand_shown {
	uint64_t count;
	bool quiet; /* counted only */
};

static int
show_by_hand(void *ctx, const struct dsr_document *d, struct dsr_error *err)
{
	struct by_hand_shown *s = ctx;

	(void)err;
	s->count++;
	if (s->quiet || s->count > BY_HAND_SHOWN)
		return 0;
	(void)dsr_print(stdout, "     ");
	print_word(d->name != NULL ? d->name : d->path);
	if (d->source_url != NULL) {
		(void)dsr_print(stdout, " (");
		print_word(d->source_url);
		(void)dsr_print(stdout, ")");
	}
	(void)dsr_print(stdout, "\n");
	return 0;
}

int
erase_count_by_hand(const struct erasure *x, uint64_t *count,
    struct dsr_error *err)
{
	struct by_hand_shown s = { .quiet = true };
	int result = exported_by_hand(&x->exported, show_by_hand, &s, err);

	*count = s.count;
	return result;
}

/* What could not be exported cannot be planned. */
static void
show_gaps(const struct erasure *x)
{
	uint64_t gaps = erase_gaps(x);

	if (gaps > 0)
		(void)dsr_print(stdout, P_("The archive has %" PRIu64 " gap: "
		    "what could not be collected is in no line, and stays "
		    "(START-HERE.html names it).\n",
		    "The archive has %" PRIu64 " gaps: what could not be "
		    "collected is in no line, and stays (START-HERE.html "
		    "names them).\n", gaps), gaps);
}

/* What was added by hand is at no service that could be asked. */
static int
show_added(const struct erasure *x, struct dsr_error *err)
{
	struct by_hand_shown s = { .quiet = false };
	uint64_t count;

	if (erase_count_by_hand(x, &count, err) != 0)
		return -1;
	if (count == 0)
		return 0;
	(void)dsr_print(stdout, P_("The archive also holds %" PRIu64
	    " document that was added by hand. No service is asked to delete "
	    "it: it is in this archive, and where it came from. Delete it "
	    "there by hand, or have it deleted:\n",
	    "The archive also holds %" PRIu64 " documents that were added by "
	    "hand. No service is asked to delete them: they are in this "
	    "archive, and where they came from. Delete them there by hand, or "
	    "have them deleted:\n", count), count);
	if (exported_by_hand(&x->exported, show_by_hand, &s, err) != 0)
		return -1;
	if (count > BY_HAND_SHOWN)
		(void)dsr_print(stdout, _("     and %" PRIu64 " more: dossier "
		    "list names them\n"), count - BY_HAND_SHOWN);
	return 0;
}

/* ---- in short ------------------------------------------------------------ */

/* clang-format off */
static const char *const next_steps[DSR_OUTCOME_COUNT] = {
	[DSR_OUTCOME_changed] = N_("See what has changed there; "
	    "--even-if-changed erases it all the same."),
	[DSR_OUTCOME_expires] = N_("Nothing is to be done; once it is gone, "
	    "--done LINE=WHO notes it."),
	[DSR_OUTCOME_failed] = N_("The same command, with --force, tries it "
	    "once more."),
	[DSR_OUTCOME_held] = N_("The law or the request keeps it: reason and "
	    "last day stand in request.json."),
	[DSR_OUTCOME_manual] = N_("Do the step that stands beside it, then note "
	    "it: the same command with --force --done LINE=WHO."),
	[DSR_OUTCOME_no_way] = N_("Tell the person, or ask the operator of the "
	    "service."),
	[DSR_OUTCOME_not_attempted] = N_("Why stands beside each; "
	    "--even-if-unnamed erases what does not say whose it is."),
	[DSR_OUTCOME_planned] = N_("The same command goes on with it."),
	[DSR_OUTCOME_refused] = N_("See why the service refuses (a lock, a "
	    "right that is missing); the same command, with --force, tries it "
	    "once more."),
	[DSR_OUTCOME_soft_deleted] = N_("It is gone for good when the service "
	    "has let the time pass that stands beside it."),
	[DSR_OUTCOME_still_there] = N_("Look again later: the same command, "
	    "with --force."),
};
/* clang-format on */

static void
show_sum(uint64_t count, enum dsr_outcome outcome)
{
	if (count == 0)
		return;
	(void)dsr_print(stdout, "%6" PRIu64 "  %s\n", count,
	    _(dsr_outcome_text(outcome)));
	if (next_steps[outcome] != NULL)
		(void)dsr_print(stdout, "        %s\n",
		    _(next_steps[outcome]));
}

void
erase_show_sums(const struct erase_sums *sums)
{
	(void)dsr_print(stdout, "%s", _("In short:\n"));
	for (int gone = 1; gone >= 0; gone--)
		for (enum dsr_outcome i = 0; i < DSR_OUTCOME_COUNT; i++)
			if (dsr_outcome_row(i)->is_gone == (gone == 1))
				show_sum(sums->of[i], i);
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
	if (common->json)
		return 0;
	show_others(x);
	show_gaps(x);
	return show_added(x, err);
}
