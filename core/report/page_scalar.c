/* SPDX-License-Identifier: ISC */
/* One value for people: a date, a size, a state, a text. */
#include "page_parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "dossier/language.h"

#define TEXT_UNFOLDED 400u   /* bytes: a longer text is folded */
#define LINES_UNFOLDED 6u
#define TEXT_BEGINNING 100u  /* bytes of it that stand beside the fold */
#define TEXT_MOST     20000u /* bytes of one text */

static void
write_soft(const struct page_writer *w, const char *text)
{
	dsr_html_open(w->html, "span");
	dsr_html_attr(w->html, "class", "soft");
	dsr_html_text(w->html, text);
	dsr_html_close(w->html, "span");
}

/* ---- numbers ------------------------------------------------------------------ */

enum unit { UNIT_NONE, UNIT_BYTES, UNIT_SECONDS, UNIT_MILLISECONDS,
	UNIT_MOMENT };

/*
 * What a number means, where its name leaves no doubt. Endings with a capital
 * are those of camelCase: "timeMs" but not "items".
 */
static enum unit
unit_of(const char *name)
{
	static const struct {
		const char *end;
		enum unit unit;
	} ends[] = {
		{ "InBytes", UNIT_BYTES }, { "_bytes", UNIT_BYTES },
		{ "Bytes", UNIT_BYTES }, { "sizeBytes", UNIT_BYTES },
		{ "ContentLength", UNIT_BYTES },
		{ "contentLength", UNIT_BYTES },
		{ "content-length", UNIT_BYTES },
		{ "fileSize", UNIT_BYTES }, { "FileSize", UNIT_BYTES },
		{ "file_size", UNIT_BYTES },
		{ "InSeconds", UNIT_SECONDS }, { "Seconds", UNIT_SECONDS },
		{ "_seconds", UNIT_SECONDS },
		{ "InMilliseconds", UNIT_MILLISECONDS },
		{ "Milliseconds", UNIT_MILLISECONDS },
		{ "_milliseconds", UNIT_MILLISECONDS },
		{ "Ms", UNIT_MILLISECONDS }, { "_ms", UNIT_MILLISECONDS },
		{ "imestamp", UNIT_MOMENT }, { "Time", UNIT_MOMENT },
		{ "_time", UNIT_MOMENT }, { "time", UNIT_MOMENT },
		{ "Date", UNIT_MOMENT }, { "_date", UNIT_MOMENT },
		{ "date", UNIT_MOMENT }, { "_at", UNIT_MOMENT },
		{ "At", UNIT_MOMENT },
	};
	size_t i, len, end;

	if (name == NULL)
		return UNIT_NONE;
	if (strcmp(name, "bytes") == 0)
		return UNIT_BYTES;
	if (strcmp(name, "seconds") == 0)
		return UNIT_SECONDS;
	len = strlen(name);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		end = strlen(ends[i].end);
		if (len >= end && strcmp(name + len - end, ends[i].end) == 0)
			return ends[i].unit;
	}
	return UNIT_NONE;
}

/* Seconds or milliseconds since 1970, when they fall between 1990 and 2100. */
static bool
is_moment(int64_t n, struct page_moment *m)
{
	time_t t = (time_t)(n >= 631152000000 ? n / 1000 : n);
	struct tm tm;

	if (t < 631152000 || t >= 4102444800 || gmtime_r(&t, &tm) == NULL)
		return false;
	memset(m, 0, sizeof(*m));
	m->year = tm.tm_year + 1900;
	m->month = tm.tm_mon + 1;
	m->day = tm.tm_mday;
	m->hour = tm.tm_hour;
	m->minute = tm.tm_min;
	m->second = tm.tm_sec;
	m->has_time = m->has_zone = true;
	return true;
}

static void
set_seconds(struct page_duration *d, uint64_t milliseconds)
{
	uint64_t seconds = milliseconds / 1000, rest = milliseconds % 1000;
	char *f = d->amount[PAGE_SECONDS].fraction;

	memset(d, 0, sizeof(*d));
	d->amount[PAGE_DAYS].whole = seconds / 86400;
	d->amount[PAGE_HOURS].whole = seconds / 3600 % 24;
	d->amount[PAGE_MINUTES].whole = seconds / 60 % 60;
	d->amount[PAGE_SECONDS].whole = seconds % 60;
	if (rest == 0)
		return;
	f[0] = (char)('0' + rest / 100);
	f[1] = (char)('0' + rest / 10 % 10);
	f[2] = (char)('0' + rest % 10);
	while (f[strlen(f) - 1] == '0')
		f[strlen(f) - 1] = '\0';
}

/* In words; false when the name does not say what the number is. */
static bool
explain_number(const struct page_writer *w, const char *name, int64_t n)
{
	enum unit unit = n < 0 ? UNIT_NONE : unit_of(name);
	struct page_duration d;
	struct page_moment m;
	char size[PAGE_WORD_SIZE];

	switch (unit) {
	case UNIT_BYTES:
		dsr_page_size(size, w, (uint64_t)n);
		dsr_html_text(w->html, size);
		return true;
	case UNIT_SECONDS:
	case UNIT_MILLISECONDS:
		if (n > INT64_MAX / 1000)
			return false;
		set_seconds(&d, (uint64_t)(unit == UNIT_SECONDS ? n * 1000
								: n));
		dsr_page_duration(w, &d);
		return true;
	case UNIT_MOMENT:
		if (!is_moment(n, &m))
			return false;
		dsr_page_moment(w, &m, true);
		return true;
	case UNIT_NONE:
		break;
	}
	return false;
}

static void
write_original(const struct page_writer *w, const char *text, size_t len)
{
	dsr_html_text(w->html, " ");
	dsr_html_open(w->html, "span");
	dsr_html_attr(w->html, "class", "soft");
	dsr_html_text(w->html, "(");
	dsr_page_cut(w, text, len, TEXT_BEGINNING);
	dsr_html_text(w->html, ")");
	dsr_html_close(w->html, "span");
}

/* As it stands in the document, after what it means when that is known. */
static void
write_number(const struct page_writer *w, const struct page_source *s,
    const char *name, const struct dsr_json_value *v)
{
	size_t offset, len;
	int64_t n;

	dsr_json_span(v, &offset, &len);
	if (dsr_json_integer(v, &n) && explain_number(w, name, n))
		write_original(w, s->text + offset, len);
	else
		dsr_page_cut(w, s->text + offset, len, TEXT_UNFOLDED);
}

/* ---- texts ------------------------------------------------------------------------ */

static size_t
count_lines(const char *text, size_t len)
{
	const char *end = text + len;
	size_t lines = 1;

	for (; text < end && (text = memchr(text, '\n',
	    (size_t)(end - text))) != NULL; text++)
		lines++;
	return lines;
}

/* Not through the middle of a character. */
static size_t
cut_at(const char *text, size_t max)
{
	while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80)
		max--;
	return max;
}

/* The first line that is not blank, cut where it is long. */
static const char *
first_line(const char *text, size_t len, size_t *line_len)
{
	const char *end = text + len, *s = text, *line_end;

	while (s < end && strchr(" \t\r\n", *s) != NULL && *s != '\0')
		s++;
	for (line_end = s; line_end < end; line_end++)
		if (*line_end == '\n' || *line_end == '\r')
			break;
	*line_len = (size_t)(line_end - s);
	if (*line_len > TEXT_BEGINNING)
		*line_len = cut_at(s, TEXT_BEGINNING);
	return s;
}

void
dsr_page_folded(const struct page_writer *w, const char *text, size_t len,
    bool is_whole)
{
	size_t shown = len > TEXT_MOST ? cut_at(text, TEXT_MOST) : len;
	size_t beginning;
	const char *first;

	dsr_html_open(w->html, "details");
	dsr_html_attr(w->html, "class", "text");
	dsr_html_open(w->html, "summary");
	first = first_line(text, len, &beginning);
	dsr_html_foreign(w->html, first, beginning);
	dsr_html_text(w->html, " …");
	dsr_html_close(w->html, "summary");
	dsr_html_open(w->html, "p");
	dsr_html_foreign_lines(w->html, text, shown);
	if (shown < len || !is_whole)
		write_soft(w, _(" … (cut here)"));
	dsr_html_close(w->html, "p");
	dsr_html_close(w->html, "details");
}

void
dsr_page_text(const struct page_writer *w, const char *text, size_t len)
{
	if (len == 0)
		write_soft(w, _("empty"));
	else if (len > TEXT_UNFOLDED ||
	    count_lines(text, len) > LINES_UNFOLDED)
		dsr_page_folded(w, text, len, true);
	else
		dsr_html_foreign_lines(w->html, text, len);
}

/* A string with half a character in it has no text: shown as written. */
static void
write_ill_formed(const struct page_writer *w, const struct page_source *s,
    const struct dsr_json_value *v)
{
	size_t offset, len;

	dsr_json_span(v, &offset, &len);
	if (len >= 2)
		dsr_page_cut(w, s->text + offset + 1, len - 2, TEXT_UNFOLDED);
	dsr_html_text(w->html, " ");
	write_soft(w, _("(this text is damaged: it is shown as it is written "
	    "in the document)"));
}

/* What the connector or common usage says of a word. */
static bool
explain_word(const struct page_writer *w, const struct page_source *s,
    const char *name, const char *text, size_t len)
{
	const char *meaning;

	if (name == NULL || len > 80 || memchr(text, '\0', len) != NULL)
		return false;
	meaning = dsr_label_value(&s->labels, name, text, w->language);
	if (meaning != NULL)
		dsr_page_cut(w, meaning, strlen(meaning), TEXT_UNFOLDED);
	else if ((meaning = dsr_page_common_state(name, text)) != NULL)
		dsr_html_text(w->html, meaning);
	else
		return false;
	if (strcasecmp(meaning, text) != 0)
		write_original(w, text, len);
	return true;
}

void
dsr_page_reason(const struct page_writer *w, const char *reason, size_t len)
{
	if (len == 10 && memcmp(reason, "credential", 10) == 0)
		dsr_html_text(w->html, _("it opens a door, like a password"));
	else
		dsr_page_cut(w, reason, len, TEXT_BEGINNING);
}

/* "[redacted: credential]" in a document of which something was hidden */
static bool
explain_redaction(const struct page_writer *w, const struct page_source *s,
    const char *text, size_t len)
{
	static const char start[] = "[redacted: ";

	if (!s->redacted || len < sizeof(start) || text[len - 1] != ']' ||
	    memcmp(text, start, sizeof(start) - 1) != 0)
		return false;
	dsr_html_open(w->html, "span");
	dsr_html_attr(w->html, "class", "missing");
	dsr_html_text(w->html, _("hidden"));
	dsr_html_text(w->html, ": ");
	dsr_page_reason(w, text + sizeof(start) - 1, len - sizeof(start));
	dsr_html_close(w->html, "span");
	return true;
}

static void
write_string(const struct page_writer *w, const struct page_source *s,
    const char *name, const struct dsr_json_value *v)
{
	struct page_duration d;
	struct page_moment m;
	size_t len;
	const char *text = dsr_json_string(v, &len);

	if (text == NULL)
		write_ill_formed(w, s, v);
	else if (dsr_page_moment_parse(&m, text, len))
		dsr_page_moment(w, &m, true);
	else if (dsr_page_duration_parse(&d, text, len) ||
	    (name != NULL && dsr_page_name_ends(name, "duration") &&
	    dsr_page_span_parse(&d, text, len)))
		dsr_page_duration(w, &d);
	else if (!explain_redaction(w, s, text, len) &&
	    !explain_word(w, s, name, text, len))
		dsr_page_text(w, text, len);
}

/* true and false, or what the connector says that they mean. */
static void
write_boolean(const struct page_writer *w, const struct page_source *s,
    const char *name, bool value)
{
	const char *meaning = name == NULL ? NULL : dsr_label_value(
	    &s->labels, name, value ? "true" : "false", w->language);

	if (meaning != NULL)
		dsr_page_cut(w, meaning, strlen(meaning), TEXT_UNFOLDED);
	else
		dsr_html_text(w->html, value ? _("yes") : _("no"));
}

static bool
explain_code(const struct page_writer *w, const struct page_source *s,
    const char *name, const struct dsr_json_value *v)
{
	size_t offset, len;
	char code[32];

	dsr_json_span(v, &offset, &len);
	if (name == NULL || len >= sizeof(code))
		return false;
	memcpy(code, s->text + offset, len);
	code[len] = '\0';
	if (dsr_label_value(&s->labels, name, code, w->language) == NULL)
		return false;
	return explain_word(w, s, name, code, len);
}

void
dsr_page_scalar(const struct page_writer *w, const struct page_source *s,
    const char *name, const struct dsr_json_value *v)
{
	switch (dsr_json_type_of(v)) {
	case DSR_JSON_NULL:
		write_soft(w, _("no value"));
		break;
	case DSR_JSON_FALSE:
	case DSR_JSON_TRUE:
		write_boolean(w, s, name, dsr_json_type_of(v) ==
		    DSR_JSON_TRUE);
		break;
	case DSR_JSON_NUMBER:
		if (!explain_code(w, s, name, v))
			write_number(w, s, name, v);
		break;
	case DSR_JSON_STRING:
		write_string(w, s, name, v);
		break;
	case DSR_JSON_ARRAY:
	case DSR_JSON_OBJECT:
		write_soft(w, _("empty"));
		break;
	}
}
