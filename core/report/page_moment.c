/* SPDX-License-Identifier: ISC */
/* Times and durations, read as services write them, written for people. */
#include "page_parts.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/language.h"

static const char *const months[] = { N_("January"), N_("February"),
	N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
	N_("August"), N_("September"), N_("October"), N_("November"),
	N_("December") };

/* Bytes not read yet. */
struct reader {
	const char *s;
	size_t len;
};

static bool
skip(struct reader *r, char c)
{
	if (r->len == 0 || *r->s != c)
		return false;
	r->s++;
	r->len--;
	return true;
}

/* Exactly count digits, between min and max. */
static bool
read_digits(struct reader *r, size_t count, int min, int max, int *out)
{
	int n = 0;

	if (r->len < count)
		return false;
	for (; count > 0; count--, r->s++, r->len--) {
		if (*r->s < '0' || *r->s > '9')
			return false;
		n = 10 * n + (*r->s - '0');
	}
	*out = n;
	return n >= min && n <= max;
}

static int
days_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool
read_date(struct reader *r, struct page_moment *m)
{
	return read_digits(r, 4, 1, 9999, &m->year) && skip(r, '-') &&
	    read_digits(r, 2, 1, 12, &m->month) && skip(r, '-') &&
	    read_digits(r, 2, 1, days_of(m->year, m->month), &m->day);
}

static bool
read_clock(struct reader *r, struct page_moment *m)
{
	if (!read_digits(r, 2, 0, 23, &m->hour) || !skip(r, ':') ||
	    !read_digits(r, 2, 0, 59, &m->minute))
		return false;
	m->has_time = true;
	if (!skip(r, ':'))
		return true;
	if (!read_digits(r, 2, 0, 60, &m->second))
		return false;
	if (!skip(r, '.'))
		return true;
	if (r->len == 0 || !isdigit((unsigned char)*r->s))
		return false;
	while (r->len > 0 && isdigit((unsigned char)*r->s)) {
		r->s++;
		r->len--;
	}
	return true;
}

static bool
read_zone(struct reader *r, struct page_moment *m)
{
	int hours, minutes = 0, sign = 1;

	if (r->len == 0)
		return true;
	m->has_zone = true;
	if (skip(r, 'Z'))
		return true;
	if (skip(r, '-'))
		sign = -1;
	else if (!skip(r, '+'))
		return false;
	if (!read_digits(r, 2, 0, 14, &hours))
		return false;
	(void)skip(r, ':');
	if (r->len > 0 && !read_digits(r, 2, 0, 59, &minutes))
		return false;
	m->zone = sign * (60 * hours + minutes);
	return true;
}

bool
dsr_page_moment_parse(struct page_moment *m, const char *s, size_t len)
{
	struct reader r = { s, len };

	memset(m, 0, sizeof(*m));
	if (len < 10 || len > 40 || !read_date(&r, m))
		return false;
	if (r.len == 0)
		return true;
	if (!skip(&r, 'T') && !skip(&r, ' '))
		return false;
	return read_clock(&r, m) && read_zone(&r, m) && r.len == 0;
}

/* As HTML wants it in <time datetime>. */
static void
format_machine(char out[PAGE_WORD_SIZE], const struct page_moment *m)
{
	char clock[24] = "", zone[16] = "";
	int zone_minutes = abs(m->zone);

	if (m->has_time)
		(void)snprintf(clock, sizeof(clock), "T%02d:%02d:%02d",
		    m->hour, m->minute, m->second > 59 ? 59 : m->second);
	if (m->has_zone && m->zone == 0)
		(void)snprintf(zone, sizeof(zone), "Z");
	else if (m->has_zone)
		(void)snprintf(zone, sizeof(zone), "%c%02d:%02d",
		    m->zone < 0 ? '-' : '+', zone_minutes / 60,
		    zone_minutes % 60);
	(void)snprintf(out, PAGE_WORD_SIZE, "%04d-%02d-%02d%s%s", m->year,
	    m->month, m->day, clock, zone);
}

static void
format_date(char out[PAGE_WORD_SIZE], const struct page_moment *m)
{
	const char *month = _(months[m->month - 1]);

	/* TRANSLATORS: the first of a month: French writes "1er mars 2026" */
	if (m->day == 1)
		(void)snprintf(out, PAGE_WORD_SIZE, _("1 %s %d"), month,
		    m->year);
	else
		/* TRANSLATORS: day, month, year: "12 March 2026" */
		(void)snprintf(out, PAGE_WORD_SIZE, _("%d %s %d"), m->day,
		    month, m->year);
}

void
dsr_page_month(char out[PAGE_WORD_SIZE], int year, int month)
{
	/* TRANSLATORS: month and year: "March 2026" */
	(void)snprintf(out, PAGE_WORD_SIZE, _("%s %d"), _(months[month - 1]),
	    year);
}

void
dsr_page_day(char out[PAGE_WORD_SIZE], const struct page_moment *m)
{
	format_date(out, m);
}

static void
write_clock(const struct page_writer *w, const struct page_moment *m,
    bool seconds)
{
	char text[PAGE_WORD_SIZE];
	int zone = abs(m->zone);

	(void)snprintf(text, sizeof(text), ", %02d:%02d", m->hour, m->minute);
	dsr_html_text(w->html, text);
	if (seconds) {
		(void)snprintf(text, sizeof(text), ":%02d", m->second);
		dsr_html_text(w->html, text);
	}
	if (!m->has_zone)
		return;
	(void)snprintf(text, sizeof(text), " (UTC%c%02d:%02d)",
	    m->zone < 0 ? '-' : '+', zone / 60, zone % 60);
	dsr_html_text(w->html, m->zone == 0 ? " UTC" : text);
}

void
dsr_page_moment(const struct page_writer *w, const struct page_moment *m,
    bool seconds)
{
	char text[PAGE_WORD_SIZE];

	format_machine(text, m);
	dsr_html_open(w->html, "time");
	dsr_html_attr(w->html, "datetime", text);
	format_date(text, m);
	dsr_html_text(w->html, text);
	if (m->has_time)
		write_clock(w, m, seconds);
	dsr_html_close(w->html, "time");
}

void
dsr_page_time(const struct page_writer *w, const char *when)
{
	struct page_moment m;

	if (when == NULL)
		return;
	if (dsr_page_moment_parse(&m, when, strlen(when)))
		dsr_page_moment(w, &m, false);
	else
		dsr_page_cut(w, when, strlen(when), 40);
}

/* ---- durations ------------------------------------------------------------- */

/* Up to nine digits. */
static bool
read_count(struct reader *r, uint64_t *out)
{
	size_t digits;

	*out = 0;
	for (digits = 0; r->len > 0 && isdigit((unsigned char)*r->s);
	     digits++, r->s++, r->len--)
		*out = 10 * *out + (uint64_t)(*r->s - '0');
	return digits > 0 && digits <= 9;
}

/* The same with a fraction, of which three digits are kept. */
static bool
read_amount(struct reader *r, struct page_amount *out)
{
	size_t fraction = 0;

	memset(out, 0, sizeof(*out));
	if (r->len > 32 || !read_count(r, &out->whole))
		return false;
	if (!skip(r, '.') && !skip(r, ','))
		return true;
	for (; r->len > 0 && isdigit((unsigned char)*r->s); r->s++, r->len--)
		if (fraction < 3)
			out->fraction[fraction++] = *r->s;
	while (fraction > 0 && out->fraction[fraction - 1] == '0')
		out->fraction[--fraction] = '\0';
	return true;
}

bool
dsr_page_duration_parse(struct page_duration *d, const char *s, size_t len)
{
	static const char date[] = "YMWD", clock[] = "HMS";
	struct reader r = { s, len };
	struct page_amount amount;
	const char *units = date, *unit;
	bool some = false;

	memset(d, 0, sizeof(*d));
	if (len > 64 || !skip(&r, 'P'))
		return false;
	while (r.len > 0) {
		if (units == date && skip(&r, 'T')) {
			units = clock;
			some = false;
		}
		if (!read_amount(&r, &amount) || r.len == 0 ||
		    (unit = strchr(units, *r.s)) == NULL)
			return false;
		d->amount[(units == clock ? 4 : 0) + (unit - units)] = amount;
		(void)skip(&r, *r.s);
		some = true;
	}
	return some;
}

bool
dsr_page_span_parse(struct page_duration *d, const char *s, size_t len)
{
	struct reader r = { s, len };
	struct page_amount *a = d->amount;

	memset(d, 0, sizeof(*d));
	if (len > 32 || !read_count(&r, &a[PAGE_HOURS].whole))
		return false;
	if (skip(&r, '.')) {
		a[PAGE_DAYS] = a[PAGE_HOURS];
		if (!read_count(&r, &a[PAGE_HOURS].whole))
			return false;
	}
	return skip(&r, ':') && read_count(&r, &a[PAGE_MINUTES].whole) &&
	    skip(&r, ':') && read_amount(&r, &a[PAGE_SECONDS]) && r.len == 0 &&
	    a[PAGE_MINUTES].whole < 60 && a[PAGE_SECONDS].whole < 60;
}

static void
write_amount(const struct page_writer *w, size_t unit, unsigned long n,
    const char *text)
{
	struct dsr_html *h = w->html;

	switch (unit) {
	case 0:
		dsr_html_format(h, P_("%s year", "%s years", n), text);
		break;
	case 1:
		dsr_html_format(h, P_("%s month", "%s months", n), text);
		break;
	case 2:
		dsr_html_format(h, P_("%s week", "%s weeks", n), text);
		break;
	case PAGE_DAYS:
		dsr_html_format(h, P_("%s day", "%s days", n), text);
		break;
	case PAGE_HOURS:
		dsr_html_format(h, P_("%s hour", "%s hours", n), text);
		break;
	case PAGE_MINUTES:
		dsr_html_format(h, P_("%s minute", "%s minutes", n), text);
		break;
	default:
		dsr_html_format(h, P_("%s second", "%s seconds", n), text);
		break;
	}
}

void
dsr_page_duration(const struct page_writer *w, const struct page_duration *d)
{
	char number[PAGE_WORD_SIZE], text[PAGE_WORD_SIZE];
	const struct page_amount *a;
	size_t i, written = 0;
	unsigned long plural;

	for (i = 0; i < PAGE_UNITS; i++) {
		a = &d->amount[i];
		if (a->whole == 0 && a->fraction[0] == '\0' &&
		    (i + 1 < PAGE_UNITS || written > 0))
			continue;
		dsr_page_number(number, w, a->whole);
		/* 1.5 is more than one in every language here but French */
		plural = a->fraction[0] == '\0' ? dsr_page_plural(a->whole)
		    : a->whole < 2 && strcmp(w->language, "fr") == 0 ? 1 : 2;
		(void)snprintf(text, sizeof(text), "%.60s%s%s", number,
		    a->fraction[0] == '\0' ? "" : dsr_page_point(w),
		    a->fraction);
		if (written++ > 0)
			dsr_html_text(w->html, " ");
		write_amount(w, i, plural, text);
	}
}
