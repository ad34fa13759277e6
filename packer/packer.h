/* SPDX-License-Identifier: ISC */
/* The verbs of the packer; main.c has the table. */
#ifndef DOSSIER_PACKER_H
#define DOSSIER_PACKER_H

#include "dossier/options.h"

extern const struct dsr_verb encrypt_verb;
extern const struct dsr_verb keygen_verb;
extern const struct dsr_verb pack_verb;
extern const struct dsr_verb request_verb;

int encrypt_main(int argc, char **argv);
int keygen_main(int argc, char **argv);
int pack_main(int argc, char **argv);
int request_main(int argc, char **argv);

#endif
