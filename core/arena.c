/* SPDX-License-Identifier: ISC */
/* Memory that is given piece by piece and taken back at once. */
#include "dossier/record.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES ((size_t)16384)
#define ALIGNMENT sizeof(max_align_t)

struct chunk {
	struct chunk *next;
	size_t size; /* bytes of memory */
	size_t used; /* bytes of memory */
	max_align_t memory[];
};

struct dsr_arena {
	struct chunk *first;
	struct chunk *current; /* those behind it are unused */
};

static struct chunk *
new_chunk(size_t size)
{
	struct chunk *c = malloc(sizeof(*c) + size);

	if (c != NULL)
		*c = (struct chunk){ .size = size };
	return c;
}

int
dsr_arena_new(struct dsr_arena **out, struct dsr_error *err)
{
	struct dsr_arena *a = malloc(sizeof(*a));
	struct chunk *c = new_chunk(CHUNK_BYTES);

	*out = NULL;
	if (a == NULL || c == NULL) {
		free(a);
		free(c);
		return dsr_fail(err, DSR_ENOMEM, "arena");
	}
	a->first = a->current = c;
	*out = a;
	return 0;
}

void
dsr_arena_free(struct dsr_arena *a)
{
	struct chunk *c, *next;

	if (a == NULL)
		return;
	for (c = a->first; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	free(a);
}

void
dsr_arena_reset(struct dsr_arena *a)
{
	a->current = a->first;
	a->current->used = 0;
}

/* Goes on in a chunk that has len bytes left. */
static int
find_room(struct dsr_arena *a, size_t len, struct dsr_error *err)
{
	struct chunk *c = a->current, *next = c->next;

	if (len <= c->size - c->used)
		return 0;
	if (next == NULL || next->size < len) {
		next = new_chunk(len > CHUNK_BYTES ? len : CHUNK_BYTES);
		if (next == NULL)
			return dsr_fail(err, DSR_ENOMEM, "arena");
		next->next = c->next;
		c->next = next;
	}
	next->used = 0;
	a->current = next;
	return 0;
}

/* Memory as it was left. */
static void *
take(struct dsr_arena *a, size_t len, struct dsr_error *err)
{
	struct chunk *c;
	void *p;

	if (len > SIZE_MAX / 2) {
		dsr_fail(err, DSR_ENOMEM, "arena");
		return NULL;
	}
	len = (len + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (find_room(a, len, err) != 0)
		return NULL;
	c = a->current;
	p = (uint8_t *)c->memory + c->used;
	c->used += len;
	return p;
}

void *
dsr_arena_alloc(struct dsr_arena *a, size_t len, struct dsr_error *err)
{
	void *p = take(a, len, err);

	return p == NULL ? NULL : memset(p, 0, len);
}

char *
dsr_arena_copy(struct dsr_arena *a, const void *s, size_t len,
    struct dsr_error *err)
{
	char *copy = take(a, len < SIZE_MAX ? len + 1 : len, err);

	if (copy == NULL)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}
