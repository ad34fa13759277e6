/* SPDX-License-Identifier: ISC */
/*
 * The Merkle tree of RFC 9162 section 2.1 over SHA-256, built leaf by leaf in
 * memory that grows with the logarithm of the number of leaves.
 */
#ifndef DOSSIER_TREE_H
#define DOSSIER_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/digest.h"
#include "dossier/error.h"

struct dsr_tree;

int dsr_tree_new(struct dsr_tree **out, struct dsr_error *err);
void dsr_tree_free(struct dsr_tree *t);
/* Adds the leaf whose data is d (RFC 9162: HASH(0x00 || d)). */
void dsr_tree_add(struct dsr_tree *t, const void *d, size_t len);
/* The same when the leaf hash is known (dsr_tree_leaf). */
void dsr_tree_add_leaf(struct dsr_tree *t,
    const uint8_t leaf[DSR_SHA256_BYTES]);
/* Forgets all leaves. */
void dsr_tree_reset(struct dsr_tree *t);
/* Leaves so far. */
uint64_t dsr_tree_count(const struct dsr_tree *t);
/* The root of all so far; HASH() of nothing for an empty tree. */
void dsr_tree_root(const struct dsr_tree *t, uint8_t out[DSR_SHA256_BYTES]);

/* HASH(0x00 || d) */
void dsr_tree_leaf(uint8_t out[DSR_SHA256_BYTES], const void *d, size_t len);
/*
 * RFC 9162 section 2.1.3.2: does the audit path (count digests) lead from the
 * leaf hash at index of a tree of size leaves to root?
 */
bool dsr_tree_path_is_valid(const uint8_t root[DSR_SHA256_BYTES],
    uint64_t size, uint64_t index, const uint8_t leaf[DSR_SHA256_BYTES],
    const uint8_t (*path)[DSR_SHA256_BYTES], size_t count);

/* Digests of an audit path at the most: a tree of 2^64 leaves. */
#define DSR_TREE_PATH_MAX 64

/*
 * An audit path in the making (RFC 9162 section 2.1.3.1): all leaves of the
 * tree pass by once, in their order; memory grows with their logarithm.
 */
struct dsr_tree_path;

/* For the leaf at index of a tree of size leaves; index < size. */
int dsr_tree_path_new(struct dsr_tree_path **out, uint64_t size,
    uint64_t index, struct dsr_error *err);
void dsr_tree_path_free(struct dsr_tree_path *p);
/* The next leaf; those beyond size are not looked at. */
void dsr_tree_path_add(struct dsr_tree_path *p, const void *d, size_t len);
/* Have all leaves passed by? Only then the digests are there. */
bool dsr_tree_path_is_done(const struct dsr_tree_path *p);
/* Digests of the path, and each: the lowest is 0; borrowed. */
size_t dsr_tree_path_count(const struct dsr_tree_path *p);
const uint8_t *dsr_tree_path_digest(const struct dsr_tree_path *p, size_t i);

#endif
