/* SPDX-License-Identifier: ISC */
/*
 * The one order maps A-Z to a-z and '/' to 0x00, so a walk that sorts each
 * folder's entries by their mapped names meets the files in the order in which
 * they stand in the archive; folders that differ in case only are walked as
 * one. Memory holds the entries of the folders on the way down, never the
 * whole tree.
 */
#include "listing_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/buffer.h"
#include "dossier/limits.h"
#include "dossier/name.h"

#define MAX_LISTING 0x40000000u /* bytes of the names of one folder */
#define MAX_PARENTS 65535u      /* folders that differ in case only */
#define RENAMED     "renamed"   /* the top folder that is ours */

/* One entry of a folder; small, for there may be a million of them. */
struct name {
	uint32_t base;  /* offset in frame.bases */
	uint32_t size;  /* bytes of a file, or UINT32_MAX */
	uint16_t len;   /* bytes of the name */
	uint16_t parent; /* which of frame.parents */
	uint8_t folder;
	uint8_t reason; /* enum listing_reason: a gap */
};

/* A folder on the way down, or several that differ in case only. */
struct frame {
	char **parents; /* their paths */
	size_t parent_count;
	struct dsr_buffer bases;
	struct name *names;
	size_t count, cap;
	size_t next;  /* name to look at */
	bool renamed; /* everything below breaks a rule */
};

struct walk {
	struct listing_spools *out;
	int root;
	size_t prefix_len;
	const struct stat *leave_out;
	struct frame *frames;
	size_t depth, cap;
};

static const char *
base_of(const struct frame *fr, const struct name *n)
{
	return (const char *)fr->bases.data + n->base;
}

/* The whole path of a name; cut off when it is longer than the system's. */
static void
path_of(char path[LISTING_MAX_PATH + 1], const struct frame *fr,
    const struct name *n)
{
	const char *parent = fr->parents[n->parent];

	(void)snprintf(path, LISTING_MAX_PATH + 1, "%s%s%s", parent,
	    parent[0] == '\0' ? "" : "/", base_of(fr, n));
}

static int
compare_mapped(const struct frame *fr, const struct name *x,
    const struct name *y)
{
	return dsr_name_compare(base_of(fr, x), x->len, base_of(fr, y),
	    y->len);
}

/*
 * By mapped name, then by the bytes of the whole path. (The parents are of
 * equal length: they differ in case only.)
 */
static int
compare_names(const void *a, const void *b, void *ctx)
{
	const struct frame *fr = ctx;
	const struct name *x = a, *y = b;
	int order = compare_mapped(fr, x, y);

	if (order == 0)
		order = strcmp(fr->parents[x->parent], fr->parents[y->parent]);
	return order != 0 ? order : strcmp(base_of(fr, x), base_of(fr, y));
}

static int
put_row(struct dsr_spool *spool, const char *path, uint64_t size,
    enum listing_reason reason, struct dsr_error *err)
{
	struct listing_row row;

	memset(&row, 0, sizeof(row)); /* its padding goes to disk, too */
	row.size = size;
	row.len = (uint32_t)strlen(path);
	row.reason = reason;
	if (dsr_spool_write(spool, &row, sizeof(row), err) != 0)
		return -1;
	return dsr_spool_write(spool, path, row.len, err);
}

static int
put_gap(struct walk *w, const char *path, enum listing_reason reason,
    struct dsr_error *err)
{
	return put_row(w->out->files, path, 0, reason, err);
}

static struct name *
new_name(struct frame *fr, const char *base, struct dsr_error *err)
{
	struct name *grown, *n;
	size_t cap, len = strlen(base);

	if (fr->count == fr->cap) {
		cap = fr->cap == 0 ? 64 : fr->cap * 2;
		grown = reallocarray(fr->names, cap, sizeof(*grown));
		if (grown == NULL) {
			dsr_fail(err, DSR_ENOMEM, "list of a folder");
			return NULL;
		}
		fr->names = grown;
		fr->cap = cap;
	}
	n = &fr->names[fr->count];
	memset(n, 0, sizeof(*n));
	n->base = (uint32_t)fr->bases.len;
	n->len = (uint16_t)len;
	n->parent = (uint16_t)(fr->parent_count - 1);
	if (dsr_buffer_append(&fr->bases, base, len + 1, err) != 0)
		return NULL;
	fr->count++;
	return n;
}

enum listing_reason
listing_reason_of(const struct stat *st)
{
	if (S_ISREG(st->st_mode) || S_ISDIR(st->st_mode))
		return LISTING_NONE;
	if (S_ISLNK(st->st_mode))
		return LISTING_LINK;
	if (S_ISSOCK(st->st_mode))
		return LISTING_SOCKET;
	if (S_ISFIFO(st->st_mode))
		return LISTING_FIFO;
	return LISTING_DEVICE;
}

static int
add_entry(struct walk *w, struct frame *fr, int dir, const char *base,
    struct dsr_error *err)
{
	const char *parent = fr->parents[fr->parent_count - 1];
	bool stated;
	struct stat st;
	struct name *n;

	stated = fstatat(dir, base, &st, AT_SYMLINK_NOFOLLOW) == 0;
	if (stated && st.st_dev == w->leave_out->st_dev &&
	    st.st_ino == w->leave_out->st_ino)
		return 0;
	if ((n = new_name(fr, base, err)) == NULL)
		return -1;
	if (!stated) {
		n->reason = LISTING_UNREADABLE;
		return 0;
	}
	n->reason = (uint8_t)(strlen(parent) + 1 + n->len > LISTING_MAX_PATH
	    ? LISTING_LONG
	    : listing_reason_of(&st));
	n->folder = S_ISDIR(st.st_mode);
	n->size = st.st_size > UINT32_MAX ? UINT32_MAX : (uint32_t)st.st_size;
	return 0;
}

static bool
is_dots(const char *base)
{
	return strcmp(base, ".") == 0 || strcmp(base, "..") == 0;
}

/* Adds the entries of the folder that was added last to fr->parents. */
static int
list_folder(struct walk *w, struct frame *fr, struct dsr_error *err)
{
	const char *path = fr->parents[fr->parent_count - 1];
	int fd = dsr_open_below(w->root, path, O_RDONLY | O_DIRECTORY, false);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool empty = true;
	int rc = -1;

	if (dir == NULL) {
		rc = errno == ENOMEM
		    ? dsr_fail(err, DSR_ENOMEM, "list of a folder")
		    : put_gap(w, path, LISTING_UNREADABLE, err);
		if (fd >= 0)
			(void)close(fd);
		return rc;
	}
	while ((errno = 0, entry = readdir(dir)) != NULL) {
		if (is_dots(entry->d_name))
			continue;
		empty = false;
		if (add_entry(w, fr, dirfd(dir), entry->d_name, err) != 0)
			goto out;
	}
	if (errno != 0 && put_gap(w, path, LISTING_UNREADABLE, err) != 0)
		goto out;
	rc = 0;
	if (empty && errno == 0 && path[0] != '\0') {
		w->out->empty_count++;
		rc = put_row(w->out->empty, path, 0, LISTING_NONE, err);
	}
out:
	(void)closedir(dir);
	return rc;
}

static struct frame *
push_frame(struct walk *w, bool renamed, size_t parents,
    struct dsr_error *err)
{
	struct frame *grown, *fr;
	size_t cap;

	if (w->depth == w->cap) {
		cap = w->cap == 0 ? 16 : w->cap * 2;
		grown = reallocarray(w->frames, cap, sizeof(*grown));
		if (grown == NULL)
			goto nomem;
		w->frames = grown;
		w->cap = cap;
	}
	fr = &w->frames[w->depth];
	memset(fr, 0, sizeof(*fr));
	if ((fr->parents = calloc(parents, sizeof(*fr->parents))) == NULL)
		goto nomem;
	dsr_buffer_init(&fr->bases, MAX_LISTING);
	fr->renamed = renamed;
	w->depth++;
	return fr;
nomem:
	dsr_fail(err, DSR_ENOMEM, "folders on the way down");
	return NULL;
}

static void
pop_frame(struct walk *w)
{
	struct frame *fr = &w->frames[--w->depth];

	while (fr->parent_count > 0)
		free(fr->parents[--fr->parent_count]);
	free(fr->parents);
	dsr_buffer_fini(&fr->bases);
	free(fr->names);
}

static int
add_parent(struct walk *w, struct frame *fr, const char *path,
    struct dsr_error *err)
{
	if ((fr->parents[fr->parent_count] = strdup(path)) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "path");
	fr->parent_count++;
	return list_folder(w, fr, err);
}

static void
sort_frame(struct frame *fr)
{
	if (fr->count > 0)
		qsort_r(fr->names, fr->count, sizeof(*fr->names),
		    compare_names, fr);
}

/*
 * Does the name break a rule, so that what bears it cannot keep its path? A
 * top folder or file that is called renamed gives way to ours.
 */
static bool
breaks_rule(const struct walk *w, const struct frame *fr,
    const struct name *n)
{
	const char *parent = fr->parents[n->parent], *base = base_of(fr, n);
	size_t depth = 4, i; /* NAME, data, files, and this one */
	size_t len = strlen(parent) + (parent[0] != '\0') + n->len;

	if (parent[0] == '\0' && strcasecmp(base, RENAMED) == 0)
		return true;
	for (i = 0; parent[i] != '\0'; i++)
		depth += parent[i] == '/';
	return w->prefix_len + len > DSR_MAX_NAME ||
	    depth + (parent[0] != '\0') > DSR_MAX_DEPTH ||
	    !dsr_segment_is_safe(base, n->len);
}

static int
put_file(struct walk *w, const struct frame *fr, const struct name *n,
    bool renamed, struct dsr_error *err)
{
	char path[LISTING_MAX_PATH + 1];

	path_of(path, fr, n);
	if (n->reason != LISTING_NONE)
		return put_gap(w, path, (enum listing_reason)n->reason, err);
	*(renamed ? &w->out->renamed_count : &w->out->file_count) += 1;
	return put_row(renamed ? w->out->renamed : w->out->files, path,
	    n->size, LISTING_NONE, err);
}

/* The names from fr->next on that are equal in the one order end here. */
static size_t
group_end(const struct frame *fr)
{
	size_t end = fr->next + 1;

	while (end < fr->count &&
	    compare_mapped(fr, &fr->names[fr->next], &fr->names[end]) == 0)
		end++;
	return end;
}

/* Lists the folders among names [from, to) as one new frame. */
static int
descend(struct walk *w, size_t from, size_t to, bool renamed,
    struct dsr_error *err)
{
	char path[LISTING_MAX_PATH + 1];
	size_t parent = w->depth - 1, i;
	struct frame *child = push_frame(w, renamed, to - from, err);
	const struct frame *fr = &w->frames[parent];

	if (child == NULL)
		return -1;
	if (to - from > MAX_PARENTS)
		return dsr_fail(err, DSR_ELIMIT,
		    "more than %u folders whose names differ in case only",
		    MAX_PARENTS);
	for (i = from; i < to; i++) {
		if (!fr->names[i].folder || fr->names[i].reason != LISTING_NONE)
			continue;
		path_of(path, fr, &fr->names[i]);
		if (add_parent(w, child, path, err) != 0)
			return -1;
	}
	sort_frame(child);
	return 0;
}

/*
 * Of several names that are equal in the one order the first in byte order
 * stays: a file alone, or the folders together. The others are renamed.
 */
static int
walk_group(struct walk *w, struct dsr_error *err)
{
	struct frame *fr = &w->frames[w->depth - 1];
	size_t from = fr->next, to = group_end(fr), folders = 0, i;
	bool renamed, taken = false, folders_stay = true;

	renamed = fr->renamed || breaks_rule(w, fr, &fr->names[from]);
	for (i = from; i < to; i++) {
		const struct name *n = &fr->names[i];

		if (n->folder && n->reason == LISTING_NONE) {
			folders++;
			taken = true;
			continue;
		}
		if (put_file(w, fr, n, renamed || taken, err) != 0)
			return -1;
		if (n->reason == LISTING_NONE && !taken) {
			taken = true;
			folders_stay = false;
		}
	}
	fr->next = to;
	return folders == 0 ? 0
	    : descend(w, from, to, renamed || !folders_stay, err);
}

int
dsr_listing_walk(struct listing_spools *out, int root, size_t prefix_len,
    const struct stat *leave_out, struct dsr_error *err)
{
	struct walk w = { out, root, prefix_len, leave_out, NULL, 0, 0 };
	struct frame *top = push_frame(&w, false, 1, err);
	int rc = -1;

	if (top == NULL || add_parent(&w, top, "", err) != 0)
		goto out;
	sort_frame(top);
	while (w.depth > 0) {
		top = &w.frames[w.depth - 1];
		if (top->next == top->count)
			pop_frame(&w);
		else if (walk_group(&w, err) != 0)
			goto out;
	}
	rc = 0;
out:
	while (w.depth > 0)
		pop_frame(&w);
	free(w.frames);
	return rc;
}
