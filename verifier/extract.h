/* SPDX-License-Identifier: ISC */
/*
 * Members of an archive as files, written while the archive is verified and
 * from the very bytes that were judged. They lie in a folder of their own that
 * takes its name only when the verdict allows it.
 */
#ifndef VERIFIER_EXTRACT_H
#define VERIFIER_EXTRACT_H

#include "dossier/error.h"
#include "verify.h"

struct extractor;

/*
 * folder must not exist. members: paths as list prints them (with or without
 * the archive's name before them), of files or folders; count 0 means all.
 * They are borrowed.
 */
int extractor_new(struct extractor **out, const char *folder,
    char *const *members, size_t count, struct dsr_error *err);
/* Uncommitted, nothing stays behind. */
void extractor_free(struct extractor *x);
/* What verification needs of it; result is the one that will be filled. */
void extractor_set_options(struct extractor *x, struct verify_options *o,
    const struct verify_result *result);
/*
 * Everything was verified: gives the folder its name. *files and *bytes are
 * what was written.
 *   DSR_EFAILED  a member that was asked for is not in the archive
 *   what writing failed with
 */
int extractor_commit(struct extractor *x, uint64_t *files, uint64_t *bytes,
    struct dsr_error *err);

#endif
