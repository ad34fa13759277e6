/* SPDX-License-Identifier: ISC */
#include "dossier/language.h"

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"

#define LANGUAGE_SIZE 4 /* two or three letters and a NUL */

/* Set once by dsr_language_start; current by dsr_language_set too. */
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

void
dsr_language_start(void)
{
	/* of the rest nothing: the C library opens no catalogues, either */
	setlocale(LC_CTYPE, "C.UTF-8");
	read_environment();
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
	dsr_catalogue_choose(current);
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
	for (i = 0; i < dsr_catalogue_count(); i++)
		if (strcmp(language, dsr_catalogue_language(i)) == 0)
			return 1;
	return 0;
}
