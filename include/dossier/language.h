/* SPDX-License-Identifier: ISC */
/*
 * Texts in the reader's language, by gettext. Identifiers, JSON and logs stay
 * English.
 */
#ifndef DOSSIER_LANGUAGE_H
#define DOSSIER_LANGUAGE_H

#ifdef DSR_STATIC_TEXTS
/* a program of one file has its catalogues inside: core/catalogue.c */
const char *dsr_text(const char *text) __attribute__((format_arg(1)));
const char *dsr_plural(const char *one, const char *many, unsigned long n)
    __attribute__((format_arg(1))) __attribute__((format_arg(2)));
#define _(text) dsr_text(text)
#define P_(one, many, n) dsr_plural(one, many, n)
#else
#include <libintl.h>
#define _(text) dgettext("dossier", text)
#define P_(one, many, n) dngettext("dossier", one, many, n)
#endif
#define N_(text) text

/*
 * Prepares the texts: C.UTF-8 for everything (numbers in JSON stay as they
 * are), catalogues from next to the program (build tree) or LOCALEDIR, and
 * the language of the environment for messages. Every catalogue is read here,
 * so that a sandbox may close afterwards. Once, at the start of main.
 */
void dsr_language_start(const char *argv0);

/*
 * Chooses the language of the texts that follow: "nl", "fr", "de", "en";
 * NULL the one of the environment. Works without installed locales.
 */
void dsr_language_set(const char *language);

/* The first two letters of the language in force: "nl", or "en". */
const char *dsr_language_get(void);

/* Is there a catalogue (or is it English)? */
int dsr_language_exists(const char *language);

#endif
