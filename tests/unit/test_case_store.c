/* SPDX-License-Identifier: ISC */
/* A case: what is written is read again, in the order of the plan. */
#include "dossier/case_writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../core/case_private.h"
#include "dossier/clock.h"
#include "dossier/text.h"
#include "../support/scratch.h"

static struct dsr_error err;

#define OK(call)                                                              \
	do {                                                                  \
		if ((call) != 0)                                              \
			fail_msg("%s: %s", #call, err.msg);                   \
	} while (0)

static const char *
case_path(void)
{
	static char path[32];
	static int count;

	(void)snprintf(path, sizeof(path), "case-%d", count++);
	return path;
}

static void
add_task(struct dsr_case *c, int64_t endpoint, int64_t parent, uint64_t item,
    const char *id)
{
	uint8_t once[DSR_SHA256_BYTES];
	struct dsr_task task = { .endpoint = endpoint, .parent = parent,
		.item = item, .params = "{}", .once = once };

	dsr_sha256(once, id, strlen(id));
	assert_int_not_equal(dsr_case_task_add(c, &task, &err), -1);
}

struct found {
	int64_t ids[16];
	size_t count;
};

static int
collect_task(void *ctx, const struct dsr_task *task, struct dsr_error *e)
{
	struct found *found = ctx;

	(void)e;
	found->ids[found->count++] = task->id;
	return 0;
}

/* An answer of one document whose content is text. */
static void
answer(struct dsr_case *c, int64_t endpoint, int64_t task, const char *text)
{
	uint8_t digest[DSR_SHA256_BYTES];
	char hex[DSR_SHA256_HEX];
	struct dsr_place place = { .endpoint = endpoint, .task = task };
	struct dsr_header header = { "date", "today: now" };
	struct dsr_attempt attempt = { "2026-01-01T00:00:00Z", "status 429",
		429 };
	struct dsr_tls tls = { NULL, "cipher", "TLSv1.3" };
	struct dsr_exchange exchange = { .method = "GET", .status = 200,
		.started = "2026-01-01T00:00:00.000000000Z", .tls = &tls,
		.response_headers = { &header, 1 }, .attempts = { &attempt, 1 } };
	struct dsr_document document = { .size = strlen(text) };
	struct dsr_redaction redaction = { "a.b", "credential",
		{ true, 3, 4 } };
	int64_t id;

	dsr_sha256(digest, text, strlen(text));
	dsr_hex_encode(hex, digest, sizeof(digest));
	document.sha256 = hex;
	document.redactions.items = &redaction;
	document.redactions.count = 1;
	OK(dsr_case_exchange_add(c, &place, &exchange, &id, &err));
	OK(dsr_case_document_add(c, &place, id, &document, "json", text, NULL,
	    &err));
	OK(dsr_case_task_update(c, task, DSR_TASK_DONE, 0, NULL, &err));
}

static void
plan(struct dsr_case *c, int64_t *list, int64_t *item)
{
	struct dsr_connector_use use = { "plants", "0", "1" };
	char zeros[DSR_SHA256_HEX];
	int64_t connector;

	(void)memset(zeros, '0', sizeof(zeros) - 1);
	zeros[sizeof(zeros) - 1] = '\0';
	use.sha256 = zeros;
	OK(dsr_case_connector_add(c, &use, "{}", 2, &connector, &err));
	OK(dsr_case_endpoint_add(c, connector, 0, "z-list", "content", "/",
	    list, &err));
	OK(dsr_case_endpoint_add(c, connector, 1, "item", "content", "/{x}",
	    item, &err));
	add_task(c, *list, 0, 0, "list");
}

/* Reads all documents: "number path body exchange" lines. */
static void
dump(struct dsr_case *c, char *out, size_t size)
{
	struct dsr_case_documents *d;
	struct dsr_case_document doc;
	size_t len = 0;
	int got;

	OK(dsr_case_documents_new(&d, c, &err));
	while ((got = dsr_case_documents_next(d, &doc, &err)) == 1) {
		assert_non_null(doc.body);
		assert_int_equal(doc.record.redactions.count, 1);
		len += (size_t)snprintf(out + len, size - len,
		    "%s %.*s %d\n", doc.record.path, (int)doc.record.size,
		    (const char *)doc.body, (int)doc.record.exchange);
	}
	assert_int_equal(got, 0);
	dsr_case_documents_free(d);
}

static const char wanted[] =
    "data/documents/plants/item/000000/000000002.json a 2\n"
    "data/documents/plants/item/000000/000000003.json b 3\n"
    "data/documents/plants/item/000000/000000004.json c 4\n"
    "data/documents/plants/z-list/000000/000000001.json list 1\n";

/* Items a b c, named in that order, whatever order they arrive in. */
static void
numbers_follow_the_plan(void **state)
{
	static const char *const arrivals[] = { "abc", "cba", "bca" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct dsr_case *c;
		struct found found = { .count = 0 };
		int64_t list, item, root;
		const char *path = case_path();
		char got[1024] = "";

		OK(dsr_case_create(&c, path, &err));
		OK(dsr_case_begin(c, &err));
		plan(c, &list, &item);
		OK(dsr_case_tasks(c, list, 0, 9, collect_task, &found, &err));
		root = found.ids[0];
		for (const char *s = arrivals[i]; *s != '\0'; s++) {
			char id[2] = { *s, '\0' };

			add_task(c, item, root, (uint64_t)(*s - 'a'), id);
			/* named again, further on: changes nothing */
			add_task(c, item, root, (uint64_t)(*s - 'a') + 10, id);
		}
		/* and named before: it moves */
		add_task(c, item, root, 1, "b");
		answer(c, list, root, "list");
		found.count = 0;
		OK(dsr_case_tasks(c, item, 0, 9, collect_task, &found, &err));
		assert_int_equal(found.count, 3);
		for (size_t k = 0; k < 3; k++) {
			char text[2] = { arrivals[i][k], '\0' };

			answer(c, item, found.ids[k], text);
		}
		OK(dsr_case_commit(c, &err));
		dsr_case_free(c);
		OK(dsr_case_open(&c, path, &err));
		dump(c, got, sizeof(got));
		assert_string_equal(got, wanted);
		dsr_case_free(c);
	}
}

static void
long_ago(struct timespec *now)
{
	now->tv_sec = 1;
	now->tv_nsec = 0;
}

static void
records_come_back(void **state)
{
	struct dsr_case *c, *second;
	struct dsr_case_exchanges *e;
	struct dsr_exchange exchange;
	struct dsr_case_gaps *g;
	struct dsr_gap gap, missing = { .reason = "http-status",
		.status = 403, .name = "/x" };
	struct dsr_counts counts;
	struct dsr_place place = { 0 };
	struct timespec first, again;
	int64_t list, item;
	const char *path = case_path();

	(void)state;
	OK(dsr_case_create(&c, path, &err));
	assert_int_equal(dsr_case_create(&second, path, &err), -1);
	assert_int_equal(err.code, DSR_EFAILED);
	OK(dsr_case_begin(c, &err));
	plan(c, &list, &item);
	answer(c, list, 1, "x");
	place.endpoint = item;
	OK(dsr_case_gap_add(c, &place, 1, &missing, false, NULL, &err));
	add_task(c, item, 1, 0, "never");
	OK(dsr_case_commit(c, &err));
	OK(dsr_case_exchanges_new(&e, c, &err));
	assert_int_equal(dsr_case_exchanges_next(e, &exchange, &err), 1);
	assert_int_equal(exchange.number, 1);
	assert_string_equal(exchange.endpoint, "z-list");
	assert_int_equal(exchange.response_headers.count, 1);
	assert_string_equal(
	    ((struct dsr_header *)exchange.response_headers.items)->value,
	    "today: now");
	assert_int_equal(
	    ((struct dsr_attempt *)exchange.attempts.items)->status, 429);
	assert_string_equal(exchange.tls->cipher, "cipher");
	assert_null(exchange.response_body);
	assert_int_equal(dsr_case_exchanges_next(e, &exchange, &err), 0);
	dsr_case_exchanges_free(e);
	OK(dsr_case_gaps_new(&g, c, &err));
	assert_int_equal(dsr_case_gaps_next(g, &gap, &err), 1);
	assert_int_equal(gap.status, 403);
	assert_int_equal(gap.exchange, 1);
	assert_int_equal(dsr_case_gaps_next(g, &gap, &err), 1);
	assert_string_equal(gap.reason, "not-asked");
	assert_int_equal(dsr_case_gaps_next(g, &gap, &err), 0);
	dsr_case_gaps_free(g);
	OK(dsr_case_counts(c, &counts, &err));
	assert_int_equal(counts.gaps, 2);
	assert_int_equal(counts.documents, 1);
	OK(dsr_case_packing_time(c, &first, &err));
	dsr_clock_set(long_ago);
	OK(dsr_case_packing_time(c, &again, &err));
	dsr_clock_set(NULL);
	assert_int_equal(first.tv_sec, again.tv_sec);
	dsr_case_free(c);
}

static void
a_killed_transaction_leaves_nothing(void **state)
{
	struct dsr_case *c;
	struct dsr_counts counts;
	struct dsr_blob *blob;
	int64_t list, item;
	const char *path = case_path();

	(void)state;
	OK(dsr_case_create(&c, path, &err));
	OK(dsr_case_begin(c, &err));
	plan(c, &list, &item);
	OK(dsr_case_commit(c, &err));
	OK(dsr_case_begin(c, &err));
	answer(c, list, 1, "x");
	OK(dsr_blob_new(&blob, c, &err));
	OK(dsr_blob_write(blob, "much", 4, &err));
	dsr_blob_free(blob);
	dsr_case_free(c); /* as a kill: nothing was committed */
	OK(dsr_case_create(&c, path, &err));
	OK(dsr_case_counts(c, &counts, &err));
	assert_int_equal(counts.documents, 0);
	assert_int_equal(counts.exchanges, 0);
	assert_int_equal(counts.gaps, 1);
	dsr_case_free(c);
}

/* A record may tell of a file that is gone, whose number is given again. */
static void
what_is_being_written_is_not_taken_up(void **state)
{
	struct dsr_case *c;
	struct dsr_blob *first, *second, *other;
	uint64_t number;

	(void)state;
	OK(dsr_case_create(&c, case_path(), &err));
	OK(dsr_blob_new(&first, c, &err));
	OK(dsr_blob_new(&second, c, &err));
	assert_int_equal(
	    dsr_blob_resume(&other, c, dsr_blob_file(first), &err), 0);
	assert_int_equal(
	    dsr_blob_resume(&other, c, dsr_blob_file(second), &err), 0);
	number = dsr_blob_file(first);
	dsr_blob_leave(first);
	dsr_blob_free(first);
	assert_int_equal(dsr_blob_resume(&first, c, number, &err), 1);
	assert_int_equal(dsr_blob_resume(&other, c, number, &err), 0);
	dsr_blob_free(second);
	dsr_blob_free(first);
	dsr_case_free(c);
}

/* What a killed run left is removed, and nothing that is called otherwise. */
static void
removes_its_own_files_alone(void **state)
{
	static const struct {
		const char *name;
		bool stays;
		const char *why;
	} rows[] = {
		{ "000000001", true, "a document's" },
		{ "000000002", false, "of no document" },
		{ "1234567890", false, "the same, with more digits" },
		{ ".000000000", false, "was being written" },
		{ ".000000001", false, "so was this" },
		{ ".1234567890", false, "the same, with more digits" },
		{ "000000002.pdf", true, "somebody's copy" },
		{ ".000000002.swp", true, "an editor's" },
		{ "2", true, "too short" },
		{ "0000000002", true, "too long" },
		{ "+00000002", true, "a sign" },
		{ " 00000002", true, "a space" },
		{ "..000000002", true, "two dots" },
		{ "000000000", true, "older than what a document has" },
		{ "18446744073709551616", true, "no such number" },
		{ "notes", true, "somebody's" },
		{ ".hidden", true, "somebody's" },
	};
	const char *path = case_path();
	char name[80];
	struct dsr_case *c;

	(void)state;
	OK(dsr_case_create(&c, path, &err));
	assert_int_equal(sqlite3_exec(c->db, "INSERT OR REPLACE INTO"
	    " meta(name, value) VALUES('blob', 1)", NULL, NULL, NULL), 0);
	dsr_case_free(c);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s/blobs/%s", path,
		    rows[i].name);
		scratch_write(name, "x", 1, 0600);
	}
	OK(dsr_case_create(&c, path, &err));
	dsr_case_free(c);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s/blobs/%s", path,
		    rows[i].name);
		if ((access(name, F_OK) == 0) != rows[i].stays)
			fail_msg("%s: %s", rows[i].name, rows[i].why);
	}
}

static void
marks_and_values(void **state)
{
	struct dsr_case *c;
	uint8_t mark[DSR_SHA256_BYTES] = { 1 };
	int64_t list, item;

	(void)state;
	OK(dsr_case_create(&c, case_path(), &err));
	OK(dsr_case_begin(c, &err));
	plan(c, &list, &item);
	assert_int_equal(dsr_case_mark(c, 1, mark, &err), 0);
	assert_int_equal(dsr_case_mark(c, 1, mark, &err), 1);
	assert_int_equal(dsr_case_mark(c, 2, mark, &err), 0);
	OK(dsr_case_value_add(c, list, "id", "Ab", &err));
	OK(dsr_case_value_add(c, list, "id", "aB", &err));
	assert_int_equal(dsr_case_value_exists(c, list, "id", "AB", &err), 1);
	assert_int_equal(dsr_case_value_exists(c, list, "id", "x", &err), 0);
	assert_int_equal(dsr_case_value_exists(c, item, "id", "ab", &err), 0);
	OK(dsr_case_commit(c, &err));
	dsr_case_free(c);
}

static void
other_folders_are_no_cases(void **state)
{
	struct dsr_case *c;

	(void)state;
	assert_int_equal(dsr_case_open(&c, "/nonexistent/case", &err), -1);
	assert_int_equal(err.code, DSR_EIO);
	assert_int_equal(dsr_case_open(&c, "/usr", &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
	assert_int_equal(dsr_case_create(&c, "/usr", &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
}

/* What SQLite does until the requests that are still to be asked are known. */
static int
count_steps(unsigned int type, void *ctx, void *statement, void *ignored)
{
	(void)type;
	(void)ignored;
	*(int *)ctx += sqlite3_stmt_status(statement,
	    SQLITE_STMTSTATUS_VM_STEP, 1);
	return 0;
}

#define MANY 2000

static void
looks_for_pending_requests_among_those_alone(void **state)
{
	const struct dsr_connector_use use = { .key = "k", .version = "1",
		.sha256 = "" };
	struct dsr_counts counts;
	struct found found = { .count = 0 };
	struct dsr_case *c;
	const char *path = case_path();
	int64_t connector, endpoint;
	uint64_t pending, all;
	char id[16];
	int steps = 0;

	(void)state;
	OK(dsr_case_create(&c, path, &err));
	OK(dsr_case_begin(c, &err));
	OK(dsr_case_connector_add(c, &use, "", 0, &connector, &err));
	OK(dsr_case_endpoint_add(c, connector, 0, "list", "a", "t", &endpoint,
	    &err));
	for (int64_t i = 1; i <= MANY; i++) {
		(void)snprintf(id, sizeof(id), "%d", (int)i);
		add_task(c, endpoint, 0, 0, id);
		if (i < MANY)
			OK(dsr_case_task_update(c, i, DSR_TASK_DONE, 0, NULL,
			    &err));
	}
	OK(dsr_case_task_update(c, MANY / 2, DSR_TASK_FAILED, 0, NULL, &err));
	OK(dsr_case_commit(c, &err));
	/* as a case that was made before there was an index for it */
	OK(dsr_sql_exec(c->db, "DROP INDEX task_open", &err));
	dsr_case_free(c);
	OK(dsr_case_create(&c, path, &err));

	(void)sqlite3_trace_v2(c->db, SQLITE_TRACE_PROFILE, count_steps,
	    &steps);
	OK(dsr_case_reopen(c, connector, &err));
	OK(dsr_case_pending(c, &all, &err));
	OK(dsr_case_pending_of(c, endpoint, &pending, &err));
	OK(dsr_case_tasks(c, endpoint, 0, 9, collect_task, &found, &err));
	OK(dsr_case_counts(c, &counts, &err));
	(void)sqlite3_trace_v2(c->db, 0, NULL, NULL);
	assert_int_equal(all, 2);
	assert_int_equal(pending, 2);
	assert_int_equal(found.count, 2);
	assert_int_equal(found.ids[1], MANY);
	assert_int_equal(counts.gaps, 1);
	if (steps == 0 || steps > MANY)
		fail_msg("%d steps", steps);
	dsr_case_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_follow_the_plan),
		cmocka_unit_test(records_come_back),
		cmocka_unit_test(a_killed_transaction_leaves_nothing),
		cmocka_unit_test(what_is_being_written_is_not_taken_up),
		cmocka_unit_test(removes_its_own_files_alone),
		cmocka_unit_test(marks_and_values),
		cmocka_unit_test(other_folders_are_no_cases),
		cmocka_unit_test(looks_for_pending_requests_among_those_alone),
	};

	return cmocka_run_group_tests_name("case_store", tests, scratch_enter,
	    scratch_leave);
}
