/* SPDX-License-Identifier: ISC */
/* Payload manifests and tag manifests: RFC 8493 sections 2.1.3 and 2.2.1. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/param.h>

#include "bag_check.h"

#define PAYLOAD "manifest-"
#define TAG     "tagmanifest-"
#define ENDING  ".txt"

/* ---- which digest ---------------------------------------------------------------- */

/* normalized name (RFC 8493 2.4), OpenSSL's name */
static const struct {
	const char *name, *openssl;
	bool weak;
} digests[] = {
	{ "md5", "MD5", true },
	{ "sha1", "SHA1", true },
	{ "sha224", "SHA224", false },
	{ "sha256", "SHA256", false },
	{ "sha384", "SHA384", false },
	{ "sha512", "SHA512", false },
	{ "sha512224", "SHA512-224", false },
	{ "sha512256", "SHA512-256", false },
	{ "sha3224", "SHA3-224", false },
	{ "sha3256", "SHA3-256", false },
	{ "sha3384", "SHA3-384", false },
	{ "sha3512", "SHA3-512", false },
	{ "blake2b", "BLAKE2B-512", false },
	{ "blake2b512", "BLAKE2B-512", false },
	{ "blake2s", "BLAKE2S-256", false },
	{ "blake2s256", "BLAKE2S-256", false },
};

/* The word between "manifest-" and ".txt", normalized; was it already? */
static bool
name_digest(const struct bag_manifest *m, char word[32])
{
	const char *s = m->path + strlen(m->tag ? TAG : PAYLOAD);
	size_t len = strlen(s) - strlen(ENDING), i, n = 0;

	for (i = 0; i < len && n < 31; i++)
		if (isalnum((unsigned char)s[i]))
			word[n++] = (char)tolower((unsigned char)s[i]);
	word[n] = '\0';
	return n == len && strncmp(s, word, len) == 0;
}

static void
find_digest(struct bag_check *b, struct bag_manifest *m)
{
	char word[32];
	size_t i, n = sizeof(digests) / sizeof(digests[0]);

	if (!name_digest(m, word))
		bag_tell_rule(b, DSR_F_BAGIT_MANIFEST_NAME, m->path, word);
	for (i = 0; i < n; i++)
		if (strcmp(digests[i].name, word) == 0)
			break;
	if (i < n) {
		m->digest = EVP_MD_fetch(NULL, digests[i].openssl, NULL);
		m->weak = digests[i].weak;
	}
	if (m->digest == NULL) {
		dsr_findings_add(b->findings, DSR_F_BAGIT_ALGORITHM, m->path,
		    NULL, "%s", word);
		return;
	}
	m->digest_len = (size_t)EVP_MD_get_size(m->digest);
}

/* ---- lines ------------------------------------------------------------------------- */

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Hexadecimal of either case into bytes; its digits. */
static size_t
read_hex(const char *s, uint8_t *out, size_t max)
{
	size_t n = 0;

	for (; digit(s[n]) >= 0; n++)
		if (n / 2 < max)
			out[n / 2] = (uint8_t)(out[n / 2] << 4 | digit(s[n]));
	return n;
}

/*
 * Takes a line apart: digest, blanks, path. NULL when it is none of that form;
 * with a digest that is not known its length is not judged.
 */
static char *
split_line(const struct bag_manifest *m, char *line,
    uint8_t sum[EVP_MAX_MD_SIZE])
{
	size_t digits = read_hex(line, sum, EVP_MAX_MD_SIZE), blanks;

	if (digits == 0 ||
	    (m->digest != NULL && digits != 2 * m->digest_len))
		return NULL;
	blanks = strspn(line + digits, " \t");
	if (blanks == 0 || line[digits + blanks] == '\0')
		return NULL;
	return line + digits + blanks;
}

static int
note_listed(struct bag_check *b, struct bag_manifest *m, size_t file,
    const uint8_t *sum, struct dsr_error *err)
{
	size_t cap = MAX(file + 1, bag_files_count(b->files));
	uint8_t *grown;

	if (m->digest == NULL)
		return 0;
	if (file >= m->listed_cap) {
		grown = reallocarray(m->listed, cap, m->digest_len);
		if (grown == NULL)
			return dsr_fail(err, DSR_ENOMEM, "digests of files");
		m->listed = grown;
		m->listed_cap = cap;
	}
	memcpy(m->listed + file * m->digest_len, sum, m->digest_len);
	return 0;
}

static int
list_file(struct bag_check *b, struct bag_manifest *m, size_t file,
    const uint8_t *sum, struct dsr_error *err)
{
	uint32_t bit = (uint32_t)1 << (m - b->manifests);
	struct bag_file *f = bag_files_get(b->files, file);
	const char *path = bag_files_path(b->files, file);

	if ((f->listed & bit) == 0) {
		f->listed |= bit;
		return note_listed(b, m, file, sum, err);
	}
	if (m->digest != NULL && memcmp(m->listed + file * m->digest_len, sum,
				     m->digest_len) != 0)
		dsr_findings_add(b->findings, DSR_F_BAGIT_DUPLICATE, path,
		    NULL, "%s: with another digest", m->path);
	else
		bag_tell_rule(b, DSR_F_BAGIT_DUPLICATE, path, m->path);
	return 0;
}

/* May this manifest list this path? */
static bool
belongs(struct bag_check *b, const struct bag_manifest *m, const char *path)
{
	bool payload = strncmp(path, "data/", 5) == 0;

	if (m->tag && payload)
		dsr_findings_add(b->findings, DSR_F_BAGIT_TAG_MANIFEST,
		    m->path, NULL, "%s", path);
	else if (!m->tag && !payload)
		dsr_findings_add(b->findings, DSR_F_BAGIT_OUTSIDE, m->path,
		    NULL, "%s", path);
	else if (m->tag && strncmp(path, TAG, strlen(TAG)) == 0)
		bag_tell_rule(b, DSR_F_BAGIT_TAG_MANIFEST, m->path, path);
	return m->tag != payload;
}

static int
take_line(struct bag_check *b, void *ctx, char *line, uint64_t number,
    struct dsr_error *err)
{
	struct bag_manifest *m = ctx;
	const struct bag_place place = { m->path, number };
	uint8_t sum[EVP_MAX_MD_SIZE] = { 0 };
	char *path = split_line(m, line, sum);
	size_t file = BAG_NONE;

	if (line[0] == '\0') {
		bag_tell_rule(b, DSR_F_BAG_LINE, m->path, "an empty line");
		return 0;
	}
	if (path == NULL) {
		dsr_findings_add(b->findings, DSR_F_BAG_LINE, m->path,
		    "<digest> <path>", "line %" PRIu64 ": %.200s", number,
		    line);
		return 0;
	}
	if (path[0] == '*' && bag_files_find(b->files, path) == BAG_NONE) {
		bag_tell_once(b, BAG_ONCE_ASTERISK, DSR_F_BAGIT_ASTERISK,
		    m->path, path);
		path++;
	}
	if (bag_resolve(b, &place, path, &file, err) != 0)
		return -1;
	if (file == BAG_NONE || !belongs(b, m, path))
		return 0;
	return list_file(b, m, file, sum, err);
}

/* ---- all of them ---------------------------------------------------------------------- */

static bool
is_named(const char *path, const char *prefix)
{
	size_t len = strlen(path), least = strlen(prefix) + strlen(ENDING);

	return len > least && strncmp(path, prefix, strlen(prefix)) == 0 &&
	    strcmp(path + len - strlen(ENDING), ENDING) == 0 &&
	    strchr(path, '/') == NULL;
}

static int
read_manifest(struct bag_check *b, const char *path, bool tag,
    struct dsr_error *err)
{
	struct bag_manifest *m = &b->manifests[b->manifest_count];

	if (b->manifest_count == DSR_MAX_BAG_MANIFESTS) {
		dsr_findings_add(b->findings, DSR_F_BAG_LIMIT, path, NULL,
		    "more than %u manifests", DSR_MAX_BAG_MANIFESTS);
		return 0;
	}
	if ((m->path = strdup(path)) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "manifest");
	m->tag = tag;
	b->manifest_count++;
	find_digest(b, m);
	return bag_lines(b, m->path, b->encoding, take_line, m, err) < 0 ? -1
									 : 0;
}

/* Files that are found while reading come behind those there are now. */
static int
read_all(struct bag_check *b, const char *prefix, bool tag,
    struct dsr_error *err)
{
	size_t i, count = bag_files_count(b->files);

	for (i = 0; i < count; i++) {
		const char *path = bag_files_path(b->files, i);

		if (is_named(path, prefix) &&
		    read_manifest(b, path, tag, err) != 0)
			return -1;
	}
	return 0;
}

static void
judge_payload_manifests(struct bag_check *b)
{
	bool known = false, strong = false;
	size_t i;

	for (i = 0; i < b->manifest_count; i++) {
		known |= b->manifests[i].digest != NULL;
		strong |= b->manifests[i].digest != NULL &&
		    !b->manifests[i].weak;
	}
	b->result->manifests = b->manifest_count;
	if (!known)
		dsr_findings_add(b->findings, DSR_F_BAGIT_NO_MANIFEST, NULL,
		    NULL, NULL);
	else if (!strong)
		dsr_findings_add(b->findings, DSR_F_BAGIT_WEAK, NULL, NULL,
		    "md5 and sha1 alone");
}

/* RFC 8493 2.2.1: a tag manifest must list every payload manifest. */
static void
judge_tag_manifest(struct bag_check *b, size_t tag)
{
	struct bag_manifest *m = &b->manifests[tag];
	size_t i, file;

	for (i = 0; i < b->manifest_count; i++) {
		if (b->manifests[i].tag)
			continue;
		file = bag_files_find(b->files, b->manifests[i].path);
		if (file != BAG_NONE &&
		    (bag_files_get(b->files, file)->listed >> tag & 1) == 0)
			bag_tell_rule(b, DSR_F_BAGIT_TAG_MANIFEST, m->path,
			    "a payload manifest is not listed");
	}
}

/* Is there a manifest of the other kind whose name has the same digest? */
static bool
has_partner(const struct bag_check *b, const struct bag_manifest *m)
{
	const char *digest = strchr(m->path, '-');
	size_t i;

	for (i = 0; i < b->manifest_count; i++)
		if (b->manifests[i].tag != m->tag &&
		    strcasecmp(strchr(b->manifests[i].path, '-'), digest) == 0)
			return true;
	return false;
}

/* What RFC 8493 2.2.1 advises: tag manifests of the payload's digests ... */
static void
advise_digests(struct bag_check *b)
{
	size_t i;

	for (i = 0; i < b->manifest_count; i++)
		if (b->manifests[i].digest != NULL &&
		    !has_partner(b, &b->manifests[i]))
			dsr_findings_add(b->findings, DSR_F_BAGIT_TAG_DIGEST,
			    b->manifests[i].path, NULL, NULL);
}

/* ... which all list the same files. */
static void
advise_sets(struct bag_check *b, uint32_t tags)
{
	uint32_t listed;
	size_t i;

	for (i = 0; i < bag_files_count(b->files); i++) {
		listed = bag_files_get(b->files, i)->listed & tags;
		if (listed != 0 && listed != tags)
			dsr_findings_add(b->findings, DSR_F_BAGIT_TAG_SET,
			    bag_files_path(b->files, i), NULL, NULL);
	}
}

int
bag_manifests_read(struct bag_check *b, struct dsr_error *err)
{
	uint32_t tags = 0;
	size_t i;

	if (read_all(b, PAYLOAD, false, err) != 0)
		return -1;
	judge_payload_manifests(b);
	if (read_all(b, TAG, true, err) != 0)
		return -1;
	for (i = 0; i < b->manifest_count; i++)
		if (b->manifests[i].tag) {
			judge_tag_manifest(b, i);
			tags |= UINT32_C(1) << i;
		}
	if (tags != 0 && b->version >= BAG_1_0) {
		advise_digests(b);
		advise_sets(b, tags);
	}
	return 0;
}

void
bag_manifests_free(struct bag_check *b)
{
	size_t i;

	for (i = 0; i < b->manifest_count; i++) {
		EVP_MD_free(b->manifests[i].digest);
		free(b->manifests[i].path);
		free(b->manifests[i].listed);
	}
}
