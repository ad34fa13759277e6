/* SPDX-License-Identifier: ISC */
#include "dossier/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILE_MODE 0600 /* of what O_CREAT makes */

/*
 * The next segment of *path, "." when there is none. False with errno when it
 * would lead elsewhere.
 */
static bool
next_segment(const char **path, char segment[NAME_MAX + 1])
{
	size_t len;

	*path += strspn(*path, "/");
	len = strcspn(*path, "/");
	errno = len > NAME_MAX ? ENAMETOOLONG : EXDEV;
	if (len > NAME_MAX || (len == 2 && memcmp(*path, "..", 2) == 0))
		return false;
	(void)snprintf(segment, NAME_MAX + 1, "%.*s",
	    len == 0 ? 1 : (int)len, len == 0 ? "." : *path);
	*path += len;
	return true;
}

static void
close_quietly(int fd)
{
	int saved = errno;

	(void)close(fd);
	errno = saved;
}

/* Where openat2 is not there: one segment after the other, no links at all. */
static int
walk_below(int root, const char *path, int flags)
{
	char segment[NAME_MAX + 1];
	int at = root, next = -1;
	bool last = false;

	errno = EXDEV;
	if (path[0] == '/')
		return -1;
	while (!last && next_segment(&path, segment)) {
		last = path[strspn(path, "/")] == '\0';
		next = openat(at, segment, O_NOFOLLOW | O_CLOEXEC |
			(last ? flags : O_PATH | O_DIRECTORY), FILE_MODE);
		if (at != root)
			close_quietly(at);
		if (next < 0)
			return -1;
		at = next;
	}
	if (last)
		return next;
	if (at != root)
		close_quietly(at);
	return -1;
}

int
dsr_open_below(int root, const char *path, int flags, bool links)
{
	struct open_how how;
	long fd;

	if (path[0] == '\0')
		path = ".";
	memset(&how, 0, sizeof(how));
	how.flags = (uint64_t)(unsigned int)(flags | O_CLOEXEC |
	    (links ? 0 : O_NOFOLLOW));
	how.mode = (flags & O_CREAT) != 0 ? FILE_MODE : 0;
	how.resolve = RESOLVE_BENEATH | (links ? 0 : RESOLVE_NO_SYMLINKS);
	fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	if (fd < 0 && (errno == ENOSYS || errno == EPERM)) /* an old kernel */
		return walk_below(root, path, flags);
	return (int)fd;
}
