/* SPDX-License-Identifier: ISC */
/* The verbs of dossier-collector; each is the run of a dsr_verb. */
#ifndef COLLECTOR_COLLECTOR_H
#define COLLECTOR_COLLECTOR_H

#include "dossier/options.h"

extern const struct dsr_verb collect_verb;
extern const struct dsr_verb status_verb;
extern const struct dsr_verb connector_verb;
extern const struct dsr_verb stamp_verb;
extern const struct dsr_verb erase_verb;
extern const struct dsr_verb add_verb;

int collect_main(int argc, char **argv);
int status_main(int argc, char **argv);
int connector_main(int argc, char **argv);
int stamp_main(int argc, char **argv);
int erase_main(int argc, char **argv);
int add_main(int argc, char **argv);

#endif
