/* SPDX-License-Identifier: ISC */
#include "dossier/reason.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "dossier/language.h"

/* What people meet, in the words of libc, translated without its locales. */
static const struct {
	int sys;
	const char *text;
} reasons[] = {
	{ EACCES, N_("Permission denied") },
	{ EBUSY, N_("Device or resource busy") },
	{ EDQUOT, N_("Disk quota exceeded") },
	{ EEXIST, N_("File exists") },
	{ EFBIG, N_("File too large") },
	{ EINVAL, N_("Invalid argument") },
	{ EIO, N_("Input/output error") },
	{ EISDIR, N_("Is a directory") },
	{ ELOOP, N_("Too many levels of symbolic links") },
	{ EMFILE, N_("Too many open files") },
	{ ENAMETOOLONG, N_("File name too long") },
	{ ENOENT, N_("No such file or directory") },
	{ ENOMEM, N_("Cannot allocate memory") },
	{ ENOSPC, N_("No space left on device") },
	{ ENOTDIR, N_("Not a directory") },
	{ EPERM, N_("Operation not permitted") },
	{ EPIPE, N_("Broken pipe") },
	{ EROFS, N_("Read-only file system") },
};

const char *
dsr_reason(int sys)
{
	const char *text;
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].sys == sys)
			return reasons[i].text;
	text = strerrordesc_np(sys);
	return text != NULL ? text : "unknown error of the system";
}
