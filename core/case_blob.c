/* SPDX-License-Identifier: ISC */
/* Bodies that are files of their own, in blobs/. */
#include "case_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dossier/file.h"
#include "dossier/text.h"

#define BLOB_NAME "%09llu"
#define BLOB_NAME_SIZE 24

struct dsr_blob {
	struct dsr_case *c;
	struct dsr_blob *next; /* of those that are open */
	uint64_t temporary; /* number under which it is written */
	int fd;
	bool kept; /* it has a name, or a later run may take it up */
};

static void
name_blob(char out[BLOB_NAME_SIZE], uint64_t number)
{
	(void)snprintf(out, BLOB_NAME_SIZE, BLOB_NAME,
	    (unsigned long long)number);
}

static void
name_temporary(char out[BLOB_NAME_SIZE], uint64_t number)
{
	(void)snprintf(out, BLOB_NAME_SIZE, "." BLOB_NAME,
	    (unsigned long long)number);
}

int
dsr_blob_open(const struct dsr_case *c, uint64_t number,
    struct dsr_error *err)
{
	char name[BLOB_NAME_SIZE];
	int fd;

	name_blob(name, number);
	if (dsr_file_open_below(c->blobs, name, &fd, err) == 0)
		return fd;
	if (err->code == DSR_EFORMAT)
		err->code = DSR_EINPUT;
	return dsr_wrap(err, "blob of the case");
}

/* Is it the number of a file, written as we write it and in no other way? */
static bool
read_number(const char *digits, uint64_t *number)
{
	const char *first = digits + strspn(digits, "0");
	char name[BLOB_NAME_SIZE];

	first -= *first == '\0' && first > digits; /* it is 0 */
	if (!dsr_parse_u64(first, strlen(first), UINT64_MAX, number))
		return false;
	name_blob(name, *number);
	return strcmp(name, digits) == 0;
}

/*
 * Removes a file of blobs/ that was being written, or has a name, and is of no
 * document and no piece of the case. What is called otherwise is not ours.
 */
static int
remove_stray(struct dsr_case *c, const char *name, uint64_t named,
    struct dsr_error *err)
{
	bool is_temporary = name[0] == '.';
	uint64_t number;
	int kept;

	if (!read_number(name + is_temporary, &number))
		return 0;
	kept = is_temporary ? dsr_case_piece_is_file(c, number, err)
	                    : number <= named;
	if (kept == 1 && is_temporary && number >= c->next_temporary)
		c->next_temporary = number + 1;
	if (kept != 0)
		return kept < 0 ? -1 : 0;
	if (unlinkat(c->blobs, name, 0) != 0 && errno != ENOENT)
		return dsr_fail_sys(err, "remove blob %s", name);
	return 0;
}

int
dsr_blob_recover(struct dsr_case *c, struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	DIR *dir = NULL;
	struct dirent *entry;
	uint64_t named;
	int fd, got, result = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "SELECT value FROM meta WHERE name = 'blob'", err) != 0 ||
	    (got = dsr_sql_step(s, err)) < 0)
		goto out;
	named = got == 1 ? (uint64_t)sqlite3_column_int64(s, 0) : 0;
	fd = openat(c->blobs, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd == -1 ? NULL : fdopendir(fd);
	if (dir == NULL) {
		(void)dsr_fail_sys(err, "blobs of the case");
		goto out;
	}
	while ((entry = readdir(dir)) != NULL)
		if (remove_stray(c, entry->d_name, named, err) != 0)
			goto out;
	c->next_blob = named + 1;
	result = 0;
out:
	(void)sqlite3_finalize(s);
	if (dir != NULL)
		(void)closedir(dir);
	return result;
}

/* A blob of that file, from now on the only one; NULL. */
static struct dsr_blob *
enlist(struct dsr_case *c, uint64_t file, struct dsr_error *err)
{
	struct dsr_blob *b = calloc(1, sizeof(*b));

	if (b == NULL) {
		(void)dsr_fail(err, DSR_ENOMEM, "blob");
		return NULL;
	}
	b->c = c;
	b->temporary = file;
	b->fd = -1;
	b->next = c->open_blobs;
	c->open_blobs = b;
	return b;
}

static void
delist(struct dsr_blob *b)
{
	struct dsr_blob **at = &b->c->open_blobs;

	while (*at != b)
		at = &(*at)->next;
	*at = b->next;
	free(b);
}

static bool
is_open(const struct dsr_case *c, uint64_t file)
{
	const struct dsr_blob *b = c->open_blobs;

	while (b != NULL && b->temporary != file)
		b = b->next;
	return b != NULL;
}

int
dsr_blob_new(struct dsr_blob **out, struct dsr_case *c,
    struct dsr_error *err)
{
	struct dsr_blob *b = enlist(c, c->next_temporary++, err);
	char name[BLOB_NAME_SIZE];

	*out = NULL;
	if (b == NULL)
		return -1;
	name_temporary(name, b->temporary);
	b->fd = openat(c->blobs, name,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (b->fd == -1) {
		delist(b);
		return dsr_fail_sys(err, "make a blob in the case");
	}
	*out = b;
	return 0;
}

uint64_t
dsr_blob_file(const struct dsr_blob *b)
{
	return b->temporary;
}

int
dsr_blob_resume(struct dsr_blob **out, struct dsr_case *c, uint64_t file,
    struct dsr_error *err)
{
	struct dsr_blob *b = NULL;
	char name[BLOB_NAME_SIZE];
	struct stat st;
	int fd, result = -1;

	*out = NULL;
	/* a changed case, or a record that outlived its file, may name any */
	if (is_open(c, file))
		return 0;
	name_temporary(name, file);
	fd = openat(c->blobs, name,
	    O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return 0;
	/* what has another name may be anything of anybody's */
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_nlink != 1) {
		result = 0;
		goto out;
	}
	b = enlist(c, file, err);
	if (b == NULL)
		goto out;
	b->fd = fd;
	*out = b;
	return 1;
out:
	(void)close(fd);
	return result;
}

int
dsr_blob_cut(struct dsr_blob *b, uint64_t len, struct dsr_error *err)
{
	return ftruncate(b->fd, (off_t)len) != 0 ||
	        lseek(b->fd, (off_t)len, SEEK_SET) == -1
	    ? dsr_fail_sys(err, "take up a blob of the case")
	    : 0;
}

void
dsr_blob_leave(struct dsr_blob *b)
{
	b->kept = true;
}

int
dsr_blob_write(struct dsr_blob *b, const void *data, size_t len,
    struct dsr_error *err)
{
	return dsr_write_all(b->fd, data, len, err);
}

int
dsr_blob_read(const struct dsr_blob *b, uint64_t offset, void *out,
    size_t size, size_t *got, struct dsr_error *err)
{
	ssize_t n = 1;

	for (*got = 0; *got < size && n > 0; *got += (size_t)n) {
		do
			n = pread(b->fd, (char *)out + *got, size - *got,
			    (off_t)(offset + *got));
		while (n < 0 && errno == EINTR);
		if (n < 0)
			return dsr_fail_sys(err, "read a blob of the case");
	}
	return 0;
}

int
dsr_blob_commit(struct dsr_blob *b, uint64_t *number, struct dsr_error *err)
{
	char from[BLOB_NAME_SIZE], to[BLOB_NAME_SIZE];

	name_temporary(from, b->temporary);
	name_blob(to, b->c->next_blob);
	if (fsync(b->fd) != 0 ||
	    renameat(b->c->blobs, from, b->c->blobs, to) != 0 ||
	    fsync(b->c->blobs) != 0)
		return dsr_fail_sys(err, "write a blob of the case");
	b->kept = true;
	*number = b->c->next_blob++;
	return 0;
}

void
dsr_blob_free(struct dsr_blob *b)
{
	char name[BLOB_NAME_SIZE];

	if (b == NULL)
		return;
	name_temporary(name, b->temporary);
	if (!b->kept)
		(void)unlinkat(b->c->blobs, name, 0);
	(void)close(b->fd);
	delist(b);
}
