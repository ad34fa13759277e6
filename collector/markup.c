/* SPDX-License-Identifier: ISC */
/*
 * Pages for people where a file was asked for: a login, a portal's "just a
 * moment", an error that says 200. A file of any type may be HTML, too, so it
 * is kept in any case, and told unless something says that it is meant.
 */
#include "collection.h"

#include <string.h>
#include <strings.h>

static bool
is_markup(const char *media_type)
{
	return media_type != NULL &&
	    (strcmp(media_type, "text/html") == 0 ||
	        strcmp(media_type, "application/xhtml+xml") == 0);
}

/* Does the path of the address end as the name of such a file does? */
static bool
names_markup(const char *url)
{
	static const char *const ends[] = { ".html", ".htm", ".xhtml" };
	size_t len = strcspn(url, "?#");

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t n = strlen(ends[i]);

		if (len > n && strncasecmp(url + len - n, ends[i], n) == 0)
			return true;
	}
	return false;
}

static bool
asks_for_markup(const struct fetch *f)
{
	for (const struct curl_slist *h = f->headers; h != NULL; h = h->next)
		if (strncasecmp(h->data, "accept:", 7) == 0 &&
		    strstr(h->data, "html") != NULL)
			return true;
	return false;
}

bool
answer_is_odd_markup(const struct job *j, const char *url,
    const char *media_type)
{
	char ignored[2];

	return is_markup(media_type) && !names_markup(url) &&
	    !asks_for_markup(&j->fetch) &&
	    !fetch_get_header(&j->fetch, "content-disposition", ignored,
	        sizeof(ignored));
}
