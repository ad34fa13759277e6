/* SPDX-License-Identifier: ISC */
#include "dossier/seal.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/minisign.h"
#include "dossier/name.h"
#include "dossier/text.h"

#define FORMAT_NAME "dossier/"
#define FORMAT      FORMAT_NAME "1"

static bool
request_is_safe(const char *s, size_t len)
{
	return (len == 1 && s[0] == '-') || dsr_identifier_is_safe(s, len);
}

static bool
is_sound(const struct dsr_seal *seal)
{
	return strcmp(seal->format, FORMAT) == 0 &&
	    dsr_uuid_is_valid(seal->id) &&
	    request_is_safe(seal->request, strlen(seal->request)) &&
	    seal->members <= DSR_MAX_MEMBERS &&
	    seal->documents <= DSR_MAX_MEMBERS && seal->body_len <= INT64_MAX;
}

int
dsr_seal_write(const struct dsr_seal *seal, struct dsr_buffer *out,
    struct dsr_error *err)
{
	char body[DSR_SHA256_HEX], root[DSR_SHA256_HEX];

	if (!is_sound(seal))
		return dsr_fail(err, DSR_EFORMAT, "the seal cannot hold this "
		    "id, request or number - FORMAT.md 5.1");
	dsr_hex_encode(body, seal->body_sha256, sizeof(seal->body_sha256));
	dsr_hex_encode(root, seal->tree_root, sizeof(seal->tree_root));
	return dsr_buffer_printf(out, err,
	    "%s id:%s request:%s members:%" PRIu64 " body:%" PRIu64
	    ":%s documents:%" PRIu64 ":%s",
	    seal->format, seal->id, seal->request, seal->members,
	    seal->body_len, body, seal->documents, root);
}

/* One value of the comment. */
struct value {
	const char *s;
	size_t len;
};

/*
 * Takes label, then everything up to the next of end (or the end of the text
 * for NUL), and goes behind it. NULL *at means that it failed before.
 */
static struct value
take_value(const char **at, const char *label, char end)
{
	struct value v = { "", 0 };
	size_t skip = strlen(label);
	const char *stop;

	if (*at == NULL || strncmp(*at, label, skip) != 0 ||
	    (stop = strchr(*at + skip, end)) == NULL) {
		*at = NULL;
		return v;
	}
	v.s = *at + skip;
	v.len = (size_t)(stop - v.s);
	*at = end == '\0' ? stop : stop + 1;
	return v;
}

static bool
copy_value(char *out, size_t size, const struct value *v)
{
	if (v->len >= size)
		return false;
	memcpy(out, v->s, v->len);
	out[v->len] = '\0';
	return true;
}

static bool
read_number(uint64_t *out, const struct value *v)
{
	return dsr_parse_u64(v->s, v->len, INT64_MAX, out);
}

static bool
read_digest(uint8_t out[DSR_SHA256_BYTES], const struct value *v)
{
	return dsr_hex_decode(out, DSR_SHA256_BYTES, v->s, v->len);
}

static bool
take_fields(struct dsr_seal *out, const char *comment)
{
	const char *at = comment;
	struct value format = take_value(&at, "", ' ');
	struct value id = take_value(&at, "id:", ' ');
	struct value request = take_value(&at, "request:", ' ');
	struct value members = take_value(&at, "members:", ' ');
	struct value body_len = take_value(&at, "body:", ':');
	struct value body = take_value(&at, "", ' ');
	struct value documents = take_value(&at, "documents:", ':');
	struct value root = take_value(&at, "", '\0');

	return at != NULL &&
	    copy_value(out->format, sizeof(out->format), &format) &&
	    copy_value(out->id, sizeof(out->id), &id) &&
	    copy_value(out->request, sizeof(out->request), &request) &&
	    read_number(&out->members, &members) &&
	    read_number(&out->body_len, &body_len) &&
	    read_digest(out->body_sha256, &body) &&
	    read_number(&out->documents, &documents) &&
	    read_digest(out->tree_root, &root) && is_sound(out);
}

/* Does it begin with dossier/N, N another version than ours? */
static bool
is_other_version(const char *comment)
{
	size_t skip = strlen(FORMAT_NAME), digits;
	uint64_t version;

	if (strncmp(comment, FORMAT_NAME, skip) != 0)
		return false;
	digits = strcspn(comment + skip, " ");
	return dsr_parse_u64(comment + skip, digits, INT64_MAX, &version) &&
	    version != 1;
}

int
dsr_seal_parse(struct dsr_seal *out, const char *comment,
    struct dsr_error *err)
{
	struct dsr_seal seal;
	struct dsr_buffer again;
	int rc = -1;

	dsr_buffer_init(&again, DSR_TRUSTED_COMMENT_SIZE);
	if (is_other_version(comment)) {
		dsr_fail(err, DSR_EVERSION, "the seal is of another version "
		    "of the format - FORMAT.md 1.2 - wanted %s", FORMAT);
		goto out;
	}
	memset(&seal, 0, sizeof(seal));
	if (!take_fields(&seal, comment)) {
		dsr_fail(err, DSR_EFORMAT, "the comment of the seal is not "
		    "well formed - FORMAT.md 5.1");
		goto out;
	}
	if (dsr_seal_write(&seal, &again, err) != 0)
		goto out;
	if (strcmp(dsr_buffer_str(&again), comment) != 0) {
		dsr_fail(err, DSR_EFORMAT, "the comment of the seal is not in "
		    "its only form - FORMAT.md 5.1");
		goto out;
	}
	*out = seal;
	rc = 0;
out:
	dsr_buffer_fini(&again);
	return rc;
}
