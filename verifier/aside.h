/* SPDX-License-Identifier: ISC */
/*
 * One list of an archive (documents.jsonl, erasure.jsonl), set aside while the
 * archive is verified. Nothing of it counts before the verdict.
 */
#ifndef VERIFIER_ASIDE_H
#define VERIFIER_ASIDE_H

#include <stdbool.h>

#include "dossier/bag.h"
#include "dossier/error.h"
#include "dossier/file.h"
#include "tap.h"
#include "verify.h"

struct aside {
	struct dsr_spool *lines; /* what was set aside. Owned */
	enum dsr_member_kind kind;
	struct verify_tap tap;
	bool capturing;
	bool failed;
	struct dsr_error err;
};

/*
 * Puts its tap into o; a must stay where it is until the archive is verified.
 * The lines of what is decrypted are kept encrypted.
 * Errors: those of dsr_spool_new and dsr_spool_make_file.
 */
int aside_open(struct aside *a, enum dsr_member_kind kind,
    struct verify_options *o, struct dsr_error *err);
/* -1 and why, when the list could not be set aside as a whole. */
int aside_check(const struct aside *a, struct dsr_error *err);
/* Also of one that is all zeros. */
void aside_close(struct aside *a);

#endif
