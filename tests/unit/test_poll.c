/* SPDX-License-Identifier: ISC */
/* Memory that runs out says nothing of what a service answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../collector/collection.h"
#include "../../collector/path.h"
#include "../support/faults.h"

#define PLENTY 1000 /* more than a small answer asks for memory */

static const char *const keys[] = { "at" };
static const struct path at = { keys, 1, "at" };
static const struct async async = { .protocol = ASYNC_BODY,
	.status_path = &at, .url_path = &at, .interval_s = 1, .timeout_s = 1 };
static const struct request request = { .async = &async };
static const char *no_host = NULL;

/* What fn makes of the body when so many calls for memory are answered. */
static int
ask(int (*fn)(struct job *, const char **, struct dsr_error *),
    const char *body, int calls, bool *refused, struct dsr_error *err)
{
	struct collection c = { .hosts = &no_host };
	struct job j = { .c = &c, .request = &request,
		.poll_protocol = ASYNC_BODY };
	const char *reason;
	int result;

	assert_int_equal(fetch_init(&j.fetch, err), 0);
	j.fetch.url = "https://example.net/";
	j.fetch.status = 200;
	assert_int_equal(dsr_buffer_puts(&j.fetch.content, body, err), 0);
	(void)fail_allocation_after(calls);
	result = fn(&j, &reason, err);
	*refused = allocation_has_failed();
	(void)fail_allocation_after(-1);
	fetch_fini(&j.fetch);
	return result;
}

/* Each call in turn is refused: -1, never another answer. */
static void
expect(int (*fn)(struct job *, const char **, struct dsr_error *),
    const char *body, int wanted)
{
	struct dsr_error err;
	bool refused;
	int calls, result;

	if (!fail_allocation_after(-1))
		skip();
	for (calls = 0; calls < PLENTY; calls++) {
		result = ask(fn, body, calls, &refused, &err);
		if (!refused)
			break;
		if (result != -1 || err.code != DSR_ENOMEM)
			fail_msg("%s, after %d calls: %d", body, calls,
			    result);
	}
	assert_true(calls > 0 && calls < PLENTY);
	assert_int_equal(result, wanted);
}

static void
says_how_it_stands(void **state)
{
	(void)state;
	expect(poll_answer, "{\"at\":\"Succeeded\"}", POLL_DONE);
	expect(poll_answer, "{\"at\":\"Failed\"}", POLL_FAILED);
}

/* No address that may be asked: the operation failed, which is no failure. */
static void
says_where_to_ask(void **state)
{
	(void)state;
	expect(poll_begin, "{\"at\":\"http://example.net/\"}", 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_how_it_stands),
		cmocka_unit_test(says_where_to_ask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
