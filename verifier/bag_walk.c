/* SPDX-License-Identifier: ISC */
#include "bag_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dossier/buffer.h"
#include "dossier/file.h"
#include "dossier/limits.h"

struct walk {
	int root;
	bag_entry_fn *fn;
	void *ctx;
	struct dsr_findings *findings;
	struct dsr_buffer pending; /* folders to enter: paths, a NUL each */
	char path[DSR_MAX_BAG_PATH + 1]; /* the entry at hand */
};

static void
tell(struct walk *w, enum dsr_finding_id id, const char *found)
{
	dsr_findings_add(w->findings, id, w->path, NULL, "%s", found);
}

/* What no manifest lists does no harm beside the payload. */
static void
tell_no_file(struct walk *w, enum dsr_finding_id id, const char *found)
{
	tell(w, strncmp(w->path, "data/", 5) == 0 ? id : DSR_F_BAGIT_LINK,
	    found);
}

static int
take_link(struct walk *w, struct dsr_error *err)
{
	int fd = dsr_open_below(w->root, w->path, O_PATH, true);
	struct stat st;
	bool known;

	if (fd < 0 && (errno == EXDEV || errno == ELOOP)) {
		tell_no_file(w, DSR_F_BAGIT_UNSAFE, "a link that leaves it");
		return 0;
	}
	known = fd >= 0 && fstat(fd, &st) == 0;
	if (fd >= 0)
		(void)close(fd);
	if (known && S_ISREG(st.st_mode)) {
		tell(w, DSR_F_BAGIT_LINK, "to a file");
		return w->fn(w->ctx, w->path, BAG_ENTRY_FILE,
		    (uint64_t)st.st_size, err);
	}
	if (known && S_ISDIR(st.st_mode))
		tell(w, DSR_F_BAGIT_LINK, "to a folder, which is not entered");
	else
		tell_no_file(w, DSR_F_BAGIT_NOT_FILE, "a link to no file");
	return 0;
}

static int
take_folder(struct walk *w, struct dsr_error *err)
{
	if (w->fn(w->ctx, w->path, BAG_ENTRY_FOLDER, 0, err) != 0)
		return -1;
	return dsr_buffer_append(&w->pending, w->path, strlen(w->path) + 1,
	    err);
}

static int
take_entry(struct walk *w, int dir, const char *parent, const char *base,
    struct dsr_error *err)
{
	int len = snprintf(w->path, sizeof(w->path), "%s%s%s", parent,
	    parent[0] == '\0' ? "" : "/", base);
	struct stat st;

	if (len < 0 || (size_t)len >= sizeof(w->path)) {
		tell(w, DSR_F_BAG_LIMIT, "a longer path");
		return 0;
	}
	if (fstatat(dir, base, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		tell(w, DSR_F_BAGIT_UNREADABLE, strerror(errno));
		return 0;
	}
	if (S_ISDIR(st.st_mode))
		return take_folder(w, err);
	if (S_ISLNK(st.st_mode))
		return take_link(w, err);
	if (S_ISREG(st.st_mode))
		return w->fn(w->ctx, w->path, BAG_ENTRY_FILE,
		    (uint64_t)st.st_size, err);
	if (strncmp(w->path, "data/", 5) == 0)
		tell(w, DSR_F_BAGIT_NOT_FILE, "a device, pipe or socket");
	return 0;
}

static DIR *
open_folder(struct walk *w, const char *path)
{
	int fd = dsr_open_below(w->root, path, O_RDONLY | O_DIRECTORY, false);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (dir == NULL && fd >= 0)
		(void)close(fd);
	return dir;
}

static int
list_folder(struct walk *w, const char *path, struct dsr_error *err)
{
	DIR *dir = open_folder(w, path);
	struct dirent *entry;
	int rc = -1;

	if (dir == NULL) {
		if (path[0] == '\0' || errno == ENOMEM)
			return dsr_fail_sys(err, "the folder");
		dsr_findings_add(w->findings, DSR_F_BAGIT_UNREADABLE, path,
		    NULL, "%s", strerror(errno));
		return 0;
	}
	while ((errno = 0, entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (take_entry(w, dirfd(dir), path, entry->d_name, err) != 0)
			goto out;
	}
	if (errno != 0)
		dsr_findings_add(w->findings, DSR_F_BAGIT_UNREADABLE, path,
		    NULL, "%s", strerror(errno));
	rc = 0;
out:
	(void)closedir(dir);
	return rc;
}

/* The path that was put there last, into path; it is taken away. */
static void
pop(struct walk *w, char path[DSR_MAX_BAG_PATH + 1])
{
	const char *names = (const char *)w->pending.data;
	size_t start = w->pending.len - 1;

	while (start > 0 && names[start - 1] != '\0')
		start--;
	(void)snprintf(path, DSR_MAX_BAG_PATH + 1, "%s", names + start);
	w->pending.len = start;
}

int
bag_walk(int root, bag_entry_fn *fn, void *ctx, struct dsr_findings *findings,
    struct dsr_error *err)
{
	char path[DSR_MAX_BAG_PATH + 1] = "";
	struct walk w = { .root = root, .fn = fn, .ctx = ctx,
		.findings = findings };
	int rc;

	dsr_buffer_init(&w.pending, DSR_MAX_BAG_NAMES);
	rc = list_folder(&w, path, err);
	while (rc == 0 && w.pending.len > 0) {
		pop(&w, path);
		rc = list_folder(&w, path, err);
	}
	dsr_buffer_fini(&w.pending);
	return rc;
}
