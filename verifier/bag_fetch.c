/* SPDX-License-Identifier: ISC */
/*
 * fetch.txt: RFC 8493 section 2.2.3. Nothing is ever fetched: a bag is valid
 * when everything that fetch.txt names is there already.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "bag_check.h"
#include "bag_path.h"
#include "dossier/text.h"

static const char member[] = "fetch.txt";

/* An absolute URI begins with a scheme: RFC 3986 section 3.1. */
static bool
is_absolute(const char *url)
{
	size_t i;

	if (!isalpha((unsigned char)url[0]))
		return false;
	for (i = 1; url[i] != '\0' && url[i] != ':'; i++)
		if (!isalnum((unsigned char)url[i]) &&
		    strchr("+-.", url[i]) == NULL)
			return false;
	return url[i] == ':' && url[i + 1] != '\0';
}

/* Ends the word at s; what follows the blanks behind it, NULL without. */
static char *
cut_word(char *s)
{
	char *end = s + strcspn(s, " \t");
	size_t blanks = strspn(end, " \t");

	if (end == s || blanks == 0 || end[blanks] == '\0')
		return NULL;
	*end = '\0';
	return end + blanks;
}

static void
tell(struct bag_check *b, uint64_t number, const char *found)
{
	dsr_findings_add(b->findings, DSR_F_BAGIT_FETCH, member,
	    "<url> <length> <path>", "line %" PRIu64 ": %.200s", number,
	    found);
}

static void
check_file(struct bag_check *b, size_t file, const char *length)
{
	const struct bag_file *f = bag_files_get(b->files, file);
	const char *path = bag_files_path(b->files, file);
	uint64_t bytes = 0;
	size_t i;

	for (i = 0; i < b->manifest_count; i++)
		if (!b->manifests[i].tag && (f->listed >> i & 1) == 0)
			bag_tell_rule(b, DSR_F_BAGIT_FETCH, path,
			    "a payload manifest does not list it");
	if (dsr_parse_u64(length, strlen(length), UINT64_MAX, &bytes) &&
	    bytes != f->size)
		dsr_findings_add(b->findings, DSR_F_BAGIT_FETCH_LENGTH, path,
		    length, "%" PRIu64, f->size);
}

static int
take_line(struct bag_check *b, void *ctx, char *line, uint64_t number,
    struct dsr_error *err)
{
	const struct bag_place place = { member, number };
	char *length = cut_word(line);
	char *path = length == NULL ? NULL : cut_word(length);
	size_t file = BAG_NONE;

	(void)ctx;
	if (line[0] == '\0') {
		bag_tell_rule(b, DSR_F_BAGIT_FETCH, member, "an empty line");
		return 0;
	}
	if (path == NULL || !is_absolute(line) ||
	    (strcmp(length, "-") != 0 &&
		strspn(length, "0123456789") != strlen(length))) {
		tell(b, number, line);
		return 0;
	}
	if (strncmp(path, "data/", 5) != 0 && !bag_path_is_unsafe(path)) {
		/* older texts do not say that it must be payload */
		bag_tell_rule(b, DSR_F_BAGIT_FETCH, member, path);
		return 0;
	}
	if (bag_resolve(b, &place, path, &file, err) != 0)
		return -1;
	if (file != BAG_NONE)
		check_file(b, file, length);
	return 0;
}

int
bag_fetch_check(struct bag_check *b, struct dsr_error *err)
{
	return bag_lines(b, member, b->encoding, take_line, NULL, err) < 0 ? -1
									   : 0;
}
