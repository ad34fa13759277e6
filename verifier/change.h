/* SPDX-License-Identifier: ISC */
/* One difference between two archives, on a line: a document, a resource. */
#ifndef VERIFIER_CHANGE_H
#define VERIFIER_CHANGE_H

#include "compare.h"

/* old is NULL of what was added, new of what was removed. */
int change_print_json(enum compared what, enum change kind,
    const union compared_record *old, const union compared_record *new,
    struct dsr_error *err);
/* For people. */
void change_print(enum compared what, enum change kind,
    const union compared_record *old, const union compared_record *new);

#endif
