/* SPDX-License-Identifier: ISC */
/* The connector language: every rule has a file that breaks it, and is told. */
#include "../../collector/connector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct dsr_error err;

#define META                                                                  \
	"\"connector\": {\"key\": \"plants\", \"name\": \"Plants\","          \
	" \"version\": \"1\", \"description\": \"d\"}"
#define HEAD                                                                  \
	META ", \"hosts\": [\"api.example.org\"],"                            \
	     " \"authentication\": {\"strategy\": \"none\"}"
#define READ(rest)                                                            \
	"{\"read\": {\"method\": \"GET\", \"host\": \"api.example.org\","     \
	" \"path\": \"/v1\"" rest "}}"
#define ENDPOINT(name, requests, rest)                                        \
	"{\"name\": \"" name "\", \"description\": \"d\","                    \
	" \"category\": \"content\", \"requests\": " requests rest "}"
#define FILE_OF(head, endpoints)                                              \
	"{" head ", \"endpoints\": [" endpoints "]}"
/* one endpoint "list" and what is given behind it */
#define LIST                                                                  \
	ENDPOINT("list", READ(", \"data_path\": \"value\""), "")
#define WITH(endpoint) FILE_OF(HEAD, LIST ", " endpoint)
#define CHILD(rest)                                                           \
	WITH(ENDPOINT("child", "{\"read\": {\"method\": \"GET\","             \
	    " \"host\": \"api.example.org\", \"path\": \"/v1/{id}\"" rest     \
	    "}}", ""))
#define PAGED(strategy, configuration)                                        \
	FILE_OF(HEAD, ENDPOINT("list", READ(", \"data_path\": \"value\","     \
	    " \"pagination\": {\"strategy\": \"" strategy "\","               \
	    " \"configuration\": {" configuration "}}"), ""))

/* one endpoint behind the list, with these rules of subject_match */
#define MATCHED(rules)                                                        \
	FILE_OF(HEAD ", \"identities\": [{\"name\": \"me\","                   \
	             " \"description\": \"d\"}], \"connector_params\":"        \
	             " [{\"name\": \"place\", \"description\": \"d\"}]",       \
	    LIST ", " ENDPOINT("x", READ(""), ", \"subject_match\": [" rules    \
	                                      "]"))
#define LATER(rest)                                                           \
	WITH(ENDPOINT("x", READ(", \"async\": {\"protocol\": \"body\", " rest \
	    "}"), ""))

static struct connector *
read_text_of(const char *text, struct complaints *complaints)
{
	struct dsr_buffer buffer;
	struct connector *k = NULL;

	dsr_buffer_init(&buffer, 1 << 20);
	assert_int_equal(dsr_buffer_puts(&buffer, text, &err), 0);
	(void)memset(complaints, 0, sizeof(*complaints));
	(void)connector_read(&k, "test.json", &buffer, complaints, &err);
	return k;
}

static void
good_ones_are_read(void **state)
{
	static const char *const files[] = {
		FILE_OF(HEAD, LIST),
		CHILD(", \"param_values\": [{\"name\": \"id\", \"references\":"
		      " [{\"endpoint\": \"list\", \"field\": \"id\"}]}]"),
		PAGED("link", "\"path\": \"nextLink\""),
		PAGED("link", "\"source\": \"header\""),
		PAGED("link", "\"path\": [\"@odata.nextLink\"]"),
		PAGED("cursor", "\"path\": \"n.c\", \"param\": \"cursor\""),
		PAGED("cursor", "\"path\": \"c\", \"inject_into\": \"path\","
		                " \"next_path\": \"/v1/{cursor}\""),
		PAGED("offset", "\"offset_param\": \"skip\""),
		PAGED("page_number", "\"page_param\": \"page\","
		                     " \"base_page\": 0"),
		PAGED("keyset", "\"field\": \"id\", \"param\": \"after\""),
		PAGED("none", ""),
		WITH(ENDPOINT("x", "{\"read\": {\"method\": \"GET\", \"host\":"
		    " \"{h}\", \"path\": \"/v1\", \"param_values\":"
		    " [{\"name\": \"h\", \"references\": [{\"endpoint\":"
		    " \"list\", \"field\": \"h\"}]}]}}", "")),
		CHILD(", \"param_values\": [{\"name\": \"id\", \"references\":"
		      " [{\"endpoint\": \"list\", \"each\": \"a.b\","
		      " \"field\": \"id\"}]}]"),
		LATER("\"url_path\": \"u\""),
		LATER("\"id_path\": \"i\", \"status_request\": {\"path\":"
		      " \"/o/{operation}\", \"query_params\": [{\"name\":"
		      " \"a\", \"value\": \"{operation}\"}]}"),
		MATCHED("{\"path\": \"by\", \"identity\": \"me\"}"),
		MATCHED("{\"path\": \"by\", \"identity\": \"me\","
		        " \"or_absent\": true}"),
		MATCHED("{\"or_absent\": false, \"path\": \"by.id\","
		        " \"identity\": \"me\"}"),
		MATCHED("{\"path\": \"at\", \"connector_param\": \"place\"},"
		        " {\"path\": \"by\", \"identity\": \"me\"}"),
		MATCHED("{\"path\": \"run\", \"or_absent\": true,"
		        " \"references\": [{\"endpoint\": \"list\","
		        " \"field\": \"id\"}]}, {\"path\": \"by\","
		        " \"identity\": \"me\"}"),
		WITH(ENDPOINT("x", READ(""), ", \"by_hand\": [{\"path\":"
		    " \"type\", \"value\": \"Free\", \"step\": \"s\"},"
		    " {\"step\": {\"en\": \"s\", \"nl\": \"t\"}}]")),
		WITH(ENDPOINT("x", "{\"read\": {\"method\": \"GET\", \"host\":"
		    " \"api.example.org\", \"path\": \"/v1\"}, \"delete\":"
		    " {\"soft\": \"kept for 14 days\", \"volatile\":"
		    " [\"seen\", [\"@a.b\"]]}}", "")),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct complaints c;
		struct connector *k = read_text_of(files[i], &c);

		if (k == NULL)
			fail_msg("%s\n%s", files[i], err.msg);
		assert_string_equal(k->meta.key, "plants");
		assert_int_equal(c.errors, 0);
		connector_free(k);
		complaints_fini(&c);
	}
}

static const struct {
	const char *file;
	const char *told;
} bad_rows[] = {
	{ "", "line 1" },
	{ "{", "line 1" },
	{ "[]", "must be an object" },
	{ "{}", "\"connector\" is missing" },
	{ FILE_OF(HEAD, ""), "must have 1 to 512 entries" },
	{ FILE_OF(HEAD ", \"endpiont\": 1", LIST),
	    "unknown key \"endpiont\"" },
	{ FILE_OF(HEAD ", \"identitys\": []", LIST),
	    "did you mean \"identities\"" },
	{ FILE_OF(HEAD ", " META, LIST), "stands twice" },
	{ FILE_OF("\"connector\": 1, \"hosts\": [\"a.b\"],"
	          " \"authentication\": {\"strategy\": \"none\"}",
	      LIST), "must be an object, not number" },
	{ FILE_OF(META ", \"hosts\": [\"*\"],"
	          " \"authentication\": {\"strategy\": \"none\"}",
	      LIST), "\"*\" may stand only" },
	{ FILE_OF(META ", \"hosts\": [\"*.org\"],"
	          " \"authentication\": {\"strategy\": \"none\"}",
	      LIST), "more than one label" },
	{ FILE_OF(META ", \"hosts\": [\"10.0.0.1\"],"
	          " \"authentication\": {\"strategy\": \"none\"}",
	      LIST), "not an address" },
	{ FILE_OF(META ", \"hosts\": [\"other.example.org\"],"
	          " \"authentication\": {\"strategy\": \"none\"}",
	      LIST), "is not among \"hosts\"" },
	{ FILE_OF(META ", \"hosts\": [\"api.example.org\"],"
	          " \"authentication\": {\"strategy\": \"bearr\"}",
	      LIST), "did you mean \"bearer\"" },
	{ FILE_OF(META ", \"hosts\": [\"api.example.org\"],"
	          " \"authentication\": {\"strategy\": \"bearer\"}",
	      LIST), "\"credential\" is missing" },
	{ WITH(ENDPOINT("list", READ(""), "")), "two endpoints" },
	{ WITH(ENDPOINT("Upper", READ(""), "")), "of the form" },
	{ WITH(ENDPOINT("nul", READ(""), "")), "device" },
	{ CHILD(""), "nothing gives {id} a value" },
	{ CHILD(", \"param_values\": [{\"name\": \"id\", \"references\":"
	        " [{\"endpoint\": \"lst\", \"field\": \"id\"}]}]"),
	    "there is no endpoint \"lst\"; did you mean \"list\"" },
	{ CHILD(", \"param_values\": [{\"name\": \"id\", \"references\":"
	        " [{\"endpoint\": \"child\", \"field\": \"id\"}]}]"),
	    "must stand before" },
	{ CHILD(", \"param_values\": [{\"name\": \"id\"}]"),
	    "exactly one of" },
	{ CHILD(", \"param_values\": [{\"name\": \"cursor\","
	        " \"values\": [\"x\"]}]"), "that of pagination" },
	{ CHILD(", \"param_values\": [{\"name\": \"id\","
	        " \"identity\": \"me\"}]"), "no identity \"me\"" },
	{ CHILD(", \"param_values\": [{\"name\": \"id\","
	        " \"credential\": \"token\"}]"),
	    "headers and bodies only" },
	{ WITH(ENDPOINT("x", READ(", \"headers\": [{\"name\":"
	    " \"authorization\", \"value\": \"x\"}]"), "")),
	    "not a connector's to set" },
	{ WITH(ENDPOINT("x", READ(", \"query_params\": [{\"name\":"
	    " \"API_KEY\", \"value\": \"x\"}]"), "")),
	    "literal secret" },
	{ WITH(ENDPOINT("x", READ(", \"headers\": [{\"name\": \"x-a\","
	    " \"value\": \"ghp_0123\"}]"), "")),
	    "looks like a secret" },
	{ WITH(ENDPOINT("x", READ(", \"body\": {}"), "")),
	    "GET request has no \"body\"" },
	{ WITH(ENDPOINT("x", READ(", \"pagination\": {\"strategy\":"
	    " \"offset\", \"configuration\": {\"offset_param\":"
	    " \"o\"}}"), "")), "\"data_path\" is missing" },
	{ WITH(ENDPOINT("x", READ(", \"format\": \"bytes\","
	    " \"primary_key\": \"id\""), "")), "may look" },
	{ WITH(ENDPOINT("x", READ(""), ", \"after\": [\"x\"]")),
	    "must stand before" },
	{ WITH(ENDPOINT("x", READ(""), ", \"erased_with\": \"list\"")),
	    "has no \"delete\"" },
	{ WITH(ENDPOINT("x", READ(""), ", \"by_hand\": [{}]")),
	    "\"step\" is missing" },
	{ WITH(ENDPOINT("x", READ(""), ", \"by_hand\": [{\"step\":"
	    " \"s\", \"path\": \"a\"}]")), "stand together" },
	{ WITH(ENDPOINT("x", "{\"read\": {\"method\": \"GET\", \"host\":"
	    " \"api.example.org\", \"path\": \"/v1\"}, \"delete\":"
	    " {}}", ", \"by_hand\": [{\"step\": \"s\"}]")),
	    "not deleted by hand" },
	{ WITH(ENDPOINT("a", "{\"read\": {\"method\": \"GET\", \"host\":"
	    " \"api.example.org\", \"path\": \"/v1\"}, \"delete\": {}}", "")
	    "," ENDPOINT("x", "{\"read\": {\"method\": \"GET\", \"host\":"
	    " \"api.example.org\", \"path\": \"/v1\"}, \"delete\": {}}",
	    ", \"erased_with\": \"a\"")),
	    "name \"x\" in \"erase_after\" of \"a\"" },
	{ WITH(ENDPOINT("x", "{}", "")), "\"read\" is missing" },
	{ WITH(ENDPOINT("x", "{\"read\": {\"method\": \"GET\", \"host\":"
	    " \"{h}\", \"path\": \"/v1\", \"param_values\":"
	    " [{\"name\": \"h\", \"values\": [\"a.b\"]}]}}", "")),
	    "neither a parameter nor found" },
	{ MATCHED("{\"path\": \"by\", \"identity\": \"me\","
	          " \"or_absent\": \"yes\"}"),
	    "\"or_absent\" must be true or false" },
	{ MATCHED("{\"path\": \"by\", \"identity\": \"me\","
	          " \"or_absent\": 1}"), "must be true or false" },
	{ MATCHED("{\"path\": \"by\", \"identity\": \"me\","
	          " \"or_absnt\": true}"), "did you mean \"or_absent\"" },
	{ MATCHED("{\"path\": \"by\", \"or_absent\": true}"),
	    "just one of \"identity\"" },
	{ MATCHED("{\"path\": \"by\", \"identity\": \"me\","
	          " \"connector_param\": \"place\"}"), "just one of" },
	{ MATCHED("{\"path\": \"by\", \"connector_param\": \"plaice\"}"),
	    "there is no parameter \"plaice\"" },
	{ MATCHED("{\"path\": \"by\", \"identity\": \"you\"}"),
	    "there is no identity \"you\"" },
	{ MATCHED("{\"path\": \"by\", \"identity\": \"me\","
	          " \"or_absent\": true, \"or_absent\": true}"),
	    "stands twice" },
	{ CHILD(", \"param_values\": [{\"name\": \"id\", \"references\":"
	        " [{\"endpoint\": \"list\", \"field\": \"id\"}],"
	        " \"or_absent\": true}]"), "unknown key \"or_absent\"" },
	{ LATER("\"interval_s\": 1"), "either \"url_path\" or" },
	{ LATER("\"url_path\": \"u\", \"id_path\": \"i\""),
	    "belong together" },
	{ LATER("\"id_path\": \"i\", \"status_request\": {\"path\":"
	        " \"/o/../{operation}\"}"), "segment" },
	{ WITH(ENDPOINT("x", READ(", \"async\": {\"url_path\": \"u\"}"),
	    "")), "belong to \"protocol\": \"body\"" },
	{ CHILD(", \"param_values\": [{\"name\": \"id\", \"references\":"
	        " [{\"endpoint\": \"list\", \"each\": \"a\", \"field\":"
	        " \"id\"}]}, {\"name\": \"b\", \"references\":"
	        " [{\"endpoint\": \"list\", \"field\": \"c\"}]}]"),
	    "the same \"each\"" },
	{ CHILD(", \"param_values\": [{\"name\": \"operation\","
	        " \"values\": [\"x\"]}]"), "that of" },
	{ PAGED("link", ""), "\"path\" is missing" },
	{ PAGED("cursor", "\"path\": \"c\""), "\"param\" is missing" },
	{ PAGED("offset", "\"offset_param\": \"o\", \"limit\": 5"),
	    "belong together" },
	{ PAGED("none", "\"path\": \"x\""), "unknown key \"path\"" },
	{ PAGED("link", "\"path\": \"a..b\""), "empty key" },
	{ PAGED("link", "\"path\": \"a\", \"maximum_page\": 0"),
	    "at least 1" },
};

static void
bad_ones_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_rows) / sizeof(bad_rows[0]); i++) {
		struct complaints c;
		struct connector *k = read_text_of(bad_rows[i].file, &c);
		bool told = false;

		assert_null(k);
		assert_int_equal(err.code, DSR_EINPUT);
		assert_true(c.errors > 0);
		for (size_t j = 0; j < c.count; j++) {
			assert_true(c.items[j].line >= 1);
			told = told ||
			    strstr(c.items[j].text, bad_rows[i].told) != NULL;
		}
		if (!told)
			fail_msg("%s\nwanted %s, got %s", bad_rows[i].file,
			    bad_rows[i].told, c.items[0].text);
		complaints_fini(&c);
	}
}

static void
all_mistakes_are_told_in_order(void **state)
{
	static const char text[] = "{\n"
	    " \"connector\": {\"key\": \"plants\", \"nmae\": \"x\"},\n"
	    " \"hosts\": [\"api.example.org\"],\n"
	    " \"authentication\": {\"strategy\": \"nothing\"},\n"
	    " \"endpoints\": [{\"name\": \"a\"}, {\"nme\": \"b\"}]\n"
	    "}\n";
	struct complaints c;
	struct connector *k = read_text_of(text, &c);

	(void)state;
	assert_null(k);
	assert_true(c.errors >= 9);
	for (size_t i = 1; i < c.count; i++)
		assert_true(c.items[i].line > c.items[i - 1].line ||
		    (c.items[i].line == c.items[i - 1].line &&
		        c.items[i].column >= c.items[i - 1].column));
	assert_non_null(strstr(err.msg, "test.json:2:"));
	complaints_fini(&c);
}

static void
a_wrong_rule_is_told_where_it_stands(void **state)
{
	static const char text[] = "{\n"
	    " " HEAD ",\n"
	    " \"identities\": [{\"name\": \"me\", \"description\": \"d\"}],\n"
	    " \"endpoints\": [" ENDPOINT("x", READ(""), ",\n"
	    "  \"subject_match\": [{\"path\": \"by\", \"identity\": \"me\",\n"
	    "   \"or_absent\": null}]") "]\n"
	    "}\n";
	struct complaints c;
	struct connector *k = read_text_of(text, &c);

	(void)state;
	assert_null(k);
	assert_int_equal(c.errors, 1);
	assert_int_equal(c.items[0].line, 6);
	assert_int_equal(c.items[0].column, 4);
	complaints_fini(&c);
}

static void
rules_take_what_names_nobody_when_they_say_so(void **state)
{
	struct complaints c;
	struct connector *k = read_text_of(
	    MATCHED("{\"path\": \"by\", \"identity\": \"me\", \"or_absent\":"
	            " true}, {\"path\": \"to\", \"identity\": \"me\"}"), &c);
	const struct param_value *rule;

	(void)state;
	if (k == NULL)
		fail_msg("%s", err.msg);
	rule = connector_endpoint(k, 1)->subject_match.items;
	assert_true(rule[0].or_absent);
	assert_false(rule[1].or_absent);
	connector_free(k);
	complaints_fini(&c);
}

static void
unused_things_are_warnings(void **state)
{
	struct complaints c;
	struct connector *k = read_text_of(
	    FILE_OF(HEAD ", \"identities\": [{\"name\": \"me\","
	                 " \"description\": \"d\"}]", LIST), &c);

	(void)state;
	assert_non_null(k);
	assert_int_equal(c.errors, 0);
	assert_int_equal(c.count, 1);
	assert_true(c.items[0].warning);
	connector_free(k);
	complaints_fini(&c);
}

static void
identities_in_paths_make_requests(void **state)
{
	struct complaints c;
	struct connector *k = read_text_of(
	    FILE_OF(HEAD ", \"identities\": [{\"name\": \"me\","
	                 " \"description\": \"d\"}]",
	        ENDPOINT("mine", "{\"read\": {\"method\": \"GET\", \"host\":"
	            " \"api.example.org\", \"path\": \"/users/{me}\"}}", "")
	        ", "
	        ENDPOINT("below", "{\"read\": {\"method\": \"GET\", \"host\":"
	            " \"api.example.org\", \"path\": \"/users/{me}/{id}\","
	            " \"param_values\": [{\"name\": \"id\", \"references\":"
	            " [{\"endpoint\": \"mine\", \"field\": \"id\"}]}]}}", "")),
	    &c);

	(void)state;
	if (k == NULL)
		fail_msg("%s", err.msg);
	assert_int_equal(connector_endpoint(k, 0)->dimensions.count, 1);
	/* the child inherits it */
	assert_int_equal(connector_endpoint(k, 1)->dimensions.count, 1);
	assert_int_equal(connector_endpoint(k, 1)->parent, 0);
	assert_true(endpoint_inherits(k, connector_endpoint(k, 1), "me"));
	connector_free(k);
	complaints_fini(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_ones_are_read),
		cmocka_unit_test(bad_ones_are_told),
		cmocka_unit_test(all_mistakes_are_told_in_order),
		cmocka_unit_test(a_wrong_rule_is_told_where_it_stands),
		cmocka_unit_test(rules_take_what_names_nobody_when_they_say_so),
		cmocka_unit_test(unused_things_are_warnings),
		cmocka_unit_test(identities_in_paths_make_requests),
	};

	return cmocka_run_group_tests_name("connector", tests, NULL, NULL);
}
