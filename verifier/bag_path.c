/* SPDX-License-Identifier: ISC */
#include "bag_path.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Windows does not see blanks at the end of a segment. */
static bool
leads_up(const char *segment, size_t len)
{
	while (len > 0 && segment[len - 1] == ' ')
		len--;
	return len == 2 && segment[0] == '.' && segment[1] == '.';
}

bool
bag_path_is_unsafe(const char *path)
{
	size_t len;

	if (path[0] == '\0' || strchr("/\\~", path[0]) != NULL ||
	    (isalpha((unsigned char)path[0]) && path[1] == ':'))
		return true;
	for (;; path += len + 1) {
		len = strcspn(path, "/\\");
		if (leads_up(path, len))
			return true;
		if (path[len] == '\0')
			return false;
	}
}

/* CON, con.txt, COM1 …: devices with any extension */
static bool
is_device(const char *segment, size_t len)
{
	static const char *const names[] = { "CON", "PRN", "AUX", "NUL",
		"COM", "LPT" };
	size_t base = 0, i;

	while (base < len && segment[base] != '.')
		base++;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (base < 3 || strncasecmp(segment, names[i], 3) != 0)
			continue;
		return i < 4 ? base == 3
		    : base == 4 && segment[3] >= '1' && segment[3] <= '9';
	}
	return false;
}

static bool
segment_is_portable(const char *segment, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)segment[i] < 0x20 ||
		    strchr("<>:\"\\|?*", segment[i]) != NULL)
			return false;
	return len > 0 && len <= 255 && segment[len - 1] != '.' &&
	    segment[len - 1] != ' ' && !is_device(segment, len);
}

bool
bag_path_is_portable(const char *path)
{
	size_t len;

	for (;; path += len + 1) {
		len = strcspn(path, "/");
		if (!segment_is_portable(path, len))
			return false;
		if (path[len] == '\0')
			return true;
	}
}

bool
bag_path_shorten(char *path)
{
	const char *from = path;
	char *to = path;
	bool changed = false;
	size_t len;

	for (;; from += len + 1) {
		len = strcspn(from, "/");
		/* a slash at the end stays: it makes the path a folder's */
		if ((len == 0 || (len == 1 && from[0] == '.')) &&
		    from[len] == '/') {
			changed = true;
			continue;
		}
		memmove(to, from, len + 1);
		if (from[len] == '\0')
			return changed;
		to += len + 1;
	}
}

bool
bag_path_decode(char *path)
{
	static const struct {
		const char *code;
		char means;
	} row[] = { { "%0A", '\n' }, { "%0D", '\r' }, { "%25", '%' } };
	const char *from = path;
	char *to = path;
	bool left = false;
	size_t i;

	for (; *from != '\0'; to++) {
		for (i = 0; i < 3 && *from == '%'; i++)
			if (strncasecmp(from, row[i].code, 3) == 0)
				break;
		if (*from == '%' && i < 3) {
			*to = row[i].means;
			from += 3;
			continue;
		}
		left |= *from == '%';
		*to = *from++;
	}
	*to = '\0';
	return left;
}
