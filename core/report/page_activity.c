/* SPDX-License-Identifier: ISC */
/* When things happened: documents that bear a date, by month or by year. */
#include "page_parts.h"

#include <stdio.h>
#include <string.h>

#include "dossier/json.h"
#include "dossier/language.h"

#define FIRST_YEAR   1990
#define YEARS        120
#define MONTHS       (12u * YEARS)
#define COLUMNS_MOST 72u    /* months; more are counted by year */
#define COLUMNS_LEAST 12u
#define DOCUMENTS    4000u  /* that are looked at */
#define BYTES        16777216u
#define WIDTH        720u   /* of the drawing, in its own units */
#define HEIGHT       120u

struct activity {
	uint32_t month[MONTHS];
	size_t first, last; /* months that have any */
	uint64_t dated;
	/* what is drawn */
	size_t step;        /* months in a column: 1 or 12 */
	uint64_t most;
};

static int
count_document(struct activity *a, const void *bytes, size_t len,
    struct dsr_error *err)
{
	struct dsr_json *json = NULL;
	struct page_moment m;
	size_t i;

	if (dsr_json_parse_if(&json, bytes, len, err) != 0)
		return -1;
	if (json == NULL)
		return 0;
	if (dsr_page_find_date(&m, dsr_json_root(json)) &&
	    m.year >= FIRST_YEAR && m.year < FIRST_YEAR + YEARS) {
		i = (size_t)(12 * (m.year - FIRST_YEAR) + m.month - 1);
		a->month[i]++;
		if (a->dated == 0 || i < a->first)
			a->first = i;
		if (a->dated == 0 || i > a->last)
			a->last = i;
		a->dated++;
	}
	dsr_json_free(json);
	return 0;
}

static int
count_all(const struct page_writer *w, struct activity *a,
    struct dsr_error *err)
{
	struct dsr_showcase *s = w->page->showcase;
	const char *path;
	const void *bytes;
	size_t len, seen = 0, used = 0;
	int more;

	memset(a, 0, sizeof(*a));
	if (s == NULL)
		return 0;
	if (dsr_showcase_first(s, err) != 0)
		return -1;
	while ((more = dsr_showcase_next(s, &path, &bytes, &len, err)) == 1) {
		if (seen++ == DOCUMENTS || (used += len) > BYTES)
			return 0;
		if (dsr_page_name_ends(path, ".json") &&
		    count_document(a, bytes, len, err) != 0)
			return -1;
	}
	return more;
}

static uint64_t
value_at(const struct activity *a, size_t i)
{
	uint64_t sum = 0;
	size_t k;

	for (k = i; k < i + a->step && k < MONTHS; k++)
		sum += a->month[k];
	return sum;
}

/* From the first column to the last; years begin in January. */
static void
set_columns(struct activity *a)
{
	size_t i;

	a->step = a->last - a->first >= COLUMNS_MOST ? 12 : 1;
	a->first -= a->first % a->step;
	if (a->last < a->first + (COLUMNS_LEAST - 1) * a->step)
		a->last = a->first + (COLUMNS_LEAST - 1) * a->step;
	for (i = a->first; i <= a->last; i += a->step)
		if (value_at(a, i) > a->most)
			a->most = value_at(a, i);
}

static void
name_column(char out[PAGE_WORD_SIZE], const struct activity *a, size_t i)
{
	int year = FIRST_YEAR + (int)(i / 12);

	if (a->step == 12)
		(void)snprintf(out, PAGE_WORD_SIZE, "%d", year);
	else
		dsr_page_month(out, year, (int)(i % 12) + 1);
}

static void
draw_column(const struct page_writer *w, uint64_t n, uint64_t most, double x,
    double width)
{
	const struct {
		const char *name;
		double value;
	} place[] = {
		{ "x", x },
		{ "y", HEIGHT - HEIGHT * (double)n / (double)most },
		{ "width", width },
		{ "height", HEIGHT * (double)n / (double)most },
	};
	char text[32];
	size_t i;

	dsr_html_open(w->html, "rect");
	for (i = 0; i < sizeof(place) / sizeof(place[0]); i++) {
		(void)snprintf(text, sizeof(text), "%.1f", place[i].value);
		dsr_html_attr(w->html, place[i].name, text);
	}
	dsr_html_close(w->html, "rect");
}

static void
draw(const struct page_writer *w, const struct activity *a)
{
	size_t count = (a->last - a->first) / a->step + 1, i;
	double step = (double)WIDTH / (double)count;
	char first[PAGE_WORD_SIZE], last[PAGE_WORD_SIZE];

	dsr_html_open(w->html, "svg");
	dsr_html_attr(w->html, "class", "columns");
	dsr_html_attr(w->html, "viewBox", "0 0 720 120");
	dsr_html_attr(w->html, "preserveAspectRatio", "none");
	dsr_html_attr(w->html, "role", "img");
	dsr_html_attr(w->html, "aria-labelledby", "activity-text");
	for (i = 0; i < count; i++)
		draw_column(w, value_at(a, a->first + i * a->step), a->most,
		    (double)i * step + 0.1 * step, 0.8 * step);
	dsr_html_close(w->html, "svg");
	name_column(first, a, a->first);
	name_column(last, a, a->first + (count - 1) * a->step);
	dsr_html_open(w->html, "p");
	dsr_html_attr(w->html, "class", "axis soft");
	dsr_html_simple(w->html, "span", first);
	dsr_html_simple(w->html, "span", last);
	dsr_html_close(w->html, "p");
}

static void
write_numbers(const struct page_writer *w, const struct activity *a)
{
	static const char *const columns[] = { N_("When"), N_("Documents"),
		NULL };
	char name[PAGE_WORD_SIZE];
	size_t i;

	dsr_html_open(w->html, "details");
	dsr_html_simple(w->html, "summary", _("The same in numbers"));
	dsr_page_table(w, "narrow", "activity-numbers",
	    _("Documents that bear a date of their own"), columns);
	for (i = a->first; i <= a->last; i += a->step) {
		if (value_at(a, i) == 0)
			continue;
		name_column(name, a, i);
		dsr_html_open(w->html, "tr");
		dsr_html_open(w->html, "th");
		dsr_html_attr(w->html, "scope", "row");
		dsr_html_text(w->html, name);
		dsr_html_close(w->html, "th");
		dsr_page_cell_number(w, value_at(a, i));
		dsr_html_close(w->html, "tr");
	}
	dsr_page_table_end(w);
	dsr_html_close(w->html, "details");
}

int
dsr_page_activity(const struct page_writer *w, struct dsr_error *err)
{
	struct activity a;
	char number[PAGE_WORD_SIZE];

	if (count_all(w, &a, err) != 0)
		return -1;
	if (a.dated == 0)
		return 0;
	set_columns(&a);
	dsr_html_simple(w->html, "h3", _("When things happened"));
	dsr_page_number(number, w, a.dated);
	dsr_html_open(w->html, "p");
	dsr_html_attr(w->html, "id", "activity-text");
	dsr_html_format(w->html, P_("%s of the documents shown below bears a "
	    "date of its own.", "%s of the documents shown below bear a date "
	    "of their own.", dsr_page_plural(a.dated)), number);
	dsr_html_text(w->html, " ");
	dsr_html_text(w->html, a.step == 12 ?
	    _("They are counted here by year.") :
	    _("They are counted here by month."));
	dsr_html_close(w->html, "p");
	dsr_html_open(w->html, "div");
	dsr_html_attr(w->html, "class", "chart");
	draw(w, &a);
	dsr_html_close(w->html, "div");
	write_numbers(w, &a);
	return 0;
}
