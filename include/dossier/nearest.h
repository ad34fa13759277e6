/* SPDX-License-Identifier: ISC */
/* "Unknown key \"recieved\": did you mean \"received\"?" */
#ifndef DOSSIER_NEAREST_H
#define DOSSIER_NEAREST_H

#include <stddef.h>

/*
 * Which of the words (count of them) is nearest to word by letters changed,
 * added, removed or swapped? NULL when none is near: more than a third of the letters
 * differ. The first of several.
 */
const char *dsr_nearest(const char *word, const char *const *words,
    size_t count);

#endif
