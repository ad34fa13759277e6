/* SPDX-License-Identifier: ISC */
#include "zip_names.h"

#include <assert.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/random.h"

#define SLOTS_FIRST 1024u /* a power of two */

/*
 * SipHash under a key of this run: nobody can make names that collide, so two
 * different names do so by chance alone (1 in 8,192 with as many members as
 * the format allows).
 */
struct dsr_zip_names {
	uint8_t key[crypto_shorthash_KEYBYTES];
	uint64_t *slots; /* open addressing; 0 is empty */
	size_t count;    /* used */
	size_t size;     /* a power of two, more than half of it empty */
};

int
dsr_zip_names_new(struct dsr_zip_names **out, struct dsr_error *err)
{
	struct dsr_zip_names *n = calloc(1, sizeof(*n));

	*out = NULL;
	if (n == NULL ||
	    (n->slots = calloc(SLOTS_FIRST, sizeof(*n->slots))) == NULL) {
		free(n);
		return dsr_fail(err, DSR_ENOMEM, "names of members");
	}
	n->size = SLOTS_FIRST;
	dsr_random_bytes(n->key, sizeof(n->key));
	*out = n;
	return 0;
}

void
dsr_zip_names_free(struct dsr_zip_names *n)
{
	if (n == NULL)
		return;
	free(n->slots);
	free(n);
}

static uint64_t
hash_name(const struct dsr_zip_names *n, const char *name, size_t len)
{
	uint8_t folded[DSR_MAX_NAME], hash[crypto_shorthash_BYTES];
	uint64_t value;
	size_t i;

	assert(len <= sizeof(folded));
	for (i = 0; i < len; i++)
		folded[i] = (uint8_t)(name[i] >= 'A' && name[i] <= 'Z' ?
		    name[i] - 'A' + 'a' : name[i]);
	crypto_shorthash(hash, folded, len, n->key);
	memcpy(&value, hash, sizeof(value));
	return value != 0 ? value : 1;
}

/* The slot that holds the value, or the empty one where it belongs. */
static uint64_t *
find_slot(uint64_t *slots, size_t size, uint64_t value)
{
	size_t i = (size_t)value & (size - 1);

	while (slots[i] != 0 && slots[i] != value)
		i = (i + 1) & (size - 1);
	return &slots[i];
}

static int
grow_slots(struct dsr_zip_names *n, struct dsr_error *err)
{
	size_t size = 2 * n->size, i;
	uint64_t *slots = calloc(size, sizeof(*slots));

	if (slots == NULL)
		return dsr_fail(err, DSR_ENOMEM, "names of members");
	for (i = 0; i < n->size; i++)
		if (n->slots[i] != 0)
			*find_slot(slots, size, n->slots[i]) = n->slots[i];
	free(n->slots);
	n->slots = slots;
	n->size = size;
	return 0;
}

int
dsr_zip_names_add(struct dsr_zip_names *n, const char *name, size_t len,
    bool *seen, struct dsr_error *err)
{
	uint64_t value = hash_name(n, name, len);
	uint64_t *slot;

	if (2 * (n->count + 1) > n->size && grow_slots(n, err) < 0)
		return -1;
	slot = find_slot(n->slots, n->size, value);
	*seen = *slot != 0;
	if (!*seen) {
		*slot = value;
		n->count++;
	}
	return 0;
}
