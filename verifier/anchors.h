/* SPDX-License-Identifier: ISC */
/*
 * What a verb that judges archives is given to judge by: keys and roots that
 * the user trusts, and keys to decrypt with.
 */
#ifndef VERIFIER_ANCHORS_H
#define VERIFIER_ANCHORS_H

#include "dossier/language.h"
#include "dossier/options.h"
#include "verify.h"

struct anchors {
	/* as the options name it */
	struct dsr_texts key_files, root_files, time_root_files;
	const char *identity_file, *passphrase_file;
	/* as it was opened */
	struct dsr_trust *keys;
	struct dsr_roots *roots, *time_roots;
	struct dsr_age_identities *identities;
};

/* clang-format off */
/* The rows of a verb's table of options that fill anchors a. */
#define ANCHOR_OPTIONS(a)                                                     \
	{ "trust", 0, DSR_OPTION_LIST, &(a).key_files, "FILE.pub|FOLDER",     \
	    N_("a key (or a folder of keys) that you trust;\n"                \
	       "else those in ~/.config/dossier/trusted and\n"                \
	       "/etc/dossier/trusted"), 0, 0 },                               \
	{ "ca", 0, DSR_OPTION_LIST, &(a).root_files, "PEM",                   \
	    N_("roots of signers' certificates that you trust"), 0, 0 },      \
	{ "tsa-ca", 0, DSR_OPTION_LIST, &(a).time_root_files, "PEM",          \
	    N_("roots of time stamps that you trust"), 0, 0 },                \
	{ "identity-file", 'i', DSR_OPTION_TEXT, &(a).identity_file, "F",     \
	    N_("decrypt with the keys in F (age-keygen makes it)"), 0, 0 },   \
	{ "passphrase-file", 0, DSR_OPTION_TEXT, &(a).passphrase_file, "F",   \
	    N_("decrypt with the passphrase in F"), 0, 0 }
/* clang-format on */

/*
 * Opens all of it and hands it to o, which borrows it. To be closed in any
 * case. Errors as in trust.h, roots.h, age.h.
 */
int anchors_open(struct anchors *a, struct verify_options *o,
    struct dsr_error *err);
void anchors_close(struct anchors *a);

#endif
