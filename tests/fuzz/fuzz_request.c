/* SPDX-License-Identifier: ISC */
/*
 * request.json: whatever it holds, mistakes have a place in it, and what is
 * accepted can be shown on a page, in every language, as text.
 */
#include "dossier/request.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/page.h"
#include "dossier/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
	const uint8_t *text;
	size_t lines; /* of the text, the last without LF included */
	size_t count;
};

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
hear(void *ctx, size_t line, size_t column, const char *message)
{
	struct heard *h = ctx;

	h->count++;
	require(line >= 1 && line <= h->lines && column >= 1);
	require(message[0] != '\0');
}

static void
check_fields(const struct dsr_request *r)
{
	static const char *const languages[] = { NULL, "en", "nl", "zz" };
	enum dsr_request_field field;
	const char *text;
	size_t i, k, count;

	for (field = 0; field < DSR_REQUEST_FIELD_COUNT; field++)
		for (k = 0; k < 4; k++) {
			count = dsr_request_count(r, field, languages[k]);
			for (i = 0; i < count; i++) {
				text = dsr_request_item(r, field, i,
				    languages[k]);
				require(text != NULL && text[0] != '\0');
				require(dsr_utf8_is_valid(text,
				    strlen(text)));
			}
			require(dsr_request_item(r, field, count,
			    languages[k]) == NULL);
		}
}

static void
check_page(const uint8_t *data, size_t size)
{
	struct dsr_statement statement;
	struct dsr_page page;
	struct dsr_buffer out;
	struct dsr_error err;

	memset(&statement, 0, sizeof(statement));
	memset(&page, 0, sizeof(page));
	statement.format = DSR_FORMAT;
	statement.software = "dossier";
	statement.version = "0";
	page.name = "x";
	page.statement = &statement;
	page.language = "en";
	page.request = (const char *)data;
	page.request_len = size;
	dsr_buffer_init(&out, DSR_MAX_START_HERE);
	require(dsr_page_write(&page, &out, &err) == 0);
	require(dsr_utf8_is_valid(out.data, out.len));
	require(strstr(dsr_buffer_str(&out), "<script") == NULL);
	dsr_buffer_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct heard h = { data, 1, 0 };
	struct dsr_request *r;
	struct dsr_error err;
	size_t i;

	for (i = 0; i < size; i++)
		h.lines += data[i] == '\n';
	if (dsr_request_parse(&r, data, size, hear, &h, &err) == 0) {
		require(h.count == 0);
		check_fields(r);
		check_page(data, size);
	} else {
		require(r == NULL && (h.count > 0 || err.code == DSR_ENOMEM ||
		    err.code == DSR_ELIMIT));
	}
	dsr_request_free(r);
	return 0;
}
