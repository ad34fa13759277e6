/* SPDX-License-Identifier: ISC */
#include "unpacked.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bag_walk.h"
#include "dossier/bag.h"
#include "dossier/buffer.h"
#include "dossier/file.h"
#include "dossier/limits.h"
#include "dossier/name.h"

struct row {
	enum dsr_member_kind kind;
	uint32_t path; /* offset in paths */
	uint32_t len;
};

struct unpacked {
	int root;
	struct dsr_findings *findings;
	struct row *rows;
	size_t count, cap;
	struct dsr_buffer paths; /* each with a NUL */
	size_t next;
	int fd; /* of the member at hand, or -1 */
	uint64_t left; /* bytes of it */
	uint64_t members, bytes;
};

/* ---- listing --------------------------------------------------------------------- */

static const char *
path_of(const struct unpacked *f, const struct row *r)
{
	return (const char *)f->paths.data + r->path;
}

static int
add_row(struct unpacked *f, const char *path, size_t len,
    struct dsr_error *err)
{
	struct row *grown, *r;
	size_t cap;

	if (f->count == DSR_MAX_BAG_FILES)
		return dsr_fail(err, DSR_ELIMIT, "more than %u files",
		    DSR_MAX_BAG_FILES);
	if (f->count == f->cap) {
		cap = f->cap == 0 ? 64 : f->cap * 2;
		grown = reallocarray(f->rows, cap, sizeof(*grown));
		if (grown == NULL)
			return dsr_fail(err, DSR_ENOMEM, "list of a folder");
		f->rows = grown;
		f->cap = cap;
	}
	r = &f->rows[f->count];
	r->kind = dsr_member_kind_of(path);
	r->path = (uint32_t)f->paths.len;
	r->len = (uint32_t)len;
	if (dsr_buffer_append(&f->paths, path, len + 1, err) != 0)
		return -1;
	f->count++;
	return 0;
}

static int
take_entry(void *ctx, const char *path, enum bag_entry kind, uint64_t size,
    struct dsr_error *err)
{
	struct unpacked *f = ctx;
	size_t len = strlen(path);

	(void)size;
	if (kind == BAG_ENTRY_FOLDER)
		return 0;
	if (!dsr_name_is_safe(path, len)) {
		dsr_findings_add(f->findings, DSR_F_ZIP_NAME, path, NULL,
		    NULL);
		return 0;
	}
	return add_row(f, path, len, err);
}

static int
compare_rows(const void *a, const void *b, void *ctx)
{
	const struct unpacked *f = ctx;
	const struct row *x = a, *y = b;
	int order;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	order = dsr_name_compare(path_of(f, x), x->len, path_of(f, y), y->len);
	return order != 0 ? order : strcmp(path_of(f, x), path_of(f, y));
}

int
unpacked_list(struct unpacked *f, struct dsr_error *err)
{
	if (bag_walk(f->root, take_entry, f, f->findings, err) != 0)
		return -1;
	if (f->count > 0)
		qsort_r(f->rows, f->count, sizeof(*f->rows), compare_rows, f);
	return 0;
}

int
unpacked_new(struct unpacked **out, int root, struct dsr_findings *findings,
    struct dsr_error *err)
{
	struct unpacked *f = calloc(1, sizeof(*f));

	*out = NULL;
	if (f == NULL)
		return dsr_fail(err, DSR_ENOMEM, "folder");
	f->root = root;
	f->findings = findings;
	f->fd = -1;
	dsr_buffer_init(&f->paths, DSR_MAX_BAG_NAMES);
	*out = f;
	return 0;
}

static void
close_member(struct unpacked *f)
{
	if (f->fd >= 0)
		(void)close(f->fd);
	f->fd = -1;
	f->left = 0;
}

void
unpacked_free(struct unpacked *f)
{
	if (f == NULL)
		return;
	close_member(f);
	free(f->rows);
	dsr_buffer_fini(&f->paths);
	free(f);
}

/* ---- members ------------------------------------------------------------------------ */

/* Opens the file of a row; false when it cannot be read, which is told. */
static bool
open_member(struct unpacked *f, const struct row *r, struct dsr_zip_entry *e)
{
	const char *path = path_of(f, r);
	struct stat st;

	close_member(f);
	f->fd = dsr_open_below(f->root, path,
	    O_RDONLY | O_NOCTTY | O_NONBLOCK, true);
	if (f->fd < 0 || fstat(f->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		dsr_findings_add(f->findings, DSR_F_BAGIT_UNREADABLE, path,
		    NULL, "%s", f->fd < 0 ? strerror(errno) : "no file");
		return false;
	}
	memset(e, 0, sizeof(*e));
	memcpy(e->name, path, r->len + 1);
	e->name_len = r->len;
	e->method = DSR_ZIP_STORED;
	e->size = e->packed_size = f->left = (uint64_t)st.st_size;
	if (e->size > DSR_MAX_MEMBER_BYTES) {
		dsr_findings_add(f->findings, DSR_F_ZIP_LIMIT, path, NULL,
		    NULL);
		return false;
	}
	return true;
}

static int
next_member(void *ctx, struct dsr_zip_entry *e, struct dsr_error *err)
{
	struct unpacked *f = ctx;

	(void)err;
	while (f->next < f->count)
		if (open_member(f, &f->rows[f->next++], e)) {
			f->members++;
			return 1;
		}
	close_member(f);
	return 0;
}

/* No more than its size was when it was opened: what grows is not the same. */
static int64_t
read_member(void *ctx, void *buf, size_t len, struct dsr_error *err)
{
	struct unpacked *f = ctx;
	int64_t n;

	if (len > f->left)
		len = (size_t)f->left;
	if (len == 0)
		return 0;
	if ((n = dsr_read_full(f->fd, buf, len, err)) < 0)
		return -1;
	f->left = n == 0 ? 0 : f->left - (uint64_t)n;
	f->bytes += (uint64_t)n;
	return n;
}

void
unpacked_origin(struct unpacked *f, struct origin *out)
{
	out->next = next_member;
	out->read = read_member;
	out->ctx = f;
}

uint64_t
unpacked_count(const struct unpacked *f)
{
	return f->members;
}

uint64_t
unpacked_bytes(const struct unpacked *f)
{
	return f->bytes;
}

/* ---- where it is ------------------------------------------------------------------------ */

/* The only entry of a folder, into name; false when it holds more, or none. */
static bool
only_entry(int root, char name[NAME_MAX + 1])
{
	int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	size_t count = 0;

	if (dir == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	while (count < 2 && (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		(void)snprintf(name, NAME_MAX + 1, "%s", entry->d_name);
		count++;
	}
	(void)closedir(dir);
	return count == 1;
}

int
unpacked_open(const char *path, int *root, struct dsr_error *err)
{
	char name[NAME_MAX + 1];
	int inner;

	*root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*root < 0)
		return dsr_fail_sys(err, "%s", path);
	if (!only_entry(*root, name))
		return 0;
	inner = openat(*root, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (inner >= 0) {
		(void)close(*root);
		*root = inner;
	}
	return 0;
}
