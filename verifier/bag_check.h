/* SPDX-License-Identifier: ISC */
/*
 * The state of the verification of one bag, handed from part to part. Private
 * to bag_verify.c and the files of its parts.
 */
#ifndef VERIFIER_BAG_CHECK_H
#define VERIFIER_BAG_CHECK_H

#include <openssl/evp.h>

#include "bag_files.h"
#include "bag_text.h"
#include "bag_verify.h"
#include "dossier/limits.h"

#define BAG_DECLARATION "bagit.txt"
#define BAG_1_0 1000u /* version: thousands for the 1, then the 0 */

struct bag_manifest {
	char *path;       /* manifest-… or tagmanifest-… */
	bool tag;
	EVP_MD *digest;   /* NULL: one that is not known */
	bool weak;        /* can be forged */
	size_t digest_len;
	/* as listed: digest_len bytes a file, by its index */
	uint8_t *listed;
	size_t listed_cap; /* files that listed has room for */
	uint64_t not_listed; /* payload files, at the end */
};

struct bag_check {
	int root;
	const struct bag_options *options;
	struct dsr_findings *findings;
	struct bag_result *result;
	unsigned int version;
	const struct bag_encoding *encoding;
	struct bag_files *files;
	struct bag_manifest manifests[DSR_MAX_BAG_MANIFESTS];
	size_t manifest_count;
	uint32_t told; /* of what is told once a member: enum bag_once */
};

enum bag_once { BAG_ONCE_ASTERISK = 1, BAG_ONCE_FORM = 2 };

/* Tells what many lines of one member may have, the first time. */
void bag_tell_once(struct bag_check *b, enum bag_once what,
    enum dsr_finding_id id, const char *member, const char *found);

/* Something that 1.0 forbids and older versions let pass. */
void bag_tell_rule(struct bag_check *b, enum dsr_finding_id id,
    const char *path, const char *found);

/*
 * Calls fn for each line of a tag file (NUL-terminated, may be changed), with
 * its number; what is wrong with the text is told. 1, 0 when the file is not
 * there or none, -1 on failure.
 */
typedef int bag_line_fn(struct bag_check *b, void *ctx, char *line,
    uint64_t number, struct dsr_error *err);
int bag_lines(struct bag_check *b, const char *path,
    const struct bag_encoding *encoding, bag_line_fn *fn, void *ctx,
    struct dsr_error *err);

/* bag_tags.c: bagit.txt, bag-info.txt */
int bag_declaration_check(struct bag_check *b, struct dsr_error *err);
int bag_info_check(struct bag_check *b, struct dsr_error *err);

/* bag_manifest.c */
int bag_manifests_read(struct bag_check *b, struct dsr_error *err);
void bag_manifests_free(struct bag_check *b);

/* Where a path was found. */
struct bag_place {
	const char *member;
	uint64_t line;
};
/*
 * The index of the file that a path as written in a tag file means, in *index;
 * BAG_NONE when there is none, or none that may be looked at, which was told
 * then. path is changed to what it means.
 */
int bag_resolve(struct bag_check *b, const struct bag_place *place,
    char *path, size_t *index, struct dsr_error *err);

/* bag_fetch.c */
int bag_fetch_check(struct bag_check *b, struct dsr_error *err);

/* bag_digest.c: every listed file is read once, by all processors */
int bag_digests_check(struct bag_check *b, struct dsr_error *err);

#endif
