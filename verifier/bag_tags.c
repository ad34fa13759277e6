/* SPDX-License-Identifier: ISC */
/* bagit.txt and bag-info.txt: RFC 8493 sections 2.1.1 and 2.2.2. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bag_check.h"
#include "dossier/text.h"

/* ---- bagit.txt ------------------------------------------------------------------ */

#define VERSION     "BagIt-Version: "
#define ENCODING    "Tag-File-Character-Encoding: "

static void
tell_declaration(struct bag_check *b, const char *found)
{
	dsr_findings_add(b->findings, DSR_F_BAG_DECLARATION, BAG_DECLARATION,
	    VERSION "M.N, " ENCODING "NAME", "%s", found);
}

/* M.N; 0.93 to 0.97 and 1.0 are those that were ever published. */
static void
take_version(struct bag_check *b, const char *s)
{
	static const struct {
		const char *name;
		unsigned int version;
	} known[] = { { "1.0", BAG_1_0 }, { "0.97", 97 }, { "0.96", 96 },
		{ "0.95", 95 }, { "0.94", 94 }, { "0.93", 93 } };
	size_t major = strspn(s, "0123456789"), minor, i;

	minor = s[major] == '.' ? strspn(s + major + 1, "0123456789") : 0;
	if (major == 0 || minor == 0 || s[major + 1 + minor] != '\0') {
		tell_declaration(b, s);
		return;
	}
	(void)snprintf(b->result->version, sizeof(b->result->version), "%s",
	    s);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, s) == 0) {
			b->version = known[i].version;
			return;
		}
	dsr_findings_add(b->findings, DSR_F_BAGIT_VERSION, BAG_DECLARATION,
	    "0.93 to 0.97 or 1.0", "%s", s);
}

static void
take_encoding(struct bag_check *b, const char *s)
{
	const struct bag_encoding *encoding = bag_encoding_find(s);

	if (s[0] == '\0' || strpbrk(s, " \t") != NULL) {
		tell_declaration(b, s);
		return;
	}
	if (encoding == NULL) {
		dsr_findings_add(b->findings, DSR_F_BAGIT_ENCODING,
		    BAG_DECLARATION, BAG_ENCODINGS, "%s", s);
		return;
	}
	b->encoding = encoding;
	(void)snprintf(b->result->encoding, sizeof(b->result->encoding), "%s",
	    encoding->name);
}

/* Exactly these two lines in this order, in every version. */
static int
take_declaration(struct bag_check *b, void *ctx, char *line, uint64_t number,
    struct dsr_error *err)
{
	uint64_t *lines = ctx;

	(void)err;
	*lines = number;
	if (number == 1 && strncmp(line, VERSION, strlen(VERSION)) == 0)
		take_version(b, line + strlen(VERSION));
	else if (number == 2 && strncmp(line, ENCODING, strlen(ENCODING)) == 0)
		take_encoding(b, line + strlen(ENCODING));
	else if (number <= 3)
		tell_declaration(b, line);
	return 0;
}

int
bag_declaration_check(struct bag_check *b, struct dsr_error *err)
{
	uint64_t lines = 0;
	int there = bag_lines(b, BAG_DECLARATION, b->encoding, take_declaration,
	    &lines, err);

	if (there < 0)
		return -1;
	if (there == 0)
		tell_declaration(b, "no such file");
	else if (lines < 2)
		tell_declaration(b, "less than two lines");
	return 0;
}

/* ---- bag-info.txt ------------------------------------------------------------------ */

/* Labels that should stand once: since 1.0 */
static const char *const singles[] = { "Bagging-Date", "Bag-Size",
	"Bag-Group-Identifier", "Bag-Count" };
#define SINGLES (sizeof(singles) / sizeof(singles[0]))

struct info {
	const char *member;
	unsigned int times[SINGLES];
	unsigned int oxums;
};

static void
check_oxum(struct bag_check *b, const struct info *info, const char *value)
{
	const char *dot = strchr(value, '.');
	uint64_t bytes = 0, files = 0;

	if (dot == NULL ||
	    !dsr_parse_u64(value, (size_t)(dot - value), UINT64_MAX, &bytes) ||
	    !dsr_parse_u64(dot + 1, strlen(dot + 1), UINT64_MAX, &files) ||
	    bytes != b->result->bytes || files != b->result->files) {
		char found[64];

		(void)snprintf(found, sizeof(found), "%" PRIu64 ".%" PRIu64,
		    b->result->bytes, b->result->files);
		dsr_findings_add(b->findings, DSR_F_BAGIT_OXUM, info->member,
		    value, "%s", found);
	}
}

static void
take_element(struct bag_check *b, struct info *info, const char *label,
    const char *value)
{
	size_t i;

	if (strcasecmp(label, "Payload-Oxum") == 0) {
		check_oxum(b, info, value);
		if (++info->oxums == 2)
			bag_tell_rule(b, DSR_F_BAGIT_OXUM, info->member,
			    "Payload-Oxum, more than once");
	}
	for (i = 0; i < SINGLES && b->version >= BAG_1_0; i++)
		if (strcasecmp(label, singles[i]) == 0 &&
		    ++info->times[i] == 2)
			dsr_findings_add(b->findings, DSR_F_BAGIT_REPEATED,
			    info->member, NULL, "%s", label);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Parts "label: value" in two; NULL when it is not of that form. Before 1.0
 * there may be any blanks around the colon.
 */
static char *
split_element(const struct bag_check *b, char *line)
{
	char *colon = strchr(line, ':'), *value, *end;

	if (colon == NULL || colon == line)
		return NULL;
	value = colon + 1;
	end = colon;
	if (b->version < BAG_1_0) {
		while (end > line && is_blank(end[-1]))
			end--;
		value += strspn(value, " \t");
	} else if (is_blank(end[-1]) || !is_blank(*value++)) {
		return NULL;
	}
	*end = '\0';
	return end == line ? NULL : value;
}

static int
take_info(struct bag_check *b, void *ctx, char *line, uint64_t number,
    struct dsr_error *err)
{
	struct info *info = ctx;
	char found[200];
	char *value;

	(void)err;
	if (is_blank(line[0]) && number > 1)
		return 0; /* the value of the line before goes on */
	if (line[0] == '\0') {
		bag_tell_rule(b, DSR_F_BAGIT_METADATA, info->member,
		    "an empty line");
		return 0;
	}
	(void)snprintf(found, sizeof(found), "line %" PRIu64 ": %.150s",
	    number, line);
	if (is_blank(line[0]) || (value = split_element(b, line)) == NULL)
		dsr_findings_add(b->findings, DSR_F_BAGIT_METADATA,
		    info->member, "<label>: <value>", "%s", found);
	else
		take_element(b, info, line, value);
	return 0;
}

int
bag_info_check(struct bag_check *b, struct dsr_error *err)
{
	struct info info;
	int there;

	memset(&info, 0, sizeof(info));
	info.member = "bag-info.txt";
	there = bag_lines(b, info.member, b->encoding, take_info, &info, err);
	if (there == 0 && b->version < 97) { /* its name up to 0.95 */
		info.member = "package-info.txt";
		there = bag_lines(b, info.member, b->encoding, take_info,
		    &info, err);
	}
	return there < 0 ? -1 : 0;
}
