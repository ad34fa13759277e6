/* SPDX-License-Identifier: ISC */
/* Where the text of a connector lies: a file, or one of those that ship. */
#include "connector.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/file.h"
#include "dossier/language.h"
#include "dossier/nearest.h"

#define SUFFIX     ".json"
#define SUFFIX_LEN (sizeof(SUFFIX) - 1)
#define MAX_NAMES  256 /* that a wrong one is compared with */

static bool
is_file_name(const char *word)
{
	size_t len = strlen(word);

	return len > SUFFIX_LEN &&
	    strcmp(word + len - SUFFIX_LEN, SUFFIX) == 0;
}

static const char *const *
connector_folders(void)
{
	static char beside[4096];
	static const char *folders[3];
	ssize_t len =
	    readlink("/proc/self/exe", beside, sizeof(beside) - 64);
	char *end;
	size_t count = 0;

	if (len > 0) {
		/* BUILD/bin/PROGRAM in the source tree, where BUILD may be
		 * some folders deep: the nearest one that has connectors */
		beside[len] = '\0';
		while ((end = strrchr(beside, '/')) != NULL) {
			(void)snprintf(end, sizeof(beside) - (size_t)(end -
			    beside), "/collector/connectors");
			if (access(beside, R_OK | X_OK) == 0) {
				folders[count++] = beside;
				break;
			}
			*end = '\0';
		}
	}
	folders[count++] = DSR_DATADIR "/dossier/connectors";
	folders[count] = NULL;
	return folders;
}

/* Reads the file of one that ships; 1, 0 when it is not in the folder, -1. */
static int
read_from(const char *folder, const char *name, char *path, size_t size,
    struct dsr_buffer *text, struct dsr_error *err)
{
	if (snprintf(path, size, "%s/%s.json", folder, name) >= (int)size)
		return 0;
	if (access(path, F_OK) != 0)
		return 0;
	return dsr_file_read(text, path, err) == 0 ? 1 : -1;
}

static int
is_connector(const struct dirent *entry)
{
	return is_file_name(entry->d_name);
}

char **
connector_names(size_t *count)
{
	const char *const *folder = connector_folders();
	struct dirent **entries = NULL;
	char **names = NULL;
	int found = -1;

	*count = 0;
	/* the first folder that is there: source tree, else installed */
	for (; *folder != NULL && found < 0; folder++)
		found = scandir(*folder, &entries, is_connector, alphasort);
	if (found > 0)
		names = calloc((size_t)found, sizeof(*names));
	for (int i = 0; i < found; i++) {
		if (names != NULL &&
		    (names[*count] = strndup(entries[i]->d_name,
		         strlen(entries[i]->d_name) - SUFFIX_LEN)) != NULL)
			++*count;
		free(entries[i]);
	}
	free(entries);
	return names;
}

void
connector_names_free(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

/* Says what may have been meant. */
static int
fail_unknown(const char *word, struct dsr_error *err)
{
	const char *const *known, *near;
	char **names;
	size_t count;

	if (access(word, F_OK) == 0)
		return dsr_fail(err, DSR_EINPUT, N_("there is no connector "
		    "%s; a file is named with its folder: ./%s"), word, word);
	names = connector_names(&count);
	known = (const char *const *)names;
	near = dsr_nearest(word, known, count < MAX_NAMES ? count : MAX_NAMES);
	if (near != NULL)
		dsr_fail(err, DSR_EINPUT, N_("there is no connector %s: did "
		    "you mean %s? dossier connector list tells all"), word,
		    near);
	else
		dsr_fail(err, DSR_EINPUT, N_("there is no connector %s; see "
		    "dossier connector list"), word);
	connector_names_free(names, count);
	return -1;
}

int
connector_open(const char *word, char *path, size_t size,
    struct dsr_buffer *text, struct dsr_error *err)
{
	const char *const *folder = connector_folders();
	int got = 0;

	if (strchr(word, '/') != NULL || is_file_name(word)) {
		(void)snprintf(path, size, "%s", word);
		return dsr_file_read(text, word, err);
	}
	for (; *folder != NULL && got == 0; folder++)
		got = read_from(*folder, word, path, size, text, err);
	if (got == 0)
		return fail_unknown(word, err);
	return got < 0 ? -1 : 0;
}
