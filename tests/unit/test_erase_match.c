/* SPDX-License-Identifier: ISC */
/* Values out of recorded addresses: those that the connector would make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/erasing.h"
#include "../support/scratch.h"

#define AT "https://api.example.org"
#define NAME(name) "{\"name\": \"" name "\", \"references\":"                 \
	" [{\"endpoint\": \"list\", \"field\": \"" name "\"}]}"
#define READ(path, query)                                                     \
	"\"read\": {\"method\": \"GET\", \"host\": \"api.example.org\","      \
	" \"path\": \"" path "\", \"query_params\": [" query "]"
#define FILE_OF(path, query, names)                                           \
	"{\"connector\": {\"key\": \"plants\", \"name\": \"P\","              \
	" \"version\": \"1\", \"description\": \"d\"},"                       \
	" \"identities\": [{\"name\": \"who\", \"description\": \"d\"}],"     \
	" \"connector_params\": [{\"name\": \"shop\", \"description\": \"d\"," \
	" \"default\": \"s\"}],"                                              \
	" \"hosts\": [\"api.example.org\"],"                                  \
	" \"authentication\": {\"strategy\": \"none\"}, \"endpoints\": ["     \
	"{\"name\": \"list\", \"description\": \"d\", \"category\":"          \
	" \"content\", \"requests\": {" READ("/list", "") ","                 \
	" \"data_path\": \"value\"}}},"                                       \
	"{\"name\": \"thing\", \"description\": \"d\", \"category\":"         \
	" \"content\", \"requests\": {" READ(path, query) ","                 \
	" \"param_values\": [" names "]}, \"delete\": {}}}]}"

#define ONE FILE_OF("/{shop}/things/{a}", "", NAME("a"))
#define TWO FILE_OF("/{a}/of/{b}", "", NAME("a") "," NAME("b"))
#define SAME FILE_OF("/{a}/of/{a}", "", NAME("a"))
#define TIGHT FILE_OF("/x-{a}-{b}", "", NAME("a") "," NAME("b"))
#define QUERY FILE_OF("/q",                                                   \
    "{\"name\": \"k\", \"value\": \"{a}\"}", NAME("a"))
#define PERSON FILE_OF("/people/{p}", "",                                     \
    "{\"name\": \"p\", \"identity\": \"who\"}")

static const struct {
	const char *connector, *url;
	const char *wanted; /* values as JSON; NULL: not of this connector */
	const char *why;
} rows[] = {
	{ ONE, AT "/s/things/7", "{\"a\":\"7\"}", "a value" },
	{ ONE, AT "/s/things/a%20b", "{\"a\":\"a b\"}", "an escape" },
	{ ONE, AT "/s/things/a%2Fb", "{\"a\":\"a/b\"}", "a slash in it" },
	{ ONE, AT "/s/things/%C3%A9", "{\"a\":\"\xc3\xa9\"}", "UTF-8" },
	{ ONE, AT "/s/things/a%2fb", NULL, "small digits are another's" },
	{ ONE, AT "/s/things/%61", NULL, "an escape that need not be" },
	{ ONE, AT "/s/things/a b", NULL, "what is not escaped" },
	{ ONE, AT "/s/things/%FF", NULL, "no text" },
	{ ONE, AT "/s/things/%00", NULL, "a NUL" },
	{ ONE, AT "/s/things/%", NULL, "half an escape" },
	{ ONE, AT "/s/things/%4", NULL, "half an escape, too" },
	{ ONE, AT "/s/things/%zz", NULL, "no escape" },
	{ ONE, AT "/s/things/", NULL, "no value" },
	{ ONE, AT "/s/things/.", NULL, "the folder itself" },
	{ ONE, AT "/s/things/..", NULL, "the folder above" },
	{ ONE, AT "/s/things/%2E%2E", NULL, "the same, escaped" },
	{ ONE, AT "/s/things/7/", NULL, "a slash behind" },
	{ ONE, AT "/s/things/7/x", NULL, "a folder more" },
	{ ONE, AT "/s/things/7?x", NULL, "a query" },
	{ ONE, AT "/s/things/7#x", NULL, "a fragment" },
	{ ONE, AT "/t/things/7", NULL, "another parameter than given" },
	{ ONE, "http://api.example.org/s/things/7", NULL, "no TLS" },
	{ ONE, "https://evil.example.org/s/things/7", NULL, "another host" },
	{ ONE, "https://api.example.org.evil.org/s/things/7", NULL,
	    "a host that begins so" },
	{ ONE, "https://u@api.example.org/s/things/7", NULL, "a user" },
	{ ONE, "https://api.example.org:443/s/things/7", NULL, "a port" },
	{ ONE, "", NULL, "nothing" },
	{ ONE, "REDACTED", NULL, "what was redacted" },
	{ TWO, AT "/x/of/y", "{\"a\":\"x\",\"b\":\"y\"}", "two values" },
	{ TWO, AT "/of/of/of", "{\"a\":\"of\",\"b\":\"of\"}",
	    "values like what is between" },
	{ TWO, AT "/x/of/of/y", NULL, "too many folders" },
	{ SAME, AT "/x/of/x", "{\"a\":\"x\"}", "the same twice" },
	{ SAME, AT "/x/of/y", NULL, "not the same" },
	{ TIGHT, AT "/x-1-2", "{\"a\":\"1\",\"b\":\"2\"}", "close by" },
	{ TIGHT, AT "/x-1-2-3", NULL, "nobody can say which is which" },
	{ TIGHT, AT "/x--2", NULL, "nothing between" },
	{ QUERY, AT "/q?k=1", "{\"a\":\"1\"}", "in the query" },
	{ QUERY, AT "/q?k=1%262", "{\"a\":\"1&2\"}", "an ampersand in it" },
	{ QUERY, AT "/q?k=1&k=2", NULL, "once more" },
	{ QUERY, AT "/q?k=1&l=2", NULL, "another parameter" },
	{ QUERY, AT "/q?K=1", NULL, "another name" },
	{ QUERY, AT "/q", NULL, "no query" },
	{ PERSON, AT "/people/an", "{\"p\":\"an\"}", "the person" },
	{ PERSON, AT "/people/bo", NULL, "somebody else" },
};

static void
match(size_t row)
{
	static const char *const who[] = { "who=an", NULL };
	static const struct erasing_document documents[] = {
		{ "list", NULL, AT "/list", "{}", false } };
	struct erasing e = { .connector = rows[row].connector,
		.identities = who };
	struct values found = { NULL, 0 };
	struct dsr_buffer out;
	struct dsr_error err;
	void *state = NULL;
	int result;

	assert_int_equal(scratch_enter(&state), 0);
	erasing_start(&e, documents, 1);
	dsr_buffer_init(&out, 65536);
	result = erase_match(e.x.c.k, &e.x.c.settings,
	    connector_endpoint(e.x.c.k, 1), rows[row].url, false, &found,
	    &err);
	assert_true(result >= 0);
	if (result == 1)
		assert_int_equal(values_write(&found, &out, &err), 0);
	if ((result == 1) != (rows[row].wanted != NULL) ||
	    (result == 1 &&
	        strcmp(dsr_buffer_str(&out), rows[row].wanted) != 0))
		fail_msg("%s: %s: %s", rows[row].why, rows[row].url,
		    result == 1 ? dsr_buffer_str(&out) : "no match");
	dsr_buffer_fini(&out);
	values_fini(&found);
	erasing_stop(&e);
	assert_int_equal(scratch_leave(&state), 0);
}

static void
takes_what_it_would_make(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		match(i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_it_would_make),
	};

	return cmocka_run_group_tests_name("erase_match", tests, NULL, NULL);
}
