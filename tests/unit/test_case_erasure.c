/* SPDX-License-Identifier: ISC */
/* The case of an erasure: what is written stands in the lines of the receipt. */
#include "dossier/case_erasure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/scratch.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define FOLDER "data/documents/plants/"

static struct dsr_error err;

#define OK(call)                                                              \
	do {                                                                  \
		if ((call) != 0)                                              \
			fail_msg("%s: %s", #call, err.msg);                   \
	} while (0)

static const struct dsr_export export = { ZEROS, 9,
	"01234567-89ab-4cde-8f01-23456789abcd", ZEROS, "REQ-1" };

static const struct dsr_erasure_plan own = { .method = "DELETE",
	.template = "/plants/{id}", .url = "https://a.example/plants/1",
	.item = "1", .outcome = "planned", .with = DSR_NONE,
	.hold = DSR_NONE, .params = "{\"id\":\"1\"}" };

static const char *
case_path(void)
{
	static char path[32];
	static int count;

	(void)snprintf(path, sizeof(path), "receipt-%d", count++);
	return path;
}

static void
add_document(struct dsr_case *c, uint64_t number, const char *endpoint,
    int document)
{
	char path[128];

	(void)snprintf(path, sizeof(path), FOLDER "%s/000000/%09d.json",
	    endpoint, document);
	OK(dsr_case_erasure_document_add(c, number, path, ZEROS, &err));
}

/* Two plants, each with a deletion, and the list that goes along. */
static void
make_plan(struct dsr_case *c)
{
	struct dsr_connector_use use = { "plants", ZEROS, "1" };
	struct dsr_erasure_plan line = own;
	int64_t connector, list;
	uint64_t number;

	OK(dsr_case_receipt_begin(c, &export, &err));
	OK(dsr_case_begin(c, &err));
	OK(dsr_case_connector_add(c, &use, "{}", 2, &connector, &err));
	OK(dsr_case_endpoint_add(c, connector, 1, "plant", "content",
	    "/plants/{id}", &line.endpoint, &err));
	OK(dsr_case_endpoint_add(c, connector, 0, "all", "content", "/plants",
	    &list, &err));
	for (int i = 1; i <= 2; i++) {
		OK(dsr_case_erasure_add(c, &line, &number, &err));
		assert_int_equal(number, i);
		add_document(c, number, "plant", i + 1);
		line.item = "2";
	}
	line.endpoint = list;
	line.item = line.method = line.template = line.url = NULL;
	line.with = 2;
	OK(dsr_case_erasure_add(c, &line, &number, &err));
	for (int i = 120; i > 0; i--)
		add_document(c, number, "all", i);
	assert_int_equal(dsr_case_receipt_is_planned(c, &err), 0);
	OK(dsr_case_erasure_planned(c, &err));
	OK(dsr_case_custody_add(c, "planned", &err));
	OK(dsr_case_commit(c, &err));
	assert_int_equal(dsr_case_receipt_is_planned(c, &err), 1);
}

static int64_t
ask(struct dsr_case *c, uint64_t number, enum dsr_erasure_role role,
    uint64_t status)
{
	struct dsr_exchange exchange = {
		.method = role == DSR_ERASURE_DELETE ? "DELETE" : "GET",
		.status = status,
		.started = "2026-01-01T00:00:00.000000000Z",
		.ended = status == DSR_NONE ? NULL
		                            : "2026-01-01T00:00:01.000000000Z"
	};
	int64_t id;

	OK(dsr_case_erasure_exchange_add(c, number, role, &exchange, &id,
	    &err));
	return id;
}

static void
settle(struct dsr_case *c, uint64_t number, const char *outcome)
{
	struct dsr_erasure_result result = { .outcome = outcome,
		.status = 204 };

	OK(dsr_case_erasure_settle(c, number, &result, &err));
}

/* All lines, canonical. */
static void
dump(struct dsr_case *c, struct dsr_buffer *out)
{
	struct dsr_case_erasures *e;
	struct dsr_erasure r;
	int got;

	OK(dsr_case_erasures_new(&e, c, &err));
	while ((got = dsr_case_erasures_next(e, &r, &err)) == 1)
		OK(dsr_record_write_line(&dsr_erasure_type, &r, out, &err));
	OK(got);
	dsr_case_erasures_free(e);
}

static void
has(const struct dsr_buffer *out, const char *text)
{
	if (strstr(dsr_buffer_str(out), text) == NULL)
		fail_msg("no %s in %s", text, dsr_buffer_str(out));
}

static void
lines_come_back(void **state)
{
	struct dsr_erasure_summary *sum;
	struct dsr_arena *arena;
	struct dsr_buffer out;
	struct dsr_counts counts;
	struct dsr_case *c;

	(void)state;
	OK(dsr_case_create(&c, case_path(), &err));
	make_plan(c);
	OK(dsr_case_receipt_execute(c, &err));
	/* the second plant first: numbers follow the plan all the same */
	OK(dsr_case_begin(c, &err));
	(void)ask(c, 2, DSR_ERASURE_VERIFY, 404);
	(void)ask(c, 2, DSR_ERASURE_READ, 200);
	(void)ask(c, 2, DSR_ERASURE_DELETE, 202);
	(void)ask(c, 2, DSR_ERASURE_POLL, 200);
	(void)ask(c, 2, DSR_ERASURE_POLL, 200);
	settle(c, 2, "erased");
	settle(c, 3, "taken-along");
	(void)ask(c, 1, DSR_ERASURE_READ, 200);
	(void)ask(c, 1, DSR_ERASURE_DELETE, DSR_NONE);
	OK(dsr_case_commit(c, &err));

	dsr_buffer_init(&out, 1 << 20);
	dump(c, &out);
	has(&out, "\"delete\":[2,1],\"detail\":\"The program ended");
	has(&out, "\"number\":1,\"outcome\":\"failed\",\"poll\":null,"
	          "\"read\":[1,1],\"reason\":\"interrupted\"");
	has(&out, "\"delete\":[4,1],\"detail\":null,\"document_count\":1,");
	has(&out, "\"outcome\":\"erased\",\"poll\":[5,2],\"read\":[3,1],"
	          "\"reason\":null,\"started\":\"2026-01-01T00:00:00.000000000Z"
	          "\",\"status\":204");
	has(&out, "\"verify\":[7,1],\"with\":null}");
	has(&out, "\"document_count\":120,\"documents\":[{\"path\":\"" FOLDER
	          "all/000000/000000001.json\"");
	has(&out, FOLDER "all/000000/000000100.json\",\"sha256\":\"" ZEROS
	          "\"}]");
	has(&out, "\"with\":2}");
	assert_null(strstr(dsr_buffer_str(&out), "000000101.json"));
	assert_null(strstr(dsr_buffer_str(&out), "params"));
	dsr_buffer_fini(&out);

	OK(dsr_arena_new(&arena, &err));
	OK(dsr_case_erasure_summary(c, arena, &sum, &err));
	assert_true(sum->executed);
	assert_string_equal(sum->export->request, "REQ-1");
	assert_int_equal(sum->outcomes->erased, 1);
	assert_int_equal(sum->outcomes->failed, 1);
	assert_int_equal(sum->outcomes->taken_along, 1);
	assert_int_equal(sum->outcomes->planned, 0);
	dsr_arena_free(arena);
	OK(dsr_case_counts(c, &counts, &err));
	assert_int_equal(counts.exchanges, 7);
	assert_int_equal(counts.gaps, 1);
	dsr_case_free(c);
}

static int
count_open(void *ctx, const struct dsr_erasure_plan *p, struct dsr_error *e)
{
	int *count = ctx;

	(void)e;
	(*count)++;
	assert_string_equal(p->outcome, "planned");
	if (p->number == 1)
		assert_string_equal(p->params, own.params);
	return 0;
}

/* A deletion is on the disk before it is sent; the next run finds it. */
static void
a_killed_run_is_found(void **state)
{
	const char *path = case_path();
	struct dsr_exchange answer = { .method = "DELETE", .status = 204,
		.started = "2026-01-01T00:00:00.000000000Z" };
	struct dsr_counts counts;
	struct dsr_case *c;
	uint64_t status;
	int64_t id, found;
	int open = 0;

	(void)state;
	OK(dsr_case_create(&c, path, &err));
	make_plan(c);
	OK(dsr_case_receipt_execute(c, &err));
	OK(dsr_case_begin(c, &err));
	id = ask(c, 1, DSR_ERASURE_DELETE, DSR_NONE);
	OK(dsr_case_commit(c, &err));
	dsr_case_free(c);

	OK(dsr_case_create(&c, path, &err));
	assert_true(dsr_case_is_receipt(c));
	assert_int_equal(dsr_case_receipt_is_planned(c, &err), 1);
	assert_int_equal(dsr_case_receipt_is_executed(c, &err), 1);
	OK(dsr_case_erasure_plans(c, 0, 10, true, count_open, &open, &err));
	assert_int_equal(open, 3);
	assert_int_equal(dsr_case_erasure_last(c, 1, DSR_ERASURE_READ, &found,
	    &status, &err), 0);
	assert_int_equal(dsr_case_erasure_last(c, 1, DSR_ERASURE_DELETE,
	    &found, &status, &err), 1);
	assert_int_equal(found, id);
	assert_int_equal(status, DSR_NONE);
	OK(dsr_case_begin(c, &err));
	OK(dsr_case_erasure_exchange_replace(c, 1, DSR_ERASURE_DELETE, id,
	    &answer, &err));
	OK(dsr_case_commit(c, &err));
	assert_int_equal(dsr_case_erasure_last(c, 1, DSR_ERASURE_DELETE,
	    &found, &status, &err), 1);
	assert_int_equal(found, id);
	assert_int_equal(status, 204);
	OK(dsr_case_counts(c, &counts, &err));
	assert_int_equal(counts.exchanges, 1);
	dsr_case_free(c);
}

/* One gap for each line that is not gone, before all others. */
static void
what_is_left_is_a_gap(void **state)
{
	static const char *const reasons[] = { "refused", "planned",
		"not-exported" };
	struct dsr_place place = { .endpoint = 1 };
	struct dsr_gap other = { .reason = "not-exported",
		.status = DSR_NONE }, gap;
	struct dsr_case_gaps *g;
	struct dsr_case *c;
	size_t i;

	(void)state;
	OK(dsr_case_create(&c, case_path(), &err));
	make_plan(c);
	OK(dsr_case_begin(c, &err));
	OK(dsr_case_gap_add(c, &place, 0, &other, false, NULL, &err));
	(void)ask(c, 1, DSR_ERASURE_READ, 200);
	(void)ask(c, 1, DSR_ERASURE_DELETE, 403);
	settle(c, 1, "refused");
	settle(c, 2, "absent");
	OK(dsr_case_commit(c, &err));
	OK(dsr_case_gaps_new(&g, c, &err));
	for (i = 0; i < 3; i++) {
		assert_int_equal(dsr_case_gaps_next(g, &gap, &err), 1);
		assert_string_equal(gap.reason, reasons[i]);
		assert_string_equal(gap.endpoint, i == 1 ? "all" : "plant");
		assert_int_equal(gap.exchange, i == 0 ? 2 : DSR_NONE);
	}
	assert_int_equal(dsr_case_gaps_next(g, &gap, &err), 0);
	dsr_case_gaps_free(g);
	dsr_case_free(c);
}

static void
cases_are_not_mixed(void **state)
{
	struct dsr_connector_use use = { "plants", ZEROS, "1" };
	struct dsr_export other = export;
	struct dsr_erasure_result nonsense = { .outcome = "lost" };
	struct dsr_case *c;
	int64_t id;

	(void)state;
	OK(dsr_case_create(&c, case_path(), &err));
	make_plan(c);
	OK(dsr_case_receipt_begin(c, &export, &err));
	other.id = "11234567-89ab-4cde-8f01-23456789abcd";
	assert_int_equal(dsr_case_receipt_begin(c, &other, &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
	assert_int_equal(dsr_case_erasure_settle(c, 1, &nonsense, &err), -1);
	dsr_case_free(c);

	OK(dsr_case_create(&c, case_path(), &err));
	OK(dsr_case_connector_add(c, &use, "{}", 2, &id, &err));
	assert_false(dsr_case_is_receipt(c));
	assert_int_equal(dsr_case_receipt_begin(c, &export, &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
	dsr_case_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_back),
		cmocka_unit_test(a_killed_run_is_found),
		cmocka_unit_test(what_is_left_is_a_gap),
		cmocka_unit_test(cases_are_not_mixed),
	};

	return cmocka_run_group_tests_name("case_erasure", tests, scratch_enter,
	    scratch_leave);
}
