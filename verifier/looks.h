/* SPDX-License-Identifier: ISC */
/* What a file that is no archive looks like, by its first bytes. */
#ifndef VERIFIER_LOOKS_H
#define VERIFIER_LOOKS_H

#include "check.h"

/*
 * Sets no_archive and looks_like in the result when nothing that was read is of
 * an archive of Dossier, and the file can be read again and is of a known kind.
 * The verdict is another matter: it is not intact.
 */
void looks_note(struct check *c, int fd);

#endif
