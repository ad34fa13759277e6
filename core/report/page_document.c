/* SPDX-License-Identifier: ISC */
/* One document: what it is, what is in it, where it came from. */
#include "page_parts.h"

#include <stdio.h>
#include <string.h>

#include "dossier/language.h"
#include "dossier/name.h"
#include "dossier/text.h"

#define TITLE_SHOWN 160u /* bytes */
#define URL_SHOWN   300u
#define FINGERPRINT_DIGITS 16

static const struct {
	const char *type;
	const char *text;
} media_types[] = {
	{ "application/json", N_("Data (JSON)") },
	{ "application/octet-stream", N_("File of an unknown kind") },
	{ "application/pdf", N_("PDF document") },
	{ "application/xml", N_("Data (XML)") },
	{ "application/zip", N_("ZIP archive") },
	{ "application/gzip", N_("Compressed file (gzip)") },
	{ "audio/mpeg", N_("Sound (MP3)") },
	{ "image/gif", N_("Picture (GIF)") },
	{ "image/jpeg", N_("Picture (JPEG)") },
	{ "image/png", N_("Picture (PNG)") },
	{ "image/svg+xml", N_("Picture (SVG)") },
	{ "image/webp", N_("Picture (WebP)") },
	{ "text/csv", N_("Table (CSV)") },
	{ "text/html", N_("Web page (HTML)") },
	{ "text/plain", N_("Text") },
	{ "video/mp4", N_("Film (MP4)") },
};

/* What names a document, and what dates it, the best first. */
static const char *const title_names[] = { "displayName", "friendlyName",
	"title", "subject", "name", "fileName", "filename", "summary",
	"login", "email", "mail" };
static const char *const date_names[] = { "createdUtc", "createdDateTime",
	"createdTime", "createdAt", "created_at", "created", "createdOn",
	"creationTime", "sentDateTime", "receivedDateTime", "startTimeUtc",
	"startTime", "start_time", "timestamp", "date", "time",
	"lastModifiedDateTime", "modifiedTimeUtc", "modified", "updatedAt",
	"updated_at" };

struct document {
	const struct page_writer *w;
	const struct dsr_document *doc;
	const char *bytes; /* NULL: not at hand */
	size_t len;
	struct dsr_json *json; /* NULL: it is no JSON */
	char title[TITLE_SHOWN + 1];
	bool has_date;
	struct page_moment date;
};

void
dsr_page_media_type(const struct page_writer *w, const char *type)
{
	size_t i;

	for (i = 0; i < sizeof(media_types) / sizeof(media_types[0]); i++)
		if (strcmp(media_types[i].type, type) == 0) {
			dsr_html_text(w->html, _(media_types[i].text));
			return;
		}
	dsr_page_cut(w, type, strlen(type), TITLE_SHOWN);
}

/* ---- what stands in the line that is folded -------------------------------- */

static bool
is_json(const struct dsr_document *doc)
{
	char extension[DSR_EXTENSION_SIZE];

	dsr_name_extension(extension, doc->path, strlen(doc->path));
	return strcmp(extension, "json") == 0;
}

static const struct dsr_json_value *
find_member(const struct dsr_json_value *object, const char *const *names,
    size_t count)
{
	const struct dsr_json_value *v;
	size_t i, len;

	for (i = 0; i < count; i++) {
		v = dsr_json_get(object, names[i]);
		if (dsr_json_string(v, &len) != NULL && len > 0)
			return v;
	}
	return NULL;
}

/* In the object itself, else in one that is a member of it. */
static const struct dsr_json_value *
find_near(const struct dsr_json_value *object, const char *const *names,
    size_t count)
{
	const struct dsr_json_value *v = find_member(object, names, count), *m;

	for (m = dsr_json_first(object); v == NULL && m != NULL;
	     m = dsr_json_next(m))
		if (dsr_json_type_of(m) == DSR_JSON_OBJECT)
			v = find_member(m, names, count);
	return v;
}

bool
dsr_page_find_date(struct page_moment *m, const struct dsr_json_value *root)
{
	const struct dsr_json_value *v;
	const char *text;
	size_t len;

	v = find_near(root, date_names,
	    sizeof(date_names) / sizeof(date_names[0]));
	text = dsr_json_string(v, &len);
	return text != NULL && dsr_page_moment_parse(m, text, len);
}

/* What is no JSON is shown as text. */
static int
read_json(struct document *d, struct dsr_error *err)
{
	const struct dsr_json_value *root, *v;

	if (d->bytes == NULL || !is_json(d->doc))
		return 0;
	if (dsr_json_parse_if(&d->json, d->bytes, d->len, err) != 0)
		return -1;
	root = dsr_json_root(d->json);
	if (root == NULL || dsr_json_type_of(root) != DSR_JSON_OBJECT)
		return 0;
	d->has_date = dsr_page_find_date(&d->date, root);
	v = find_near(root, title_names,
	    sizeof(title_names) / sizeof(title_names[0]));
	if (v != NULL && dsr_json_string(v, NULL) != NULL)
		(void)snprintf(d->title, sizeof(d->title), "%s",
		    dsr_json_string(v, NULL));
	return 0;
}

/* The original name when it was not UTF-8: any bytes, shown as escapes. */
static bool
write_name_bytes(const struct page_writer *w, const char *base64)
{
	uint8_t name[DSR_MAX_LINE];
	size_t len;

	if (base64 == NULL || !dsr_base64_decode(name, sizeof(name), &len,
	    base64, strlen(base64)))
		return false;
	dsr_page_cut(w, (const char *)name, len, TITLE_SHOWN);
	return true;
}

static const char *
file_name(const struct dsr_document *doc)
{
	const char *slash = strrchr(doc->path, '/');

	return slash != NULL ? slash + 1 : doc->path;
}

static void
write_title(const struct document *d)
{
	const char *title = d->doc->name;

	if (title == NULL && write_name_bytes(d->w, d->doc->name_base64))
		return;
	if (title == NULL && d->title[0] != '\0') {
		/* snprintf may have cut a character in two */
		size_t len = strlen(d->title);

		while (len > 0 && !dsr_utf8_is_valid(d->title, len))
			len--;
		dsr_page_cut(d->w, d->title, len, TITLE_SHOWN);
		return;
	}
	if (title == NULL || title[0] == '\0')
		title = d->doc->item;
	if (title == NULL || title[0] == '\0')
		title = file_name(d->doc);
	dsr_page_cut(d->w, title, strlen(title), TITLE_SHOWN);
}

static void
write_summary(const struct document *d)
{
	struct dsr_html *h = d->w->html;
	char size[PAGE_WORD_SIZE];

	dsr_html_open(h, "summary");
	dsr_html_open(h, "span");
	dsr_html_attr(h, "class", "title");
	write_title(d);
	dsr_html_close(h, "span");
	dsr_html_text(h, " ");
	dsr_html_open(h, "span");
	dsr_html_attr(h, "class", "aside");
	if (d->has_date)
		dsr_page_moment(d->w, &d->date, false);
	if (d->json == NULL) {
		if (d->doc->media_type != NULL) {
			dsr_page_media_type(d->w, d->doc->media_type);
			dsr_html_text(h, ", ");
		}
		dsr_page_size(size, d->w, d->doc->size);
		dsr_html_text(h, size);
	}
	dsr_html_close(h, "span");
	dsr_html_close(h, "summary");
}

/* ---- what is in it ------------------------------------------------------------ */

static void
write_content(const struct document *d, const struct dsr_labels *labels)
{
	struct page_source source = { d->bytes, *labels,
		d->doc->redactions.count > 0 };
	struct dsr_html *h = d->w->html;

	if (d->json != NULL) {
		dsr_html_open(h, "div");
		dsr_html_attr(h, "class", "values");
		dsr_page_values(d->w, &source, dsr_json_root(d->json));
		dsr_html_close(h, "div");
	} else if (d->bytes == NULL) {
		dsr_page_paragraph(d->w, "soft", d->doc->size == 0 ?
		    _("It is empty.") :
		    _("What is in it is not shown here: open the file."));
	} else {
		if (is_json(d->doc))
			dsr_page_paragraph(d->w, "soft", _("It says that it "
			    "is data (JSON), but it is not well formed: "
			    "shown as it is written."));
		dsr_html_open(h, "div");
		dsr_html_attr(h, "class", "values");
		if (d->len == d->doc->size)
			dsr_page_text(d->w, d->bytes, d->len);
		else
			dsr_page_folded(d->w, d->bytes, d->len, false);
		dsr_html_close(h, "div");
	}
}

static void
write_hidden(const struct document *d)
{
	const struct dsr_redaction *r = d->doc->redactions.items;
	size_t i, count = d->doc->redactions.count;
	char number[PAGE_WORD_SIZE];

	if (count == 0)
		return;
	dsr_page_number(number, d->w, count);
	dsr_html_open(d->w->html, "p");
	dsr_html_attr(d->w->html, "class", "soft");
	dsr_html_format(d->w->html, P_("%s value in it is hidden:",
	    "%s values in it are hidden:", dsr_page_plural(count)), number);
	for (i = 0; i < count && i < 10; i++) {
		dsr_html_text(d->w->html, i == 0 ? " " : ", ");
		dsr_page_cut(d->w, r[i].path, strlen(r[i].path), TITLE_SHOWN);
		dsr_html_text(d->w->html, " (");
		dsr_page_reason(d->w, r[i].reason, strlen(r[i].reason));
		dsr_html_text(d->w->html, ")");
	}
	dsr_html_text(d->w->html, i < count ? ", …" : ".");
	dsr_html_close(d->w->html, "p");
}

/* ---- where it came from --------------------------------------------------------- */

static void
open_origin(const struct document *d, const char *name)
{
	dsr_html_simple(d->w->html, "dt", name);
	dsr_html_open(d->w->html, "dd");
}

static void
close_origin(const struct document *d)
{
	dsr_html_close(d->w->html, "dd");
}

static void
write_file(const struct document *d)
{
	const char *path = d->doc->path;
	char word[PAGE_WORD_SIZE];

	open_origin(d, _("File"));
	/* a verifier's page lies beside the archive, not in it */
	if (d->w->page->verdict == NULL &&
	    dsr_name_is_safe(path, strlen(path)) &&
	    strncmp(path, "data/", 5) == 0) {
		dsr_html_open_member(d->w->html, path);
		dsr_html_text(d->w->html, path);
		dsr_html_close(d->w->html, "a");
	} else {
		dsr_page_cut(d->w, path, strlen(path), TITLE_SHOWN);
	}
	dsr_page_size(word, d->w, d->doc->size);
	dsr_html_text(d->w->html, ", ");
	dsr_html_text(d->w->html, word);
	close_origin(d);
	open_origin(d, _("Fingerprint (first digits)"));
	dsr_page_fingerprint(word, d->doc->sha256, FINGERPRINT_DIGITS);
	dsr_html_simple(d->w->html, "code", word);
	close_origin(d);
}

/*
 * Who added a document by hand: the act of the custody in which it was done.
 * NULL when that cannot be told, as of two that began in the same second.
 */
static const struct dsr_custody *
find_adder(const struct document *d)
{
	const struct dsr_list *list = &d->w->statement->custody;
	const struct dsr_custody *c = list->items, *found = NULL;
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (strcmp(c[i].act, "added") != 0 ||
		    strcmp(c[i].time, d->doc->retrieved) > 0)
			continue;
		if (found != NULL && strcmp(found->time, c[i].time) == 0)
			return NULL;
		found = &c[i];
	}
	return found;
}

static void
write_adder(const struct document *d)
{
	const struct dsr_custody *who = find_adder(d);

	if (who == NULL || (who->by == NULL && who->account == NULL))
		return;
	open_origin(d, _("Added by hand by"));
	if (who->by != NULL)
		dsr_page_cut(d->w, who->by, strlen(who->by), TITLE_SHOWN);
	if (who->by != NULL && who->account != NULL)
		dsr_html_text(d->w->html, ", ");
	if (who->account != NULL)
		dsr_page_cut(d->w, who->account, strlen(who->account),
		    TITLE_SHOWN);
	close_origin(d);
}

static void
write_origin(const struct document *d)
{
	const struct dsr_document *doc = d->doc;
	const bool manual = doc->connector != NULL &&
	    strcmp(doc->connector, DSR_MANUAL) == 0;

	dsr_html_open(d->w->html, "dl");
	dsr_html_attr(d->w->html, "class", "origin");
	write_file(d);
	if (doc->retrieved != NULL) {
		open_origin(d, manual ? _("Added by hand on")
				      : _("Obtained on"));
		dsr_page_time(d->w, doc->retrieved);
		close_origin(d);
		if (manual)
			write_adder(d);
	}
	if (doc->source_url != NULL) {
		open_origin(d, _("From where"));
		dsr_page_cut(d->w, doc->source_url, strlen(doc->source_url),
		    URL_SHOWN);
		close_origin(d);
	}
	if (doc->media_type != NULL) {
		open_origin(d, _("Kind of file"));
		dsr_page_media_type(d->w, doc->media_type);
		close_origin(d);
	}
	dsr_html_close(d->w->html, "dl");
}

int
dsr_page_document(const struct page_writer *w,
    const struct dsr_document *doc, const struct dsr_labels *labels,
    const void *bytes, size_t len, bool open, struct dsr_error *err)
{
	struct document d = { .w = w, .doc = doc, .bytes = bytes,
		.len = len };

	if (read_json(&d, err) != 0)
		return -1;
	dsr_html_open(w->html, "details");
	dsr_html_attr(w->html, "class", "document");
	if (open)
		dsr_html_attr(w->html, "open", NULL);
	write_summary(&d);
	write_content(&d, labels);
	write_hidden(&d);
	write_origin(&d);
	dsr_html_close(w->html, "details");
	dsr_json_free(d.json);
	return 0;
}
