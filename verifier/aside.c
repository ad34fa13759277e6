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

	a->capturing = strcmp(path, dsr_member_path(a->kind)) == 0 &&
	    dsr_spool_size(a->lines) == 0;
}

static void
take_piece(void *ctx, const void *content, size_t len)
{
	struct aside *a = ctx;

	if (a->capturing && !a->failed &&
	    dsr_spool_write(a->lines, content, len, &a->err) != 0)
		a->failed = true;
}

static void
end(void *ctx)
{
	struct aside *a = ctx;

	a->capturing = false;
}

int
aside_open(struct aside *a, enum dsr_member_kind kind,
    struct verify_options *o, struct dsr_error *err)
{
	memset(a, 0, sizeof(*a));
	a->kind = kind;
	a->tap = (struct verify_tap){ take_nothing, begin, take_piece, end,
		a };
	o->tap = &a->tap;
	if ((o->keys != NULL ? dsr_spool_new_secret(&a->lines, err)
			     : dsr_spool_new(&a->lines, err)) != 0)
		return -1;
	return dsr_spool_make_file(a->lines, err);
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
	dsr_spool_free(a->lines);
	a->lines = NULL;
}
