/* SPDX-License-Identifier: ISC */
/*
 * Texts in the reader's language, from the catalogues of po/, which are inside
 * the programs. Identifiers, JSON and logs stay English.
 */
#ifndef DOSSIER_LANGUAGE_H
#define DOSSIER_LANGUAGE_H

const char *dsr_text(const char *text) __attribute__((format_arg(1)));
const char *dsr_plural(const char *one, const char *many, unsigned long n)
    __attribute__((format_arg(1))) __attribute__((format_arg(2)));
#define _(text) dsr_text(text)
#define P_(one, many, n) dsr_plural(one, many, n)
#define N_(text) text

/*
 * Prepares the texts: UTF-8, all else as in C (numbers in JSON stay as they
 * are), and the language of the environment for messages. Once, at the start
 * of main.
 */
void dsr_language_start(void);

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
