/* SPDX-License-Identifier: ISC */
/* What an errno means, in words. Needs libc alone. */
#ifndef DOSSIER_REASON_H
#define DOSSIER_REASON_H

/*
 * The words of libc for errno sys, in English; static. _() has those of what
 * people meet in their language, without the locales of libc.
 */
const char *dsr_reason(int sys);

#endif
