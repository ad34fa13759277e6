/* SPDX-License-Identifier: ISC */
#include "bag_files.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "bag_normal.h"
#include "bag_walk.h"
#include "dossier/buffer.h"
#include "dossier/limits.h"
#include "dossier/random.h"

/*
 * A hash set of indexes: open addressing, keyed so that nobody can make the
 * names of a bag collide on purpose.
 */
struct index {
	uint32_t *slots; /* index + 1, or 0 */
	size_t mask;     /* slots - 1 */
};

struct bag_files {
	struct bag_file *items;
	size_t count, cap;
	struct dsr_buffer names;
	bool has_data;
	uint8_t key[crypto_shorthash_KEYBYTES];
	struct index by_path, by_fold;
	struct dsr_buffer folded[2]; /* scratch */
};

size_t
bag_files_count(const struct bag_files *f)
{
	return f->count;
}

struct bag_file *
bag_files_get(struct bag_files *f, size_t i)
{
	return &f->items[i];
}

const char *
bag_files_path(const struct bag_files *f, size_t i)
{
	return (const char *)f->names.data + f->items[i].name;
}

bool
bag_files_has_data(const struct bag_files *f)
{
	return f->has_data;
}

/* ---- the hash sets ------------------------------------------------------------ */

static size_t
hash_of(const struct bag_files *f, const void *s, size_t len)
{
	uint64_t hash;
	uint8_t out[crypto_shorthash_BYTES];

	crypto_shorthash(out, s, len, f->key);
	memcpy(&hash, out, sizeof(hash));
	return (size_t)hash;
}

static int
index_new(struct index *x, size_t count, struct dsr_error *err)
{
	size_t slots = 16;

	while (slots < 2 * count)
		slots *= 2;
	free(x->slots);
	if ((x->slots = calloc(slots, sizeof(*x->slots))) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "list of files");
	x->mask = slots - 1;
	return 0;
}

static void
index_put(struct index *x, size_t hash, size_t i)
{
	size_t at = hash & x->mask;

	while (x->slots[at] != 0)
		at = (at + 1) & x->mask;
	x->slots[at] = (uint32_t)i + 1;
}

static int
fold(struct bag_files *f, size_t scratch, const char *path,
    struct dsr_error *err)
{
	dsr_buffer_reset(&f->folded[scratch]);
	return bag_fold(&f->folded[scratch], path, strlen(path), err);
}

static int
enter(struct bag_files *f, size_t i, struct dsr_error *err)
{
	const char *path = bag_files_path(f, i);
	const struct dsr_buffer *folded = &f->folded[0];

	if (fold(f, 0, path, err) != 0)
		return -1;
	index_put(&f->by_path, hash_of(f, path, strlen(path)), i);
	index_put(&f->by_fold, hash_of(f, folded->data, folded->len), i);
	return 0;
}

/* All again, with room for as many more. */
static int
make_indexes(struct bag_files *f, struct dsr_error *err)
{
	size_t i;

	if (index_new(&f->by_path, 2 * f->count, err) != 0 ||
	    index_new(&f->by_fold, 2 * f->count, err) != 0)
		return -1;
	for (i = 0; i < f->count; i++)
		if (enter(f, i, err) != 0)
			return -1;
	return 0;
}

size_t
bag_files_find(const struct bag_files *f, const char *path)
{
	size_t at = hash_of(f, path, strlen(path)) & f->by_path.mask, i;

	for (; (i = f->by_path.slots[at]) != 0; at = (at + 1) & f->by_path.mask)
		if (strcmp(bag_files_path(f, i - 1), path) == 0)
			return i - 1;
	return BAG_NONE;
}

static int
same_normal(struct bag_files *f, const char *a, const char *b, bool *same,
    struct dsr_error *err)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		const char *path = i == 0 ? a : b;

		dsr_buffer_reset(&f->folded[i]);
		if (bag_normalize(&f->folded[i], path, strlen(path), err) != 0)
			return -1;
	}
	*same = strcmp(dsr_buffer_str(&f->folded[0]),
		    dsr_buffer_str(&f->folded[1])) == 0;
	return 0;
}

int
bag_files_find_normal(struct bag_files *f, const char *path, size_t *index,
    struct dsr_error *err)
{
	const struct index *x = &f->by_fold;
	bool same = false;
	size_t at, i;

	*index = BAG_NONE;
	if (fold(f, 0, path, err) != 0)
		return -1;
	at = hash_of(f, f->folded[0].data, f->folded[0].len) & x->mask;
	for (; (i = x->slots[at]) != 0; at = (at + 1) & x->mask) {
		if (same_normal(f, bag_files_path(f, i - 1), path, &same,
			err) != 0)
			return -1;
		if (same) {
			*index = i - 1;
			return 0;
		}
	}
	return 0;
}

/* ---- names that some system takes for one ---------------------------------------- */

static void
tell_collision(struct bag_files *f, size_t first, size_t second, bool normal,
    struct dsr_findings *findings)
{
	dsr_findings_add(findings,
	    normal ? DSR_F_BAGIT_NORMAL : DSR_F_BAGIT_CASE,
	    bag_files_path(f, second), NULL, "%s", bag_files_path(f, first));
}

/* Each file against those of smaller index whose folded names are the same. */
static int
check_name(struct bag_files *f, size_t file, struct dsr_findings *findings,
    struct dsr_error *err)
{
	const char *path = bag_files_path(f, file);
	const struct index *x = &f->by_fold;
	bool normal = false;
	size_t at, i;

	if (fold(f, 0, path, err) != 0)
		return -1;
	at = hash_of(f, f->folded[0].data, f->folded[0].len) & x->mask;
	for (; (i = x->slots[at]) != 0; at = (at + 1) & x->mask) {
		if (--i >= file)
			continue;
		if (fold(f, 0, path, err) != 0 ||
		    fold(f, 1, bag_files_path(f, i), err) != 0)
			return -1;
		if (strcmp(dsr_buffer_str(&f->folded[0]),
			dsr_buffer_str(&f->folded[1])) != 0)
			continue;
		if (same_normal(f, path, bag_files_path(f, i), &normal, err) !=
		    0)
			return -1;
		tell_collision(f, i, file, normal, findings);
		return 0; /* one is enough */
	}
	return 0;
}

int
bag_files_check_names(struct bag_files *f, struct dsr_findings *findings,
    struct dsr_error *err)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		if (check_name(f, i, findings, err) != 0)
			return -1;
	return 0;
}

/* ---- the list ------------------------------------------------------------------- */

static int
append(struct bag_files *f, const char *path, uint64_t size,
    struct dsr_error *err)
{
	size_t len = strlen(path), cap;
	struct bag_file *grown, *item;

	if (f->count == DSR_MAX_BAG_FILES)
		return dsr_fail(err, DSR_ELIMIT, "more than %u files",
		    DSR_MAX_BAG_FILES);
	if (f->count == f->cap) {
		cap = f->cap == 0 ? 64 : f->cap * 2;
		grown = reallocarray(f->items, cap, sizeof(*grown));
		if (grown == NULL)
			return dsr_fail(err, DSR_ENOMEM, "list of files");
		f->items = grown;
		f->cap = cap;
	}
	item = &f->items[f->count];
	memset(item, 0, sizeof(*item));
	item->size = size;
	item->name = (uint32_t)f->names.len;
	item->len = (uint16_t)len;
	item->payload = strncmp(path, "data/", 5) == 0;
	if (dsr_buffer_append(&f->names, path, len + 1, err) != 0)
		return -1;
	f->count++;
	return 0;
}

int
bag_files_add(struct bag_files *f, const char *path, uint64_t size,
    size_t *index, struct dsr_error *err)
{
	if (append(f, path, size, err) != 0)
		return -1;
	*index = f->count - 1;
	if (2 * f->count > f->by_path.mask)
		return make_indexes(f, err);
	return enter(f, *index, err);
}

static int
take_entry(void *ctx, const char *path, enum bag_entry kind, uint64_t size,
    struct dsr_error *err)
{
	struct bag_files *f = ctx;

	if (kind == BAG_ENTRY_FOLDER) {
		f->has_data |= strcmp(path, "data") == 0;
		return 0;
	}
	return append(f, path, size, err);
}

static int
compare_files(const void *a, const void *b, void *ctx)
{
	const struct bag_files *f = ctx;
	const struct bag_file *x = a, *y = b;

	return strcmp((const char *)f->names.data + x->name,
	    (const char *)f->names.data + y->name);
}

int
bag_files_new(struct bag_files **out, int root, struct dsr_findings *findings,
    struct dsr_error *err)
{
	struct bag_files *f = calloc(1, sizeof(*f));

	*out = NULL;
	if (f == NULL)
		return dsr_fail(err, DSR_ENOMEM, "list of files");
	dsr_random_bytes(f->key, sizeof(f->key));
	dsr_buffer_init(&f->names, DSR_MAX_BAG_NAMES);
	/* a character becomes four of three bytes at most */
	dsr_buffer_init(&f->folded[0], 12 * DSR_MAX_BAG_LINE);
	dsr_buffer_init(&f->folded[1], 12 * DSR_MAX_BAG_LINE);
	if (bag_walk(root, take_entry, f, findings, err) != 0)
		goto out;
	if (f->count > 0)
		qsort_r(f->items, f->count, sizeof(*f->items), compare_files,
		    f);
	if (make_indexes(f, err) != 0)
		goto out;
	*out = f;
	f = NULL;
out:
	bag_files_free(f);
	return *out == NULL ? -1 : 0;
}

void
bag_files_free(struct bag_files *f)
{
	if (f == NULL)
		return;
	free(f->items);
	free(f->by_path.slots);
	free(f->by_fold.slots);
	dsr_buffer_fini(&f->names);
	dsr_buffer_fini(&f->folded[0]);
	dsr_buffer_fini(&f->folded[1]);
	free(f);
}
