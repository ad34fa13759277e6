/* SPDX-License-Identifier: ISC */
/* What the parts of the page share. Only core/report/ includes this. */
#ifndef DOSSIER_PAGE_PARTS_H
#define DOSSIER_PAGE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/html.h"
#include "dossier/limits.h"
#include "dossier/page.h"
#include "dossier/request.h"

/* One kind of documents: those of an endpoint, or the files of a folder. */
struct page_kind {
	char folder[DSR_MAX_NAME + 1]; /* "data/documents/plants/leaf" */
	char category[DSR_MAX_WORD + 1];
	char connector[DSR_MAX_WORD + 1]; /* "" in a folder */
	char endpoint[DSR_MAX_WORD + 1];
	size_t place;    /* among the endpoints of the statement */
	size_t category_place;
	uint64_t offset; /* of its first line in the documents */
	uint64_t count;
};

/* Everything that a first pass over the documents tells. */
struct page_survey {
	struct page_kind *kinds; /* in the order of the page */
	size_t count;
	uint64_t documents;
	uint64_t redacted; /* documents with something hidden */
	uint64_t beyond;   /* documents of kinds that are too many to show */
};

/* A page on its way. */
struct page_writer {
	const struct dsr_page *page;
	const struct dsr_statement *statement;
	const struct dsr_request *request; /* or NULL */
	struct dsr_html *html;
	struct dsr_buffer *out;  /* where html writes: its length is watched */
	const char *language;    /* in force */
	struct page_survey survey;
};

/* ---- the first pass: page_survey.c ---------------------------------------- */

int dsr_page_survey(struct page_survey *out, const struct dsr_page *page,
    struct dsr_error *err);
void dsr_page_survey_fini(struct page_survey *s);
/* Documents of one kind that the page lists, when they are all small. */
uint64_t dsr_page_share(const struct page_survey *s);
/* The table of all documents of a kind: member name with this extension. */
#define PAGE_TABLE_NAME (DSR_MAX_NAME + 32u)
void dsr_page_table_name(char out[PAGE_TABLE_NAME],
    const struct page_kind *kind, const char *extension);
/*
 * Appends s as a quoted cell of CSV that no program takes for a formula;
 * scratch is used on the way.
 */
int dsr_csv_text(struct dsr_buffer *out, struct dsr_buffer *scratch,
    const char *s, size_t len, struct dsr_error *err);
/* What a category is called: one of ours, or as the connector wrote it. */
void dsr_page_category(const struct page_writer *w, const char *category);

/* ---- words: page_words.c ------------------------------------------------ */

#define PAGE_WORD_SIZE 96

/* 1234567 as people of the language write it. */
void dsr_page_number(char out[PAGE_WORD_SIZE], const struct page_writer *w,
    uint64_t n);
/* 1234567 bytes as "1.2 MB". */
void dsr_page_size(char out[PAGE_WORD_SIZE], const struct page_writer *w,
    uint64_t bytes);
/* n for the plural rules of the languages. */
unsigned long dsr_page_plural(uint64_t n);
/* What stands between whole and fraction: "." or ",". */
const char *dsr_page_point(const struct page_writer *w);
/* Hexadecimal digits in groups of four, the first count of them. */
void dsr_page_fingerprint(char out[PAGE_WORD_SIZE], const char *hex,
    size_t count);
/* Text from outside, cut after max bytes with a visible mark. */
void dsr_page_cut(const struct page_writer *w, const char *text, size_t len,
    size_t max);
/* What a service or an endpoint is called: name, description, else its key. */
void dsr_page_connector(const struct page_writer *w, const char *connector);
void dsr_page_endpoint(const struct page_writer *w, const char *connector,
    const char *endpoint);

/* ---- times and durations: page_moment.c ------------------------------------ */

struct page_moment {
	int year, month, day;
	bool has_time;
	int hour, minute, second;
	bool has_zone;
	int zone; /* minutes east of UTC */
};

/*
 * Is all of s a date or time of RFC 3339 or ISO 8601 in its long form, with or
 * without a zone?
 */
bool dsr_page_moment_parse(struct page_moment *m, const char *s, size_t len);
/* For people, in <time>. */
void dsr_page_moment(const struct page_writer *w,
    const struct page_moment *m, bool seconds);
/* "12 March 2026", "March 2026" */
void dsr_page_day(char out[PAGE_WORD_SIZE], const struct page_moment *m);
void dsr_page_month(char out[PAGE_WORD_SIZE], int year, int month);
/*
 * A text that should be a time, for people; what is none is written as it is,
 * NULL is nothing.
 */
void dsr_page_time(const struct page_writer *w, const char *when);

struct page_amount {
	uint64_t whole;
	char fraction[4]; /* up to three digits */
};
enum { PAGE_DAYS = 3, PAGE_HOURS, PAGE_MINUTES, PAGE_SECONDS, PAGE_UNITS };
/* Years, months, weeks, days, hours, minutes, seconds. */
struct page_duration {
	struct page_amount amount[PAGE_UNITS];
};
/* Of ISO 8601: "P1DT2H", "PT0.5S". */
bool dsr_page_duration_parse(struct page_duration *d, const char *s,
    size_t len);
/* As .NET writes it: "1.02:03:04.5". */
bool dsr_page_span_parse(struct page_duration *d, const char *s, size_t len);
void dsr_page_duration(const struct page_writer *w,
    const struct page_duration *d);

/* ---- documents: page_document.c, page_values.c, page_scalar.c, page_names.c - */

/* A JSON document under way into the page. */
struct page_source {
	const char *text; /* which the values point into */
	struct dsr_labels labels;
	bool redacted;    /* some values in it were replaced */
};

/* One entry of the list: folded, its values inside when they are at hand. */
int dsr_page_document(const struct page_writer *w,
    const struct dsr_document *doc, const struct dsr_labels *labels,
    const void *bytes, size_t len, bool open, struct dsr_error *err);
/* The date of its own that a document bears, if it has one. */
bool dsr_page_find_date(struct page_moment *m,
    const struct dsr_json_value *root);
/* All values as nested lists. */
void dsr_page_values(const struct page_writer *w,
    const struct page_source *source, const struct dsr_json_value *root);
/* One that has no others in it; name is NULL for an entry of an array. */
void dsr_page_scalar(const struct page_writer *w,
    const struct page_source *source, const char *name,
    const struct dsr_json_value *v);
/* A text: folded when it is long. */
void dsr_page_text(const struct page_writer *w, const char *text, size_t len);
/* A long text behind its first line. */
void dsr_page_folded(const struct page_writer *w, const char *text,
    size_t len, bool is_whole);
/* Why a value was hidden. */
void dsr_page_reason(const struct page_writer *w, const char *reason,
    size_t len);
/* Does the name end so, whatever its case? */
bool dsr_page_name_ends(const char *name, const char *end);
/* What many services call the same; NULL when we have no word for it. */
const char *dsr_page_common_name(const char *name);
const char *dsr_page_common_state(const char *name, const char *value);
/* Kind of file by its media type, in words or as it is. */
void dsr_page_media_type(const struct page_writer *w, const char *type);

/* Is it an archive of this kind (FORMAT.md 4.5): page.c. */
bool dsr_page_is_kind(const struct page_writer *w, const char *kind);
/* Did a verifier find it changed? Then nothing of its content is shown. */
bool dsr_page_is_changed(const struct page_writer *w);

/* ---- what must be kept: page_hold.c ---------------------------------------- */

/* An entry of the request's legal_hold, from 0: why, and until when. */
void dsr_page_hold(const struct page_writer *w, size_t entry);
/* All of them, each with what it is about. */
void dsr_page_holds(const struct page_writer *w);

/* ---- what became of an erasure: page_erasure.c ------------------------------ */

#define PAGE_ERASURES_SHOWN 500u /* lines of one table */

/* Is it a plan? Then that; the table of outcomes, how many lines have each. */
void dsr_page_outcomes(const struct page_writer *w);
/*
 * Writes each line that has this outcome (NULL: any), at most
 * PAGE_ERASURES_SHOWN of them, in the order of erasure.jsonl.
 * DSR_EFORMAT: a line that is none.
 */
typedef void dsr_page_erasure_fn(const struct page_writer *w,
    const struct dsr_erasure *r);
int dsr_page_erasure_lines(const struct page_writer *w, const char *outcome,
    dsr_page_erasure_fn *write, struct dsr_error *err);
/* Says so when there are more lines than a table shows. */
void dsr_page_erasures_beyond(const struct page_writer *w, uint64_t count);

/* ---- structure: page_words.c -------------------------------------------- */

/* <section> with its <h2>; closed with dsr_html_close(w->html, "section"). */
void dsr_page_section(const struct page_writer *w, const char *id,
    const char *title);
/* <p class="…"> of our own words; class may be NULL. */
void dsr_page_paragraph(const struct page_writer *w, const char *class,
    const char *text);
/*
 * A table that scrolls on narrow screens, up to the open <tbody>; columns ends
 * with NULL. caption_id is made of the id of the table.
 */
void dsr_page_table(const struct page_writer *w, const char *class,
    const char *id, const char *caption, const char *const *columns);
void dsr_page_table_end(const struct page_writer *w);
/* <tr> and what it is about, in our own words; cells follow, and </tr>. */
void dsr_page_row(const struct page_writer *w, const char *head);
/* <td class="…">; class may be NULL. */
void dsr_page_cell(const struct page_writer *w, const char *class);
void dsr_page_cell_number(const struct page_writer *w, uint64_t n);

/* A cell with n and a bar as long as n is of most. */
void dsr_page_cell_bar(const struct page_writer *w, uint64_t n,
    uint64_t most);

/* ---- parts, in the order of the page ------------------------------------ */

void dsr_page_cover(const struct page_writer *w);      /* page_cover.c */
int dsr_page_summary(const struct page_writer *w, struct dsr_error *err);
void dsr_page_timeline(const struct page_writer *w);   /* page_timeline.c */
/* Documents by month or year. page_activity.c */
int dsr_page_activity(const struct page_writer *w, struct dsr_error *err);
void dsr_page_processing(const struct page_writer *w); /* page_cover.c */
int dsr_page_documents(const struct page_writer *w, struct dsr_error *err);
/* All of a receipt but how to check it: page_erasure.c. */
int dsr_page_erasure(const struct page_writer *w, struct dsr_error *err);
int dsr_page_gaps(const struct page_writer *w, struct dsr_error *err);
void dsr_page_check(const struct page_writer *w);      /* page_check.c */
void dsr_page_verdict(const struct page_writer *w);    /* page_verdict.c */
/*
 * In the place of documents, for auditors: page_audit.c,
 * page_audit_erasure.c, page_exchanges.c
 */
int dsr_page_audit(const struct page_writer *w, struct dsr_error *err);
/* A cell of text that a file holds, or empty; a row of one, or of "-". */
void dsr_page_audit_cell(const struct page_writer *w, const char *text);
void dsr_page_audit_row(const struct page_writer *w, const char *head,
    const char *text);
/* Of a receipt that is intact; of others nothing. */
int dsr_page_audit_erasure(const struct page_writer *w,
    struct dsr_error *err);
void dsr_page_exchanges(const struct page_writer *w);

#endif
