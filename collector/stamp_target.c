/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dossier/bag.h"
#include "dossier/file.h"
#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/zip_tail.h"
#include "stamp.h"

#define FOLDER "signatures/"

struct stamp_target {
	char *path; /* without symbolic links */
	int fd;
	struct stat st;
	struct dsr_zip_tail *tail;
	const struct dsr_zip_entry *seal;
	char name[DSR_MAX_NAME + 1]; /* of the next stamp, with NAME/ */
	size_t top_len;              /* bytes of "NAME/" */
	bool is_first;
};

static const char *
below_top(const struct dsr_zip_entry *e)
{
	return strchr(e->name, '/') + 1;
}

/* FORMAT.md 5.6: seal, stamp, renewal-01 and so on, and nothing behind. */
static int
find_place(struct stamp_target *t, struct dsr_error *err)
{
	size_t i, stamps = 0;
	char wanted[64] = "";

	for (i = 0; i < dsr_zip_tail_count(t->tail); i++) {
		const struct dsr_zip_entry *e = dsr_zip_tail_entry(t->tail, i);
		const char *path = below_top(e);

		if (strcmp(path, dsr_member_path(DSR_MEMBER_SEAL)) == 0) {
			t->seal = e;
			t->top_len = (size_t)(path - e->name);
			(void)snprintf(wanted, sizeof(wanted), "%s",
			    dsr_member_path(DSR_MEMBER_STAMP));
		} else if (t->seal != NULL) {
			if (strcmp(path, wanted) != 0)
				return dsr_fail(err, DSR_EFORMAT,
				    "FORMAT.md 5.6: wanted %s, found %s",
				    wanted, path);
			(void)snprintf(wanted, sizeof(wanted), "%s%02zu.tsr",
			    dsr_member_path(DSR_MEMBER_RENEWAL), ++stamps);
		}
	}
	if (t->seal == NULL)
		return dsr_fail(err, DSR_EFORMAT, "it has no seal: only a "
		    "sealed archive can be stamped - FORMAT.md 5.1");
	if (stamps >= DSR_MAX_STAMPS)
		return dsr_fail(err, DSR_ELIMIT,
		    "it has %u time stamps already", DSR_MAX_STAMPS);
	t->is_first = stamps == 0;
	(void)snprintf(t->name, sizeof(t->name), "%.*s%s", (int)t->top_len,
	    t->seal->name, wanted);
	return 0;
}

static int
open_file(struct stamp_target *t, const char *path, struct dsr_error *err)
{
	/* a stamp belongs to the file, not to the link that leads to it */
	if ((t->path = realpath(path, NULL)) == NULL)
		return dsr_fail_sys(err, "%s", path);
	t->fd = open(t->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (t->fd < 0 || fstat(t->fd, &t->st) != 0)
		return dsr_fail_sys(err, "%s", path);
	if (!S_ISREG(t->st.st_mode))
		return dsr_fail(err, DSR_EFORMAT,
		    N_("%s: not a regular file"), path);
	if (flock(t->fd, LOCK_EX | LOCK_NB) != 0)
		return dsr_fail(err, DSR_EFAILED,
		    "%s: another program is stamping it", path);
	return 0;
}

int
stamp_target_open(struct stamp_target **out, const char *path,
    struct dsr_error *err)
{
	struct stamp_target *t = calloc(1, sizeof(*t));

	*out = NULL;
	if (t == NULL)
		return dsr_fail(err, DSR_ENOMEM, "%s", path);
	t->fd = -1;
	if (open_file(t, path, err) != 0) {
		stamp_target_free(t);
		return -1;
	}
	if (dsr_zip_tail_new(&t->tail, t->fd, FOLDER, err) != 0 ||
	    find_place(t, err) != 0) {
		stamp_target_free(t);
		return dsr_wrap(err, "%s", path);
	}
	*out = t;
	return 0;
}

void
stamp_target_free(struct stamp_target *t)
{
	if (t == NULL)
		return;
	if (t->fd >= 0)
		(void)close(t->fd); /* unlocks it, too */
	dsr_zip_tail_free(t->tail);
	free(t->path);
	free(t);
}

const char *
stamp_target_member(const struct stamp_target *t)
{
	return t->name + t->top_len;
}

int
stamp_target_imprint(const struct stamp_target *t, enum dsr_imprint_kind kind,
    struct dsr_imprint *out, struct dsr_error *err)
{
	struct dsr_buffer seal;
	int rc = -1;

	if (!t->is_first)
		return dsr_imprint_file(out, kind, t->fd,
		    dsr_zip_tail_offset(t->tail), err);
	dsr_buffer_init(&seal, DSR_MAX_ATTESTATION);
	if (dsr_zip_tail_read(t->tail, t->seal, &seal, err) == 0)
		rc = dsr_imprint_data(out, kind, seal.data, seal.len, err);
	dsr_buffer_fini(&seal);
	return rc;
}

/* Still the file that was read, under the name that it had? */
static int
check_unchanged(const struct stamp_target *t, struct dsr_error *err)
{
	struct stat now;

	if (stat(t->path, &now) != 0)
		return dsr_fail_sys(err, "%s", t->path);
	if (now.st_dev != t->st.st_dev || now.st_ino != t->st.st_ino ||
	    now.st_size != t->st.st_size ||
	    now.st_mtim.tv_sec != t->st.st_mtim.tv_sec ||
	    now.st_mtim.tv_nsec != t->st.st_mtim.tv_nsec)
		return dsr_fail(err, DSR_EFAILED,
		    "%s: it was changed by another program", t->path);
	return 0;
}

/* The new file belongs to whom the old one does, as far as that is allowed. */
static void
keep_owner(const struct stamp_target *t, int fd)
{
	if (fchown(fd, t->st.st_uid, t->st.st_gid) == 0)
		(void)fchmod(fd, t->st.st_mode & 07777);
}

int
stamp_target_add(struct stamp_target *t, const struct dsr_buffer *stamp,
    struct dsr_error *err)
{
	struct dsr_outfile *file = NULL;
	int rc = -1;

	if (dsr_outfile_new(&file, t->path, true, err) != 0)
		return -1;
	if (dsr_file_copy_start(dsr_outfile_fd(file), t->fd,
		dsr_zip_tail_offset(t->tail), err) != 0 ||
	    dsr_zip_tail_write(t->tail, dsr_outfile_fd(file), t->name,
		stamp->data, stamp->len, err) != 0)
		goto out;
	keep_owner(t, dsr_outfile_fd(file));
	if (check_unchanged(t, err) == 0)
		rc = dsr_outfile_commit(file, err);
out:
	dsr_outfile_free(file);
	return rc;
}
