/* SPDX-License-Identifier: ISC */
/* What every verb of the verifier opens before it parses anything. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verifier.h"

int
input_open(const char *path, int *fd, struct dsr_error *err)
{
	struct stat st;

	*fd = -1;
	if (strcmp(path, "-") == 0) {
		*fd = dup(STDIN_FILENO);
		return *fd < 0 ? dsr_fail_sys(err, "stdin") : 0;
	}
	/* not to hang at a FIFO that nobody writes to */
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (*fd < 0 || fstat(*fd, &st) != 0)
		return dsr_fail_sys(err, "%s", path);
	if (S_ISREG(st.st_mode))
		return 0;
	(void)close(*fd);
	*fd = -1;
	return dsr_fail(err, DSR_EFORMAT,
	    "%s: wanted a regular file (or - for stdin), found %s", path,
	    S_ISDIR(st.st_mode) ? "a folder" : "something else");
}

int
keys_open(struct dsr_age_identities **out, const char *identity_file,
    const char *passphrase_file, struct dsr_error *err)
{
	*out = NULL;
	if (identity_file == NULL && passphrase_file == NULL)
		return 0;
	return dsr_age_identities_new(out, identity_file, passphrase_file,
	    err);
}

int
output_folder_open(const char *path, int *fd, struct dsr_error *err)
{
	size_t len = strlen(path);
	char *folder;

	*fd = -1;
	while (len > 1 && path[len - 1] == '/')
		len--;
	while (len > 0 && path[len - 1] != '/')
		len--;
	folder = len == 0 ? strdup(".") : strndup(path, len);
	if (folder == NULL)
		return dsr_fail(err, DSR_ENOMEM, "output");
	*fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0)
		(void)dsr_fail_sys(err, "%s", folder);
	free(folder);
	return *fd < 0 ? -1 : 0;
}

int
trust_open(struct dsr_trust **out, const struct dsr_texts *given,
    struct dsr_error *err)
{
	size_t i;

	if (dsr_trust_new(out, err) != 0)
		return -1;
	for (i = 0; i < given->count; i++)
		if (dsr_trust_add(*out, given->items[i], err) != 0)
			return -1;
	return given->count > 0 ? 0 : dsr_trust_add_defaults(*out, err);
}

int
roots_open(struct dsr_roots **out, const struct dsr_texts *files,
    struct dsr_error *err)
{
	size_t i;

	if (dsr_roots_new(out, err) != 0)
		return -1;
	for (i = 0; i < files->count; i++)
		if (dsr_roots_read(*out, files->items[i], err) != 0)
			return -1;
	return 0;
}
