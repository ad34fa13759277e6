/* SPDX-License-Identifier: ISC */
/*
 * Large bodies that break off: what came is kept, and the rest is asked for
 * (RFC 9110, 13.1.5 and 14). Only where the service gave a strong entity tag:
 * If-Range makes it send the whole again when the body has changed since.
 */
#include "fetch.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/text.h"

void
fetch_part_drop(struct fetch_part *p)
{
	dsr_blob_free(p->blob);
	p->blob = NULL;
	dsr_sha256_free(p->hash);
	p->hash = NULL;
	EVP_MD_CTX_free(p->md5);
	p->md5 = NULL;
	p->size = 0;
}

/* Does the entity tag say "these very bytes"? It fills no more than size - 2. */
static bool
tag_is_strong(const char *tag, size_t size)
{
	size_t len = strlen(tag);

	return len >= 2 && len < size - 1 && tag[0] == '"' &&
	    tag[len - 1] == '"' && strpbrk(tag, "\r\n") == NULL;
}

static bool
read_strong_tag(const struct fetch *f, char *tag, size_t size)
{
	return fetch_get_header(f, "etag", tag, size) &&
	    tag_is_strong(tag, size);
}

static bool
is_encoded(const struct fetch *f)
{
	char value[32];

	return fetch_get_header(f, "content-encoding", value, sizeof(value));
}

/* Could the rest be asked for, if it broke off here? */
static bool
can_go_on(const struct fetch *f, uint64_t status, char *tag, size_t size)
{
	return f->blob != NULL && strcmp(f->method, "GET") == 0 &&
	    (status == 200 || status == 206) && !is_encoded(f) &&
	    read_strong_tag(f, tag, size);
}

bool
fetch_part_keep(struct fetch *f, struct dsr_error *err)
{
	struct fetch_part *p = &f->part;
	struct dsr_sha256 *fresh = NULL;

	if (!can_go_on(f, f->status, p->tag, sizeof(p->tag)) ||
	    dsr_sha256_new(&fresh, err) != 0)
		return false;
	fetch_part_drop(p);
	p->blob = f->blob;
	f->blob = NULL;
	p->hash = f->hash;
	f->hash = fresh;
	p->md5 = f->md5;
	f->md5 = NULL;
	p->size = f->size;
	p->whole = f->whole;
	(void)memcpy(p->wanted_md5, f->wanted_md5, sizeof(p->wanted_md5));
	return true;
}

int
fetch_part_ask(struct fetch *f, struct dsr_error *err)
{
	char range[40];

	if (f->part.blob == NULL)
		return 0;
	(void)snprintf(range, sizeof(range), "bytes=%" PRIu64 "-",
	    f->part.size);
	return fetch_header(f, "Range", range, err) != 0 ||
	        fetch_header(f, "If-Range", f->part.tag, err) != 0
	    ? -1
	    : 0;
}

/*
 * Does it begin where what we have ends, and go to the end, of all bytes? The
 * end that the first answer told is the same.
 */
static bool
is_the_rest(const struct fetch *f, uint64_t *all)
{
	char value[96], tag[sizeof(f->part.tag)];
	const char *dash, *slash;
	uint64_t first, last;

	if (!fetch_get_header(f, "content-range", value, sizeof(value)) ||
	    strncmp(value, "bytes ", 6) != 0 ||
	    (dash = strchr(value, '-')) == NULL ||
	    (slash = strchr(dash, '/')) == NULL)
		return false;
	return dsr_parse_u64(value + 6, (size_t)(dash - value) - 6, INT64_MAX,
	           &first) &&
	    dsr_parse_u64(dash + 1, (size_t)(slash - dash) - 1, INT64_MAX,
	        &last) &&
	    dsr_parse_u64(slash + 1, strlen(slash + 1), INT64_MAX, all) &&
	    first == f->part.size && first <= last && last + 1 == *all &&
	    (f->part.whole == DSR_NONE || f->part.whole == *all) &&
	    !is_encoded(f) &&
	    read_strong_tag(f, tag, sizeof(tag)) &&
	    strcmp(tag, f->part.tag) == 0;
}

/* The rest follows: goes on with what was kept. */
static void
take_up(struct fetch *f)
{
	struct fetch_part *p = &f->part;

	dsr_sha256_free(f->hash);
	f->hash = p->hash;
	p->hash = NULL;
	f->blob = p->blob;
	p->blob = NULL;
	EVP_MD_CTX_free(f->md5);
	f->md5 = p->md5;
	p->md5 = NULL;
	f->size = p->size;
	p->size = 0;
	(void)memcpy(f->wanted_md5, p->wanted_md5, sizeof(f->wanted_md5));
}

/* How long a body that comes as it is will be. */
static uint64_t
told_length(const struct fetch *f)
{
	uint64_t length;

	return !f->packed && f->length[0] != '\0' &&
	        dsr_parse_u64(f->length, strlen(f->length), INT64_MAX, &length)
	    ? length
	    : DSR_NONE;
}

/* A context for a body that has one; NULL when it has none. */
static EVP_MD_CTX *
begin_md5(const char *wanted)
{
	EVP_MD_CTX *md5 = wanted[0] == '\0' ? NULL : EVP_MD_CTX_new();

	if (md5 == NULL || EVP_DigestInit_ex(md5, EVP_md5(), NULL) == 1)
		return md5;
	EVP_MD_CTX_free(md5); /* MD5 is not everywhere: not checked there */
	return NULL;
}

/* Content-MD5 (RFC 1864) is of the body as it was sent. */
static void
expect_md5(struct fetch *f)
{
	if (fetch_get_header(f, "content-md5", f->wanted_md5,
	        sizeof(f->wanted_md5)))
		f->md5 = begin_md5(f->wanted_md5);
}

bool
fetch_part_join(struct fetch *f)
{
	bool asked = f->part.blob != NULL;
	uint64_t whole;
	long status = 0;

	(void)curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status == 206 && asked && is_the_rest(f, &whole)) {
		take_up(f);
		f->whole = whole;
		return true;
	}
	if (status == 206 || (asked && status == 416)) {
		fetch_part_drop(&f->part);
		f->outcome = FETCH_TRUNCATED;
		f->error = "another part of the body than was asked for";
		return false;
	}
	if (status != 200)
		return true;
	fetch_part_drop(&f->part); /* the whole again */
	f->whole = told_length(f);
	expect_md5(f);
	return true;
}

bool
fetch_md5_differs(struct fetch *f)
{
	unsigned char digest[EVP_MAX_MD_SIZE], text[2 * EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	if (f->md5 == NULL ||
	    EVP_DigestFinal_ex(f->md5, digest, &len) != 1)
		return false;
	(void)EVP_EncodeBlock(text, digest, (int)len);
	return strcmp((const char *)text, f->wanted_md5) != 0;
}

/* ---- from one run to the next -------------------------------------------- */

static void
describe(struct dsr_piece *piece, const struct dsr_blob *blob,
    const struct dsr_sha256 *hash, uint64_t size, uint64_t whole,
    const char *md5)
{
	uint8_t digest[DSR_SHA256_BYTES];

	dsr_sha256_peek(hash, digest);
	dsr_hex_encode(piece->sha256, digest, sizeof(digest));
	piece->file = dsr_blob_file(blob);
	piece->size = size;
	piece->whole = whole;
	(void)snprintf(piece->md5, sizeof(piece->md5), "%s",
	    md5 == NULL || strchr(md5, ' ') != NULL ? "" : md5);
}

bool
fetch_part_note(const struct fetch *f, struct dsr_piece *piece)
{
	const struct fetch_part *p = &f->part;
	long status = 0;

	if (p->blob != NULL) {
		describe(piece, p->blob, p->hash, p->size, p->whole,
		    p->md5 != NULL ? p->wanted_md5 : NULL);
		(void)memcpy(piece->tag, p->tag, sizeof(piece->tag));
		return true;
	}
	if (f->easy == NULL)
		return false;
	(void)curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status < 0 || !can_go_on(f, (uint64_t)status, piece->tag,
	        sizeof(piece->tag)))
		return false;
	describe(piece, f->blob, f->hash, f->size, f->whole,
	    f->md5 != NULL ? f->wanted_md5 : NULL);
	return true;
}

void
fetch_part_leave(struct fetch *f)
{
	if (f->part.blob != NULL)
		dsr_blob_leave(f->part.blob);
	if (f->blob != NULL)
		dsr_blob_leave(f->blob);
}

/* Reads what is there once more: 1 when it has the digest, 0, -1. */
static int
read_again(struct fetch_part *p, const struct dsr_piece *piece,
    struct dsr_error *err)
{
	uint8_t digest[DSR_SHA256_BYTES], bytes[65536];
	char hex[DSR_SHA256_HEX];
	size_t got, wanted;

	for (p->size = 0; p->size < piece->size; p->size += got) {
		wanted = piece->size - p->size < sizeof(bytes)
		    ? (size_t)(piece->size - p->size)
		    : sizeof(bytes);
		if (dsr_blob_read(p->blob, p->size, bytes, wanted, &got,
		        err) != 0)
			return -1;
		if (got < wanted)
			return 0;
		dsr_sha256_update(p->hash, bytes, got);
		if (p->md5 != NULL)
			(void)EVP_DigestUpdate(p->md5, bytes, got);
	}
	dsr_sha256_peek(p->hash, digest);
	dsr_hex_encode(hex, digest, sizeof(digest));
	return strcmp(hex, piece->sha256) == 0;
}

int
fetch_part_resume(struct fetch *f, const struct dsr_piece *piece,
    struct dsr_error *err)
{
	struct fetch_part *p = &f->part;
	int got;

	if (piece->size == 0 || piece->size > f->max ||
	    !tag_is_strong(piece->tag, sizeof(piece->tag)))
		return 0;
	got = dsr_blob_resume(&p->blob, f->spill, piece->file, err);
	if (got != 1)
		return got;
	if (dsr_sha256_new(&p->hash, err) != 0)
		goto fail;
	p->md5 = begin_md5(piece->md5);
	(void)memcpy(p->wanted_md5, piece->md5, sizeof(p->wanted_md5));
	(void)memcpy(p->tag, piece->tag, sizeof(p->tag));
	p->whole = piece->whole;
	got = read_again(p, piece, err);
	if (got == 1 && dsr_blob_cut(p->blob, piece->size, err) == 0)
		return 1;
	if (got == 0) {
		fetch_part_drop(p);
		return 0;
	}
fail:
	fetch_part_drop(p);
	return -1;
}
