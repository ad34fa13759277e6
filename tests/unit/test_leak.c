/* SPDX-License-Identifier: ISC */
/* Which credentials are looked for in what a service sends, and found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../collector/credential.h"

static void
finds_what_tells(void **state)
{
	static const struct {
		const char *secret, *text;
		bool found;
		const char *why;
	} rows[] = {
		{ "0123456789012345", "a 0123456789012345 b", true,
		    "16 bytes are no chance, whatever they are" },
		{ "researchresearch", "researchresearch", true, "the same" },
		{ "0123456789012345", "012345678901234", false, "not all of it" },
		{ "hunter2hunter", "{\"you\":\"hunter2hunter\"}", true,
		    "a password: letters and digits" },
		{ "Secret-8", "xSecret-8x", true, "eight bytes" },
		{ "paSSword", "paSSword", true, "small letters and capitals" },
		{ "hunter2hunter", "x:aHVudGVyMmh1bnRlcg==", true, "base64" },
		{ "hunter2hunter", "OmU6aHVudGVyMmh1bnRlcg==", true,
		    "base64 of user and password" },
		{ "research", "research", false, "a word" },
		{ "Noordzee", "Noordzee", false, "a name" },
		{ "20171103", "20171103", false, "a number" },
		{ "hunter2", "hunter2", false, "seven bytes" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char secret[32];
		struct credential one = { .loaded = true };
		const struct credentials all = { &one, 1 };

		(void)snprintf(secret, sizeof(secret), "%s",
		    rows[i].secret);
		one.secret.data = (void *)secret;
		one.secret.len = strlen(secret);
		if (credentials_are_in(&all, rows[i].text,
		        strlen(rows[i].text)) != rows[i].found)
			fail_msg("%s: %s in %s", rows[i].why, secret,
			    rows[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
