/* SPDX-License-Identifier: ISC */
#include "dossier/language.h"

#include <dirent.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef DSR_STATIC_TEXTS
#include "catalogue.h"
#endif

#define LANGUAGE_SIZE 4  /* two or three letters and a NUL */
#define LANGUAGE_COUNT 64 /* catalogues that are looked at */

/*
 * glibc's count of catalogue changes: raised, the next look-up reads LANGUAGE
 * again. GNU gettext's manual, "Locale Environment Variables" and gettext.h.
 */
extern int _nl_msg_cat_cntr;

/* Set once by dsr_language_start; current by dsr_language_set too. */
static char known[LANGUAGE_COUNT][LANGUAGE_SIZE];
static size_t known_count;
static char of_environment[LANGUAGE_SIZE] = "en";
static char current[LANGUAGE_SIZE] = "en";

/*
 * The letters at the start of a locale's name ("nl" of "nl_BE.UTF-8") into
 * out; false when there are not two or three of them.
 */
static bool
parse_language(char out[LANGUAGE_SIZE], const char *name)
{
	size_t len;

	if (name == NULL)
		return false;
	len = strspn(name, "abcdefghijklmnopqrstuvwxyz");
	if (len < 2 || len >= LANGUAGE_SIZE ||
	    (name[len] != '\0' && strchr("_.@:-", name[len]) == NULL))
		return false;
	memcpy(out, name, len);
	out[len] = '\0';
	return true;
}

static const char *
value_of(const char *variable)
{
	const char *value = getenv(variable);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/*
 * The first language of the environment that there is a catalogue for, by
 * gettext's rules: LANGUAGE counts only when the locale is not C.
 */
static void
read_environment(void)
{
	char found[LANGUAGE_SIZE];
	const char *name, *list;

	memcpy(of_environment, "en", sizeof("en"));
	if ((name = value_of("LC_ALL")) == NULL &&
	    (name = value_of("LC_MESSAGES")) == NULL)
		name = value_of("LANG");
	if (name == NULL || name[0] == 'C' || strcmp(name, "POSIX") == 0)
		return;
	for (list = value_of("LANGUAGE"); list != NULL && list[0] != '\0';) {
		if (parse_language(found, list) &&
		    dsr_language_exists(found)) {
			memcpy(of_environment, found, sizeof(found));
			return;
		}
		list += strcspn(list, ":");
		list += *list == ':';
	}
	if (parse_language(found, name) && dsr_language_exists(found))
		memcpy(of_environment, found, sizeof(found));
}

#ifdef DSR_STATIC_TEXTS

static void
open_catalogues(const char *argv0)
{
	(void)argv0;
	for (known_count = 0; known_count < dsr_catalogue_count();
	     known_count++)
		(void)parse_language(known[known_count],
		    dsr_catalogue_language(known_count));
}

static void
use_catalogue(void)
{
	dsr_catalogue_choose(current);
}

#else

/* The folder of the program with a last '/': false when it is not known. */
static bool
find_program(char out[PATH_MAX], const char *argv0)
{
	ssize_t len = readlink("/proc/self/exe", out, PATH_MAX - 1);
	char *slash;

	if (len > 0)
		out[len] = '\0';
	else
		snprintf(out, PATH_MAX, "%s", argv0 != NULL ? argv0 : "");
	if ((slash = strrchr(out, '/')) == NULL)
		return false;
	slash[1] = '\0';
	return true;
}

/* Remembers which catalogues there are: a sandbox may close behind us. */
static void
list_catalogues(const char *folder)
{
	char path[PATH_MAX + 320];
	const struct dirent *entry;
	DIR *dir;

	known_count = 0;
	if ((dir = opendir(folder)) == NULL)
		return;
	while (known_count < LANGUAGE_COUNT && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s/LC_MESSAGES/dossier.mo",
		    folder, entry->d_name);
		if (access(path, R_OK) == 0 &&
		    parse_language(known[known_count], entry->d_name))
			known_count++;
	}
	closedir(dir);
}

static void
open_catalogues(const char *argv0)
{
	char program[PATH_MAX], folder[PATH_MAX];
	int len = 0;

	if (find_program(program, argv0))
		len = snprintf(folder, sizeof(folder), "%s../share/locale",
		    program);
	if (len <= 0 || (size_t)len >= sizeof(folder) ||
	    access(folder, R_OK | X_OK) == -1)
		snprintf(folder, sizeof(folder), "%s",
		    DSR_DATADIR "/locale");
	bindtextdomain("dossier", folder);
	bind_textdomain_codeset("dossier", "UTF-8");
	list_catalogues(folder);
}

static void
use_catalogue(void)
{
	setenv("LANGUAGE", current, 1);
	_nl_msg_cat_cntr++;
	(void)dgettext("dossier", ""); /* read the catalogue now: see above */
}

#endif

void
dsr_language_start(const char *argv0)
{
	size_t i;

	setlocale(LC_ALL, "C.UTF-8");
	open_catalogues(argv0);
	read_environment();
	for (i = 0; i < known_count; i++)
		dsr_language_set(known[i]);
	dsr_language_set(NULL);
}

void
dsr_language_set(const char *language)
{
	char wanted[LANGUAGE_SIZE];

	if (language == NULL || !parse_language(wanted, language))
		memcpy(wanted, of_environment, sizeof(wanted));
	if (!dsr_language_exists(wanted))
		memcpy(wanted, "en", sizeof("en"));
	memcpy(current, wanted, sizeof(current));
	use_catalogue();
}

const char *
dsr_language_get(void)
{
	return current;
}

int
dsr_language_exists(const char *language)
{
	size_t i;

	if (language == NULL)
		return 0;
	if (strcmp(language, "en") == 0)
		return 1;
	for (i = 0; i < known_count; i++)
		if (strcmp(language, known[i]) == 0)
			return 1;
	return 0;
}
