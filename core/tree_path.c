/* SPDX-License-Identifier: ISC */
#include "dossier/tree.h"

#include <assert.h>
#include <stdlib.h>

/* A subtree beside the way from the root to the leaf: its root is wanted. */
struct sister {
	uint64_t begin, end; /* leaves [begin, end) */
	size_t place;        /* in the path: the lowest subtree has place 0 */
};

struct dsr_tree_path {
	struct dsr_tree *tree; /* over the leaves of the current sister */
	struct sister sisters[DSR_TREE_PATH_MAX]; /* from left to right */
	size_t count;
	size_t current;        /* the sister that takes the next leaves */
	uint64_t size;
	uint64_t next;         /* index of the next leaf */
	uint8_t digests[DSR_TREE_PATH_MAX][DSR_SHA256_BYTES];
};

/* The largest power of two that is smaller than n; n > 1. */
static uint64_t
split(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k <<= 1;
	return k;
}

/*
 * Goes down from the root to the leaf. The sisters on its left come in their
 * order from left to right, those on its right in the reverse one.
 */
static void
find_sisters(struct dsr_tree_path *p, uint64_t index)
{
	struct sister right[DSR_TREE_PATH_MAX];
	uint64_t begin = 0, end = p->size, middle;
	size_t rights = 0, depth = 0, i;

	for (; end - begin > 1; depth++) {
		middle = begin + split(end - begin);
		if (index < middle) {
			right[rights++] = (struct sister){ middle, end, depth };
			end = middle;
		} else {
			p->sisters[p->count++] =
			    (struct sister){ begin, middle, depth };
			begin = middle;
		}
	}
	while (rights > 0)
		p->sisters[p->count++] = right[--rights];
	for (i = 0; i < p->count; i++) /* the path begins at the leaf */
		p->sisters[i].place = depth - 1 - p->sisters[i].place;
}

int
dsr_tree_path_new(struct dsr_tree_path **out, uint64_t size, uint64_t index,
    struct dsr_error *err)
{
	struct dsr_tree_path *p = calloc(1, sizeof(*p));

	assert(index < size);
	*out = NULL;
	if (p == NULL)
		return dsr_fail(err, DSR_ENOMEM, "audit path");
	if (dsr_tree_new(&p->tree, err) != 0) {
		free(p);
		return -1;
	}
	p->size = size;
	find_sisters(p, index);
	*out = p;
	return 0;
}

void
dsr_tree_path_free(struct dsr_tree_path *p)
{
	if (p == NULL)
		return;
	dsr_tree_free(p->tree);
	free(p);
}

void
dsr_tree_path_add(struct dsr_tree_path *p, const void *d, size_t len)
{
	const struct sister *s = &p->sisters[p->current];
	uint64_t index = p->next++;

	if (p->current == p->count || index < s->begin)
		return; /* the leaf itself, or nothing of this tree */
	dsr_tree_add(p->tree, d, len);
	if (p->next < s->end)
		return;
	dsr_tree_root(p->tree, p->digests[s->place]);
	dsr_tree_reset(p->tree);
	p->current++;
}

bool
dsr_tree_path_is_done(const struct dsr_tree_path *p)
{
	return p->next >= p->size;
}

size_t
dsr_tree_path_count(const struct dsr_tree_path *p)
{
	return p->count;
}

const uint8_t *
dsr_tree_path_digest(const struct dsr_tree_path *p, size_t i)
{
	assert(i < p->count);
	return p->digests[i];
}
