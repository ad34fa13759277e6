/* SPDX-License-Identifier: ISC */
#include "aside.h"

#include <string.h>

static void
take_nothing(void *ctx, const char *path, const void *content, size_t len)
{
	(void)ctx;
	(void)path;
	(void)content;
	(void)len;
}

static void
begin(void *ctx, const char *path)
{
	struct aside *a = ctx;

	a->current = NULL;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(path, dsr_member_path(a->lists[i].kind)) == 0 &&
		    dsr_spool_size(a->lists[i].lines) == 0)
			a->current = a->lists[i].lines;
}

static void
take_piece(void *ctx, const void *content, size_t len)
{
	struct aside *a = ctx;

	if (a->current != NULL && !a->failed &&
	    dsr_spool_write(a->current, content, len, &a->err) != 0)
		a->failed = true;
}

static void
end(void *ctx)
{
	struct aside *a = ctx;

	a->current = NULL;
}

int
aside_open(struct aside *a, const enum dsr_member_kind *kinds, size_t count,
    struct verify_options *o, struct dsr_error *err)
{
	memset(a, 0, sizeof(*a));
	a->tap = (struct verify_tap){ take_nothing, begin, take_piece, end,
		a };
	o->tap = &a->tap;
	for (; a->count < count; a->count++) {
		struct aside_list *l = &a->lists[a->count];

		l->kind = kinds[a->count];
		if ((o->keys != NULL ? dsr_spool_new_secret(&l->lines, err)
				     : dsr_spool_new(&l->lines, err)) != 0 ||
		    dsr_spool_make_file(l->lines, err) != 0)
			return -1;
	}
	return 0;
}

int
aside_check(const struct aside *a, struct dsr_error *err)
{
	if (a->failed)
		*err = a->err;
	return a->failed ? -1 : 0;
}

void
aside_close(struct aside *a)
{
	for (size_t i = 0; i < MAX_ASIDE; i++) {
		dsr_spool_free(a->lists[i].lines);
		a->lists[i].lines = NULL;
	}
}
