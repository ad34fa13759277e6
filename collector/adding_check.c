/* SPDX-License-Identifier: ISC */
/* What can be said of dossier add before anything is opened. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "adding.h"
#include "dossier/limits.h"
#include "dossier/text.h"

static int
check_text(const char *option, const char *text, size_t max,
    struct dsr_error *err)
{
	size_t len = text == NULL ? 1 : strlen(text);

	if (text == NULL)
		return 0;
	if (len == 0 || len > max || !dsr_utf8_is_valid(text, len) ||
	    strspn(text, " \t\r\n") == len)
		return dsr_fail(err, DSR_EUSAGE,
		    "%s wants a text of 1 to %zu bytes, in UTF-8", option,
		    max);
	return 0;
}

static int
check_category(const char *category, struct dsr_error *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t len = category == NULL ? 0 : strlen(category);

	if (category == NULL ||
	    (len > 0 && len <= DSR_MAX_CATEGORY &&
	        strspn(category, letters) == len &&
	        dsr_segment_is_safe(category, len)))
		return 0;
	return dsr_fail(err, DSR_EUSAGE,
	    "--category wants a word of a to z, 0 to 9 and '-', at most %u",
	    DSR_MAX_CATEGORY);
}

/* Is everything there, and none of it a part of the case itself? */
static int
check_paths(const struct adding_options *o, struct dsr_error *err)
{
	char *store = realpath(o->case_path, NULL), *path = NULL;
	size_t len = store == NULL ? 0 : strlen(store);
	struct stat st;
	int rc = -1;

	for (size_t i = 0; i < o->count; i++) {
		free(path);
		if (lstat(o->paths[i], &st) != 0) {
			(void)dsr_fail_sys(err, "%s", o->paths[i]);
			path = NULL;
			goto out;
		}
		path = realpath(o->paths[i], NULL);
		if (store != NULL && path != NULL &&
		    strncmp(path, store, len) == 0 &&
		    (path[len] == '/' || path[len] == '\0')) {
			(void)dsr_fail(err, DSR_EUSAGE,
			    "%s is a part of the case", o->paths[i]);
			goto out;
		}
	}
	rc = 0;
out:
	free(path);
	free(store);
	return rc;
}

int
adding_check(const struct adding_options *o, struct dsr_error *err)
{
	if (o->source == NULL)
		return dsr_fail(err, DSR_EUSAGE,
		    "--source is missing: where are the documents from?");
	if (check_text("--source", o->source, DSR_MAX_SOURCE, err) != 0 ||
	    check_text("--by", o->by, DSR_MAX_PERSON, err) != 0 ||
	    check_category(o->category, err) != 0)
		return -1;
	return check_paths(o, err);
}
