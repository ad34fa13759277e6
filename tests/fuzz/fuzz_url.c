/* SPDX-License-Identifier: ISC */
/*
 * A link of a service, any bytes: what is judged good leads to a declared host
 * over https, and what is recorded of it holds no value of its query.
 */
#include "../../collector/url.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
check_good(const char *url)
{
	char host[256];

	require(url_host(host, sizeof(host), url));
	require(strcmp(host, "api.example.org") == 0 ||
	    host_matches("*.deep.example.net", host));
	require(url_same_origin(url, url));
	require(strchr(url, '#') == NULL);
}

static void
check_recorded(const char *link)
{
	const char *query = strchr(link, '?');
	struct dsr_buffer out;
	struct dsr_error err;

	dsr_buffer_init(&out, 4 * 65536);
	require(url_record(&out, link, NULL, &err) == 0);
	/* each value was replaced, or there is no '=' */
	query = query == NULL ? NULL : strchr(dsr_buffer_str(&out), '?');
	while (query != NULL && (query = strchr(query, '=')) != NULL) {
		require(strncmp(query, "=REDACTED", 9) == 0);
		query++;
	}
	dsr_buffer_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const hosts[] = { "api.example.org",
		"*.deep.example.net", NULL };
	static const char base[] = "https://api.example.org/v1/list?page=1";
	struct dsr_buffer out;
	struct dsr_error err;
	char *link;

	if (size > 16384)
		return 0;
	link = malloc(size + 1);
	require(link != NULL);
	if (size > 0)
		memcpy(link, data, size);
	link[size] = '\0';
	dsr_buffer_init(&out, 4 * 65536);
	if (link_judge(&out, link, base, hosts, &err) == LINK_GOOD)
		check_good(dsr_buffer_str(&out));
	(void)path_has_dots(link);
	(void)host_is_valid(link);
	check_recorded(link);
	dsr_buffer_fini(&out);
	free(link);
	return 0;
}
