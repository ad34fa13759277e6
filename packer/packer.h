/* SPDX-License-Identifier: ISC */
/* The verbs of the packer; main.c has the table. */
#ifndef DOSSIER_PACKER_H
#define DOSSIER_PACKER_H

int keygen_main(int argc, char **argv);
int request_main(int argc, char **argv);

#endif
