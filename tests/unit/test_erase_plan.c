/* SPDX-License-Identifier: ISC */
/* The plan of an erasure: which lines, in what order, and what stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/erasing.h"
#include "../support/plants.h"
#include "../support/scratch.h"

static const struct erasing_document documents[] = {
	{ "list", NULL, AT "/gardens", "{\"value\":[{\"id\":\"g\"}]}", false },
	{ "garden", "g", AT "/gardens/g", "{\"id\":\"g\"}", false },
	{ "bed", NULL, AT "/gardens/g/beds",
	    "{\"value\":[{\"id\":\"b1\"},{\"id\":\"b2\"}]}", false },
	{ "plant", NULL, AT "/plants",
	    "{\"value\":[{\"id\":\"p1\"},{\"id\":\"p2\"}]}", false },
};
#define COUNT (sizeof(documents) / sizeof(documents[0]))

static void
plan(const char *why, const char *connector, const char *request,
    const char *wanted)
{
	struct erasing e = { .connector = connector, .request = request };

	erasing_expect(why, &e, documents, COUNT, wanted);
}

/* ---- order --------------------------------------------------------------- */

static void
children_go_before_parents(void **state)
{
	(void)state;
	plan("from the last endpoint to the first",
	    HEAD LIST "," GARDEN("") "," BEDS("") "," PLANT("") "]}", NULL,
	    "1 plant p1 planned -\n"
	    "2 plant p2 planned -\n"
	    "3 bed - no-way -\n"
	    "4 garden g planned -\n"
	    "5 list - no-way -\n");
	plan("what goes along stands behind what takes it",
	    HEAD LIST "," GARDEN("") ","
	    BEDS(", \"erased_with\": \"garden\"") "," PLANT("") "]}", NULL,
	    "1 plant p1 planned -\n"
	    "2 plant p2 planned -\n"
	    "3 garden g planned -\n"
	    "4 bed - planned - with 3\n"
	    "5 list - no-way -\n");
	plan("what must wait for something that goes",
	    HEAD LIST "," GARDEN(", \"erase_after\": [\"plant\"]") ","
	    BEDS("") "," PLANT("") "]}", NULL,
	    "1 plant p1 planned -\n"
	    "2 plant p2 planned -\n"
	    "3 bed - no-way -\n"
	    "4 garden g planned -\n"
	    "5 list - no-way -\n");
}

static void
refused(const char *connector, const char *wanted)
{
	const struct collect_options o = { .connector = "./plants.json",
		.fetch = { .concurrency = 1 } };
	struct collection c = { .k = NULL };
	struct dsr_error err;
	void *state = NULL;

	assert_int_equal(scratch_enter(&state), 0);
	scratch_write("plants.json", connector, strlen(connector), 0600);
	if (collection_prepare(&c, &o, &err) == 0)
		fail_msg("accepted: %s", connector);
	if (strstr(err.msg, wanted) == NULL)
		fail_msg("%s, not: %s", err.msg, wanted);
	assert_int_equal(scratch_leave(&state), 0);
}

/* Each waits for what stands below: there is no way round. */
static void
nothing_waits_for_itself(void **state)
{
	(void)state;
	refused(HEAD LIST "," GARDEN(", \"erase_after\": [\"garden\"]") "]}",
	    "must stand below");
	refused(HEAD LIST "," GARDEN(", \"erase_after\": [\"plant\"]") ","
	    PLANT(", \"erase_after\": [\"garden\"]") "]}",
	    "must stand below");
	refused(HEAD LIST "," GARDEN(", \"erase_after\": [\"list\"]") "]}",
	    "has no \"delete\"");
}

/* ---- what must be kept ----------------------------------------------------- */

#define REQUEST(rest)                                                         \
	"{\"format\": \"dossier-request/1\", \"request\": \"R\","             \
	" \"articles\": [\"17\"], \"received\": \"2026-01-31\","              \
	" \"controller\": {\"name\": \"C\"}, " rest "}"
#define HOLD(what)                                                            \
	REQUEST("\"legal_hold\": [{" what "\"reason\": \"A case\"}]")
#define HELD_ITEMS(endpoint, ids)                                             \
	HOLD("\"connector\": \"plants\", \"endpoint\": \"" endpoint "\","     \
	     " \"items\": [" ids "], ")

static const char gardens[] = HEAD LIST ","
    GARDEN(", \"erase_after\": [\"plant\"]") ","
    BEDS(", \"erased_with\": \"garden\"") "," PLANT("") "]}";

static void
keeps_what_must_be_kept(void **state)
{
	(void)state;
	plan("an item, and what would go after it", gardens,
	    HELD_ITEMS("plant", "\"p2\""),
	    "1 plant p1 planned -\n"
	    "2 plant p2 held legal-hold hold 1\n"
	    "3 garden g not-attempted erase-after\n"
	    "4 bed - not-attempted erase-after with 3\n"
	    "5 list - no-way -\n");
	plan("an item that would be taken along", gardens,
	    HELD_ITEMS("bed", "\"x\", \"b2\""),
	    "1 plant p1 planned -\n"
	    "2 plant p2 planned -\n"
	    "3 garden g held legal-hold hold 1\n"
	    "4 bed - held legal-hold hold 1 with 3\n"
	    "5 list - no-way -\n");
	plan("items that are not there", gardens,
	    HELD_ITEMS("bed", "\"b3\", \"p1\""),
	    "1 plant p1 planned -\n"
	    "2 plant p2 planned -\n"
	    "3 garden g planned -\n"
	    "4 bed - planned - with 3\n"
	    "5 list - no-way -\n");
	plan("all of an endpoint", gardens,
	    HOLD("\"connector\": \"plants\", \"endpoint\": \"plant\", "),
	    "1 plant p1 held legal-hold hold 1\n"
	    "2 plant p2 held legal-hold hold 1\n"
	    "3 garden g not-attempted erase-after\n"
	    "4 bed - not-attempted erase-after with 3\n"
	    "5 list - no-way -\n");
	plan("another connector's", gardens,
	    HOLD("\"connector\": \"stones\", \"endpoint\": \"plant\", "),
	    "1 plant p1 planned -\n"
	    "2 plant p2 planned -\n"
	    "3 garden g planned -\n"
	    "4 bed - planned - with 3\n"
	    "5 list - no-way -\n");
	plan("until a day that is over", gardens,
	    HOLD("\"connector\": \"plants\", \"endpoint\": \"plant\","
	         " \"until\": \"2026-02-02\", "),
	    "1 plant p1 planned -\n"
	    "2 plant p2 planned -\n"
	    "3 garden g planned -\n"
	    "4 bed - planned - with 3\n"
	    "5 list - no-way -\n");
	plan("everything, until today", gardens,
	    REQUEST("\"retain_until\": \"2026-02-03\""),
	    "1 plant p1 held retain-until\n"
	    "2 plant p2 held retain-until\n"
	    "3 garden g held retain-until\n"
	    "4 bed - held retain-until with 3\n"
	    "5 list - held retain-until\n");
	plan("everything, until yesterday", gardens,
	    REQUEST("\"retain_until\": \"2026-02-02\""),
	    "1 plant p1 planned -\n"
	    "2 plant p2 planned -\n"
	    "3 garden g planned -\n"
	    "4 bed - planned - with 3\n"
	    "5 list - no-way -\n");
}

/* What has no id may be one of those that are named. */
static void
does_not_guess_what_has_no_id(void **state)
{
	static const struct erasing_document nameless[] = {
		{ "note", NULL, AT "/note", "{\"text\":\"x\"}", false } };
	struct erasing e = {
		.connector = HEAD ENDPOINT("note", "\"read\": {\"method\":"
		    " \"GET\", \"host\": \"api.example.org\", \"path\":"
		    " \"/note\"}, \"delete\": {}", "") "]}" };

	(void)state;
	erasing_expect("nothing is to be kept", &e, nameless, 1,
	    "1 note - planned -\n");
	e.request = HELD_ITEMS("note", "\"n1\"");
	erasing_expect("some notes are", &e, nameless, 1,
	    "1 note - not-attempted legal-hold\n");
	e.request = HELD_ITEMS("plant", "\"n1\"");
	erasing_expect("something else is", &e, nameless, 1, "1 note - planned -\n");
}

/* One request deletes all beds of a colour: none goes while one must be kept. */
static void
keeps_what_one_request_would_delete_with_it(void **state)
{
	static const struct erasing_document docs[] = {
		{ "bed", NULL, AT "/beds", "{\"value\":["
		    "{\"id\":\"1\",\"of\":\"red\"},"
		    "{\"id\":\"2\",\"of\":\"red\"},"
		    "{\"id\":\"3\",\"of\":\"blue\"},"
		    "{\"id\":\"4\",\"of\":\"blue\"}]}", false },
	};
	struct erasing e = {
		.connector = HEAD ENDPOINT("bed", READ("/beds",
		    ", \"data_path\": \"value\"") ", \"delete\": {\"path\":"
		    " \"/x/{of}\", \"param_values\": [{\"name\": \"of\","
		    " \"references\": [{\"endpoint\": \"bed\", \"field\":"
		    " \"of\"}]}]}", "") "]}",
		.request = HELD_ITEMS("bed", "\"2\", \"3\"") };

	(void)state;
	erasing_expect("behind one that may go, and before it", &e, docs, 1,
	    "1 bed 1 not-attempted legal-hold\n"
	    "2 bed 3 held legal-hold hold 1\n");
}

/* ---- others' data ------------------------------------------------------------ */

static void
leaves_what_others_have_a_part_in(void **state)
{
	static struct dsr_endpoint_counts counts[] = {
		{ .connector = "plants", .endpoint = "bed", .left_out = 1 },
		{ .connector = "stones", .endpoint = "plant", .left_out = 1 },
	};
	struct erasing e = { .connector = gardens, .counts = counts,
		.count_count = 2 };

	(void)state;
	erasing_expect("others' beds would go along", &e, documents, COUNT,
	    "1 plant p1 planned -\n"
	    "2 plant p2 planned -\n"
	    "3 garden g not-attempted others-data\n"
	    "4 bed - not-attempted erase-after with 3\n"
	    "5 list - no-way -\n");
	counts[0].left_out = 0;
	erasing_expect("none were left out, or of another connector", &e, documents,
	    COUNT,
	    "1 plant p1 planned -\n"
	    "2 plant p2 planned -\n"
	    "3 garden g planned -\n"
	    "4 bed - planned - with 3\n"
	    "5 list - no-way -\n");
}

/* ---- odd archives ---------------------------------------------------------- */

#define TWICE "{\"value\":[{\"id\":\"p1\"},{\"id\":\"p1\"}]}"

static void
plans_only_what_it_knows(void **state)
{
	static const struct erasing_document odd[] = {
		{ "garden", "a", "https://evil.example.org/gardens/a", "{}",
		    false },
		{ "garden", "b", AT "/gardens/b/../c", "{}", false },
		{ "garden", "c", AT "/gardens/", "{}", false },
		{ "garden", "d", AT "/gardens/d?x=1", "{}", false },
		{ "garden", "e", AT "/gardens/%2e%2e", "{}", false },
		{ "garden", "f", NULL, "{}", false },
		{ "garden", "g", AT "/gardens/g", "{}", false },
		{ "garden", "g", AT "/gardens/g", "{}", false },
	};
	static const struct erasing_document items[] = {
		{ "plant", NULL, AT "/plants", TWICE, false },
		{ "plant", NULL, AT "/plants", "{\"value\":[{\"id\":null},"
		    "{\"id\":[1]},{\"id\":\"\"},{\"id\":\"..\"},"
		    "{\"id\":\"[redacted: secret]\"},{\"id\":7},7,"
		    "{\"id\":\"a/b\"}]}", false },
		{ "plant", "p9", AT "/plants", "{\"id\":\"p9\"}", true },
		{ "plant", NULL, AT "/plants", "{\"value\":7}", false },
	};
	struct erasing e = { .connector = gardens };

	(void)state;
	erasing_expect("addresses that it did not make", &e, odd, 8,
	    "1 garden a not-attempted address-unknown\n"
	    "2 garden b not-attempted address-unknown\n"
	    "3 garden c not-attempted address-unknown\n"
	    "4 garden d not-attempted address-unknown\n"
	    "5 garden e not-attempted address-unknown\n"
	    "6 garden f not-attempted address-unknown\n"
	    "7 garden g planned -\n");
	erasing_expect("items", &e, items, 4,
	    "1 plant p1 planned -\n"
	    "2 plant - not-attempted address-unknown\n"
	    "3 plant - not-attempted address-unknown\n"
	    "4 plant - not-attempted address-unknown\n"
	    "5 plant .. not-attempted unsafe-value\n"
	    "6 plant [redacted: secret] not-attempted reference-missing\n"
	    "7 plant 7 planned -\n"
	    "8 plant - not-attempted address-unknown\n"
	    "9 plant a/b planned -\n"
	    "10 plant p9 planned -\n");
}

/* The detail of line 1, as the case has it. */
static int
take_detail(void *ctx, const struct dsr_erasure_plan *p, struct dsr_error *e)
{
	char *detail = ctx;

	(void)e;
	if (p->number == 1)
		(void)snprintf(detail, 200, "%s %s", p->outcome,
		    p->detail != NULL ? p->detail : "-");
	return 0;
}

/* What is tried once more is told the same of as before. */
static void
a_line_that_is_reopened_keeps_its_note(void **state)
{
	static const char connector[] = HEAD LIST "," GARDEN("") ","
	    BEDS(", \"erased_with\": \"garden\"") "]}";
	static const struct erasing_document docs[] = {
		{ "garden", "g", AT "/gardens/g", "{\"id\":\"g\"}", false },
		{ "bed", NULL, AT "/gardens/g/beds",
		    "{\"value\":[{\"id\":\"1\"}]}", false },
	};
	static struct dsr_endpoint_counts counts[] = {
		{ .connector = "plants", .endpoint = "bed", .gaps = 1 } };
	static const struct dsr_erasure_result stays = {
		.outcome = "not-attempted", .reason = "erase-after",
		.status = DSR_NONE };
	static const struct {
		const char *outcome, *reason, *detail;
	} rows[] = {
		{ "failed", "http-status",
		    "It takes along something that could not be exported." },
		{ "changed", NULL,
		    "It is not as it was when it was exported." },
		{ "not-attempted", "erase-after", NULL },
	};
	struct erasing e = { .connector = connector, .counts = counts,
		.count_count = 1 };
	struct dsr_buffer out;
	struct dsr_error err;
	char detail[200] = "";

	(void)state;
	erasing_start(&e, docs, 2);
	assert_string_equal(erasing_plan(&e, &out),
	    "1 garden g planned -\n2 bed - planned - with 1\n");
	dsr_buffer_fini(&out);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct dsr_erasure_result r = { .outcome =
			rows[i].outcome, .reason = rows[i].reason,
			.detail = rows[i].detail, .status = DSR_NONE };

		assert_int_equal(dsr_case_erasure_settle(e.x.c.store, 1, &r,
		    &err), 0);
		assert_int_equal(dsr_case_erasure_settle(e.x.c.store, 2,
		    &stays, &err), 0);
		assert_int_equal(erase_reopen(&e.x, &err), 0);
		assert_int_equal(dsr_case_erasure_plans(e.x.c.store, 0, 1,
		    false, take_detail, detail, &err), 0);
		assert_string_equal(detail, "planned It takes along "
		    "something that could not be exported.");
	}
	erasing_stop(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(children_go_before_parents),
		cmocka_unit_test(nothing_waits_for_itself),
		cmocka_unit_test(keeps_what_must_be_kept),
		cmocka_unit_test(does_not_guess_what_has_no_id),
		cmocka_unit_test(keeps_what_one_request_would_delete_with_it),
		cmocka_unit_test(leaves_what_others_have_a_part_in),
		cmocka_unit_test(plans_only_what_it_knows),
		cmocka_unit_test_setup_teardown(
		    a_line_that_is_reopened_keeps_its_note, scratch_enter,
		    scratch_leave),
	};

	return cmocka_run_group_tests_name("erase_plan", tests, NULL, NULL);
}
