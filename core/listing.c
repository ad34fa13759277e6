/* SPDX-License-Identifier: ISC */
#include "dossier/listing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/name.h"
#include "dossier/text.h"
#include "listing_private.h"

#define PREFIX  "data/files/"
#define RENAMED "renamed/000000001.bin"

/* A spool of rows, and the one that comes next. */
struct rows {
	struct dsr_spool *spool; /* borrowed */
	bool has;
	struct listing_row row;
	char path[LISTING_MAX_PATH + 1];
};

struct dsr_listing {
	int fd;
	struct listing_spools spools;
	struct rows files, renamed, empty;
	uint64_t renamed_number;
	char path[LISTING_MAX_PATH + 1]; /* of the entry given out last */
};

static const char *const reasons[] = {
	[LISTING_NONE] = NULL,
	[LISTING_LINK] = "symbolic-link",
	[LISTING_SOCKET] = "socket",
	[LISTING_FIFO] = "fifo",
	[LISTING_DEVICE] = "device",
	[LISTING_UNREADABLE] = "unreadable",
	[LISTING_LONG] = "path-too-long",
};

static int
next_row(struct rows *r, struct dsr_error *err)
{
	int more = dsr_spool_read_all(r->spool, &r->row, sizeof(r->row), err);

	r->has = more == 1;
	if (more <= 0)
		return more;
	if (r->row.len > LISTING_MAX_PATH ||
	    dsr_spool_read_all(r->spool, r->path, r->row.len, err) != 1)
		return dsr_fail(err, DSR_EIO, "temporary file: cut short");
	r->path[r->row.len] = '\0';
	return 0;
}

static int
start_rows(struct rows *r, struct dsr_spool *spool, struct dsr_error *err)
{
	r->spool = spool;
	if (dsr_spool_rewind(spool, err) != 0)
		return -1;
	return next_row(r, err);
}

static int
open_spools(struct listing_spools *s, bool secret, struct dsr_error *err)
{
	struct dsr_spool **const spools[] = { &s->files, &s->renamed,
		&s->empty };
	size_t i;

	for (i = 0; i < sizeof(spools) / sizeof(spools[0]); i++)
		if ((secret ? dsr_spool_new_secret(spools[i], err)
			    : dsr_spool_new(spools[i], err)) != 0)
			return -1;
	return 0;
}

int
dsr_listing_open(struct dsr_listing **out, const char *path, const char *name,
    const struct stat *leave_out, bool secret, struct dsr_error *err)
{
	struct dsr_listing *f = calloc(1, sizeof(*f));
	struct listing_spools *s;

	*out = NULL;
	if (f == NULL)
		return dsr_fail(err, DSR_ENOMEM, "folder");
	s = &f->spools;
	f->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->fd < 0) {
		dsr_fail_sys(err, "%s", path);
		goto out;
	}
	if (open_spools(s, secret, err) != 0 ||
	    dsr_listing_walk(s, f->fd, strlen(name) + 1 + strlen(PREFIX), leave_out,
		err) != 0 ||
	    start_rows(&f->files, s->files, err) != 0 ||
	    start_rows(&f->renamed, s->renamed, err) != 0 ||
	    start_rows(&f->empty, s->empty, err) != 0)
		goto out;
	*out = f;
	return 0;
out:
	dsr_listing_free(f);
	return -1;
}

void
dsr_listing_free(struct dsr_listing *f)
{
	if (f == NULL)
		return;
	dsr_spool_free(f->spools.files);
	dsr_spool_free(f->spools.renamed);
	dsr_spool_free(f->spools.empty);
	if (f->fd >= 0)
		(void)close(f->fd);
	free(f);
}

uint64_t
dsr_listing_count(const struct dsr_listing *f)
{
	return f->spools.file_count + f->spools.renamed_count;
}

uint64_t
dsr_listing_empty_count(const struct dsr_listing *f)
{
	return f->spools.empty_count;
}

/* Do the renamed files stand before the file that comes next? */
static bool
renamed_comes_first(const struct dsr_listing *f)
{
	if (!f->renamed.has || !f->files.has)
		return f->renamed.has;
	return dsr_name_compare(RENAMED, strlen(RENAMED), f->files.path,
		   f->files.row.len) < 0;
}

int
dsr_listing_next(struct dsr_listing *f, struct dsr_listed *e,
    struct dsr_error *err)
{
	bool renamed = renamed_comes_first(f);
	struct rows *r = renamed ? &f->renamed : &f->files;

	if (!r->has)
		return 0;
	memcpy(f->path, r->path, r->row.len + 1);
	e->path = f->path;
	e->size = r->row.size;
	e->reason = reasons[r->row.reason];
	e->number = renamed ? ++f->renamed_number : 0;
	e->kind = e->reason != NULL ? DSR_LISTED_GAP
	    : renamed		    ? DSR_LISTED_RENAMED
				    : DSR_LISTED_FILE;
	return next_row(r, err) != 0 ? -1 : 1;
}

int
dsr_listing_next_empty(struct dsr_listing *f, const char **path,
    struct dsr_error *err)
{
	*path = NULL;
	if (!f->empty.has)
		return 0;
	memcpy(f->path, f->empty.path, f->empty.row.len + 1);
	*path = f->path;
	return next_row(&f->empty, err);
}

int
dsr_listing_open_file(const struct dsr_listing *f, const char *path,
    struct stat *st)
{
	int fd = dsr_open_below(f->fd, path, O_RDONLY | O_NONBLOCK, false);

	if (fd < 0)
		return -1;
	if (fstat(fd, st) != 0 || !S_ISREG(st->st_mode)) {
		(void)close(fd);
		errno = EINVAL; /* it was a regular file when it was listed */
		return -1;
	}
	return fd;
}

const char *
dsr_listing_reason(const struct stat *st)
{
	return reasons[listing_reason_of(st)];
}

bool
dsr_listing_unchanged(const struct stat *before, const struct stat *after)
{
	return before->st_size == after->st_size &&
	    before->st_mtim.tv_sec == after->st_mtim.tv_sec &&
	    before->st_mtim.tv_nsec == after->st_mtim.tv_nsec &&
	    before->st_ctim.tv_sec == after->st_ctim.tv_sec &&
	    before->st_ctim.tv_nsec == after->st_ctim.tv_nsec;
}

int
dsr_listing_name(struct dsr_arena *arena, const char *path,
    const char **name, const char **name_base64, struct dsr_error *err)
{
	struct dsr_buffer encoded;
	size_t len = strlen(path);
	int rc = -1;

	*name = *name_base64 = NULL;
	if (dsr_utf8_is_valid(path, len)) {
		*name = dsr_arena_copy(arena, path, len, err);
		return *name == NULL ? -1 : 0;
	}
	dsr_buffer_init(&encoded, 2 * len + 8);
	if (dsr_base64_encode(&encoded, path, len, err) == 0) {
		*name_base64 = dsr_arena_copy(arena, encoded.data, encoded.len,
		    err);
		rc = *name_base64 == NULL ? -1 : 0;
	}
	dsr_buffer_fini(&encoded);
	return rc;
}
