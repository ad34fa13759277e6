/* SPDX-License-Identifier: ISC */
/*
 * A plan that was made before is not trusted: the case lies open to whoever can
 * write there. It is made once more from the verified archive, beside. Both must
 * have the same lines in the same order, with the same words: also those without
 * a deletion, for what stays keeps others back. What became of a line may only be
 * what can become of it.
 */
#include "erase.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/erasure.h"

#define BESIDE        "/anew-%d" /* in the private folder */
#define LINES_AT_ONCE 256u
#define PLANS         2u /* as the flags are now, and as they may have been */

/* Marks in the first case beside. */
enum {
	MARK_LINE = 1, /* it is there */
	MARK_MAY_GO,   /* and may be deleted now, or when others are gone */
	MARK_STAYS,    /* it stays, and is never gone */
	MARK_KEPT      /* it stays, but may have gone in a run before: it was to
	                * be kept later, or names nobody and was told to go */
};

/* What is known of a line by what it would do. */
struct line_key {
	uint64_t number;
	uint8_t digest[DSR_SHA256_BYTES];
	size_t endpoint;
	bool is_open, may_go, stays, is_kept, is_gone, fits;
};

struct anew {
	struct erasure *x;
	struct dsr_case *beside[PLANS];
	struct dsr_sha256 *hash;  /* of a line */
	struct dsr_sha256 *whole; /* of all lines that were handed out */
	uint8_t plans[PLANS][DSR_SHA256_BYTES];
	size_t count_plans;
	uint64_t last;
	struct line_key keys[LINES_AT_ONCE];
	size_t count;
};
typedef int key_fn(struct anew *a, const struct line_key *k, struct dsr_error *err);

/* ---- keys ------------------------------------------------------------------ */

/* NULL is not the empty text. */
static void
hash_text(struct dsr_sha256 *hash, const char *text)
{
	dsr_sha256_update(hash, text == NULL ? "-" : "+", 1);
	if (text != NULL)
		dsr_sha256_update(hash, text, strlen(text) + 1);
}

static void
hash_number(struct dsr_sha256 *hash, uint64_t number)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRIu64, number);
	hash_text(hash, text);
}

static int
hash_document(void *ctx, const char *path, const char *sha256,
    struct dsr_error *err)
{
	(void)err;
	hash_text(ctx, path);
	hash_text(ctx, sha256);
	return 0;
}

/* A step by hand; the plan may have been made in another language. */
static const char *
find_step(const struct endpoint *e, const char *step)
{
	const struct by_hand *b = e->by_hand.items;

	for (size_t i = 0; step != NULL && i < e->by_hand.count; i++)
		for (const struct dsr_json_value *v = dsr_json_first(b[i].step);
		     v != NULL; v = dsr_json_next(v)) {
			const char *text = dsr_json_string(v, NULL);

			if (text != NULL && strcmp(text, step) == 0)
				return connector_text(b[i].step);
		}
	return step;
}

/* Is it left for something that may have come about after it was deleted? */
static bool
is_kept(const struct dsr_erasure_plan *p)
{
	return strcmp(p->outcome, "held") == 0 ||
	    erase_is_left_for(p, ERASE_UNNAMED) ||
	    erase_is_left_for(p, "legal-hold") ||
	    erase_is_left_for(p, "retain-until");
}

/* Can it have come to this? The word may be anybody's. */
static bool
has_fitting_end(const struct dsr_erasure_plan *p, enum dsr_outcome outcome)
{
	if (outcome == DSR_OUTCOME_COUNT)
		return false;
	if (!dsr_outcome_row(outcome)->is_gone)
		return true;
	if (p->method != NULL)
		return outcome != DSR_OUTCOME_manual_done &&
		    outcome != DSR_OUTCOME_taken_along;
	if (p->with != DSR_NONE)
		return outcome == DSR_OUTCOME_taken_along;
	return outcome == (p->step != NULL ? DSR_OUTCOME_manual_done
	                                   : DSR_OUTCOME_absent);
}

/* By the plan that is looked at. */
static void
note_fate(struct line_key *k, const struct erasure *x,
    const struct dsr_erasure_plan *p)
{
	enum dsr_outcome outcome = dsr_outcome_of(p->outcome);

	k->is_open = erase_may_go(x, p);
	k->may_go = erase_may_go_yet(p);
	k->fits = has_fitting_end(p, outcome);
	k->is_gone = k->fits && dsr_outcome_row(outcome)->is_gone;
	k->is_kept = is_kept(p);
	k->stays = !k->is_gone && !k->may_go && !k->is_kept &&
	    outcome != DSR_OUTCOME_manual && outcome != DSR_OUTCOME_expires;
}

static int
take_key(void *ctx, const struct dsr_erasure_plan *p, struct dsr_error *err)
{
	struct anew *a = ctx;
	struct erasure *x = a->x;
	struct line_key *k = &a->keys[a->count];
	const struct endpoint *e;

	k->number = p->number;
	k->endpoint = erase_endpoint_of(x, p->endpoint);
	e = connector_endpoint(x->c.k, k->endpoint);
	const char *const texts[] = { e->name, p->item, p->method, p->template,
		p->url, p->params, find_step(e, p->step) };
	dsr_sha256_reset(a->hash);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		hash_text(a->hash, texts[i]);
	hash_number(a->hash, p->with);
	if (dsr_case_erasure_documents(x->c.store, p->number, hash_document,
	        a->hash, err) != 0)
		return -1;
	dsr_sha256_final(a->hash, k->digest);
	hash_number(a->whole, p->number);
	dsr_sha256_update(a->whole, k->digest, sizeof(k->digest));
	note_fate(k, x, p);
	a->last = p->number;
	a->count++;
	return 0;
}

/* Hands out all lines of the erasure's case. */
static int
each_key(struct anew *a, key_fn *fn, uint8_t whole[DSR_SHA256_BYTES],
    struct dsr_error *err)
{
	a->last = 0;
	dsr_sha256_reset(a->whole);
	do {
		a->count = 0;
		if (dsr_case_erasure_plans(a->x->c.store, a->last,
		        LINES_AT_ONCE, false, take_key, a, err) != 0)
			return -1;
		for (size_t i = 0; fn != NULL && i < a->count; i++)
			if (fn(a, &a->keys[i], err) != 0)
				return -1;
	} while (a->count > 0);
	dsr_sha256_final(a->whole, whole);
	return 0;
}

/* ---- the plans --------------------------------------------------------------- */

/* 1 when the mark is there, 0 (and from now on it is) or -1. */
static int
has_mark(struct anew *a, const struct line_key *k, int64_t mark,
    struct dsr_error *err)
{
	return dsr_case_mark(a->beside[0], mark, k->digest, err);
}

/* A line of a plan that is made anew; the first one says what may become of it. */
static int
mark_key(struct anew *a, const struct line_key *k, struct dsr_error *err)
{
	const struct {
		int64_t mark;
		bool set;
	} marks[] = { { MARK_MAY_GO, k->may_go }, { MARK_STAYS, k->stays },
		{ MARK_KEPT, k->is_kept } };
	int known = has_mark(a, k, MARK_LINE, err);

	if (known == 1 && a->count_plans > 0)
		return 0;
	for (size_t i = 0; known >= 0 && i < sizeof(marks) / sizeof(marks[0]);
	     i++)
		if (marks[i].set && has_mark(a, k, marks[i].mark, err) < 0)
			known = -1;
	return known < 0 ? -1 : 0;
}

static int
fail_other(uint64_t number, struct dsr_error *err)
{
	return dsr_fail(err, DSR_EINPUT, "line %" PRIu64 " of the plan is not "
	    "what the archive gives: nothing was deleted (another -o makes a "
	    "new plan)", number);
}

static int
compare_key(struct anew *a, const struct line_key *k, struct dsr_error *err)
{
	int known = has_mark(a, k, MARK_LINE, err);
	int may_go = known < 0 ? -1 : has_mark(a, k, MARK_MAY_GO, err);
	int stays = may_go < 0 ? -1 : has_mark(a, k, MARK_STAYS, err);
	int kept = stays < 0 ? -1 : has_mark(a, k, MARK_KEPT, err);

	if (kept < 0)
		return -1;
	if (known == 0 || !k->fits || (k->is_open && may_go == 0) ||
	    (k->is_gone && stays == 1))
		return fail_other(k->number, err);
	/* the case says that it went before: it frees the way for nothing */
	a->x->tallies[k->endpoint].unproven += k->is_gone && kept == 1;
	return 0;
}

static int
plan_beside(struct anew *a, struct dsr_error *err)
{
	struct erasure *x = a->x;
	struct dsr_case **beside = &a->beside[a->count_plans];
	char *path = NULL;
	int result;

	if (asprintf(&path, "%s" BESIDE,
	        private_folder_path(x->exported.folder),
	        (int)a->count_plans) < 0)
		return dsr_fail(err, DSR_ENOMEM, "path");
	result = dsr_case_create(beside, path, err);
	free(path);
	if (result != 0)
		return -1;
	x->c.store = *beside;
	for (size_t i = 0; i < x->c.k->endpoints.count; i++)
		x->tallies[i].lines = x->tallies[i].not_gone = 0;
	if (erase_enter(x, err) != 0 || erase_plan(x, err) != 0 ||
	    (a->count_plans == 0 && dsr_case_begin(*beside, err) != 0) ||
	    each_key(a, mark_key, a->plans[a->count_plans], err) != 0)
		return -1;
	a->count_plans++;
	return 0;
}

/* Makes it anew; again to the case, where ids are those of before. */
static int
plan_anew(struct anew *a, struct dsr_case *kept, struct dsr_error *err)
{
	int result = plan_beside(a, err);

	a->x->c.store = kept;
	return result != 0 ? -1 : erase_enter(a->x, err);
}

static bool
is_whole(const struct anew *a, const uint8_t whole[DSR_SHA256_BYTES])
{
	for (size_t i = 0; i < a->count_plans; i++)
		if (memcmp(a->plans[i], whole, DSR_SHA256_BYTES) == 0)
			return true;
	return false;
}

/* What stays for naming nobody has other lines behind it than what goes: the
 * plan may have been made with the other word about that. */
static int
compare(struct anew *a, struct dsr_error *err)
{
	struct erasure *x = a->x;
	struct dsr_case *kept = x->c.store;
	uint8_t whole[DSR_SHA256_BYTES];
	int result;

	if (plan_anew(a, kept, err) != 0 || each_key(a, NULL, whole, err) != 0)
		return -1;
	if (!is_whole(a, whole)) {
		x->even_if_unnamed = !x->even_if_unnamed;
		result = plan_anew(a, kept, err);
		x->even_if_unnamed = !x->even_if_unnamed;
		if (result != 0)
			return -1;
	}
	if (each_key(a, compare_key, whole, err) != 0)
		return -1;
	return is_whole(a, whole)
	    ? 0
	    : dsr_fail(err, DSR_EINPUT, "the plan is not what the archive "
	          "gives: it has other lines, or in another order: nothing was "
	          "deleted (another -o makes a new plan)");
}

int
erase_compare_plans(struct erasure *x, struct dsr_error *err)
{
	struct anew *a = calloc(1, sizeof(*a));
	int result = -1;

	if (a == NULL)
		return dsr_fail(err, DSR_ENOMEM, "plan");
	a->x = x;
	if (dsr_sha256_new(&a->hash, err) == 0 &&
	    dsr_sha256_new(&a->whole, err) == 0)
		result = compare(a, err);
	for (size_t i = 0; i < PLANS; i++)
		dsr_case_free(a->beside[i]);
	dsr_sha256_free(a->hash);
	dsr_sha256_free(a->whole);
	free(a);
	return result;
}
