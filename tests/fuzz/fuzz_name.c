/* SPDX-License-Identifier: ISC */
/* Names: two from the input, divided by a newline. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_name(const char *s, size_t len)
{
	char extension[DSR_EXTENSION_SIZE];

	dsr_name_extension(extension, s, len);
	if (!dsr_segment_is_safe(extension, strlen(extension)) &&
	    strcmp(extension, "con") != 0 && strcmp(extension, "prn") != 0 &&
	    strcmp(extension, "aux") != 0 && strcmp(extension, "nul") != 0 &&
	    strncmp(extension, "com", 3) != 0 &&
	    strncmp(extension, "lpt", 3) != 0)
		abort();
	if (!dsr_name_is_safe(s, len))
		return;
	if (len == 0 || len > DSR_MAX_NAME || s[0] == '/' || s[0] == '.' ||
	    s[len - 1] == '/' || s[len - 1] == '.' ||
	    memchr(s, '\0', len) != NULL || memchr(s, '\\', len) != NULL ||
	    memmem(s, len, "/.", 2) != NULL || memmem(s, len, "//", 2) != NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *a = (const char *)data;
	const char *end = size > 0 ? memchr(a, '\n', size) : NULL;
	size_t a_len = end != NULL ? (size_t)(end - a) : size;
	const char *b = end != NULL ? end + 1 : a;
	size_t b_len = end != NULL ? size - a_len - 1 : size;
	int order;

	if (size == 0)
		return 0;
	check_name(a, a_len);
	check_name(b, b_len);
	order = dsr_name_compare(a, a_len, b, b_len);
	if (order != -dsr_name_compare(b, b_len, a, a_len))
		abort();
	if (dsr_name_is_parent(a, a_len, b, b_len) && order >= 0)
		abort();
	return 0;
}
