/* SPDX-License-Identifier: ISC */
/* Lists of a script that get shorter: an element of a JSON text is taken out. */
#include "simulator.h"

#include <string.h>

/* Where the string that begins at s ends: behind its closing quote. */
static const char *
skip_string(const char *s)
{
	for (s++; *s != '\0' && *s != '"'; s++)
		if (*s == '\\' && s[1] != '\0')
			s++;
	return *s == '\0' ? s : s + 1;
}

/* Behind the object that begins at s, or NULL. */
static const char *
skip_object(const char *s)
{
	size_t depth = 0;

	while (*s != '\0') {
		if (*s == '"') {
			s = skip_string(s);
			continue;
		}
		depth += *s == '{';
		depth -= *s == '}';
		s++;
		if (depth == 0)
			return s;
	}
	return NULL;
}

bool
sim_drop(char *body, const char *text)
{
	size_t len = strlen(text);
	char *start = strchr(body, '[');
	const char *end;

	start = start == NULL ? NULL : strchr(start, '{');
	for (; start != NULL; start = strchr(end, '{')) {
		end = skip_object(start);
		if (end == NULL)
			return false;
		if (memmem(start, (size_t)(end - start), text, len) == NULL)
			continue;
		if (*end == ',')
			end++;
		else if (start > body && start[-1] == ',')
			start--;
		memmove(start, end, strlen(end) + 1);
		return true;
	}
	return false;
}
