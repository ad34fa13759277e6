/* SPDX-License-Identifier: ISC */
/*
 * What verification is done with, as the verbs take it: keys and roots that
 * are trusted, and keys to decrypt with.
 */
#ifndef VERIFIER_MEANS_H
#define VERIFIER_MEANS_H

#include "dossier/language.h"
#include "dossier/options.h"
#include "verify.h"

struct means {
	/* from the command line */
	struct dsr_texts trust, roots, time_roots;
	const char *identity_file;
	const char *passphrase_file;
	const char *policy_file;
	/* opened; where struct verify_options points */
	struct dsr_trust *trusted;
	struct dsr_roots *trusted_roots, *trusted_time_roots;
	struct dsr_age_identities *keys;
	struct policy *policy;
};

/* Rows of a table of options, with options of struct verify_options. */
/* clang-format off */
#define MEANS_OPTIONS(m, o)                                                   \
	MEANS_TRUST_OPTIONS(m, o),                                            \
	{ "policy", 0, DSR_OPTION_TEXT, &(m).policy_file, "FILE",             \
	    N_("ask for what the policy in FILE demands: signers,\n"          \
	       "a time stamp, how old it may be"), 0, 0 },                    \
	{ "identity-file", 'i', DSR_OPTION_TEXT, &(m).identity_file, "FILE",  \
	    N_("decrypt with the keys in FILE (age-keygen makes it)"), 0, 0 },   \
	{ "passphrase-file", 0, DSR_OPTION_TEXT, &(m).passphrase_file, "FILE",   \
	    N_("decrypt with the passphrase in FILE"), 0, 0 }
/* Those of them for what is never encrypted. */
#define MEANS_TRUST_OPTIONS(m, o)                                             \
	{ "trust", 0, DSR_OPTION_LIST, &(m).trust, "FILE.pub|FOLDER",         \
	    N_("a key (or a folder of keys) that you trust\n"                 \
	       "(else those in ~/.config/dossier/trusted and\n"               \
	       "/etc/dossier/trusted)"), 0, 0 },                              \
	{ "ca", 0, DSR_OPTION_LIST, &(m).roots, "PEM",                        \
	    N_("roots of signers' certificates that you trust"), 0, 0 },      \
	{ "tsa-ca", 0, DSR_OPTION_LIST, &(m).time_roots, "PEM",               \
	    N_("roots of time stamps that you trust"), 0, 0 },                \
	{ "require-x509", 0, DSR_OPTION_FLAG, &(o).require_x509, NULL,        \
	    N_("ask for a certificate of such a root"), 0, 0 },               \
	{ "require-time", 0, DSR_OPTION_FLAG, &(o).require_time, NULL,        \
	    N_("ask for a time stamp of such a root"), 0, 0 }
/* clang-format on */

/* Opens what was given, and has o point to it. Errors as verifier.h's. */
int means_open(struct means *m, struct verify_options *o,
    struct dsr_error *err);
void means_fini(struct means *m);

#endif
