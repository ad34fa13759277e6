/* SPDX-License-Identifier: ISC */
/* A key that is trusted, and archives of a folder in this process. */
#ifndef TESTS_PACKING_H
#define TESTS_PACKING_H

#include "../../packer/pack.h"
#include "dossier/trust.h"

/* Writes PREFIX.key and PREFIX.pub, and trusts it. */
void make_key(const char *prefix, struct dsr_trust *trust);
/* Packs as the options say; the test fails when that fails. */
void make_archive(const struct pack_options *o);
/* count small files in a new folder: 0, 1, … */
void make_documents(const char *folder, int count);

#endif
