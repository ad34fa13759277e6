/* SPDX-License-Identifier: ISC */
/*
 * Lists of an archive (documents.jsonl, erasure.jsonl), set aside while the
 * archive is verified. Nothing of them counts before the verdict.
 */
#ifndef VERIFIER_ASIDE_H
#define VERIFIER_ASIDE_H

#include <stdbool.h>

#include "dossier/bag.h"
#include "dossier/error.h"
#include "dossier/file.h"
#include "tap.h"
#include "verify.h"

#define MAX_ASIDE 2u /* lists */

struct aside {
	struct aside_list {
		enum dsr_member_kind kind;
		struct dsr_spool *lines; /* what was set aside. Owned */
	} lists[MAX_ASIDE];
	size_t count;
	struct verify_tap tap;
	struct dsr_spool *current; /* that is being filled, or NULL */
	bool failed;
	struct dsr_error err;
};

/*
 * Puts its tap into o, for lists of these kinds; a must stay where it is until
 * the archive is verified. The lines of what is decrypted are kept encrypted.
 * Errors: those of dsr_spool_new and dsr_spool_make_file.
 */
int aside_open(struct aside *a, const enum dsr_member_kind *kinds,
    size_t count, struct verify_options *o, struct dsr_error *err);
/* -1 and why, when a list could not be set aside as a whole. */
int aside_check(const struct aside *a, struct dsr_error *err);
/* Also of one that is all zeros. */
void aside_close(struct aside *a);

#endif
