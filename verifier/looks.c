/* SPDX-License-Identifier: ISC */
#include "looks.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "dossier/language.h"
#include "dossier/text.h"

#define HEAD 512u /* bytes: the magic of tar stands at 257 */

/* clang-format off */
static const struct {
	size_t offset;
	const char *magic;
	size_t len;
	const char *name;
} kinds[] = {
	{ 0, "%PDF-", 5, N_("a PDF document") },
	{ 0, "\x1f\x8b", 2, N_("a file packed by gzip") },
	{ 0, "BZh", 3, N_("a file packed by bzip2") },
	{ 0, "\xfd" "7zXZ", 5, N_("a file packed by xz") },
	{ 0, "\x28\xb5\x2f\xfd", 4, N_("a file packed by zstd") },
	{ 0, "7z\xbc\xaf", 4, N_("an archive of 7-Zip") },
	{ 0, "Rar!", 4, N_("an archive of RAR") },
	{ 257, "ustar", 5, N_("an archive of tar") },
	{ 0, "\x89PNG", 4, N_("a picture") },
	{ 0, "\xff\xd8\xff", 3, N_("a picture") },
	{ 0, "\x7f" "ELF", 4, N_("a program") },
	{ 0, "MZ", 2, N_("a program") },
	{ 0, "<!DOCTYPE", 9, N_("a web page: perhaps the download asked for a login") },
	{ 0, "<html", 5, N_("a web page: perhaps the download asked for a login") },
	{ 0, "untrusted comment:", 18, N_("a key or signature of minisign") },
	{ 0, "-----BEGIN ", 11, N_("a key or certificate") },
};
/* clang-format on */

static const char *
kind_of(const uint8_t *head, size_t len)
{
	size_t i;

	if (len == 0)
		return N_("an empty file");
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].offset + kinds[i].len <= len &&
		    memcmp(head + kinds[i].offset, kinds[i].magic,
			kinds[i].len) == 0)
			return kinds[i].name;
	/* a character may be cut at the end */
	if (memchr(head, 0, len) == NULL &&
	    dsr_utf8_is_valid((const char *)head, len))
		return N_("a text");
	return NULL;
}

/*
 * A ZIP that was read to its end, and has none of what each archive has. After
 * damage nothing more may have been read: what stands first says enough.
 */
static bool
is_foreign_zip(const struct check *c)
{
	return c->zip != NULL && c->directory_offset > 0 &&
	    c->seen[DSR_MEMBER_DOCUMENT] == 0 &&
	    c->seen[DSR_MEMBER_NO_DOCUMENTS] == 0 &&
	    c->seen[DSR_MEMBER_STATEMENT] == 0 &&
	    c->seen[DSR_MEMBER_TAGMANIFEST] == 0 &&
	    c->seen[DSR_MEMBER_SEAL] == 0 &&
	    dsr_findings_count_of(c->findings, DSR_F_ZIP_TRUNCATED) == 0;
}

void
looks_note(struct check *c, int fd)
{
	struct verify_result *r = c->result;
	uint8_t head[HEAD];
	ssize_t n;

	if (is_foreign_zip(c)) {
		r->no_archive = true;
		r->looks_like = N_("a ZIP file of something else");
		return;
	}
	if (dsr_findings_count_of(c->findings, DSR_F_ZIP_NOT_ZIP) == 0)
		return;
	if ((n = pread(fd, head, sizeof(head), 0)) >= 0)
		r->looks_like = kind_of(head, (size_t)n);
	/* what is of no kind may be an archive whose first bytes are damaged */
	r->no_archive = r->looks_like != NULL;
}
