/* SPDX-License-Identifier: ISC */
/*
 * The archive while it is made: container, manifest and tag manifest, member
 * by member in the order of docs/FORMAT.md 3.2.
 */
#ifndef PACKER_ARCHIVE_H
#define PACKER_ARCHIVE_H

#include <stdint.h>

#include "dossier/digest.h"
#include "dossier/error.h"
#include "dossier/file.h"
#include "dossier/stream.h"
#include "dossier/zip.h"

struct archive;

/*
 * Writes below the folder name; level as --level, jobs: the threads that
 * deflate a member which does not fit in memory. It goes into sink (copied),
 * and nothing of it to a disk in the clear; or, when sink is NULL, into the
 * file fd (borrowed). The bytes are the same.
 */
int archive_new(struct archive **out, int fd, const struct dsr_sink *sink,
    const char *name, int level, unsigned int jobs, struct dsr_error *err);
void archive_free(struct archive *a);

/* A payload member that is packed already; e->name is set here. */
int archive_add_payload(struct archive *a, const char *path,
    const uint8_t sha256[DSR_SHA256_BYTES], struct dsr_zip_entry *e,
    const void *packed, struct dsr_error *err);

/* Content that is read in pieces, twice when deflate turns out useless. */
struct archive_input {
	/* up to len bytes, 0 at the end, -1 on failure */
	int64_t (*read)(void *ctx, void *buf, size_t len,
	    struct dsr_error *err);
	int (*rewind)(void *ctx, struct dsr_error *err);
	void *ctx;
	uint64_t size; /* expected; another one is DSR_EFAILED */
};
/*
 * A payload member from an input. On failure the archive is as before (unless
 * writing itself failed): the input's DSR_EFAILED means it changed while it
 * was read.
 */
int archive_stream_payload(struct archive *a, const char *path,
    const struct archive_input *in, uint8_t sha256[DSR_SHA256_BYTES],
    struct dsr_error *err);

/* A tag file from memory, or from a spool. */
int archive_add_tag(struct archive *a, const char *path, const void *data,
    size_t len, struct dsr_error *err);
int archive_add_tag_spool(struct archive *a, const char *path,
    struct dsr_spool *spool, struct dsr_error *err);

/* manifest-sha256.txt, then tagmanifest-sha256.txt, whose bytes stay here. */
int archive_add_manifests(struct archive *a, struct dsr_error *err);
const struct dsr_buffer *archive_tagmanifest(const struct archive *a);

/* A member of signatures/: stored, in no manifest. */
int archive_add_attestation(struct archive *a, const char *path,
    const void *data, size_t len, struct dsr_error *err);

/* What the seal binds: members, length and digest of all so far. DSR_EIO */
int archive_body(struct archive *a, uint64_t *members, uint64_t *len,
    uint8_t sha256[DSR_SHA256_BYTES], struct dsr_error *err);

uint64_t archive_payload_bytes(const struct archive *a);
uint64_t archive_payload_files(const struct archive *a);

/* Directory and end records. */
int archive_finish(struct archive *a, struct dsr_error *err);

#endif
