/* SPDX-License-Identifier: ISC */
#include "dossier/bag.h"

#include <inttypes.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/name.h"
#include "dossier/text.h"

#define DATE_LEN  10u /* YYYY-MM-DD, the start of every time */
#define HEX_LEN   (DSR_SHA256_HEX - 1)
#define PATH_FROM (HEX_LEN + 2) /* behind digest and two spaces */

const char dsr_no_documents_txt[] =
    "This archive holds no documents: nothing was found.\n"
    "What was looked for, where and when, and what could not be obtained,\n"
    "stands in START-HERE.html and in the folder dossier.\n";

/* How the rest of a name must look behind what a kind's names begin with. */
enum rest {
	REST_NONE,     /* nothing: the name is fixed */
	REST_DOCUMENT, /* a document of a case or of a folder */
	REST_JSON,     /* one segment, .json */
	REST_TABLE,    /* <connector>.<endpoint>.csv or .json */
	REST_LANGUAGE, /* two small letters, .html */
	REST_NUMBER    /* 01 to 99, .tsr */
};

/* FORMAT.md 3.1 */
static const struct member_row {
	const char *path; /* the name, or what it begins with */
	enum rest rest;
} members[DSR_MEMBER_KINDS] = {
	[DSR_MEMBER_DOCUMENT] = { "data/", REST_DOCUMENT },
	[DSR_MEMBER_NO_DOCUMENTS] = { "data/NO-DOCUMENTS.txt", REST_NONE },
	[DSR_MEMBER_DOCUMENTS] = { "dossier/documents.jsonl", REST_NONE },
	[DSR_MEMBER_EXCHANGES] = { "dossier/exchanges.jsonl", REST_NONE },
	[DSR_MEMBER_GAPS] = { "dossier/gaps.jsonl", REST_NONE },
	[DSR_MEMBER_ERASURE] = { "dossier/erasure.jsonl", REST_NONE },
	[DSR_MEMBER_CONNECTOR] = { "dossier/connectors/", REST_JSON },
	[DSR_MEMBER_REQUEST] = { "dossier/request.json", REST_NONE },
	[DSR_MEMBER_STATEMENT] = { "dossier/statement.json", REST_NONE },
	[DSR_MEMBER_TABLE] = { "tables/", REST_TABLE },
	[DSR_MEMBER_START_HERE] = { "START-HERE.html", REST_NONE },
	[DSR_MEMBER_START_HERE_LANGUAGE] = { "START-HERE.", REST_LANGUAGE },
	[DSR_MEMBER_VERIFY] = { "VERIFY.txt", REST_NONE },
	[DSR_MEMBER_SEAL_PUB] = { "keys/seal.pub", REST_NONE },
	[DSR_MEMBER_ALLOWED_SIGNERS] = { "keys/allowed_signers", REST_NONE },
	[DSR_MEMBER_SIGNER_PEM] = { "keys/signer.pem", REST_NONE },
	[DSR_MEMBER_BAGIT] = { "bagit.txt", REST_NONE },
	[DSR_MEMBER_BAG_INFO] = { "bag-info.txt", REST_NONE },
	[DSR_MEMBER_MANIFEST] = { "manifest-sha256.txt", REST_NONE },
	[DSR_MEMBER_TAGMANIFEST] = { "tagmanifest-sha256.txt", REST_NONE },
	[DSR_MEMBER_SSHSIG] = { "signatures/tagmanifest-sha256.txt.sig",
	    REST_NONE },
	[DSR_MEMBER_CMS] = { "signatures/tagmanifest-sha256.txt.p7s",
	    REST_NONE },
	[DSR_MEMBER_SEAL] = { "signatures/tagmanifest-sha256.txt.minisig",
	    REST_NONE },
	[DSR_MEMBER_STAMP] = { "signatures/tagmanifest-sha256.txt.minisig.tsr",
	    REST_NONE },
	[DSR_MEMBER_RENEWAL] = { "signatures/renewal-", REST_NUMBER },
};

static bool
starts_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* What stands before the suffix, or 0 when s does not end with it. */
static size_t
len_before(const char *s, const char *suffix)
{
	size_t len = strlen(s), suffix_len = strlen(suffix);

	if (len <= suffix_len || strcmp(s + len - suffix_len, suffix) != 0)
		return 0;
	return len - suffix_len;
}

static bool
are_digits(const char *s, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

/* One segment that could be a key; *s then stands behind its '/'. */
static bool
skip_segment(const char **s)
{
	const char *slash = strchr(*s, '/');

	if (slash == NULL || !dsr_segment_is_safe(*s, (size_t)(slash - *s)))
		return false;
	*s = slash + 1;
	return true;
}

/* <connector>/<endpoint>/<6 digits>/<9 digits>.<extension> */
static bool
is_case_path(const char *s)
{
	char extension[DSR_EXTENSION_SIZE];

	if (!skip_segment(&s) || !skip_segment(&s))
		return false;
	if (!are_digits(s, 6) || s[6] != '/' || !are_digits(s + 7, 9) ||
	    s[16] != '.' || memcmp(s, s + 7, 6) != 0)
		return false;
	s += 17;
	dsr_name_extension(extension, s - 1, strlen(s) + 1);
	return strcmp(extension, s) == 0;
}

static bool
is_document(const char *rest)
{
	if (starts_with(rest, "documents/"))
		return is_case_path(rest + strlen("documents/"));
	return starts_with(rest, "files/") &&
	    dsr_name_is_safe(rest, strlen(rest));
}

static bool
is_table(const char *rest)
{
	size_t len = len_before(rest, ".csv");

	if (len == 0)
		len = len_before(rest, ".json");
	return len > 0 && dsr_segment_is_safe(rest, strlen(rest)) &&
	    memchr(rest, '.', len - 1) != NULL && rest[len - 1] != '.';
}

static bool
is_language(const char *rest)
{
	return len_before(rest, ".html") == 2 && rest[0] >= 'a' &&
	    rest[0] <= 'z' && rest[1] >= 'a' && rest[1] <= 'z';
}

static bool
rest_fits(enum rest kind, const char *rest)
{
	switch (kind) {
	case REST_NONE:
		return rest[0] == '\0';
	case REST_DOCUMENT:
		return is_document(rest);
	case REST_JSON:
		return len_before(rest, ".json") > 0 &&
		    dsr_segment_is_safe(rest, strlen(rest));
	case REST_TABLE:
		return is_table(rest);
	case REST_LANGUAGE:
		return is_language(rest);
	case REST_NUMBER:
		return len_before(rest, ".tsr") == 2 && are_digits(rest, 2) &&
		    strncmp(rest, "00", 2) != 0;
	}
	return false;
}

enum dsr_member_kind
dsr_member_kind_of(const char *name)
{
	unsigned int kind;

	for (kind = 0; kind < DSR_MEMBER_KINDS; kind++) {
		const struct member_row *row = &members[kind];

		if (starts_with(name, row->path) &&
		    rest_fits(row->rest, name + strlen(row->path)))
			return (enum dsr_member_kind)kind;
	}
	return DSR_MEMBER_UNKNOWN;
}

const char *
dsr_member_path(enum dsr_member_kind kind)
{
	return members[kind].path;
}

bool
dsr_member_is_payload(enum dsr_member_kind kind)
{
	return kind <= DSR_MEMBER_NO_DOCUMENTS;
}

bool
dsr_member_is_tag(enum dsr_member_kind kind)
{
	return kind > DSR_MEMBER_NO_DOCUMENTS && kind < DSR_MEMBER_TAGMANIFEST;
}

/* FORMAT.md 3.3 */
int
dsr_manifest_line_write(struct dsr_buffer *out,
    const uint8_t sha256[DSR_SHA256_BYTES], const char *path,
    struct dsr_error *err)
{
	char line[PATH_FROM + DSR_MAX_NAME + 2];
	size_t len = strnlen(path, DSR_MAX_NAME + 1);

	if (len > DSR_MAX_NAME)
		return dsr_fail(err, DSR_ELIMIT,
		    "FORMAT.md 2.4: a name of more than %u bytes",
		    DSR_MAX_NAME);
	dsr_hex_encode(line, sha256, DSR_SHA256_BYTES);
	line[HEX_LEN] = line[HEX_LEN + 1] = ' ';
	memcpy(line + PATH_FROM, path, len);
	line[PATH_FROM + len] = '\n';
	return dsr_buffer_append(out, line, PATH_FROM + len + 1, err);
}

/* FORMAT.md 3.3 */
bool
dsr_manifest_line_parse(const char *line, size_t len,
    uint8_t sha256[DSR_SHA256_BYTES], const char **path, size_t *path_len)
{
	if (len <= PATH_FROM + 1 || line[len - 1] != '\n' ||
	    line[HEX_LEN] != ' ' || line[HEX_LEN + 1] != ' ' ||
	    !dsr_hex_decode(sha256, DSR_SHA256_BYTES, line, HEX_LEN))
		return false;
	*path = line + PATH_FROM;
	*path_len = len - PATH_FROM - 1;
	return dsr_name_is_safe(*path, *path_len);
}

/* FORMAT.md 3.5 */
int
dsr_bag_info_write(struct dsr_buffer *out, const struct dsr_bag_info *info,
    struct dsr_error *err)
{
	const struct dsr_statement *s = info->statement;

	if (dsr_buffer_printf(out, err,
	    "Bagging-Date: %.*s\nExternal-Identifier: %s\n", (int)DATE_LEN,
	    s->packed, s->id) < 0)
		return -1;
	if (s->request != NULL && dsr_buffer_printf(out, err,
	    "Internal-Sender-Identifier: %s\n", s->request) < 0)
		return -1;
	if (dsr_buffer_printf(out, err, "Payload-Oxum: %" PRIu64 ".%" PRIu64
	    "\nDossier-Format: %s\n", info->payload_bytes,
	    info->payload_files, s->format) < 0)
		return -1;
	if (info->seal_key_sha256 != NULL && dsr_buffer_printf(out, err,
	    "Dossier-Seal-Key: ed25519:%s\n", info->seal_key_sha256) < 0)
		return -1;
	if (info->certificate_sha256 != NULL && dsr_buffer_printf(out, err,
	    "Dossier-Signer-Certificate: sha256:%s\n",
	    info->certificate_sha256) < 0)
		return -1;
	return 0;
}
