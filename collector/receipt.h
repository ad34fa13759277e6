/* SPDX-License-Identifier: ISC */
/* The receipt of an erasure: dossier-packer makes it of the case. */
#ifndef COLLECTOR_RECEIPT_H
#define COLLECTOR_RECEIPT_H

#include "dossier/error.h"
#include "dossier/options.h"

struct receipt_options {
	const char *output;
	const char *key, *passphrase_file;
	const char *x509[4]; /* key, certificate, chain, passphrase */
	struct dsr_texts languages;
	bool force;
};

/* Rows of the table of a verb: they go to the packer as they are. */
#define RECEIPT_OPTIONS(r)                                                    \
	{ "output", 'o', DSR_OPTION_TEXT, &(r).output, "RECEIPT.zip",         \
	    N_("the receipt to make; RECEIPT.case beside it is\n"             \
	       "the journal"), 0, 0 },                                        \
	{ "key", 0, DSR_OPTION_TEXT, &(r).key, "FILE.key",                    \
	    N_("seal the receipt with this minisign secret key"), 0, 0 },     \
	{ "key-passphrase-file", 0, DSR_OPTION_TEXT, &(r).passphrase_file,    \
	    "FILE", N_("passphrase of the key (else asked for)"), 0, 0 },     \
	{ "x509-key", 0, DSR_OPTION_TEXT, &(r).x509[0], "FILE",               \
	    N_("sign with this X.509 key, too (as pack does)"), 0, 0 },       \
	{ "x509-cert", 0, DSR_OPTION_TEXT, &(r).x509[1], "FILE",              \
	    N_("its certificate (PEM)"), 0, 0 },                              \
	{ "x509-chain", 0, DSR_OPTION_TEXT, &(r).x509[2], "FILE",             \
	    N_("the certificates above that one (PEM)"), 0, 0 },              \
	{ "x509-passphrase-file", 0, DSR_OPTION_TEXT, &(r).x509[3], "FILE",   \
	    N_("passphrase of the key or PIN of the token"), 0, 0 },          \
	{ "lang", 0, DSR_OPTION_LIST, &(r).languages, "LL",                   \
	    N_("language of the page: en, nl, fr, de"), 0,                    \
	    0 },                                                              \
	{ "force", 0, DSR_OPTION_FLAG, &(r).force, NULL,                      \
	    N_("replace RECEIPT.zip if it exists"), 0, 0 }

/*
 * dossier pack CASE -o RECEIPT.zip; request is a file, or NULL.
 * DSR_EFAILED  it could not be packed; the case is as it was
 */
int receipt_pack(const struct receipt_options *r, const char *case_path,
    const char *request, struct dsr_error *err);

#endif
