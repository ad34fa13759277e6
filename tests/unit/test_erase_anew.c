/* SPDX-License-Identifier: ISC */
/*
 * A plan that was made before, and what somebody may have made of it in the
 * case: nothing that stays is lost, and nothing is gone that cannot be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../collector/sibling.h"
#include "../../core/case_private.h"
#include "../support/erasing.h"
#include "../support/plants.h"
#include "../support/scratch.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static struct dsr_error err;

/* What SQL makes of a plan, and whether the erasure then goes on. */
struct change {
	const char *sql;
	bool goes_on;
	const char *why;
};

/* 0 or -1, and e is still open. */
static int
compare_changed(struct erasing *e, const struct erasing_document *docs,
    size_t count, const char *plan, const char *sql)
{
	struct dsr_buffer out;

	erasing_start(e, docs, count);
	assert_string_equal(erasing_plan(e, &out), plan);
	dsr_buffer_fini(&out);
	assert_int_equal(private_folder_new(&e->x.exported.folder, &err), 0);
	if (sqlite3_exec(e->x.c.store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(e->x.c.store->db));
	return erase_compare_plans(&e->x, &err);
}

static void
try_changes(struct erasing *e, const struct erasing_document *docs,
    size_t count, const char *plan, const struct change *rows, size_t changes)
{
	for (size_t i = 0; i < changes; i++) {
		void *state = NULL;
		int result;

		assert_int_equal(scratch_enter(&state), 0);
		result = compare_changed(e, docs, count, plan, rows[i].sql);
		if ((result == 0) != rows[i].goes_on)
			fail_msg("%s: %s", rows[i].why,
			    result == 0 ? "it goes on" : err.msg);
		if (result != 0)
			assert_int_equal(err.code, DSR_EINPUT);
		erasing_stop(e);
		assert_int_equal(scratch_leave(&state), 0);
	}
}

#define IS(outcome, line)                                                     \
	"UPDATE erasure SET outcome = '" outcome "', reason = NULL"           \
	" WHERE number = " line ";"
#define WITHOUT(line)                                                         \
	"DELETE FROM erasure_document WHERE erasure = " line ";"              \
	"DELETE FROM erasure WHERE number = " line ";"

/* A garden waits for what cannot be deleted: that must not be lost. */
static void
sees_changes_of_what_stays(void **state)
{
	static const struct erasing_document docs[] = {
		{ "list", NULL, AT "/gardens", "{\"value\":[{\"id\":\"a\"}]}",
		    false },
		{ "garden", "a", AT "/gardens/a", "{\"id\":\"a\"}", false },
		{ "bed", NULL, AT "/gardens/a/beds", "{\"value\":[{\"id\":\"1\"}]}",
		    false },
		{ "plant", NULL, AT "/plants",
		    "{\"value\":[{\"id\":\"1\"},{},{\"x\":1}]}", false },
	};
	static const char plan[] = "1 plant 1 planned -\n"
	    "2 plant - not-attempted address-unknown\n"
	    "3 plant - not-attempted address-unknown\n"
	    "4 garden a not-attempted erase-after\n"
	    "5 bed - not-attempted erase-after with 4\n"
	    "6 list - no-way -\n";
	static const struct change rows[] = {
		{ "", true, "nothing was changed" },
		{ IS("erased", "1"), true, "a run before deleted it" },
		{ IS("refused", "1"), true, "the service refused it" },
		{ WITHOUT("2"), false, "a line is not there any more" },
		{ WITHOUT("2") WITHOUT("3"), false, "both like it are not" },
		{ WITHOUT("6"), false, "the last is not" },
		{ IS("absent", "2"), false, "it is said to be gone" },
		{ IS("manual-done", "2"), false, "by hand" },
		{ IS("erased", "2"), false, "by a request that it has not" },
		{ IS("taken-along", "2"), false, "with nothing" },
		{ IS("planned", "2"), false, "it is to go" },
		{ IS("anything", "2"), false, "no word" },
		{ IS("manual-done", "1"), false, "what has a deletion, by hand" },
		{ IS("absent", "6"), false, "what there is no way for" },
		{ IS("taken-along", "5"), true, "it went along" },
		{ IS("absent", "5"), false, "it was gone by itself" },
		{ "UPDATE erasure SET taken_with = 1 WHERE number = 2", false,
		    "it goes along with something" },
		{ "UPDATE erasure SET taken_with = 4 WHERE number = 1", false,
		    "so does what has a deletion" },
		{ "UPDATE erasure SET taken_with = NULL WHERE number = 5", false,
		    "it does not go along any more" },
		{ "UPDATE erasure SET item = 'x' WHERE number = 2", false,
		    "it is called otherwise" },
		{ "UPDATE erasure SET step = 'x' WHERE number = 6", false,
		    "somebody is to do something" },
		{ "UPDATE erasure_document SET sha256 = printf('%064d', 7)"
		    " WHERE erasure = 2", false, "another document" },
		{ "DELETE FROM erasure_document WHERE erasure = 2", false,
		    "no document" },
		{ "UPDATE erasure SET number = 9 WHERE number = 5;"
		    "UPDATE erasure_document SET erasure = 9 WHERE erasure = 5",
		    false, "it stands behind another line" },
		{ "INSERT INTO erasure SELECT 7, endpoint, taken_with, method,"
		    " template, url, item, step, hold, outcome, reason, status,"
		    " by, done, detail, params FROM erasure WHERE number = 2;"
		    "INSERT INTO erasure_document SELECT 7, path, sha256"
		    " FROM erasure_document WHERE erasure = 2", false,
		    "one more of two that are the same" },
	};
	struct erasing e = { .connector = HEAD LIST ","
		GARDEN(", \"erase_after\": [\"plant\"]") ","
		BEDS(", \"erased_with\": \"garden\"") "," PLANT("") "]}" };

	(void)state;
	try_changes(&e, docs, COUNT(docs), plan, rows, COUNT(rows));
}

#define STEPS                                                                 \
	", \"by_hand\": [{\"step\": {\"en\": \"Burn it\","                      \
	" \"nl\": \"Verbrand het\"}}]"

/* What people are told to do is not somebody else's word. */
static void
sees_changes_of_steps_by_hand(void **state)
{
	static const struct erasing_document docs[] = {
		{ "list", NULL, AT "/gardens", "{\"value\":[{\"id\":\"a\"}]}",
		    false },
	};
	static const struct change rows[] = {
		{ "", true, "nothing was changed" },
		{ IS("manual-done", "1"), true, "it was done" },
		{ IS("absent", "1"), false, "it was gone" },
		{ IS("erased", "1"), false, "it was deleted" },
		{ "UPDATE erasure SET step = 'Verbrand het'", true,
		    "the plan was made in another language" },
		{ "UPDATE erasure SET step = 'Burn all'", false,
		    "another step" },
		{ "UPDATE erasure SET step = NULL", false, "no step" },
	};
	struct erasing e = { .connector = HEAD ENDPOINT("list",
		READ("/gardens", ", \"data_path\": \"value\""), STEPS) "]}" };

	(void)state;
	try_changes(&e, docs, COUNT(docs), "1 list - manual -\n", rows,
	    COUNT(rows));
}

/* What must be kept may have gone before that was said: it frees no way. */
static void
does_not_believe_that_what_is_kept_is_gone(void **state)
{
	static const struct erasing_document docs[] = {
		{ "plant", NULL, AT "/plants",
		    "{\"value\":[{\"id\":\"1\"},{\"id\":\"2\"}]}", false },
	};
	struct erasing e = { .connector = HEAD PLANT("") "]}", .request =
		"{\"format\": \"dossier-request/1\", \"request\": \"R\","
		" \"articles\": [\"17\"], \"received\": \"2026-01-31\","
		" \"controller\": {\"name\": \"C\"}, \"legal_hold\":"
		" [{\"items\": [\"2\"], \"connector\": \"plants\","
		" \"endpoint\": \"plant\", \"reason\": \"A case\"}]}" };
	void *folder = NULL;

	(void)state;
	assert_int_equal(scratch_enter(&folder), 0);
	if (compare_changed(&e, docs, COUNT(docs), "1 plant 1 planned -\n"
	        "2 plant 2 held legal-hold hold 1\n",
	        IS("erased", "1") IS("erased", "2")) != 0)
		fail_msg("%s", err.msg);
	assert_int_equal(e.x.tallies[0].unproven, 1);
	erasing_stop(&e);
	assert_int_equal(scratch_leave(&folder), 0);
}

/* The other word about what names nobody makes other lines. */
static void
takes_up_a_plan_made_with_the_other_flag(void **state)
{
	static const struct erasing_document docs[] = {
		{ "list", NULL, AT "/gardens", "{\"value\":[{\"id\":\"a\"}]}",
		    false },
		{ "garden", "a", AT "/gardens/a", "{\"id\":\"a\"}", false },
		{ "bed", NULL, AT "/gardens/a/beds",
		    "{\"value\":[{\"id\":\"1\",\"by\":\"an\"}]}", false },
		{ "bed", NULL, AT "/gardens/b/beds",
		    "{\"value\":[{\"id\":\"2\",\"by\":\"an\"}]}", false },
	};
	static const char plan[] = "1 garden a not-attempted names-nobody\n"
	    "2 bed - manual -\n"
	    "3 bed - manual -\n"
	    "4 list - no-way -\n";
	struct erasing e = { .connector = HEAD LIST ","
		GARDEN(", \"subject_match\": [{\"path\": \"by\","
		    " \"identity\": \"who\", \"or_absent\": true}]") ","
		BEDS(", \"erased_with\": \"garden\", \"subject_match\":"
		    " [{\"path\": \"by\", \"identity\": \"who\"}]" STEPS) "]}",
		.identities = (const char *const[]){ "who=an", NULL } };
	void *folder = NULL;

	(void)state;
	for (int changed = 0; changed < 2; changed++) {
		struct dsr_buffer out;

		assert_int_equal(scratch_enter(&folder), 0);
		erasing_start(&e, docs, COUNT(docs));
		assert_string_equal(erasing_plan(&e, &out), plan);
		dsr_buffer_fini(&out);
		assert_int_equal(
		    private_folder_new(&e.x.exported.folder, &err), 0);
		e.x.even_if_unnamed = true;
		if (changed == 1)
			assert_int_equal(sqlite3_exec(e.x.c.store->db,
			    WITHOUT("3"), NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(erase_compare_plans(&e.x, &err), -changed);
		assert_true(e.x.even_if_unnamed);
		erasing_stop(&e);
		assert_int_equal(scratch_leave(&folder), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sees_changes_of_what_stays),
		cmocka_unit_test(sees_changes_of_steps_by_hand),
		cmocka_unit_test(does_not_believe_that_what_is_kept_is_gone),
		cmocka_unit_test(takes_up_a_plan_made_with_the_other_flag),
	};

	return cmocka_run_group_tests_name("erase_anew", tests, NULL, NULL);
}
