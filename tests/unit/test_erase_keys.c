/* SPDX-License-Identifier: ISC */
/* The plan of an erasure: what looks like something else, or says two things. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/erasing.h"
#include "../support/plants.h"

/* An id of one list that is written as one of another list would be kept. */
static void
values_pass_for_no_others(void **state)
{
	static const struct erasing_document docs[] = {
		{ "list", NULL, AT "/gardens", "{\"value\":[]}", false },
		{ "bed", NULL, AT "/gardens/g/beds", "{\"value\":["
		    "{\"id\":\"1\\n" AT "/gardens/h/beds\",\"by\":\"an\"},"
		    "{\"id\":\"30 " AT "/gardens/h/beds 1\",\"by\":\"an\"}]}",
		    false },
		{ "bed", NULL, AT "/gardens/h/beds", "{\"value\":[]}", false },
		{ "plant", "1", AT "/gardens/h/beds/1", "{\"id\":\"1\"}",
		    false },
	};
	struct erasing e = { .connector = HEAD LIST "," BEDS(OWN) ","
		IN_BED "]}", .identities = AN };

	(void)state;
	erasing_expect("the list of h has no 1", &e, docs, 4,
	    "1 plant 1 not-attempted not-exported\n"
	    "2 bed - no-way -\n"
	    "3 list - absent nothing-in-it\n");
}

/* Another reader takes the last of two: whose it is cannot be known. */
static void
what_says_two_things_is_nobodys_to_delete(void **state)
{
	static const struct erasing_document docs[] = {
		{ "plant", NULL, AT "/plants", "{\"value\":["
		    "{\"id\":\"1\",\"by\":\"an\",\"by\":\"bo\"},"
		    "{\"id\":\"2\",\"by\":\"bo\",\"by\":\"an\"},"
		    "{\"id\":\"3\",\"by\":\"an\",\"\\u0062y\":\"bo\"},"
		    "{\"id\":\"4\",\"by\":null,\"by\":\"an\"},"
		    "{\"id\":\"5\",\"by\":null,\"by\":\"\"},"
		    "{\"id\":\"6\",\"by\":\"an\",\"by\":\"an\"},"
		    "{\"id\":\"7\",\"x\":1,\"by\":\"an\",\"x\":2}]}", false },
	};
	struct erasing e = { .connector = HEAD PLANT(", \"subject_match\":"
		" [{\"path\": \"by\", \"identity\": \"who\","
		" \"or_absent\": true}]") "]}", .identities = AN };
	static const char stay[] = "1 plant 1 not-attempted others-data\n"
	    "2 plant 2 not-attempted others-data\n"
	    "3 plant 3 not-attempted others-data\n"
	    "4 plant 4 not-attempted others-data\n"
	    "5 plant 5 not-attempted others-data\n"
	    "6 plant 6 planned -\n"
	    "7 plant 7 planned -\n";

	(void)state;
	erasing_expect("what is an's in any reading", &e, docs, 1, stay);
	e.even_if_unnamed = true;
	erasing_expect("that names nobody may go", &e, docs, 1, stay);
	e.identities = NULL;
	erasing_expect("all is to go", &e, docs, 1, "1 plant 1 planned -\n"
	    "2 plant 2 planned -\n3 plant 3 planned -\n"
	    "4 plant 4 planned -\n5 plant 5 planned -\n"
	    "6 plant 6 planned -\n7 plant 7 planned -\n");
}

/* Nor does what it names by two ids become the person's by that. */
static void
what_has_two_ids_names_nothing(void **state)
{
	static const struct erasing_document docs[] = {
		{ "list", NULL, AT "/gardens", "{\"value\":["
		    "{\"id\":\"a\",\"id\":\"b\",\"by\":\"an\"}]}", false },
		{ "garden", "a", AT "/gardens/a", "{\"id\":\"a\"}", false },
		{ "garden", "b", AT "/gardens/b", "{\"id\":\"b\"}", false },
		{ "tool", NULL, AT "/tools", "{\"value\":["
		    "{\"id\":\"1\",\"in\":\"a\"},"
		    "{\"id\":\"2\",\"in\":\"b\"},"
		    "{\"id\":\"3\",\"id\":\"4\",\"in\":\"a\"}]}", false },
	};
	struct erasing e = { .connector = HEAD
		ENDPOINT("list", READ("/gardens", ", \"data_path\": \"value\""),
		    OWN) "," GARDEN("") ","
		ENDPOINT("tool", READ("/tools", ", \"data_path\": \"value\"")
		    "," BY_ITEM("tool"), ", \"subject_match\": [{\"path\":"
		    " \"in\", \"references\": [{\"endpoint\": \"list\","
		    " \"field\": \"id\"}]}]") "]}", .identities = AN };

	(void)state;
	erasing_expect("a garden of two names", &e, docs, 4,
	    "1 tool 1 not-attempted others-data\n"
	    "2 tool 2 not-attempted others-data\n"
	    "3 tool - not-attempted address-unknown\n"
	    "4 garden a not-attempted others-data\n"
	    "5 garden b not-attempted others-data\n"
	    "6 list - no-way -\n");
}

/* Either of the two may be what must be kept. */
static void
either_of_two_ids_is_held(void **state)
{
	static const struct erasing_document docs[] = {
		{ "list", NULL, AT "/gardens", "{\"value\":[{\"id\":\"g\"}]}",
		    false },
		{ "garden", "g", AT "/gardens/g", "{\"id\":\"g\"}", false },
		{ "bed", NULL, AT "/gardens/g/beds",
		    "{\"value\":[{\"id\":\"1\",\"id\":\"2\"}]}", false },
	};
	struct erasing e = { .connector = HEAD LIST "," GARDEN("") ","
		BEDS(", \"erased_with\": \"garden\"") "]}" };
	char request[400];

	(void)state;
	e.request = request;
	for (int id = 1; id <= 2; id++) {
		(void)snprintf(request, sizeof(request), "{\"format\":"
		    " \"dossier-request/1\", \"request\": \"R\","
		    " \"articles\": [\"17\"], \"received\": \"2026-01-31\","
		    " \"controller\": {\"name\": \"C\"}, \"legal_hold\":"
		    " [{\"items\": [\"%d\"], \"connector\": \"plants\","
		    " \"endpoint\": \"bed\", \"reason\": \"A case\"}]}", id);
		erasing_expect("a bed of two names", &e, docs, 3,
		    "1 garden g held legal-hold hold 1\n"
		    "2 bed - held legal-hold hold 1 with 1\n"
		    "3 list - no-way -\n");
	}
}

#define KEYED(id, key, who)                                                   \
	"{" id "\"key\":\"" key "\",\"by\":\"" who "\"}"
#define ID(id) "\"id\":\"" id "\","

/* What has no id, or two, may be what the request of another deletes. */
static void
looks_at_entries_without_one_id(void **state)
{
	static const struct erasing_document docs[] = {
		{ "plant", NULL, AT "/plants", "{\"value\":["
		    KEYED(ID("1"), "k1", "an") "," KEYED("", "k1", "bo") ","
		    KEYED(ID("8") ID("9"), "k2", "bo") ","
		    KEYED(ID("2"), "k2", "an") ","
		    KEYED("", "k3", "an") "," KEYED(ID("3"), "k3", "an")
		    "]}", false },
	};
	struct erasing e = { .connector = HEAD ENDPOINT("plant",
		READ("/plants", ", \"data_path\": \"value\"") ","
		"\"delete\": {\"path\": \"/x/{key}\", \"param_values\":"
		" [{\"name\": \"key\", \"references\": [{\"endpoint\":"
		" \"plant\", \"field\": \"key\"}]}]}", OWN) "]}",
		.identities = AN };

	(void)state;
	erasing_expect("an's and bo's", &e, docs, 1,
	    "1 plant 1 not-attempted others-data\n"
	    "2 plant - not-attempted others-data\n"
	    "3 plant - not-attempted address-unknown\n"
	    "4 plant 3 planned -\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_pass_for_no_others),
		cmocka_unit_test(what_says_two_things_is_nobodys_to_delete),
		cmocka_unit_test(what_has_two_ids_names_nothing),
		cmocka_unit_test(either_of_two_ids_is_held),
		cmocka_unit_test(looks_at_entries_without_one_id),
	};

	return cmocka_run_group_tests_name("erase_keys", tests, NULL, NULL);
}
