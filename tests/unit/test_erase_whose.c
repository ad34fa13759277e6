/* SPDX-License-Identifier: ISC */
/* The plan of an erasure: what is others', or may be, stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../collector/sibling.h"
#include "../support/erasing.h"
#include "../support/plants.h"
#include "../support/scratch.h"

#define MAIL ", \"subject_match\": [{\"path\": \"to\", \"identity\": \"mail\"}]"
#define LIST_OF(rule)                                                         \
	ENDPOINT("list", READ("/gardens", ", \"data_path\": \"value\""), rule)

/* Whose it is counts also for what may go in a later run only. */
static void
judges_what_has_to_wait(void **state)
{
	static const struct erasing_document waiting[] = {
		{ "garden", "a", AT "/gardens/a",
		    "{\"id\":\"a\",\"by\":\"an\"}", false },
		{ "garden", "b", AT "/gardens/b",
		    "{\"id\":\"b\",\"by\":\"bo\"}", false },
		{ "garden", "c", AT "/gardens/c", "{\"id\":\"c\"}", false },
		{ "plant", NULL, AT "/plants", "{\"value\":[{}]}", false },
	};
	struct erasing e = { .connector = HEAD LIST ","
		GARDEN(", \"erase_after\": [\"plant\"], \"subject_match\":"
		    " [{\"path\": \"by\", \"identity\": \"who\","
		    " \"or_absent\": true}]") "," PLANT("") "]}",
		.identities = AN };

	(void)state;
	erasing_expect("a plant without an id stays", &e, waiting, 4,
	    "1 plant - not-attempted address-unknown\n"
	    "2 garden a not-attempted erase-after\n"
	    "3 garden b not-attempted others-data\n"
	    "4 garden c not-attempted names-nobody\n");
}

#define BY(id, who) "{\"id\":\"" id "\",\"by\":\"" who "\"}"

/* Where only the list says whose its items are, that counts. */
static void
judges_by_the_list_that_named_it(void **state)
{
	static const struct erasing_document docs[] = {
		{ "list", NULL, AT "/gardens?page=1", "{\"value\":["
		    BY("a", "an") "," BY("b", "bo") "," BY("c", "an") ","
		    BY("c", "bo") "]}", false },
		{ "garden", "a", AT "/gardens/a", "{\"id\":\"a\"}", false },
		{ "garden", "b", AT "/gardens/b", "{\"id\":\"b\"}", false },
		{ "garden", "c", AT "/gardens/c", "{\"id\":\"c\"}", false },
		{ "garden", "d", AT "/gardens/d", "{\"id\":\"d\"}", false },
		{ "plant", NULL, AT "/gardens/a/plants",
		    "{\"value\":[{\"id\":\"1\"}]}", false },
		{ "plant", NULL, AT "/gardens/b/plants",
		    "{\"value\":[{\"id\":\"1\"}]}", false },
	};
	static const char connector[] = HEAD
	    LIST_OF(OWN) "," GARDEN("") ","
	    ENDPOINT("plant", READ("/gardens/{garden}/plants",
	        ", \"data_path\": \"value\", \"param_values\": [{\"name\":"
	        " \"garden\", \"references\": [{\"endpoint\": \"list\","
	        " \"field\": \"id\"}]}]") ", \"delete\": {\"path\":"
	        " \"/x/{garden}/{id}\"" OF("plant") "}", "") "]}";
	struct erasing e = { .connector = connector, .identities = AN };

	(void)state;
	erasing_expect("an's", &e, docs, 7,
	    "1 plant 1 planned -\n"
	    "2 plant 1 not-attempted others-data\n"
	    "3 garden a planned -\n"
	    "4 garden b not-attempted others-data\n"
	    "5 garden c not-attempted others-data\n"
	    "6 garden d not-attempted not-exported\n"
	    "7 list - no-way -\n");
	e.identities = NULL;
	erasing_expect("all is to go", &e, docs, 3,
	    "1 garden a planned -\n"
	    "2 garden b planned -\n"
	    "3 list - no-way -\n");
}

/* The same version of two models: each is judged by its own list. */
static void
tells_lists_of_one_endpoint_apart(void **state)
{
	static const struct erasing_document docs[] = {
		{ "list", NULL, AT "/gardens", "{\"value\":[]}", false },
		{ "bed", NULL, AT "/gardens/g/beds",
		    "{\"value\":[" BY("1", "an") "]}", false },
		{ "bed", NULL, AT "/gardens/h/beds?skip=7",
		    "{\"value\":[" BY("1", "bo") "]}", false },
		{ "plant", "1", AT "/gardens/g/beds/1", "{\"id\":\"1\"}",
		    false },
		{ "plant", "1", AT "/gardens/h/beds/1", "{\"id\":\"1\"}",
		    false },
	};
	static const char connector[] = HEAD LIST ","
	    BEDS(OWN) ","
	    IN_BED "]}";
	struct erasing e = { .connector = connector, .identities = AN };

	(void)state;
	erasing_expect("an's of g, bo's of h", &e, docs, 5,
	    "1 plant 1 planned -\n"
	    "2 plant 1 not-attempted others-data\n"
	    "3 bed - no-way -\n"
	    "4 list - absent nothing-in-it\n");
}

/* The archive may hold what is others': the export need not be filtered. */
static void
leaves_a_place_with_what_is_others(void **state)
{
	static const char connector[] = HEAD LIST ","
	    GARDEN(", \"erase_after\": [\"plant\"]") ","
	    BEDS(", \"erased_with\": \"garden\"" OWN) "," PLANT("") ","
	    ENDPOINT("tool", READ("/tools", ", \"data_path\": \"value\"") ","
	        BY_ITEM("tool"), ", \"subject_match\": [{\"path\": \"in\","
	        " \"references\": [{\"endpoint\": \"bed\", \"field\":"
	        " \"id\"}]}]") "]}";
	static struct erasing_document docs[] = {
		{ "list", NULL, AT "/gardens", "{\"value\":[]}", false },
		{ "garden", "g", AT "/gardens/g", "{\"id\":\"g\"}", false },
		{ "bed", NULL, AT "/gardens/g/beds",
		    "{\"value\":[" BY("1", "an") "," BY("2", "bo") "]}", false },
		{ "plant", NULL, AT "/plants",
		    "{\"value\":[{\"id\":\"p1\"}]}", false },
		{ "tool", NULL, AT "/tools",
		    "{\"value\":[{\"id\":\"t1\",\"in\":\"1\"},"
		    "{\"id\":\"t2\",\"in\":\"2\"}]}", false },
	};
	static struct dsr_endpoint_counts counts[] = {
		{ .connector = "plants", .endpoint = "bed" } };
	struct erasing e = { .connector = connector, .identities = AN,
		.counts = counts, .count_count = 1 };

	(void)state;
	erasing_expect("bo has a bed, and a tool in it", &e, docs, 5,
	    "1 tool t1 planned -\n"
	    "2 tool t2 not-attempted others-data\n"
	    "3 plant p1 planned -\n"
	    "4 garden g not-attempted others-data\n"
	    "5 bed - not-attempted erase-after with 4\n"
	    "6 list - absent nothing-in-it\n");
}

/* What could not be seen may be others'. */
static void
leaves_a_place_that_was_not_seen_wholly(void **state)
{
	static const char connector[] = HEAD LIST ","
	    GARDEN(", \"erase_after\": [\"plant\"]") ","
	    BEDS(", \"erased_with\": \"garden\"" OWN) "," PLANT("") "]}";
	static const char stays[] = "1 plant p1 planned -\n"
	    "2 plant p2 planned -\n"
	    "3 garden g not-attempted not-exported\n"
	    "4 list - absent nothing-in-it\n";
	static const char goes[] = "1 plant p1 planned -\n"
	    "2 plant p2 planned -\n"
	    "3 garden g planned -\n"
	    "4 list - absent nothing-in-it\n";
	static struct dsr_endpoint_counts counts[] = {
		{ .connector = "plants", .endpoint = "plant" },
		{ .connector = "plants", .endpoint = "bed" },
	};
	static const struct erasing_document docs[] = {
		{ "list", NULL, AT "/gardens", "{\"value\":[]}", false },
		{ "garden", "g", AT "/gardens/g", "{\"id\":\"g\"}", false },
		{ "plant", NULL, AT "/plants",
		    "{\"value\":[{\"id\":\"p1\"},{\"id\":\"p2\"}]}",
		    false },
	};
	struct erasing e = { .connector = connector, .counts = counts,
		.count_count = 2, .identities = AN };

	(void)state;
	erasing_expect("there were none", &e, docs, 3, goes);
	counts[1].gaps = 1;
	erasing_expect("it failed", &e, docs, 3, stays);
	e.identities = NULL;
	erasing_expect("it failed, and all is to go", &e, docs, 3, goes);
	e.identities = AN;
	e.count_count = 1;
	erasing_expect("the archive does not know of it", &e, docs, 3, stays);
	e.count_count = 2;
	counts[1].gaps = 0;
	counts[0].gaps = 1;
	erasing_expect("what is nobody's failed", &e, docs, 3, goes);
}

/* What only an identity that was not given would tell may be anybody's. */
static void
leaves_what_another_identity_would_tell(void **state)
{
	static const struct erasing_document docs[] = {
		{ "list", NULL, AT "/gardens",
		    "{\"value\":[{\"id\":\"a\",\"by\":\"an\"},"
		    "{\"id\":\"b\",\"by\":\"bo\"}]}", false },
		{ "garden", "a", AT "/gardens/a",
		    "{\"id\":\"a\",\"to\":\"an@x\"}", false },
		{ "garden", "b", AT "/gardens/b",
		    "{\"id\":\"b\",\"to\":\"bo@x\"}", false },
		{ "tool", NULL, AT "/tools",
		    "{\"value\":[{\"id\":\"t\",\"in\":\"a\"}]}", false },
	};
	static const char own[] = HEAD LIST "," GARDEN(MAIL) ","
	    ENDPOINT("tool", READ("/tools", ", \"data_path\": \"value\"") ","
	        BY_ITEM("tool"), ", \"subject_match\": [{\"path\": \"in\","
	        " \"references\": [{\"endpoint\": \"garden\", \"field\":"
	        " \"id\"}]}]") "]}";
	static const char listed[] = HEAD LIST_OF(MAIL) "," GARDEN("") "]}";
	static const char both[] = HEAD LIST_OF(OWN) "," GARDEN(MAIL) "]}";
	static const char *const mail[] = { "who=an", "mail=an@x", NULL };
	struct erasing e = { .connector = own, .identities = AN };

	(void)state;
	erasing_expect("an is named, and her address is not", &e, docs, 4,
	    "1 tool t not-attempted names-nobody\n"
	    "2 garden a not-attempted names-nobody\n"
	    "3 garden b not-attempted names-nobody\n"
	    "4 list - no-way -\n");
	e.identities = mail;
	erasing_expect("both are", &e, docs, 4,
	    "1 tool t planned -\n"
	    "2 garden a planned -\n"
	    "3 garden b not-attempted others-data\n"
	    "4 list - no-way -\n");
	e.identities = NULL;
	erasing_expect("nobody is: all is to go", &e, docs, 4,
	    "1 tool t planned -\n"
	    "2 garden a planned -\n"
	    "3 garden b planned -\n"
	    "4 list - no-way -\n");
	e.identities = AN;
	e.connector = listed;
	erasing_expect("the list would tell", &e, docs, 3,
	    "1 garden a not-attempted names-nobody\n"
	    "2 garden b not-attempted names-nobody\n"
	    "3 list - no-way -\n");
	e.connector = both;
	erasing_expect("the list tells less than the address", &e, docs, 3,
	    "1 garden a not-attempted names-nobody\n"
	    "2 garden b not-attempted others-data\n"
	    "3 list - no-way -\n");
	e.even_if_unnamed = true;
	erasing_expect("and these may go", &e, docs, 3,
	    "1 garden a planned -\n"
	    "2 garden b not-attempted others-data\n"
	    "3 list - no-way -\n");
}

/* The list that would tell is nearer than the one that does. */
static void
asks_lists_above_one_that_cannot_tell(void **state)
{
	static const struct erasing_document docs[] = {
		{ "list", NULL, AT "/gardens", "{\"value\":["
		    BY("g", "an") "," BY("h", "bo") "]}", false },
		{ "bed", NULL, AT "/gardens/g/beds",
		    "{\"value\":[{\"id\":\"1\"}]}", false },
		{ "bed", NULL, AT "/gardens/h/beds",
		    "{\"value\":[{\"id\":\"1\"}]}", false },
		{ "plant", "1", AT "/gardens/g/beds/1", "{\"id\":\"1\"}",
		    false },
		{ "plant", "2", AT "/gardens/h/beds/1", "{\"id\":\"1\"}",
		    false },
	};
	static const char connector[] = HEAD
	    LIST_OF(OWN) ","
	    BEDS(MAIL) ","
	    IN_BED "]}";
	struct erasing e = { .connector = connector, .identities = AN };

	(void)state;
	erasing_expect("whose the bed is nobody knows", &e, docs, 5,
	    "1 plant 1 not-attempted names-nobody\n"
	    "2 plant 2 not-attempted others-data\n"
	    "3 bed - no-way -\n"
	    "4 list - no-way -\n");
	e.even_if_unnamed = true;
	erasing_expect("in a garden of bo's it stays", &e, docs, 5,
	    "1 plant 1 planned -\n"
	    "2 plant 2 not-attempted others-data\n"
	    "3 bed - no-way -\n"
	    "4 list - no-way -\n");
}

/* A place with such things is left as well. */
static void
leaves_a_place_with_what_is_untold(void **state)
{
	static const char connector[] = HEAD LIST ","
	    GARDEN(", \"erase_after\": [\"plant\"]") ","
	    BEDS(", \"erased_with\": \"garden\"" MAIL) "," PLANT("") "]}";
	static const struct erasing_document docs[] = {
		{ "list", NULL, AT "/gardens", "{\"value\":[]}", false },
		{ "garden", "g", AT "/gardens/g", "{\"id\":\"g\"}", false },
		{ "plant", NULL, AT "/plants",
		    "{\"value\":[{\"id\":\"p\"}]}", false },
		{ "bed", NULL, AT "/gardens/g/beds",
		    "{\"value\":[{\"id\":\"1\"}]}", false },
	};
	static const char absent[] = HEAD LIST ","
	    GARDEN(", \"erase_after\": [\"plant\"]") ","
	    BEDS(", \"erased_with\": \"garden\", \"subject_match\": [{\"path\":"
	        " \"by\", \"identity\": \"who\", \"or_absent\": true}]") ","
	    PLANT("") "]}";
	static const char stays[] = "1 plant p planned -\n"
	    "2 garden g not-attempted names-nobody\n"
	    "3 bed - not-attempted erase-after with 2\n"
	    "4 list - absent nothing-in-it\n";
	static const char goes[] = "1 plant p planned -\n"
	    "2 garden g planned -\n"
	    "3 bed - planned - with 2\n"
	    "4 list - absent nothing-in-it\n";
	static const char unseen[] = "1 plant p planned -\n"
	    "2 garden g not-attempted not-exported\n"
	    "3 list - absent nothing-in-it\n";
	static const char empty[] = "1 plant p planned -\n"
	    "2 garden g planned -\n"
	    "3 list - absent nothing-in-it\n";
	static struct dsr_endpoint_counts counts[] = {
		{ .connector = "plants", .endpoint = "bed" } };
	struct erasing e = { .connector = connector, .identities = AN,
		.counts = counts, .count_count = 1 };

	(void)state;
	erasing_expect("a bed, whoever's it is", &e, docs, 4, stays);
	erasing_expect("no bed", &e, docs, 3, empty);
	counts[0].gaps = 1;
	erasing_expect("it could not be seen", &e, docs, 3, unseen);
	counts[0].gaps = 0;
	e.even_if_unnamed = true;
	erasing_expect("it may go", &e, docs, 4, goes);
	e.connector = absent;
	erasing_expect("what names nobody, too", &e, docs, 4, goes);
	e.even_if_unnamed = false;
	erasing_expect("a bed that names nobody", &e, docs, 4, stays);
	e.connector = connector;
	e.identities = NULL;
	erasing_expect("all is to go", &e, docs, 4, goes);
}

/* One request would delete both: both must be the person's. */
static void
looks_at_all_entries_of_one_id(void **state)
{
	static const struct erasing_document docs[] = {
		{ "plant", NULL, AT "/plants", "{\"value\":["
		    BY("1", "an") "," BY("1", "bo") "," BY("2", "bo") ","
		    BY("2", "an") "," BY("3", "an") "," BY("4", "an") ","
		    BY("4", "an") ",{\"id\":\"5\",\"by\":\"an\"},"
		    "{\"id\":\"5\"}]}", false },
		{ "plant", NULL, AT "/plants?page=2",
		    "{\"value\":[" BY("3", "bo") "]}", false },
	};
	struct erasing e = { .connector = HEAD PLANT(", \"subject_match\":"
		" [{\"path\": \"by\", \"identity\": \"who\","
		" \"or_absent\": true}]") "]}", .identities = AN };

	(void)state;
	erasing_expect("an's and bo's", &e, docs, 2,
	    "1 plant 1 not-attempted others-data\n"
	    "2 plant 2 not-attempted others-data\n"
	    "3 plant 3 not-attempted others-data\n"
	    "4 plant 4 planned -\n"
	    "5 plant 5 not-attempted names-nobody\n");
	e.even_if_unnamed = true;
	erasing_expect("what names nobody may go", &e, docs, 1,
	    "1 plant 1 not-attempted others-data\n"
	    "2 plant 2 not-attempted others-data\n"
	    "3 plant 3 planned -\n"
	    "4 plant 4 planned -\n"
	    "5 plant 5 planned -\n");
}

/* Two endpoints whose items one request deletes: both must be the person's. */
static void
looks_at_entries_of_other_endpoints(void **state)
{
	static const struct erasing_document docs[] = {
		{ "plant", NULL, AT "/plants", "{\"value\":["
		    BY("1", "an") "," BY("2", "bo") "," BY("3", "an") "]}",
		    false },
		{ "seed", NULL, AT "/seeds", "{\"value\":["
		    BY("1", "bo") "," BY("2", "an") "," BY("3", "an") "]}",
		    false },
	};
	struct erasing e = { .connector = HEAD PLANT(OWN) ","
		ENDPOINT("seed", READ("/seeds", ", \"data_path\": \"value\"")
		    "," BY_ITEM("seed"), OWN) "]}", .identities = AN };

	(void)state;
	erasing_expect("an's and bo's", &e, docs, 2,
	    "1 seed 1 not-attempted others-data\n"
	    "2 seed 2 not-attempted others-data\n"
	    "3 seed 3 planned -\n"
	    "4 plant - no-way -\n");
}

/* Lists name what one request deletes: it may go when all are the person's. */
static void
looks_at_entries_of_other_lists(void **state)
{
	static const struct erasing_document docs[] = {
		{ "bed", NULL, AT "/gardens/g/beds", "{\"value\":["
		    BY("1", "an") "," BY("2", "bo") "," BY("3", "an") "]}", false },
		{ "bed", NULL, AT "/gardens/h/beds", "{\"value\":["
		    BY("1", "bo") "," BY("2", "an") "," BY("3", "an") "]}", false },
	};
	struct erasing e = { .connector = HEAD LIST ","
		ENDPOINT("bed", READ("/gardens/{garden}/beds",
		    ", \"data_path\": \"value\", \"param_values\":"
		    " [{\"name\": \"garden\", \"references\": [{\"endpoint\":"
		    " \"list\", \"field\": \"id\"}]}]") "," BY_ITEM("bed"), OWN)
		"]}", .identities = AN };

	(void)state;
	erasing_expect("beds of two lists", &e, docs, 2,
	    "1 bed 1 not-attempted others-data\n"
	    "2 bed 2 not-attempted others-data\n"
	    "3 bed 3 planned -\n"
	    "4 bed 1 not-attempted others-data\n"
	    "5 bed 2 not-attempted others-data\n"
	    "6 bed 3 planned -\n");
}

/* What a case says is gone, and was not to go, frees the way for nothing. */
static void
does_not_believe_that_the_unnamed_is_gone(void **state)
{
	static const struct erasing_document docs[] = {
		{ "plant", NULL, AT "/plants", "{\"value\":["
		    BY("1", "an") ",{\"id\":\"2\"}]}", false },
	};
	static const struct dsr_erasure_result gone = { .outcome = "erased",
		.status = DSR_NONE };
	struct erasing e = { .connector = HEAD PLANT(", \"subject_match\":"
		" [{\"path\": \"by\", \"identity\": \"who\","
		" \"or_absent\": true}]") "]}", .identities = AN };
	struct dsr_buffer out;
	struct dsr_error err;

	(void)state;
	erasing_start(&e, docs, 1);
	assert_string_equal(erasing_plan(&e, &out), "1 plant 1 planned -\n"
	    "2 plant 2 not-attempted names-nobody\n");
	dsr_buffer_fini(&out);
	assert_int_equal(private_folder_new(&e.x.exported.folder, &err), 0);
	for (uint64_t number = 1; number <= 2; number++)
		assert_int_equal(dsr_case_erasure_settle(e.x.c.store, number,
		    &gone, &err), 0);
	assert_int_equal(erase_compare_plans(&e.x, &err), 0);
	assert_int_equal(e.x.tallies[0].unproven, 1);
	erasing_stop(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_what_has_to_wait),
		cmocka_unit_test(judges_by_the_list_that_named_it),
		cmocka_unit_test(tells_lists_of_one_endpoint_apart),
		cmocka_unit_test(leaves_a_place_with_what_is_others),
		cmocka_unit_test(leaves_a_place_that_was_not_seen_wholly),
		cmocka_unit_test(leaves_what_another_identity_would_tell),
		cmocka_unit_test(asks_lists_above_one_that_cannot_tell),
		cmocka_unit_test(leaves_a_place_with_what_is_untold),
		cmocka_unit_test(looks_at_all_entries_of_one_id),
		cmocka_unit_test(looks_at_entries_of_other_endpoints),
		cmocka_unit_test(looks_at_entries_of_other_lists),
		cmocka_unit_test_setup_teardown(
		    does_not_believe_that_the_unnamed_is_gone, scratch_enter,
		    scratch_leave),
	};

	return cmocka_run_group_tests_name("erase_whose", tests, NULL, NULL);
}
