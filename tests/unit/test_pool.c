/* SPDX-License-Identifier: ISC */
/* Work comes back in the order in which it was handed in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "dossier/pool.h"

struct job {
	unsigned int number;
	unsigned int square;
};

static void
square(void *job, void *worker)
{
	struct job *j = job;

	(void)worker;
	if (j->number % 7 == 0)
		(void)usleep(500); /* let the others overtake it */
	j->square = j->number * j->number;
}

static void
run_pool(unsigned int threads, size_t slots)
{
	struct job jobs[500], *done;
	struct dsr_pool *p = NULL;
	struct dsr_error err;
	unsigned int next = 0, back = 0;

	assert_int_equal(dsr_pool_new(&p, threads, slots, square, NULL, &err),
	    0);
	while (back < 500) {
		if (next < 500 && dsr_pool_has_room(p)) {
			jobs[next].number = next;
			dsr_pool_submit(p, &jobs[next++]);
			continue;
		}
		done = dsr_pool_collect(p);
		assert_non_null(done);
		assert_int_equal(done->number, back);
		assert_int_equal(done->square, back * back);
		back++;
	}
	assert_null(dsr_pool_collect(p));
	dsr_pool_free(p);
}

static void
test_order(void **state)
{
	(void)state;
	run_pool(1, 1);
	run_pool(1, 4);
	run_pool(2, 1);
	run_pool(2, 6);
	run_pool(8, 18);
}

static void
test_free_with_work(void **state)
{
	struct job jobs[8];
	struct dsr_pool *p = NULL;
	struct dsr_error err;
	unsigned int i;

	(void)state;
	assert_int_equal(dsr_pool_new(&p, 3, 8, square, NULL, &err), 0);
	for (i = 0; i < 8; i++) {
		jobs[i].number = i * 7;
		dsr_pool_submit(p, &jobs[i]);
	}
	dsr_pool_free(p);
	for (i = 0; i < 8; i++)
		assert_int_equal(jobs[i].square, 49 * i * i);
}

static void
test_slots(void **state)
{
	(void)state;
	assert_int_equal(dsr_pool_slots(1, 2, 24), 4);
	assert_int_equal(dsr_pool_slots(11, 2, 24), 24);
	assert_int_equal(dsr_pool_slots(2, 4, 24), 10);
	assert_int_equal(dsr_pool_slots(64, 4, 24), 24);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_free_with_work),
		cmocka_unit_test(test_slots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
