/* SPDX-License-Identifier: ISC */
#include "dossier/imprint.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE 262144u

static const struct {
	const char *name;
	size_t bytes;
} list[DSR_IMPRINT_KINDS] = {
#define X(id, name, bytes, arc) { name, bytes },
	DSR_IMPRINTS(X)
#undef X
};

const char *
dsr_imprint_name(enum dsr_imprint_kind kind)
{
	return list[kind].name;
}

size_t
dsr_imprint_bytes(enum dsr_imprint_kind kind)
{
	return list[kind].bytes;
}

bool
dsr_imprint_find(enum dsr_imprint_kind *out, const char *name)
{
	unsigned int i;

	for (i = 0; i < DSR_IMPRINT_KINDS; i++) {
		if (strcmp(list[i].name, name) != 0)
			continue;
		*out = (enum dsr_imprint_kind)i;
		return true;
	}
	return false;
}

bool
dsr_imprint_equals(const struct dsr_imprint *a, const struct dsr_imprint *b)
{
	return a->kind == b->kind &&
	    memcmp(a->digest, b->digest, list[a->kind].bytes) == 0;
}

static EVP_MD_CTX *
begin(enum dsr_imprint_kind kind)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_MD *md = EVP_MD_fetch(NULL, list[kind].name, NULL);

	if (ctx != NULL &&
	    (md == NULL || EVP_DigestInit_ex(ctx, md, NULL) != 1)) {
		EVP_MD_CTX_free(ctx);
		ctx = NULL;
	}
	EVP_MD_free(md);
	return ctx;
}

static int
end(struct dsr_imprint *out, enum dsr_imprint_kind kind, EVP_MD_CTX *ctx,
    struct dsr_error *err)
{
	memset(out, 0, sizeof(*out));
	out->kind = kind;
	return EVP_DigestFinal_ex(ctx, out->digest, NULL) == 1
	    ? 0
	    : dsr_fail(err, DSR_ENOMEM, "digest");
}

int
dsr_imprint_data(struct dsr_imprint *out, enum dsr_imprint_kind kind,
    const void *data, size_t len, struct dsr_error *err)
{
	EVP_MD_CTX *ctx = begin(kind);
	int rc;

	if (ctx == NULL || (len > 0 && EVP_DigestUpdate(ctx, data, len) != 1))
		rc = dsr_fail(err, DSR_ENOMEM, "digest");
	else
		rc = end(out, kind, ctx, err);
	EVP_MD_CTX_free(ctx);
	return rc;
}

static int
hash_file(EVP_MD_CTX *ctx, uint8_t *piece, int fd, uint64_t len,
    struct dsr_error *err)
{
	uint64_t at = 0;
	ssize_t n;

	while (at < len) {
		n = pread(fd, piece, len - at < PIECE ? (size_t)(len - at)
						      : PIECE, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return dsr_fail_sys(err, "reading the archive");
		if (n == 0)
			return dsr_fail(err, DSR_EIO,
			    "the archive became shorter while it was read");
		if (EVP_DigestUpdate(ctx, piece, (size_t)n) != 1)
			return dsr_fail(err, DSR_ENOMEM, "digest");
		at += (uint64_t)n;
	}
	return 0;
}

int
dsr_imprint_file(struct dsr_imprint *out, enum dsr_imprint_kind kind, int fd,
    uint64_t len, struct dsr_error *err)
{
	EVP_MD_CTX *ctx = begin(kind);
	uint8_t *piece = malloc(PIECE);
	int rc = -1;

	if (ctx == NULL || piece == NULL)
		dsr_fail(err, DSR_ENOMEM, "digest");
	else if (hash_file(ctx, piece, fd, len, err) == 0)
		rc = end(out, kind, ctx, err);
	free(piece);
	EVP_MD_CTX_free(ctx);
	return rc;
}
