/* SPDX-License-Identifier: ISC */
/* What a document is called: its name at the service, its extension. */
#include "collection.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/name.h"
#include "dossier/text.h"

static const struct {
	const char *type;
	const char *extension;
} extensions[] = {
	{ "application/json", "json" },
	{ "application/pdf", "pdf" },
	{ "application/xml", "xml" },
	{ "application/zip", "zip" },
	{ "application/gzip", "gz" },
	{ "application/x-tar", "tar" },
	{ "text/plain", "txt" },
	{ "text/html", "html" },
	{ "text/csv", "csv" },
	{ "text/xml", "xml" },
	{ "image/png", "png" },
	{ "image/jpeg", "jpg" },
	{ "image/gif", "gif" },
	{ "image/svg+xml", "svg" },
};

void
document_extension(char out[DSR_EXTENSION_SIZE], const char *media_type,
    const char *name)
{
	size_t len = media_type == NULL ? 0 : strlen(media_type);

	if (name != NULL) {
		dsr_name_extension(out, name, strlen(name));
		if (strcmp(out, "bin") != 0)
			return;
	}
	(void)snprintf(out, DSR_EXTENSION_SIZE, "bin");
	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++)
		if (media_type != NULL &&
		    strcmp(extensions[i].type, media_type) == 0)
			(void)snprintf(out, DSR_EXTENSION_SIZE, "%s",
			    extensions[i].extension);
	if (len > 5 && strcmp(media_type + len - 5, "+json") == 0)
		(void)snprintf(out, DSR_EXTENSION_SIZE, "json");
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

int
document_name(char **out, const char *url, struct dsr_error *err)
{
	size_t len = strcspn(url, "?#"), start = len, n = 0;
	char *name;

	*out = NULL;
	while (start > 0 && url[start - 1] != '/')
		start--;
	name = malloc(len - start + 1);
	if (name == NULL)
		return dsr_fail(err, DSR_ENOMEM, "name");
	for (size_t i = start; i < len; i++) {
		char c = url[i];

		if (c == '%' && len - i > 2 && hex_value(url[i + 1]) >= 0 &&
		    hex_value(url[i + 2]) >= 0) {
			c = (char)(hex_value(url[i + 1]) * 16 +
			    hex_value(url[i + 2]));
			i += 2;
		}
		name[n++] = c;
	}
	name[n] = '\0';
	if (n > 0 && n <= DSR_MAX_IDENTIFIER && strlen(name) == n &&
	    dsr_utf8_is_valid(name, n))
		*out = name;
	else
		free(name);
	return 0;
}
