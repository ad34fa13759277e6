/* SPDX-License-Identifier: ISC */
#include "dossier/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dossier/language.h"
#include "dossier/random.h"
#include "dossier/text.h"
#include "file_private.h"

#define MAX_PENDING 16 /* outputs open at one time; a verb has three at most */

struct dsr_outfile {
	char *path;
	char *temporary;
	char *folder;
	int fd;
	bool force;
	size_t slot; /* in pending */
};

/* Temporary names that a signal handler may have to remove. */
static _Atomic(char *) pending[MAX_PENDING];

int
dsr_write_all(int fd, const void *data, size_t len, struct dsr_error *err)
{
	const char *p = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return dsr_fail_sys(err, N_("write"));
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int64_t
dsr_read_full(int fd, void *buf, size_t len, struct dsr_error *err)
{
	char *p = buf;
	size_t got = 0;
	ssize_t n;

	while (got < len) {
		n = read(fd, p + got, len - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return dsr_fail_sys(err, N_("read"));
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (int64_t)got;
}

static int
claim_slot(struct dsr_outfile *f, struct dsr_error *err)
{
	char *none;

	for (f->slot = 0; f->slot < MAX_PENDING; f->slot++) {
		none = NULL;
		if (atomic_compare_exchange_strong(&pending[f->slot], &none,
			f->temporary))
			return 0;
	}
	return dsr_fail(err, DSR_EBUG, "too many outputs at one time");
}

void
dsr_outfile_abandon_all(void)
{
	char *name;
	size_t i;

	for (i = 0; i < MAX_PENDING; i++)
		if ((name = atomic_load(&pending[i])) != NULL)
			(void)unlink(name);
}

int
dsr_temporary_name(const char *path, char **folder, char **temporary,
    struct dsr_error *err)
{
	uint8_t random[6];
	char suffix[2 * sizeof(random) + 1];
	char *copy = strdup(path);

	*folder = *temporary = NULL;
	if (copy == NULL)
		goto nomem;
	dsr_random_bytes(random, sizeof(random));
	dsr_hex_encode(suffix, random, sizeof(random));
	if ((*folder = strdup(dirname(copy))) == NULL ||
	    asprintf(temporary, "%s/.dossier-%s.tmp", *folder, suffix) < 0) {
		*temporary = NULL;
		goto nomem;
	}
	free(copy);
	return 0;
nomem:
	free(copy);
	return dsr_fail(err, DSR_ENOMEM, "file name");
}

static int
open_temporary(struct dsr_outfile *f, struct dsr_error *err)
{
	struct stat st;

	if (lstat(f->path, &st) == 0) {
		if (!f->force)
			return dsr_fail(err, DSR_EEXISTS,
			    N_("%s exists already (--force replaces it)"),
			    f->path);
		if (!S_ISREG(st.st_mode))
			return dsr_fail(err, DSR_EEXISTS,
			    N_("%s exists and is not a regular file"),
			    f->path);
	}
	if (claim_slot(f, err) != 0)
		return -1;
	f->fd = open(f->temporary,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (f->fd < 0)
		return dsr_fail_sys(err, N_("cannot write in %s"),
		    f->folder);
	return 0;
}

int
dsr_outfile_new(struct dsr_outfile **out, const char *path, bool force,
    struct dsr_error *err)
{
	struct dsr_outfile *f = calloc(1, sizeof(*f));

	*out = NULL;
	if (f == NULL)
		return dsr_fail(err, DSR_ENOMEM, "output file");
	f->fd = -1;
	f->force = force;
	f->slot = MAX_PENDING;
	if ((f->path = strdup(path)) == NULL) {
		dsr_fail(err, DSR_ENOMEM, "output file");
		goto out;
	}
	if (dsr_temporary_name(path, &f->folder, &f->temporary, err) != 0 ||
	    open_temporary(f, err) != 0)
		goto out;
	*out = f;
	return 0;
out:
	dsr_outfile_free(f);
	return -1;
}

int
dsr_outfile_fd(const struct dsr_outfile *f)
{
	return f->fd;
}

int
dsr_folder_sync(const char *folder, struct dsr_error *err)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return dsr_fail_sys(err, "%s", folder);
	if (fsync(fd) != 0 && errno != EINVAL) { /* EINVAL: not needed here */
		(void)dsr_fail_sys(err, "%s: fsync", folder);
		(void)close(fd);
		return -1;
	}
	(void)close(fd);
	return 0;
}

int
dsr_rename_new(const char *from, const char *to)
{
	struct stat st;

	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	/* a file system without RENAME_NOREPLACE: link does not replace */
	if (link(from, to) == 0)
		return unlink(from);
	if (errno != EPERM)
		return -1;
	/* ... and a folder has no links: the time between is left */
	if (lstat(to, &st) == 0) {
		errno = EEXIST;
		return -1;
	}
	return rename(from, to);
}

static int
take_name(const struct dsr_outfile *f)
{
	return f->force ? rename(f->temporary, f->path)
			: dsr_rename_new(f->temporary, f->path);
}

int
dsr_outfile_commit(struct dsr_outfile *f, struct dsr_error *err)
{
	int fd = f->fd;

	if (fsync(fd) != 0)
		return dsr_fail_sys(err, "%s: fsync", f->path);
	f->fd = -1;
	if (close(fd) != 0)
		return dsr_fail_sys(err, "%s: close", f->path);
	if (take_name(f) != 0)
		return dsr_fail_sys(err, "%s", f->path);
	atomic_store(&pending[f->slot], NULL);
	f->slot = MAX_PENDING;
	free(f->temporary);
	f->temporary = NULL;
	return dsr_folder_sync(f->folder, err);
}

void
dsr_outfile_free(struct dsr_outfile *f)
{
	if (f == NULL)
		return;
	if (f->fd >= 0)
		(void)close(f->fd);
	if (f->slot < MAX_PENDING) {
		(void)unlink(f->temporary);
		atomic_store(&pending[f->slot], NULL);
	}
	free(f->temporary);
	free(f->folder);
	free(f->path);
	free(f);
}

int
dsr_file_write(const char *path, const void *data, size_t len, bool force,
    struct dsr_error *err)
{
	struct dsr_outfile *f = NULL;
	int rc = -1;

	if (dsr_outfile_new(&f, path, force, err) != 0 ||
	    dsr_write_all(f->fd, data, len, err) != 0 ||
	    dsr_outfile_commit(f, err) != 0)
		goto out;
	rc = 0;
out:
	dsr_outfile_free(f);
	return rc;
}

int
dsr_fd_read(struct dsr_buffer *b, int fd, struct dsr_error *err)
{
	int64_t n;
	size_t want;

	for (;;) {
		want = b->max - b->len < 65536 ? b->max - b->len : 65536;
		if (want == 0) { /* full: the end must stand here */
			char one;

			if ((n = dsr_read_full(fd, &one, 1, err)) < 0)
				return -1;
			return n == 0 ? 0
			    : dsr_fail(err, DSR_ELIMIT, "longer than %zu bytes",
				b->max);
		}
		if (dsr_buffer_reserve(b, want, err) != 0 ||
		    (n = dsr_read_full(fd, b->data + b->len, want, err)) < 0)
			return -1;
		b->len += (size_t)n;
		b->data[b->len] = '\0';
		if ((size_t)n < want)
			return 0;
	}
}

int
dsr_file_read(struct dsr_buffer *b, const char *path, struct dsr_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	int rc;

	if (fd < 0)
		return dsr_fail_sys(err, "%s", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		errno = EISDIR; /* reading would say so, with less */
		rc = dsr_fail_sys(err, "%s", path);
	} else if ((rc = dsr_fd_read(b, fd, err)) != 0) {
		(void)dsr_wrap(err, "%s", path);
	}
	(void)close(fd);
	return rc;
}
