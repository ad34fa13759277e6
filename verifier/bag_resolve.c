/* SPDX-License-Identifier: ISC */
/* From the paths that tag files write to the files that they mean. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bag_check.h"
#include "bag_path.h"
#include "dossier/file.h"

static void
tell_place(struct bag_check *b, enum dsr_finding_id id, const char *path,
    const struct bag_place *place)
{
	dsr_findings_add(b->findings, id, path, NULL, "%s, line %" PRIu64,
	    place->member, place->line);
}

/* What the walk did not find: behind a link to a folder, or nothing. */
static int
look_behind_links(struct bag_check *b, const struct bag_place *place,
    const char *path, size_t *index, struct dsr_error *err)
{
	int fd = dsr_open_below(b->root, path, O_PATH, true);
	int saved = errno;
	struct stat st;
	bool known = fd >= 0 && fstat(fd, &st) == 0;

	if (fd >= 0)
		(void)close(fd);
	if (known && S_ISREG(st.st_mode)) {
		tell_place(b, DSR_F_BAGIT_LINK, path, place);
		return bag_files_add(b->files, path, (uint64_t)st.st_size,
		    index, err);
	}
	if (known)
		tell_place(b, DSR_F_BAGIT_NOT_FILE, path, place);
	else if (saved == EXDEV || saved == ELOOP)
		tell_place(b, DSR_F_BAGIT_UNSAFE, path, place);
	else
		tell_place(b, DSR_F_BAG_MISSING, path, place);
	return 0;
}

/* As written, decoded (since 1.0); on a miss undecoded, then normalized. */
static int
find(struct bag_check *b, const struct bag_place *place, const char *written,
    char *path, size_t *index, struct dsr_error *err)
{
	bool left = b->version >= BAG_1_0 && bag_path_decode(path);
	size_t len = strlen(written);

	*index = bag_files_find(b->files, path);
	if (*index == BAG_NONE && strcmp(path, written) != 0) {
		*index = bag_files_find(b->files, written);
		left = *index != BAG_NONE;
		if (left)
			memcpy(path, written, len + 1);
	}
	if (*index != BAG_NONE) {
		if (left)
			tell_place(b, DSR_F_BAGIT_PERCENT, path, place);
		return 0;
	}
	if (bag_files_find_normal(b->files, path, index, err) != 0)
		return -1;
	if (*index == BAG_NONE)
		return look_behind_links(b, place, path, index, err);
	tell_place(b, DSR_F_BAGIT_NORMAL, path, place);
	return 0;
}

int
bag_resolve(struct bag_check *b, const struct bag_place *place, char *path,
    size_t *index, struct dsr_error *err)
{
	char written[DSR_MAX_BAG_PATH + 1];
	size_t len;

	*index = BAG_NONE;
	if (bag_path_is_unsafe(path)) {
		tell_place(b, DSR_F_BAGIT_UNSAFE, path, place);
		return 0;
	}
	if (bag_path_shorten(path))
		bag_tell_once(b, BAG_ONCE_FORM, DSR_F_BAGIT_PATH_FORM,
		    place->member, path);
	if ((len = strlen(path)) > DSR_MAX_BAG_PATH) {
		tell_place(b, DSR_F_BAG_LIMIT, path, place);
		return 0;
	}
	memcpy(written, path, len + 1);
	return find(b, place, written, path, index, err);
}
