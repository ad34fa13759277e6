/* SPDX-License-Identifier: ISC */
/* The Merkle tree against RFC 9162's own words and the vectors of RFC 6962. */
#include "dossier/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/text.h"

#define MOST 70 /* leaves: past 64, so that no power of two is missed */

typedef uint8_t digest[DSR_SHA256_BYTES];

/* The inputs of certificate-transparency's test vectors. */
static const struct {
	const char *data;
	size_t len;
	const char *root; /* of all leaves up to this one */
} known[] = {
	{ "", 0,
	    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
	{ "\x00", 1,
	    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
	{ "\x10", 1,
	    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
	{ "\x20\x21", 2,
	    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
	{ "\x30\x31", 2,
	    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
	{ "\x40\x41\x42\x43", 4,
	    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
	{ "\x50\x51\x52\x53\x54\x55\x56\x57", 8,
	    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
	{ "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
	    16,
	    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
};
#define KNOWN (sizeof(known) / sizeof(known[0]))

static void
assert_digest(const uint8_t found[DSR_SHA256_BYTES], const char *wanted)
{
	char hex[DSR_SHA256_HEX];

	dsr_hex_encode(hex, found, DSR_SHA256_BYTES);
	assert_string_equal(hex, wanted);
}

static struct dsr_tree *
new_tree(void)
{
	struct dsr_tree *t;
	struct dsr_error err;

	assert_int_equal(dsr_tree_new(&t, &err), 0);
	return t;
}

/* --- the definition, word by word: the reference ------------------------- */

static size_t
split(size_t n)
{
	size_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

static void
join(digest out, const digest left, const digest right)
{
	uint8_t node[65] = { 1 };

	memcpy(node + 1, left, 32);
	memcpy(node + 33, right, 32);
	dsr_sha256(out, node, sizeof(node));
}

/* MTH(D[n]); the depth of the recursion is 7 for MOST leaves */
static void
slow_root(digest out, const digest *leaves, size_t n)
{
	digest left, right;
	size_t k = split(n);

	if (n == 1) {
		memcpy(out, leaves[0], 32);
		return;
	}
	slow_root(left, leaves, k);
	slow_root(right, leaves + k, n - k);
	join(out, left, right);
}

/* PATH(m, D[n]); the number of digests */
static size_t
slow_path(digest *out, size_t m, const digest *leaves, size_t n)
{
	size_t k = split(n), count;

	if (n == 1)
		return 0;
	if (m < k) {
		count = slow_path(out, m, leaves, k);
		slow_root(out[count], leaves + k, n - k);
	} else {
		count = slow_path(out, m - k, leaves + k, n - k);
		slow_root(out[count], leaves, k);
	}
	return count + 1;
}

static void
make_leaves(digest leaves[MOST])
{
	size_t i;

	for (i = 0; i < MOST; i++)
		dsr_tree_leaf(leaves[i], &i, sizeof(i));
}

/* --- tests --------------------------------------------------------------- */

static void
gives_known_roots(void **state)
{
	struct dsr_tree *t = new_tree();
	digest root;
	size_t i;

	(void)state;
	dsr_tree_root(t, root);
	assert_digest(root,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	for (i = 0; i < KNOWN; i++) {
		dsr_tree_add(t, known[i].data, known[i].len);
		assert_int_equal(dsr_tree_count(t), i + 1);
		dsr_tree_root(t, root);
		assert_digest(root, known[i].root);
		dsr_tree_root(t, root); /* asking changes nothing */
		assert_digest(root, known[i].root);
	}
	dsr_tree_free(t);
}

static void
takes_leaves_whose_hash_is_known(void **state)
{
	struct dsr_tree *t = new_tree();
	digest leaf, root;
	size_t i;

	(void)state;
	for (i = 0; i < KNOWN; i++) {
		dsr_tree_leaf(leaf, known[i].data, known[i].len);
		dsr_tree_add_leaf(t, leaf);
	}
	dsr_tree_root(t, root);
	assert_digest(root, known[KNOWN - 1].root);
	dsr_tree_free(t);
}

static void
accepts_known_paths(void **state)
{
	static const struct {
		uint64_t size, index;
		size_t count;
		const char *path[3];
	} row[] = {
		{ 1, 0, 0, { NULL, NULL, NULL } },
		{ 5, 2, 3, {
		    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
		    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b" } },
		{ 5, 4, 1, {
		    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		    NULL, NULL } },
	};
	digest leaf, root, path[3];
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		dsr_tree_leaf(leaf, known[row[i].index].data,
		    known[row[i].index].len);
		assert_true(dsr_hex_decode(root, 32,
		    known[row[i].size - 1].root, 64));
		for (k = 0; k < row[i].count; k++)
			assert_true(dsr_hex_decode(path[k], 32,
			    row[i].path[k], 64));
		assert_true(dsr_tree_path_is_valid(root, row[i].size,
		    row[i].index, leaf, (const digest *)path, row[i].count));
	}
}

/* Each tree up to MOST leaves: the root, and each path of each. */
static void
agrees_with_the_definition(void **state)
{
	struct dsr_tree *t = new_tree();
	digest leaves[MOST], root, wanted, path[8];
	size_t n, m, count;

	(void)state;
	make_leaves(leaves);
	for (n = 1; n <= MOST; n++) {
		dsr_tree_add_leaf(t, leaves[n - 1]);
		dsr_tree_root(t, root);
		slow_root(wanted, (const digest *)leaves, n);
		assert_memory_equal(root, wanted, 32);
		for (m = 0; m < n; m++) {
			count = slow_path(path, m, (const digest *)leaves, n);
			assert_true(dsr_tree_path_is_valid(root, n, m,
			    leaves[m], (const digest *)path, count));
		}
	}
	dsr_tree_free(t);
}

/* Each path of each tree up to MOST leaves, made while the leaves pass by. */
static void
makes_the_paths_of_the_definition(void **state)
{
	struct dsr_tree_path *p;
	digest leaves[MOST], path[8];
	struct dsr_error err;
	size_t n, m, i, count;

	(void)state;
	make_leaves(leaves);
	for (n = 1; n <= MOST; n++) {
		for (m = 0; m < n; m++) {
			count = slow_path(path, m, (const digest *)leaves, n);
			assert_int_equal(dsr_tree_path_new(&p, n, m, &err), 0);
			for (i = 0; i < n; i++) {
				assert_false(dsr_tree_path_is_done(p));
				dsr_tree_path_add(p, &i, sizeof(i));
			}
			assert_true(dsr_tree_path_is_done(p));
			dsr_tree_path_add(p, "one more", 8);
			assert_int_equal(dsr_tree_path_count(p), count);
			for (i = 0; i < count; i++)
				assert_memory_equal(dsr_tree_path_digest(p, i),
				    path[i], 32);
			dsr_tree_path_free(p);
		}
	}
	/* the largest tree there is: nothing overflows */
	assert_int_equal(dsr_tree_path_new(&p, UINT64_MAX, UINT64_MAX - 1,
	    &err), 0);
	assert_int_equal(dsr_tree_path_count(p), 63);
	dsr_tree_path_free(p);
	assert_int_equal(dsr_tree_path_new(&p, UINT64_MAX, 0, &err), 0);
	assert_int_equal(dsr_tree_path_count(p), 64);
	dsr_tree_path_free(p);
}

/* A right path with one thing wrong. */
static void
refuses_other_paths(void **state)
{
	digest leaves[MOST], root, path[9], bad[9];
	size_t n, m, i, count;

	(void)state;
	make_leaves(leaves);
	memset(path, 0, sizeof(path));
	for (n = 1; n <= 20; n++) {
		slow_root(root, (const digest *)leaves, n);
		for (m = 0; m < n; m++) {
			count = slow_path(path, m, (const digest *)leaves, n);
			for (i = 0; i < 2 * MOST; i++)
				if (i != m && dsr_tree_path_is_valid(root, n,
					i, leaves[m], (const digest *)path,
					count))
					fail_msg("%zu of %zu passes as %zu", m,
					    n, i);
			assert_false(dsr_tree_path_is_valid(root, n, m,
			    leaves[m + 1], (const digest *)path, count));
			assert_false(dsr_tree_path_is_valid(root, n, m,
			    leaves[m], (const digest *)path, count + 1));
			if (count > 0)
				assert_false(dsr_tree_path_is_valid(root, n, m,
				    leaves[m], (const digest *)path,
				    count - 1));
			for (i = 0; i < 32 * count; i++) {
				memcpy(bad, path, sizeof(bad));
				bad[i / 32][i % 32] ^= 0x10;
				assert_false(dsr_tree_path_is_valid(root, n, m,
				    leaves[m], (const digest *)bad, count));
			}
		}
	}
}

static void
refuses_empty_and_huge_trees(void **state)
{
	digest leaf, path[1];

	(void)state;
	dsr_tree_leaf(leaf, "", 0);
	memcpy(path[0], leaf, sizeof(leaf));
	assert_false(dsr_tree_path_is_valid(leaf, 0, 0, leaf, NULL, 0));
	assert_false(dsr_tree_path_is_valid(leaf, UINT64_MAX, UINT64_MAX, leaf,
	    NULL, 0));
	assert_false(dsr_tree_path_is_valid(leaf, UINT64_MAX, UINT64_MAX - 1,
	    leaf, (const digest *)path, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_known_roots),
		cmocka_unit_test(takes_leaves_whose_hash_is_known),
		cmocka_unit_test(accepts_known_paths),
		cmocka_unit_test(agrees_with_the_definition),
		cmocka_unit_test(makes_the_paths_of_the_definition),
		cmocka_unit_test(refuses_other_paths),
		cmocka_unit_test(refuses_empty_and_huge_trees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
