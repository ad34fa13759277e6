/* SPDX-License-Identifier: ISC */
#include "dossier/tree.h"

#include <stdlib.h>
#include <string.h>

/*
 * One root for each bit that is set in the number of leaves, the largest
 * subtree first: a counter in binary, with digests for digits.
 */
struct dsr_tree {
	struct dsr_sha256 *hash;
	uint64_t count;                      /* leaves */
	size_t depth;                        /* roots in use */
	uint8_t roots[64][DSR_SHA256_BYTES]; /* a bit of count each */
};

static void
hash_leaf(struct dsr_sha256 *h, uint8_t out[DSR_SHA256_BYTES], const void *d,
    size_t len)
{
	dsr_sha256_update(h, "\x00", 1);
	dsr_sha256_update(h, d, len);
	dsr_sha256_final(h, out);
}

/* HASH(0x01 || left || right); out may be one of them */
static void
hash_node(uint8_t out[DSR_SHA256_BYTES], const uint8_t left[DSR_SHA256_BYTES],
    const uint8_t right[DSR_SHA256_BYTES])
{
	uint8_t node[1 + 2 * DSR_SHA256_BYTES];

	node[0] = 0x01;
	memcpy(node + 1, left, DSR_SHA256_BYTES);
	memcpy(node + 1 + DSR_SHA256_BYTES, right, DSR_SHA256_BYTES);
	dsr_sha256(out, node, sizeof(node));
}

int
dsr_tree_new(struct dsr_tree **out, struct dsr_error *err)
{
	struct dsr_tree *t = calloc(1, sizeof(*t));

	*out = NULL;
	if (t == NULL)
		return dsr_fail(err, DSR_ENOMEM, "tree");
	if (dsr_sha256_new(&t->hash, err) != 0) {
		dsr_tree_free(t);
		return -1;
	}
	*out = t;
	return 0;
}

void
dsr_tree_free(struct dsr_tree *t)
{
	if (t == NULL)
		return;
	dsr_sha256_free(t->hash);
	free(t);
}

void
dsr_tree_add(struct dsr_tree *t, const void *d, size_t len)
{
	uint8_t leaf[DSR_SHA256_BYTES];

	hash_leaf(t->hash, leaf, d, len);
	dsr_tree_add_leaf(t, leaf);
}

void
dsr_tree_add_leaf(struct dsr_tree *t, const uint8_t leaf[DSR_SHA256_BYTES])
{
	uint64_t carry;

	memcpy(t->roots[t->depth++], leaf, DSR_SHA256_BYTES);
	for (carry = t->count; (carry & 1) != 0; carry >>= 1) {
		t->depth--;
		hash_node(t->roots[t->depth - 1], t->roots[t->depth - 1],
		    t->roots[t->depth]);
	}
	t->count++;
}

void
dsr_tree_reset(struct dsr_tree *t)
{
	t->count = 0;
	t->depth = 0;
}

uint64_t
dsr_tree_count(const struct dsr_tree *t)
{
	return t->count;
}

void
dsr_tree_root(const struct dsr_tree *t, uint8_t out[DSR_SHA256_BYTES])
{
	size_t i;

	if (t->depth == 0) {
		dsr_sha256(out, "", 0);
		return;
	}
	memcpy(out, t->roots[t->depth - 1], DSR_SHA256_BYTES);
	for (i = t->depth - 1; i-- > 0;)
		hash_node(out, t->roots[i], out);
}

void
dsr_tree_leaf(uint8_t out[DSR_SHA256_BYTES], const void *d, size_t len)
{
	const struct dsr_part parts[] = { { "", 1 }, { d, len } };

	dsr_sha256_parts(out, parts, 2);
}

bool
dsr_tree_path_is_valid(const uint8_t root[DSR_SHA256_BYTES], uint64_t size,
    uint64_t index, const uint8_t leaf[DSR_SHA256_BYTES],
    const uint8_t (*path)[DSR_SHA256_BYTES], size_t count)
{
	uint64_t node = index, last;
	uint8_t r[DSR_SHA256_BYTES];
	size_t i;

	if (index >= size)
		return false;
	last = size - 1;
	memcpy(r, leaf, sizeof(r));
	for (i = 0; i < count; i++, node >>= 1, last >>= 1) {
		if (last == 0)
			return false;
		if ((node & 1) == 0 && node != last) {
			hash_node(r, r, path[i]);
			continue;
		}
		hash_node(r, path[i], r);
		/* a right edge: up to where it has a sister on its left */
		for (; (node & 1) == 0 && node != 0; node >>= 1)
			last >>= 1;
	}
	return last == 0 && memcmp(r, root, sizeof(r)) == 0;
}
