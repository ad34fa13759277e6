/* SPDX-License-Identifier: ISC */
/* Documents on the page: labels, dates, sizes, codes; hostile ones, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "../support/page_fixture.h"
#include "dossier/language.h"

#define PATH "data/documents/plants/leaf/000000/000000000.json"

static const char connector[] = "{\"connector\":{\"key\":\"plants\","
    "\"name\":\"Plant <i>Diary\"},\"defaults\":{\"labels\":{\"height\":"
    "{\"en\":\"How high\",\"nl\":\"Hoe hoog\"}}},\"endpoints\":[{\"name\":"
    "\"leaf\",\"description\":{\"en\":\"Your leaves\"},\"requests\":{"
    "\"read\":{\"data_path\":\"items\"}},\"labels\":{\"by.name\":"
    "{\"en\":\"Gardener\"},\"role=2\":{\"en\":\"helper\"},"
    "\"kind=x\":{\"en\":\"<b>weed\"}}}]}";

/* The page of one document with this content. */
static const char *
page_of(struct fixture *f, const char *language, const void *json, size_t len)
{
	struct dsr_showcase *showcase;
	struct dsr_words *words;
	const char *page;

	if (f->counts.documents == 0)
		add_document(f, "leaf", 0, NULL);
	assert_int_equal(dsr_showcase_new(&showcase, false, &f->err), 0);
	assert_int_equal(dsr_words_new(&words, &f->err), 0);
	assert_int_equal(dsr_words_add(words, "plants", connector,
	    strlen(connector), &f->err), 0);
	assert_int_equal(dsr_showcase_wants(showcase, PATH, len), len);
	assert_int_equal(dsr_showcase_add(showcase, PATH, json, len,
	    &f->err), 0);
	f->page.showcase = showcase;
	f->page.words = words;
	page = render(f, language);
	dsr_showcase_free(showcase);
	dsr_words_free(words);
	f->page.showcase = NULL;
	f->page.words = NULL;
	return page;
}

static void
values_become_words(void **state)
{
	static const struct {
		const char *language, *json, *wanted, *why;
	} row[] = {
		{ "en", "{\"name\":\"Oak\"}", "<dt>Name</dt>\n<dd><bdi>Oak",
		    "a common name" },
		{ "nl", "{\"height\":3}", "<bdi>Hoe hoog</bdi>", "a label" },
		{ "fr", "{\"height\":3}", "<bdi>How high</bdi>",
		    "no label in French: English" },
		{ "en", "{\"by\":{\"name\":\"Z\"}}", "<bdi>Gardener</bdi>",
		    "a label by path" },
		{ "en", "{\"items\":[{\"by\":{\"name\":\"Z\"}}]}",
		    "<bdi>Gardener</bdi>", "the path begins at the item" },
		{ "en", "{\"role\":2}", "<bdi>helper</bdi>", "a code" },
		{ "en", "{\"kind\":\"x\"}", "<bdi>&lt;b&gt;weed</bdi>",
		    "a word that the connector explains" },
		{ "de", "{\"status\":\"Completed\"}",
		    "beendet <span class=\"soft\">(<bdi>Completed</bdi>)",
		    "a state" },
		{ "en", "{\"t\":\"2026-03-12T10:11:12+02:00\"}",
		    "12 March 2026, 10:11:12 (UTC+02:00)</time>", "a time" },
		{ "fr", "{\"t\":\"2026-03-01\"}", "1er mars 2026</time>",
		    "a date" },
		{ "en", "{\"t\":\"2026-02-30\"}", "<bdi>2026-02-30</bdi>",
		    "no date" },
		{ "en", "{\"t\":\"P1DT2H\"}",
		    "<bdi>1</bdi> day <bdi>2</bdi> hours", "a duration" },
		{ "nl", "{\"duration\":\"00:01:13.5\"}",
		    "<bdi>1</bdi> minuut <bdi>13,5</bdi> seconden",
		    "a duration of .NET" },
		{ "en", "{\"t\":\"00:01:13.5\"}", "<bdi>00:01:13.5</bdi>",
		    "which another name does not have" },
		{ "de", "{\"sizeInBytes\":1234567}", "1,2 MB", "a size" },
		{ "en", "{\"size\":1234567}", "<bdi>1234567</bdi>",
		    "not sure to be a size" },
		{ "en", "{\"timestamp\":1773309600000}", "12 March 2026",
		    "milliseconds since 1970" },
		{ "en", "{\"elapsedMs\":1500}", "<bdi>1.5</bdi> seconds",
		    "milliseconds" },
		{ "nl", "{\"a\":true}", "<dd>ja</dd>", "yes" },
		{ "en", "{\"a\":null}", "no value", "null" },
		{ "en", "{\"a\":\"\",\"b\":[],\"c\":{}}", "empty", "empty" },
		{ "en", "{\"a\":[1,2,3]}",
		    "<bdi>1</bdi>, <bdi>2</bdi>, <bdi>3</bdi>", "a row" },
		{ "en", "{\"a\":1,\"a\":2}", "more than once",
		    "a name that stands twice" },
		{ "en", "{\"a\":\"\\ud800x\"}", "this text is damaged",
		    "half a character" },
		{ "en", "{\"a\\ud800\":1}", "<bdi>a\\ud800</bdi>",
		    "half a character in a name" },
		{ "en", "{\"\":1}", "(no name)", "an empty name" },
		{ "en", "{\"a\":\"\xe2\x80\xae" "b\"}", "<bdi>\\u202eb</bdi>",
		    "a character that turns text around" },
		{ "en", "{\"a\":\"\\u0000b\"}", "<bdi>\\x00b</bdi>",
		    "a control" },
		{ "en", "{\"a\":", "it is not well formed", "no JSON" },
		{ "en", "{\"a\":\"\xff\"}", "\\xff", "no UTF-8" },
		{ "en", "7", "<bdi>7</bdi>", "a number alone" },
		{ "en", "[]", "empty", "an empty array" },
	};
	size_t i;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		if (strstr(page_of(*state, row[i].language, row[i].json,
		    strlen(row[i].json)), row[i].wanted) == NULL)
			fail_msg("%s: wanted %s", row[i].why, row[i].wanted);
}

static void
long_texts_are_folded_and_cut(void **state)
{
	struct fixture *f = *state;
	const char *page;
	char *json = malloc(100100);

	assert_non_null(json);
	memset(json, 'x', 100100);
	memcpy(json, "{\"a\":\"", 6);
	memcpy(json + 100098, "\"}", 2);
	page = page_of(f, "en", json, 100100);
	has(page, "<details class=\"text\">");
	has(page, "cut here");
	assert_true(strlen(page) < 60000);
	free(json);
}

static void
a_folded_text_shows_its_first_line(void **state)
{
	static const char json[] = "{\"a\":\"\\n  \\nDear Sir,\\nthis\\nis\\na"
	    "\\nletter\\nof\\nmany\\nlines\\nin\\nall\\nof\\nthem\"}";
	const char *page = page_of(*state, "en", json, strlen(json));

	has(page, "<summary><bdi>Dear Sir,</bdi> …</summary>");
}

/* Brackets, one in the other; then many values side by side. */
static void
shapes_are_bounded(void **state)
{
	static char json[DSR_MAX_SHOWN_DOCUMENT];
	struct fixture *f = *state;
	size_t i, used = 0;

	memset(json, '[', 250);
	memset(json + 250, ']', 250);
	has(page_of(f, "en", json, 500), "</html>");
	for (i = 0; i < 200; i++)
		used += (size_t)snprintf(json + used, sizeof(json) - used,
		    "{\"a\":");
	used += (size_t)snprintf(json + used, sizeof(json) - used, "1");
	memset(json + used, '}', 200);
	has(page_of(f, "en", json, used + 200), "(cut here");
	json[0] = '[';
	for (i = 1; i + 1 < sizeof(json); i += 2)
		memcpy(json + i, "1,", 2);
	json[sizeof(json) - 2] = '1';
	json[sizeof(json) - 1] = ']';
	has(page_of(f, "en", json, sizeof(json)), "(cut here");
	assert_true(f->out.len < 500000);
}

static void
services_and_kinds_have_their_names(void **state)
{
	const char *page = page_of(*state, "en", "{}", 2);

	has(page, "<bdi>Plant &lt;i&gt;Diary</bdi>");
	has(page, "<bdi>Your leaves</bdi></a>");
	has(page, "<h4 id=\"kind-1\"><bdi>Your leaves</bdi></h4>");
	has(page, "What you did, and when");
}

static void
only_what_fits_is_kept(void **state)
{
	struct fixture *f = *state;
	struct dsr_showcase *s;
	char path[80];
	const void *bytes;
	size_t len, i;

	assert_int_equal(dsr_showcase_new(&s, true, &f->err), 0);
	assert_int_equal(dsr_showcase_wants(s, "data/files/a.png", 5), 0);
	assert_int_equal(dsr_showcase_wants(s, "data/files/a.txt", 50000),
	    DSR_MAX_SHOWN_TEXT);
	assert_int_equal(dsr_showcase_wants(s, "data/files/a.json",
	    DSR_MAX_SHOWN_DOCUMENT + 1), 0);
	for (i = 0; i < DSR_MAX_SHOWN_COUNT; i++) {
		(void)snprintf(path, sizeof(path), "data/files/%09zu.json",
		    i);
		assert_int_equal(dsr_showcase_wants(s, path, 2), 2);
		assert_int_equal(dsr_showcase_add(s, path, "{}", 2, &f->err),
		    0);
	}
	assert_int_equal(dsr_showcase_wants(s, "data/files/z.json", 2), 0);
	assert_int_equal(dsr_showcase_find(s, "data/files", 10, &f->err), 0);
	assert_int_equal(dsr_showcase_get(s, "data/files/000000007.json",
	    &bytes, &len, &f->err), 1);
	assert_int_equal(len, 2);
	assert_int_equal(dsr_showcase_get(s, "data/files/000000007x.json",
	    &bytes, &len, &f->err), 0);
	assert_int_equal(dsr_showcase_get(s, path, &bytes, &len, &f->err),
	    1);
	dsr_showcase_free(s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_fixture, free_fixture)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(values_become_words),
		TEST(long_texts_are_folded_and_cut),
		TEST(a_folded_text_shows_its_first_line),
		TEST(shapes_are_bounded),
		TEST(services_and_kinds_have_their_names),
		TEST(only_what_fits_is_kept),
	};

	if (sodium_init() < 0)
		return 1;
	dsr_language_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
