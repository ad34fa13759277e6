/* SPDX-License-Identifier: ISC */
#include "bag_verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bag_check.h"
#include "bag_path.h"
#include "dossier/file.h"

void
bag_tell_rule(struct bag_check *b, enum dsr_finding_id id, const char *path,
    const char *found)
{
	dsr_findings_add(b->findings,
	    b->version >= BAG_1_0 ? id : DSR_F_BAGIT_OLD_RULE, path, NULL,
	    "%s", found);
}

void
bag_tell_once(struct bag_check *b, enum bag_once what, enum dsr_finding_id id,
    const char *member, const char *found)
{
	if ((b->told & what) != 0)
		return;
	b->told |= what;
	dsr_findings_add(b->findings, id, member, NULL, "%s", found);
}

/* ---- lines of tag files ------------------------------------------------------------ */

static int
open_tag_file(struct bag_check *b, const char *path)
{
	int fd = dsr_open_below(b->root, path,
	    O_RDONLY | O_NOCTTY | O_NONBLOCK, true);
	struct stat st;

	if (fd < 0 && errno != ENOENT)
		dsr_findings_add(b->findings, DSR_F_BAGIT_UNREADABLE, path,
		    NULL, "%s", strerror(errno));
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	dsr_findings_add(b->findings, DSR_F_BAGIT_NOT_FILE, path, NULL, NULL);
	(void)close(fd);
	return -1;
}

/* What is wrong with a text, whatever its lines say. */
static void
judge_text(struct bag_check *b, const char *path, const struct bag_text *t)
{
	if (t->ill_formed > 0)
		dsr_findings_add(b->findings, DSR_F_BAGIT_ENCODING, path,
		    t->encoding->name, "line %" PRIu64, t->ill_formed);
	if (t->too_long > 0)
		dsr_findings_add(b->findings, DSR_F_BAG_LIMIT, path, NULL,
		    "line %" PRIu64 " has more than %u bytes", t->too_long,
		    DSR_MAX_BAG_LINE);
	if (!t->has_mark || t->encoding->unit != 1)
		return;
	if (strcmp(path, BAG_DECLARATION) == 0) /* in no version: 2.1.1 */
		dsr_findings_add(b->findings, DSR_F_BAGIT_ENCODING, path,
		    NULL, "a byte order mark");
	else
		bag_tell_rule(b, DSR_F_BAGIT_ENCODING, path,
		    "a byte order mark");
}

int
bag_lines(struct bag_check *b, const char *path,
    const struct bag_encoding *encoding, bag_line_fn *fn, void *ctx,
    struct dsr_error *err)
{
	struct bag_text t;
	int fd = open_tag_file(b, path), more;

	if (fd < 0)
		return 0;
	b->told = 0;
	bag_text_init(&t, fd, encoding);
	while ((more = bag_text_line(&t, err)) == 1) {
		char *line = (char *)t.line.data;
		char empty[1] = "";

		if (strlen(dsr_buffer_str(&t.line)) != t.line.len)
			dsr_findings_add(b->findings, DSR_F_BAG_LINE, path,
			    NULL, "line %" PRIu64 ": a NUL", t.number);
		if ((more = fn(b, ctx, t.line.len == 0 ? empty : line,
			 t.number, err)) != 0)
			break;
	}
	if (more == 0)
		judge_text(b, path, &t);
	bag_text_fini(&t);
	(void)close(fd);
	return more == 0 ? 1 : -1;
}

/* ---- completeness: RFC 8493 section 3 ------------------------------------------------- */

static void
count_files(struct bag_check *b)
{
	size_t i, count = bag_files_count(b->files);

	for (i = 0; i < count; i++) {
		const struct bag_file *f = bag_files_get(b->files, i);

		if (!f->payload) {
			b->result->tag_files++;
			continue;
		}
		b->result->files++;
		b->result->bytes += f->size;
		if (!bag_path_is_portable(bag_files_path(b->files, i)))
			dsr_findings_add(b->findings, DSR_F_BAGIT_PORTABLE,
			    bag_files_path(b->files, i), NULL, NULL);
	}
}

static void
tell_unlisted(struct bag_check *b, size_t file, const char *manifest)
{
	dsr_findings_add(b->findings, DSR_F_BAG_UNLISTED,
	    bag_files_path(b->files, file), NULL, "%s", manifest);
}

/* Since 1.0 in every payload manifest, before that in one. */
static void
check_listed(struct bag_check *b, size_t file)
{
	uint32_t listed = bag_files_get(b->files, file)->listed;
	size_t i;

	if (listed == 0) {
		tell_unlisted(b, file, "no manifest lists it");
		return;
	}
	for (i = 0; i < b->manifest_count; i++) {
		struct bag_manifest *m = &b->manifests[i];

		if (m->tag || (listed >> i & 1) != 0)
			continue;
		if (b->version >= BAG_1_0)
			tell_unlisted(b, file, m->path);
		else
			m->not_listed++;
	}
}

static void
check_tag_listed(struct bag_check *b, size_t file, bool tag_manifests)
{
	const char *path = bag_files_path(b->files, file);

	if (tag_manifests && bag_files_get(b->files, file)->listed == 0 &&
	    strncmp(path, "tagmanifest-", 12) != 0)
		dsr_findings_add(b->findings, DSR_F_BAGIT_UNLISTED_TAG, path,
		    NULL, NULL);
}

static void
check_complete(struct bag_check *b)
{
	bool tag_manifests = false;
	char found[64];
	size_t i;

	for (i = 0; i < b->manifest_count; i++)
		tag_manifests |= b->manifests[i].tag;
	for (i = 0; i < bag_files_count(b->files); i++) {
		if (bag_files_get(b->files, i)->payload)
			check_listed(b, i);
		else
			check_tag_listed(b, i, tag_manifests);
	}
	for (i = 0; i < b->manifest_count; i++) {
		if (b->manifests[i].not_listed == 0)
			continue;
		(void)snprintf(found, sizeof(found),
		    "%" PRIu64 " payload files are not listed",
		    b->manifests[i].not_listed);
		bag_tell_rule(b, DSR_F_BAG_UNLISTED, b->manifests[i].path,
		    found);
	}
}

/* ---- all of it ---------------------------------------------------------------------------- */

static int
judge(struct bag_check *b, struct dsr_error *err)
{
	if (bag_declaration_check(b, err) != 0 ||
	    bag_files_new(&b->files, b->root, b->findings, err) != 0)
		return -1;
	if (!bag_files_has_data(b->files))
		dsr_findings_add(b->findings, DSR_F_BAGIT_NO_DATA, "data/",
		    NULL, NULL);
	if (bag_manifests_read(b, err) != 0)
		return -1;
	count_files(b);
	if (bag_info_check(b, err) != 0 || bag_fetch_check(b, err) != 0 ||
	    bag_files_check_names(b->files, b->findings, err) != 0)
		return -1;
	check_complete(b);
	return bag_digests_check(b, err);
}

int
bag_verify(int root, const struct bag_options *o,
    struct dsr_findings *findings, struct bag_result *result,
    struct dsr_error *err)
{
	struct bag_check b = { .root = root, .options = o,
		.findings = findings, .result = result, .version = BAG_1_0,
		.encoding = bag_encoding_find("UTF-8") };
	struct dsr_error bad;
	int rc;

	memset(result, 0, sizeof(*result));
	rc = judge(&b, &bad);
	if (rc != 0 && bad.code == DSR_ELIMIT) {
		dsr_findings_add(findings, DSR_F_BAG_LIMIT, NULL, NULL, "%s",
		    bad.msg);
		rc = 0;
	}
	if (rc != 0)
		*err = bad;
	result->valid = dsr_findings_count(findings, DSR_ERROR) == 0;
	bag_manifests_free(&b);
	bag_files_free(b.files);
	return rc;
}
