/* SPDX-License-Identifier: ISC */
#include "exported.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/file.h"
#include "dossier/limits.h"
#include "dossier/minisign.h"
#include "dossier/seal.h"
#include "dossier/text.h"

#define MAX_VERDICT (1u << 20) /* bytes of what the verifier prints */
#define UNPACKED    "/archive"

/* ---- the verdict --------------------------------------------------------- */

/* The last line is the summary; NULL. */
static const char *
find_summary(struct dsr_buffer *said)
{
	char *text = (char *)said->data, *line;

	if (said->len == 0)
		return NULL;
	if (text[said->len - 1] == '\n')
		text[said->len - 1] = '\0';
	line = strrchr(text, '\n');
	return line == NULL ? text : line + 1;
}

/* The fingerprint of the key that sealed it, from the summary. */
static int
take_key(struct exported *x, const struct dsr_json_value *summary,
    struct dsr_error *err)
{
	const struct dsr_json_value *s =
	    dsr_json_first(dsr_json_get(summary, "signers"));

	for (; s != NULL; s = dsr_json_next(s)) {
		const char *kind =
		    dsr_json_string(dsr_json_get(s, "kind"), NULL);
		const char *key = dsr_json_string(
		    dsr_json_get(s, "fingerprint_sha256"), NULL);

		if (kind == NULL || key == NULL ||
		    strcmp(kind, "minisign") != 0)
			continue;
		x->identity.key_sha256 =
		    dsr_arena_copy(x->arena, key, strlen(key), err);
		return x->identity.key_sha256 == NULL ? -1 : 0;
	}
	return dsr_fail(err, DSR_EUNTRUSTED,
	    "the archive has no seal: it was packed with --unsigned");
}

static int
judge_summary(struct exported *x, const char *text, int status,
    const char *archive, struct dsr_error *err)
{
	struct dsr_json *json = NULL;
	const struct dsr_json_value *root;
	const char *verdict, *type;
	int result = -1;

	if (text == NULL ||
	    dsr_json_parse(&json, text, strlen(text), true, err) != 0)
		return dsr_fail(err, status == 10 ? DSR_EIO : DSR_EINPUT,
		    "%s could not be verified", archive);
	root = dsr_json_root(json);
	verdict = dsr_json_string(dsr_json_get(root, "verdict"), NULL);
	type = dsr_json_string(dsr_json_get(root, "type"), NULL);
	if (status == 0 && verdict != NULL && type != NULL &&
	    strcmp(type, "summary") == 0 &&
	    strcmp(verdict, "intact-trusted") == 0)
		result = take_key(x, root, err);
	else if (status == 5)
		(void)dsr_fail(err, DSR_EUNTRUSTED, "%s: nobody vouches for it "
		    "whom you trust (--trust FILE.pub); nothing is erased by "
		    "it", archive);
	else
		(void)dsr_fail(err, status == 10 ? DSR_EIO : DSR_EFAILED,
		    "%s: %s; nothing is erased by it (dossier verify tells "
		    "more)", archive,
		    verdict != NULL ? verdict : "it cannot be verified");
	dsr_json_free(json);
	return result;
}

/* Has the verifier judge the archive and unpack it. */
static int
unpack(struct exported *x, const struct exported_options *o,
    struct dsr_error *err)
{
	const char *args[6 + 2 * 16] = { "extract", o->archive, "-C", x->root,
		"--json", "--no-progress" };
	size_t count = 6;
	struct dsr_buffer said;
	int status = 0, result = -1;

	for (size_t i = 0; i < o->trust_count; i++) {
		if (i == 15)
			return dsr_fail(err, DSR_EUSAGE,
			    "--trust is given too often; name a folder");
		args[count++] = "--trust";
		args[count++] = o->trust[i];
	}
	dsr_buffer_init(&said, MAX_VERDICT);
	if (sibling_run("verifier", args, false, &said, &status, err) == 0)
		result = judge_summary(x, find_summary(&said), status,
		    o->archive, err);
	dsr_buffer_fini(&said);
	return result;
}

/* ---- what is in it ------------------------------------------------------- */

static char *
path_in(const struct exported *x, const char *name, struct dsr_error *err)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", x->root, name) < 0) {
		(void)dsr_fail(err, DSR_ENOMEM, "path");
		return NULL;
	}
	return path;
}

int
exported_read(const struct exported *x, const char *name,
    struct dsr_buffer *body, struct dsr_error *err)
{
	char *path = path_in(x, name, err);
	int result = path == NULL ? -1 : dsr_file_read(body, path, err);

	free(path);
	return result;
}

static int
read_statement(struct exported *x, struct dsr_error *err)
{
	struct dsr_buffer text;
	int result = -1;

	dsr_buffer_init(&text, DSR_MAX_JSON_TEXT);
	if (exported_read(x, "dossier/statement.json", &text, err) == 0 &&
	    dsr_record_read_line(&dsr_statement_type, &x->statement, x->arena,
	        text.data, text.len, err) == 0)
		result = 0;
	dsr_buffer_fini(&text);
	if (result == 0 && strcmp(x->statement.kind, "case") != 0)
		return dsr_fail(err, DSR_EINPUT, "the archive is a %s; what can "
		    "be erased is what was collected", x->statement.kind);
	return result;
}

/* What the seal says; the verifier has compared it with the archive. */
static int
read_seal(struct exported *x, struct dsr_error *err)
{
	struct dsr_buffer text;
	struct dsr_minisig sig;
	struct dsr_seal seal;
	char hex[DSR_SHA256_HEX];
	int result = -1;

	dsr_buffer_init(&text, 65536);
	if (exported_read(x, "signatures/tagmanifest-sha256.txt.minisig",
	        &text, err) == 0 &&
	    dsr_minisig_parse(&sig, text.data, text.len, err) == 0 &&
	    dsr_seal_parse(&seal, sig.trusted_comment, err) == 0) {
		dsr_hex_encode(hex, seal.body_sha256,
		    sizeof(seal.body_sha256));
		x->identity.body_size = seal.body_len;
		x->identity.body_sha256 =
		    dsr_arena_copy(x->arena, hex, strlen(hex), err);
		x->identity.id = x->statement.id;
		x->identity.request = x->statement.request;
		result = x->identity.body_sha256 == NULL ? -1 : 0;
	}
	dsr_buffer_fini(&text);
	return result;
}

static int
read_request(struct exported *x, const char *given, struct dsr_error *err)
{
	struct dsr_buffer text;
	char *own = path_in(x, "dossier/request.json", err);
	int result = -1;

	if (own == NULL)
		return -1;
	dsr_buffer_init(&text, DSR_MAX_REQUEST);
	x->request_path = given;
	if (given == NULL && x->statement.request != NULL)
		x->request_path =
		    dsr_arena_copy(x->arena, own, strlen(own), err);
	free(own);
	if (x->request_path == NULL)
		result = 0;
	else if (dsr_file_read(&text, x->request_path, err) == 0)
		result = dsr_request_parse(&x->request, text.data, text.len,
		    NULL, NULL, err) == 0
		    ? 0
		    : dsr_wrap(err, "%s", x->request_path);
	dsr_buffer_fini(&text);
	return result;
}

/* Another request cannot stand in for that of the archive. */
static int
compare_requests(const struct exported *x, struct dsr_error *err)
{
	const char *id = x->request == NULL
	    ? NULL
	    : dsr_request_text(x->request, DSR_REQUEST_ID, NULL);

	if (id == NULL || x->statement.request == NULL ||
	    strcmp(id, x->statement.request) == 0)
		return 0;
	return dsr_fail(err, DSR_EINPUT, "--request is %s, the archive "
	    "answers %s", id, x->statement.request);
}

int
exported_open(struct exported *x, const struct exported_options *o,
    struct dsr_error *err)
{
	(void)memset(x, 0, sizeof(*x));
	if (dsr_arena_new(&x->arena, err) != 0 ||
	    private_folder_new(&x->folder, err) != 0)
		return -1;
	if (asprintf(&x->root, "%s%s", private_folder_path(x->folder),
	        UNPACKED) < 0) {
		x->root = NULL;
		return dsr_fail(err, DSR_ENOMEM, "path");
	}
	if (unpack(x, o, err) != 0 || read_statement(x, err) != 0 ||
	    read_seal(x, err) != 0 ||
	    read_request(x, o->request, err) != 0)
		return -1;
	return compare_requests(x, err);
}

void
exported_fini(struct exported *x)
{
	dsr_request_free(x->request);
	private_folder_free(x->folder);
	dsr_arena_free(x->arena);
	free(x->root);
	free(x->ranges);
	(void)memset(x, 0, sizeof(*x));
}

/* ---- documents ----------------------------------------------------------- */

struct lines {
	FILE *file;
	char *text;
	size_t size;
	struct dsr_arena *arena;
};

static int
lines_open(struct lines *l, const struct exported *x, struct dsr_error *err)
{
	char *path = path_in(x, "dossier/documents.jsonl", err);

	(void)memset(l, 0, sizeof(*l));
	if (path == NULL)
		return -1;
	l->file = fopen(path, "re");
	if (l->file == NULL)
		(void)dsr_fail_sys(err, "%s", path);
	free(path);
	return l->file == NULL ? -1 : dsr_arena_new(&l->arena, err);
}

static void
lines_close(struct lines *l)
{
	if (l->file != NULL)
		(void)fclose(l->file);
	dsr_arena_free(l->arena);
	free(l->text);
}

/* The next document; 1, 0 at the end, -1. */
static int
lines_next(struct lines *l, struct dsr_document *d, struct dsr_error *err)
{
	ssize_t len = getline(&l->text, &l->size, l->file);

	if (len < 0)
		return ferror(l->file) ? dsr_fail_sys(err, "documents.jsonl")
		                       : 0;
	dsr_arena_reset(l->arena);
	return dsr_record_read_line(&dsr_document_type, d, l->arena, l->text,
	           (size_t)len, err) == 0
	    ? 1
	    : -1;
}

/* What the connector does not know it could only leave out. */
static int
fail_unknown(const char *endpoint, const struct connector *k,
    struct dsr_error *err)
{
	return dsr_fail(err, DSR_EINPUT, "the archive has documents of %s, "
	    "which this version of the connector %s does not have: take the "
	    "one in the archive (dossier/connectors/%s.json)", endpoint,
	    k->meta.key, k->meta.key);
}

int
exported_index(struct exported *x, const struct connector *k,
    struct dsr_error *err)
{
	struct dsr_document d;
	struct lines l;
	bool found = false;
	int got = -1;

	free(x->ranges);
	x->ranges = calloc(k->endpoints.count, sizeof(*x->ranges));
	if (x->ranges == NULL)
		return dsr_fail(err, DSR_ENOMEM, "documents");
	if (lines_open(&l, x, err) != 0)
		goto out;
	for (;;) {
		long at = ftell(l.file);
		size_t i;

		got = lines_next(&l, &d, err);
		if (got != 1)
			break;
		if (d.connector == NULL || d.endpoint == NULL ||
		    strcmp(d.connector, k->meta.key) != 0)
			continue;
		found = true;
		i = connector_find(k, d.endpoint);
		if (i == NO_ENDPOINT) {
			got = fail_unknown(d.endpoint, k, err);
			break;
		}
		if (x->ranges[i].count++ == 0)
			x->ranges[i].offset = (uint64_t)at;
	}
out:
	lines_close(&l);
	if (got == 0 && !found)
		return dsr_fail(err, DSR_EINPUT, "nothing in the archive was "
		    "collected with the connector %s", k->meta.key);
	return got;
}

int
exported_documents(const struct exported *x, size_t endpoint,
    exported_fn *fn, void *ctx, struct dsr_error *err)
{
	const struct exported_range *r = &x->ranges[endpoint];
	struct dsr_document d;
	struct lines l;
	int result = -1;

	if (r->count == 0)
		return 0;
	if (lines_open(&l, x, err) != 0)
		goto out;
	if (fseek(l.file, (long)r->offset, SEEK_SET) != 0) {
		(void)dsr_fail_sys(err, "documents.jsonl");
		goto out;
	}
	result = 0;
	for (uint64_t i = 0; i < r->count && result == 0; i++) {
		int got = lines_next(&l, &d, err);

		result = got == 1 ? fn(ctx, &d, err) : -1;
		if (got == 0)
			(void)dsr_fail(err, DSR_EIO, "documents.jsonl ends");
	}
out:
	lines_close(&l);
	return result;
}

int
exported_by_hand(const struct exported *x, exported_fn *fn, void *ctx,
    struct dsr_error *err)
{
	struct dsr_document d;
	struct lines l;
	int got = -1, result = lines_open(&l, x, err);

	while (result == 0 && (got = lines_next(&l, &d, err)) == 1)
		if (d.connector != NULL &&
		    strcmp(d.connector, DSR_MANUAL) == 0)
			result = fn(ctx, &d, err);
	lines_close(&l);
	return result != 0 || got < 0 ? -1 : 0;
}
