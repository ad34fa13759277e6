/* SPDX-License-Identifier: ISC */
#include "dossier/name.h"

#include <stdint.h>
#include <string.h>

#include "dossier/limits.h"

#define MAX_EXTENSION (DSR_EXTENSION_SIZE - 1)
#define DEVICE_BYTES  3u /* of the name of a device, without a digit */

/* The locale must not decide what a letter is, so <ctype.h> is not used. */
static bool
is_alnum(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z');
}

static unsigned char
lower(char c)
{
	unsigned char u = (unsigned char)c;

	return u >= 'A' && u <= 'Z' ? (unsigned char)(u - 'A' + 'a') : u;
}

/* [A-Za-z0-9][A-Za-z0-9._-]*, at most max bytes */
static bool
is_word(const char *s, size_t len, size_t max)
{
	size_t i;

	if (len == 0 || len > max || !is_alnum((unsigned char)s[0]))
		return false;
	for (i = 1; i < len; i++)
		if (!is_alnum((unsigned char)s[i]) && s[i] != '.' &&
		    s[i] != '_' && s[i] != '-')
			return false;
	return true;
}

static bool
begins_with(const char *s, const char word[DEVICE_BYTES + 1])
{
	size_t i;

	for (i = 0; i < DEVICE_BYTES; i++)
		if (lower(s[i]) != (unsigned char)word[i])
			return false;
	return true;
}

/*
 * Windows opens the device for these names, whatever extension follows, in
 * every folder: nul, NUL.txt, com1.tar.gz. (The ones with $ or superscript
 * digits cannot stand in a segment anyway.)
 */
static bool
is_device(const char *s, size_t len)
{
	static const char devices[][DEVICE_BYTES + 1] = { "con", "prn", "aux",
		"nul" };
	size_t stem, i;

	for (stem = 0; stem < len && s[stem] != '.'; stem++)
		if (stem > DEVICE_BYTES)
			return false;
	if (stem == DEVICE_BYTES + 1)
		return s[DEVICE_BYTES] >= '0' && s[DEVICE_BYTES] <= '9' &&
		    (begins_with(s, "com") || begins_with(s, "lpt"));
	if (stem != DEVICE_BYTES)
		return false;
	for (i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (begins_with(s, devices[i]))
			return true;
	return false;
}

bool
dsr_segment_is_safe(const char *s, size_t len)
{
	return is_word(s, len, DSR_MAX_SEGMENT) && s[len - 1] != '.' &&
	    !is_device(s, len);
}

bool
dsr_name_is_safe(const char *s, size_t len)
{
	const char *end = s + len, *slash;
	size_t depth;

	if (len == 0 || len > DSR_MAX_NAME)
		return false;
	for (depth = 1; depth <= DSR_MAX_DEPTH; depth++) {
		slash = memchr(s, '/', (size_t)(end - s));
		if (slash == NULL)
			return dsr_segment_is_safe(s, (size_t)(end - s));
		if (!dsr_segment_is_safe(s, (size_t)(slash - s)))
			return false;
		s = slash + 1;
	}
	return false;
}

bool
dsr_archive_name_is_safe(const char *s)
{
	size_t len = strnlen(s, DSR_MAX_ARCHIVE_NAME + 1);

	return len <= DSR_MAX_ARCHIVE_NAME && dsr_segment_is_safe(s, len);
}

bool
dsr_identifier_is_safe(const char *s, size_t len)
{
	return is_word(s, len, DSR_MAX_WORD);
}

/* '/' becomes 0x00 so that nothing comes between a folder and its content. */
static unsigned char
order_of(char c)
{
	return c == '/' ? 0 : lower(c);
}

int
dsr_name_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t i, len = a_len < b_len ? a_len : b_len;

	for (i = 0; i < len; i++) {
		if (a[i] != b[i] && order_of(a[i]) != order_of(b[i]))
			return order_of(a[i]) < order_of(b[i]) ? -1 : 1;
	}
	return (a_len > b_len) - (a_len < b_len);
}

bool
dsr_name_is_parent(const char *a, size_t a_len, const char *b, size_t b_len)
{
	return a_len < b_len && b[a_len] == '/' &&
	    dsr_name_compare(a, a_len, b, a_len) == 0;
}

/* The bytes behind the last dot of the last segment, or NULL. */
static const char *
find_extension(const char *path, size_t len)
{
	const char *dot = memrchr(path, '.', len);
	const char *slash = memrchr(path, '/', len);

	if (dot == NULL || (slash != NULL && slash > dot))
		return NULL;
	return dot + 1;
}

void
dsr_name_extension(char out[DSR_EXTENSION_SIZE], const char *path, size_t len)
{
	const char *from = find_extension(path, len);
	size_t i, count = from != NULL ? len - (size_t)(from - path) : 0;

	memcpy(out, "bin", sizeof("bin"));
	if (count == 0 || count > MAX_EXTENSION)
		return;
	for (i = 0; i < count; i++)
		if (!is_alnum((unsigned char)from[i]))
			return;
	for (i = 0; i < count; i++)
		out[i] = (char)lower(from[i]);
	out[count] = '\0';
}
