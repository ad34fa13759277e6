/* SPDX-License-Identifier: ISC */
/*
 * The catalogues of po/, inside the program. Looking something up takes no
 * file, no memory and no lock, so it works in a sandbox, and cannot fail.
 * Private to core/language.c.
 */
#ifndef DOSSIER_CORE_CATALOGUE_H
#define DOSSIER_CORE_CATALOGUE_H

#include <stddef.h>

/* Languages that there are: i < dsr_catalogue_count. */
size_t dsr_catalogue_count(void);
const char *dsr_catalogue_language(size_t i);
/* The catalogue that counts from now on; another language is English. */
void dsr_catalogue_choose(const char *language);

#endif
