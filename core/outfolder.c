/* SPDX-License-Identifier: ISC */
#include "dossier/outfolder.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "dossier/file.h"
#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/name.h"
#include "file_private.h"

#define LEVELS (DSR_MAX_DEPTH + 2) /* of folders that are removed again */

struct dsr_outfolder {
	char *path;
	char *temporary;
	char *parent;
	int fd;
};

/* The temporary name that a signal handler may have to remove. */
static _Atomic(char *) pending;

/* ---- removing, with system calls alone: it runs in a signal handler ------- */

static bool
is_dots(const char *name)
{
	return name[0] == '.' &&
	    (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/* A folder that is being emptied. */
struct level {
	int fd;
	bool removed; /* something: a look that removes nothing is the last */
};

/*
 * Removes what stands in a folder, up to a folder with content: 1, and that
 * one is open in *inner. 0 at the end, -1 when something cannot be removed.
 */
static int
remove_entries(struct level *folder, int *inner)
{
	_Alignas(struct dirent64) char space[4096];
	const struct dirent64 *entry;
	long n, at;

	while ((n = syscall(SYS_getdents64, folder->fd, space,
		    sizeof(space))) > 0) {
		for (at = 0; at < n; at += entry->d_reclen) {
			/* the kernel aligns each entry */
			entry = (const void *)(space + at);
			if (is_dots(entry->d_name))
				continue;
			if (unlinkat(folder->fd, entry->d_name, 0) == 0 ||
			    unlinkat(folder->fd, entry->d_name,
				AT_REMOVEDIR) == 0) {
				folder->removed = true;
				continue;
			}
			*inner = openat(folder->fd, entry->d_name, O_RDONLY |
			    O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			return *inner < 0 ? -1 : 1;
		}
	}
	return n == 0 ? 0 : -1;
}

static void
remove_tree(const char *path)
{
	struct level levels[LEVELS];
	size_t depth = 0;
	int inner, more;

	levels[0] = (struct level){ open(path, O_RDONLY | O_DIRECTORY |
		    O_NOFOLLOW | O_CLOEXEC), false };
	if (levels[0].fd < 0)
		return;
	while ((more = remove_entries(&levels[depth], &inner)) >= 0) {
		if (more == 1 && depth + 1 < LEVELS) {
			levels[++depth] = (struct level){ inner, false };
			continue;
		}
		if (more == 1)
			(void)close(inner);
		if (more == 1 || depth == 0 || !levels[depth].removed)
			break;
		/* empty now: it goes when its parent is looked at once more */
		(void)close(levels[depth--].fd);
		if (lseek(levels[depth].fd, 0, SEEK_SET) != 0)
			break;
	}
	do
		(void)close(levels[depth].fd);
	while (depth-- > 0);
	(void)rmdir(path);
}

void
dsr_outfolder_abandon_all(void)
{
	char *name = atomic_load(&pending);

	if (name != NULL)
		remove_tree(name);
}

/* ---- making ------------------------------------------------------------------ */

/* The path without slashes at its end. */
static char *
trim(const char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	return strndup(path, len);
}

static int
make_temporary(struct dsr_outfolder *f, struct dsr_error *err)
{
	struct stat st;
	char *none = NULL;

	if (lstat(f->path, &st) == 0)
		return dsr_fail(err, DSR_EEXISTS, N_("%s exists already"),
		    f->path);
	if (!atomic_compare_exchange_strong(&pending, &none, f->temporary))
		return dsr_fail(err, DSR_EBUG, "two output folders");
	if (mkdir(f->temporary, 0700) != 0)
		return dsr_fail_sys(err, N_("cannot write in %s"),
		    f->parent);
	f->fd = open(f->temporary,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return f->fd < 0 ? dsr_fail_sys(err, "%s", f->temporary) : 0;
}

int
dsr_outfolder_new(struct dsr_outfolder **out, const char *path,
    struct dsr_error *err)
{
	struct dsr_outfolder *f = calloc(1, sizeof(*f));

	*out = NULL;
	if (f == NULL)
		return dsr_fail(err, DSR_ENOMEM, "output folder");
	f->fd = -1;
	if ((f->path = trim(path)) == NULL) {
		dsr_fail(err, DSR_ENOMEM, "output folder");
		goto out;
	}
	if (dsr_temporary_name(f->path, &f->parent, &f->temporary, err) != 0 ||
	    make_temporary(f, err) != 0)
		goto out;
	*out = f;
	return 0;
out:
	dsr_outfolder_free(f);
	return -1;
}

int
dsr_file_open_below(int folder, const char *name, int *fd,
    struct dsr_error *err)
{
	struct stat st;

	/* not to hang at a FIFO that nobody writes to */
	*fd = dsr_open_below(folder, name, O_RDONLY | O_NONBLOCK | O_NOCTTY,
	    false);
	if (*fd < 0 || fstat(*fd, &st) != 0)
		return dsr_fail_sys(err, "%s", name);
	if (S_ISREG(st.st_mode))
		return 0;
	(void)close(*fd);
	*fd = -1;
	return dsr_fail(err, DSR_EFORMAT, "%s: not a regular file", name);
}

/* The folders on the way to name; those that are there are kept. */
static int
make_folders(const struct dsr_outfolder *f, const char *name,
    struct dsr_error *err)
{
	char part[DSR_MAX_NAME + 1];
	const char *slash;
	size_t len;

	for (slash = strchr(name, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		len = (size_t)(slash - name);
		memcpy(part, name, len);
		part[len] = '\0';
		if (mkdirat(f->fd, part, 0700) != 0 && errno != EEXIST)
			return dsr_fail_sys(err, "%s", name);
	}
	return 0;
}

int
dsr_outfolder_create(struct dsr_outfolder *f, const char *name, int *fd,
    struct dsr_error *err)
{
	*fd = -1;
	if (!dsr_name_is_safe(name, strlen(name)))
		return dsr_fail(err, DSR_EFORMAT,
		    "FORMAT.md 2.4: a name that is not allowed");
	if (make_folders(f, name, err) != 0)
		return -1;
	*fd = dsr_open_below(f->fd, name, O_RDWR | O_CREAT | O_EXCL, false);
	return *fd < 0 ? dsr_fail_sys(err, "%s", name) : 0;
}

int
dsr_outfolder_write(struct dsr_outfolder *f, const char *name,
    const void *data, size_t len, struct dsr_error *err)
{
	int fd = -1, rc = -1;

	if (dsr_outfolder_create(f, name, &fd, err) != 0)
		return -1;
	rc = dsr_write_all(fd, data, len, err);
	if (close(fd) != 0 && rc == 0)
		rc = dsr_fail_sys(err, "%s: close", name);
	return rc;
}

int
dsr_outfolder_fd(const struct dsr_outfolder *f)
{
	return f->fd;
}

int
dsr_outfolder_commit(struct dsr_outfolder *f, struct dsr_error *err)
{
	/* one call for all of it, however many files there are */
	if (syncfs(f->fd) != 0)
		return dsr_fail_sys(err, "%s: sync", f->path);
	if (dsr_rename_new(f->temporary, f->path) != 0)
		return dsr_fail_sys(err, "%s", f->path);
	atomic_store(&pending, NULL);
	free(f->temporary);
	f->temporary = NULL;
	return dsr_folder_sync(f->parent, err);
}

void
dsr_outfolder_free(struct dsr_outfolder *f)
{
	char *mine;

	if (f == NULL)
		return;
	if (f->fd >= 0)
		(void)close(f->fd);
	mine = f->temporary;
	if (mine != NULL && atomic_load(&pending) == mine) {
		remove_tree(mine);
		atomic_store(&pending, NULL);
	}
	free(f->temporary);
	free(f->parent);
	free(f->path);
	free(f);
}
