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
check_hold(const struct dsr_request *r, size_t i)
{
	struct dsr_request_hold h;
	size_t k;

	dsr_request_hold(r, i, "nl", &h);
	require(h.reason != NULL && h.reason[0] != '\0');
	require(h.endpoint == NULL || h.connector != NULL);
	require(h.item_count == 0 || h.endpoint != NULL);
	for (k = 0; k < h.item_count; k++)
		require(dsr_request_hold_item(r, i, k) != NULL);
	if (h.connector == NULL)
		return;
	/* what it names is held on its last day, by it or by one before */
	k = dsr_request_held_by(r, h.connector,
	    h.endpoint == NULL ? "x" : h.endpoint,
	    h.item_count == 0 ? NULL : dsr_request_hold_item(r, i, 0),
	    h.until == NULL ? "9999-12-31" : h.until);
	require(k >= 1 && k <= i + 1);
}

static void
check_holds(const struct dsr_request *r)
{
	size_t i, count = dsr_request_hold_count(r);

	for (i = 0; i < count && i < 100; i++)
		check_hold(r, i);
	require(dsr_request_held_by(r, "x", "y", "z", "2026-01-01") <= count);
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
		check_holds(r);
		check_page(data, size);
	} else {
		require(r == NULL && (h.count > 0 || err.code == DSR_ENOMEM ||
		    err.code == DSR_ELIMIT));
	}
	dsr_request_free(r);
	return 0;
}
