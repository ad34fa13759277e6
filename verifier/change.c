/* SPDX-License-Identifier: ISC */
#include "change.h"

#include <stdio.h>
#include <string.h>

#include "dossier/erasure.h"
#include "dossier/language.h"
#include "dossier/text.h"
#include "result.h"

/* ---- for programs -------------------------------------------------------- */

static void
put_document(struct dsr_json_writer *w, const union compared_record *r)
{
	dsr_json_put_text(w, "path", r->document.path);
	dsr_json_put_text(w, "sha256", r->document.sha256);
	dsr_json_put_count(w, "size", r->document.size);
}

static void
put_erasure(struct dsr_json_writer *w, const union compared_record *r)
{
	dsr_json_put_text(w, "by", r->erasure.by);
	dsr_json_put_text(w, "done", r->erasure.done);
	dsr_json_put_count(w, "number", r->erasure.number);
	dsr_json_put_text(w, "outcome", r->erasure.outcome);
	dsr_json_put_text(w, "reason", r->erasure.reason);
}

static void
put_record(struct dsr_json_writer *w, const char *key, enum compared what,
    const union compared_record *r)
{
	dsr_json_write_key(w, key);
	if (r == NULL) {
		dsr_json_write_null(w);
		return;
	}
	dsr_json_write_object(w);
	if (what == COMPARED_DOCUMENTS)
		put_document(w, r);
	else
		put_erasure(w, r);
	dsr_json_write_end(w);
}

static const char *
word_of(enum change kind)
{
	static const char *const words[] = { [CHANGE_REMOVED] = "removed",
		[CHANGE_ADDED] = "added", [CHANGE_CHANGED] = "changed" };

	return words[kind];
}

/* What people know it by: connector, endpoint, item, name; or NULL. */
struct names {
	const char *connector, *endpoint, *item, *name;
};

static struct names
names_of(enum compared what, const union compared_record *r)
{
	const struct dsr_document *d = &r->document;
	const struct dsr_erasure *e = &r->erasure;

	return what == COMPARED_DOCUMENTS
	    ? (struct names){ d->connector, d->endpoint, d->item, d->name }
	    : (struct names){ e->connector, e->endpoint, e->item, NULL };
}

int
change_print_json(enum compared what, enum change kind,
    const union compared_record *old, const union compared_record *new,
    struct dsr_error *err)
{
	const struct names n = names_of(what, new != NULL ? new : old);
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	dsr_json_put_text(w, "change", word_of(kind));
	dsr_json_put_text(w, "connector", n.connector);
	dsr_json_put_text(w, "endpoint", n.endpoint);
	dsr_json_put_text(w, "item", n.item);
	if (what == COMPARED_DOCUMENTS)
		dsr_json_put_text(w, "name", n.name);
	put_record(w, "new", what, new);
	put_record(w, "old", what, old);
	dsr_json_put_text(w, "type",
	    what == COMPARED_DOCUMENTS ? "document" : "erasure");
	return dsr_json_line_end(&line, err);
}

/* ---- for people ---------------------------------------------------------- */

/* What became of a resource, and why. */
static void
print_outcome(const struct dsr_erasure *e)
{
	const char *why = e->reason == NULL ? NULL
					    : dsr_erasure_reason(e->reason);

	(void)dsr_print(stdout, "%s",
	    _(dsr_outcome_text(dsr_outcome_of(e->outcome))));
	if (e->reason != NULL) {
		(void)fputs(" (", stdout);
		result_print_word(stdout, why != NULL ? _(why) : e->reason);
		(void)fputs(")", stdout);
	}
}

static void
print_outcomes(const union compared_record *old,
    const union compared_record *new)
{
	(void)fputs(": ", stdout);
	print_outcome(old != NULL ? &old->erasure : &new->erasure);
	if (old != NULL && new != NULL) {
		(void)fputs(" -> ", stdout);
		print_outcome(&new->erasure);
	}
}

void
change_print(enum compared what, enum change kind,
    const union compared_record *old, const union compared_record *new)
{
	static const char sign[] = { [CHANGE_REMOVED] = '-',
		[CHANGE_ADDED] = '+', [CHANGE_CHANGED] = '~' };
	const union compared_record *r = new != NULL ? new : old;
	const struct names n = names_of(what, r);
	const char *title = n.name != NULL ? n.name : n.item;

	if (n.connector != NULL && n.endpoint != NULL)
		(void)dsr_print(stdout, "  %c %s/%s ", sign[kind],
		    n.connector, n.endpoint);
	else
		(void)dsr_print(stdout, "  %c ", sign[kind]);
	if (title == NULL)
		title = what == COMPARED_DOCUMENTS ? r->document.path : "-";
	result_print_word(stdout, title);
	if (what == COMPARED_ERASURES)
		print_outcomes(old, new);
	(void)fputs("\n", stdout);
}
