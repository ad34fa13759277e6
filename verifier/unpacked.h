/* SPDX-License-Identifier: ISC */
/*
 * An archive that was unpacked: its members are the files of a folder, taken
 * in the order in which they would stand in the archive (FORMAT.md 3.2).
 */
#ifndef VERIFIER_UNPACKED_H
#define VERIFIER_UNPACKED_H

#include "dossier/error.h"
#include "dossier/finding.h"
#include "origin.h"

struct unpacked;

/*
 * root (borrowed) is the folder that holds bagit.txt. What is no member, or
 * cannot be read, goes to findings. DSR_EIO, DSR_ENOMEM, DSR_ELIMIT
 */
int unpacked_new(struct unpacked **out, int root, struct dsr_findings *findings,
    struct dsr_error *err);
void unpacked_free(struct unpacked *f);
/* Lists it: the first that looks at what is in it. */
int unpacked_list(struct unpacked *f, struct dsr_error *err);
/* Its members; their names have no NAME/ before them. */
void unpacked_origin(struct unpacked *f, struct origin *out);
/* Members, and bytes of all of them, so far. */
uint64_t unpacked_count(const struct unpacked *f);
uint64_t unpacked_bytes(const struct unpacked *f);

/*
 * Opens the folder at path or, when it holds nothing but one folder (as unzip
 * leaves it), that one. DSR_EIO
 */
int unpacked_open(const char *path, int *root, struct dsr_error *err);

#endif
