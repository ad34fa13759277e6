/* SPDX-License-Identifier: ISC */
#include "dossier/sense.h"

#include <string.h>

#include "dossier/limits.h"
#include "dossier/name.h"
#include "dossier/text.h"

#define FILES   "data/files/"
#define RENAMED FILES "renamed/"
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A name in base64, decoded: a line is not longer, so neither is a name. */
struct raw_name {
	uint8_t bytes[DSR_MAX_LINE];
	size_t len;
};

/* ---- names: FORMAT.md 4.2 and 4.4 ---- */

static bool
decode_name(struct raw_name *raw, const char *base64)
{
	return dsr_base64_decode(raw->bytes, sizeof(raw->bytes), &raw->len,
	    base64, strlen(base64));
}

static const char *
name_fault(const char *name, const char *base64)
{
	struct raw_name raw;

	if (base64 == NULL)
		return NULL;
	if (name != NULL)
		return "name or name_base64, not both";
	if (!decode_name(&raw, base64) ||
	    dsr_utf8_is_valid(raw.bytes, raw.len))
		return "name_base64: base64 of what is not UTF-8";
	return NULL;
}

/* Either both are there, or neither is. */
static const char *
origin_fault(const char *connector, const char *endpoint)
{
	return (connector == NULL) == (endpoint == NULL) ? NULL :
	    "connector and endpoint, or neither";
}

static const char *
exchange_number_fault(uint64_t number)
{
	return number == 0 ? "exchange: a number from 1 upwards" : NULL;
}

/* ---- documents: FORMAT.md 4.2 ---- */

/* A span that ends behind size would overflow when added up. */
static const char *
redactions_fault(const struct dsr_document *d)
{
	const struct dsr_redaction *r = d->redactions.items;
	size_t i;

	if ((d->original == NULL) != (d->redactions.count == 0))
		return "original exactly where there are redactions";
	for (i = 0; i < d->redactions.count; i++)
		if (r[i].span.offset > d->size ||
		    r[i].span.len > d->size - r[i].span.offset)
			return "redactions: spans inside of the document";
	return NULL;
}

static bool
is_renamed(const char *rest, const char *original, size_t len)
{
	char extension[DSR_EXTENSION_SIZE];

	dsr_name_extension(extension, original, len);
	return strspn(rest, "0123456789") == 9 && rest[9] == '.' &&
	    strcmp(rest + 10, extension) == 0;
}

/* FORMAT.md 3.1, rule 4: a file of a folder has its own name, or a new one. */
static const char *
folder_fault(const struct dsr_document *d)
{
	static const char wanted[] =
	    "path: that of the name, or a number and its extension";
	struct raw_name raw;

	if (strncmp(d->path, FILES, strlen(FILES)) != 0)
		return NULL; /* lines.c: a document of a case */
	if (strncmp(d->path, RENAMED, strlen(RENAMED)) != 0)
		return d->name != NULL &&
			strcmp(d->path + strlen(FILES), d->name) == 0 ?
		    NULL : wanted;
	if (d->name != NULL)
		return is_renamed(d->path + strlen(RENAMED), d->name,
		    strlen(d->name)) ? NULL : wanted;
	if (d->name_base64 == NULL || !decode_name(&raw, d->name_base64))
		return wanted;
	return is_renamed(d->path + strlen(RENAMED), (const char *)raw.bytes,
	    raw.len) ? NULL : wanted;
}

const char *
dsr_document_fault(const struct dsr_document *d)
{
	const char *faults[] = { name_fault(d->name, d->name_base64),
		origin_fault(d->connector, d->endpoint),
		exchange_number_fault(d->exchange), redactions_fault(d),
		folder_fault(d) };
	size_t i;

	for (i = 0; i < COUNT_OF(faults); i++)
		if (faults[i] != NULL)
			return faults[i];
	return NULL;
}

/* ---- exchanges: FORMAT.md 4.3 ---- */

static bool
is_lower_case(const struct dsr_list *headers)
{
	const struct dsr_header *h = headers->items;
	size_t i;

	for (i = 0; i < headers->count; i++)
		if (strpbrk(h[i].name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL)
			return false;
	return true;
}

static bool
is_among(const char *word, const char *const *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

const char *
dsr_exchange_fault(const struct dsr_exchange *e)
{
	static const char *const methods[] = { "DELETE", "GET", "POST" };

	if (!is_among(e->method, methods, COUNT_OF(methods)))
		return "method: GET, POST or DELETE";
	if (!is_lower_case(&e->request_headers) ||
	    !is_lower_case(&e->response_headers))
		return "names of headers in lower case";
	if (e->request_body != NULL && e->request_body->text != NULL &&
	    strlen(e->request_body->text) > DSR_MAX_REQUEST_TEXT)
		return "request_body: text of at most 4 KiB";
	if (e->response_body != NULL && e->response_body->text != NULL)
		return "response_body: no text";
	return NULL;
}

/* ---- gaps: FORMAT.md 4.4 ---- */

const char *
dsr_gap_fault(const struct dsr_gap *g)
{
	const char *fault = name_fault(g->name, g->name_base64);

	if (fault == NULL)
		fault = origin_fault(g->connector, g->endpoint);
	return fault != NULL ? fault : exchange_number_fault(g->exchange);
}

/* ---- statement: FORMAT.md 4.5 ---- */

static const char *
custody_fault(const struct dsr_statement *s)
{
	static const char *const acts[] = { "added", "asked", "collected",
		"erased", "packed", "planned", "redacted", "signed" };
	const struct dsr_custody *row = s->custody.items;
	size_t i;

	for (i = 0; i < s->custody.count; i++)
		if (!is_among(row[i].act, acts, COUNT_OF(acts)))
			return "custody: a known act";
	return NULL;
}

static bool
is_language(const char *s)
{
	return strlen(s) == 2 &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyz") == 2;
}

/* A language that stood twice would take the place of another page. */
static const char *
languages_fault(const struct dsr_statement *s)
{
	const char *const *word = s->languages.items;
	size_t i;

	if (s->languages.count == 0 || s->languages.count > 26 * 26)
		return "languages: at least one";
	for (i = 0; i < s->languages.count; i++)
		if (!is_language(word[i]) || is_among(word[i], word, i))
			return "languages: two small letters each, none twice";
	return NULL;
}

static const char *
empty_folders_fault(const struct dsr_statement *s)
{
	const struct dsr_folder *f = s->folder;

	if (f == NULL)
		return NULL;
	return f->empty_folders.count <= f->empty_folder_count &&
		f->empty_folders.count <= DSR_MAX_EMPTY_FOLDERS &&
		(f->empty_folders.count == 0) == (f->empty_folder_count == 0) ?
	    NULL : "empty_folders: the first, at most 1,000, of those counted";
}

const char *
dsr_statement_fault(const struct dsr_statement *s)
{
	const char *fault = custody_fault(s);

	if (fault == NULL)
		fault = languages_fault(s);
	return fault != NULL ? fault : empty_folders_fault(s);
}
