/* SPDX-License-Identifier: ISC */
/* Texts in the reader's language, though no locale is installed. */
#include "dossier/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *language;
	const char *yours;   /* "Your data" */
	const char *nothing; /* P_("%u byte", …, 0): French has no plural */
	const char *many;
} texts[] = {
	{ "en", "Your data", "%u bytes", "%u bytes" },
	{ "nl", "Uw gegevens", "%u bytes", "%u bytes" },
	{ "fr", "Vos donn\xc3\xa9"
		"es", "%u octet", "%u octets" },
	{ "de", "Ihre Daten", "%u Byte", "%u Byte" },
};

static void
every_language_speaks(void **state)
{
	size_t i, round;

	(void)state;
	/* twice: what was chosen before leaves nothing behind */
	for (round = 0; round < 2; round++)
		for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
			assert_true(dsr_language_exists(texts[i].language));
			dsr_language_set(texts[i].language);
			assert_string_equal(dsr_language_get(),
			    texts[i].language);
			assert_string_equal(_("Your data"), texts[i].yours);
			assert_string_equal(P_("%u byte", "%u bytes", 0),
			    texts[i].nothing);
			assert_string_equal(P_("%u byte", "%u bytes", 7),
			    texts[i].many);
		}
}

static void
unknown_languages_are_english(void **state)
{
	static const char *const unknown[] = { "xx", "", "../nl", "NL",
		"nlx.UTF-8", "/", "n" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		assert_false(dsr_language_exists(unknown[i]));
		dsr_language_set(unknown[i]);
		assert_string_equal(dsr_language_get(), "en");
		assert_string_equal(_("Your data"), "Your data");
	}
	assert_false(dsr_language_exists(NULL));
}

static void
a_locale_name_will_do(void **state)
{
	(void)state;
	dsr_language_set("nl_BE.UTF-8");
	assert_string_equal(dsr_language_get(), "nl");
	assert_string_equal(_("Your data"), "Uw gegevens");
}

/* Each variable or NULL, and the language that follows. */
static const struct {
	const char *language, *all, *messages, *lang;
	const char *wanted;
	const char *why;
} environments[] = {
	{ NULL, NULL, NULL, NULL, "en", "nothing is set" },
	{ NULL, NULL, NULL, "nl_NL.UTF-8", "nl", "LANG" },
	{ NULL, NULL, "fr_FR", "nl_NL", "fr", "LC_MESSAGES over LANG" },
	{ NULL, "de_DE@euro", "fr_FR", "nl_NL", "de", "LC_ALL over all" },
	{ "fr:nl", NULL, NULL, "de_DE", "fr", "LANGUAGE over the locale" },
	{ "xx:nl", NULL, NULL, "de_DE", "nl", "the first that there is" },
	{ "xx:yy", NULL, NULL, "de_DE", "de", "none of LANGUAGE" },
	{ "nl", NULL, NULL, "C", "en", "LANGUAGE does not count in C" },
	{ "nl", "C.UTF-8", NULL, "nl_NL", "en", "nor in C.UTF-8" },
	{ NULL, "", NULL, "nl_NL", "nl", "empty is not set" },
	{ NULL, NULL, NULL, "../../tmp", "en", "not a language" },
};

static void
set_variable(const char *name, const char *value)
{
	if (value != NULL)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void
the_environment_decides(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(environments) / sizeof(environments[0]); i++) {
		set_variable("LANGUAGE", environments[i].language);
		set_variable("LC_ALL", environments[i].all);
		set_variable("LC_MESSAGES", environments[i].messages);
		set_variable("LANG", environments[i].lang);
		dsr_language_start();
		if (strcmp(dsr_language_get(), environments[i].wanted) != 0)
			fail_msg("row %zu (%s): %s", i, environments[i].why,
			    dsr_language_get());
		dsr_language_set("fr");
		dsr_language_set(NULL);
		assert_string_equal(dsr_language_get(),
		    environments[i].wanted);
	}
}

static void
numbers_stay_as_they_are(void **state)
{
	char text[16];

	(void)state;
	dsr_language_set("nl");
	(void)snprintf(text, sizeof(text), "%.1f", 1.5);
	assert_string_equal(text, "1.5");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_language_speaks),
		cmocka_unit_test(unknown_languages_are_english),
		cmocka_unit_test(a_locale_name_will_do),
		cmocka_unit_test(numbers_stay_as_they_are),
		cmocka_unit_test(the_environment_decides),
	};

	dsr_language_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
