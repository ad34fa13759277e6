/* SPDX-License-Identifier: ISC */
/*
 * An archive that was unpacked: its members are the files of a folder, taken
 * in the order in which they would stand in the archive (FORMAT.md 3.2).
 */
#ifndef VERIFIER_FOLDER_H
#define VERIFIER_FOLDER_H

#include "dossier/error.h"
#include "dossier/finding.h"
#include "origin.h"

struct folder;

/*
 * root (borrowed) is the folder that holds bagit.txt. What is no member, or
 * cannot be read, goes to findings. DSR_EIO, DSR_ENOMEM, DSR_ELIMIT
 */
int folder_new(struct folder **out, int root, struct dsr_findings *findings,
    struct dsr_error *err);
void folder_free(struct folder *f);
/* Lists it: the first that looks at what is in it. */
int folder_list(struct folder *f, struct dsr_error *err);
/* Its members; their names have no NAME/ before them. */
void folder_origin(struct folder *f, struct origin *out);
/* Members, and bytes of all of them, so far. */
uint64_t folder_count(const struct folder *f);
uint64_t folder_bytes(const struct folder *f);

/*
 * Opens the folder at path or, when it holds nothing but one folder (as unzip
 * leaves it), that one. DSR_EIO
 */
int folder_open(const char *path, int *root, struct dsr_error *err);

#endif
