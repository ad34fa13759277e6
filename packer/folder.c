/* SPDX-License-Identifier: ISC */
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/name.h"
#include "folder_walk.h"

#define PREFIX  "data/files/"
#define RENAMED "renamed/000000001.bin"

/* A spool of rows, and the one that comes next. */
struct rows {
	struct dsr_spool *spool; /* borrowed */
	bool has;
	struct folder_row row;
	char path[FOLDER_MAX_PATH + 1];
};

struct folder {
	int fd;
	struct folder_spools spools;
	struct rows files, renamed, empty;
	uint64_t renamed_number;
	char path[FOLDER_MAX_PATH + 1]; /* of the entry given out last */
};

static const char *const reasons[] = {
	[FOLDER_NONE] = NULL,
	[FOLDER_LINK] = "symbolic-link",
	[FOLDER_SOCKET] = "socket",
	[FOLDER_FIFO] = "fifo",
	[FOLDER_DEVICE] = "device",
	[FOLDER_UNREADABLE] = "unreadable",
	[FOLDER_LONG] = "path-too-long",
};

static int
read_exactly(struct dsr_spool *spool, void *buf, size_t len,
    struct dsr_error *err)
{
	char *p = buf;
	int64_t n;

	while (len > 0) {
		if ((n = dsr_spool_read(spool, p, len, err)) <= 0)
			return (int)n;
		p += n;
		len -= (size_t)n;
	}
	return 1;
}

static int
next_row(struct rows *r, struct dsr_error *err)
{
	int more = read_exactly(r->spool, &r->row, sizeof(r->row), err);

	r->has = more == 1;
	if (more <= 0)
		return more;
	if (r->row.len > FOLDER_MAX_PATH ||
	    read_exactly(r->spool, r->path, r->row.len, err) != 1)
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
open_spools(struct folder_spools *s, bool secret, struct dsr_error *err)
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
folder_open(struct folder **out, const char *path, const char *name,
    const struct stat *leave_out, bool secret, struct dsr_error *err)
{
	struct folder *f = calloc(1, sizeof(*f));
	struct folder_spools *s;

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
	    folder_walk(s, f->fd, strlen(name) + 1 + strlen(PREFIX), leave_out,
		err) != 0 ||
	    start_rows(&f->files, s->files, err) != 0 ||
	    start_rows(&f->renamed, s->renamed, err) != 0 ||
	    start_rows(&f->empty, s->empty, err) != 0)
		goto out;
	*out = f;
	return 0;
out:
	folder_free(f);
	return -1;
}

void
folder_free(struct folder *f)
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
folder_count(const struct folder *f)
{
	return f->spools.file_count + f->spools.renamed_count;
}

uint64_t
folder_empty_count(const struct folder *f)
{
	return f->spools.empty_count;
}

/* Do the renamed files stand before the file that comes next? */
static bool
renamed_comes_first(const struct folder *f)
{
	if (!f->renamed.has || !f->files.has)
		return f->renamed.has;
	return dsr_name_compare(RENAMED, strlen(RENAMED), f->files.path,
		   f->files.row.len) < 0;
}

int
folder_next(struct folder *f, struct folder_entry *e, struct dsr_error *err)
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
	e->kind = e->reason != NULL ? FOLDER_GAP
	    : renamed		    ? FOLDER_RENAMED
				    : FOLDER_FILE;
	return next_row(r, err) != 0 ? -1 : 1;
}

int
folder_next_empty(struct folder *f, const char **path, struct dsr_error *err)
{
	*path = NULL;
	if (!f->empty.has)
		return 0;
	memcpy(f->path, f->empty.path, f->empty.row.len + 1);
	*path = f->path;
	return next_row(&f->empty, err);
}

int
folder_open_file(const struct folder *f, const char *path, struct stat *st)
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
