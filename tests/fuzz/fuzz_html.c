/* SPDX-License-Identifier: ISC */
/*
 * The HTML writer: whatever bytes come from outside, in whatever place of a
 * page they stand, the page holds just the tags that were opened by us.
 */
#include "dossier/html.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/name.h"
#include "dossier/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The tags of write_page in their order, <br> between them left out. */
static const char skeleton[] = "<html><title></title><p><bdi></bdi>"
			       "<bdi></bdi><bdi></bdi></p></html>";

static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* text holds the same bytes as data up to a NUL. */
static void
write_page(struct dsr_html *h, const char *data, size_t size,
    const char *text)
{
	dsr_html_open(h, "html");
	dsr_html_open(h, "title");
	dsr_html_foreign(h, data, size);
	dsr_html_close(h, "title");
	dsr_html_open(h, "p");
	dsr_html_attr(h, "class", text);
	dsr_html_foreign(h, data, size);
	dsr_html_foreign_lines(h, data, size);
	dsr_html_text(h, text);
	dsr_html_format(h, "a %s b", text);
	dsr_html_close(h, "p");
	dsr_html_close(h, "html");
}

#define NAME_SIZE 16

/* Reads a tag as a browser does: an attribute's value ends at its quote. */
static const char *
skip_tag(const char *s, char name[NAME_SIZE])
{
	size_t len = strcspn(s, " >");
	bool quoted = false;

	require(len < NAME_SIZE);
	memcpy(name, s, len);
	name[len] = '\0';
	for (s += len; *s != '\0' && (quoted || *s != '>'); s++)
		if (*s == '"')
			quoted = !quoted;
	require(*s == '>');
	return s + 1;
}

static void
check_tags(const char *page)
{
	const char *wanted = skeleton, *s = page;
	char name[NAME_SIZE];
	size_t len;

	while ((s = strchr(s, '<')) != NULL) {
		s = skip_tag(s, name);
		if (strcmp(name, "<br") == 0)
			continue;
		len = strlen(name);
		require(strncmp(wanted, name, len) == 0 &&
		    wanted[len] == '>');
		wanted += len + 1;
	}
	require(*wanted == '\0');
}

/* A link is written for a safe member of data/ alone. */
static void
check_link(const char *text)
{
	struct dsr_buffer out;
	struct dsr_html *h;
	struct dsr_error err;
	bool safe;

	dsr_buffer_init(&out, 1 << 20);
	if (dsr_html_new(&h, &out, &err) != 0)
		return;
	dsr_html_open_member(h, text);
	dsr_html_text(h, "x");
	if (strncmp(text, "data/", 5) == 0 &&
	    dsr_name_is_safe(text, strlen(text)))
		dsr_html_close(h, "a");
	safe = dsr_html_finish(h, &err) == 0;
	require(safe == (strncmp(text, "data/", 5) == 0 &&
	    dsr_name_is_safe(text, strlen(text))));
	dsr_html_free(h);
	dsr_buffer_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dsr_buffer out;
	struct dsr_html *h = NULL;
	struct dsr_error err;
	char *text = malloc(size + 1);

	dsr_buffer_init(&out, SIZE_MAX / 2);
	if (text == NULL || dsr_html_new(&h, &out, &err) != 0)
		goto out;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	write_page(h, (const char *)data, size, text);
	require(dsr_html_finish(h, &err) == 0);
	require(dsr_utf8_is_valid(out.data, out.len));
	require(memchr(out.data, '\0', out.len) == NULL);
	if (size > 0 && text[0] != '\0') /* an empty text has no <bdi> */
		check_tags(dsr_buffer_str(&out));
	check_link(text);
out:
	dsr_html_free(h);
	dsr_buffer_fini(&out);
	free(text);
	return 0;
}
