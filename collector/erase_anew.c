/* SPDX-License-Identifier: ISC */
/*
 * A plan that was made before is not trusted: the case lies open to whoever can
 * write there. It is made once more from the verified archive, beside, and what
 * has a deletion must be in both, with the same words.
 */
#include "erase.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/erasure.h"

#define BESIDE        "/anew" /* in the private folder */
#define LINES_AT_ONCE 256u

/* Marks in the case beside. */
enum {
	MARK_LINE = 1, /* it has a deletion */
	MARK_MAY_GO,   /* and may be made now, or when others are gone */
	MARK_OTHERS,   /* it is others' */
	MARK_UNNAMED,  /* it does not say whose it is, and may not go for that */
	MARK_SEEN      /* the plan of before has it, too */
};

/* What is known of a line by what it would do. */
struct line_key {
	uint64_t number;
	uint8_t digest[DSR_SHA256_BYTES];
	size_t endpoint;
	bool is_open, may_go, is_others, is_unnamed, is_gone;
};

struct anew {
	struct erasure *x;
	struct dsr_case *beside;
	struct dsr_sha256 *hash;
	uint64_t last, seen;
	uint64_t lines; /* of the plan beside; then: still to be seen */
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

static int
hash_document(void *ctx, const char *path, const char *sha256,
    struct dsr_error *err)
{
	(void)err;
	hash_text(ctx, path);
	hash_text(ctx, sha256);
	return 0;
}

static int
take_key(void *ctx, const struct dsr_erasure_plan *p, struct dsr_error *err)
{
	struct anew *a = ctx;
	struct erasure *x = a->x;
	const struct endpoint *e = connector_endpoint(x->c.k,
	    erase_endpoint_of(x, p->endpoint));
	const char *const texts[] = { e->name, p->item, p->method, p->template,
		p->url, p->params };
	struct line_key *k = &a->keys[a->count];

	a->last = p->number;
	a->seen++;
	if (p->method == NULL)
		return 0;
	dsr_sha256_reset(a->hash);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		hash_text(a->hash, texts[i]);
	if (dsr_case_erasure_documents(x->c.store, p->number, hash_document,
	        a->hash, err) != 0)
		return -1;
	dsr_sha256_final(a->hash, k->digest);
	k->number = p->number;
	k->endpoint = erase_endpoint_of(x, p->endpoint);
	k->is_open = erase_may_go(x, p);
	k->may_go = erase_may_go_yet(p);
	k->is_others = erase_is_left_for(p, "others-data");
	k->is_unnamed = erase_is_left_for(p, ERASE_UNNAMED);
	k->is_gone = dsr_outcome_row(dsr_outcome_of(p->outcome))->is_gone;
	a->count++;
	return 0;
}

/* Hands out all lines of the erasure's case that have a deletion. */
static int
each_key(struct anew *a, key_fn *fn, struct dsr_error *err)
{
	a->last = 0;
	do {
		a->count = 0;
		a->seen = 0;
		if (dsr_case_erasure_plans(a->x->c.store, a->last,
		        LINES_AT_ONCE, false, take_key, a, err) != 0)
			return -1;
		for (size_t i = 0; i < a->count; i++)
			if (fn(a, &a->keys[i], err) != 0)
				return -1;
	} while (a->seen > 0);
	return 0;
}

/* ---- the two plans ----------------------------------------------------------- */

static int
mark_key(struct anew *a, const struct line_key *k, struct dsr_error *err)
{
	a->lines++;
	return dsr_case_mark(a->beside, MARK_LINE, k->digest, err) < 0 ||
	        (k->may_go && dsr_case_mark(a->beside, MARK_MAY_GO, k->digest,
	                          err) < 0) ||
	        (k->is_others && dsr_case_mark(a->beside, MARK_OTHERS,
	                             k->digest, err) < 0) ||
	        (k->is_unnamed && dsr_case_mark(a->beside, MARK_UNNAMED,
	                              k->digest, err) < 0)
	    ? -1
	    : 0;
}

static int
fail_other(uint64_t number, struct dsr_error *err)
{
	return dsr_fail(err, DSR_EINPUT, "line %" PRIu64 " of the plan is not "
	    "what the archive gives: nothing was deleted (another -o makes a "
	    "new plan)", number);
}

/* 1 when the mark is there, 0 (and from now on it is) or -1. */
static int
has_mark(struct anew *a, const struct line_key *k, int64_t mark,
    struct dsr_error *err)
{
	return dsr_case_mark(a->beside, mark, k->digest, err);
}

static int
compare_key(struct anew *a, const struct line_key *k, struct dsr_error *err)
{
	int known = has_mark(a, k, MARK_LINE, err);
	int twice = known < 0 ? -1 : has_mark(a, k, MARK_SEEN, err);
	int may_go = twice < 0 ? -1 : has_mark(a, k, MARK_MAY_GO, err);
	int others = may_go < 0 ? -1 : has_mark(a, k, MARK_OTHERS, err);
	int unnamed = others < 0 ? -1 : has_mark(a, k, MARK_UNNAMED, err);

	if (unnamed < 0)
		return -1;
	if (known == 0 || twice == 1 || (k->is_open && may_go == 0) ||
	    (k->is_gone && others == 1))
		return fail_other(k->number, err);
	/* an earlier run may have been told that it may go; this one was not */
	a->x->tallies[k->endpoint].unproven += k->is_gone && unnamed == 1;
	a->lines--;
	return 0;
}

static int
plan_beside(struct anew *a, struct dsr_error *err)
{
	struct erasure *x = a->x;
	char *path = NULL;
	int result;

	if (asprintf(&path, "%s" BESIDE,
	        private_folder_path(x->exported.folder)) < 0)
		return dsr_fail(err, DSR_ENOMEM, "path");
	result = dsr_case_create(&a->beside, path, err);
	free(path);
	if (result != 0)
		return -1;
	x->c.store = a->beside;
	return erase_enter(x, err) != 0 || erase_plan(x, err) != 0 ||
	        dsr_case_begin(a->beside, err) != 0
	    ? -1
	    : each_key(a, mark_key, err);
}

int
erase_compare_plans(struct erasure *x, struct dsr_error *err)
{
	struct anew *a = calloc(1, sizeof(*a));
	struct dsr_case *kept = x->c.store;
	int result = -1;

	if (a == NULL)
		return dsr_fail(err, DSR_ENOMEM, "plan");
	a->x = x;
	if (dsr_sha256_new(&a->hash, err) == 0)
		result = plan_beside(a, err);
	x->c.store = kept;
	/* ids of connector and endpoints are those of the case again */
	if (result == 0 && (result = erase_enter(x, err)) == 0)
		result = each_key(a, compare_key, err);
	if (result == 0 && a->lines > 0)
		result = fail_other(a->last + 1, err);
	dsr_case_free(a->beside);
	dsr_sha256_free(a->hash);
	free(a);
	return result;
}
