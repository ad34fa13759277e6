/* SPDX-License-Identifier: ISC */
/* Tag files against tagmanifest-sha256.txt: FORMAT.md 3.3. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dossier/text.h"

int
tag_add(struct check *c, const char *path, enum dsr_member_kind kind,
    const uint8_t sha256[DSR_SHA256_BYTES], struct dsr_error *err)
{
	struct tag_row *grown, *row;
	size_t cap;

	if (c->tag_count == DSR_MAX_TAG_MEMBERS) {
		dsr_findings_add(c->findings, DSR_F_BAG_LIMIT, path, NULL,
		    "more than %u tag files", DSR_MAX_TAG_MEMBERS);
		return 0;
	}
	if (c->tag_count == c->tag_cap) {
		cap = c->tag_cap == 0 ? 32 : c->tag_cap * 2;
		grown = reallocarray(c->tags, cap, sizeof(*grown));
		if (grown == NULL)
			return dsr_fail(err, DSR_ENOMEM, "tag files");
		c->tags = grown;
		c->tag_cap = cap;
	}
	row = &c->tags[c->tag_count];
	memset(row, 0, sizeof(*row));
	if ((row->path = strdup(path)) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "tag files");
	row->kind = kind;
	row->index = c->tag_count++;
	memcpy(row->sha256, sha256, sizeof(row->sha256));
	return 0;
}

static int
compare_paths(const void *a, const void *b)
{
	const struct tag_row *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static struct tag_row *
find_row(struct check *c, const char *path, size_t len)
{
	char name[DSR_MAX_NAME + 1];
	struct tag_row key = { .path = name };

	memcpy(name, path, len);
	name[len] = '\0';
	return c->tag_count == 0 ? NULL
	    : bsearch(&key, c->tags, c->tag_count, sizeof(key), compare_paths);
}

static void
compare_digest(struct check *c, const struct tag_row *row,
    const uint8_t sha256[DSR_SHA256_BYTES])
{
	char wanted[DSR_SHA256_HEX], found[DSR_SHA256_HEX];

	if (memcmp(row->sha256, sha256, DSR_SHA256_BYTES) == 0)
		return;
	dsr_hex_encode(wanted, sha256, DSR_SHA256_BYTES);
	dsr_hex_encode(found, row->sha256, DSR_SHA256_BYTES);
	dsr_findings_add(c->findings, DSR_F_BAG_DIGEST, row->path, wanted,
	    "%s", found);
}

/* One line, which must name the tag file at this place of the archive. */
static void
check_line(struct check *c, const char *line, size_t len, size_t index)
{
	const char *manifest = dsr_member_path(DSR_MEMBER_TAGMANIFEST);
	uint8_t sha256[DSR_SHA256_BYTES];
	const char *path = NULL;
	struct tag_row *row;
	size_t path_len = 0;

	c->manifest_lines++;
	if (!dsr_manifest_line_parse(line, len, sha256, &path, &path_len)) {
		dsr_findings_add(c->findings, DSR_F_BAG_LINE, manifest,
		    "<sha256>  <path>", "%.*s", (int)(len > 300 ? 300 : len),
		    line);
		return;
	}
	row = find_row(c, path, path_len);
	if (row == NULL) {
		dsr_findings_add(c->findings, DSR_F_BAG_MISSING, manifest,
		    NULL, "%.*s", (int)path_len, path);
		return;
	}
	if (row->listed || row->index != index)
		dsr_findings_add(c->findings, DSR_F_BAG_LINE, manifest,
		    "each tag file once, in the order of the members",
		    "%s in line %zu", row->path, index + 1);
	row->listed = true;
	compare_digest(c, row, sha256);
}

void
tags_check(struct check *c)
{
	const struct dsr_buffer *text = &c->text[DSR_MEMBER_TAGMANIFEST];
	const char *at = dsr_buffer_str(text), *end = at + text->len, *lf;
	size_t index = 0, i;

	if (c->tag_count > 0)
		qsort(c->tags, c->tag_count, sizeof(*c->tags), compare_paths);
	for (; at < end; at = lf) {
		lf = memchr(at, '\n', (size_t)(end - at));
		lf = lf == NULL ? end : lf + 1;
		check_line(c, at, (size_t)(lf - at), index++);
	}
	for (i = 0; i < c->tag_count; i++)
		if (!c->tags[i].listed)
			dsr_findings_add(c->findings, DSR_F_BAG_UNLISTED,
			    c->tags[i].path, NULL, NULL);
}
