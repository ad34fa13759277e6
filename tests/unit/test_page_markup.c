/* SPDX-License-Identifier: ISC */
/* START-HERE.html: markup, languages, structure. Hostile text stays text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/page_fixture.h"
#include "dossier/digest.h"
#include "dossier/language.h"
#include "dossier/text.h"

/*
 * Goes through the tags: no element that runs or loads, no attribute that
 * handles events or names a resource but href="#…" and href="data/…".
 */
static void
check_tags(const char *page)
{
	static const char *const bad[] = { "<script", "<img", "<iframe",
		"<link", "<object", "<embed", "<form", "<input", "<use",
		"<base", "<audio", "<video" };
	static const char *const bad_inside[] = { " on", " src", " style=",
		"javascript:", "//", "url(" };
	const char *s, *end;
	char tag[1000];
	size_t i;

	for (s = page; (s = strchr(s, '<')) != NULL; s = end) {
		assert_non_null(end = strchr(s, '>'));
		assert_true((size_t)(end - s) < sizeof(tag));
		memcpy(tag, s, (size_t)(end - s));
		tag[end - s] = '\0';
		for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
			assert_true(strncmp(tag, bad[i], strlen(bad[i])) != 0);
		for (i = 0; i < sizeof(bad_inside) / sizeof(bad_inside[0]);
		    i++)
			lacks(tag, bad_inside[i]);
		if ((s = strstr(tag, "href=\"")) != NULL)
			assert_true(s[6] == '#' ||
			    strncmp(s + 6, "data/documents/", 15) == 0);
	}
	lacks(page, "@import");
}

static void
hostile_text_stays_text(void **state)
{
	static const char *const languages[] = { "en", "nl", "fr", "de" };
	const char *page;
	size_t i;

	fill(*state);
	for (i = 0; i < 4; i++) {
		page = render(*state, languages[i]);
		check_tags(page);
		has(page, "<bdi>" EVIL_ESCAPED "</bdi>");
		has(page, "<bdi>\\u202etxt.exe</bdi>");
		lacks(page, "\xe2\x80\xae");
		assert_true(dsr_utf8_is_valid(page, strlen(page)));
	}
}

/* What each language says, so that none falls back to another. */
static const struct {
	const char *language;
	const char *texts[8];
} golden[] = {
	{ "en", { "<html lang=\"en\">", "<h1>Your data</h1>",
		">1 March 2026, 07:05 UTC</time>", "<dd>1.2 GB</dd>",
		", 1.2 MB<", "<dt>documents</dt>\n<dd>3</dd>", "not stated", NULL } },
	{ "nl", { "<html lang=\"nl\">", "<h1>Uw gegevens</h1>",
		">1 maart 2026, 07:05 UTC</time>", ", 1,2 MB<",
		"niet vermeld",
		"verwerkingsverantwoordelijke", NULL } },
	{ "fr", { "<html lang=\"fr\">", "<h1>Vos donn\xc3\xa9" "es</h1>",
		">1er mars 2026, 07:05 UTC</time>", ", 1,2 MB<",
		"responsable du traitement", "non indiqu\xc3\xa9", NULL } },
	{ "de", { "<html lang=\"de\">", "<h1>Ihre Daten</h1>",
		">1. M\xc3\xa4rz 2026, 07:05 UTC</time>", ", 1,2 MB<",
		"nicht angegeben", NULL } },
	{ "xx", { "<html lang=\"en\">", "<h1>Your data</h1>", NULL } },
};

static void
each_language_is_whole(void **state)
{
	const char *page;
	size_t i, k;

	fill(*state);
	for (i = 0; i < sizeof(golden) / sizeof(golden[0]); i++) {
		page = render(*state, golden[i].language);
		for (k = 0; golden[i].texts[k] != NULL; k++)
			has(page, golden[i].texts[k]);
	}
	assert_string_equal(dsr_language_get(), "en"); /* as before */
}

static void
same_input_same_bytes(void **state)
{
	char *first;

	fill(*state);
	first = strdup(render(*state, "nl"));
	assert_non_null(first);
	(void)render(*state, "de");
	assert_string_equal(render(*state, "nl"), first);
	free(first);
}

static void
the_style_is_the_one_of_the_policy(void **state)
{
	const char *page, *css, *end;
	uint8_t digest[DSR_SHA256_BYTES];
	struct dsr_buffer wanted;
	struct dsr_error err;

	page = render(*state, "en");
	css = strstr(page, "<style>") + 7;
	end = strstr(css, "</style>");
	dsr_sha256(digest, css, (size_t)(end - css));
	dsr_buffer_init(&wanted, 100);
	assert_int_equal(dsr_buffer_puts(&wanted, "style-src 'sha256-", &err),
	    0);
	assert_int_equal(dsr_base64_encode(&wanted, digest, sizeof(digest),
	    &err), 0);
	has(page, dsr_buffer_str(&wanted));
	dsr_buffer_fini(&wanted);
	lacks(css, "@import");
	assert_null(memmem(css, (size_t)(end - css), "url(", 4));
}

static void
it_has_a_structure(void **state)
{
	const char *page, *id, *other;
	char attribute[80];
	size_t len;

	fill(*state);
	page = render(*state, "en");
	assert_int_equal(count_of(page, "<h1"), 1);
	assert_int_equal(count_of(page, "<table"), count_of(page,
	    "<caption"));
	assert_int_equal(count_of(page, "<th>") , 0);
	assert_int_equal(count_of(page, "<th scope="),
	    count_of(page, "</th>"));
	has(page, "<a href=\"#main\" class=\"skip\">");
	has(page, "<main id=\"main\">");
	/* each id once, each anchor and label leads to one */
	for (id = page; (id = strstr(id, " id=\"")) != NULL; id++) {
		len = strcspn(id + 5, "\"") + 6;
		(void)snprintf(attribute, sizeof(attribute), "%.*s",
		    (int)len, id);
		assert_int_equal(count_of(page, attribute), 1);
	}
	for (other = page; (other = strstr(other, "href=\"#")) != NULL;
	    other++) {
		(void)snprintf(attribute, sizeof(attribute), " id=\"%.*s\"",
		    (int)strcspn(other + 7, "\""), other + 7);
		has(page, attribute);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_fixture, free_fixture)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hostile_text_stays_text),
		TEST(each_language_is_whole),
		TEST(same_input_same_bytes),
		TEST(the_style_is_the_one_of_the_policy),
		TEST(it_has_a_structure),
	};

	dsr_language_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
