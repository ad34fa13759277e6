/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dossier/file.h"

#define PIECE    1048576u
#define MAX_ONCE 0x40000000u /* bytes asked of the kernel at one time */

/* Shares all blocks and cuts the rest off: Btrfs, XFS, bcachefs. */
static bool
clone_start(int to, int from, uint64_t len)
{
	struct stat st;

	return ioctl(to, FICLONE, from) == 0 && fstat(to, &st) == 0 &&
	    (uint64_t)st.st_size >= len && ftruncate(to, (off_t)len) == 0;
}

/* In the kernel; *at is how far it came. */
static void
copy_in_kernel(int to, int from, uint64_t *at, uint64_t len)
{
	off_t in = (off_t)*at, out = (off_t)*at;
	size_t want;
	ssize_t n;

	while (*at < len) {
		want = len - *at < MAX_ONCE ? (size_t)(len - *at) : MAX_ONCE;
		n = copy_file_range(from, &in, to, &out, want, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) /* what it cannot do is done by hand */
			return;
		*at += (uint64_t)n;
	}
}

static int
copy_by_hand(int to, int from, uint64_t at, uint64_t len,
    struct dsr_error *err)
{
	char *piece = malloc(PIECE);
	ssize_t n;
	int rc = -1;

	if (piece == NULL)
		return dsr_fail(err, DSR_ENOMEM, "copying");
	if (lseek(to, (off_t)at, SEEK_SET) < 0) {
		dsr_fail_sys(err, "copying");
		goto out;
	}
	while (at < len) {
		n = pread(from, piece, len - at < PIECE ? (size_t)(len - at)
							: PIECE, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (n < 0)
				dsr_fail_sys(err, "copying");
			else
				dsr_fail(err, DSR_EIO,
				    "the file became shorter");
			goto out;
		}
		if (dsr_write_all(to, piece, (size_t)n, err) != 0)
			goto out;
		at += (uint64_t)n;
	}
	rc = 0;
out:
	free(piece);
	return rc;
}

int
dsr_file_copy_start(int to, int from, uint64_t len, struct dsr_error *err)
{
	uint64_t at = 0;

	if (clone_start(to, from, len))
		return 0;
	copy_in_kernel(to, from, &at, len);
	return at == len ? 0 : copy_by_hand(to, from, at, len, err);
}
